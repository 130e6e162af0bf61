//! The JSON Schema that `influxdb3-tokens schema` prints, against the vectors: the crate `jsonschema` and
//! Python's module of that name say what the vectors expect, but for what no schema can say, and so they
//! say the same.
//!
//! Where Python or its module is not installed, that half counts as ignored.

#![allow(clippy::expect_used)]

mod exceptions;
mod python;

use std::collections::BTreeSet;
use std::process::ExitCode;

use conformance::protocol::Request;
use conformance::suite;
use conformance::vector::{Case, Expect, Version};
use jsonschema::draft202012;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use serde_json::{Value, json};

use exceptions::Exception;

const SCHEMA: &str = include_str!("../../../cli/schema/permission.schema.json");

/// What is said of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Valid,
    Invalid,
    /// It is no JSON, or none that this program reads.
    Unread,
}

/// A vector, as a question to a schema.
struct Question {
    id: String,
    document: Vec<u8>,
    /// What a schema would say if it could say everything.
    expected: Verdict,
    /// The code of a document that does not load; none where it does.
    code: Option<String>,
}

impl Question {
    /// None where the vector is not about loading, or not about the newest server.
    fn of(case: &Case) -> Option<Self> {
        let request = case.request().expect("a request of its op");
        let document = match &request {
            Request::Load(load) => load.document.bytes().expect("base64").into_owned(),
            Request::Permission(permission) => with_permission(&permission.text),
            _ => return None,
        };
        let refusal = match case.expect.of_the_reference() {
            Expect::Reject(refusal) => Some(refusal),
            _ => None,
        };
        let expected = match refusal.map(|refusal| refusal.layer.as_str()) {
            None => Verdict::Valid,
            Some("json") => Verdict::Unread,
            Some(_) => Verdict::Invalid,
        };
        let code = refusal.map(|refusal| refusal.code.clone());
        let question = Question { id: case.id.clone(), document, expected, code };
        case.applies_to(Version::NEWEST).then_some(question)
    }
}

/// A file in which nothing can be wrong but a permission.
fn with_permission(text: &str) -> Vec<u8> {
    let token = json!({"token": "apiv3_x", "name": "a", "permissions": [text]});
    json!({"tokens": [token]}).to_string().into_bytes()
}

fn questions() -> Vec<Question> {
    let files = suite::load().expect("vectors");
    files.iter().flat_map(|file| &file.cases).filter_map(Question::of).collect()
}

/// What the crate says.
fn rust(questions: &[Question]) -> Vec<Verdict> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let validator = draft202012::new(&schema).expect("a schema");
    let verdict = |question: &Question| match serde_json::from_slice(&question.document) {
        Ok(value) if validator.is_valid(&value) => Verdict::Valid,
        Ok(_) => Verdict::Invalid,
        Err(_) => Verdict::Unread,
    };
    questions.iter().map(verdict).collect()
}

/// The exceptions that were made. Fails where something else is said than is expected, and it is none.
fn exceptions(questions: &[Question], said: &[Verdict]) -> Result<BTreeSet<Exception>, Failed> {
    let mut exceptions = BTreeSet::new();
    let mut faults = Vec::new();
    for (question, said) in questions.iter().zip(said) {
        let Question { id, expected, code, .. } = question;
        if said == expected {
            continue;
        }
        match Exception::of(question, *said) {
            Some(exception) => drop(exceptions.insert(exception)),
            None => faults.push(format!("{id}: {said:?}, not {expected:?} ({code:?})")),
        }
    }
    if faults.is_empty() { Ok(exceptions) } else { Err(faults.join("\n").into()) }
}

fn rust_says_what_the_vectors_expect() -> Result<(), Failed> {
    let questions = questions();
    let exceptions = exceptions(&questions, &rust(&questions))?;
    assert!(questions.len() > 1500, "{} vectors", questions.len());
    // An exception that no vector needs is none.
    assert!(exceptions.iter().eq(&Exception::ALL), "{exceptions:?}");
    Ok(())
}

fn python_says_the_same() -> Result<Completion, Failed> {
    if let Some(lacking) = python::lacks() {
        return Ok(Completion::ignored_with(format!("skipped: {lacking} is not installed")));
    }
    let questions = questions();
    let python = python::verdicts(&questions)?;
    exceptions(&questions, &python)?;
    for ((question, python), rust) in questions.iter().zip(python).zip(rust(&questions)) {
        let divides = |said| Exception::of(question, said).is_some_and(Exception::divides);
        let agree = python == rust || divides(python) || divides(rust);
        assert!(agree, "{}: {python:?} to Python, {rust:?} to Rust", question.id);
    }
    Ok(Completion::Completed)
}

fn main() -> ExitCode {
    let trials = vec![
        Trial::test("rust_says_what_the_vectors_expect", rust_says_what_the_vectors_expect),
        Trial::ignorable_test("python_says_the_same", python_says_the_same),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
