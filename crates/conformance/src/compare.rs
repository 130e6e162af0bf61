//! Whether an answer is the expected one.
//!
//! Verdicts and values always count. What an implementation calls a fault, and which layer refuses, counts
//! only where somebody asks for it: [`Strictness`].
//!
//! ```
//! use conformance::compare::{Match, Strictness, compare};
//! use conformance::protocol::{Answer, Reject};
//! use conformance::suite;
//! use conformance::vector::Expect;
//!
//! let files = suite::load()?;
//! let mut cases = files.iter().flat_map(|file| &file.cases);
//! let refused = cases.find(|case| matches!(case.expect, Expect::Reject(_))).expect("there are such");
//! // It was refused, without a word why.
//! let answer = Answer::Reject(Reject::default());
//! assert_eq!(compare(refused, &answer, Strictness::PLAIN), Match::Same);
//! let codes = Strictness { codes: true, ..Strictness::PLAIN };
//! assert_ne!(compare(refused, &answer, codes), Match::Same);
//! # Ok::<(), suite::SuiteError>(())
//! ```

use std::collections::BTreeSet;

use serde::Serialize;

use crate::protocol::{
    Answer, AppendValue, Document, LoadValue, Op, PermissionValue, PlanValue, Reject, Request,
    Value,
};
use crate::vector::{Accept, Case, Expect, Level, Refusal};
use testkit::json;

/// How closely an implementation is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strictness {
    /// Whether the layer that refuses has to be the expected one.
    pub layers: bool,
    /// Whether the code has to be.
    pub codes: bool,
    /// Whether what is left open, and warnings that rest on heuristics, have to be the reference's own.
    pub reference: bool,
}

impl Strictness {
    /// What the reference is held to.
    pub const REFERENCE: Strictness = Strictness { layers: true, codes: true, reference: true };
    /// Verdicts and values.
    pub const PLAIN: Strictness = Strictness { layers: false, codes: false, reference: false };
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// It is as expected.
    Same,
    /// It is not, in words; and whether only in what this project chose.
    Different(String, Level),
    /// The answer cannot be a right one, and not a wrong one either.
    Unsupported(String),
}

/// Warnings that rest on heuristics: no other implementation has to have the same.
pub const HEURISTIC: [&str; 5] =
    ["weak-token", "placeholder-token", "undeclared-database", "too-many-databases", "file-mode"];

/// Warnings that are this project's own: no server and no documentation has them.
pub const OWN: [&str; 4] =
    ["duplicate-database", "expiry-looks-like-seconds", "no-tokens", "unknown-member"];

/// Compares an answer with what its case expects.
pub fn compare(case: &Case, answer: &Answer, strictness: Strictness) -> Match {
    if let Answer::Unsupported(message) = answer {
        return Match::Unsupported(message.clone());
    }
    let expect = match &case.expect {
        Expect::Either { .. } if !strictness.reference => return Match::Same,
        expect => expect.of_the_reference(),
    };
    let difference = match (expect, answer) {
        (Expect::Accept(accept), Answer::Accept(value)) => {
            return accepted(case, accept, value, strictness);
        }
        (Expect::Reject(refusal), Answer::Reject(reject)) => refused(refusal, reject, strictness),
        (Expect::Accept(_), Answer::Reject(reject)) => {
            Some(format!("it was to be accepted, and was rejected{}", because(reject)))
        }
        (Expect::Reject(refusal), _) => {
            Some(format!("it was to be rejected ({}), and was accepted", refusal.code))
        }
        _ => Some("the case expects nothing".to_owned()),
    };
    difference.map_or(Match::Same, |words| Match::Different(words, case.level))
}

