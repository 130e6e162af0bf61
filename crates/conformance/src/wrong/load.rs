//! Mistakes in loading a document: its members, and what stands at its top.

use std::cell::RefCell;

use super::Fault::Load;
use super::edit::{
    self, Members, document, elements, member, members, quoted, strings, token_members,
    with_elements, with_members, with_string, with_value,
};
use super::names::is_name;
use super::{Answer, Ask, Request, Value, Wrong, must, refuse};
use crate::protocol::{LoadRequest, LoadValue};
use testkit::json;

/// A mistake in loading a document.
pub(super) enum Fault {
    /// The text is changed before it is read.
    Before(fn(&str) -> String),
    /// So are bytes that need not be text.
    Bytes(fn(&[u8]) -> String),
    /// What was read is changed; or refused, if this is false.
    After(fn(&Loading, &mut LoadValue) -> bool),
    /// The document is read otherwise altogether.
    Around(fn(&str, Read<'_>) -> Option<LoadValue>),
    /// Names in `create_databases` are taken that are none.
    Declares(fn(&str) -> bool),
}

/// What reads a document as the reference does.
pub(super) type Read<'r> = &'r dyn Fn(&str) -> Option<LoadValue>;

/// What is loaded, and when.
pub(super) struct Loading {
    pub(super) text: String,
    pub(super) now_millis: Option<i64>,
}

impl Fault {
    pub(super) fn answer(&self, request: &LoadRequest<'_>, ask: Ask<'_>) -> Answer {
        let now_millis = request.now_millis;
        let read = |text: &str| {
            let request = LoadRequest { document: document(text.to_owned()), now_millis };
            match ask(&Request::Load(request)) {
                Answer::Accept(Value::Load(value)) => Some(value),
                _ => None,
            }
        };
        let value = match (self, edit::text(&request.document)) {
            (Fault::Bytes(change), _) => {
                request.document.bytes().ok().and_then(|bytes| read(&change(&bytes)))
            }
            (_, None) => None,
            (Fault::Before(change), Some(text)) => read(&change(&text)),
            (Fault::After(change), Some(text)) => read(&text).and_then(|mut value| {
                change(&Loading { text, now_millis }, &mut value).then_some(value)
            }),
            (Fault::Around(load), Some(text)) => load(&text, &read),
            (Fault::Declares(takes), Some(text)) => with_stand_ins(&text, *takes, &read),
        };
        value.map_or_else(refuse, |value| Answer::Accept(Value::Load(value)))
    }
}

/// A mistake that changes the text before it is read.
pub(super) const fn before(
    name: &'static str,
    mistake: &'static str,
    change: fn(&str) -> String,
) -> Wrong {
    must(name, mistake, Load(Fault::Before(change)))
}

/// A mistake that changes or refuses what was read.
pub(super) const fn after(
    name: &'static str,
    mistake: &'static str,
    change: fn(&Loading, &mut LoadValue) -> bool,
) -> Wrong {
    must(name, mistake, Load(Fault::After(change)))
}

/// A mistake that reads the document otherwise altogether.
pub(super) const fn around(
    name: &'static str,
    mistake: &'static str,
    load: fn(&str, Read<'_>) -> Option<LoadValue>,
) -> Wrong {
    must(name, mistake, Load(Fault::Around(load)))
}

/// Reads a document with other names in the place of those that are taken by mistake.
fn with_stand_ins(text: &str, takes: fn(&str) -> bool, read: Read<'_>) -> Option<LoadValue> {
    let taken = RefCell::new(Vec::new());
    let stand_in = |name: &str| {
        if is_name(name) || !takes(name) {
            return name.to_owned();
        }
        let mut taken = taken.borrow_mut();
        let at = taken.iter().position(|other| other == name).unwrap_or_else(|| {
            taken.push(name.to_owned());
            taken.len() - 1
        });
        format!("stand-in-{at}")
    };
    let databases = |raw: &str| edit::each_element(raw, |raw| with_string(raw, stand_in));
    let mut value = read(&with_value(text, "create_databases", databases))?;
    for name in &mut value.create_databases {
        let at = name.strip_prefix("stand-in-").and_then(|at| at.parse::<usize>().ok());
        if let Some(original) = at.and_then(|at| taken.borrow().get(at).cloned()) {
            *name = original;
        }
    }
    Some(value)
}

/// Keeps one of several members of a name: the last one, in the first one's place.
pub(super) fn last_wins(members: &mut Members) {
    let all = std::mem::take(members);
    for (name, raw) in all {
        match members.iter_mut().find(|(found, _)| *found == name) {
            Some(found) => found.1 = raw,
            None => members.push((name, raw)),
        }
    }
}

fn first_wins(members: &mut Members) {
    members.reverse();
    last_wins(members);
    members.reverse();
}

/// The document with all of its objects that matter changed.
pub(super) fn objects(text: &str, change: fn(&mut Members)) -> String {
    token_members(&with_members(text, change), change)
}

pub(super) const KNOWN: [&str; 6] =
    ["create_databases", "tokens", "token", "name", "expiry_millis", "permissions"];

fn fold_members(members: &mut Members) {
    for (name, _) in members.iter_mut() {
        let folded = name.to_lowercase();
        if KNOWN.contains(&folded.as_str()) {
            *name = folded;
        }
    }
    last_wins(members);
}

/// Makes names that are spelled with an escape unknown ones.
fn names_as_spelled(text: &str) -> String {
    let mut spelled: Vec<String> = Vec::new();
    for token in json::tokens(text) {
        if token == ":"
            && let Some(name) = spelled.last_mut()
        {
            *name = name.replace('\\', "\\\\");
        }
        spelled.push(token.to_owned());
    }
    spelled.concat()
}

fn add_if_missing(members: &mut Members, name: &str, raw: &str) {
    if !members.iter().any(|(found, _)| found == name) {
        members.push((name.to_owned(), raw.to_owned()));
    }
}

/// Whether all members of the top and of token objects are among these.
pub(super) fn only(text: &str, allowed: &[&str]) -> bool {
    let known = |object: &str| {
        let members = members(object).unwrap_or_default();
        members.iter().all(|(name, _)| allowed.contains(&name.as_str()))
    };
    let tokens = member(text, "tokens").and_then(|raw| elements(&raw)).unwrap_or_default();
    known(text) && tokens.iter().all(|token| known(token))
}

fn databases(loading: &Loading) -> Vec<String> {
    member(&loading.text, "create_databases").map(|raw| strings(&raw)).unwrap_or_default()
}

/// The values of an object, as a list.
fn values_of_object(raw: &str) -> String {
    let values = members(raw).map(|members| members.into_iter().map(|(_, raw)| raw).collect());
    values.map_or_else(|| raw.to_owned(), |values: Vec<String>| edit::array(&values))
}

pub(super) const RIGHT: &[Wrong] = &[
    before("load/right-members", "writes the objects anew that it reads, as they are", |text| {
        objects(text, |_| {})
    }),
    after("load/right-after", "changes nothing of what was read", |_, _| true),
    around("load/right-around", "reads as it should", |text, read| read(text)),
    must(
        "load/right-names",
        "takes the names that are to be taken",
        Load(Fault::Declares(is_name)),
    ),
];

pub(super) const WRONG: &[Wrong] = &[
    before(
        "member/last-wins",
        "keeps the last of repeated members, as most JSON libraries do",
        |text| objects(text, last_wins),
    ),
    before("member/first-wins", "finds the first of repeated members", |text| {
        objects(text, first_wins)
    }),
    before("member/repeats-at-top", "sees repeated members of token objects alone", |text| {
        with_members(text, last_wins)
    }),
    before("member/repeats-in-tokens", "sees repeated members of the top alone", |text| {
        token_members(text, last_wins)
    }),
    after(
        "member/any-repeat-refused",
        "refuses any repeated member, unknown ones too",
        |loading, _| {
            let once = |object: &str| {
                let mut members = members(object).unwrap_or_default();
                let all = members.len();
                last_wins(&mut members);
                members.len() == all
            };
            let tokens = member(&loading.text, "tokens").and_then(|raw| elements(&raw));
            once(&loading.text) && tokens.iter().flatten().all(|token| once(token))
        },
    ),
    before(
        "member/any-case",
        "finds members whatever their case, as Go's encoding/json does",
        |text| objects(text, fold_members),
    ),
    before(
        "member/as-spelled",
        "looks for members by their spelling, as grep does, and not after unescaping",
        names_as_spelled,
    ),
    after(
        "member/unknown-refused",
        "refuses unknown members, as Go's DisallowUnknownFields does",
        |loading, _| only(&loading.text, &KNOWN),
    ),
    after(
        "member/one-known-list",
        "refuses unknown members, save description and those that begin with an underscore",
        |loading, _| {
            let quiet = |members: &mut Members| {
                members.retain(|(name, _)| name != "description" && !name.starts_with('_'));
            };
            only(&objects(&loading.text, quiet), &KNOWN)
        },
    ),
    before(
        "top/tokens-may-lack",
        "takes a file without tokens for one with none, as Python's get(\"tokens\", []) does",
        |text| with_members(text, |members| add_if_missing(members, "tokens", "[]")),
    ),
    before("top/tokens-null", "takes null for no tokens, as Go's nil slices do", |text| {
        with_value(text, "tokens", |raw| if raw == "null" { "[]" } else { raw }.to_owned())
    }),
    before(
        "top/tokens-object",
        "walks over the values of tokens, whether an array or an object",
        |text| with_value(text, "tokens", values_of_object),
    ),
    before("top/one-token-object", "takes a token object where a list of them should be", |text| {
        let list = |raw: &str| format!("[{raw}]");
        with_value(text, "tokens", |raw| match raw.starts_with('{') {
            true => list(raw),
            false => raw.to_owned(),
        })
    }),
    before(
        "top/list-alone",
        "takes the list of token objects without the object around it",
        |text| {
            let is_list = elements(text)
                .is_some_and(|elements| elements.iter().all(|element| element.starts_with('{')));
            if is_list { format!("{{\"tokens\": {text}}}") } else { text.to_owned() }
        },
    ),
    before("top/skips-null-tokens", "skips nulls in the list of tokens", |text| {
        let skip = |elements: &mut Vec<String>| elements.retain(|raw| raw != "null");
        with_value(text, "tokens", |raw| with_elements(raw, skip))
    }),
    after("top/no-tokens-refused", "refuses an empty list of tokens", |_, value| {
        !value.tokens.is_empty()
    })
    .should(),
    after("top/databases-demanded", "demands create_databases", |loading, _| {
        member(&loading.text, "create_databases").is_some()
    }),
    before(
        "top/databases-text",
        "splits a create_databases that is one string at its commas",
        |text| {
            with_value(text, "create_databases", |raw| match edit::unquoted(raw) {
                Some(list) => edit::array(&list.split(',').map(quoted).collect::<Vec<_>>()),
                None => raw.to_owned(),
            })
        },
    ),
    before(
        "top/databases-any-scalar",
        "turns numbers in create_databases into text, as str() and String() do",
        |text| {
            let stringed = |raw: &str| match raw.starts_with(|first: char| first.is_ascii_digit()) {
                true => quoted(raw),
                false => raw.to_owned(),
            };
            with_value(text, "create_databases", |raw| edit::each_element(raw, stringed))
        },
    ),
    before("top/databases-trimmed", "trims the names in create_databases", |text| {
        let trimmed = |raw: &str| with_string(raw, |name| name.trim().to_owned());
        with_value(text, "create_databases", |raw| edit::each_element(raw, trimmed))
    }),
    after("top/databases-folded", "folds the case of the names in create_databases", |_, value| {
        for name in &mut value.create_databases {
            *name = name.to_lowercase();
        }
        true
    }),
    after("top/databases-repeated", "keeps databases that are declared twice", |loading, value| {
        value.create_databases = databases(loading);
        true
    })
    .should(),
    after(
        "top/databases-repeat-refused",
        "refuses a database that is declared twice",
        |loading, value| databases(loading).len() == value.create_databases.len(),
    )
    .should(),
    after("top/databases-sorted", "keeps the declared databases in a sorted set", |_, value| {
        value.create_databases.sort();
        true
    })
    .should(),
    after("top/hundred-databases", "refuses more than 100 databases", |_, value| {
        value.create_databases.len() <= 100
    }),
    after(
        "top/declared-only",
        "refuses a permission on a database that is not declared",
        |_, value| {
            let entries = value.tokens.iter().flat_map(|token| &token.permissions);
            let entries = entries.filter(|entry| entry.resource_type == "db");
            let mut names = entries.flat_map(|entry| &entry.resource_names);
            names.all(|name| name == "*" || value.create_databases.contains(name))
        },
    ),
];
