//! From bytes to a document and every problem at once.
//!
//! A plain file takes the quick path, one pass of serde. Anything else takes the careful path, which
//! reads level by level and knows where everything is. Both make the same draft, and what a draft's
//! tokens must be together is looked at after either.

mod careful;
mod draft;
pub(crate) mod escape;
mod expiry;
pub(crate) mod json;
mod quick;
mod semantic;
mod syntax;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;

pub(crate) use draft::{Draft, DraftToken, Entry, Text, pointer_to};

use crate::diagnostic::{Diagnostic, Rule, rules};
use crate::{AdminToken, Document};

/// Which of the two files a document is (ADM-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A permission (resource) tokens file: it has `tokens` or `create_databases`.
    Permission,
    /// An admin token file: it has `token`.
    Admin,
}

impl Kind {
    /// `permission` or `admin`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Permission => "permission",
            Kind::Admin => "admin",
        }
    }

    fn described(self) -> &'static str {
        match self {
            Kind::Permission => "a permission tokens file",
            Kind::Admin => "an admin token file",
        }
    }

    /// The kind of an object with these members.
    fn of<'n>(members: impl Iterator<Item = &'n str>) -> Option<Self> {
        let mut admin = false;
        for name in members {
            match name {
                "tokens" | "create_databases" => return Some(Kind::Permission),
                "token" => admin = true,
                _ => {}
            }
        }
        admin.then_some(Kind::Admin)
    }

    /// The members that a token object of this kind knows.
    pub(crate) fn token_members(self) -> &'static [&'static str] {
        match self {
            Kind::Permission => &["token", "name", "expiry_millis", "permissions"],
            Kind::Admin => &["token", "name", "expiry_millis"],
        }
    }

    fn required_members(self) -> &'static [&'static str] {
        match self {
            Kind::Permission => &["token", "name", "permissions"],
            Kind::Admin => &["token", "name"],
        }
    }

    fn rule_of(self, member: &str) -> Rule {
        match (self, member) {
            (Kind::Admin, _) => rules::ADM_02,
            (_, "token") => rules::TOK_01,
            (_, "name") => rules::TOK_06,
            (_, "permissions") => rules::TOK_10,
            _ => rules::TOK_08,
        }
    }
}

/// What reading a file found.
pub struct Reading<'a> {
    text: Cow<'a, str>,
    kind: Option<Kind>,
    draft: Option<Draft<'a>>,
    errors: Vec<Diagnostic>,
}

/// Reads a file. With `expected` a file of the other kind is an error.
///
/// ```
/// let file = br#"{"tokens": [
///     {"token": "x", "name": "a", "permissions": ["db:sensors:raed"]}
/// ]}"#;
/// let reading = tokens::read(file, None);
/// let codes: Vec<&str> = reading.errors().iter().map(|error| error.code.name()).collect();
/// assert_eq!(codes, ["token-prefix", "permission-action"]);
/// assert!(reading.document().is_none());
/// ```
pub fn read(bytes: &[u8], expected: Option<Kind>) -> Reading<'_> {
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            let errors = vec![syntax::not_utf8(bytes, &error)];
            let text = String::from_utf8_lossy(bytes);
            return Reading { text, kind: None, draft: None, errors };
        }
    };
    let quick = quick::read(source).filter(|draft| expected.is_none_or(|kind| kind == draft.kind));
    let (kind, draft, mut errors) = match quick {
        Some(draft) => (Some(draft.kind), Some(draft), Vec::new()),
        None => careful(source, expected),
    };
    if let Some(draft) = &draft {
        errors.extend(semantic::errors(draft));
    }
    in_file_order(&mut errors);
    Reading { text: Cow::Borrowed(source), kind, draft, errors }
}

fn careful(
    source: &str,
    expected: Option<Kind>,
) -> (Option<Kind>, Option<Draft<'_>>, Vec<Diagnostic>) {
    let text = source.strip_prefix('\u{feff}');
    let (kind, draft, mut errors) = careful::read(source, text.unwrap_or(source), expected);
    if text.is_some() {
        errors.push(syntax::byte_order_mark());
    }
    (kind, draft, errors)
}

/// Sorts findings by where they begin; those without a place come first.
pub(crate) fn in_file_order(found: &mut [Diagnostic]) {
    found.sort_by_key(|diagnostic| diagnostic.place.as_ref().map(|place| place.span.start));
}

impl<'a> Reading<'a> {
    /// The file's text, to which all spans refer. Of a file that is not UTF-8, what can be shown of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the file does not load, in file order. Empty if it does.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    /// Whether a server would load the file.
    pub fn loads(&self) -> bool {
        self.errors.is_empty()
    }

    /// The error that counts most: of the outermost layer the first in the text.
    pub fn first_error(&self) -> Option<&Diagnostic> {
        self.errors.iter().min_by_key(|error| error.code.layer())
    }

    /// What the file is by its members; none where they do not tell.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// How many tokens the file holds, good and bad.
    pub fn token_count(&self) -> usize {
        self.draft.as_ref().map_or(0, |draft| draft.tokens().count())
    }

    /// The document, where the file is a permission tokens file that loads.
    pub fn document(&self) -> Option<Document<'_>> {
        self.loaded(Kind::Permission)?.document()
    }

    /// The token, where the file is an admin token file that loads.
    pub fn admin_token(&self) -> Option<AdminToken<'_>> {
        self.loaded(Kind::Admin)?.admin_token()
    }

    fn loaded(&self, kind: Kind) -> Option<&Draft<'a>> {
        self.draft.as_ref().filter(|draft| self.loads() && draft.kind == kind)
    }

    pub(crate) fn draft(&self) -> Option<&Draft<'a>> {
        self.draft.as_ref()
    }
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text is full of secrets (GEN-07).
        f.debug_struct("Reading")
            .field("bytes", &self.text.len())
            .field("kind", &self.kind)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}
