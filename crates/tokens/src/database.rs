//! Database names (DB-01, DB-02).

use std::borrow::Cow;
use std::fmt;

use crate::{quote, suggest};

/// A valid database name, or `database/retention-policy`: 1 to 511 bytes of ASCII letters, digits,
/// `_` and `-`, of which the first is a letter or a digit, with at most one `/` inside (DB-01).
///
/// Names are compared byte for byte, and one with a retention policy is a database of its own (ACC-09).
///
/// ```
/// use tokens::DatabaseName;
/// assert!(DatabaseName::parse("sensors/30d").is_ok());
/// let error = DatabaseName::parse("my db").unwrap_err();
/// assert_eq!(error.to_string(), "`my db` is not a database name: it holds ` ` at character 3");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DatabaseName<'a>(Cow<'a, str>);

/// The longest name, in bytes (DB-01).
pub const LONGEST_NAME: usize = 511;

/// The longest name that is documented to work, in characters before the `/` (DB-02).
pub const LONGEST_DOCUMENTED_NAME: usize = 64;

impl<'a> DatabaseName<'a> {
    /// Reads a name. A `&str` is borrowed, a `String` kept.
    ///
    /// # Errors
    ///
    /// The first fault from the left, with its place in characters from 1; too long comes last.
    pub fn parse(name: impl Into<Cow<'a, str>>) -> Result<Self, DatabaseNameError> {
        let name = name.into();
        match fault(&name) {
            None => Ok(DatabaseName(name)),
            Some(fault) => Err(DatabaseNameError { name: name.into_owned(), fault }),
        }
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same name, owning its text.
    pub fn into_owned(self) -> DatabaseName<'static> {
        DatabaseName(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Display for DatabaseName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Masked, since somebody may have put a token string in the wrong place (GEN-07).
impl fmt::Debug for DatabaseName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseName({})", quote(&self.0))
    }
}

#[derive(Clone, PartialEq, Eq)]
enum Fault {
    Empty,
    /// A `_`, `-` or `/` in the first place.
    First,
    /// A character that no name holds, and its byte offset.
    Character(char, usize),
    /// A `/` in the last place.
    LastSlash,
    SecondSlash,
    TooLong,
}

fn fault(name: &str) -> Option<Fault> {
    let mut slashes = 0;
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            _ if byte.is_ascii_alphanumeric() => {}
            b'_' | b'-' | b'/' if at == 0 => return Some(Fault::First),
            b'_' | b'-' => {}
            b'/' if slashes == 0 => slashes = 1,
            b'/' => return Some(Fault::SecondSlash),
            // Everything before is ASCII, so a character begins here.
            _ => return name.get(at..)?.chars().next().map(|c| Fault::Character(c, at)),
        }
    }
    match name.len() {
        0 => Some(Fault::Empty),
        _ if name.ends_with('/') => Some(Fault::LastSlash),
        length if length > LONGEST_NAME => Some(Fault::TooLong),
        _ => None,
    }
}

/// A text that is no database name, and why. Shown, it is a sentence in which the text is masked and cut.
///
/// ```
/// let error = tokens::DatabaseName::parse(" sensors").unwrap_err();
/// assert_eq!(error.help(), "write `sensors`, without white space");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseNameError {
    name: String,
    fault: Fault,
}

impl DatabaseNameError {
    /// The way out, without a full stop.
    pub fn help(&self) -> String {
        let trimmed = self.name.trim();
        if suggest::is_shell_variable(&self.name) {
            suggest::UNEXPANDED.to_owned()
        } else if DatabaseName::parse(trimmed).is_ok() {
            format!("write {}, without white space", quote(trimmed))
        } else if self.name.contains('*') {
            "there are no patterns: list the names, or grant on `*` alone".to_owned()
        } else {
            "use 1 to 511 ASCII letters, digits, `_` and `-`, beginning with a letter or a digit, \
             with at most one `/` inside"
                .to_owned()
        }
    }
}

impl fmt::Display for DatabaseNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return f.write_str("a database name is empty");
        }
        write!(f, "{} is not a database name: it ", quote(&self.name))?;
        match self.fault {
            Fault::Empty => f.write_str("is empty"),
            Fault::First => f.write_str("does not begin with a letter or a digit"),
            Fault::Character(character, at) => {
                let mut buffer = [0; 4];
                let shown = quote(character.encode_utf8(&mut buffer));
                write!(f, "holds {shown} at character {}", at + 1)
            }
            Fault::LastSlash => f.write_str("ends with `/`"),
            Fault::SecondSlash => f.write_str("holds more than one `/`"),
            Fault::TooLong => {
                write!(f, "has {} bytes, {LONGEST_NAME} are allowed", self.name.len())
            }
        }
    }
}

/// The masked words, as for people (GEN-07).
impl fmt::Debug for DatabaseNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseNameError({self})")
    }
}

impl std::error::Error for DatabaseNameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_accepted_and_refused_as_db_01_says() {
        let longest = "a".repeat(LONGEST_NAME);
        for name in ["a", "1", "A-b_c", "a/b", "1/-", "1/_", "a_", "a-", longest.as_str()] {
            assert!(DatabaseName::parse(name).is_ok(), "{name}");
        }
        let too_long = "a".repeat(LONGEST_NAME + 1);
        for (name, message) in [
            ("", "is empty"),
            ("_internal", "does not begin with a letter or a digit"),
            ("-a", "does not begin with a letter or a digit"),
            ("/a", "does not begin with a letter or a digit"),
            ("a/", "ends with `/`"),
            ("a/b/c", "holds more than one `/`"),
            ("a b", "holds ` ` at character 2"),
            ("aé", "holds `é` at character 2"),
            ("a\n", "holds `\\n` at character 2"),
            ("a.b", "holds `.` at character 2"),
            ("a１", "holds `１` at character 2"),
            (too_long.as_str(), "has 512 bytes, 511 are allowed"),
        ] {
            let error = DatabaseName::parse(name).expect_err(name);
            assert!(error.to_string().ends_with(message), "{error}");
        }
    }

    #[test]
    fn the_help_fits_the_fault() {
        let help = |name: &str| DatabaseName::parse(name).expect_err(name).help();
        assert!(help("$DB").contains("shell variable"));
        assert_eq!(help(" db1 "), "write `db1`, without white space");
        assert!(help(" db 1 ").starts_with("use 1 to 511"));
        assert!(help("db*").contains("no patterns"));
    }
}
