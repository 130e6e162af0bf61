//! What an edit does to the bytes of a file, and what it refuses to touch (FILE-01 to FILE-03).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::SystemTime;

use serde_json::Value;

use crate::platform::{Outcome, append, assert_refused};
use crate::support::{Place, SHADOWED};

/// Files as an append leaves them, with what it put in between « and ». `SECRET` is the new token.
const FILES: &[(&str, &str)] = &[
    (
        "one line",
        r#"{"tokens":[{"token":"apiv3_a","name":"a","permissions":["db:x:read","db:y:read"]}«,{"token":"SECRET","name":"new","permissions":["db:x:read"]}»]}"#,
    ),
    (
        "one line with spaces, no final newline, members in another order",
        r#"{ "x": null, "tokens": [ {"name": "a", "permissions": [], "token": "apiv3_a"}«, {"token": "SECRET", "name": "new", "permissions": ["db:x:read"]}» ], "y": [] }"#,
    ),
    (
        "tabs",
        "{\n\t\"tokens\": [\n\t\t{\n\t\t\t\"token\": \"apiv3_a\",\n\t\t\t\"name\": \"a\",\n\t\t\t\"permissions\": [\n\t\t\t\t\"db:*:read\"\n\t\t\t]\n\t\t}«,\n\t\t{\n\t\t\t\"token\": \"SECRET\",\n\t\t\t\"name\": \"new\",\n\t\t\t\"permissions\": [\n\t\t\t\t\"db:x:read\"\n\t\t\t]\n\t\t}»\n\t]\n}\n",
    ),
    (
        "CRLF",
        "{\r\n  \"tokens\": [\r\n    {\"token\": \"apiv3_a\", \"name\": \"a\", \"permissions\": []},\r\n    {\"token\": \"apiv3_b\", \"name\": \"b\", \"permissions\": []}«,\r\n    {\"token\": \"SECRET\", \"name\": \"new\", \"permissions\": [\"db:x:read\"]}»\r\n  ]\r\n}\r\n",
    ),
    (
        "unknown members, twice too, deep, and with numbers to the digit",
        r#"{"note": 1.0, "note": 1.00, "big": 9007199254740993123, "tiny": -0.0, "e": 1E+400, "deep": [{"tokens": [1]}],
 "tokens": [{"token": "apiv3_a", "name": "a", "expiry_millis": 9007199254740993, "permissions": [], "x": {"x": 1, "x": 2}, "x": 0.10}«, {"token": "SECRET", "name": "new", "permissions": ["db:x:read"]}»], "tokens2": [ ]}
"#,
    ),
    (
        "escapes",
        r#"{"t\u006fkens": [{"\u0074oken": "apiv3_\u0061", "n\u0061me": "\ud83d\ude00\/\u00e9", "permissions": ["db:\u0078:read"]}«, {"token": "SECRET", "name": "new", "permissions": ["db:x:read"]}»], "\u0000": "\b\f"}"#,
    ),
    (
        "names in other scripts",
        "{\"tokens\": [{\"token\": \"apiv3_a\", \"name\": \"ระบบ 監視 مراقبة e\u{301} 👩‍🚀\", \"permissions\": [], \"หมายเหตุ\": \"\u{202e}\"}«, {\"token\": \"SECRET\", \"name\": \"new\", \"permissions\": [\"db:x:read\"]}»]}",
    ),
    (
        "white space in odd places",
        "\n\n { \"tokens\"\t:\r[ { \"token\" :\"apiv3_a\" ,\"name\" :\"a\" ,\"permissions\" :[ ] }«,{ \"token\":\"SECRET\",\"name\":\"new\",\"permissions\":[\"db:x:read\"] }» ] }  \n\n\t",
    ),
    (
        "a null expiry and a null list of databases",
        r#"{"create_databases": null, "tokens": [{"token": "apiv3_a", "name": "a", "expiry_millis": null, "permissions": []}«, {"token": "SECRET", "name": "new", "permissions": ["db:x:read"]}»]}"#,
    ),
];

fn before(marked: &str) -> String {
    let (head, rest) = marked.split_once('«').expect("a mark");
    let (_, tail) = rest.split_once('»').expect("a mark");
    format!("{head}{tail}")
}

/// The text with the string that the program made, known by its length, written as `SECRET`.
fn without_secret(text: &str) -> String {
    let mut strings = text.split('"').filter(|part| part.starts_with("apiv3_") && part.len() == 92);
    let secret = strings.next().expect("a secret of the program's own making");
    assert_eq!(strings.next(), None, "and only one");
    text.replace(secret, "SECRET")
}

pub(crate) fn an_append_adds_one_token_and_keeps_every_other_byte() -> Outcome {
    for (what, marked) in FILES {
        let place = Place::with(before(marked));
        let run = place.run(&append("new"));
        assert_eq!(run.status, 0, "{what}: {}", run.all());
        let after = marked.replace(['«', '»'], "");
        assert_eq!(without_secret(&place.read("tokens.json")), after, "{what}");
    }
    Ok(())
}

