//! The reference's answer as what is expected of everybody.

use serde_json::value::{RawValue, to_raw_value};
use testkit::generate::{AppendQuestion, Question};
use tokens::Code;
use tokens::diagnostic::Severity;

use super::request::{self, Appended};
use super::{Fresh, Wanted, open};
use crate::compare::HEURISTIC;
use crate::protocol::{Answer, Op, Reject, Request, Value};
use crate::reference;
use crate::vector::{Accept, Case, Expect, Level, Refusal};

/// The case that a question makes; why it makes none, where no rule decides it.
///
/// ```
/// use conformance::fresh::{Wanted, judge};
/// use testkit::generate::Question;
///
/// let question: Question = testkit::source::from_seed(7).unwrap();
/// let fresh = judge(&question, "fresh/7", &Wanted::default()).unwrap();
/// assert!(fresh.case.request().is_ok());
/// ```
///
/// # Errors
///
/// When implementations may differ; the reason.
pub fn judge(question: &Question, id: &str, wanted: &Wanted) -> Result<Fresh, &'static str> {
    if let Question::Append(question) = question
        && question.additions.len() > 1
    {
        return appends(question, id, wanted);
    }
    request::with(question, |request| {
        let answer = reference::answer(request).map_err(|_| NO_SENSE)?;
        let case = of_answer(request, &request.to_json(), &answer, wanted, true)?;
        Ok(Fresh { case: Case { id: id.to_owned(), ..case }, before: Vec::new() })
    })
    .unwrap_or(Err(NOTHING))
}

const NO_SENSE: &str = "the request makes no sense";
const NOTHING: &str = "nothing is appended";

/// The case that a request makes, with `warns` for its warnings, too.
///
/// # Errors
///
/// When implementations may differ, or it is no request of the op; the reason.
pub fn decided(
    op: Op,
    request: &RawValue,
    wanted: &Wanted,
    warns: bool,
) -> Result<Case, &'static str> {
    let (parsed, answer) = answered(op, request)?;
    of_answer(&parsed, request, &answer, wanted, warns)
}

/// The case that the reference's answer makes of a request, which is `json`.
fn of_answer(
    request: &Request<'_>,
    json: &RawValue,
    answer: &Answer,
    wanted: &Wanted,
    warns: bool,
) -> Result<Case, &'static str> {
    match open(request, answer, wanted.codes) {
        Some(reason) => Err(reason),
        None => {
            let case = expected(request.op(), json, answer, warns, wanted);
            case.ok_or("the reference has no answer")
        }
    }
}

fn answered(op: Op, request: &RawValue) -> Result<(Request<'_>, Answer), &'static str> {
    let parsed = Request::parse(op, request.get())
        .map_err(|_| "the request has a member that the protocol has no place for")?;
    let answer = reference::answer(&parsed).map_err(|_| NO_SENSE)?;
    Ok((parsed, answer))
}

/// The last append, on the file that the reference makes of those before, and those.
fn appends(question: &AppendQuestion, id: &str, wanted: &Wanted) -> Result<Fresh, &'static str> {
    let mut file = question.old.bytes().map(request::document);
    let Some((last, before)) = question.additions.split_last() else { return Err(NOTHING) };
    let mut requests = Vec::new();
    for (at, addition) in before.iter().enumerate() {
        let appended = Appended::of(addition).ok_or(NO_SENSE)?;
        let request = Request::Append(appended.to(file.clone()));
        let answer = reference::answer(&request).map_err(|_| NO_SENSE)?;
        if let Some(reason) = open(&request, &answer, false) {
            return Err(reason);
        }
        // The first one says what there is; what the others are put to is what comes of those before.
        let asked = if at == 0 { request } else { Request::Append(appended.to(None)) };
        requests.push(asked.to_json());
        if let Answer::Accept(Value::Append(value)) = answer {
            file = Some(value.document);
        }
    }
    let appended = Appended::of(last).ok_or(NO_SENSE)?;
    let request = Request::Append(appended.to(file));
    let case = decided(Op::Append, &request.to_json(), wanted, true)?;
    Ok(Fresh { case: Case { id: id.to_owned(), ..case }, before: requests })
}

/// The case that a request makes, be it decided or not; with `warns` for its warnings, too.
///
/// # Errors
///
/// When it is no request of the op; in words.
pub fn of_request(op: Op, request: &str, wanted: &Wanted, warns: bool) -> Result<Case, String> {
    let none = |error: &dyn std::fmt::Display| format!("this is no request of `{op}`: {error}");
    let parsed = Request::parse(op, request).map_err(|error| none(&error))?;
    let answer = reference::answer(&parsed).map_err(|error| none(&error.0))?;
    let request = RawValue::from_string(request.trim().to_owned()).map_err(|error| none(&error))?;
    let case = expected(op, &request, &answer, warns, wanted);
    case.map(|case| Case { id: "asked/once".to_owned(), ..case })
        .ok_or_else(|| "the reference has no answer".to_owned())
}

