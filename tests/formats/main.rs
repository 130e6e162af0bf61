//! `check --format`: every format over one set of documents, so that they can be compared, and what each
//! format asks of its readers.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice)]

#[path = "../support/mod.rs"]
mod support;

use quick_xml::events::Event;
use serde_json::Value;

use support::{Place, Run, SHADOWED};

/// A token string that no explanation has, and no check anything to say about.
const SECRET: &str = "apiv3_J5hVw2QmZr8Ty1Lx6Ck3Bn9p";

/// Names of the files, in the order in which they are checked, and what they hold.
fn documents() -> [(&'static str, Vec<u8>); 6] {
    let faulty = format!(
        r#"{{
  "create_databases": ["sensors", "ข้อมูล"],
  "tokens": [
    {{"token": "{SECRET}", "name": "เครื่องวัด\u0007", "permissions": ["db:sensors:raed"]}},
    {{"token": "{SECRET}", "name": "b, c: 100%", "expiry_millis": 1.5, "permissions": [
      "db:*:read"]}}
  ]
}}
"#
    );
    [
        ("admin.json", br#"{"token": "apiv3_your-token-here", "name": "_admin"}"#.to_vec()),
        ("broken.json", format!("{{\"tokens\": [{{\"token\": \"{SECRET}\"\n\n").into_bytes()),
        ("clean.json", SHADOWED.replace("\"db:a:read\", ", "").into_bytes()),
        ("faulty, 100%:é.json", faulty.into_bytes()),
        ("latin1.json", b"{\"tokens\": [], \"_site\": \"M\xfcnchen\"}".to_vec()),
        ("shadowed.json", SHADOWED.replace(support::GOOD, SECRET).into_bytes()),
    ]
}

/// The documents, in a directory of their own.
fn place() -> Place {
    let place = Place::new();
    for (name, document) in documents() {
        place.write(name, document);
    }
    // Of which there is something to say that has no place in the text.
    place.set_mode("shadowed.json", 0o644);
    place
}

const ALWAYS: [&str; 4] = ["check", "--now", "2026-11-01T00:00:00Z", "--format"];

/// All documents and one that is not there, in a format.
fn check(place: &Place, format: &str, more: &[&str]) -> Run {
    let mut args = [&ALWAYS[..], &[format], more].concat();
    args.extend(documents().map(|(name, _)| name));
    args.push("missing.json");
    place.run(&args)
}

/// A report as it is, the exit status and standard error behind it.
fn shown(run: &Run, report: &str) -> String {
    format!("{report}\nexit status {}\n{}", run.status, run.stderr)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

#[test]
fn human() {
    let run = check(&place(), "human", &[]);
    insta::assert_snapshot!(shown(&run, &run.stdout));
}

#[test]
fn json() {
    let run = check(&place(), "json", &[]);
    insta::assert_snapshot!(shown(&run, &pretty(&run.json())));
}

#[test]
fn github() {
    let run = check(&place(), "github", &[]);
    insta::assert_snapshot!(shown(&run, &run.stdout));
}

#[test]
fn junit() {
    let run = check(&place(), "junit", &[]);
    insta::assert_snapshot!(shown(&run, &run.stdout));
}

#[test]
fn sarif() {
    let run = check(&place(), "sarif", &[]);
    let mut report = run.json();
    // What `explain` says of every code has snapshots of its own.
    report["runs"][0]["tool"]["driver"].as_object_mut().expect("the driver").remove("rules");
    report["runs"][0]["tool"]["driver"]["semanticVersion"] = "…".into();
    insta::assert_snapshot!(shown(&run, &pretty(&report)));
}

#[test]
fn every_format_ends_with_the_same_status_and_tells_no_secret() {
    let place = place();
    for format in ["human", "json", "sarif", "junit", "github"] {
        let run = check(&place, format, &[]);
        assert_eq!(run.status, 3, "{format}");
        let clean = place.run(&[&ALWAYS[..], &[format, "clean.json"]].concat());
        assert_eq!((clean.status, clean.stderr.as_str()), (0, ""), "{format}");
        let secret = &SECRET["apiv3_".len()..];
        assert!(!run.all().contains(secret) && !run.all().contains('\u{7}'), "{}", run.all());
    }
}

/// A run with more results is refused as a whole by code scanning.
#[test]
fn sarif_keeps_the_gravest_of_too_many_findings() {
    let place = Place::new();
    let token =
        |number| format!(r#"{{"token": "apiv3_{number}", "name": "{number}", "permissions": []}}"#);
    let tokens: Vec<String> = (0..13_000).map(token).collect();
    let last = format!(r#"{{"token": "{SECRET}", "name": "x", "permissions": ["db:a:raed"]}}"#);
    let file = format!(r#"{{"tokens": [{}, {last}]}}"#, tokens.join(","));
    place.write("many.json", file);
    let run = place.run(&["check", "--format", "sarif", "many.json"]);
    let report = &run.json()["runs"][0];
    let results = report["results"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["level"]), (25_000, &Value::from("error")));
    let told = &report["invocations"][0]["toolExecutionNotifications"];
    let all = place.run(&["check", "--format", "json", "many.json"]).json();
    let all = all["files"][0]["diagnostics"].as_array().expect("findings").len();
    let words = format!("{} more findings are left out", all - 25_000);
    assert!(told[0]["message"]["text"].as_str().is_some_and(|text| text.starts_with(&words)));
    assert_eq!(told[0]["level"], "warning");
    assert_eq!(report["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn sarif_is_valid_and_its_rules_explain_themselves() {
    // The published schema has a pattern with a bracket too many, which some engines refuse.
    let schema = include_str!("sarif-2.1.0.schema.json").replace("{2}]?$", "{2}?$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema");
    let validator = jsonschema::validator_for(&schema).expect("a valid schema");
    let place = place();
    let report = check(&place, "sarif", &[]).json();
    let faults: Vec<String> = validator.iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut wrong = report.clone();
    wrong["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&wrong), "the schema looks at levels");

    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), tokens::Code::ALL.len());
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        let rule = &rules[index.expect("an index")];
        assert_eq!(rule["id"], result["ruleId"]);
        let help = rule["help"]["markdown"].as_str().expect("help");
        assert!(help.contains("The way out: ") && !help.contains("***"), "{help}");
    }
}

#[test]
fn sarif_and_json_find_the_same_in_the_same_places() {
    let place = place();
    let json = check(&place, "json", &[]).json();
    let files = json["files"].as_array().expect("files").iter();
    let of_json: Vec<Value> = files
        .flat_map(|file| file["diagnostics"].as_array().expect("diagnostics"))
        .map(|found| {
            let mut place =
                ["line", "column", "end_line", "end_column"].map(|name| found[name].clone());
            if place[0].is_null() {
                // About the file as a whole, which SARIF shows at its first line.
                place[0] = 1.into();
            }
            let what = ["code", "severity", "pointer"].map(|name| found[name].clone());
            Value::Array([&what[..], &place[..]].concat())
        })
        .collect();
    let sarif = check(&place, "sarif", &[]).json();
    let results = sarif["runs"][0]["results"].as_array().expect("results").iter();
    let of_sarif: Vec<Value> = results
        .map(|result| {
            let location = &result["locations"][0];
            let region = &location["physicalLocation"]["region"];
            let place = ["startLine", "startColumn", "endLine", "endColumn"];
            let pointer = location["logicalLocations"][0]["fullyQualifiedName"].clone();
            let what = [result["ruleId"].clone(), result["level"].clone(), pointer];
            Value::Array([&what[..], &place.map(|name| region[name].clone())].concat())
        })
        .collect();
    assert!(of_json.len() > 5);
    assert_eq!(of_sarif, of_json);
}

/// How many failures, errors and cases a report of JUnit has.
fn junit_counts(xml: &str) -> (usize, usize, usize) {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut counts = (0, 0, 0);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                b"failure" => counts.0 += 1,
                b"error" => counts.1 += 1,
                b"testcase" => counts.2 += 1,
                _ => {}
            },
            Event::Eof => return counts,
            _ => {}
        }
    }
}

