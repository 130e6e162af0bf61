//! From a document to text, and from an old text to a new one (GEN-04, FILE-01, FILE-02). Text in,
//! text out: the store does the rest.

mod append;
mod describe;
mod edit;
mod error;
mod format;
mod remove;
mod rotate;
mod style;

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};
use zeroize::Zeroizing;

pub use append::{Appended, append, append_all};
pub use describe::describe;
pub use error::EditError;
pub use format::format;
pub use remove::{Removed, remove};
pub use rotate::{Rotated, Rotation, rotate};

use crate::{AdminToken, DatabaseName, Permission, Secret, Token, TokenName};

/// The text of a new permission tokens file: pretty-printed with two spaces, with a final newline (GEN-04).
///
/// It writes what it is given: whether names and strings are unique, and databases declared once, is for the
/// caller to know. [`append_all`] to no file gives the same text, and refuses what would not load.
///
/// ```
/// use tokens::{Permission, Secret, Token, TokenName, render};
///
/// let token = Token {
///     secret: Secret::parse("apiv3_x")?,
///     name: TokenName::parse("app")?,
///     expiry_millis: None,
///     permissions: vec![Permission::parse("db:*:read")?],
/// };
/// let text = render(&[], &[token]);
/// assert!(text.starts_with("{\n  \"tokens\": [\n    {\n      \"token\": "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(create_databases: &[DatabaseName<'_>], tokens: &[Token<'_>]) -> Zeroizing<String> {
    // Room for the usual, since growing copies what is there, and leaves it behind.
    pretty(&File { create_databases, tokens }, tokens.len().saturating_mul(512))
}

/// The text of a new admin token file, laid out likewise (GEN-06). [`store::create`](crate::store::create)
/// makes a file of it, since such a file is never replaced.
///
/// ```
/// use tokens::{AdminToken, Secret, TokenName, render_admin};
///
/// let secret = Secret::parse("apiv3_x")?;
/// let token = AdminToken { secret, name: TokenName::operator(), expiry_millis: None };
/// assert_eq!(*render_admin(&token), "{\n  \"token\": \"apiv3_x\",\n  \"name\": \"_admin\"\n}\n");
/// # Ok::<(), tokens::secret::PrefixError>(())
/// ```
pub fn render_admin(token: &AdminToken<'_>) -> Zeroizing<String> {
    pretty(token, 512)
}

fn pretty(value: &impl Serialize, room: usize) -> Zeroizing<String> {
    let mut text = Vec::with_capacity(room);
    // Strings, numbers and lists of them always have a JSON text, which is UTF-8.
    let _ = serde_json::to_writer_pretty(&mut text, value);
    text.push(b'\n');
    Zeroizing::new(String::from_utf8(text).unwrap_or_default())
}

struct File<'f, 'a> {
    create_databases: &'f [DatabaseName<'a>],
    tokens: &'f [Token<'a>],
}

impl Serialize for File<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.create_databases.is_empty() {
            let names: Vec<&str> = self.create_databases.iter().map(DatabaseName::as_str).collect();
            map.serialize_entry("create_databases", &names)?;
        }
        map.serialize_entry("tokens", self.tokens)?;
        map.end()
    }
}

/// The members that both kinds of tokens have, in their order.
fn common_members<M: SerializeMap>(
    map: &mut M,
    secret: &Secret<'_>,
    name: &TokenName<'_>,
    expiry_millis: Option<i64>,
) -> Result<(), M::Error> {
    map.serialize_entry("token", secret.expose())?;
    map.serialize_entry("name", name.as_str())?;
    match expiry_millis {
        Some(millis) => map.serialize_entry("expiry_millis", &millis),
        None => Ok(()),
    }
}

impl Serialize for Token<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        common_members(&mut map, &self.secret, &self.name, self.expiry_millis)?;
        let permissions: Vec<&str> = self.permissions.iter().map(Permission::as_str).collect();
        map.serialize_entry("permissions", &permissions)?;
        map.end()
    }
}

impl Serialize for AdminToken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        common_members(&mut map, &self.secret, &self.name, self.expiry_millis)?;
        map.end()
    }
}

/// Adds a string as JSON spells it, with its quotes.
fn push_json_string(text: &mut String, string: &str) {
    let is_plain = |byte: u8| byte >= b' ' && !matches!(byte, b'"' | b'\\');
    if string.bytes().all(is_plain) {
        for part in ["\"", string, "\""] {
            text.push_str(part);
        }
    } else {
        text.push_str(&json_string(string));
    }
}

/// A string as JSON spells it, with its quotes.
fn json_string(text: &str) -> Cow<'static, str> {
    // A string always has a JSON text.
    serde_json::to_string(text).map_or(Cow::Borrowed("\"\""), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_spelled_as_serde_json_spells_them() {
        for string in ["", "app", "\"", "\\\"", "a\"", "\n", " ", "\u{1f}", "é", "\u{2028}/"] {
            let mut text = "[".to_owned();
            push_json_string(&mut text, string);
            assert_eq!(text, format!("[{}", serde_json::to_string(string).expect("JSON")));
        }
    }

    #[test]
    fn a_new_file_has_its_members_in_order_and_keeps_the_given_text() {
        let token = Token {
            secret: Secret::parse("apiv3_x").expect("prefixed"),
            name: TokenName::parse("é\"\n").expect("not empty"),
            expiry_millis: Some(5),
            permissions: vec![Permission::parse("db:b,a:write,read").expect("valid")],
        };
        let databases = [DatabaseName::parse("b").expect("valid")];
        let expected = r#"{
  "create_databases": [
    "b"
  ],
  "tokens": [
    {
      "token": "apiv3_x",
      "name": "é\"\n",
      "expiry_millis": 5,
      "permissions": [
        "db:b,a:write,read"
      ]
    }
  ]
}
"#;
        assert_eq!(*render(&databases, std::slice::from_ref(&token)), *expected);
        let admin =
            AdminToken { secret: token.secret, name: TokenName::operator(), expiry_millis: None };
        let expected = "{\n  \"token\": \"apiv3_x\",\n  \"name\": \"_admin\"\n}\n";
        assert_eq!(*render_admin(&admin), *expected);
    }
}
