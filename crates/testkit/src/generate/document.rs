//! Permission tokens files by their parts, loadable always.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::grant::Grant;
use super::name::{database_name, simpler_database_names, simpler_token_names, token_name};
use super::spelling::Spelling;
use super::tree::{Json, plain, plain_members, simpler_members, unknown_name};
use crate::shrink::{Shrink, shorter, shrink_fields};
use crate::source::{list, one_in, pick, text};

/// What stands in the place of `create_databases`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Databases {
    /// Nothing.
    #[default]
    Absent,
    /// `null`, which counts as absent (DOC-08).
    Null,
    /// Valid names, repeats included.
    Listed(Vec<String>),
}

/// What stands in the place of `expiry_millis`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// Nothing.
    Absent,
    /// `null`, which counts as absent (TOK-08).
    Null,
    /// A moment in milliseconds.
    At(i64),
}

/// A token object by its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenModel {
    /// The token string; unique in its document.
    pub secret: String,
    /// The name; unique in its document.
    pub name: String,
    /// The expiry.
    pub expiry: Expiry,
    /// The permissions.
    pub permissions: Vec<Grant>,
    /// Members that servers do not know.
    pub unknown: Vec<(String, Json)>,
    /// In which order the members stand.
    pub order: Vec<u8>,
}

/// A permission tokens file by its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The databases to create.
    pub databases: Databases,
    /// The tokens.
    pub tokens: Vec<TokenModel>,
    /// Members that servers do not know.
    pub unknown: Vec<(String, Json)>,
    /// In which order the members stand.
    pub order: Vec<u8>,
}

impl Databases {
    /// The names, repeats included.
    pub fn names(&self) -> &[String] {
        match self {
            Databases::Listed(names) => names,
            Databases::Absent | Databases::Null => &[],
        }
    }
}

impl Expiry {
    /// The moment, if there is one.
    pub fn millis(self) -> Option<i64> {
        match self {
            Expiry::At(millis) => Some(millis),
            Expiry::Absent | Expiry::Null => None,
        }
    }
}

impl TokenModel {
    /// The token object.
    pub fn json(&self) -> Json {
        let texts = self.permissions.iter().map(|grant| Json::Text(grant.text()));
        let mut members = vec![
            ("token".to_owned(), Json::text(&self.secret)),
            ("name".to_owned(), Json::text(&self.name)),
        ];
        match self.expiry {
            Expiry::Absent => {}
            Expiry::Null => members.push(("expiry_millis".to_owned(), Json::raw("null"))),
            Expiry::At(millis) => {
                members.push(("expiry_millis".to_owned(), Json::raw(millis.to_string())));
            }
        }
        members.push(("permissions".to_owned(), Json::Array(texts.collect())));
        members.extend(self.unknown.iter().cloned());
        Json::Object(in_order(members, &self.order))
    }
}

impl Document {
    /// The databases that it declares, and those that its permissions name.
    pub(super) fn database_names(&self) -> Vec<&str> {
        let grants = self.tokens.iter().flat_map(|token| &token.permissions);
        let granted = grants.filter(|grant| grant.resource_type() == "db").flat_map(Grant::names);
        let granted = granted.filter(|name| !matches!(*name, "*" | "_internal"));
        self.databases.names().iter().map(String::as_str).chain(granted).collect()
    }

    /// The document, with a token if it had none.
    pub(super) fn with_a_token(mut self) -> Self {
        if self.tokens.is_empty() {
            self.tokens.push(TokenModel {
                secret: "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd".to_owned(),
                name: "app".to_owned(),
                expiry: Expiry::Absent,
                permissions: vec![Grant::on(&["a"], &["read"])],
                unknown: Vec::new(),
                order: Vec::new(),
            });
        }
        self
    }

