//! `create token`: the vendor's commands, what they leave, and what is refused.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::support::{Place, SHADOWED, finish};

const APP: &[&str] = &[
    "create",
    "token",
    "--name",
    "app",
    "--permission",
    "db:sensors:read",
    "--offline",
    "--output-file",
    "tokens.json",
];

/// A command line as the vendor's documentation has it, without the program's name.
fn vendor(line: &str) -> Vec<&str> {
    line.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect()
}

#[test]
fn the_vendors_command_works_and_a_second_run_appends() {
    let place = Place::new();
    let first = place.run(&vendor(
        r#"create token --name "example-token" --permission "db:db1,db2:read,write"
           --permission "db:db3:read" --expiry 1d --offline
           --create-databases db1,db2,db3 --output-file tokens.json"#,
    ));
    assert_eq!(first.status, 0, "{}", first.stderr);
    let second = place.run(&vendor(
        "create token --name second --permissions system:*:read --offline --create-databases db3,db4 \
         --output-file tokens.json",
    ));
    assert_eq!(second.status, 0, "{}", second.stderr);
    assert!(second.stderr.contains("creates none of this file"), "{}", second.stderr);

    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    assert_eq!(file["create_databases"], json!(["db1", "db2", "db3", "db4"]));
    assert_eq!(file["tokens"][0]["permissions"], json!(["db:db1,db2:read,write", "db:db3:read"]));
    assert!(file["tokens"][0]["expiry_millis"].is_i64());
    assert_eq!(file["tokens"][1]["name"], "second");
    assert!(file["tokens"][1].get("expiry_millis").is_none());
    assert_eq!(place.mode("tokens.json"), 0o600);
    assert_eq!(place.names(), ["tokens.json"], "nothing else is left");
    assert_eq!(place.run(&["check", "--strict", "tokens.json"]).status, 0);
}

#[test]
fn the_connection_flags_of_the_vendor_are_ignored_with_a_note() {
    let place = Place::new();
    let run = finish(place.command(APP).args([
        "-H",
        "http://localhost:8181",
        "--token",
        "apiv3_hidden",
        "--tls-ca",
        "ca.pem",
        "--tls-no-verify",
    ]));
    assert_eq!(run.status, 0, "{}", run.stderr);
    for flag in ["--host", "--token", "--tls-ca", "--tls-no-verify"] {
        assert!(run.stderr.contains(&format!("`{flag}` is ignored")), "{}", run.stderr);
    }
    assert!(!run.all().contains("hidden"));
}

#[test]
fn the_secret_goes_to_the_file_alone_unless_json_is_asked_for() {
    let place = Place::new();
    let text = place.run(APP);
    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    let secret = file["tokens"][0]["token"].as_str().expect("a secret");
    assert_eq!(secret.len(), 92);
    assert!(!text.all().contains(&secret[6..20]), "{}", text.all());

    let run = place.run(&[
        "create",
        "token",
        "--name",
        "b",
        "--permission",
        "db:b:read,write",
        "--expiry",
        "1s",
        "--now",
        "1000",
        "--offline",
        "--output-file",
        "tokens.json",
        "--format",
        "json",
    ]);
    let json = run.json();
    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    assert_eq!(json["token"], file["tokens"][1]["token"]);
    assert_eq!(json["hash"].as_str().expect("a hash").len(), 128);
    assert_eq!(json["name"], "b");
    assert_eq!(json["expiry_millis"], 2000);
    assert_eq!(json["permissions"], json!(["db:b:read,write"]));
    assert_eq!(json["output_file"], "tokens.json");
}

#[test]
fn an_admin_token_file_is_made_once() {
    let place = Place::new();
    let admin = ["create", "token", "--admin", "--offline", "--output-file", "admin.json"];
    let run = finish(place.command(&admin).args(["--expiry", "1h", "--now", "1800000000000"]));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let file: Value = serde_json::from_str(&place.read("admin.json")).expect("JSON");
    assert_eq!(
        (&file["name"], &file["expiry_millis"]),
        (&json!("_admin"), &json!(1_800_003_600_000_i64))
    );
    assert_eq!(place.mode("admin.json"), 0o600);

    let before = place.read("admin.json");
    let again = place.run(&admin);
    assert_eq!(again.status, 3);
    assert!(again.stderr.contains("file-exists"), "{}", again.stderr);
    assert_eq!(place.read("admin.json"), before);

    symlink("nowhere", place.path("link")).expect("a link");
    let link = place.run(&["create", "token", "--admin", "--offline", "--output-file", "link"]);
    assert_eq!(link.status, 3, "a dangling link is something, too");
    assert!(!place.path("nowhere").exists());

    let named = place.run(&[
        "create",
        "token",
        "--admin",
        "--name",
        "ci",
        "--offline",
        "--output-file",
        "b",
    ]);
    assert!(named.stderr.contains("open-operator-slot"), "{}", named.stderr);
}

