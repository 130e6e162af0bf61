//! Whether fresh cases and questions without end find the wrong drivers, too, and how small they make what
//! they find.

use std::sync::{Mutex, PoisonError};

use super::{Wrong, WrongDriver, in_parallel};
use crate::compare::Strictness;
use crate::fresh::{self, Challenge, Fresh, Wanted};
use crate::fuzz::{self, Divergence, Judgement};
use crate::known::Known;
use crate::subject::Subject;
use crate::vector::Level;

/// How hard to look.
#[derive(Clone, Debug)]
pub struct Hunt {
    /// Where chance begins.
    pub seed: u64,
    /// How many fresh cases.
    pub cases: usize,
    /// How many questions of the live kind, at most.
    pub questions: u64,
}

/// What was found of a wrong driver.
#[derive(Clone, Debug)]
pub struct Hunted {
    /// The wrong driver.
    pub wrong: &'static Wrong,
    /// Which of the fresh cases caught it first, from 1.
    pub case: Option<usize>,
    /// What the questions found.
    pub found: Option<Found>,
}

/// What questions without end found first.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many questions it took.
    pub asked: u64,
    /// The divergence, made small.
    pub divergence: Divergence,
}

impl Default for Hunt {
    /// What `challenge` puts if nothing else is said, and what `fuzz` asks within seconds.
    fn default() -> Self {
        Hunt { seed: 1, cases: 2000, questions: 100_000 }
    }
}

/// Looks for the mistakes of wrong drivers, as many at a time as the machine has processors.
pub fn hunt(hunt: &Hunt, wrongs: &[&'static Wrong]) -> Vec<Hunted> {
    let wanted = Wanted::of_the_reference();
    let challenge = Challenge { seed: hunt.seed, count: hunt.cases, ops: Vec::new() };
    let cases = challenge.make(&wanted).cases;
    in_parallel(wrongs, |wrong| {
        let judgement = Judgement {
            strictness: Strictness::PLAIN,
            should_fails: wrong.level == Level::Should,
            wanted: wanted.clone(),
        };
        let case = challenged(wrong, &cases, &judgement);
        Hunted { wrong, case, found: fuzzed(wrong, hunt, judgement) }
    })
}

fn challenged(wrong: &'static Wrong, cases: &[Fresh], judgement: &Judgement) -> Option<usize> {
    let mut driver = WrongDriver::new(wrong);
    let at = cases.iter().position(|fresh| {
        driver.introduction().ops.contains(&fresh.case.op) && {
            let (case, reply) = fresh::ask(&mut driver, &fresh.before, &fresh.case);
            judgement.difference(&case, &reply).is_some()
        }
    })?;
    Some(at + 1)
}

fn fuzzed(wrong: &'static Wrong, hunt: &Hunt, judgement: Judgement) -> Option<Found> {
    let found = Mutex::new(None);
    let progress = fuzz::run(
        vec![Box::new(WrongDriver::new(wrong))],
        &fuzz::Options {
            time: None,
            count: Some(hunt.questions),
            seed: hunt.seed,
            judgement,
            most: 1,
            known: &Known::default(),
            on_found: &|divergence| {
                *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(divergence.clone());
            },
            on_progress: &|_| {},
        },
    );
    let divergence = found.into_inner().unwrap_or_else(PoisonError::into_inner)?;
    Some(Found { asked: progress.asked, divergence })
}

/// The page of what was found: each mistake, the case and the question that showed it first, and how long the
/// smallest request is that does, in bytes.
pub fn fresh_table(hunt: &Hunt, hunted: &[Hunted]) -> String {
    let Hunt { seed, cases, .. } = hunt;
    let mut text = format!(
        "# What fresh cases find\n\nMade by `cargo xtask conformance`, which runs `tokens-conformance self-test \
         --fresh`: each wrong driver, the number of the case at which `challenge --seed {seed} --count {cases}` \
         finds it, the number of the question at which `fuzz --seed {seed}` does, and how many bytes are left of \
         the request when it is made small.\n\n| wrong driver | mistake | case | question | bytes |\n\
         |---|---|--:|--:|--:|\n"
    );
    hunted.iter().for_each(|hunted| text.push_str(&hunted.row()));
    text
}

impl Hunted {
    /// Its row of the table.
    pub fn row(&self) -> String {
        let Hunted { wrong, case, found } = self;
        let mistake = wrong.mistake.replace('|', "\\|");
        let case = case.map_or("–".to_owned(), |case| case.to_string());
        let (asked, bytes) = found.as_ref().map_or(("–".to_owned(), "–".to_owned()), |found| {
            (found.asked.to_string(), found.divergence.case.request.get().len().to_string())
        });
        format!("| `{}` | {mistake} | {case} | {asked} | {bytes} |\n", wrong.name)
    }
}
