//! What is tested, how it is judged, and how that is told: flags that commands have in common.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;
use conformance::compare::Strictness;
use conformance::known::Known;
use conformance::protocol::Op;
use conformance::report::Format;
use conformance::subject::{Driver, OneShot, Reference, Subject};

use super::{Failure, Status};

/// How often a driver is started anew while it is asked without end.
const RESTARTS_WITHOUT_END: usize = 100_000;

/// How long a driver may take for one case, if nothing else is said.
const TIMEOUT: &str = "10s";

#[derive(Clone, clap::Args)]
pub(super) struct Target {
    /// A driver, as a command line: the program and its arguments
    #[arg(long = "impl", value_name = "CMD", conflicts_with_all = ["oneshot_load", "oneshot_permission", "reject_status"])]
    implementation: Vec<String>,
    /// A program that takes a document on standard input, and accepts or rejects it
    #[arg(long, value_name = "CMD")]
    oneshot_load: Option<String>,
    /// A program that takes a permission on standard input, and accepts or rejects it
    #[arg(long, value_name = "CMD")]
    oneshot_permission: Option<String>,
    /// The exit status by which a one-shot program rejects, where it cannot print `reject`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=255))]
    reject_status: Option<i32>,
    /// How many drivers work at the same time
    #[arg(long, short, value_name = "N", default_value = "1")]
    pub(super) jobs: NonZeroUsize,
    /// How long a driver may take for one case
    #[arg(long, value_name = "DURATION", default_value = TIMEOUT, value_parser = duration)]
    pub(super) timeout: Duration,
    /// From which level on a difference fails
    #[arg(long, value_enum, default_value = "must")]
    level: Level,
    /// Compare the layers of rejections too
    #[arg(long)]
    layers: bool,
    /// Compare the codes of rejections too
    #[arg(long)]
    codes: bool,
}

/// What becomes of the cases of `run` and `challenge`.
#[derive(clap::Args)]
pub(super) struct Reporting {
    /// Stop at the first failure
    #[arg(long)]
    pub(super) fail_fast: bool,
    /// A file of failures that are known, each with its reason
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// How to show the report
    #[arg(long, value_enum, default_value = "human")]
    pub(super) format: Format,
}

impl Reporting {
    /// The failures that are known.
    pub(super) fn known(&self) -> Result<Known, Failure> {
        known(self.known.as_deref())
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum Level {
    /// What the vendor's documentation and servers say
    Must,
    /// What this project chose, too
    Should,
}

/// The words of a command line, split as a shell does.
pub(super) fn words(command: &str) -> Result<Vec<String>, Failure> {
    match shell_words::split(command) {
        Ok(words) if words.is_empty() => Err(Failure::usage("name a program")),
        Ok(words) => Ok(words),
        Err(error) => Err(Failure::usage(format!("`{command}` cannot be split: {error}"))),
    }
}

/// A duration: `30s`, `5m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    tokens::duration(text).map_err(|error| format!("{error}; write it as 30s or 5m"))
}

/// An op by its name.
pub(super) fn op(name: &str) -> Result<Op, String> {
    Op::ALL.into_iter().find(|op| op.as_str() == name).ok_or_else(|| {
        let names = Op::ALL.map(Op::as_str).join(", ");
        format!("the ops are {names}")
    })
}

/// The known failures in a file; none without one.
pub(super) fn known(path: Option<&Path>) -> Result<Known, Failure> {
    let Some(path) = path else { return Ok(Known::default()) };
    let shown = path.to_string_lossy();
    let bytes = fs::read(path)
        .map_err(|error| Failure::usage(format!("{shown}: cannot read the file: {error}")))?;
    Known::parse(&bytes).map_err(|error| Failure::usage(format!("{shown}: {error}")))
}

impl Target {
    /// The same for each of several implementations.
    pub(super) fn each(&self) -> Vec<Target> {
        match self.implementation.len() {
            0 | 1 => vec![self.clone()],
            _ => {
                let alone =
                    |one: &String| Target { implementation: vec![one.clone()], ..self.clone() };
                self.implementation.iter().map(alone).collect()
            }
        }
    }

