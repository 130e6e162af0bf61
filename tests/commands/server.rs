//! `--server` and `--state`: what is known of the server that a file is for.

use crate::support::{GOOD, Place, SHADOWED};

/// What `influxdb3 show databases --format json` prints.
const DATABASES: &str = r#"[{"iox::database":"_internal"},{"iox::database":"a"}]"#;

/// What `influxdb3 show tokens --format json` prints of a server with the operator's token alone.
const OPERATOR: &str = r#"[{"token_id":0,"name":"_admin","hash":"0a1b2c3d4","created_at":"2026-01-01T00:00:00",
    "description":null,"expiry":null,"permissions":"*:*:*"}]"#;

/// The same of one that has a resource token too.
const APP: &str = r#"[{"token_id":0,"name":"_admin","hash":"0a1b2c3d4","permissions":"*:*:*"},
    {"token_id":1,"name":"app","hash":"ffffffff0","permissions":"db:a:read"}]"#;

#[test]
fn a_server_of_a_version_is_told_what_it_cannot_take() {
    let place = Place::with(SHADOWED);
    let check = |version: &[&str]| {
        let args = [&["check", "--format", "json", "--allow", "shadowed-grant"], version].concat();
        place.run(&[&args[..], &["tokens.json"]].concat())
    };
    let old = check(&["--server", "3.9"]);
    assert_eq!((old.status, old.codes()), (0, vec!["server-version".to_owned()]));
    let found = &old.json()["files"][0]["diagnostics"][0];
    assert_eq!(
        (&found["rule"], &found["pointer"]),
        (&"VER-01".into(), &"/tokens/0/permissions/0".into())
    );
    assert!(found["help"].as_str().expect("help").contains("3.10.0 is the first version"));
    assert_eq!(check(&["--server", "3.9", "--deny", "server-version"]).status, 1);
    for version in [&["--server", "3.10"][..], &["--server", "3.11"], &[]] {
        assert_eq!(check(version).codes(), [""; 0], "{version:?}");
    }
}

#[test]
fn a_version_that_is_none_is_refused() {
    let place = Place::with(SHADOWED);
    for (version, words) in [("3.x", "is no version"), ("2.7", "is no version"), ("3.3", "3.4")] {
        let run = place.run(&["check", "--server", version, "tokens.json"]);
        assert_eq!(run.status, 2, "{version}");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn what_the_vendors_tool_shows_is_taken_as_a_state() {
    let place = Place::with(format!(
        r#"{{"tokens": [{{"token": "{GOOD}", "name": "app", "permissions": ["db:a,b:read"]}}]}}"#
    ));
    place.write("databases.json", DATABASES);
    place.write("operator.json", OPERATOR);
    place.write("app.json", APP);
    let codes = |tokens: &str| {
        let state = ["--state", "databases.json", "--state", tokens];
        place.run(&[&["check", "--format", "json", "tokens.json"], &state[..]].concat()).codes()
    };
    assert_eq!(codes("operator.json"), ["missing-database"]);
    assert_eq!(codes("app.json"), ["tokens-exist", "same-name-new-secret", "undeclared-database"]);
    let plan = ["plan", "tokens.json", "--state", "app.json", "--state", "databases.json"];
    let plan = place.run(&plan);
    assert!(plan.status == 0 && plan.stdout.ends_with("creates tokens: none\n"), "{}", plan.all());
}

#[test]
fn tokens_without_databases_are_no_state() {
    let place = Place::with(SHADOWED);
    place.write("tokens-of-server.json", APP);
    let state = ["tokens.json", "--state", "tokens-of-server.json"];
    let check = place.run(&[&["check", "--databases", "a"], &state[..]].concat());
    assert!(check.status == 0 && check.stdout.contains("tokens-exist"), "{}", check.all());
    for command in ["check", "plan"] {
        let run = place.run(&[&[command], &state[..]].concat());
        assert_eq!(run.status, 3);
        assert!(run.stderr.contains("influxdb3 show databases --format json"), "{}", run.stderr);
    }
}
