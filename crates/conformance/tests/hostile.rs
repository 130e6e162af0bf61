//! The runner against drivers and programs that do what none should: no hang, no wrong pass, nothing
//! left running.
//!
//! The drivers are a shell script with a way to misbehave for each test. Where there is no `sh`, the
//! tests count as ignored.

#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use conformance::report::{Report, Verdict};
use libtest_mimic::{Arguments, Completion, Failed, Trial};

/// When a run is taken to hang. Nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);

/// Four cases that reject.
const FOUR: [&str; 8] = [
    "--filter",
    "perm-01-parts/parts-2",
    "--filter",
    "perm-01-parts/parts-4",
    "--filter",
    "perm-01-parts/parts-5",
    "--filter",
    "perm-01-parts/parts-6",
];

/// A way of a driver to misbehave, the verdicts on four cases that reject, and the exit status. A verdict
/// is its first letter: pass, fail, crash, hang, error of protocol, skipped, not run; `?` is any.
const DRIVERS: [(&str, &str, i32); 64] = [
    ("good", "pppp", 0),
    ("talks", "pppp", 0),
    ("crlf", "pppp", 0),
    ("hello-slow", "pppp", 0),
    ("bye-grandchild", "pppp", 0),
    ("unsupported", "ssss", 0),
    ("seq-wrong", "eeee", 1),
    ("seq-before", "eeee", 1),
    ("seq-none", "eeee", 1),
    ("seq-null", "eeee", 1),
    ("seq-text", "eeee", 1),
    ("seq-negative", "eeee", 1),
    ("seq-counted", "eeee", 1),
    ("no-json", "eeee", 1),
    ("no-object", "eeee", 1),
    ("empty-line", "eeee", 1),
    ("deep", "eeee", 1),
    ("twice-at-once", "eeee", 1),
    ("ahead-at-once", "eeee", 1),
    ("twice", "????", 1),
    ("ahead", "????", 1),
    ("half-then-silence", "hhhh", 1),
    ("half-then-end", "eeee", 1),
    ("whole-without-end", "eeee", 1),
    ("silence", "hhhh", 1),
    ("late", "hhhh", 1),
    ("stopped", "hhhh", 1),
    ("busy", "hhhh", 1),
    ("exit-0", "cccc", 1),
    ("exit-1", "cccc", 1),
    ("killed", "cccc", 1),
    ("terminated", "cccc", 1),
    ("answer-then-exit", "pcpc", 1),
    ("answer-then-killed", "pcpc", 1),
    ("not-utf-8", "eeee", 1),
    ("nul", "eeee", 1),
    ("utf-16", "eeee", 1),
    ("bom", "eeee", 1),
    ("stdin-closed", "hhhh", 1),
    ("stdout-closed", "cccc", 1),
    ("all-closed", "cccc", 1),
    ("zombie", "hhhh", 1),
    ("grandchild", "cccc", 1),
    ("grandchild-hangs", "hhhh", 1),
    ("grandchild-escapes", "cccc", 1),
    ("outcome-unknown", "eeee", 1),
    ("outcome-none", "eeee", 1),
    ("outcome-number", "eeee", 1),
    ("outcome-twice", "eeee", 1),
    ("value-none", "eeee", 1),
    ("value-null", "eeee", 1),
    ("value-of-another-op", "eeee", 1),
    ("error", "eeee", 1),
    ("error-and-reject", "eeee", 1),
    ("hello-once", "cnnn", 1),
    ("bye-ignored", "pppp", 1),
    ("bye-status", "pppp", 1),
    ("bye-killed", "pppp", 1),
    ("bye-answered", "pppp", 1),
    ("bye-half", "pppp", 1),
    ("bye-closed", "pppp", 1),
    ("stderr-flood", "pppp", 0),
    ("stderr-flood-one-line", "pppp", 0),
    ("line-of-16-mib", "pppp", 0),
];

/// The same, of drivers that say much: they need time to say it.
const LOUD: [(&str, &str, i32); 5] = [
    ("line-of-16-mib-and-1", "eeee", 1),
    ("line-of-100-mb", "eeee", 1),
    ("stdout-flood", "eeee", 1),
    ("stdout-flood-of-answers", "eeee", 1),
    ("stdout-flood-one-line", "eeee", 1),
];

