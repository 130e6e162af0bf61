//! The JSON Schemas say of a file what the reader says of it, but for what JSON Schema cannot say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jsonschema::{Validator, draft202012};
use proptest::prelude::*;
use serde_json::Value;
use testkit::generate::{DocumentCase, Faulty, PermissionCase};
use testkit::strategy::any;
use testkit::{json, source};
use tokens::diagnostic::{Diagnostic, Layer};
use tokens::{Code, DatabaseName, Kind, LONGEST_NAME, Permission};

static SCHEMAS: LazyLock<[(Kind, Value); 2]> = LazyLock::new(|| {
    let schema = |text| serde_json::from_str(text).expect("JSON");
    [
        (Kind::Permission, schema(include_str!("../../crates/cli/schema/permission.schema.json"))),
        (Kind::Admin, schema(include_str!("../../crates/cli/schema/admin.schema.json"))),
    ]
});

static VALIDATORS: LazyLock<[(Kind, Validator); 2]> =
    LazyLock::new(|| SCHEMAS.each_ref().map(|(kind, schema)| (*kind, validator(schema))));

static PERMISSION: LazyLock<Validator> = LazyLock::new(|| part("/$defs/permission"));
static DATABASE: LazyLock<Validator> = LazyLock::new(|| part("/$defs/database"));

fn validator(schema: &Value) -> Validator {
    draft202012::new(schema).expect("a valid schema")
}

/// A part of the schema of permission tokens files, alone.
fn part(pointer: &str) -> Validator {
    validator(SCHEMAS[0].1.pointer(pointer).expect(pointer))
}

/// A file that any program can read, and what the reader finds in it that a schema can find too.
struct Judged {
    value: Value,
    codes: Vec<Code>,
}

/// None where a schema is not asked: of what serde_json cannot read, and of known members given twice, of
/// which it is not said which one counts.
fn judge(kind: Kind, text: &str) -> Option<Judged> {
    let value: Value = serde_json::from_str(text).ok()?;
    let reading = tokens::read(text.as_bytes(), Some(kind));
    let errors = reading.errors();
    if errors.iter().any(|error| error.code == Code::DuplicateMember) {
        return None;
    }
    let found = errors.iter().filter(|error| !is_beyond_schemas(error, &value));
    let codes = found.map(|error| error.code).collect();
    Some(Judged { value, codes })
}

/// The exceptions that the schemas name.
fn is_beyond_schemas(error: &Diagnostic, file: &Value) -> bool {
    match error.code {
        Code::DuplicateName | Code::DuplicateToken => true,
        Code::WrongType | Code::ExpiryOutOfRange => {
            let pointer = error.place.as_ref().map(|place| place.pointer.as_str());
            let expiry = pointer.filter(|pointer| pointer.ends_with("/expiry_millis"));
            expiry.and_then(|pointer| file.pointer(pointer)).is_some_and(is_expiry_as_a_double)
        }
        _ => false,
    }
}

/// `1.0`, `1e12`, `-0`, and the first integers below those of 64 bits.
fn is_expiry_as_a_double(value: &Value) -> bool {
    let all = -(2_f64.powi(63))..2_f64.powi(63);
    value.as_f64().is_some_and(|double| double.fract() == 0.0 && all.contains(&double))
}

/// The texts of a kind in a file: of its tokens, each is an admin token file.
fn texts(kind: Kind, file: &[u8]) -> Vec<&str> {
    let file = std::str::from_utf8(file).unwrap_or_default();
    let tokens = match kind {
        Kind::Permission => Vec::new(),
        Kind::Admin => {
            let members = json::members(file).unwrap_or_default().into_iter();
            let lists = members.filter(|(name, _)| name == "tokens");
            lists.flat_map(|(_, list)| json::elements(list).unwrap_or_default()).collect()
        }
    };
    std::iter::once(file).chain(tokens).collect()
}

/// Complains where a schema does not say of a file what it has to.
fn agrees(file: &[u8]) {
    for (kind, validator) in &*VALIDATORS {
        for text in texts(*kind, file) {
            let Some(Judged { value, codes }) = judge(*kind, text) else { continue };
            let valid = validator.is_valid(&value);
            assert_eq!(valid, codes.is_empty(), "{kind:?}: {codes:?} in {text}");
        }
    }
}

proptest! {
    #![proptest_config(crate::usually(1000))]

    #[test]
    fn a_file_is_valid_where_only_what_no_schema_says_keeps_it_from_loading(
        case in any::<DocumentCase>(),
    ) {
        agrees(&case.text());
    }

    #[test]
    fn an_expiry_is_valid_where_it_is_one_to_a_double(
        number in "-?([0-9]|[1-9][0-9]{0,20}|9223372036854775[678][0-9]{2}|99{300,320})\
                   (\\.0|\\.5)?(e-?[0-9]{1,2})?",
    ) {
        agrees(file_with(&number, "db:a:read").as_bytes());
    }
}

