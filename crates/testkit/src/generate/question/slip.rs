//! Slips in a text: what people mistype, and what programs take for the same.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::shrink::Shrink;
use crate::source::pick;

/// A slip at a character. Places are taken modulo the number of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// A piece put in front of it.
    Insert(u8, &'static str),
    /// It is missing.
    Delete(u8),
    /// It is in the other case.
    Case(u8),
    /// It is there twice.
    Double(u8),
    /// Something that looks or counts alike in its place.
    Replace(u8, &'static str),
    /// A piece after the end.
    End(&'static str),
    /// Everything from there on is missing.
    Cut(u8),
    /// A part between colons is another, by its number.
    Part(u8, &'static str),
    /// A part is missing, and a colon with it.
    Without(u8),
    /// The names are one name of so many characters.
    Long(u16),
    /// The whole text is another.
    Whole(&'static str),
}

const PIECES: [&str; 48] = [
    " ", " ", "\t", "\n", "\r", "\0", "\u{a0}", "\u{3000}", "\u{200b}", "\u{ad}", "\u{feff}", ",",
    ",", ",", ":", ":", "*", "*", "*,", ",*", "/", "/a", "-", "_", ".", "\"", "'", "`", "$", "\\",
    "[", "^", "+", "é", "e\u{301}", "ı", "ſ", "\u{212a}", "ｂ", "：", "，", "٣", "0", "01", "a",
    "A", ":read", "\nx",
];

/// What stands in the place of a part: type, names, actions.
const PARTS: [&[&str]; 3] = [
    &["", "*", "token", "DB", "System", "db ", " db", "dbs", "ｄｂ", "system"],
    &[
        "",
        "*",
        "**",
        "*,a",
        "a,*",
        ",a",
        "a,",
        "a,,b",
        "-a",
        "_a",
        "/a",
        "a/",
        "a/b/c",
        "a/-",
        "a.b",
        "a*",
        "a?",
        "[a]",
        "a^",
        "a+",
        "a b",
        "é",
        "\u{212a}",
        "ａ",
        "\"a\"",
        "'a'",
        "1",
        "1,01",
        "a,a",
        "a\0",
        "a\n",
        "_internal",
        "ping",
        "Ping",
        "pings",
        "b,a",
    ],
    &[
        "",
        "*",
        "all",
        "drop",
        "update",
        "Read",
        "READ",
        "read,",
        ",read",
        "read,,write",
        "read,read",
        "write,read",
        "read write",
        "read, write",
        " read",
        "read\n",
        "read\0",
        "\"read\"",
        "ead",
        "re",
        "describe",
        "delete,create",
        "ｒead",
    ],
];

/// What is to be said of `system` alone.
const WHOLES: [&str; 12] = [
    "system:health:read",
    "system:metrics:read",
    "system:ping:read",
    "system:ready:read",
    "system:health,ready:read,read",
    "system:*:read",
    "system:info:read",
    "system:a:read",
    "system:health:write",
    "system:*:create,read",
    "system:ping,*:read",
    "*:*:*",
];

/// Lengths around the limits (DB-01, DB-02).
pub(super) const LENGTHS: [u16; 8] = [63, 64, 65, 255, 510, 511, 512, 513];

impl Slip {
    /// Every part and every length in its turn, over and over.
    pub(super) fn in_turn(turn: usize) -> Self {
        static ALL: LazyLock<Vec<Slip>> = LazyLock::new(Slip::all);
        ALL[turn % ALL.len()]
    }

    fn all() -> Vec<Self> {
        let parts = PARTS
            .iter()
            .zip(0_u8..)
            .flat_map(|(pieces, number)| pieces.iter().map(move |piece| Slip::Part(number, piece)));
        let ends = [" ", "\n", "\0", ":", ",", "x"].map(Slip::End);
        let starts = [" ", "\u{feff}", "x"].map(|piece| Slip::Insert(0, piece));
        let without = [0, 1, 2].map(Slip::Without);
        let all = parts.chain(LENGTHS.map(Slip::Long)).chain(ends).chain(starts).chain(without);
        all.chain(WHOLES.map(Slip::Whole)).collect()
    }

    /// The type of permission that it says something of, where that is one alone.
    pub(super) fn resource_type(self) -> Option<&'static str> {
        match self {
            Slip::Part(1, piece) if piece.to_ascii_lowercase().starts_with("ping") => {
                Some("system")
            }
            Slip::Part(1 | 2, _) | Slip::Long(_) => Some("db"),
            _ => None,
        }
    }

    /// The text with the slip.
    pub fn apply(self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let place = |at: u8| usize::from(at) % characters.len().max(1);
        match self {
            Slip::Insert(at, piece) => {
                let at = place(at).min(characters.len());
                characters.splice(at..at, piece.chars());
            }
            Slip::End(piece) => characters.extend(piece.chars()),
            Slip::Part(number, piece) => return with_part(text, number, piece),
            Slip::Without(number) => {
                let parts = text.split(':').zip(0..).filter(|(_, at)| *at != number);
                return parts.map(|(part, _)| part).collect::<Vec<_>>().join(":");
            }
            Slip::Whole(text) => return text.to_owned(),
            Slip::Long(length) => return with_part(text, 1, &"n".repeat(length.into())),
            Slip::Cut(at) => characters.truncate(place(at)),
            _ if characters.is_empty() => {}
            Slip::Delete(at) => {
                characters.remove(place(at));
            }
            Slip::Case(at) => {
                let at = place(at);
                let letter = characters[at];
                characters[at] = if letter.is_ascii_uppercase() {
                    letter.to_ascii_lowercase()
                } else {
                    letter.to_ascii_uppercase()
                };
            }
            Slip::Double(at) => {
                let at = place(at);
                characters.insert(at, characters[at]);
            }
            Slip::Replace(at, piece) => {
                let at = place(at);
                characters.splice(at..=at, piece.chars());
            }
        }
        characters.into_iter().collect()
    }
}

fn with_part(text: &str, number: u8, piece: &str) -> String {
    let mut parts: Vec<&str> = text.split(':').collect();
    if let Some(part) = parts.get_mut(usize::from(number)) {
        *part = piece;
    }
    parts.join(":")
}

impl<'a> Arbitrary<'a> for Slip {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let at = u8::arbitrary(u)?;
        Ok(match u.int_in_range(0..=15)? {
            0 => Slip::Delete(at),
            1 => Slip::Case(at),
            2 => Slip::Double(at),
            3 => Slip::Replace(at, pick(u, &PIECES)?),
            4 => Slip::End(pick(u, &PIECES)?),
            5 => Slip::Cut(at),
            6 => Slip::Long(pick(u, &LENGTHS)?),
            7 => Slip::Without(at % 3),
            8 => Slip::Whole(pick(u, &WHOLES)?),
            9..=12 => {
                let part = usize::from(at) % PARTS.len();
                Slip::Part(at % 3, pick(u, PARTS[part])?)
            }
            _ => Slip::Insert(at, pick(u, &PIECES)?),
        })
    }
}

impl Shrink for Slip {
    fn simpler(&self) -> Vec<Self> {
        match *self {
            Slip::Insert(at, piece) if at > 0 => vec![Slip::Insert(0, piece)],
            Slip::Replace(at, piece) if at > 0 => vec![Slip::Replace(0, piece)],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_do_what_they_say() {
        for (slip, text, expected) in [
            (Slip::Insert(5, "é"), "db", "déb"),
            (Slip::Delete(1), "db", "d"),
            (Slip::Case(0), "db", "Db"),
            (Slip::Case(0), "Db", "db"),
            (Slip::Double(1), "db", "dbb"),
            (Slip::Replace(0, "ｂ"), "db", "ｂb"),
            (Slip::End("\n"), "db", "db\n"),
            (Slip::Delete(7), "", ""),
            (Slip::Insert(7, "x"), "", "x"),
            (Slip::Cut(1), "db", "d"),
            (Slip::Part(1, ""), "db:a:read", "db::read"),
            (Slip::Part(2, "x"), "db:a", "db:a"),
            (Slip::Without(1), "db:a:read", "db:read"),
            (Slip::Long(2), "db:a:read", "db:nn:read"),
        ] {
            assert_eq!(slip.apply(text), expected, "{slip:?}");
        }
    }
}
