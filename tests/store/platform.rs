//! What the tests need of the platform, and the programs they borrow from it.

use std::fmt::Display;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rustix::process::geteuid;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::{PROGRAM, Place, Run};

/// Why a test could not be run here.
pub(crate) struct Skipped(pub(crate) String);

pub(crate) type Outcome = Result<(), Skipped>;

pub(crate) fn skip(reason: impl Display) -> Skipped {
    Skipped(format!("skipped: {reason}"))
}

/// Nobody's number, on every Linux.
pub(crate) const NOBODY: u32 = 65534;

pub(crate) fn need_root() -> Outcome {
    if geteuid().is_root() { Ok(()) } else { Err(skip("this needs root")) }
}

/// A program's output, where it can be run and does what it should.
pub(crate) fn need(command: &mut Command) -> Result<Output, Skipped> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).output() {
        Err(error) => Err(skip(format!("`{name}` cannot be run: {error}"))),
        Ok(output) if !output.status.success() => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(skip(format!("`{name}` fails: {}", said.trim())))
        }
        Ok(output) => Ok(output),
    }
}

/// The arguments that append a token to `tokens.json`.
pub(crate) fn append(name: &str) -> Vec<&str> {
    let rest = ["--permission", "db:x:read", "--offline", "--output-file", "tokens.json"];
    [&["create", "token", "--name", name], &rest[..]].concat()
}

/// The program behind a line of shell, such as `umask 0`.
pub(crate) fn behind(place: &Place, line: &str, args: &[&str]) -> Command {
    let script = format!("{line}; exec \"$0\" \"$@\"");
    let mut command = place.process("sh", &["-c", &script, PROGRAM]);
    command.args(args);
    command
}

pub(crate) fn run(command: &mut Command) -> Run {
    command.stdin(Stdio::null()).output().expect("the program runs").into()
}

/// The program as a user without rights, in a directory of that user.
pub(crate) fn as_nobody(place: &Place, args: &[&str]) -> Result<Run, Skipped> {
    if !geteuid().is_root() {
        return Ok(place.run(args));
    }
    need(Command::new("setpriv").arg("--version"))?;
    // The program may stand where nobody else may look.
    let directory = TempDir::new().expect("a directory");
    fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).expect("mode set");
    let copy = directory.path().join("program");
    fs::copy(PROGRAM, &copy).expect("copied");
    fs::set_permissions(&copy, Permissions::from_mode(0o755)).expect("mode set");
    let number = NOBODY.to_string();
    let user = ["--reuid", &number, "--regid", &number, "--clear-groups"];
    Ok(run(place.process("setpriv", &user).arg(copy).args(args)))
}

/// Gives a file to nobody, where that can be done; else this process is nobody itself.
pub(crate) fn give_to_nobody(path: &Path) {
    if geteuid().is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("given away");
    }
}

/// The names of the tokens in `tokens.json`, which must load.
pub(crate) fn token_names(place: &Place) -> Vec<String> {
    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("a whole document");
    let tokens = file["tokens"].as_array().expect("tokens").iter();
    tokens.map(|token| token["name"].as_str().expect("a name").to_owned()).collect()
}

/// That `tokens.json` is as it was, alone in its directory, and that the failure is told: exit status
/// 3, the path and these words.
pub(crate) fn assert_refused(place: &Place, run: &Run, old: &[u8], words: &str) {
    assert_eq!(run.status, 3, "{}", run.all());
    assert!(run.stderr.contains("error: tokens.json: "), "{}", run.stderr);
    assert!(run.stderr.contains(words), "`{words}` is not in: {}", run.stderr);
    assert!(fs::read(place.path("tokens.json")).expect("read") == old, "the old file is gone");
    assert_eq!(place.names(), ["tokens.json"], "something was left");
}
