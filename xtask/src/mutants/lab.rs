//! cargo-mutants: which mutants there are, trying them, and what came of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use super::results::{self, Mutant, Outcome, Results, Suite};
use super::tree;
use crate::run::{self, cargo};

/// A mutant may allocate without end: so much it gets, and with it cargo, the compiler and the tests.
const MEMORY: u64 = 6 << 30;

impl Suite {
    /// For messages, and for the directory of its logs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Suite::Vectors => "vectors",
            Suite::Units => "units",
            Suite::Tests => "tests",
            Suite::Examples => "examples",
        }
    }

    /// What `cargo test` is told beside `--package=tokens`, for building too or for running alone.
    fn cargo_args(self) -> &'static [&'static str] {
        match self {
            Suite::Vectors => {
                &["--cargo-arg=--package=conformance", "--cargo-arg=--test=reference"]
            }
            Suite::Units => &["--cargo-arg=--lib"],
            Suite::Tests => &[
                "--cargo-arg=--package=influxdb3-tokens",
                "--cargo-arg=--test=properties",
                "--cargo-arg=--test=catalogue",
                "--cargo-arg=--test=commands",
            ],
            // Examples are built when they are run, and cargo takes `--doc` for running alone.
            Suite::Examples => &["--cargo-test-arg=--doc"],
        }
    }
}

/// A mutant as cargo-mutants lists it.
#[derive(Debug, Deserialize)]
struct Listed {
    /// `FILE:LINE:COLUMN: WHAT`.
    name: String,
    file: String,
}

impl Listed {
    /// The name without the file.
    fn in_file(&self) -> &str {
        let rest = self.name.strip_prefix(&self.file).and_then(|rest| rest.strip_prefix(':'));
        rest.unwrap_or(&self.name)
    }
}

/// A copy of the workspace, and what cargo-mutants left beside it.
pub(super) struct Lab {
    place: PathBuf,
}

impl Lab {
    /// The place, as a run before left it: harvest, and then list.
    pub(super) fn open() -> Result<Self, String> {
        let limit = rustix::process::getrlimit(rustix::process::Resource::As);
        let less = rustix::process::Rlimit { current: Some(MEMORY), ..limit };
        rustix::process::setrlimit(rustix::process::Resource::As, less)
            .map_err(|error| format!("the memory of mutants cannot be limited: {error}"))?;
        Ok(Lab { place: tree::place()? })
    }

    fn tree(&self) -> PathBuf {
        self.place.join("tree")
    }

    fn mutants(&self, args: &[&str]) -> Command {
        let mut command = cargo(&["mutants", "--package=tokens"]);
        command.current_dir(self.tree()).args(args);
        command.env("CARGO_TARGET_DIR", self.place.join("build"));
        command
    }

    /// Brings the copy up to the sources, and lists all mutants with the hash of their files.
    pub(super) fn list(&self) -> Result<Results, String> {
        tree::copy(&self.tree())?;
        let listed = run::output(&mut self.mutants(&["--list", "--json"]))?;
        let listed: Vec<Listed> = serde_json::from_slice(&listed)
            .map_err(|error| format!("the list of cargo-mutants cannot be read: {error}"))?;
        let mut all = Results::of(results::sources(&self.tree())?);
        for mutant in &listed {
            all.add(&mutant.file, mutant.in_file())?;
        }
        Ok(all)
    }

    /// Tries mutants, given with their files.
    pub(super) fn run(&self, suite: Suite, mutants: &[(String, Mutant)]) -> Result<(), String> {
        let output = self.output(suite);
        let shown = output.display();
        fs::create_dir_all(&output).map_err(|error| format!("{shown} cannot be made: {error}"))?;
        let mut command = self.mutants(&["--in-place", "--colors=never", "--no-times"]);
        command.arg("--output").arg(&output).args(suite.cargo_args());
        // The names would do, but that cargo-mutants takes no notice of them where it deletes fields.
        let files: BTreeSet<&String> = mutants.iter().map(|(file, _)| file).collect();
        command.args(files.iter().map(|file| format!("--file={file}")));
        let names =
            mutants.iter().map(|(file, mutant)| escaped(&format!("{file}:{}", mutant.name)));
        command.args(names.map(|name| format!("--re=^{name}$")));
        let status = command.status();
        let status = status.map_err(|error| format!("cannot start cargo-mutants: {error}"))?;
        match status.code() {
            // All killed, some missed, some out of time.
            Some(0 | 2 | 3) => Ok(()),
            Some(4) => Err(format!("the {} fail without a mutant; see {shown}", suite.name())),
            _ => Err(format!("cargo-mutants failed; see {shown}")),
        }
    }

