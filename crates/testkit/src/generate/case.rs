//! Documents of every kind, for one target: valid, nearly valid, wild.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};

use super::document::{Document, spelled};
use super::edit::Edit;
use super::fault::Faulty;
use super::leak::Leak;
use super::spelling::Spelling;
use crate::shrink::Shrink;
use crate::source::list;

/// A document, and what must come of it.
#[derive(Clone, PartialEq, Eq)]
pub enum DocumentCase {
    /// It loads, and means what its parts say.
    Valid(Document, Spelling),
    /// Its one fault is found, and nothing else.
    Faulty(Faulty),
    /// Whatever comes of it, all implementations and both ways of the reader agree.
    Wild(Document, Spelling, Vec<Edit>),
    /// Whatever comes of it, none of its secrets is shown.
    Leaky(Leak),
}

impl DocumentCase {
    /// The file's bytes.
    pub fn text(&self) -> Vec<u8> {
        match self {
            DocumentCase::Valid(document, spelling) => spelling.text(&document.json()).into_bytes(),
            DocumentCase::Faulty(faulty) => faulty.broken().bytes,
            DocumentCase::Wild(document, spelling, edits) => {
                let mut text = spelling.text(&document.json()).into_bytes();
                edits.iter().for_each(|edit| edit.apply(&mut text));
                text
            }
            DocumentCase::Leaky(leak) => leak.text().into_bytes(),
        }
    }
}

impl fmt::Debug for DocumentCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.text().escape_ascii())?;
        match self {
            DocumentCase::Valid(..) => f.write_str(", which is valid"),
            DocumentCase::Faulty(faulty) => write!(f, " ({:?})", faulty.fault),
            DocumentCase::Wild(..) => Ok(()),
            DocumentCase::Leaky(_) => f.write_str(", which is full of secrets"),
        }
    }
}

impl<'a> Arbitrary<'a> for DocumentCase {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let kind = u.int_in_range(0..=5)?;
        match kind {
            3 | 4 => return Ok(DocumentCase::Faulty(Faulty::arbitrary(u)?)),
            5 => return Ok(DocumentCase::Leaky(Leak::arbitrary(u)?)),
            _ => {}
        }
        let edits = if kind == 0 { Vec::new() } else { list(u, 4, Edit::arbitrary)? };
        let document = Document::arbitrary(u)?;
        let (document, spelling) = spelled(u, document)?;
        Ok(match edits.is_empty() {
            true => DocumentCase::Valid(document, spelling),
            false => DocumentCase::Wild(document, spelling, edits),
        })
    }
}

impl Shrink for DocumentCase {
    fn simpler(&self) -> Vec<Self> {
        match self {
            DocumentCase::Valid(document, spelling) => {
                let spellings = spelling.simpler().into_iter();
                let spellings = spellings.map(|s| DocumentCase::Valid(document.clone(), s));
                let documents = document.simpler().into_iter();
                spellings
                    .chain(documents.map(|d| DocumentCase::Valid(d, spelling.clone())))
                    .collect()
            }
            DocumentCase::Faulty(faulty) => {
                faulty.simpler().into_iter().map(DocumentCase::Faulty).collect()
            }
            DocumentCase::Wild(document, spelling, edits) => {
                let wild = |d: &Document, s: &Spelling, e: &[Edit]| {
                    DocumentCase::Wild(d.clone(), s.clone(), e.to_vec())
                };
                let mut all: Vec<Self> =
                    edits.simpler().iter().map(|edits| wild(document, spelling, edits)).collect();
                all.extend(
                    spelling.simpler().iter().map(|spelling| wild(document, spelling, edits)),
                );
                all.extend(
                    document.simpler().iter().map(|document| wild(document, spelling, edits)),
                );
                all
            }
            DocumentCase::Leaky(leak) => {
                leak.simpler().into_iter().map(DocumentCase::Leaky).collect()
            }
        }
    }
}
