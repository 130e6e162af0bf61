//! Finds secrets by their looks alone, so that they are masked in broken files too (GEN-07).
//!
//! Two things count as a secret: what follows `apiv3_`, and whatever stands after a `token` key; both
//! also where escapes spell them. To mask too much is harmless, too little is not.
//!
//! | what is shown | use |
//! |---|---|
//! | a name or a value in a message | [`quote`](fn@crate::quote) |
//! | a text on a line of its own | [`visible`](crate::visible) |
//! | an excerpt of a file | [`secrets`] of the whole file, since a cut text hides what is a secret in it |
//!
//! ```
//! use tokens::mask::{MASK, secrets};
//!
//! // This is no JSON, since the brackets are never closed; its secret is found all the same.
//! let text = r#"{"tokens": [{"token": "apiv3_abc", "name": "app""#;
//! let mut shown = text.to_owned();
//! for span in secrets(text).into_iter().rev() {
//!     shown.replace_range(span.start..span.end, MASK);
//! }
//! assert_eq!(shown, r#"{"tokens": [{"token": "apiv3_***", "name": "app""#);
//! ```

use std::borrow::Cow;

use memchr::{memchr2, memmem};

use crate::Span;
use crate::reader::escape;
use crate::secret::PREFIX;

/// What stands in a text where a secret stood.
pub const MASK: &str = "***";

/// Where secrets lie in a text, in bytes: in order, apart from each other.
///
/// `apiv3_` itself is not covered. Of a text with a NUL character, which is hardly UTF-8, all is taken for
/// a secret.
///
/// ```
/// let text = r#"{"token": "no prefix", "name": "apiv3_abc"}"#;
/// let found: Vec<&str> = tokens::mask::secrets(text).iter().map(|span| span.slice(text)).collect();
/// assert_eq!(found, ["no prefix", "abc"]);
/// ```
pub fn secrets(text: &str) -> Vec<Span> {
    // UTF-16 and the like: nothing in it can be told apart.
    if text.contains('\0') {
        return vec![Span::new(0, text.len())];
    }
    if !text.contains(ESCAPE) {
        return plain_secrets(text);
    }
    let unescaped = Unescaped::new(text);
    plain_secrets(&unescaped.text).into_iter().map(|span| unescaped.raw(span)).collect()
}

fn plain_secrets(text: &str) -> Vec<Span> {
    let mut spans = keyed(text);
    spans.extend(without_colon(text));
    spans.extend(prefixed(text));
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

/// How escapes begin that can spell `token` or `apiv3_`: all others have higher numbers.
const ESCAPE: &str = "\\u00";

/// A text in which escapes of ASCII letters, digits and `_` are decoded, so that nothing hides behind
/// them, and the way back to the text as it was.
struct Unescaped {
    text: String,
    /// Where a decoded character begins in `text`, and how many bytes its escapes up to there saved.
    saved: Vec<(usize, usize)>,
}

impl Unescaped {
    fn new(raw: &str) -> Self {
        let mut unescaped = Unescaped { text: String::with_capacity(raw.len()), saved: Vec::new() };
        let mut done = 0;
        for (at, _) in raw.match_indices(ESCAPE) {
            let escape = Span::new(at, at + ESCAPE.len() + 2);
            let digits = escape.slice(raw).get(ESCAPE.len()..).unwrap_or_default();
            let Ok(byte) = u8::from_str_radix(digits, 16) else { continue };
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                unescaped.text.push_str(Span::new(done, at).slice(raw));
                let before = unescaped.saved.last().map_or(0, |(_, saved)| *saved);
                unescaped.saved.push((unescaped.text.len(), before + ESCAPE.len() + 1));
                unescaped.text.push(char::from(byte));
                done = escape.end;
            }
        }
        unescaped.text.push_str(Span::new(done, raw.len()).slice(raw));
        unescaped
    }

    fn raw(&self, span: Span) -> Span {
        // A decoded character's escape belongs to it whole, so what it saved counts behind it.
        let raw = |at: usize| {
            let before = self.saved.partition_point(|(start, _)| *start < at);
            let saved = before.checked_sub(1).and_then(|last| self.saved.get(last));
            at + saved.map_or(0, |(_, saved)| *saved)
        };
        Span::new(raw(span.start), raw(span.end))
    }
}

/// The text with `***` after every `apiv3_`, for texts that are no files. It borrows where there is none.
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
    let prefix = memmem::Finder::new(PREFIX);
    while let Some(at) = prefix.find(rest(text, done).as_bytes()) {
        let start = done + at + PREFIX.len();
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
    while let Some(found) = memchr2(b':', b'=', rest(text, done).as_bytes()) {
        let at = done + found;
        done = match token_key(text.get(..at).unwrap_or_default()) {
            Some(key) => value(text, value_start(text, at, &mut spans), key, &mut spans),
            None => at + 1,
        };
    }
    spans
}

