//! What a token may do (ACC-01 to ACC-10), and which of its permissions decided it.
//!
//! A server looks up the exact name first, then `*` of the same type, and the first found decides
//! alone: a narrow grant takes away what `*` would have given (ACC-03). This module answers as the server
//! would, and says which permissions decided, so that nobody has to find out in production.
//!
//! A request comes with a token string, so that comes first; then [`Access`] decides:
//!
//! ```
//! use tokens::access::{Access, Databases, Decision, Outcome, Reason, Request};
//! use tokens::{Action, ResourceType, Timestamp};
//!
//! let file = br#"{"tokens": [{"token": "apiv3_x", "name": "archive", "expiry_millis": 1000,
//!     "permissions": ["db:*:read,write", "db:audit:read"]}]}"#;
//! let reading = tokens::read(file, None);
//! let document = reading.document().expect("it loads");
//! let databases = Databases::needed_by(&document);
//! let write = |string: &str, name: &str, millis| {
//!     let actions = Action::Write.into();
//!     let request = Request { resource_type: ResourceType::Db, name, actions };
//!     match document.tokens().iter().find(|token| token.secret.expose() == string) {
//!         Some(token) => Access::new(token, &databases).decide(&request, Timestamp(millis)),
//!         None => Decision::unknown_token(),
//!     }
//! };
//! assert_eq!(write("apiv3_x", "sensors", 0).outcome, Outcome::Allow);
//! // The permission 1 decides alone on `audit`, and shadows the permission 0.
//! let Decision { outcome, reason } = write("apiv3_x", "audit", 0);
//! assert_eq!(outcome, Outcome::Deny);
//! let missing = Action::Write.into();
//! assert_eq!(reason, Reason::Decided { by: vec![1], missing, shadowed: vec![0] });
//! // An expired token comes to the same as none.
//! assert_eq!(write("apiv3_x", "sensors", 1000).outcome, Outcome::Unauthenticated);
//! assert_eq!(write("apiv3_y", "sensors", 0).outcome, Outcome::Unauthenticated);
//! ```
//!
//! Where the token is known by its name, [`Document::token`] finds it.

use std::collections::{HashMap, HashSet};
use std::fmt;

use crate::permission::{INTERNAL_DATABASE, SYSTEM_NAMES};
use crate::{Action, Actions, Document, Permission, ResourceType, Timestamp, Token, quote};

/// What all permissions of a token together grant on one name or on `*` (ACC-02).
#[derive(Clone, PartialEq, Eq)]
pub struct Grant<'p> {
    /// The kind of thing.
    pub resource_type: ResourceType,
    /// The name, or `*`.
    pub name: &'p str,
    /// The actions of all entries, united.
    pub actions: Actions,
    /// Indices of the permissions that grant them, as [`Grants::of`] was given them, in its order.
    pub entries: Vec<usize>,
}

impl Grant<'_> {
    /// Whether it is on `*`.
    pub fn is_wildcard(&self) -> bool {
        self.name == "*"
    }

    /// Whether it is on `_internal`, where no grant has an effect (ACC-06).
    fn is_internal(&self) -> bool {
        self.resource_type == ResourceType::Db && self.name == INTERNAL_DATABASE
    }
}

/// Masked, since somebody may have put a token string in the wrong place (GEN-07).
impl fmt::Debug for Grant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resource = quote(&format!("{}:{}", self.resource_type, self.name));
        write!(f, "Grant({resource}: {}, entries: {:?})", self.actions, self.entries)
    }
}

/// All grants of a token, merged, in the order in which their names first appear: what a token *says*,
/// whatever the server has. [`Access`] decides by it for a server with certain databases.
///
/// ```
/// use tokens::access::Grants;
/// use tokens::{Permission, ResourceType};
///
/// let permissions = [Permission::parse("db:*:read,write")?, Permission::parse("db:a:read")?];
/// let grants = Grants::of(permissions.iter().enumerate());
/// let on_a = grants.exact(ResourceType::Db, "a").unwrap();
/// let (by, lost) = grants.shadowed_by(on_a).unwrap();
/// assert_eq!((by.name, lost.to_string().as_str()), ("*", "write"));
/// assert_eq!(grants.iter().count(), 2);
/// # Ok::<(), tokens::PermissionError>(())
/// ```
#[derive(Clone, Default)]
pub struct Grants<'p> {
    grants: Vec<Grant<'p>>,
    index: HashMap<(ResourceType, &'p str), usize>,
}

