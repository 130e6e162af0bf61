//! Permission texts: valid ones, and such with one known fault.

use std::fmt;
use std::ops::Range;

use arbitrary::{Arbitrary, Result, Unstructured};
use tokens::Code;

use super::grant::{Grant, Names};
use crate::shrink::Shrink;
use crate::words::{NO_ACTIONS, NO_DATABASE_NAMES, NO_SYSTEM_NAMES, NO_TYPES};

/// What is wrong with a permission text. Places in lists are taken modulo their length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermissionFault {
    /// A colon too few (PERM-01).
    MissingColon,
    /// A part too many (PERM-01).
    ExtraPart,
    /// `*` in place of the type (PERM-02).
    AdminOnly,
    /// Another word in place of the type (PERM-02).
    Type(&'static str),
    /// An empty name put in (PERM-04).
    EmptyName(u8),
    /// An empty action put in (PERM-04).
    EmptyAction(u8),
    /// `*` put in among names (PERM-03).
    MixedWildcard(u8),
    /// No database name put in (PERM-05), or no system name (PERM-06).
    Name(u8, u8),
    /// A name that is longer than any may be put in (DB-01).
    LongName(u8),
    /// No action put in (PERM-07, PERM-08).
    Action(u8, u8),
    /// An action on databases in place of a system action (PERM-08).
    SystemAction(u8),
}

/// A faulty text: the code that it must give, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The text.
    pub text: String,
    /// The code that it must give.
    pub code: Code,
    /// The offending bytes of the text.
    pub place: Range<usize>,
}

impl PermissionFault {
    /// The grant's text with the fault.
    pub fn break_text(self, grant: &Grant) -> Broken {
        let (mut resource_type, mut names, mut actions) = parts(grant);
        // A fault among names needs a list of them.
        if names == ["*"] {
            names = vec![if resource_type == "db" { "a" } else { "ping" }.to_owned()];
        }
        let code = match self {
            PermissionFault::MissingColon => {
                let text = format!("{resource_type}:{};{}", names.join(","), actions.join(","));
                return Broken { place: 0..text.len(), text, code: Code::PermissionShape };
            }
            PermissionFault::ExtraPart => {
                let text = format!("{}:read", grant.text());
                return Broken { place: 0..text.len(), text, code: Code::PermissionShape };
            }
            PermissionFault::AdminOnly => {
                resource_type = "*";
                Code::PermissionAdminOnly
            }
            PermissionFault::Type(word) => {
                resource_type = word;
                Code::PermissionResourceType
            }
            PermissionFault::EmptyName(at) => {
                return in_names(grant, &names, at, "", Code::PermissionEmptyElement);
            }
            PermissionFault::MixedWildcard(at) => {
                return in_names(grant, &names, at, "*", Code::PermissionMixedWildcard);
            }
            PermissionFault::Name(at, word) => {
                return match resource_type {
                    "db" => in_names(
                        grant,
                        &names,
                        at,
                        word_of(&NO_DATABASE_NAMES, word),
                        Code::DatabaseName,
                    ),
                    _ => in_names(
                        grant,
                        &names,
                        at,
                        word_of(&NO_SYSTEM_NAMES, word),
                        Code::PermissionSystemName,
                    ),
                };
            }
            PermissionFault::LongName(at) => {
                let (grant, names) = match resource_type {
                    "db" => (grant.clone(), names),
                    _ => (Grant::on(&["a"], &["read"]), vec!["a".to_owned()]),
                };
                return in_names(&grant, &names, at, &"n".repeat(512), Code::DatabaseName);
            }
            PermissionFault::EmptyAction(at) => {
                return in_actions(grant, &mut actions, at, "", Code::PermissionEmptyElement);
            }
            PermissionFault::Action(at, word) => {
                let word = word_of(&NO_ACTIONS, word);
                return in_actions(grant, &mut actions, at, word, Code::PermissionAction);
            }
            PermissionFault::SystemAction(word) => {
                let system = Grant { names: Names::AllSystem, actions: Vec::new() };
                let word = word_of(&["write", "create", "delete", "describe"], word);
                return in_actions(&system, &mut vec!["read"], 1, word, Code::PermissionAction);
            }
        };
        let text = format!("{resource_type}:{}:{}", names.join(","), actions.join(","));
        Broken { place: 0..resource_type.len(), text, code }
    }
}

