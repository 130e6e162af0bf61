//! `cargo xtask seeds`: makes the committed seeds anew, from the vectors and from chance.
//!
//! libFuzzer chooses the fewest and smallest files that reach all that the others reach. Beside them a fixed
//! number of values is kept where much depends on data.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::fuzz::engine::{Engine, Sanitizer, files, flags, max_len, place, said, targets};
use crate::run::{self, cargo};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which targets; all where none is named
    #[arg(value_name = "TARGET")]
    named: Vec<String>,
    /// What to build with; all find the same seeds, and what is built already saves time
    #[arg(long, value_enum, default_value_t)]
    sanitizer: Sanitizer,
    /// Build with the stable compiler, though there is a nightly one
    #[arg(long)]
    stable: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let targets = targets(&args.named)?;
    let engine = Engine::find(args.stable, args.sanitizer)?;
    let work = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let example = ["run", "--quiet", "--package", "tokens-fuzz", "--example", "seeds", "--"];
    run::run(cargo(&example).arg(work.path()))?;
    engine.build(&targets)?;
    for target in &targets {
        let chosen = chosen(engine, target, work.path())?;
        let kept = read(&work.path().join("kept").join(target))?;
        let seeds = [chosen, kept].concat();
        replace(target, &seeds)?;
        let size: usize = seeds.iter().map(|(_, bytes)| bytes.len()).sum();
        eprintln!("{target}: {} files, {size} bytes", seeds.len());
    }
    Ok(())
}

/// Names and contents.
type Files = Vec<(OsString, Vec<u8>)>;

/// The best of a target's material.
fn chosen(engine: Engine, target: &str, work: &Path) -> Result<Files, String> {
    let [material, chosen] = ["material", "chosen"].map(|kind| work.join(kind).join(target));
    let longest = max_len(target)?;
    let mut names = HashMap::new();
    for (name, bytes) in read(&material)? {
        if bytes.len() > longest {
            // libFuzzer would cut it, and what is left would not be what its name says.
            let path = material.join(name);
            fs::remove_file(&path).map_err(|error| said("remove", &path, &error))?;
        } else {
            names.insert(bytes, name);
        }
    }
    fs::create_dir_all(&chosen).map_err(|error| said("make", &chosen, &error))?;
    merge(engine, target, &material, &chosen)?;
    // libFuzzer names files by their hash; the vectors' names say more.
    let named = |(hash, bytes): (OsString, Vec<u8>)| match names.get(&bytes) {
        Some(name) => Ok((name.clone(), bytes)),
        None => Err(format!(
            "libFuzzer chose {} for {target}, which it was not given: it cuts what is longer than {longest} \
             bytes. Raise max_len in fuzz/options/{target}.options, and run `cargo xtask seeds {target}` again",
            hash.display()
        )),
    };
    read(&chosen)?.into_iter().map(named).collect()
}

fn read(directory: &Path) -> Result<Files, String> {
    let read = |path: PathBuf| {
        let bytes = fs::read(&path).map_err(|error| said("read", &path, &error))?;
        Ok((path.file_name().unwrap_or_default().to_owned(), bytes))
    };
    files(directory)?.into_iter().map(read).collect()
}

/// Replaces the seeds of a target once all the new ones are there.
fn replace(target: &str, seeds: &Files) -> Result<(), String> {
    let [old, new] =
        [target.to_owned(), format!("{target}.new")].map(|name| place("seeds").join(name));
    remove(&new)?;
    fs::create_dir_all(&new).map_err(|error| said("make", &new, &error))?;
    for (name, bytes) in seeds {
        let seed = new.join(name);
        fs::write(&seed, bytes).map_err(|error| said("write", &seed, &error))?;
    }
    remove(&old)?;
    fs::rename(&new, &old).map_err(|error| said("rename", &new, &error))
}

/// Removes a directory, if it is there.
fn remove(directory: &Path) -> Result<(), String> {
    if !directory.exists() {
        return Ok(());
    }
    fs::remove_dir_all(directory).map_err(|error| said("remove", directory, &error))
}

fn merge(engine: Engine, target: &str, material: &Path, chosen: &Path) -> Result<(), String> {
    let mut command = engine.command("run", Some(target));
    command.args([chosen, material]).arg("--").args(flags(target)?);
    // -merge=1 would keep each file that adds something to the smaller ones, and counters each number of times
    // that something is reached: that is for the working corpus, and not for git.
    command.args(["-set_cover_merge=1", "-use_counters=0"]).stdout(Stdio::null());
    let output = command.output().map_err(|error| format!("cannot start cargo fuzz: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    // A file that breaks the oracle is left out, which must not go unnoticed.
    let broken = said.contains("ERROR: libFuzzer") || said.contains("ERROR: AddressSanitizer");
    if output.status.success() && !broken {
        return Ok(());
    }
    let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with('#')).collect();
    Err(format!("{}\na seed breaks the oracle of {target}, or libFuzzer failed", lines.join("\n")))
}
