//! Giving a token of a file a new string; every other byte stays (FILE-02).

use zeroize::Zeroizing;

use super::edit::{self, Change, Edit, Twins, find};
use super::style::TokenStyle;
use super::{EditError, json_string};
use crate::reader::json;
use crate::{Secret, Span, Token, TokenName};

/// What is new about a token, for [`rotate`].
pub struct Rotation<'r> {
    /// Its new string.
    pub secret: Secret<'r>,
    /// Its new name, where it gets one; else it keeps its own.
    pub name: Option<TokenName<'r>>,
    /// Its new expiry in milliseconds since the Unix epoch, where it gets one; else it keeps its own, or
    /// none. `i64::MAX` is never (TOK-09).
    pub expiry_millis: Option<i64>,
}

/// A file in which a token has a new string. Made by [`rotate`].
pub struct Rotated {
    /// The whole new file.
    pub text: Zeroizing<String>,
    /// The token as it was.
    pub old: Token<'static>,
    /// The token as it is.
    pub new: Token<'static>,
}

/// Gives the token of this name in a file's bytes a new string, and perhaps a new name and expiry.
///
/// Its permissions stay, and so does its place, and every byte that is not about these (FILE-02). A server
/// that has made the token keeps the old string.
///
/// # Errors
///
/// [`EditError::NoFile`] for `None`, [`EditError::DoesNotLoad`], [`EditError::AdminFile`],
/// [`EditError::NoSuchToken`], or [`EditError::NameExists`] or [`EditError::SecretExists`] when another token
/// has the new name or the new string.
///
/// ```
/// use tokens::{Rotation, Secret, rotate};
///
/// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": []}]}"#;
/// let rotation =
///     Rotation { secret: Secret::parse("apiv3_y")?, name: None, expiry_millis: Some(5) };
/// let rotated = rotate(Some(file), "app", &rotation)?;
/// assert_eq!(
///     *rotated.text,
///     r#"{"tokens": [{"token": "apiv3_y", "name": "app", "expiry_millis": 5, "permissions": []}]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rotate(
    old: Option<&[u8]>,
    name: &str,
    rotation: &Rotation<'_>,
) -> Result<Rotated, EditError> {
    let reading = crate::read(old.ok_or(EditError::NoFile)?, None);
    let (draft, edit) = edit::open(&reading)?;
    let document = draft.document().ok_or_else(|| EditError::does_not_load(&reading))?;
    let (index, elements) = (document.index_of(name), edit.elements());
    let found = index.and_then(|at| Some((at, document.tokens().get(at)?, elements.get(at)?)));
    let (at, old, object) = found.ok_or_else(|| EditError::no_such_token(&document, name))?;
    let twins = Twins {
        is_name: |name: &str| rotation.name.as_ref().is_some_and(|new| new.as_str() == name),
        is_secret: |secret: &str| rotation.secret.expose() == secret,
    };
    twins.refuse(draft, Some(at))?;
    let changes = edit.rotation(object, rotation);
    let new = Token {
        secret: rotation.secret.clone(),
        name: rotation.name.clone().unwrap_or_else(|| old.name.clone()),
        expiry_millis: rotation.expiry_millis.or(old.expiry_millis),
        permissions: old.permissions.clone(),
    };
    Ok(Rotated { text: edit.apply(changes), old: old.clone().into_owned(), new: new.into_owned() })
}

impl Edit<'_> {
    fn rotation(&self, object: &str, rotation: &Rotation<'_>) -> Vec<Change> {
        let members = json::members(object);
        let value = |name: &str| find(&members, name).map(|(_, value)| self.span(value));
        let change = |span: Option<Span>, text: &str| Some((span?, json_string(text).into_owned()));
        let secret = change(value("token"), rotation.secret.expose());
        let name = rotation.name.as_ref().and_then(|name| change(value("name"), name.as_str()));
        let expiry = rotation.expiry_millis.and_then(|millis| match value("expiry_millis") {
            Some(span) => Some((span, millis.to_string())),
            None => self.new_expiry(object, value("name")?, millis),
        });
        [secret, name, expiry].into_iter().flatten().collect()
    }

    /// In the layout of the token, behind its name.
    fn new_expiry(&self, object: &str, name: Span, millis: i64) -> Option<Change> {
        let style = TokenStyle::of(object)?;
        let member = style.further_member("expiry_millis", &millis.to_string());
        Some((Span::new(name.end, name.end), member))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotation(name: Option<&'static str>, expiry_millis: Option<i64>) -> Rotation<'static> {
        let name = name.map(|name| TokenName::parse(name).expect("not empty"));
        Rotation { secret: Secret::parse("apiv3_new").expect("prefixed"), name, expiry_millis }
    }

    #[test]
    fn only_what_is_new_changes() {
        let file = |token: &str| {
            let a = r#"{"token":"apiv3_a","name":"a","permissions":["db:x:read"]}"#;
            format!("{{\r\n\t\"tokens\":[{token}, {a}], \"x\":1.00}}")
        };
        let new = |old: &str, rotation: &Rotation<'_>| {
            let rotated = rotate(Some(file(old).as_bytes()), "b", rotation).expect("rotated");
            let reading = crate::read(rotated.text.as_bytes(), None);
            let document = reading.document().expect("loads");
            assert_eq!(document.tokens().first(), Some(&rotated.new));
            rotated.text.to_string()
        };
        let old = "{\n \"permissions\" : [] ,\n \"n\\u0061me\" :\"\\u0062\",\n \"token\": \"apiv3_b\",\n \"y\": 1e3}";
        let swapped = old.replace("apiv3_b", "apiv3_new");
        assert_eq!(new(old, &rotation(None, None)), file(&swapped));
        let renamed = swapped.replace("\\u0062", "ก");
        assert_eq!(new(old, &rotation(Some("ก"), None)), file(&renamed));
        let dated = renamed.replace("ก\",\n", "ก\",\n \"expiry_millis\": 7,\n");
        assert_eq!(new(old, &rotation(Some("ก"), Some(7))), file(&dated));
        let null = old.replace("1e3", "1e3, \"expiry_millis\": null");
        let dated = swapped.replace("1e3", "1e3, \"expiry_millis\": -7");
        assert_eq!(
            new(&null, &rotation(Some("b"), Some(-7))).replace("\"b\"", "\"\\u0062\""),
            file(&dated)
        );
    }

    #[test]
    fn twins_are_refused() {
        let file = r#"{"tokens": [{"token": "apiv3_a", "name": "a", "permissions": []},
            {"token": "apiv3_b", "name": "b", "permissions": []}]}"#;
        let error = |name: &str, rotation: &Rotation<'_>| {
            rotate(Some(file.as_bytes()), name, rotation).err().expect("refused").to_string()
        };
        assert_eq!(error("a", &rotation(Some("b"), None)), "a token named `b` is there already");
        assert_eq!(error("B", &rotation(None, None)), "no token is named `B`; is it `b`?");
        let same = Rotation {
            secret: Secret::parse("apiv3_a").expect("prefixed"),
            ..rotation(None, None)
        };
        assert_eq!(error("a", &same), "the token `a` has the same string");
    }
}
