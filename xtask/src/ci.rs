//! `cargo xtask ci`: format, lints, docs and tests. This list is the only one; .ci/run calls it.

use crate::run::{self, cargo};

pub(crate) fn run() -> Result<(), String> {
    run::run(&mut cargo(&["fmt", "--check"]))?;
    run::run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))?;
    let mut docs = cargo(&["doc", "--workspace", "--no-deps", "--locked"]);
    run::run(docs.env("RUSTDOCFLAGS", "-D warnings"))?;
    run::run(&mut cargo(&["test", "--workspace", "--locked"]))
}
