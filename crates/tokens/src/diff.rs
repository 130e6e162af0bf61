//! What differs between two files: databases, and tokens by name, with what they may do.
//!
//! Layout, order and spelling do not count: two files that mean the same differ in nothing. So this is
//! what a server would notice of a change, as a reviewer wants to see it, and no secret is in it.
//!
//! ```
//! use tokens::diff::diff;
//!
//! let a = br#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": ["db:a,b:write,read"]}]}"#;
//! let b = br#"{"tokens": [{"name": "app", "permissions": ["db:b:read,write", "db:a:read,write"],
//!     "token": "apiv3_x", "expiry_millis": null}]}"#;
//! let (a, b) = (tokens::read(a, None), tokens::read(b, None));
//! let (a, b) = (a.document().expect("it loads"), b.document().expect("it loads"));
//! let same = diff((a.create_databases(), a.tokens()), (b.create_databases(), b.tokens()));
//! assert!(same.is_empty());
//! ```

use std::collections::{HashMap, HashSet};

use crate::access::{Grant, Grants};
use crate::{Actions, DatabaseName, ResourceType, Token};

/// What became of one file in another. Made by [`diff`].
#[derive(Clone, Debug, Default)]
pub struct Diff<'d> {
    /// Databases that only the old file declares, in its order.
    pub removed_databases: Vec<&'d str>,
    /// Databases that only the new file declares, in its order.
    pub added_databases: Vec<&'d str>,
    /// Tokens that differ: those of the old file in its order, then those that are new in theirs.
    pub tokens: Vec<TokenDiff<'d>>,
}

/// What became of a token, which is known by its name.
#[derive(Clone, Debug)]
pub enum TokenDiff<'d> {
    /// The new file has none of this name.
    Removed(&'d Token<'d>),
    /// The old file has none of this name.
    Added(&'d Token<'d>),
    /// Both have one, and they differ in string, expiry or grants.
    Changed {
        /// The token of the old file.
        old: &'d Token<'d>,
        /// That of the new one.
        new: &'d Token<'d>,
        /// The grants that differ; none, where only string or expiry do.
        grants: Vec<GrantDiff<'d>>,
    },
}

/// What became of the actions that a token may do with one name, or with `*`, all its permissions
/// together (ACC-02).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantDiff<'d> {
    /// Whether it is about databases or about the server itself.
    pub resource_type: ResourceType,
    /// The name, or `*`.
    pub name: &'d str,
    /// What was granted; none if there was no grant.
    pub old: Option<Actions>,
    /// What is granted now; none if there is no grant any more.
    pub new: Option<Actions>,
}

impl Diff<'_> {
    /// Whether the files mean the same.
    pub fn is_empty(&self) -> bool {
        self.removed_databases.is_empty()
            && self.added_databases.is_empty()
            && self.tokens.is_empty()
    }
}

/// What differs, each side given with the databases that it declares and its tokens: as
/// `(document.create_databases(), document.tokens())` of a [`Document`](crate::Document), or as
/// `(&[], &tokens)` of what no file holds yet. In time that grows with both sides together.
///
/// ```
/// use tokens::diff::{TokenDiff, diff};
///
/// let old = br#"{"tokens": [{"token": "apiv3_x", "name": "a", "permissions": ["db:b:read,write"]}]}"#;
/// let new = br#"{"create_databases": ["b"], "tokens": [
///     {"token": "apiv3_x", "name": "a", "permissions": ["db:b:read", "system:*:read"]}]}"#;
/// let (old, new) = (tokens::read(old, None), tokens::read(new, None));
/// let (old, new) = (old.document().unwrap(), new.document().unwrap());
/// let diff = diff(
///     (old.create_databases(), old.tokens()),
///     (new.create_databases(), new.tokens()),
/// );
/// assert_eq!(diff.added_databases, ["b"]);
/// let [TokenDiff::Changed { grants, .. }] = diff.tokens.as_slice() else { panic!() };
/// let names: Vec<_> = grants.iter().map(|grant| grant.name).collect();
/// assert_eq!(names, ["b", "*"]);
/// ```
pub fn diff<'d>(
    (old_databases, old): (&'d [DatabaseName<'d>], &'d [Token<'d>]),
    (new_databases, new): (&'d [DatabaseName<'d>], &'d [Token<'d>]),
) -> Diff<'d> {
    let in_new = by_name(new);
    let in_old = by_name(old);
    let of_old = old.iter().filter_map(|token| match in_new.get(token.name.as_str()) {
        Some(new) => changed(token, new),
        None => Some(TokenDiff::Removed(token)),
    });
    let added = new.iter().filter(|token| !in_old.contains_key(token.name.as_str()));
    Diff {
        removed_databases: only_in(old_databases, new_databases),
        added_databases: only_in(new_databases, old_databases),
        tokens: of_old.chain(added.map(TokenDiff::Added)).collect(),
    }
}

fn by_name<'d>(tokens: &'d [Token<'d>]) -> HashMap<&'d str, &'d Token<'d>> {
    tokens.iter().map(|token| (token.name.as_str(), token)).collect()
}

/// Names that one list has and the other has not, each once.
fn only_in<'d>(these: &'d [DatabaseName<'d>], others: &[DatabaseName<'_>]) -> Vec<&'d str> {
    let mut seen: HashSet<&str> = others.iter().map(DatabaseName::as_str).collect();
    these.iter().map(DatabaseName::as_str).filter(|name| seen.insert(name)).collect()
}