    fn output(&self, suite: Suite) -> PathBuf {
        self.place.join(suite.name())
    }

    /// Takes over what was found out since the last time, where it is about the files as they are known.
    pub(super) fn harvest(&self, suite: Suite, results: &mut Results) -> Result<(), String> {
        let out = self.output(suite).join("mutants.out");
        let Ok(text) = fs::read(out.join("outcomes.json")) else { return Ok(()) };
        // A run that is killed may leave half of it.
        let Ok(found) = serde_json::from_slice::<Outcomes>(&text) else { return Ok(()) };
        let sources = results::sources(&self.tree())?;
        for Found { scenario, summary, log_path } in found.outcomes {
            let (Scenario::Mutant(mutant), Some(outcome)) = (scenario, outcome(&summary)) else {
                continue;
            };
            let Some(hash) = sources.get(&mutant.file) else { continue };
            let log = fs::read_to_string(out.join(log_path)).unwrap_or_default();
            let Some(known) = results.find(&mutant.file, hash, mutant.in_file()) else { continue };
            if known.is_for(suite) {
                known.set(suite, outcome);
            }
            if suite == Suite::Vectors {
                known.rules = failing(&log);
            }
        }
        // Only once, or else it would stand against what is found out later.
        let _ = fs::remove_file(out.join("outcomes.json"));
        Ok(())
    }
}

/// The rules of the cases that failed, as the test of the vectors names them.
fn failing(log: &str) -> String {
    let mut lines = log.lines().filter_map(|line| line.trim().strip_prefix("rules that fail: "));
    lines.next_back().unwrap_or_default().to_owned()
}

/// For cargo-mutants' regular expressions, in which `\<` has a meaning, too.
fn escaped(name: &str) -> String {
    let mut escaped = String::new();
    for c in name.chars() {
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn outcome(summary: &str) -> Option<Outcome> {
    match summary {
        "CaughtMutant" => Some(Outcome::Caught),
        "Timeout" => Some(Outcome::Timeout),
        "Unviable" => Some(Outcome::Unviable),
        "MissedMutant" => Some(Outcome::Missed),
        _ => None,
    }
}

/// `outcomes.json` of cargo-mutants.
#[derive(Debug, Deserialize)]
struct Outcomes {
    outcomes: Vec<Found>,
}

#[derive(Debug, Deserialize)]
struct Found {
    scenario: Scenario,
    summary: String,
    log_path: String,
}

#[derive(Debug, Deserialize)]
enum Scenario {
    Baseline,
    Mutant(Listed),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_read() {
        let text = r#"{"outcomes": [
            {"scenario": "Baseline", "summary": "Success", "log_path": "log/baseline.log"},
            {"scenario": {"Mutant": {"name": "a/b.rs:1:2: replace f with ()", "file": "a/b.rs", "more": 1}},
             "summary": "MissedMutant", "log_path": "log/x.log", "phase_results": []}], "missed": 1}"#;
        let outcomes: Outcomes = serde_json::from_str(text).expect("outcomes");
        let Scenario::Mutant(mutant) = &outcomes.outcomes[1].scenario else { panic!("no mutant") };
        assert_eq!(mutant.in_file(), "1:2: replace f with ()");
        assert_eq!(outcome(&outcomes.outcomes[1].summary), Some(Outcome::Missed));
        assert_eq!(outcome(&outcomes.outcomes[0].summary), None);
    }

    #[test]
    fn rules_are_read_from_logs() {
        assert_eq!(failing("x\n    rules that fail: ACC-01 ACC-02\ny\n"), "ACC-01 ACC-02");
        assert_eq!(failing("x\n"), "");
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped("a.rs:1:2: <T<'_>>::f with (|)"), r"a\.rs:1:2: <T<'_>>::f with \(\|\)");
    }
}
