//! Documents: every JSON type in every member's place, every member missing, white space anywhere.

use serde_json::{Value, json};
use sha2::{Digest, Sha512};
use testkit::generate::{Databases, Document, Expiry, Grant, Json, Spelling, TokenModel};
use testkit::json::tokens;
use testkit::words::{EXPIRIES_OUT_OF_RANGE, EXPIRIES_SPELLED_WRONG, TYPES, wrong_types};

use super::{Family, accept, file, reject};
use crate::protocol::Op;
use crate::vector::{Case, File, Level};

/// A token that no warning is about.
pub(super) const TOKEN: &str = "apiv3_Vn4Qy8Ls2Jd6Wb0Tk5Xf9RgC";

fn family(rule: &'static str) -> Family {
    Family { rule, level: Level::Must, source: "observed: server 3.10", op: Op::Load }
}

pub(super) fn families() -> Vec<File> {
    vec![
        file("tok-08-types", "Every JSON type in every member's place", types()),
        file("doc-06-missing", "Every required member missing", missing()),
        file("doc-03-white-space", "White space between any two tokens of the text", white_space()),
        file("doc-01-cuts", "A file cut short anywhere", cuts()),
        file("tok-08-numbers", "Spellings of expiries", numbers()),
    ]
}

/// The SHA-512 of a token's whole string, in hex (GEN-01).
pub(crate) fn sha512(token: &str) -> String {
    let mut hex = String::with_capacity(128);
    for byte in Sha512::digest(token.as_bytes()) {
        let digits = [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16));
        hex.extend(digits.into_iter().flatten());
    }
    hex
}

pub(super) fn token_value(name: &str, token: &str, expiry: &Value, permissions: &Value) -> Value {
    json!({
        "name": name,
        "token_sha512": sha512(token),
        "expiry_millis": expiry,
        "permissions": permissions,
    })
}

/// A document with all that is in a document.
fn good() -> Document {
    Document {
        databases: Databases::Listed(vec!["plant7".to_owned()]),
        tokens: vec![TokenModel {
            expiry: Expiry::At(1_900_000_000_000),
            ..token(vec![Grant::on(&["plant7"], &["read"])])
        }],
        unknown: Vec::new(),
        order: Vec::new(),
    }
}

/// A token without an expiry.
pub(super) fn token(permissions: Vec<Grant>) -> TokenModel {
    TokenModel {
        secret: TOKEN.to_owned(),
        name: "app".to_owned(),
        expiry: Expiry::Absent,
        permissions,
        unknown: Vec::new(),
        order: Vec::new(),
    }
}

/// The text of a tree, without any white space.
pub(super) fn text(tree: &Json) -> String {
    Spelling::default().text(tree)
}

/// The good document with another value, as it is spelled, where a JSON Pointer points.
fn with(pointer: &str, value: &str) -> String {
    let mut tree = good().json();
    if let Some(old) = tree.pointed_at(pointer) {
        *old = Json::raw(value);
    }
    text(&tree)
}

fn request(text: &str) -> Value {
    json!({"document": {"text": text}})
}

fn good_value(expiry: &Value) -> Value {
    let permission = super::permission_value("db", &["plant7"], &["read"]);
    let token = token_value("app", TOKEN, expiry, &json!([permission]));
    json!({"create_databases": ["plant7"], "tokens": [token]})
}

/// A member, its rule, and where it stands.
const SLOTS: [(&str, &str, &str); 8] = [
    ("create_databases", "DOC-08", "/create_databases"),
    ("database", "DOC-08", "/create_databases/0"),
    ("tokens", "DOC-06", "/tokens"),
    ("token", "TOK-01", "/tokens/0/token"),
    ("name", "TOK-05", "/tokens/0/name"),
    ("expiry_millis", "TOK-08", "/tokens/0/expiry_millis"),
    ("permissions", "TOK-10", "/tokens/0/permissions"),
    ("permission", "TOK-10", "/tokens/0/permissions/0"),
];

fn types() -> Vec<Case> {
    let case = |member: &str, rule, pointer, (name, value): (&str, &str), code| {
        let member = member.replace('_', "-");
        family(rule).case(
            &format!("{member}-{name}"),
            &format!("{value} in the place of {member}"),
            &request(&with(pointer, value)),
            reject("schema", code),
        )
    };
    // What may stand there is for others to judge, and so is an array for an object.
    let is_element = |(name, _): &(&str, &str)| !matches!(*name, "object" | "array");
    let elements = TYPES.into_iter().filter(is_element);
    let mut cases: Vec<Case> = Vec::new();
    for (member, rule, pointer) in SLOTS {
        cases.extend(
            wrong_types(member).map(|wrong| case(member, rule, pointer, wrong, "wrong-type")),
        );
        if member == "tokens" {
            let element = |wrong| case("element", "DOC-06", "/tokens/0", wrong, "not-an-object");
            cases.extend(elements.clone().map(element));
        }
    }
    cases
}

