//! Tokens appended to a file, one after the other.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, pool, token};
use super::near::{Near, Turn};
use super::slip::Slip;
use super::twist::Twist;
use crate::generate::document::{Databases, Document, TokenModel};
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
    pub databases: Option<Vec<String>>,
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
        Spelling::default().text(&object)
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
            databases: if one_in(u, 3)? {
                None
            } else {
                Some(list(u, 3, |u| Ok(pick(u, names)?.to_owned()))?)
            },
        })
    }
}

/// What some program takes for no file; the empty one is none (FILE-03).
const BLANK: [&str; 7] = ["", "", " ", "\n", "null", "[]", "{}"];

impl AppendQuestion {
    /// A token and databases near to those of the file, each time in another way.
    pub(super) fn in_turn(self, turn: usize) -> Self {
        let mut document = match self.old {
            Old::File(file) => file.good(),
            Old::Absent | Old::Blank(_) => Document::default().with_a_token(),
        };
        if document.databases.names().is_empty() {
            document.databases = Databases::Listed(vec!["a".to_owned()]);
        }
        if turn.is_multiple_of(2) {
            // Who looks for the last bracket finds this one.
            document.unknown.push(("_".to_owned(), Json::raw("[\"]}\"]")));
            document.order.clear();
        }
        let blanks = BLANK.map(Some);
        let blank = [&[None; 21][..], &blanks].concat();
        let blank = Turn(turn).of(&blank).flatten();
        let mut turn = Turn(turn);
        let name = turn.of(&Near::ALL).unwrap_or(Near::Far);
        let near = [Near::OtherCase, Near::Same, Near::Longer, Near::Far];
        let near = turn.of(&near).unwrap_or(Near::Same);
        let secret = [Near::Far, Near::Shorter, Near::OtherCase, Near::Same];
        let secret = turn.of(&secret).unwrap_or(Near::Far);
        let mut additions = self.additions;
        if let (Some(addition), Some(first)) = (additions.first_mut(), document.tokens.first()) {
            addition.token.name = name.to(&first.name);
            addition.token.secret = secret.to(&first.secret);
            let names = document.databases.names().iter().map(|name| near.to(name));
            (addition.without, addition.databases) = (None, Some(names.collect()));
            addition.slips.clear();
        }
        let file = || Old::File(File::Small(document, Spelling::default(), Twist::None));
        let old = blank.map_or_else(file, Old::Blank);
        AppendQuestion { old, additions }
    }
}

impl<'a> Arbitrary<'a> for AppendQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let names = pool(u)?;
        let old = match u.int_in_range(0..=11)? {
            0 => Old::Absent,
            1 => Old::Blank(pick(u, &BLANK)?),
            _ => Old::File(File::mostly_good(u, names)?),
        };
        let first = Addition::of(u, names)?;
        let more = if one_in(u, 2)? { list(u, 2, |u| Addition::of(u, names))? } else { Vec::new() };
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
