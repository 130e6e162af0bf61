//! Running cases against a subject: [`run`], of which the [front page](crate) has an example.
//!
//! Several subjects of the same implementation share the work, each in a thread of its own. What a case
//! comes to does not depend on that, nor does the order of the report.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::compare::{self, Match, Strictness};
use crate::known::Known;
use crate::protocol::{Answer, Value};
use crate::report::{CaseReport, Report, Summary, Verdict};
use crate::subject::{Introduction, Reply, Subject};
use crate::vector::{Case, Expect, Level, Version};

/// How cases are run and judged. There are no defaults: each of these changes what a pass means.
pub struct Options<'o> {
    /// How closely answers are looked at.
    pub strictness: Strictness,
    /// Whether what does not follow this project's own choices fails; else it deviates, and that is listed.
    pub should_fails: bool,
    /// The server version that counts: cases about others are skipped.
    pub server: Version,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// What may fail.
    pub known: &'o Known,
    /// Called after each case.
    pub on_case: &'o (dyn Fn(&Judged) + Sync),
    /// A command line that repeats one case, from its id.
    pub repeat: &'o (dyn Fn(&str) -> String + Sync),
}

/// A case with its verdict, before known failures are taken into account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// What the subject did.
    pub actual: String,
    /// Why the verdict.
    pub message: String,
    /// What the subject said on standard error meanwhile.
    pub stderr: String,
}

impl Judged {
    fn new(verdict: Verdict, actual: impl Into<String>, message: impl Into<String>) -> Self {
        let (actual, message) = (actual.into(), message.into());
        Judged { verdict, actual, message, stderr: String::new() }
    }

    fn is_shown(&self) -> bool {
        is_shown(self.verdict)
    }
}

/// Whether a case is shown with all there is to say.
fn is_shown(verdict: Verdict) -> bool {
    verdict.fails() || verdict == Verdict::Deviates
}

/// Runs cases, each on one of the subjects, which work at the same time.
pub fn run(mut subjects: Vec<Box<dyn Subject>>, cases: &[&Case], options: &Options<'_>) -> Report {
    let introduction =
        subjects.first().map(|subject| subject.introduction().clone()).unwrap_or_default();
    let results: Vec<Mutex<Option<Judged>>> = cases.iter().map(|_| Mutex::new(None)).collect();
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let farewells = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for subject in &mut subjects {
            let (results, next, stop, farewells) = (&results, &next, &stop, &farewells);
            scope.spawn(move || {
                // What one leaves, the others may take.
                while !stop.load(Ordering::Relaxed) && subject.exhausted().is_none() {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let (Some(case), Some(slot)) = (cases.get(at), results.get(at)) else { break };
                    let mut judged = judge(subject.as_mut(), case, options);
                    if judged.is_shown() {
                        judged.stderr = subject.stderr();
                    }
                    let fails = judged.verdict.fails() && !options.known.covers(&case.id);
                    if options.fail_fast && fails {
                        stop.store(true, Ordering::Relaxed);
                    }
                    (options.on_case)(&judged);
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(judged);
                }
                let mut farewells = farewells.lock().unwrap_or_else(PoisonError::into_inner);
                farewells.extend(subject.finish());
            });
        }
    });
    let why = subjects.iter().find_map(|subject| subject.exhausted());
    let why = why.filter(|_| !stop.into_inner());
    let why = why.unwrap_or_else(|| "the run ended at a failure before".to_owned());
    let cases = cases.iter().zip(results).map(|(case, slot)| {
        let judged = slot.into_inner().unwrap_or_else(PoisonError::into_inner);
        let judged = judged.unwrap_or_else(|| unasked(case, &introduction, options, &why));
        report_case(case, judged, options)
    });
    let farewells = farewells.into_inner().unwrap_or_else(PoisonError::into_inner);
    report(&introduction, cases.collect(), farewells, options)
}

fn report(
    introduction: &Introduction,
    cases: Vec<CaseReport>,
    farewells: Vec<String>,
    options: &Options<'_>,
) -> Report {
    let mut summary = Summary::of(&cases);
    summary.protocol_error += farewells.len();
    let farewells = farewells.into_iter().map(|words| format!("at the end: {words}"));
    Report {
        version: 1,
        suite: crate::SUITE.to_owned(),
        implementation: introduction.implementation.clone(),
        verdict_only: introduction.verdict_only,
        summary,
        problems: options.known.stale().into_iter().chain(farewells).collect(),
        cases,
    }
}