#[test]
fn junit_fails_what_the_check_fails() {
    let place = place();
    let summary = check(&place, "json", &[]).json()["summary"].clone();
    let number = |name: &str| summary[name].as_u64().and_then(|n| usize::try_from(n).ok());
    let (errors, warnings) =
        (number("errors").expect("errors"), number("warnings").expect("warnings"));
    let (failed, unread, cases) = junit_counts(&check(&place, "junit", &[]).stdout);
    assert_eq!((failed, unread), (errors, 1));
    let (strict, _, strict_cases) = junit_counts(&check(&place, "junit", &["--strict"]).stdout);
    assert_eq!((strict, strict_cases), (errors + warnings, cases));
}

#[test]
fn what_xml_cannot_hold_is_not_in_it() {
    let place = Place::new();
    let permission = r"db:a\uffff\ufffe:read";
    let token = format!(r#"{{"token": "{SECRET}", "name": "a", "permissions": ["{permission}"]}}"#);
    place.write("tokens.json", format!(r#"{{"tokens": [{token}]}}"#));
    let run = place.run(&["check", "--format", "junit", "tokens.json"]);
    assert!(run.status == 1 && !run.stdout.contains(['\u{ffff}', '\u{fffe}']), "{}", run.stdout);
    assert_eq!(junit_counts(&run.stdout), (1, 0, 1));
}

#[test]
fn a_path_that_looks_like_a_secret_is_masked_alone() {
    let place = Place::new();
    place.write("apiv3_tokens.json", "{");
    let run = place.run(&["check", "--format", "github", "apiv3_tokens.json"]);
    let region = "line=1,col=2,endLine=1,endColumn=2";
    let command = format!("::error file=apiv3_***,{region},title=json-syntax::the text ends");
    assert!(run.stdout.starts_with(&command), "{}", run.stdout);
}

#[test]
fn hostile_paths_break_no_format() {
    let place = Place::new();
    let path = "a\u{1b}[31m\n::error::x<&\"]]>apiv3_J5hVw2Qm.json";
    place.write(path, "{");
    for format in ["human", "json", "sarif", "junit", "github"] {
        let run = place.run(&["check", "--format", format, path]);
        assert_eq!(run.status, 1, "{format}: {}", run.all());
        assert!(!run.all().contains('\u{1b}') && !run.all().contains("J5hVw2Qm"), "{}", run.all());
        assert!(run.all().lines().all(|line| !line.starts_with("::error::")), "{}", run.all());
        match format {
            "json" | "sarif" => assert!(run.json().is_object()),
            "junit" => assert_eq!(junit_counts(&run.stdout), (1, 0, 1)),
            _ => {}
        }
    }
}
