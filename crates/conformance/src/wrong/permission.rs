//! Mistakes in reading one permission.

use super::Fault::Permission;
use super::names::is_name;
use super::{Answer, Ask, Request, Value, Wrong, must, refuse};
use crate::protocol::{PermissionRequest, PermissionValue};

/// A mistake in reading one permission.
pub(super) enum Fault {
    /// The text is changed before it is read.
    Before(fn(&str) -> String),
    /// What was read is changed; or refused, if this is false.
    After(fn(&str, &mut PermissionValue) -> bool),
    /// Names of databases are taken that are none.
    Takes(fn(&str) -> bool),
    /// What the reference refuses is read otherwise.
    Rescue(fn(&str, Read<'_>) -> Option<PermissionValue>),
}

/// What reads a permission as the reference does.
type Read<'r> = &'r dyn Fn(&str) -> Option<PermissionValue>;

impl Fault {
    pub(super) fn answer(&self, request: &PermissionRequest<'_>, ask: Ask<'_>) -> Answer {
        let text = &*request.text;
        let read = |text: &str| read(text, ask);
        let value = match self {
            Fault::Before(change) => read(&change(text)),
            Fault::After(change) => {
                read(text).and_then(|mut value| change(text, &mut value).then_some(value))
            }
            Fault::Takes(takes) => with_stand_ins(text, *takes, &read),
            Fault::Rescue(rescue) => read(text).or_else(|| rescue(text, &read)),
        };
        value.map_or_else(refuse, |value| Answer::Accept(Value::Permission(value)))
    }
}

const fn before(name: &'static str, mistake: &'static str, change: fn(&str) -> String) -> Wrong {
    must(name, mistake, Permission(Fault::Before(change)))
}

/// A mistake that changes or refuses what was read.
pub(super) const fn after(
    name: &'static str,
    mistake: &'static str,
    change: fn(&str, &mut PermissionValue) -> bool,
) -> Wrong {
    must(name, mistake, Permission(Fault::After(change)))
}

const fn rescue(
    name: &'static str,
    mistake: &'static str,
    rescue: fn(&str, Read<'_>) -> Option<PermissionValue>,
) -> Wrong {
    must(name, mistake, Permission(Fault::Rescue(rescue)))
}

fn read(text: &str, ask: Ask<'_>) -> Option<PermissionValue> {
    let request = PermissionRequest { text: text.to_owned().into() };
    match ask(&Request::Permission(request)) {
        Answer::Accept(Value::Permission(value)) => Some(value),
        _ => None,
    }
}

/// The parts of a permission, where there are three.
pub(super) fn parts(text: &str) -> Option<[&str; 3]> {
    text.split(':').collect::<Vec<_>>().try_into().ok()
}

/// The text with one of its three parts changed.
fn part(text: &str, which: usize, change: impl Fn(&str) -> String) -> String {
    let change = |(at, part): (usize, &str)| if at == which { change(part) } else { part.into() };
    text.split(':').enumerate().map(change).collect::<Vec<String>>().join(":")
}

/// A list with each element changed.
fn each(list: &str, separator: char, change: impl Fn(&str) -> String) -> String {
    let separated = separator.to_string();
    list.split(separator).map(change).collect::<Vec<String>>().join(&separated)
}

fn without_empty(list: &str) -> String {
    list.split(',').filter(|element| !element.is_empty()).collect::<Vec<_>>().join(",")
}

/// Reads a permission with other names in the place of those that are taken by mistake.
fn with_stand_ins(text: &str, takes: fn(&str) -> bool, read: Read<'_>) -> Option<PermissionValue> {
    let Some(["db", names, actions]) = parts(text) else { return read(text) };
    let mut taken = Vec::new();
    let names = names.split(',').map(|name| {
        if name.is_empty() || is_name(name) || !takes(name) {
            return name.to_owned();
        }
        let at = taken.iter().position(|taken| *taken == name).unwrap_or_else(|| {
            taken.push(name);
            taken.len() - 1
        });
        format!("stand-in-{at}")
    });
    let names = names.collect::<Vec<_>>().join(",");
    let mut value = read(&format!("db:{names}:{actions}"))?;
    for name in &mut value.resource_names {
        let at = name.strip_prefix("stand-in-").and_then(|at| at.parse::<usize>().ok());
        if let Some(original) = at.and_then(|at| taken.get(at)) {
            *name = (*original).to_owned();
        }
    }
    Some(value)
}

/// From where an expression without its anchor at the start matches.
fn from_first_match(text: &str) -> String {
    let starts = ["db:", "system:"].into_iter().filter_map(|kind| text.find(kind)).min();
    starts.and_then(|at| text.get(at..)).unwrap_or(text).to_owned()
}

/// Up to where an expression without its anchor at the end matches.
fn up_to_last_match(text: &str) -> String {
    let is_no_action = |character: char| !matches!(character, 'a'..='z' | ',');
    match text.rsplit_once(':') {
        Some((before, actions)) => {
            let matched = actions.split(is_no_action).next().unwrap_or_default();
            format!("{before}:{matched}")
        }
        None => text.to_owned(),
    }
}

/// What NFKC makes of full-width forms; of others the grammar has none.
fn half_width(text: &str) -> String {
    let narrow = |character: char| match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFF01 + 0x21).unwrap_or(character),
        _ => character,
    };
    text.chars().map(narrow).collect()
}

fn has(value: &PermissionValue, actions: &[&str]) -> bool {
    value.actions.iter().any(|action| actions.contains(&action.as_str()))
}

fn given(text: &str, which: usize) -> Vec<String> {
    let part = text.split(':').nth(which).unwrap_or_default();
    part.split(',').map(str::to_owned).collect()
}

fn repeats(list: &[String]) -> bool {
    list.iter().enumerate().any(|(at, element)| list.iter().take(at).any(|other| other == element))
}

/// Reads a permission on `db` as one on another type.
fn as_type(text: &str, resource_type: &str, read: Read<'_>) -> Option<PermissionValue> {
    let [found, names, actions] = parts(text)?;
    let value = (found == resource_type).then(|| read(&format!("db:{names}:{actions}")))??;
    Some(PermissionValue { resource_type: resource_type.to_owned(), ..value })
}

/// Reads a permission on system names with names that there are not.
fn any_system_name(text: &str, read: Read<'_>) -> Option<PermissionValue> {
    let value = as_type(text, "system", read)?;
    (value.actions == ["read"]).then_some(value)
}

pub(super) const RIGHT: &[Wrong] = &[
    before("permission/right-before", "changes nothing of the text", str::to_owned),
    after("permission/right-after", "changes nothing of what was read", |_, _| true),
    rescue("permission/right-rescue", "refuses what is to be refused", |_, _| None),
    must(
        "permission/right-names",
        "takes the names that are to be taken",
        Permission(Fault::Takes(is_name)),
    ),
];

pub(super) const WRONG: &[Wrong] = &[
    before("permission/trims-text", "trims the permission, as Python's str.strip does", |text| {
        text.trim().to_owned()
    }),
    before("permission/trims-parts", "trims each of the three parts", |text| {
        each(text, ':', |part| part.trim().to_owned())
    }),
    before(
        "permission/trims-names",
        "trims each name, as it would for people who write `a, b`",
        |text| part(text, 1, |names| each(names, ',', |name| name.trim().to_owned())),
    ),
    before(
        "permission/trims-actions",
        "trims each action, as it would for people who write `read, write`",
        |text| part(text, 2, |actions| each(actions, ',', |action| action.trim().to_owned())),
    ),
    before(
        "permission/deletes-white-space",
        "deletes all white space first, as `tr -d` does",
        |text| text.split_whitespace().collect(),
    ),
    before("permission/strips-quotes", "takes quotes off, as a shell would have done", |text| {
        text.replace(['"', '\''], "")
    }),
    before(
        "permission/normalises",
        "puts the text into Unicode's NFKC first, which narrows full-width characters",
        half_width,
    ),
    before("permission/ends-at-nul", "ends the text at a NUL, as C's strings do", |text| {
        text.split('\0').next().unwrap_or_default().to_owned()
    }),
    before("permission/folds-type", "folds the case of the resource type", |text| {
        part(text, 0, str::to_lowercase)
    }),
    before("permission/folds-names", "folds the case of names", |text| {
        part(text, 1, str::to_lowercase)
    }),
    before("permission/folds-actions", "folds the case of actions", |text| {
        part(text, 2, str::to_lowercase)
    }),
    before(
        "permission/ignores-more-parts",
        "splits at every colon and looks at the first three parts",
        |text| text.split(':').take(3).collect::<Vec<_>>().join(":"),
    ),
    before(
        "permission/joins-colons",
        "splits as strtok does, for which two colons are one",
        |text| text.split(':').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":"),
    ),
    before(
        "permission/actions-may-lack",
        "takes a permission without actions for one to read",
        |text| match text.split(':').count() {
            2 => format!("{text}:read"),
            _ => text.to_owned(),
        },
    ),
    before(
        "permission/no-start-anchor",
        "searches with a regular expression that has no `^`",
        from_first_match,
    ),
    before(
        "permission/no-end-anchor",
        "matches with a regular expression that has no `$`",
        up_to_last_match,
    ),
    before(
        "permission/dollar-before-newline",
        "ends a regular expression with `$`, which matches before a last newline in Python",
        |text| text.strip_suffix('\n').unwrap_or(text).to_owned(),
    ),
    before(
        "permission/reads-first-line",
        "reads one line, as `read` and `^…$` with the flag m do",
        |text| text.lines().next().unwrap_or_default().to_owned(),
    ),
    before(
        "permission/drops-empty-names",
        "drops empty names, as Java's split does at the end",
        |text| part(text, 1, without_empty),
    ),
    before("permission/drops-empty-actions", "drops empty actions", |text| {
        part(text, 2, without_empty)
    }),
    before("permission/comma-at-end", "lets a list of actions end in a comma", |text| {
        text.strip_suffix(',').unwrap_or(text).to_owned()
    }),
    before(
        "permission/no-names-are-all",
        "takes an empty list of names for the wildcard",
        |text| part(text, 1, |names| if names.is_empty() { "*".into() } else { names.into() }),
    ),
    before("permission/star-action", "takes `*` for all actions", |text| {
        part(text, 2, |actions| actions.replace('*', "create,describe,read,write,delete"))
    }),
    rescue(
        "permission/star-type",
        "takes the type `*`, which is for admin tokens",
        |text, read| as_type(text, "*", read),
    ),
    rescue(
        "permission/token-type",
        "takes the type `token`, which Core's tokens have",
        |text, read| as_type(text, "token", read),
    ),
    before("permission/star-among-names", "takes a wildcard among names for all", |text| {
        let has_star = |names: &str| names.split(',').any(|name| name == "*");
        part(text, 1, |names| if has_star(names) { "*".into() } else { names.into() })
    }),
    after(
        "permission/no-star",
        "checks names by their grammar alone, and so refuses the wildcard",
        |_, value| value.resource_names != ["*"],
    ),
    rescue(
        "permission/system-any-action",
        "has one list of actions for both types",
        |text, read| {
            let value = as_type(text, "system", read)?;
            let [_, names, _] = parts(text)?;
            read(&format!("system:{names}:read")).map(|_| value)
        },
    ),
    rescue(
        "permission/system-any-name",
        "checks the names of system endpoints as it does databases",
        any_system_name,
    ),
    after(
        "permission/no-ready",
        "has the system names of an older server, without ready",
        |_, value| {
            value.resource_type != "system"
                || !value.resource_names.iter().any(|name| name == "ready")
        },
    ),
    after(
        "permission/old-actions",
        "has the actions of an older server, without delete and describe",
        |_, value| !has(value, &["delete", "describe"]),
    ),
    before("permission/sql-actions", "has drop and update among the actions", |text| {
        let known = |action: &str| match action {
            "drop" => "delete".to_owned(),
            "update" => "write".to_owned(),
            other => other.to_owned(),
        };
        part(text, 2, |actions| each(actions, ',', known))
    }),
    before(
        "permission/actions-by-substring",
        "asks whether the action is in the text `read,write,…`, as Python's `in` does",
        |text| {
            let full = |action: &str| {
                let all = ["read", "write", "create", "delete", "describe"];
                let found = all.into_iter().find(|known| known.contains(action));
                found.unwrap_or(action).to_owned()
            };
            part(text, 2, |actions| each(actions, ',', full))
        },
    ),
    after("permission/write-adds-read", "adds read to write", |_, value| {
        if has(value, &["write"]) && !has(value, &["read"]) {
            let at = value.actions.iter().position(|action| action == "write").unwrap_or(0);
            value.actions.insert(at, "read".to_owned());
        }
        true
    }),
    after(
        "permission/first-name-only",
        "looks at the first name and forgets the list",
        |_, value| {
            value.resource_names.truncate(1);
            true
        },
    ),
    after(
        "permission/last-action-only",
        "assigns each action where it should add it",
        |text, value| {
            value.actions = given(text, 2).into_iter().next_back().into_iter().collect();
            true
        },
    ),
    after("permission/keeps-repeated-names", "keeps repeated names", |text, value| {
        value.resource_names = given(text, 1);
        true
    }),
    after("permission/refuses-repeats", "refuses a name or an action given twice", |text, _| {
        !repeats(&given(text, 1)) && !repeats(&given(text, 2))
    }),
    after("permission/actions-as-given", "keeps the actions in the order given", |text, value| {
        let all = given(text, 2);
        value.actions.sort_by_key(|action| all.iter().position(|given| given == action));
        true
    }),
    after("permission/actions-by-alphabet", "sorts the actions by the alphabet", |_, value| {
        value.actions.sort();
        true
    }),
    after("permission/sorts-names", "keeps the names in a sorted set", |_, value| {
        value.resource_names.sort();
        true
    })
    .should(),
];
