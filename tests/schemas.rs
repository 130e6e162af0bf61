//! The committed schemas of the JSON that the commands print: every report is valid against the
//! schema of its command, and a report with any fault in it is not.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use jsonschema::draft202012;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokens::diagnostic::Severity;
use tokens::{Action, Code, Kind, ResourceType};

/// Where each run takes its files from. The modes are 0600, so that nothing is said of them.
const FILES: &[(&str, &[u8])] = &[
    (
        "clean.json",
        br#"{
  "create_databases": ["sensors"],
  "tokens": [
    {
      "token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs",
      "name": "app",
      "expiry_millis": 4000000000000,
      "permissions": ["db:sensors:read"]
    }
  ]
}
"#,
    ),
    (
        "faulty.json",
        r#"{
  "create_databases": ["sensors", "sensors", "my db"],
  "tokens": [
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "แอป",
     "permissions": ["db:*:read,write", "db:sensors:read", "db:sensors:raed"]},
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "แอป", "permissions": [], "expiry": 1},
    {"token": "Zt3Kx0Lw7Rb2Yc5Nf1VdHsq8", "name": "", "name": "b", "expiry_millis": true,
     "permissions": "db:sensors:read"},
    {"token": "apiv3_q8Zt", "name": "c", "permissions": ["db:sensor:create"], "a/b~c": null}
  ]
}
"#
        .as_bytes(),
    ),
    // Broken in a way for which there is no help.
    ("broken.json", br#"{"tokens": [] "name": "n"}"#),
    ("latin1.json", b"{\"tokens\": [], \"_site\": \"M\xfcnchen\"}"),
    ("empty.json", b""),
    ("number.json", b"5"),
    ("admin.json", br#"{"token": "apiv3_Wd4Jm9Tz2Hs6Xk1Pv8Ry3QfN", "name": "_admin"}"#),
    (
        "grants.json",
        br#"{
  "create_databases": ["sensors/30d", "sensors/30d"],
  "tokens": [
    {"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "old", "expiry_millis": -9223372036854775808,
     "permissions": ["db:*:write,read", "db:sensors/30d,sensors/30d:read", "system:ping:read"]},
    {"token": "apiv3_Hn7Cv2Lp5Gx9Bd4Ty8Zs1KwM", "name": "for ever",
     "expiry_millis": 9223372036854775807, "permissions": []}
  ]
}
"#,
    ),
    // Declares no database, so a server has to have `sensors`.
    (
        "undeclared.json",
        br#"{"tokens": [{"token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "name": "app",
            "permissions": ["db:sensors:read"]}]}"#,
    ),
    (
        "state.json",
        br#"{"databases": ["sensors"],
            "tokens": [{"name": "app", "token_sha512": "0123456789", "resource": true}]}"#,
    ),
];

/// A run of the program with `--format json`.
struct Run {
    /// The schema of what it prints.
    schema: &'static str,
    /// The arguments, separated by spaces.
    args: &'static str,
    status: i32,
    /// A part of what it prints, for which the run is here.
    shows: (&'static str, &'static str),
}

const fn run(
    schema: &'static str,
    args: &'static str,
    status: i32,
    shows: (&'static str, &'static str),
) -> Run {
    Run { schema, args, status, shows }
}

const RUNS: &[Run] = &[
    run("check", "check clean.json", 0, ("/files/0/diagnostics", "[]")),
    run("check", "check faulty.json", 1, ("/files/0/diagnostics/0/related/0/line", "2")),
    run("check", "check broken.json", 1, ("/files/0/diagnostics/0/help", "null")),
    run("check", "check latin1.json", 1, ("/files/0/diagnostics/0/code", "\"json-encoding\"")),
    run("check", "check empty.json", 1, ("/files/0/diagnostics/0/end_column", "1")),
    run("check", "check number.json", 1, ("/files/0/kind", "\"unknown\"")),
    run("check", "check admin.json", 0, ("/files/0/kind", "\"admin\"")),
    run("check", "check -", 1, ("/files/0/path", "\"-\"")),
    run("check", "check missing.json", 3, ("/files/0/diagnostics", "[]")),
    run("check", "check clean.json missing.json faulty.json", 3, ("/files/2/tokens", "4")),
    run("check", "check --admin-token-file admin.json grants.json", 0, ("/files/1/tokens", "1")),
    run("check", "check --state state.json clean.json", 0, ("/files/0/diagnostics/0/line", "null")),
    run("check", "check --deny all grants.json", 1, ("/files/0/loads", "true")),
    run("inspect", "inspect clean.json", 0, ("/tokens/0/expiry_millis", "4000000000000")),
    run("inspect", "inspect --now 4000000000000 clean.json", 0, ("/tokens/0/expired", "true")),
    run("inspect", "inspect grants.json", 0, ("/tokens/0/grants/1/shadows", "[\"write\"]")),
    run("inspect", "inspect undeclared.json", 0, ("/tokens/0/expiry_millis", "null")),
    run("inspect", "inspect admin.json", 0, ("/tokens/0/permissions", "[\"*:*:*\"]")),
    run("plan", "plan clean.json", 0, ("/create_tokens/0/name", "\"app\"")),
    run("plan", "plan clean.json --state state.json", 0, ("/findings/0/severity", "\"note\"")),
    run("plan", "plan undeclared.json", 1, ("/findings/0/code", "\"missing-database\"")),
    run("plan", "plan faulty.json", 1, ("/diagnostics/0/code", "\"database-name\"")),
    run("plan", "plan latin1.json", 1, ("/starts", "false")),
    run("plan", "plan admin.json", 1, ("/diagnostics/0/code", "\"wrong-kind\"")),
    run("create-token", CREATE, 0, ("/permissions/1", "\"system:*:read\"")),
    run("create-token", CREATE_EXPIRING, 0, ("/expiry_millis", "86400000")),
    run("create-token", CREATE_ADMIN, 0, ("/name", "\"_admin\"")),
    run("create-token", CREATE_NAMED_ADMIN, 0, ("/permissions", "[]")),
];

