//! Appending a token at the end of a file (FILE-01, FILE-02).

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::edit::{self, Change, Edit, Twins};
use super::style::{self, Spacing};
use super::{EditError, push_json_string, render};
use crate::reader::json::{self, JsonType};
use crate::{DatabaseName, Span, Token};

/// A file with new tokens at its end. Made by [`append`] and [`append_all`].
pub struct Appended {
    /// The whole new file.
    pub text: Zeroizing<String>,
    /// Whether there was no file before, or an empty one.
    pub is_new: bool,
    /// The databases that the file declares now, in order; the new ones are the last.
    pub databases: Vec<DatabaseName<'static>>,
    /// How many of the databases are new.
    pub new_databases: usize,
    /// How many tokens the file holds now.
    pub tokens: usize,
}

/// Appends a token at the end of a file's bytes, and declares those of `databases` that are not declared yet.
///
/// Every other byte stays, and the new text is laid out as the old one is. An empty file counts as absent
/// (FILE-03), as does `None`: then there is a new file, laid out as by [`render`](fn@crate::render).
///
/// To put it into effect on disk, see [`store::update`](crate::store::update). A server that was started with
/// the file once takes no notice of what is appended; see [`mod@crate::plan`].
///
/// # Errors
///
/// [`EditError::DoesNotLoad`] or [`EditError::AdminFile`] for an old file that is none to append to,
/// [`EditError::NameExists`] or [`EditError::SecretExists`] when it has a token of this name or with this
/// string.
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
    let twins = Twins {
        is_name: |name: &str| name == token.name.as_str(),
        is_secret: |secret: &str| secret == token.secret.expose(),
    };
    append_with(old, std::slice::from_ref(token), databases, &twins)
}

