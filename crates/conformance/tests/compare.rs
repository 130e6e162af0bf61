//! Which differences count, and how much.

#![allow(clippy::expect_used)]

use conformance::compare::{Match, Strictness, compare, is_for_the_reference};
use conformance::protocol::{Answer, Op, Reject, Value};
use conformance::vector::{Case, Level};
use serde_json::{Value as Json, json};

fn case(op: Op, request: Json, expect: Json) -> Case {
    let case = json!({
        "id": "a/b", "rule": ["PERM-01"], "level": "must", "description": "d", "source": "s",
        "op": op, "request": request, "expect": expect,
    });
    serde_json::from_str(&case.to_string()).expect("a case")
}

fn accepts(op: Op, value: &Json) -> Answer {
    Answer::Accept(Value::parse(op, &value.to_string()).expect("a value"))
}

/// `same`, or the level at which the answer differs.
fn outcome(case: &Case, answer: &Answer, strictness: Strictness) -> &'static str {
    match compare(case, answer, strictness) {
        Match::Same => "same",
        Match::Different(_, Level::Must) => "must",
        Match::Different(_, Level::Should) => "should",
        Match::Unsupported(_) => "unsupported",
    }
}

#[test]
fn the_order_of_names_is_a_choice_and_that_of_actions_is_not() {
    let value = |names: &[&str], actions: &[&str]| json!({"resource_type": "db", "resource_names": names, "actions": actions});
    let expected = json!({"outcome": "accept", "value": value(&["b", "a"], &["read", "write"])});
    let case = case(Op::Permission, json!({"text": "db:b,a:read,write"}), expected);
    for (names, actions, expected) in [
        (vec!["b", "a"], vec!["read", "write"], "same"),
        (vec!["a", "b"], vec!["read", "write"], "should"),
        (vec!["b", "a"], vec!["write", "read"], "must"),
        (vec!["a", "b"], vec!["write", "read"], "must"),
        (vec!["b", "a", "b"], vec!["read", "write"], "must"),
        (vec!["b"], vec!["read", "write"], "must"),
    ] {
        let answer = accepts(Op::Permission, &value(&names, &actions));
        assert_eq!(outcome(&case, &answer, Strictness::PLAIN), expected, "{names:?} {actions:?}");
    }
    let reject = Answer::Reject(Reject::default());
    assert_eq!(outcome(&case, &reject, Strictness::PLAIN), "must");
    let unsupported = Answer::Unsupported("no".to_owned());
    assert_eq!(outcome(&case, &unsupported, Strictness::PLAIN), "unsupported");
}

#[test]
fn layers_and_codes_count_where_they_are_asked_for() {
    let expected = json!({"outcome": "reject", "layer": "grammar", "code": "permission-shape"});
    let case = case(Op::Permission, json!({"text": "x"}), expected);
    let layers = Strictness { layers: true, ..Strictness::PLAIN };
    let codes = Strictness { codes: true, ..Strictness::PLAIN };
    for (layer, code, in_plain, in_layers, in_codes) in [
        (Some("grammar"), Some("permission-shape"), "same", "same", "same"),
        (Some("schema"), Some("permission-shape"), "same", "must", "same"),
        (Some("grammar"), Some("permission-action"), "same", "same", "must"),
        (None, None, "same", "must", "must"),
    ] {
        let text = |text: Option<&str>| text.map(str::to_owned);
        let answer = Answer::Reject(Reject { layer: text(layer), code: text(code), message: None });
        assert_eq!(outcome(&case, &answer, Strictness::PLAIN), in_plain);
        assert_eq!(outcome(&case, &answer, layers), in_layers, "{layer:?}");
        assert_eq!(outcome(&case, &answer, codes), in_codes, "{code:?}");
    }
}

#[test]
fn what_is_left_open_is_open_to_all_but_the_reference() {
    let reference = json!({"outcome": "reject", "layer": "grammar", "code": "permission-shape"});
    let expected = json!({"outcome": "either", "reason": "r", "reference": reference});
    let case = case(Op::Permission, json!({"text": "x"}), expected);
    let value = json!({"resource_type": "db", "resource_names": ["a"], "actions": ["read"]});
    let answer = accepts(Op::Permission, &value);
    assert_eq!(outcome(&case, &answer, Strictness::PLAIN), "same");
    assert_eq!(outcome(&case, &answer, Strictness::REFERENCE), "must");
}

