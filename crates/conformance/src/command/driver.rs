//! `driver`: the reference behind the protocol.

use std::borrow::Cow;
use std::io::{self, BufRead, BufWriter, Write};

use conformance::protocol::{
    Answer, AnswerLine, Hello, LONGEST_LINE, Op, Reject, Request, VERSION,
};
use conformance::reference;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::{Failure, Status};

/// What every request has.
#[derive(Deserialize)]
struct Head<'a> {
    seq: u64,
    #[serde(borrow)]
    op: Cow<'a, str>,
}

/// The answer to `hello`.
#[derive(Serialize)]
struct HelloAnswer {
    seq: u64,
    protocol: u64,
    implementation: Implementation,
    ops: [Op; 5],
    features: [&'static str; 2],
    target: &'static str,
}

#[derive(Serialize)]
struct Implementation {
    name: &'static str,
    version: &'static str,
    language: &'static str,
}

pub(super) fn run() -> Result<Status, Failure> {
    let (mut input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    let mut line = Vec::new();
    while read_line(&mut input, &mut line)? {
        let Some(answer) = answer(&line) else { break };
        let written = output.write_all(answer.as_bytes()).and_then(|()| output.flush());
        if written.is_err() {
            break;
        }
    }
    Ok(Status::Passed)
}

/// Reads a line without its end; false at the end of input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, Failure> {
    line.clear();
    let limit = LONGEST_LINE as u64 + 1;
    let read = io::Read::take(&mut *input, limit).read_until(b'\n', line);
    match read {
        Ok(0) => Ok(false),
        Ok(_) if line.last() == Some(&b'\n') => {
            line.pop();
            Ok(true)
        }
        Ok(_) if line.len() <= LONGEST_LINE => Ok(true),
        Ok(_) => {
            let message = format!("a request is longer than {LONGEST_LINE} bytes");
            Err(Failure(Status::Failed, message))
        }
        Err(error) => Err(Failure(Status::CannotRun, format!("cannot read: {error}"))),
    }
}

/// The answer to a line, with its end; none to `bye`.
fn answer(line: &[u8]) -> Option<String> {
    let answered =
        std::str::from_utf8(line).map_err(|error| (None, error.to_string())).and_then(answer_text);
    match answered {
        Ok(answer) => answer,
        Err((seq, error)) => {
            let error = Some(Cow::Owned(error));
            Some(one_line(&AnswerLine { seq, error, ..AnswerLine::default() }))
        }
    }
}

fn answer_text(line: &str) -> Result<Option<String>, (Option<u64>, String)> {
    let head: Head<'_> = serde_json::from_str(line).map_err(|error| (None, error.to_string()))?;
    let seq = Some(head.seq);
    let unreadable = |error: String| (seq, error);
    match &*head.op {
        "bye" => Ok(None),
        "hello" => {
            let hello: Hello =
                serde_json::from_str(line).map_err(|error| unreadable(error.to_string()))?;
            Ok(Some(greet(head.seq, &hello)))
        }
        name => {
            let Some(op) = Op::ALL.into_iter().find(|op| op.as_str() == name) else {
                return Ok(Some(unsupported(seq, format!("there is no op `{name}`"))));
            };
            let request =
                Request::parse(op, line).map_err(|error| unreadable(error.to_string()))?;
            let answer = reference::answer(&request).map_err(|error| unreadable(error.0))?;
            Ok(Some(answer_line(seq, answer)))
        }
    }
}

fn greet(seq: u64, hello: &Hello) -> String {
    if hello.protocol != VERSION {
        let message = format!("this driver speaks version {VERSION}");
        return unsupported(Some(seq), message);
    }
    let implementation = Implementation {
        name: reference::NAME,
        version: env!("CARGO_PKG_VERSION"),
        language: "Rust",
    };
    let target = reference::TARGET;
    let features = reference::FEATURES;
    one_line(&HelloAnswer {
        seq,
        protocol: VERSION,
        implementation,
        ops: Op::ALL,
        features,
        target,
    })
}

fn unsupported(seq: Option<u64>, message: String) -> String {
    answer_line(seq, Answer::Unsupported(message))
}

fn answer_line(seq: Option<u64>, answer: Answer) -> String {
    let line = AnswerLine { seq, ..AnswerLine::default() };
    one_line(&match answer {
        Answer::Accept(value) => {
            let value: Option<Box<RawValue>> = to_raw_value(&value).ok();
            let value = value.map(Cow::Owned);
            AnswerLine { outcome: Some("accept".into()), value, ..line }
        }
        Answer::Reject(Reject { layer, code, message }) => AnswerLine {
            outcome: Some("reject".into()),
            layer: layer.map(Cow::Owned),
            code: code.map(Cow::Owned),
            message: message.map(Cow::Owned),
            ..line
        },
        Answer::Unsupported(message) => AnswerLine {
            outcome: Some("unsupported".into()),
            message: Some(message.into()),
            ..line
        },
    })
}

fn one_line(value: &impl Serialize) -> String {
    // Such a value always has a JSON text.
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}
