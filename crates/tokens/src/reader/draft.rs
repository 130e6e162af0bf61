//! What could be read of a file, good or not: the ground that the checks stand on.
//!
//! A draft borrows every text from the source, so the place of a text is where its slice lies.

use zeroize::Zeroizing;

use super::escape::Escapes;
use crate::diagnostic::Place;
use crate::mask::mask_prefixed;
use crate::name::TokenName;
use crate::secret::Secret;
use crate::{AdminToken, DatabaseName, Document, Expiry, Kind, Permission, Span, Timestamp, Token};

/// A string of the source.
pub(crate) struct Text<'a> {
    /// Between the quotes, as the file spells it.
    raw: &'a str,
    /// What it means, where escapes make that differ; wiped, since it may be a secret.
    decoded: Option<Box<Zeroizing<String>>>,
}

impl<'a> Text<'a> {
    /// A string without escapes.
    pub(crate) fn plain(raw: &'a str) -> Self {
        Text { raw, decoded: None }
    }

    /// A string whose meaning differs from its spelling.
    pub(crate) fn escaped(raw: &'a str, decoded: Zeroizing<String>) -> Self {
        Text { raw, decoded: Some(Box::new(decoded)) }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.decoded.as_ref().map_or(self.raw, |decoded| decoded.as_str())
    }

    pub(crate) fn raw(&self) -> &'a str {
        self.raw
    }

    /// Whether it means what it spells.
    pub(crate) fn is_plain(&self) -> bool {
        self.decoded.is_none()
    }
}

/// An array of the source. An element that is not what it should be leaves a hole, so that an index
/// is always that of the file.
pub(crate) struct List<T> {
    pub(crate) items: Vec<T>,
    /// The whole array; of an admin token file there is none.
    pub(crate) span: Span,
}

/// A permission of the source, or what stands in its place.
pub(crate) struct DraftPermission<'a> {
    /// Between the quotes.
    pub(crate) raw: &'a str,
    /// None where it is faulty.
    pub(crate) permission: Option<Permission<'a>>,
    /// The way from the permission's text back to `raw`, where they differ.
    pub(crate) escapes: Option<Box<Escapes>>,
}

/// A valid permission of a token.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'d, 'a> {
    /// In the file.
    pub(crate) index: usize,
    pub(crate) permission: &'d Permission<'a>,
    item: &'d DraftPermission<'a>,
}

/// An expiry of the source.
pub(crate) struct DraftExpiry<'a> {
    pub(crate) raw: &'a str,
    pub(crate) millis: i64,
}

/// A token object of the source; what is absent or faulty is none.
#[derive(Default)]
pub(crate) struct DraftToken<'a> {
    pub(crate) token: Option<Text<'a>>,
    pub(crate) name: Option<Text<'a>>,
    pub(crate) expiry: Option<DraftExpiry<'a>>,
    pub(crate) permissions: Option<List<DraftPermission<'a>>>,
    pub(crate) unknown: Vec<Text<'a>>,
}

impl<'a> DraftToken<'a> {
    /// The valid permissions.
    pub(crate) fn permissions(&self) -> impl Iterator<Item = Entry<'_, 'a>> {
        let items = self.permissions.iter().flat_map(|list| list.items.iter().enumerate());
        items.filter_map(|(index, item)| {
            Some(Entry { index, permission: item.permission.as_ref()?, item })
        })
    }

    /// The permission with this index in the file, if it is valid.
    pub(crate) fn permission(&self, index: usize) -> Option<Entry<'_, 'a>> {
        let item = self.permissions.as_ref()?.items.get(index)?;
        Some(Entry { index, permission: item.permission.as_ref()?, item })
    }

    fn secret(&self) -> Option<Secret<'_>> {
        Secret::parse(self.token.as_ref()?.as_str()).ok()
    }

    fn name(&self) -> Option<TokenName<'_>> {
        TokenName::parse(self.name.as_ref()?.as_str()).ok()
    }

    fn expiry_millis(&self) -> Option<i64> {
        self.expiry.as_ref().map(|expiry| expiry.millis)
    }

    fn document_token(&self) -> Option<Token<'_>> {
        Some(Token {
            secret: self.secret()?,
            name: self.name()?,
            expiry_millis: self.expiry_millis(),
            permissions: self.permissions().map(|entry| entry.permission.borrowed()).collect(),
        })
    }
}

