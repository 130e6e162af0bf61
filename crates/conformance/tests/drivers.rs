//! The drivers in other languages: each was written from the specification alone.
//!
//! What is not installed is not run; the test then says so and counts as ignored.

#![allow(clippy::expect_used)]

use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// A driver, the programs that it needs, and how it is attached.
struct Sample {
    name: &'static str,
    needs: &'static [&'static str],
    flags: &'static [&'static str],
}

const SAMPLES: [Sample; 3] = [
    Sample {
        name: "python",
        needs: &["python3"],
        flags: &["--impl", "python3 -B drivers/python/tokens_driver.py", "--level", "should"],
    },
    Sample {
        name: "node",
        needs: &["node"],
        flags: &["--impl", "node drivers/node/driver.mjs", "--known", "drivers/node/known.json"],
    },
    Sample {
        name: "shell",
        needs: &["sh", "awk", "jq"],
        flags: &[
            "--oneshot-load",
            "sh drivers/shell/load.sh",
            "--oneshot-permission",
            "sh drivers/shell/permission.sh",
            "--known",
            "drivers/shell/known.json",
            "--jobs",
            "2",
        ],
    },
];

impl Sample {
    /// A program that it needs and that cannot be run.
    fn lacks(&self) -> Option<&'static str> {
        let runs =
            |name: &&str| Command::new("sh").args(["-c", "command -v \"$0\"", name]).output();
        let is_there = |name: &&str| runs(name).is_ok_and(|output| output.status.success());
        self.needs.iter().copied().find(|name| !is_there(name))
    }

    fn run(&self) -> Result<Completion, Failed> {
        if let Some(name) = self.lacks() {
            return Ok(Completion::ignored_with(format!("skipped: `{name}` is not installed")));
        }
        let run = Command::new(env!("CARGO_BIN_EXE_tokens-conformance"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .arg("run")
            .args(self.flags)
            .output()?;
        let report = String::from_utf8_lossy(&run.stdout);
        if run.status.success() { Ok(Completion::Completed) } else { Err(report.as_ref().into()) }
    }
}

fn main() -> ExitCode {
    let trial = |sample: Sample| Trial::ignorable_test(sample.name, move || sample.run());
    libtest_mimic::run(&Arguments::from_args(), SAMPLES.map(trial).into()).exit_code()
}
