//! Documents that nothing is to be said about: the ground that faults are put into.

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

/// One grant on all databases, or grants on some of which none names what another does.
fn permissions(u: &mut Unstructured<'_>, databases: &[&str]) -> Result<Vec<Grant>> {
    let mut grants = Vec::new();
    if one_in(u, 3)? {
        grants.push(Grant { names: Names::AllDatabases, actions: actions(u)? });
    } else {
        for chunk in databases.chunks(u.int_in_range(1..=3)?) {
            if grants.is_empty() || bool::arbitrary(u)? {
                let mut grant = Grant::on(chunk, &actions(u)?);
                // ACC-04: `create` alone on a name means nothing.
                if grant.actions == ["create"] {
                    grant.actions.push("read");
                }
                grants.push(grant);
            }
        }
    }
    if one_in(u, 3)? {
        let count = u.int_in_range(1..=4)?;
        let names = SYSTEM_NAMES[..count].iter().map(|name| (*name).to_owned()).collect();
        let names = if one_in(u, 3)? { Names::AllSystem } else { Names::System(names) };
        grants.push(Grant { names, actions: vec!["read"] });
    }
    Ok(grants)
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
                && are_apart(&token.permissions)
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

fn are_distinct(names: &[String]) -> bool {
    names.iter().enumerate().all(|(at, name)| !names[..at].contains(name))
}

/// Whether no two grants meet: neither in a name nor one of them on all.
fn are_apart(grants: &[Grant]) -> bool {
    let names = |kind| {
        let of_kind = grants.iter().filter(move |grant| grant.resource_type() == kind);
        of_kind.flat_map(|grant| grant.names()).map(str::to_owned).collect::<Vec<_>>()
    };
    ["db", "system"].into_iter().map(names).all(|names| {
        are_distinct(&names) && (names.len() < 2 || !names.iter().any(|name| name == "*"))
    })
}