    /// The whole file.
    pub fn json(&self) -> Json {
        let tokens = self.tokens.iter().map(TokenModel::json).collect();
        let mut members = Vec::new();
        match &self.databases {
            Databases::Absent => {}
            Databases::Null => members.push(("create_databases".to_owned(), Json::raw("null"))),
            Databases::Listed(names) => {
                let names = names.iter().map(Json::text).collect();
                members.push(("create_databases".to_owned(), Json::Array(names)));
            }
        }
        members.push(("tokens".to_owned(), Json::Array(tokens)));
        members.extend(self.unknown.iter().cloned());
        Json::Object(in_order(members, &self.order))
    }
}

/// A document and its spelling. Two of three need no escape, so that the reader takes their strings as
/// they stand.
pub(crate) fn spelled(
    u: &mut Unstructured<'_>,
    document: Document,
) -> Result<(Document, Spelling)> {
    let spelling = Spelling::arbitrary(u)?;
    if one_in(u, 3)? {
        return Ok((document, spelling));
    }
    Ok((document.plain(), Spelling { escapes: Vec::new(), ..spelling }))
}

impl Document {
    /// The same with a space for whatever needs an escape. Names and strings of tokens stay unique, since
    /// their last digits differ.
    fn plain(mut self) -> Self {
        for token in &mut self.tokens {
            token.secret = plain(&token.secret);
            token.name = plain(&token.name);
            token.unknown = plain_members(&token.unknown);
        }
        self.unknown = plain_members(&self.unknown);
        self
    }
}

/// The members, each swapped with the one that the order's next number names.
fn in_order(mut members: Vec<(String, Json)>, order: &[u8]) -> Vec<(String, Json)> {
    let length = members.len();
    for (at, other) in order.iter().take(length).enumerate() {
        members.swap(at, usize::from(*other) % length);
    }
    members
}

/// A token string that no other token of the document has; good or bad in the eyes of the checks.
fn secret(u: &mut Unstructured<'_>, number: usize) -> Result<String> {
    const PARTS: [&str; 8] = [
        "q8Zt3Kx0Lw7Rb2Yc5Nf1V-",
        "",
        "aaaaaaaa",
        "YOUR-TOKEN-",
        "0123456789abcdef",
        "$TOKEN",
        "a b",
        "é\n",
    ];
    let part = if one_in(u, 6)? { text(u)? } else { pick(u, &PARTS)?.to_owned() };
    Ok(format!("apiv3_{part}{number}"))
}

fn token(u: &mut Unstructured<'_>, number: usize) -> Result<TokenModel> {
    let name = token_name(u)?;
    Ok(TokenModel {
        secret: secret(u, number)?,
        // So no two are alike: the last digits differ.
        name: if number == 0 { format!("{name}0") } else { format!("{name}{number}") },
        expiry: expiry(u)?,
        permissions: list(u, 3, Grant::arbitrary)?,
        unknown: unknown(u)?,
        order: list(u, 6, u8::arbitrary)?,
    })
}

fn expiry(u: &mut Unstructured<'_>) -> Result<Expiry> {
    const MOMENTS: [i64; 10] = [
        0,
        -1,
        1,
        99_999_999_999,
        100_000_000_000,
        1_800_000_000_000,
        9_007_199_254_740_993,
        i64::MAX - 1,
        i64::MAX,
        i64::MIN,
    ];
    Ok(match u.int_in_range(0..=3)? {
        0 => Expiry::Absent,
        1 => Expiry::Null,
        2 => Expiry::At(pick(u, &MOMENTS)?),
        _ => Expiry::At(i64::arbitrary(u)?),
    })
}

fn unknown(u: &mut Unstructured<'_>) -> Result<Vec<(String, Json)>> {
    list(u, 2, |u| Ok((unknown_name(u)?, Json::arbitrary(u)?)))
}