proptest! {
    #![proptest_config(crate::usually(2000))]

    #[test]
    fn the_pattern_takes_what_the_grammar_takes(case in any::<PermissionCase>()) {
        let text = case.text();
        let valid = PERMISSION.is_valid(&Value::from(text.as_str()));
        prop_assert_eq!(valid, Permission::parse(text).is_ok());
    }

    #[test]
    fn the_pattern_takes_of_any_text_what_the_grammar_takes(
        text in "(db|system|s|DB|):([*,]|a|a-|/b|_internal|ping|ready){0,4}:\
                 (,?(read|write|delete| |)){1,3}\n?",
    ) {
        let valid = PERMISSION.is_valid(&Value::from(text.as_str()));
        prop_assert_eq!(valid, Permission::parse(text).is_ok());
    }

    #[test]
    fn names_of_databases_are_those_of_the_grammar(
        name in "[a-zA-Z0-9_/-]{0,5}\n?|\\PC{0,4}|\
                 [a-zA-Z0-9][a-zA-Z0-9_-]{505,511}(/[a-zA-Z0-9_-]{0,6})?",
    ) {
        let valid = DATABASE.is_valid(&Value::from(name.as_str()));
        prop_assert_eq!(valid, DatabaseName::parse(name.as_str()).is_ok());
        for permission in [format!("db:{name}:read"), format!("db:x,{name},y:read")] {
            let valid = PERMISSION.is_valid(&Value::from(permission.as_str()));
            prop_assert_eq!(valid, Permission::parse(permission).is_ok());
        }
    }
}

/// A file with one token.
fn file_with(expiry: &str, permission: &str) -> String {
    let permission = Value::from(permission);
    let token = format!(r#""token": "apiv3_x", "name": "a", "expiry_millis": {expiry}"#);
    format!(r#"{{"tokens": [{{{token}, "permissions": [{permission}]}}]}}"#)
}

/// Files of all generators, and what none of them makes.
fn judged(kind: Kind) -> Vec<Judged> {
    let cases = (0..2000).filter_map(source::from_seed::<DocumentCase>);
    let faulty = (0..4000).filter_map(source::from_seed::<Faulty>);
    let permissions = (0..1000).filter_map(source::from_seed::<PermissionCase>);
    let too_long = "n".repeat(LONGEST_NAME + 1);
    let others = [
        format!(r#"{{"tokens": [], "create_databases": ["{too_long}"]}}"#),
        file_with("-18446744073709551615", "db:a:read"),
        r#"{"token": "apiv3_x", "name": "a", "create_databases": []}"#.to_owned(),
        r#"{"token": "apiv3_x", "name": "a", "tokens": []}"#.to_owned(),
    ];
    let files = cases
        .map(|case| case.text())
        .chain(faulty.map(|faulty| faulty.broken().bytes))
        .chain(permissions.map(|case| file_with("null", &case.text()).into_bytes()))
        .chain(others.map(String::into_bytes));
    let judged = |file: Vec<u8>| -> Vec<Judged> {
        texts(kind, &file).into_iter().filter_map(|text| judge(kind, text)).collect()
    };
    files.flat_map(judged).collect()
}

/// Whether a reading finds such a code, and a schema has to.
fn is_for_schemas(kind: Kind, code: Code) -> bool {
    let is_in_files = match (kind, code.layer()) {
        (_, Layer::Schema) => code != Code::DuplicateMember,
        (Kind::Permission, Layer::Grammar) => true,
        _ => matches!(code, Code::TokenPrefix | Code::EmptyName),
    };
    is_in_files || code == Code::WrongKind
}

#[test]
fn files_load_and_fail_often_and_for_every_reason_alone() {
    for (kind, _) in &*SCHEMAS {
        let judged = judged(*kind);
        let loading = judged.iter().filter(|judged| judged.codes.is_empty()).count();
        let share = loading * 100 / judged.len();
        assert!(judged.len() > 2000 && (10..=90).contains(&share), "{kind:?}: {share} %");

        let mut alone = BTreeMap::new();
        for judged in &judged {
            if let [code] = judged.codes[..] {
                *alone.entry(code).or_insert(0) += 1;
            }
        }
        for code in Code::ALL.iter().filter(|code| is_for_schemas(*kind, **code)) {
            let count = alone.get(code).copied().unwrap_or(0);
            assert!(count >= 5, "{kind:?}: {code} is alone in {count} files");
        }
    }
}

/// JSON Pointers to all that a schema says; titles and the like say nothing of a file.
fn sayings(schema: &Value) -> Vec<String> {
    let inside = |name: &str, value: &Value| {
        let deeper = sayings(value).into_iter().map(|rest| format!("/{name}{rest}"));
        let all: Vec<String> = std::iter::once(format!("/{name}")).chain(deeper).collect();
        all
    };
    const WORDS: [&str; 6] = ["$schema", "$id", "$comment", "title", "description", "examples"];
    match schema {
        Value::Object(members) => {
            let members = members.iter().filter(|(name, _)| !WORDS.contains(&name.as_str()));
            members.flat_map(|(name, value)| inside(name, value)).collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.flat_map(|(at, item)| inside(&at.to_string(), item)).collect()
        }
        _ => Vec::new(),
    }
}

/// The schema without what a JSON Pointer points to.
fn without(schema: &Value, pointer: &str) -> Value {
    let mut schema = schema.clone();
    let (owner, name) = pointer.rsplit_once('/').expect("a pointer");
    match schema.pointer_mut(owner).expect(owner) {
        Value::Object(members) => drop(members.remove(name)),
        Value::Array(items) => drop(items.remove(name.parse().expect("an index"))),
        other => panic!("{other} has nothing inside"),
    }
    schema
}

/// So that no property above passes for want of files that would tell.
#[test]
fn whatever_is_taken_out_of_a_schema_is_noticed() {
    for (kind, schema) in &*SCHEMAS {
        let judged = judged(*kind);
        for pointer in sayings(schema) {
            // A schema that refers to what is gone is none.
            let Ok(validator) = draft202012::new(&without(schema, &pointer)) else { continue };
            let noticed = judged
                .iter()
                .any(|judged| validator.is_valid(&judged.value) != judged.codes.is_empty());
            assert!(noticed, "{kind:?} without {pointer}");
        }
    }
}
