//! How good the generators are: how often what they make is accepted, and which codes it reaches.
//!
//! A generator whose values are all refused for the same reason tests next to nothing, and nobody would
//! notice.
//!
//! ```
//! use testkit::health;
//!
//! let all = health::of_all(50);
//! let documents = all.iter().find(|health| health.name == "documents").expect("it is one");
//! assert!(0 < documents.accepted && documents.accepted < documents.judged);
//! ```

use std::collections::BTreeMap;
use std::fmt;

use arbitrary::Arbitrary;
use tokens::{Code, Context, Kind, Permission, Timestamp};

use crate::generate::{DocumentCase, Faulty, History, NOW, PermissionCase, Step, World};
use crate::source::from_seed;

/// What came of a generator's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The generator.
    pub name: &'static str,
    /// How many values were made.
    pub values: usize,
    /// How many of them were accepted: loaded, parsed, allowed, or carried out.
    pub accepted: usize,
    /// How many there were to accept: a history holds several steps, a world several requests.
    pub judged: usize,
    /// How often each code was found.
    pub codes: BTreeMap<Code, usize>,
}

/// The codes whose rules the generators must reach: DOC, TOK, PERM, DB and ACC.
pub fn wanted() -> impl Iterator<Item = Code> {
    let families = ["DOC-", "TOK-", "PERM-", "DB-", "ACC-"];
    Code::ALL.iter().copied().filter(move |code| {
        let mut rules = code.rules().iter();
        rules.any(|rule| families.iter().any(|family| rule.id().starts_with(family)))
    })
}

/// The health of every generator, over so many seeds.
pub fn of_all(seeds: u64) -> Vec<Health> {
    vec![
        of("documents", seeds, document),
        of("faults", seeds, |faulty: &Faulty, health| fault(faulty, health)),
        of("permissions", seeds, permission),
        of("histories", seeds, history),
        of("worlds", seeds, world),
    ]
}

fn of<T: for<'a> Arbitrary<'a>>(
    name: &'static str,
    seeds: u64,
    mut judge: impl FnMut(&T, &mut Health),
) -> Health {
    let mut health = Health { name, values: 0, accepted: 0, judged: 0, codes: BTreeMap::new() };
    for value in (0..seeds).filter_map(from_seed::<T>) {
        health.values += 1;
        judge(&value, &mut health);
    }
    health
}

impl Health {
    fn count(&mut self, accepted: bool, codes: impl IntoIterator<Item = Code>) {
        self.judged += 1;
        self.accepted += usize::from(accepted);
        for code in codes {
            *self.codes.entry(code).or_default() += 1;
        }
    }
}

fn document(case: &DocumentCase, health: &mut Health) {
    judge(&case.text(), Kind::Permission, &Context::at(Timestamp(NOW)), health);
}

fn fault(faulty: &Faulty, health: &mut Health) {
    let broken = faulty.broken();
    judge(&broken.bytes, broken.kind(), &broken.context(), health);
}

fn judge(bytes: &[u8], kind: Kind, context: &Context<'_>, health: &mut Health) {
    let reading = tokens::read(bytes, Some(kind));
    let found = tokens::check(&reading, context);
    health.count(reading.loads(), found.iter().map(|found| found.code));
}

fn permission(case: &PermissionCase, health: &mut Health) {
    let code = Permission::parse(case.text()).err().map(|error| error.fault().code());
    health.count(code.is_none(), code);
}

/// A step is accepted where the file changes.
fn history(history: &History, health: &mut Health) {
    for length in 1..=history.steps.len() {
        let state = |steps: &[Step]| {
            crate::oracle::append::after(&History {
                start: history.start.clone(),
                steps: steps.to_vec(),
            })
        };
        let (before, after) =
            (state(&history.steps[..length - 1]), state(&history.steps[..length]));
        health.count(before != after, []);
    }
}

fn world(world: &World, health: &mut Health) {
    for probe in &world.probes {
        health.count(crate::oracle::model::decision(world, probe) == "allow", []);
    }
}

impl fmt::Display for Health {
    /// One line for the generator, and one for each code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Health { name, values, accepted, judged, codes } = self;
        let percent = accepted * 100 / (*judged).max(1);
        writeln!(f, "{name}: {values} values, {accepted} of {judged} accepted ({percent} %)")?;
        for (code, count) in codes {
            writeln!(f, "  {count:>6} {code}")?;
        }
        Ok(())
    }
}

/// The wanted codes that no generator reaches.
pub fn missed(all: &[Health]) -> Vec<Code> {
    wanted().filter(|code| all.iter().all(|health| !health.codes.contains_key(code))).collect()
}
