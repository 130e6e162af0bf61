//! Arguments in, a library call, a report out.

mod ask;
mod challenge;
mod driver;
mod fuzz;
mod generator;
mod output;
mod promote;
mod report;
mod run;
mod self_test;
mod target;
mod vectors;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measure implementations of InfluxDB 3 Enterprise tokens files
#[derive(Parser)]
#[command(name = "tokens-conformance", version, propagate_version = true)]
#[command(after_help = "\
Exit status: 0 all cases pass or are known, 1 failures, 2 a bad flag or value, 3 nothing was selected or all \
skipped, 4 the implementation could not be run at all.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the vectors against an implementation; without one, against the reference
    Run(run::Args),
    /// Put fresh cases to an implementation, the same ones for the same seed
    Challenge(challenge::Args),
    /// Put questions to an implementation without end, steered by its answers
    Fuzz(fuzz::Args),
    /// Put one request to an implementation, and to the reference
    Ask(ask::Args),
    /// Make a candidate for a vector of what `fuzz` found
    Promote(promote::Args),
    /// Check a command that makes tokens files
    Generator(generator::Args),
    /// Answer requests as the reference does: protocol on standard input and output
    Driver,
    /// Export, check or make the vectors
    #[command(subcommand)]
    Vectors(vectors::Command),
    /// Test the vectors: each of many wrong drivers has to be caught by one
    SelfTest(self_test::Args),
    /// Show JSON reports in another format, several on one page
    Report(report::Args),
}

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Passed = 0,
    Failed = 1,
    Usage = 2,
    NothingSelected = 3,
    CannotRun = 4,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status as u8)
    }
}

/// Why a command did not do its work: how the program ends, and a sentence.
pub(crate) struct Failure(Status, String);

impl Failure {
    fn usage(error: impl ToString) -> Self {
        Failure(Status::Usage, error.to_string())
    }
}

impl Cli {
    pub(crate) fn run(self) -> Status {
        let result = match self.command {
            Command::Run(args) => run::run(args),
            Command::Challenge(args) => challenge::run(&args),
            Command::Fuzz(args) => fuzz::run(&args),
            Command::Ask(args) => ask::run(&args),
            Command::Promote(args) => promote::run(&args),
            Command::Generator(args) => generator::run(&args),
            Command::Driver => driver::run(),
            Command::Vectors(command) => vectors::run(&command),
            Command::SelfTest(args) => self_test::run(&args),
            Command::Report(args) => report::run(&args),
        };
        result.unwrap_or_else(|Failure(status, message)| {
            let lines: Vec<_> = message.split('\n').map(tokens::visible).collect();
            output::say(&format!("error: {}", lines.join("\n")));
            status
        })
    }
}
