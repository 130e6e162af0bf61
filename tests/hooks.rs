//! What other tools run of this repository: the hook of pre-commit and the action of GitHub. Their files are
//! read, and what they would run is run in a git repository made for it.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use support::{GOOD, PROGRAM, Place, Run, SHADOWED};

const HOOKS: &str = include_str!("../.pre-commit-hooks.yaml");
const ACTION: &str = include_str!("../action.yml");
const MANIFEST: &str = include_str!("../Cargo.toml");

const ADMIN: &str = r#"{"token": "apiv3_aB3dE5fG7hJ9kL1mN3pQ5rS7", "name": "_admin"}"#;
const BROKEN: &str = r#"{"tokens": [{"name": "app"}]}"#;

/// A file that nothing is wrong with.
fn good() -> String {
    format!(
        r#"{{"tokens": [{{"token": "{GOOD}", "name": "app", "permissions": ["system:ping:read"]}}]}}"#
    )
}

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(text: &str) -> Value {
    serde_norway::from_str(text).expect("YAML")
}

fn text<'y>(node: &'y Value, member: &str) -> &'y str {
    node[member].as_str().unwrap_or_else(|| panic!("`{member}` is no text"))
}

/// A git repository with these files, all added, and of the modes that git gives.
fn repository(files: &[(&str, &str)]) -> Place {
    let place = Place::new();
    for (name, document) in files {
        fs::create_dir_all(place.path(name).parent().unwrap()).expect("a directory");
        place.write(name, document);
        place.set_mode(name, 0o644);
    }
    for args in [&["init", "--quiet"][..], &["add", "."]] {
        assert!(place.process("git", args).status().expect("git").success());
    }
    place
}

/// A directory with our program, and with a cargo that only says what it is called with.
fn programs() -> Place {
    let place = Place::new();
    symlink(PROGRAM, place.path("influxdb3-tokens")).expect("a link");
    place.write("cargo", "#!/bin/sh\nprintf '<%s>' cargo \"$@\"\nexit 9\n");
    place.set_mode("cargo", 0o700);
    place
}

/// The same without our program, as if none were installed on this machine.
fn programs_without_ours() -> Place {
    let place = programs();
    fs::remove_file(place.path("influxdb3-tokens")).expect("removed");
    place.write("influxdb3-tokens", "#!/bin/sh\nexit 127\n");
    place.set_mode("influxdb3-tokens", 0o700);
    place
}

/// Runs a command that finds these programs before all others.
fn with(programs: &Place, mut command: Command) -> Run {
    let path = std::env::var("PATH").expect("a path");
    command.env("PATH", format!("{}:{path}", programs.path("").display()));
    command.output().expect("it runs").into()
}

/// Runs the hook as pre-commit does: its entry, with the files of the repository that are for it.
fn hook(place: &Place) -> (Vec<String>, Run) {
    let hooks = yaml(HOOKS);
    let hook = &hooks[0];
    assert_eq!((text(hook, "id"), text(hook, "language")), ("influxdb3-tokens-check", "rust"));
    let pattern = Regex::new(text(hook, "files")).expect("a pattern");
    let listed = Run::from(place.process("git", &["ls-files"]).output().expect("git"));
    let files = listed.stdout.lines().filter(|file| pattern.is_match(file));
    let files: Vec<String> = files.map(str::to_owned).collect();
    let mut shell = place.process("sh", &["-c", &format!("{} \"$@\"", text(hook, "entry")), "sh"]);
    shell.args(&files);
    (files, with(&programs(), shell))
}

#[test]
fn the_hook_checks_tokens_files_of_both_kinds_and_nothing_else() {
    let files = [
        ("admin-token.json", ADMIN),
        ("deploy/tenants.tokens.json", &good()),
        ("tokens.json", &good()),
        ("README.md", "tokens.json"),
        ("tokens.json.orig", BROKEN),
        ("tokens/package.json", BROKEN),
    ];
    let (checked, run) = hook(&repository(&files));
    assert_eq!(checked, ["admin-token.json", "deploy/tenants.tokens.json", "tokens.json"]);
    assert_eq!(run.status, 0, "{}", run.all());
}