impl<'a> Arbitrary<'a> for Document {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let databases = match u.int_in_range(0..=4)? {
            0 => Databases::Absent,
            1 => Databases::Null,
            _ => Databases::Listed(list(u, 4, database_name)?),
        };
        let mut number = 0;
        let tokens = list(u, 3, |u| {
            number += 1;
            token(u, number - 1)
        })?;
        let order = list(u, 5, u8::arbitrary)?;
        Ok(Document { databases, tokens, unknown: unknown(u)?, order })
    }
}

impl Shrink for Databases {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Databases::Absent => Vec::new(),
            Databases::Null => vec![Databases::Absent],
            Databases::Listed(names) => {
                let mut lists = shorter(names);
                for (at, name) in names.iter().enumerate() {
                    lists.extend(simpler_database_names(name).into_iter().map(|simpler| {
                        let mut names = names.clone();
                        names.splice(at..=at, [simpler]);
                        names
                    }));
                }
                std::iter::once(Databases::Absent)
                    .chain(lists.into_iter().map(Databases::Listed))
                    .collect()
            }
        }
    }
}

impl Shrink for Expiry {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Expiry::Absent => Vec::new(),
            Expiry::Null => vec![Expiry::Absent],
            Expiry::At(millis) => std::iter::once(Expiry::Absent)
                .chain(millis.simpler().into_iter().map(Expiry::At))
                .collect(),
        }
    }
}

impl Shrink for TokenModel {
    /// Names and strings stay, since they have to be unique; the document shrinks them.
    fn simpler(&self) -> Vec<Self> {
        let unknown = simpler_members(&self.unknown).into_iter();
        let unknown = unknown.map(|unknown| TokenModel { unknown, ..self.clone() });
        Parts::of(self)
            .simpler()
            .into_iter()
            .map(|parts| parts.in_token(self))
            .chain(unknown)
            .collect()
    }
}

/// What of a token shrinks by itself.
#[derive(Clone)]
struct Parts {
    expiry: Expiry,
    permissions: Vec<Grant>,
    order: Vec<u8>,
}

shrink_fields!(Parts { expiry, permissions, order });

impl Parts {
    fn of(token: &TokenModel) -> Self {
        let (permissions, order) = (token.permissions.clone(), token.order.clone());
        Parts { expiry: token.expiry, permissions, order }
    }

    fn in_token(self, token: &TokenModel) -> TokenModel {
        let Parts { expiry, permissions, order } = self;
        TokenModel { expiry, permissions, order, ..token.clone() }
    }
}

impl Shrink for Document {
    fn simpler(&self) -> Vec<Self> {
        let mut all: Vec<Self> = self
            .tokens
            .simpler()
            .into_iter()
            .map(|tokens| Document { tokens, ..self.clone() })
            .collect();
        all.extend(
            self.databases
                .simpler()
                .into_iter()
                .map(|databases| Document { databases, ..self.clone() }),
        );
        let unknown = simpler_members(&self.unknown).into_iter();
        all.extend(unknown.map(|unknown| Document { unknown, ..self.clone() }));
        all.extend(
            self.order.simpler().into_iter().map(|order| Document { order, ..self.clone() }),
        );
        all.extend(self.simpler_texts());
        all
    }
}

impl Document {
    /// Simpler names and strings of tokens that are unique still.
    fn simpler_texts(&self) -> Vec<Self> {
        let mut all = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let mut put = |token: TokenModel| {
                let mut tokens = self.tokens.clone();
                tokens.splice(at..=at, [token]);
                all.push(Document { tokens, ..self.clone() });
            };
            for name in simpler_token_names(&token.name) {
                if self.tokens.iter().all(|other| other.name != name) {
                    put(TokenModel { name, ..token.clone() });
                }
            }
            let part = token.secret.strip_prefix("apiv3_").unwrap_or_default();
            for part in part.to_owned().simpler() {
                let secret = format!("apiv3_{part}");
                if self.tokens.iter().all(|other| other.secret != secret) {
                    put(TokenModel { secret, ..token.clone() });
                }
            }
        }
        all
    }
}
