//! Texts of a file as they may appear in a message: masked (GEN-07), cut, and with nothing in them
//! that a terminal would obey.

use std::borrow::Cow;
use std::fmt::Write;

use crate::mask;

/// Longer texts are cut in messages, in characters.
const LONGEST: usize = 80;

/// The text between backticks, cut to 80 characters and [`visible`]: for names and values in messages.
///
/// ```
/// assert_eq!(tokens::quote("db\u{202e}3"), r"`db\u{202e}3`");
/// assert_eq!(tokens::quote("apiv3_abc"), "`apiv3_***`");
/// ```
pub fn quote(text: &str) -> String {
    let visible = visible(text);
    match visible.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", visible.get(..cut).unwrap_or_default()),
        None => format!("`{visible}`"),
    }
}

/// The text between backticks, however long, and [`visible`]: for what is to be copied.
pub(crate) fn quote_whole(text: &str) -> String {
    format!("`{}`", visible(text))
}

/// The text as it may be shown on a line: with `***` after every `apiv3_`, and every control, bidirectional
/// and invisible character written as an escape. Token names may hold any of these. It borrows where
/// nothing has to change.
///
/// ```
/// assert_eq!(tokens::visible("a\u{1b}[31m\n"), r"a\u{1b}[31m\n");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    let masked = mask::mask_prefixed(text);
    if !masked.contains(is_harmful) {
        return masked;
    }
    let mut visible = String::with_capacity(masked.len() + 8);
    for character in masked.chars() {
        match character {
            '\n' => visible.push_str("\\n"),
            '\r' => visible.push_str("\\r"),
            '\t' => visible.push_str("\\t"),
            _ if is_harmful(character) => {
                // Writing to a String cannot fail.
                let _ = write!(visible, "\\u{{{:x}}}", u32::from(character));
            }
            _ => visible.push(character),
        }
    }
    Cow::Owned(visible)
}

/// Whether a character could change how a reader or a terminal shows what is around it: control characters,
/// line ends included, bidirectional and invisible ones.
///
/// ```
/// assert!(tokens::is_harmful('\u{1b}') && tokens::is_harmful('\u{202e}'));
/// assert!(!tokens::is_harmful('é') && !tokens::is_harmful(' '));
/// ```
pub fn is_harmful(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_after_80_characters() {
        let quoted = quote(&"ก".repeat(100));
        assert_eq!(quoted, format!("`{}…`", "ก".repeat(80)));
    }

    #[test]
    fn what_a_terminal_would_obey_is_spelled() {
        for (text, shown) in [
            ("a\r\n\tb", r"a\r\n\tb"),
            ("\u{1b}[31m\0", r"\u{1b}[31m\u{0}"),
            ("\u{85}", r"\u{85}"),
            ("ก\u{200b}\u{202e}", r"ก\u{200b}\u{202e}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn what_is_to_be_copied_is_not_cut() {
        let long = "n".repeat(100);
        assert_eq!(quote_whole(&long), format!("`{long}`"));
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in ["db1", "เซ็นเซอร์", "ünïcode name", "日本", "a`b"] {
            assert_eq!(visible(text), text);
        }
    }
}
