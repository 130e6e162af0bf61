//! Requests to a server with the tokens of a file.

use std::collections::BTreeSet;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::file::{File, SECRETS, pool};
use super::twist::Twist;
use crate::generate::Spelling;
use crate::generate::document::Databases;
use crate::generate::grant::Grant;
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
            false if one_in(u, 5)? => pick(u, &["_internal", "_internal", NOWHERE, "a/rp", "ab"])?,
            false => pick(u, names)?,
        };
        let first = match name {
            NOWHERE if bool::arbitrary(u)? => "create",
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

/// A database that there is not.
const NOWHERE: &str = "nowhere";

/// Names that some program takes for the same.
const NEAR: [[&str; 2]; 6] =
    [["a", "a/autogen"], ["a/autogen", "a"], ["a/rp", "a"], ["A", "a"], ["a", "ab"], ["1", "01"]];

impl AccessQuestion {
    /// Databases that are nearly the same, a grant on one of them, and every token asked for each action on
    /// every name there is.
    pub(super) fn in_turn(mut self, turn: usize) -> Self {
        let mut document = self.file.good();
        let near = turn.checked_rem(NEAR.len()).and_then(|at| NEAR.get(at));
        if let (Some([granted, other]), Some(token)) = (near, document.tokens.first_mut()) {
            token.permissions.push(Grant::on(&[granted], &["read"]));
            self.later.retain(|name| name != granted && name != other);
            self.databases.extend([granted, other]);
        }
        // Declared is not made yet, and a grant on it is on nothing (ACC-05).
        document.databases = Databases::Listed(vec![NOWHERE.to_owned()]);
        if let (Some(token), 0) = (document.tokens.last_mut(), turn % 2) {
            token.permissions.push(Grant::on(&[NOWHERE], &["read"]));
        }
        self.file = File::Small(document, Spelling::default(), Twist::None);
        let databases = self.databases.iter().chain(&self.later).chain(&["_internal", NOWHERE]);
        let on_databases = databases.flat_map(|name| ACTIONS.map(|action| ("db", *name, action)));
        let on_system = ["health", "metrics", "ping", "ready", "info"]
            .iter()
            .flat_map(|name| ["read", "write"].map(|action| ("system", *name, action)));
        let all: Vec<_> = on_databases.chain(on_system).collect();
        let secrets: BTreeSet<&str> = self.file.secrets().into_iter().collect();
        let asked = secrets.iter().flat_map(|secret| {
            all.iter().map(|(resource_type, name, action)| Asked {
                token: (*secret).to_owned(),
                resource_type,
                name,
                actions: vec![action],
            })
        });
        self.asked = asked.collect();
        self.without_what_is_open()
    }

    /// Nothing decides what it is to create what exists (ACC-04).
    fn without_what_is_open(mut self) -> Self {
        let AccessQuestion { databases, later, asked, .. } = &mut self;
        asked.retain(|asked| {
            let exists = databases.contains(&asked.name) || later.contains(&asked.name);
            !(exists && asked.resource_type == "db" && asked.actions.contains(&"create"))
        });
        self
    }
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
        let asked = list(u, 12, |u| Asked::of(u, &secrets, names))?;
        Ok(AccessQuestion { databases, later, now, asked, file }.without_what_is_open())
    }
}

impl Shrink for Asked {
    fn simpler(&self) -> Vec<Self> {
        let fewer = shorter(&self.actions).into_iter().filter(|actions| !actions.is_empty());
        fewer.map(|actions| Asked { actions, ..self.clone() }).collect()
    }
}

shrink_fields!(AccessQuestion { asked, databases, later, file, now });
