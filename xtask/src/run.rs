//! Running cargo from the top of the workspace.

use std::path::Path;
use std::process::Command;

/// A cargo command at the top of the workspace.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(top).args(args);
    command
}

/// Runs a command, after showing it.
///
/// # Errors
///
/// When it cannot be started or fails; in words.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let args: Vec<_> = command.get_args().map(|arg| arg.to_string_lossy()).collect();
    let shown = format!("cargo {}", args.join(" "));
    eprintln!("$ {shown}");
    let status = command.status().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed")) }
}
