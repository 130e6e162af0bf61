//! The generator form: ours passes, a bad sample and single faults fail where they must, and the
//! command keeps its word about time, signals and exit statuses.

#![cfg(unix)]
#![allow(clippy::expect_used, clippy::indexing_slicing)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use conformance::report::{Report, Verdict};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tokens-conformance");

/// Root may write to read-only directories, and so is not asked.
const NOT_FOR_ROOT: &str = "file-07/read-only-directory";

/// The generator of this workspace. It belongs to another package, so cargo neither builds it for this
/// test nor says where it is. It is built beside this package's own program, with the same profile, and
/// always: one that happens to be there could be an old one. Where it is fresh, cargo has nothing to do.
fn ours() -> &'static str {
    static OURS: OnceLock<PathBuf> = OnceLock::new();
    let built = OURS.get_or_init(|| {
        let directory = Path::new(PROGRAM).parent().expect("a profile's directory");
        let target = directory.parent().expect("a target directory");
        let profile = match directory.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        let status = Command::new(env!("CARGO"))
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
            .args(["build", "--quiet", "--bin", "influxdb3-tokens", "--profile", profile])
            .arg("--target-dir")
            .arg(target)
            .status()
            .expect("cargo runs");
        assert!(status.success(), "influxdb3-tokens is not built");
        directory.join("influxdb3-tokens")
    });
    built.to_str().expect("UTF-8")
}

fn create_sh() -> String {
    format!("{}/drivers/shell/create.sh", env!("CARGO_MANIFEST_DIR"))
}

fn check(flags: &[&str], command: &[&str]) -> Output {
    let mut program = Command::new(PROGRAM);
    program.arg("generator").args(flags).arg("--").args(command).output().expect("it runs")
}

fn report(flags: &[&str], command: &[&str]) -> Report {
    let output = check(&[flags, &["--format", "json"]].concat(), command);
    serde_json::from_slice(&output.stdout).expect("a report")
}

/// The ids of the checks that are not passed.
fn failed(report: &Report) -> Vec<&str> {
    let fails = report.cases.iter().filter(|case| case.verdict.fails() && case.id != NOT_FOR_ROOT);
    fails.map(|case| case.id.as_str()).collect()
}

fn verdict(report: &Report, id: &str) -> Verdict {
    report.cases.iter().find(|case| case.id == id).expect("a check of this id").verdict
}

#[test]
fn ours_passes_every_check() {
    let report = report(&["--level", "should"], &[ours()]);
    let fails = report.cases.iter().filter(|case| case.verdict.fails());
    let fails: Vec<String> = fails.map(|case| format!("{}: {}", case.id, case.message)).collect();
    assert!(fails.is_empty(), "{}", fails.join("\n"));
    let skipped = report.cases.iter().filter(|case| case.verdict == Verdict::Skipped);
    assert!(skipped.map(|case| &case.id).all(|id| id == NOT_FOR_ROOT));
}

