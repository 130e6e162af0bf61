//! The reference behind the protocol: lines in, lines out. So the suite can ask it as it asks any other
//! implementation, and whoever writes a driver can see what another one answers.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::protocol::{Answer, AnswerLine, Hello, LONGEST_LINE, Op, Reject, Request, VERSION};
use crate::reference;

/// Why a session ended before its last line.
#[derive(Debug)]
pub enum SessionError {
    /// A request is longer than a line may be.
    TooLong,
    /// The requests cannot be read.
    Read(io::Error),
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::TooLong => write!(f, "a request is longer than {LONGEST_LINE} bytes"),
            SessionError::Read(error) => write!(f, "cannot read: {error}"),
        }
    }
}

impl std::error::Error for SessionError {}

/// What every request has.
#[derive(Deserialize)]
struct Head<'a> {
    seq: u64,
    #[serde(borrow)]
    op: Cow<'a, str>,
}

/// What is left of it where there is no op.
#[derive(Deserialize)]
struct Numbered {
    seq: u64,
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

/// Answers requests until `bye`, the end of the input, or the end of whoever reads the answers.
///
/// # Errors
///
/// When a request cannot be read; those before it are answered.
///
/// ```
/// let mut answers = Vec::new();
/// let requests = br#"{"seq":7,"op":"permission","text":"db:a:read"}"#;
/// conformance::driver::serve(&mut &requests[..], &mut answers)?;
/// assert!(answers.starts_with(br#"{"seq":7,"outcome":"accept""#));
/// # Ok::<(), conformance::driver::SessionError>(())
/// ```
pub fn serve(input: &mut impl BufRead, output: &mut impl Write) -> Result<(), SessionError> {
    let mut line = Vec::new();
    while read_line(input, &mut line)? {
        let Some(answer) = answer(&line) else { break };
        if output.write_all(answer.as_bytes()).and_then(|()| output.flush()).is_err() {
            break;
        }
    }
    Ok(())
}

/// Reads a line without its end; false at the end of input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, SessionError> {
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
        Ok(_) => Err(SessionError::TooLong),
        Err(error) => Err(SessionError::Read(error)),
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
    // serde would take an array of the members' values for an object.
    if !line.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{') {
        return Err((None, "a request is one JSON object on one line".to_owned()));
    }
    let head: Head<'_> = serde_json::from_str(line).map_err(|error| {
        let numbered: Option<Numbered> = serde_json::from_str(line).ok();
        (numbered.map(|numbered| numbered.seq), error.to_string())
    })?;
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
