//! Finds secrets by their looks alone, so that they are masked in broken files too (GEN-07).
//!
//! Three things count as a secret: what follows `apiv3_`; whatever stands after a `token` key; and
//! a string whose escapes spell `apiv3_`. To mask too much is harmless, too little is not.

use std::borrow::Cow;

use memchr::{memchr2, memchr2_iter, memmem, memrchr2};

use crate::Span;
use crate::reader::escape;
use crate::secret::PREFIX;

/// What stands in a text where a secret stood.
pub const MASK: &str = "***";

/// Where secrets lie in a text: in order, apart from each other. `apiv3_` itself is not covered.
///
/// ```
/// let text = r#"{"token": "no prefix", "name": "apiv3_abc"}"#;
/// let found: Vec<&str> = tokens::mask::secrets(text).iter().map(|span| span.slice(text)).collect();
/// assert_eq!(found, ["no prefix", "abc"]);
/// ```
pub fn secrets(text: &str) -> Vec<Span> {
    let mut spans = keyed(text);
    spans.extend(prefixed(text));
    spans.extend(escaped(text));
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let joined = next.start <= last.end;
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
    spans
}

/// The text with `***` after every `apiv3_`.
///
/// ```
/// assert_eq!(tokens::mask::mask_prefixed("see apiv3_abc, there"), "see apiv3_*** there");
/// ```
pub fn mask_prefixed(text: &str) -> Cow<'_, str> {
    let spans = prefixed(text);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        masked.push_str(Span::new(done, span.start).slice(text));
        masked.push_str(MASK);
        done = span.end;
    }
    masked.push_str(Span::new(done, text.len()).slice(text));
    Cow::Owned(masked)
}

/// Runs of anything but white space and quotes after `apiv3_`; an escaped quote does not end one.
fn prefixed(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), PREFIX.as_bytes()) {
        let start = at + PREFIX.len();
        if start < done {
            continue;
        }
        let end = start + run_length(rest(text, start));
        if end > start {
            spans.push(Span::new(start, end));
        }
        done = end;
    }
    spans
}

fn run_length(text: &str) -> usize {
    let mut escaped = false;
    text.char_indices()
        .find(|(_, character)| {
            let ends =
                character.is_whitespace() || (!escaped && matches!(character, '"' | '\'' | '`'));
            escaped = *character == '\\' && !escaped;
            ends
        })
        .map_or(text.len(), |(at, _)| at)
}

/// Values after a key that ends in `token`, quoted or bare, however broken the text around is.
fn keyed(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut done = 0;
    for at in memchr2_iter(b':', b'=', text.as_bytes()) {
        if at < done {
            continue;
        }
        let Some(key) = token_key(text.get(..at).unwrap_or_default()) else { continue };
        let after = rest(text, at + 1);
        let start = text.len() - after.trim_start().len();
        done = value(text, start, key, &mut spans).max(at);
    }
    spans
}

#[derive(Clone, Copy, PartialEq)]
enum Key {
    Whole,
    /// A quote opens right before the word: `"token:read` may be the inside of a permission.
    HalfQuoted,
}

/// Longer spellings of `token`, each letter a `\u` escape, have 30 bytes.
const LONGEST_KEY: usize = 64;

fn token_key(before: &str) -> Option<Key> {
    let before = before.trim_end();
    let mut from = before.len().saturating_sub(LONGEST_KEY);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let window = rest(before, from);
    if let Some(inside) = window.strip_suffix(['"', '\'']) {
        let start = memrchr2(b'"', b'\'', inside.as_bytes()).map_or(0, |quote| quote + 1);
        return names_token(&escape::decode_lossy(rest(inside, start))).then_some(Key::Whole);
    }
    let word_length = |character: char| !(character.is_alphanumeric() || character == '_');
    let start = window.rfind(word_length).map_or(0, |at| {
        at + window.get(at..).and_then(|text| text.chars().next()).map_or(1, char::len_utf8)
    });
    if !names_token(rest(window, start)) {
        return None;
    }
    match window.get(..start).and_then(|text| text.chars().next_back()) {
        Some(':') => None,
        Some('"' | '\'') => Some(Key::HalfQuoted),
        _ => Some(Key::Whole),
    }
}

