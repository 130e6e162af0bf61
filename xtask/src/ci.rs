//! `cargo xtask ci`: format, lints, docs and tests. This list is the only one; .ci/run calls it.

use std::process::Command;

use crate::run::{self, cargo};
use crate::{instructions, mutants};

/// With that many shards one takes some minutes.
const SHARDS: u64 = 32;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Licences and sources, the tests under nextest, the counts of instructions, the fuzzers as OSS-Fuzz has
    /// them, and one shard of the mutants, too
    #[arg(long)]
    full: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    if args.full {
        // Before anything takes its time.
        let tools = ["deny", "nextest", "fuzz", "mutants"];
        let lacks = tools.into_iter().filter_map(|subcommand| run::need(subcommand).err());
        let lacks: Vec<String> = lacks.collect();
        if !lacks.is_empty() {
            return Err(lacks.join("\n"));
        }
    }
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
    run::run(&mut cargo(&["test", "--workspace", "--locked"]))?;
    if args.full { full() } else { Ok(()) }
}

/// What needs more than Debian has.
fn full() -> Result<(), String> {
    run::run(&mut cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))?;
    run::run(&mut cargo(&["nextest", "run", "--workspace", "--locked"]))?;
    instructions::run(&instructions::Args::default())?;
    run::run(&mut Command::new(run::top().join("fuzz/tests/clusterfuzzlite.sh")))?;
    mutants::run(&mutants::Args::again(mutants::Shard::of_today(SHARDS)))
}
