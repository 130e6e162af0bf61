//! Checks of commands that make tokens files: the flags of GEN-02 in, and a look at the file that is
//! left. What a command prints is not judged, but for secrets where GEN-07 forbids them.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use conformance::generator::{self, Generator, Options};
//! use conformance::known::Known;
//!
//! let words = ["influxdb3-tokens", "create", "token"].map(str::to_owned).to_vec();
//! let generator = Generator::new(words, Duration::from_secs(10), false);
//! let options = Options {
//!     should_fails: false,
//!     known: &Known::default(),
//!     on_check: &|_| {},
//!     repeat: &|id| format!("tokens-conformance generator --filter {id}"),
//! };
//! let report = generator::run(&generator, &generator::select(None), &options)?;
//! assert!(report.passes());
//! # Ok::<(), String>(())
//! ```

mod append;
mod command;
#[cfg(unix)]
mod concurrency;
#[cfg(unix)]
mod files;
mod flags;
mod layout;
mod names;
#[cfg(unix)]
mod paths;
mod place;
mod secrets;

use std::io;

use globset::GlobSet;

pub use command::Generator;

use crate::known::Known;
use crate::report::{CaseReport, Report, Summary, Verdict};
use crate::subject::Implementation;
use crate::vector::Level;

/// A check of a generator, in a directory of its own.
pub struct Check {
    /// `rule/name`; it never changes, and is never used again.
    pub id: &'static str,
    /// The rules that decide.
    pub rules: &'static [&'static str],
    /// Whether other implementations have to agree.
    pub level: Level,
    /// What the command is asked for.
    pub description: &'static str,
    /// What it has to leave.
    pub expected: &'static str,
    run: fn(&Generator) -> Outcome,
}

impl Check {
    /// A check of what the vendor's documentation or tool say.
    const fn must(
        id: &'static str,
        rules: &'static [&'static str],
        description: &'static str,
        expected: &'static str,
        run: fn(&Generator) -> Outcome,
    ) -> Self {
        Check { id, rules, level: Level::Must, description, expected, run }
    }

    /// A check of this project's own choice.
    const fn should(
        id: &'static str,
        rules: &'static [&'static str],
        description: &'static str,
        expected: &'static str,
        run: fn(&Generator) -> Outcome,
    ) -> Self {
        Check { level: Level::Should, ..Self::must(id, rules, description, expected, run) }
    }
}

/// What comes of a check.
type Outcome = Result<(), Fault>;

/// Why a check is not passed; in words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// What is left is not what the rule asks for.
    Wrong(String),
    /// The command was killed when its time was up.
    Hang(String),
    /// A signal ended the command.
    Crash(String),
    /// The check makes no sense here.
    Skip(String),
    /// The check could not be made.
    NotRun(String),
    /// There is no such command.
    NoCommand(String),
}

impl Fault {
    /// The same, where one of several attempts shows it.
    fn about(self, attempt: &str) -> Self {
        match self {
            Fault::Wrong(words) => Fault::Wrong(format!("{}: {words}", tokens::quote(attempt))),
            other => other,
        }
    }
}

impl From<String> for Fault {
    fn from(words: String) -> Self {
        Fault::Wrong(words)
    }
}

impl From<&str> for Fault {
    fn from(words: &str) -> Self {
        Fault::Wrong(words.to_owned())
    }
}

/// Whatever a check does itself in its directory.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::NotRun(format!("the directory of the check cannot be used: {error}"))
    }
}

/// All checks, in the order of the rules.
///
/// ```
/// let ids: Vec<&str> = conformance::generator::checks().map(|check| check.id).collect();
/// assert_eq!(ids.first(), Some(&"gen-01/form"));
/// ```
pub fn checks() -> impl Iterator<Item = &'static Check> {
    let tables = [secrets::FORM, flags::CHECKS, layout::CHECKS, names::CHECKS, secrets::SILENCE];
    #[cfg(unix)]
    let on_disk = [files::CHECKS, concurrency::CHECKS, paths::CHECKS];
    #[cfg(not(unix))]
    let on_disk: [&'static [Check]; 0] = [];
    tables.into_iter().chain([append::CHECKS]).chain(on_disk).flatten()
}

