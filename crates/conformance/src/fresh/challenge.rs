//! So many fresh cases of a seed.

use std::collections::BTreeMap;

use testkit::generate::Question;
use testkit::source::{self, Chance};

use super::{Fresh, Wanted, judge, op};
use crate::protocol::Op;

/// Which cases.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// Where chance begins.
    pub seed: u64,
    /// How many cases.
    pub count: usize,
    /// Only of these ops; of all if empty.
    pub ops: Vec<Op>,
}

/// The cases of a challenge, and what was set aside.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The cases, in their order.
    pub cases: Vec<Fresh>,
    /// How many questions were open, by reason.
    pub open: BTreeMap<&'static str, usize>,
}

/// Questions in vain, after which no more is tried: an op may be one that is never decided.
const MOST_IN_VAIN: usize = 10_000;

/// The question with this number, the same for the same seed.
pub(crate) fn question(seed: u64, number: u64) -> Option<Question> {
    // Seeds that follow each other are far apart then.
    let mut start = [0; 8];
    start.copy_from_slice(source::bytes(seed, 8).get(..8)?);
    source::from_seed(u64::from_le_bytes(start) ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d))
}

impl Challenge {
    /// The cases.
    pub fn make(&self, wanted: &Wanted) -> Made {
        let mut made = Made::default();
        let mut in_vain = 0;
        let mut turns = BTreeMap::new();
        // Each seed begins its rounds somewhere else.
        let start = Chance::new(self.seed).below(1000);
        for number in 0.. {
            if made.cases.len() == self.count || in_vain == MOST_IN_VAIN {
                break;
            }
            in_vain += 1;
            let Some(mut question) = question(self.seed, number) else { continue };
            let turns = turns.entry(op(&question)).or_insert(0_usize);
            *turns += 1;
            // Every second question of an op is one of those that go round.
            if *turns % 2 == 0 {
                question = question.in_turn(start.wrapping_add(*turns / 2));
            }
            if !self.ops.is_empty() && !self.ops.contains(&op(&question)) {
                continue;
            }
            let id = format!("{}/{}-{number}", op(&question), self.seed);
            match judge(&question, &id, wanted) {
                Ok(mut fresh) => {
                    fresh.case.description =
                        format!("A fresh case, number {number} of the seed {}", self.seed);
                    made.cases.push(fresh);
                    in_vain = 0;
                }
                Err(reason) => *made.open.entry(reason).or_default() += 1,
            }
        }
        made
    }
}
