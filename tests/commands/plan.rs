//! `plan`: what a start would do.

use serde_json::json;

use crate::support::{Place, SHADOWED};

#[test]
fn a_fresh_server_creates_everything() {
    let place = Place::with(SHADOWED);
    let run = place.run(&["plan", "tokens.json"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.starts_with("creates databases: a, b\ncreates tokens: `app` ("));
    let json = place.run(&["plan", "--format", "json", "tokens.json"]).json();
    assert_eq!((&json["starts"], &json["create_databases"]), (&json!(true), &json!(["a", "b"])));
    assert_eq!(json["create_tokens"][0]["name"], "app");
}

#[test]
fn a_server_with_tokens_creates_none() {
    let place = Place::with(SHADOWED);
    place.write(
        "state.json",
        r#"{"databases": ["b"], "tokens": [{"name": "app", "token_sha512": "0123456789", "resource": true}]}"#,
    );
    let run = place.run(&["plan", "--state", "state.json", "tokens.json"]);
    assert_eq!(run.status, 0);
    for words in ["note[tokens-exist]", "warning[same-name-new-secret]", "creates databases: a\n"] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    assert!(run.stdout.ends_with("creates tokens: none\n"));
}

#[test]
fn a_start_that_would_stop_is_a_no() {
    let place = Place::with(SHADOWED.replace("\"a\", \"b\"", "\"b\""));
    let run = place.run(&["plan", "tokens.json"]);
    assert_eq!(run.status, 1);
    assert!(run.stdout.contains("error[missing-database]: `a` is neither"), "{}", run.stdout);
    assert!(run.stdout.ends_with("the start would stop, and nothing would be created\n"));
    place.write("broken.json", "{\"tokens\": 5}");
    let broken = place.run(&["plan", "broken.json"]);
    assert_eq!(broken.status, 1);
    assert!(broken.stdout.contains("wrong-type"));
    place.write("admin.json", "{\"token\": \"apiv3_x\", \"name\": \"_admin\"}");
    assert!(place.run(&["plan", "admin.json"]).stdout.contains("wrong-kind"));
}
