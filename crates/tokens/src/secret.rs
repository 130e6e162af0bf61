//! Token strings: how they are made, told apart, and kept out of sight (GEN-01, GEN-07, TOK-01).
//!
//! Whoever has a token string may do what the token may do, and a server keeps only its hash. So people
//! know a token by its name and its *fingerprint*, nine hex digits of the hash that are safe to print.
//!
//! ```
//! use tokens::{Secret, os};
//!
//! let secret = os::new_secret()?;
//! let fingerprint = secret.hash().fingerprint().to_owned();
//! assert_eq!(format!("{secret:?}"), format!("Secret({fingerprint})"));
//!
//! // One that is there already, as a file or a vault has it.
//! let given = Secret::parse("apiv3_x".to_owned())?;
//! assert_ne!(given, secret);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

/// What every token string begins with, byte for byte (TOK-01).
pub const PREFIX: &str = "apiv3_";

/// How many random bytes a generated token holds (GEN-01): 512 bits.
pub const ENTROPY_BYTES: usize = 64;

/// A token's string. It shows itself only through [`expose`](Self::expose): `Debug` prints the
/// fingerprint, and an owned one is wiped when it is dropped.
///
/// What it borrows from is for the owner to wipe.
///
/// `==` takes longer the more is equal. Where somebody who must not know a string can measure that, compare
/// hashes, as servers do.
///
/// ```
/// use tokens::Secret;
/// let secret = Secret::from_entropy(&[7; 64]);
/// assert_eq!(secret.expose().len(), 92);
/// assert_eq!(format!("{secret:?}"), format!("Secret({})", secret.hash().fingerprint()));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret<'a>(Cow<'a, str>);

impl<'a> Secret<'a> {
    /// Takes a token string. A `&str` is borrowed, a `String` kept. Whether it can be guessed, or cannot be
    /// sent in a header, is for the checks to say: `weak-token`, `unusable-token`.
    ///
    /// # Errors
    ///
    /// When it does not begin with `apiv3_` (TOK-01).
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, PrefixError> {
        let secret = Secret(text.into());
        if secret.0.starts_with(PREFIX) { Ok(secret) } else { Err(PrefixError::of(&secret.0)) }
    }

    /// The token's text, with `apiv3_`. Whoever calls this decides where a secret goes (GEN-07).
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The part after `apiv3_`, as secret as the whole.
    pub fn exposed_part(&self) -> &str {
        self.0.strip_prefix(PREFIX).unwrap_or(&self.0)
    }

    /// The hash by which servers know this token, made anew with each call.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }

    /// The same secret, borrowing this one's text.
    pub fn borrowed(&self) -> Secret<'_> {
        Secret(Cow::Borrowed(&self.0))
    }

    /// The same secret, owning its text.
    pub fn into_owned(mut self) -> Secret<'static> {
        Secret(Cow::Owned(std::mem::take(&mut self.0).into_owned()))
    }
}

impl Secret<'static> {
    /// The token string of 64 random bytes: `apiv3_` and URL-safe base64 without padding, together
    /// 92 characters (GEN-01). Where the bytes come from is [`os`](crate::os)'s business:
    /// [`os::new_secret`](crate::os::new_secret) is what programs want, and this is for tests.
    pub fn from_entropy(entropy: &[u8; ENTROPY_BYTES]) -> Self {
        // Room for the whole, so that growing leaves no copy behind.
        let mut text = String::with_capacity(PREFIX.len() + ENTROPY_BYTES * 4 / 3 + 1);
        text.push_str(PREFIX);
        URL_SAFE_NO_PAD.encode_string(entropy, &mut text);
        Secret(Cow::Owned(text))
    }
}

impl Drop for Secret<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.hash().fingerprint())
    }
}

/// Whether the text decodes to exactly the 64 bytes that a generated token carries.
pub(crate) fn is_generated(part: &str) -> bool {
    let mut bytes = Zeroizing::new([0; ENTROPY_BYTES + 3]);
    URL_SAFE_NO_PAD.decode_slice(part, bytes.as_mut_slice()) == Ok(ENTROPY_BYTES)
}

/// SHA-512 of a whole token string, `apiv3_` included, as 128 lower-case hex digits (GEN-01). It has no
/// `Display`, since most often the fingerprint is what is wanted.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(String);

impl TokenHash {
    pub(crate) fn of(text: &str) -> Self {
        let mut hex = String::with_capacity(128);
        for byte in Sha512::digest(text) {
            for nibble in [byte >> 4, byte & 0xf] {
                hex.push(char::from_digit(nibble.into(), 16).unwrap_or_default());
            }
        }
        TokenHash(hex)
    }

