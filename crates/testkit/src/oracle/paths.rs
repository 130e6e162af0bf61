//! The reader's two ways of taking strings against each other. In a text without a backslash it takes
//! them as they are, else as it finds them spelled; so the same text with an escape behind everything
//! else must be read the same, and all that was found before must be found again, at the same places.

use tokens::diagnostic::{Diagnostic, Layer};
use tokens::{Context, Kind, Reading};

/// An escape elsewhere changes nothing of what was found.
pub fn agree(reading: &Reading<'_>, found: &[Diagnostic], context: &Context<'_>) {
    let Some(text) = with_an_escape(reading) else { return };
    let escaped = tokens::read(text.as_bytes(), Some(Kind::Permission));
    assert_eq!(escaped.document(), reading.document());
    assert_eq!(tokens::check(&escaped, context), found);
}

/// The text with a remark in escapes at its end, if it is a JSON object, good or bad, that has no other.
pub fn with_an_escape(reading: &Reading<'_>) -> Option<String> {
    let text = reading.text();
    let is_json = reading.errors().iter().all(|error| error.code.layer() != Layer::Json);
    let is_plain_object = is_json && text.trim_start().starts_with('{') && !text.contains('\\');
    let end = text.rfind('}').filter(|_| is_plain_object)?;
    let (head, tail) = text.split_at(end);
    let comma = if head.trim_end().ends_with('{') { "" } else { "," };
    Some(format!("{head}{comma}\"_\\u005f\":0{tail}"))
}