pub(crate) fn removing_and_rotating_touch_their_token_alone() -> Outcome {
    for (what, marked) in FILES {
        let place = Place::with(before(marked));
        assert_eq!(place.run(&append("new")).status, 0, "{what}");
        let appended = place.read("tokens.json");

        let rotate = [
            "rotate",
            "new",
            "tokens.json",
            "--new-name",
            "ใหม่",
            "--expiry",
            "1s",
            "--now",
            "1000",
        ];
        let run = place.run(&rotate);
        assert_eq!(run.status, 0, "{what}: {}", run.all());
        let rotated = place.read("tokens.json");
        assert!(rotated != appended, "{what}");
        // Its string, its name and its expiry: nothing else.
        assert!(rotated.contains("2000"), "{what}");
        let as_before = without_secret(&rotated).replace("ใหม่", "new");
        let as_before = [
            ", \"expiry_millis\": 2000",
            ",\"expiry_millis\":2000",
            ",\n\t\t\t\"expiry_millis\": 2000",
        ]
        .iter()
        .fold(as_before, |text, member| text.replace(member, ""));
        assert_eq!(as_before, without_secret(&appended), "{what}");

        // Of a token that has an expiry now, nothing but string and name changes back.
        assert_eq!(place.run(&["rotate", "ใหม่", "tokens.json", "--new-name", "new"]).status, 0);
        let back = without_secret(&place.read("tokens.json"));
        assert_eq!(back, without_secret(&rotated).replace("\"ใหม่\"", "\"new\""), "{what}");

        let run = place.run(&["remove", "new", "tokens.json"]);
        assert_eq!(run.status, 0, "{what}: {}", run.all());
        assert_eq!(place.read("tokens.json"), before(marked), "{what}");
    }

    // The one who holds the new string in hand can tell it from the old by its fingerprint.
    let place = Place::with(SHADOWED);
    let run = place.run(&["rotate", "app", "tokens.json"]);
    let shown = place.run(&["inspect", "--format", "json", "tokens.json"]).json();
    let fingerprint = shown["tokens"][0]["fingerprint"].as_str().expect("a fingerprint");
    assert!(run.stdout.starts_with("rotated token `app` in tokens.json\n"), "{}", run.stdout);
    assert!(
        run.stdout.contains(&format!("  fingerprint {fingerprint}, before ")),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("  expires 2030-03-17T17:46:40Z (in "), "{}", run.stdout);
    assert_eq!(place.read("tokens.json").lines().count(), SHADOWED.lines().count());
    Ok(())
}

pub(crate) fn a_file_of_200_000_tokens_takes_one_more() -> Outcome {
    let token = |number: usize| {
        format!(
            r#"{{"token":"apiv3_{number}","name":"token {number}","permissions":["db:x:read"]}}"#
        )
    };
    let tokens: Vec<String> = (0..200_000).map(token).collect();
    let old = format!("{{\"create_databases\":[\"x\"],\"tokens\":[\n{}]}}\n", tokens.join(",\n"));
    let place = Place::with(&old);
    let run = place.run(&append("new"));
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.stdout.contains("the file now holds 200001 tokens"), "{}", run.stdout);
    let new = place.read("tokens.json");
    let (head, tail) = old.split_at(old.len() - "]}\n".len());
    let added =
        new.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail)).expect("the middle");
    let added = added.strip_prefix(",\n").expect("a comma");
    let token: Value = serde_json::from_str(added).expect("one token");
    assert_eq!((&token["name"], &token["permissions"][0]), (&"new".into(), &"db:x:read".into()));

    assert_eq!(place.run(&["remove", "token 100000", "tokens.json"]).status, 0);
    assert_eq!(place.run(&["remove", "new", "tokens.json"]).status, 0);
    let without = old.replacen(&format!("{},\n", tokens[100_000]), "", 1);
    assert!(place.read("tokens.json") == without, "two removals left something else");
    Ok(())
}

