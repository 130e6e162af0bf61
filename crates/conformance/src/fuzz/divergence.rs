//! An answer that is not as it has to be: what kind of difference it is, and the smallest question that
//! shows it.

use std::borrow::Cow;

use serde_json::value::RawValue;
use testkit::generate::{AppendQuestion, Question};
use testkit::shrink::Shrink;

use super::bare::Bare;
use super::cause;
use super::shape::came_to;
use crate::compare::{Match, Strictness, compare};
use crate::fresh::{Appended, Wanted, base_rules, decided, document, open, rules_of, with};
use crate::protocol::{Answer, Document, Op, Request, Value};
use crate::reference;
use crate::subject::{Reply, Subject};
use crate::vector::{Accept, Case, Expect, Level};

/// An answer that is not as it has to be.
#[derive(Clone, Debug)]
pub struct Divergence {
    /// What was asked last, and what was expected: a candidate for a vector.
    pub case: Case,
    /// What came.
    pub reply: Reply,
    /// What it said on standard error, where it gave no answer.
    pub stderr: String,
    /// What differs, in words.
    pub words: String,
    /// Whether every implementation has to agree.
    pub level: Level,
    /// The kind, by which others are known to be alike.
    pub(super) kind: String,
}

/// What came of a question.
#[derive(Debug)]
pub(super) enum Outcome {
    /// No rule decides it, or it was not taken; why.
    Open(&'static str),
    /// The answer is right; what the question came to.
    Right(u64),
    /// It is not.
    Wrong(Box<Divergence>),
}

const NOTHING: &str = "nothing is asked";

/// Whether two answers are the same to the letter, but for what is said about a refusal.
fn is_same(expected: &Answer, actual: &Answer) -> bool {
    match (expected, actual) {
        (Answer::Accept(expected), Answer::Accept(actual)) => expected == actual,
        (Answer::Reject(expected), Answer::Reject(actual)) => {
            (&expected.layer, &expected.code) == (&actual.layer, &actual.code)
        }
        _ => false,
    }
}

/// How answers are looked at.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// How closely.
    pub strictness: Strictness,
    /// Whether what this project chose counts, too.
    pub should_fails: bool,
    /// How cases are made.
    pub wanted: Wanted,
}

impl Judgement {
    /// Asks a question.
    pub(super) fn ask(&self, subject: &mut dyn Subject, question: &Question) -> Outcome {
        if let Question::Append(question) = question {
            return self.ask_appends(subject, question);
        }
        let asked = with(question, |request| self.ask_once(subject, request));
        match asked {
            Some(Ok((_, came_to))) => Outcome::Right(came_to),
            Some(Err(outcome)) => outcome,
            None => Outcome::Open(NOTHING),
        }
    }

    /// Asks for appends one after the other, each on the file that the implementation made, up to the first
    /// that is not right.
    fn ask_appends(&self, subject: &mut dyn Subject, question: &AppendQuestion) -> Outcome {
        let mut file = question.old.bytes().map(document);
        let mut last = Outcome::Open(NOTHING);
        for addition in &question.additions {
            let Some(appended) = Appended::of(addition) else { return last };
            let request = Request::Append(appended.to(file.clone()));
            match self.ask_once(subject, &request) {
                Ok((Answer::Accept(Value::Append(value)), came_to)) => {
                    (file, last) = (Some(value.document), Outcome::Right(came_to));
                }
                Ok((_, came_to)) => last = Outcome::Right(came_to),
                Err(outcome) => return outcome,
            }
        }
        last
    }

    /// Asks a request; a right answer, and what it came to, or whatever else came of it. Where the answer is
    /// the reference's own, no case has to be made of it.
    fn ask_once(
        &self,
        subject: &mut dyn Subject,
        request: &Request<'_>,
    ) -> Result<(Answer, u64), Outcome> {
        let Ok(expected) = reference::answer(request) else {
            return Err(Outcome::Open("the request makes no sense"));
        };
        if let Some(reason) = open(request, &expected, self.wanted.codes) {
            return Err(Outcome::Open(reason));
        }
        if !subject.introduction().ops.contains(&request.op()) {
            return Err(Outcome::Open("the op is not offered"));
        }
        let reply = subject.answer(request);
        let came_to = came_to(request, &reply);
        if let Reply::Answer(answer) = &reply
            && is_same(&expected, answer)
        {
            return Ok((expected, came_to));
        }
        let case = decided(request.op(), &request.to_json(), &self.wanted, true);
        let case = case.map_err(Outcome::Open)?;
        match self.outcome(Case { id: "fresh/found".to_owned(), ..case }, &reply) {
            Outcome::Right(_) => match reply {
                Reply::Answer(answer) => Ok((answer, came_to)),
                _ => Ok((expected, came_to)),
            },
            other => Err(with_stderr(other, subject)),
        }
    }

