//! The session in README.md is true: its commands are run, one after the other, and what they print
//! is compared, but for the fingerprints of tokens that are new each time.

#![allow(clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// A command and what it printed, standard output before standard error.
struct Step {
    command: String,
    printed: String,
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => {
                    steps.push(Step { command: command.to_owned(), printed: String::new() });
                }
                (None, Some(step)) => step.printed.extend([line, "\n"]),
                (None, None) => {}
            },
        }
    }
    steps
}

fn run(command: &str, directory: &Path) -> String {
    let mut words = command.split(' ');
    assert_eq!(words.next(), Some("influxdb3-tokens"), "{command}");
    let output = Command::new(env!("CARGO_BIN_EXE_influxdb3-tokens"))
        .args(words)
        .current_dir(directory)
        .output()
        .expect("the program runs");
    String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8")
}

/// The text with every fingerprint replaced, and without the empty line that ends a code block.
fn comparable(text: &str) -> String {
    let mark = "(fingerprint ";
    let mut parts = text.trim_end().split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (digits, rest) = part.split_at_checked(9).unwrap_or((part, ""));
        assert!(digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)), "{part}");
        format!("{text}{mark}…{rest}")
    })
}

#[test]
fn the_session_is_true() {
    let directory = tempfile::tempdir().expect("a directory");
    let steps = steps(include_str!("../README.md"));
    assert!(steps.len() >= 6, "generate, append, check, can");
    for Step { command, printed } in steps {
        if let Some(file) = command.strip_prefix("cat ") {
            // What is shown of a file is what is in it.
            fs::write(directory.path().join(file), printed).expect("written");
            continue;
        }
        let now = run(&command, directory.path());
        assert_eq!(comparable(&now), comparable(&printed), "{command}");
    }
}
