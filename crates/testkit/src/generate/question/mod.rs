//! What the suite asks an implementation: questions of the five ops, as structures that shrink.
//!
//! Whether the answer is decided is for whoever asks: nearly everything is possible here.

mod access;
mod append;
mod file;
mod near;
mod permission;
mod plan;
mod slip;
mod twist;

use arbitrary::{Arbitrary, Result, Unstructured};

pub use access::{AccessQuestion, Asked};
pub use append::{Addition, AppendQuestion, Old};
pub use file::File;
pub use permission::PermissionQuestion;
pub use plan::{PlanQuestion, Server, ServerToken};
pub use slip::Slip;
pub use twist::Twist;

use super::{DocumentCase, Faulty};
use crate::shrink::{Shrink, shrink_fields};
use crate::source::one_in;

/// A question of one of the ops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// What a permission means.
    Permission(PermissionQuestion),
    /// What a file says.
    Load(LoadQuestion),
    /// What tokens may do.
    Access(AccessQuestion),
    /// What a file becomes.
    Append(AppendQuestion),
    /// What a start does.
    Plan(PlanQuestion),
}

/// What a file says and what is to be warned of, at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadQuestion {
    /// The file.
    pub file: File,
    /// The moment, in milliseconds; none for the protocol's default.
    pub now: Option<i64>,
}

impl<'a> Arbitrary<'a> for LoadQuestion {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let names = file::pool(u)?;
        let file = match u.int_in_range(0..=9)? {
            0 | 1 => File::Any(DocumentCase::Faulty(Faulty::arbitrary(u)?)),
            2 => File::Any(DocumentCase::arbitrary(u)?),
            3 => File::twisted(u, names)?,
            _ => File::small(u, names)?,
        };
        let now = if one_in(u, 3)? { None } else { Some(file.moment(u)?) };
        Ok(LoadQuestion { file, now })
    }
}

shrink_fields!(LoadQuestion { file, now });

impl<'a> Arbitrary<'a> for Question {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let turn = if one_in(u, 3)? { Some(u16::arbitrary(u)?) } else { None };
        let question = match u.int_in_range(0..=15)? {
            0 | 1 => Question::Permission(PermissionQuestion::arbitrary(u)?),
            2..=6 => Question::Load(LoadQuestion::arbitrary(u)?),
            7..=10 => Question::Access(AccessQuestion::arbitrary(u)?),
            11 | 12 => Question::Append(AppendQuestion::arbitrary(u)?),
            _ => Question::Plan(PlanQuestion::arbitrary(u)?),
        };
        Ok(match turn {
            Some(turn) => question.in_turn(turn.into()),
            None => question,
        })
    }
}

impl Question {
    /// The same question, with what is nearly right in it chosen in turn, where it can be: so that a few
    /// hundred questions of a kind leave none of that out.
    pub fn in_turn(self, turn: usize) -> Self {
        match self {
            Question::Permission(question) => Question::Permission(question.in_turn(turn)),
            Question::Load(LoadQuestion { file, .. }) => {
                Question::Load(LoadQuestion { file: file.in_turn(turn), now: None })
            }
            Question::Access(question) => Question::Access(question.in_turn(turn)),
            Question::Append(question) => Question::Append(question.in_turn(turn)),
            Question::Plan(question) => Question::Plan(question.in_turn(turn)),
        }
    }
}

impl Shrink for Question {
    fn simpler(&self) -> Vec<Self> {
        match self {
            Question::Permission(question) => each(question, Question::Permission),
            Question::Load(question) => each(question, Question::Load),
            Question::Access(question) => each(question, Question::Access),
            Question::Append(question) => each(question, Question::Append),
            Question::Plan(question) => each(question, Question::Plan),
        }
    }
}

fn each<T: Shrink>(question: &T, of: fn(T) -> Question) -> Vec<Question> {
    question.simpler().into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shrink::minimise;
    use crate::source::from_seed;

    #[test]
    fn every_question_shrinks_to_an_end() {
        for seed in 0..40 {
            let question: Question = from_seed(seed).expect("a question");
            let smallest = minimise(question.in_turn(7), |_| true);
            assert!(smallest.simpler().is_empty(), "{smallest:?}");
        }
    }
}