    /// Asks a request that is no question any more, for the warnings only where nothing else differs.
    fn ask_bare(&self, subject: &mut dyn Subject, op: Op, bare: &Bare) -> Outcome {
        let Ok(request) = RawValue::from_string(bare.request()) else {
            return Outcome::Open("it is no JSON");
        };
        let mut ask = |warns| match decided(op, &request, &self.wanted, warns) {
            Ok(case) => {
                let reply = subject.ask(&case);
                with_stderr(self.outcome(case, &reply), subject)
            }
            Err(reason) => Outcome::Open(reason),
        };
        match ask(false) {
            Outcome::Right(..) if op == Op::Load => ask(true),
            plain => plain,
        }
    }

    fn outcome(&self, case: Case, reply: &Reply) -> Outcome {
        match self.difference(&case, reply) {
            None if matches!(reply, Reply::Answer(Answer::Unsupported(_))) => {
                Outcome::Open("the implementation does not take it")
            }
            None => Outcome::Right(case.request().map_or(0, |request| came_to(&request, reply))),
            Some((words, level)) => {
                let rule = cause::rules(&case, reply);
                let kind = kind(&case, reply, &words, rule.as_deref().unwrap_or_default());
                let (rule, reply) = (rule.unwrap_or_else(|| case.rule.clone()), reply.clone());
                let case = Case { rule, ..case };
                Outcome::Wrong(Box::new(Divergence {
                    case,
                    reply,
                    stderr: String::new(),
                    words,
                    level,
                    kind,
                }))
            }
        }
    }

    /// The same divergence, with no more codes expected than those that show it.
    pub(super) fn narrowed(&self, found: Divergence) -> Divergence {
        let Expect::Accept(accept) = &found.case.expect else { return found };
        let alone = |given: Option<&String>, other: Option<&String>| {
            let [must_warn, must_not_warn] =
                [given, other].map(|code| code.into_iter().cloned().collect());
            let accept = Accept { value: accept.value.clone(), must_warn, must_not_warn };
            let expect = Expect::Accept(accept);
            let rule = match given.or(other) {
                Some(code) => rules_of(code),
                None => cause::rules(&found.case, &found.reply)
                    .unwrap_or_else(|| base_rules(found.op())),
            };
            Case { rule, expect, ..found.case.clone() }
        };
        let given = accept.must_warn.iter().map(|code| alone(Some(code), None));
        let others = accept.must_not_warn.iter().map(|code| alone(None, Some(code)));
        let none = std::iter::once(alone(None, None));
        let mut narrow = none.chain(given).chain(others);
        let narrow = narrow.find(|case| self.difference(case, &found.reply).is_some());
        let case = narrow.unwrap_or_else(|| found.case.clone());
        Divergence { case, ..found }
    }

    /// What is wrong with a reply, in words.
    pub fn difference(&self, case: &Case, reply: &Reply) -> Option<(String, Level)> {
        let answer = match reply {
            Reply::Answer(answer) => answer,
            Reply::Crash(words) | Reply::Hang(words) | Reply::ProtocolError(words) => {
                return Some((words.clone(), Level::Must));
            }
            Reply::NotRun(_) => return None,
        };
        match compare(case, answer, self.strictness) {
            Match::Same | Match::Unsupported(_) => None,
            Match::Different(_, Level::Should) if !self.should_fails => None,
            Match::Different(words, level) => Some((words, level)),
        }
    }
}

/// By what divergences from a rule in the answers to an op may be known before.
///
/// ```
/// use conformance::protocol::Op;
/// assert_eq!(conformance::fuzz::id("DOC-04", Op::Load), "doc-04/load");
/// ```
pub fn id(rule: &str, op: Op) -> String {
    format!("{}/{op}", rule.to_lowercase())
}

/// The same, with what the implementation said where it gave no answer.
fn with_stderr(outcome: Outcome, subject: &mut dyn Subject) -> Outcome {
    match outcome {
        Outcome::Wrong(found) if !matches!(found.reply, Reply::Answer(_)) => {
            Outcome::Wrong(Box::new(Divergence { stderr: subject.stderr(), ..*found }))
        }
        other => other,
    }
}