/// Drivers that cannot be run at all, and a part of what is said about them.
const NO_DRIVERS: [(&str, &str); 20] = [
    ("hello-never", "no answer in 10s"),
    ("hello-exit", "the driver ended with exit status: 1; it said:\nno such module"),
    ("hello-killed", "signal: 9"),
    ("hello-rubbish", "the driver's hello is none"),
    ("hello-array", "the driver's hello"),
    ("hello-half", "the last line has no end; the driver ended with exit status: 0"),
    ("hello-bom", "byte-order mark"),
    ("hello-twice", "more than one line"),
    ("hello-and-answer", "more than one line"),
    ("hello-flood", "more than one line"),
    ("hello-long", "longer than 16777216 bytes"),
    ("hello-seq", "the answer has seq 1, and the request had 0"),
    ("hello-no-seq", "the answer has no seq"),
    ("hello-version", "the driver speaks version 2, not 1"),
    ("hello-no-version", "has no `protocol`"),
    ("hello-unsupported", "does not speak version 1: version 9 alone"),
    ("hello-error", "cannot read hello: what is hello?"),
    ("hello-no-ops", "no operation in `ops`"),
    ("hello-other-ops", "no operation in `ops`"),
    ("hello-ops-number", "the driver's hello is none: invalid type"),
];

/// A way of a program that knows no protocol, and what comes of a case that accepts and one that rejects.
const PROGRAMS: [(&str, &str); 23] = [
    ("accepts", "pf"),
    ("accepts-unread", "pf"),
    ("accepts-and-talks", "pf"),
    ("accepts-loudly", "pf"),
    ("accepts-and-floods-stderr", "pf"),
    ("accepts-with-grandchild", "pf"),
    ("rejects", "fp"),
    ("rejects-unread", "fp"),
    ("rejects-in-line-2", "fp"),
    ("rejects-without-line-end", "fp"),
    ("rejects-with-crlf", "fp"),
    ("rejects-at-last", "fp"),
    ("rejects-with-grandchild", "fp"),
    ("silent-1", "cc"),
    ("rejects-on-stderr", "cc"),
    ("rejects-within-a-line", "cc"),
    ("exit-2", "cc"),
    ("exit-3", "cc"),
    ("killed", "cc"),
    ("hangs", "hh"),
    ("hangs-with-grandchild", "hh"),
    ("hangs-closed", "hh"),
    ("floods", "hh"),
];

/// A run of the runner, at its end.
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    /// Runs it with arguments, in a directory of its own; fails when it hangs, or leaves something running.
    fn of(args: &[&str]) -> Result<Self, Failed> {
        Run::command(Command::new(env!("CARGO_BIN_EXE_tokens-conformance")).arg("run").args(args))
    }

    fn command(command: &mut Command) -> Result<Self, Failed> {
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

    fn report(&self) -> Result<Report, Failed> {
        serde_json::from_str(&self.stdout)
            .map_err(|error| format!("{error}: {}{}", self.stdout, self.stderr).into())
    }

    /// The verdicts by their letters.
    fn letters(&self) -> Result<String, Failed> {
        Ok(self.report()?.cases.iter().map(|case| letter(case.verdict)).collect())
    }

    fn expect(&self, letters: &str, status: i32) -> Result<(), Failed> {
        let found = self.letters()?;
        let fits = |(found, expected): (char, char)| expected == '?' || found == expected;
        let all_fit = found.len() == letters.len() && found.chars().zip(letters.chars()).all(fits);
        let what = format!("{letters} with {status}, and came to {found} with {:?}", self.status);
        check(all_fit && self.status == Some(status), &format!("was to be {what}\n{}", self.stdout))
    }

    fn says(&self, words: &str) -> Result<(), Failed> {
        let said = self.stdout.contains(words) || self.stderr.contains(words);
        check(said, &format!("`{words}` is not in:\n{}\n{}", self.stdout, self.stderr))
    }

    fn ends_with(&self, status: i32) -> Result<(), Failed> {
        let what = format!("{:?} was to be {status}\n{}{}", self.status, self.stdout, self.stderr);
        check(self.status == Some(status), &what)
    }
}

