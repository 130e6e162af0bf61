//! The bridge to proptest: the same generators, driven by its random bytes, shrunk by their structure.
//!
//! ```
//! use proptest::test_runner::TestRunner;
//! use testkit::generate::History;
//! use testkit::{oracle, strategy};
//!
//! // What `proptest!` does with `history in strategy::any::<History>()`.
//! let mut runner = TestRunner::deterministic();
//! runner.run(&strategy::any::<History>(), |history| {
//!     oracle::append::history(&history);
//!     Ok(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::fmt::Debug;
use std::marker::PhantomData;

use arbitrary::Arbitrary;
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};

use crate::shrink::Shrink;
use crate::source::from_bytes;

/// The most bytes that a value is made of.
const MOST_BYTES: u32 = 1024;

/// Any value of a generated type.
pub fn any<T>() -> Any<T> {
    Any(PhantomData)
}

/// See [`any`].
#[derive(Clone, Copy, Debug)]
pub struct Any<T>(PhantomData<T>);

impl<T: for<'a> Arbitrary<'a> + Shrink + Debug> Strategy for Any<T> {
    type Tree = Tree<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let length = runner.rng().next_u32() % MOST_BYTES;
        let mut bytes = vec![0; length as usize];
        runner.rng().fill_bytes(&mut bytes);
        let value = from_bytes::<T>(&bytes).ok_or(Reason::from("bytes that stand for nothing"))?;
        Ok(Tree { failing: value.clone(), current: value, untried: Vec::new().into_iter() })
    }
}

/// A failing value and the simpler one that is tried.
#[derive(Debug)]
pub struct Tree<T> {
    failing: T,
    current: T,
    untried: std::vec::IntoIter<T>,
}

impl<T: Shrink + Debug> Tree<T> {
    fn try_next(&mut self) -> bool {
        let next = self.untried.next();
        let found = next.is_some();
        self.current = next.unwrap_or_else(|| self.failing.clone());
        found
    }
}

impl<T: Shrink + Debug> ValueTree for Tree<T> {
    type Value = T;

    fn current(&self) -> T {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        self.failing = self.current.clone();
        self.untried = self.failing.simpler().into_iter();
        self.try_next()
    }

    fn complicate(&mut self) -> bool {
        self.try_next()
    }
}

#[cfg(test)]
mod tests {
    use proptest::test_runner::{Config, TestError};

    use super::*;
    use crate::generate::{Databases, Document};

    #[test]
    fn a_failure_is_shrunk_by_its_structure() {
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
        let grants =
            |document: &Document| document.tokens.iter().any(|t| !t.permissions.is_empty());
        let result = runner.run(&any::<Document>(), |document| {
            proptest::prop_assert!(!grants(&document));
            Ok(())
        });
        let Err(TestError::Fail(_, document)) = result else { panic!("{result:?}") };
        let [token] = &document.tokens[..] else { panic!("{document:?}") };
        assert_eq!(token.permissions.len(), 1, "{document:?}");
        assert_eq!((&document.databases, document.unknown.len()), (&Databases::Absent, 0));
        assert_eq!((token.name.as_str(), token.secret.as_str()), ("a", "apiv3_"));
    }
}
