//! What a tokens file says, once it is known to load.

use std::collections::HashSet;

use crate::{DatabaseName, Expiry, Permission, Secret, TokenHash, TokenName};

/// A permission tokens file that loads: every value valid, names and secrets unique.
///
/// It borrows from the file's text where it can. Made by [`Reading::document`](crate::Reading::document),
/// and never by hand: for new files see [`append_all`](crate::append_all).
///
/// ```
/// let file = br#"{"create_databases": ["a", "b", "a"], "tokens": [
///     {"token": "apiv3_x", "name": "app", "permissions": ["db:a:read"]}]}"#;
/// let reading = tokens::read(file, None);
/// let document = reading.document().unwrap();
/// assert_eq!(document.distinct_databases(), ["a", "b"]);
/// assert_eq!(document.token("app").unwrap().permissions[0].as_str(), "db:a:read");
/// assert!(document.token("App").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    pub(crate) create_databases: Vec<DatabaseName<'a>>,
    pub(crate) tokens: Vec<Token<'a>>,
}

impl<'a> Document<'a> {
    /// The databases to create, in file order, repeats included (DB-03).
    pub fn create_databases(&self) -> &[DatabaseName<'a>] {
        &self.create_databases
    }

    /// The databases to create, in file order, each once.
    pub fn distinct_databases(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let names = self.create_databases.iter().map(DatabaseName::as_str);
        names.filter(|name| seen.insert(*name)).collect()
    }

    /// The tokens, in file order.
    pub fn tokens(&self) -> &[Token<'a>] {
        &self.tokens
    }

    /// The token of this name, compared byte for byte (TOK-06). It looks at one token after the other.
    ///
    /// By its string a token is found with `document.tokens().iter().find(|token| token.secret == secret)`.
    pub fn token(&self, name: &str) -> Option<&Token<'a>> {
        self.tokens.get(self.index_of(name)?)
    }

    /// Which of the tokens has this name.
    pub(crate) fn index_of(&self, name: &str) -> Option<usize> {
        self.tokens.iter().position(|token| token.name.as_str() == name)
    }

    /// The same document, owning its texts.
    pub fn into_owned(self) -> Document<'static> {
        Document {
            create_databases: self
                .create_databases
                .into_iter()
                .map(DatabaseName::into_owned)
                .collect(),
            tokens: self.tokens.into_iter().map(Token::into_owned).collect(),
        }
    }
}

/// One token of a permission tokens file, read or yet to be written.
///
/// ```
/// use tokens::{Expiry, Lifetime, Permission, Token, TokenName, os};
///
/// let now = os::now();
/// let lifetime: Lifetime = "90d".parse()?;
/// let token = Token {
///     secret: os::new_secret()?,
///     name: TokenName::parse("dashboard")?,
///     // Milliseconds since the Unix epoch.
///     expiry_millis: Some(lifetime.expiry_from(now)?.0),
///     permissions: vec![Permission::parse("db:sensors:read")?],
/// };
/// assert_eq!(token.expiry(), Expiry::At(lifetime.expiry_from(now)?));
/// assert!(!token.expiry().is_past(now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Nothing here keeps a token from having a name or a string that another has: writing does. Its
/// `serde::Serialize` is the object of a file, **with the secret**; `Debug` shows a fingerprint in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its string, unique in the file.
    pub secret: Secret<'a>,
    /// Its name, unique in the file.
    pub name: TokenName<'a>,
    /// When it expires, in milliseconds since the Unix epoch, as it stands in the file. What it means is
    /// [`expiry`](Self::expiry).
    pub expiry_millis: Option<i64>,
    /// Its permissions, in file order.
    pub permissions: Vec<Permission<'a>>,
}

impl Token<'_> {
    /// When it stops to work.
    pub fn expiry(&self) -> Expiry {
        Expiry::from_millis(self.expiry_millis)
    }

    /// The hash by which servers know it, made anew with each call.
    pub fn hash(&self) -> TokenHash {
        self.secret.hash()
    }

    /// The same token, owning its texts.
    pub fn into_owned(self) -> Token<'static> {
        Token {
            secret: self.secret.into_owned(),
            name: self.name.into_owned(),
            expiry_millis: self.expiry_millis,
            permissions: self.permissions.into_iter().map(Permission::into_owned).collect(),
        }
    }
}

/// The admin token file (ADM-01 to ADM-03): one token that may do everything.
///
/// Read by [`Reading::admin_token`](crate::Reading::admin_token), written by
/// [`render_admin`](crate::render_admin) and [`store::create`](crate::store::create). Its `serde::Serialize`
/// is the file, **with the secret**.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminToken<'a> {
    /// Its string.
    pub secret: Secret<'a>,
    /// Its name, `_admin` for the operator token.
    pub name: TokenName<'a>,
    /// When it expires, in milliseconds since the Unix epoch, as it stands in the file.
    pub expiry_millis: Option<i64>,
}

impl AdminToken<'_> {
    /// When it stops to work.
    pub fn expiry(&self) -> Expiry {
        Expiry::from_millis(self.expiry_millis)
    }
}
