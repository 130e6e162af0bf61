//! Puts every seed and every regression to the oracle of its target.

#![allow(clippy::expect_used, clippy::panic)]

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
    let broken: Vec<String> = files
        .iter()
        .filter(|file| {
            let bytes = fs::read(file).expect("a file that can be read");
            catch_unwind(|| (target.test)(&bytes)).is_err()
        })
        .map(|file| {
            format!("cargo run --package tokens-fuzz --bin {} {}", target.name, file.display())
        })
        .collect();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}
