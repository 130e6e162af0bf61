//! The example `provision` does what it is there to show, and shows no secret.

#![allow(clippy::expect_used)]

use tokens::{Timestamp, read};

#[path = "../examples/provision.rs"]
#[allow(dead_code, reason = "`main` is the example's own")]
mod provision;

/// 2026-11-01T00:00:00Z.
const NOW: Timestamp = Timestamp(1_793_491_200_000);

/// All that the example prints at that moment.
const PRINTED: &str = "\
tokens.json holds 10 tokens; the last is `trial`

findings
  tokens.json:49:24: warning: the token expires at 2026-11-01T08:00:00Z (expires-soon)
    help: make its successor now, and hand it out before that moment
  tokens.json:73:13: warning: the grant on `audit` decides alone there, so `write` of the grant on `*` \
is lost (shadowed-grant)
    help: add `write` to the grant on `audit`, or remove it if `*` was meant to cover it

requests
  dashboard  read  sensors allow
  dashboard  write sensors deny: `write` is missing
  contractor read  sensors allow
  contractor read  sensors unauthenticated: expired at 2026-11-01T08:00:00Z
  stranger   read  sensors unauthenticated: there is no such token
  archive    write sensors allow
  archive    write audit   deny: `write` on `*` is shadowed

starts
  first makes 3 databases and 10 tokens
  next  makes 0 databases and 0 tokens
    note: the server has resource tokens, so it creates none of this file (tokens-exist)
";

#[test]
fn the_example_shows_everything_but_secrets() {
    let directory = tempfile::tempdir().expect("a directory");
    let mut printed = Vec::new();
    provision::run(directory.path(), NOW, &mut printed).expect("the example runs");
    let printed = String::from_utf8(printed).expect("text");
    assert_eq!(printed, PRINTED);
    assert!(!printed.contains("apiv3_"));

    let file = std::fs::read(directory.path().join("tokens.json")).expect("a file");
    let reading = read(&file, None);
    let document = reading.document().expect("a file that loads");
    assert_eq!(document.tokens().len(), 10);
    for token in document.tokens() {
        assert!(!printed.contains(token.secret.exposed_part()));
    }
}

/// Its names are taken then: an error says so, and nothing is written.
#[test]
fn a_second_time_the_example_leaves_the_file_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("tokens.json");
    provision::run(directory.path(), NOW, &mut Vec::new()).expect("the example runs");
    let before = std::fs::read(&path).expect("a file");
    let error =
        provision::run(directory.path(), NOW, &mut Vec::new()).expect_err("names are taken");
    assert_eq!(error.to_string(), "a token named `gateway` is there already");
    assert_eq!(std::fs::read(&path).expect("a file"), before);
}
