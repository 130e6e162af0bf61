//! Tokens appended to a file, one after the other.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, pool, token};
use super::slip::Slip;
use crate::generate::document::TokenModel;
use crate::generate::{Json, Spelling};
use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// What there is before.
#[allow(clippy::large_enum_variant, reason = "there is one a question")]
#[derive(Clone, PartialEq, Eq)]
pub enum Old {
    /// No file.
    Absent,
    /// A file that some program takes for none.
    Blank(&'static str),
    /// A file.
    File(File),
}

/// A token to append, and databases to declare.
#[derive(Clone, PartialEq, Eq)]
pub struct Addition {
    /// The token.
    pub token: TokenModel,
    /// A member of it that is missing, or `null`.
    pub without: Option<(&'static str, bool)>,
    /// What happened to its first permission.
    pub slips: Vec<Slip>,
    /// The databases; none to leave them out.
    pub databases: Option<Vec<&'static str>>,
}

/// What a file becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendQuestion {
    /// What there is before.
    pub old: Old,
    /// What is added, one after the other; at least one.
    pub additions: Vec<Addition>,
}

impl Old {
    /// The bytes, if there is a file.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Old::Absent => None,
            Old::Blank(text) => Some(text.as_bytes().to_vec()),
            Old::File(file) => Some(file.bytes()),
        }
    }
}

impl Addition {
    /// The token object.
    pub fn token_json(&self) -> String {
        let mut object = self.token.json();
        if let Some(Json::Text(text)) = object.pointed_at("/permissions/0") {
            *text = self.slips.iter().fold(text.clone(), |text, slip| slip.apply(&text));
        }
        match self.without {
            Some((name, true)) => object.remove(name),
            Some((name, false)) => {
                if let Some(value) = object.pointed_at(&format!("/{name}")) {
                    *value = Json::raw("null");
                }
            }
            None => {}
        }
        Spelling::default().print(&object).text
    }
}

impl fmt::Debug for Old {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes() {
            None => f.write_str("no file"),
            Some(bytes) => write!(f, "b\"{}\"", bytes.escape_ascii()),
        }
    }
}

impl fmt::Debug for Addition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {:?}", self.token_json(), self.databases)
    }
}

impl Addition {
    fn of(u: &mut Unstructured<'_>, names: &[&'static str]) -> Result<Self> {
        const WRONG: [&str; 6] = ["_internal", "-a", "*", "", "a b", "constructor"];
        let token = TokenModel { unknown: Vec::new(), ..token(u, names)? };
        let names = if one_in(u, 8)? { &WRONG } else { names };
        Ok(Addition {
            token,
            without: if one_in(u, 15)? {
                Some((pick(u, &["token", "name", "permissions"])?, bool::arbitrary(u)?))
            } else {
                None
            },
            slips: if one_in(u, 15)? { list(u, 1, Slip::arbitrary)? } else { Vec::new() },
            databases: if one_in(u, 3)? { None } else { Some(list(u, 3, |u| pick(u, names))?) },
        })
    }
}

impl<'a> Arbitrary<'a> for AppendQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let names = pool(u)?;
        let old = match u.int_in_range(0..=11)? {
            0 => Old::Absent,
            1 => Old::Blank(pick(u, &["", " ", "\n", "null", "[]", "{}"])?),
            _ => Old::File(File::mostly_good(u, names)?),
        };
        let first = Addition::of(u, names)?;
        let more = if one_in(u, 3)? { list(u, 2, |u| Addition::of(u, names))? } else { Vec::new() };
        let additions = std::iter::once(first).chain(more).collect();
        Ok(AppendQuestion { old, additions })
    }
}

impl Shrink for Old {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Old::Absent => Vec::new(),
            Old::Blank(_) => vec![Old::Absent],
            Old::File(file) => std::iter::once(Old::Absent)
                .chain(file.simpler().into_iter().map(Old::File))
                .collect(),
        }
    }
}

impl Shrink for (&'static str, bool) {
    fn simpler(&self) -> Vec<Self> {
        Vec::new()
    }
}

shrink_fields!(Addition { databases, without, slips, token });

impl Shrink for AppendQuestion {
    fn simpler(&self) -> Vec<Self> {
        let additions =
            self.additions.simpler().into_iter().filter(|additions| !additions.is_empty());
        let additions = additions.map(|additions| AppendQuestion { additions, ..self.clone() });
        let old = self.old.simpler().into_iter();
        additions.chain(old.map(|old| AppendQuestion { old, ..self.clone() })).collect()
    }
}
