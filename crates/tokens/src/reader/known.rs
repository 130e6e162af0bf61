//! The members that have a meaning, and which objects know them.

use crate::Kind;
use crate::spelled::spelled;

/// A member that has a meaning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    CreateDatabases,
    Tokens,
    Token,
    Name,
    ExpiryMillis,
    Permissions,
}

spelled!(Known {
    CreateDatabases = "create_databases",
    Tokens = "tokens",
    Token = "token",
    Name = "name",
    ExpiryMillis = "expiry_millis",
    Permissions = "permissions",
});

impl Known {
    /// The members of a permission tokens file (DOC-06, DOC-08).
    pub(crate) const OF_FILE: &[Known] = &[Known::Tokens, Known::CreateDatabases];

    /// The members of a token: of a permission tokens file, or of the admin token file, which is one
    /// (ADM-02).
    pub(crate) fn of_token(kind: Kind) -> &'static [Known] {
        match kind {
            Kind::Permission => {
                &[Known::Token, Known::Name, Known::ExpiryMillis, Known::Permissions]
            }
            Kind::Admin => &[Known::Token, Known::Name, Known::ExpiryMillis],
        }
    }

    /// The member that has this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Known::spelled(name)
    }

    pub(crate) fn as_str(self) -> &'static str {
        self.spelling()
    }

    /// Whether an object that knows it must have it (TOK-08, DOC-08).
    pub(crate) fn is_required(self) -> bool {
        !matches!(self, Known::CreateDatabases | Known::ExpiryMillis)
    }
}
