//! `create token` with a token string that is there already, and with a description.

use crate::support::{GOOD, Place, finish};

const CREATE: [&str; 8] = [
    "create",
    "token",
    "--offline",
    "--output-file",
    "tokens.json",
    "--name",
    "app",
    "--permission",
];

fn create(more: &[&'static str]) -> Vec<&'static str> {
    [&CREATE[..], &["db:*:read"], more].concat()
}

#[test]
fn a_token_string_is_imported_from_a_variable_or_standard_input() {
    let expected = format!("\"token\": \"{GOOD}\"");
    for line in [GOOD.to_owned(), format!("{GOOD}\n"), format!("{GOOD}\r\n")] {
        let place = Place::new();
        let run = finish(place.command(&create(&["--from-stdin"])).write_stdin(line));
        assert!(run.status == 0 && !run.all().contains(GOOD), "{}", run.all());
        assert!(place.read("tokens.json").contains(&expected));
    }
    let place = Place::new();
    let run = finish(place.command(&create(&["--from-env", "APP_TOKEN"])).env("APP_TOKEN", GOOD));
    assert!(run.status == 0 && !run.all().contains(GOOD), "{}", run.all());
    assert!(place.read("tokens.json").contains(&expected));
    let place_of_line = Place::new();
    let line = format!("{GOOD}\n");
    let run = finish(place_of_line.command(&create(&["--from-env", "T"])).env("T", line));
    assert!(run.status == 0 && place_of_line.read("tokens.json").contains(&expected));
    let twin = create(&["--from-env", "APP_TOKEN"]);
    let twin = twin.into_iter().map(|arg| if arg == "app" { "other" } else { arg });
    let twin = finish(place.command(&twin.collect::<Vec<_>>()).env("APP_TOKEN", GOOD));
    assert_eq!(twin.status, 3);
    assert!(twin.stderr.contains("the token `app` has the same string"), "{}", twin.stderr);
}

#[test]
fn an_admin_token_is_imported_too() {
    let place = Place::new();
    let args =
        ["create", "token", "--admin", "--offline", "--output-file", "a.json", "--from-env", "T"];
    let args = [&args[..], &["--description", "the operator"]].concat();
    let run = finish(place.command(&args).env("T", GOOD));
    assert_eq!(run.status, 0, "{}", run.all());
    let expected = format!(
        "{{\n  \"token\": \"{GOOD}\",\n  \"name\": \"_admin\",\n  \"description\": \"the operator\"\n}}\n"
    );
    assert_eq!(place.read("a.json"), expected);
}

#[test]
fn what_is_weak_or_no_token_string_is_said() {
    let place = Place::new();
    let weak = finish(place.command(&create(&["--from-env", "T"])).env("T", "apiv3_abc"));
    assert!(weak.status == 0 && weak.stderr.contains("(weak-token)"), "{}", weak.all());
    for (variable, value, words) in [
        ("T", "hunter2hunter2", "does not begin with `apiv3_`"),
        ("T", "", "is empty"),
        ("UNSET", "x", "`UNSET` is not set"),
        ("A=B", "x", "is not set"),
        ("", "x", "is not set"),
    ] {
        let run = finish(place.command(&create(&["--from-env", variable])).env("T", value));
        assert_eq!(run.status, 2, "{variable}: {}", run.all());
        assert!(run.stderr.contains(words) && !run.stderr.contains("hunter2"), "{}", run.stderr);
    }
    let empty = finish(place.command(&create(&["--from-stdin"])).write_stdin(""));
    assert!(empty.status == 2 && empty.stderr.contains("standard input: "), "{}", empty.stderr);
    assert_eq!(place.run(&create(&["--from-stdin", "--from-env", "T"])).status, 2);
}

#[test]
fn a_description_is_kept_in_the_layout_of_the_file() {
    let place = Place::new();
    let run = place.run(&create(&["--description", "ร้าน \"web\""]));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let file = place.read("tokens.json");
    assert!(file.contains("    ],\n      \"description\": \"ร้าน \\\"web\\\"\"\n    }\n"), "{file}");
    let fmt = place.run(&["fmt", "--check", "tokens.json"]);
    assert_eq!((fmt.status, fmt.all()), (0, String::new()));
    let strict = place.run(&["check", "--strict", "tokens.json"]);
    assert_eq!(strict.status, 0, "{}", strict.all());
}
