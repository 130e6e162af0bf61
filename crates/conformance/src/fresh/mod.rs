//! Fresh cases: questions made by chance, with the reference as the answer key.
//!
//! The same seed makes the same cases on every machine. What no rule decides is no case: [`open`] knows.

mod chain;
mod challenge;
mod key;
mod open;
mod request;

use serde_json::value::RawValue;
use testkit::generate::Question;

pub use chain::{Before, Chained, ask};
pub use challenge::{Challenge, Made};
pub use open::open;

use crate::protocol::Op;
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

/// What is made of a question.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// A case.
    Decided(Box<Fresh>),
    /// None, and why: implementations may differ.
    Open(&'static str),
}

/// How cases are made for an implementation.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What it gives beyond verdicts and values.
    pub features: Vec<String>,
    /// Whether codes or layers are compared: then of several faults none may be expected first.
    pub codes: bool,
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

/// The case that a request makes, with the reference's answer as what is expected, be it decided or not; with `warns`
/// the warnings, too.
///
/// # Errors
///
/// When it is no request of the op; in words.
pub fn of_request(op: Op, request: &str, wanted: &Wanted, warns: bool) -> Result<Case, String> {
    key::of_request(op, request, wanted, warns)
}

/// The case that a question makes.
///
/// ```
/// use conformance::fresh::{Verdict, Wanted, judge};
/// use testkit::generate::Question;
///
/// let question: Question = testkit::source::from_seed(7).unwrap();
/// let Verdict::Decided(fresh) = judge(&question, "fresh/7", &Wanted::default()) else { panic!() };
/// assert!(fresh.case.request().is_ok());
/// ```
pub fn judge(question: &Question, id: &str, wanted: &Wanted) -> Verdict {
    key::judge(question, id, wanted)
}
