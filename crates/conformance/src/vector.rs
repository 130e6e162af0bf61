//! Vectors: cases that decide a rule, with what is expected of every implementation.
//!
//! They are plain JSON, in files by rule, so that other suites can take them. `_schema.json` beside them
//! describes the form.
//!
//! ```
//! use conformance::vector::{Case, Expect};
//!
//! let case: Case = serde_json::from_str(
//!     r#"{
//!         "id": "perm-03/all-and-a",
//!         "rule": ["PERM-03"],
//!         "level": "must",
//!         "description": "`*` beside a name",
//!         "source": "documentation",
//!         "op": "permission",
//!         "request": {"text": "db:*,a:read"},
//!         "expect": {"outcome": "reject", "layer": "grammar", "code": "permission-mixed-wildcard"}
//!     }"#,
//! )?;
//! let Expect::Reject(refusal) = &case.expect else { panic!("it is refused") };
//! assert_eq!(refusal.code, "permission-mixed-wildcard");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::protocol::{Op, Request};

/// The vectors that this suite was built with, as they are exported.
pub static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/vectors");

/// A file of cases, about a rule or a small family of rules.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The version of this format, 1.
    pub version: u64,
    /// The part of the ids before the slash, and the name of the file.
    pub family: String,
    /// What it is about.
    pub title: String,
    /// How many cases there are, so that a file that was cut short is noticed.
    pub count: usize,
    /// The cases.
    pub cases: Vec<Case>,
}

/// A request and what is expected of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `family/name`; it never changes, and is never used again.
    pub id: String,
    /// The rules that decide.
    pub rule: Vec<String>,
    /// Whether other implementations have to agree.
    pub level: Level,
    /// What is special about it.
    pub description: String,
    /// Where the expectation comes from.
    pub source: String,
    /// What an implementation has to offer to be asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The first server version that it is true of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Version>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Version>,
    /// The op.
    pub op: Op,
    /// The members of the request, without `seq` and `op`.
    pub request: Box<RawValue>,
    /// What is expected.
    pub expect: Expect,
}

impl Case {
    /// A request of which nothing is expected yet.
    pub(crate) fn of(request: &Request<'_>) -> Self {
        Case {
            id: String::new(),
            rule: Vec::new(),
            level: Level::Must,
            description: String::new(),
            source: String::new(),
            features: Vec::new(),
            since: None,
            until: None,
            op: request.op(),
            request: request.to_json(),
            expect: Expect::Reject(Refusal { layer: String::new(), code: String::new() }),
        }
    }

    /// What an implementation has to give beyond verdicts and values for the codes that are expected of it;
    /// none where none are.
    pub fn feature_of_codes(&self) -> Option<&'static str> {
        let Expect::Accept(accept) = &self.expect else { return None };
        let is_about_codes = !(accept.must_warn.is_empty() && accept.must_not_warn.is_empty());
        is_about_codes.then_some(if self.op == Op::Plan { "notes" } else { "warnings" })
    }

    /// The request, read.
    ///
    /// # Errors
    ///
    /// When it is none of its op.
    pub fn request(&self) -> serde_json::Result<Request<'_>> {
        Request::parse(self.op, self.request.get())
    }

    /// Whether it is true of a server version.
    pub fn applies_to(&self, server: Version) -> bool {
        self.since.is_none_or(|since| since <= server)
            && self.until.is_none_or(|until| server <= until)
    }
}

/// Whether other implementations have to agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The vendor's documentation or servers say so.
    Must,
    /// It is this project's choice.
    Should,
}

impl Level {
    /// `must` or `should`.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
        }
    }
}

/// What is expected of a request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "ExpectLine", into = "ExpectLine")]
pub enum Expect {
    /// It is taken.
    Accept(Accept),
    /// It is refused.
    Reject(Refusal),
    /// Either.
    Either {
        /// Why it is left open.
        reason: String,
        /// What the reference does.
        reference: Box<Expect>,
    },
}

impl Expect {
    /// What the reference has to do.
    pub fn of_the_reference(&self) -> &Expect {
        match self {
            Expect::Either { reference, .. } => reference.of_the_reference(),
            decided => decided,
        }
    }
}

/// What is expected of an accepted request.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The value, as it is spelled.
    pub value: Box<RawValue>,
    /// Codes that have to be among the warnings or notes.
    pub must_warn: Vec<String>,
    /// Codes that must not.
    pub must_not_warn: Vec<String>,
}

/// What is expected of a rejected request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The layer that refuses.
    pub layer: String,
    /// The code.
    pub code: String,
}

/// An expectation as it is written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectLine {
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Box<RawValue>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    must_warn: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    must_not_warn: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layer: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<Box<ExpectLine>>,
}

impl TryFrom<ExpectLine> for Expect {
    type Error = String;

    fn try_from(line: ExpectLine) -> Result<Self, String> {
        let ExpectLine { outcome, value, must_warn, must_not_warn, layer, code, reason, reference } =
            line;
        match (outcome.as_str(), value, layer, code, reason, reference) {
            ("accept", Some(value), None, None, None, None) => {
                Ok(Expect::Accept(Accept { value, must_warn, must_not_warn }))
            }
            ("reject", None, Some(layer), Some(code), None, None) => {
                Ok(Expect::Reject(Refusal { layer, code }))
            }
            ("either", None, None, None, Some(reason), Some(reference)) => {
                let reference = Box::new(Expect::try_from(*reference)?);
                Ok(Expect::Either { reason, reference })
            }
            _ => Err(format!("this is no expectation with the outcome `{outcome}`")),
        }
    }
}

impl From<Expect> for ExpectLine {
    fn from(expect: Expect) -> Self {
        match expect {
            Expect::Accept(Accept { value, must_warn, must_not_warn }) => ExpectLine {
                outcome: "accept".to_owned(),
                value: Some(value),
                must_warn,
                must_not_warn,
                ..ExpectLine::default()
            },
            Expect::Reject(Refusal { layer, code }) => ExpectLine {
                outcome: "reject".to_owned(),
                layer: Some(layer),
                code: Some(code),
                ..ExpectLine::default()
            },
            Expect::Either { reason, reference } => ExpectLine {
                outcome: "either".to_owned(),
                reason: Some(reason),
                reference: Some(Box::new((*reference).into())),
                ..ExpectLine::default()
            },
        }
    }
}

/// A server version: `3.11.1`, or `3.11` for its newest patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32, u32);

impl Version {
    /// The newest of all.
    pub const NEWEST: Version = Version(u32::MAX, u32::MAX, u32::MAX);
}

/// Why a version cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionError;

impl fmt::Display for VersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a server version as 3.11 or 3.11.1")
    }
}

impl std::error::Error for VersionError {}

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        match numbers.as_deref() {
            Ok([major, minor]) => Ok(Version(*major, *minor, u32::MAX)),
            Ok([major, minor, patch]) => Ok(Version(*major, *minor, *patch)),
            _ => Err(VersionError),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Version::NEWEST => f.write_str("newest"),
            Version(major, minor, u32::MAX) => write!(f, "{major}.{minor}"),
            Version(major, minor, patch) => write!(f, "{major}.{minor}.{patch}"),
        }
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