fn changed<'d>(old: &'d Token<'d>, new: &'d Token<'d>) -> Option<TokenDiff<'d>> {
    let grants = grants(old, new);
    let is_same = grants.is_empty() && old.secret == new.secret && old.expiry() == new.expiry();
    (!is_same).then_some(TokenDiff::Changed { old, new, grants })
}

/// The grants that differ: those of the old token in their order, then those that are new.
fn grants<'d>(old: &'d Token<'d>, new: &'d Token<'d>) -> Vec<GrantDiff<'d>> {
    let merged = |token: &'d Token<'d>| Grants::of(token.permissions.iter().enumerate());
    let (before, after) = (merged(old), merged(new));
    let actions = |grants: &Grants<'d>, of: &Grant<'d>| {
        grants.exact(of.resource_type, of.name).map(|grant| grant.actions)
    };
    let is_new = |grant: &&Grant<'d>| actions(&before, grant).is_none();
    let all = before.iter().chain(after.iter().filter(is_new));
    let diffs = all.map(|grant| GrantDiff {
        resource_type: grant.resource_type,
        name: grant.name,
        old: actions(&before, grant),
        new: actions(&after, grant),
    });
    diffs.filter(|diff| diff.old != diff.new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn document(json: &str) -> Document<'_> {
        crate::read(json.as_bytes(), None).into_document().expect(json)
    }

    fn compared<'d>(old: &'d Document<'d>, new: &'d Document<'d>) -> Diff<'d> {
        diff((old.create_databases(), old.tokens()), (new.create_databases(), new.tokens()))
    }

    fn token(secret: &str, name: &str, more: &str) -> String {
        format!(r#"{{"token": "apiv3_{secret}", "name": "{name}", {more}}}"#)
    }

    #[test]
    fn what_means_the_same_differs_in_nothing() {
        let [a, b] = ["a", "b"]
            .map(|name| token(name, name, r#""permissions": ["db:x,y:read", "db:x:write"]"#));
        let old = format!(r#"{{"create_databases": ["x", "y"], "tokens": [{a}, {b}]}}"#);
        let b = token(
            "b",
            "b",
            r#""expiry_millis": null, "permissions": ["db:y:read", "db:x:write,read"]"#,
        );
        let new = format!(r#"{{"tokens": [{b}, {a}], "create_databases": ["y", "x", "y"]}}"#);
        let (old, new) = (document(&old), document(&new));
        assert!(compared(&old, &new).is_empty());
    }

    #[test]
    fn databases_and_tokens_come_and_go() {
        let [a, b, c] = ["a", "b", "c"].map(|name| token(name, name, r#""permissions": []"#));
        let old = format!(r#"{{"create_databases": ["x", "y", "x"], "tokens": [{a}, {b}]}}"#);
        let new = format!(r#"{{"create_databases": ["z", "y", "z"], "tokens": [{c}, {b}]}}"#);
        let (old, new) = (document(&old), document(&new));
        let diff = compared(&old, &new);
        assert_eq!((&diff.removed_databases, &diff.added_databases), (&vec!["x"], &vec!["z"]));
        for only in [
            Diff { removed_databases: vec!["x"], ..Diff::default() },
            Diff { added_databases: vec!["x"], ..Diff::default() },
            Diff { tokens: diff.tokens.clone(), ..Diff::default() },
        ] {
            assert!(!only.is_empty(), "{only:?}");
        }
        let [TokenDiff::Removed(removed), TokenDiff::Added(added)] = diff.tokens.as_slice() else {
            panic!("{:?}", diff.tokens)
        };
        assert_eq!((removed.name.as_str(), added.name.as_str()), ("a", "c"));
    }

    #[test]
    fn of_a_token_string_expiry_and_each_grant_may_differ() {
        let old = token("a", "n", r#""permissions": ["db:b,c:read", "system:*:read"]"#);
        for (new, grants) in [
            (token("z", "n", r#""permissions": ["system:*:read", "db:c,b:read"]"#), vec![]),
            (
                token(
                    "a",
                    "n",
                    r#""expiry_millis": 5, "permissions": ["system:*:read", "db:c,b:read"]"#,
                ),
                vec![],
            ),
            (
                token(
                    "a",
                    "n",
                    r#""permissions": ["system:*:read", "db:b:read,write", "db:*:read"]"#,
                ),
                vec!["db:b read -> read,write", "db:c read -> -", "db:* - -> read"],
            ),
        ] {
            let (old, new) =
                (format!(r#"{{"tokens": [{old}]}}"#), format!(r#"{{"tokens": [{new}]}}"#));
            let (old, new) = (document(&old), document(&new));
            let diff = compared(&old, &new);
            let [TokenDiff::Changed { grants: found, .. }] = diff.tokens.as_slice() else {
                panic!("{:?}", diff.tokens)
            };
            let words =
                |actions: Option<Actions>| actions.map_or("-".to_owned(), |a| a.to_string());
            let found = found.iter().map(|grant| {
                let GrantDiff { resource_type, name, old, new } = grant;
                format!("{resource_type}:{name} {} -> {}", words(*old), words(*new))
            });
            assert_eq!(found.collect::<Vec<_>>(), grants);
        }
    }
}
