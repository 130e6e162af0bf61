//! `challenge`: fresh cases against an implementation.

use std::num::NonZeroUsize;
use std::time::Instant;

use conformance::fresh::{Chained, Challenge, Fresh, Made, Wanted};
use conformance::protocol::Op;
use conformance::report::{CaseReport, Format, Report, Verdict, count, render};
use conformance::run::{Judged, Options, run as run_cases};
use conformance::subject::Subject;
use conformance::vector::{Case, Version};

use super::output::{print, say};
use super::run::{advance, end_with_the_runner, progress, status};
use super::target::{Reporting, Target, op};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    reporting: Reporting,
    /// Where chance begins: the same seed makes the same cases on every machine
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// How many cases
    #[arg(long, value_name = "K", default_value = "2000")]
    count: NonZeroUsize,
    /// Only cases of this op; may be repeated
    #[arg(long, value_name = "OP", value_parser = op)]
    op: Vec<Op>,
    /// Only the case with this id
    #[arg(long, value_name = "ID")]
    only: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let known = args.reporting.known()?;
    end_with_the_runner();
    let targets = args.target.each();
    let mut all = Vec::new();
    for target in &targets {
        all.push(target.subjects(args.count.get())?);
    }
    let made = select(args.make(&all), args.only.as_deref());
    if made.cases.is_empty() {
        let message = "no case is selected: none of these ops and numbers is decided";
        return Err(Failure(Status::NothingSelected, message.to_owned()));
    }
    let begin = Instant::now();
    let reports = targets.iter().zip(all).map(|(target, subjects)| {
        let bar = progress(made.cases.len());
        let report = put(
            &made,
            subjects,
            &Options {
                strictness: target.strictness(),
                should_fails: target.should_fails(),
                server: Version::NEWEST,
                fail_fast: args.reporting.fail_fast,
                known: &known,
                on_case: &|judged: &Judged| advance(&bar, judged.verdict),
                repeat: &|id| args.repeat(target, id),
            },
        );
        bar.finish_and_clear();
        report
    });
    let reports: Vec<Report> = reports.collect();
    let statuses: Vec<Status> = reports.iter().map(status).collect();
    print(&render(&reports, args.reporting.format))?;
    if args.reporting.format == Format::Human {
        differences(&reports);
        set_aside(&made);
        say(&format!("seed {}, in {} ms", args.seed, begin.elapsed().as_millis()));
    }
    let failed = statuses.iter().find(|status| **status != Status::Passed);
    Ok(failed.copied().unwrap_or(Status::Passed))
}

/// Puts the cases to subjects, with what comes before each.
fn put(made: &Made, subjects: Vec<Box<dyn Subject>>, options: &Options<'_>) -> Report {
    let before = Fresh::before(&made.cases);
    let chained = subjects
        .into_iter()
        .map(|subject| -> Box<dyn Subject> { Box::new(Chained::new(subject, before.clone())) });
    let cases: Vec<&Case> = made.cases.iter().map(|fresh| &fresh.case).collect();
    run_cases(chained.collect(), &cases, options)
}

/// How many of the cases in which implementations differ are named.
const NAMED: usize = 10;

/// Where several implementations differ, and which of them agrees with the reference.
fn differences(reports: &[Report]) {
    let Some((first, others)) = reports.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return;
    };
    let names: Vec<_> =
        reports.iter().map(|report| tokens::visible(&report.implementation.name)).collect();
    let differing = first.cases.iter().enumerate().filter(|(at, case)| {
        others.iter().any(|other| other.cases.get(*at).is_some_and(|o| o.verdict != case.verdict))
    });
    let differing: Vec<(usize, &CaseReport)> = differing.collect();
    say(&format!("{} differ in {} cases", names.join(" and "), differing.len()));
    for (at, case) in differing.iter().take(NAMED) {
        let verdicts = reports.iter().zip(&names).filter_map(|(report, name)| {
            let verdict = report.cases.get(*at)?.verdict;
            Some(match verdict {
                Verdict::Pass => format!("{name} agrees with the reference"),
                verdict => format!("{name}: {verdict}"),
            })
        });
        say(&format!("  {}: {}", case.id, verdicts.collect::<Vec<_>>().join(", ")));
    }
}

fn select(mut made: Made, only: Option<&str>) -> Made {
    if let Some(id) = only {
        made.cases.retain(|fresh| fresh.case.id == id);
    }
    made
}

/// What no rule decides was not asked.
fn set_aside(made: &Made) {
    let all: usize = made.open.values().sum();
    if all > 0 {
        say(&format!("set aside, since no rule decides: {}", count(all, "question")));
    }
    for (reason, number) in &made.open {
        say(&format!("{number:6}  {reason}"));
    }
}

impl Args {
    /// Cases that all of these subjects can be asked: with the features that they have in common.
    fn make(&self, subjects: &[Vec<Box<dyn Subject>>]) -> Made {
        let introductions: Vec<_> =
            subjects.iter().filter_map(|of| Some(of.first()?.introduction())).collect();
        let first = introductions.first().map(|one| one.features.clone()).unwrap_or_default();
        let is_common =
            |feature: &String| introductions.iter().all(|one| one.features.contains(feature));
        let strictness = self.target.strictness();
        let wanted = Wanted {
            features: first.into_iter().filter(is_common).collect(),
            codes: strictness.codes || strictness.layers,
        };
        Challenge { seed: self.seed, count: self.count.get(), ops: self.op.clone() }.make(&wanted)
    }

    /// A command line that repeats one case.
    fn repeat(&self, target: &Target, id: &str) -> String {
        let mut words = vec!["tokens-conformance".to_owned(), "challenge".to_owned()];
        words.extend(target.words());
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        words.extend(["--count".to_owned(), self.count.to_string()]);
        words.extend(self.op.iter().flat_map(|op| ["--op".to_owned(), op.to_string()]));
        words.extend(["--only".to_owned(), id.to_owned()]);
        shell_words::join(words)
    }
}
