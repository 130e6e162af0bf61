//! Mistakes in appending a token to a file.

use serde_json::value::RawValue;

use super::Fault::Append;
use super::edit::{
    self, array, document, elements, member, quoted, strings, unquoted, with_elements,
    with_members, with_value,
};
use super::{Answer, Ask, Request, Value, Wrong, loaded, must, refuse};
use crate::protocol::{AppendRequest, AppendValue};

/// A mistake in appending a token to a file.
pub(super) enum Fault {
    /// What is given is changed.
    Before(fn(&mut Given)),
    /// The new file is changed.
    After(fn(&Given, &str) -> String),
    /// What the reference appends is refused.
    Refuses(fn(&Given) -> bool),
    /// What the reference refuses is appended, if at all, to a file that loads.
    Rescue(fn(&Given) -> Option<String>),
    /// Also to one that does not.
    RescueAny(fn(&Given) -> Option<String>),
}

/// What is given.
#[derive(Clone)]
pub(super) struct Given {
    /// The old file, if there is one, and it is text.
    old: Option<String>,
    /// The new token, as it is spelled.
    pub(super) token: String,
    pub(super) databases: Option<String>,
}

impl Given {
    fn of(request: &AppendRequest<'_>) -> Option<Self> {
        let old = match &request.document {
            Some(document) => Some(edit::text(document)?),
            None => None,
        };
        let databases = request.create_databases.map(|raw| raw.get().to_owned());
        Some(Given { old, token: request.token.get().to_owned(), databases })
    }

    fn ask(&self, ask: Ask<'_>) -> Answer {
        let raw = |text: &String| RawValue::from_string(text.clone()).ok();
        let Some(token) = raw(&self.token) else { return refuse() };
        let databases = self.databases.as_ref().and_then(raw);
        ask(&Request::Append(AppendRequest {
            document: self.old.clone().map(document),
            token: &token,
            create_databases: databases.as_deref(),
        }))
    }

    pub(super) fn old(&self) -> &str {
        self.old.as_deref().unwrap_or_default()
    }

    fn old_tokens(&self) -> Vec<String> {
        member(self.old(), "tokens").and_then(|raw| elements(&raw)).unwrap_or_default()
    }

    pub(super) fn old_databases(&self) -> Vec<String> {
        member(self.old(), "create_databases").map(|raw| strings(&raw)).unwrap_or_default()
    }

    pub(super) fn databases(&self) -> Vec<String> {
        self.databases.as_deref().map(strings).unwrap_or_default()
    }

    fn name(&self) -> String {
        name(&self.token)
    }

    fn keep_databases(&mut self, keep: impl Fn(&String) -> bool) {
        let mut databases = self.databases();
        databases.retain(keep);
        if self.databases.is_some() {
            self.databases = Some(list(&databases));
        }
    }

    /// The new file, made without looking at anything.
    fn unchecked(&self) -> String {
        let old = if self.old().is_empty() { "{\"tokens\": []}" } else { self.old() };
        let new = with_value(old, "tokens", |raw| {
            with_elements(raw, |tokens| tokens.push(self.token.clone()))
        });
        let mut databases = self.old_databases();
        databases.extend(self.databases());
        if self.databases.is_some() { with_databases(&new, &databases) } else { new }
    }
}

impl Fault {
    pub(super) fn answer(&self, request: &AppendRequest<'_>, ask: Ask<'_>) -> Answer {
        let Some(given) = Given::of(request) else {
            return ask(&Request::Append(request.clone()));
        };
        let right = given.ask(ask);
        let new = match (self, &right) {
            (Fault::Before(change), _) => {
                let mut given = given;
                change(&mut given);
                return given.ask(ask);
            }
            (Fault::After(change), Answer::Accept(Value::Append(value))) => {
                edit::text(&value.document).map(|new| change(&given, &new))
            }
            (Fault::Refuses(refuses), Answer::Accept(_)) if refuses(&given) => return refuse(),
            (Fault::Rescue(rescue), Answer::Reject(_)) => {
                let loads = given.old().is_empty() || loaded(given.old(), ask).is_some();
                if loads { rescue(&given) } else { None }
            }
            (Fault::RescueAny(rescue), Answer::Reject(_)) => rescue(&given),
            _ => None,
        };
        new.map_or(right, |new| {
            Answer::Accept(Value::Append(AppendValue { document: document(new) }))
        })
    }
}

pub(super) fn name(token: &str) -> String {
    member(token, "name").and_then(|raw| unquoted(&raw)).unwrap_or_default()
}

pub(super) fn list(names: &[String]) -> String {
    array(&names.iter().map(|name| quoted(name)).collect::<Vec<_>>())
}

pub(super) fn with_databases(text: &str, databases: &[String]) -> String {
    with_members(text, |members| {
        let is_list = |(name, _): &&mut (String, String)| name == "create_databases";
        match members.iter_mut().find(is_list) {
            Some((_, raw)) => *raw = list(databases),
            None => members.push(("create_databases".to_owned(), list(databases))),
        }
    })
}