/// What a here-document of many a wiki does wrong.
const BAD: [&str; 65] = [
    "gen-01/form",
    "gen-01/spread",
    "gen-02/offline-without-file",
    "gen-02/no-name",
    "gen-02/bad-permission",
    "gen-02/bad-database",
    "gen-02/empty-name",
    "gen-03/hours-and-minutes",
    "gen-03/year",
    "gen-03/fraction",
    "gen-03/weeks-and-months",
    "gen-03/whole-seconds",
    "gen-03/no-duration",
    "gen-03/overflow",
    "gen-03/dead-at-birth",
    "gen-04/least",
    "gen-04/most",
    "gen-04/absent-members",
    "gen-05/quotation-marks",
    "gen-05/backslashes",
    "gen-05/newline",
    "gen-05/control-characters",
    "gen-05/nothing-to-say",
    "gen-06/admin",
    "gen-06/name",
    "gen-06/expiry-with-name",
    "gen-06/expiry-without-name",
    "gen-06/existing",
    "gen-07/new",
    "gen-07/append",
    "gen-07/admin",
    "gen-07/refused",
    "file-01/append",
    "file-01/databases-added",
    "file-01/databases-made",
    "file-01/databases-null",
    "file-01/no-databases",
    "file-02/unknown-members",
    "file-02/repeated-members",
    "file-02/numbers",
    "file-02/escapes",
    "file-02/member-order",
    "file-03/duplicate-name",
    "file-03/broken-json",
    "file-03/not-utf8",
    "file-03/wrong-types",
    "file-03/bad-values",
    "file-03/admin-file",
    "file-04/new",
    "file-04/new-under-umask-000",
    "file-04/new-under-umask-777",
    "file-04/new-admin-file",
    "file-04/narrowed-0644",
    "file-04/narrowed-0660",
    "file-05/replaced-as-a-whole",
    "file-06/appends",
    "file-06/new-file",
    "file-07/directory",
    "file-07/missing-parent",
    "file-07/parent-is-a-file",
    "file-07/fifo",
    "file-07/size-limit",
    "file-09/link",
    "file-09/dangling-link",
    "file-09/hard-link",
];

#[test]
fn the_bad_sample_fails_where_it_must() {
    // The FIFO makes it wait until it is killed.
    let report = report(&["--level", "should", "--timeout", "5s"], &["sh", &create_sh()]);
    assert_eq!(failed(&report), BAD);
    assert_eq!(verdict(&report, "file-07/fifo"), Verdict::Hang);
    let text = serde_json::to_string(&report).expect("JSON");
    let hex = |rest: &str| rest.bytes().take_while(u8::is_ascii_hexdigit).count();
    assert!(text.split("apiv3_").skip(1).all(|rest| hex(rest) < 8), "a report holds a secret");
}

/// Has the work done on a copy of the file.
const COPY: &str = r#"copy=$file.$$; cp "$file" "$copy" 2>/dev/null; trap 'rm -f "$copy"' EXIT
    for arg; do shift; [ "$arg" = "$file" ] && arg=$copy; set -- "$@" "$arg"; done"#;

