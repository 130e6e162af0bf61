//! How long things take beside what else could be done in that time: `cargo xtask ratios`.
//!
//! Absolute times mean nothing on a shared machine. Here both sides of a pair are measured in turns, in one
//! run, and the median of the ratios of all rounds is held to a bound.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a chore, not a library"
)]

mod files;
mod hostile;
mod library;
mod pair;
mod process;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use pair::Pair;

/// Measure pairs in turns and hold their ratios to their bounds
#[derive(Parser)]
struct Args {
    /// Only pairs whose name contains this
    filter: Option<String>,
    /// How often each side is measured; else as often as the pair needs
    #[arg(long)]
    rounds: Option<usize>,
    /// Write the table to a file, too
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Given by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let is_meant = |pair: &&Pair| {
        args.filter.as_ref().is_none_or(|filter| pair.name.contains(filter.as_str()))
    };
    let pairs = library::PAIRS.iter().chain(process::PAIRS).chain(hostile::PAIRS).filter(is_meant);
    let mut table = pair::HEAD.to_owned();
    print!("{table}");
    let mut passes = true;
    for pair in pairs {
        let measured = pair.measure(args.rounds.unwrap_or(pair.rounds));
        print!("{}", measured.line());
        passes &= measured.passes();
        table.push_str(&measured.line());
    }
    if let Some(path) = &args.out {
        let page = format!("{}{table}", include_str!("about.md"));
        fs::write(path, page).expect("the table can be written");
    }
    if passes { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
