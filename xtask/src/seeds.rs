//! `cargo xtask seeds`: makes the committed seeds anew, from the vectors and from chance.
//!
//! libFuzzer chooses the fewest and smallest files that reach all that the others reach.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
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
    let material = work.path().join("material");
    let example = ["run", "--quiet", "--package", "tokens-fuzz", "--example", "seeds", "--"];
    run::run(cargo(&example).arg(&material))?;
    engine.build(&targets)?;
    for target in &targets {
        choose(engine, target, &material.join(target), &work.path().join(target))?;
    }
    Ok(())
}

/// Replaces the seeds of a target by the best of the material.
fn choose(engine: Engine, target: &str, material: &Path, chosen: &Path) -> Result<(), String> {
    let longest = max_len(target)?;
    let mut names = HashMap::new();
    for path in files(material)? {
        let bytes = fs::read(&path).map_err(|error| said("read", &path, &error))?;
        if bytes.len() > longest {
            // libFuzzer would cut it, and what is left would not be what its name says.
            fs::remove_file(&path).map_err(|error| said("remove", &path, &error))?;
        } else if let Some(name) = path.file_name() {
            names.insert(bytes, name.to_owned());
        }
    }
    fs::create_dir_all(chosen).map_err(|error| said("make", chosen, &error))?;
    merge(engine, target, material, chosen)?;

    let seeds = place("seeds").join(target);
    if seeds.exists() {
        fs::remove_dir_all(&seeds).map_err(|error| said("remove", &seeds, &error))?;
    }
    fs::create_dir_all(&seeds).map_err(|error| said("make", &seeds, &error))?;
    let (mut count, mut size) = (0, 0);
    for path in files(chosen)? {
        let bytes = fs::read(&path).map_err(|error| said("read", &path, &error))?;
        // libFuzzer names files by their hash; the vectors' names say more.
        let name = names.get(&bytes).map(|name| seeds.join(name));
        let seed = name.ok_or_else(|| format!("{} is new", path.display()))?;
        fs::write(&seed, &bytes).map_err(|error| said("write", &seed, &error))?;
        (count, size) = (count + 1, size + bytes.len());
    }
    eprintln!("{target}: {count} of {} files, {size} bytes", names.len());
    Ok(())
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