/// The checks of which one of these globs matches the id or a rule; all without globs.
pub fn select(filter: Option<&GlobSet>) -> Vec<&'static Check> {
    let matches = |check: &&Check| {
        filter.is_none_or(|filter| {
            filter.is_match(check.id) || check.rules.iter().any(|rule| filter.is_match(rule))
        })
    };
    checks().filter(matches).collect()
}

/// How checks are run and judged.
pub struct Options<'o> {
    /// Whether what does not follow this project's own choices fails.
    pub should_fails: bool,
    /// What may fail.
    pub known: &'o Known,
    /// Called after each check.
    pub on_check: &'o dyn Fn(Verdict),
    /// A command line that repeats one check, from its id.
    pub repeat: &'o dyn Fn(&str) -> String,
}

/// Runs checks, one after the other.
///
/// # Errors
///
/// When the command cannot be started; in words.
pub fn run(
    generator: &Generator,
    checks: &[&Check],
    options: &Options<'_>,
) -> Result<Report, String> {
    let case = |check: &&Check| {
        let outcome = (check.run)(generator);
        if let Err(Fault::NoCommand(words)) = outcome {
            return Err(words);
        }
        let case = report_case(check, outcome, options);
        (options.on_check)(case.verdict);
        Ok(case)
    };
    let cases = checks.iter().map(case).collect::<Result<Vec<_>, _>>()?;
    Ok(Report {
        version: 1,
        suite: crate::SUITE.to_owned(),
        implementation: Implementation { name: generator.name(), ..Implementation::default() },
        verdict_only: false,
        summary: Summary::of(&cases),
        problems: options.known.stale(),
        cases,
    })
}

fn report_case(check: &Check, outcome: Outcome, options: &Options<'_>) -> CaseReport {
    let (mut verdict, actual, mut message) = judge(check, outcome, options.should_fails);
    if let Some(reason) = options.known.reason(check.id, verdict.differs()) {
        verdict = Verdict::Known;
        message = format!("{message} (known: {reason})");
    }
    let repeats = verdict.fails() || verdict == Verdict::Deviates;
    CaseReport {
        id: check.id.to_owned(),
        rules: check.rules.iter().map(|rule| (*rule).to_owned()).collect(),
        verdict,
        expected: check.expected.to_owned(),
        actual: actual.to_owned(),
        message,
        description: check.description.to_owned(),
        stderr: String::new(),
        repeat: repeats.then(|| (options.repeat)(check.id)),
    }
}

/// The verdict, what came in short, and why.
fn judge(check: &Check, outcome: Outcome, should_fails: bool) -> (Verdict, &'static str, String) {
    match outcome {
        Ok(()) => (Verdict::Pass, "just that", String::new()),
        Err(Fault::Wrong(words)) if check.level == Level::Should && !should_fails => {
            (Verdict::Deviates, "something else", words)
        }
        Err(Fault::Wrong(words)) => (Verdict::Fail, "something else", words),
        Err(Fault::Hang(words)) => (Verdict::Hang, "no end", words),
        Err(Fault::Crash(words)) => (Verdict::Crash, "a crash", words),
        Err(Fault::Skip(words)) => (Verdict::Skipped, "not asked", words),
        Err(Fault::NotRun(words) | Fault::NoCommand(words)) => {
            (Verdict::NotRun, "not asked", words)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_begin_with_their_first_rule() {
        let mut ids = std::collections::BTreeSet::new();
        for check in checks() {
            assert!(ids.insert(check.id), "{} is there twice", check.id);
            let family = check.id.split('/').next().unwrap_or_default();
            assert_eq!(check.rules.first(), Some(&family.to_uppercase().as_str()), "{}", check.id);
        }
        assert!(ids.len() >= 45, "{} checks only", ids.len());
    }

    #[test]
    fn rules_are_those_of_the_specification() {
        let rules = crate::lint::rules();
        for check in checks() {
            assert!(check.rules.iter().all(|rule| rules.contains(rule)), "{}", check.id);
        }
    }
}
