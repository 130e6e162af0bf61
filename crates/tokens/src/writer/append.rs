//! Appending a token at the end of a file (FILE-01, FILE-02).

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::edit::{self, Change, Edit, find};
use super::style::{self, Spacing};
use super::{EditError, json_string, render};
use crate::reader::json::{self, JsonType};
use crate::{DatabaseName, Span, Token};

/// A file with a new token at its end.
pub struct Appended {
    /// The whole new file.
    pub text: Zeroizing<String>,
    /// Whether there was none before.
    pub is_new: bool,
    /// The databases that the file declares now, in order; the new ones are the last.
    pub databases: Vec<DatabaseName<'static>>,
    /// How many of them are new.
    pub new_databases: usize,
    /// How many tokens the file holds now.
    pub tokens: usize,
}

/// Appends a token and the databases that are not declared yet to a file's bytes. An empty file
/// counts as absent (FILE-03), as does `None`.
///
/// # Errors
///
/// When the old file does not load, or has a token of this name or with this string.
///
/// ```
/// use tokens::{Permission, Secret, Token, TokenName, append};
///
/// let token = Token {
///     secret: Secret::parse("apiv3_y")?,
///     name: TokenName::parse("app")?,
///     expiry_millis: None,
///     permissions: vec![Permission::parse("db:*:read")?],
/// };
/// let appended = append(Some(br#"{"tokens":[], "note": 1.0}"#), &token, &[])?;
/// assert_eq!(
///     *appended.text,
///     r#"{"tokens":[{"token": "apiv3_y", "name": "app", "permissions": ["db:*:read"]}], "note": 1.0}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn append(
    old: Option<&[u8]>,
    token: &Token<'_>,
    databases: &[DatabaseName<'_>],
) -> Result<Appended, EditError> {
    let Some(old) = old.filter(|old| !old.is_empty()) else {
        return Ok(first(token, not_in(&[], databases)));
    };
    let reading = crate::read(old, None);
    let (document, edit) = edit::open(&reading)?;
    edit::refuse_twins(&document, &token.secret, Some(&token.name), None)?;
    let new = not_in(document.create_databases(), databases);
    let text = edit.append(token, &new);
    let new_databases = new.len();
    let old = document.create_databases().iter().cloned().map(DatabaseName::into_owned);
    let databases = old.chain(new).collect();
    let tokens = document.tokens().len() + 1;
    Ok(Appended { text, is_new: false, databases, new_databases, tokens })
}

/// A file of its own for a token.
fn first(token: &Token<'_>, databases: Vec<DatabaseName<'static>>) -> Appended {
    let text = render(&databases, std::slice::from_ref(token));
    Appended { text, is_new: true, new_databases: databases.len(), databases, tokens: 1 }
}

