//! The canonical layout of a file (GEN-04).

use tokens::{Document, Permission};

use crate::json;

const OF_FILE: [&str; 2] = ["create_databases", "tokens"];
const OF_TOKEN: [&str; 4] = ["token", "name", "expiry_millis", "permissions"];

/// A file that loads says the same in canonical layout, with permissions in canonical text; unknown
/// members keep their values and their order; and what is canonical stays as it is.
pub(super) fn says_the_same(bytes: &[u8], document: &Document<'_>) {
    let text = tokens::format(bytes).unwrap_or_else(|e| panic!("it is not formatted: {e}"));
    let reading = tokens::read(text.as_bytes(), None);
    let again = reading.document().unwrap_or_else(|| panic!("{:?}", reading.errors()));
    assert!(again.create_databases() == document.create_databases(), "other databases");
    assert_eq!(again.tokens().len(), document.tokens().len());
    for (new, old) in again.tokens().iter().zip(document.tokens()) {
        assert!(new.secret == old.secret && new.name == old.name, "another token");
        assert_eq!(new.expiry_millis, old.expiry_millis);
        let canonical = old.permissions.iter().map(Permission::to_string);
        assert!(new.permissions.iter().map(Permission::as_str).eq(canonical), "other permissions");
    }
    let old = std::str::from_utf8(bytes).unwrap_or_else(|e| panic!("{e}"));
    assert!(unknown(&text) == unknown(old), "unknown members are others, or elsewhere");
    let twice = tokens::format(text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
    assert!(*twice == *text, "what is formatted is not canonical");
    if deepest(&text) < 30 && json::tokens(&text).collect::<String>() == json::canonical(&text) {
        assert!(*text == json::pretty(&text), "another layout than of a new file");
    }
}

/// The unknown members of a file, and those of its tokens.
fn unknown(file: &str) -> Vec<Vec<(String, String)>> {
    let members = json::members(file).unwrap_or_else(|e| panic!("{e}"));
    let tokens = members.iter().filter(|(name, _)| name == "tokens");
    let elements = tokens.flat_map(|(_, list)| json::elements(list).unwrap_or_default());
    let of_tokens = elements.map(|token| of(token, &OF_TOKEN));
    std::iter::once(of(file, &OF_FILE)).chain(of_tokens).collect()
}

fn of(object: &str, known: &[&str]) -> Vec<(String, String)> {
    let members = json::members(object).unwrap_or_else(|e| panic!("{e}")).into_iter();
    let unknown = members.filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| (name, json::canonical(value))).collect()
}

/// How many brackets are open at once.
fn deepest(json: &str) -> usize {
    let mut open = 0_usize;
    let depths = json::tokens(json).map(|token| {
        match token {
            "[" | "{" => open += 1,
            "]" | "}" => open = open.saturating_sub(1),
            _ => {}
        }
        open
    });
    depths.max().unwrap_or(0)
}
