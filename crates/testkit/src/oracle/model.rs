//! The rules once more, slow and obvious: written from them and from nothing else, so that both this and
//! the reference would have to be wrong in the same way.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use tokens::Code;

use crate::generate::{Probe, World};
use crate::words::{ACTIONS, SYSTEM_NAMES};

/// What a permission means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning<'t> {
    /// `db` or `system`.
    pub resource_type: &'t str,
    /// The names as they are written, repeats included.
    pub names: Vec<&'t str>,
    /// The actions without repeats, in canonical order.
    pub actions: Vec<&'static str>,
}

impl Meaning<'_> {
    /// The canonical text (PERM-11).
    pub fn canonical(&self) -> String {
        let mut seen = HashSet::new();
        let names = self.names.iter().copied().filter(|name| seen.insert(*name));
        let names: Vec<&str> = names.collect();
        format!("{}:{}:{}", self.resource_type, names.join(","), self.actions.join(","))
    }
}

/// What a permission's text means (PERM-01 to PERM-08).
///
/// # Errors
///
/// The code of the first fault in the order shape, type, names, actions.
pub fn permission(text: &str) -> Result<Meaning<'_>, Code> {
    let parts: Vec<&str> = text.split(':').collect();
    let [resource_type, names, actions] = parts[..] else { return Err(Code::PermissionShape) };
    match resource_type {
        "db" | "system" => {}
        "*" => return Err(Code::PermissionAdminOnly),
        _ => return Err(Code::PermissionResourceType),
    }
    let names: Vec<&str> = names.split(',').collect();
    for name in &names {
        match *name {
            "" => return Err(Code::PermissionEmptyElement),
            "*" if names.len() > 1 => return Err(Code::PermissionMixedWildcard),
            "*" | "_internal" if resource_type == "db" => {}
            "*" => {}
            name if resource_type == "db" && !is_database_name(name) => {
                return Err(Code::DatabaseName);
            }
            name if resource_type == "system" && !SYSTEM_NAMES.contains(&name) => {
                return Err(Code::PermissionSystemName);
            }
            _ => {}
        }
    }
    let actions: Vec<&str> = actions.split(',').collect();
    for action in &actions {
        let known: &[&str] = if resource_type == "db" { &ACTIONS } else { &["read"] };
        match *action {
            "" => return Err(Code::PermissionEmptyElement),
            action if !known.contains(&action) => return Err(Code::PermissionAction),
            _ => {}
        }
    }
    let actions = ACTIONS.into_iter().filter(|action| actions.contains(action)).collect();
    Ok(Meaning { resource_type, names, actions })
}

/// DB-01.
pub fn is_database_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    };
    let begins_well = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    let parts: Vec<&str> = name.split('/').collect();
    (1..=511).contains(&name.len())
        && parts.len() <= 2
        && parts.into_iter().all(is_part)
        && begins_well
}

/// A file as serde's derive reads it: the yardstick for everything but the grammar.
#[derive(Debug, Deserialize)]
pub struct File {
    /// DOC-08.
    #[serde(default)]
    pub create_databases: Option<Vec<String>>,
    /// DOC-06.
    pub tokens: Vec<Token>,
}

/// A token object as serde's derive reads it.
#[derive(Debug, Deserialize)]
pub struct Token {
    /// TOK-01.
    pub token: String,
    /// TOK-05.
    pub name: String,
    /// TOK-08.
    pub expiry_millis: Option<i64>,
    /// TOK-10.
    pub permissions: Vec<String>,
}

/// The file that a text is, if its JSON and the types of its members are as they should be.
pub fn file(bytes: &[u8]) -> Option<File> {
    serde_json::from_str(std::str::from_utf8(bytes).ok()?).ok()
}

/// DOC-06: serde takes an array for an object, the reference does not.
pub fn is_positional(bytes: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else { return true };
    let tokens = value.get("tokens").and_then(serde_json::Value::as_array);
    value.is_array() || tokens.is_some_and(|tokens| tokens.iter().any(serde_json::Value::is_array))
}

impl File {
    /// Whether a server loads it, given that its members have the right types.
    pub fn loads(&self) -> bool {
        let are_unique = |texts: Vec<&str>| {
            let count = texts.len();
            texts.into_iter().collect::<HashSet<_>>().len() == count
        };
        let tokens = &self.tokens;
        self.create_databases.iter().flatten().all(|name| is_database_name(name))
            && tokens.iter().all(|token| {
                token.token.starts_with("apiv3_")
                    && !token.name.is_empty()
                    && token.permissions.iter().all(|text| permission(text).is_ok())
            })
            && are_unique(tokens.iter().map(|token| token.name.as_str()).collect())
            && are_unique(tokens.iter().map(|token| token.token.as_str()).collect())
    }
}

/// What a request in a world comes to (ACC-01 to ACC-10): `allow`, `deny` or `unauthenticated`.
pub fn decision(world: &World, probe: &Probe) -> &'static str {
    // ACC-01, TOK-09
    let expiry = world.expiry_millis.filter(|millis| *millis != i64::MAX);
    if expiry.is_some_and(|expiry| expiry <= world.now) {
        return "unauthenticated";
    }
    let (kind, name) = (probe.resource_type, probe.name);
    // ACC-06
    if kind == "db" && name == "_internal" {
        return "deny";
    }
    // ACC-07
    if kind == "system" && !SYSTEM_NAMES.contains(&name) {
        return "deny";
    }
    // ACC-02: the actions of all entries on one name, or none if there is no entry.
    let mut granted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for grant in world.permissions.iter().filter(|grant| grant.resource_type() == kind) {
        for name in grant.names() {
            granted.entry(name).or_default().extend(&grant.actions);
        }
    }
    // ACC-04, ACC-05: a name is bound to a database that was there at creation and is no newer one.
    let bound =
        kind == "system" || (world.at_creation.contains(&name) && !world.later.contains(&name));
    // ACC-03: exact first, then `*`; the first found decides alone.
    let found = granted.get(name).filter(|_| bound).or_else(|| granted.get("*"));
    // ACC-08, ACC-10
    match found {
        Some(actions) if probe.actions.iter().all(|action| actions.contains(action)) => "allow",
        _ => "deny",
    }
}
