//! A file's life: how it began, and what was done to it.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::document::Document;
use super::grant::Grant;
use super::name::{database_name, token_name};
use super::spelling::Spelling;
use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// How a file began.
#[allow(clippy::large_enum_variant, reason = "there is one a history")]
#[derive(Clone, PartialEq, Eq)]
pub enum Start {
    /// There was none.
    Absent,
    /// With 0 bytes, which counts as absent (FILE-03).
    Empty,
    /// As any file that loads.
    File(Document, Spelling),
}

/// A change of a file. Tokens are named by their index, modulo how many there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new token at the end. Its name or string may be there already.
    Append {
        /// Its name.
        name: String,
        /// Its string, without the prefix.
        secret: &'static str,
        /// Its expiry.
        expiry: Option<i64>,
        /// Its permissions.
        permissions: Vec<Grant>,
        /// The databases to declare.
        databases: Vec<String>,
    },
    /// A token taken out.
    Remove(u8),
    /// A token with a new string, and perhaps a new name and expiry.
    Rotate {
        /// Which.
        token: u8,
        /// Its new string, without the prefix.
        secret: &'static str,
        /// Its new name.
        name: Option<String>,
        /// Its new expiry.
        expiry: Option<i64>,
    },
}

/// A file's life.
#[derive(Clone, PartialEq, Eq)]
pub struct History {
    /// How it began.
    pub start: Start,
    /// What was done, one after the other.
    pub steps: Vec<Step>,
}

impl Start {
    /// The bytes, if there is a file.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Start::Absent => None,
            Start::Empty => Some(Vec::new()),
            Start::File(document, spelling) => Some(spelling.text(&document.json()).into_bytes()),
        }
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.start.bytes() {
            None => f.write_str("no file")?,
            Some(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii())?,
        }
        for step in &self.steps {
            write!(f, ", then {step:?}")?;
        }
        Ok(())
    }
}

/// Few, so that the same one comes again.
const SECRETS: [&str; 6] = ["new", "other", "q8Zt3Kx0Lw7Rb2Yc5Nf1V-0", "é", "\"\\", ""];

fn name(u: &mut Unstructured<'_>) -> Result<String> {
    if one_in(u, 3)? {
        token_name(u)
    } else {
        Ok(pick(u, &["a", "b", "c", "app0", "ก"])?.to_owned())
    }
}

fn expiry(u: &mut Unstructured<'_>) -> Result<Option<i64>> {
    if bool::arbitrary(u)? { Ok(Some(i64::arbitrary(u)?)) } else { Ok(None) }
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=4)? {
            3 => Step::Remove(u8::arbitrary(u)?),
            4 => Step::Rotate {
                token: u8::arbitrary(u)?,
                secret: pick(u, &SECRETS)?,
                name: if bool::arbitrary(u)? { Some(name(u)?) } else { None },
                expiry: expiry(u)?,
            },
            _ => Step::Append {
                name: name(u)?,
                secret: pick(u, &SECRETS)?,
                expiry: expiry(u)?,
                permissions: list(u, 2, Grant::arbitrary)?,
                databases: list(u, 3, database_name)?,
            },
        })
    }
}

impl<'a> Arbitrary<'a> for History {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let start = match u.int_in_range(0..=5)? {
            0 => Start::Absent,
            1 => Start::Empty,
            _ => Start::File(Document::arbitrary(u)?, Spelling::arbitrary(u)?),
        };
        Ok(History { start, steps: list(u, 5, Step::arbitrary)? })
    }
}

impl Shrink for Start {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Start::Absent => Vec::new(),
            Start::Empty => vec![Start::Absent],
            Start::File(document, spelling) => {
                let mut all = vec![Start::Absent];
                let spellings = spelling.simpler().into_iter();
                all.extend(spellings.map(|s| Start::File(document.clone(), s)));
                let documents = document.simpler().into_iter();
                all.extend(documents.map(|d| Start::File(d, spelling.clone())));
                all
            }
        }
    }
}

impl Shrink for Step {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Step::Append { permissions, databases, expiry, name, secret } => {
                let append = |permissions: &[Grant], databases: &[String], expiry| Step::Append {
                    name: name.clone(),
                    secret,
                    expiry,
                    permissions: permissions.to_vec(),
                    databases: databases.to_vec(),
                };
                let mut all: Vec<Step> =
                    permissions.simpler().iter().map(|p| append(p, databases, *expiry)).collect();
                let fewer = crate::shrink::shorter(databases);
                all.extend(fewer.iter().map(|databases| append(permissions, databases, *expiry)));
                all.extend(expiry.simpler().into_iter().map(|e| append(permissions, databases, e)));
                all
            }
            Step::Remove(token) => token.simpler().into_iter().map(Step::Remove).collect(),
            Step::Rotate { token, secret, name, expiry } => {
                let rotate = |token, name: &Option<String>, expiry| Step::Rotate {
                    token,
                    secret,
                    name: name.clone(),
                    expiry,
                };
                let mut all: Vec<Step> =
                    token.simpler().into_iter().map(|token| rotate(token, name, *expiry)).collect();
                if name.is_some() {
                    all.push(rotate(*token, &None, *expiry));
                }
                all.extend(expiry.simpler().into_iter().map(|expiry| rotate(*token, name, expiry)));
                all
            }
        }
    }
}

shrink_fields!(History { start, steps });
