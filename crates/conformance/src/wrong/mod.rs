//! Wrong drivers, which test the vectors: each is the reference with one mistake that a person
//! makes in some language, and at least one vector has to catch it.
//!
//! A mistake is made on messages, before the reference is asked or after it answered, and never in
//! its code: so the mistakes stay a few lines each, and do not depend on how the reference works.
//!
//! ```
//! use conformance::{suite, wrong};
//!
//! let mut files = suite::load()?;
//! files.retain(|file| file.family.starts_with("perm"));
//! let driver = wrong::all().find(|wrong| wrong.name.starts_with("permission")).expect("there are such");
//! let outcome = wrong::outcome(driver, driver.level, &files);
//! assert!(!outcome.caught_by.is_empty(), "nothing notices that it {}", driver.mistake);
//! # Ok::<(), suite::SuiteError>(())
//! ```

mod access;
mod append;
mod edit;
mod entries;
mod expiry;
mod grants;
mod hunt;
mod load;
mod look_up;
mod names;
mod permission;
mod plan;
mod rewrite;
mod text;
mod token;
mod warning;

pub use hunt::{Found, Hunt, Hunted, fresh_table, hunt};

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::compare::Strictness;
use crate::known::Known;
use crate::protocol::{Answer, LoadRequest, LoadValue, Op, Reject, Request, Value};
use crate::reference;
use crate::report::{CaseReport, Verdict};
use crate::run::{Options, run};
use crate::subject::{Implementation, Introduction, Reference, Reply, Subject};
use crate::vector::{Case, File, Level, Version};

/// What asks the reference.
type Ask<'d> = &'d dyn Fn(&Request<'_>) -> Answer;

/// The reference with one mistake.
pub struct Wrong {
    /// Its name, unique: the op and a few words.
    pub name: &'static str,
    /// What the person did, as the end of a sentence that begins with the program.
    pub mistake: &'static str,
    /// Whether it breaks what every implementation has to do, or only what this project chose.
    pub level: Level,
    fault: Fault,
}

impl fmt::Debug for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The mistake, by the op that it shows in.
enum Fault {
    Permission(permission::Fault),
    Load(load::Fault),
    Access(access::Fault),
    Append(append::Fault),
    Plan(plan::Fault),
}

/// All wrong drivers, by op.
pub fn all() -> impl Iterator<Item = &'static Wrong> {
    let tables = [
        permission::WRONG,
        names::WRONG,
        text::WRONG,
        load::WRONG,
        token::WRONG,
        expiry::WRONG,
        entries::WRONG,
        warning::WRONG,
        access::WRONG,
        look_up::WRONG,
        append::WRONG,
        rewrite::WRONG,
        plan::WRONG,
    ];
    tables.into_iter().flatten()
}

/// Drivers without any mistake that change messages as the wrong ones do: no vector may catch them.
pub fn right() -> impl Iterator<Item = &'static Wrong> {
    let tables = [
        permission::RIGHT,
        text::RIGHT,
        load::RIGHT,
        token::RIGHT,
        access::RIGHT,
        append::RIGHT,
        rewrite::RIGHT,
        plan::RIGHT,
    ];
    tables.into_iter().flatten()
}

/// A mistake about what every implementation has to do.
const fn must(name: &'static str, mistake: &'static str, fault: Fault) -> Wrong {
    Wrong { name, mistake, level: Level::Must, fault }
}

impl Wrong {
    /// The same mistake, where it is about what this project chose.
    const fn should(self) -> Self {
        Wrong { level: Level::Should, ..self }
    }

    /// The ops that the mistake shows in.
    fn ops(&self) -> Vec<Op> {
        match &self.fault {
            Fault::Permission(_) => vec![Op::Permission],
            Fault::Load(_) => vec![Op::Load],
            Fault::Access(_) => vec![Op::Access],
            Fault::Append(_) => vec![Op::Append],
            Fault::Plan(_) => vec![Op::Plan],
        }
    }

