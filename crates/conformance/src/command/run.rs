//! `run`: the vectors against an implementation.

use std::io::IsTerminal;
use std::time::Instant;

use conformance::reference;
use conformance::report::{Format, Report, Verdict, render};
use conformance::run::{Judged, Options, run as run_cases};
use conformance::suite::{self, Partition, Selection};
use conformance::vector::Version;
use indicatif::{ProgressBar, ProgressStyle};

use super::output::{print, say};
use super::target::{Reporting, Target};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    reporting: Reporting,
    /// Run the cases with this id or rule; globs such as perm-03/*; may be repeated
    #[arg(long, value_name = "GLOB")]
    filter: Vec<String>,
    /// Run a part of the cases, for several machines
    #[arg(long, value_name = "slice:M/N")]
    partition: Option<Partition>,
    /// The server version whose rules count
    #[arg(long, value_name = "VERSION")]
    server: Option<Version>,
}

pub(super) fn run(args: Args) -> Result<Status, Failure> {
    let files = suite::load().map_err(Failure::usage)?;
    let filter = Selection::filter(&args.filter).map_err(Failure::usage)?;
    let cases = Selection { filter, partition: args.partition }.of(&files);
    if cases.is_empty() {
        let message = "no case is selected; see the ids with `vectors list`";
        return Err(Failure(Status::NothingSelected, message.to_owned()));
    }
    let known = args.reporting.known()?;
    end_with_the_runner();
    let subjects = args.target.one()?.subjects(cases.len())?;
    let bar = progress(cases.len());
    let newest = reference::TARGET.parse().unwrap_or(Version::NEWEST);
    let begin = Instant::now();
    let report = run_cases(
        subjects,
        &cases,
        &Options {
            strictness: args.target.strictness(),
            should_fails: args.target.should_fails(),
            server: args.server.unwrap_or(newest),
            fail_fast: args.reporting.fail_fast,
            known: &known,
            on_case: &|judged: &Judged| advance(&bar, judged.verdict),
            repeat: &|id| args.repeat(id),
        },
    );
    bar.finish_and_clear();
    let status = status(&report);
    print(&render(&[report], args.reporting.format))?;
    if args.reporting.format == Format::Human {
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

impl Args {
    /// A command line that repeats one case with all that counts for it.
    fn repeat(&self, id: &str) -> String {
        let mut words = vec!["tokens-conformance".to_owned(), "run".to_owned()];
        words.extend(self.target.words());
        let server = self.server.map(|server| ["--server".to_owned(), server.to_string()]);
        words.extend(server.into_iter().flatten());
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
