//! What `check` reads: mounted secrets, directories, and what takes its time.

use std::os::unix::fs::symlink;
use std::process::Stdio;

use crate::support::{PROGRAM, Place, SHADOWED};

#[test]
fn a_volume_of_kubernetes_is_followed_and_known() {
    let place = Place::new();
    std::fs::create_dir(place.path("..2026_11_01")).expect("a directory");
    place.write("..2026_11_01/tokens.json", SHADOWED);
    place.set_mode("..2026_11_01/tokens.json", 0o644);
    symlink("..2026_11_01", place.path("..data")).expect("a link");
    symlink("..data/tokens.json", place.path("tokens.json")).expect("a link");
    let run = place.run(&["check", "tokens.json"]);
    assert!(run.stdout.contains("note[file-mode]") && run.stdout.contains("defaultMode"));
    // The whole volume, without what Kubernetes keeps in it.
    place.write("..2026_11_01/license-email", "not JSON");
    symlink("..data/license-email", place.path("license-email")).expect("a link");
    let json = place.run(&["check", "--format", "json", "."]).json();
    let paths: Vec<_> =
        json["files"].as_array().expect("files").iter().map(|f| &f["path"]).collect();
    assert_eq!(paths, ["./tokens.json"]);
}

#[test]
fn of_a_directory_all_files_of_json_are_checked() {
    let place = Place::with(SHADOWED);
    place.write("admin.json", "{");
    place.write(".hidden.json", "{");
    place.write("notes.txt", "");
    let run = place.run(&["check", "--format", "json", ".", "tokens.json"]);
    let json = run.json();
    let paths: Vec<_> =
        json["files"].as_array().expect("files").iter().map(|f| &f["path"]).collect();
    assert_eq!(run.status, 1);
    assert_eq!(paths, ["./admin.json", "./tokens.json", "tokens.json"]);
}

#[test]
fn a_check_that_takes_more_than_a_second_shows_that_it_works() {
    let place = Place::with(SHADOWED);
    let shown = |wait: &str| {
        let command = format!("(sleep {wait}; cat tokens.json) | {PROGRAM} check -");
        let mut script = place.process("script", &["-qec", &command, "/dev/null"]);
        let output = script.stdin(Stdio::null()).output().expect("script runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert!(!shown("0").contains("checking"));
    let slow = shown("1.5");
    assert!(slow.contains("checking <stdin>") && slow.contains("1 file, 1 token"), "{slow}");
}
