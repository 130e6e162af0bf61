//! Two things that are measured in turns.

use std::hint::black_box;
use std::time::Instant;

/// What is measured: it gives seconds, or bytes, whatever the other side gives.
pub(crate) type Side = Box<dyn FnMut() -> f64>;

/// What takes time, beside what that is held to.
pub(crate) struct Pair {
    /// Both sides in words.
    pub(crate) name: &'static str,
    /// The greatest ratio that passes.
    pub(crate) bound: f64,
    /// The ratio that would be good.
    pub(crate) aim: f64,
    /// How often each side is measured.
    pub(crate) rounds: usize,
    /// Makes what both sides need.
    pub(crate) sides: fn() -> [Side; 2],
}

/// What came of a pair.
pub(crate) struct Measured<'p> {
    pair: &'p Pair,
    /// Of each round, sorted.
    ratios: Vec<f64>,
}

pub(crate) const HEAD: &str = "\
| pair | ratio | least to most | bound | aim |
|---|---|---|---|---|
";

impl Pair {
    /// Measures both sides once for nothing, then in turns, each of them first in every other round.
    pub(crate) fn measure(&self, rounds: usize) -> Measured<'_> {
        let [mut ours, mut theirs] = (self.sides)();
        ours();
        theirs();
        let mut ratios: Vec<f64> = (0..rounds)
            .map(|round| {
                if round % 2 == 0 {
                    let ours = ours();
                    ours / theirs()
                } else {
                    let theirs = theirs();
                    ours() / theirs
                }
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        Measured { pair: self, ratios }
    }
}

impl Measured<'_> {
    fn median(&self) -> f64 {
        self.ratios.get(self.ratios.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// Whether the bound is kept.
    pub(crate) fn passes(&self) -> bool {
        self.median() <= self.pair.bound
    }

    /// Its line of the table.
    pub(crate) fn line(&self) -> String {
        let Pair { name, bound, aim, .. } = self.pair;
        let [least, most] = [self.ratios.first(), self.ratios.last()];
        let [least, most] = [least, most].map(|ratio| ratio.copied().unwrap_or(f64::NAN));
        let mark = if self.passes() { "" } else { " **past it**" };
        format!(
            "| {name} | {:.2} | {least:.2} to {most:.2} | {bound}{mark} | {aim} |\n",
            self.median()
        )
    }
}

/// How long something takes, in seconds; what it gives is dropped within that time.
pub(crate) fn seconds<T>(run: impl FnOnce() -> T) -> f64 {
    let begin = Instant::now();
    drop(black_box(run()));
    begin.elapsed().as_secs_f64()
}

/// A side that does the same over and over.
pub(crate) fn timed<T>(mut run: impl FnMut() -> T + 'static) -> Side {
    Box::new(move || seconds(&mut run))
}