#[test]
fn the_hook_fails_for_errors_and_for_warnings_and_says_where() {
    for (document, code) in [(BROKEN, "missing-member"), (SHADOWED, "shadowed-grant")] {
        let (_, run) = hook(&repository(&[("a/tokens.json", document), ("token.json", ADMIN)]));
        assert_eq!(run.status, 1);
        assert!(run.stdout.contains(code) && run.stdout.contains("a/tokens.json"), "{}", run.all());
        assert!(!run.all().contains(GOOD), "{}", run.all());
    }
}

/// An action's text with its expressions replaced: inputs as given, or as they are without.
fn replaced(text: &str, action: &Value, given: &[(&str, &str)]) -> String {
    let expression = Regex::new(r"\$\{\{ *([a-z_.-]+) *\}\}").expect("a pattern");
    let value = |captures: &regex::Captures<'_>| match captures[1].strip_prefix("inputs.") {
        Some(input) => given.iter().find(|(name, _)| *name == input).map_or_else(
            || self::text(&action["inputs"][input], "default").to_owned(),
            |(_, value)| (*value).to_owned(),
        ),
        None if &captures[1] == "github.action_path" => top().display().to_string(),
        None => panic!("`{}` is not known", &captures[1]),
    };
    expression.replace_all(text, value).into_owned()
}

/// Runs the steps of the action as GitHub does, until one fails, for what all of them said.
fn act(place: &Place, programs: &Place, given: &[(&str, &str)]) -> Run {
    let action = yaml(ACTION);
    let known = action["inputs"].as_object().expect("inputs");
    assert!(given.iter().all(|(name, _)| known.contains_key(*name)));
    assert_eq!(text(&action["runs"], "using"), "composite");
    let mut all = Run { status: 0, stdout: String::new(), stderr: String::new() };
    for step in action["runs"]["steps"].as_array().expect("steps") {
        let run = step_run(place, programs, &action, step, given);
        all.stdout.push_str(&run.stdout);
        all.stderr.push_str(&run.stderr);
        all.status = run.status;
        if run.status != 0 {
            break;
        }
    }
    all
}

fn step_run(
    place: &Place,
    programs: &Place,
    action: &Value,
    step: &Value,
    given: &[(&str, &str)],
) -> Run {
    assert_eq!(text(step, "shell"), "bash");
    let script = text(step, "run");
    assert!(!script.contains("${{"), "what a workflow gives must not become a part of the script");
    let mut bash = place.process("bash", &["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"]);
    bash.arg(script);
    for (name, value) in step["env"].as_object().expect("variables") {
        let value = replaced(value.as_str().expect("text"), action, given);
        bash.env(name, value);
    }
    with(programs, bash)
}

#[test]
fn the_action_checks_the_files_that_its_patterns_match() {
    let files = [
        ("a b/tokens.json", &*good()),
        ("deploy/eu/tenants-tokens.json", &good()),
        ("admin-token.json", ADMIN),
        ("bad/broken.json", BROKEN),
        ("bad/shadowed.json", SHADOWED),
    ];
    let place = repository(&files);
    let shadowed = ("files", "bad/shadowed.json");
    for (given, status, words) in [
        (&[][..], 0, "3 files, 3 tokens"),
        (&[("files", "deploy/**/*.json\na b/*.json\n")], 0, "2 files"),
        (&[("files", "a b/tokens.json")], 0, "1 file"),
        (&[("files", "bad/br*.json")], 1, "missing-member"),
        (&[("files", "**/*.json")], 1, "5 files"),
        (&[("files", "missing.json")], 3, "missing.json"),
        (&[("files", "x*.json\n*.yaml")], 1, "::error::no file matches x*.json *.yaml"),
        (&[("files", "$(echo injected)")], 3, "$(echo injected)"),
        (&[shadowed], 1, "shadowed-grant"),
        (&[shadowed, ("strict", "false")], 0, "shadowed-grant"),
        (&[shadowed, ("args", "--mounted --allow\n shadowed-grant")], 0, "1 file"),
    ] {
        let given = [given, &[("format", "human")]].concat();
        let run = act(&place, &programs(), &given);
        assert_eq!(run.status, status, "{given:?}: {}", run.all());
        assert!(run.all().contains(words), "{given:?}: {}", run.all());
    }
}