fn parts(grant: &Grant) -> (&'static str, Vec<String>, Vec<&'static str>) {
    let names = grant.names().into_iter().map(str::to_owned).collect();
    (grant.resource_type(), names, grant.actions.clone())
}

fn word_of(words: &[&'static str], number: u8) -> &'static str {
    words[usize::from(number) % words.len()]
}

fn in_names(grant: &Grant, names: &[String], at: u8, word: &str, code: Code) -> Broken {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    let head = format!("{}:", grant.resource_type());
    let tail = format!(":{}", grant.actions.join(","));
    put(&head, &mut names, at, word, &tail, code)
}

fn in_actions<'w>(
    grant: &Grant,
    actions: &mut Vec<&'w str>,
    at: u8,
    word: &'w str,
    code: Code,
) -> Broken {
    let head = format!("{}:{}:", grant.resource_type(), grant.names().join(","));
    put(&head, actions, at, word, "", code)
}

/// A text with a word put into a list of it.
fn put<'w>(
    head: &str,
    list: &mut Vec<&'w str>,
    at: u8,
    word: &'w str,
    tail: &str,
    code: Code,
) -> Broken {
    let at = usize::from(at) % (list.len() + 1);
    list.insert(at, word);
    let start = head.len() + list[..at].iter().map(|word| word.len() + 1).sum::<usize>();
    let text = format!("{head}{}{tail}", list.join(","));
    Broken { text, code, place: start..start + word.len() }
}

impl PermissionFault {
    /// One of all faults, by number.
    pub(crate) fn of(kind: u8, at: u8, word: u8) -> Self {
        let all = [
            PermissionFault::MissingColon,
            PermissionFault::ExtraPart,
            PermissionFault::AdminOnly,
            PermissionFault::Type(word_of(&NO_TYPES, word)),
            PermissionFault::EmptyName(at),
            PermissionFault::EmptyAction(at),
            PermissionFault::MixedWildcard(at),
            PermissionFault::Name(at, word),
            PermissionFault::LongName(at),
            PermissionFault::Action(at, word),
            PermissionFault::SystemAction(word),
        ];
        all[usize::from(kind) % all.len()]
    }
}

impl<'a> Arbitrary<'a> for PermissionFault {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(PermissionFault::of(u8::arbitrary(u)?, u8::arbitrary(u)?, u8::arbitrary(u)?))
    }
}

/// A permission and what must come of it.
#[derive(Clone, PartialEq, Eq)]
pub enum PermissionCase {
    /// It is accepted, and means what its parts say.
    Valid(Grant),
    /// It is refused with the fault's code at the fault's place.
    Faulty(Grant, PermissionFault),
}

impl PermissionCase {
    /// What it would grant.
    pub fn grant(&self) -> &Grant {
        match self {
            PermissionCase::Valid(grant) | PermissionCase::Faulty(grant, _) => grant,
        }
    }

    /// The permission's text.
    pub fn text(&self) -> String {
        match self {
            PermissionCase::Valid(grant) => grant.text(),
            PermissionCase::Faulty(grant, fault) => fault.break_text(grant).text,
        }
    }
}

impl fmt::Debug for PermissionCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PermissionCase::Valid(_) => write!(f, "{:?}, which is valid", self.text()),
            PermissionCase::Faulty(_, fault) => write!(f, "{:?} ({fault:?})", self.text()),
        }
    }
}

impl<'a> Arbitrary<'a> for PermissionCase {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let grant = Grant::arbitrary(u)?;
        if bool::arbitrary(u)? {
            return Ok(PermissionCase::Faulty(grant, PermissionFault::arbitrary(u)?));
        }
        Ok(PermissionCase::Valid(grant))
    }
}

impl Shrink for PermissionCase {
    fn simpler(&self) -> Vec<Self> {
        match self {
            PermissionCase::Valid(grant) => {
                grant.simpler().into_iter().map(PermissionCase::Valid).collect()
            }
            PermissionCase::Faulty(grant, fault) => {
                let simpler = grant.simpler().into_iter();
                simpler.map(|grant| PermissionCase::Faulty(grant, *fault)).collect()
            }
        }
    }
}
