//! The runner against drivers and programs that do what none should: no hang, no wrong pass, nothing
//! left running.
//!
//! The drivers are a shell script with a way to misbehave for each test. Where there is no `sh`, the
//! tests count as ignored.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod features;
mod running;
mod ways;

use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use features::OTHERS;
use running::{cannot_run, four, one_shot};
use ways::{DRIVERS, LOUD, NO_DRIVERS, PROGRAMS};

/// A test, where its programs are there.
fn trial(
    name: String,
    needs: &'static [&'static str],
    test: impl FnOnce() -> Result<(), Failed> + Send + 'static,
) -> Trial {
    Trial::ignorable_test(name, move || {
        let is_there = |name: &&&str| {
            let found = Command::new("sh").args(["-c", "command -v \"$0\"", name]).output();
            found.is_ok_and(|output| output.status.success())
        };
        match needs.iter().find(|name| !is_there(name)) {
            Some(name) => {
                Ok(Completion::ignored_with(format!("skipped: `{name}` is not installed")))
            }
            None => test().map(|()| Completion::Completed),
        }
    })
}

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for (way, letters, status) in DRIVERS {
        let needs: &[&str] = if way == "grandchild-escapes" { &["sh", "setsid"] } else { &["sh"] };
        // A verdict that does not rest on the time limit has enough of it.
        let timeout = if letters.contains('h') { "300ms" } else { "20s" };
        trials.push(trial(format!("driver: {way}"), needs, move || {
            four(way, letters, status, timeout)
        }));
    }
    for (way, letters, status) in LOUD {
        trials.push(trial(format!("driver: {way}"), &["sh"], move || {
            four(way, letters, status, "20s")
        }));
    }
    for (way, words) in NO_DRIVERS {
        trials.push(trial(format!("no driver: {way}"), &["sh"], move || cannot_run(way, words)));
    }
    for (way, letters) in PROGRAMS {
        trials.push(trial(format!("program: {way}"), &["sh"], move || one_shot(way, letters)));
    }
    for (name, test) in OTHERS {
        trials.push(trial(name.to_owned(), &["sh"], test));
    }
    let mut arguments = Arguments::from_args();
    // Most of them wait for a limit to pass.
    arguments.test_threads = arguments.test_threads.or(Some(8));
    libtest_mimic::run(&arguments, trials).exit_code()
}