#[test]
fn the_action_makes_annotations_and_sarif() {
    let place = repository(&[("a/tokens.json", SHADOWED), ("b/tokens.json", BROKEN)]);
    let run = act(&place, &programs(), &[("sarif-file", "found.sarif")]);
    assert_eq!(run.status, 1, "{}", run.all());
    let found = ["::warning file=a/tokens.json,line=8,", "::error file=b/tokens.json,line=1,"];
    for annotation in found {
        assert!(run.stdout.contains(annotation), "{}", run.stdout);
    }
    assert!(!run.stdout.contains("file-mode"), "git has no modes: {}", run.stdout);
    let sarif: Value = serde_json::from_str(&place.read("found.sarif")).expect("JSON");
    let results = &sarif["runs"][0]["results"];
    let codes = results.as_array().expect("results").iter();
    let codes: Vec<_> = codes.map(|found| found["ruleId"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["shadowed-grant", "missing-member", "missing-member"]);
    assert!(!run.all().contains(GOOD) && !results.to_string().contains(GOOD));
}

#[test]
fn the_action_writes_sarif_where_nothing_is_found_and_fails_where_it_cannot_be_written() {
    let place = repository(&[("tokens.json", &good())]);
    assert_eq!(act(&place, &programs(), &[("sarif-file", "found.sarif")]).status, 0);
    assert!(place.read("found.sarif").contains("\"results\":[]"));
    for given in [("sarif-file", "missing/found.sarif"), ("args", "--nonsense")] {
        let run = act(&place, &programs(), &[given, ("sarif-file", "other.sarif")]);
        assert_ne!(run.status, 0, "{}", run.all());
    }
}

/// A template of `[package.metadata.binstall]`, for a version.
fn template(member: &str, version: &str) -> String {
    let line = MANIFEST.lines().find_map(|line| line.strip_prefix(&format!("{member} = ")));
    line.expect("a template").trim_matches('"').replace("{ version }", version)
}

#[test]
fn the_action_builds_the_program_or_downloads_a_release() {
    let programs = programs_without_ours();
    let place = repository(&[("tokens.json", &good())]);
    let top = top().display();
    let built = act(&place, &programs, &[]);
    assert_eq!(built.stdout, format!("<cargo><install><--locked><--path><{top}>"));
    assert_eq!(built.status, 9, "nothing is checked without a program");
    let [url, directory] = ["pkg-url", "bin-dir"].map(|member| template(member, "7.8.9"));
    let downloaded = act(&place, &programs, &[("version", "7.8.9")]).stdout;
    let expected = format!(
        "<--manifest-path><{top}><--pkg-url><{url}><--bin-dir><{directory}><influxdb3-tokens>"
    );
    assert!(downloaded.starts_with("<cargo><binstall>"), "{downloaded}");
    assert!(downloaded.ends_with(&expected), "{downloaded}");
}

#[test]
fn the_action_takes_the_program_that_is_there_if_it_is_of_the_version() {
    let place = repository(&[("tokens.json", &good())]);
    let version = env!("CARGO_PKG_VERSION");
    for version in ["", version] {
        let given = [("format", "human"), ("version", version)];
        let run = act(&place, &programs(), &given);
        assert_eq!(run.status, 0, "{}", run.all());
        assert!(run.stdout.contains("is installed"), "{}", run.stdout);
    }
    let run = act(&place, &programs(), &[("version", "7.8.9")]);
    assert!(run.status == 9 && run.stdout.starts_with("<cargo><binstall>"), "{}", run.all());
}

#[test]
fn the_action_refuses_a_strictness_that_is_none() {
    let place = repository(&[("tokens.json", &good())]);
    let run = act(&place, &programs(), &[("strict", "yes")]);
    assert!(run.status == 2 && run.stdout.contains("not yes"), "{}", run.all());
}

#[test]
fn the_readme_shows_the_hook_and_inputs_that_there_are() {
    let readme = include_str!("../README.md");
    let blocks = readme.split("```yaml\n").skip(1);
    let blocks: Vec<&str> = blocks.filter_map(|block| block.split("```").next()).collect();
    let shown: Vec<Value> = blocks.into_iter().map(yaml).collect();
    let hook = &shown[0]["repos"][0]["hooks"][0];
    assert_eq!(text(hook, "id"), text(&yaml(HOOKS)[0], "id"));
    let step = &shown[1]["steps"][1];
    assert!(text(step, "uses").contains("/influxdb3-tokens@"));
    let action = yaml(ACTION);
    for input in step["with"].as_object().expect("inputs").keys() {
        assert!(action["inputs"][input].is_object(), "{input}");
    }
}