#[test]
fn warnings_are_demanded_and_forbidden_but_heuristics_only_of_the_reference() {
    let value =
        |warnings: Json| json!({"create_databases": [], "tokens": [], "warnings": warnings});
    let request = json!({"document": {"text": "{}"}});
    let demand = |member: &str, code: &str| {
        let mut expected = json!({"outcome": "accept", "value": value(Json::Null)});
        if let Some(object) = expected.as_object_mut() {
            object.insert(member.to_owned(), json!([code]));
        }
        case(Op::Load, request.clone(), expected)
    };
    let none = accepts(Op::Load, &value(json!([])));
    let both = accepts(Op::Load, &value(json!(["expired", "weak-token", "no-tokens"])));
    for (member, code, plain_none, plain_both, own_none, own_both) in [
        ("must_warn", "expired", "must", "same", "must", "same"),
        ("must_not_warn", "expired", "same", "must", "same", "must"),
        // That one is this project's own.
        ("must_warn", "no-tokens", "should", "same", "should", "same"),
        ("must_not_warn", "no-tokens", "same", "should", "same", "should"),
        ("must_warn", "weak-token", "same", "same", "must", "same"),
        ("must_not_warn", "weak-token", "same", "same", "same", "must"),
    ] {
        let case = demand(member, code);
        assert_eq!(outcome(&case, &none, Strictness::PLAIN), plain_none, "{member} {code}");
        assert_eq!(outcome(&case, &both, Strictness::PLAIN), plain_both, "{member} {code}");
        assert_eq!(outcome(&case, &none, Strictness::REFERENCE), own_none, "{member} {code}");
        assert_eq!(outcome(&case, &both, Strictness::REFERENCE), own_both, "{member} {code}");
        assert_eq!(is_for_the_reference(&case), code == "weak-token");
    }
}

#[test]
fn a_file_that_was_appended_to_is_compared_by_what_it_says() {
    let old = r#"{"x": 1.50, "tokens": [{"name": "a", "token": "apiv3_a", "permissions": []}], "y": "\u0062"}"#;
    let new = r#"{"x": 1.50, "tokens": [{"name": "a", "token": "apiv3_a", "permissions": []},
        {"token": "apiv3_n", "name": "n", "permissions": []}], "y": "b", "create_databases": ["d", "e"]}"#;
    let value = |text: &str| json!({"document": {"text": text}});
    let request = json!({
        "document": {"text": old},
        "token": {"token": "apiv3_n", "name": "n", "permissions": []},
        "create_databases": ["d", "e"],
    });
    let case = case(Op::Append, request, json!({"outcome": "accept", "value": value(new)}));
    let databases = r#", "create_databases": ["d", "e"]"#;
    for (text, expected) in [
        (new.to_owned(), "same"),
        (new.replace([' ', '\n'], ""), "same"),
        (new.replace("\"b\"", "\"\\u0062\""), "same"),
        // New members may stand in any order, and the new list anywhere.
        (
            new.replace(r#""token": "apiv3_n", "name": "n""#, r#""name": "n", "token": "apiv3_n""#),
            "same",
        ),
        (new.replace(r#""name": "n""#, r#""name": "n", "expiry_millis": null"#), "same"),
        (
            new.replace(databases, "").replacen('{', r#"{"create_databases": ["d", "e"], "#, 1),
            "same",
        ),
        // The order of old ones is this project's choice, what they say is not.
        (
            new.replace(r#""name": "a", "token": "apiv3_a""#, r#""token": "apiv3_a", "name": "a""#),
            "should",
        ),
        (
            new.replace(r#""x": 1.50, "#, "").replacen(", \"y\"", ", \"x\": 1.50, \"y\"", 1),
            "should",
        ),
        (new.replace("1.50", "1.5"), "must"),
        (new.replace(r#""x": 1.50, "#, ""), "must"),
        (new.replace("\"b\"", "\"c\""), "must"),
        (new.replace(r#""name": "n""#, r#""name": "m""#), "must"),
        (new.replace(r#""name": "n""#, r#""name": "n", "z": 1"#), "must"),
        (new.replace(r#"["d", "e"]"#, r#"["d"]"#), "must"),
        (new.replace(databases, ""), "must"),
        ("{}".to_owned(), "must"),
        ("nonsense".to_owned(), "must"),
    ] {
        let answer = accepts(Op::Append, &value(&text));
        assert_eq!(outcome(&case, &answer, Strictness::PLAIN), expected, "{text}");
    }
}
