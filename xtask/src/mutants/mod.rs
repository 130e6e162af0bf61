//! `cargo xtask mutants`: whether the vectors and the tests notice mistakes in `crates/tokens`.
//!
//! cargo-mutants makes the mistakes. Every mutant is tried with the vectors alone; those that they let
//! through with the unit tests of `tokens`; those that are left with the properties, the catalogue and the
//! commands; and those that are left then with the examples in the documentation. What came of it is kept in
//! `xtask/mutants/results.jsonl` by the hash of the source file, so that only the mutants of files that
//! changed are tried again; `xtask/mutants/rates.md` is what a reader wants to know of it, and a rate in it
//! may not fall.
//!
//! What does not count are changes of vectors and tests: after those, `--again` tries what was tried, and
//! `--survivors` only what nothing noticed.

mod cited;
mod lab;
mod rates;
mod results;
mod tree;
mod unseen;

use std::time::{Duration, Instant};

use lab::Lab;
use rates::Rates;
use results::{Mutant, Results, Suite};

use crate::run;

/// Mutants at a time; after each time the results are written.
const CHUNK: usize = 40;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Try the vectors only, and not the tests on what they let through
    #[arg(long)]
    vectors_only: bool,
    /// Try no suite after this one: the first ones take the least time and notice the most
    #[arg(long, value_enum, value_name = "SUITE", conflicts_with = "vectors_only")]
    through: Option<Suite>,
    /// Only mutants of files whose path contains this
    #[arg(long, value_name = "PART")]
    file: Option<String>,
    /// Only a part of the mutants, the same whatever was done before: 2/4 is the second of four
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Begin nothing more after so many minutes
    #[arg(long)]
    minutes: Option<u64>,
    /// Try what was tried before, too: after vectors or tests have changed
    #[arg(long)]
    again: bool,
    /// Try again what nothing has noticed so far: after vectors or tests were added
    #[arg(long, conflicts_with = "again")]
    survivors: bool,
    /// Let the rate of a module fall
    #[arg(long)]
    allow_fall: bool,
}

impl Args {
    /// A shard with the vectors, whatever is known of it: have vectors or their judge lost their edge?
    pub(crate) fn again(shard: Shard) -> Self {
        Args {
            vectors_only: true,
            through: None,
            file: None,
            shard: Some(shard),
            minutes: None,
            again: true,
            survivors: false,
            allow_fall: false,
        }
    }
}

/// A part of the mutants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    part: u64,
    of: u64,
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').map(|(part, of)| (part.parse(), of.parse()));
        match numbers {
            Some((Ok(part), Ok(of))) if 0 < part && part <= of => Ok(Shard { part, of }),
            _ => Err("write a shard as K/N, with K from 1 to N".to_owned()),
        }
    }
}

impl Shard {
    /// The shard of this day, so that in `of` days everything has its turn.
    pub(crate) fn of_today(of: u64) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let days = now.unwrap_or_default().as_secs() / (24 * 60 * 60);
        Shard { part: days % of + 1, of }
    }

    /// By the name, and not by the place in what is left: that changes with what was done.
    fn has(self, file: &str, mutant: &Mutant) -> bool {
        results::number(&format!("{file}:{}", mutant.name)) % self.of == self.part - 1
    }
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    run::need("mutants")?;
    let mut results = Results::load()?;
    let lab = Lab::open()?;
    for suite in Suite::ALL {
        lab.harvest(suite, &mut results)?;
    }
    let mut results = lab.list()?.with_what_is_known(results);
    results.save()?;
    if let Some(part) = &args.file
        && !results.modules().any(|(file, _)| file.contains(part))
    {
        return Err(format!("the path of no source that is mutated contains `{part}`"));
    }

    let last = if args.vectors_only { Some(Suite::Vectors) } else { args.through };
    let after_last = Suite::ALL.iter().position(|suite| Some(*suite) == last).map(|at| at + 1);
    let suites = Suite::ALL.iter().take(after_last.unwrap_or(Suite::ALL.len()));
    let end = args.minutes.map(|minutes| Instant::now() + Duration::from_secs(60 * minutes));
    for suite in suites {
        let wanted = wanted(&results, *suite, args);
        let mut left = wanted.len();
        for chunk in wanted.chunks(CHUNK) {
            if end.is_some_and(|end| end <= Instant::now()) {
                break;
            }
            eprintln!("{left} mutants are left for the {}", suite.name());
            lab.run(*suite, chunk)?;
            lab.harvest(*suite, &mut results)?;
            results.save()?;
            left -= chunk.len();
        }
    }
    report(&results, args)
}

