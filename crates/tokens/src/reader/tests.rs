//! What the reader finds, and where.

use super::*;
use crate::{Context, Span, Timestamp, check};

/// Code, pointer and offending text of each error of a file.
fn errors(file: &str) -> Vec<(&'static str, String, &str)> {
    let found = read(file.as_bytes(), None).errors().to_vec();
    let found = found.into_iter().map(|error| {
        let place = error.place.expect("every error of the reader has a place");
        (error.code.name(), place.pointer, Span::slice(place.span, file))
    });
    found.collect()
}

/// A file with one token that has these members.
fn token(members: &str) -> String {
    format!(r#"{{"tokens": [{{{members}}}]}}"#)
}

#[test]
fn every_error_is_found_where_it_is() {
    const GOOD: &str = r#""token": "apiv3_x", "name": "n", "permissions": []"#;
    for (file, code, pointer, offending) in [
        ("".to_owned(), "json-syntax", "", ""),
        ("{\"tokens\": [],}".to_owned(), "json-syntax", "", "}"),
        ("{\"tokens\": []} x".to_owned(), "json-syntax", "", "x"),
        ("\u{feff}{\"tokens\": []}".to_owned(), "json-encoding", "", "\u{feff}"),
        ("\"\u{1}\"".to_owned(), "json-syntax", "", "\u{1}"),
        ("[\"\u{1}\"]".to_owned(), "json-syntax", "", "\u{1}"),
        ("{\"\u{1}\": 5}".to_owned(), "json-syntax", "", "\u{1}"),
        ("{\"x\": \"\u{1}\"}".to_owned(), "json-syntax", "", "\u{1}"),
        ("[]".to_owned(), "not-an-object", "", "[]"),
        ("\"x\"".to_owned(), "not-an-object", "", "x"),
        ("{}".to_owned(), "missing-member", "", "{"),
        ("{\"tokens\": null}".to_owned(), "wrong-type", "/tokens", "null"),
        ("{\"tokens\": [5]}".to_owned(), "not-an-object", "/tokens/0", "5"),
        ("{\"tokens\": [], \"tokens\": []}".to_owned(), "duplicate-member", "/tokens", "tokens"),
        ("{\"tokens\": [], \"\\ud800\": 1}".to_owned(), "json-syntax", "", "\\ud800"),
        (
            "{\"tokens\": [], \"create_databases\": \"a\"}".to_owned(),
            "wrong-type",
            "/create_databases",
            "a",
        ),
        (
            "{\"tokens\": [], \"create_databases\": [\"a\", 5]}".to_owned(),
            "wrong-type",
            "/create_databases/1",
            "5",
        ),
        (
            "{\"tokens\": [], \"create_databases\": [\"a\", \"\\u002d\"]}".to_owned(),
            "database-name",
            "/create_databases/1",
            "\\u002d",
        ),
        (token(&GOOD.replace("\"name\": \"n\", ", "")), "missing-member", "/tokens/0", "{"),
        (token(&GOOD.replace("\"n\"", "null")), "wrong-type", "/tokens/0/name", "null"),
        (token(&GOOD.replace("\"n\"", "\"\"")), "empty-name", "/tokens/0/name", ""),
        (token(&GOOD.replace("\"n\"", "\"a\\udc00\"")), "json-syntax", "/tokens/0/name", "\\udc00"),
        (token(&GOOD.replace("apiv3_x", "x")), "token-prefix", "/tokens/0/token", "x"),
        (
            token(&format!("{GOOD}, \"expiry_millis\": 1.0")),
            "wrong-type",
            "/tokens/0/expiry_millis",
            "1.0",
        ),
        (
            token(&format!("{GOOD}, \"expiry_millis\": 9223372036854775808")),
            "expiry-out-of-range",
            "/tokens/0/expiry_millis",
            "9223372036854775808",
        ),
        (
            token(&format!("{GOOD}, \"na\\u006de\": 1")),
            "duplicate-member",
            "/tokens/0/name",
            "na\\u006de",
        ),
        (
            token(&GOOD.replace("[]", "[\"db:a:read\", \"db\\u003aa,b*:read\"]")),
            "database-name",
            "/tokens/0/permissions/1",
            "b*",
        ),
        (token(&GOOD.replace("[]", "[null]")), "wrong-type", "/tokens/0/permissions/0", "null"),
    ] {
        let found = errors(&file);
        let first = found.iter().find(|(found, ..)| *found == code);
        assert_eq!(first, Some(&(code, pointer.to_owned(), offending)), "{file}: {found:?}");
    }
}

#[test]
fn one_wrong_member_never_hides_another() {
    let file = r#"{"create_databases": ["-", 1], "tokens": [
        {"token": 1, "name": 2, "expiry_millis": 3.5, "permissions": ["x", "db:*:nope", {}], "name": 4},
        null,
        {}
    ]}"#;
    let codes: Vec<&str> = errors(file).iter().map(|(code, ..)| *code).collect();
    let expected = [
        &["database-name", "wrong-type"][..],
        &["wrong-type", "wrong-type", "wrong-type", "permission-shape", "permission-action"],
        &["wrong-type", "duplicate-member", "wrong-type"],
        &["not-an-object"],
        &["missing-member", "missing-member", "missing-member"],
    ];
    assert_eq!(codes, expected.concat());
}

