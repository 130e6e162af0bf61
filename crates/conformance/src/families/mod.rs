//! Families of cases that are products of small sets. What is expected is computed from the sets, by
//! what each rule says, and never by the reference: that has to agree.
//!
//! They are committed as files of vectors like those that people write; `cargo xtask conformance` makes
//! them anew.
//!
//! ```
//! use conformance::{families, suite};
//!
//! let made = families::all();
//! let parts = made.iter().find(|file| file.family == "perm-01-parts").expect("it is one");
//! let (_, committed) = suite::texts().find(|(name, _)| name == "perm-01-parts.json").expect("it is there");
//! assert_eq!(families::text(parts), committed);
//! ```

mod access;
mod load;
mod names;
mod permission;

pub(crate) use load::sha512;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::protocol::Op;
use crate::vector::{Accept, Case, Expect, File, Level, Refusal};
use testkit::json;

/// All families, as files of vectors.
pub fn all() -> Vec<File> {
    let families =
        [permission::families(), names::families(), load::families(), access::families()];
    families.into_iter().flatten().collect()
}

/// The text of a file of vectors, as it is committed.
pub fn text(file: &File) -> String {
    // A file always has a JSON text.
    json::pretty(&serde_json::to_string(file).unwrap_or_default())
}

fn file(family: &str, title: &str, cases: Vec<Case>) -> File {
    let cases: Vec<Case> = cases
        .into_iter()
        .map(|case| Case { id: format!("{family}/{}", case.id), ..case })
        .collect();
    let (family, title) = (family.to_owned(), title.to_owned());
    File { version: 1, family, title, count: cases.len(), cases }
}

/// What the cases of a family have in common.
#[derive(Clone, Copy)]
struct Family {
    rule: &'static str,
    level: Level,
    source: &'static str,
    op: Op,
}

impl Family {
    fn case(self, id: &str, description: &str, request: &Value, expect: Expect) -> Case {
        Case {
            id: id.to_owned(),
            rule: vec![self.rule.to_owned()],
            level: self.level,
            description: description.to_owned(),
            source: self.source.to_owned(),
            features: Vec::new(),
            since: None,
            until: None,
            op: self.op,
            request: raw(request),
            expect,
        }
    }
}

/// A value as JSON text.
fn raw(value: &Value) -> Box<RawValue> {
    // A value always has a JSON text.
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn accept(value: &Value) -> Expect {
    Expect::Accept(Accept { value: raw(value), must_warn: Vec::new(), must_not_warn: Vec::new() })
}

fn reject(layer: &str, code: &str) -> Expect {
    Expect::Reject(Refusal { layer: layer.to_owned(), code: code.to_owned() })
}

/// A permission in a value.
fn permission_value(resource_type: &str, names: &[&str], actions: &[&str]) -> Value {
    json!({"resource_type": resource_type, "resource_names": names, "actions": actions})
}

/// A character as a part of an id: itself where that is a letter or digit, else its number.
fn in_id(character: char) -> String {
    match character {
        'a'..='z' | '0'..='9' => character.to_string(),
        'A'..='Z' => format!("upper-{}", character.to_ascii_lowercase()),
        other => format!("x{:02x}", u32::from(other)),
    }
}
