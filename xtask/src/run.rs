//! Running cargo from the top of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A cargo command at the top of the workspace.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(top()).args(args);
    command
}

/// The top of the workspace.
pub(crate) fn top() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Runs a command, after showing it.
///
/// # Errors
///
/// When it cannot be started or fails; in words.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    eprintln!("$ {shown}");
    let status = command.status().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed")) }
}

/// Runs a command, after showing it, for what it prints.
///
/// # Errors
///
/// When it cannot be started or fails; in words.
pub(crate) fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let shown = shown(command);
    eprintln!("$ {shown}");
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("`{shown}` failed")) }
}

/// Whether a subcommand of cargo is installed.
///
/// # Errors
///
/// When it is not; with the command that installs it.
pub(crate) fn need(subcommand: &str) -> Result<(), String> {
    let output = cargo(&[subcommand, "--version"]).output();
    if output.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err(format!("cargo-{subcommand} is not installed: cargo install --locked cargo-{subcommand}"))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
