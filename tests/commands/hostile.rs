//! One hostile document through every output: nothing in it reaches a terminal as a command, and no
//! secret reaches anything.

use crate::support::{Place, Run, finish};

const ESCAPE: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J";
const BIDI: &str = "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{9b}31m";

/// It loads, and everything in it that is text is hostile.
fn hostile() -> String {
    let evil = serde_json::to_string(&format!("{ESCAPE}{BIDI}\n::error::owned")).expect("a string");
    let secret = "apiv3_SECRETq8Zt3Kx0Lw7Rb2Yc5Nf1V";
    format!(
        r#"{{{evil}: 1, "create_databases": ["a", "apiv3_SECRETother"], "tokens": [
            {{"token": "{secret}", "name": {evil}, {evil}: {{"token": "{secret}"}}, "permissions": ["db:a:read", "db:a:read", "db:apiv3_SECRETdb:read"]}},
            {{"token": "{secret}{BIDI}", "name": "apiv3_SECRETname", "_token": "SECRETother",
              "to\u006ben_": 1, "permissions": ["db:b:read"]}}]}}"#
    )
}

/// The same with a fault in every text.
fn broken() -> String {
    let evil = serde_json::to_string(&format!("db:{ESCAPE}{BIDI}:read\n::error::owned"))
        .expect("a string");
    format!(
        r#"{{"create_databases": [{evil}], "tokens": [
            {{"token": "SECRETnoprefix{BIDI}", "name": {evil}, "permissions": [{evil}, "db:apiv3_SECRET/:read"]}},
            {{"token": ["SECRETarray"], "name": {evil}, "expiry_millis": "apiv3_SECRETexpiry", "permissions": [1]}}]}}"#
    )
}

fn assert_harmless(run: &Run, what: &str) {
    let all = run.all();
    assert!(!all.contains("SECRET"), "{what} shows a secret:\n{all}");
    let harmful = all.chars().find(|c| tokens::is_harmful(*c) && *c != '\n');
    assert_eq!(harmful, None, "{what}:\n{all}");
    assert!(
        !all.lines().any(|line| line.starts_with("::error")),
        "{what} starts a line of its own"
    );
    assert_ne!(run.status, 101, "{what} panics");
}

#[test]
fn a_hostile_document_is_harmless_in_every_output() {
    let cut = hostile()[..hostile().len() - 40].to_owned();
    for document in [hostile(), broken(), cut] {
        let place = Place::with(&document);
        for line in [
            "check tokens.json",
            "check --format json tokens.json",
            "check --kind admin tokens.json",
            "inspect tokens.json",
            "inspect --format json tokens.json",
            "plan tokens.json",
            "plan --format json tokens.json",
            "can apiv3_SECRETname read db:b tokens.json",
            "create token --name n --permission db:a:read --offline --output-file tokens.json",
        ] {
            let args: Vec<&str> = line.split(' ').collect();
            assert_harmless(&place.run(&args), line);
        }
    }
}

#[test]
fn hostile_arguments_are_harmless_too() {
    let place = Place::with(hostile());
    let evil = format!("{ESCAPE}{BIDI}apiv3_SECRET\n::error::owned");
    let commands: [&[&str]; 12] = [
        &["check", &evil],
        &["check", "--format", "json", &evil],
        &["inspect", &evil],
        &["can", &evil, "read", "db:a", "tokens.json"],
        &["can", "n", &evil, "db:a", "tokens.json"],
        &["explain", &evil],
        &["schema", &evil],
        &["completions", &evil],
        &["man", &evil],
        &["man", "--dir", &evil],
        &[&evil],
        &[
            "create",
            "token",
            "--offline",
            "--output-file",
            "f",
            "--name",
            "n",
            "--permission",
            &evil,
        ],
    ];
    for command in commands {
        let run = finish(&mut place.command(command));
        assert_harmless(&run, &format!("{command:?}"));
    }
}
