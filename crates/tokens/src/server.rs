//! The version of a server, for rules that were others once (VER-01 to VER-06).

use std::fmt;
use std::str::FromStr;

use crate::quote;

/// The version of a server, such as `3.9` or `3.11.1`. One of two numbers stands for its newest patch.
///
/// It is for [`Context::server`](crate::Context::server), and read by `str::parse`, which refuses what is
/// before 3.4: no server took tokens files then. Versions are in their order.
///
/// ```
/// use tokens::ServerVersion;
///
/// let version: ServerVersion = "3.11".parse()?;
/// assert!(version > "3.11.1".parse()?);
/// assert_eq!(version.to_string(), "3.11");
/// # Ok::<(), tokens::ServerVersionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerVersion {
    minor: u32,
    patch: u32,
}

/// The patch of a version that names none: the newest.
const NEWEST: u32 = u32::MAX;

impl ServerVersion {
    /// The first that knows tokens files.
    pub(crate) const FIRST: Self = ServerVersion { minor: 4, patch: 0 };

    /// The first with `db:*`, `ready`, `delete` and `describe`, and the one that tells resource tokens
    /// from admin tokens (VER-01 to VER-04).
    pub(crate) const V3_10: Self = ServerVersion { minor: 10, patch: 0 };

    /// The first that refuses a token string given twice (VER-05).
    pub(crate) const V3_11_1: Self = ServerVersion { minor: 11, patch: 1 };
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            NEWEST => write!(f, "3.{}", self.minor),
            patch => write!(f, "3.{}.{patch}", self.minor),
        }
    }
}

/// Why a text is no version of a server that takes tokens files; in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVersionError(String);

impl fmt::Display for ServerVersionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ServerVersionError {}

impl FromStr for ServerVersion {
    type Err = ServerVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
        let version = match numbers.as_deref() {
            Some([3, minor]) => ServerVersion { minor: *minor, patch: NEWEST },
            Some([3, minor, patch]) => ServerVersion { minor: *minor, patch: *patch },
            _ => {
                let message = format!("{} is no version: write 3.9 or 3.11.1", quote(text));
                return Err(ServerVersionError(message));
            }
        };
        if version < ServerVersion::FIRST {
            let message = format!("{version} knows no tokens files: they came with 3.4");
            return Err(ServerVersionError(message));
        }
        Ok(version)
    }
}

fn number(digits: &str) -> Option<u32> {
    // `u32` takes a sign.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> ServerVersion {
        text.parse().expect(text)
    }

    #[test]
    fn versions_are_ordered_and_two_numbers_are_the_newest_patch() {
        let texts = ["3.4.0", "3.9", "3.10.0", "3.10", "3.11.0", "3.11.1", "3.11", "3.12.0"];
        assert!(texts.map(version).is_sorted());
        assert_eq!(texts.map(|text| version(text).to_string()), texts);
        assert_eq!(version("3.10.0"), ServerVersion::V3_10);
        assert_eq!(version("3.11.1"), ServerVersion::V3_11_1);
    }

    #[test]
    fn other_texts_are_refused_in_words() {
        for text in ["", "3", "3.", "v3.9", "3.9-rc1", "2.7", "3.+9", "3.9.1.0", "3.99999999999"] {
            let error = text.parse::<ServerVersion>().expect_err(text).to_string();
            assert!(error.ends_with("is no version: write 3.9 or 3.11.1"), "{error}");
        }
        let error = "3.3".parse::<ServerVersion>().expect_err("too old").to_string();
        assert_eq!(error, "3.3 knows no tokens files: they came with 3.4");
    }
}
