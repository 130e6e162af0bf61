//! cargo-fuzz and libFuzzer: how they are called, and where things are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run;

const INSTALL: &str = "cargo install --locked cargo-fuzz";

/// What else the program is compiled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Sanitizer {
    /// Fastest, and enough for code in which `unsafe` is forbidden
    #[default]
    None,
    /// What OSS-Fuzz takes: finds mistakes in the `unsafe` code of dependencies
    Address,
    /// Finds what is never freed
    Leak,
    /// Finds races
    Thread,
}

/// cargo-fuzz, with the compiler and the sanitizer that it builds with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Engine {
    nightly: bool,
    sanitizer: Sanitizer,
}

impl Engine {
    /// Finds cargo-fuzz, and a nightly compiler unless the stable one is wanted.
    pub(crate) fn find(stable: bool, sanitizer: Sanitizer) -> Result<Self, String> {
        if !prints(Command::new("cargo").args(["fuzz", "--version"]), is_cargo_fuzz) {
            return Err(format!("cargo-fuzz is not installed; this installs it: {INSTALL}"));
        }
        let nightly =
            !stable && prints(Command::new("rustup").args(["toolchain", "list"]), is_nightly);
        Ok(Engine { nightly, sanitizer })
    }

    /// `cargo fuzz VERB` for a target.
    pub(crate) fn command(self, verb: &str, target: Option<&str>) -> Command {
        let mut command = Command::new("cargo");
        command.current_dir(run::top());
        if self.nightly {
            command.arg("+nightly");
        } else {
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        let sanitizer = format!("{:?}", self.sanitizer).to_lowercase();
        command.args(["fuzz", verb, "--sanitizer", &sanitizer]).args(target);
        // Link-time optimization of a dozen instrumented programs takes longer than it saves.
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        command
    }

    /// Builds the target, where it is but one, or all that there are.
    pub(crate) fn build(self, targets: &[String]) -> Result<(), String> {
        let target = targets.first().filter(|_| targets.len() == 1);
        run::run(&mut self.command("build", target.map(String::as_str)))
    }
}

/// Whether a program is there and prints such a line.
fn prints(command: &mut Command, is_such: fn(&str) -> bool) -> bool {
    let output = command.stderr(Stdio::null()).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).lines().any(is_such))
}

fn is_cargo_fuzz(line: &str) -> bool {
    line.starts_with("cargo-fuzz")
}

/// Whether `cargo +nightly` takes this toolchain: it takes none with a date, which `nightly-HOST` has not.
fn is_nightly(toolchain: &str) -> bool {
    let name = toolchain.split_whitespace().next().unwrap_or_default();
    let host = name.strip_prefix("nightly-").and_then(|host| host.bytes().next());
    name == "nightly" || host.is_some_and(|first| !first.is_ascii_digit())
}

/// A path in the fuzz package.
pub(crate) fn place(path: impl AsRef<Path>) -> PathBuf {
    run::top().join("fuzz").join(path)
}

/// The targets named, or all.
pub(crate) fn targets(named: &[String]) -> Result<Vec<String>, String> {
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let all: Vec<String> = files(&place("fuzz_targets"))?.into_iter().filter_map(stem).collect();
    match named.iter().find(|name| !all.contains(name)) {
        Some(name) => Err(format!("there is no target `{name}`; there are {}", all.join(", "))),
        None if named.is_empty() => Ok(all),
        None => Ok(named.to_vec()),
    }
}

/// The files of a directory, sorted; none where it is not there.
pub(crate) fn files(directory: &Path) -> Result<Vec<PathBuf>, String> {
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(directory).map_err(|error| said("read", directory, &error))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

/// An error about a path, in words.
pub(crate) fn said(what: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {what} {}: {error}", path.display())
}

/// A target's options as libFuzzer's flags. OSS-Fuzz reads the same file.
pub(crate) fn flags(target: &str) -> Result<Vec<String>, String> {
    let path = place("options").join(format!("{target}.options"));
    let text = fs::read_to_string(&path).map_err(|error| said("read", &path, &error))?;
    let options = text.lines().filter_map(|line| line.split_once(" = "));
    let flag = |(name, value): (&str, &str)| match name {
        "dict" => format!("-dict={}", place("dictionaries").join(value).display()),
        _ => format!("-{name}={value}"),
    };
    Ok(options.map(flag).collect())
}

/// The length beyond which libFuzzer cuts a target's inputs.
pub(crate) fn max_len(target: &str) -> Result<usize, String> {
    let flags = flags(target)?;
    let length = flags.iter().find_map(|flag| flag.strip_prefix("-max_len="));
    length
        .and_then(|length| length.parse().ok())
        .ok_or_else(|| format!("{target}.options has no max_len"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_toolchain_is_not_the_nightly_one() {
        for (line, nightly) in [
            ("nightly-x86_64-unknown-linux-gnu (active, default)", true),
            ("nightly", true),
            ("nightly-2025-11-01-aarch64-apple-darwin", false),
            ("my-nightly", false),
            ("stable-x86_64-unknown-linux-gnu (active, default)", false),
            ("", false),
        ] {
            assert_eq!(is_nightly(line), nightly, "{line}");
        }
    }
}
