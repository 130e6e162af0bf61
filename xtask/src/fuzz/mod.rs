//! `cargo xtask fuzz`: every target for a while, with cargo-fuzz.

pub(crate) mod engine;
mod finding;
mod log;
mod throughput;

use std::fs;
use std::io::{BufRead, BufReader, IsTerminal};
use std::process::Stdio;
use std::time::Duration;

use engine::{Engine, Sanitizer, flags, place, said, targets};
use log::{Log, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which targets; all where none is named
    #[arg(value_name = "TARGET")]
    named: Vec<String>,
    /// How long, each: `30s`, `10m`
    #[arg(long, default_value = "60s", value_parser = seconds)]
    time: Duration,
    /// What to build with
    #[arg(long, value_enum, default_value_t)]
    sanitizer: Sanitizer,
    /// Build with the stable compiler, though there is a nightly one
    #[arg(long)]
    stable: bool,
    /// Measure instead how fast inputs are read, beside a target that only skips over them
    #[arg(long, conflicts_with_all = ["named", "time"])]
    throughput: bool,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text).ok();
    // libFuzzer takes 0 for ever.
    let time = time.filter(|time| time.as_secs() > 0);
    time.ok_or_else(|| "write a duration of a second or more as 30s or 10m".to_owned())
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let targets = targets(&args.named)?;
    let engine = Engine::find(args.stable, args.sanitizer)?;
    engine.build(&targets)?;
    if args.throughput {
        return throughput::run(engine);
    }
    let mut bad = Vec::new();
    eprintln!("{HEADER}");
    for target in &targets {
        // What fails for one target takes nothing from the others.
        match breaks(engine, target, args.time) {
            Ok(false) => {}
            Ok(true) => bad.push(format!("{target} is broken")),
            Err(error) => {
                eprintln!("error: {error}");
                bad.push(format!("{target} could not be fuzzed"));
            }
        }
    }
    if bad.is_empty() { Ok(()) } else { Err(bad.join(", ")) }
}

/// Whether an input was found that breaks the oracle; it is kept.
fn breaks(engine: Engine, target: &str, time: Duration) -> Result<bool, String> {
    let log = fuzz(engine, target, time)?;
    let Some(artifact) = &log.artifact else { return Ok(false) };
    if let Err(error) = finding::keep(engine, target, artifact, &log.since) {
        eprintln!("error: {error}");
    }
    Ok(true)
}

/// Runs a target on a corpus of its own, which grows from run to run, and all that is committed.
fn fuzz(engine: Engine, target: &str, time: Duration) -> Result<Log, String> {
    let corpus = place("corpus").join(target);
    fs::create_dir_all(&corpus).map_err(|error| said("make", &corpus, &error))?;
    let committed = ["seeds", "regressions"].map(|kind| place(kind).join(target));
    let mut command = engine.command("run", Some(target));
    command.arg(&corpus).args(committed.iter().filter(|path| path.is_dir())).arg("--");
    command.args(flags(target)?).arg("-print_final_stats=1");
    command.arg(format!("-max_total_time={}", time.as_secs()));
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("cannot start cargo fuzz: {error}"))?;

    let mut log = Log::default();
    let live = std::io::stderr().is_terminal();
    for line in child.stderr.take().map(BufReader::new).into_iter().flat_map(|err| err.split(b'\n'))
    {
        let line = line.map_err(|error| format!("cannot read what cargo fuzz says: {error}"))?;
        log.take(&String::from_utf8_lossy(&line));
        if live {
            eprint!("\r{}", row(target, &log));
        }
    }
    eprintln!("{}{}", if live { "\r" } else { "" }, row(target, &log));
    let status = child.wait().map_err(|error| format!("cannot wait for cargo fuzz: {error}"))?;
    if status.success() || log.artifact.is_some() {
        Ok(log)
    } else {
        Err(format!("cargo fuzz failed on {target}:\n{}", log.since.join("\n")))
    }
}

const HEADER: &str =
    "target                 executions   exec/s  coverage       features        corpus";

fn row(target: &str, log: &Log) -> String {
    let Log { first, last, artifact, .. } = log;
    let first = first.unwrap_or_default();
    let growth = |of: fn(&Status) -> u64| format!("{} → {}", of(&first), of(last));
    format!(
        "{target:<22} {:>10} {:>8}  {:<13}  {:<14}  {:<13}{}",
        last.executions,
        last.per_second,
        growth(|status| status.coverage),
        growth(|status| status.features),
        growth(|status| status.corpus),
        if artifact.is_some() { "  BROKEN" } else { "" },
    )
}
