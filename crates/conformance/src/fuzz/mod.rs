//! Questions without end, steered by what the implementation answers.
//!
//! A question that comes to something new (another outcome, layer or code, or the same of another shape of
//! question) is kept and changed further. What diverges from the reference is made small, through the
//! implementation itself, and told once.
//!
//! ```
//! use conformance::compare::Strictness;
//! use conformance::fresh::Wanted;
//! use conformance::fuzz::{self, Judgement, Options};
//! use conformance::known::Known;
//! use conformance::subject::Reference;
//!
//! let wanted = Wanted::of_the_reference();
//! let options = Options {
//!     time: None,
//!     count: Some(200),
//!     seed: 1,
//!     judgement: Judgement { strictness: Strictness::PLAIN, should_fails: true, wanted },
//!     most: 1,
//!     known: &Known::default(),
//!     on_found: &|divergence| panic!("{}", divergence.words),
//!     on_progress: &|_| {},
//! };
//! let progress = fuzz::run(vec![Box::new(Reference::default())], &options);
//! assert_eq!((progress.asked, progress.found), (200, 0));
//! ```

mod bare;
mod cause;
mod corpus;
mod divergence;
mod rename;
mod shape;

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use testkit::generate::Question;
use testkit::source::{Chance, from_start};

pub use divergence::{Divergence, Judgement, id};

use corpus::Corpus;
use divergence::{Outcome, shrink};

use crate::known::Known;
use crate::subject::Subject;

/// How long, from where, and what for.
pub struct Options<'o> {
    /// How long; without end if none.
    pub time: Option<Duration>,
    /// How many questions; without end if none.
    pub count: Option<u64>,
    /// Where chance begins.
    pub seed: u64,
    /// How answers are looked at.
    pub judgement: Judgement,
    /// How many divergences end it.
    pub most: usize,
    /// Divergences that are known, by their [ids](Divergence::ids): they are counted, and not told.
    pub known: &'o Known,
    /// Called with each divergence, once it is small.
    pub on_found: &'o (dyn Fn(&Divergence) + Sync),
    /// Called now and then, but not for a few questions.
    pub on_progress: &'o (dyn Fn(&Progress) + Sync),
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many questions were asked, without those that made others small.
    pub asked: u64,
    /// How many are kept.
    pub kept: usize,
    /// How many divergences were found.
    pub found: usize,
    /// How many were like others.
    pub alike: usize,
    /// How many were known before.
    pub known: usize,
    /// How many questions no rule decides or the implementation does not take, by reason.
    pub open: BTreeMap<&'static str, usize>,
    /// What else went wrong: a driver that cannot be started any more, or does not end as it has to.
    pub problems: Vec<String>,
}

#[derive(Default)]
struct State {
    /// How many questions were begun.
    begun: u64,
    corpus: Corpus,
    progress: Progress,
    shapes: HashSet<String>,
    kinds: BTreeMap<String, usize>,
}

/// After how many questions the progress is told.
const OFTEN: u64 = 64;

/// Of one kind so many are made small; more are like them, most often.
const MOST_OF_A_KIND: usize = 20;

/// Asks each of the subjects, which work at the same time, until there is no more time, or enough was found.
pub fn run(subjects: Vec<Box<dyn Subject>>, options: &Options<'_>) -> Progress {
    let state = Mutex::new(State::default());
    let stop = AtomicBool::new(false);
    let begin = Instant::now();
    thread::scope(|scope| {
        for (number, mut subject) in subjects.into_iter().enumerate() {
            let (state, stop) = (&state, &stop);
            scope.spawn(move || {
                let mut worker = Worker {
                    subject: subject.as_mut(),
                    chance: Chance::new(options.seed.wrapping_add(number as u64)),
                    options,
                    state,
                };
                while !stop.load(Ordering::Relaxed) && worker.subject.exhausted().is_none() {
                    let is_over = options.time.is_some_and(|time| begin.elapsed() >= time);
                    if is_over || worker.step() {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
                let problems = subject.exhausted().into_iter().chain(subject.finish());
                lock(state).progress.problems.extend(problems);
            });
        }
    });
    state.into_inner().unwrap_or_else(PoisonError::into_inner).progress
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Worker<'w> {
    subject: &'w mut dyn Subject,
    chance: Chance,
    options: &'w Options<'w>,
    state: &'w Mutex<State>,
}

impl Worker<'_> {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut lock(self.state))
    }

    /// Asks one question, where one may still be asked; whether it was the last.
    fn step(&mut self) -> bool {
        let mut chance = self.chance.clone();
        let bytes = self.with(|state| {
            let is_over = self.options.count.is_some_and(|count| state.begun >= count);
            state.begun += u64::from(!is_over);
            (!is_over).then(|| state.corpus.next(&mut chance))
        });
        self.chance = chance;
        let Some(bytes) = bytes else { return true };
        let Some((question, taken)) = from_start::<Question>(&bytes) else { return false };
        match self.options.judgement.ask(self.subject, &question) {
            Outcome::Open(reason) => {
                self.with(|state| *state.progress.open.entry(reason).or_default() += 1);
            }
            Outcome::Right(came_to) => self.with(|state| {
                // What it took no part of can be changed without any effect.
                state.corpus.keep(bytes.get(..taken).unwrap_or(&bytes), came_to);
                state.progress.kept = state.corpus.len();
            }),
            Outcome::Wrong(divergence) => self.found(question, *divergence),
        }
        let (asked, found) = self.with(|state| {
            state.progress.asked += 1;
            (state.progress.asked, state.progress.found)
        });
        if asked % OFTEN == 0 {
            (self.options.on_progress)(&self.with(|state| state.progress.clone()));
        }
        found >= self.options.most
    }

    fn found(&mut self, question: Question, divergence: Divergence) {
        if self.is_known(&divergence) {
            return;
        }
        let is_frequent = self.with(|state| {
            let count = state.kinds.entry(divergence.kind.clone()).or_default();
            *count += 1;
            *count > MOST_OF_A_KIND
        });
        if is_frequent {
            self.with(|state| state.progress.alike += 1);
            return;
        }
        let small = shrink(&self.options.judgement, self.subject, question, divergence);
        let is_new = self.with(|state| {
            let is_new = state.shapes.insert(small.shape());
            *(if is_new { &mut state.progress.found } else { &mut state.progress.alike }) += 1;
            is_new
        });
        if is_new {
            (self.options.on_found)(&small);
        }
    }

    /// Whether a divergence is known, and counts it then.
    fn is_known(&self, divergence: &Divergence) -> bool {
        let narrow = self.options.judgement.narrowed(divergence.clone());
        let mut ids = narrow.ids().into_iter().chain(narrow.ids_of_faults());
        let is_known = ids.any(|id| self.options.known.meets(&id));
        if is_known {
            self.with(|state| state.progress.known += 1);
        }
        is_known
    }
}
