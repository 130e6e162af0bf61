//! `cargo xtask fuzz --throughput`: how fast inputs are read, beside a target that only skips over them.
//!
//! All targets execute the same inputs: the seeds of `load_bytes`, again and again, without mutation. In a
//! mutating run each target would keep other inputs, and the one that finds more keeps longer ones.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use super::engine::{Engine, files, flags, place};
use super::log::Status;

const YARDSTICK: &str = "ignored_any";
/// Targets, and what part of the yardstick's executions a second they have to reach.
const BOUNDS: [(&str, u32); 2] = [("read_once", 2), ("load_bytes", 8)];
const ROUNDS: usize = 5;
const EXECUTIONS: usize = 200_000;

pub(crate) fn run(engine: Engine) -> Result<(), String> {
    let (mut speeds, mut yardstick) = (BOUNDS.map(|_| Vec::new()), Vec::new());
    eprintln!("executions a second:");
    for _ in 0..ROUNDS {
        // One after the other in each round, so that a busy machine is busy for all of them.
        yardstick.push(speed(engine, YARDSTICK)?);
        let mut row = format!("{YARDSTICK} {:.0}", yardstick.last().unwrap_or(&0.0));
        for ((target, _), speeds) in BOUNDS.iter().zip(&mut speeds) {
            let speed = speed(engine, target)?;
            row += &format!("   {target} {speed:.0}");
            speeds.push(speed);
        }
        eprintln!("{row}");
    }
    let yardstick = median(yardstick);
    let mut slow = Vec::new();
    for ((target, part), speeds) in BOUNDS.into_iter().zip(speeds) {
        let ratio = median(speeds) / yardstick;
        eprintln!("{target} reaches {ratio:.3} of {YARDSTICK}; it has to reach 1/{part}");
        if ratio < 1.0 / f64::from(part) {
            slow.push(target);
        }
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("too slow: {}", slow.join(", "))) }
}

/// The one in the middle: a round that is hindered, or favoured, does not count.
fn median(mut speeds: Vec<f64>) -> f64 {
    speeds.sort_by(f64::total_cmp);
    speeds.get(speeds.len() / 2).copied().unwrap_or_default()
}

/// Executions a second, between libFuzzer's line before the corpus and the one behind it.
fn speed(engine: Engine, target: &str) -> Result<f64, String> {
    let corpus = place("seeds/load_bytes");
    let passes = EXECUTIONS / files(&corpus)?.len().max(1);
    let mut command = engine.command("run", Some(target));
    // A directory that is named twice is executed twice.
    command.args(vec![corpus; passes]).arg("--").args(flags("load_bytes")?).arg("-runs=1");
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = child.map_err(|error| format!("cannot start cargo fuzz: {error}"))?;
    let (mut start, mut speed) = (Instant::now(), None);
    for line in child.stderr.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line.unwrap_or_default();
        if line.starts_with("INFO: seed corpus:") {
            start = Instant::now();
        } else if line.contains("INITED") {
            let executions = Status::parse(&line).unwrap_or_default().executions;
            speed = Some(executions as f64 / start.elapsed().as_secs_f64());
        }
    }
    let ended = child.wait().is_ok_and(|status| status.success());
    speed.filter(|_| ended).ok_or_else(|| format!("{target} does not get through the seeds"))
}
