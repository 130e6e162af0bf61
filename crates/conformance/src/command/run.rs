//! `run`: the vectors against an implementation.

use std::fs;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use conformance::compare::Strictness;
use conformance::known::Known;
use conformance::protocol::Op;
use conformance::reference;
use conformance::report::{Format, Report, Verdict, render};
use conformance::run::{Judged, Options, run as run_cases};
use conformance::subject::{Driver, OneShot, Reference, Subject};
use conformance::suite::{self, Partition, Selection};
use conformance::vector::Version;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::{print, say};
use super::{Failure, Status};

/// How long a driver may take for one case, if nothing else is said.
const TIMEOUT: &str = "10s";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A driver, as a command line: the program and its arguments
    #[arg(long = "impl", value_name = "CMD", conflicts_with_all = ["oneshot_load", "oneshot_permission", "reject_status"])]
    implementation: Option<String>,
    /// A program that takes a document on standard input, and accepts or rejects it
    #[arg(long, value_name = "CMD")]
    oneshot_load: Option<String>,
    /// A program that takes a permission on standard input, and accepts or rejects it
    #[arg(long, value_name = "CMD")]
    oneshot_permission: Option<String>,
    /// The exit status by which a one-shot program rejects, where it cannot print `reject`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=255))]
    reject_status: Option<i32>,
    /// Run the cases with this id or rule; globs such as perm-03/*; may be repeated
    #[arg(long, value_name = "GLOB")]
    filter: Vec<String>,
    /// Run a part of the cases, for several machines
    #[arg(long, value_name = "slice:M/N")]
    partition: Option<Partition>,
    /// How many drivers work at the same time
    #[arg(long, short, value_name = "N", default_value = "1")]
    jobs: NonZeroUsize,
    /// How long a driver may take for one case
    #[arg(long, value_name = "DURATION", default_value = TIMEOUT, value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Stop at the first failure
    #[arg(long)]
    fail_fast: bool,
    /// A file of failures that are known, each with its reason
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// The server version whose rules count
    #[arg(long, value_name = "VERSION")]
    server: Option<Version>,
    /// From which level on a difference fails
    #[arg(long, value_enum, default_value = "must")]
    level: Level,
    /// Compare the layers of rejections too
    #[arg(long)]
    layers: bool,
    /// Compare the codes of rejections too
    #[arg(long)]
    codes: bool,
    /// How to show the report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Level {
    /// What the vendor's documentation and servers say
    Must,
    /// What this project chose, too
    Should,
}

pub(super) fn run(args: Args) -> Result<Status, Failure> {
    let files = suite::load().map_err(Failure::usage)?;
    let filter = Selection::filter(&args.filter).map_err(Failure::usage)?;
    let cases = Selection { filter, partition: args.partition }.of(&files);
    if cases.is_empty() {
        let message = "no case is selected; see the ids with `vectors list`";
        return Err(Failure(Status::NothingSelected, message.to_owned()));
    }
    let known = known(args.known.as_deref())?;
    end_with_the_runner();
    let subjects = subjects(&args, cases.len())?;
    let is_reference = args.is_reference();
    let bar = progress(cases.len());
    let newest = reference::TARGET.parse().unwrap_or(Version::NEWEST);
    let begin = Instant::now();
    let report = run_cases(
        subjects,
        &cases,
        &Options {
            strictness: if is_reference { Strictness::REFERENCE } else { args.strictness() },
            should_fails: is_reference || args.level == Level::Should,
            server: args.server.unwrap_or(newest),
            fail_fast: args.fail_fast,
            known: &known,
            on_case: &|judged: &Judged| advance(&bar, judged.verdict),
            repeat: &|id| args.repeat(id),
        },
    );
    bar.finish_and_clear();
    let status = status(&report);
    print(&render(&[report], args.format))?;
    if args.format == Format::Human {
        say(&format!("in {} ms", begin.elapsed().as_millis()));
    }
    Ok(status)
}

/// How a run ends, and a word where nothing was tested.
pub(super) fn status(report: &Report) -> Status {
    if report.is_empty() {
        say("error: every selected case was skipped, so that nothing was tested");
        Status::NothingSelected
    } else if report.passes() {
        Status::Passed
    } else {
        Status::Failed
    }
}

