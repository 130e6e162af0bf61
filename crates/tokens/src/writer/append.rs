//! Appending as an edit of the old text: what is not touched stays as it was to the byte (FILE-01,
//! FILE-02).

use std::collections::HashSet;
use std::fmt;

use zeroize::Zeroizing;

use super::style::{self, Spacing, TokenStyle};
use super::{json_string, render};
use crate::diagnostic::Diagnostic;
use crate::reader::json::{self, JsonType};
use crate::reader::{Kind, escape};
use crate::{DatabaseName, Document, LineIndex, Position, Reading, Span, Token, TokenName, quote};

/// A file with a new token at its end.
pub struct Appended {
    /// The whole new file.
    pub text: Zeroizing<String>,
    /// The databases that the file declares now, in order; the new ones are the last.
    pub databases: Vec<DatabaseName<'static>>,
    /// How many of them are new.
    pub new_databases: usize,
    /// How many tokens the file holds now.
    pub tokens: usize,
}

/// Why nothing was appended. The old file stays as it is (FILE-03).
#[derive(Debug)]
pub enum AppendError {
    /// The old file does not load: the first error of the outermost layer, and where it is.
    DoesNotLoad(Option<(Box<Diagnostic>, Position)>),
    /// The old file is an admin token file.
    AdminFile,
    /// A token of this name is there already.
    NameExists(TokenName<'static>),
    /// A token of this name has the same string.
    SecretExists(TokenName<'static>),
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AppendError::DoesNotLoad(Some((error, Position { line, column }))) => {
                let Diagnostic { message, code, .. } = &**error;
                let at = format!("line {line}, column {column}");
                write!(f, "the file does not load: {message}, at {at} ({code})")
            }
            AppendError::DoesNotLoad(None) => f.write_str("the file does not load"),
            AppendError::AdminFile => {
                f.write_str("the file is an admin token file, which holds one token alone")
            }
            AppendError::NameExists(name) => {
                write!(f, "a token named {} is there already", quote(name.as_str()))
            }
            AppendError::SecretExists(name) => {
                write!(f, "the token {} has the same string", quote(name.as_str()))
            }
        }
    }
}

impl std::error::Error for AppendError {}

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
) -> Result<Appended, AppendError> {
    let Some(old) = old.filter(|old| !old.is_empty()) else {
        let new = not_in(&[], databases);
        let text = render(&new, std::slice::from_ref(token));
        return Ok(Appended { text, new_databases: new.len(), databases: new, tokens: 1 });
    };
    let reading = crate::read(old, None);
    if reading.loads() && reading.kind() == Some(Kind::Admin) {
        return Err(AppendError::AdminFile);
    }
    let (Some(document), Some(edit)) = (reading.document(), Edit::new(reading.text())) else {
        return Err(AppendError::DoesNotLoad(first_error(&reading)));
    };
    refuse_twins(&document, token)?;
    let new = not_in(document.create_databases(), databases);
    let text = edit.run(token, &new);
    let new_databases = new.len();
    let old = document.create_databases().iter().cloned().map(DatabaseName::into_owned);
    let databases = old.chain(new).collect();
    Ok(Appended { text, databases, new_databases, tokens: document.tokens().len() + 1 })
}

fn first_error(reading: &Reading<'_>) -> Option<(Box<Diagnostic>, Position)> {
    let error = reading.first_error()?;
    let start = error.place.as_ref().map_or(0, |place| place.span.start);
    let position = LineIndex::new(reading.text()).position(start);
    Some((Box::new(error.clone()), position))
}

fn refuse_twins(document: &Document<'_>, token: &Token<'_>) -> Result<(), AppendError> {
    for old in document.tokens() {
        if old.name == token.name {
            return Err(AppendError::NameExists(token.name.clone().into_owned()));
        }
        if old.secret == token.secret {
            return Err(AppendError::SecretExists(old.name.clone().into_owned()));
        }
    }
    Ok(())
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

/// A replacement of a span of the old text.
type Change = (Span, String);

/// A file that loads, ready to be edited.
struct Edit<'t> {
    text: &'t str,
    members: Vec<(&'t str, &'t str)>,
    /// The spacing of the file's members.
    top: Spacing,
    /// The array of tokens with its name, and its elements.
    tokens: (&'t str, &'t str),
    elements: Vec<&'t str>,
    style: TokenStyle,
}

impl<'t> Edit<'t> {
    /// None only for a text that does not load.
    fn new(text: &'t str) -> Option<Self> {
        let file = json::value(text).ok()?;
        let members = json::members(file);
        let tokens = find(&members, "tokens")?;
        let elements = json::elements(tokens.1);
        let style = elements.last().and_then(|last| TokenStyle::of(last));
        let hint = style.as_ref().map_or(" ", TokenStyle::hint);
        let top = Spacing::of(file, &style::pairs(file, &members), hint)?;
        let style = style.unwrap_or_else(|| TokenStyle::within(&top));
        Some(Edit { text, members, top, tokens, elements, style })
    }

    fn run(&self, token: &Token<'_>, databases: &[DatabaseName<'_>]) -> Zeroizing<String> {
        let names = databases.iter().map(|name| json_string(name.as_str()).into_owned());
        let names: Vec<String> = names.collect();
        let mut changes = Vec::new();
        if !names.is_empty() {
            changes.push(self.declare(&names));
        }
        changes.push(self.add_token(token));
        changes.sort_by_key(|(span, _)| *span);
        self.apply(&changes)
    }

    fn apply(&self, changes: &[Change]) -> Zeroizing<String> {
        let added: usize = changes.iter().map(|(_, text)| text.len()).sum();
        // All the room at once, so that nothing is copied.
        let mut new = Zeroizing::new(String::with_capacity(self.text.len() + added));
        let mut done = 0;
        for (span, text) in changes {
            new.push_str(Span::new(done, span.start).slice(self.text));
            new.push_str(text);
            done = span.end;
        }
        new.push_str(Span::new(done, self.text.len()).slice(self.text));
        new
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
            Some((_, null)) => (Span::of(self.text, null), self.new_list(names)),
            None => {
                let start = Span::of(self.text, self.tokens.0);
                let colon = Span::new(start.end, Span::of(self.text, self.tokens.1).start);
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
            return (Span::of(self.text, array), spacing.bracketed(('[', ']'), new));
        };
        let end = Span::of(self.text, last).end;
        let text = new.iter().map(|new| format!(",{}{new}", spacing.between)).collect();
        (Span::new(end, end), text)
    }
}

/// The member of this name, however it is spelled.
fn find<'t>(members: &[(&'t str, &'t str)], name: &str) -> Option<(&'t str, &'t str)> {
    let is_named = |quoted: &str| {
        let raw = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        escape::decode_lossy(raw) == name
    };
    members.iter().find(|(quoted, _)| is_named(quoted)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Permission, Secret};

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
