//! `vectors`: what the suite consists of.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use conformance::vector::EMBEDDED;
use conformance::{families, lint, suite};

use super::output::{print, say};
use super::{Failure, Status};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the cases: id, rules, description
    List,
    /// Write the vectors, their schema, the list of rules and the licences to a directory
    Export {
        /// The directory, made if it is absent
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Check the vectors for mistakes
    Lint,
    /// Print the table of rules and the cases that decide them
    Table,
    /// Make the families that are products of small sets anew
    Generate {
        /// The directory of the vectors
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

pub(super) fn run(command: &Command) -> Result<Status, Failure> {
    match command {
        Command::List => list(),
        Command::Export { out } => export(out),
        Command::Lint => check(),
        Command::Table => table(),
        Command::Generate { out } => generate(out),
    }
}

fn list() -> Result<Status, Failure> {
    let files = suite::load().map_err(Failure::usage)?;
    let cases = files.iter().flat_map(|file| &file.cases);
    let lines: String = cases
        .map(|case| format!("{}\t{}\t{}\n", case.id, case.rule.join(","), case.description))
        .collect();
    print(&lines)?;
    Ok(Status::Passed)
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    move |error| Failure::usage(format!("{}: {error}", path.to_string_lossy()))
}

fn export(out: &Path) -> Result<Status, Failure> {
    fs::create_dir_all(out).map_err(failed(out))?;
    EMBEDDED.extract(out).map_err(failed(out))?;
    for (name, text) in conformance::DOCUMENTS {
        let path = out.join(name);
        fs::write(&path, text).map_err(failed(&path))?;
    }
    print(&format!(
        "the vectors of suite {} are in {}\n",
        conformance::SUITE,
        out.to_string_lossy()
    ))?;
    Ok(Status::Passed)
}

fn check() -> Result<Status, Failure> {
    let faults = lint::lint();
    print(&faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
    if faults.is_empty() {
        say("no mistake is found in the vectors");
        return Ok(Status::Passed);
    }
    Ok(Status::Failed)
}

fn table() -> Result<Status, Failure> {
    print(&lint::table(&suite::load().map_err(Failure::usage)?))?;
    Ok(Status::Passed)
}

fn generate(out: &Path) -> Result<Status, Failure> {
    for file in families::all() {
        let path = out.join(format!("{}.json", file.family));
        fs::write(&path, families::text(&file)).map_err(failed(&path))?;
    }
    Ok(Status::Passed)
}
