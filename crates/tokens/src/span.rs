//! Places in a source text: byte spans, and the lines and columns people read.

use memchr::memchr_iter;

/// A range of bytes of a source text, end exclusive, always on character boundaries where this crate made
/// it.
///
/// ```
/// let text = "db:a:raed";
/// let error = tokens::Permission::parse(text).unwrap_err();
/// assert_eq!((error.span().start, error.span().end), (5, 9));
/// assert_eq!(error.span().slice(text), "raed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte, from 0.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes from 0, without the byte at `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Span { start, end }
    }

    /// Where `part`, a slice of `source`, lies in it; the empty span at 0 if it is not a slice of it.
    ///
    /// ```
    /// let source = "db:a:read";
    /// assert_eq!(tokens::Span::of(source, &source[3..4]), tokens::Span::new(3, 4));
    /// ```
    pub fn of(source: &str, part: &str) -> Self {
        let start = part.as_ptr().addr().wrapping_sub(source.as_ptr().addr());
        match start.checked_add(part.len()) {
            Some(end) if end <= source.len() => Span { start, end },
            _ => Span::default(),
        }
    }

    /// The bytes of `text` that this span covers; empty where it does not fit.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// This span moved `offset` bytes to the right, as far as there are numbers.
    pub fn shifted(self, offset: usize) -> Self {
        Span::new(self.start.saturating_add(offset), self.end.saturating_add(offset))
    }
}

/// A line and a column as editors count them, both from 1; columns count Unicode scalar values. Made by
/// [`LineIndex::position`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1. Lines end with `\n`.
    pub line: usize,
    /// Column, from 1, in characters (Unicode scalar values).
    pub column: usize,
}

/// Finds line and column of a byte offset in time that does not grow with the line's length, so
/// that a million findings on one line stay linear. Make one for a text, and ask it often.
///
/// ```
/// use tokens::LineIndex;
///
/// let file = b"{\"tokens\": [\n  {\"token\": \"x\", \"name\": \"app\", \"permissions\": []}\n]}";
/// let reading = tokens::read(file, None);
/// let lines = LineIndex::new(reading.text());
/// let place = reading.errors()[0].place.as_ref().expect("a place");
/// let position = lines.position(place.span.start);
/// assert_eq!((position.line, position.column), (2, 14));
/// ```
#[derive(Debug)]
pub struct LineIndex<'a> {
    source: &'a str,
    line_starts: Vec<usize>,
    /// Characters that begin before each block of `BLOCK` bytes.
    characters_before: Vec<usize>,
}

const BLOCK: usize = 1024;

impl<'a> LineIndex<'a> {
    /// Reads `source` once. For findings of a file that is its [`Reading::text`](crate::Reading::text).
    pub fn new(source: &'a str) -> Self {
        let bytes = source.as_bytes();
        let line_starts =
            std::iter::once(0).chain(memchr_iter(b'\n', bytes).map(|at| at + 1)).collect();
        let mut characters = 0;
        let characters_before = bytes
            .chunks(BLOCK)
            .map(|block| {
                let before = characters;
                characters += character_starts(block);
                before
            })
            .collect();
        LineIndex { source, line_starts, characters_before }
    }

    /// Line and column of a byte offset, from 0; past the end, those of the end.
    ///
    /// ```
    /// let index = tokens::LineIndex::new("ก\nข x");
    /// let position = index.position("ก\nข ".len());
    /// assert_eq!((position.line, position.column), (2, 3));
    /// ```
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.source.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let line_start = self.line_start(line);
        Position { line, column: self.characters(offset) - self.characters(line_start) + 1 }
    }

    /// The span of a line (from 1; 0 is taken for it), in bytes, without its line end; empty and at the end
    /// past the last line.
    ///
    /// ```
    /// let text = "one\r\ntwo";
    /// assert_eq!(tokens::LineIndex::new(text).line(1).slice(text), "one");
    /// ```
    pub fn line(&self, line: usize) -> Span {
        let start = self.line_start(line);
        let next = self.line_starts.get(line.max(1));
        let end = next.map_or(self.source.len(), |next| next.saturating_sub(1));
        let text = Span::new(start, end).slice(self.source);
        Span::new(start, start + text.strip_suffix('\r').unwrap_or(text).len())
    }

    fn line_start(&self, line: usize) -> usize {
        self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(self.source.len())
    }

    fn characters(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let before = self.characters_before.get(block).copied();
        match (before, self.source.as_bytes().get(block * BLOCK..offset)) {
            (Some(before), Some(rest)) => before + character_starts(rest),
            // The offset is the end of a text whose length is a multiple of the block.
            _ => {
                let last = block.saturating_sub(1);
                let rest = self.source.as_bytes().get(last * BLOCK..).unwrap_or_default();
                self.characters_before.get(last).copied().unwrap_or(0) + character_starts(rest)
            }
        }
    }
}

fn character_starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    /// Counts from the start, as a person would.
    fn slow(source: &str, offset: usize) -> Position {
        let before = &source[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    #[test]
    fn no_number_is_too_small_or_too_large() {
        for text in ["one\r\ntwo", "one", ""] {
            let index = LineIndex::new(text);
            assert_eq!(index.line(0), index.line(1), "{text:?}");
            assert_eq!(index.line(usize::MAX), Span::new(text.len(), text.len()));
            assert_eq!(index.position(usize::MAX), index.position(text.len()));
        }
        assert_eq!(Span::new(1, 2).shifted(usize::MAX).slice("one"), "");
    }

    #[test]
    fn positions_agree_with_counting_from_the_start() {
        for source in [String::new(), "a".repeat(BLOCK), "ก\nb\r\n".repeat(500), "é".repeat(BLOCK)]
        {
            let index = LineIndex::new(&source);
            for offset in (0..=source.len()).filter(|at| source.is_char_boundary(*at)) {
                assert_eq!(index.position(offset), slow(&source, offset), "at {offset}");
            }
        }
    }

    #[test]
    fn a_line_has_no_line_end() {
        let index = LineIndex::new("one\r\ntwo\n");
        assert_eq!(index.line(1).slice("one\r\ntwo\n"), "one");
        assert_eq!(index.line(2).slice("one\r\ntwo\n"), "two");
        assert_eq!(index.line(3).slice("one\r\ntwo\n"), "");
    }

    #[test]
    fn a_foreign_slice_has_no_place() {
        assert_eq!(Span::of("abc", "somewhere else"), Span::default());
    }
}
