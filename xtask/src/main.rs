//! The project's own chores, one subcommand a file: `cargo xtask --help`.

#![allow(clippy::print_stderr, reason = "chores talk to whoever runs them")]

mod bench;
mod ci;
mod conformance;
mod dist;
mod fuzz;
mod generators;
mod instructions;
mod mutants;
mod pages;
mod ratios;
mod run;
mod seeds;
mod snapshots;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Everything that has to pass before a change lands, as .ci/run does
    Ci(ci::Args),
    /// All tests, with what is given passed on to `cargo test`
    Test(test::Args),
    /// The benches, with what is given passed on to criterion
    Bench(bench::Args),
    /// Hold the ratio of each pair of measured times to its bound
    Ratios(ratios::Args),
    /// Hold the count of instructions of each piece of work to what it was
    Instructions(instructions::Args),
    /// Make the generated vectors and tables anew, lint and run the conformance suite
    Conformance,
    /// Make the guide to all diagnostics anew
    Pages,
    /// Show how good the generators are: what is accepted, and which codes they reach
    Generators,
    /// Try whether the vectors and the tests notice mistakes in the library
    Mutants(mutants::Args),
    /// Compare what the program says with the snapshots, or accept what it says
    Snapshots(snapshots::Args),
    /// Fuzz every target for a while, or measure how fast they are
    Fuzz(fuzz::Args),
    /// Make the seeds of the fuzz targets anew
    Seeds(seeds::Args),
    /// Make the archive of a release for machines as this one
    Dist,
}

fn main() -> ExitCode {
    let result = match Cli::parse().chore {
        Chore::Ci(args) => ci::run(&args),
        Chore::Test(args) => test::run(&args),
        Chore::Bench(args) => bench::run(&args),
        Chore::Ratios(args) => ratios::run(&args),
        Chore::Instructions(args) => instructions::run(&args),
        Chore::Conformance => conformance::run(),
        Chore::Pages => pages::run(),
        Chore::Generators => generators::run(),
        Chore::Mutants(args) => mutants::run(&args),
        Chore::Snapshots(args) => snapshots::run(&args),
        Chore::Fuzz(args) => fuzz::run(&args),
        Chore::Seeds(args) => seeds::run(&args),
        Chore::Dist => dist::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
