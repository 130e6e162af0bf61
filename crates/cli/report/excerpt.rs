//! The line of a file that a finding is about, fit to be shown: cut around the place, secrets masked
//! (GEN-07), and with nothing in it that a terminal would obey.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use tokens::mask::{self, MASK};
use tokens::{LineIndex, Position, Span, is_harmful, visible};

/// Shorter lines are shown whole, in characters.
const LONGEST_LINE: usize = 200;
/// Shown of a longer line before and behind the place, in characters.
const AROUND: usize = 60;
/// Shown of a long place, in characters.
const LONGEST_PLACE: usize = 80;

/// A file's text with its lines and secrets, each found once, when a finding needs them.
pub(crate) struct Source<'t> {
    text: &'t str,
    lines: OnceCell<LineIndex<'t>>,
    secrets: OnceCell<Vec<Span>>,
}

/// A part of a line, with the places in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// Where the first place begins in the file.
    pub(crate) position: Position,
    /// The places, in bytes of `text`; none for one that is not shown.
    pub(crate) places: Vec<Option<Range<usize>>>,
}

impl Excerpt {
    /// The first place as it is shown.
    pub(crate) fn first_place(&self) -> &str {
        let place = self.places.first().cloned().flatten();
        place.and_then(|place| self.text.get(place)).unwrap_or_default()
    }
}

impl<'t> Source<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Source { text, lines: OnceCell::new(), secrets: OnceCell::new() }
    }

    fn lines(&self) -> &LineIndex<'t> {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }

    fn secrets(&self) -> &[Span] {
        self.secrets.get_or_init(|| mask::secrets(self.text))
    }

    /// Line and column of an offset.
    pub(crate) fn position(&self, offset: usize) -> Position {
        self.lines().position(offset)
    }

    /// The line on which the first place begins, with as much of the places as is on it.
    pub(crate) fn excerpt(&self, first: Span, others: &[Span]) -> Excerpt {
        let position = self.position(first.start);
        let line = self.lines().line(position.line);
        let clip = |span: Span| {
            let start = span.start.min(line.end);
            Span::new(start, span.end.clamp(start, line.end))
        };
        let window = self.window(line, clip(first));
        let shown = |span: &Span| window.start <= span.start && span.start <= window.end;
        let cut = |span: Span| Span::new(span.start, span.end.min(window.end));
        let places: Vec<Option<Span>> = std::iter::once(&first)
            .chain(others)
            .map(|span| Some(*span).filter(shown).map(clip).map(cut))
            .collect();
        let (text, offsets) = self.show(line, window, places.iter().flatten().copied());
        let offset = |at: usize| offsets.get(&at).copied().unwrap_or(text.len());
        let places = places
            .iter()
            .map(|place| place.map(|place| offset(place.start)..offset(place.end)))
            .collect();
        Excerpt { text, position, places }
    }

    /// What a window of a line looks like, and where the ends of the places are in that.
    fn show(
        &self,
        line: Span,
        window: Span,
        places: impl Iterator<Item = Span>,
    ) -> (String, BTreeMap<usize, usize>) {
        let mut offsets: BTreeMap<usize, usize> =
            places.flat_map(|place| [(place.start, 0), (place.end, 0)]).collect();
        let mut text = String::new();
        if window.start > line.start {
            text.push('…');
        }
        let mut done = window.start;
        for (at, offset) in &mut offsets {
            self.add(Span::new(done, *at), &mut text);
            *offset = text.len();
            done = *at;
        }
        self.add(Span::new(done, window.end), &mut text);
        if window.end < line.end {
            text.push('…');
        }
        (text, offsets)
    }

    /// The part of a line that is shown: all of it, or what is around the place.
    fn window(&self, line: Span, place: Span) -> Span {
        if line.slice(self.text).chars().nth(LONGEST_LINE).is_none() {
            return line;
        }
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

    /// Adds a part of the text, with a mask for each secret in it that has none yet.
    fn add(&self, part: Span, text: &mut String) {
        let mut done = part.start;
        let first = self.secrets().partition_point(|secret| secret.end <= part.start);
        for secret in self.secrets().iter().skip(first).take_while(|s| s.start < part.end) {
            let start = secret.start.max(done);
            self.add_plain(Span::new(done, start), text);
            // A place may begin inside a secret, which is masked then already.
            if start == secret.start || !text.ends_with(MASK) {
                text.push_str(MASK);
            }
            done = secret.end.min(part.end);
        }
        self.add_plain(Span::new(done, part.end), text);
    }

    fn add_plain(&self, part: Span, text: &mut String) {
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
        let mut excerpt = Source::new(text).excerpt(span, &[]);
        let place = excerpt.places[0].clone().expect("the first place is shown");
        excerpt.text.insert(place.end, ']');
        excerpt.text.insert(place.start, '[');
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
            let shown = Source::new(text).excerpt(span, &[]).text;
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
    fn other_places_are_shown_where_they_are_in_the_window() {
        let text = format!("first {{second}} {} third", "x".repeat(300));
        let places = ["first", "second", "third"].map(|part| {
            let start = text.find(part).expect("a part of the text");
            Span::new(start, start + part.len())
        });
        let excerpt = Source::new(&text).excerpt(places[1], &[places[0], places[2]]);
        let shown = excerpt.places.into_iter().map(|place| place.map(|p| &excerpt.text[p]));
        assert_eq!(shown.collect::<Vec<_>>(), [Some("second"), Some("first"), None]);
    }

    #[test]
    fn nothing_harmful_is_left() {
        let shown = excerpt("{\"\u{1b}[31m\u{202e}x\": 1}", "x");
        assert_eq!(shown, r#"{"\u{1b}[31m\u{202e}[x]": 1}"#);
    }
}
