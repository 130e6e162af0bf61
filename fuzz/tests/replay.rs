//! Puts every seed and every regression to the oracle of its target.

#![allow(clippy::expect_used, clippy::panic)]

use std::any::Any;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use tokens_fuzz::{TARGETS, Target, files};

fn main() -> ExitCode {
    let trials = TARGETS.iter().flat_map(|target| {
        let seeds = Trial::test(format!("seeds::{}", target.name), || {
            let seeds = files_of("seeds", target);
            if seeds.is_empty() {
                return Err("it has no seeds: cargo xtask seeds".into());
            }
            replay(target, &seeds)
        });
        let regressions = Trial::test(format!("regressions::{}", target.name), || {
            replay(target, &files_of("regressions", target))
        });
        [seeds, regressions]
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

fn files_of(kind: &str, target: &Target) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(kind).join(target.name);
    if directory.is_dir() { files(&directory) } else { Vec::new() }
}

fn replay(target: &Target, files: &[PathBuf]) -> Result<(), Failed> {
    let broken: Vec<String> = files.iter().filter_map(|file| broken(target, file)).collect();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

/// What a file breaks, if anything, and the command that shows it again.
fn broken(target: &Target, file: &Path) -> Option<String> {
    let bytes = fs::read(file).expect("a file that can be read");
    let panic = catch_unwind(|| (target.test)(&bytes)).err()?;
    let quoted = file.display().to_string().replace('\'', r"'\''");
    let command = format!("cargo run --package tokens-fuzz --bin {} '{quoted}'", target.name);
    Some(format!("{}\n{command}", words(&*panic)))
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panics without words")
}