    /// All 128 digits, as servers keep them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first 9 digits, which is how `show tokens` and `system.tokens` name a token.
    ///
    /// ```
    /// let secret = tokens::Secret::parse("apiv3_x")?;
    /// assert_eq!(secret.hash().fingerprint(), "d02b0b6e3");
    /// # Ok::<(), tokens::secret::PrefixError>(())
    /// ```
    pub fn fingerprint(&self) -> &str {
        self.0.get(..9).unwrap_or(&self.0)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({}…)", self.fingerprint())
    }
}

/// A token string without `apiv3_` in front. The string itself is not shown, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrefixError(Resemblance);

/// What the string looks like; nothing here repeats any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Resemblance {
    Empty,
    ShellVariable,
    Padded,
    OtherCase,
    Misspelled,
    Nothing,
}

impl PrefixError {
    pub(crate) fn of(text: &str) -> Self {
        let trimmed = text.trim_start();
        let word = text.split('_').next().unwrap_or_default();
        PrefixError(if text.is_empty() {
            Resemblance::Empty
        } else if crate::suggest::is_shell_variable(text) {
            Resemblance::ShellVariable
        } else if trimmed.starts_with(PREFIX) {
            Resemblance::Padded
        } else if text.to_lowercase().starts_with(PREFIX) {
            Resemblance::OtherCase
        } else if word.len() < text.len() && crate::suggest::nearest(word, ["apiv3"]).is_some() {
            Resemblance::Misspelled
        } else {
            Resemblance::Nothing
        })
    }

    /// The way out, without a full stop.
    pub fn help(self) -> &'static str {
        match self.0 {
            Resemblance::Empty => "perhaps a shell variable was not set",
            Resemblance::ShellVariable => crate::suggest::UNEXPANDED,
            Resemblance::Padded => "remove the white space in front: it is never trimmed",
            Resemblance::OtherCase => "write `apiv3_` in lower case",
            Resemblance::Misspelled => "its prefix looks like a misspelled `apiv3_`",
            Resemblance::Nothing => {
                "a server takes only strings that begin with `apiv3_`: generate one with `create token`"
            }
        }
    }
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Resemblance::Empty => "a token string is empty",
            _ => "a token string does not begin with `apiv3_`",
        })
    }
}

impl std::error::Error for PrefixError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_token_is_url_safe_base64_of_its_bytes() {
        let secret = Secret::from_entropy(&[0xff; ENTROPY_BYTES]);
        assert_eq!(secret.expose().len(), 92);
        assert_eq!(secret.expose(), format!("apiv3_{}w", "_".repeat(85)));
        assert!(is_generated(secret.exposed_part()));
        assert!(!is_generated("abc") && !is_generated(&"_".repeat(86)));
    }

    #[test]
    fn the_hash_is_sha_512_of_the_whole_string() {
        // printf %s apiv3_x | sha512sum
        let hash = Secret::parse("apiv3_x").expect("prefixed").hash();
        assert_eq!(hash.as_str().len(), 128);
        assert_eq!(hash.fingerprint(), "d02b0b6e3");
        assert_ne!(hash, Secret::parse("apiv3_X").expect("prefixed").hash());
    }

    #[test]
    fn a_wrong_prefix_is_explained_without_the_text() {
        for (text, word) in [
            ("", "variable was not set"),
            ("$TOKEN", "not expanded"),
            (" apiv3_hidden", "white space"),
            ("APIV3_hidden", "lower case"),
            ("api3_hidden", "misspelled"),
            ("apiv2_hidden", "misspelled"),
            ("hidden", "generate one"),
            ("hidden_too", "generate one"),
            ("apiv3", "generate one"),
        ] {
            let error = Secret::parse(text).expect_err(text);
            assert!(error.help().contains(word), "{text}: {}", error.help());
            let words = if text.is_empty() { "is empty" } else { "does not begin with `apiv3_`" };
            assert_eq!(error.to_string(), format!("a token string {words}"), "{text}");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hidden"));
        }
    }

    #[test]
    fn a_secret_shows_itself_by_its_fingerprint() {
        let secret = Secret::parse("apiv3_x").expect("prefixed");
        assert_eq!(format!("{secret:?}"), "Secret(d02b0b6e3)");
        assert_eq!(format!("{:?}", secret.hash()), "TokenHash(d02b0b6e3…)");
    }
}
