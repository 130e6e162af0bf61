//! `cargo xtask instructions`: how many instructions a piece of work takes, by valgrind, and whether it is
//! more than it was. That is the same on every machine and under any load.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::run::{self, cargo, top};

/// The piece of work, and how often: often enough that what differs from run to run does not matter.
const WORK: [(&str, u64); 4] = [("append", 2), ("check", 2), ("load", 2), ("permission", 10_000)];

/// What a count may differ by, in percent: maps are seeded anew in each process.
const SLACK: u64 = 2;

#[derive(Default, clap::Args)]
pub(crate) struct Args {
    /// Keep the counts as they are now
    #[arg(long)]
    bless: bool,
}

type Counts = BTreeMap<String, u64>;

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let program = build()?;
    let counts = WORK.map(|(work, times)| Ok((work.to_owned(), count(&program, work, times)?)));
    let counts = counts.into_iter().collect::<Result<Counts, String>>()?;
    let path = top().join("benches/instructions.txt");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let (report, verdict) = compare(&parse(&kept), &counts);
    eprint!("{report}");
    if args.bless {
        let lines = counts.iter().map(|(work, count)| format!("{work} {count}\n"));
        return fs::write(&path, lines.collect::<String>())
            .map_err(|error| format!("{} cannot be written: {error}", path.display()));
    }
    verdict
}

/// Builds the program that does the work, with optimization.
fn build() -> Result<PathBuf, String> {
    let args = ["bench", "--bench", "counts", "--no-run", "--message-format", "json"];
    let messages = run::output(&mut cargo(&args))?;
    let messages = String::from_utf8_lossy(&messages).into_owned();
    let program = messages.lines().rev().find_map(|message| {
        let (_, path) = message.split_once("\"executable\":\"")?;
        let is_it = message.contains("\"name\":\"counts\"");
        is_it.then(|| path.split('"').next().map(PathBuf::from))?
    });
    program.ok_or_else(|| "cargo does not say where the program is".to_owned())
}

/// Instructions for one piece of work: what twice as many take more, by one.
fn count(program: &PathBuf, work: &str, times: u64) -> Result<u64, String> {
    let total = |times: u64| {
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        let output = valgrind.arg(program).arg(work).arg(times.to_string()).output();
        let output = output.map_err(|error| format!("valgrind cannot be started: {error}"))?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let count = said.lines().find_map(|line| line.split_once("Collected :"));
        let count = count.and_then(|(_, count)| count.trim().parse::<u64>().ok());
        count.ok_or_else(|| format!("valgrind counts nothing: {said}"))
    };
    let (once, twice) = (total(times)?, total(2 * times)?);
    Ok(twice.saturating_sub(once) / times)
}

fn parse(kept: &str) -> Counts {
    let lines = kept.lines().filter_map(|line| line.split_once(' '));
    lines.filter_map(|(work, count)| Some((work.to_owned(), count.parse().ok()?))).collect()
}

/// What changed, in lines; and whether anything takes more than it did.
fn compare(kept: &Counts, counts: &Counts) -> (String, Result<(), String>) {
    let (mut report, mut more, mut less) = (String::new(), Vec::new(), Vec::new());
    for (work, count) in counts {
        let before = kept.get(work).copied();
        let was =
            before.map_or_else(|| "not kept yet".to_owned(), |before| format!("was {before}"));
        // Writing to a String cannot fail.
        let _ = writeln!(report, "{work}: {count} instructions, {was}");
        match before {
            Some(before) if count * 100 <= before * (100 - SLACK) => less.push(work.as_str()),
            Some(before) if count * 100 < before * (100 + SLACK) => {}
            _ => more.push(work.as_str()),
        }
    }
    if !less.is_empty() {
        let _ = writeln!(report, "less than before: {}; keep it with --bless", less.join(", "));
    }
    let verdict = if more.is_empty() {
        Ok(())
    } else {
        Err(format!("more instructions than before: {}", more.join(", ")))
    };
    (report, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_instructions_fail_and_fewer_are_told() {
        let kept = parse("check 1000\nload 500\n");
        for (check, load, fails, told) in [
            (1000, 500, false, false),
            (1019, 500, false, false),
            (1020, 500, true, false),
            (1000, 510, true, false),
            (980, 500, false, true),
            (981, 500, false, false),
        ] {
            let counts = parse(&format!("check {check}\nload {load}\n"));
            let (report, verdict) = compare(&kept, &counts);
            assert_eq!((verdict.is_err(), report.contains("--bless")), (fails, told), "{report}");
        }
        let (_, verdict) = compare(&kept, &parse("append 1\n"));
        assert!(verdict.is_err(), "what was never counted has to be kept first");
    }
}
