//! Known failures: cases that an implementation is known to fail, each with its reason.
//!
//! They do not fail a run, so that a new failure is seen at once. One that passes again does, so that the
//! list stays true.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use globset::{Glob, GlobMatcher};
use serde::Deserialize;

/// The entries of a file of known failures.
#[derive(Debug, Default)]
pub struct Known(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    line: Line,
    glob: GlobMatcher,
    /// Cases of the selection that it matches, those of them that were judged, and those that fail.
    matched: AtomicUsize,
    judged: AtomicUsize,
    failed: AtomicUsize,
}

/// An entry as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// An id, or a glob over ids.
    id: String,
    /// Why it fails.
    reason: String,
    /// Where more is said.
    #[serde(default)]
    #[allow(dead_code, reason = "for readers of the file")]
    link: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    known: Vec<Line>,
}

/// Why a file of known failures cannot be read; in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownError(String);

impl fmt::Display for KnownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = r#"{"known": [{"id": "tok-08/*", "reason": "…"}]}"#;
        write!(f, "this is no file of known failures: {}; write {form}", self.0)
    }
}

impl std::error::Error for KnownError {}

impl Known {
    /// Reads `{"known": [{"id", "reason", "link"?}]}`.
    ///
    /// # Errors
    ///
    /// When it is no such JSON, an id is no glob, or a reason is missing.
    ///
    /// ```
    /// use conformance::known::Known;
    /// let known = Known::parse(br#"{"known": [{"id": "doc-04/*", "reason": "no way to see them"}]}"#)?;
    /// assert_eq!(known.reason("doc-04/tokens", Some(true)), Some("no way to see them"));
    /// assert_eq!(known.reason("doc-05/tokens", Some(true)), None);
    /// assert!(Known::parse(br#"{"known": [{"id": "doc-04/*", "reason": ""}]}"#).is_err());
    /// # Ok::<(), conformance::known::KnownError>(())
    /// ```
    pub fn parse(json: &[u8]) -> Result<Self, KnownError> {
        let file: File =
            serde_json::from_slice(json).map_err(|error| KnownError(error.to_string()))?;
        let entry = |line: Line| {
            if line.reason.trim().is_empty() {
                return Err(KnownError(format!("`{}` has no reason", line.id)));
            }
            let glob = Glob::new(&line.id).map_err(|error| KnownError(error.to_string()))?;
            let glob = glob.compile_matcher();
            let [matched, judged, failed] = [0; 3].map(AtomicUsize::new);
            Ok(Entry { line, glob, matched, judged, failed })
        };
        file.known.into_iter().map(entry).collect::<Result<_, _>>().map(Known)
    }

    /// The reason why a case fails, if it is known; counts the case for [`Known::stale`]. `fails` is
    /// none for a case that was not judged.
    pub fn reason(&self, id: &str, fails: Option<bool>) -> Option<&str> {
        let mut reason = None;
        for entry in self.0.iter().filter(|entry| entry.glob.is_match(id)) {
            entry.matched.fetch_add(1, Ordering::Relaxed);
            entry.judged.fetch_add(usize::from(fails.is_some()), Ordering::Relaxed);
            entry.failed.fetch_add(usize::from(fails == Some(true)), Ordering::Relaxed);
            reason = reason.or(Some(entry.line.reason.as_str()));
        }
        reason.filter(|_| fails == Some(true))
    }

    /// Whether a failure of a case would be known.
    pub fn covers(&self, id: &str) -> bool {
        self.0.iter().any(|entry| entry.glob.is_match(id))
    }

    /// Counts a failure for whatever knows it; whether anything does.
    pub fn meets(&self, id: &str) -> bool {
        self.reason(id, Some(true)).is_some()
    }

    /// The entries that knew no failure.
    ///
    /// ```
    /// use conformance::known::Known;
    /// let known = Known::parse(br#"{"known": [{"id": "a/*", "reason": "x"}, {"id": "b/*", "reason": "x"}]}"#)?;
    /// assert!(known.meets("a/load") && !known.meets("c/load"));
    /// assert_eq!(known.unmet(), ["b/*"]);
    /// # Ok::<(), conformance::known::KnownError>(())
    /// ```
    pub fn unmet(&self) -> Vec<&str> {
        let unmet = self.0.iter().filter(|entry| entry.failed.load(Ordering::Relaxed) == 0);
        unmet.map(|entry| entry.line.id.as_str()).collect()
    }

    /// Entries that are true no more, in words: they fail the run. Of cases that were not judged nothing
    /// is known.
    pub fn stale(&self) -> Vec<String> {
        let stale = |entry: &Entry| {
            let id = &entry.line.id;
            let [matched, judged, failed] = [&entry.matched, &entry.judged, &entry.failed]
                .map(|count| count.load(Ordering::Relaxed));
            match (matched, judged, failed) {
                (0, _, _) => Some(format!("`{id}` matches no case of this run")),
                (_, 1.., 0) => Some(format!("`{id}` no longer fails: take it out")),
                _ => None,
            }
        };
        self.0.iter().filter_map(stale).collect()
    }
}
