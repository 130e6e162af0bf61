//! Documents with a secret wherever one may stand, whole and broken: none of it may be shown (GEN-07).

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// Every secret of a [`Leak`] begins and ends with this.
pub const SECRET: &str = "SECRET";

/// A document, good or broken, that is full of secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Leak {
    /// Its tokens; one may also be a file of its own.
    pub tokens: Vec<LeakToken>,
    /// Whether the first token is the whole file.
    pub alone: bool,
    /// Where the text is broken, modulo its length.
    pub at: usize,
    /// How it is broken; 0 is not at all, up to 4 at one place, from there on in every key of a secret.
    pub way: usize,
}

/// A token object that is full of secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeakToken {
    key: &'static str,
    value: u8,
    secret: String,
    elsewhere: String,
    lines: bool,
}

/// What stands before a key and behind it.
const RIGHT: [&str; 2] = ["\"", "\":"];

/// What people write in the place of that: a bare key, other quotes, another sign or none.
const WRONG: [[&str; 2]; 7] =
    [["", ":"], ["'", "':"], ["", " ="], ["\"", "\""], ["\"", "\" ="], ["“", "”:"], ["", "="]];

impl LeakToken {
    fn text(&self, [open, close]: [&str; 2]) -> String {
        let LeakToken { key, secret, elsewhere: name, .. } = self;
        let value = match self.value {
            0 => format!("\"apiv3_{secret}\""),
            1 => format!("\"{secret}\""),
            2 => format!("\"{secret}\\\"{secret} {secret}\""),
            3 => format!("\"apiv3\\u005f{secret}\""),
            4 => format!("'{secret}'"),
            5 => format!("[\"{secret}\", {{\"x\": \"{secret}\"}}]"),
            _ => secret.clone(),
        };
        let space = if self.lines { "\n" } else { " " };
        format!(
            "{{{open}{key}{close}{space}{value},{space}\"name\": \"apiv3_{name}\", \"xapiv3_{name}\": 1,{space}\
             \"permissions\": [\"db:apiv3_{name}:read\", \"apiv3_{name}\", \"db:*:xapiv3_{name}\", \
             \"db:apiv3_{name}:read\"]}}"
        )
    }

    /// Whether its secret would stand behind no key any more if a bracket or a quote were lost: nobody
    /// can know it then.
    fn is_frail(&self) -> bool {
        self.value >= 5
    }
}

impl Leak {
    /// The document.
    pub fn text(&self) -> String {
        let wrong = self.way.checked_sub(5).map(|at| WRONG[at % WRONG.len()]);
        let tokens = self.tokens.iter().map(|token| token.text(wrong.unwrap_or(RIGHT)));
        let mut tokens: Vec<String> = tokens.collect();
        if self.alone && !tokens.is_empty() {
            return self.broken(&tokens.swap_remove(0));
        }
        let databases = format!("\"apiv3_{SECRET}database{SECRET}\"");
        let tokens = tokens.join(",\n");
        self.broken(&format!("{{\"create_databases\": [{databases}], \"tokens\": [{tokens}]}}"))
    }

    /// Cut off, or with something lost or put in at one of its signs.
    fn broken(&self, text: &str) -> String {
        let signs: Vec<usize> =
            text.match_indices(['"', ':', ',', '{', '}', '[', ']']).map(|(at, _)| at).collect();
        let (head, tail) = text.split_at(signs[self.at % signs.len()]);
        match self.way {
            1 => head.to_owned(),
            2..=4 if self.tokens.iter().any(LeakToken::is_frail) => text.to_owned(),
            2 => format!("{head}{}", tail.get(1..).unwrap_or_default()),
            3 => format!("{head}\n{tail}"),
            4 => format!("{head}\"{tail}"),
            _ => text.to_owned(),
        }
    }
}

impl fmt::Debug for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text())
    }
}

/// Letters, the signs that secrets and names have, and escapes: none of them ends a secret.
const LETTERS: [&str; 16] =
    ["A", "a", "0", "Z", "z", "9", "-", "_", "/", ".", "+", "=", "é", "\\u0041", "\\u00e9", "\\/"];

fn secret(u: &mut Unstructured<'_>) -> Result<String> {
    let letters = (0..8).map(|_| pick(u, &LETTERS));
    Ok(format!("{SECRET}{}{SECRET}", letters.collect::<Result<String>>()?))
}

impl<'a> Arbitrary<'a> for LeakToken {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(LeakToken {
            key: pick(u, &["token", "to\\u006ben", "Token", "admin_token"])?,
            value: u.int_in_range(0..=6)?,
            secret: secret(u)?,
            elsewhere: secret(u)?,
            lines: bool::arbitrary(u)?,
        })
    }
}

impl<'a> Arbitrary<'a> for Leak {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let alone = one_in(u, 5)?;
        // A key is broken as often as anything else.
        let way =
            if bool::arbitrary(u)? { 5 + u.choose_index(WRONG.len())? } else { u.choose_index(5)? };
        let at = usize::from(u16::arbitrary(u)?);
        let mut tokens = list(u, 1, LeakToken::arbitrary)?;
        tokens.push(LeakToken::arbitrary(u)?);
        Ok(Leak { tokens, alone, at, way })
    }
}

impl Shrink for LeakToken {
    fn simpler(&self) -> Vec<Self> {
        let values = self.value.simpler().into_iter();
        values.map(|value| LeakToken { value, ..self.clone() }).collect()
    }
}

shrink_fields!(Leak { tokens, alone, at, way });
