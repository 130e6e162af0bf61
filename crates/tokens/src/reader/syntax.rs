//! Texts that are no JSON, explained (DOC-01, DOC-02).

use super::json;
use crate::Span;
use crate::diagnostic::{Code, Diagnostic, Place, rules};

/// The finding about a text that serde_json refuses.
pub(super) fn diagnostic(source: &str, text: &str, error: &serde_json::Error) -> Diagnostic {
    let offset = Span::of(source, text).start;
    let span = json::error_span(text, error);
    let full = error.to_string();
    let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(reason, _)| reason);
    let message = match reason {
        _ if text.trim_start().is_empty() => "the file is empty".to_owned(),
        _ if json::is_cut_off(text, error) => "the text ends in the middle of a value".to_owned(),
        _ if is_trailing_comma(text, span) => "this is not JSON: trailing comma".to_owned(),
        "expected ident" => "this is not JSON: unknown word".to_owned(),
        _ => format!("this is not JSON: {reason}"),
    };
    let found = Diagnostic::new(Code::JsonSyntax, rules::DOC_01, message);
    let found = found.at(Place { pointer: String::new(), span: span.shifted(offset) });
    match help(text, span, reason, error) {
        Some(help) => found.help(help),
        None => found,
    }
}

fn is_trailing_comma(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    before.trim_end().ends_with(',') && matches!(span.slice(text), "}" | "]")
}

fn help(text: &str, span: Span, reason: &str, error: &serde_json::Error) -> Option<&'static str> {
    let before = text.get(..span.start).unwrap_or_default();
    let here = text.get(span.start..).unwrap_or_default();
    let after_value = before.trim_end();
    Some(match here.chars().next() {
        _ if text.trim_start().is_empty() => {
            "make a file with `create token`, or write `{\"tokens\": []}`"
        }
        _ if json::is_cut_off(text, error) => {
            "the file is cut off: a bracket or a quote is not closed"
        }
        Some('\'' | '“' | '”' | '‘' | '’') => "strings stand between double quotes: \"",
        Some('/' | '#') => "JSON has no comments; a member `_comment` is ignored",
        Some('}' | ']') if is_trailing_comma(text, span) => "remove the comma before the bracket",
        _ if reason.contains("escape") => {
            "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits"
        }
        _ if here.starts_with("NaN") || here.starts_with("Inf") || here.starts_with("-Inf") => {
            "NaN and Infinity are no JSON numbers"
        }
        _ if reason == "expected ident" || is_word(here) => {
            "the words are null, true and false, in lower case; other text stands between double quotes"
        }
        _ if reason.contains("number") => {
            "numbers are written as 12 or -3.5, with no 0 or + in front"
        }
        Some('+') => "numbers are written as 12 or -3.5, with no 0 or + in front",
        Some('\n' | '\r' | '\t') if reason.contains("control character") => {
            "inside a string write \\n or \\t, or close the string on its line"
        }
        Some(_) if reason.contains("trailing characters") => {
            "one value makes a file: remove the rest"
        }
        Some(character) if character.is_alphanumeric() && after_value.ends_with('"') => {
            "a quote inside a string is written \\\""
        }
        Some(character) if character.is_alphabetic() || character == '$' => {
            "names and strings stand between double quotes: \""
        }
        Some(_) => return None,
        None => return None,
    })
}

/// `True`, `None` and the like, as other languages write them.
fn is_word(text: &str) -> bool {
    ["True", "False", "Null", "None", "nil", "TRUE", "FALSE", "NULL"]
        .iter()
        .any(|word| text.starts_with(word))
}

/// The finding about bytes that are no UTF-8, for a text in which they were replaced.
pub(super) fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error) -> Diagnostic {
    let start = error.valid_up_to();
    let help = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            "the file is UTF-16, as PowerShell's `>` writes it: save it as UTF-8"
        }
        [0x1f, 0x8b, ..] => "the file is compressed: unpack it first",
        _ => "save the file as UTF-8",
    };
    // Wrong bytes stand as one replacement character in the text that is shown.
    let span = Span::new(start, start + char::REPLACEMENT_CHARACTER.len_utf8());
    let message = format!("the file is not UTF-8: byte {start} begins no character");
    Diagnostic::new(Code::JsonEncoding, rules::DOC_01, message)
        .help(help)
        .at(Place { pointer: String::new(), span })
}

/// The finding about a byte-order mark (DOC-02).
pub(super) fn byte_order_mark() -> Diagnostic {
    let message = "the file begins with a byte-order mark";
    Diagnostic::new(Code::JsonEncoding, rules::DOC_02, message)
        .help("save the file as UTF-8 without a byte-order mark")
        .at(Place { pointer: String::new(), span: Span::new(0, '\u{feff}'.len_utf8()) })
}