impl<'p> Grants<'p> {
    /// Merges permissions, each with its index (ACC-02), as `token.permissions.iter().enumerate()` gives them.
    pub fn of<'a: 'p>(permissions: impl IntoIterator<Item = (usize, &'p Permission<'a>)>) -> Self {
        let mut grants = Grants::default();
        for (entry, permission) in permissions {
            for name in permission.names() {
                grants.add(permission.resource_type(), name, permission.actions(), entry);
            }
        }
        grants
    }

    fn add(&mut self, resource_type: ResourceType, name: &'p str, actions: Actions, entry: usize) {
        let next = self.grants.len();
        let index = *self.index.entry((resource_type, name)).or_insert(next);
        match self.grants.get_mut(index) {
            Some(grant) => {
                grant.actions |= actions;
                if grant.entries.last() != Some(&entry) {
                    grant.entries.push(entry);
                }
            }
            None => self.grants.push(Grant { resource_type, name, actions, entries: vec![entry] }),
        }
    }

    /// The grants, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Grant<'p>> {
        self.grants.iter()
    }

    /// The grant on exactly this name, compared byte for byte, or on `*` if that is the name. None where
    /// no permission is on it: then `*` decides, if that is there.
    pub fn exact(&self, resource_type: ResourceType, name: &str) -> Option<&Grant<'p>> {
        self.grants.get(*self.index.get(&(resource_type, name))?)
    }

    /// What `*` would give on the name of this grant, had the grant not been there (ACC-03), with the
    /// grant on `*` that loses it. None if nothing is lost; `create` never is, since a grant on a name
    /// is bound to a database that exists (ACC-04), and nothing is on `_internal` (ACC-06).
    pub fn shadowed_by(&self, grant: &Grant<'_>) -> Option<(&Grant<'p>, Actions)> {
        if grant.is_wildcard() || grant.is_internal() {
            return None;
        }
        let wildcard = self.exact(grant.resource_type, "*")?;
        let lost = wildcard.actions - grant.actions - Action::Create.into();
        (!lost.is_empty()).then_some((wildcard, lost))
    }
}

/// The databases of a server, for [`Access`]. `_internal` need not be named.
///
/// They matter since the names in permissions are resolved when tokens are created, and never again
/// (ACC-04, ACC-05). Where nothing is known of a server, [`needed_by`](Self::needed_by) is right for one
/// that was started with the file.
#[derive(Clone, Default)]
pub struct Databases<'d> {
    at_creation: HashSet<&'d str>,
    later: HashSet<&'d str>,
}

impl<'d> Databases<'d> {
    /// The databases that exist when the tokens are created, and those that are made later. One that was
    /// deleted and made again is among both: a grant on its name is lost, and `*` alone counts.
    ///
    /// ```
    /// use tokens::access::{Access, Databases, Outcome, Request};
    /// use tokens::{Action, ResourceType, Timestamp};
    ///
    /// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "n", "permissions": ["db:a,b:read"]}]}"#;
    /// let document = tokens::read(file, None).into_document().unwrap();
    /// let databases = Databases::new(["a", "b"], ["b"]);
    /// let access = Access::new(&document.tokens()[0], &databases);
    /// let (resource_type, actions) = (ResourceType::Db, Action::Read.into());
    /// let read = |name| access.decide(&Request { resource_type, name, actions }, Timestamp(0));
    /// assert_eq!([read("a").outcome, read("b").outcome], [Outcome::Allow, Outcome::Deny]);
    /// ```
    pub fn new(
        at_creation: impl IntoIterator<Item = &'d str>,
        later: impl IntoIterator<Item = &'d str>,
    ) -> Self {
        Databases {
            at_creation: at_creation.into_iter().collect(),
            later: later.into_iter().collect(),
        }
    }

