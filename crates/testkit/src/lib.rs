//! Generators and oracles for tokens files, without an engine of their own: one definition for the
//! property tests, the fuzz targets, the benches and the conformance suite.
//!
//! A *generator* makes a value of bytes, whoever chose them: a document, a permission, a server and what it
//! is asked. It knows what it made, since it began with the meaning and spelled it last. An *oracle* says
//! what has to hold of such a value, and panics where it does not. A failing value is *shrunk* by its
//! structure, so that it stays what it is.
//!
//! ```
//! use testkit::generate::DocumentCase;
//! use testkit::{oracle, source};
//!
//! // The same on every machine: a file that loads, one with a known fault, or one that is wild.
//! let case: DocumentCase = source::from_seed(7).expect("a document");
//! oracle::load::structured(&case);
//! ```
//!
//! A fuzz target is the same with the fuzzer's bytes, `source::from_bytes(bytes)`, and a property with
//! proptest's, `strategy::any::<DocumentCase>()`. What fails is made small:
//!
//! ```
//! use testkit::generate::Grant;
//! use testkit::shrink::minimise;
//! use testkit::source;
//!
//! // Pretend that a permission to write is a failure.
//! let fails = |grant: &Grant| grant.text().ends_with("write");
//! let found = (0..).filter_map(source::from_seed).find(fails).expect("one of the first");
//! assert_eq!(minimise(found, fails).text(), "db:*:write");
//! ```
//!
//! # Where to go
//!
//! | to … | see |
//! |---|---|
//! | make values | [`generate`]: documents, permissions, worlds, histories, questions, each with its `Arbitrary` |
//! | say what must hold of them | [`oracle`], and [`oracle::model`], which is the rules once more |
//! | make a failing value small | [`shrink`] |
//! | drive it by bytes, seeds or proptest | [`source`], and `strategy` with the feature `proptest` |
//! | see how good the generators are | [`health`], and `cargo xtask generators` |
//! | have the words of the format, right and wrong | [`words`] |
//! | read JSON as it is spelled | [`json`] |
//!
//! What is made carries no real secret: token strings here are fakes.

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
