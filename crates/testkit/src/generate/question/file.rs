//! Files in a small world, where names and token strings meet, and nearly meet.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::twist::Twist;
use crate::generate::document::{Databases, Document, Expiry, TokenModel};
use crate::generate::grant::Grant;
use crate::generate::tree::Json;
use crate::generate::{DocumentCase, Spelling};
use crate::shrink::Shrink;
use crate::source::{list, one_in, pick};

/// Names of databases which some program takes for the same, or for something else than a name: few at a
/// time, so that they meet.
const POOLS: [&[&str]; 10] = [
    &["a", "b"],
    &["b", "c", "a"],
    &["a", "A"],
    &["A", "a", "b"],
    &["a", "a/rp"],
    &["b/rp", "b"],
    &["a", "a/autogen", "ab"],
    &["1", "01"],
    &["10", "9"],
    &["constructor", "a-b"],
];

/// The names of a question.
pub(super) fn pool(u: &mut Unstructured<'_>) -> Result<&'static [&'static str]> {
    pick(u, &POOLS)
}

/// Names of tokens, likewise.
pub(super) const TOKENS: [&str; 16] = [
    "app",
    "app",
    "b",
    "App",
    "app ",
    " app",
    "ap",
    "app2",
    "_admin",
    "_Admin",
    "é",
    "e\u{301}",
    "10",
    "9",
    "a\"]}",
    "constructor",
];

/// Token strings, likewise; the last ones are none.
pub(super) const SECRETS: [&str; 20] = [
    "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "apiv3_Q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs",
    "apiv3_m4Wc9Tn2Hp6Jx1Bq8Gs5Ly",
    "apiv3_m4Wc9Tn2Hp6Jx1Bq8Gs5L/+=",
    "apiv3_vN7-_kD3sR8wZ2xF5bM1cQ6tH9yL4pJ0gE7uA3nK8iO5eW2rT6zX1vB4mC9dS0fG7hU3jP8lY5qI2oR6wN1tZ4",
    "apiv3_é5Nf1Vdq8Zt3Kx0Lw7Rb2Yc",
    "apiv3_q8Zt3Kx0 Lw7Rb2Yc5Nf1Vd",
    "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1V\n",
    "apiv3_q8Zt3Kx0\0Lw7Rb2Yc5Nf1V",
    "apiv3_\"]}\\q8Zt3Kx0Lw7Rb2Yc5N",
    "apiv3_x",
    "apiv3_",
    "apiv3",
    "apiv3-q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "apiv2_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "Apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    " apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
    "q8Zt3Kx0Lw7Rb2Yc5Nf1Vd",
];

/// A file: of a small world, or any.
#[derive(Clone, PartialEq, Eq)]
pub enum File {
    /// Of a small world. It may not load.
    Small(Document, Spelling, Twist),
    /// Any, with a known fault perhaps.
    Any(DocumentCase),
}

impl File {
    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            File::Small(document, spelling, twist) => {
                let mut tree = document.json();
                twist.turn(&mut tree);
                twist.dress(spelling.text(&tree))
            }
            File::Any(case) => case.text(),
        }
    }

    /// A file of a small world, which most often loads.
    pub(super) fn small(u: &mut Unstructured<'_>, names: &[&'static str]) -> Result<Self> {
        let spelling = if one_in(u, 4)? { Spelling::arbitrary(u)? } else { Spelling::default() };
        let databases = match u.int_in_range(0..=5)? {
            0 => Databases::Absent,
            _ => Databases::Listed(list(u, 3, |u| Ok(pick(u, names)?.to_owned()))?),
        };
        let mut tokens: Vec<TokenModel> = list(u, 3, |u| token(u, names))?;
        if !one_in(u, 5)? {
            keep_apart(&mut tokens);
        }
        let mut unknown = if one_in(u, 5)? { list(u, 2, unknown)? } else { Vec::new() };
        if let (Some((name, _)), true) = (unknown.first().cloned(), one_in(u, 3)?) {
            unknown.push((name, Json::raw("1.50")));
        }
        let order = if one_in(u, 4)? { list(u, 4, u8::arbitrary)? } else { Vec::new() };
        Ok(File::Small(Document { databases, tokens, unknown, order }, spelling, Twist::None))
    }

    /// A file of a small world with a twist.
    pub(super) fn twisted(u: &mut Unstructured<'_>, names: &[&'static str]) -> Result<Self> {
        let twist = Twist::arbitrary(u)?;
        Ok(match File::small(u, names)? {
            File::Small(document, spelling, _) => File::Small(document, spelling, twist),
            other => other,
        })
    }

    /// Its document, or another, with a token at least, and so that it loads.
    pub(super) fn good(self) -> Document {
        let mut document = match self {
            File::Small(document, ..) => document,
            File::Any(_) => Document::default(),
        };
        document.tokens.retain(|token| token.secret.starts_with("apiv3_"));
        keep_apart(&mut document.tokens);
        document.with_a_token()
    }

    /// A file that loads but for the twist whose turn it is.
    pub(super) fn in_turn(self, turn: usize) -> Self {
        File::Small(self.good(), Spelling::default(), Twist::in_turn(turn))
    }

    /// A file that most often loads; now and then any.
    pub(super) fn mostly_good(u: &mut Unstructured<'_>, names: &[&'static str]) -> Result<Self> {
        match u.int_in_range(0..=15)? {
            0 => Ok(File::Any(DocumentCase::arbitrary(u)?)),
            1 => File::twisted(u, names),
            _ => File::small(u, names),
        }
    }

    /// A moment at which something may happen to one of its tokens.
    pub(super) fn moment(&self, u: &mut Unstructured<'_>) -> Result<i64> {
        let expiries: Vec<i64> = match self {
            File::Small(document, ..) => {
                document.tokens.iter().filter_map(|token| token.expiry.millis()).collect()
            }
            File::Any(_) => Vec::new(),
        };
        match u.choose(&expiries) {
            Ok(expiry) if !one_in(u, 3)? => Ok(expiry.saturating_add(pick(u, &[0, 0, -1, 1])?)),
            _ => pick(u, &MOMENTS),
        }
    }

    /// The token strings in it, if it is of a small world.
    pub(super) fn secrets(&self) -> Vec<&str> {
        match self {
            File::Small(document, ..) => {
                document.tokens.iter().map(|t| t.secret.as_str()).collect()
            }
            File::Any(_) => Vec::new(),
        }
    }
}

