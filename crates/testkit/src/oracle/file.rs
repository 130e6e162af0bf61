//! A file before a change, as it is spelled, and what a change may do to its bytes (FILE-02).

use std::ops::Range;

use tokens::{Permission, Secret, Token, TokenName};

use super::model;
use crate::json;

/// A place of the old text, and the JSON tokens that stand there in the new one.
pub(super) type Change = (Range<usize>, String);

/// A file before a step, which every step reads once.
pub(super) struct File<'t> {
    pub(super) bytes: Option<&'t [u8]>,
    pub(super) text: &'t str,
    /// What stands in the place of `create_databases`, and what it says.
    pub(super) create_databases: Option<&'t str>,
    pub(super) databases: Vec<String>,
    /// The array of tokens, and its elements as they are spelled.
    pub(super) list: &'t str,
    pub(super) elements: Vec<&'t str>,
    /// What they say to serde: no answer of the library is asked.
    pub(super) tokens: Vec<Token<'static>>,
}

/// A file without anything in it, which `append` starts from.
const EMPTY: &str = "{\"tokens\": []}";

impl<'t> File<'t> {
    pub(super) fn read(bytes: Option<&'t [u8]>) -> Self {
        let text = bytes.filter(|bytes| !bytes.is_empty()).map(std::str::from_utf8);
        let text = text.map_or(EMPTY, |text| text.unwrap_or_else(|e| panic!("{e}")));
        let members = json::members(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
        let create_databases = value(&members, "create_databases");
        let databases = create_databases.and_then(meant).unwrap_or_default();
        let list = value(&members, "tokens").unwrap_or_else(|| panic!("{text:?}"));
        let elements = json::elements(list).unwrap_or_else(|e| panic!("{list:?}: {e}"));
        let tokens = elements.iter().map(|element| token(meant(element))).collect();
        File { bytes, text, create_databases, databases, list, elements, tokens }
    }

    /// The index of a token that a step names, if there is any token.
    pub(super) fn nth(&self, at: u8) -> Option<usize> {
        usize::from(at).checked_rem(self.tokens.len())
    }

    pub(super) fn name(&self, at: Option<usize>) -> &str {
        let token = at.and_then(|at| self.tokens.get(at));
        token.map_or("a name that no token has", |token| token.name.as_str())
    }

    /// Where a slice of the text stands in it.
    pub(super) fn place(&self, part: &str) -> Range<usize> {
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        start..start + part.len()
    }

    /// FILE-02: each byte of the old text stands in the new one but at these places, where now these
    /// tokens stand, with no white space but between them.
    pub(super) fn becomes(&self, new: &str, mut changes: Vec<Change>) {
        changes.sort_by_key(|(place, _)| (place.start, place.end));
        let old = self.text;
        let (mut done, mut rest) = (0, Some(new));
        for (place, text) in changes {
            rest = rest.and_then(|rest| rest.strip_prefix(old.get(done..place.start)?));
            for (at, token) in json::tokens(&text).enumerate() {
                let space: &[char] = if at == 0 { &[] } else { &[' ', '\t', '\r', '\n'] };
                rest = rest.and_then(|rest| rest.trim_start_matches(space).strip_prefix(token));
            }
            done = place.end;
        }
        assert_eq!(rest, Some(old.split_at(done).1), "{old:?} became {new:?}");
    }
}

/// The token that a token object says.
pub(super) fn token(said: model::Token) -> Token<'static> {
    let parse = |text| Permission::parse(text).unwrap_or_else(|e| panic!("{e}"));
    Token {
        secret: secret(said.token),
        name: name(said.name),
        expiry_millis: said.expiry_millis,
        permissions: said.permissions.into_iter().map(parse).collect(),
    }
}

pub(super) fn secret(text: String) -> Secret<'static> {
    Secret::parse(text).unwrap_or_else(|e| panic!("{e}"))
}

pub(super) fn name(text: String) -> TokenName<'static> {
    TokenName::parse(text).unwrap_or_else(|e| panic!("{e}"))
}

/// What a value says.
fn meant<T: serde::de::DeserializeOwned>(value: &str) -> T {
    serde_json::from_str(value).unwrap_or_else(|e| panic!("{value:?}: {e}"))
}

/// The value of a member, if there is one of this name.
pub(super) fn value<'t>(members: &[(String, &'t str)], name: &str) -> Option<&'t str> {
    members.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
}
