//! A file as a text that is edited: what is not touched stays as it was to the byte (FILE-02).

use zeroize::Zeroizing;

use super::EditError;
use super::style::{self, Spacing, TokenStyle};
use crate::reader::json;
use crate::reader::{Kind, escape};
use crate::{Document, Reading, Secret, Span, TokenName};

/// A replacement of a span of the old text.
pub(super) type Change = (Span, String);

/// A file that loads, ready to be edited.
pub(super) struct Edit<'t> {
    pub(super) text: &'t str,
    pub(super) members: Vec<(&'t str, &'t str)>,
    /// The spacing of the file's members.
    pub(super) top: Spacing,
    /// The array of tokens with its name, and its elements.
    pub(super) tokens: (&'t str, &'t str),
    pub(super) elements: Vec<&'t str>,
    /// The layout of the last token, or one that goes with the file.
    pub(super) style: TokenStyle,
}

/// What a file says and its text, where it is a permission tokens file that loads (FILE-03).
pub(super) fn open<'r>(reading: &'r Reading<'_>) -> Result<(Document<'r>, Edit<'r>), EditError> {
    if reading.loads() && reading.kind() == Some(Kind::Admin) {
        return Err(EditError::AdminFile);
    }
    let opened = reading.document().zip(Edit::new(reading.text()));
    opened.ok_or_else(|| EditError::does_not_load(reading))
}

/// TOK-04, TOK-06: no other token has this string or this name; `except` may keep its name.
pub(super) fn refuse_twins(
    document: &Document<'_>,
    secret: &Secret<'_>,
    name: Option<&TokenName<'_>>,
    except: Option<usize>,
) -> Result<(), EditError> {
    for (index, other) in document.tokens().iter().enumerate() {
        if Some(&other.name) == name && Some(index) != except {
            return Err(EditError::NameExists(other.name.clone().into_owned()));
        }
        if other.secret == *secret {
            return Err(EditError::SecretExists(other.name.clone().into_owned()));
        }
    }
    Ok(())
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

    /// Where a slice of the text lies in it.
    pub(super) fn span(&self, part: &str) -> Span {
        Span::of(self.text, part)
    }

    /// The text with changes made to it, which do not overlap.
    pub(super) fn apply(&self, mut changes: Vec<Change>) -> Zeroizing<String> {
        changes.sort_by_key(|(span, _)| *span);
        let added: usize = changes.iter().map(|(_, text)| text.len()).sum();
        // All the room at once, so that nothing is copied.
        let mut new = Zeroizing::new(String::with_capacity(self.text.len() + added));
        let mut done = 0;
        for (span, text) in changes {
            new.push_str(Span::new(done, span.start).slice(self.text));
            new.push_str(&text);
            done = span.end;
        }
        new.push_str(Span::new(done, self.text.len()).slice(self.text));
        new
    }
}

/// The member of this name, however it is spelled.
pub(super) fn find<'t>(members: &[(&'t str, &'t str)], name: &str) -> Option<(&'t str, &'t str)> {
    let is_named = |quoted: &str| {
        let raw = quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default();
        escape::decode_lossy(raw) == name
    };
    members.iter().find(|(quoted, _)| is_named(quoted)).copied()
}
