//! `cargo xtask generators`: how often what the generators make is accepted, and which codes it reaches.

use crate::run::{self, cargo};

pub(crate) fn run() -> Result<(), String> {
    run::run(&mut cargo(&["run", "--quiet", "--package", "testkit", "--example", "generators"]))
}
