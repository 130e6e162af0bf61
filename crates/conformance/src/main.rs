//! The command `tokens-conformance`. One file a subcommand.

mod command;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    command::Cli::parse().run().into()
}
