//! The guide for those who adopt the suite is true: its commands are run, and what they print is compared.

#![allow(clippy::expect_used, clippy::indexing_slicing)]

#[path = "../../../tests/pages/session.rs"]
mod session;

use std::path::PathBuf;

use session::{Terminal, steps};

#[test]
fn the_guide_is_true() {
    let steps = steps(include_str!("../../cli/guides/adopting-the-suite.md"));
    assert!(steps.len() >= 6, "{} commands only", steps.len());
    let program = PathBuf::from(env!("CARGO_BIN_EXE_tokens-conformance"));
    Terminal::with([program]).follow(&steps);
}
