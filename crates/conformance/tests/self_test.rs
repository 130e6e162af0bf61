//! The vectors catch every mistake that there is a wrong driver for, and nothing else.

#![allow(clippy::expect_used, clippy::panic)]

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

/// The rows of the page, by the names of the wrong drivers.
fn fresh_rows() -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("../FRESH.md").lines().filter(|line| line.starts_with("| `"));
    lines.map(|row| (row.split('`').nth(1).expect("a name"), row)).collect()
}

/// How long the smallest request may be, in bytes: about what a person would write. A token string has to be
/// in the file and in a probe, and a server has a hash of 128 digits. What shows only where something is too
/// long, or shows there first, is as long as that.
fn longest(name: &str) -> usize {
    match name {
        "name/limit-512" | "name/no-limit" | "name/limit-510" => 540,
        "declared/limit-512" => 580,
        "top/hundred-databases" => 760,
        _ => 310,
    }
}

#[test]
fn fresh_cases_and_questions_find_every_mistake_and_make_it_small() {
    let rows = fresh_rows();
    let names: Vec<&str> = rows.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, wrong::all().map(|wrong| wrong.name).collect::<Vec<_>>());
    for (name, row) in rows {
        let numbers = row.rsplit('|').skip(1).take(3).map(|cell| cell.trim().parse::<usize>());
        let numbers: Result<Vec<usize>, _> = numbers.collect();
        let [bytes, question, case] = numbers.expect(row)[..] else { panic!("{row}") };
        assert!(case <= 2000 && question <= 100_000, "{row}");
        assert!(bytes <= longest(name), "{row}");
    }
}

#[test]
fn the_page_of_fresh_cases_is_current() {
    let hunt = wrong::Hunt::default();
    // All of them take minutes without optimization.
    let some: Vec<_> = wrong::all().step_by(12).collect();
    let rows = fresh_rows();
    for hunted in wrong::hunt(&hunt, &some) {
        let (_, row) = rows.iter().find(|(name, _)| *name == hunted.wrong.name).expect("a row");
        assert_eq!(hunted.row().trim_end(), *row, "`cargo xtask conformance` makes it anew");
    }
}

#[test]
fn the_command_prints_the_table() {
    let mut command = Command::cargo_bin("tokens-conformance").expect("the program");
    let run = command.args(["self-test", "--format", "markdown"]).assert().success();
    let table = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert_eq!(table.lines().count(), wrong::all().count() + 2);
}
