//! The embedded vectors, and which of them to run.
//!
//! ```
//! use conformance::suite::{self, Selection};
//!
//! let files = suite::load()?;
//! // Ids, globs over ids, or rules; and of those every fourth.
//! let filter = Selection::filter(&["perm-03/*".to_owned(), "DB-01".to_owned()])?;
//! let all = Selection { filter: filter.clone(), partition: None }.of(&files);
//! let some = Selection { filter, partition: Some("slice:1/4".parse()?) }.of(&files);
//! assert!(0 < some.len() && some.len() < all.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt;
use std::str::FromStr;

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::vector::{Case, EMBEDDED, File};

/// Why the vectors cannot be read: which file, and what is wrong there.
#[derive(Debug)]
pub struct SuiteError {
    file: String,
    error: serde_json::Error,
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no file of vectors: {}", self.file, self.error)
    }
}

impl std::error::Error for SuiteError {}

/// The texts of the embedded files of vectors, by name.
pub fn texts() -> impl Iterator<Item = (String, &'static str)> {
    let files = EMBEDDED.files().filter(|file| file.path().extension() == Some("json".as_ref()));
    let mut texts: Vec<_> = files
        .filter_map(|file| Some((file.path().to_str()?.to_owned(), file.contents_utf8()?)))
        .filter(|(name, _)| !name.starts_with('_'))
        .collect();
    texts.sort();
    texts.into_iter()
}

/// All embedded vectors.
///
/// # Errors
///
/// When a file was broken before it was built in.
///
/// ```
/// let files = conformance::suite::load()?;
/// assert!(files.iter().all(|file| file.count == file.cases.len()));
/// # Ok::<(), conformance::suite::SuiteError>(())
/// ```
pub fn load() -> Result<Vec<File>, SuiteError> {
    texts().map(|(file, text)| parse(&file, text)).collect()
}

pub(crate) fn parse(file: &str, text: &str) -> Result<File, SuiteError> {
    serde_json::from_str(text).map_err(|error| SuiteError { file: file.to_owned(), error })
}

/// Which cases to run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Globs over ids, of which one has to match; none for all.
    pub filter: Option<GlobSet>,
    /// The part of the cases to run.
    pub partition: Option<Partition>,
}

impl Selection {
    /// Ids, globs over ids, or rules such as `PERM-03`.
    ///
    /// # Errors
    ///
    /// When one is no glob.
    pub fn filter(globs: &[String]) -> Result<Option<GlobSet>, globset::Error> {
        if globs.is_empty() {
            return Ok(None);
        }
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(Glob::new(glob)?);
        }
        set.build().map(Some)
    }

    /// The cases of these files that are selected.
    pub fn of<'f>(&self, files: &'f [File]) -> Vec<&'f Case> {
        let matches = |case: &&Case| {
            self.filter.as_ref().is_none_or(|filter| {
                filter.is_match(&case.id) || case.rule.iter().any(|rule| filter.is_match(rule))
            })
        };
        let cases = files.iter().flat_map(|file| &file.cases).filter(matches);
        let partition = self.partition.unwrap_or(Partition { part: 1, of: 1 });
        let is_in = |at: usize| at % partition.of == partition.part - 1;
        cases.enumerate().filter(|(at, _)| is_in(*at)).map(|(_, case)| case).collect()
    }
}

/// One of several parts of the same size: `slice:2/4` is every fourth case, from the second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    part: usize,
    of: usize,
}

/// Why a partition cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionError;

impl fmt::Display for PartitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a partition as slice:M/N, with M from 1 to N")
    }
}

impl std::error::Error for PartitionError {}

impl FromStr for Partition {
    type Err = PartitionError;

    fn from_str(text: &str) -> Result<Self, PartitionError> {
        let numbers = text.strip_prefix("slice:").and_then(|numbers| numbers.split_once('/'));
        let (part, of) = numbers.ok_or(PartitionError)?;
        match (part.parse(), of.parse()) {
            (Ok(part), Ok(of)) if 0 < part && part <= of => Ok(Partition { part, of }),
            _ => Err(PartitionError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_part_the_cases() {
        let files = load().expect("vectors");
        let all = Selection::default().of(&files).len();
        let part = |text: &str| {
            let partition = Some(text.parse().expect("a partition"));
            Selection { filter: None, partition }.of(&files).len()
        };
        assert_eq!(part("slice:1/3") + part("slice:2/3") + part("slice:3/3"), all);
        assert_eq!(part("slice:1/1"), all);
        for text in ["slice:0/3", "slice:4/3", "slice:1/0", "1/3", "slice:a/b", ""] {
            assert_eq!(text.parse::<Partition>(), Err(PartitionError), "{text}");
        }
    }
}
