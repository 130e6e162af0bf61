//! JSON as a tree that keeps the order of members and repeated ones.

use std::ops::Range;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::shrink::{Shrink, shorter};
use crate::source::{list, one_in, pick, text};

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A value as it is spelled: numbers, `true`, `null`, odd strings, and what is no JSON.
    Raw(String),
    /// A string by its meaning.
    Text(String),
    /// An array.
    Array(Vec<Json>),
    /// An object; members may be repeated.
    Object(Vec<(String, Json)>),
}

/// The way from the root to a value: the index in each array or list of members.
pub type Route = Vec<usize>;

/// A part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole value, a string without its quotes.
    Value,
    /// The opening bracket.
    Opening,
    /// The name of the member that it is the value of, without quotes.
    Name,
    /// These bytes of a string's meaning.
    Inside(Range<usize>),
}

impl Json {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Json::Text(text.into())
    }

    /// A value by its spelling.
    pub fn raw(text: impl Into<String>) -> Self {
        Json::Raw(text.into())
    }

    /// How many values stand directly in it.
    pub fn len(&self) -> usize {
        match self {
            Json::Array(elements) => elements.len(),
            Json::Object(members) => members.len(),
            _ => 0,
        }
    }

    /// Whether no value stands in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a route.
    pub fn at(&self, route: &[usize]) -> Option<&Json> {
        let Some((first, rest)) = route.split_first() else { return Some(self) };
        match self {
            Json::Array(elements) => elements.get(*first)?.at(rest),
            Json::Object(members) => members.get(*first)?.1.at(rest),
            _ => None,
        }
    }

    /// The value at a route, to be changed.
    pub fn at_mut(&mut self, route: &[usize]) -> Option<&mut Json> {
        let Some((first, rest)) = route.split_first() else { return Some(self) };
        match self {
            Json::Array(elements) => elements.get_mut(*first)?.at_mut(rest),
            Json::Object(members) => members.get_mut(*first)?.1.at_mut(rest),
            _ => None,
        }
    }

    /// The index of the first member of this name.
    pub fn member(&self, name: &str) -> Option<usize> {
        let Json::Object(members) = self else { return None };
        members.iter().position(|(found, _)| found == name)
    }

    /// The JSON Pointer to the value at a route.
    pub fn pointer(&self, route: &[usize]) -> String {
        let Some((first, rest)) = route.split_first() else { return String::new() };
        match self {
            Json::Array(elements) => {
                let rest = elements.get(*first).map(|value| value.pointer(rest));
                format!("/{first}{}", rest.unwrap_or_default())
            }
            Json::Object(members) => {
                members.get(*first).map_or_else(String::new, |(name, value)| {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    format!("/{name}{}", value.pointer(rest))
                })
            }
            _ => String::new(),
        }
    }

    /// The value that a JSON Pointer points to, to be changed.
    pub fn pointed_at(&mut self, pointer: &str) -> Option<&mut Json> {
        let mut place = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            place = match place {
                Json::Array(elements) => elements.get_mut(step.parse::<usize>().ok()?)?,
                Json::Object(members) => {
                    members.iter_mut().find(|(name, _)| *name == step).map(|(_, value)| value)?
                }
                _ => return None,
            };
        }
        Some(place)
    }

    /// Takes all members of a name out of an object.
    pub fn remove(&mut self, name: &str) {
        if let Json::Object(members) = self {
            members.retain(|(found, _)| found != name);
        }
    }

    /// The routes to all values, the root first.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = vec![Vec::new()];
        for at in 0..self.len() {
            let inner = self.at(&[at]).map(Json::routes).unwrap_or_default();
            routes.extend(inner.into_iter().map(|rest| [vec![at], rest].concat()));
        }
        routes
    }

    /// The same with a space for whatever needs an escape.
    fn plain(&self) -> Json {
        match self {
            Json::Raw(raw) if raw.contains('\\') => Json::raw("0"),
            Json::Raw(_) => self.clone(),
            Json::Text(text) => Json::Text(plain(text)),
            Json::Array(elements) => Json::Array(elements.iter().map(Json::plain).collect()),
            Json::Object(members) => Json::Object(plain_members(members)),
        }
    }

    fn arbitrary_within(u: &mut Unstructured<'_>, depth: usize) -> Result<Self> {
        const RAW: [&str; 14] = [
            "null",
            "true",
            "false",
            "0",
            "-0",
            "1.00",
            "1e999",
            "-1",
            "12345678901234567890",
            "\"\\u0e01\"",
            "\"\\ud834\\udd1e\"",
            "\"\\/\"",
            "\"\\ud800\"",
            "\"\"",
        ];
        let kind = u.int_in_range(0..=if depth == 0 { 1 } else { 3 })?;
        Ok(match kind {
            0 => Json::raw(pick(u, &RAW)?),
            1 => Json::Text(text(u)?),
            2 => Json::Array(list(u, 3, |u| Json::arbitrary_within(u, depth - 1))?),
            _ => Json::Object(list(u, 3, |u| {
                Ok((unknown_name(u)?, Json::arbitrary_within(u, depth - 1)?))
            })?),
        })
    }
}

/// A member name that no object of a tokens file knows.
pub(crate) fn unknown_name(u: &mut Unstructured<'_>) -> Result<String> {
    let name = if one_in(u, 3)? {
        text(u)?
    } else {
        pick(u, &["_", "_comment", "$schema", "description", "x", "Token", "expiry", "tokens "])?
            .to_owned()
    };
    const KNOWN: [&str; 6] =
        ["create_databases", "tokens", "token", "name", "expiry_millis", "permissions"];
    Ok(if KNOWN.contains(&name.as_str()) { "_".to_owned() } else { name })
}

impl<'a> Arbitrary<'a> for Json {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Json::arbitrary_within(u, 3)
    }
}

impl Shrink for Json {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Json::Raw(raw) if raw == "0" => Vec::new(),
            Json::Raw(_) => vec![Json::raw("0")],
            Json::Text(text) => std::iter::once(Json::raw("0"))
                .chain(text.simpler().into_iter().map(Json::Text))
                .collect(),
            Json::Array(elements) => std::iter::once(Json::raw("0"))
                .chain(elements.simpler().into_iter().map(Json::Array))
                .collect(),
            Json::Object(members) => std::iter::once(Json::raw("0"))
                .chain(simpler_members(members).into_iter().map(Json::Object))
                .collect(),
        }
    }
}

/// A text with a space for whatever JSON does not spell as it is. No name becomes a known one by that.
pub(crate) fn plain(text: &str) -> String {
    text.replace(|character| character < ' ' || matches!(character, '"' | '\\'), " ")
}

/// Members that need no escape.
pub(crate) fn plain_members(members: &[(String, Json)]) -> Vec<(String, Json)> {
    members.iter().map(|(name, value)| (plain(name), value.plain())).collect()
}

/// Fewer members, and members with simpler values.
pub(crate) fn simpler_members(members: &[(String, Json)]) -> Vec<Vec<(String, Json)>> {
    let mut all = shorter(members);
    for (at, (name, value)) in members.iter().enumerate() {
        all.extend(value.simpler().into_iter().map(|value| {
            let mut members = members.to_vec();
            members.splice(at..=at, [(name.clone(), value)]);
            members
        }));
    }
    all
}