/// Appends many tokens at once, in their order, as [`append`] does one: all of them or none.
///
/// # Errors
///
/// Those of [`append`], also when two of the new tokens have the same name or string.
///
/// ```
/// use tokens::{EditError, Secret, Token, TokenName, append_all};
///
/// let token = |name| -> Result<_, Box<dyn std::error::Error>> {
///     let secret = tokens::os::new_secret()?;
///     let name = TokenName::parse(name)?;
///     Ok(Token { secret, name, expiry_millis: None, permissions: vec![] })
/// };
/// let [a, b] = [token("a")?, token("b")?];
/// let both = append_all(Some(br#"{"tokens":[]}"#), &[a.clone(), b], &[])?;
/// assert_eq!(both.tokens, 2);
/// assert!(matches!(append_all(None, &[a.clone(), a], &[]), Err(EditError::NameExists(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn append_all(
    old: Option<&[u8]>,
    tokens: &[Token<'_>],
    databases: &[DatabaseName<'_>],
) -> Result<Appended, EditError> {
    let [mut names, mut secrets] = [(); 2].map(|()| HashSet::with_capacity(tokens.len()));
    for token in tokens {
        if !names.insert(token.name.as_str()) {
            return Err(EditError::NameExists(token.name.clone().into_owned()));
        }
        if !secrets.insert(token.secret.expose()) {
            return Err(EditError::SecretExists(token.name.clone().into_owned()));
        }
    }
    let twins = Twins {
        is_name: |name: &str| names.contains(name),
        is_secret: |secret: &str| secrets.contains(secret),
    };
    append_with(old, tokens, databases, &twins)
}

fn append_with(
    old: Option<&[u8]>,
    tokens: &[Token<'_>],
    databases: &[DatabaseName<'_>],
    twins: &Twins<impl Fn(&str) -> bool, impl Fn(&str) -> bool>,
) -> Result<Appended, EditError> {
    let Some(old) = old.filter(|old| !old.is_empty()) else {
        return Ok(first(tokens, not_in(&[], databases)));
    };
    let reading = crate::read(old, None);
    let (draft, edit) = edit::open(&reading)?;
    twins.refuse(draft, None)?;
    let old = draft.databases().map(|(_, name)| DatabaseName::parse(name.as_str().to_owned()));
    let mut old: Vec<_> = old.filter_map(Result::ok).collect();
    let new = not_in(&old, databases);
    let text = edit.append(tokens, &new);
    let new_databases = new.len();
    old.extend(new);
    let (databases, tokens) = (old, reading.token_count() + tokens.len());
    Ok(Appended { text, is_new: false, databases, new_databases, tokens })
}

/// A file of their own for tokens.
fn first(tokens: &[Token<'_>], databases: Vec<DatabaseName<'static>>) -> Appended {
    let text = render(&databases, tokens);
    let new_databases = databases.len();
    Appended { text, is_new: true, databases, new_databases, tokens: tokens.len() }
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
    fn append(&self, tokens: &[Token<'_>], databases: &[DatabaseName<'_>]) -> Zeroizing<String> {
        let names: Vec<&str> = databases.iter().map(DatabaseName::as_str).collect();
        let mut changes = Vec::new();
        if !tokens.is_empty() {
            changes.push(self.add_tokens(tokens));
        }
        if !names.is_empty() {
            changes.push(self.declare(&names));
        }
        self.apply(changes)
    }

    /// FILE-01: at the end of `tokens`.
    fn add_tokens(&self, tokens: &[Token<'_>]) -> Change {
        let elements = self.outline.elements.as_slice();
        let render = |token: &Token<'_>, text: &mut String| self.style.render(token, text);
        self.push(self.tokens.1, elements, self.style.hint(), tokens, render)
    }

    /// FILE-01: at the end of `create_databases`, which is made if it is absent or null.
    fn declare(&self, names: &[&str]) -> Change {
        match self.outline.create_databases {
            Some((_, list)) if JsonType::of(list) == JsonType::Array => {
                let elements = json::elements(list);
                let render = |name: &&str, text: &mut String| push_json_string(text, name);
                self.push(list, &elements, self.top.hint(), names, render)
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

    fn new_list(&self, names: &[&str]) -> String {
        let mut text = String::new();
        let render = |name: &&str, text: &mut String| push_json_string(text, name);
        style::nested(&self.top).write(('[', ']'), names, &mut text, render);
        text
    }

    /// Elements at the end of an array, in the spacing of those that are there.
    fn push<T>(
        &self,
        array: &str,
        elements: &[&str],
        hint: &str,
        new: &[T],
        render: impl Fn(&T, &mut String),
    ) -> Change {
        let mut text = String::new();
        let (Some(last), Some(spacing)) = (elements.last(), Spacing::of(array, elements, hint))
        else {
            style::nested(&self.top).write(('[', ']'), new, &mut text, render);
            return (self.span(array), text);
        };
        let end = self.span(last).end;
        for new in new {
            text.push(',');
            text.push_str(&spacing.between);
            render(new, &mut text);
        }
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

    #[test]
    fn many_tokens_are_appended_as_one_is() {
        let token = |name: &'static str| Token {
            secret: Secret::parse(format!("apiv3_{name}")).expect("prefixed"),
            name: TokenName::parse(name).expect("not empty"),
            expiry_millis: None,
            permissions: vec![Permission::parse("db:a:read").expect("valid")],
        };
        let tokens = ["a", "b", "c"].map(token);
        for old in [
            None,
            Some("{\n  \"tokens\": []\n}\n"),
            Some(r#"{"tokens":[ {"token":"apiv3_x","name":"x","permissions":[]} ]}"#),
        ] {
            let old = old.map(str::as_bytes);
            let one_by_one = tokens.iter().fold(old.map(<[u8]>::to_vec), |file, token| {
                let appended = append(file.as_deref(), token, &[]).expect("appends");
                Some(appended.text.as_bytes().to_vec())
            });
            let all = append_all(old, &tokens, &[]).expect("appends");
            assert_eq!(Some(all.text.as_bytes()), one_by_one.as_deref());
            assert_eq!(all.tokens, 3 + usize::from(old.is_some_and(|old| old.ends_with(b" ]}"))));
        }
        let text = append_all(None, &tokens, &[]).expect("appends").text;
        let file = Some(text.as_bytes());
        let [a, b, _] = tokens;
        let renamed = Token { name: TokenName::parse("new").expect("not empty"), ..a.clone() };
        for (old, tokens, taken) in [
            (None, [a.clone(), renamed.clone()], "new"),
            (None, [a.clone(), Token { secret: b.secret.clone(), ..a.clone() }], "a"),
            (file, [token("new"), b.clone()], "b"),
            (file, [renamed, token("d")], "a"),
        ] {
            let error = append_all(old, &tokens, &[]).err().expect("a twin");
            assert!(error.to_string().contains(&format!("`{taken}`")), "{error}");
        }
        assert_eq!(*append_all(file, &[], &[]).expect("nothing").text, *text);
    }

    #[test]
    fn the_layout_is_that_of_the_ends() {
        let one =
            |name: &str| format!(r#"{{"token":"apiv3_{name}","name":"{name}","permissions":[]}}"#);
        let [a, b, c, d] = ["a", "b", "c", "d"].map(one);
        let tokens = format!("[ {a},{b},{c},\t{d} ]");
        let old = format!("{{\n\"w\":0,\"x\":1,\"y\":2,\n\"tokens\":{tokens}\n}}");
        let new = appended(&old, &["q"]);
        let token = NEW.replace(": ", ":").replace(", \"", ",\"").replace("\", \"", "\",\"");
        let list = "\"create_databases\":[\n  \"q\"\n],\n\"tokens\"";
        let expected = old.replace(&d, &format!("{d},\t{token}")).replace("\"tokens\"", list);
        assert_eq!(new, expected);
    }
}
