//! `challenge`: fresh cases against an implementation.

use std::num::NonZeroUsize;
use std::time::Instant;

use conformance::fresh::{Chained, Challenge, Fresh, Made, Wanted};
use conformance::protocol::Op;
use conformance::report::{Format, render};
use conformance::run::{Judged, Options, run as run_cases};
use conformance::subject::Subject;
use conformance::vector::{Case, Version};

use super::output::{print, say};
use super::run::{advance, end_with_the_runner, progress, status};
use super::target::{Target, op};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
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
    let known = args.target.known()?;
    end_with_the_runner();
    let subjects = args.target.subjects(args.count.get())?;
    let introduction = subjects.first().map(|subject| subject.introduction().clone());
    let introduction = introduction.unwrap_or_default();
    let strictness = args.target.strictness();
    let wanted =
        Wanted { features: introduction.features, codes: strictness.codes || strictness.layers };
    let challenge = Challenge { seed: args.seed, count: args.count.get(), ops: args.op.clone() };
    let made = select(challenge.make(&wanted), args.only.as_deref());
    if made.cases.is_empty() {
        let message = "no case is selected: none of these ops and numbers is decided";
        return Err(Failure(Status::NothingSelected, message.to_owned()));
    }
    let bar = progress(made.cases.len());
    let begin = Instant::now();
    let before = Fresh::before(&made.cases);
    let subjects = subjects.into_iter();
    let subjects = subjects
        .map(|subject| -> Box<dyn Subject> { Box::new(Chained::new(subject, before.clone())) });
    let cases: Vec<&Case> = made.cases.iter().map(|fresh| &fresh.case).collect();
    let report = run_cases(
        subjects.collect(),
        &cases,
        &Options {
            strictness,
            should_fails: args.target.should_fails(),
            server: Version::NEWEST,
            fail_fast: args.target.fail_fast,
            known: &known,
            on_case: &|judged: &Judged| advance(&bar, judged.verdict),
            repeat: &|id| args.repeat(id),
        },
    );
    bar.finish_and_clear();
    let status = status(&report);
    print(&render(&[report], args.target.format))?;
    if args.target.format == Format::Human {
        set_aside(&made);
        say(&format!("seed {}, in {} ms", args.seed, begin.elapsed().as_millis()));
    }
    Ok(status)
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
        say(&format!("{all} questions were set aside, since no rule decides them:"));
    }
    for (reason, count) in &made.open {
        say(&format!("{count:6}  {reason}"));
    }
}

impl Args {
    /// A command line that repeats one case.
    fn repeat(&self, id: &str) -> String {
        let mut words = vec!["tokens-conformance".to_owned(), "challenge".to_owned()];
        words.extend(self.target.words());
        words.extend(["--seed".to_owned(), self.seed.to_string()]);
        words.extend(["--count".to_owned(), self.count.to_string()]);
        words.extend(self.op.iter().flat_map(|op| ["--op".to_owned(), op.to_string()]));
        words.extend(["--only".to_owned(), id.to_owned()]);
        shell_words::join(words)
    }
}
