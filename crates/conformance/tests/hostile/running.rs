//! Runs of the runner, each with a limit, and with an eye on what they leave.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use conformance::report::{Report, Verdict};
use libtest_mimic::Failed;

/// When a run is taken to hang. Nothing is measured by it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Four cases that reject.
pub(crate) const FOUR: [&str; 8] = [
    "--filter",
    "perm-01-parts/parts-2",
    "--filter",
    "perm-01-parts/parts-4",
    "--filter",
    "perm-01-parts/parts-5",
    "--filter",
    "perm-01-parts/parts-6",
];
/// A run of the runner, at its end.
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Runs it with arguments, in a directory of its own; fails when it hangs, or leaves something running.
    pub(crate) fn of(args: &[&str]) -> Result<Self, Failed> {
        Run::command(Command::new(env!("CARGO_BIN_EXE_tokens-conformance")).arg("run").args(args))
    }

    pub(crate) fn command(command: &mut Command) -> Result<Self, Failed> {
        static RUNS: AtomicUsize = AtomicUsize::new(0);
        let mark = format!("{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed));
        command.env("HOSTILE_RUN", &mark).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let stdout = collect(child.stdout.take().expect("a pipe"));
        let stderr = collect(child.stderr.take().expect("a pipe"));
        let begin = Instant::now();
        while child.try_wait()?.is_none() {
            if begin.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                return Err("the runner hangs".into());
            }
            sleep(Duration::from_millis(5));
        }
        nothing_is_left(&mark)?;
        let collected = |text: thread::JoinHandle<String>| text.join().expect("a reader");
        let (stdout, stderr) = (collected(stdout), collected(stderr));
        Ok(Run { status: child.wait()?.code(), stdout, stderr })
    }

    pub(crate) fn report(&self) -> Result<Report, Failed> {
        serde_json::from_str(&self.stdout)
            .map_err(|error| format!("{error}: {}{}", self.stdout, self.stderr).into())
    }

    /// The verdicts by their letters.
    pub(crate) fn letters(&self) -> Result<String, Failed> {
        Ok(self.report()?.cases.iter().map(|case| letter(case.verdict)).collect())
    }

    pub(crate) fn expect(&self, letters: &str, status: i32) -> Result<(), Failed> {
        let found = self.letters()?;
        let fits = |(found, expected): (char, char)| expected == '?' || found == expected;
        let all_fit = found.len() == letters.len() && found.chars().zip(letters.chars()).all(fits);
        let what = format!("{letters} with {status}, and came to {found} with {:?}", self.status);
        check(all_fit && self.status == Some(status), &format!("was to be {what}\n{}", self.stdout))
    }

    pub(crate) fn says(&self, words: &str) -> Result<(), Failed> {
        let said = self.stdout.contains(words) || self.stderr.contains(words);
        check(said, &format!("`{words}` is not in:\n{}\n{}", self.stdout, self.stderr))
    }

    pub(crate) fn ends_with(&self, status: i32) -> Result<(), Failed> {
        let what = format!("{:?} was to be {status}\n{}{}", self.status, self.stdout, self.stderr);
        check(self.status == Some(status), &what)
    }
}

pub(crate) fn check(holds: bool, otherwise: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

pub(crate) fn collect(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Where the system shows the environment of processes, none has this mark. What was killed may take a
/// moment to go.
pub(crate) fn nothing_is_left(mark: &str) -> Result<(), Failed> {
    let needle = format!("HOSTILE_RUN={mark}\0");
    let begin = Instant::now();
    loop {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let has_mark = |entry: &fs::DirEntry| {
            let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
            environment.windows(needle.len()).any(|window| window == needle.as_bytes())
        };
        let left: Vec<_> = processes.filter(has_mark).collect();
        match left.first() {
            None => return Ok(()),
            Some(entry) if begin.elapsed() > Duration::from_secs(10) => {
                let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                return Err(format!("left running: {}", String::from_utf8_lossy(&line)).into());
            }
            Some(_) => sleep(Duration::from_millis(20)),
        }
    }
}

pub(crate) fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::ProtocolError => 'e',
        other => other.as_str().chars().next().expect("a name"),
    }
}

/// A command line for a script beside this file.
pub(crate) fn script(name: &str, args: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(name);
    let path = path.to_str().expect("a path in UTF-8");
    shell_words::join(["sh", path].iter().chain(args))
}

pub(crate) fn driver(way: &str) -> String {
    script("driver.sh", &[way])
}

/// A run of a driver that misbehaves in a way, with flags.
pub(crate) fn run(way: &str, flags: &[&str]) -> Result<Run, Failed> {
    let place = tempfile::tempdir()?;
    let state = place.path().join("state");
    let driver = script("driver.sh", &[way, state.to_str().expect("a path in UTF-8")]);
    Run::of(&[&["--impl", &driver, "--format", "json"], flags].concat())
}

pub(crate) fn four(way: &str, letters: &str, status: i32, timeout: &str) -> Result<(), Failed> {
    let run = run(way, &[&FOUR[..], &["--timeout", timeout]].concat())?;
    run.expect(letters, status)?;
    let report = run.report()?;
    for case in &report.cases {
        let explains = case.verdict == Verdict::Pass || !case.message.is_empty();
        check(explains, &format!("{} is `{}` without a word", case.id, case.verdict))?;
    }
    let at_the_end = report.summary.protocol_error
        > report.cases.iter().filter(|case| case.verdict == Verdict::ProtocolError).count();
    check(
        at_the_end != report.problems.is_empty(),
        &format!("farewells are problems: {}", run.stdout),
    )
}

pub(crate) fn cannot_run(way: &str, words: &str) -> Result<(), Failed> {
    let run = run(way, &FOUR)?;
    run.ends_with(4)?;
    run.says(words)?;
    check(run.stdout.is_empty(), "a report of nothing")
}

pub(crate) fn one_shot(way: &str, letters: &str) -> Result<(), Failed> {
    let program = script("program.sh", &[way]);
    let timeout = if letters.contains('h') { "300ms" } else { "20s" };
    let flags = ["--oneshot-load", &program, "--timeout", timeout, "--format", "json"];
    // The first fills a pipe.
    let cases = ["--filter", "doc-05/long-string", "--filter", "doc-05/case-only-tokens"];
    let run = Run::of(&[&flags[..], &cases].concat())?;
    let report = run.report()?;
    let found = |id: &str| report.cases.iter().find(|case| case.id == id).map(|c| c.verdict);
    let verdicts = [found("doc-05/long-string"), found("doc-05/case-only-tokens")];
    let found: String = verdicts.into_iter().flatten().map(letter).collect();
    check(found == letters, &format!("was to be {letters}: {}", run.stdout))?;
    run.ends_with(1)
}
