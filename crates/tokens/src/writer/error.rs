//! Why a file is not edited, in words.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::suggest::nearest;
use crate::{Document, LineIndex, Position, Reading, TokenName, quote};

/// Why a file was not edited. It stays as it is (FILE-03). Shown, it is a sentence without a secret.
pub enum EditError {
    /// There is no file to take a token from.
    NoFile,
    /// The old file does not load: the first error of the outermost layer, and where it is.
    DoesNotLoad(Option<(Box<Diagnostic>, Position)>),
    /// The old file is an admin token file.
    AdminFile,
    /// No token has this name, the first; perhaps the second is meant.
    NoSuchToken(String, Option<TokenName<'static>>),
    /// A token of this name is there already.
    NameExists(TokenName<'static>),
    /// A token of this name has the same string.
    SecretExists(TokenName<'static>),
}

/// The masked words, as for people (GEN-07).
impl fmt::Debug for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EditError({self})")
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::DoesNotLoad(Some((error, Position { line, column }))) => {
                let Diagnostic { message, code, .. } = &**error;
                let at = format!("line {line}, column {column}");
                write!(f, "the file does not load: {message}, at {at} ({code})")
            }
            EditError::DoesNotLoad(None) => f.write_str("the file does not load"),
            EditError::AdminFile => {
                f.write_str("the file is an admin token file, which holds one token alone")
            }
            EditError::NoFile => f.write_str("there is no such file"),
            EditError::NoSuchToken(name, meant) => {
                write!(f, "no token is named {}", quote(name))?;
                let Some(meant) = meant else { return Ok(()) };
                write!(f, "; is it {}?", quote(meant.as_str()))
            }
            EditError::NameExists(name) => {
                write!(f, "a token named {} is there already", quote(name.as_str()))
            }
            EditError::SecretExists(name) => {
                write!(f, "the token {} has the same string", quote(name.as_str()))
            }
        }
    }
}

impl std::error::Error for EditError {}

impl EditError {
    /// The first error of a file that does not load.
    pub(super) fn does_not_load(reading: &Reading<'_>) -> Self {
        let place = |error: &Diagnostic| {
            let start = error.place.as_ref().map_or(0, |place| place.span.start);
            (Box::new(error.clone()), LineIndex::new(reading.text()).position(start))
        };
        EditError::DoesNotLoad(reading.first_error().map(place))
    }

    /// With the name that was probably meant.
    pub(super) fn no_such_token(document: &Document<'_>, name: &str) -> Self {
        let names = document.tokens().iter().map(|token| token.name.as_str());
        let meant = nearest(name, names).and_then(|meant| document.token(meant));
        EditError::NoSuchToken(name.to_owned(), meant.map(|token| token.name.clone().into_owned()))
    }
}
