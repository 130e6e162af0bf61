//! The permission grammar (PERM-01 to PERM-11): `db:db1,db2:read,write`.
//!
//! ```text
//! permission     = resource-type ":" resource-names ":" actions
//! resource-type  = "db" / "system"
//! resource-names = "*" / name *( "," name )
//! actions        = action *( "," action )
//! ```
//!
//! A token has a list of these, and what they grant together is for [`access`](crate::access) to say. Nothing
//! is trimmed and case counts, as servers have it; what was meant is in the error:
//!
//! ```
//! use tokens::Permission;
//!
//! let error = Permission::parse("DB:sensors: read").unwrap_err();
//! assert_eq!(error.to_string(), "`DB` in `DB:sensors: read` is not a resource type");
//! assert_eq!(error.help(), "write `db:sensors:read`");
//! assert_eq!(error.span().slice("DB:sensors: read"), "DB");
//! assert_eq!(error.fault().code().name(), "permission-resource-type");
//! ```
//!
//! A [`Permission`] keeps the text it was parsed from, since generated files keep the order and the
//! spelling that the user gave (GEN-02), and so that a borrowed one costs no allocation.

mod action;
mod error;
mod parse;
mod repair;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

pub use action::{Action, Actions};
pub use error::{Fault, PermissionError};
pub use repair::repair;

use crate::quote;
use crate::spelled::spelled;

/// The database every server keeps for itself. A permission may name it, to no effect (ACC-06), a
/// declaration may not (DB-04).
pub const INTERNAL_DATABASE: &str = "_internal";

/// What a `system` permission can name, beside `*` (PERM-06): endpoints of the server.
pub const SYSTEM_NAMES: [&str; 4] = ["health", "metrics", "ping", "ready"];

/// The kind of thing that a permission is about (PERM-02).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceType {
    /// `db`: databases.
    Db,
    /// `system`: the server's own endpoints.
    System,
}

spelled!(ResourceType { Db = "db", System = "system" });

impl ResourceType {
    /// As a permission spells it: `db` or `system`.
    pub fn as_str(self) -> &'static str {
        self.spelling()
    }

    /// The type that a permission spells so, if there is one: byte for byte, lower case.
    ///
    /// ```
    /// use tokens::ResourceType;
    /// assert_eq!(ResourceType::from_name("db"), Some(ResourceType::Db));
    /// assert_eq!(ResourceType::from_name("DB"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        ResourceType::spelled(name)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One valid permission, as `tokens[].permissions[]` holds it: a type, names and actions.
///
/// [`as_str`](Self::as_str) is the text that was given, and `Display` the canonical one, which says each name
/// and each action once (PERM-11). Two are equal if their given texts are.
///
/// ```
/// use tokens::{Action, Permission};
///
/// let permission = Permission::parse("db:b,a,b:write,read")?;
/// assert_eq!(permission.names().collect::<Vec<_>>(), ["b", "a", "b"]);
/// assert!(permission.actions().contains(Action::Write));
/// assert_eq!(permission.to_string(), "db:b,a:read,write");
/// assert_eq!(permission.as_str(), "db:b,a,b:write,read");
/// # Ok::<(), tokens::PermissionError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Permission<'a> {
    text: Cow<'a, str>,
    resource_type: ResourceType,
    actions: Actions,
}

impl<'a> Permission<'a> {
    /// Reads one permission. A `&str` is borrowed, a `String` kept.
    ///
    /// # Errors
    ///
    /// The first fault in the order shape, type, names (from the left: empty, wildcard, validity),
    /// actions, with its place in bytes of `text` and, where there is one, the corrected text.
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, PermissionError> {
        let text = text.into();
        match parse::parse(&text) {
            Ok((resource_type, actions)) => Ok(Permission { text, resource_type, actions }),
            Err((fault, span)) => Err(PermissionError::new(&text, fault, span)),
        }
    }

    /// The text that was parsed, with its order and repeats.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `db` or `system`.
    pub fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Whether the names are `*`, alone (PERM-03).
    pub fn is_wildcard(&self) -> bool {
        self.after_type().starts_with("*:")
    }

    /// The names in the given order, repeats included; `*` alone for the wildcard.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names_and_actions().0.split(',')
    }

    /// The actions as a set.
    pub fn actions(&self) -> Actions {
        self.actions
    }

    /// The actions as they are spelled: in the given order, repeats included. Each is a slice of
    /// [`as_str`](Self::as_str), as the names are.
    pub fn spelled_actions(&self) -> impl Iterator<Item = &str> {
        self.names_and_actions().1.split(',')
    }

    /// The same permission, owning its text.
    pub fn into_owned(self) -> Permission<'static> {
        Permission { text: Cow::Owned(self.text.into_owned()), ..self }
    }

    /// The same permission, borrowing this one's text.
    pub fn borrowed(&self) -> Permission<'_> {
        Permission { text: Cow::Borrowed(&self.text), ..*self }
    }

    /// The names in the given order, each once; `*` alone for the wildcard.
    pub fn distinct_names(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        self.names().filter(|name| seen.insert(*name)).collect()
    }

    fn after_type(&self) -> &str {
        self.text.get(self.resource_type.as_str().len() + 1..).unwrap_or_default()
    }

    fn names_and_actions(&self) -> (&str, &str) {
        self.after_type().rsplit_once(':').unwrap_or_default()
    }
}

/// Masked, since somebody may have put a token string in the wrong place (GEN-07).
impl fmt::Debug for Permission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permission({})", quote(&self.text))
    }
}

/// The canonical text (PERM-11): names in the given order and actions in the order create, describe,
/// read, write, delete, both without repeats.
impl fmt::Display for Permission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.resource_type, self.distinct_names().join(","), self.actions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_text_drops_repeats_and_orders_actions() {
        for (text, canonical) in [
            ("db:*:delete,write,read,describe,create", "db:*:create,describe,read,write,delete"),
            ("db:b,a,b:read,read", "db:b,a:read"),
            ("db:a/b,1/-:read", "db:a/b,1/-:read"),
            ("db:_internal:read", "db:_internal:read"),
            ("system:ready,ping,ready:read", "system:ready,ping:read"),
            ("system:*:read,read", "system:*:read"),
        ] {
            let permission = Permission::parse(text).expect(text);
            assert_eq!(permission.to_string(), canonical);
            let again = Permission::parse(canonical).expect(canonical);
            assert_eq!(again.to_string(), canonical, "canonical text is canonical");
        }
    }

    #[test]
    fn the_given_text_is_kept() {
        let permission = Permission::parse("db:b,a,b:write,read,write").expect("valid");
        assert_eq!(permission.as_str(), "db:b,a,b:write,read,write");
        assert_eq!(permission.spelled_actions().collect::<Vec<_>>(), ["write", "read", "write"]);
        assert_eq!(permission.clone().into_owned(), permission);
        assert_eq!(permission.borrowed(), permission);
    }
}
