//! What is written (GEN-04, GEN-05).

use tokens::Document;

/// A document that is written is read again as it was, and written the same once more.
pub fn round_trip(document: &Document<'_>) {
    let text = tokens::render(document.create_databases(), document.tokens());
    let reading = tokens::read(text.as_bytes(), None);
    let again = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    assert!(again == *document, "it is read as something else");
    let twice = tokens::render(again.create_databases(), again.tokens());
    assert!(*twice == *text, "it is written differently the second time");
    is_laid_out(&text);
}

/// GEN-04: two spaces, no other white space at the ends of lines, one newline at the end.
fn is_laid_out(text: &str) {
    assert!(text.starts_with("{\n  \"") && text.ends_with("\n}\n"), "the layout of a new file");
    assert!(!text.contains(['\t', '\r']), "other white space in a new file");
}
