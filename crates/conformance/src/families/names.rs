//! Database names: every character of ASCII in every kind of place.

use serde_json::{Value, json};
use testkit::generate::{Databases, Document};
use testkit::oracle::model::is_database_name;

use super::{Family, accept, file, in_id, permission_value, reject};
use crate::protocol::Op;
use crate::vector::{Case, File, Level};

fn family(op: Op) -> Family {
    Family { rule: "DB-01", level: Level::Must, source: "observed: server 3.10", op }
}

pub(super) fn families() -> Vec<File> {
    vec![
        file(
            "db-01-ascii-permission",
            "Every ASCII character in a permission's name",
            permissions(),
        ),
        file("db-01-ascii-declared", "Every ASCII character in a declared name", declared()),
        file("db-01-lengths", "Names up to and past the longest", lengths()),
    ]
}

/// Where in a name a character stands.
#[derive(Clone, Copy)]
enum Place {
    First,
    Inside,
    Last,
}

const PLACES: [(Place, &str); 3] =
    [(Place::First, "first"), (Place::Inside, "inside"), (Place::Last, "last")];

impl Place {
    fn name(self, character: char) -> String {
        match self {
            Place::First => format!("{character}plant7"),
            Place::Inside => format!("plant{character}7"),
            Place::Last => format!("m4{character}"),
        }
    }
}

fn ascii() -> impl Iterator<Item = char> {
    (0..128_u8).map(char::from)
}

/// A character as a description shows it.
fn shown(character: char) -> String {
    match character {
        ' '..='~' => format!("`{character}`"),
        other => format!("U+{:04X}", u32::from(other)),
    }
}

fn permissions() -> Vec<Case> {
    let mut cases = Vec::new();
    for (place, where_) in PLACES {
        // Two characters part names and parts: they are other rules'.
        for character in ascii().filter(|character| !matches!(character, ',' | ':' | '*')) {
            let name = place.name(character);
            let expect = match is_database_name(&name) {
                true => accept(&permission_value("db", &[&name], &["read"])),
                false => reject("grammar", "database-name"),
            };
            cases.push(family(Op::Permission).case(
                &format!("{where_}-{}", in_id(character)),
                &format!("{} in a name, {where_}", shown(character)),
                &json!({"text": format!("db:{name}:read")}),
                expect,
            ));
        }
    }
    cases
}

/// A file that declares a database, and has a token without rights.
fn declaring(name: &str) -> Value {
    let document = Document {
        databases: Databases::Listed(vec![name.to_owned()]),
        tokens: vec![super::load::token(Vec::new())],
        unknown: Vec::new(),
        order: Vec::new(),
    };
    json!({"document": {"text": super::load::text(&document.json())}})
}

fn declared_value(name: &str) -> Value {
    let token = super::load::token_value("app", super::load::TOKEN, &Value::Null, &json!([]));
    json!({"create_databases": [name], "tokens": [token]})
}

fn declared() -> Vec<Case> {
    let mut cases = Vec::new();
    // A declared name is a whole string: commas, colons and stars are plain faults here.
    for character in ascii() {
        let name = Place::Inside.name(character);
        let expect = match is_database_name(&name) {
            true => accept(&declared_value(&name)),
            false => reject("grammar", "database-name"),
        };
        cases.push(family(Op::Load).case(
            &format!("inside-{}", in_id(character)),
            &format!("{} inside a declared name", shown(character)),
            &declaring(&name),
            expect,
        ));
    }
    cases
}

fn lengths() -> Vec<Case> {
    let mut cases = Vec::new();
    for length in [1, 2, 63, 64, 65, 127, 128, 255, 256, 510, 511, 512, 513, 1024] {
        let name = "p".repeat(length);
        let (permission, declared) = if is_database_name(&name) {
            (accept(&permission_value("db", &[&name], &["write"])), accept(&declared_value(&name)))
        } else {
            (reject("grammar", "database-name"), reject("grammar", "database-name"))
        };
        cases.push(family(Op::Permission).case(
            &format!("granted-{length}"),
            &format!("A granted name of {length} bytes"),
            &json!({"text": format!("db:{name}:write")}),
            permission,
        ));
        cases.push(family(Op::Load).case(
            &format!("declared-{length}"),
            &format!("A declared name of {length} bytes"),
            &declaring(&name),
            declared,
        ));
    }
    cases
}
