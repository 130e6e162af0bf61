//! No secret of any document, valid or broken, appears in any output (GEN-07).

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use tokens::access::Grants;
use tokens::plan::{State, plan};

/// A document with secrets wherever they may stand, all of them beginning with `SECRET`.
fn document() -> impl Strategy<Value = String> {
    let secret = "SECRET[A-Za-z0-9]{8}";
    let key = select(vec!["token", "to\\u006ben", "Token", "admin_token"]);
    let value = prop_oneof![
        secret.prop_map(|secret| format!("\"apiv3_{secret}\"")),
        secret.prop_map(|secret| format!("\"{secret}\"")),
        secret.prop_map(|secret| format!("\"{secret}\\\"{secret} {secret}\"")),
        secret.prop_map(|secret| format!("\"apiv3\\u005f{secret}\"")),
        secret.prop_map(|secret| format!("[\"{secret}\", {{\"x\": \"{secret}\"}}]")),
    ];
    let elsewhere = secret.prop_map(|secret| format!("apiv3_{secret}"));
    let token = (key, value, elsewhere, any::<bool>()).prop_map(|(key, value, name, line)| {
        let space = if line { "\n" } else { " " };
        format!(
            "{{\"{key}\":{space}{value},{space}\"name\": \"{name}\", \"x{name}\": 1,{space}\
             \"permissions\": [\"db:{name}:read\", \"{name}\", \"db:*:x{name}\", \"db:{name}:read\"]}}"
        )
    });
    let file = (vec(token.clone(), 1..3), any::<bool>()).prop_map(|(tokens, line)| {
        let newline = if line { "\n" } else { "" };
        let tokens = tokens.join(&format!(",{newline}"));
        format!(
            "{{\"create_databases\": [\"apiv3_SECRETdatabase\"],{newline} \"tokens\": [{tokens}]}}"
        )
    });
    prop_oneof![4 => file, 1 => token]
}

/// Breaks the JSON: cut off, or with something lost or put in at one of its signs or line ends.
fn broken(text: &str, at: Index, way: u8) -> String {
    let signs: Vec<usize> =
        text.match_indices(['"', ':', ',', '{', '}', '[', ']']).map(|(at, _)| at).collect();
    let at = signs[at.index(signs.len())];
    // A string in an array that lost its bracket stands behind no key any more: nobody can know it.
    let listed = text.contains("[\"SECRET") && !matches!(way, 0 | 1);
    match if listed { 0 } else { way } {
        0 => text.to_owned(),
        1 => text[..at].to_owned(),
        2 => format!("{}{}", &text[..at], &text[at + 1..]),
        3 => format!("{}\n{}", &text[..at], &text[at..]),
        4 => format!("{}\"{}", &text[..at], &text[at..]),
        _ => text.replacen("\": ", "\" = ", 1),
    }
}

fn output(args: &[&str], document: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("a pipe").write_all(document.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.code().is_some_and(|code| code < 4), "{:?}", output.status);
    String::from_utf8(output.stdout).expect("UTF-8")
        + &String::from_utf8(output.stderr).expect("UTF-8")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_output_shows_a_secret(document in document(), at in any::<Index>(), way in 0..6_u8) {
        let text = broken(&document, at, way);
        for args in [
            &["plan", "-"][..],
            &["check", "-"],
            &["check", "--format", "json", "-"],
            &["inspect", "-"],
            &["inspect", "--format", "json", "-"],
            &["plan", "--format", "json", "-"],
            &["can", "n", "read", "db:a", "-"],
        ] {
            let shown = output(args, &text);
            prop_assert!(!shown.contains("SECRET"), "{args:?} of\n{text}\nshows\n{shown}");
        }
        let reading = tokens::read(text.as_bytes(), None);
        let document = reading.document();
        let planned = document.as_ref().map(|document| plan(document, &State::default()));
        let tokens = document.iter().flat_map(|document| document.tokens());
        let grants: Vec<String> = tokens
            .flat_map(|token| {
                let grants = Grants::of(token.permissions.iter().enumerate());
                grants.iter().map(|grant| format!("{grant:?}")).collect::<Vec<_>>()
            })
            .collect();
        let state = State::from_json(text.as_bytes());
        let admin = reading.admin_token();
        let debug = format!("{reading:?} {document:?} {admin:?} {planned:?} {grants:?} {state:?}");
        prop_assert!(!debug.contains("SECRET"), "{debug}");
    }
}
