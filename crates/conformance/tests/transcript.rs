//! The session in PROTOCOL.md is one of the reference, line by line.

#![allow(clippy::expect_used, clippy::panic)]

use assert_cmd::Command;
use serde_json::Value;

/// An answer without what is free text.
fn comparable(line: &str) -> Value {
    let mut answer: Value =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    if let Some(members) = answer.as_object_mut() {
        members.remove("message");
    }
    answer
}

#[test]
fn the_reference_holds_the_session_of_the_protocol() {
    let document = include_str!("../PROTOCOL.md");
    let (_, rest) = document.split_once("```transcript\n").expect("a transcript");
    let (transcript, _) = rest.split_once("```").expect("its end");
    let side = |arrow: &str| -> Vec<&str> {
        transcript.lines().filter_map(|line| line.strip_prefix(arrow)).collect()
    };
    let (requests, expected) = (side("→ "), side("← "));
    assert_eq!(requests.len() + expected.len(), transcript.lines().count());

    let mut driver = Command::new(env!("CARGO_BIN_EXE_tokens-conformance"));
    let run = driver.arg("driver").write_stdin(requests.join("\n") + "\n").assert().success();
    let printed = String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8");
    let answers: Vec<&str> = printed.lines().collect();
    assert_eq!(answers.len(), expected.len());
    for (answer, expected) in answers.iter().zip(&expected) {
        assert_eq!(comparable(answer), comparable(expected));
        // The order of members is the same too.
        let names = |line: &str| line.split("\"message\"").next().map(str::to_owned);
        assert_eq!(names(answer), names(expected));
    }
}

#[test]
fn a_request_that_cannot_be_read_is_answered_with_an_error() {
    for (request, words) in [
        ("", "one JSON object"),
        ("x", "one JSON object"),
        ("[1,\"bye\"]", "one JSON object"),
        ("{x", "key must be a string"),
        ("{\"seq\":1}", "missing field `op`"),
        ("{\"seq\":1,\"op\":2}", "invalid type"),
        ("{\"seq\":1,\"op\":\"load\"}", "missing field `document`"),
        ("{\"seq\":1,\"op\":\"load\",\"document\":{\"base64\":\"a\"}}", "base64"),
        ("{\"seq\":1,\"op\":\"nonsense\"}", "there is no op `nonsense`"),
        ("{\"seq\":1,\"op\":\"hello\",\"protocol\":2}", "this driver speaks version 1"),
    ] {
        let mut driver = Command::new(env!("CARGO_BIN_EXE_tokens-conformance"));
        let run = driver.arg("driver").write_stdin(format!("{request}\n")).assert().success();
        let printed = String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8");
        assert!(printed.contains(words), "{request}: {printed}");
        let answer: Value = serde_json::from_str(&printed).expect("an answer");
        let told = answer.get("error").or_else(|| answer.get("message"));
        assert!(told.is_some(), "{request}: {printed}");
        // What cannot be read in part is still told apart by its number.
        let seq = if request.contains("\"seq\":1") { Value::from(1) } else { Value::Null };
        assert_eq!(answer.get("seq"), Some(&seq), "{request}: {printed}");
    }
}
