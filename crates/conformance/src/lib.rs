//! The conformance suite for InfluxDB 3 Enterprise tokens files: it measures any implementation, in any
//! language, over a small protocol.
//!
//! | to … | see |
//! |---|---|
//! | attach an implementation | [`protocol`], [`subject`], and `PROTOCOL.md` |
//! | see how the reference takes part | [`driver`], [`mod@reference`] |
//! | read the vectors | [`vector`], [`suite`] |
//! | run them and judge | [`run`](mod@run), [`compare`](mod@compare), [`known`] |
//! | ask what no vector asks | [`fresh`], [`fuzz`] |
//! | check a command that makes files | [`generator`] |
//! | show what came of it | [`report`] |
//! | see that the vectors catch mistakes | [`wrong`] |
//! | know the rules | `SPEC.md` |

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
