//! `check`: files in, findings out.

use serde_json::{Value, json};

use crate::support::{GOOD, Place, SHADOWED, finish};

const NOW: [&str; 2] = ["--now", "1800000000000"];

#[test]
fn every_problem_of_a_file_is_reported_at_once() {
    let place = Place::with(
        r#"{"tokens": [
  {"token": "apiv3_0XXXX-xxxXxXxxxXX_OxxxX...", "name": "a", "expiry_millis": "5", "permissions": ["db:x y:read", 7]},
  {"token": "$TOKEN", "name": "a", "expiry": 1, "permissions": [], "permissions": null},
  "no object"
], "create_databases": {}}"#,
    );
    let run = place.run(&["check", "--format", "json", "tokens.json"]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.codes(),
        [
            "placeholder-token",
            "wrong-type",
            "database-name",
            "wrong-type",
            "token-prefix",
            "duplicate-name",
            "unknown-member",
            "duplicate-member",
            "wrong-type",
            "not-an-object",
            "wrong-type",
        ]
    );
}

#[test]
fn a_place_is_exact_and_counted_in_characters() {
    let place = Place::with(format!(
        "{{\"create_databases\": [\"d3\"],\n\"tokens\": [{{\"token\": \"{GOOD}\",\n  \"name\": \"ไทย\", \
         \"permissions\": [\"\\u0064b:db3:read\"]}}]}}"
    ));
    let run = place.run(&["check", "--format", "json", "tokens.json"]);
    let found = &run.json()["files"][0]["diagnostics"][0];
    assert_eq!(found["code"], "undeclared-database");
    assert_eq!(found["rule"], "DB-05");
    assert_eq!(found["severity"], "warning");
    assert_eq!(found["pointer"], "/tokens/0/permissions/0");
    let place = ["line", "column", "end_line", "end_column"].map(|member| found[member].as_u64());
    assert_eq!(place, [Some(3), Some(43), Some(3), Some(46)]);
    assert_eq!(found["help"], "`d3` is declared: did you mean that?");
}

#[test]
fn the_json_of_a_clean_file_is_what_the_contract_says() {
    let place = Place::with(SHADOWED.replace("\"db:a:read\", ", ""));
    let run = finish(place.command(&["check", "--format", "json", "tokens.json"]).args(NOW));
    assert_eq!(run.status, 0);
    let expected = json!({
        "version": 1,
        "files": [{
            "path": "tokens.json", "kind": "permission", "loads": true, "tokens": 1, "diagnostics": [],
        }],
        "summary": {"errors": 0, "warnings": 0, "notes": 0},
    });
    assert_eq!(run.json(), expected);
    let human = finish(place.command(&["check", "tokens.json"]).args(NOW));
    assert_eq!(human.all(), "1 file, 1 token: nothing to report\n");
}

#[test]
fn of_several_files_all_are_read_and_the_highest_status_counts() {
    let place = Place::with(SHADOWED);
    place.write("broken.json", "{");
    let run =
        place.run(&["check", "--format", "json", "missing.json", "broken.json", "tokens.json"]);
    assert_eq!(run.status, 3);
    let json = run.json();
    let loads: Vec<_> = json["files"].as_array().unwrap().iter().map(|f| &f["loads"]).collect();
    assert_eq!(loads, [&json!(false), &json!(false), &json!(true)]);
    assert!(run.stderr.contains("missing.json: cannot open the file: No such file"));
    assert_eq!(place.run(&["check", "broken.json", "tokens.json"]).status, 1);
}

#[test]
fn standard_input_and_the_servers_variable_are_read() {
    let place = Place::with("{");
    let run = finish(place.command(&["check", "-"]).write_stdin(SHADOWED));
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("--> <stdin>:8:46"), "{}", run.stdout);
    let variable = "INFLUXDB3_PERMISSION_TOKENS_FILE";
    assert_eq!(finish(place.command(&["check"]).env(variable, "tokens.json")).status, 1);
    let neither = place.run(&["check"]);
    assert_eq!(neither.status, 2);
    assert!(neither.stderr.contains(variable));
}

