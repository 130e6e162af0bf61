//! The vectors and what is made of them are as they should be.

#![allow(clippy::expect_used, clippy::indexing_slicing)]

use conformance::{families, lint, suite};
use jsonschema::draft202012;
use serde_json::Value;

#[test]
fn a_machine_finds_no_fault_in_the_vectors() {
    let faults: Vec<String> = lint::lint().iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn there_are_enough_of_them() {
    let files = suite::load().expect("vectors");
    let cases: usize = files.iter().map(|file| file.cases.len()).sum();
    assert!(cases >= 1500, "{cases} cases only");
}

#[test]
fn generated_families_are_fresh() {
    for file in families::all() {
        let name = format!("{}.json", file.family);
        let committed = suite::texts().find(|(found, _)| *found == name).map(|(_, text)| text);
        let fresh = committed == Some(families::text(&file).as_str());
        assert!(fresh, "{name} is stale: run `cargo xtask conformance`");
    }
}

#[test]
fn the_table_of_rules_is_fresh() {
    let table = lint::table(&suite::load().expect("vectors"));
    assert!(
        table == include_str!("../RULES.md"),
        "RULES.md is stale: run `cargo xtask conformance`"
    );
}

/// `explain` points to the rules of a code.
#[test]
fn the_rules_of_every_code_are_in_the_specification() {
    let rules = lint::rules();
    for code in tokens::Code::ALL {
        for rule in code.rules() {
            assert!(rules.contains(rule.id()), "{} of `{code}` is not in SPEC.md", rule.id());
        }
    }
}

/// Links within and between the documents lead somewhere.
#[test]
fn links_of_the_documents_lead_somewhere() {
    let anchor = |heading: &str| {
        let kept = heading.trim_start_matches(['#', ' ']).to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().replace(' ', "-")
    };
    let documents: std::collections::HashMap<&str, &str> =
        conformance::DOCUMENTS.into_iter().collect();
    let mut links = 0;
    for (name, text) in conformance::DOCUMENTS {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let Some((file, fragment)) = link.split_once('#') else { continue };
            let target = if file.is_empty() { name } else { file };
            let found = documents.get(target).is_some_and(|text| {
                text.lines().any(|line| line.starts_with('#') && anchor(line) == fragment)
            });
            assert!(found, "{name} links to {link}");
            links += 1;
        }
    }
    assert!(links > 300, "{links} links");
}

/// The schema takes every file of vectors, and refuses one with any member gone or added.
#[test]
fn the_schema_holds_the_vectors() {
    let schema = include_str!("../vectors/_schema.json");
    let schema: Value = serde_json::from_str(schema).expect("JSON");
    let validator = draft202012::new(&schema).expect("a schema");
    for (name, text) in suite::texts() {
        let mut file: Value = serde_json::from_str(text).expect("JSON");
        let fault = validator.validate(&file).err().map(|error| error.to_string());
        assert_eq!(fault, None, "{name}");

        let case = file["cases"][0].clone();
        for member in ["id", "rule", "level", "description", "source", "op", "request", "expect"] {
            let mut broken = case.clone();
            broken.as_object_mut().expect("a case").remove(member);
            file["cases"][0] = broken;
            assert!(!validator.is_valid(&file), "{name} without {member}");
        }
        let mut broken = case;
        broken["more"] = Value::Null;
        file["cases"][0] = broken;
        assert!(!validator.is_valid(&file), "{name} with a member more");
    }
}

/// The first output that a newcomer compares.
#[test]
fn the_readme_counts_the_cases() {
    let files = suite::load().expect("vectors");
    let cases: usize = files.iter().map(|file| file.cases.len()).sum();
    assert!(include_str!("../README.md").contains(&format!("\n{cases} cases: ")), "{cases} cases");
}