fn check(holds: bool, otherwise: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn collect(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// Where the system shows the environment of processes, none has this mark. What was killed may take a
/// moment to go.
fn nothing_is_left(mark: &str) -> Result<(), Failed> {
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

fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::ProtocolError => 'e',
        other => other.as_str().chars().next().expect("a name"),
    }
}

/// A command line for a script beside this file.
fn script(name: &str, args: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile").join(name);
    let path = path.to_str().expect("a path in UTF-8");
    shell_words::join(["sh", path].iter().chain(args))
}

fn driver(way: &str) -> String {
    script("driver.sh", &[way])
}

/// A run of a driver that misbehaves in a way, with flags.
fn run(way: &str, flags: &[&str]) -> Result<Run, Failed> {
    let place = tempfile::tempdir()?;
    let state = place.path().join("state");
    let driver = script("driver.sh", &[way, state.to_str().expect("a path in UTF-8")]);
    Run::of(&[&["--impl", &driver, "--format", "json"], flags].concat())
}

fn four(way: &str, letters: &str, status: i32, timeout: &str) -> Result<(), Failed> {
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

fn cannot_run(way: &str, words: &str) -> Result<(), Failed> {
    let run = run(way, &FOUR)?;
    run.ends_with(4)?;
    run.says(words)?;
    check(run.stdout.is_empty(), "a report of nothing")
}

fn one_shot(way: &str, letters: &str) -> Result<(), Failed> {
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

/// A test that says what failed.
type Test = fn() -> Result<(), Failed>;

/// What does not fit in a table.
const OTHERS: [(&str, Test); 21] = [
    ("large requests to a driver that never reads", || {
        let filters = ["--filter", "doc-05/long-string", "--filter", "perm-01/very-long-word"];
        run("never-reads", &[&filters[..], &["--timeout", "300ms"]].concat())?.expect("hh", 1)
    }),
    ("an error is no reason for a restart", || {
        let run = run("error", &["--filter", "perm-01/*"])?;
        let letters = run.letters()?;
        check(letters.len() > 11 && letters.chars().all(|letter| letter == 'e'), &run.stdout)
    }),
    ("ten restarts and no more", || {
        let run = run("exit-1", &["--filter", "perm-01/*"])?;
        let letters = run.letters()?;
        let (crashes, rest) = letters.split_at(11);
        check(crashes.chars().all(|letter| letter == 'c'), &letters)?;
        check(!rest.is_empty() && rest.chars().all(|letter| letter == 'n'), &letters)?;
        run.says("the driver was restarted 10 times before")?;
        run.ends_with(1)
    }),
    ("four drivers that crash", || {
        let run = run("exit-1", &["--filter", "perm-0*", "--jobs", "4"])?;
        let summary = run.report()?.summary;
        check(summary.crash == 44 && summary.pass == 0 && summary.not_run > 0, &run.stdout)?;
        run.ends_with(1)
    }),
    ("a driver takes what another leaves", || {
        let run = run(
            "one-of-two",
            &["--filter", "perm-01-parts/*", "--filter", "perm-01/*-colon*", "--jobs", "2"],
        )?;
        let summary = run.report()?.summary;
        check(summary.pass > 0 && summary.crash <= 11 && summary.not_run == 0, &run.stdout)
    }),
    ("fail-fast ends a run", || {
        let run = run("exit-1", &[&FOUR[..], &["--fail-fast"]].concat())?;
        run.expect("cnnn", 1)?;
        run.says("the run ended at a failure before")
    }),
    ("fail-fast goes on after a known failure", || {
        let known = known(r#"{"known": [{"id": "perm-01/plain-*", "reason": "rejects all"}]}"#)?;
        let flags = ["--filter", "perm-01/*", "--fail-fast", "--known", known.path()];
        let run = run("good", &flags)?;
        let summary = run.report()?.summary;
        check(summary.known == 2 && summary.fail == 1 && summary.not_run > 0, &run.stdout)
    }),
    ("known failures do not fail a run", || {
        let known = known(
            r#"{"known": [{"id": "perm-01/plain-*", "reason": "rejects all", "link": "https://example.com"},
                {"id": "perm-01/lists-in-two-parts", "reason": "rejects all"}]}"#,
        )?;
        let run = run("good", &["--filter", "perm-01/*", "--known", known.path()])?;
        check(run.report()?.summary.known == 3, &run.stdout)?;
        run.says("(known: rejects all)")?;
        run.ends_with(0)
    }),
    ("crashes can be known", || {
        let known = known(r#"{"known": [{"id": "perm-01-parts/*", "reason": "it ends"}]}"#)?;
        run("exit-1", &[&FOUR[..], &["--known", known.path()]].concat())?.expect("kkkk", 0)
    }),
    ("what was not run is not known", || {
        let known = known(r#"{"known": [{"id": "perm-01/*", "reason": "it ends"}]}"#)?;
        let run = run("exit-1", &["--filter", "perm-01/*", "--known", known.path()])?;
        let summary = run.report()?.summary;
        check(summary.known == 11 && summary.not_run > 0, &run.stdout)?;
        run.ends_with(1)
    }),
    ("entries that are true no more fail a run", || {
        for (id, words) in [
            ("perm-01-parts/parts-2", "`perm-01-parts/parts-2` no longer fails: take it out"),
            ("perm-02/*", "`perm-02/*` matches no case of this run"),
        ] {
            let known = known(&format!(r#"{{"known": [{{"id": "{id}", "reason": "old"}}]}}"#))?;
            let run = run("good", &[&FOUR[..], &["--known", known.path()]].concat())?;
            run.expect("pppp", 1)?;
            run.says(words)?;
        }
        Ok(())
    }),
    ("a file of known failures that is none is wrong usage", || {
        for text in [
            r#"{"known": [{"id": "perm-01/*"}]}"#,
            r#"{"known": [{"id": "perm-01/*", "reason": " "}]}"#,
            r#"{"known": [{"id": "perm-01/[", "reason": "r"}]}"#,
            r#"{"known": [{"id": "perm-01/*", "reason": "r", "until": "then"}]}"#,
            "perm-01/*",
        ] {
            let known = known(text)?;
            let run = run("good", &[&FOUR[..], &["--known", known.path()]].concat())?;
            run.ends_with(2)?;
            run.says("this is no file of known failures")?;
        }
        let run = run("good", &["--known", "/nonexistent"])?;
        run.ends_with(2)?;
        run.says("/nonexistent: cannot read the file")
    }),
    ("partitions are all cases, each once", || {
        let all = run("good", &FOUR)?.report()?;
        let mut ids = Vec::new();
        for part in ["slice:1/3", "slice:2/3", "slice:3/3"] {
            let run = run("good", &[&FOUR[..], &["--partition", part]].concat())?;
            ids.extend(run.report()?.cases.into_iter().map(|case| case.id));
        }
        let set: BTreeSet<_> = ids.iter().cloned().collect();
        let of_all: BTreeSet<_> = all.cases.into_iter().map(|case| case.id).collect();
        check(ids.len() == 4 && set == of_all, &format!("{ids:?}"))?;
        for part in ["slice:0/3", "slice:4/3", "1/3", "slice:1/0"] {
            run("good", &["--partition", part])?.ends_with(2)?;
        }
        run("good", &["--filter", "perm-01/plain-db", "--partition", "slice:2/2"])?.ends_with(3)
    }),
    ("nothing selected", || {
        let run = run("good", &["--filter", "perm-99/*"])?;
        run.ends_with(3)?;
        run.says("no case is selected")
    }),
    ("a command line is split as by a shell and not run by one", || {
        let way = "it's; exit 9 | $HOME `id` *";
        let run = run(way, &FOUR)?;
        run.expect("pppp", 0)?;
        check(run.report()?.implementation.name == way, &run.stdout)?;
        for (command, words) in [("", "name a program"), ("'sh", "cannot be split")] {
            let run = Run::of(&["--impl", command])?;
            run.ends_with(2)?;
            run.says(words)?;
        }
        Ok(())
    }),
    ("a program that is not there", || {
        for flag in ["--impl", "--oneshot-load", "--oneshot-permission"] {
            let run = Run::of(&[flag, "/nonexistent --flag"])?;
            run.ends_with(4)?;
            run.says("`/nonexistent` cannot be started: No such file or directory")?;
            // A directory is there, and no program.
            Run::of(&[flag, "/"])?.ends_with(4)?;
        }
        Ok(())
    }),
    ("a status that rejects", || {
        let cases = ["--filter", "doc-05/case-only-tokens", "--format", "json"];
        for (way, status, letters) in [
            ("exit-3", "3", "p"),
            ("exit-3", "4", "c"),
            ("rejects", "3", "c"),
            ("silent-1", "1", "p"),
            ("accepts", "1", "f"),
            ("killed", "137", "c"),
        ] {
            let program = script("program.sh", &[way]);
            let flags = ["--oneshot-load", &program, "--reject-status", status];
            let run = Run::of(&[&flags[..], &cases].concat())?;
            run.expect(letters, i32::from(letters != "p"))?;
        }
        let program = script("program.sh", &["accepts"]);
        for status in ["0", "-1", "256", "x"] {
            Run::of(&["--oneshot-load", &program, "--reject-status", status])?.ends_with(2)?;
        }
        run("good", &["--reject-status", "1"])?.ends_with(2)
    }),
    ("what was said on standard error is shown with failures alone", || {
        let secret = run("exit-1", &FOUR)?;
        check(!secret.stdout.contains("verysecret"), &secret.stdout)?;
        let stderr: Vec<_> = secret.report()?.cases.into_iter().map(|case| case.stderr).collect();
        let shown = "Traceback: apiv3_*** of question 7";
        check(stderr.iter().all(|said| said == shown), &format!("{stderr:?}"))?;
        // What a driver that goes on says may come late.
        let run = run("talks", &["--filter", "perm-01/*"])?;
        let cases = run.report()?.cases;
        let (passes, fails): (Vec<_>, Vec<_>) =
            cases.into_iter().partition(|case| case.verdict == Verdict::Pass);
        check(passes.iter().all(|case| case.stderr.is_empty()), &run.stdout)?;
        let lines = fails.iter().flat_map(|case| case.stderr.lines());
        check(lines.clone().count() > 0, &run.stdout)?;
        check(lines.into_iter().all(|line| line.starts_with("question ")), &run.stdout)
    }),
    ("what is said at the end", || {
        for (way, words) in [
            (
                "bye-status",
                "ended with exit status: 3 after bye; it said:\\nI could not say good-bye",
            ),
            ("bye-killed", "signal: 9"),
            ("bye-answered", "the driver said something after its last answer"),
        ] {
            run(way, &FOUR)?.says(words)?;
        }
        Ok(())
    }),
    ("a failure can be repeated", || {
        let program = script("program.sh", &["exit-3"]);
        let good = driver("good");
        for flags in [
            &["--impl", &driver("exit-1")][..],
            &["--impl", &driver("silence"), "--timeout", "300ms"],
            &["--impl", &driver("seq-wrong"), "--jobs", "2"],
            &["--impl", &good, "--filter", "perm-01/plain-db", "--level", "should"],
            &["--impl", &good, "--codes", "--layers", "--server", "3.10"],
            &["--oneshot-permission", &program],
            &["--oneshot-permission", &program, "--reject-status", "4", "--timeout", "9s"],
        ] {
            repeats(flags)?;
        }
        Ok(())
    }),
    ("a signal that ends the runner ends the driver", || {
        let runner = shell_words::quote(env!("CARGO_BIN_EXE_tokens-conformance"));
        let driver = driver("grandchild-hangs");
        // The mark of what is left running is looked for when the shell has ended.
        let run = format!("{runner} run --impl {}", shell_words::quote(&driver));
        let script = format!("{run} & sleep 1; kill -TERM $!; wait $!");
        Run::command(Command::new("sh").args(["-c", &script]))?.ends_with(143)
    }),
];

/// Runs with flags, then runs what is given to repeat the first failure.
fn repeats(flags: &[&str]) -> Result<(), Failed> {
    let first = Run::of(&[flags, &FOUR, &["--format", "json"]].concat())?.report()?;
    let failure = first.cases.iter().find(|case| case.verdict.fails()).ok_or("nothing fails")?;
    let command = failure.repeat.as_deref().ok_or("nothing repeats it")?;
    let runner = Path::new(env!("CARGO_BIN_EXE_tokens-conformance"));
    let places = std::env::var_os("PATH").unwrap_or_default();
    let places = [runner.parent().expect("a directory").to_owned()]
        .into_iter()
        .chain(std::env::split_paths(&places));
    let command = format!("{command} --format json");
    let again = Run::command(
        Command::new("sh").args(["-c", &command]).env("PATH", std::env::join_paths(places)?),
    )?;
    let cases = again.report()?.cases;
    check(cases == std::slice::from_ref(failure), &format!("{command}:\n{failure:?}\n{cases:?}"))
}

/// A file of known failures, for a while.
struct KnownFile(tempfile::NamedTempFile);

impl KnownFile {
    fn path(&self) -> &str {
        self.0.path().to_str().expect("a path in UTF-8")
    }
}

fn known(text: &str) -> Result<KnownFile, Failed> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), text)?;
    Ok(KnownFile(file))
}

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
