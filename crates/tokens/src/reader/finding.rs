//! What is wrong with a file, where it was found and not yet said in words: a caller who wants but a
//! verdict pays for no words.

use std::fmt;
use std::str::Utf8Error;
use std::sync::Arc;

use super::json::JsonType;
use super::known::Known;
use crate::Kind;
use crate::database::DatabaseNameError;
use crate::name::EmptyNameError;
use crate::permission::PermissionError;
use crate::secret::PrefixError;

/// Something that keeps a file from loading.
pub(super) struct Finding<'a> {
    pub(super) spot: Spot,
    /// The smallest offending text, a slice of the source.
    pub(super) raw: &'a str,
    pub(super) fault: Fault<'a>,
}

/// What is wrong.
pub(super) enum Fault<'a> {
    NotUtf8(&'a [u8], Utf8Error),
    ByteOrderMark,
    Syntax(serde_json::Error),
    LoneSurrogate,
    /// What it is instead, and what the file was expected to be.
    NotAnObject(JsonType, Option<Kind>),
    WrongKind {
        found: Kind,
        expected: Kind,
    },
    Missing(Known),
    DuplicateMember {
        first: &'a str,
    },
    /// What it is instead.
    WrongType(JsonType),
    NotAnInteger,
    ExpiryOutOfRange,
    DatabaseName(DatabaseNameError),
    Permission(PermissionError),
    Prefix(PrefixError),
    EmptyName(EmptyNameError),
    DuplicateName {
        first: (Spot, &'a str),
    },
    DuplicateSecret {
        first: (Spot, &'a str),
        /// Of all that have the string.
        fingerprint: Arc<str>,
    },
}

/// A value's place in a file, for which no text is made before somebody wants the pointer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    File,
    Databases,
    Database(usize),
    Tokens,
    Token(usize),
    /// A member of the token with this index; of an admin token file without one.
    Member(Option<usize>, Known),
    /// A permission of a token, by their indices.
    Permission(usize, usize),
}

impl Spot {
    /// The place of a member, where this is an object.
    pub(super) fn member(self, member: Known) -> Self {
        match (self, member) {
            (_, Known::Tokens) => Spot::Tokens,
            (_, Known::CreateDatabases) => Spot::Databases,
            (Spot::Token(index), _) => Spot::Member(Some(index), member),
            _ => Spot::Member(None, member),
        }
    }

    /// The place of an element, where this is an array.
    pub(super) fn element(self, index: usize) -> Self {
        match self {
            Spot::Databases => Spot::Database(index),
            Spot::Tokens => Spot::Token(index),
            Spot::Member(Some(token), _) => Spot::Permission(token, index),
            other => other,
        }
    }

    /// The member that this is, or in which it is; none for the file.
    pub(super) fn known(self) -> Option<Known> {
        match self {
            Spot::File => None,
            Spot::Databases | Spot::Database(_) => Some(Known::CreateDatabases),
            Spot::Tokens | Spot::Token(_) => Some(Known::Tokens),
            Spot::Member(_, member) => Some(member),
            Spot::Permission(..) => Some(Known::Permissions),
        }
    }

    /// The index of the token that this is, or in which it is.
    pub(super) fn token(self) -> Option<usize> {
        match self {
            Spot::Token(index) | Spot::Permission(index, _) => Some(index),
            Spot::Member(index, _) => index,
            Spot::File | Spot::Databases | Spot::Database(_) | Spot::Tokens => None,
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        self.known().map_or("", Known::as_str)
    }
}

/// The JSON Pointer.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Spot::File => Ok(()),
            Spot::Databases | Spot::Tokens | Spot::Member(None, _) => write!(f, "/{name}"),
            Spot::Database(index) | Spot::Token(index) => write!(f, "/{name}/{index}"),
            Spot::Member(Some(token), _) => write!(f, "{}/{name}", Spot::Token(*token)),
            Spot::Permission(token, index) => write!(f, "{}/{name}/{index}", Spot::Token(*token)),
        }
    }
}