#[test]
fn the_first_error_is_of_the_outermost_layer() {
    let file = r#"{"create_databases": ["-"], "tokens": [{"token": "x", "name": "n"}]}"#;
    let reading = read(file.as_bytes(), None);
    let first = reading.first_error().map(|error| error.code.name());
    assert_eq!(first, Some("missing-member"));
}

#[test]
fn the_kind_is_known_by_the_members() {
    for (file, kind) in [
        (r#"{"tokens": []}"#, Some(Kind::Permission)),
        (r#"{"create_databases": 5, "token": "x"}"#, Some(Kind::Permission)),
        (r#"{"token": "apiv3_x", "name": "n"}"#, Some(Kind::Admin)),
        ("{}", None),
        ("[]", None),
        ("", None),
    ] {
        assert_eq!(read(file.as_bytes(), None).kind(), kind, "{file}");
    }
    let admin = read(br#"{"token": "apiv3_x", "name": "n"}"#, Some(Kind::Permission));
    assert_eq!(admin.kind(), Some(Kind::Admin));
    assert_eq!(admin.errors()[0].code.name(), "wrong-kind");
    assert!(admin.document().is_none() && admin.admin_token().is_none());
}

/// Strings are taken another way where a text holds an escape, be it elsewhere.
#[test]
fn an_escape_elsewhere_changes_nothing() {
    let permissions = r#"["db:*:read,write", "db:a,a:read", "system:ping:read", "db:a!:read"]"#;
    let file = format!(
        r#"{{"_x": [1], "create_databases": ["a", "b", "a"], "tokens": [
            {{"token": "apiv3_x", "name": "n", "expiry": 1, "expiry_millis": 5, "permissions": {permissions}}},
            {{"name": "n", "token": "apiv3_x", "expiry_millis": null, "permissions": ["db:c:create"]}}]}} "#
    );
    let escaped = file.replace("}]} ", "}], \"_\\u005f\": 0}");
    let found = |file: &str| check(&read(file.as_bytes(), None), &Context::at(Timestamp(0)));
    assert_eq!(found(&escaped), found(&file));
    assert!(found(&file).len() > 5, "there is something to compare: {:?}", found(&file));
}

#[test]
fn a_reading_shows_itself_without_the_text() {
    let reading = read(br#"{"token": "apiv3_x"}"#, Some(Kind::Permission));
    let errors = format!("{:?}", reading.errors());
    let expected = format!("Reading {{ bytes: 20, kind: Some(Admin), errors: {errors}, .. }}");
    assert_eq!(format!("{reading:?}"), expected);
}

#[test]
fn any_depth_is_passed_over() {
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let file = format!(r#"{{"x": {deep}, "tokens": [], "create_databases": [{deep}]}}"#);
    let reading = read(file.as_bytes(), None);
    let codes: Vec<&str> = reading.errors().iter().map(|error| error.code.name()).collect();
    assert_eq!(codes, ["wrong-type"]);
    assert!(!read(file.replace("]]", "]").as_bytes(), None).loads());
}

#[test]
fn a_document_is_taken_out_of_what_loads_alone() {
    let escaped = r#"{"create_databases": ["\u0061"], "tokens": [{"token": "apiv3_\u0078",
        "name": "\u006e", "expiry_millis": 5, "permissions": ["db:\u0061:read", "db:b:read"]}]}"#;
    let reading = read(escaped.as_bytes(), None);
    let document = reading.document().expect("it loads").into_owned();
    assert_eq!(reading.into_document().ok().map(Document::into_owned), Some(document));
    for file in [r#"{"token": "apiv3_x", "name": "n"}"#, r#"{"tokens": [{}]}"#, "[]"] {
        assert!(read(file.as_bytes(), None).into_document().is_err(), "{file}");
    }
}

#[test]
fn repeats_are_found_wherever_they_are_and_nothing_else_is() {
    let token = |number: usize, name: usize| {
        format!(r#"{{"token": "apiv3_{number}", "name": "n{name}", "permissions": []}}"#)
    };
    let tokens: Vec<String> = (0..300).map(|n| token(n % 297, n % 299)).collect();
    let file = format!(r#"{{"tokens": [{}]}}"#, tokens.join(","));
    let found: Vec<_> =
        errors(&file).into_iter().map(|(code, pointer, _)| (code, pointer)).collect();
    let expected = [
        ("duplicate-token", "/tokens/297/token".to_owned()),
        ("duplicate-token", "/tokens/298/token".to_owned()),
        ("duplicate-token", "/tokens/299/token".to_owned()),
        ("duplicate-name", "/tokens/299/name".to_owned()),
    ];
    assert_eq!(found, expected);
    // What is empty is refused for that alone.
    let token = r#"{"token": "", "name": "", "permissions": []}"#;
    let codes = |file: &str| errors(file).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
    let expected = ["token-prefix", "empty-name", "token-prefix", "empty-name"];
    assert_eq!(codes(&format!(r#"{{"tokens": [{token}, {token}]}}"#)), expected);
    // The same member twice in one token is no second token.
    let file = r#"{"tokens": [{"token": "apiv3_a", "name": "n", "name": "n", "permissions": []},
        {"token": "apiv3_b", "name": "m", "permissions": []}]}"#;
    assert_eq!(codes(file), ["duplicate-member"]);
}
