//! The line of a file that a finding is about, fit to be shown: cut around the place, secrets masked
//! (GEN-07), and with nothing in it that a terminal would obey.

use std::ops::Range;

use tokens::diagnostic::Place;
use tokens::mask::{self, MASK};
use tokens::{LineIndex, Position, Span, is_harmful, visible};

/// Shown of a long line before and behind the place, in characters.
const AROUND: usize = 60;
/// Shown of a long place, in characters.
const LONGEST_PLACE: usize = 80;

/// A file's text with its lines and secrets, found once for all its findings.
pub(crate) struct Source<'t> {
    text: &'t str,
    lines: LineIndex<'t>,
    secrets: Vec<Span>,
}

/// A part of a line, with the place in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// In bytes of `text`.
    pub(crate) place: Range<usize>,
    pub(crate) position: Position,
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Source { text, lines: LineIndex::new(text), secrets: mask::secrets(text) }
    }

    /// Line and column of an offset.
    pub(crate) fn position(&self, offset: usize) -> Position {
        self.lines.position(offset)
    }

    /// The line on which a place begins, and as much of the place as is on it.
    pub(crate) fn excerpt(&self, place: &Place) -> Excerpt {
        let position = self.position(place.span.start);
        let line = self.lines.line(position.line);
        let start = place.span.start.min(line.end);
        let end = place.span.end.clamp(start, line.end);
        let window = self.window(line, Span::new(start, end));
        let mut excerpt = Excerpt { text: String::new(), place: 0..0, position };
        if window.start > line.start {
            excerpt.text.push('…');
        }
        excerpt.place.start = excerpt.text.len();
        self.show(Span::new(window.start, start), &mut excerpt);
        excerpt.place.start = excerpt.text.len();
        self.show(Span::new(start, end.min(window.end)), &mut excerpt);
        excerpt.place.end = excerpt.text.len();
        self.show(Span::new(end.min(window.end), window.end), &mut excerpt);
        if window.end < line.end {
            excerpt.text.push('…');
        }
        excerpt
    }

    /// The part of a line that is shown: all of it, or what is around the place.
    fn window(&self, line: Span, place: Span) -> Span {
        let before = Span::new(line.start, place.start).slice(self.text);
        let start =
            before.char_indices().rev().nth(AROUND).map_or(line.start, |(at, _)| line.start + at);
        let length = if place.slice(self.text).chars().nth(LONGEST_PLACE).is_some() {
            LONGEST_PLACE
        } else {
            place.slice(self.text).chars().count() + AROUND
        };
        let after = Span::new(place.start, line.end).slice(self.text);
        let end = after.char_indices().nth(length).map_or(line.end, |(at, _)| place.start + at);
        Span::new(start, end)
    }

    /// Adds a part of the text, with a mask for each secret in it that was not shown yet.
    fn show(&self, part: Span, excerpt: &mut Excerpt) {
        let mut done = part.start;
        let first = self.secrets.partition_point(|secret| secret.end <= part.start);
        for secret in self.secrets.iter().skip(first).take_while(|s| s.start < part.end) {
            self.show_plain(Span::new(done, secret.start.max(done)), &mut excerpt.text);
            if !excerpt.text.ends_with(MASK) || done < secret.start {
                excerpt.text.push_str(MASK);
            }
            done = secret.end.min(part.end);
        }
        self.show_plain(Span::new(done, part.end), &mut excerpt.text);
    }

    fn show_plain(&self, part: Span, text: &mut String) {
        let indenting = text.chars().all(|character| character == ' ');
        let plain = part.slice(self.text);
        let rest = if indenting { plain.trim_start_matches('\t') } else { plain };
        text.push_str(&"    ".repeat(plain.len() - rest.len()));
        text.push_str(&visible(rest));
        debug_assert!(!text.contains(is_harmful));
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    /// The excerpt with its place between brackets.
    fn excerpt(text: &str, part: &str) -> String {
        let start = text.find(part).expect("a part of the text");
        let span = Span::new(start, start + part.len());
        let mut excerpt = Source::new(text).excerpt(&Place { pointer: String::new(), span });
        excerpt.text.insert(excerpt.place.end, ']');
        excerpt.text.insert(excerpt.place.start, '[');
        excerpt.text
    }

    #[test]
    fn a_place_is_shown_on_its_line() {
        assert_eq!(excerpt("one\n  two three\r\nfour", "two"), "  [two] three");
        assert_eq!(excerpt("one\n\t\ttwo\n", "two"), "        [two]");
        assert_eq!(excerpt("a {\n b\n}", "{\n b\n}"), "a [{]");
    }

    #[test]
    fn secrets_are_masked_wherever_the_place_is() {
        let text = r#"{"token": "apiv3_abc", "name": "n"}"#;
        assert_eq!(excerpt(text, "n\"}"), r#"{"token": "apiv3_***", "name": "[n"}]"#);
        assert_eq!(excerpt(text, "apiv3_abc"), r#"{"token": "[apiv3_***]", "name": "n"}"#);
        for part in ["a", "b", "c", "bc", "_a", "c\""] {
            let start = text.find("apiv3_abc").expect("there") + 6;
            let at = text[start..].find(part).map_or(start, |at| start + at);
            let span = Span::new(at, at + part.len());
            let shown = Source::new(text).excerpt(&Place { pointer: String::new(), span }).text;
            assert!(!shown.contains("abc") && !shown.contains("bc\""), "{part}: {shown}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "a".repeat(1000), "b".repeat(1000));
        let shown = excerpt(&text, "HERE");
        assert_eq!(shown, format!("…{}[HERE]{}…", "a".repeat(61), "b".repeat(60)));
        let long = format!("[{}]", "c".repeat(500));
        assert_eq!(excerpt(&long, &"c".repeat(500)), format!("[[{}]…", "c".repeat(80)));
    }

    #[test]
    fn nothing_harmful_is_left() {
        let shown = excerpt("{\"\u{1b}[31m\u{202e}x\": 1}", "x");
        assert_eq!(shown, r#"{"\u{1b}[31m\u{202e}[x]": 1}"#);
    }
}