/// The same case with another append, and what the reference makes of that.
pub(super) fn step(case: &Case, request: &RawValue) -> Case {
    let answered = answered(case.op, request).ok();
    let expected = answered
        .and_then(|(_, answer)| expected(case.op, request, &answer, false, &Wanted::default()));
    let (id, description) = (case.id.clone(), case.description.clone());
    expected.map_or_else(|| case.clone(), |step| Case { id, description, ..step })
}

/// The case but for its id.
fn expected(
    op: Op,
    request: &RawValue,
    answer: &Answer,
    warns: bool,
    wanted: &Wanted,
) -> Option<Case> {
    let has = |feature: &str| wanted.features.iter().any(|given| given == feature);
    let (mut rule, mut level) = (base_rules(op), Level::Must);
    let expect = match answer {
        Answer::Reject(Reject { layer: Some(layer), code: Some(code), .. }) => {
            let code = Code::from_name(code)?;
            rule = code.rules().iter().map(|rule| rule.id().to_owned()).collect();
            if code == Code::DuplicateToken {
                level = Level::Should;
            }
            Expect::Reject(Refusal { layer: layer.clone(), code: code.name().to_owned() })
        }
        Answer::Accept(value) => {
            let given = match value {
                Value::Load(load) if warns && has("warnings") => load.warnings.as_ref(),
                Value::Plan(plan) if has("notes") => plan.notes.as_ref(),
                _ => None,
            };
            let (must_warn, must_not_warn) = given.map(|given| codes(given)).unwrap_or_default();
            if given.is_some() && op == Op::Load {
                let codes = must_warn.iter().filter_map(|name| Code::from_name(name));
                rule.extend(codes.flat_map(Code::rules).map(|rule| rule.id().to_owned()));
                rule.sort();
                rule.dedup();
            }
            let value = to_raw_value(&without_codes(value)).ok()?;
            Expect::Accept(Accept { value, must_warn, must_not_warn })
        }
        _ => return None,
    };
    Some(Case {
        id: String::new(),
        rule,
        level,
        description: String::new(),
        source: "the reference".to_owned(),
        features: Vec::new(),
        since: "3.11.1".parse().ok(),
        until: None,
        op,
        request: request.to_owned(),
        expect,
    })
}

/// What decides whether this warning is given.
pub(crate) fn rules_of(code: &str) -> Vec<String> {
    let rules = Code::from_name(code).map(Code::rules).unwrap_or_default();
    rules.iter().map(|rule| rule.id().to_owned()).collect()
}

/// What decides where nothing is wrong.
pub(crate) fn base_rules(op: Op) -> Vec<String> {
    let rules: &[&str] = match op {
        Op::Permission => &["PERM-01", "PERM-11"],
        Op::Load => &["DOC-06", "TOK-10"],
        Op::Access => &["ACC-01", "ACC-03"],
        Op::Append => &["FILE-01", "FILE-02"],
        Op::Plan => &["BOOT-01", "BOOT-02"],
    };
    rules.iter().map(|rule| (*rule).to_owned()).collect()
}

/// The codes that have to be given, and those that must not.
fn codes(given: &[String]) -> (Vec<String>, Vec<String>) {
    let is_given = |code: &Code| given.iter().any(|given| given == code.name());
    // TOK-09: that it stands in place of the other is this project's choice.
    let replaced = is_given(&Code::ExpiryLooksLikeSeconds).then_some(Code::Expired);
    let all = Code::ALL.iter().filter(|code| code.severity() < Severity::Error);
    let all = all.filter(|code| !HEURISTIC.contains(&code.name()));
    let (given, others): (Vec<Code>, Vec<Code>) = all.partition(|code| is_given(code));
    let others = others.into_iter().filter(|code| Some(*code) != replaced);
    let names = |code: Code| code.name().to_owned();
    (given.into_iter().map(names).collect(), others.map(names).collect())
}

/// A value without warnings and notes, which have lists of their own in a case.
fn without_codes(value: &Value) -> Value {
    let mut value = value.clone();
    match &mut value {
        Value::Load(load) => load.warnings = None,
        Value::Plan(plan) => plan.notes = None,
        Value::Permission(_) | Value::Access(_) | Value::Append(_) => {}
    }
    value
}