    /// The fewest with which a server takes this document: all that it declares or grants on.
    pub fn needed_by(document: &'d Document<'_>) -> Self {
        let declared = document.create_databases().iter().map(|name| name.as_str());
        let permissions = document.tokens().iter().flat_map(|token| &token.permissions);
        let named = permissions
            .filter(|permission| permission.resource_type() == ResourceType::Db)
            .flat_map(Permission::names);
        Databases::new(declared.chain(named), [])
    }

    /// The same without this database, as after it was deleted: on its name `*` alone counts.
    pub fn without(mut self, name: &str) -> Self {
        self.at_creation.remove(name);
        self.later.remove(name);
        self
    }

    /// Whether a permission on this name is bound to a database that is still there: names are
    /// resolved when tokens are created, and never again (ACC-04, ACC-05).
    fn resolves(&self, name: &str) -> bool {
        self.at_creation.contains(name) && !self.later.contains(name)
    }
}

/// What a request needs. All of its actions must come from one look-up (ACC-08). One [`Action`] becomes
/// [`Actions`] by `into()`, several by `collect()`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Request<'q> {
    /// Whether it is about a database or about the server itself.
    pub resource_type: ResourceType,
    /// The name of the database (`database/retention-policy` is one of its own, ACC-09) or, for the
    /// type `system`, one of [`SYSTEM_NAMES`]. Compared byte for byte; `*` is no name here.
    pub name: &'q str,
    /// All that is to be done with it. No action implies another (ACC-10).
    pub actions: Actions,
}

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It may be done.
    Allow,
    /// The token is known and may not do it.
    Deny,
    /// The token is unknown or expired (ACC-01).
    Unauthenticated,
}

impl Outcome {
    /// `allow`, `deny` or `unauthenticated`.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::Deny => "deny",
            Outcome::Unauthenticated => "unauthenticated",
        }
    }

    /// The HTTP status that a server answers with: 200, 403 or 401.
    pub fn http_status(self) -> u16 {
        match self {
            Outcome::Allow => 200,
            Outcome::Deny => 403,
            Outcome::Unauthenticated => 401,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An answer, and why it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
}

/// Why a request was answered as it was. Indices are those of [`Token::permissions`], from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No token has this string or name (ACC-01).
    UnknownToken,
    /// The token expired at this moment (ACC-01, TOK-09).
    Expired(Timestamp),
    /// `_internal` is for admin tokens, so it is denied whatever is granted (ACC-06).
    InternalDatabase,
    /// There is no system endpoint of this name (ACC-07).
    UnknownSystemName,
    /// No permission is on the name or on `*`.
    NoGrant,
    /// The look-up found these permissions, and they decided alone (ACC-03): to allow, if nothing is
    /// missing, else to deny.
    Decided {
        /// Indices of the permissions that were merged: all on the name, or all on `*`.
        by: Vec<usize>,
        /// The actions of the request that they do not hold.
        missing: Actions,
        /// Indices of the permissions on `*` that hold all that is missing, and were never looked at;
        /// empty where nothing is shadowed.
        shadowed: Vec<usize>,
    },
}

impl Decision {
    /// The answer to a token string that no token has: [`Access`] is about a token that there is.
    pub fn unknown_token() -> Self {
        Decision { outcome: Outcome::Unauthenticated, reason: Reason::UnknownToken }
    }

    fn deny(reason: Reason) -> Self {
        Decision { outcome: Outcome::Deny, reason }
    }
}

/// A token with its grants merged and resolved, for any number of decisions, as in the [module](self).
pub struct Access<'p, 'd> {
    token: &'p Token<'p>,
    grants: Grants<'p>,
    databases: &'d Databases<'d>,
}

impl<'p, 'd> Access<'p, 'd> {
    /// Merges the grants of a token, for a server with these databases.
    pub fn new(token: &'p Token<'p>, databases: &'d Databases<'d>) -> Self {
        Access { token, grants: Grants::of(token.permissions.iter().enumerate()), databases }
    }

