//! The vectors and what is made of them are as they should be.

#![allow(clippy::expect_used)]

use conformance::{families, lint, suite};

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
