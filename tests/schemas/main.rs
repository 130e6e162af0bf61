//! The committed schemas of the JSON that the commands print: every report is valid against the
//! schema of its command, and a report with any fault in it is not.

#![allow(clippy::expect_used, clippy::panic)]

mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jsonschema::Validator;
use jsonschema::draft202012;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokens::diagnostic::Severity;
use tokens::{Action, Code, Kind, ResourceType};

use runs::{CREATE, RUNS, Run, report, write};

/// The committed schemas by name: a new one is tested as soon as it is there.
fn schemas() -> BTreeMap<String, Value> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/cli/schemas");
    let entries = fs::read_dir(directory).expect("the schemas");
    let schema = |path: &Path| {
        let file_name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let name = file_name.strip_suffix(".schema.json").expect("only schemas are there");
        let text = fs::read(path).expect("a schema");
        (name.to_owned(), serde_json::from_slice(&text).expect("JSON"))
    };
    entries.map(|entry| schema(&entry.expect("an entry").path())).collect()
}

fn validators() -> BTreeMap<String, Validator> {
    let validator = |schema| draft202012::new(&schema).expect("a valid schema");
    schemas().into_iter().map(|(name, schema)| (name, validator(schema))).collect()
}

/// Complains about every place where a report is not as its schema has it. What stands there is not
/// shown, since it may be a token string.
fn assert_valid(validator: &Validator, report: &Value, what: &str) {
    let faults: Vec<String> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {}", error.instance_path(), error.masked()))
        .collect();
    assert!(faults.is_empty(), "`{what}`:\n{}", faults.join("\n"));
}

/// Every object in a JSON value, with the JSON Pointer to it.
fn objects(value: &Value) -> Vec<(String, &Map<String, Value>)> {
    let all = pointers(value).into_iter();
    all.filter_map(|at| Some((at.clone(), value.pointer(&at)?.as_object()?))).collect()
}

/// What a schema says of whole objects; what it says under a condition adds to one of these.
fn object_types(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let is_type =
        |object: &Map<String, Value>| object.get("type").is_some_and(|name| name == "object");
    objects(schema).into_iter().filter(|(_, object)| is_type(object)).collect()
}

/// JSON Pointers to a value and to everything in it.
fn pointers(value: &Value) -> Vec<String> {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, member)| (escaped(name), member)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect()
        }
        _ => Vec::new(),
    };
    let deeper = inside.into_iter().flat_map(|(token, value)| {
        pointers(value).into_iter().map(move |rest| format!("/{token}{rest}"))
    });
    std::iter::once(String::new()).chain(deeper).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn run_of(args: &str) -> &'static Run {
    RUNS.iter().find(|run| run.args == args).expect(args)
}

/// A report with something else in one place.
fn with(report: &Value, at: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = report.clone();
    change(changed.pointer_mut(at).unwrap_or_else(|| panic!("the report has no {at}")));
    changed
}

#[test]
fn every_schema_is_a_schema_and_named_after_its_report() {
    for (name, schema) in schemas() {
        if let Err(error) = draft202012::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], format!("urn:influxdb3-tokens:{name}-report:1"));
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
    }
}

#[test]
fn every_member_is_described_and_no_object_takes_others() {
    for (name, schema) in schemas() {
        for (at, object) in object_types(&schema) {
            assert_eq!(object["additionalProperties"], false, "{name}{at}");
            for (member, property) in object["properties"].as_object().expect("members") {
                assert!(property["description"].is_string(), "{name}{at}: {member}");
            }
        }
    }
}

#[test]
fn only_why_a_file_is_unread_may_be_left_out() {
    let mut optional = Vec::new();
    for (name, schema) in schemas() {
        for (at, object) in object_types(&schema) {
            let required = object["required"].as_array().expect("a list of names");
            let members = object["properties"].as_object().expect("members").keys();
            let left_out = members.filter(|member| !required.contains(&json!(member)));
            optional.extend(left_out.map(|member| format!("{name}{at}: {member}")));
        }
    }
    assert_eq!(optional, ["check/$defs/file: error"]);
}

#[test]
fn patterns_end_where_the_text_ends() {
    // `$` also stands before a last line break in some languages; this does not.
    for (name, schema) in schemas() {
        for (at, object) in objects(&schema) {
            if let Some(pattern) = object.get("pattern").and_then(Value::as_str) {
                let whole = pattern.starts_with('^') && pattern.ends_with(r"(?![\s\S])");
                assert!(whole, "{name}{at}: {pattern}");
            }
        }
    }
}

#[test]
fn what_two_schemas_define_is_the_same_in_both() {
    let schemas = schemas();
    let mut first = BTreeMap::new();
    for (name, schema) in &schemas {
        for (definition, value) in schema["$defs"].as_object().expect("definitions") {
            let (other, expected) = *first.entry(definition).or_insert((name, value));
            assert_eq!(value, expected, "`{definition}` of {name} and of {other}");
        }
    }
}

