//! A token, the databases of a server, a moment, and requests.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::grant::Grant;
use crate::shrink::{Shrink, shorter, shrink_fields};
use crate::source::{list, one_in, pick};
use crate::words::{ACTIONS, SYSTEM_NAMES};

/// A world in which a token is used.
#[derive(Clone, PartialEq, Eq)]
pub struct World {
    /// What the token may do.
    pub permissions: Vec<Grant>,
    /// The databases that were there when the token was created.
    pub at_creation: Vec<&'static str>,
    /// The databases that were made since, some of them anew.
    pub later: Vec<&'static str>,
    /// When the token expires.
    pub expiry_millis: Option<i64>,
    /// The present moment.
    pub now: i64,
    /// What is asked.
    pub probes: Vec<Probe>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// `db` or `system`.
    pub resource_type: &'static str,
    /// The name.
    pub name: &'static str,
    /// The actions that it needs, one or more.
    pub actions: Vec<&'static str>,
}

/// The names of databases, few, so that they meet; `other` is granted by name to no one.
const DATABASES: [&str; 9] = ["a", "a", "a", "b", "b", "a/rp", "c", "_internal", "other"];

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permissions: Vec<String> = self.permissions.iter().map(Grant::text).collect();
        f.debug_struct("World")
            .field("permissions", &permissions)
            .field("at_creation", &self.at_creation)
            .field("later", &self.later)
            .field("expiry_millis", &self.expiry_millis)
            .field("now", &self.now)
            .field("probes", &self.probes)
            .finish()
    }
}

impl<'a> Arbitrary<'a> for Probe {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let resource_type = if one_in(u, 4)? { "system" } else { "db" };
        // Now and then a name of the other type.
        let of_system = (resource_type == "system") != one_in(u, 8)?;
        let name = if of_system { pick(u, &SYSTEM_NAMES)? } else { pick(u, &DATABASES)? };
        let first = if bool::arbitrary(u)? { "read" } else { pick(u, &ACTIONS)? };
        let more = if one_in(u, 4)? { Some(pick(u, &ACTIONS)?) } else { None };
        Ok(Probe { resource_type, name, actions: std::iter::once(first).chain(more).collect() })
    }
}

impl<'a> Arbitrary<'a> for World {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let pool = &DATABASES[..8];
        let some = |u: &mut Unstructured<'a>| list(u, 4, |u| pick(u, pool));
        let (at_creation, later) = (some(u)?, some(u)?);
        Ok(World {
            permissions: list(u, 6, |u| Grant::from_pool(u, pool))?,
            at_creation,
            later,
            expiry_millis: if one_in(u, 4)? {
                Some(pick(u, &[i64::MIN, -1, 0, 1, 2, i64::MAX - 1, i64::MAX])?)
            } else {
                None
            },
            now: pick(u, &[0, -1, 1, i64::MIN, i64::MAX])?,
            probes: list(u, 12, Probe::arbitrary)?,
        })
    }
}

impl Shrink for Probe {
    fn simpler(&self) -> Vec<Self> {
        let fewer = shorter(&self.actions).into_iter().filter(|actions| !actions.is_empty());
        fewer.map(|actions| Probe { actions, ..self.clone() }).collect()
    }
}

/// Words of a fixed list only become fewer.
impl Shrink for &'static str {
    fn simpler(&self) -> Vec<Self> {
        Vec::new()
    }
}

shrink_fields!(World { permissions, at_creation, later, expiry_millis, now, probes });
