//! A copy of the workspace for mutants to live in, always in the same place: what was built there stays
//! built, and no mutant is ever left in the sources.

use std::collections::HashSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::top;

/// The directory for everything that may be deleted.
pub(super) fn place() -> Result<PathBuf, String> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), Into::into);
    let target = std::path::absolute(target).map_err(|error| format!("target: {error}"))?;
    Ok(target.join("mutation"))
}

/// Copies what git has or would take, and nothing that is the same already: its time would change.
pub(super) fn copy(to: &Path) -> Result<(), String> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path} cannot be copied: {error}")
    };
    let files = files()?;
    for file in &files {
        let (from, to) = (top().join(file), to.join(file));
        let new = match fs::read(&from) {
            Ok(new) => new,
            // Deleted, and git does not know yet.
            Err(_) if !from.exists() => continue,
            Err(error) => return Err(failed(&from)(error)),
        };
        if fs::read(&to).is_ok_and(|old| old == new) {
            continue;
        }
        if let Some(directory) = to.parent() {
            fs::create_dir_all(directory).map_err(failed(directory))?;
        }
        fs::copy(&from, &to).map_err(failed(&from))?;
    }
    let is_gone = |path: &Path| {
        path.strip_prefix(to).is_ok_and(|file| !files.contains(file) || !top().join(file).exists())
    };
    for path in walk(to).map_err(failed(to))?.iter().filter(|path| is_gone(path)) {
        fs::remove_file(path).map_err(failed(path))?;
    }
    Ok(())
}

fn files() -> Result<HashSet<PathBuf>, String> {
    let mut git = Command::new("git");
    git.current_dir(top()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = git.output().map_err(|error| format!("cannot start `git ls-files`: {error}"))?;
    if !output.status.success() {
        return Err("`git ls-files` failed: mutants need a git checkout".to_owned());
    }
    let names = String::from_utf8(output.stdout);
    let names = names.map_err(|_| "a file has a name that is not UTF-8".to_owned())?;
    Ok(names.split_terminator('\0').map(PathBuf::from).collect())
}

/// All files below a directory, in order.
pub(super) fn walk(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(walk(&path)?) } else { files.push(path) }
    }
    files.sort();
    Ok(files)
}