const CREATE: &str = "create token --offline --output-file new.json --name dash \
                      --permission db:b,a,b:write,read --permission system:*:read";
const CREATE_EXPIRING: &str = "create token --offline --output-file clean.json --name dash \
                               --permission db:*:read --expiry 1d --now 0";
const CREATE_ADMIN: &str = "create token --admin --offline --output-file new.json";
const CREATE_NAMED_ADMIN: &str =
    "create token --admin --offline --output-file new.json --name ci --expiry 90d";

impl Run {
    /// What it prints. Each run has a directory of its own, so that none sees what another wrote.
    fn report(&self) -> Value {
        let directory = TempDir::new().expect("a directory");
        for (name, bytes) in FILES {
            write(&directory.path().join(name), bytes);
        }
        let args: Vec<&str> = self.args.split_whitespace().collect();
        let (report, status) = report(directory.path(), &args);
        assert_eq!(status, self.status, "the exit status of `{}`", self.args);
        report
    }
}

fn write(path: &Path, bytes: &[u8]) {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(bytes)).expect("a file");
}

fn report(directory: &Path, args: &[&str]) -> (Value, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(args)
        .args(["--format", "json"])
        .current_dir(directory)
        .output()
        .expect("the program runs");
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("`{}` prints no JSON: {error}", args.join(" ")));
    (report, output.status.code().expect("an exit status"))
}

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
fn objects(value: &Value) -> Vec<(String, &serde_json::Map<String, Value>)> {
    let all = pointers(value).into_iter();
    all.filter_map(|at| Some((at.clone(), value.pointer(&at)?.as_object()?))).collect()
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

/// A report with something else in one place.
fn with(report: &Value, at: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = report.clone();
    change(changed.pointer_mut(at).unwrap_or_else(|| panic!("the report has no {at}")));
    changed
}

#[test]
fn every_schema_is_a_schema_with_a_name_of_its_own() {
    let mut ids = BTreeSet::new();
    for (name, schema) in schemas() {
        if let Err(error) = draft202012::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        assert_eq!(schema["$id"], format!("urn:influxdb3-tokens:{name}-report:1"));
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
        assert!(ids.insert(schema["$id"].to_string()), "{name} has the id of another");
    }
}

#[test]
fn every_member_is_described_and_no_object_takes_others() {
    for (name, schema) in schemas() {
        for (at, object) in objects(&schema) {
            let Some(properties) = object.get("properties").and_then(Value::as_object) else {
                continue;
            };
            // Only these say what an object is; the others add a condition to one of these.
            if object.get("type").is_none() {
                continue;
            }
            assert_eq!(object.get("additionalProperties"), Some(&json!(false)), "{name}{at}");
            for (member, property) in properties {
                assert!(property["description"].is_string(), "{name}{at}: {member}");
            }
        }
    }
}

#[test]
fn only_why_a_file_is_unread_may_be_left_out() {
    let mut optional = Vec::new();
    for (name, schema) in schemas() {
        for (at, object) in objects(&schema).into_iter().filter(|(_, it)| it.contains_key("type")) {
            let Some(properties) = object.get("properties").and_then(Value::as_object) else {
                continue;
            };
            let required = object["required"].as_array().expect("a list of names");
            let left_out = properties.keys().filter(|member| !required.contains(&json!(member)));
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
    for (args, at, value) in [
        ("check clean.json", "/version", json!(2)),
        ("check clean.json", "/files", json!([])),
        ("check clean.json", "/files/0/kind", json!("tokens")),
        ("check clean.json", "/files/0/loads", json!(false)),
        ("check clean.json", "/files/0/tokens", json!(-1)),
        ("check clean.json", "/summary/errors", json!(-1)),
        ("check missing.json", "/files/0/error", json!("")),
        ("check missing.json", "/files/0/kind", json!("admin")),
        ("check missing.json", "/files/0/loads", json!(true)),
        ("check missing.json", "/files/0/tokens", json!(1)),
        ("check faulty.json", "/files/0/diagnostics/0/code", json!("no-such-code")),
        ("check faulty.json", "/files/0/diagnostics/0/rule", json!("DB-5")),
        ("check faulty.json", "/files/0/diagnostics/0/rule", json!("DB-05\n")),
        ("check faulty.json", "/files/0/diagnostics/0/severity", json!("fatal")),
        ("check faulty.json", "/files/0/diagnostics/0/message", json!("")),
        ("check faulty.json", "/files/0/diagnostics/0/help", json!("")),
        ("check faulty.json", "/files/0/diagnostics/0/pointer", json!("tokens")),
        ("check faulty.json", "/files/0/diagnostics/0/pointer", json!("/a~2")),
        ("check faulty.json", "/files/0/diagnostics/0/pointer", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/line", json!(0)),
        ("check faulty.json", "/files/0/diagnostics/0/line", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/column", json!(0)),
        ("check faulty.json", "/files/0/diagnostics/0/column", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/end_line", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/end_column", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/related/0/pointer", json!(null)),
        ("check faulty.json", "/files/0/diagnostics/0/related/0/end_line", json!(0)),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/line", json!(1)),
        ("check --state state.json clean.json", "/files/0/diagnostics/0/pointer", json!("")),
        ("inspect clean.json", "/version", json!("1")),
        ("inspect clean.json", "/kind", json!("unknown")),
        ("inspect clean.json", "/kind", json!("admin")),
        ("inspect clean.json", "/create_databases/0", json!("_internal")),
        ("inspect clean.json", "/create_databases", json!(["a", "a"])),
        ("inspect clean.json", "/tokens/0/name", json!("")),
        ("inspect clean.json", "/tokens/0/fingerprint", json!("d02b0b6e")),
        ("inspect clean.json", "/tokens/0/fingerprint", json!("d02b0b6e3\n")),
        ("inspect clean.json", "/tokens/0/fingerprint", json!("D02B0B6E3")),
        ("inspect clean.json", "/tokens/0/expiry_millis", json!(i64::MAX as u64 + 1)),
        ("inspect clean.json", "/tokens/0/permissions/0", json!("*:*:*")),
        ("inspect clean.json", "/tokens/0/grants/0/resource_type", json!("*")),
        ("inspect clean.json", "/tokens/0/grants/0/actions", json!([])),
        ("inspect clean.json", "/tokens/0/grants/0/actions", json!(["read", "read"])),
        ("inspect clean.json", "/tokens/0/grants/0/shadows", json!(["drop"])),
        ("inspect admin.json", "/tokens", json!([])),
        ("inspect admin.json", "/tokens/0/permissions", json!([])),
        ("inspect admin.json", "/create_databases", json!(["sensors"])),
        ("plan clean.json", "/starts", json!(false)),
        ("plan clean.json", "/create_databases/0", json!("my db")),
        ("plan clean.json", "/create_tokens/0/fingerprint", json!("")),
        ("plan undeclared.json", "/starts", json!(true)),
        ("plan undeclared.json", "/create_databases", json!(["sensors"])),
        ("plan undeclared.json", "/findings/0/severity", json!("warning")),
        ("plan undeclared.json", "/findings/0/code", json!("missing")),
        ("plan faulty.json", "/starts", json!(true)),
        ("plan faulty.json", "/diagnostics/0/severity", json!("warning")),
        ("plan faulty.json", "/diagnostics/0/end_line", json!(null)),
        (CREATE, "/name", json!("")),
        (CREATE, "/token", json!("apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs")),
        (CREATE, "/token", json!(format!("apiv3_{}\n", "x".repeat(86)))),
        (CREATE, "/token", json!(format!("apiv2_{}", "x".repeat(86)))),
        (CREATE, "/hash", json!("0".repeat(127))),
        (CREATE, "/hash", json!("A".repeat(128))),
        (CREATE, "/expiry_millis", json!("1")),
        (CREATE, "/permissions/0", json!("sensors:read")),
        (CREATE, "/output_file", json!("")),
    ] {
        let run = RUNS.iter().find(|run| run.args == args).expect(args);
        let faulty = with(&run.report(), at, |place| *place = value.clone());
        assert!(!validators[run.schema].is_valid(&faulty), "{value} at {at} of `{args}`");
    }
}
