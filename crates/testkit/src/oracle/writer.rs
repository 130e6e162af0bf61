//! What is written (GEN-04, GEN-05).

use tokens::{DatabaseName, Document, Permission, Token};

use crate::json::pretty;

/// A document is written as the rule has it, and read again as it was.
pub fn round_trip(document: &Document<'_>) {
    let databases = document.create_databases();
    let text = tokens::render(databases, document.tokens());
    let databases: Vec<&str> = databases.iter().map(DatabaseName::as_str).collect();
    assert_eq!(*text, new_file(&databases, document.tokens()), "the layout of a new file");
    let reading = tokens::read(text.as_bytes(), None);
    let again = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    assert!(again == *document, "it is read as something else");
}

/// GEN-04: two spaces, the members in their order, those that are absent left out, a final newline.
pub(super) fn new_file(databases: &[&str], tokens: &[Token<'_>]) -> String {
    let databases = match databases {
        [] => String::new(),
        databases => format!("\"create_databases\":[{}],", strings(databases)),
    };
    let tokens: Vec<String> = tokens.iter().map(object).collect();
    pretty(&format!("{{{databases}\"tokens\":[{}]}}", tokens.join(",")))
}

/// GEN-04: a token object, without white space.
pub(super) fn object(token: &Token<'_>) -> String {
    let permissions: Vec<&str> = token.permissions.iter().map(Permission::as_str).collect();
    let (secret, name) = (string(token.secret.expose()), string(token.name.as_str()));
    let expiry = token.expiry_millis.map(|millis| format!("\"expiry_millis\":{millis},"));
    format!(
        "{{\"token\":{secret},\"name\":{name},{}\"permissions\":[{}]}}",
        expiry.unwrap_or_default(),
        strings(&permissions)
    )
}

/// Strings as JSON spells them, with commas between.
pub(super) fn strings(texts: &[&str]) -> String {
    texts.iter().map(|text| string(text)).collect::<Vec<_>>().join(",")
}

/// A string as JSON spells it, with its quotes.
pub(super) fn string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|e| panic!("{text:?}: {e}"))
}