/// The known failures in a file; none without one.
pub(super) fn known(path: Option<&Path>) -> Result<Known, Failure> {
    let Some(path) = path else { return Ok(Known::default()) };
    let shown = path.to_string_lossy();
    let bytes = fs::read(path)
        .map_err(|error| Failure::usage(format!("{shown}: cannot read the file: {error}")))?;
    Known::parse(&bytes).map_err(|error| Failure::usage(format!("{shown}: {error}")))
}

fn words(command: &str) -> Result<Vec<String>, Failure> {
    match shell_words::split(command) {
        Ok(words) if words.is_empty() => Err(Failure::usage("name a program")),
        Ok(words) => Ok(words),
        Err(error) => Err(Failure::usage(format!("`{command}` cannot be split: {error}"))),
    }
}

fn subjects(args: &Args, cases: usize) -> Result<Vec<Box<dyn Subject>>, Failure> {
    let subject = || -> Result<Box<dyn Subject>, Failure> {
        if let Some(command) = &args.implementation {
            let driver = Driver::start(words(command)?, args.timeout);
            return Ok(Box::new(driver.map_err(|error| Failure(Status::CannotRun, error))?));
        }
        if args.is_reference() {
            return Ok(Box::new(Reference::default()));
        }
        let programs = [(Op::Load, &args.oneshot_load), (Op::Permission, &args.oneshot_permission)];
        let given = programs.into_iter().filter_map(|(op, command)| Some((op, command.as_ref()?)));
        let programs = given.map(|(op, command)| Ok((op, words(command)?)));
        let programs = programs.collect::<Result<Vec<_>, Failure>>()?;
        let programs = OneShot::start(programs, args.timeout, args.reject_status);
        Ok(Box::new(programs.map_err(|error| Failure(Status::CannotRun, error))?))
    };
    (0..args.jobs.get().min(cases)).map(|_| subject()).collect()
}

impl Args {
    fn is_reference(&self) -> bool {
        let commands = [&self.implementation, &self.oneshot_load, &self.oneshot_permission];
        commands.iter().all(|command| command.is_none())
    }

    fn strictness(&self) -> Strictness {
        Strictness { layers: self.layers, codes: self.codes, reference: false }
    }

    /// A command line that repeats one case with all that counts for it.
    fn repeat(&self, id: &str) -> String {
        let mut words = vec!["tokens-conformance".to_owned(), "run".to_owned()];
        let commands = [
            ("--impl", &self.implementation),
            ("--oneshot-load", &self.oneshot_load),
            ("--oneshot-permission", &self.oneshot_permission),
        ];
        for (flag, command) in commands {
            words.extend(command.iter().flat_map(|command| [flag.to_owned(), command.clone()]));
        }
        let status = self.reject_status.map(|status| status.to_string());
        let server = self.server.map(|server| server.to_string());
        let timeout = humantime::format_duration(self.timeout).to_string();
        let timeout = Some(timeout).filter(|timeout| timeout != TIMEOUT);
        let values = [("--reject-status", status), ("--server", server), ("--timeout", timeout)];
        for (flag, value) in values {
            words.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
        }
        let switches = [(self.layers, "--layers"), (self.codes, "--codes")];
        words.extend(switches.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
        if self.level == Level::Should {
            words.extend(["--level", "should"].map(str::to_owned));
        }
        words.extend(["--filter".to_owned(), id.to_owned()]);
        shell_words::join(words)
    }
}

/// A signal that ends the runner ends what it started, too: a driver that hangs would go on for ever.
#[cfg(unix)]
pub(super) fn end_with_the_runner() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let end = || drop(signal_hook::low_level::emulate_default_handler(signal));
            conformance::subject::end_all(end);
        }
    });
}

#[cfg(not(unix))]
pub(super) fn end_with_the_runner() {}

/// A bar on a terminal; nothing elsewhere.
pub(super) fn progress(cases: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {wide_msg}");
    let bar = ProgressBar::new(cases as u64);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

pub(super) fn advance(bar: &ProgressBar, verdict: Verdict) {
    bar.inc(1);
    if verdict.fails() {
        bar.set_message(verdict.as_str());
    }
}