    /// Refuses several implementations.
    pub(super) fn one(&self) -> Result<&Self, Failure> {
        match self.implementation.len() {
            0 | 1 => Ok(self),
            _ => Err(Failure::usage("one --impl at a time: `challenge` and `fuzz` take several")),
        }
    }

    /// One of them.
    pub(super) fn subject(&self) -> Result<Box<dyn Subject>, Failure> {
        self.restarting(0)
    }

    /// One of them, started anew so often, where that is more often than in a run.
    fn restarting(&self, most: usize) -> Result<Box<dyn Subject>, Failure> {
        if let Some(command) = self.implementation.first() {
            let driver = Driver::start(words(command)?, self.timeout);
            let driver = driver.map_err(|error| Failure(Status::CannotRun, error))?;
            return Ok(Box::new(driver.restarting(most)));
        }
        if self.is_reference() {
            return Ok(Box::new(Reference::default()));
        }
        let programs = [(Op::Load, &self.oneshot_load), (Op::Permission, &self.oneshot_permission)];
        let given = programs.into_iter().filter_map(|(op, command)| Some((op, command.as_ref()?)));
        let programs = given.map(|(op, command)| Ok((op, words(command)?)));
        let programs = programs.collect::<Result<Vec<_>, Failure>>()?;
        let programs = OneShot::start(programs, self.timeout, self.reject_status);
        Ok(Box::new(programs.map_err(|error| Failure(Status::CannotRun, error))?))
    }

    /// As many as were asked for, but no more than there are cases.
    pub(super) fn subjects(&self, cases: usize) -> Result<Vec<Box<dyn Subject>>, Failure> {
        (0..self.jobs.get().min(cases)).map(|_| self.subject()).collect()
    }

    /// As many as were asked for, to be asked without end: each of many crashes is made small.
    pub(super) fn subjects_to_fuzz(&self) -> Result<Vec<Box<dyn Subject>>, Failure> {
        (0..self.jobs.get()).map(|_| self.restarting(RESTARTS_WITHOUT_END)).collect()
    }

    pub(super) fn is_reference(&self) -> bool {
        let commands = [&self.oneshot_load, &self.oneshot_permission];
        self.implementation.is_empty() && commands.iter().all(|command| command.is_none())
    }

    /// How closely answers are looked at.
    pub(super) fn strictness(&self) -> Strictness {
        match self.is_reference() {
            true => Strictness::REFERENCE,
            false => Strictness { layers: self.layers, codes: self.codes, reference: false },
        }
    }

    /// Whether what does not follow this project's own choices fails.
    pub(super) fn should_fails(&self) -> bool {
        self.is_reference() || self.level == Level::Should
    }

    /// The words that choose the same target and the same judgement on a command line.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let first = self.implementation.first().cloned();
        let commands = [
            ("--impl", &first),
            ("--oneshot-load", &self.oneshot_load),
            ("--oneshot-permission", &self.oneshot_permission),
        ];
        for (flag, command) in commands {
            words.extend(command.iter().flat_map(|command| [flag.to_owned(), command.clone()]));
        }
        let status = self.reject_status.map(|status| status.to_string());
        let timeout = humantime::format_duration(self.timeout).to_string();
        let timeout = Some(timeout).filter(|timeout| timeout != TIMEOUT);
        for (flag, value) in [("--reject-status", status), ("--timeout", timeout)] {
            words.extend(value.into_iter().flat_map(|value| [flag.to_owned(), value]));
        }
        let switches = [(self.layers, "--layers"), (self.codes, "--codes")];
        words.extend(switches.iter().filter(|(on, _)| *on).map(|(_, flag)| (*flag).to_owned()));
        if self.level == Level::Should {
            words.extend(["--level", "should"].map(str::to_owned));
        }
        words
    }
}
