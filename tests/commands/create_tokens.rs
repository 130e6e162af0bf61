//! `create tokens --from`: the tokens of a list, all of them or none.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Place, Run};

const CSV: &str = "name,permissions,expiry,databases
dashboard,db:metrics:read,,metrics
\"ตาล, 2\",\"db:metrics,logs:read,write; system:ping:read\",30d,\"metrics,logs\"
";

const JSON_LINES: &str = r#"{"name": "dashboard", "permissions": ["db:metrics:read"], "databases": ["metrics"]}

{"name": "ตาล, 2", "permissions": ["db:metrics,logs:read,write", "system:ping:read"], "expiry": "30d", "databases": ["metrics", "logs"]}
"#;

/// Creates the tokens of a list, besides what is there.
fn create(place: &Place, list: &str, more: &[&str]) -> Run {
    fs::write(place.path("list"), list).expect("written");
    let args = ["create", "tokens", "--from", "list", "--offline", "--output-file", "tokens.json"];
    place.run(&[&args[..], &["--now", "2026-11-01T00:00:00Z"], more].concat())
}

/// The file but for the token strings.
fn file(place: &Place) -> Value {
    let mut file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    for token in file["tokens"].as_array_mut().expect("an array") {
        let secret = token["token"].take();
        assert_eq!(secret.as_str().expect("a string").len(), 92);
    }
    file
}

#[test]
fn a_list_is_csv_or_json_lines() {
    for list in [CSV, JSON_LINES, &format!("\u{feff}{}", CSV.replace('\n', "\r\n"))] {
        let place = Place::new();
        let run = create(&place, list, &[]);
        assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{list}");
        let told = "created 2 tokens in tokens.json\n  a first start creates metrics, logs\n";
        assert_eq!(run.stdout, told);
        let expected = json!({
            "create_databases": ["metrics", "logs"],
            "tokens": [
                {"token": null, "name": "dashboard", "permissions": ["db:metrics:read"]},
                {"token": null, "name": "ตาล, 2", "expiry_millis": 1_796_083_200_000_i64,
                 "permissions": ["db:metrics,logs:read,write", "system:ping:read"]},
            ],
        });
        assert_eq!(file(&place), expected, "{list}");
        assert_eq!(place.mode("tokens.json"), 0o600);
    }
}

#[test]
fn a_list_is_appended_in_one_step_or_not_at_all() {
    let place = Place::new();
    assert_eq!(create(&place, CSV, &[]).status, 0);
    let before = place.read("tokens.json");
    let more = "name,permissions\nnew,db:metrics:read\n";
    let run = create(&place, &format!("{more}dashboard,db:metrics:read\n"), &[]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("a token named `dashboard` is there already"), "{}", run.stderr);
    assert_eq!(place.read("tokens.json"), before);

    let run = create(&place, more, &[]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "appended 1 token in tokens.json\n  the file now holds 3 tokens\n");
    assert!(run.stderr.contains("creates none of this file"), "{}", run.stderr);
    let head = before.split("    }\n  ]").next().expect("a head");
    assert!(place.read("tokens.json").starts_with(head), "what was there stays");
}

