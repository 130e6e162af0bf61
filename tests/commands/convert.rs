//! `convert`: a file in, the form of Kubernetes or of the HTTP API out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{GOOD, Place, SHADOWED};

const ADMIN: &str = r#"{"token": "apiv3_Wd4Jm9Tz2Hs6Xk1Pv8Ry3QfN", "name": "_admin"}"#;

/// The value of a key of a manifest's data, decoded.
fn data(manifest: &str, key: &str) -> String {
    let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("  {key}: ")));
    let bytes = STANDARD.decode(line.expect(key)).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_secret_holds_the_files_to_the_byte_under_the_charts_keys() {
    let place = Place::with(SHADOWED);
    place.write("admin.json", ADMIN);
    let run = place.run(&["convert", "--to", "k8s-secret", "tokens.json"]);
    let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"influxdb3-tokens\"\ntype: Opaque\ndata:\n";
    assert!(run.status == 0 && run.stdout.starts_with(head), "{}", run.all());
    assert_eq!(data(&run.stdout, "permission-tokens.json"), SHADOWED);
    let args =
        ["convert", "--to", "k8s-secret", "--name", "t", "--namespace", "iot", "tokens.json"];
    let both = place.run(&[&args[..], &["--admin-token-file", "admin.json"]].concat()).stdout;
    assert!(both.contains("  name: \"t\"\n  namespace: \"iot\"\n"), "{both}");
    assert_eq!(data(&both, "permission-tokens.json"), SHADOWED);
    assert_eq!(data(&both, "admin-token.json"), ADMIN);
    let admin = place.run(&["convert", "--to", "k8s-secret", "admin.json"]).stdout;
    assert_eq!(data(&admin, "admin-token.json"), ADMIN);
}

#[test]
fn requests_say_what_each_token_may_do_and_hold_no_secret() {
    let place = Place::with(SHADOWED.replace("db:a:read", "db:a,b,a:write,read"));
    let now = ["--now", "1899999990500"];
    let args = [&["convert", "--to", "http-request", "tokens.json"], &now[..]].concat();
    let run = place.run(&args);
    assert_eq!((run.status, run.stdout.lines().count()), (0, 1));
    assert!(!run.all().contains(&GOOD["apiv3_".len()..]));
    let entry = |resource_type: &str, names: &[&str], actions: &[&str]| json!({"resource_type": resource_type, "resource_names": names, "actions": actions});
    let permissions = [
        entry("db", &["*"], &["read", "write"]),
        entry("db", &["a", "b"], &["read", "write"]),
        entry("system", &["ping"], &["read"]),
    ];
    assert_eq!(
        run.json(),
        json!({"token_name": "app", "permissions": permissions, "expiry_secs": 9})
    );
    // What looks like a token string is part of a name here.
    let named = Place::with(SHADOWED.replace("\"app\"", "\"apiv3_app\""));
    let named = named.run(&["convert", "--to", "http-request", "tokens.json"]).json();
    assert_eq!(named["token_name"], "apiv3_app");
    let never = Place::with(SHADOWED.replace("\"expiry_millis\": 1900000000000,", ""));
    let never = never.run(&["convert", "--to", "http-request", "tokens.json"]).json();
    assert_eq!(never.get("expiry_secs"), None);
}

#[test]
fn an_expired_token_is_left_out_and_said() {
    let place = Place::with(SHADOWED);
    for (now, words) in [("1900000000000", "`app` expired"), ("1899999999001", "`app` expires")] {
        let run = place.run(&["convert", "--to", "http-request", "tokens.json", "--now", now]);
        assert_eq!((run.status, run.stdout.as_str()), (1, ""));
        assert!(run.stderr.contains(words) && run.stderr.contains("left out"), "{}", run.stderr);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let place = Place::with(SHADOWED);
    place.write("admin.json", ADMIN);
    place.write("broken.json", "{");
    let secret = ["convert", "--to", "k8s-secret"];
    for (args, status) in [
        (vec!["convert", "tokens.json"], 2),
        (vec!["convert", "--to", "yaml", "tokens.json"], 2),
        ([&secret[..], &["--name", "A b", "tokens.json"]].concat(), 2),
        ([&secret[..], &["--name", "a..b", "tokens.json"]].concat(), 2),
        ([&secret[..], &["--namespace=-a", "tokens.json"]].concat(), 2),
        ([&secret[..], &["--namespace", "a.b", "tokens.json"]].concat(), 2),
        ([&secret[..], &["broken.json"]].concat(), 3),
        ([&secret[..], &["tokens.json", "--admin-token-file", "tokens.json"]].concat(), 3),
        ([&secret[..], &["admin.json", "--admin-token-file", "admin.json"]].concat(), 3),
        (vec!["convert", "--to", "http-request", "admin.json"], 3),
        (
            vec![
                "convert",
                "--to",
                "http-request",
                "tokens.json",
                "--admin-token-file",
                "admin.json",
            ],
            2,
        ),
    ] {
        let run = place.run(&args);
        assert_eq!(run.status, status, "{args:?}: {}", run.all());
        assert_eq!(run.stdout, "", "{args:?}");
    }
}
