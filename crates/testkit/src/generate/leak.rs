//! Documents with a secret wherever one may stand, whole and broken: none of it may be shown (GEN-07).

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::shrink::{Shrink, shrink_fields};
use crate::source::{list, one_in, pick};

/// Every secret of a [`Leak`] begins with this.
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
    /// How it is broken; 0 is not at all.
    pub way: u8,
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

impl LeakToken {
    fn text(&self) -> String {
        let LeakToken { key, secret, elsewhere: name, .. } = self;
        let value = match self.value {
            0 => format!("\"apiv3_{secret}\""),
            1 => format!("\"{secret}\""),
            2 => format!("\"{secret}\\\"{secret} {secret}\""),
            3 => format!("\"apiv3\\u005f{secret}\""),
            _ => format!("[\"{secret}\", {{\"x\": \"{secret}\"}}]"),
        };
        let space = if self.lines { "\n" } else { " " };
        format!(
            "{{\"{key}\":{space}{value},{space}\"name\": \"apiv3_{name}\", \"xapiv3_{name}\": 1,{space}\
             \"permissions\": [\"db:apiv3_{name}:read\", \"apiv3_{name}\", \"db:*:xapiv3_{name}\", \
             \"db:apiv3_{name}:read\"]}}"
        )
    }
}

impl Leak {
    /// The document.
    pub fn text(&self) -> String {
        let tokens: Vec<String> = self.tokens.iter().map(LeakToken::text).collect();
        let whole = match tokens.first() {
            Some(first) if self.alone => first.clone(),
            _ => format!(
                "{{\"create_databases\": [\"apiv3_SECRETdatabase\"], \"tokens\": [{}]}}",
                tokens.join(",\n")
            ),
        };
        self.broken(&whole)
    }

    /// Cut off, or with something lost or put in at one of its signs.
    fn broken(&self, text: &str) -> String {
        let signs: Vec<usize> =
            text.match_indices(['"', ':', ',', '{', '}', '[', ']']).map(|(at, _)| at).collect();
        let (head, tail) = text.split_at(signs[self.at % signs.len()]);
        // A string in an array that lost its bracket stands behind no key any more: nobody can know it.
        let is_listed = text.contains("[\"SECRET") && self.way > 1;
        match if is_listed { 0 } else { self.way } {
            0 => text.to_owned(),
            1 => head.to_owned(),
            2 => format!("{head}{}", tail.get(1..).unwrap_or_default()),
            3 => format!("{head}\n{tail}"),
            4 => format!("{head}\"{tail}"),
            _ => text.replacen("\": ", "\" = ", 1),
        }
    }
}

impl fmt::Debug for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text())
    }
}

fn secret(u: &mut Unstructured<'_>) -> Result<String> {
    let letters = (0..8).map(|_| pick(u, b"Aa0Zz9").map(char::from));
    Ok(format!("{SECRET}{}", letters.collect::<Result<String>>()?))
}

impl<'a> Arbitrary<'a> for LeakToken {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(LeakToken {
            key: pick(u, &["token", "to\\u006ben", "Token", "admin_token"])?,
            value: u.int_in_range(0..=4)?,
            secret: secret(u)?,
            elsewhere: secret(u)?,
            lines: bool::arbitrary(u)?,
        })
    }
}

impl<'a> Arbitrary<'a> for Leak {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (alone, way) = (one_in(u, 5)?, u.int_in_range(0..=5)?);
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
