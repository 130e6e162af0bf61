//! Generators of permissions and of tokens files, in any layout.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Canonical text of a permission: names without repeats, actions in order (PERM-11).
pub(crate) fn canonical_permission() -> impl Strategy<Value = String> {
    let actions = ["create", "describe", "read", "write", "delete"].to_vec();
    let db = (names(database_name()), subsequence(actions, 1..=5))
        .prop_map(|(names, actions)| format!("db:{names}:{}", actions.join(",")));
    let endpoints = subsequence(["health", "metrics", "ping", "ready"].to_vec(), 1..=4);
    let system = prop_oneof![endpoints.prop_map(|names| names.join(",")), Just("*".to_owned())]
        .prop_map(|names| format!("system:{names}:read"));
    prop_oneof![4 => db, 1 => system]
}

pub(crate) fn database_name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-c]",
        3 => "[A-Za-z0-9][A-Za-z0-9_-]{0,12}",
        1 => "[A-Za-z0-9][A-Za-z0-9_-]{0,5}/[A-Za-z0-9_-]{1,5}",
        1 => Just("_internal".to_owned()),
    ]
}

fn names(name: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let list = vec(name, 1..4).prop_map(|mut names| {
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names.join(",")
    });
    prop_oneof![5 => list, 1 => Just("*".to_owned())]
}

/// A JSON value, as text; in any spelling.
pub(crate) fn json_value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        select(vec![
            "null",
            "true",
            "1.00",
            "-0",
            "1e999",
            "12345678901234567890",
            "\"\\u0e01\"",
            "\"\""
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_map(|text| serde_json::to_string(&text).expect("a string")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let array = vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , ")));
        let object = vec((member_name(), inner), 0..3).prop_map(|members| {
            let members: Vec<String> = members.iter().map(|(n, v)| format!("{n}:{v}")).collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![array, object]
    })
}

/// A member name that no object of a tokens file knows, with its quotes.
fn member_name() -> impl Strategy<Value = String> {
    prop_oneof![
        "_[a-z]{0,3}",
        Just("description".to_owned()),
        "[x-z]{1,3}",
        Just("\\u005f".to_owned())
    ]
    .prop_map(|name| format!("\"{name}\""))
}

/// The white space of a file.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    newline: &'static str,
    indent: &'static str,
    colon: &'static str,
    comma: &'static str,
}

pub(crate) fn layout() -> impl Strategy<Value = Layout> {
    (
        select(vec!["", "\n", "\r\n", "\n\n"]),
        select(vec!["", "  ", "    ", "\t"]),
        select(vec![":", ": ", " : "]),
        select(vec![",", ", "]),
    )
        .prop_map(|(newline, indent, colon, comma)| Layout { newline, indent, colon, comma })
}

impl Layout {
    fn bracket(&self, depth: usize, brackets: [char; 2], elements: &[String]) -> String {
        let [open, close] = brackets;
        let (newline, inner) = if self.newline.is_empty() {
            (String::new(), String::new())
        } else {
            let line = |depth| format!("{}{}", self.newline, self.indent.repeat(depth));
            (line(depth), line(depth + 1))
        };
        let comma = if self.newline.is_empty() { self.comma } else { "," };
        format!("{open}{inner}{}{newline}{close}", elements.join(&format!("{comma}{inner}")))
    }

    fn member(&self, name: &str, value: &str) -> String {
        format!("{name}{}{value}", self.colon)
    }
}

/// The members of a token object in some order, the unknown ones among them.
#[derive(Clone, Debug)]
struct TokenModel {
    members: Vec<(String, String)>,
    permissions: Vec<String>,
}

fn token_model(number: usize) -> impl Strategy<Value = TokenModel> {
    let secret = Just(format!("\"apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1V-{number}\""));
    let name = any::<String>()
        .prop_map(move |name| serde_json::to_string(&format!("{name}{number}")).expect("a string"));
    let expiry = proptest::option::of(any::<i64>());
    let unknown = vec((member_name(), json_value()), 0..3);
    (secret, name, expiry, unknown, vec(canonical_permission(), 0..4), any::<u64>()).prop_map(
        |(secret, name, expiry, unknown, permissions, order)| {
            let mut members = vec![("\"token\"".to_owned(), secret), ("\"name\"".to_owned(), name)];
            members
                .extend(expiry.map(|millis| ("\"expiry_millis\"".to_owned(), millis.to_string())));
            members.extend(unknown);
            let turn = usize::try_from(order % members.len() as u64).unwrap_or(0);
            members.rotate_left(turn);
            TokenModel { members, permissions }
        },
    )
}

/// A permission tokens file that loads, in any layout, with unknown members.
pub(crate) fn tokens_file() -> impl Strategy<Value = String> {
    let tokens =
        (0..4_usize).prop_flat_map(|count| (0..count).map(token_model).collect::<Vec<_>>());
    let databases = proptest::option::of(vec("[a-d]|[a-z][a-z0-9_-]{0,8}", 0..4));
    let unknown = vec((member_name(), json_value()), 0..3);
    (layout(), tokens, databases, unknown, any::<bool>()).prop_map(
        |(layout, tokens, databases, unknown, null)| {
            let tokens: Vec<String> =
                tokens.iter().map(|token| token_text(&layout, token)).collect();
            let tokens = layout.bracket(1, ['[', ']'], &tokens);
            let mut members: Vec<String> =
                unknown.iter().map(|(name, value)| layout.member(name, value)).collect();
            let at = members.len() / 2;
            members.insert(at, layout.member("\"tokens\"", &tokens));
            if let Some(names) = &databases {
                let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
                let list = layout.bracket(1, ['[', ']'], &names);
                members.insert(at, layout.member("\"create_databases\"", &list));
            } else if null {
                members.push(layout.member("\"create_databases\"", "null"));
            }
            layout.bracket(0, ['{', '}'], &members)
        },
    )
}

fn token_text(layout: &Layout, token: &TokenModel) -> String {
    let permissions: Vec<String> = token.permissions.iter().map(|p| format!("\"{p}\"")).collect();
    let mut members: Vec<String> =
        token.members.iter().map(|(name, value)| layout.member(name, value)).collect();
    members.push(layout.member("\"permissions\"", &layout.bracket(3, ['[', ']'], &permissions)));
    layout.bracket(2, ['{', '}'], &members)
}

/// A change of a text: what many faults look like.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, String),
    Cut(prop::sample::Index),
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>();
    let pieces = vec![
        "\"",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        " ",
        "\n",
        "\\",
        "\\ud800",
        "null",
        "1.0",
        "-0",
        "1e9",
        "[]",
        "{}",
        "\"token\":",
        "\"tokens\":[],",
        "\"name\":\"\",",
        "\u{feff}",
        "\u{1}",
        "é",
        "*",
        "//",
    ];
    prop_oneof![
        (at.clone(), 1..4_usize).prop_map(|(at, length)| Edit::Delete(at, length)),
        (at.clone(), select(pieces)).prop_map(|(at, piece)| Edit::Insert(at, piece.to_owned())),
        at.prop_map(Edit::Cut),
    ]
}

impl Edit {
    pub(crate) fn apply(&self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let place = |at: &prop::sample::Index| at.index(characters.len() + 1);
        let (at, length, piece) = match self {
            Edit::Delete(at, length) => (place(at), *length, ""),
            Edit::Insert(at, piece) => (place(at), 0, piece.as_str()),
            Edit::Cut(at) => (place(at), characters.len(), ""),
        };
        let before = characters.iter().take(at);
        let after = characters.iter().skip(at + length);
        before.copied().chain(piece.chars()).chain(after.copied()).collect()
    }
}
