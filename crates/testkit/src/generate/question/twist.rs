//! Something in a file that is nearly right: what lenient programs take, each in its own way.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::near::Near;
use super::slip::LENGTHS;
use crate::generate::tree::Json;
use crate::shrink::Shrink;
use crate::words::{EXPIRIES_OUT_OF_RANGE, EXPIRIES_SPELLED_WRONG, NO_DATABASE_NAMES, NO_VALUES};

/// What is nearly right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// Nothing: it is all right.
    None,
    /// Another value, as it is spelled, where a JSON Pointer points; a new member where nothing is yet.
    Value(&'static str, &'static str),
    /// The list of tokens, without the object around it.
    TokensAlone,
    /// The first token where the list of them should be.
    OneToken,
    /// A text in front of the file, and one behind it.
    Around(&'static str, &'static str),
    /// Nothing at all, but this text.
    Only(&'static str),
    /// Of an object that a JSON Pointer points to, a member is missing.
    Without(&'static str, &'static str),
    /// A declared name that is none.
    Declared(&'static str),
    /// A declared name of so many characters.
    Long(u16),
    /// Bytes that are no UTF-8, in the first token string.
    Bytes(&'static [u8]),
    /// Of an object that a JSON Pointer points to, a member stands there twice.
    Twice(&'static str, &'static str),
    /// So many declared databases.
    Many(u8),
    /// Two tokens more, of which the last has a member near to that of the first.
    Again(&'static str, Near),
}

/// What a token string begins with (TOK-01).
const PREFIX: &str = "apiv3_";

const NEW: &str = "/_";

const VALUES: [(&str, &str); 73] = [
    ("/tokens", "null"),
    ("/tokens", "{}"),
    ("/tokens", "\"\""),
    ("/tokens", "[null]"),
    ("/tokens", "[[]]"),
    ("/tokens", "[]"),
    ("/create_databases", "\"a\""),
    ("/create_databases", "\"a,b\""),
    ("/create_databases", "{}"),
    ("/create_databases", "5"),
    ("/create_databases", "true"),
    ("/create_databases", "[1.5]"),
    ("/create_databases", "[1]"),
    ("/create_databases", "[true]"),
    ("/create_databases", "[null]"),
    ("/create_databases", "[\"*\"]"),
    ("/create_databases", "[\"\"]"),
    ("/create_databases", "[\"ü\"]"),
    ("/create_databases", "[\"ａ\"]"),
    ("/create_databases", "[\"_internal\"]"),
    ("/create_databases", "[\"A\",\"a\"]"),
    ("/create_databases", "[\"b\",\"a\",\"b\"]"),
    ("/tokens/0", "null"),
    ("/tokens/0", "5"),
    ("/tokens/0/token", "5"),
    ("/tokens/0/token", "null"),
    ("/tokens/0/token", "\"apiv3_\""),
    ("/tokens/0/token", "\"apiv3_x\""),
    ("/tokens/0/token", "\"apiv2_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\"APIV3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\"apiv3-q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\" apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\"x apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\"\\u0061piv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd\""),
    ("/tokens/0/token", "\"apiv3_q8Zt3Kx0\\ud800\""),
    ("/tokens/0/name", "5"),
    ("/tokens/0/name", "true"),
    ("/tokens/0/name", "null"),
    ("/tokens/0/name", "\"a\\ud800\""),
    ("/tokens/0/name", "\"a\\u0000b\""),
    ("/tokens/0/name", "\"a\tb\""),
    ("/tokens/0/expiry_millis", "1700000000000"),
    ("/tokens/0/expiry_millis", "0"),
    ("/tokens/0/expiry_millis", "\"5\""),
    ("/tokens/0/expiry_millis", "\"1900000000000\""),
    ("/tokens/0/expiry_millis", "\"2030-01-01T00:00:00Z\""),
    ("/tokens/0/expiry_millis", "\"\""),
    ("/tokens/0/expiry_millis", "true"),
    ("/tokens/0/expiry_millis", "false"),
    ("/tokens/0/expiry_millis", "[]"),
    ("/tokens/0/permissions", "\"db:a:read\""),
    ("/tokens/0/permissions", "\"db:a:read db:b:read\""),
    ("/tokens/0/permissions", "null"),
    ("/tokens/0/permissions", "{}"),
    ("/tokens/0/permissions", "[null]"),
    ("/tokens/0/permissions", "[\" db:a:read\"]"),
    ("/tokens/0/permissions", "[\"db:a:read \"]"),
    ("/tokens/0/permissions", "[\"db:a:read\\n\"]"),
    ("/tokens/0/permissions", "[\"db:a:read\",\"db:a:all\"]"),
    ("/tokens/0/permissions", "[\"db:a:\\ud800\"]"),
    ("/tokens/0/permissions", "[\"db:a:read\",\"db:a:read\"]"),
    (NEW, "-Infinity"),
    (NEW, "1."),
    (NEW, "0x10"),
    (NEW, "[1,]"),
    (NEW, "{\"a\":1,}"),
    (NEW, "{a:1}"),
    (NEW, "/*c*/1"),
    (NEW, "1 //c\n"),
    (NEW, "1 #c\n"),
    (NEW, "\"a\tb\""),
    (NEW, "\"a\nb\""),
    (NEW, "\"\\x41\""),
];

const AROUND: [(&str, &str); 22] = [
    ("", " "),
    ("", "\n"),
    ("\r\n\t ", ""),
    ("\u{a0}", ""),
    ("", "\u{a0}"),
    ("\u{2028}", ""),
    ("", "\u{c}"),
    ("\u{b}", ""),
    ("", "\u{85}"),
    ("", "\0"),
    ("", "\0x"),
    ("", " {}"),
    ("", "x"),
    ("", "}"),
    ("", ","),
    ("", "\n{"),
    ("", "// c"),
    ("// c\n", ""),
    ("/* c */", ""),
    ("# c\n", ""),
    ("\u{200b}", ""),
    (")]}',\n", ""),
];

const ONLY: [&str; 10] =
    ["", " ", "\n", "null", "[]", "{}", "\"\"", "{\"tokens\":null}", "{\"tokens\":[]}", "\0"];

const WITHOUT: [(&str, &str); 5] = [
    ("", "tokens"),
    ("", "create_databases"),
    ("/tokens/0", "token"),
    ("/tokens/0", "name"),
    ("/tokens/0", "permissions"),
];
const TWICE: [(&str, &str); 6] = [
    ("", "tokens"),
    ("", "create_databases"),
    ("/tokens/0", "token"),
    ("/tokens/0", "name"),
    ("/tokens/0", "permissions"),
    ("/tokens/0", "expiry_millis"),
];
const BYTES: [&[u8]; 5] = [b"\xff", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"];

impl Twist {
    /// Every one in its turn, over and over.
    pub(super) fn in_turn(turn: usize) -> Self {
        static ALL: LazyLock<Vec<Twist>> = LazyLock::new(Twist::all);
        ALL[turn % ALL.len()]
    }

    fn all() -> Vec<Self> {
        let values = VALUES.iter().map(|(pointer, raw)| Twist::Value(pointer, raw));
        let spelled = EXPIRIES_SPELLED_WRONG.into_iter().chain(EXPIRIES_OUT_OF_RANGE);
        let spelled = spelled.map(|(_, raw)| Twist::Value("/tokens/0/expiry_millis", raw));
        let no_values = NO_VALUES.into_iter().map(|(raw, _)| Twist::Value(NEW, raw));
        let around = AROUND.iter().map(|(head, tail)| Twist::Around(head, tail));
        let without = WITHOUT.iter().map(|(owner, name)| Twist::Without(owner, name));
        let near = [Near::Same, Near::OtherCase, Near::Spaced];
        let again = ["token", "name"]
            .into_iter()
            .flat_map(|name| near.map(|near| Twist::Again(name, near)));
        values
            .chain(spelled)
            .chain(no_values)
            .chain(NO_DATABASE_NAMES.map(Twist::Declared))
            .chain(around)
            .chain(without)
            .chain(ONLY.map(Twist::Only))
            .chain(LENGTHS.map(Twist::Long))
            .chain(BYTES.map(Twist::Bytes))
            .chain([Twist::TokensAlone, Twist::OneToken])
            .chain(TWICE.map(|(owner, name)| Twist::Twice(owner, name)))
            .chain([1, 100, 101].map(Twist::Many))
            .chain(again)
            .collect()
    }

    /// The tree with what is twisted in it.
    pub(super) fn turn(self, tree: &mut Json) {
        match self {
            Twist::Value(pointer, raw) => put(tree, pointer, Json::raw(raw)),
            Twist::TokensAlone => {
                if let Some(tokens) = tree.pointed_at("/tokens").cloned() {
                    *tree = tokens;
                }
            }
            Twist::OneToken => {
                let first = tree.pointed_at("/tokens/0").cloned();
                if let (Some(first), Some(tokens)) = (first, tree.pointed_at("/tokens")) {
                    *tokens = first;
                }
            }
            Twist::Without(owner, name) => {
                if let Some(owner) = tree.pointed_at(owner) {
                    owner.remove(name);
                }
            }
            Twist::Declared(name) => declare(tree, name),
            Twist::Long(length) => declare(tree, &"n".repeat(length.into())),
            Twist::Twice(owner, name) => twice(tree, owner, name),
            Twist::Many(count) => {
                let names = (0..count).map(|number| Json::text(format!("d{number}")));
                put(tree, "/create_databases", Json::Array(names.collect()));
            }
            Twist::Again(member, near) => again(tree, member, near),
            Twist::None | Twist::Around(..) | Twist::Only(_) | Twist::Bytes(_) => {}
        }
    }

    /// The text with what is twisted around it.
    pub(super) fn dress(self, text: String) -> Vec<u8> {
        match self {
            Twist::Around(head, tail) => format!("{head}{text}{tail}").into_bytes(),
            Twist::Only(text) => text.as_bytes().to_vec(),
            Twist::Bytes(bytes) => {
                let at = text.find(PREFIX).map_or(text.len(), |at| at + PREFIX.len());
                let mut text = text.into_bytes();
                text.splice(at..at, bytes.iter().copied());
                text
            }
            _ => text.into_bytes(),
        }
    }
}

fn declare(tree: &mut Json, name: &str) {
    put(tree, "/create_databases", Json::Array(vec![Json::text(name)]));
}

/// Another value where a JSON Pointer points, or a new member.
fn put(tree: &mut Json, pointer: &str, value: Json) {
    if let Some(place) = tree.pointed_at(pointer) {
        *place = value;
    } else if let Some((owner, name)) = pointer.rsplit_once('/')
        && let Some(Json::Object(members)) = tree.pointed_at(owner)
    {
        members.push((name.to_owned(), value));
    }
}

/// A member that was not there stands there twice, too.
fn twice(tree: &mut Json, owner: &str, name: &str) {
    let pointer = format!("{owner}/{name}");
    if tree.pointed_at(&pointer).is_none() {
        let empty = if name == "expiry_millis" { "null" } else { "[]" };
        put(tree, &pointer, Json::raw(empty));
    }
    let value = tree.pointed_at(&pointer).cloned();
    if let (Some(value), Some(Json::Object(members))) = (value, tree.pointed_at(owner)) {
        members.push((name.to_owned(), value));
    }
}

fn again(tree: &mut Json, member: &str, near: Near) {
    let first = tree.pointed_at(&format!("/tokens/0/{member}")).cloned();
    let (Some(Json::Text(first)), Some(Json::Array(tokens))) = (first, tree.pointed_at("/tokens"))
    else {
        return;
    };
    for (name, secret) in [("between", "apiv3_between"), ("last", "apiv3_last")] {
        let members = [
            ("token", Json::text(secret)),
            ("name", Json::text(name)),
            ("permissions", Json::Array(Vec::new())),
        ];
        tokens.push(Json::Object(members.map(|(name, value)| (name.to_owned(), value)).into()));
    }
    if let Some(Json::Object(members)) = tokens.last_mut()
        && let Some((_, value)) = members.iter_mut().find(|(name, _)| name == member)
    {
        *value = Json::Text(near.to(&first));
    }
}

impl<'a> Arbitrary<'a> for Twist {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Twist::in_turn(u16::arbitrary(u)?.into()))
    }
}

impl Shrink for Twist {
    fn simpler(&self) -> Vec<Self> {
        if *self == Twist::None { Vec::new() } else { vec![Twist::None] }
    }
}
