//! What is asked next: something new, or a change of what was worth to be kept.

use std::collections::HashSet;

use testkit::source::{self, Chance};

/// The bytes that questions were made of, each of which came to something that none before did.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    kept: Vec<Vec<u8>>,
    /// What was come to.
    seen: HashSet<u64>,
}

/// The most bytes that a question is made of.
const MOST: usize = 2048;

/// Of so many kept ones that chance picks, the shortest is changed.
const PICKS: usize = 5;

/// The fewest bytes of chance, and how many times they are doubled at most.
const FEWEST: usize = 8;
const DOUBLINGS: usize = 6;

/// Bytes by chance. As many small questions come of them as middling and large ones: most mistakes show in
/// small ones, of which more are asked in the same time.
fn fresh(chance: &mut Chance) -> Vec<u8> {
    let length = FEWEST << chance.below(DOUBLINGS + 1);
    source::bytes(chance.number(), length)
}

impl Corpus {
    /// How many are kept.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Bytes for the next question.
    pub(super) fn next(&self, chance: &mut Chance) -> Vec<u8> {
        match self.pick_short(chance) {
            Some(kept) if chance.below(4) > 0 => self.changed(kept.to_vec(), chance),
            _ => fresh(chance),
        }
    }

    fn pick(&self, chance: &mut Chance) -> Option<&[u8]> {
        self.kept.get(chance.below(self.kept.len())).map(Vec::as_slice)
    }

    fn pick_short(&self, chance: &mut Chance) -> Option<&[u8]> {
        (0..PICKS).filter_map(|_| self.pick(chance)).min_by_key(|kept| kept.len())
    }

    /// Changed in one to four places.
    fn changed(&self, mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
        for _ in 0..=chance.below(4) {
            let at = chance.below(bytes.len());
            match chance.below(6) {
                0 => {
                    let end = (at + 1 + chance.below(8)).min(bytes.len());
                    bytes.drain(at..end);
                }
                1 => bytes.insert(at, chance.number().to_le_bytes()[0]),
                2 => {
                    // The rest as another has it.
                    let other = self.pick(chance).and_then(|other| other.get(at..));
                    if let Some(other) = other.map(<[u8]>::to_vec) {
                        bytes.truncate(at);
                        bytes.extend(other);
                    }
                }
                3 => {
                    // The rest anew.
                    bytes.truncate(at);
                    bytes.extend(fresh(chance));
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = chance.number().to_le_bytes()[0];
                    }
                }
            }
        }
        bytes.truncate(MOST);
        bytes
    }

    /// Keeps the bytes of a question that came to something new; whether it did.
    pub(super) fn keep(&mut self, bytes: &[u8], came_to: u64) -> bool {
        let is_new = self.seen.insert(came_to);
        if is_new {
            self.kept.push(bytes.to_vec());
        }
        is_new
    }
}
