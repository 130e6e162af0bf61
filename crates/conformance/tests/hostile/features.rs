//! What does not fit in a table: restarts, jobs, known failures, selection, one-shot programs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use conformance::report::Verdict;
use libtest_mimic::Failed;

use crate::running::*;

/// A test that says what failed.
pub(crate) type Test = fn() -> Result<(), Failed>;

/// What does not fit in a table.
pub(crate) const OTHERS: [(&str, Test); 21] = [
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
pub(crate) fn repeats(flags: &[&str]) -> Result<(), Failed> {
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
pub(crate) struct KnownFile(tempfile::NamedTempFile);

impl KnownFile {
    fn path(&self) -> &str {
        self.0.path().to_str().expect("a path in UTF-8")
    }
}

pub(crate) fn known(text: &str) -> Result<KnownFile, Failed> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), text)?;
    Ok(KnownFile(file))
}