/// The databases that are not declared, in order, each once.
fn not_in(
    declared: &[DatabaseName<'_>],
    databases: &[DatabaseName<'_>],
) -> Vec<DatabaseName<'static>> {
    let mut seen: HashSet<&str> = declared.iter().map(DatabaseName::as_str).collect();
    let new = databases.iter().filter(|name| seen.insert(name.as_str()));
    new.cloned().map(DatabaseName::into_owned).collect()
}

impl Edit<'_> {
    fn append(&self, token: &Token<'_>, databases: &[DatabaseName<'_>]) -> Zeroizing<String> {
        let names = databases.iter().map(|name| json_string(name.as_str()).into_owned());
        let names: Vec<String> = names.collect();
        let mut changes = vec![self.add_token(token)];
        if !names.is_empty() {
            changes.push(self.declare(&names));
        }
        self.apply(changes)
    }

    /// FILE-01: at the end of `tokens`.
    fn add_token(&self, token: &Token<'_>) -> Change {
        let new = self.style.render(token);
        self.push(self.tokens.1, &self.elements, self.style.hint(), &[new])
    }

    /// FILE-01: at the end of `create_databases`, which is made if it is absent or null.
    fn declare(&self, names: &[String]) -> Change {
        match find(&self.members, "create_databases") {
            Some((_, list)) if JsonType::of(list) == JsonType::Array => {
                self.push(list, &json::elements(list), self.top.hint(), names)
            }
            Some((_, null)) => (self.span(null), self.new_list(names)),
            None => {
                let start = self.span(self.tokens.0);
                let colon = Span::new(start.end, self.span(self.tokens.1).start);
                let member = format!(
                    "\"create_databases\"{}{},{}",
                    colon.slice(self.text),
                    self.new_list(names),
                    self.top.between
                );
                (Span::new(start.start, start.start), member)
            }
        }
    }

    fn new_list(&self, names: &[String]) -> String {
        style::nested(&self.top).bracketed(('[', ']'), names)
    }

    /// Elements at the end of an array, in the spacing of those that are there.
    fn push(&self, array: &str, elements: &[&str], hint: &str, new: &[String]) -> Change {
        let (Some(last), Some(spacing)) = (elements.last(), Spacing::of(array, elements, hint))
        else {
            let spacing = style::nested(&self.top);
            return (self.span(array), spacing.bracketed(('[', ']'), new));
        };
        let end = self.span(last).end;
        let text = new.iter().map(|new| format!(",{}{new}", spacing.between)).collect();
        (Span::new(end, end), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Permission, Secret, TokenName};

    fn token() -> Token<'static> {
        Token {
            secret: Secret::parse("apiv3_new").expect("prefixed"),
            name: TokenName::parse("new").expect("not empty"),
            expiry_millis: Some(9),
            permissions: vec![
                Permission::parse("db:a:read").expect("valid"),
                Permission::parse("db:b:read").expect("valid"),
            ],
        }
    }

    fn appended(old: &str, databases: &[&'static str]) -> String {
        let databases: Vec<_> =
            databases.iter().map(|name| DatabaseName::parse(*name).expect("valid")).collect();
        let new = append(Some(old.as_bytes()), &token(), &databases).expect("appends");
        assert!(crate::read(new.text.as_bytes(), None).loads(), "{}", *new.text);
        new.text.to_string()
    }

    const NEW: &str = r#"{"token": "apiv3_new", "name": "new", "expiry_millis": 9, "permissions": ["db:a:read", "db:b:read"]}"#;

    #[test]
    fn the_new_token_looks_like_the_last_one() {
        let pretty = "{\n\t\"tokens\": [\n\t\t{\n\t\t\t\"token\": \"apiv3_x\",\n\t\t\t\"name\": \"x\",\n\t\t\t\"permissions\": [\"db:a:read\"]\n\t\t}\n\t]\n}\n";
        let expected = "{\n\t\"tokens\": [\n\t\t{\n\t\t\t\"token\": \"apiv3_x\",\n\t\t\t\"name\": \"x\",\n\t\t\t\"permissions\": [\"db:a:read\"]\n\t\t},\n\t\t{\n\t\t\t\"token\": \"apiv3_new\",\n\t\t\t\"name\": \"new\",\n\t\t\t\"expiry_millis\": 9,\n\t\t\t\"permissions\": [\"db:a:read\", \"db:b:read\"]\n\t\t}\n\t]\n}\n";
        assert_eq!(appended(pretty, &[]), expected);
        let windows = pretty.replace('\n', "\r\n");
        assert_eq!(appended(&windows, &[]), expected.replace('\n', "\r\n"));

        let compact = r#"{"tokens":[{"token":"apiv3_x","name":"x","permissions":["db:a:read","db:b:read"]}]}"#;
        let new = NEW.replace(": ", ":").replace(", ", ",");
        let expected = compact.replace("}]}", &format!("}},{new}]}}"));
        assert_eq!(appended(compact, &[]), expected);
    }

    #[test]
    fn databases_are_declared_where_the_file_declares_them() {
        let one = r#"{"token":"apiv3_x","name":"x","permissions":["db:*:read"]}"#;
        for (declared, after) in [
            (r#""create_databases": ["a"], "#, r#""create_databases": ["a", "b", "c"], "#),
            (r#""create_databases": ["a","d"], "#, r#""create_databases": ["a","d","b","c"], "#),
            (r#""create_databases": [], "#, r#""create_databases": ["a", "b", "c"], "#),
            (r#""create_databases": null, "#, r#""create_databases": ["a", "b", "c"], "#),
            (r#""create_d\u0061tabases": null, "#, r#""create_d\u0061tabases": ["a", "b", "c"], "#),
            (r#""x": 1, "#, r#""x": 1, "create_databases": ["a", "b", "c"], "#),
        ] {
            let old = format!("{{{declared}\"tokens\": [{one}]}}");
            let new = appended(&old, &["a", "b", "c", "b"]);
            assert!(new.starts_with(&format!("{{{after}\"tokens\": [{one},{{")), "{new}");
        }
    }

    /// Between the tokens of one line stands what stands between its members, where there is one token.
    #[test]
    fn a_second_token_stands_as_far_off_as_members_do() {
        for space in ["", " ", "  "] {
            let one = |name: &str, rest: &str| {
                format!(r#"{{"token":{space}"apiv3_{name}",{space}"name":{space}"{name}",{rest}}}"#)
            };
            let old = one("x", &format!(r#"{space}"permissions":{space}[]"#));
            let new = appended(&format!("{{\"tokens\": [{old}]}}"), &[]);
            let begins = format!("{{\"tokens\": [{old},{space}{{\"token\":{space}\"apiv3_new\"");
            assert!(new.starts_with(&begins), "{new}");
        }
    }

    /// Permissions have no example where the last token has none: they take the indentation of its members.
    #[test]
    fn a_list_without_example_is_indented_as_deep_as_its_owner() {
        for (unit, closing) in [("  ", "  "), ("\t", "\t"), ("    ", "")] {
            let (outer, inner) = (closing, format!("{closing}{unit}"));
            let old = format!(
                "{{\"tokens\": [\n{outer}{{\n{inner}\"token\": \"apiv3_x\",\n{inner}\"name\": \"x\",\n\
                 {inner}\"permissions\": []\n{outer}}}\n]}}"
            );
            let deeper = format!("{inner}{unit}");
            let list = format!("[\n{deeper}\"db:a:read\",\n{deeper}\"db:b:read\"\n{inner}]");
            assert!(appended(&old, &[]).contains(&list), "{}", appended(&old, &[]));
        }
    }

    #[test]
    fn an_empty_list_takes_the_style_of_the_file() {
        assert_eq!(appended(r#"{"tokens":[]}"#, &[]), format!("{{\"tokens\":[{NEW}]}}"));
        let pretty = appended("{\n  \"a\": 1,\n  \"tokens\": []\n}\n", &["a"]);
        let fresh = append(None, &token(), &[DatabaseName::parse("a").expect("valid")]);
        let fresh = fresh.expect("appends").text.to_string();
        assert_eq!(pretty, fresh.replacen("{\n", "{\n  \"a\": 1,\n", 1));
    }

    #[test]
    fn twins_and_files_that_do_not_load_are_refused() {
        let file = |secret: &str, name: &str| {
            format!(
                r#"{{"tokens": [{{"token": "{secret}", "name": "{name}", "permissions": []}}]}}"#
            )
        };
        let error = |old: &str| match append(Some(old.as_bytes()), &token(), &[]) {
            Ok(_) => panic!("{old} was appended to"),
            Err(error) => error.to_string(),
        };
        assert_eq!(error(&file("apiv3_x", "new")), "a token named `new` is there already");
        assert_eq!(error(&file("apiv3_new", "x")), "the token `x` has the same string");
        assert!(error("{}").ends_with("(missing-member)"));
        assert!(error("{\"tokens\": [], \"tokens\": []}").ends_with("(duplicate-member)"));
        assert!(error(r#"{"token": "apiv3_x", "name": "_admin"}"#).contains("admin token file"));
    }

    #[test]
    fn an_empty_file_counts_as_absent() {
        let fresh = append(None, &token(), &[]).expect("appends").text;
        assert_eq!(*append(Some(b""), &token(), &[]).expect("appends").text, *fresh);
    }
}
