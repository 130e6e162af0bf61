//! `schema`: a JSON Schema of either file, for editors.

use jsonschema::draft202012;
use serde_json::{Map, Value, json};

use crate::support::Place;

fn schema(kind: &str) -> Value {
    let run = Place::new().run(&["schema", kind]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{kind}");
    run.json()
}

/// Every object in a schema.
fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    let inside: Vec<&Value> = match value {
        Value::Object(members) => members.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    value.as_object().into_iter().chain(inside.into_iter().flat_map(objects)).collect()
}

#[test]
fn both_are_schemas_for_people_too() {
    for kind in ["permission", "admin"] {
        let schema = schema(kind);
        if let Err(error) = draft202012::meta::validate(&schema) {
            panic!("{kind}: {}: {error}", error.instance_path());
        }
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{kind}");
        assert_eq!(schema["$id"], format!("urn:influxdb3-tokens:{kind}-file:1"));
        for word in ["$comment", "title", "description"] {
            assert!(schema[word].is_string(), "{kind}: {word}");
        }
        // What is refused whatever it is needs no words, and what is referred to has its own.
        let needs_words = |member: &Value| member.is_object() && member.get("$ref").is_none();
        for properties in objects(&schema).iter().filter_map(|object| object.get("properties")) {
            for (name, member) in properties.as_object().expect("members") {
                let has_words = member["description"].is_string();
                assert!(has_words || !needs_words(member), "{kind}: {name}");
            }
        }
    }
}

#[test]
fn the_permission_tokens_file_is_meant_where_no_kind_is_named() {
    let run = Place::new().run(&["schema"]);
    assert_eq!((run.status, run.json()), (0, schema("permission")));
}

#[test]
fn patterns_are_anchored_and_examples_valid() {
    for kind in ["permission", "admin"] {
        let schema = schema(kind);
        for object in objects(&schema) {
            if let Some(pattern) = object.get("pattern").and_then(Value::as_str) {
                // In Python `$` stands before a last line break, too.
                let is_whole = pattern.ends_with(r"(?![\s\S])") || pattern == "^apiv3_";
                assert!(pattern.starts_with('^') && is_whole, "{kind}: {pattern}");
            }
            if let Some(examples) = object.get("examples") {
                let validator = draft202012::new(&json!(object)).expect("a schema");
                for example in examples.as_array().expect("a list") {
                    assert!(validator.is_valid(example), "{kind}: {example}");
                }
            }
        }
    }
}

#[test]
fn what_both_files_have_is_the_same_in_both() {
    let (permission, admin) = (schema("permission"), schema("admin"));
    for name in ["token", "expiry_millis", "description"] {
        let member = &permission["$defs"]["token"]["properties"][name];
        assert!(member.is_object(), "{name}");
        assert_eq!(*member, admin["properties"][name], "{name}");
    }
}

#[test]
fn what_the_program_writes_is_valid() {
    let place = Place::new();
    let create = |flags: &[&str]| {
        let args = [&["create", "token", "--offline", "--expiry", "1y"], flags].concat();
        assert_eq!(place.run(&args).status, 0, "{flags:?}");
    };
    let file = ["--output-file", "permission.json", "--create-databases", "a,b/c"];
    create(&[&file[..], &["--name", "n", "--permission", "db:a,b/c:read,write"]].concat());
    create(&[&file[..], &["--name", "m", "--permission", "system:*:read"]].concat());
    create(&["--admin", "--output-file", "admin.json"]);
    for (kind, other) in [("permission", "admin"), ("admin", "permission")] {
        let validator = draft202012::new(&schema(kind)).expect("a schema");
        let file = |kind| serde_json::from_str(&place.read(&format!("{kind}.json"))).expect("JSON");
        assert!(validator.is_valid(&file(kind)), "{kind}");
        assert!(!validator.is_valid(&file(other)), "{other} by the schema of {kind}");
    }
}

#[test]
fn other_kinds_are_refused() {
    let run = Place::new().run(&["schema", "tokens"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("[possible values: permission, admin]"), "{}", run.stderr);
}
