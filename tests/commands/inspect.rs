//! `inspect`: what each token is and may do.

use serde_json::json;

use crate::support::{GOOD, Place, SHADOWED};

#[test]
fn tokens_are_shown_with_what_they_may_do_after_merging() {
    let merged = SHADOWED.replace("\"db:a:read\"", "\"db:a:create\", \"db:a:read\"");
    let place = Place::with(merged);
    let run = place.run(&["inspect", "--now", "1800000000000", "tokens.json"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let expected = "\
tokens.json: 1 token, and 2 databases to create: a, b

`app`, fingerprint FINGERPRINT
  expires 2030-03-17T17:46:40Z (in 3years 2months)
  db:*         read,write
  db:a         create,read  (shadows `*`: no write here)
  system:ping  read
";
    let hash = tokens::Secret::parse(GOOD).expect("prefixed").hash();
    assert_eq!(run.stdout, expected.replace("FINGERPRINT", hash.fingerprint()));
}

#[test]
fn json_tells_the_same() {
    let place = Place::with(SHADOWED);
    let run = place.run(&["inspect", "--format", "json", "--now", "1900000000000", "tokens.json"]);
    let json = run.json();
    assert_eq!(json["kind"], "permission");
    assert_eq!(json["create_databases"], json!(["a", "b"]));
    let token = &json["tokens"][0];
    assert_eq!((&token["name"], &token["expired"]), (&json!("app"), &json!(true)));
    assert_eq!(
        token["grants"][1],
        json!({"resource_type": "db", "resource_name": "a", "actions": ["read"], "shadows": ["write"]})
    );
    assert!(!run.all().contains(&GOOD[6..]));
}

#[test]
fn an_admin_token_is_shown_as_such() {
    let place = Place::with(format!(r#"{{"token": "{GOOD}", "name": "_admin"}}"#));
    let run = place.run(&["inspect", "tokens.json"]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("never expires\n  may do everything\n"), "{}", run.stdout);
    let json = place.run(&["inspect", "--format", "json", "tokens.json"]).json();
    assert_eq!(json["tokens"][0]["permissions"], json!(["*:*:*"]));
}

#[test]
fn who_else_may_read_the_file_is_said_with_its_path() {
    let place = Place::with(SHADOWED);
    place.set_mode("tokens.json", 0o644);
    for args in [
        &["inspect", "tokens.json"][..],
        &["plan", "tokens.json"],
        &["can", "app", "read", "db:a", "--now", "0", "tokens.json"],
    ] {
        let run = place.run(args);
        assert_eq!(run.status, 0);
        assert!(run.stderr.starts_with("warning: tokens.json: the file has mode 0644"), "{args:?}");
    }
}

#[test]
fn a_file_that_does_not_load_is_explained_on_standard_error() {
    let place = Place::with("{");
    let run = place.run(&["inspect", "tokens.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("error[json-syntax]"), "{}", run.stderr);
}