/// What kind of difference it is: the op, what was expected, what came, and which part differs.
fn kind(case: &Case, reply: &Reply, words: &str, rules: &[String]) -> String {
    let expected = match &case.expect {
        Expect::Reject(refusal) => refusal.code.as_str(),
        _ => "accept",
    };
    let (came, part) = match reply {
        Reply::Answer(Answer::Accept(_)) => {
            ("accept", words.split(" was ").next().unwrap_or_default())
        }
        Reply::Answer(Answer::Reject(reject)) => ("reject", reject.code.as_deref().unwrap_or("")),
        Reply::Answer(Answer::Unsupported(_)) => ("unsupported", ""),
        Reply::Crash(_) => ("crash", ""),
        Reply::Hang(_) => ("hang", ""),
        Reply::ProtocolError(_) => ("protocol-error", ""),
        Reply::NotRun(_) => ("not-run", ""),
    };
    format!("{}: {expected}, {came} {part} {}", case.op, rules.join(" "))
}

/// How many questions are asked to make one smaller.
const MOST_TRIES: usize = 2_000;
/// And how many where each may take its time.
const MOST_WAITS: usize = 20;

/// The divergence of the same kind at the smallest request that can be reached.
pub(super) fn shrink(
    judgement: &Judgement,
    subject: &mut dyn Subject,
    question: Question,
    divergence: Divergence,
) -> Divergence {
    let tries = match divergence.reply {
        Reply::Hang(_) => MOST_WAITS,
        _ => MOST_TRIES,
    };
    let mut smaller = Smaller { tries, smallest: divergence };
    smaller.walk(question, |question| judgement.ask(subject, question));
    smaller.tries = tries;
    let op = smaller.smallest.op();
    let mut ask = |bare: &Bare| judgement.ask_bare(subject, op, bare);
    let request = smaller.smallest.case.request.get().to_owned();
    let is_of_its_kind = |outcome: Outcome| matches!(outcome, Outcome::Wrong(found) if found.kind == smaller.smallest.kind);
    // The plainest of them that shows it still.
    let bare = Bare::all(&request).into_iter().find(|bare| is_of_its_kind(ask(bare)));
    if let Some(bare) = bare {
        smaller.walk(bare, ask);
    }
    judgement.narrowed(smaller.smallest)
}

struct Smaller {
    /// How many questions may still be asked.
    tries: usize,
    smallest: Divergence,
}

impl Smaller {
    /// From a value to simpler ones, as long as one shows a divergence of the same kind. What came before the
    /// one that did is tried again only after all that comes behind it.
    fn walk<T: Shrink>(&mut self, mut value: T, mut ask: impl FnMut(&T) -> Outcome) {
        let (mut at, mut in_vain) = (0, 0);
        let mut simpler = value.simpler();
        while in_vain < simpler.len() && self.tries > 0 {
            self.tries -= 1;
            let Some(next) = simpler.get(at % simpler.len()) else { return };
            match ask(next) {
                Outcome::Wrong(found) if found.kind == self.smallest.kind => {
                    (value, self.smallest, in_vain) = (next.clone(), *found, 0);
                    simpler = value.simpler();
                }
                _ => (at, in_vain) = (at + 1, in_vain + 1),
            }
        }
    }
}

impl Divergence {
    /// What makes it another than those of its kind: the signs of the request, without its words.
    pub(super) fn shape(&self) -> String {
        let mut shape = self.kind.clone();
        let mut last = ' ';
        for character in self.case.request.get().chars() {
            let class = match character {
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                '0'..='9' => '0',
                other => other,
            };
            if class != last || !class.is_ascii_alphanumeric() {
                shape.push(class);
            }
            last = class;
        }
        shape
    }

    /// By what it may be known before: the rules that decide it, each with the op, such as `doc-04/load`.
    pub fn ids(&self) -> Vec<String> {
        self.case.rule.iter().map(|rule| id(rule, self.case.op)).collect()
    }

    /// By what it is known, too, where it was to be refused: the rules of whatever else is wrong with the file.
    /// Who does not see one fault may well miss what comes with it.
    pub(super) fn ids_of_faults(&self) -> Vec<String> {
        let bytes_of = |document: &Document<'_>| document.bytes().map(Cow::into_owned).ok();
        let is_refused = matches!(self.case.expect, Expect::Reject(_));
        let request = self.case.request().ok().filter(|_| is_refused);
        let bytes = request.as_ref().and_then(|request| bytes_of(request.document()?));
        let Some(bytes) = bytes else { return Vec::new() };
        let reading = tokens::read(&bytes, Some(tokens::Kind::Permission));
        let rules = reading.errors().iter().flat_map(|error| error.code.rules());
        rules.map(|rule| id(rule.id(), self.case.op)).collect()
    }

    /// The op.
    pub fn op(&self) -> Op {
        self.case.op
    }
}
