//! The files that are measured with, and what serde_json makes of them.

use serde::Deserialize;
use testkit::generate::Shape;

/// So many tokens make about 33 MB.
pub(crate) const MANY: usize = 100_000;

/// Clean tokens, as `create token` lays them out.
pub(crate) fn clean(tokens: usize) -> String {
    Shape::Fleet.document(tokens)
}

/// The same file with so many problems in it, spread evenly: an action that there is none.
pub(crate) fn with_problems(tokens: usize, problems: usize) -> String {
    let clean = clean(tokens);
    let every = tokens / problems;
    let mut lines = 0;
    let mut text = String::with_capacity(clean.len());
    for line in clean.split_inclusive('\n') {
        let is_permission = line.contains(":ping:read");
        lines += usize::from(is_permission);
        if is_permission && lines % every == 0 {
            text.push_str(&line.replace(":read", ":raed"));
        } else {
            text.push_str(line);
        }
    }
    text
}

/// A file as plain structs.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only to be made")]
pub(crate) struct Plain {
    #[serde(default)]
    create_databases: Vec<String>,
    tokens: Vec<PlainToken>,
}

/// A token as a plain struct.
#[derive(Deserialize)]
#[allow(dead_code, reason = "only to be made")]
struct PlainToken {
    token: String,
    name: String,
    expiry_millis: Option<i64>,
    permissions: Vec<String>,
}
