//! The escapes of JSON strings: decoding, and the way back from a decoded place to the source.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::Span;

/// One character of a string and how the source spells it.
struct Unit {
    /// In bytes of the raw text.
    raw: Span,
    /// None for a lone surrogate and for what is no escape at all.
    character: Option<char>,
}

/// Walks over a raw string, the text between the quotes.
struct Units<'a> {
    raw: &'a str,
    at: usize,
}

impl Iterator for Units<'_> {
    type Item = Unit;

    fn next(&mut self) -> Option<Unit> {
        let rest = self.raw.get(self.at..)?;
        let first = rest.chars().next()?;
        let (length, character) =
            if first == '\\' { escape(rest) } else { (first.len_utf8(), Some(first)) };
        let raw = Span::new(self.at, (self.at + length).min(self.raw.len()));
        self.at = raw.end;
        Some(Unit { raw, character })
    }
}

/// Length in bytes and meaning of the escape at the beginning of `text`.
fn escape(text: &str) -> (usize, Option<char>) {
    let Some(letter) = text.chars().nth(1) else { return (1, None) };
    let character = match letter {
        'u' => return unicode_escape(text),
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' | '\\' | '/' => letter,
        _ => return (1 + letter.len_utf8(), None),
    };
    (2, Some(character))
}

fn unicode_escape(text: &str) -> (usize, Option<char>) {
    let Some(first) = code_unit(text) else { return (2, None) };
    let second = text.get(6..).and_then(code_unit);
    let pair = [Some(first), second].into_iter().flatten();
    match char::decode_utf16(pair).next() {
        Some(Ok(character)) => (6 * character.len_utf16(), Some(character)),
        _ => (6, None),
    }
}

/// The number in `\uXXXX` at the beginning of `text`.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

fn units(raw: &str) -> Units<'_> {
    Units { raw, at: 0 }
}

/// The meaning of a raw text, or where its first lone surrogate is, in bytes of the raw text.
pub(crate) fn decode(raw: &str) -> Result<Zeroizing<String>, Span> {
    // It may be a secret: with room for the whole no copy is left behind by growing.
    let mut decoded = Zeroizing::new(String::with_capacity(raw.len()));
    for unit in units(raw) {
        decoded.push(unit.character.ok_or(unit.raw)?);
    }
    Ok(decoded)
}

/// The way back from a decoded text to its source.
pub(crate) struct Escapes {
    /// Where each escape ends: (in the decoded text, in the raw text).
    ends: Vec<(usize, usize)>,
}

impl Escapes {
    /// The escapes of a raw text.
    pub(crate) fn of(raw: &str) -> Self {
        let mut ends = Vec::new();
        let mut decoded = 0;
        for unit in units(raw) {
            let length = unit.character.map_or(0, char::len_utf8);
            decoded += length;
            if unit.raw.slice(raw).len() != length {
                ends.push((decoded, unit.raw.end));
            }
        }
        Escapes { ends }
    }

    /// The place in the raw text of a place in the decoded text.
    pub(crate) fn raw(&self, decoded: Span) -> Span {
        let raw = |at: usize| {
            let passed = self.ends.partition_point(|(end, _)| *end <= at);
            let last = passed.checked_sub(1).and_then(|last| self.ends.get(last));
            last.map_or(at, |(decoded, raw)| raw + (at - decoded))
        };
        Span::new(raw(decoded.start), raw(decoded.end))
    }
}

/// The meaning of a raw text, with `\u{fffd}` for what has none.
pub(crate) fn decode_lossy(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(units(raw).map(|unit| unit.character.unwrap_or('\u{fffd}')).collect())
}

/// How many bytes of `text` come before the quote that closes a string; all if none does.
pub(crate) fn string_length(text: &str, quote: char) -> usize {
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' {
            bytes.next();
        } else if char::from(byte) == quote {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_agrees_with_serde_json() {
        for raw in ["", "plain", r"a\nb\/\\\b\f\r\t\u0e01", r"\ud83d\ude00x", "ก😀"] {
            let expected: String = serde_json::from_str(&format!("\"{raw}\"")).expect(raw);
            assert_eq!(decode_lossy(raw), expected, "{raw}");
            assert_eq!(decode(raw), Ok(Zeroizing::new(expected)), "{raw}");
        }
    }

    #[test]
    fn lone_surrogates_are_found() {
        for (raw, at) in [(r"a\ud800", 1), (r"\udc00", 0), (r"\ud800\u0041", 0)] {
            assert_eq!(decode(raw), Err(Span::new(at, at + 6)), "{raw}");
        }
    }

    #[test]
    fn places_are_mapped_through_escapes() {
        for (raw, part, expected) in [
            ("db:a:read", "a", "a"),
            (r"d\u0062:a\/b:read", "a/b", r"a\/b"),
            (r"\ud83d\ude00x", "😀", r"\ud83d\ude00"),
            (r"\ud83d\ude00x", "x", "x"),
        ] {
            let decoded = decode_lossy(raw);
            let start = decoded.find(part).expect("part of the text");
            let span = Escapes::of(raw).raw(Span::new(start, start + part.len()));
            assert_eq!(span.slice(raw), expected, "{raw}");
        }
        assert_eq!(
            Escapes::of(r"\u0061").raw(Span::new(1, 1)),
            Span::new(6, 6),
            "an empty place at the end"
        );
    }

    #[test]
    fn what_is_no_escape_is_passed_over() {
        for (raw, decoded) in [
            ("\\", "\u{fffd}"),
            ("\\xy", "\u{fffd}y"),
            ("\\u12", "\u{fffd}12"),
            ("\\u12é4", "\u{fffd}12é4"),
            ("\\éy", "\u{fffd}y"),
        ] {
            assert_eq!(decode_lossy(raw), decoded, "{raw}");
        }
    }
}