#[test]
fn the_kind_is_told_and_may_be_asked_for() {
    let place = Place::with(SHADOWED);
    place.write("admin.json", format!(r#"{{"token": "{GOOD}", "name": "_admin"}}"#));
    place.write("other.json", "{}");
    place.write("array.json", "[]");
    for (file, kind, status) in [
        ("tokens.json", "permission", [0, 0, 1]),
        ("admin.json", "admin", [0, 1, 0]),
        ("other.json", "unknown", [1, 1, 1]),
        ("array.json", "unknown", [1, 1, 1]),
    ] {
        let run = place.run(&["check", "--format", "json", file]);
        assert_eq!(run.json()["files"][0]["kind"], kind);
        let asked = |kind| place.run(&["check", "--kind", kind, file]).status;
        assert_eq!([run.status, asked("permission"), asked("admin")], status, "{file}");
    }
    let wrong = place.run(&["check", "--kind", "admin", "tokens.json"]);
    assert!(wrong.stdout.contains("wrong-kind"), "{}", wrong.stdout);
}

#[test]
fn names_and_secrets_are_checked_across_both_files() {
    let place = Place::with(SHADOWED.replace("db:a:read", "db:*:create"));
    let admin = |secret: &str, name: &str| {
        place.write("admin.json", format!(r#"{{"token": "{secret}", "name": "{name}"}}"#));
        let args = ["check", "--format", "json", "--admin-token-file", "admin.json", "tokens.json"];
        finish(place.command(&args).args(NOW))
    };
    assert!(admin("apiv3_x8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "_admin").codes().is_empty());
    let shared = admin(GOOD, "app");
    assert_eq!(shared.codes(), ["duplicate-token", "name-taken", "open-operator-slot"]);
    assert_eq!(shared.status, 1);
    let broken = admin("x", "_admin");
    assert_eq!(broken.codes(), ["token-prefix"], "the admin token file is checked, too");
    let files = &broken.json()["files"];
    assert_eq!(files[1]["path"], "admin.json");
    let missing = place.run(&["check", "--admin-token-file", "missing.json", "tokens.json"]);
    assert_eq!(missing.status, 3);
}

#[test]
fn with_the_servers_databases_a_missing_one_is_an_error() {
    let document = format!(
        r#"{{"tokens": [{{"token": "{GOOD}", "name": "n", "permissions": ["db:x:read"]}}]}}"#
    );
    let place = Place::with(document);
    place.write("state.json", r#"{"databases": ["x"]}"#);
    place.write("bad.json", r#"{"databases": 5}"#);
    let codes = |args: &[&str]| {
        let run = finish(place.command(&["check", "--format", "json", "tokens.json"]).args(args));
        (run.status, run.codes())
    };
    assert_eq!(codes(&[]), (0, vec![]));
    assert_eq!(codes(&["--databases", "a,x"]), (0, vec![]));
    assert_eq!(codes(&["--databases", "a"]), (1, vec!["missing-database".to_owned()]));
    assert_eq!(codes(&["--state", "state.json"]), (0, vec![]));
    assert_eq!(place.run(&["check", "--state", "bad.json", "tokens.json"]).status, 3);
    assert_eq!(place.run(&["check", "--state", "none.json", "tokens.json"]).status, 3);
}

#[test]
fn the_moment_decides_what_has_expired() {
    let place = Place::with(SHADOWED);
    let codes = |args: &[&str]| {
        let args =
            [&["check", "--format", "json", "--allow", "shadowed-grant", "tokens.json"], args];
        place.run(&args.concat()).codes()
    };
    assert_eq!(codes(&["--now", "1900000000000"]), ["expired"]);
    assert_eq!(codes(&["--now", "2030-03-17T17:46:40Z"]), ["expired"]);
    assert!(codes(&["--now", "2030-03-17T17:46:39Z"]).is_empty());
    assert!(codes(&["--now", "2030-03-18T00:46:39+07:00"]).is_empty());
    assert_eq!(
        codes(&["--now", "2030-03-01T00:00:00Z", "--expiring-within", "30d"]),
        ["expires-soon"]
    );
}

#[test]
fn a_file_that_others_may_read_is_warned_about_unless_it_is_mounted() {
    let place = Place::with(SHADOWED.replace("\"db:a:read\", ", ""));
    place.set_mode("tokens.json", 0o644);
    let severities = |args: &[&str]| {
        let run = finish(place.command(&["check", "--format", "json", "tokens.json"]).args(args));
        (run.status, run.json()["files"][0]["diagnostics"][0]["severity"].clone())
    };
    assert_eq!(severities(&NOW), (0, json!("warning")));
    assert_eq!(severities(&[&NOW[..], &["--strict"]].concat()), (1, json!("warning")));
    assert_eq!(severities(&[&NOW[..], &["--strict", "--mounted"]].concat()), (0, json!("note")));
    std::fs::create_dir(place.path(".git")).expect("a work tree");
    assert_eq!(severities(&[&NOW[..], &["--strict"]].concat()), (0, json!("note")));
}

#[test]
fn human_output_stops_at_a_hundred_findings_and_counts_the_rest() {
    let permissions = vec!["\"x\""; 250].join(",");
    let place = Place::with(format!(
        r#"{{"tokens": [{{"token": "{GOOD}", "name": "n", "permissions": [{permissions}]}}]}}"#
    ));
    let run = place.run(&["check", "tokens.json"]);
    assert_eq!(run.stdout.matches("error[").count(), 100);
    assert!(run.stdout.contains("tokens.json: 150 findings more not shown"), "{}", run.stdout);
    assert!(run.stdout.ends_with("1 file, 1 token: 250 errors\n"));
}

#[test]
fn human_output_shows_the_errors_where_there_is_too_much() {
    let grants = |number| {
        let name = if number == 250 { 0 } else { number };
        format!(r#"{{"token": "{GOOD}{number}", "name": "n{name}", "permissions": ["db:x:read"]}}"#)
    };
    let tokens: Vec<String> = (0..300).map(grants).collect();
    let file = format!(r#"{{"create_databases": ["y"], "tokens": [{}]}}"#, tokens.join(","));
    let run = Place::with(file).run(&["check", "tokens.json"]);
    assert!(run.stdout.contains("error[duplicate-name]"), "{}", run.stdout);
    assert!(run.stdout.contains("201 findings more not shown"));
}

#[test]
fn color_is_for_terminals_alone() {
    let place = Place::with("{");
    for force in ["0", "1"] {
        let run = finish(place.command(&["check", "tokens.json"]).env("CLICOLOR_FORCE", force));
        assert!(!run.all().contains('\u{1b}'));
    }
    // util-linux's `script` runs a command on a terminal of its own.
    let on_terminal = |variables: &str| {
        let program = env!("CARGO_BIN_EXE_influxdb3-tokens");
        let command = format!("env {variables} {program} check tokens.json");
        let output = std::process::Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(place.path("."))
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .output()
            .expect("script runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(on_terminal("").contains("\u{1b}["));
    let plain = on_terminal("NO_COLOR=1");
    assert!(plain.contains("json-syntax") && !plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn a_reader_that_goes_away_changes_no_status() {
    let place = Place::with(SHADOWED);
    place.write("broken.json", "{");
    let program = env!("CARGO_BIN_EXE_influxdb3-tokens");
    for (command, status) in [
        ("check tokens.json", 0),
        ("check --format json tokens.json", 0),
        ("check broken.json tokens.json", 1),
        ("check --format json broken.json missing.json", 3),
        ("plan broken.json", 1),
        ("inspect tokens.json", 0),
        ("can app write db:a tokens.json", 1),
        ("explain", 0),
        ("--help", 0),
    ] {
        let script = format!("(sleep 0.1; {program} {command}; echo $? >status) | true");
        std::process::Command::new("sh")
            .args(["-c", &script])
            .current_dir(place.path("."))
            .status()
            .expect("a shell");
        assert_eq!(place.read("status"), format!("{status}\n"), "{command}");
    }
}

#[test]
fn standard_error_may_be_full_or_closed() {
    let place = Place::with("{");
    let program = env!("CARGO_BIN_EXE_influxdb3-tokens");
    for (command, status) in [
        ("inspect tokens.json", 3),
        ("can a read db:a tokens.json", 3),
        ("check missing.json", 3),
        ("check --nonsense", 2),
    ] {
        for redirection in ["2>/dev/full", "2>&-"] {
            let run = std::process::Command::new("sh")
                .args(["-c", &format!("{program} {command} {redirection}")])
                .current_dir(place.path("."))
                .output()
                .expect("a shell");
            assert_eq!(run.status.code(), Some(status), "{command} {redirection}");
        }
    }
}

#[test]
fn standard_input_can_be_named_once() {
    let place = Place::with(SHADOWED);
    for args in [
        &["check", "-", "-"][..],
        &["check", "--admin-token-file", "-", "-"],
        &["check", "--state", "-", "-"],
        &["plan", "--state", "-", "-"],
    ] {
        let run = place.run(args);
        assert_eq!(run.status, 2, "{args:?}");
        assert!(run.stderr.contains("once only"), "{}", run.stderr);
    }
}

#[test]
fn a_file_that_is_not_read_is_counted_as_such() {
    let place = Place::with(SHADOWED);
    let run = place.run(&["check", "--allow", "all", "missing.json", "tokens.json"]);
    assert!(run.stdout.ends_with("1 file, 1 token: 1 file not read\n"), "{}", run.stdout);
}

#[test]
fn names_that_are_no_databases_are_refused() {
    let place = Place::with(SHADOWED);
    for names in ["a, b", "a,,b", ""] {
        assert_eq!(place.run(&["check", "--databases", names, "tokens.json"]).status, 2, "{names}");
    }
    assert_eq!(place.run(&["check", "--databases", "a,_internal", "tokens.json"]).status, 0);
}

#[test]
fn a_state_that_is_not_understood_is_no_fresh_server() {
    let place = Place::with(SHADOWED);
    for state in ["", "[]", "{}", r#"{"database": ["a"]}"#, r#"{"databases": "a"}"#] {
        place.write("state.json", state);
        for command in ["check", "plan"] {
            let run = place.run(&[command, "--state", "state.json", "tokens.json"]);
            assert_eq!(run.status, 3, "{state}");
            assert!(
                run.stderr.contains("token_sha512"),
                "it shows what is expected: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn the_mistakes_of_published_files_are_found() {
    let file = |variable: &str| {
        format!(
            r#"{{"create_databases": ["{variable}"], "tokens": [{{"token": "$MY_TOKEN", "name": "app",
                "permissions": ["db:{variable}:read,write"]}}]}}"#
        )
    };
    for (document, codes, hint) in [
        (
            file("$MY_DATABASE"),
            vec!["database-name", "token-prefix", "database-name"],
            "shell variable that was not expanded",
        ),
        (
            file(""),
            vec!["database-name", "token-prefix", "permission-empty-element"],
            "a shell variable was not set",
        ),
        (
            r#"{"name": "_admin", "token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs", "expiry": null}"#
                .to_owned(),
            vec!["unknown-member"],
            "did you mean `expiry_millis`?",
        ),
        (
            r#"{"name": "admin", "token": "api3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs"}"#.to_owned(),
            vec!["open-operator-slot", "token-prefix"],
            "misspelled `apiv3_`",
        ),
        (
            r#"{"token": "6f6f", "description": "Admin"}"#.to_owned(),
            vec!["missing-member", "token-prefix"],
            "add a name",
        ),
    ] {
        let place = Place::with(&document);
        assert_eq!(place.run(&["check", "--format", "json", "tokens.json"]).codes(), codes);
        let human = place.run(&["check", "tokens.json"]).stdout;
        assert!(human.contains(hint), "{human}");
    }
}

#[test]
fn a_full_standard_output_is_a_failure() {
    let place = Place::with(SHADOWED);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(["check", "tokens.json"])
        .current_dir(place.path("."))
        .stdout(full)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"));
}

#[test]
fn files_of_any_shape_end_in_a_verdict() {
    let deep =
        format!("{{\"tokens\": [], \"_x\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    for (document, status) in [
        (Vec::new(), 1),
        (b"null".to_vec(), 1),
        (b"\xff\xfe{\0}\0".to_vec(), 1),
        (b"\xef\xbb\xbf{\"tokens\": []}".to_vec(), 1),
        ("{\"token\":\"apiv3_SECRET\"}".encode_utf16().flat_map(u16::to_le_bytes).collect(), 1),
        (b"[".repeat(1_000_000), 1),
        (deep.into_bytes(), 0),
        (vec![0; 100_000], 1),
        (
            b"{\"tokens\":[{\"token\":\"apiv3_\\ud800\",\"name\":\"n\",\"permissions\":[]}]}"
                .to_vec(),
            1,
        ),
    ] {
        let place = Place::with(&document);
        let run = place.run(&["check", "tokens.json"]);
        assert_eq!(run.status, status, "{}", run.all());
        assert!(!run.stdout.replace("\\u{0}", "").contains("SECRET"));
        let json: Value = place.run(&["check", "--format", "json", "tokens.json"]).json();
        assert_eq!(json["files"][0]["loads"], json!(status == 0));
    }
}

#[test]
fn a_directory_is_no_file() {
    let place = Place::new();
    let run = place.run(&["check", "."]);
    assert_eq!(run.status, 3);
    assert!(run.stderr.contains("no file named *.json in this directory"), "{}", run.stderr);
}