fn missing() -> Vec<Case> {
    let mut cases = Vec::new();
    for (without, rule) in [("token", "TOK-01"), ("name", "TOK-05"), ("permissions", "TOK-10")] {
        for (suffix, expiry) in
            [("", Expiry::Absent), ("-with-expiry", Expiry::At(1_900_000_000_000))]
        {
            let grants = vec![Grant::on(&["plant7"], &["read"])];
            let document =
                Document { tokens: vec![TokenModel { expiry, ..token(grants) }], ..good() };
            let mut tree = document.json();
            if let Some(token) = tree.pointed_at("/tokens/0") {
                token.remove(without);
            }
            cases.push(family(rule).case(
                &format!("{without}{suffix}"),
                &format!("A token object without `{without}`"),
                &request(&text(&tree)),
                reject("schema", "missing-member"),
            ));
        }
    }
    cases
}

/// The places between the tokens of a text without white space, in bytes.
fn gaps(text: &str) -> Vec<usize> {
    let ends = tokens(text).scan(0, |end, token| {
        *end += token.len();
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

fn put(text: &str, at: usize, what: &str) -> String {
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{head}{what}{tail}")
}

fn white_space() -> Vec<Case> {
    let good = text(&good().json());
    let value = good_value(&json!(1_900_000_000_000_i64));
    let spaces = [" ", "\t", "\n", "\r", "\r\n", " \n\t\r "];
    let in_turn = spaces.iter().cycle();
    let cases = gaps(&good).into_iter().zip(in_turn).map(|(at, space)| {
        family("DOC-03").case(
            &format!("at-{at}"),
            &format!("{space:?} after {at} bytes"),
            &request(&put(&good, at, space)),
            accept(&value),
        )
    });
    cases.collect()
}

fn cuts() -> Vec<Case> {
    let good = text(&good().json());
    let cases = gaps(&good).into_iter().filter(|at| (1..good.len()).contains(at)).map(|at| {
        let (head, _) = good.split_at_checked(at).unwrap_or_default();
        family("DOC-01").case(
            &format!("after-{at}"),
            &format!("The first {at} bytes of a good file"),
            &request(head),
            reject("json", "json-syntax"),
        )
    });
    cases.collect()
}

fn numbers() -> Vec<Case> {
    let accepted = [
        ("one", 1),
        ("minus-one", -1),
        ("seconds", 1_900_000_000),
        ("past-32-bits", 4_294_967_296),
        ("past-31-bits", 2_147_483_648),
        ("past-53-bits", 9_007_199_254_740_993),
        ("minus-past-53-bits", -9_007_199_254_740_993),
        ("odd-and-large", 1_234_567_890_123_456_789),
        ("almost-greatest", i64::MAX - 1),
        ("almost-least", i64::MIN + 1),
    ];
    let strings = [
        ("string-of-digits", "\"1900000000000\"", "wrong-type"),
        ("string-of-a-date", "\"2030-01-01T00:00:00Z\"", "wrong-type"),
        ("array-of-one", "[1900000000000]", "wrong-type"),
    ];
    let document = |expiry: &str| request(&with("/tokens/0/expiry_millis", expiry));
    let accepted = accepted.into_iter().map(|(id, number)| {
        let description = format!("The expiry {number}");
        let expect = accept(&good_value(&json!(number)));
        family("TOK-08").case(id, &description, &document(&number.to_string()), expect)
    });
    let spelled = EXPIRIES_SPELLED_WRONG.into_iter().map(|(id, text)| (id, text, "wrong-type"));
    let beyond =
        EXPIRIES_OUT_OF_RANGE.into_iter().map(|(id, text)| (id, text, "expiry-out-of-range"));
    let refused = spelled.chain(beyond).chain(strings).map(|(id, text, code)| {
        let shown = if text.len() > 40 { "a hundred digits" } else { text };
        let description = format!("The expiry {shown}");
        family("TOK-08").case(id, &description, &document(text), reject("schema", code))
    });
    accepted.chain(refused).collect()
}
