//! The vectors catch every mistake that there is a wrong driver for, and nothing else.

#![allow(clippy::expect_used)]

use std::collections::HashSet;

use assert_cmd::Command;
use conformance::vector::Level;
use conformance::{suite, wrong};

#[test]
fn every_mistake_is_caught() {
    let files = suite::load().expect("vectors");
    let outcomes = wrong::self_test(&files);
    assert_eq!(outcomes.len(), wrong::all().count());
    for outcome in &outcomes {
        let wrong::Outcome { name, mistake, .. } = outcome;
        assert!(!outcome.caught_by.is_empty(), "no vector catches {name}, which {mistake}");
    }
    // A mistake about what this project chose makes no implementation fail.
    let fails = |outcome: &&wrong::Outcome| outcome.level == Level::Should && outcome.breaks_must;
    let names: Vec<_> = outcomes.iter().filter(fails).map(|outcome| outcome.name).collect();
    assert_eq!(names, Vec::<&str>::new());
}

#[test]
fn what_is_right_is_not_caught() {
    let files = suite::load().expect("vectors");
    for right in wrong::right() {
        // Not even where it is about what this project chose.
        let outcome = wrong::outcome(right, Level::Should, &files);
        assert_eq!(outcome.caught_by, Vec::<String>::new(), "{}", right.name);
    }
}

#[test]
fn names_are_unique() {
    let mut names = HashSet::new();
    for wrong in wrong::all() {
        assert!(names.insert(wrong.name), "{} is there twice", wrong.name);
    }
    assert!(names.len() >= 60, "{} wrong drivers only", names.len());
}

#[test]
fn the_command_prints_the_table() {
    let mut command = Command::cargo_bin("tokens-conformance").expect("the program");
    let run = command.args(["self-test", "--format", "markdown"]).assert().success();
    let table = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert_eq!(table.lines().count(), wrong::all().count() + 2);
}