#[test]
fn enumerations_are_those_of_the_library() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let severities = [Severity::Error, Severity::Warning, Severity::Note].map(Severity::as_str);
    let kinds = [Kind::Permission, Kind::Admin].map(Kind::as_str);
    let types = [ResourceType::Db, ResourceType::System].map(ResourceType::as_str);
    let schemas = schemas();
    for (name, at, expected) in [
        ("check", "/$defs/code", &codes[..]),
        ("plan", "/$defs/code", &codes),
        ("check", "/$defs/severity", &severities),
        ("check", "/$defs/file/properties/kind", &[kinds[0], kinds[1], "unknown"]),
        ("inspect", "/properties/kind", &kinds),
        ("inspect", "/$defs/action", &Action::ALL.map(Action::as_str)),
        ("inspect", "/$defs/grant/properties/resource_type", &types),
    ] {
        assert_eq!(schemas[name].pointer(at).expect(at)["enum"], json!(expected), "{name} {at}");
    }
}

#[test]
fn every_schema_has_runs() {
    let run: BTreeSet<&str> = RUNS.iter().map(|run| run.schema).collect();
    assert!(schemas().keys().eq(run), "a schema without a run, or a run without a schema");
}

#[test]
fn every_report_is_valid_and_shows_what_it_is_here_for() {
    let validators = validators();
    for run in RUNS {
        let report = run.report();
        assert_valid(&validators[run.schema], &report, run.args);
        let (at, expected) = run.shows;
        let shown = report.pointer(at).map(Value::to_string);
        assert_eq!(shown.as_deref(), Some(expected), "{at} of `{}`", run.args);
    }
}

#[test]
fn the_report_on_every_example_of_an_explanation_is_valid() {
    let directory = TempDir::new().expect("a directory");
    let mut args = vec!["check"];
    for code in Code::ALL {
        let example = code.explanation().split_once("```json\n").map(|(_, after)| after);
        if let Some((document, _)) = example.and_then(|after| after.split_once("```")) {
            write(&directory.path().join(code.name()), document.as_bytes());
            args.push(code.name());
        }
    }
    let (report, _) = report(directory.path(), &args);
    assert_valid(&validators()["check"], &report, "check of all examples");
}

#[test]
fn a_report_with_a_member_too_few_or_too_many_is_refused() {
    let validators = validators();
    for run in RUNS {
        let report = run.report();
        for (at, members) in objects(&report) {
            let mut faulty = vec![("more", with(&report, &at, |object| object["more"] = json!(1)))];
            faulty.extend(members.keys().map(|member| {
                let less = with(&report, &at, |object| {
                    object.as_object_mut().and_then(|members| members.remove(member));
                });
                (member.as_str(), less)
            }));
            for (member, faulty) in faulty {
                let accepted = validators[run.schema].is_valid(&faulty);
                assert!(!accepted, "`{member}` of {at} of `{}`", run.args);
            }
        }
    }
}

#[test]
fn a_report_with_a_value_of_another_type_is_refused() {
    let validators = validators();
    for run in RUNS {
        let report = run.report();
        for at in pointers(&report) {
            for other in [json!({"more": 1}), json!([[]]), json!(0.5)] {
                let faulty = with(&report, &at, |value| *value = other.clone());
                let accepted = validators[run.schema].is_valid(&faulty);
                assert!(!accepted, "{other} at {at} of `{}`", run.args);
            }
        }
    }
}

