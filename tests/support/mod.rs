//! A directory to work in, and the program in it.

#![allow(dead_code, reason = "every test program uses a part of it")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{self, Output};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_influxdb3-tokens");

/// A token string that no check has anything to say about.
pub(crate) const GOOD: &str = "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs";

/// A file with a clean token that may write to all databases but `a`.
pub(crate) const SHADOWED: &str = r#"{
  "create_databases": ["a", "b"],
  "tokens": [
    {
      "token": "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs",
      "name": "app",
      "expiry_millis": 1900000000000,
      "permissions": ["db:*:read,write", "db:a:read", "system:ping:read"]
    }
  ]
}
"#;

/// An empty directory.
pub(crate) struct Place(TempDir);

/// What a run left.
pub(crate) struct Run {
    /// The exit status, or as a shell has it 128 and the signal that ended the program.
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let signal = || 128 + output.status.signal().unwrap_or_default();
        Run {
            status: output.status.code().unwrap_or_else(signal),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Run {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).expect("JSON on standard output")
    }

    pub(crate) fn all(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }

    /// The codes of `check --format json`, in order.
    pub(crate) fn codes(&self) -> Vec<String> {
        let json = self.json();
        let files = json["files"].as_array().expect("files").iter();
        let found = files.flat_map(|file| file["diagnostics"].as_array().expect("diagnostics"));
        found.map(|found| found["code"].as_str().expect("a code").to_owned()).collect()
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Place(TempDir::new().expect("a directory"))
    }

    /// A directory with `tokens.json`, for its owner alone.
    pub(crate) fn with(document: impl AsRef<[u8]>) -> Self {
        let place = Place::new();
        place.write("tokens.json", document);
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, document: impl AsRef<[u8]>) {
        fs::write(self.path(name), document).expect("written");
        self.set_mode(name, 0o600);
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("read")
    }

    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("mode set");
    }

    pub(crate) fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).expect("there").permissions().mode() & 0o7777
    }

    /// The names in the directory, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("a directory");
        let names = entries.map(|e| e.expect("an entry").file_name().into_string().expect("UTF-8"));
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// The program, to be run in the directory.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        Command::from_std(self.process(PROGRAM, args))
    }

    /// Any program, to be run in the directory.
    pub(crate) fn process(&self, program: impl AsRef<Path>, args: &[&str]) -> process::Command {
        let mut command = process::Command::new(program.as_ref());
        command.current_dir(self.0.path()).env_remove("INFLUXDB3_PERMISSION_TOKENS_FILE");
        command.args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(&mut self.command(args))
    }
}

/// Runs a command to its end.
pub(crate) fn finish(command: &mut Command) -> Run {
    command.output().expect("the program runs").into()
}