pub(crate) fn what_cannot_be_edited_stays_as_it_is() -> Outcome {
    const TOKEN: &str = r#"{"token": "apiv3_a", "name": "a", "permissions": []}"#;
    let tokens = |tokens: &str| format!("{{\"tokens\": [{tokens}]}}").into_bytes();
    let broken: Vec<(Vec<u8>, &str)> = vec![
        (b" ".to_vec(), "json-syntax"),
        (b"{".to_vec(), "json-syntax"),
        (b"{\"tokens\": [],}".to_vec(), "json-syntax"),
        (b"{\"tokens\": []} x".to_vec(), "json-syntax"),
        (b"{\"tokens\": [\"\xff\"]}".to_vec(), "json-encoding"),
        (b"\xef\xbb\xbf{\"tokens\": []}".to_vec(), "json-encoding"),
        (b"\0".to_vec(), "json-syntax"),
        (b"null".to_vec(), "not-an-object"),
        (b"[]".to_vec(), "not-an-object"),
        (b"{}".to_vec(), "missing-member"),
        (b"{\"create_databases\": []}".to_vec(), "missing-member"),
        (b"{\"tokens\": {}}".to_vec(), "wrong-type"),
        (b"{\"tokens\": [], \"tokens\": []}".to_vec(), "duplicate-member"),
        (b"{\"tokens\": [], \"create_databases\": [\"a b\"]}".to_vec(), "database-name"),
        (tokens(r#"{"token": "apiv3_a", "name": "", "permissions": []}"#), "empty-name"),
        (tokens(r#"{"token": "x", "name": "a", "permissions": []}"#), "token-prefix"),
        (
            tokens(r#"{"token": "apiv3_a", "name": "a", "permissions": ["db:x"]}"#),
            "permission-shape",
        ),
        (
            tokens(
                r#"{"token": "apiv3_a", "name": "a", "expiry_millis": 9223372036854775808, "permissions": []}"#,
            ),
            "expiry-out-of-range",
        ),
        (tokens(&format!("{TOKEN}, {}", TOKEN.replace("_a", "_b"))), "duplicate-name"),
        (tokens(&format!("{TOKEN}, {}", TOKEN.replace("\"a\"", "\"b\""))), "duplicate-token"),
        (br#"{"token": "apiv3_a", "name": "_admin"}"#.to_vec(), "admin token file"),
        (tokens(&TOKEN.replace("\"a\"", "\"new\"")), "a token named `new` is there already"),
        (tokens(&TOKEN.replace("\"a\"", r#""n\u0065w""#)), "a token named `new` is there already"),
    ];
    for (old, words) in broken {
        let place = Place::with(&old);
        place.set_mode("tokens.json", 0o644);
        let stat = || {
            let metadata = fs::metadata(place.path("tokens.json")).expect("there");
            let modified: SystemTime = metadata.modified().expect("a time");
            (metadata.ino(), metadata.mode(), modified)
        };
        let stat_before = stat();
        let shown = String::from_utf8_lossy(&old).into_owned();
        let run = place.run(&append("new"));
        assert_refused(&place, &run, &old, words);
        assert!(run.stderr.contains("nothing was written"), "{shown}: {}", run.stderr);
        if !words.contains("is there already") {
            for args in [["rotate", "a", "tokens.json"], ["remove", "a", "tokens.json"]] {
                assert_refused(&place, &place.run(&args), &old, words);
            }
        }
        assert_eq!(stat(), stat_before, "{shown}: not even touched");
    }

    let place = Place::with(SHADOWED);
    for (args, words) in [
        (vec!["remove", "App", "tokens.json"], "no token is named `App`; is it `app`?"),
        (vec!["rotate", "ก", "tokens.json"], "no token is named `ก`; nothing was written"),
        (vec!["remove", "", "tokens.json"], "no token is named ``; nothing was written"),
    ] {
        assert_refused(&place, &place.run(&args), SHADOWED.as_bytes(), words);
    }
    let two = format!(
        "{{\"tokens\": [{TOKEN}, {}]}}",
        TOKEN.replace("\"a\"", "\"b\"").replace("_a", "_b")
    );
    let place = Place::with(&two);
    let taken = place.run(&["rotate", "a", "tokens.json", "--new-name", "b"]);
    assert_refused(&place, &taken, two.as_bytes(), "a token named `b` is there already");
    for args in [["rotate", "a", "none.json"], ["remove", "a", "none.json"]] {
        let run = place.run(&args);
        assert_eq!(run.status, 3);
        assert_eq!(run.stderr, "error: none.json: there is no such file; nothing was written\n");
    }
    // An empty file counts as absent: to append to it makes it; there is nothing to remove from it.
    let place = Place::with("");
    assert_refused(&place, &place.run(&["remove", "a", "tokens.json"]), b"", "does not load");
    assert_eq!(place.run(&append("new")).status, 0);
    Ok(())
}

/// BOOT-02: the last line of each change of a file that is there says what it does not change.
pub(crate) fn every_change_ends_with_what_servers_do() -> Outcome {
    let place = Place::new();
    assert_eq!(place.run(&append("first")).stderr, "", "no server has read a new file");
    let note =
        "note: tokens.json: a server that has resource tokens already creates none of this file; ";
    for (args, way_out) in [
        (append("second"), "influxdb3 create token"),
        (vec!["rotate", "first", "tokens.json"], "influxdb3 delete token --token-name NAME"),
        (vec!["remove", "first", "tokens.json"], "influxdb3 delete token --token-name NAME"),
        (vec!["remove", "second", "tokens.json"], "influxdb3 delete token --token-name NAME"),
        (append("third"), "influxdb3 create token"),
    ] {
        let run = place.run(&args);
        assert_eq!(run.status, 0, "{}", run.all());
        let last = run.stderr.lines().last().unwrap_or_default();
        assert!(last.starts_with(note) && last.contains(way_out), "{args:?}: {}", run.stderr);
    }
    Ok(())
}
