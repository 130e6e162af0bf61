//! Taking a token out of a file; every other byte stays (FILE-02).

use zeroize::Zeroizing;

use super::EditError;
use super::edit::{self, Change, Edit};
use crate::{Span, Token};

/// A file without a token that it had. Made by [`remove`].
pub struct Removed {
    /// The whole new file.
    pub text: Zeroizing<String>,
    /// The token that was removed.
    pub token: Token<'static>,
    /// How many tokens the file holds now.
    pub tokens: usize,
}

/// Removes the token of this name from a file's bytes.
///
/// Every other byte stays (FILE-02), and databases stay declared. A server that has made the token keeps
/// it.
///
/// # Errors
///
/// [`EditError::NoFile`] for `None`, [`EditError::DoesNotLoad`], [`EditError::AdminFile`], or
/// [`EditError::NoSuchToken`], perhaps with the name that was meant.
///
/// ```
/// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "app", "permissions": []},
///   {"token": "apiv3_y", "name": "web", "permissions": []}]}"#;
/// let removed = tokens::remove(Some(file), "app")?;
/// assert_eq!(
///     *removed.text,
///     r#"{"tokens": [{"token": "apiv3_y", "name": "web", "permissions": []}]}"#
/// );
/// assert_eq!(removed.token.name.as_str(), "app");
/// let error = tokens::remove(Some(file), "ap").err().unwrap();
/// assert_eq!(error.to_string(), "no token is named `ap`; is it `app`?");
/// # Ok::<(), tokens::EditError>(())
/// ```
pub fn remove(old: Option<&[u8]>, name: &str) -> Result<Removed, EditError> {
    let reading = crate::read(old.ok_or(EditError::NoFile)?, None);
    let (draft, edit) = edit::open(&reading)?;
    let document = draft.document().ok_or_else(|| EditError::does_not_load(&reading))?;
    let index = document.index_of(name);
    let found = index.and_then(|at| Some((document.tokens().get(at)?, edit.removal(at)?)));
    let (token, change) = found.ok_or_else(|| EditError::no_such_token(&document, name))?;
    let token = token.clone().into_owned();
    Ok(Removed { text: edit.apply(vec![change]), token, tokens: document.tokens().len() - 1 })
}

impl Edit<'_> {
    /// Takes an element of `tokens` out, with the comma that parts it from the one before it or, where
    /// it is the first, behind it.
    fn removal(&self, index: usize) -> Option<Change> {
        let elements = self.elements();
        let this = self.span(elements.get(index)?);
        let before = index.checked_sub(1).and_then(|at| elements.get(at));
        let span = match (before, elements.get(index + 1)) {
            (Some(before), _) => Span::new(self.span(before).end, this.end),
            (None, Some(behind)) => Span::new(this.start, self.span(behind).start),
            (None, None) => {
                let array = self.span(self.tokens.1);
                Span::new(array.start + 1, array.end.saturating_sub(1))
            }
        };
        Some((span, String::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: &str) -> String {
        format!(r#"{{"token": "apiv3_{name}", "name": "{name}", "permissions": []}}"#)
    }

    #[test]
    fn one_token_goes_and_all_else_stays() {
        let [a, b, c] = ["a", "b", "c"].map(token);
        let file = |tokens: &str| format!("{{\"x\": 1.0,\r\n \"tokens\": [{tokens}] , \"x\": 1}}");
        let all = format!("\n\t{a},\n\n\t{b} ,\t{c}\n");
        for (name, left) in [
            ("a", format!("\n\t{b} ,\t{c}\n")),
            ("b", format!("\n\t{a} ,\t{c}\n")),
            ("c", format!("\n\t{a},\n\n\t{b}\n")),
        ] {
            let removed = remove(Some(file(&all).as_bytes()), name).expect("removed");
            assert_eq!(*removed.text, file(&left));
            assert_eq!((removed.token.name.as_str(), removed.tokens), (name, 2));
        }
        let last = remove(Some(file(&format!("\n\t{a}\n")).as_bytes()), "a").expect("removed");
        assert_eq!(*last.text, file(""));
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        let error = |old: Option<&str>, name: &str| {
            remove(old.map(str::as_bytes), name).err().expect("refused").to_string()
        };
        assert_eq!(error(None, "a"), "there is no such file");
        assert!(error(Some(""), "a").contains("does not load"));
        assert!(error(Some(r#"{"token": "apiv3_x", "name": "a"}"#), "a").contains("admin"));
        let file = format!("{{\"tokens\": [{}]}}", token("ก"));
        assert_eq!(error(Some(&file), "x"), "no token is named `x`");
    }
}