/// Ours with one fault: what a shell does before and after it (`$file` is the file, `"$@"` the
/// arguments), the checks to make, and those of them that it fails.
const FAULTS: &[(&str, &str, &str, &[&str])] = &[
    (
        "",
        r#"text=$(sed "s/apiv3_[^\"]*/apiv3_$(printf %086d 7 | tr 07 qZ)/" "$file"); printf '%s\n' "$text" >"$file""#,
        "gen-01/*",
        &["gen-01/form", "gen-01/unique", "gen-01/spread"],
    ),
    (
        r#"for arg; do [ "$arg" = --permissions ] && exit 2; done"#,
        "",
        "gen-02/*",
        &["gen-02/permissions-synonym"],
    ),
    (
        r#"for arg; do shift; [ "$arg" = 1y ] && arg=365d; set -- "$@" "$arg"; done"#,
        "",
        "gen-03/*",
        &["gen-03/year"],
    ),
    (
        "",
        r#"text=$(cat "$file"); printf %s "$text" >"$file""#,
        "gen-04/*",
        &["gen-04/least", "gen-04/most"],
    ),
    (
        r#"last=; for arg; do
            shift; [ "$last" = --name ] && arg=$(printf %s "$arg" | sed 's/^ *//; s/ *$//')
            last=$arg; set -- "$@" "$arg"; done"#,
        "",
        "gen-05/*",
        &["gen-05/newline", "gen-05/white-space"],
    ),
    (
        "",
        r#"text=$(LC_ALL=C tr -d '\200-\377' <"$file"); printf '%s\n' "$text" >"$file""#,
        "gen-05/*",
        &["gen-05/thai", "gen-05/emoji"],
    ),
    (
        "",
        r#"sed -n 's/.*apiv3_\([^"]*\)".*/\1/p' "$file""#,
        "gen-07/*",
        &["gen-07/new", "gen-07/append", "gen-07/admin"],
    ),
    (
        "",
        r#"text=$(sed 's/1\.50/1.5/' "$file"); printf '%s\n' "$text" >"$file""#,
        "file-02/*",
        &["file-02/numbers"],
    ),
    (
        r#""$tool" "$@"; exit 0"#,
        "",
        "file-03/*",
        &[
            "file-03/duplicate-name",
            "file-03/broken-json",
            "file-03/not-utf8",
            "file-03/wrong-types",
            "file-03/bad-values",
            "file-03/admin-file",
        ],
    ),
    ("", r#"chmod 600 "$file""#, "file-04/*", &["file-04/kept-0640"]),
    (
        ": >\"$file.lock\"",
        "",
        "file-05/*",
        &["file-05/nothing-left", "file-05/nothing-left-by-a-refusal"],
    ),
    // The vendor's trap: a temporary name that can be foretold.
    (
        "",
        r#"cp "$file" "${file%.json}.tmp" && mv "${file%.json}.tmp" "$file""#,
        "file-05/*",
        &["file-05/stale-temporary-files", "file-05/planted-links"],
    ),
    // Writes over the old bytes in place.
    (COPY, r#"cat "$copy" >"$file""#, "file-05/*", &["file-05/replaced-as-a-whole"]),
    // Takes no lock.
    (COPY, r#"mv "$copy" "$file""#, "file-06/*", &["file-06/appends", "file-06/new-file"]),
    (r#"mkdir -p "$(dirname "$file")" 2>/dev/null"#, "", "file-07/*", &["file-07/missing-parent"]),
    (
        r#"real=$(readlink -f "$file"); for arg; do
            shift; [ "$arg" = "$file" ] && arg=$real; set -- "$@" "$arg"; done"#,
        "",
        "file-09/*",
        &["file-09/link", "file-09/dangling-link"],
    ),
];

#[test]
fn single_faults_fail_where_they_must() {
    for (before, after, filter, expected) in FAULTS {
        let script = format!(
            "tool=$1; shift; for file; do :; done\n{before}\n\"$tool\" \"$@\" || exit\n{after}\n"
        );
        let command = ["sh", "-c", &script, "sh", ours()];
        let report = report(&["--level", "should", "--filter", filter], &command);
        assert_eq!(failed(&report), *expected, "{script}");
    }
}

#[test]
fn what_hangs_is_killed_with_all_it_started() {
    let directory = tempfile::tempdir().expect("a directory");
    let mark = directory.path().join("alive");
    let script = format!("(sleep 3; touch '{}') & wait", mark.display());
    let begin = Instant::now();
    let report =
        report(&["--timeout", "300ms", "--filter", "gen-02/flags"], &["sh", "-c", &script]);
    assert_eq!(verdict(&report, "gen-02/flags"), Verdict::Hang);
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    std::thread::sleep(Duration::from_secs(4).saturating_sub(begin.elapsed()));
    assert!(!mark.exists(), "a grandchild lives on");
}

#[test]
fn a_signal_is_a_crash_and_noise_is_none() {
    let flags = ["--filter", "gen-02/flags"];
    let killed = report(&flags, &["sh", "-c", "kill -SEGV $$"]);
    assert_eq!(verdict(&killed, "gen-02/flags"), Verdict::Crash);
    // A crash is no refusal.
    let killed = report(&["--filter", "gen-02/no-name"], &["sh", "-c", "kill -SEGV $$"]);
    assert_eq!(verdict(&killed, "gen-02/no-name"), Verdict::Crash);
    let noisy = r#"head -c 8000000 /dev/zero; head -c 8000000 /dev/zero >&2; exec "$0" "$@""#;
    assert!(report(&flags, &["sh", "-c", noisy, ours()]).passes());
}

#[test]
fn exit_statuses_are_those_of_a_run() {
    let status = |flags: &[&str], command: &[&str]| check(flags, command).status.code();
    let one = ["--filter", "gen-02/flags"];
    assert_eq!(status(&one, &[ours()]), Some(0));
    assert_eq!(status(&one, &["false"]), Some(1));
    assert_eq!(status(&one, &[]), Some(2), "no command");
    assert_eq!(status(&["--known", "/nowhere"], &["true"]), Some(2));
    assert_eq!(status(&["--filter", "gen-99/*"], &["true"]), Some(3));
    assert_eq!(status(&one, &["/nowhere/tool"]), Some(4));
    // There a shell starts it.
    assert_eq!(status(&["--filter", "file-04/new"], &["/nowhere/tool"]), Some(4));
    // What this project chose fails only where it is asked for.
    let chosen = ["--filter", "gen-02/empty-name"];
    let takes_all = ["true"];
    assert_eq!(status(&chosen, &takes_all), Some(0));
    assert_eq!(verdict(&report(&chosen, &takes_all), "gen-02/empty-name"), Verdict::Deviates);
    assert_eq!(
        status(&["--filter", "gen-02/empty-name", "--level", "should"], &takes_all),
        Some(1)
    );
}

#[test]
fn printed_secrets_can_be_allowed() {
    let tells = ["sh", "-c", r#""$0" "$@" --format json"#, ours()];
    let gen_07 = ["--filter", "GEN-07", "--level", "should"];
    let silent = ["gen-07/new", "gen-07/append", "gen-07/admin"];
    assert_eq!(failed(&report(&gen_07, &tells)), silent);
    let allowed = report(&[&gen_07[..], &["--allow-printed-secrets"]].concat(), &tells);
    assert!(allowed.cases.iter().all(|case| case.verdict == Verdict::Skipped));
}

#[test]
fn known_failures_are_known_and_stale_entries_fail() {
    let directory = tempfile::tempdir().expect("a directory");
    let known = directory.path().join("known.json");
    let path = known.to_str().expect("UTF-8");
    std::fs::write(&known, r#"{"known": [{"id": "gen-02/flags", "reason": "it does nothing"}]}"#)
        .expect("written");
    let flags = ["--filter", "gen-02/flags", "--known", path];
    let found = report(&flags, &["true"]);
    assert!(found.passes() && verdict(&found, "gen-02/flags") == Verdict::Known);
    assert!(!report(&flags, &[ours()]).problems.is_empty(), "it no longer fails");
}

#[test]
fn a_failure_says_how_to_repeat_it() {
    let report = report(&["--filter", "gen-05/*", "--level", "should"], &["sh", &create_sh()]);
    let case = report.cases.iter().find(|case| case.id == "gen-05/newline").expect("the check");
    let words = shell_words::split(case.repeat.as_deref().expect("a command")).expect("words");
    assert_eq!(words[..2], ["tokens-conformance", "generator"]);
    let output = Command::new(PROGRAM).args(&words[1..]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("fail: gen-05/newline [") && text.contains("\n1 case: 0 pass, 1 fail\n"));
}

#[test]
fn every_format_shows_the_checks() {
    for format in ["human", "json", "junit", "tap", "markdown", "html"] {
        let flags = ["--filter", "gen-02/no-name", "--format", format];
        let text = String::from_utf8(check(&flags, &["true"]).stdout).expect("UTF-8");
        let shown = if format == "markdown" { "GEN-02" } else { "gen-02/no-name" };
        assert!(text.contains(shown), "{format}: {text}");
    }
}

#[test]
fn checks_can_be_listed() {
    let output = Command::new(PROGRAM).args(["generator", "--list", "--filter", "GEN-01"]).output();
    let text = String::from_utf8(output.expect("it runs").stdout).expect("UTF-8");
    assert!(text.starts_with("gen-01/form\tGEN-01\tmust\ta new token\t"), "{text}");
    assert_eq!(text.lines().count(), 3);
}