/// What could be read of a file.
pub(crate) struct Draft<'a> {
    pub(crate) source: &'a str,
    /// As what the file was read.
    pub(crate) kind: Kind,
    /// Declared databases; none where a name is faulty.
    pub(crate) create_databases: Option<Vec<Option<Text<'a>>>>,
    /// The tokens; of an admin token file the one.
    pub(crate) tokens: Option<List<DraftToken<'a>>>,
    /// Unknown members of the top level; those of an admin token file are its token's.
    pub(crate) unknown: Vec<Text<'a>>,
}

impl<'a> Draft<'a> {
    /// Nothing read yet.
    pub(crate) fn of(source: &'a str, kind: Kind) -> Self {
        Draft { source, kind, create_databases: None, tokens: None, unknown: Vec::new() }
    }

    /// The tokens with their indices in the file.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (usize, &DraftToken<'a>)> {
        self.tokens.iter().flat_map(|list| list.items.iter().enumerate())
    }

    /// The moments at which tokens expire, with the tokens' indices.
    pub(crate) fn expiries(&self) -> impl Iterator<Item = (usize, &DraftExpiry<'a>, Timestamp)> {
        self.tokens().filter_map(|(index, token)| {
            let expiry = token.expiry.as_ref()?;
            match Expiry::from_millis(Some(expiry.millis)) {
                Expiry::At(moment) => Some((index, expiry, moment)),
                Expiry::Never => None,
            }
        })
    }

    /// The place of a token's expiry.
    pub(crate) fn expiry_place(&self, index: usize, expiry: &DraftExpiry<'_>) -> Place {
        self.place(format!("{}/expiry_millis", self.token_pointer(index)), expiry.raw)
    }

    /// The token with this index in the file.
    pub(crate) fn token(&self, index: usize) -> Option<&DraftToken<'a>> {
        self.tokens.as_ref()?.items.get(index)
    }

    /// The valid declared databases with their indices in the file.
    pub(crate) fn databases(&self) -> impl Iterator<Item = (usize, &Text<'a>)> {
        let names = self.create_databases.iter().flatten().enumerate();
        names.filter_map(|(index, name)| Some((index, name.as_ref()?)))
    }

    /// The place of a slice of the source.
    pub(crate) fn place(&self, pointer: String, raw: &str) -> Place {
        Place { pointer, span: Span::of(self.source, raw) }
    }

    /// The pointer to a token.
    pub(crate) fn token_pointer(&self, index: usize) -> String {
        match self.kind {
            Kind::Permission => format!("/tokens/{index}"),
            Kind::Admin => String::new(),
        }
    }

    /// The place of a token's name.
    pub(crate) fn name_place(&self, index: usize, name: &Text<'_>) -> Place {
        self.place(format!("{}/name", self.token_pointer(index)), name.raw())
    }

    /// The place of a token's string.
    pub(crate) fn secret_place(&self, index: usize, secret: &Text<'_>) -> Place {
        self.place(format!("{}/token", self.token_pointer(index)), secret.raw())
    }

    /// The place of a part of a permission, where `part` is a slice of its text.
    pub(crate) fn permission_place(&self, token: usize, entry: Entry<'_, '_>, part: &str) -> Place {
        self.permission_span(token, entry, Span::of(entry.permission.as_str(), part))
    }

    /// The place of a part of a permission, given in bytes of its text.
    pub(crate) fn permission_span(&self, token: usize, entry: Entry<'_, '_>, part: Span) -> Place {
        let pointer = format!("{}/permissions/{}", self.token_pointer(token), entry.index);
        let span = entry.item.escapes.as_ref().map_or(part, |escapes| escapes.raw(part));
        Place { pointer, span: span.shifted(Span::of(self.source, entry.item.raw).start) }
    }

    /// The document, where nothing is absent or faulty.
    pub(crate) fn document(&self) -> Option<Document<'_>> {
        let names = self.databases().map(|(_, name)| DatabaseName::parse(name.as_str()).ok());
        let tokens = self.tokens().map(|(_, token)| token.document_token());
        Some(Document {
            create_databases: names.collect::<Option<_>>()?,
            tokens: tokens.collect::<Option<_>>()?,
        })
    }

    /// The admin token, where nothing is absent or faulty.
    pub(crate) fn admin_token(&self) -> Option<AdminToken<'_>> {
        let (_, token) = self.tokens().next()?;
        Some(AdminToken {
            secret: token.secret()?,
            name: token.name()?,
            expiry_millis: token.expiry_millis(),
        })
    }
}

/// A JSON Pointer to a member (RFC 6901), masked as everything that is shown (GEN-07).
pub(crate) fn pointer_to(object: &str, member: &str) -> String {
    format!("{object}/{}", mask_prefixed(member).replace('~', "~0").replace('/', "~1"))
}
