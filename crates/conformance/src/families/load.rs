//! Documents: every JSON type in every member's place, every member missing, white space anywhere.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha512};
use testkit::words::{EXPIRIES_OUT_OF_RANGE, EXPIRIES_SPELLED_WRONG, TYPES};

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
pub(super) fn sha512(token: &str) -> String {
    let mut hex = String::with_capacity(128);
    for byte in Sha512::digest(token.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
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

/// A document by the texts of its values.
struct Texts<'t> {
    databases: &'t str,
    token: &'t str,
    name: &'t str,
    expiry: &'t str,
    permissions: &'t str,
}

const GOOD: Texts<'static> = Texts {
    databases: r#"["plant7"]"#,
    token: r#""apiv3_Vn4Qy8Ls2Jd6Wb0Tk5Xf9RgC""#,
    name: r#""app""#,
    expiry: "1900000000000",
    permissions: r#"["db:plant7:read"]"#,
};

impl Texts<'_> {
    fn object(&self) -> String {
        let Texts { token, name, expiry, permissions, .. } = self;
        format!(
            r#"{{"token":{token},"name":{name},"expiry_millis":{expiry},"permissions":{permissions}}}"#
        )
    }

    fn document(&self) -> String {
        with_tokens(self.databases, &format!("[{}]", self.object()))
    }
}

fn with_tokens(databases: &str, tokens: &str) -> String {
    format!(r#"{{"create_databases":{databases},"tokens":{tokens}}}"#)
}

fn request(text: &str) -> Value {
    json!({"document": {"text": text}})
}

fn good_value(expiry: &Value) -> Value {
    let permission = super::permission_value("db", &["plant7"], &["read"]);
    let token = token_value("app", TOKEN, expiry, &json!([permission]));
    json!({"create_databases": ["plant7"], "tokens": [token]})
}

/// A member, how a document looks with a value in its place, and the types that may stand there.
type Slot = (&'static str, &'static str, fn(&str) -> String, &'static [&'static str]);

fn slots() -> Vec<Slot> {
    vec![
        (
            "create_databases",
            "DOC-08",
            |v| Texts { databases: v, ..GOOD }.document(),
            &["array", "null"],
        ),
        ("database", "DOC-08", |v| with_tokens(&format!("[{v}]"), "[]"), &["string"]),
        ("tokens", "DOC-06", |v| with_tokens("[]", v), &["array"]),
        ("element", "DOC-06", |v| with_tokens("[]", &format!("[{v}]")), &["object", "array"]),
        ("token", "TOK-01", |v| Texts { token: v, ..GOOD }.document(), &["string"]),
        ("name", "TOK-05", |v| Texts { name: v, ..GOOD }.document(), &["string"]),
        (
            "expiry_millis",
            "TOK-08",
            |v| Texts { expiry: v, ..GOOD }.document(),
            &["number", "null"],
        ),
        ("permissions", "TOK-10", |v| Texts { permissions: v, ..GOOD }.document(), &["array"]),
        (
            "permission",
            "TOK-10",
            |v| Texts { permissions: &format!("[{v}]"), ..GOOD }.document(),
            &["string"],
        ),
    ]
}

fn types() -> Vec<Case> {
    let mut cases = Vec::new();
    for (member, rule, document, allowed) in slots() {
        // What may stand there is for others to judge.
        for (name, text) in TYPES.iter().filter(|(name, _)| !allowed.contains(name)) {
            let code = if member == "element" { "not-an-object" } else { "wrong-type" };
            let member = member.replace('_', "-");
            cases.push(family(rule).case(
                &format!("{member}-{name}"),
                &format!("{text} in the place of {member}"),
                &request(&document(text)),
                reject("schema", code),
            ));
        }
    }
    cases
}

fn missing() -> Vec<Case> {
    let members = [
        ("token", "TOK-01", GOOD.token),
        ("name", "TOK-05", GOOD.name),
        ("permissions", "TOK-10", GOOD.permissions),
    ];
    let mut cases = Vec::new();
    for (without, rule, _) in members {
        for with_expiry in [false, true] {
            let kept = members.iter().filter(|(name, _, _)| *name != without);
            let mut texts: Vec<String> =
                kept.map(|(name, _, text)| format!("\"{name}\":{text}")).collect();
            if with_expiry {
                texts.push(format!("\"expiry_millis\":{}", GOOD.expiry));
            }
            let suffix = if with_expiry { "-with-expiry" } else { "" };
            cases.push(family(rule).case(
                &format!("{without}{suffix}"),
                &format!("A token object without `{without}`"),
                &request(&with_tokens(GOOD.databases, &format!("[{{{}}}]", texts.join(",")))),
                reject("schema", "missing-member"),
            ));
        }
    }
    cases
}

/// The places between the tokens of the good document, in bytes.
fn gaps(text: &str) -> Vec<usize> {
    let mut gaps = vec![0, text.len()];
    let mut inside = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => {
                gaps.push(if inside { at + 1 } else { at });
                inside = !inside;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' if !inside => gaps.extend([at, at + 1]),
            _ => {}
        }
    }
    gaps.sort_unstable();
    gaps.dedup();
    gaps
}

fn put(text: &str, at: usize, what: &str) -> String {
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    format!("{head}{what}{tail}")
}

fn white_space() -> Vec<Case> {
    let good = GOOD.document();
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
    let good = GOOD.document();
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
    let document = |expiry: &str| request(&Texts { expiry, ..GOOD }.document());
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
