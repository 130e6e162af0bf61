//! An input that broke an oracle becomes a regression.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::engine::{Engine, files, place, said};
use crate::run::{self, cargo};

/// Makes the input small, copies it to the regressions, and replays it there.
pub(crate) fn keep(
    engine: Engine,
    target: &str,
    artifact: &Path,
    said_of_it: &[String],
) -> Result<(), String> {
    // What follows is cargo-fuzz's advice, which is taken below.
    let story = said_of_it.iter().take_while(|line| !line.starts_with("artifact_prefix"));
    story.for_each(|line| eprintln!("{line}"));
    let bytes = fs::read(artifact).map_err(|error| said("read", artifact, &error))?;
    let directory = place("regressions").join(target);
    for file in files(&directory)? {
        if fs::read(&file).is_ok_and(|known| known == bytes) {
            eprintln!("{} is not mended", file.display());
            return Ok(());
        }
    }
    let small = minimised(engine, target, artifact);
    let name = artifact.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let (kind, hash) = name.split_once('-').unwrap_or(("crash", &name));
    let kept = directory.join(format!("{kind}-{hash:.12}"));
    fs::create_dir_all(&directory).map_err(|error| said("make", &directory, &error))?;
    fs::copy(&small, &kept).map_err(|error| said("copy to", &kept, &error))?;
    eprintln!("\nkept as {}; give it a name that says what it is about,", kept.display());
    eprintln!(
        "and write down as a test the case that is printed below, if it is one of a generator:"
    );
    eprintln!("to the next version of the generator the same bytes are another case");
    let replay = ["run", "--package", "tokens-fuzz", "--bin", target, "--"];
    if run::run(cargo(&replay).arg(&kept)).is_ok() {
        eprintln!(
            "it breaks nothing there: is it about time, memory, or what the sanitizer watches?"
        );
    }
    Ok(())
}

/// libFuzzer's smallest input that crashes as well, or the input itself.
fn minimised(engine: Engine, target: &str, artifact: &Path) -> PathBuf {
    let small = artifact.with_extension("small");
    let mut command = engine.command("tmin", Some(target));
    command.args(["--runs", "100000"]).arg(artifact).args(["--", "-max_total_time=20"]);
    command.arg(format!("-exact_artifact_path={}", small.display()));
    eprintln!("making {} small", artifact.display());
    // Where it cannot be made smaller this fails, and the input is kept as it is.
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    if small.is_file() { small } else { artifact.to_owned() }
}
