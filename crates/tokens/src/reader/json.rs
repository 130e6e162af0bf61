//! JSON one level at a time, still unparsed below. serde_json's borrowed `RawValue` is a slice of the
//! source, so a value's place is where its slice lies, and no second parser is needed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::Span;

/// The type of a value, by its first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonType {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

impl JsonType {
    pub(crate) fn of(value: &str) -> Self {
        value.bytes().next().map_or(JsonType::Number, JsonType::beginning_with)
    }

    pub(crate) fn beginning_with(first: u8) -> Self {
        match first {
            b'{' => JsonType::Object,
            b'[' => JsonType::Array,
            b'"' => JsonType::String,
            b't' | b'f' => JsonType::Bool,
            b'n' => JsonType::Null,
            _ => JsonType::Number,
        }
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            JsonType::Object => "an object",
            JsonType::Array => "an array",
            JsonType::String => "a string",
            JsonType::Number => "a number",
            JsonType::Bool => "a boolean",
            JsonType::Null => "null",
        })
    }
}

/// A string without its quotes; any other value as it is.
pub(crate) fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

/// The one value that a text is.
pub(crate) fn value(text: &str) -> Result<&str, serde_json::Error> {
    serde_json::from_str::<&RawValue>(text).map(RawValue::get)
}

/// The members of a valid object in order, as (raw name with its quotes, value).
pub(crate) fn members(object: &str) -> Vec<(&str, &str)> {
    serde_json::from_str::<Members<'_>>(object).map(|members| members.0).unwrap_or_default()
}

/// The elements of a valid array in order.
pub(crate) fn elements(array: &str) -> Vec<&str> {
    let values = serde_json::from_str::<Vec<&RawValue>>(array).unwrap_or_default();
    values.into_iter().map(RawValue::get).collect()
}

struct Members<'a>(Vec<(&'a str, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push((name.get(), value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Whether a text ends too early. To serde_json a number that breaks off with the text is invalid.
pub(crate) fn is_cut_off(text: &str, error: &serde_json::Error) -> bool {
    let breaks_off = || {
        error.to_string().starts_with("invalid number")
            && reached(text, error) >= text.len()
            && text.ends_with(['-', '+', '.', 'e', 'E'])
    };
    error.is_eof() || breaks_off()
}

/// How far serde_json had come, in bytes.
fn reached(text: &str, error: &serde_json::Error) -> usize {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes()).nth(line - 2).map_or(0, |at| at + 1),
    };
    line_start + error.column()
}

/// Where a syntax error is: at the character that cannot stand there, or at the end of the text.
pub(crate) fn error_span(text: &str, error: &serde_json::Error) -> Span {
    // serde_json stands behind what it refuses; only a control character in a string it refuses without
    // stepping over it.
    let stepped_over = !error.to_string().starts_with("control character");
    let mut start = reached(text, error);
    if is_cut_off(text, error) {
        start = text.len();
    } else if stepped_over {
        start = start.saturating_sub(1);
    }
    start = text.floor_char_boundary(start);
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(start, start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_are_slices_of_the_source() {
        let source = r#" { "a" : [1, "x"] , "\u0061":{"b":null}} "#;
        let object = value(source).expect("JSON");
        let members = members(object);
        assert_eq!(members, [("\"a\"", "[1, \"x\"]"), ("\"\\u0061\"", "{\"b\":null}")]);
        let (_, array) = members[0];
        assert_eq!(elements(array), ["1", "\"x\""]);
        assert_eq!(Span::of(source, elements(array)[1]).slice(source), "\"x\"");
    }

    #[test]
    fn a_syntax_error_is_where_the_eye_finds_it() {
        for (text, offending) in [
            ("{\"a\":1,}", "}"),
            ("{\"a\":\n  'x'}", "'"),
            ("[1,2] x", "x"),
            ("{\"a\":\"ก\tข\"}", "\t"),
            ("{\"a\":\"one\ntwo\"}", "\n"),
            ("{\"a\":NaN}", "N"),
            ("{\"ก\":ข}", "ข"),
            ("{\"a\":", ""),
            ("[-", ""),
            ("[1.", ""),
            ("[1e+", ""),
            ("[1.,", ","),
            ("[01.", "1"),
            ("", ""),
        ] {
            let error = value(text).expect_err(text);
            assert_eq!(error_span(text, &error).slice(text), offending, "{text}: {error}");
        }
    }

    #[test]
    fn any_depth_is_read() {
        let deep = format!("{{\"x\":{}{}}}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        assert_eq!(members(value(&deep).expect("JSON")).len(), 1);
    }
}
