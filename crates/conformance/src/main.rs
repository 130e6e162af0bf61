//! The command `tokens-conformance`. One file a subcommand.

mod command;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// A question makes hundreds of small values: with the system's allocator fuzzing takes a fifth longer.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    command::Cli::parse().run().into()
}
