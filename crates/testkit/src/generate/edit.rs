//! Changes of a text: what many faults look like, and what only an attacker writes.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::shrink::Shrink;
use crate::source::pick;

/// A change of some bytes. Places are taken modulo the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// So many bytes taken out.
    Delete(usize, u8),
    /// A piece put in.
    Insert(usize, &'static [u8]),
    /// Everything from there on taken out.
    Cut(usize),
    /// So many bytes put in a second time.
    Repeat(usize, u8),
}

const PIECES: [&[u8]; 34] = [
    b"\"",
    b",",
    b":",
    b"{",
    b"}",
    b"[",
    b"]",
    b" ",
    b"\n",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"null",
    b"1.0",
    b"-0",
    b"1e9",
    b"9223372036854775808",
    b"[]",
    b"{}",
    b"\"token\":",
    b"\"tokens\":[],",
    b"\"name\":\"\",",
    b"\"x\":0,",
    b"\"token\":\"apiv3_x\",",
    b"\xef\xbb\xbf",
    b"\x01",
    b"\0",
    b"\xff",
    b"\xc3\xa9",
    b"*",
    b"//",
    b"'",
    b"-",
];

impl Edit {
    /// The text with the change.
    pub fn apply(self, text: &mut Vec<u8>) {
        let place = |at: usize| at % (text.len() + 1);
        let end = |at: usize, length: u8| (at + usize::from(length)).min(text.len());
        match self {
            Edit::Delete(at, length) => {
                let at = place(at);
                text.drain(at..end(at, length));
            }
            Edit::Insert(at, piece) => {
                let at = place(at);
                text.splice(at..at, piece.iter().copied());
            }
            Edit::Cut(at) => text.truncate(place(at)),
            Edit::Repeat(at, length) => {
                let at = place(at);
                let again = text[at..end(at, length)].to_vec();
                text.splice(at..at, again);
            }
        }
    }
}

impl<'a> Arbitrary<'a> for Edit {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let at = usize::from(u16::arbitrary(u)?);
        Ok(match u.int_in_range(0..=7)? {
            0 | 1 => Edit::Delete(at, u.int_in_range(1..=4)?),
            2 => Edit::Delete(at, u8::arbitrary(u)?),
            3 => Edit::Cut(at),
            4 => Edit::Repeat(at, u8::arbitrary(u)?),
            _ => Edit::Insert(at, pick(u, &PIECES)?),
        })
    }
}

impl Shrink for Edit {
    fn simpler(&self) -> Vec<Self> {
        match *self {
            Edit::Delete(at, length) if length > 1 => vec![Edit::Delete(at, 1)],
            Edit::Repeat(at, length) if length > 1 => vec![Edit::Repeat(at, 1)],
            _ => Vec::new(),
        }
    }
}
