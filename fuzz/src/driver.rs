//! What `PROTOCOL.md` promises of a driver, whatever it is asked.

use std::borrow::Cow;

use conformance::driver::serve;
use conformance::protocol::{AnswerLine, Op, Value};
use testkit::json;
use tokens::Code;

/// Puts bytes to the reference's driver as its standard input.
///
/// # Panics
///
/// When an answer is missing, is one too many, or is none by the protocol.
#[allow(clippy::panic, clippy::expect_used, reason = "an oracle panics where something is broken")]
pub(crate) fn lines(input: &[u8]) {
    let output = answers(input);
    let mut answers_left = output.split_inclusive(|byte| *byte == b'\n');
    let mut one_by_one = Vec::with_capacity(output.len());
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        let request = Request::read(line);
        if request.as_ref().is_some_and(|request| request.op == "bye") {
            break;
        }
        let answer = answers_left.next().expect("an answer to each request");
        let answer = answer.strip_suffix(b"\n").expect("an end to each answer");
        let answer = std::str::from_utf8(answer).expect("an answer in UTF-8");
        match request {
            Some(request) => request.is_answered_by(answer),
            None => unreadable(line, answer),
        }
        // No operation has a memory.
        one_by_one.extend(self::answers(line));
    }
    assert_eq!(answers_left.next(), None, "an answer that nothing asked for");
    assert!(output == one_by_one, "an answer depends on the requests before");
}

#[allow(clippy::panic, reason = "an oracle panics where something is broken")]
fn answers(mut input: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    serve(&mut input, &mut output).unwrap_or_else(|error| panic!("the session ended: {error}"));
    output
}

/// A line that is an object with one number and one op, whatever else.
struct Request {
    seq: u64,
    op: String,
}

impl Request {
    fn read(line: &[u8]) -> Option<Self> {
        let members = json::members(std::str::from_utf8(line).ok()?).ok()?;
        let seq = serde_json::from_str(only("seq", &members)?).ok()?;
        let op = serde_json::from_str(only("op", &members)?).ok()?;
        Some(Request { seq, op })
    }

    #[allow(clippy::panic, reason = "an oracle panics where something is broken")]
    fn is_answered_by(&self, answer: &str) {
        let line = parse(answer);
        assert_eq!(line.seq, Some(self.seq), "another number: {answer}");
        let op = Op::ALL.into_iter().find(|op| op.as_str() == self.op);
        match (line.outcome.as_deref(), op) {
            (None, None) if self.op == "hello" && line.error.is_none() => greeting(answer),
            (None, _) => assert!(line.error.is_some(), "neither an outcome nor an error: {answer}"),
            (Some("unsupported"), None) => assert!(line.message.is_some(), "no reason: {answer}"),
            (Some("accept"), Some(op)) => {
                let value = line.value.as_deref().map_or("", |value| value.get());
                let value = Value::parse(op, value);
                value.unwrap_or_else(|error| panic!("no value of {op}: {error}: {answer}"));
            }
            (Some("reject"), Some(_)) => refusal(&line, answer),
            (Some(_), _) => panic!("an outcome that {} does not have: {answer}", self.op),
        }
    }
}

/// The value of a member that is there once.
fn only<'m>(name: &str, members: &[(String, &'m str)]) -> Option<&'m str> {
    let mut values = members.iter().filter(|(member, _)| member == name).map(|(_, value)| *value);
    values.next().filter(|_| values.next().is_none())
}

#[allow(clippy::panic, reason = "an oracle panics where something is broken")]
fn parse(answer: &str) -> AnswerLine<'_> {
    serde_json::from_str(answer).unwrap_or_else(|error| panic!("no answer: {error}: {answer}"))
}

/// A request that cannot be read is answered with an error, and with its number where it has one.
fn unreadable(line: &[u8], answer: &str) {
    let members = std::str::from_utf8(line).ok().and_then(|line| json::members(line).ok());
    let seq = members.as_deref().and_then(|members| only("seq", members));
    let line = parse(answer);
    assert!(line.error.is_some() && line.outcome.is_none(), "no error: {answer}");
    assert_eq!(line.seq, seq.and_then(|seq| serde_json::from_str(seq).ok()), "{answer}");
}

/// The reference gives layer, code and message always.
fn refusal(line: &AnswerLine<'_>, answer: &str) {
    let code = line.code.as_deref().and_then(Code::from_name);
    let layer = code.map(|code| Cow::Owned(code.layer().to_string()));
    assert!(layer.is_some() && line.layer == layer, "code and layer do not fit: {answer}");
    assert!(line.message.is_some(), "no message: {answer}");
}

#[allow(clippy::expect_used, reason = "an oracle panics where something is broken")]
fn greeting(answer: &str) {
    let members = json::members(answer).expect("an object");
    let has = |name: &str| only(name, &members).is_some();
    assert!(["protocol", "implementation", "ops", "features"].into_iter().all(has), "{answer}");
}