#[test]
fn flags_that_make_no_sense_are_usage_errors_and_write_nothing() {
    for (line, words) in [
        ("--name a --permission db:a:read --output-file f", "influxdb3 create token"),
        ("--name a --permission db:a:read --offline", "needs `--output-file"),
        ("--permission db:a:read --offline --output-file f", "--name"),
        ("--name a --offline --output-file f", "--permission"),
        ("--name a --permission db:a:read --offline --output-file -", "standard output"),
        ("--admin --regenerate --offline --output-file f", "--regenerate"),
        ("--admin --permission db:a:read --offline --output-file f", "cannot be used with"),
        ("--admin --create-databases a --offline --output-file f", "cannot be used with"),
        ("--name a --permission db:a:raed --offline --output-file f", "write `db:a:read`"),
        ("--name a --permission *:*:* --offline --output-file f", "admin token"),
        ("--name a --permission db:a:read --expiry 0s --offline --output-file f", "dead at birth"),
        ("--name a --permission db:a:read --expiry 10 --offline --output-file f", "30d"),
        ("--name a --permission db:a:read --expiry 300000000y --offline --output-file f", "64-bit"),
        (
            "--name a --permission db:a:read --expiry 18446744073709551615s1ms999ms --offline \
             --output-file f",
            "too large",
        ),
        (
            "--name a --permission db:a:read --create-databases a,,b --offline --output-file f",
            "empty",
        ),
        (
            "--name a --permission db:a:read --create-databases _internal --offline --output-file f",
            "begin",
        ),
        ("--name= --permission db:a:read --offline --output-file f", "empty"),
        ("--name a --permission db:a:read --offline --output-file f apiv3_hidden", "unexpected"),
    ] {
        let place = Place::new();
        let run = finish(place.command(&["create", "token"]).args(vendor(line)));
        assert_eq!(run.status, 2, "{line}: {}", run.all());
        assert!(run.stderr.contains(words), "{line}: {}", run.stderr);
        assert!(!run.all().contains("hidden"));
        assert!(place.names().is_empty(), "{line}");
    }
}

