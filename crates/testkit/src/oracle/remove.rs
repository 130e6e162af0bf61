//! Taking a token out of a file (FILE-02).

use std::ops::Range;

use tokens::remove;

use super::file::File;

/// The token goes, and nothing else.
pub(super) fn removed(file: &File<'_>, at: Option<usize>) -> Option<String> {
    let name = file.name(at);
    let removed = match remove(file.bytes, name) {
        Ok(removed) => removed,
        Err(error) => {
            assert_eq!(at, None, "a removal is refused: {error}");
            return None;
        }
    };
    let at = at.unwrap_or_else(|| panic!("{name:?} was removed, which was not there"));
    assert!(removed.token == file.tokens[at], "another token than {name:?} was removed");
    assert_eq!(removed.tokens, file.tokens.len() - 1);
    file.becomes(&removed.text, vec![(cut(file, at), String::new())]);
    Some(removed.text.to_string())
}

/// All from the end of the token before it, or else until the token behind it, or else in the brackets.
fn cut(file: &File<'_>, at: usize) -> Range<usize> {
    let place = |at: usize| file.elements.get(at).map(|element| file.place(element));
    let (this, list) = (file.place(file.elements[at]), file.place(file.list));
    match (at.checked_sub(1).and_then(place), place(at + 1)) {
        (Some(before), _) => before.end..this.end,
        (None, Some(behind)) => this.start..behind.start,
        (None, None) => list.start + 1..list.end - 1,
    }
}
