//! The reference against the vectors, and against nothing else: what this lets through, the vectors let
//! through. `cargo xtask mutants --vectors-only` counts on that, and reads the rules that it names.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::panic::{self, AssertUnwindSafe};
use std::process::{self, ExitCode};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use conformance::compare::Strictness;
use conformance::known::Known;
use conformance::run::{self, Options};
use conformance::subject::{Introduction, Reference, Reply, Subject};
use conformance::suite::{self, Selection};
use conformance::vector::{Case, Version};
use libtest_mimic::{Arguments, Failed, Trial};

/// How long the answer to a case may take, and be a thousand times slower than usual.
const PATIENCE: Duration = Duration::from_secs(5);

/// The reference, for which a panic is a crash of one case, and a hang is noticed.
struct Watched {
    reference: Reference,
    watch: Sender<(String, Vec<String>)>,
}

impl Subject for Watched {
    fn introduction(&self) -> &Introduction {
        self.reference.introduction()
    }

    fn ask(&mut self, case: &Case) -> Reply {
        self.watch.send((case.id.clone(), case.rule.clone())).expect("the watch");
        let answer = || self.reference.ask(case);
        panic::catch_unwind(AssertUnwindSafe(answer))
            .unwrap_or_else(|_| Reply::Crash("a panic".to_owned()))
    }
}

/// Ends the process where a case takes too long: nothing else ends a thread that hangs.
fn watch() -> Sender<(String, Vec<String>)> {
    let (watch, asked) = mpsc::channel::<(String, Vec<String>)>();
    thread::spawn(move || {
        let mut now = None;
        loop {
            match asked.recv_timeout(PATIENCE) {
                Ok(case) => now = Some(case),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let Some((id, rules)) = &now else { continue };
                    println!("{id} hangs\n{}", named(rules));
                    process::exit(101);
                }
            }
        }
    });
    watch
}

fn named<'r>(rules: impl IntoIterator<Item = &'r String>) -> String {
    let rules: BTreeSet<&str> = rules.into_iter().map(String::as_str).collect();
    format!("rules that fail: {}", Vec::from_iter(rules).join(" "))
}

fn the_reference_passes() -> Result<(), Failed> {
    let files = suite::load()?;
    // A crash is told once, as that of its case.
    panic::set_hook(Box::new(|_| {}));
    let options = Options {
        strictness: Strictness::REFERENCE,
        should_fails: true,
        server: Version::NEWEST,
        fail_fast: false,
        known: &Known::default(),
        on_case: &|_| {},
        repeat: &|id| format!("cargo conformance run --filter {id}"),
    };
    let subject = Watched { reference: Reference::default(), watch: watch() };
    let report = run::run(vec![Box::new(subject)], &Selection::default().of(&files), &options);
    drop(panic::take_hook());
    if report.passes() && !report.is_empty() {
        return Ok(());
    }
    let failing = || report.cases.iter().filter(|case| case.verdict.fails());
    let repeat = |case: &str| format!("{case}: cargo conformance run --filter {case}");
    let shown: Vec<String> = failing().take(10).map(|case| repeat(&case.id)).collect();
    let rules = named(failing().flat_map(|case| &case.rules));
    Err(format!("{}\n{} cases fail\n{rules}", shown.join("\n"), failing().count()).into())
}

fn main() -> ExitCode {
    let trial = Trial::test("the_reference_passes", the_reference_passes);
    libtest_mimic::run(&Arguments::from_args(), vec![trial]).exit_code()
}