fn report_case(case: &Case, judged: Judged, options: &Options<'_>) -> CaseReport {
    let Judged { mut verdict, actual, mut message, mut stderr } = judged;
    if let Some(reason) = options.known.reason(&case.id, verdict.differs()) {
        verdict = Verdict::Known;
        message = format!("{message} (known: {reason})");
        stderr.clear();
    }
    CaseReport {
        id: case.id.clone(),
        rules: case.rule.clone(),
        verdict,
        expected: expected(&case.expect),
        actual,
        message,
        description: case.description.clone(),
        stderr,
        repeat: is_shown(verdict).then(|| (options.repeat)(&case.id)),
    }
}

/// What is expected, in short.
fn expected(expect: &Expect) -> String {
    match expect {
        Expect::Accept(_) => "accept".to_owned(),
        Expect::Reject(refusal) => format!("reject {}", refusal.code),
        Expect::Either { .. } => "either".to_owned(),
    }
}

/// Why a case is not for a subject.
fn not_for(case: &Case, subject: &Introduction, options: &Options<'_>) -> Option<String> {
    let target = subject.target.as_ref().and_then(|target| target.parse().ok());
    let server = target.unwrap_or(options.server).min(options.server);
    let lacks = |feature: &&String| !subject.features.contains(feature);
    if !case.applies_to(server) {
        Some(format!("it is not about server {server}"))
    } else if !subject.ops.contains(&case.op) {
        Some(format!("`{}` is not offered", case.op))
    } else if let Some(feature) = case.features.iter().find(lacks) {
        Some(format!("`{feature}` are not offered"))
    } else if !options.strictness.reference && compare::is_for_the_reference(case) {
        Some("its warnings rest on heuristics of the reference".to_owned())
    } else {
        None
    }
}

/// A case that nobody was left for.
fn unasked(case: &Case, subject: &Introduction, options: &Options<'_>, why: &str) -> Judged {
    match not_for(case, subject, options) {
        Some(reason) => Judged::new(Verdict::Skipped, "not asked", reason),
        None => Judged::new(Verdict::NotRun, "not asked", why),
    }
}

fn judge(subject: &mut dyn Subject, case: &Case, options: &Options<'_>) -> Judged {
    if let Some(reason) = not_for(case, subject.introduction(), options) {
        return Judged::new(Verdict::Skipped, "not asked", reason);
    }
    let verdict_only = subject.introduction().verdict_only;
    let reply = subject.ask(case);
    let case = subject.asked().unwrap_or(case);
    let answer = match reply {
        Reply::Answer(answer) => answer,
        Reply::Crash(words) => return Judged::new(Verdict::Crash, "a crash", words),
        Reply::Hang(words) => return Judged::new(Verdict::Hang, "no answer", words),
        Reply::ProtocolError(words) => {
            return Judged::new(Verdict::ProtocolError, "no valid answer", words);
        }
        Reply::NotRun(words) => return Judged::new(Verdict::NotRun, "not asked", words),
    };
    let actual = in_short(&answer);
    let found = match verdict_only {
        true => same_verdict(case, &answer),
        false => compare::compare(case, &answer, options.strictness),
    };
    match found {
        Match::Same => Judged::new(Verdict::Pass, actual, ""),
        Match::Different(words, Level::Should) if !options.should_fails => {
            Judged::new(Verdict::Deviates, actual, words)
        }
        Match::Different(words, _) => Judged::new(Verdict::Fail, actual, words),
        Match::Unsupported(words) => Judged::new(Verdict::Skipped, "unsupported", words),
    }
}

/// For programs that give a verdict and nothing else.
fn same_verdict(case: &Case, answer: &Answer) -> Match {
    let accepts = matches!(answer, Answer::Accept(_));
    let words = match &case.expect {
        Expect::Either { .. } => return Match::Same,
        Expect::Accept(_) if !accepts => "it was to be accepted, and was rejected",
        Expect::Reject(_) if accepts => "it was to be rejected, and was accepted",
        _ => return Match::Same,
    };
    Match::Different(words.to_owned(), case.level)
}

fn in_short(answer: &Answer) -> String {
    match answer {
        Answer::Accept(Value::Access(value)) => format!("accept: {}", value.decisions.join(", ")),
        Answer::Accept(_) => "accept".to_owned(),
        Answer::Reject(reject) => {
            format!("reject {}", reject.code.as_deref().unwrap_or_default()).trim_end().to_owned()
        }
        Answer::Unsupported(_) => "unsupported".to_owned(),
    }
}
