//! Documents that nothing is to be said about: the ground that faults are put into.

use std::collections::BTreeMap;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::document::{Databases, Document, Expiry, TokenModel};
use super::grant::{Grant, Names};
use super::tree::Json;
use crate::shrink::Shrink;
use crate::source::{list, one_in, pick};
use crate::words::{ACTIONS, SYSTEM_NAMES};

/// The present moment in generated worlds, in milliseconds.
pub const NOW: i64 = 1_800_000_000_000;

/// A document without a finding. It declares a database, holds a token, and each token a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean(pub Document);

/// Names of which none is a slip of the finger away from another.
const DATABASES: [&str; 6] = ["sensors", "audit-7", "W4", "plant/30d", "0x", "b_-/_"];

/// A token string that no check has anything to say about.
pub(crate) fn strong_secret(number: usize) -> String {
    format!("apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1V-{number}")
}

fn token(u: &mut Unstructured<'_>, number: usize, databases: &[&str]) -> Result<TokenModel> {
    let name = super::name::token_name(u)?;
    Ok(TokenModel {
        secret: strong_secret(number),
        name: format!("{name}{number}"),
        expiry: match u.int_in_range(0..=3)? {
            0 => Expiry::Absent,
            1 => Expiry::Null,
            2 => Expiry::At(pick(u, &[NOW + 1_000_000_000, i64::MAX - 1, i64::MAX])?),
            _ => Expiry::At(u.int_in_range(NOW + 1_000_000_000..=i64::MAX)?),
        },
        permissions: permissions(u, databases)?,
        unknown: remarks(u)?,
        order: list(u, 6, u8::arbitrary)?,
    })
}

/// Grants of which none gives what another one gives (PERM-09), whichever comes first. Where a name meets
/// `*` it holds all that `*` does (ACC-03).
fn permissions(u: &mut Unstructured<'_>, databases: &[&str]) -> Result<Vec<Grant>> {
    let mut grants = on_databases(u, databases)?;
    if one_in(u, 3)? {
        grants.extend(on_system(u)?);
    }
    let front = u.int_in_range(0..=grants.len() - 1)?;
    grants.rotate_left(front);
    Ok(grants)
}

/// Grants on all databases, on some by name, or on both.
fn on_databases(u: &mut Unstructured<'_>, databases: &[&str]) -> Result<Vec<Grant>> {
    let (actions, mut grants, mut least) = (actions(u)?, Vec::new(), 1);
    if one_in(u, 3)? {
        least = u.int_in_range(1..=actions.len())?;
        let mut of_all = actions[..least].to_vec();
        // ACC-04: it means nothing on a name, so no name lacks it.
        if !of_all.contains(&"create") && bool::arbitrary(u)? {
            of_all.push("create");
        }
        grants.extend(shared(u, &["*"], &of_all)?);
    }
    for names in databases.chunks(u.int_in_range(1..=3)?) {
        if grants.is_empty() || bool::arbitrary(u)? {
            let mut of_names = actions[..u.int_in_range(least..=actions.len())?].to_vec();
            // ACC-04: alone it means nothing.
            if of_names == ["create"] {
                of_names.push("read");
            }
            grants.extend(shared(u, names, &of_names)?);
        }
    }
    Ok(grants)
}

fn on_system(u: &mut Unstructured<'_>) -> Result<Vec<Grant>> {
    let count = u.int_in_range(1..=SYSTEM_NAMES.len())?;
    let names = SYSTEM_NAMES[..count].iter().map(|name| (*name).to_owned()).collect();
    let grants = [Names::System(names), Names::AllSystem]
        .map(|names| Grant { names, actions: vec!["read"] });
    let some = [&grants[..1], &grants[1..], &grants];
    Ok(pick(u, &some)?.to_vec())
}

/// One grant or two on the same names, which share the actions between them.
fn shared(
    u: &mut Unstructured<'_>,
    names: &[&str],
    actions: &[&'static str],
) -> Result<Vec<Grant>> {
    let (first, second) = actions.split_at(u.int_in_range(0..=actions.len())?);
    let parts = [first, second];
    let is_one = parts.iter().any(|part| part.is_empty() || *part == ["create"]);
    let parts = if is_one { &[actions][..] } else { &parts };
    Ok(parts.iter().map(|part| Grant::on(names, part)).collect())
}

/// Different actions, in any order.
fn actions(u: &mut Unstructured<'_>) -> Result<Vec<&'static str>> {
    let turn = u.int_in_range(0..=4)?;
    let mut actions = ACTIONS;
    actions.rotate_left(turn);
    Ok(actions[..u.int_in_range(1..=5)?].to_vec())
}

/// Members that are remarks, which pass silently (DOC-05).
fn remarks(u: &mut Unstructured<'_>) -> Result<Vec<(String, Json)>> {
    list(u, 2, |u| {
        Ok((pick(u, &["_", "_x", "$schema", "description"])?.to_owned(), Json::arbitrary(u)?))
    })
}

impl<'a> Arbitrary<'a> for Clean {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let count = u.int_in_range(1..=DATABASES.len())?;
        let databases = &DATABASES[..count];
        let listed = databases.iter().map(|name| (*name).to_owned()).collect();
        let tokens = (0..u.int_in_range(1..=3)?).map(|number| token(u, number, databases));
        Ok(Clean(Document {
            tokens: tokens.collect::<Result<_>>()?,
            databases: Databases::Listed(listed),
            unknown: remarks(u)?,
            order: list(u, 5, u8::arbitrary)?,
        }))
    }
}

impl Shrink for Clean {
    fn simpler(&self) -> Vec<Self> {
        self.0.simpler().into_iter().filter(is_clean).map(Clean).collect()
    }
}

/// Whether what the type promises holds of a simpler document, by its parts.
fn is_clean(document: &Document) -> bool {
    let declared = document.databases.names();
    !declared.is_empty()
        && !document.tokens.is_empty()
        && document.tokens.iter().all(|token| {
            token.secret.len() >= strong_secret(0).len()
                && token.secret.starts_with("apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1V-")
                && token.name != "_admin"
                && token.expiry.millis().is_none_or(|millis| millis >= NOW + 1_000_000_000)
                && !token.permissions.is_empty()
                && token.permissions.iter().all(|grant| is_clean_grant(grant, declared))
                && are_at_peace(&token.permissions)
        })
        && are_distinct(declared)
}

fn is_clean_grant(grant: &Grant, declared: &[String]) -> bool {
    match &grant.names {
        Names::Databases(names) => {
            grant.actions != ["create"] && names.iter().all(|name| declared.contains(name))
        }
        _ => true,
    }
}

fn are_distinct<T: PartialEq>(all: &[T]) -> bool {
    all.iter().enumerate().all(|(at, one)| !all[..at].contains(one))
}

/// Whether no action is granted on a name twice (PERM-09), and each name holds what `*` gives (ACC-03).
fn are_at_peace(grants: &[Grant]) -> bool {
    let mut granted: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for grant in grants {
        for name in grant.names() {
            let actions = granted.entry((grant.resource_type(), name)).or_default();
            actions.extend(&grant.actions);
        }
    }
    granted.iter().all(|((of, _), actions)| {
        let mut all = granted.get(&(*of, "*")).into_iter().flatten();
        are_distinct(actions) && all.all(|action| *action == "create" || actions.contains(action))
    })
}
