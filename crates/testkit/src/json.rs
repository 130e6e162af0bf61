//! JSON as it is spelled: members in their order, repeated ones too, and numbers to the digit.
//!
//! Texts are walked token by token and never recursively, so that any depth is fine.
//!
//! ```
//! use testkit::json;
//!
//! let members = json::members(r#"{"b": 1.0, "a": [ ], "b": 2}"#)?;
//! let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
//! assert_eq!(names, ["b", "a", "b"]);
//! assert_eq!(members[0].1, "1.0");
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt::Write as _;

use memchr::memchr2;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object in their order: names unescaped, values as they are spelled.
///
/// # Errors
///
/// When the text is no JSON object.
pub fn members(object: &str) -> serde_json::Result<Vec<(String, &str)>> {
    serde_json::from_str::<Members<'_>>(object).map(|members| members.0)
}

/// The elements of an array as they are spelled.
///
/// # Errors
///
/// When the text is no JSON array.
pub fn elements(array: &str) -> serde_json::Result<Vec<&str>> {
    let elements: Vec<&RawValue> = serde_json::from_str(array)?;
    Ok(elements.into_iter().map(RawValue::get).collect())
}

struct Members<'a>(Vec<(String, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    members.push((name, value.get()));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// The tokens of a JSON text: brackets, commas, colons, and scalars as they are spelled.
pub fn tokens(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let length = match rest.bytes().next()? {
            b'"' => string_length(rest),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => rest.find([',', ']', '}', ':', ' ', '\t', '\r', '\n']).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(token)
    })
}

/// The length of the string that a text begins with, in bytes, with its quotes.
fn string_length(text: &str) -> usize {
    let mut at = "\"".len();
    while let Some(rest) = text.as_bytes().get(at..) {
        match memchr2(b'"', b'\\', rest) {
            Some(next) if rest.get(next) == Some(&b'"') => return at + next + 1,
            // What is escaped ends nothing.
            Some(next) => at += next + 2,
            None => break,
        }
    }
    text.len()
}

/// A text in which everything that JSON leaves free is alike: white space, and how strings are escaped.
/// Numbers stay as they are spelled.
///
/// ```
/// use testkit::json::canonical;
/// assert_eq!(canonical(r#"{ "a" : [1.0, "\u0062"] }"#), r#"{"a":[1.0,"b"]}"#);
/// assert_ne!(canonical("1.0"), canonical("1"));
/// ```
pub fn canonical(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for token in tokens(json) {
        push_scalar(&mut text, token);
    }
    text
}

fn push_scalar(text: &mut String, token: &str) {
    match serde_json::from_str::<String>(token).and_then(|string| serde_json::to_string(&string)) {
        Ok(string) if token.starts_with('"') => text.push_str(&string),
        // A lone surrogate is no text: such a string stays as it is spelled.
        _ => text.push_str(token),
    }
}

/// A text laid out with two spaces, one member or element a line, and a final newline.
///
/// ```
/// use testkit::json::pretty;
/// assert_eq!(pretty(r#"{"a":[1.0,{}],"b":[]}"#), "{\n  \"a\": [\n    1.0,\n    {}\n  ],\n  \"b\": []\n}\n");
/// ```
pub fn pretty(json: &str) -> String {
    let (mut text, mut depth, mut empty) = (String::with_capacity(2 * json.len()), 0_usize, false);
    for token in tokens(json) {
        let closes = matches!(token, "]" | "}");
        if closes {
            depth = depth.saturating_sub(1);
        }
        // Nothing stands between the brackets of what is empty.
        if (closes && !empty) || (!closes && empty) {
            new_line(&mut text, depth);
        }
        empty = matches!(token, "[" | "{");
        push_scalar(&mut text, token);
        match token {
            "[" | "{" => depth += 1,
            "," => new_line(&mut text, depth),
            ":" => text.push(' '),
            _ => {}
        }
    }
    text.push('\n');
    text
}

fn new_line(text: &mut String, depth: usize) {
    // Writing to a String cannot fail.
    let _ = write!(text, "\n{:1$}", "", 2 * depth);
}
