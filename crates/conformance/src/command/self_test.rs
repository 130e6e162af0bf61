//! `self-test`: wrong drivers against the vectors.

use std::fmt::Write as _;

use clap::ValueEnum;
use conformance::suite;
use conformance::wrong::{self, Outcome};

use super::output::{print, say};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How to show the table
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// Columns, and the mistakes in words
    Text,
    /// A table for a page
    Markdown,
}

/// How many of the cases that catch a mistake are named.
const NAMED: usize = 3;

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let files = suite::load().map_err(Failure::usage)?;
    let outcomes = wrong::self_test(&files);
    print(&match args.format {
        Format::Text => text(&outcomes),
        Format::Markdown => markdown(&outcomes),
    })?;
    let missed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| outcome.caught_by.is_empty())
        .map(|outcome| outcome.name)
        .collect();
    for name in &missed {
        say(&format!("no vector catches {name}"));
    }
    say(&format!(
        "{} of {} wrong drivers are caught",
        outcomes.len() - missed.len(),
        outcomes.len()
    ));
    Ok(if missed.is_empty() { Status::Passed } else { Status::Failed })
}

/// The cases that catch a mistake: how many, and the first of them.
fn caught(outcome: &Outcome) -> (usize, String) {
    let named: Vec<&str> = outcome.caught_by.iter().take(NAMED).map(String::as_str).collect();
    (outcome.caught_by.len(), named.join(", "))
}

fn text(outcomes: &[Outcome]) -> String {
    let width = outcomes.iter().map(|outcome| outcome.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  caught  first by\n", "wrong driver");
    for outcome in outcomes {
        let (count, named) = caught(outcome);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:width$}  {count:6}  {named}", outcome.name);
        let _ = writeln!(text, "    {}", outcome.mistake);
    }
    text
}

fn markdown(outcomes: &[Outcome]) -> String {
    let mut text =
        String::from("| wrong driver | mistake | caught | first by |\n|---|---|--:|---|\n");
    for outcome in outcomes {
        let (count, named) = caught(outcome);
        let mistake = outcome.mistake.replace('|', "\\|");
        let _ = writeln!(text, "| `{}` | {mistake} | {count} | {named} |", outcome.name);
    }
    text
}
