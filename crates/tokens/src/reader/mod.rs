//! From bytes to a document and every problem at once.
//!
//! `pass` goes once over a text, and `file` and `token` say what it passes: they make the draft of a
//! file, and findings about what is faulty. `semantic` looks at what tokens are, alone and together.
//! `words` says what was found, when somebody asks.

mod draft;
pub(crate) mod escape;
mod expiry;
mod file;
mod finding;
pub(crate) mod json;
mod known;
mod members;
mod pass;
mod semantic;
mod syntax;
#[cfg(test)]
mod tests;
mod token;
mod words;

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

pub(crate) use draft::{Draft, DraftToken, Entry, Member, Outline, Text, Unknown, pointer_to};
pub(crate) use known::Known;

use finding::{Fault, Finding, Spot};

use crate::diagnostic::Diagnostic;
use crate::{AdminToken, Document};

/// Which of the two files a document is (ADM-03). Its members tell, not its name.
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
            match Known::named(name) {
                Some(Known::Tokens | Known::CreateDatabases) => return Some(Kind::Permission),
                Some(Known::Token) => admin = true,
                _ => {}
            }
        }
        admin.then_some(Kind::Admin)
    }
}

/// What reading a file found: its [`Document`], or what keeps it from loading. Made by [`read`].
///
/// | to … | use |
/// |---|---|
/// | know whether a server loads it | [`loads`](Self::loads) |
/// | have what it says | [`document`](Self::document), [`into_document`](Self::into_document) |
/// | have what an admin token file says | [`admin_token`](Self::admin_token) |
/// | know why it does not load | [`errors`](Self::errors), [`first_error`](Self::first_error) |
/// | hear warnings too | [`check`](fn@crate::check) |
pub struct Reading<'a> {
    text: Cow<'a, str>,
    kind: Option<Kind>,
    draft: Option<Draft<'a>>,
    found: Vec<Finding<'a>>,
    /// What was found in words, once somebody has asked.
    errors: OnceLock<Vec<Diagnostic>>,
}

/// Reads the bytes of a file, of either kind. With `expected` a file of the other kind is an error
/// (`wrong-kind`), and one whose members do not tell is held to what is expected.
///
/// It never fails: what is wrong is in the [`Reading`], all of it at once. For a file on disk there is
/// [`store::read`](crate::store::read), whose bytes are for this function.
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
            let text = String::from_utf8_lossy(bytes);
            let fault = Fault::NotUtf8(bytes, error);
            let found = vec![Finding { spot: Spot::File, raw: "", fault }];
            return Reading { text, kind: None, draft: None, found, errors: OnceLock::new() };
        }
    };
    let text = source.strip_prefix('\u{feff}');
    let (kind, draft, mut found) = file::read(source, text.unwrap_or(source), expected);
    if text.is_some() {
        found.push(Finding { spot: Spot::File, raw: "", fault: Fault::ByteOrderMark });
    }
    let text = Cow::Borrowed(source);
    Reading { text, kind, draft, found, errors: OnceLock::new() }
}

/// Sorts findings by where they begin; those without a place come first.
pub(crate) fn in_file_order(found: &mut [Diagnostic]) {
    found.sort_by_key(|diagnostic| diagnostic.place.as_ref().map(|place| place.span.start));
}

impl<'a> Reading<'a> {
    /// The file's text, secrets included, to which all spans refer. Of a file that is not UTF-8, what can
    /// be shown of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why the file does not load, in file order, all of it. Empty if it does: warnings are for
    /// [`check`](fn@crate::check) to find.
    pub fn errors(&self) -> &[Diagnostic] {
        self.errors.get_or_init(|| self.said_errors())
    }

    /// The errors once more, in words of their own.
    pub(crate) fn said_errors(&self) -> Vec<Diagnostic> {
        let said = self.found.iter().map(|finding| words::diagnostic(&self.text, finding));
        let mut errors = said.collect::<Vec<_>>();
        in_file_order(&mut errors);
        errors
    }

    /// Whether a server would load the file.
    pub fn loads(&self) -> bool {
        self.found.is_empty()
    }

    /// The error that counts most: of the outermost layer the first in the text.
    pub fn first_error(&self) -> Option<&Diagnostic> {
        self.errors().iter().min_by_key(|error| error.code.layer())
    }

    /// What the file is by its members; none where they do not tell.
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// How many tokens the file holds, good and bad; an admin token file holds one.
    pub fn token_count(&self) -> usize {
        self.draft.as_ref().map_or(0, |draft| draft.tokens().count())
    }

    /// The document, where the file is a permission tokens file that loads. It borrows from this reading,
    /// which is still there to find places in; [`into_document`](Self::into_document) is faster where it is
    /// not needed any more.
    pub fn document(&self) -> Option<Document<'_>> {
        self.loaded(Kind::Permission)?.document()
    }

    /// The document without a copy of anything, borrowing from the bytes alone; the reading again where there
    /// is none.
    ///
    /// # Errors
    ///
    /// When the file is no permission tokens file, or does not load.
    ///
    /// ```
    /// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "a", "permissions": []}]}"#;
    /// let document = tokens::read(file, None).into_document().unwrap();
    /// assert_eq!(document.tokens()[0].name.as_str(), "a");
    /// let reading = tokens::read(b"{}", None).into_document().unwrap_err();
    /// assert_eq!(reading.errors()[0].code.name(), "missing-member");
    /// ```
    pub fn into_document(mut self) -> Result<Document<'a>, Box<Self>> {
        if self.loaded(Kind::Permission).is_none() {
            return Err(Box::new(self));
        }
        self.draft.take().and_then(Draft::into_document).ok_or_else(|| Box::new(self))
    }

    /// The token, where the file is an admin token file that loads.
    pub fn admin_token(&self) -> Option<AdminToken<'_>> {
        self.loaded(Kind::Admin)?.admin_token()
    }

    /// The draft of a file that loads as what it is.
    pub(crate) fn loaded(&self, kind: Kind) -> Option<&Draft<'a>> {
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
            .field("errors", &self.errors())
            .finish_non_exhaustive()
    }
}