fn because(reject: &Reject) -> String {
    let words = [&reject.layer, &reject.code, &reject.message];
    let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

fn refused(refusal: &Refusal, reject: &Reject, strictness: Strictness) -> Option<String> {
    let named = |what: &str, expected: &str, actual: &Option<String>| match actual {
        Some(actual) if actual == expected => None,
        Some(actual) => Some(format!("the {what} was to be `{expected}`, and is `{actual}`")),
        None => Some(format!("the {what} was to be `{expected}`, and none is given")),
    };
    let layer = || named("layer", &refusal.layer, &reject.layer);
    let code = || named("code", &refusal.code, &reject.code);
    strictness.layers.then(layer).flatten().or_else(|| strictness.codes.then(code).flatten())
}

fn accepted(case: &Case, accept: &Accept, actual: &Value, strictness: Strictness) -> Match {
    let Ok(expected) = Value::parse(case.op, accept.value.get()) else {
        return Match::Different("the case has no value of its op".to_owned(), case.level);
    };
    match values(case, &expected, actual) {
        Some(difference) => {
            // The order of names and databases, and of the members of a file, is this project's choice.
            let ordered = values(case, &sorted(expected), &sorted(actual.clone())).is_some();
            let level = if ordered { case.level } else { Level::Should };
            Match::Different(difference, level)
        }
        None => {
            let given = given(actual);
            let differ = |own| codes(accept, &given, strictness, own);
            match (differ(false), differ(true)) {
                (Some(difference), _) => Match::Different(difference, case.level),
                (None, Some(difference)) => Match::Different(difference, Level::Should),
                (None, None) => Match::Same,
            }
        }
    }
}

/// What differs between two values, in words.
fn values(case: &Case, expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        (Value::Append(expected), Value::Append(actual)) => appended(case, expected, actual),
        (Value::Load(expected), Value::Load(actual)) => loaded(expected, actual),
        (Value::Plan(expected), Value::Plan(actual)) => {
            let lists =
                |plan: &PlanValue| (plan.create_databases.clone(), plan.create_tokens.clone());
            differ("the plan", &lists(expected), &lists(actual))
        }
        (Value::Access(expected), Value::Access(actual)) => {
            differ("the decisions", &expected.decisions, &actual.decisions)
        }
        (expected, actual) => differ("the value", expected, actual),
    }
}

fn differ<T: PartialEq + Serialize>(what: &str, expected: &T, actual: &T) -> Option<String> {
    // Such values always have a JSON text.
    let shown = |value: &T| serde_json::to_string(value).unwrap_or_default();
    let words = || format!("{what} was to be {}, and is {}", shown(expected), shown(actual));
    (expected != actual).then(words)
}

fn loaded(expected: &LoadValue, actual: &LoadValue) -> Option<String> {
    let databases = ("`create_databases`", &expected.create_databases, &actual.create_databases);
    differ(databases.0, databases.1, databases.2)
        .or_else(|| differ("the number of tokens", &expected.tokens.len(), &actual.tokens.len()))
        .or_else(|| {
            let mut pairs = expected.tokens.iter().zip(&actual.tokens);
            pairs.find_map(|(expected, actual)| differ("a token", expected, actual))
        })
}

/// The same value with the names, databases and members in it in one order.
fn sorted(mut value: Value) -> Value {
    let by_name = |permission: &mut PermissionValue| permission.resource_names.sort();
    match &mut value {
        Value::Permission(permission) => by_name(permission),
        Value::Load(load) => {
            load.create_databases.sort();
            load.tokens.iter_mut().flat_map(|token| &mut token.permissions).for_each(by_name);
        }
        Value::Plan(plan) => plan.create_databases.sort(),
        Value::Append(append) => {
            let bytes = append.document.bytes().map(|bytes| bytes.into_owned());
            let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(text) = text.and_then(|text| members_in_order(&text)) {
                append.document = Document::Text(text.into());
            }
        }
        Value::Access(_) => {}
    }
    value
}

/// FILE-02: a file with its members, and those of its tokens, in the order of their names.
fn members_in_order(text: &str) -> Option<String> {
    let in_order = |object: &str, value: &dyn Fn(&str, &str) -> Option<String>| {
        let mut members = json::members(object).ok()?;
        members.sort_by(|(one, _), (other, _)| one.cmp(other));
        let member = |(name, raw): (String, &str)| {
            Some(format!("{}:{}", serde_json::to_string(&name).ok()?, value(&name, raw)?))
        };
        let members: Option<Vec<String>> = members.into_iter().map(member).collect();
        Some(format!("{{{}}}", members?.join(",")))
    };
    let token = |raw: &str| in_order(raw, &|_, raw| Some(raw.to_owned()));
    in_order(text, &|name, raw| {
        if name != "tokens" {
            return Some(raw.to_owned());
        }
        let tokens: Option<Vec<String>> =
            json::elements(raw).ok()?.into_iter().map(token).collect();
        Some(format!("[{}]", tokens?.join(",")))
    })
}

/// The warnings or notes that an implementation gives, if any.
fn given(actual: &Value) -> BTreeSet<&str> {
    let given = match actual {
        Value::Load(load) => load.warnings.as_ref(),
        Value::Plan(plan) => plan.notes.as_ref(),
        _ => None,
    };
    given.into_iter().flatten().map(String::as_str).collect()
}

