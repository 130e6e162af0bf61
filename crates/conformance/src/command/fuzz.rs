//! `fuzz`: questions without end.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use conformance::fresh::Wanted;
use conformance::fuzz::{self, Divergence, Judgement, Options, Progress};
use conformance::known::Known;
use conformance::lint;
use conformance::protocol::{Answer, Op};
use conformance::report::count;
use conformance::subject::{Introduction, Reply, Subject};
use conformance::vector::Case;
use indicatif::{ProgressBar, ProgressStyle};

use super::ask::{in_words, reference_in_words};
use super::output::{plain_json, print, say};
use super::run::end_with_the_runner;
use super::target::{Target, duration, known};
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// How long
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = duration)]
    time: Duration,
    /// How many questions at most
    #[arg(long, value_name = "K")]
    count: Option<NonZeroU64>,
    /// Where chance begins; with --count and one job the same questions are asked again
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// How many divergences are enough
    #[arg(long, value_name = "N", default_value = "20")]
    most: NonZeroUsize,
    /// A file of divergences that are known, each with its reason, by rule and op: doc-04/load, doc-04/*
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Where to keep what is found, a file each
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// How often the live line is drawn anew.
const OFTEN: Duration = Duration::from_millis(100);

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let known = known(args.known.as_deref())?;
    hold_to_rules(&known)?;
    end_with_the_runner();
    if let Some(out) = &args.out {
        fs::create_dir_all(out).map_err(|error| cannot(out, &error))?;
    }
    let targets = args.target.each();
    let found = Found { args, failure: Mutex::new(None), count: Mutex::new(0) };
    let mut statuses = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let others = targets.iter().enumerate().filter(|(other, _)| *other != at);
        let others = others.map(|(_, target)| target.subject()).collect::<Result<_, _>>()?;
        let time = args.time / u32::try_from(targets.len()).unwrap_or(1);
        let one = One { found: &found, target, others: Mutex::new(others) };
        statuses.push(one.fuzz(args, &known, time)?);
    }
    for id in known.unmet() {
        say(&format!("nothing was met that is known as `{id}`"));
    }
    match found.failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(failure) => Err(failure),
        // What was found says more than that one was not tested.
        None if statuses.contains(&Status::Failed) => Ok(Status::Failed),
        None => Ok(statuses.into_iter().max().unwrap_or(Status::Passed)),
    }
}

/// An entry that fits no divergence at all is a mistake in writing, or for `run`.
fn hold_to_rules(known: &Known) -> Result<(), Failure> {
    for rule in lint::rules() {
        for op in Op::ALL {
            known.reason(&fuzz::id(rule, op), None);
        }
    }
    match known.stale().first() {
        Some(entry) => Err(Failure::usage(format!(
            "{entry}: divergences are known by a rule and an op, such as `doc-04/load` or `doc-04/*`"
        ))),
        None => Ok(()),
    }
}

/// One implementation, and the others that what it answers is compared with.
struct One<'a> {
    found: &'a Found<'a>,
    target: &'a Target,
    others: Mutex<Vec<Box<dyn Subject>>>,
}

impl One<'_> {
    fn fuzz(self, args: &Args, known: &Known, time: Duration) -> Result<Status, Failure> {
        let subjects = self.target.subjects_to_fuzz()?;
        let introduction = subjects.first().map(|subject| subject.introduction().clone());
        let introduction = introduction.unwrap_or_default();
        if introduction.verdict_only {
            let message = "a one-shot program cannot be fuzzed: attach a driver by --impl";
            return Err(Failure::usage(message));
        }
        let strictness = self.target.strictness();
        let codes = strictness.codes || strictness.layers;
        let judgement = Judgement {
            strictness,
            should_fails: self.target.should_fails(),
            wanted: Wanted { features: introduction.features.clone(), codes },
        };
        let line = Line::new();
        let progress = fuzz::run(
            subjects,
            &Options {
                time: Some(time),
                count: args.count.map(NonZeroU64::get),
                seed: args.seed,
                judgement: judgement.clone(),
                most: args.most.get(),
                known,
                on_found: &|divergence| {
                    line.aside(|| self.tell(divergence, &judgement));
                },
                on_progress: &|progress| line.draw(progress),
            },
        );
        line.bar.finish_and_clear();
        let others = self.others.into_inner().unwrap_or_else(PoisonError::into_inner);
        others.into_iter().for_each(|mut other| drop(other.finish()));
        let name = tokens::visible(&introduction.implementation.name);
        say(&format!("{name}, seed {}: {}", args.seed, line.in_words(&progress)));
        let open: u64 = progress.open.values().sum::<usize>() as u64;
        if progress.asked <= open && progress.problems.is_empty() {
            say("error: no question was decided and taken, so that nothing was tested");
            return Ok(Status::NothingSelected);
        }
        for problem in &progress.problems {
            say(&format!("at the end: {}", tokens::visible(problem)));
        }
        if progress.found >= args.most.get() {
            let most = count(args.most.get(), "divergence");
            say(&format!("it ended with {most}; for more give --most"));
        }
        let passes = progress.found == 0 && progress.problems.is_empty();
        Ok(if passes { Status::Passed } else { Status::Failed })
    }

    fn tell(&self, divergence: &Divergence, judgement: &Judgement) {
        let others = self.compared(divergence, judgement);
        if let Err(failure) = self.found.tell(divergence, &others, self.target) {
            let mut first = self.found.failure.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(failure);
        }
    }

    /// What the others say to the same request: name and words.
    fn compared(&self, divergence: &Divergence, judgement: &Judgement) -> Vec<(String, String)> {
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        let feature = divergence.case.feature_of_codes();
        let compared = others.iter_mut().map(|other| {
            let Introduction { implementation, features, .. } = other.introduction().clone();
            if let Some(feature) = feature.filter(|feature| !features.iter().any(|f| f == feature))
            {
                return (implementation.name, format!("does not give {feature}"));
            }
            let reply = other.ask(&divergence.case);
            let words = match judgement.difference(&divergence.case, &reply) {
                _ if reply == divergence.reply => "gives the same answer".to_owned(),
                None => match reply {
                    Reply::Answer(Answer::Unsupported(_)) => "does not take it".to_owned(),
                    _ => "agrees with the reference".to_owned(),
                },
                Some((words, _)) => format!("differs, too: {words}"),
            };
            (implementation.name, words)
        });
        compared.collect()
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{}: cannot write: {error}", path.display()))
}