/// Values behind a quoted key where something else stands in the place of the colon, or nothing.
fn without_colon(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut done = 0;
    for at in memmem::find_iter(text.as_bytes(), b"oken\"") {
        let end = at + "oken\"".len();
        if end >= done && token_key(text.get(..end).unwrap_or_default()).is_some() {
            done = value(text, value_start(text, end, &mut spans), Key::Sure, &mut spans);
        }
    }
    spans
}

/// Where the value behind a key begins: behind white space, comments and stray signs, but not behind
/// what ends a member, since then there is no value. A comment that holds a quote may hold the value, and
/// is masked as a whole.
fn value_start(text: &str, mut at: usize, spans: &mut Vec<Span>) -> usize {
    let is_value = |c: char| c.is_alphanumeric() || matches!(c, '"' | '\'' | '[' | '{' | '\\');
    let ends_member = |c: char| matches!(c, ',' | ']' | '}');
    loop {
        let here = rest(text, at);
        let comment = if here.starts_with("//") || here.starts_with('#') {
            here.find('\n').unwrap_or(here.len())
        } else if here.starts_with("/*") {
            here.find("*/").map_or(here.len(), |end| end + 2)
        } else {
            0
        };
        let passed = Span::new(at, at + comment);
        if passed.slice(text).contains(QUOTES) {
            spans.push(passed);
        }
        match here.chars().next() {
            _ if comment > 0 => at += comment,
            Some(c) if !is_value(c) && !ends_member(c) => at += c.len_utf8(),
            _ => return at,
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Key {
    /// Whatever stands behind it is a secret.
    Sure,
    /// It may be the inside of a permission, as `"token:read`: only what is quoted or bracketed
    /// behind it is a secret.
    Doubtful,
}

/// Quotes as people and their programs write them.
const QUOTES: [char; 6] = ['"', '\'', '“', '”', '‘', '’'];

/// Of a longer key the end is looked at, in bytes.
const LONGEST_KEY: usize = 64;

fn token_key(before: &str) -> Option<Key> {
    let before = before.trim_end();
    let from = before.ceil_char_boundary(before.len().saturating_sub(LONGEST_KEY));
    let window = rest(before, from);
    if let Some(inside) = window.strip_suffix(QUOTES) {
        return names_token(inside).then_some(Key::Sure);
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
        Some('"' | '\'') => Some(Key::Doubtful),
        _ => Some(Key::Sure),
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
        Some('[' | '{') => container(text, start, spans),
        _ if key == Key::Sure => bare(text, start, spans),
        _ => start,
    }
}

fn string(text: &str, start: usize, quote: char, spans: &mut Vec<Span>) -> usize {
    let inside = start + 1;
    let mut end = inside + escape::string_length(rest(text, inside), quote);
    // A quote inside a secret breaks the JSON; what stands behind it is secret still.
    while rest(text, end + 1).starts_with(|next: char| !closes_value(next)) {
        let more = end + 1;
        end = more + escape::string_length(rest(text, more), quote);
    }
    let known = if rest(text, inside).starts_with(PREFIX) { PREFIX.len() } else { 0 };
    spans.push(Span::new((inside + known).min(end), end));
    end
}

fn closes_value(next: char) -> bool {
    next.is_whitespace() || matches!(next, ',' | ']' | '}' | ':')
}

/// Everything inside a bracket, up to the one that closes it.
fn container(text: &str, start: usize, spans: &mut Vec<Span>) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.as_bytes().get(at) {
        at = match byte {
            b'"' => string(text, at, '"', spans) + 1,
            b'[' | b'{' => {
                depth += 1;
                at + 1
            }
            b']' | b'}' if depth <= 1 => break,
            b']' | b'}' => {
                depth -= 1;
                at + 1
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' => at + 1,
            _ => bare(text, at, spans).max(at + 1),
        };
    }
    at
}

/// A value that lost its quote, up to where the next member would begin.
fn bare(text: &str, start: usize, spans: &mut Vec<Span>) -> usize {
    let after = rest(text, start);
    let length = after.find([',', '}', ']', '\n']).unwrap_or(after.len());
    let word = after.get(..length).unwrap_or_default().trim_end();
    let end = start + word.len();
    if !matches!(word, "" | "null" | "true" | "false") {
        spans.push(Span::new(start, end));
    }
    end
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
            (r#"{"name":"apiv3\u005fabc"}"#, vec!["abc"]),
            (r#"{"to\u006ben: ["\u0061bc"]}"#, vec![r"\u0061bc"]),
            (r#"{"\u0061piv3_x\u0079\u000a z"}"#, vec![r"x\u0079\u000a"]),
            (r#"{"token":["x",{"y":"z"}],"name":"n"}"#, vec!["x", "y", "z"]),
            (r#"{'token': 'abc'}"#, vec!["abc"]),
            (r#"{token: abc}"#, vec!["abc"]),
            (r#"{"token": a\"b c", "name": "n"}"#, vec![r#"a\"b c""#]),
            (r#"{"token: "abc"}"#, vec!["abc"]),
            (r#"{"token": "abc"#, vec!["abc"]),
            (r#"{"token" "abc"}"#, vec!["abc"]),
            (r#"{"token"//"abc","name":"n"}"#, vec![r#"//"abc","name":"n"}"#]),
            ("{\"token\": # 'abc'\n \"xyz\"}", vec!["# 'abc'", "xyz"]),
            (r#"{"token": /* "abc" */ "xyz"}"#, vec![r#"/* "abc" */"#, "xyz"]),
            ("{\"token\": // why\n \"xyz\"}", vec!["xyz"]),
            (r#"{"token" abc}"#, vec!["abc"]),
            (r#"{"token"*: "abc"}"#, vec!["abc"]),
            (r#"{"token": ["a", bc]}"#, vec!["a", "bc"]),
            ("{\"token\": // why\n\"abc\"}", vec!["abc"]),
            ("{\"token\": /* why */ \"abc\"}", vec!["abc"]),
            ("{“token”: “abc”}", vec!["abc”"]),
            ("a\0p\0", vec!["a\0p\0"]),
            (r#"{"create_databases": ["token", "abc"]}"#, vec![]),
            (r#"{"token": "a"b"c", "name": "n"}"#, vec![r#"a"b"c"#]),
            (r#"{"token": 12345}"#, vec!["12345"]),
            ("INFLUXDB3_AUTH_TOKEN=6f6f", vec!["6f6f"]),
            (r#"{"token": [["a"], "b"], "name": "n"}"#, vec!["a", "b"]),
            (r#"{"token": [ab, "c"], "name": "n"}"#, vec!["ab", "c"]),
            (r#"{"token": [ab], "name": "n"}"#, vec!["ab"]),
            ("{\"token\": [\"a\",\u{a0}]}", vec!["a"]),
            (r#"{"token":null}"#, vec![]),
            (r#"["db:token:read","token:read"]"#, vec![]),
            (r#"{"tokens":[{"name":"n"}]}"#, vec![]),
        ] {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    /// Somebody may have put a token string in the wrong place.
    #[test]
    fn what_can_hold_a_secret_masks_it_in_debug() {
        use crate::plan::StateToken;
        use crate::{DatabaseName, Permission, TokenName};
        let name = TokenName::parse("apiv3_abc").expect("not empty");
        assert_eq!(format!("{name:?}"), "TokenName(`apiv3_***`)");
        let database = DatabaseName::parse("apiv3_abc").expect("letters");
        assert_eq!(format!("{database:?}"), "DatabaseName(`apiv3_***`)");
        let error = DatabaseName::parse("apiv3_a!").expect_err("a mark");
        assert_eq!(format!("{error:?}"), format!("DatabaseNameError({error})"));
        assert!(error.to_string().starts_with("`apiv3_***` is not"));
        let permission = Permission::parse("db:apiv3_abc:read").expect("letters");
        assert_eq!(format!("{permission:?}"), "Permission(`db:apiv3_***`)");
        let token = StateToken { name: "apiv3_abc".into(), hash: String::new(), resource: true };
        assert_eq!(format!("{token:?}"), "StateToken(`apiv3_***`, resource: true)");
        let removed = crate::remove(Some(br#"{"tokens": []}"#), "apiv3_abc");
        let error = removed.err().expect("there is no such token");
        assert_eq!(format!("{error:?}"), format!("EditError({error})"));
        assert!(error.to_string().contains("`apiv3_***`"), "{error}");
    }

    #[test]
    fn a_secret_in_a_secret_is_one() {
        assert_eq!(
            mask_prefixed("apiv3_aapiv3_b apiv3_ \"apiv3_c\""),
            "apiv3_*** apiv3_ \"apiv3_***\""
        );
    }

    #[test]
    fn a_key_behind_a_long_text_of_any_script_is_found() {
        for shift in 0..3 {
            let text = format!("{}{{\"{}token\": \"abc\"}}", "x".repeat(shift), "ก".repeat(100));
            let found: Vec<&str> = secrets(&text).iter().map(|span| span.slice(&text)).collect();
            assert_eq!(found, ["abc"], "{text}");
        }
    }

    #[test]
    fn a_deep_nest_of_token_keys_is_read_once() {
        let text = r#"{"token":"#.repeat(100_000);
        assert!(secrets(&text).len() <= 100_000);
    }
}