/// The tokens with the new one in the place of the one with its name.
fn replaced(given: &Given) -> Option<String> {
    let mut tokens = given.old_tokens();
    let same = tokens.iter_mut().find(|token| name(token) == given.name())?;
    *same = given.token.clone();
    Some(with_value(given.old(), "tokens", |_| array(&tokens)))
}

const fn before(name: &'static str, mistake: &'static str, change: fn(&mut Given)) -> Wrong {
    must(name, mistake, Append(Fault::Before(change)))
}

pub(super) const fn after(
    name: &'static str,
    mistake: &'static str,
    change: fn(&Given, &str) -> String,
) -> Wrong {
    must(name, mistake, Append(Fault::After(change)))
}

const fn refuses(name: &'static str, mistake: &'static str, refuses: fn(&Given) -> bool) -> Wrong {
    must(name, mistake, Append(Fault::Refuses(refuses)))
}

const fn rescue(
    name: &'static str,
    mistake: &'static str,
    rescue: fn(&Given) -> Option<String>,
) -> Wrong {
    must(name, mistake, Append(Fault::Rescue(rescue)))
}

pub(super) const RIGHT: &[Wrong] = &[
    before("append/right-before", "changes nothing of what is given", |_| {}),
    refuses("append/right-refuses", "refuses nothing", |_| false),
];

pub(super) const WRONG: &[Wrong] = &[
    before("append/databases-ignored", "does not add any databases", |given| {
        given.databases = None
    }),
    before(
        "append/databases-by-grep",
        "asks grep whether a database is in the file already",
        |given| {
            let old = given.old().to_owned();
            given.keep_databases(|name| name.is_empty() || !old.contains(name.as_str()));
        },
    ),
    before("append/databases-any-case", "looks for databases without regard to case", |given| {
        let old = given.old_databases();
        given.keep_databases(|name| !old.iter().any(|old| old.eq_ignore_ascii_case(name)));
    }),
    before(
        "append/databases-in-object",
        "looks databases up in an object, which has `constructor` from the start",
        |given| {
            let built_in = ["constructor", "toString", "valueOf", "hasOwnProperty", "__proto__"];
            given.keep_databases(|name| !built_in.contains(&name.as_str()));
        },
    ),
    rescue("append/replaces-name", "replaces the token that has the name already", replaced),
    rescue("append/name-twice", "appends a name that is there already", |given| {
        let names: Vec<String> = given.old_tokens().iter().map(|token| name(token)).collect();
        names.contains(&given.name()).then(|| given.unchecked())
    }),
    rescue("append/token-twice", "appends a token string that is there already", |given| {
        let token = member(&given.token, "token").and_then(|raw| unquoted(&raw));
        let is_same = |old: &String| member(old, "token").and_then(|raw| unquoted(&raw)) == token;
        given.old_tokens().iter().any(is_same).then(|| given.unchecked())
    })
    .should(),
    refuses("append/name-by-grep", "asks grep whether the name is in the file already", |given| {
        given.old().contains(&given.name())
    }),
    refuses("append/name-any-case", "compares names without regard to case", |given| {
        let same = |token: &String| name(token).to_lowercase() == given.name().to_lowercase();
        given.old_tokens().iter().any(same)
    }),
    refuses("append/file-demanded", "demands that there is a file", |given| given.old.is_none()),
    refuses("append/databases-demanded", "demands create_databases in the file", |given| {
        given.old.is_some() && member(given.old(), "create_databases").is_none()
    }),
    refuses(
        "append/token-by-grep",
        "asks grep whether the token is in the file already",
        |given| {
            let token = member(&given.token, "token").and_then(|raw| unquoted(&raw));
            token.is_some_and(|token| given.old().contains(&token))
        },
    ),
    refuses("append/empty-file-refused", "refuses an empty file as broken", |given| {
        given.old.as_deref() == Some("")
    })
    .should(),
    must(
        "append/starts-anew",
        "takes a file that it cannot read for none, and writes a new one over it",
        Append(Fault::RescueAny(|given| {
            let is_broken = given.old().parse::<serde_json::Value>().is_err();
            is_broken.then(|| Given { old: None, ..given.clone() }.unchecked())
        })),
    ),
    before("append/blank-is-none", "trims the file before it asks whether it is empty", |given| {
        given.old = given.old.take().filter(|old| !old.trim().is_empty());
    }),
    before("append/null-is-none", "takes a file that holds null for none", |given| {
        given.old = given.old.take().filter(|old| old.trim() != "null");
    }),
    must(
        "append/old-unchecked",
        "reads the old file as JSON, and checks nothing in it",
        Append(Fault::RescueAny(|given| {
            member(given.old(), "tokens").and_then(|raw| elements(&raw)).map(|_| given.unchecked())
        })),
    ),
    rescue("append/new-unchecked", "checks nothing in the new token", |given| {
        let is_new = |old: &String| name(old) != given.name();
        given.old_tokens().iter().all(is_new).then(|| given.unchecked())
    }),
];