/// The live line on a terminal.
struct Line {
    bar: ProgressBar,
    begin: Instant,
    drawn: Mutex<Instant>,
}

impl Line {
    fn new() -> Self {
        let style = ProgressStyle::with_template("{spinner} {wide_msg}");
        let bar = super::run::progress(0);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let now = Instant::now();
        Line { bar, begin: now, drawn: Mutex::new(now) }
    }

    fn in_words(&self, progress: &Progress) -> String {
        let seconds = self.begin.elapsed().as_secs_f64().max(0.001);
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss
        )]
        let rate = (progress.asked as f64 / seconds) as u64;
        let open: usize = progress.open.values().sum();
        format!(
            "{}, {rate} a second, {} kept, {open} open, {} ({} more alike, {} known)",
            count(usize::try_from(progress.asked).unwrap_or(usize::MAX), "question"),
            progress.kept,
            count(progress.found, "divergence"),
            progress.alike,
            progress.known
        )
    }

    fn draw(&self, progress: &Progress) {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.bar.is_hidden() && drawn.elapsed() >= OFTEN {
            *drawn = Instant::now();
            self.bar.set_message(self.in_words(progress));
            self.bar.tick();
        }
    }

    /// Something said while the line stands there.
    fn aside(&self, act: impl FnOnce()) {
        self.bar.suspend(act);
    }
}

struct Found<'a> {
    args: &'a Args,
    failure: Mutex<Option<Failure>>,
    count: Mutex<usize>,
}

impl Found<'_> {
    fn tell(
        &self,
        divergence: &Divergence,
        others: &[(String, String)],
        target: &Target,
    ) -> Result<(), Failure> {
        let mut count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        let Divergence { case, reply, stderr, words, level, .. } = divergence;
        let mut text =
            format!("\n{}. {} [{}] {}\n", *count, case.op, case.rule.join(", "), level.as_str());
        let mut row = |name: &str, value: &str| text.push_str(&format!("   {name:10} {value}\n"));
        row("request", &plain_json(case.request.get()));
        row("reference", &reference_in_words(case));
        row("answer", &in_words(reply));
        row("difference", &tokens::visible(words));
        if !stderr.is_empty() {
            let lines: Vec<_> = stderr.split('\n').map(tokens::visible).collect();
            row("stderr", &lines.join("\n              "));
        }
        others
            .iter()
            .for_each(|(name, words)| row(&tokens::visible(name), &tokens::visible(words)));
        row("known as", &divergence.ids().join(", "));
        row("repeat", &repeat(target, case));
        if let Some(out) = &self.args.out {
            let json = serde_json::to_string(case).map_err(Failure::usage)?;
            let path = keep(out, case.op, *count, &testkit::json::pretty(&json))?;
            row("kept", &path.display().to_string());
        }
        print(&text)
    }
}

/// Writes a file that was not there before: a later run replaces nothing that an earlier one found.
fn keep(out: &Path, op: Op, first: usize, text: &str) -> Result<PathBuf, Failure> {
    let mut number = first;
    loop {
        let path = out.join(format!("{op}-{number:03}.json"));
        let file = fs::File::create_new(&path);
        match file.and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(cannot(&path, &error)),
        }
    }
}

/// A command line that puts the same request again.
fn repeat(target: &Target, case: &Case) -> String {
    let mut words = vec!["tokens-conformance".to_owned(), "ask".to_owned()];
    words.extend(target.words());
    if case.feature_of_codes().is_some() {
        words.push("--warnings".to_owned());
    }
    words.extend([case.op.to_string(), plain_json(case.request.get())]);
    shell_words::join(words)
}