/// Takes tokens out whose name or string is there already.
fn keep_apart(tokens: &mut Vec<TokenModel>) {
    let mut kept: Vec<TokenModel> = Vec::new();
    for token in tokens.drain(..) {
        if kept.iter().all(|other| other.name != token.name && other.secret != token.secret) {
            kept.push(token);
        }
    }
    *tokens = kept;
}

/// Remarks, and what programs stumble over.
fn unknown(u: &mut Unstructured<'_>) -> Result<(String, Json)> {
    const NAMES: [&str; 9] =
        ["_", "10", "9", "Tokens", "Name", "x", "description", "$schema", "create_databases2"];
    let value = if one_in(u, 2)? {
        Json::raw(pick(
            u,
            &["null", "[]", "{}", "1.50", "12345678901234567890", "\"]}\"", "\"a\""],
        )?)
    } else {
        Json::arbitrary(u)?
    };
    Ok((pick(u, &NAMES)?.to_owned(), value))
}

/// A token of a small world.
pub(super) fn token(u: &mut Unstructured<'_>, names: &[&'static str]) -> Result<TokenModel> {
    let strange = one_in(u, 10)?;
    let secrets = if strange { &SECRETS[..] } else { &SECRETS[..12] };
    Ok(TokenModel {
        secret: pick(u, secrets)?.to_owned(),
        name: pick(u, &TOKENS)?.to_owned(),
        expiry: expiry(u)?,
        permissions: list(u, 3, |u| {
            if one_in(u, 20)? {
                return Ok(Grant::on(&["_internal"], &["read"]));
            }
            Grant::from_pool(u, names)
        })?,
        unknown: if one_in(u, 8)? { list(u, 2, unknown)? } else { Vec::new() },
        order: if one_in(u, 4)? { list(u, 4, u8::arbitrary)? } else { Vec::new() },
    })
}

/// Moments at which programs go wrong.
pub(super) const MOMENTS: [i64; 17] = [
    0,
    1,
    -1,
    999,
    1_000,
    1_700_000_000,
    99_999_999_999,
    100_000_000_000,
    1_700_000_000_000,
    1_700_000_000_001,
    2_147_483_648_000,
    9_007_199_254_740_993,
    253_402_300_800_000,
    8_640_000_000_000_001,
    i64::MAX - 1,
    i64::MAX,
    i64::MIN,
];

fn expiry(u: &mut Unstructured<'_>) -> Result<Expiry> {
    Ok(match u.int_in_range(0..=5)? {
        0 | 1 => Expiry::Absent,
        2 => Expiry::Null,
        3 => Expiry::At(i64::arbitrary(u)?),
        _ => Expiry::At(pick(u, &MOMENTS)?),
    })
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.bytes().escape_ascii())
    }
}

impl Shrink for File {
    fn simpler(&self) -> Vec<Self> {
        match self {
            File::Small(document, spelling, twist) => {
                let twists = twist.simpler().into_iter();
                let twists = twists.map(|t| File::Small(document.clone(), spelling.clone(), t));
                let spellings = spelling.simpler().into_iter();
                let spellings = spellings.map(|s| File::Small(document.clone(), s, *twist));
                let documents = document.simpler().into_iter();
                let documents = documents.map(|d| File::Small(d, spelling.clone(), *twist));
                twists.chain(documents).chain(spellings).collect()
            }
            File::Any(case) => case.simpler().into_iter().map(File::Any).collect(),
        }
    }
}
