//! Fresh cases: questions made by chance, with the reference as the answer key.
//!
//! Who knows the vectors can pass them without knowing the rules. The same seed makes the same cases on
//! every machine. What no rule decides is no case: [`open`](fn@open) knows.
//!
//! ```
//! use conformance::fresh::{Challenge, Wanted};
//! use conformance::protocol::Op;
//!
//! let challenge = Challenge { seed: 7, count: 20, ops: vec![Op::Permission] };
//! let made = challenge.make(&Wanted::of_the_reference());
//! assert_eq!(made.cases.len(), 20);
//! // A case like any other, to be put to any subject.
//! assert!(made.cases.iter().all(|fresh| fresh.case.request().is_ok()));
//! ```

mod chain;
mod challenge;
mod key;
mod open;
mod request;

use serde_json::value::RawValue;
use testkit::generate::Question;

pub use chain::{Before, Chained, ask};
pub use challenge::{Challenge, Made};
pub(crate) use key::{base_rules, rules_of};
pub use key::{decided, judge, of_request};
pub use open::open;
pub(crate) use request::{Appended, document, with};

use crate::protocol::Op;
use crate::reference::FEATURES;
use crate::vector::Case;

/// A question that is decided.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// What is asked last, and what is expected of that.
    pub case: Case,
    /// The appends before it, each on the file that the one before left; without `document`, but the first.
    pub before: Vec<Box<RawValue>>,
}

impl Fresh {
    /// What has to be asked before which case.
    pub fn before(cases: &[Fresh]) -> Before {
        let chains = cases.iter().filter(|fresh| !fresh.before.is_empty());
        Before::new(chains.map(|fresh| (fresh.case.id.clone(), fresh.before.clone())).collect())
    }
}

/// How cases are made for an implementation.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What it gives beyond verdicts and values.
    pub features: Vec<String>,
    /// Whether codes or layers are compared: then of several faults none may be expected first.
    pub codes: bool,
}

impl Wanted {
    /// All that the reference gives.
    pub fn of_the_reference() -> Self {
        Wanted { features: FEATURES.map(str::to_owned).to_vec(), codes: false }
    }
}

/// The op of a question.
pub fn op(question: &Question) -> Op {
    match question {
        Question::Permission(_) => Op::Permission,
        Question::Load(_) => Op::Load,
        Question::Access(_) => Op::Access,
        Question::Append(_) => Op::Append,
        Question::Plan(_) => Op::Plan,
    }
}
