//! Texts that are no JSON, explained (DOC-01, DOC-02).

use super::json;
use crate::Span;
use crate::diagnostic::{Code, Diagnostic, Place, rules};
use crate::quote::is_harmful;

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
    let lacks_comma = reason.starts_with("expected `,`");
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
        Some('}' | ']') if lacks_comma => {
            "close the bracket that was opened last: `{` by `}`, `[` by `]`"
        }
        Some('}' | ']' | ',') if reason == "expected value" => "put a value in front of it",
        _ if reason.contains("escape") => {
            "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits"
        }
        _ if here.starts_with("NaN") || here.starts_with("Inf") || here.starts_with("-Inf") => {
            "NaN and Infinity are no JSON numbers"
        }
        _ if reason == "expected ident" || is_word(here) => {
            "the words are null, true and false, in lower case; other text stands between double quotes"
        }
        Some('+' | '.') => NUMBERS,
        _ if reason.contains("number") => NUMBERS,
        Some('\n' | '\r' | '\t') => {
            "inside a string write \\n or \\t, or close the string on its line"
        }
        _ if reason.contains("control character") => "write it as \\u and four hex digits",
        Some(_) if reason.contains("trailing characters") => {
            "one value makes a file: remove the rest"
        }
        Some(character) if character.is_alphanumeric() && before.ends_with('"') => {
            "a quote inside a string is written \\\""
        }
        Some('"' | '{' | '[' | '0'..='9') if lacks_comma => "put a comma in front of it",
        Some(_) if reason == "expected `:`" => "put a colon between a member's name and its value",
        Some(character) if character.is_alphabetic() || character == '$' => {
            "names and strings stand between double quotes: \""
        }
        Some(character) if character.is_whitespace() || is_harmful(character) => {
            "only spaces, tabs and line ends may stand between values: remove it"
        }
        _ => return None,
    })
}

const NUMBERS: &str = "numbers are written as 12 or -3.5, with no 0 or + in front";

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

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: &str = "control character (\\u0000-\\u001F) found while parsing a string";
    const QUOTE: &str = "names and strings stand between double quotes: \"";
    const SPACE: &str = "only spaces, tabs and line ends may stand between values: remove it";
    const ESCAPES: &str =
        "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits";
    const WORDS: &str = "the words are null, true and false, in lower case; other text stands between double quotes";

    /// Message and help of the first error.
    fn said(file: &[u8]) -> String {
        let reading = crate::read(file, None);
        let error = &reading.errors()[0];
        format!("{} ({})", error.message, error.help.as_deref().unwrap_or("no help"))
    }

    #[test]
    fn every_slip_has_its_way_out() {
        let member = "expected `,` or `}`";
        for (file, reason, help) in [
            ("{\"a\": 1,}", "trailing comma", "remove the comma before the bracket"),
            ("{\"a\": [1,]}", "trailing comma", "remove the comma before the bracket"),
            (
                "{\"a\": 1]",
                member,
                "close the bracket that was opened last: `{` by `}`, `[` by `]`",
            ),
            ("{\"a\":}", "expected value", "put a value in front of it"),
            ("{\"a\": [,1]}", "expected value", "put a value in front of it"),
            ("{\"a\": 1 \"b\": 2}", member, "put a comma in front of it"),
            ("{\"a\": \"b\"\n{}}", member, "put a comma in front of it"),
            ("{\"a\" 1}", "expected `:`", "put a colon between a member's name and its value"),
            ("{'a': 1}", "key must be a string", "strings stand between double quotes: \""),
            ("{\"a\": “b”}", "expected value", "strings stand between double quotes: \""),
            ("{a: 1}", "key must be a string", QUOTE),
            ("{$A: 1}", "key must be a string", QUOTE),
            ("{\"a\": é}", "expected value", QUOTE),
            ("{\"a\": 1 b}", member, QUOTE),
            ("{\"a\": \"b\"c\"}", member, "a quote inside a string is written \\\""),
            ("{\"a\"5\": 1}", "expected `:`", "a quote inside a string is written \\\""),
            ("{\"a\": 1 // b\n}", member, "JSON has no comments; a member `_comment` is ignored"),
            ("# a\n{}", "expected value", "JSON has no comments; a member `_comment` is ignored"),
            ("{} {}", "trailing characters", "one value makes a file: remove the rest"),
            ("[\u{a0}1]", "expected value", SPACE),
            ("[\u{200b}1]", "expected value", SPACE),
            ("{\"a\": \"\\x\"}", "invalid escape", ESCAPES),
            (
                "{\"a\": \"b\nc\"}",
                CONTROL,
                "inside a string write \\n or \\t, or close the string on its line",
            ),
            ("{\"a\": \"b\u{1}c\"}", CONTROL, "write it as \\u and four hex digits"),
            ("{\"a\": NaN}", "expected value", "NaN and Infinity are no JSON numbers"),
            ("{\"a\": Infinity}", "expected value", "NaN and Infinity are no JSON numbers"),
            ("{\"a\": -Infinity}", "invalid number", "NaN and Infinity are no JSON numbers"),
            ("{\"a\": nul}", "unknown word", WORDS),
            ("{\"a\": True}", "expected value", WORDS),
            ("{\"a\": 012}", "invalid number", NUMBERS),
            ("{\"a\": 1.}", "invalid number", NUMBERS),
            ("{\"a\": -}", "invalid number", NUMBERS),
            ("{\"a\": .5}", "expected value", NUMBERS),
            ("{\"a\": +1}", "expected value", NUMBERS),
            ("{\"a\": 1; \"b\": 2}", member, "no help"),
        ] {
            let expected = format!("this is not JSON: {reason} ({help})");
            assert_eq!(said(file.as_bytes()), expected, "{file}");
        }
    }

    #[test]
    fn a_text_that_ends_too_early_is_cut_off() {
        let empty =
            "the file is empty (make a file with `create token`, or write `{\"tokens\": []}`)";
        let cut = "the text ends in the middle of a value (the file is cut off: a bracket or a quote \
             is not closed)";
        for (file, expected) in
            [("", empty), (" \n", empty), ("{\"tokens\": [", cut), ("{\"a\": -", cut), ("\"b", cut)]
        {
            assert_eq!(said(file.as_bytes()), expected, "{file}");
        }
    }

    #[test]
    fn what_is_no_utf_8_is_known_by_its_first_bytes() {
        let utf_16 = "the file is UTF-16, as PowerShell's `>` writes it: save it as UTF-8";
        for (file, at, help) in [
            (&b"\xff\xfe{\0"[..], 0, utf_16),
            (b"\xfe\xff\0{", 0, utf_16),
            (b"\x1f\x8b", 1, "the file is compressed: unpack it first"),
            (b"{\"\xe9\"}", 2, "save the file as UTF-8"),
        ] {
            let expected = format!("the file is not UTF-8: byte {at} begins no character ({help})");
            assert_eq!(said(file), expected, "{file:?}");
            let reading = crate::read(file, None);
            let place = reading.errors()[0].place.as_ref().expect("a place");
            assert_eq!(place.span.slice(reading.text()), "\u{fffd}", "{file:?}");
        }
        let marked = "the file begins with a byte-order mark (save the file as UTF-8 without a \
             byte-order mark)";
        assert_eq!(said("\u{feff}{\"tokens\": []}".as_bytes()), marked);
    }
}