    fn answer(&self, request: &Request<'_>) -> Answer {
        match (&self.fault, request) {
            (Fault::Permission(fault), Request::Permission(request)) => fault.answer(request, &ask),
            (Fault::Load(fault), Request::Load(request)) => fault.answer(request, &ask),
            (Fault::Access(fault), Request::Access(request)) => fault.answer(request, &ask),
            (Fault::Append(fault), Request::Append(request)) => fault.answer(request, &ask),
            (Fault::Plan(fault), Request::Plan(request)) => fault.answer(request, &ask),
            _ => ask(request),
        }
    }
}

/// The reference's answer. What a mistake made of a request may make no sense: that is no answer.
fn ask(request: &Request<'_>) -> Answer {
    reference::answer(request).unwrap_or_else(|error| Answer::Unsupported(error.0))
}

fn refuse() -> Answer {
    Answer::Reject(Reject::default())
}

/// What a document loads as; nothing if it does not.
fn loaded(document: &str, ask: Ask<'_>) -> Option<LoadValue> {
    let document = edit::document(document.to_owned());
    match ask(&Request::Load(LoadRequest { document, now_millis: None })) {
        Answer::Accept(Value::Load(value)) => Some(value),
        _ => None,
    }
}

/// A wrong driver as the subject of a run.
pub struct WrongDriver {
    wrong: &'static Wrong,
    introduction: Introduction,
}

impl WrongDriver {
    /// The driver with this mistake.
    pub fn new(wrong: &'static Wrong) -> Self {
        let implementation =
            Implementation { name: wrong.name.to_owned(), ..Implementation::default() };
        let reference = Reference::default();
        let introduction =
            Introduction { implementation, ops: wrong.ops(), ..reference.introduction().clone() };
        WrongDriver { wrong, introduction }
    }
}

impl Subject for WrongDriver {
    fn introduction(&self) -> &Introduction {
        &self.introduction
    }

    fn ask(&mut self, case: &Case) -> Reply {
        match case.request() {
            Ok(request) => self.answer(&request),
            Err(error) => Reply::ProtocolError(error.to_string()),
        }
    }

    fn answer(&mut self, request: &Request<'_>) -> Reply {
        Reply::Answer(self.wrong.answer(request))
    }
}

/// What the vectors made of a wrong driver.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name.
    pub name: &'static str,
    /// Its mistake.
    pub mistake: &'static str,
    /// What the mistake is about.
    pub level: Level,
    /// The ids of the cases that catch it, in the order of the suite.
    pub caught_by: Vec<String>,
    /// Whether one of them is about what every implementation has to do.
    pub breaks_must: bool,
}

/// Runs all wrong drivers.
pub fn self_test(files: &[File]) -> Vec<Outcome> {
    let wrongs: Vec<&'static Wrong> = all().collect();
    in_parallel(&wrongs, |wrong| outcome(wrong, wrong.level, files))
}

/// Does something with each, as many at a time as the machine has processors.
fn in_parallel<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let slots: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    let jobs = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(item), Some(slot)) = (items.get(at), slots.get(at)) else { break };
                    let done = act(item);
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                }
            });
        }
    });
    let done = slots.into_iter();
    done.filter_map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Judges one driver as `run` judges any: by what every implementation has to do, or also by what
/// this project chose.
pub fn outcome(wrong: &'static Wrong, level: Level, files: &[File]) -> Outcome {
    let cases: Vec<&Case> = files.iter().flat_map(|file| &file.cases).collect();
    let options = Options {
        strictness: Strictness::PLAIN,
        should_fails: false,
        server: Version::NEWEST,
        fail_fast: false,
        known: &Known::default(),
        on_case: &|_| {},
        repeat: &|_| String::new(),
    };
    let report = run(vec![Box::new(WrongDriver::new(wrong))], &cases, &options);
    let fails = |case: &&CaseReport| case.verdict.fails();
    let deviates = |case: &CaseReport| case.verdict == Verdict::Deviates && level == Level::Should;
    let caught = report.cases.iter().filter(|case| fails(case) || deviates(case));
    Outcome {
        name: wrong.name,
        mistake: wrong.mistake,
        level: wrong.level,
        caught_by: caught.map(|case| case.id.clone()).collect(),
        breaks_must: report.cases.iter().any(|case| fails(&case)),
    }
}
