//! What a token is for, in words: the member `description`, which servers ignore (DOC-05).

use zeroize::Zeroizing;

use super::edit::find;
use super::style::TokenStyle;
use super::{EditError, json_string};
use crate::reader::{escape, json};
use crate::{Kind, Span};

const DESCRIPTION: &str = "description";

/// Gives the token of this name in a file of either kind a description, in place of the one it may have.
///
/// Every other byte stays (FILE-02). Servers ignore the member `description`, and the checks say nothing about
/// it.
///
/// # Errors
///
/// [`EditError::DoesNotLoad`], or [`EditError::NoSuchToken`].
///
/// ```
/// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": []}]}"#;
/// let described = tokens::describe(file, "app", "the web shop")?;
/// assert!(described.ends_with(r#""permissions": [], "description": "the web shop"}]}"#));
/// # Ok::<(), tokens::EditError>(())
/// ```
pub fn describe(old: &[u8], name: &str, description: &str) -> Result<Zeroizing<String>, EditError> {
    let reading = crate::read(old, None);
    if !reading.loads() {
        return Err(EditError::does_not_load(&reading));
    }
    let text = reading.text();
    let objects = match reading.kind() {
        Some(Kind::Admin) => vec![text],
        _ => find(&json::members(text), "tokens").map_or(Vec::new(), |(_, l)| json::elements(l)),
    };
    let object = objects.into_iter().find(|object| is_named(object, name));
    let (span, new) = object
        .and_then(|object| change(text, object, description))
        .ok_or_else(|| EditError::NoSuchToken(name.to_owned(), None))?;
    let mut edited = Zeroizing::new(String::with_capacity(text.len() + new.len()));
    for part in [Span::new(0, span.start).slice(text), &new] {
        edited.push_str(part);
    }
    edited.push_str(Span::new(span.end, text.len()).slice(text));
    Ok(edited)
}

fn is_named(object: &str, name: &str) -> bool {
    let members = json::members(object);
    let value = find(&members, "name").map(|(_, value)| json::unquoted(value));
    value.is_some_and(|value| escape::decode_lossy(value) == name)
}

/// In the place of the old description, or behind the last member.
fn change(text: &str, object: &str, description: &str) -> Option<(Span, String)> {
    let members = json::members(object);
    let value = json_string(description);
    if let Some((_, old)) = find(&members, DESCRIPTION) {
        return Some((Span::of(text, old), value.into_owned()));
    }
    let end = Span::of(text, members.last()?.1).end;
    let member = TokenStyle::of(object)?.further_member(DESCRIPTION, &value);
    Some((Span::new(end, end), member))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(file: &str, name: &str) -> String {
        describe(file.as_bytes(), name, "é \"x\"").expect(file).to_string()
    }

    #[test]
    fn a_description_stands_behind_all_else_in_the_layout_of_the_token() {
        let file = r#" {"tokens": [{"token": "apiv3_x", "name": "a", "permissions": []},
  {
    "token": "apiv3_y",
    "n\u0061me": "\u0062",
    "permissions": []
  }]}"#;
        let one_line = file.replacen("[]}", r#"[], "description": "é \"x\""}"#, 1);
        assert_eq!(described(file, "a"), one_line);
        let lines = file.replace("[]\n", "[],\n    \"description\": \"é \\\"x\\\"\"\n");
        assert_eq!(described(file, "b"), lines);
    }

    #[test]
    fn the_old_description_is_replaced_also_of_an_admin_token() {
        let file = r#"{"description": {"x": 1}, "token": "apiv3_x", "name": "_admin"}"#;
        assert_eq!(described(file, "_admin"), file.replace(r#"{"x": 1}"#, r#""é \"x\"""#));
    }

    #[test]
    fn only_tokens_that_are_there_are_described() {
        let error = |file: &[u8]| describe(file, "a", "x").expect_err("refused").to_string();
        assert_eq!(error(br#"{"tokens": []}"#), "no token is named `a`");
        assert_eq!(error(br#"{"token": "apiv3_x", "name": "b"}"#), "no token is named `a`");
        assert!(error(b"").contains("does not load"));
    }
}
