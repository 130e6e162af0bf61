//! The reader agrees with the yardstick: `serde_json::from_str` into derived structs.

use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use tokens::diagnostic::Layer;
use tokens::{Context, Timestamp};

use crate::files::{Edit, edit, tokens_file};

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read counts")]
struct File {
    #[serde(default)]
    create_databases: Option<Vec<String>>,
    tokens: Vec<Token>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only whether it can be read counts")]
struct Token {
    token: String,
    name: String,
    expiry_millis: Option<i64>,
    permissions: Vec<String>,
}

/// DOC-06: serde takes an array for a struct, the reference does not.
fn is_positional(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return true };
    let tokens = value.get("tokens").and_then(Value::as_array);
    value.is_array() || tokens.is_some_and(|tokens| tokens.iter().any(Value::is_array))
}

fn assert_agrees(bytes: &[u8]) -> Result<(), TestCaseError> {
    let reading = tokens::read(bytes, Some(tokens::Kind::Permission));
    let yardstick = std::str::from_utf8(bytes).map(serde_json::from_str::<File>);
    let readable = matches!(yardstick, Ok(Ok(_)));
    prop_assert!(readable || !reading.loads(), "loads what serde_json does not");
    let text = String::from_utf8_lossy(bytes);
    if readable && !is_positional(&text) {
        let outer = |layer| matches!(layer, Layer::Json | Layer::Schema);
        let refused = reading.errors().iter().find(|error| outer(error.code.layer()));
        prop_assert_eq!(refused, None, "refuses what serde_json takes");
    }
    for found in tokens::check(&reading, &Context::at(Timestamp(0))) {
        prop_assert!(found.code.rules().contains(&found.rule), "{} by {}", found.code, found.rule);
        let spans = found.place.iter().chain(found.related.iter().map(|related| &related.place));
        for span in spans.map(|place| place.span) {
            prop_assert!(reading.text().get(span.start..span.end).is_some(), "a place outside");
        }
    }
    Ok(())
}

fn edited(text: &str, edits: &[Edit]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| edit.apply(&text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_bytes_end_in_the_verdict_of_the_yardstick(bytes in vec(any::<u8>(), 0..200)) {
        assert_agrees(&bytes)?;
    }

    #[test]
    fn json_like_bytes_do_too(text in r#"([{}\[\],:"]|"tokens":|"token":|"apiv3_x"|\\u[0-9d][8c]00| |1|null){0,20}"#) {
        assert_agrees(text.as_bytes())?;
    }

    #[test]
    fn whole_files_do_too(file in tokens_file()) {
        prop_assert!(tokens::read(file.as_bytes(), None).loads());
        assert_agrees(file.as_bytes())?;
    }

    #[test]
    fn files_with_faults_do_too(file in tokens_file(), edits in vec(edit(), 1..4)) {
        assert_agrees(edited(&file, &edits).as_bytes())?;
    }
}

#[test]
fn the_cases_that_are_ours_to_decide_are_decided() {
    for (text, loads) in [
        ("\u{feff}{\"tokens\": []}", false),
        ("[[], null]", false),
        (r#"{"tokens": [["apiv3_x", "n", 5, []]]}"#, false),
        (r#"{"tokens": [{"token": "apiv3_x", "name": "", "permissions": []}]}"#, false),
        (r#"{"tokens": [], "create_databases": null}"#, true),
        (r#"{"tokens": [], "x": "\ud800", "y": {"\udc00": 1e999}}"#, true),
        (r#"{"tokens": [], "\ud800": 1}"#, false),
        (
            r#"{"tokens": [{"token": "apiv3_x", "name": "n", "expiry_millis": -0, "permissions": []}]}"#,
            false,
        ),
        (r#"{"tokens": [{"to\u006ben": "apiv3_x", "name": "n", "permissions": []}]}"#, true),
        (
            r#"{"tokens": [{"to\u006ben": "apiv3_x", "token": "apiv3_x", "name": "n", "permissions": []}]}"#,
            false,
        ),
    ] {
        assert_eq!(tokens::read(text.as_bytes(), None).loads(), loads, "{text}");
    }
}
