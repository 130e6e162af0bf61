//! `--allow`, `--warn`, `--deny` and `--strict`.

use crate::support::{Place, SHADOWED, finish};

/// Exit status and severities for a file with a shadowed grant and a mode open to all, which is a
/// note where the file is mounted.
fn outcome(args: &str) -> (i32, Vec<String>) {
    let place = Place::with(SHADOWED);
    place.set_mode("tokens.json", 0o644);
    let run = finish(
        place
            .command(&["check", "--format", "json", "--mounted", "--now", "0", "tokens.json"])
            .args(args.split_whitespace()),
    );
    let json = run.json();
    let found = json["files"][0]["diagnostics"].as_array().expect("diagnostics");
    let shown = found.iter().map(|found| {
        format!("{} {}", found["severity"].as_str().unwrap(), found["code"].as_str().unwrap())
    });
    (run.status, shown.collect())
}

#[test]
fn the_last_that_names_a_finding_decides_what_becomes_of_it() {
    let note = "note file-mode";
    let [warning, error] = ["warning shadowed-grant", "error shadowed-grant"];
    for (args, status, found) in [
        ("", 0, vec![note, warning]),
        ("--strict", 1, vec![note, warning]),
        ("--allow shadowed-grant --strict", 0, vec![note]),
        ("--deny shadowed-grant", 1, vec![note, error]),
        ("--deny all", 1, vec![note, error]),
        ("--allow all", 0, vec![]),
        ("--allow all --deny shadowed-grant", 1, vec![error]),
        ("--deny shadowed-grant --allow all", 0, vec![]),
        ("--deny all --allow shadowed-grant", 0, vec![note]),
        ("--deny all --warn shadowed-grant", 0, vec![note, warning]),
        ("--deny file-mode", 1, vec!["error file-mode", warning]),
        ("--warn file-mode", 0, vec!["warning file-mode", warning]),
        ("--deny file-mode,shadowed-grant", 1, vec!["error file-mode", error]),
    ] {
        let expected = found.into_iter().map(str::to_owned).collect();
        assert_eq!(outcome(args), (status, expected), "{args}");
    }
}

#[test]
fn errors_and_unknown_codes_cannot_be_allowed() {
    let place = Place::with(SHADOWED);
    for (args, words) in [
        (["--allow", "json-syntax"], "stays one"),
        (["--warn", "duplicate-name"], "stays one"),
        (["--deny", "shadowd-grant"], "did you mean `shadowed-grant`?"),
        (["--allow", "nonsense"], "no such code"),
    ] {
        let run = finish(place.command(&["check", "tokens.json"]).args(args));
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}
