//! Generators and oracles for tokens files, without an engine of their own: one definition for the
//! property tests, the fuzz targets, the benches and the conformance suite.
//!
//! | to … | see |
//! |---|---|
//! | make values | [`generate`]: documents, permissions, worlds, histories, questions, each with its `Arbitrary` |
//! | say what must hold of them | [`oracle`] |
//! | make a failing value small | [`shrink`] |
//! | drive it by bytes, seeds or proptest | [`source`], and `strategy` with the feature `proptest` |
//! | see how good the generators are | [`health`] |
//! | read JSON as it is spelled | [`json`] |
//!
//! ```
//! use testkit::generate::DocumentCase;
//! use testkit::{oracle, source};
//!
//! let case: DocumentCase = source::from_seed(7).unwrap();
//! oracle::load::structured(&case);
//! ```

// Generators index what they made themselves and panic where they cannot make it, and oracles panic to say
// that something is wrong. What reads and prints JSON here is used by the suite, which no input may stop.
#[allow(clippy::indexing_slicing, clippy::panic)]
pub mod generate;
#[allow(clippy::indexing_slicing)]
pub mod health;
pub mod json;
#[allow(clippy::indexing_slicing, clippy::panic)]
pub mod oracle;
pub mod shrink;
pub mod source;
#[cfg(feature = "proptest")]
pub mod strategy;
pub mod words;
