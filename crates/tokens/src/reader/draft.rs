//! What could be read of a file, good or not: the ground that the checks stand on.
//!
//! A draft borrows every text from the source, so the place of a text is where its slice lies.

use std::borrow::Cow;

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

    /// What it means. A decoded text is not wiped any more: whoever takes it has to.
    fn into_text(self) -> Cow<'a, str> {
        match self.decoded {
            Some(mut decoded) => Cow::Owned(std::mem::take(&mut **decoded)),
            None => Cow::Borrowed(self.raw),
        }
    }

    /// Whether it means what it spells.
    pub(crate) fn is_plain(&self) -> bool {
        self.decoded.is_none()
    }
}

/// An array of the source. An element that is not what it should be leaves a hole, so that an index
/// is always that of the file.
pub(crate) struct List<T> {
    pub(crate) items: Box<[T]>,
    /// The whole array; of an admin token file there is none.
    pub(crate) span: Span,
}

/// What stands in the place of a permission of the source.
pub(crate) enum DraftPermission<'a> {
    /// A permission that means what it spells.
    Plain(Permission<'a>),
    /// One that is spelled with escapes.
    Escaped(Box<EscapedPermission<'a>>),
    /// Nothing that is one.
    Faulty,
}

/// A permission that is spelled with escapes.
pub(crate) struct EscapedPermission<'a> {
    /// Between the quotes.
    pub(crate) raw: &'a str,
    pub(crate) permission: Permission<'a>,
    /// The way from the permission's text back to `raw`.
    pub(crate) escapes: Escapes,
}

impl<'a> DraftPermission<'a> {
    fn permission(&self) -> Option<&Permission<'a>> {
        match self {
            DraftPermission::Plain(permission) => Some(permission),
            DraftPermission::Escaped(escaped) => Some(&escaped.permission),
            DraftPermission::Faulty => None,
        }
    }

    fn into_permission(self) -> Option<Permission<'a>> {
        match self {
            DraftPermission::Plain(permission) => Some(permission),
            DraftPermission::Escaped(escaped) => Some(escaped.permission),
            DraftPermission::Faulty => None,
        }
    }
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
}

/// A member that servers do not know.
pub(crate) struct Unknown<'a> {
    /// The token that has it; none where it is the file's, which may be a token itself (ADM-02).
    pub(crate) token: Option<usize>,
    pub(crate) name: Text<'a>,
}

impl<'a> DraftToken<'a> {
    /// The valid permissions.
    pub(crate) fn permissions(&self) -> impl Iterator<Item = Entry<'_, 'a>> {
        let items = self.permissions.iter().flat_map(|list| list.items.iter().enumerate());
        items
            .filter_map(|(index, item)| Some(Entry { index, permission: item.permission()?, item }))
    }

    /// The permission with this index in the file, if it is valid.
    pub(crate) fn permission(&self, index: usize) -> Option<Entry<'_, 'a>> {
        let item = self.permissions.as_ref()?.items.get(index)?;
        Some(Entry { index, permission: item.permission()?, item })
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

    /// The token, where nothing is absent or faulty.
    fn into_token(self) -> Option<Token<'a>> {
        let expiry_millis = self.expiry_millis();
        let permissions = self.permissions?.items.into_vec().into_iter();
        Some(Token {
            secret: Secret::parse(self.token?.into_text()).ok()?,
            name: TokenName::parse(self.name?.into_text()).ok()?,
            expiry_millis,
            permissions: permissions
                .map(DraftPermission::into_permission)
                .collect::<Option<_>>()?,
        })
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
    pub(crate) create_databases: Option<Box<[Option<Text<'a>>]>>,
    /// The tokens; of an admin token file the one.
    pub(crate) tokens: Option<List<DraftToken<'a>>>,
    /// Unknown members.
    pub(crate) unknown: Vec<Unknown<'a>>,
    pub(crate) outline: Outline<'a>,
}

/// Where a file can be added to, and what its layout shows in.
#[derive(Default)]
pub(crate) struct Outline<'a> {
    /// The file's object.
    pub(crate) object: &'a str,
    /// The first and the last two members.
    pub(crate) members: Ends<Member<'a>>,
    pub(crate) tokens: Option<Member<'a>>,
    pub(crate) create_databases: Option<Member<'a>>,
    /// The first and the last two tokens.
    pub(crate) elements: Ends<&'a str>,
}

/// A member: its name in quotes, and its value.
pub(crate) type Member<'a> = (&'a str, &'a str);

/// The first and the last two of many.
pub(crate) struct Ends<T>(Vec<T>);

impl<T> Default for Ends<T> {
    fn default() -> Self {
        Ends(Vec::new())
    }
}

impl<T> Ends<T> {
    pub(crate) fn push(&mut self, next: T) {
        if self.0.len() == 3 {
            self.0.remove(1);
        }
        self.0.push(next);
    }

    /// In order.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<'a> Draft<'a> {
    /// Nothing read yet.
    pub(crate) fn of(source: &'a str, kind: Kind) -> Self {
        Draft {
            source,
            kind,
            create_databases: None,
            tokens: None,
            unknown: Vec::new(),
            outline: Outline::default(),
        }
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
        let (raw, span) = match entry.item {
            DraftPermission::Escaped(escaped) => (escaped.raw, escaped.escapes.raw(part)),
            _ => (entry.permission.as_str(), part),
        };
        Place { pointer, span: span.shifted(Span::of(self.source, raw).start) }
    }

    /// The document without a copy of anything, where nothing is absent or faulty.
    pub(crate) fn into_document(self) -> Option<Document<'a>> {
        let names = self.create_databases.into_iter().flat_map(<[_]>::into_vec);
        let names = names.map(|name| DatabaseName::parse(name?.into_text()).ok());
        let tokens = self.tokens?.items.into_vec().into_iter().map(DraftToken::into_token);
        Some(Document {
            create_databases: names.collect::<Option<_>>()?,
            tokens: tokens.collect::<Option<_>>()?,
        })
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