fn names_token(key: &str) -> bool {
    key.trim_end().to_ascii_lowercase().ends_with("token")
}

/// Adds the strings of the value that begins at `start`; answers where the value ends.
fn value(text: &str, start: usize, key: Key, spans: &mut Vec<Span>) -> usize {
    let after = rest(text, start);
    match after.chars().next() {
        Some(quote @ ('"' | '\'')) => string(text, start, quote, spans),
        Some('[' | '{') if key == Key::Whole => container(text, start, spans),
        _ if key == Key::Whole => bare(text, start, spans),
        _ => start,
    }
}

fn string(text: &str, start: usize, quote: char, spans: &mut Vec<Span>) -> usize {
    let inside = start + 1;
    let end = inside + escape::string_length(rest(text, inside), quote);
    let known = if rest(text, inside).starts_with(PREFIX) { PREFIX.len() } else { 0 };
    spans.push(Span::new((inside + known).min(end), end));
    end
}

/// Every string inside a bracket, up to the one that closes it.
fn container(text: &str, start: usize, spans: &mut Vec<Span>) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => at = string(text, at, '"', spans),
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth <= 1 => break,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

fn bare(text: &str, start: usize, spans: &mut Vec<Span>) -> usize {
    let after = rest(text, start);
    let ends = |character: char| {
        character.is_whitespace() || matches!(character, ',' | '}' | ']' | '"' | '\'')
    };
    let word = after.get(..after.find(ends).unwrap_or(after.len())).unwrap_or_default();
    let end = start + word.len();
    if !matches!(word, "" | "null" | "true" | "false") {
        spans.push(Span::new(start, end));
    }
    end
}

/// Strings that spell `apiv3_` with the help of `\u` escapes.
fn escaped(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), b"\\u") {
        if at < done {
            continue;
        }
        let before = Span::new(done, at).slice(text);
        let start = memrchr2(b'"', b'\'', before.as_bytes()).map_or(done, |quote| done + quote + 1);
        let end =
            memchr2(b'"', b'\n', rest(text, at).as_bytes()).map_or(text.len(), |end| at + end);
        let inside = Span::new(start, end);
        if escape::decode_lossy(inside.slice(text)).contains(PREFIX) {
            spans.push(inside);
        }
        done = end;
    }
    spans
}

fn rest(text: &str, from: usize) -> &str {
    text.get(from..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_in_whole_and_in_broken_texts() {
        let masked = |text: &'static str| -> Vec<&str> {
            secrets(text).iter().map(|span| span.slice(text)).collect()
        };
        for (text, expected) in [
            (r#"{"token":"apiv3_abc"}"#, vec!["abc"]),
            (r#"{"token":"apiv3_a b"}"#, vec!["a b"]),
            (r#"{"token" : "a\"b c","name":"n"}"#, vec![r#"a\"b c"#]),
            (r#"{"to\u006ben":"hidden"}"#, vec!["hidden"]),
            (r#"{"TOKEN":"hidden","admin_token":"too"}"#, vec!["hidden", "too"]),
            (r#"{"name":"apiv3_a\"b"}"#, vec![r#"a\"b"#]),
            (r#"{"name":"apiv3\u005fabc"}"#, vec![r"apiv3\u005fabc"]),
            (r#"{"token":["x",{"y":"z"}],"name":"n"}"#, vec!["x", "y", "z"]),
            (r#"{'token': 'abc'}"#, vec!["abc"]),
            (r#"{token: abc}"#, vec!["abc"]),
            (r#"{"token: "abc"}"#, vec!["abc"]),
            (r#"{"token": "abc"#, vec!["abc"]),
            (r#"{"token": 12345}"#, vec!["12345"]),
            ("INFLUXDB3_AUTH_TOKEN=6f6f", vec!["6f6f"]),
            (r#"{"token":null}"#, vec![]),
            (r#"["db:token:read","token:read"]"#, vec![]),
            (r#"{"tokens":[{"name":"n"}]}"#, vec![]),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn a_deep_nest_of_token_keys_is_read_once() {
        let text = r#"{"token":"#.repeat(100_000);
        assert!(secrets(&text).len() <= 100_000);
    }
}
