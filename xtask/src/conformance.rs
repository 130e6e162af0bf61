//! `cargo xtask conformance`: makes what is generated anew, and lints and runs the suite.

use std::fs;

use crate::run::{self, cargo};

const SUITE: [&str; 7] =
    ["run", "--quiet", "--package", "conformance", "--bin", "tokens-conformance", "--"];

pub(crate) fn run() -> Result<(), String> {
    let suite = |args: &[&str]| cargo(&[&SUITE[..], args].concat());
    run::run(&mut suite(&["vectors", "generate", "--out", "crates/conformance/vectors"]))?;
    let table = run::output(&mut suite(&["vectors", "table"]))?;
    let path = run::top().join("crates/conformance/RULES.md");
    fs::write(&path, table).map_err(|error| format!("RULES.md cannot be written: {error}"))?;
    // Some hundred thousand questions: optimized they take seconds.
    let fresh = [
        &SUITE[..1],
        &["--release"],
        &SUITE[1..],
        &["self-test", "--fresh", "--format", "markdown"],
    ];
    let table = run::output(&mut cargo(&fresh.concat()))?;
    let path = run::top().join("crates/conformance/FRESH.md");
    fs::write(&path, table).map_err(|error| format!("FRESH.md cannot be written: {error}"))?;
    run::run(&mut suite(&["vectors", "lint"]))?;
    run::run(&mut suite(&["run"]))
}
