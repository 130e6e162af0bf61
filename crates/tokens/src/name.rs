//! Token names (TOK-05 to TOK-07): how people and files tell tokens apart.
//!
//! A server takes any name but the empty one, line ends and escape sequences included. So a name has no
//! `Display`: it is shown with [`quote`](fn@crate::quote) or [`visible`](crate::visible).
//!
//! ```
//! use tokens::{TokenName, quote};
//!
//! let name = TokenName::parse("night shift\u{1b}[2J")?;
//! assert_eq!(name.as_str().len(), 15);
//! assert_eq!(quote(name.as_str()), r"`night shift\u{1b}[2J`");
//! # Ok::<(), tokens::name::EmptyNameError>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use crate::quote;

/// The name that the operator token of a server has (TOK-07). A token of a permission tokens file had better
/// not have it: `reserved-name`.
pub const OPERATOR_NAME: &str = "_admin";

/// A token's name: any text but the empty one, of any length. Names are compared byte for byte (TOK-06).
///
/// ```
/// use tokens::TokenName;
/// assert_ne!(TokenName::parse("a")?, TokenName::parse("a ")?);
/// assert!(TokenName::parse("").is_err());
/// # Ok::<(), tokens::name::EmptyNameError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenName<'a>(Cow<'a, str>);

impl<'a> TokenName<'a> {
    /// Takes a name. A `&str` is borrowed, a `String` kept.
    ///
    /// # Errors
    ///
    /// When it is empty (TOK-05).
    pub fn parse(name: impl Into<Cow<'a, str>>) -> Result<Self, EmptyNameError> {
        let name = name.into();
        if name.is_empty() { Err(EmptyNameError) } else { Ok(TokenName(name)) }
    }

    /// The name `_admin`, [`OPERATOR_NAME`].
    pub fn operator() -> Self {
        TokenName(Cow::Borrowed(OPERATOR_NAME))
    }

    /// The name's text, as it is: see the [module](self) before it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name, owning its text.
    pub fn into_owned(self) -> TokenName<'static> {
        TokenName(Cow::Owned(self.0.into_owned()))
    }
}

/// Masked, since somebody may have put a token string in the wrong place (GEN-07).
impl fmt::Debug for TokenName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenName({})", quote(&self.0))
    }
}

/// A token's name is empty (TOK-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyNameError;

impl fmt::Display for EmptyNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token's name is empty")
    }
}

impl std::error::Error for EmptyNameError {}