#[test]
fn every_mistake_of_a_list_is_said_with_its_line() {
    let many: String = (0..30).map(|n| format!("x{n},db:a:raed\n")).collect();
    for (list, said) in [
        ("", &["there is no token in it"][..]),
        ("\n \n", &["there is no token in it"]),
        ("name,permissions\n", &["there is no token in it"]),
        ("name,expires\n", &["line 1: there is no column `expires`; there are name, permissions"]),
        ("name\nx\n", &["line 1: it has to name the columns `name` and `permissions`"]),
        (
            "name,permissions,expiry,databases\na,db:x:raed,10q,-d\n\n,db:x:read,,\nb,,,\na,db:x:read,,\na,db:x:read,,\n",
            &[
                "line 2: `raed` in `db:x:raed` is not an action of `db`; write `db:x:read`",
                "line 2: not a duration",
                "line 2: `-d` is not a database name",
                "line 4: a token's name is empty",
                "line 5: the token has no permission",
                "line 6: line 2 has the name `a` already",
                "line 7: line 2 has the name `a` already",
            ],
        ),
        (
            "name,permissions\na,db:x:read,write\n",
            &["line 2: the line has 3 fields, and the first line has 2: quote"],
        ),
        (
            "{\"name\": \"a\"}\n{\"name\": 5}\n{\"x\": 1}\n{",
            &[
                "line 1: missing field `permissions`",
                "line 2: `name` and `expiry` are strings",
                "line 3: there is no member `x`; there are name, permissions",
                "line 4: EOF while parsing an object",
            ],
        ),
        (
            "Name, Permissions\n,\n   \na,db:x:read\n a,db:x:read\n",
            &["line 5: white space is around the name ` a`"],
        ),
        ("name,name,permissions\n", &["line 1: the column `name` stands twice"]),
        ("name;permissions\n", &["line 1: there is no column `name;permissions`", "stand commas"]),
        ("[{\"name\": \"a\"}]", &["one JSON object on each line, without brackets"]),
        (
            "name,permissions,expiry\na,db:x:read,never\nb,db:x:read,292277026y\nc,db:x:raed,\nc,db:x:read,\n",
            &[
                "line 2: not a duration",
                "leave it empty for a token that never expires",
                "line 3: the end does not fit",
                "line 5: line 4 has the name `c` already",
            ],
        ),
        (
            "{\"name\": \"a\", \"permissions\": [\"db:x:read\"], \"expiry\": \"\", \"databases\": null}\n[\"b\", [\"db:x:read\"]]\n",
            &["line 2: each line holds one JSON object"],
        ),
        (&format!("name,permissions\n{many}"), &["line 21: ", "and 10 more"]),
    ] {
        let place = Place::new();
        let run = create(&place, list, &[]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{list}");
        for line in said {
            assert!(run.stderr.contains(line), "{list}: {line} is not in {}", run.stderr);
        }
        assert_eq!(place.names(), ["list"], "nothing is written");
    }
}

#[test]
fn what_is_wrong_is_shown_harmless_and_masked() {
    let long = "x".repeat(100_000);
    for list in [
        "name,permissions\na,db:apiv3_hidden:raed\n\u{1b}[31m,x\n",
        // A tokens file that was given by mistake: what stands there may be a secret.
        "{\"tokens\":\n[{\"token\":\n\"hidden\",\n\"name\":\"x\"}]}",
        "{\"name\": \"a\", \"permissions\": \"hidden at line 3 of \u{1b}\"}",
        &format!("{{\"name\": \"a\", \"{long}\": 1}}"),
        &format!("name,permissions\na,{long}\n"),
    ] {
        let run = create(&Place::new(), list, &[]);
        assert_eq!(run.status, 2, "{list}");
        let said = run.stderr;
        assert!(
            !said.contains("hidden") && !said.contains('\u{1b}') && said.len() < 2_000,
            "{said}"
        );
    }
}

#[test]
fn a_list_that_is_no_text_or_not_there_is_refused() {
    let place = Place::new();
    fs::write(place.path("list"), b"name,permissions\na,db:a:read\n\xff").expect("written");
    let args = ["create", "tokens", "--offline", "--output-file", "tokens.json", "--from"];
    let run = place.run(&[&args[..], &["list"]].concat());
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("line 3: the list is not UTF-8"), "{}", run.stderr);
    assert_eq!(place.run(&[&args[..], &["none"]].concat()).status, 3);
    let without = ["create", "tokens", "--from", "list"];
    for (more, said) in [
        (&[][..], "--offline --output-file"),
        (&["--offline"], "needs `--output-file FILE`"),
        (&["--offline", "--output-file", "-"], "not to standard output"),
    ] {
        let run = place.run(&[&without[..], more].concat());
        assert_eq!(run.status, 2, "{more:?}");
        assert!(run.stderr.contains(said), "{more:?}: {}", run.stderr);
    }
}

#[test]
fn json_hands_out_each_token_on_a_line_of_its_own() {
    let place = Place::new();
    let run = create(&place, CSV, &["--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let told: Vec<Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    assert_eq!(told.len(), 2);
    for (told, token) in told.iter().zip(file["tokens"].as_array().expect("an array")) {
        assert_eq!((&told["token"], &told["name"]), (&token["token"], &token["name"]));
        assert_eq!(told["hash"].as_str().map(str::len), Some(128));
    }
}

#[test]
fn warnings_about_the_new_tokens_name_them_and_are_counted() {
    for (count, lines, last) in [
        (3, 3, "tokens.json: `t2`: the database `sensor` is not declared"),
        (102, 101, "2 findings more: `influxdb3-tokens check` shows them"),
        (10_001, 1, "so many tokens are not looked at one by one: `influxdb3-tokens check` does"),
    ] {
        let rows: String = (0..count).map(|n| format!("t{n},db:sensor:read,sensors\n")).collect();
        let run = create(&Place::new(), &format!("name,permissions,databases\n{rows}"), &[]);
        assert_eq!((run.status, run.stderr.lines().count()), (0, lines), "{}", run.stderr);
        assert!(
            run.stderr.lines().last().is_some_and(|line| line.contains(last)),
            "{}",
            run.stderr
        );
    }
}