#[test]
fn a_report_with_an_impossible_value_is_refused() {
    let validators = validators();
    let generated = |prefix: &str, end: &str| format!("{prefix}{}{end}", "x".repeat(86));
    // Each place with the values that it cannot have.
    for (args, at, values) in [
        ("check clean.json", "/version", json!([2, "1"])),
        ("check clean.json", "/files", json!([[]])),
        ("check clean.json", "/files/0/kind", json!(["tokens", null])),
        ("check clean.json", "/files/0/loads", json!([false, "true"])),
        ("check clean.json", "/files/0/tokens", json!([-1])),
        ("check clean.json", "/summary/errors", json!([-1])),
        ("check clean.json", "/summary/warnings", json!([-1])),
        ("check clean.json", "/summary/notes", json!([-1])),
        ("check missing.json", "/files/0/error", json!(["", null])),
        ("check missing.json", "/files/0/kind", json!(["admin"])),
        ("check missing.json", "/files/0/loads", json!([true])),
        ("check missing.json", "/files/0/tokens", json!([1])),
        ("check broken.json", "/files/0/diagnostics", json!([[]])),
        ("check broken.json", "/files/0/diagnostics/0/severity", json!(["warning", "note"])),
        ("check faulty.json", "/files/0/diagnostics/0/code", json!(["no-such-code", ""])),
        ("check faulty.json", "/files/0/diagnostics/0/rule", json!(["DB-5", "DB-05\n", "db-05"])),
        ("check faulty.json", "/files/0/diagnostics/0/severity", json!(["fatal", "Error"])),
        ("check faulty.json", "/files/0/diagnostics/0/message", json!(["", null])),
        ("check faulty.json", "/files/0/diagnostics/0/help", json!([""])),
        ("check faulty.json", "/files/0/diagnostics/0/pointer", json!(["tokens", "/a~2", null])),
        ("check faulty.json", "/files/0/diagnostics/0/line", json!([0, null])),
        ("check faulty.json", "/files/0/diagnostics/0/column", json!([0, null])),
        ("check faulty.json", "/files/0/diagnostics/0/end_line", json!([0, null])),
        ("check faulty.json", "/files/0/diagnostics/0/end_column", json!([0, null])),
        ("check faulty.json", "/files/0/diagnostics/0/related/0/message", json!(["", null])),
        ("check faulty.json", "/files/0/diagnostics/0/related/0/pointer", json!(["x", null])),
        ("check faulty.json", "/files/0/diagnostics/0/related/0/line", json!([0, null])),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/pointer", json!([""])),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/line", json!([1])),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/column", json!([1])),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/end_line", json!([1])),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/end_column", json!([1])),
        ("inspect clean.json", "/kind", json!(["unknown", "admin"])),
        ("inspect clean.json", "/create_databases", json!([["a", "a"], ["a".repeat(512)]])),
        ("inspect clean.json", "/create_databases/0", json!(["_internal", "a/b/c", "a/", "a\n"])),
        ("inspect clean.json", "/tokens/0/name", json!([""])),
        (
            "inspect clean.json",
            "/tokens/0/fingerprint",
            json!(["d02b0b6e", "d02b0b6e3\n", "D02B0B6E3", "d02b0b6e3a"]),
        ),
        ("inspect clean.json", "/tokens/0/expiry_millis", json!([i64::MAX as u64 + 1, -9.3e18])),
        ("inspect clean.json", "/tokens/0/permissions/0", json!(["*:*:*", "db:a", "db:a:read\n"])),
        ("inspect clean.json", "/tokens/0/grants/0/resource_type", json!(["*"])),
        ("inspect clean.json", "/tokens/0/grants/0/resource_name", json!([""])),
        ("inspect clean.json", "/tokens/0/grants/0/actions", json!([[], ["read", "read"]])),
        (
            "inspect grants.json",
            "/tokens/0/grants/1/shadows",
            json!([["drop"], ["write", "write"]]),
        ),
        ("inspect admin.json", "/tokens", json!([[]])),
        ("inspect admin.json", "/tokens/0/permissions", json!([[], ["db:*:read"]])),
        ("inspect admin.json", "/create_databases", json!([["sensors"]])),
        ("plan clean.json", "/starts", json!([false])),
        ("plan clean.json", "/create_databases", json!([["my db"], ["a", "a"]])),
        ("plan clean.json", "/create_tokens/0/fingerprint", json!([""])),
        ("plan undeclared.json", "/starts", json!([true])),
        ("plan undeclared.json", "/create_databases", json!([["sensors"]])),
        ("plan undeclared.json", "/diagnostics", json!([[]])),
        ("plan undeclared.json", "/diagnostics/0/code", json!(["missing"])),
        ("plan undeclared.json", "/diagnostics/0/help", json!([""])),
        ("plan faulty.json", "/starts", json!([true])),
        ("plan faulty.json", "/diagnostics", json!([[]])),
        ("plan faulty.json", "/diagnostics/0/end_line", json!([null])),
        (CREATE, "/name", json!([""])),
        (CREATE, "/token", json!(["apiv3_x", generated("apiv2_", ""), generated("apiv3_", "\n")])),
        (CREATE, "/hash", json!(["0".repeat(127), "A".repeat(128)])),
        (CREATE, "/permissions/0", json!(["sensors:read", "*:*:read"])),
        (CREATE, "/output_file", json!([""])),
    ] {
        let run = run_of(args);
        let report = run.report();
        for impossible in values.as_array().expect("a list of values") {
            let faulty = with(&report, at, |value| *value = impossible.clone());
            let accepted = validators[run.schema].is_valid(&faulty);
            assert!(!accepted, "{impossible} at {at} of `{args}`");
        }
    }
}

#[test]
fn parts_that_exclude_each_other_are_refused_together() {
    let validators = validators();
    // The report of a run, with a part of the report of another.
    for (args, other, at) in [
        ("check missing.json", "check faulty.json", "/files/0/diagnostics"),
        ("inspect admin.json", "inspect clean.json", "/tokens/0/grants"),
        ("inspect admin.json", "inspect clean.json", "/create_databases"),
        ("plan clean.json", "plan faulty.json", "/diagnostics"),
        ("plan undeclared.json", "plan clean.json", "/create_databases"),
        ("plan undeclared.json", "plan clean.json", "/create_tokens"),
        ("plan clean.json --state state.json", "plan faulty.json", "/diagnostics"),
    ] {
        let run = run_of(args);
        let part = run_of(other).report().pointer(at).cloned().expect(at);
        let faulty = with(&run.report(), at, |value| *value = part);
        let accepted = validators[run.schema].is_valid(&faulty);
        assert!(!accepted, "{at} of `{other}` in the report of `{args}`");
    }
}