/// What a suite is to be asked about, with the files.
fn wanted(results: &Results, suite: Suite, args: &Args) -> Vec<(String, Mutant)> {
    let again = |mutant: &Mutant| args.again || (args.survivors && mutant.is_unnoticed());
    let is_wanted = |file: &str, mutant: &Mutant| {
        mutant.is_for(suite)
            && (mutant.with(suite).is_none() || again(mutant))
            && args.file.as_ref().is_none_or(|part| file.contains(part))
            && args.shard.is_none_or(|shard| shard.has(file, mutant))
    };
    let all = results.all().filter(|(file, mutant)| is_wanted(file, mutant));
    all.map(|(file, mutant)| (file.to_owned(), mutant.clone())).collect()
}

fn left_for_vectors(results: &Results) -> usize {
    results.all().filter(|(_, mutant)| mutant.with(Suite::Vectors).is_none()).count()
}

fn report(results: &Results, args: &Args) -> Result<(), String> {
    let left = left_for_vectors(results);
    if left > 0 {
        eprintln!("{left} mutants are left for the vectors, so the rates stay as they are");
        return Ok(());
    }
    let rates = Rates::of(results, &run::top())?;
    let fallen = rates.fallen(&Rates::load()?);
    if !fallen.is_empty() && !args.allow_fall {
        let fallen = fallen.join("\n");
        return Err(format!(
            "the vectors kill less than they did; --allow-fall takes it\n{fallen}"
        ));
    }
    rates.save()?;
    eprintln!("{}", rates.summary());
    if args.vectors_only {
        return Ok(());
    }
    let survivors = results.all().filter(|(_, mutant)| mutant.survives() == Some(true));
    let survivors: Vec<String> =
        survivors.map(|(file, mutant)| format!("{file}:{}", mutant.name)).collect();
    match survivors.len() {
        0 => Ok(()),
        count => Err(format!(
            "{count} mutants survive: write vectors or tests that tell, or list those that change nothing \
             in .cargo/mutants.toml, each with its reason\n{}",
            survivors.join("\n")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: &str = "run `cargo xtask mutants`";

    /// All that CI looks at: it has no cargo-mutants.
    #[test]
    fn the_results_are_those_of_the_sources() {
        let results = Results::load().expect("results");
        let stale = results.stale(&run::top()).expect("sources");
        assert!(stale.is_empty(), "the results of {stale:?} are stale: {FRESH}");
        assert_eq!(
            left_for_vectors(&results),
            0,
            "mutants were not tried with the vectors: {FRESH}"
        );
    }

    #[test]
    fn the_rates_are_those_of_the_results() {
        let results = Results::load().expect("results");
        let rates = Rates::of(&results, &run::top()).expect("sources");
        assert!(rates.are_saved(), "xtask/mutants/rates.md is stale: {FRESH}");
    }

    #[test]
    fn shards_part_the_mutants() {
        let mutants: Vec<Mutant> =
            (0..100).map(|line| Mutant::new(format!("{line}:1: x"))).collect();
        let part = |text: &str| {
            let shard: Shard = text.parse().expect("a shard");
            mutants.iter().filter(|mutant| shard.has("a.rs", mutant)).count()
        };
        assert_eq!(part("1/1"), 100);
        assert_eq!(part("1/3") + part("2/3") + part("3/3"), 100);
        assert!(part("1/3") > 10 && part("2/3") > 10 && part("3/3") > 10);
        for text in ["0/3", "4/3", "1/0", "1", "a/b", ""] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
        let today = Shard::of_today(7);
        assert!(0 < today.part && today.part <= 7);
    }
}