#[test]
fn a_file_that_cannot_be_appended_to_stays_as_it_is() {
    for (document, words) in [
        (r#"{"tokens": ["#, "json-syntax"),
        ("\u{feff}{\"tokens\": []}", "byte-order mark"),
        (r#"{"tokens": [{"token": "x", "name": "n", "permissions": []}]}"#, "token-prefix"),
        (
            r#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": []}]}"#,
            "`app` is there",
        ),
        (r#"{"token": "apiv3_x", "name": "_admin"}"#, "admin token file"),
        ("{}", "missing-member"),
        (" ", "empty"),
    ] {
        let place = Place::with(document);
        let run = place.run(APP);
        assert_eq!(run.status, 3, "{document}");
        assert!(run.stderr.contains(words), "{document}: {}", run.stderr);
        assert_eq!(place.read("tokens.json"), document);
        assert_eq!(place.names(), ["tokens.json"]);
    }
}

#[test]
fn an_empty_file_counts_as_absent() {
    let place = Place::with("");
    assert_eq!(place.run(APP).status, 0);
    assert_eq!(place.run(&["check", "--strict", "tokens.json"]).status, 0);
}

#[test]
fn an_append_keeps_every_byte_that_it_does_not_own() {
    let old = SHADOWED.replace("\"a\", \"b\"", "\"a\",\"b\"").replace("app", "old");
    let old = old.replace('\n', "\r\n");
    let old = old.replacen(
        '{',
        "{ \"_note\": [1.00, 1e999, \"\\u0e01\"], \"_note\":12345678901234567890,",
        1,
    );
    let place = Place::with(&old);
    let run = finish(place.command(APP).args(["--create-databases", "sensors"]));
    assert_eq!(run.status, 0, "{}", run.stderr);
    let new = place.read("tokens.json");
    let without = new.replace(",\"sensors\"", "");
    let start =
        without.find(",\r\n    {\r\n      \"token\"").expect("the new token on its own lines");
    let end = start + without[start..].find("    }").expect("its end") + "    }".len();
    assert_eq!(format!("{}{}", &without[..start], &without[end..]), old);
}

#[test]
fn the_mode_of_an_old_file_is_kept_or_narrowed() {
    for (old, new, words) in [
        (0o600, 0o600, None),
        (0o640, 0o640, Some("keeps its mode 0640")),
        (0o644, 0o600, Some("had mode 0644")),
        (0o666, 0o600, Some("had mode 0666")),
    ] {
        let place = Place::with("{\"tokens\": []}");
        place.set_mode("tokens.json", old);
        let run = place.run(APP);
        assert_eq!(run.status, 0);
        assert_eq!(place.mode("tokens.json"), new, "{old:o}");
        assert_eq!(words.is_some_and(|words| run.stderr.contains(words)), words.is_some());
    }
}

#[test]
fn links_and_what_is_no_file_are_not_written_to() {
    let place = Place::with("{\"tokens\": []}");
    symlink("tokens.json", place.path("link")).expect("a link");
    fs::hard_link(place.path("tokens.json"), place.path("hard")).expect("a hard link");
    fs::create_dir(place.path("directory")).expect("a directory");
    for (target, words) in [
        ("link", "writing follows none"),
        ("hard", "hard links"),
        ("directory", "a directory"),
        ("directory/", "a directory"),
        ("missing/tokens.json", "No such file"),
        ("/dev/null", "a device"),
    ] {
        let run = finish(place.command(&APP[..APP.len() - 1]).arg(target));
        assert_eq!(run.status, 3, "{target}: {}", run.all());
        assert!(run.stderr.contains(words) && run.stderr.contains(target), "{}", run.stderr);
    }
    assert_eq!(place.read("tokens.json"), "{\"tokens\": []}");
}

#[test]
fn what_the_checks_find_in_the_new_token_is_said_at_once() {
    let place = Place::with(SHADOWED);
    let run = place.run(&[
        "create",
        "token",
        "--name",
        "new",
        "--permission",
        "db:*:read,write",
        "--permission",
        "db:b,c:read",
        "--offline",
        "--output-file",
        "tokens.json",
    ]);
    assert_eq!(run.status, 0);
    let count = |code: &str| run.stderr.matches(code).count();
    assert_eq!(count("shadowed-grant"), 2, "of the new token, not of the old one: {}", run.stderr);
    assert_eq!(count("undeclared-database"), 1, "c: {}", run.stderr);
}

#[test]
fn a_token_that_is_made_but_not_reported_is_said_to_be_there() {
    let place = Place::new();
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(APP)
        .args(["--permission", "db:*:write"])
        .current_dir(place.path("."))
        .stdout(full())
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr.contains("tokens.json was written, but standard output could not be: "),
        "{stderr}"
    );
    assert!(stderr.contains("shadowed-grant"), "what is found is said first: {stderr}");
    assert!(place.read("tokens.json").contains("app"));
}

#[test]
fn leftovers_of_killed_writers_are_cleared_away_and_nothing_else() {
    let place = Place::with("{\"tokens\": []}");
    let digits = "0123456789abcdef0123456789abcdef";
    let [ours, others, link] = [
        format!(".tokens.json.{digits}.tmp"),
        format!(".other.json.{digits}.tmp"),
        format!(".tokens.json.{}.tmp", digits.replace('0', "f")),
    ];
    place.write(&ours, "half");
    place.write(&others, "half");
    symlink("tokens.json", place.path(&link)).expect("a link");
    assert_eq!(place.run(APP).status, 0);
    assert_eq!(place.names(), [others, link, "tokens.json".to_owned()]);
}

#[test]
fn a_name_in_any_script_is_kept() {
    for name in ["เซ็นเซอร์ 7", "日本", "a\"b\\c", "\u{1b}[31m"] {
        let place = Place::new();
        let run = finish(place.command(&APP[..2]).args(["--name", name]).args(&APP[4..]));
        assert_eq!(run.status, 0, "{}", run.stderr);
        assert!(!run.all().contains('\u{1b}'));
        let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
        assert_eq!(file["tokens"][0]["name"], name);
    }
}
