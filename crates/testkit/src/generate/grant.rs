//! Permissions by their parts, valid always.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::name::{database_name, simpler_database_names};
use crate::shrink::{Shrink, shorter};
use crate::source::{list, one_in, pick};
use crate::words::{ACTIONS, SYSTEM_NAMES};

/// On what a permission is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// `db:*`.
    AllDatabases,
    /// `db:` with one name or more, repeats included; `_internal` may be one (DB-04).
    Databases(Vec<String>),
    /// `system:*`.
    AllSystem,
    /// `system:` with one name or more, repeats included.
    System(Vec<String>),
}

/// A valid permission by its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// On what.
    pub names: Names,
    /// One action or more, in any order, repeats included.
    pub actions: Vec<&'static str>,
}

impl Grant {
    /// A grant on databases.
    pub fn on(names: &[&str], actions: &[&'static str]) -> Self {
        let names = match names {
            ["*"] => Names::AllDatabases,
            names => Names::Databases(names.iter().map(|name| (*name).to_owned()).collect()),
        };
        Grant { names, actions: actions.to_vec() }
    }

    /// A grant of this type.
    pub(crate) fn of_type(resource_type: &str) -> Self {
        match resource_type {
            "system" => Grant { names: Names::AllSystem, actions: vec!["read"] },
            _ => Grant::on(&["a"], &["read"]),
        }
    }

    /// `db` or `system`.
    pub fn resource_type(&self) -> &'static str {
        match self.names {
            Names::AllDatabases | Names::Databases(_) => "db",
            Names::AllSystem | Names::System(_) => "system",
        }
    }

    /// The names as they are written, `*` for all.
    pub fn names(&self) -> Vec<&str> {
        match &self.names {
            Names::AllDatabases | Names::AllSystem => vec!["*"],
            Names::Databases(names) | Names::System(names) => {
                names.iter().map(String::as_str).collect()
            }
        }
    }

    /// The permission's text.
    pub fn text(&self) -> String {
        format!("{}:{}:{}", self.resource_type(), self.names().join(","), self.actions.join(","))
    }

    /// The canonical text (PERM-11): no repeats, names as given, actions in their order.
    pub fn canonical(&self) -> String {
        let mut names = self.names();
        let mut seen = Vec::new();
        names.retain(|name| {
            let new = !seen.contains(name);
            seen.push(*name);
            new
        });
        let actions: Vec<&str> =
            ACTIONS.into_iter().filter(|action| self.actions.contains(action)).collect();
        format!("{}:{}:{}", self.resource_type(), names.join(","), actions.join(","))
    }

    /// A grant on databases of a pool, or on the system.
    pub(crate) fn from_pool(u: &mut Unstructured<'_>, pool: &[&str]) -> Result<Self> {
        let name = |u: &mut Unstructured<'_>| Ok(pick(u, pool)?.to_owned());
        Grant::with_names(u, name)
    }

    fn with_names<'a>(
        u: &mut Unstructured<'a>,
        mut name: impl FnMut(&mut Unstructured<'a>) -> Result<String>,
    ) -> Result<Self> {
        if one_in(u, 5)? {
            let first = pick(u, &SYSTEM_NAMES)?;
            let rest = list(u, 2, |u| pick(u, &SYSTEM_NAMES))?;
            let names = std::iter::once(first).chain(rest).map(str::to_owned).collect();
            let names = if one_in(u, 3)? { Names::AllSystem } else { Names::System(names) };
            return Ok(Grant { names, actions: vec!["read"; u.int_in_range(1..=2)?] });
        }
        let names = if one_in(u, 4)? {
            Names::AllDatabases
        } else {
            let first = name(u)?;
            let rest = list(u, 3, name)?;
            Names::Databases(std::iter::once(first).chain(rest).collect())
        };
        let first = if bool::arbitrary(u)? { "read" } else { pick(u, &ACTIONS)? };
        let rest = list(u, 3, |u| pick(u, &ACTIONS))?;
        Ok(Grant { names, actions: std::iter::once(first).chain(rest).collect() })
    }
}

impl<'a> Arbitrary<'a> for Grant {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Grant::with_names(u, |u| {
            if one_in(u, 12)? { Ok("_internal".to_owned()) } else { database_name(u) }
        })
    }
}

impl Shrink for Grant {
    fn simpler(&self) -> Vec<Self> {
        let of_names = |names: &Vec<String>, each: &dyn Fn(&str) -> Vec<String>| {
            let mut lists: Vec<Vec<String>> = shorter(names);
            for (at, name) in names.iter().enumerate() {
                lists.extend(each(name).into_iter().map(|simpler| {
                    let mut list = names.clone();
                    list.splice(at..=at, [simpler]);
                    list
                }));
            }
            lists.retain(|list| !list.is_empty());
            lists
        };
        let names: Vec<Names> = match &self.names {
            Names::AllDatabases => Vec::new(),
            Names::AllSystem => vec![Names::AllDatabases],
            Names::Databases(names) => {
                of_names(names, &simpler_database_names).into_iter().map(Names::Databases).collect()
            }
            Names::System(names) => {
                let fewer = of_names(names, &|_| Vec::new()).into_iter().map(Names::System);
                std::iter::once(Names::AllSystem).chain(fewer).collect()
            }
        };
        let fewer = shorter(&self.actions).into_iter().filter(|actions| !actions.is_empty());
        let fewer = fewer.map(|actions| Grant { names: self.names.clone(), actions });
        names
            .into_iter()
            .map(|names| Grant { names, actions: self.actions.clone() })
            .chain(fewer)
            .collect()
    }
}