/// What is wrong with the codes that are given: with those that are this project's own, or with the others.
fn codes(
    accept: &Accept,
    given: &BTreeSet<&str>,
    strictness: Strictness,
    own: bool,
) -> Option<String> {
    let counts = |code: &&String| {
        let code = code.as_str();
        OWN.contains(&code) == own && (strictness.reference || !HEURISTIC.contains(&code))
    };
    let is_given = |code: &&String| given.contains(code.as_str());
    let missing = accept.must_warn.iter().filter(counts).find(|code| !is_given(code));
    let unwanted = accept.must_not_warn.iter().filter(counts).find(is_given);
    missing
        .map(|code| format!("`{code}` was to be among the codes, which are {given:?}"))
        .or_else(|| unwanted.map(|code| format!("`{code}` was not to be among the codes")))
}

/// FILE-01, FILE-02: the old members in their order with their values, and one token more.
fn appended(case: &Case, expected: &AppendValue, actual: &AppendValue) -> Option<String> {
    let is_new = match case.request() {
        Ok(Request::Append(request)) => !request.document.is_some_and(|old| {
            old.bytes().is_ok_and(|bytes| has_databases(&String::from_utf8_lossy(&bytes)))
        }),
        _ => true,
    };
    let parse = |document: &Document<'_>| -> Option<NewFile> {
        let bytes = document.bytes().ok()?;
        NewFile::parse(std::str::from_utf8(&bytes).ok()?, is_new)
    };
    let Some(expected) = parse(&expected.document) else {
        return Some("the case has no file".to_owned());
    };
    let Some(actual) = parse(&actual.document) else {
        return Some("the new file is no tokens file".to_owned());
    };
    differ("`create_databases`", &expected.databases, &actual.databases)
        .or_else(|| differ("the members", &expected.members, &actual.members))
        .or_else(|| differ("the old tokens", &expected.old_tokens, &actual.old_tokens))
        .or_else(|| differ("the new token", &expected.new_token, &actual.new_token))
}

fn has_databases(text: &str) -> bool {
    json::members(text).is_ok_and(|members| members.iter().any(|(n, _)| n == "create_databases"))
}

/// A file that something was appended to, with all that has to stay as it is spelled.
struct NewFile {
    databases: Vec<String>,
    /// All members in their order; where `create_databases` is new it may stand anywhere.
    members: Vec<(String, String)>,
    old_tokens: Vec<String>,
    /// The members of the new token, in any order, without an expiry that is null.
    new_token: BTreeSet<(String, String)>,
}

impl NewFile {
    fn parse(text: &str, databases_are_new: bool) -> Option<Self> {
        let all = json::members(text).ok()?;
        let find = |name: &str| all.iter().find(|(found, _)| found == name).map(|(_, raw)| *raw);
        let tokens = json::elements(find("tokens")?).ok()?;
        let (new_token, old_tokens) = tokens.split_last()?;
        // DOC-08: null counts as absent.
        let databases = find("create_databases").filter(|list| *list != "null");
        let databases = databases.map(json::elements).transpose().ok()?;
        let lists = ["tokens", "create_databases"];
        let is_kept = |name: &str| !(databases_are_new && name == "create_databases");
        let value = |name: &str, raw: &str| {
            if lists.contains(&name) { String::new() } else { json::canonical(raw) }
        };
        let members = all.iter().filter(|(name, _)| is_kept(name));
        let new = json::members(new_token).ok()?.into_iter();
        let new = new.filter(|(name, raw)| !(name == "expiry_millis" && *raw == "null"));
        Some(NewFile {
            databases: databases.into_iter().flatten().map(json::canonical).collect(),
            members: members.map(|(name, raw)| (name.clone(), value(name, raw))).collect(),
            old_tokens: old_tokens.iter().map(|token| json::canonical(token)).collect(),
            new_token: new.map(|(name, raw)| (name, json::canonical(raw))).collect(),
        })
    }
}

/// Whether nothing is left of what a case demands but what is for the reference alone.
pub fn is_for_the_reference(case: &Case) -> bool {
    let Expect::Accept(accept) = &case.expect else { return false };
    let mut codes = accept.must_warn.iter().chain(&accept.must_not_warn).peekable();
    case.op == Op::Load
        && codes.peek().is_some()
        && codes.all(|code| HEURISTIC.contains(&code.as_str()))
}
