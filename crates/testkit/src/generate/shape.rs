//! Documents that grow in one direction: what costs more than its size, shows in one of them.

use std::fmt::Write as _;

use tokens::Secret;

use super::clean::{NOW, strong_secret};
use crate::source::Chance;

/// A direction in which a document grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Clean tokens.
    Tokens,
    /// Clean tokens of many tenants, as `create token` makes and lays them out.
    Fleet,
    /// Names in one permission.
    Names,
    /// One name over and over in one permission.
    SameNames,
    /// Permissions of one token.
    Permissions,
    /// One permission over and over.
    SamePermissions,
    /// Permissions on names beside one on `*`, each shadowed.
    Shadowed,
    /// Permissions with a fault.
    FaultyPermissions,
    /// Tokens of one name.
    SameTokenNames,
    /// Tokens of one string.
    SameSecrets,
    /// Declared databases.
    Databases,
    /// One declared database over and over.
    SameDatabases,
    /// Databases that are named and not declared, each near one that is.
    Undeclared,
    /// Unknown members.
    Members,
    /// One known member over and over.
    SameMembers,
    /// Arrays in arrays.
    Depth,
    /// A long string.
    Text,
    /// A long string in escapes, on one line with a fault.
    Escapes,
    /// Empty lines.
    Lines,
    /// Brackets that are never closed.
    Unclosed,
    /// Names in one permission that are all the same to a sum of digits to the base 31.
    Colliding,
}

impl Shape {
    /// All of them.
    pub const ALL: [Shape; 21] = [
        Shape::Tokens,
        Shape::Fleet,
        Shape::Names,
        Shape::SameNames,
        Shape::Permissions,
        Shape::SamePermissions,
        Shape::Shadowed,
        Shape::FaultyPermissions,
        Shape::SameTokenNames,
        Shape::SameSecrets,
        Shape::Databases,
        Shape::SameDatabases,
        Shape::Undeclared,
        Shape::Members,
        Shape::SameMembers,
        Shape::Depth,
        Shape::Text,
        Shape::Escapes,
        Shape::Lines,
        Shape::Unclosed,
        Shape::Colliding,
    ];

    /// The document of a size: so many tokens, names, members, characters.
    ///
    /// ```
    /// use testkit::generate::Shape;
    /// let text = Shape::Tokens.document(1_000);
    /// assert_eq!(tokens::read(text.as_bytes(), None).document().unwrap().tokens().len(), 1_000);
    /// ```
    pub fn document(self, size: usize) -> String {
        match self {
            Shape::Tokens => {
                file("", &tokens(size, |n| (strong_secret(n), format!("app-{n}"))), "")
            }
            Shape::Fleet => fleet(size),
            Shape::Names => {
                permissions([format!("db:{}:read", each(size, ",", |n| format!("a{n}")))])
            }
            Shape::SameNames => {
                permissions([format!("db:{}:read", each(size, ",", |_| "a".to_owned()))])
            }
            Shape::Permissions => permissions((0..size).map(|n| format!("db:a{n}:read"))),
            Shape::SamePermissions => permissions((0..size).map(|_| "db:a:read".to_owned())),
            Shape::Shadowed => {
                let all = std::iter::once("db:*:read,write".to_owned());
                permissions(all.chain((0..size).map(|n| format!("db:a{n}:read"))))
            }
            Shape::FaultyPermissions => permissions((0..size).map(|n| format!("db:a{n}:raed"))),
            Shape::SameTokenNames => {
                file("", &tokens(size, |n| (strong_secret(n), "app".to_owned())), "")
            }
            Shape::SameSecrets => {
                file("", &tokens(size, |n| (strong_secret(0), format!("app-{n}"))), "")
            }
            Shape::Databases => file(&each(size, ",", |n| format!("\"a{n}\"")), "", ""),
            Shape::SameDatabases => file(&each(size, ",", |_| "\"a\"".to_owned()), "", ""),
            Shape::Undeclared => {
                let names = each(size, ",", |n| format!("sensor{n}"));
                file("\"sensors\"", &token(0, &[format!("db:{names}:read")]), "")
            }
            Shape::Members => file("", "", &each(size, "", |n| format!(",\"x{n}\":0"))),
            Shape::SameMembers => file("", "", &each(size, "", |_| ",\"tokens\":[]".to_owned())),
            Shape::Depth => {
                file("", "", &format!(",\"_\":{}{}", "[".repeat(size), "]".repeat(size)))
            }
            Shape::Text => file("", "", &format!(",\"_\":\"{}\"", "x".repeat(size))),
            Shape::Escapes => permissions([format!("db:{}:raed", "\\u0061".repeat(size))]),
            Shape::Lines => format!("{}{}", "\n".repeat(size), file("\"-\",\"a\",\"_\"", "", "")),
            Shape::Unclosed => "[".repeat(size),
            Shape::Colliding => permissions([format!("db:{}:read", each(size, ",", colliding))]),
        }
    }
}

fn each(size: usize, between: &str, text: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for number in 0..size {
        // Writing to a String cannot fail.
        let _ = write!(all, "{}{}", if number == 0 { "" } else { between }, text(number));
    }
    all
}

/// As many tokens, on 50 databases.
fn fleet(size: usize) -> String {
    let name = |number: usize| format!("{}_{}", ["metrics", "logs"][number % 2], number / 2 % 25);
    let mut chance = Chance::new(0);
    let mut text = String::from("{\n  \"create_databases\": [\n    ");
    text.push_str(&each(50, ",\n    ", |number| format!("\"{}\"", name(number))));
    text.push_str("\n  ],\n  \"tokens\": [");
    for number in 0..size {
        let comma = if number == 0 { "" } else { "," };
        let secret = generated_secret(&mut chance);
        let [one, two] = [2 * number, 2 * number + 1].map(name);
        let expiry = NOW + 100_000_000_000 + number as i64;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            r#"{comma}
    {{
      "token": "{secret}",
      "name": "tenant-{number}-writer",
      "expiry_millis": {expiry},
      "permissions": [
        "db:{one},{two}:read,write",
        "system:ping:read"
      ]
    }}"#
        );
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// A token string as `create token` makes them.
fn generated_secret(chance: &mut Chance) -> String {
    let entropy = std::array::from_fn(|_| chance.number().to_le_bytes()[0]);
    Secret::from_entropy(&entropy).expose().to_owned()
}

/// 17 times `Aa` or `BB`, of which both come to 2112.
fn colliding(number: usize) -> String {
    (0..17).map(|bit| if number >> bit & 1 == 0 { "Aa" } else { "BB" }).collect()
}

fn file(databases: &str, tokens: &str, more: &str) -> String {
    format!("{{\"create_databases\":[{databases}],\"tokens\":[{tokens}]{more}}}\n")
}

fn tokens(size: usize, secret_and_name: impl Fn(usize) -> (String, String)) -> String {
    each(size, ",\n", |number| {
        let (secret, name) = secret_and_name(number);
        format!(
            "{{\"token\":\"{secret}\",\"name\":\"{name}\",\"permissions\":[\"db:*:read,write\",\"system:ping:read\"]}}"
        )
    })
}

fn token(number: usize, permissions: &[String]) -> String {
    let (secret, permissions) = (strong_secret(number), permissions.join("\",\""));
    format!("{{\"token\":\"{secret}\",\"name\":\"app\",\"permissions\":[\"{permissions}\"]}}")
}

fn permissions(texts: impl IntoIterator<Item = String>) -> String {
    let texts: Vec<String> = texts.into_iter().collect();
    file("", &token(0, &texts), "")
}
