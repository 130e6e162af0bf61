//! `generator`: checks of a command that makes tokens files.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use conformance::generator::{self, Check, Generator, Options};
use conformance::report::{Format, render};
use conformance::suite::Selection;

use super::output::{print, say};
use super::run::{advance, end_with_the_runner, progress, status};
use super::target::{Level, duration, known};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Make the checks with this id or rule; globs such as file-04/*; may be repeated
    #[arg(long, value_name = "GLOB")]
    filter: Vec<String>,
    /// How long the command may take for one token
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = duration)]
    timeout: Duration,
    /// A file of failures that are known, each with its reason
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// From which level on a difference fails
    #[arg(long, value_enum, default_value = "must")]
    level: Level,
    /// Do not look for secrets in what the command prints: the vendor's tool prints them
    #[arg(long)]
    allow_printed_secrets: bool,
    /// How to show the report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// List the checks, and make none: id, rules, level, what is asked for, what has to come of it
    #[arg(long)]
    list: bool,
    /// The command, to which `create token` and its flags are added
    #[arg(last = true, value_name = "CMD", required_unless_present = "list")]
    command: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let filter = Selection::filter(&args.filter).map_err(Failure::usage)?;
    let checks = generator::select(filter.as_ref());
    if checks.is_empty() {
        let message = "no check is selected; see the ids with `generator --list`";
        return Err(Failure(Status::NothingSelected, message.to_owned()));
    }
    if args.list {
        return list(&checks);
    }
    let known = known(args.known.as_deref())?;
    end_with_the_runner();
    let generator = Generator::new(args.command.clone(), args.timeout, args.allow_printed_secrets);
    let bar = progress(checks.len());
    let begin = Instant::now();
    let options = Options {
        should_fails: args.level == Level::Should,
        known: &known,
        on_check: &|verdict| advance(&bar, verdict),
        repeat: &|id| args.repeat(id),
    };
    let report = generator::run(&generator, &checks, &options);
    bar.finish_and_clear();
    let report = report.map_err(|error| Failure(Status::CannotRun, error))?;
    let status = status(&report);
    print(&render(&[report], args.format))?;
    if args.format == Format::Human {
        say(&format!("in {} ms", begin.elapsed().as_millis()));
    }
    Ok(status)
}

fn list(checks: &[&Check]) -> Result<Status, Failure> {
    let line = |check: &&Check| {
        let Check { id, description, expected, .. } = check;
        let rules = check.rules.join(",");
        format!("{id}\t{rules}\t{}\t{description}\t{expected}\n", check.level.as_str())
    };
    print(&checks.iter().map(line).collect::<String>())?;
    Ok(Status::Passed)
}

impl Args {
    /// A command line that repeats one check with all that counts for it.
    fn repeat(&self, id: &str) -> String {
        let mut words = vec!["tokens-conformance", "generator"];
        if self.allow_printed_secrets {
            words.push("--allow-printed-secrets");
        }
        if self.level == Level::Should {
            words.extend(["--level", "should"]);
        }
        words.extend(["--filter", id, "--"]);
        words.extend(self.command.iter().map(String::as_str));
        shell_words::join(words)
    }
}
