//! Changes to JSON texts that a mistake amounts to. What is no JSON stays as it is.

use std::borrow::Cow;

use crate::protocol::Document;
use testkit::json;

/// The members of an object: names unescaped, values as they are spelled.
pub(super) type Members = Vec<(String, String)>;

/// A text as a document of the protocol.
pub(super) fn document(text: String) -> Document<'static> {
    Document::Text(Cow::Owned(text))
}

/// The text of a document, if it is any.
pub(super) fn text(document: &Document<'_>) -> Option<String> {
    String::from_utf8(document.bytes().ok()?.into_owned()).ok()
}

pub(super) fn members(object: &str) -> Option<Members> {
    let members = json::members(object).ok()?.into_iter();
    Some(members.map(|(name, raw)| (name, raw.to_owned())).collect())
}

pub(super) fn elements(array: &str) -> Option<Vec<String>> {
    let elements = json::elements(array).ok()?.into_iter();
    Some(elements.map(str::to_owned).collect())
}

/// The last member of this name.
pub(super) fn member(object: &str, name: &str) -> Option<String> {
    members(object)?.into_iter().rev().find(|(found, _)| found == name).map(|(_, raw)| raw)
}

pub(super) fn object(members: &Members) -> String {
    let members = members.iter().map(|(name, raw)| format!("{}: {raw}", quoted(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

pub(super) fn array(elements: &[String]) -> String {
    format!("[{}]", elements.join(", "))
}

pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn unquoted(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

/// The strings of an array; none where it is no array of strings.
pub(super) fn strings(raw: &str) -> Vec<String> {
    serde_json::from_str(raw).unwrap_or_default()
}

/// The object with its members changed.
pub(super) fn with_members(text: &str, change: impl Fn(&mut Members)) -> String {
    let Some(mut members) = members(text) else { return text.to_owned() };
    change(&mut members);
    object(&members)
}

/// The object with one of its values changed, as it is spelled.
pub(super) fn with_value(text: &str, name: &str, change: impl Fn(&str) -> String) -> String {
    with_members(text, |members| {
        for (_, raw) in members.iter_mut().filter(|(found, _)| found == name) {
            *raw = change(raw);
        }
    })
}

/// The array with its elements changed.
pub(super) fn with_elements(raw: &str, change: impl Fn(&mut Vec<String>)) -> String {
    let Some(mut elements) = elements(raw) else { return raw.to_owned() };
    change(&mut elements);
    array(&elements)
}

/// The array with each of its elements changed.
pub(super) fn each_element(raw: &str, change: impl Fn(&str) -> String) -> String {
    with_elements(raw, |elements| {
        for element in elements {
            *element = change(element);
        }
    })
}

/// The document with each token object changed.
pub(super) fn each_token(text: &str, change: impl Fn(&str) -> String) -> String {
    with_value(text, "tokens", |tokens| each_element(tokens, &change))
}

/// The document with the members of each token object changed.
pub(super) fn token_members(text: &str, change: impl Fn(&mut Members)) -> String {
    each_token(text, |token| with_members(token, &change))
}

/// The document with a member of each token object changed, as it is spelled.
pub(super) fn token_value(text: &str, name: &str, change: impl Fn(&str) -> String) -> String {
    each_token(text, |token| with_value(token, name, &change))
}

/// The document with each permission changed.
pub(super) fn each_permission(text: &str, change: impl Fn(&str) -> String) -> String {
    let change = |raw: &str| each_element(raw, |raw| with_string(raw, &change));
    token_value(text, "permissions", change)
}

/// A string with what it stands for changed; anything else stays.
pub(super) fn with_string(raw: &str, change: impl Fn(&str) -> String) -> String {
    unquoted(raw).map_or_else(|| raw.to_owned(), |text| quoted(&change(&text)))
}

/// The text with only what is outside of strings changed.
pub(super) fn outside_strings(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut new, mut rest) = (String::new(), text);
    while let Some((outside, after)) = rest.split_once('"') {
        let end = end_of_string(after).unwrap_or(after.len());
        let (inside, after) = after.split_at_checked(end).unwrap_or((after, ""));
        new.extend([&change(outside), "\"", inside]);
        rest = after;
    }
    new + &change(rest)
}

/// The text with only the insides of strings changed.
pub(super) fn inside_strings(text: &str, change: impl Fn(&str) -> String) -> String {
    let (mut new, mut rest) = (String::new(), text);
    while let Some((outside, after)) = rest.split_once('"') {
        let end = end_of_string(after).unwrap_or(after.len());
        let (inside, after) = after.split_at_checked(end).unwrap_or((after, ""));
        new.extend([outside, "\"", &change(inside)]);
        rest = after;
    }
    new + rest
}

/// Where a string ends whose opening quote is gone: after its closing one.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|at| at + 1)
}
