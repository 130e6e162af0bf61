//! The rules once more, slow and obvious: written from them and from nothing else, so that both this and
//! the reference would have to be wrong in the same way.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use tokens::access::Reason;
use tokens::{Action, Code, Timestamp};

use crate::generate::{Grant, Probe, World};
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
#[derive(serde::Deserialize)]
pub struct File {
    /// DOC-08.
    #[serde(default)]
    pub create_databases: Option<Vec<String>>,
    /// DOC-06.
    #[serde(deserialize_with = "objects")]
    pub tokens: Vec<Token>,
}

/// A token object as serde's derive reads it.
#[derive(serde::Deserialize)]
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
    let file: Object<File> = serde_json::from_str(std::str::from_utf8(bytes).ok()?).ok()?;
    Some(file.0)
}

/// DOC-06: an object and nothing else. serde's derive alone takes an array for one too, as the server does.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }
        value.deserialize_map(Members(PhantomData)).map(Object)
    }
}

fn objects<'de, D: Deserializer<'de>>(array: D) -> Result<Vec<Token>, D::Error> {
    let objects = Vec::<Object<Token>>::deserialize(array)?;
    Ok(objects.into_iter().map(|object| object.0).collect())
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

/// What a request in a world comes to (ACC-01): `allow`, `deny` or `unauthenticated`.
pub fn decision(world: &World, probe: &Probe) -> &'static str {
    match reason(world, probe) {
        Reason::UnknownToken | Reason::Expired(_) => "unauthenticated",
        Reason::Decided { missing, .. } if missing.is_empty() => "allow",
        _ => "deny",
    }
}

/// Why it comes to that (ACC-01 to ACC-10).
pub fn reason(world: &World, probe: &Probe) -> Reason {
    let (permissions, kind, name) = (&world.permissions, probe.resource_type, probe.name);
    // ACC-01, TOK-09
    let expiry = world.expiry_millis.filter(|millis| *millis != i64::MAX);
    if let Some(expiry) = expiry.filter(|expiry| *expiry <= world.now) {
        return Reason::Expired(Timestamp(expiry));
    }
    // ACC-06
    if is_internal(kind, name) {
        return Reason::InternalDatabase;
    }
    // ACC-07
    if kind == "system" && !SYSTEM_NAMES.contains(&name) {
        return Reason::UnknownSystemName;
    }
    // ACC-04, ACC-05: a name is bound to a database that was there at creation and is no newer one.
    let is_bound =
        kind == "system" || (world.at_creation.contains(&name) && !world.later.contains(&name));
    // ACC-03: exact first, then `*`; the first found decides alone.
    let exact = if is_bound { entries_on(permissions, kind, name) } else { Vec::new() };
    let wildcard = entries_on(permissions, kind, "*");
    let by = if exact.is_empty() { wildcard.clone() } else { exact };
    if by.is_empty() {
        return Reason::NoGrant;
    }
    // ACC-08, ACC-10
    let mut missing = probe.actions.clone();
    missing.retain(|action| !actions_of(permissions, &by).contains(action));
    let would_do = actions_of(permissions, &wildcard);
    let is_shadowed = !missing.is_empty() && missing.iter().all(|action| would_do.contains(action));
    Reason::Decided {
        by,
        missing: missing.into_iter().filter_map(Action::from_name).collect(),
        shadowed: if is_shadowed { wildcard } else { Vec::new() },
    }
}

/// ACC-06.
fn is_internal(kind: &str, name: &str) -> bool {
    kind == "db" && name == "_internal"
}

/// Which permissions are on a name or on `*`.
fn entries_on(permissions: &[Grant], kind: &str, name: &str) -> Vec<usize> {
    let is_on = |grant: &Grant| grant.resource_type() == kind && grant.names().contains(&name);
    (0..permissions.len()).filter(|entry| is_on(&permissions[*entry])).collect()
}

/// ACC-02: the actions of some permissions, united.
fn actions_of(permissions: &[Grant], entries: &[usize]) -> Vec<&'static str> {
    let has = |action: &str| entries.iter().any(|at| permissions[*at].actions.contains(&action));
    ACTIONS.into_iter().filter(|action| has(action)).collect()
}

/// What a token may do on one name or on `*`.
#[derive(Debug, PartialEq, Eq)]
pub struct Effective<'w> {
    /// `db` or `system`.
    pub resource_type: &'static str,
    /// The name, or `*`.
    pub name: &'w str,
    /// Which permissions are on it (ACC-02).
    pub entries: Vec<usize>,
    /// What they allow together, in canonical order.
    pub actions: Vec<&'static str>,
    /// What `*` would give there besides (ACC-03), and which permissions are on `*`; none if nothing.
    pub shadows: Option<(Vec<usize>, Vec<&'static str>)>,
}

/// What a token may do, in the order in which names first appear.
pub fn effective(permissions: &[Grant]) -> Vec<Effective<'_>> {
    let named = permissions
        .iter()
        .flat_map(|grant| grant.names().into_iter().map(|name| (grant.resource_type(), name)));
    let mut seen = HashSet::new();
    let distinct = named.filter(|named| seen.insert(*named));
    distinct.map(|(kind, name)| effective_on(permissions, kind, name)).collect()
}

fn effective_on<'w>(
    permissions: &[Grant],
    resource_type: &'static str,
    name: &'w str,
) -> Effective<'w> {
    let entries = entries_on(permissions, resource_type, name);
    let actions = actions_of(permissions, &entries);
    let wildcard = entries_on(permissions, resource_type, "*");
    let mut lost = actions_of(permissions, &wildcard);
    // ACC-04: a grant on a name is on a database that is there, so `create` would not help. ACC-06: what is
    // denied to all is not lost.
    lost.retain(|action| {
        !actions.contains(action) && *action != "create" && !is_internal(resource_type, name)
    });
    let shadows = (!lost.is_empty()).then_some((wildcard, lost));
    Effective { resource_type, name, entries, actions, shadows }
}
