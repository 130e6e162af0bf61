//! `self-test`: wrong drivers against the vectors, or against fresh cases and questions without end.

use std::fmt::Write as _;

use clap::ValueEnum;
use conformance::suite;
use conformance::wrong::{self, Hunt, Hunted, Outcome};

use super::output::{print, say};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How to show the table
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Put fresh cases to them, as `challenge` and `fuzz` do, in place of the vectors
    #[arg(long)]
    fresh: bool,
    /// Where chance begins, for fresh cases
    #[arg(long, value_name = "N", requires = "fresh")]
    seed: Option<u64>,
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
    if args.fresh {
        return fresh(args);
    }
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

fn fresh(args: &Args) -> Result<Status, Failure> {
    let mut hunt = Hunt::default();
    hunt.seed = args.seed.unwrap_or(hunt.seed);
    let wrongs: Vec<_> = wrong::all().collect();
    let hunted = wrong::hunt(&hunt, &wrongs);
    print(&match args.format {
        Format::Text => fresh_text(&hunted),
        Format::Markdown => wrong::fresh_table(&hunt, &hunted),
    })?;
    let mut missed = 0;
    for Hunted { wrong, case, found } in &hunted {
        if case.is_none() {
            say(&format!("{} passes {} fresh cases", wrong.name, hunt.cases));
        }
        if found.is_none() {
            say(&format!("{} answers {} questions rightly", wrong.name, hunt.questions));
        }
        missed += usize::from(case.is_none() || found.is_none());
    }
    say(&format!("{} of {} wrong drivers are found by both", hunted.len() - missed, hunted.len()));
    Ok(if missed == 0 { Status::Passed } else { Status::Failed })
}

fn fresh_text(hunted: &[Hunted]) -> String {
    let width = hunted.iter().map(|hunted| hunted.wrong.name.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  case  question  smallest request\n", "wrong driver");
    for Hunted { wrong, case, found } in hunted {
        let number = |number: Option<u64>| number.map_or("-".to_owned(), |n| n.to_string());
        let case = number(case.map(|case| case as u64));
        let asked = number(found.as_ref().map(|found| found.asked));
        let request = found.as_ref().map_or("", |found| found.divergence.case.request.get());
        let _ = writeln!(text, "{:width$}  {case:>4}  {asked:>8}  {request}", wrong.name);
    }
    text
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
