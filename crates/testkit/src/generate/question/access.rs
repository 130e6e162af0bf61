//! Requests to a server with the tokens of a file.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, SECRETS, pool};
use crate::shrink::{Shrink, shorter, shrink_fields};
use crate::source::{list, one_in, pick};
use crate::words::ACTIONS;

/// What tokens may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessQuestion {
    /// The file.
    pub file: File,
    /// The databases that are there when the tokens are created.
    pub databases: Vec<&'static str>,
    /// Those that are made later.
    pub later: Vec<&'static str>,
    /// The moment of the requests, in milliseconds, not negative.
    pub now: i64,
    /// The requests.
    pub asked: Vec<Asked>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The token string, which may be no token's.
    pub token: String,
    /// `db` or `system`.
    pub resource_type: &'static str,
    /// The name.
    pub name: &'static str,
    /// The actions, one or more.
    pub actions: Vec<&'static str>,
}

impl Asked {
    fn of(u: &mut Unstructured<'_>, secrets: &[&str], names: &[&'static str]) -> Result<Self> {
        let token = match u.choose(secrets) {
            Ok(secret) if !one_in(u, 6)? => near(u, secret)?,
            _ => pick(u, &SECRETS)?.to_owned(),
        };
        let resource_type = if one_in(u, 5)? { "system" } else { "db" };
        let of_system = (resource_type == "system") != one_in(u, 12)?;
        let name = match of_system {
            true => pick(u, &["health", "metrics", "ping", "ready", "info"])?,
            false if one_in(u, 5)? => {
                pick(u, &["_internal", "_internal", "nowhere", "a/rp", "ab"])?
            }
            false => pick(u, names)?,
        };
        let first = match name {
            "nowhere" if bool::arbitrary(u)? => "create",
            _ if bool::arbitrary(u)? => "read",
            _ => pick(u, &ACTIONS)?,
        };
        let more = if one_in(u, 5)? { list(u, 2, |u| pick(u, &ACTIONS))? } else { Vec::new() };
        let actions = std::iter::once(first).chain(more).collect();
        Ok(Asked { token, resource_type, name, actions })
    }
}

/// The string, or one that some program takes for the same.
fn near(u: &mut Unstructured<'_>, secret: &str) -> Result<String> {
    if !one_in(u, 8)? {
        return Ok(secret.to_owned());
    }
    let part = secret.strip_prefix("apiv3_").unwrap_or(secret);
    Ok(match u.int_in_range(0..=6)? {
        0 => secret.to_lowercase(),
        1 => format!("{secret} "),
        2 => format!("{secret}x"),
        3 => secret.chars().take(secret.chars().count().saturating_sub(2)).collect(),
        4 => part.to_owned(),
        5 => format!("apiv2_{part}"),
        _ => format!("Bearer {secret}"),
    })
}

impl<'a> Arbitrary<'a> for AccessQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let names = pool(u)?;
        let file = File::mostly_good(u, names)?;
        let (mut databases, mut later) = (Vec::new(), Vec::new());
        for name in names {
            match u.int_in_range(0..=4)? {
                0 => {}
                1 => later.push(*name),
                _ => databases.push(*name),
            }
        }
        let now = file.moment(u)?.max(0);
        let secrets = file.secrets();
        let mut asked = list(u, 12, |u| Asked::of(u, &secrets, names))?;
        // Nothing decides what it is to create what exists (ACC-04).
        asked.retain(|asked| {
            let exists = databases.contains(&asked.name) || later.contains(&asked.name);
            !(exists && asked.resource_type == "db" && asked.actions.contains(&"create"))
        });
        Ok(AccessQuestion { databases, later, now, asked, file })
    }
}

impl Shrink for Asked {
    fn simpler(&self) -> Vec<Self> {
        let fewer = shorter(&self.actions).into_iter().filter(|actions| !actions.is_empty());
        fewer.map(|actions| Asked { actions, ..self.clone() }).collect()
    }
}

shrink_fields!(AccessQuestion { asked, databases, later, file, now });
