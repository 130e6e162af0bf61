//! A file as a text that is edited: what is not touched stays as it was to the byte (FILE-02).

use zeroize::Zeroizing;

use super::EditError;
use super::style::{self, Spacing, TokenStyle};
use crate::reader::{Draft, Kind, Member, Outline, escape, json};
use crate::{Reading, Span, TokenName};

/// A replacement of a span of the old text.
pub(super) type Change = (Span, String);

/// A file that loads, ready to be edited.
pub(super) struct Edit<'t> {
    pub(super) text: &'t str,
    pub(super) outline: &'t Outline<'t>,
    /// The spacing of the file's members.
    pub(super) top: Spacing,
    /// The array of tokens with its name.
    pub(super) tokens: Member<'t>,
    /// The layout of the last token, or one that goes with the file.
    pub(super) style: TokenStyle,
}

/// What is known of a file and its text, where it is a permission tokens file that loads (FILE-03).
pub(super) fn open<'r>(reading: &'r Reading<'_>) -> Result<(&'r Draft<'r>, Edit<'r>), EditError> {
    if reading.loads() && reading.kind() == Some(Kind::Admin) {
        return Err(EditError::AdminFile);
    }
    let draft = reading.loaded(Kind::Permission);
    let opened = draft.and_then(|draft| Some((draft, Edit::new(draft)?)));
    opened.ok_or_else(|| EditError::does_not_load(reading))
}

/// What names and strings new tokens have.
pub(super) struct Twins<N, S> {
    pub(super) is_name: N,
    pub(super) is_secret: S,
}

impl<N: Fn(&str) -> bool, S: Fn(&str) -> bool> Twins<N, S> {
    /// TOK-04, TOK-06: no token of a file has these; `except` may keep its name.
    pub(super) fn refuse(&self, draft: &Draft<'_>, except: Option<usize>) -> Result<(), EditError> {
        for (index, other) in draft.tokens() {
            let (Some(name), Some(secret)) = (&other.name, &other.token) else { continue };
            let owned = || TokenName::parse(name.as_str().to_owned());
            if (self.is_name)(name.as_str()) && Some(index) != except {
                return owned().map_or(Ok(()), |name| Err(EditError::NameExists(name)));
            }
            if (self.is_secret)(secret.as_str()) {
                return owned().map_or(Ok(()), |name| Err(EditError::SecretExists(name)));
            }
        }
        Ok(())
    }
}

impl<'t> Edit<'t> {
    /// None only for a draft that does not load.
    fn new(draft: &'t Draft<'_>) -> Option<Self> {
        let outline = &draft.outline;
        let style = outline.elements.as_slice().last().and_then(|last| TokenStyle::of(last));
        let hint = style.as_ref().map_or(" ", TokenStyle::hint);
        let members = style::pairs(outline.object, outline.members.as_slice());
        let top = Spacing::of(outline.object, &members, hint)?;
        let style = style.unwrap_or_else(|| TokenStyle::within(&top));
        Some(Edit { text: draft.source, outline, top, tokens: outline.tokens?, style })
    }

    /// All tokens, in order.
    pub(super) fn elements(&self) -> Vec<&'t str> {
        json::elements(self.tokens.1)
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
