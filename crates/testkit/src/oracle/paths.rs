//! The reader's quick path against its careful one. The quick path gives up at an escape, so the same
//! text with an escape behind everything else is read by the other; and all that was found before must
//! be found again, at the same places.

use tokens::{Context, Kind, Reading};

/// Both paths of the reader find the same in a text.
pub fn agree(reading: &Reading<'_>, context: &Context<'_>) {
    let Some(text) = with_an_escape(reading) else { return };
    let careful = tokens::read(text.as_bytes(), Some(Kind::Permission));
    assert_eq!(careful.errors(), reading.errors());
    assert_eq!(careful.document(), reading.document());
    assert_eq!(tokens::check(&careful, context), tokens::check(reading, context));
}

/// The text with a remark in escapes at its end, if the quick path can have read it.
fn with_an_escape(reading: &Reading<'_>) -> Option<String> {
    let text = reading.text();
    let is_quick = reading.loads() && !text.contains('\\');
    let end = text.rfind('}').filter(|_| is_quick)?;
    let (head, tail) = text.split_at(end);
    Some(format!("{head},\"_\\u005f\":0{tail}"))
}