    /// Answers a request at a moment, which counts for the expiry. That comes first: an expired token is
    /// unauthenticated whatever it is asked for.
    pub fn decide(&self, request: &Request<'_>, now: Timestamp) -> Decision {
        if let crate::Expiry::At(moment) = self.token.expiry()
            && self.token.expiry().is_past(now)
        {
            let reason = Reason::Expired(moment);
            return Decision { outcome: Outcome::Unauthenticated, reason };
        }
        match request.resource_type {
            ResourceType::Db if request.name == INTERNAL_DATABASE => {
                Decision::deny(Reason::InternalDatabase)
            }
            ResourceType::System if !SYSTEM_NAMES.contains(&request.name) => {
                Decision::deny(Reason::UnknownSystemName)
            }
            _ => self.look_up(request),
        }
    }

    /// ACC-03: exact first, then `*`; the first found decides alone.
    fn look_up(&self, request: &Request<'_>) -> Decision {
        let resolves =
            request.resource_type == ResourceType::System || self.databases.resolves(request.name);
        let exact = self.grants.exact(request.resource_type, request.name).filter(|_| resolves);
        let wildcard = self.grants.exact(request.resource_type, "*");
        let Some(found) = exact.or(wildcard) else { return Decision::deny(Reason::NoGrant) };
        let missing = request.actions - found.actions;
        let shadowed = wildcard.filter(|wildcard| {
            exact.is_some() && !missing.is_empty() && wildcard.actions.contains_all(missing)
        });
        Decision {
            outcome: if missing.is_empty() { Outcome::Allow } else { Outcome::Deny },
            reason: Reason::Decided {
                by: found.entries.clone(),
                missing,
                shadowed: shadowed.map(|grant| grant.entries.clone()).unwrap_or_default(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Secret, TokenName};

    fn token(permissions: &[&'static str], expiry_millis: Option<i64>) -> Token<'static> {
        Token {
            secret: Secret::parse("apiv3_x").expect("prefixed"),
            name: TokenName::parse("n").expect("not empty"),
            expiry_millis,
            permissions: permissions.iter().map(|p| Permission::parse(*p).expect(p)).collect(),
        }
    }

    /// Answers `db:NAME ACTION,…` with databases `a`, `b`, `a/rp` at creation and `b`, `late` later.
    fn decide(permissions: &[&'static str], resource: &str, actions: &[Action]) -> Decision {
        let token = token(permissions, None);
        let databases = Databases::new(["a", "b", "a/rp"], ["b", "late"]);
        let (resource_type, name) = resource.split_once(':').expect("type:name");
        let request = Request {
            resource_type: ResourceType::from_name(resource_type).expect("a type"),
            name,
            actions: actions.iter().copied().collect(),
        };
        Access::new(&token, &databases).decide(&request, Timestamp(0))
    }

    #[test]
    fn the_first_found_decides_alone() {
        use Action::{Create, Delete, Read, Write};
        for (rule, permissions, resource, actions, allowed) in [
            ("ACC-02", &["db:a:read", "db:a:write"][..], "db:a", &[Read, Write][..], true),
            ("ACC-03", &["db:*:read,write", "db:a:read"], "db:a", &[Write], false),
            ("ACC-03", &["db:a:read", "db:*:read,write"], "db:a", &[Write], false),
            ("ACC-03", &["db:*:read,write", "db:a:read"], "db:other", &[Write], true),
            ("ACC-04", &["db:ghost:read"], "db:ghost", &[Read], false),
            ("ACC-04", &["db:ghost:read", "db:*:write"], "db:ghost", &[Write], true),
            ("ACC-04", &["db:new:create"], "db:new", &[Create], false),
            ("ACC-04", &["db:*:create"], "db:new", &[Create], true),
            ("ACC-05", &["db:*:read"], "db:late", &[Read], true),
            ("ACC-05", &["db:late:read"], "db:late", &[Read], false),
            ("ACC-05", &["db:b:read"], "db:b", &[Read], false),
            ("ACC-06", &["db:*:read", "db:_internal:read"], "db:_internal", &[Read], false),
            ("ACC-07", &["system:*:read"], "system:health", &[Read], true),
            ("ACC-07", &["system:ping:read"], "system:health", &[Read], false),
            ("ACC-07", &["system:*:read"], "system:other", &[Read], false),
            ("ACC-08", &["db:*:write", "db:a:read"], "db:a", &[Read, Write], false),
            ("ACC-09", &["db:a:read"], "db:a/rp", &[Read], false),
            ("ACC-10", &["db:a:write"], "db:a", &[Read], false),
            ("ACC-10", &["db:a:write"], "db:a", &[Delete], false),
            ("", &["system:*:read"], "db:a", &[Read], false),
        ] {
            let decision = decide(permissions, resource, actions);
            let expected = if allowed { Outcome::Allow } else { Outcome::Deny };
            assert_eq!(decision.outcome, expected, "{rule} {permissions:?} {resource}");
        }
    }

    #[test]
    fn a_decision_names_what_decided_and_what_was_shadowed() {
        let decision = decide(&["db:*:write", "db:b,a:read"], "db:a", &[Action::Write]);
        let reason =
            Reason::Decided { by: vec![1], missing: Action::Write.into(), shadowed: vec![0] };
        assert_eq!(decision, Decision { outcome: Outcome::Deny, reason });
    }

    #[test]
    fn every_permission_that_grants_on_the_name_has_decided_once() {
        for (permissions, by) in [
            (&["db:a:read", "db:b:read", "db:a:write"][..], vec![0, 2]),
            (&["db:a,b,a:read"], vec![0]),
        ] {
            let Reason::Decided { by: found, .. } =
                decide(permissions, "db:a", &[Action::Read]).reason
            else {
                panic!("{permissions:?} decide nothing");
            };
            assert_eq!(found, by, "{permissions:?}");
        }
    }

    #[test]
    fn a_document_needs_the_databases_that_it_declares_or_grants_on() {
        let file = br#"{"create_databases": ["a"], "tokens": [
            {"token": "apiv3_x", "name": "n", "permissions": ["db:b:read", "system:ping:read"]}]}"#;
        let reading = crate::read(file, None);
        let document = reading.document().expect("it loads");
        let databases = Databases::needed_by(&document);
        assert!(databases.resolves("a") && databases.resolves("b"));
        assert!(!databases.resolves("ping"), "this is no database");
        let databases = databases.without("b");
        assert!(databases.resolves("a") && !databases.resolves("b"));
    }

    #[test]
    fn a_grant_shows_itself_masked() {
        let permission = Permission::parse("db:apiv3_x:read").expect("valid");
        let grants = Grants::of([(0, &permission)]);
        let shown = format!("{:?}", grants.iter().next().expect("a grant"));
        assert!(shown.contains("read") && !shown.contains("apiv3_x"), "{shown}");
    }

    #[test]
    fn what_would_not_allow_it_either_is_not_called_shadowed() {
        let decision = decide(&["db:*:read", "db:a:read"], "db:a", &[Action::Write]);
        let missing = Action::Write.into();
        let reason = Reason::Decided { by: vec![1], missing, shadowed: vec![] };
        assert_eq!(decision, Decision { outcome: Outcome::Deny, reason });
    }

    #[test]
    fn only_what_all_would_have_given_there_is_lost() {
        for (permissions, lost) in [
            (&["db:a:read", "db:*:read,write,delete"][..], Some("write,delete")),
            (&["db:a:read", "db:*:create,read"], None),
            (&["db:_internal:read", "db:*:read,write"], None),
            (&["db:a:read", "system:*:read"], None),
        ] {
            let token = token(permissions, None);
            let grants = Grants::of(token.permissions.iter().enumerate());
            let first = grants.iter().next().expect("a grant");
            let found = grants.shadowed_by(first).map(|(_, lost)| lost.to_string());
            assert_eq!(found.as_deref(), lost, "{permissions:?}");
        }
    }

    #[test]
    fn an_expired_token_is_unauthenticated() {
        let token = token(&["db:*:read"], Some(5));
        let databases = Databases::default();
        let access = Access::new(&token, &databases);
        let request =
            Request { resource_type: ResourceType::Db, name: "a", actions: Action::Read.into() };
        assert_eq!(access.decide(&request, Timestamp(4)).outcome, Outcome::Allow);
        let late = access.decide(&request, Timestamp(5));
        assert_eq!(late.reason, Reason::Expired(Timestamp(5)));
        assert_eq!(late.outcome.http_status(), 401);
    }
}
