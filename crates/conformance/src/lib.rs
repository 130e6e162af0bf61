//! A conformance suite for InfluxDB 3 Enterprise tokens files: it asks any implementation, in any
//! language, and says where it differs and by which rule.
//!
//! Most people want the program `tokens-conformance`, and its page, `crates/conformance/README.md`. This is
//! the library behind it, for tests in Rust and for whoever changes the suite.
//!
//! A *case* is a request, with what every implementation has to answer and the rules that say so; the
//! committed ones are the *vectors*. A *subject* is an implementation that can be asked: the reference in
//! this process, a driver that speaks a protocol of JSON lines, or a program that knows no protocol. A run
//! puts cases to a subject, and ends with a report.
//!
//! ```
//! use conformance::compare::Strictness;
//! use conformance::known::Known;
//! use conformance::report::{Format, render};
//! use conformance::run::{self, Options};
//! use conformance::subject::Reference;
//! use conformance::suite::{self, Selection};
//! use conformance::vector::Version;
//!
//! // The cases that rest on one rule.
//! let files = suite::load()?;
//! let filter = Selection::filter(&["PERM-03".to_owned()])?;
//! let cases = Selection { filter, partition: None }.of(&files);
//!
//! let options = Options {
//!     strictness: Strictness::PLAIN,
//!     should_fails: false,
//!     server: Version::NEWEST,
//!     fail_fast: false,
//!     known: &Known::default(),
//!     on_case: &|_| {},
//!     repeat: &|id| format!("tokens-conformance run --filter {id}"),
//! };
//! let report = run::run(vec![Box::new(Reference::default())], &cases, &options);
//! assert!(report.passes() && !report.is_empty());
//! assert_eq!(report.cases.len(), cases.len());
//! print!("{}", render(&[report], Format::Human));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to go
//!
//! | to … | see |
//! |---|---|
//! | attach an implementation | [`subject`], [`protocol`], and `PROTOCOL.md` |
//! | see how the reference takes part | [`driver`], [`mod@reference`] |
//! | read the vectors | [`vector`], [`suite`] |
//! | run them and judge | [`run`](mod@run), [`compare`](mod@compare), [`known`] |
//! | show what came of it | [`report`] |
//! | ask what no vector asks | [`fresh`], [`fuzz`] |
//! | check a command that makes files | [`generator`] |
//! | add vectors | [`families`], [`lint`] |
//! | see that the vectors catch mistakes | [`wrong`] |
//! | know the rules | `SPEC.md`; `RULES.md` has the cases of each |
//!
//! The documents lie in `crates/conformance`, and are exported with the vectors: [`DOCUMENTS`].

mod child;
pub mod compare;
pub mod driver;
pub mod families;
pub mod fresh;
pub mod fuzz;
pub mod generator;
pub mod known;
pub mod lint;
pub mod protocol;
pub mod reference;
pub mod report;
pub mod run;
pub mod subject;
pub mod suite;
pub mod vector;
pub mod wrong;

/// The version of the suite, which vectors and reports carry.
pub const SUITE: &str = env!("CARGO_PKG_VERSION");

/// What is exported beside the vectors: name and text.
pub const DOCUMENTS: [(&str, &str); 5] = [
    ("SPEC.md", include_str!("../SPEC.md")),
    ("PROTOCOL.md", include_str!("../PROTOCOL.md")),
    ("RULES.md", include_str!("../RULES.md")),
    ("LICENSE-MIT", include_str!("../../../LICENSE-MIT")),
    ("LICENSE-APACHE", include_str!("../../../LICENSE-APACHE")),
];
