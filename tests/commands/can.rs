//! `can`: the answer, the HTTP status, and which permission decided.

use crate::support::{GOOD, Place, SHADOWED, finish};

#[test]
fn the_answer_names_what_decided_and_what_was_shadowed() {
    let place = Place::with(SHADOWED);
    for (question, status, answer) in [
        ("app read db:a", 0, "allow (HTTP 200): `db:a:read` decides"),
        (
            "app write db:a",
            1,
            "deny (HTTP 403): `db:a:read` decides alone on `db:a`, without `write`; `db:*:read,write` \
             would allow it, but is shadowed",
        ),
        ("app write db:other", 0, "allow (HTTP 200): `db:*:read,write` decides"),
        ("app read,write db:b", 0, "allow (HTTP 200): `db:*:read,write` decides"),
        (
            "app read,write db:a",
            1,
            "deny (HTTP 403): `db:a:read` decides alone on `db:a`, without `write`; `db:*:read,write` \
             would allow it, but is shadowed",
        ),
        ("app read db:_internal", 1, "deny (HTTP 403): `_internal` is for admin tokens only"),
        ("app read system:ping", 0, "allow (HTTP 200): `system:ping:read` decides"),
        (
            "app read system:ready",
            1,
            "deny (HTTP 403): no permission of the token is on `system:ready` or on `*`",
        ),
        ("app read system:x", 1, "deny (HTTP 403): a server has no `system:x`"),
        (
            "app create db:new",
            1,
            "deny (HTTP 403): `db:*:read,write` decides alone on `db:new`, without `create`; a database \
             that is yet to be created is covered by `*` alone",
        ),
        ("ap read db:a", 1, "unauthenticated (HTTP 401): no token is named `ap`; is it `app`?"),
    ] {
        let mut args = vec!["can", "--now", "1800000000000"];
        args.extend(question.split(' '));
        args.push("tokens.json");
        let run = place.run(&args);
        assert_eq!((run.status, run.all()), (status, format!("{answer}\n")), "{question}");
    }
}

#[test]
fn an_expired_token_is_unauthenticated() {
    let place = Place::with(SHADOWED);
    let run = place.run(&["can", "app", "read", "db:a", "tokens.json", "--now", "1900000000001"]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.stdout,
        "unauthenticated (HTTP 401): the token expired 2030-03-17T17:46:40Z (0s ago)\n"
    );
}

#[test]
fn an_admin_token_may_do_everything() {
    let place =
        Place::with(format!(r#"{{"token": "{GOOD}", "name": "_admin", "expiry_millis": 9}}"#));
    let ask = |name, now| place.run(&["can", name, "delete", "db:a", "tokens.json", "--now", now]);
    assert_eq!(ask("_admin", "8").stdout, "allow (HTTP 200): an admin token may do everything\n");
    assert_eq!(ask("_admin", "9").status, 1);
    assert_eq!(ask("admin", "8").status, 1);
}

#[test]
fn a_question_that_makes_no_sense_is_a_usage_error() {
    let place = Place::with(SHADOWED);
    for (question, words) in [
        ("app raed db:a", "did you mean `read`?"),
        ("app * db:a", "the actions are"),
        ("app read a", "db:NAME"),
        ("app read table:a", "db:NAME"),
        ("app read db:*", "one database"),
        ("app read db:", "empty"),
    ] {
        let run = finish(place.command(&["can"]).args(question.split(' ')).arg("tokens.json"));
        assert_eq!(run.status, 2, "{question}");
        assert!(run.stderr.contains(words), "{question}: {}", run.stderr);
    }
}

#[test]
fn a_file_that_does_not_load_is_not_a_no() {
    let place = Place::with("{\"tokens\": 5}");
    let run = place.run(&["can", "app", "read", "db:a", "tokens.json"]);
    assert_eq!((run.status, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("wrong-type") && run.stderr.contains("does not load"));
}
