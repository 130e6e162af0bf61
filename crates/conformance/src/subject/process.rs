//! A driver: a program that answers a line for a line.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::lines::{self, Line, Talk};
use super::{Implementation, Introduction, Reply, Subject};
use crate::protocol::{Answer, AnswerLine, LONGEST_LINE, Op, Reject, VERSION, Value};
use crate::vector::Case;

/// How long a driver may take to introduce itself, and to end.
const HELLO: Duration = Duration::from_secs(10);
const MOST_RESTARTS: usize = 10;

/// A driver, started anew when it fails.
pub struct Driver {
    words: Vec<String>,
    timeout: Duration,
    introduction: Introduction,
    process: Option<Process>,
    restarts: usize,
}

impl Driver {
    /// Starts a driver and hears what it says of itself.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or does not introduce itself as the protocol has it; in words.
    pub fn start(words: Vec<String>, timeout: Duration) -> Result<Self, String> {
        let (process, introduction) = Process::start(&words)?;
        Ok(Driver { words, timeout, introduction, process: Some(process), restarts: 0 })
    }

    /// The running process, started anew where the last one failed.
    fn process(&mut self) -> Result<&mut Process, String> {
        if self.process.is_none() {
            if self.restarts == MOST_RESTARTS {
                return Err(format!("the driver failed after {MOST_RESTARTS} restarts"));
            }
            self.restarts += 1;
            self.process = Some(Process::start(&self.words)?.0);
        }
        self.process.as_mut().ok_or_else(|| "the driver is not running".to_owned())
    }
}

impl Subject for Driver {
    fn introduction(&self) -> &Introduction {
        &self.introduction
    }

    fn ask(&mut self, case: &Case) -> Reply {
        let timeout = self.timeout;
        let reply = match self.process() {
            Err(reason) => return Reply::NotRun(reason),
            Ok(process) => process.ask(case, timeout),
        };
        if !matches!(reply, Reply::Answer(_)) {
            self.process = None;
        }
        reply
    }

    fn finish(&mut self) -> Option<String> {
        self.process.take()?.finish()
    }
}

/// One life of a driver. It ends with this value.
struct Process {
    child: Child,
    requests: Option<Sender<Vec<u8>>>,
    answers: Receiver<Line>,
    talk: Talk,
    seq: u64,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The answer to `hello`.
#[derive(Deserialize)]
struct HelloAnswer {
    seq: u64,
    #[serde(default)]
    protocol: Option<u64>,
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    implementation: Implementation,
    #[serde(default)]
    ops: Vec<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    target: Option<String>,
}

impl Process {
    fn start(words: &[String]) -> Result<(Self, Introduction), String> {
        let Some((program, args)) = words.split_first() else {
            return Err("name a program".to_owned());
        };
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(format!("`{program}` cannot be talked to"));
        };
        let mut process = Process {
            child,
            requests: Some(lines::write(stdin)),
            answers: lines::read(stdout),
            talk: Talk::listen(stderr),
            seq: 0,
        };
        let introduction = process.hello()?;
        Ok((process, introduction))
    }

    fn hello(&mut self) -> Result<Introduction, String> {
        let line = self
            .exchange("hello", &format!("{{\"protocol\":{VERSION}}}"), HELLO)
            .map_err(|reply| format!("the driver does not say hello: {}", reply.in_words()))?;
        let hello: HelloAnswer = serde_json::from_str(&line)
            .map_err(|error| format!("the driver's hello is none: {error}"))?;
        if hello.outcome.as_deref() == Some("unsupported") || hello.protocol != Some(VERSION) {
            let message = hello.message.unwrap_or_default();
            return Err(format!("the driver does not speak version {VERSION}: {message}"));
        }
        if hello.seq != 0 {
            return Err(format!("the driver answers hello with seq {}", hello.seq));
        }
        let known = |name: &String| Op::ALL.into_iter().find(|op| op.as_str() == name);
        Ok(Introduction {
            implementation: hello.implementation,
            ops: hello.ops.iter().filter_map(known).collect(),
            features: hello.features,
            target: hello.target,
            verdict_only: false,
        })
    }

    fn ask(&mut self, case: &Case, timeout: Duration) -> Reply {
        match self.exchange(case.op.as_str(), case.request.get(), timeout) {
            Ok(line) => read_answer(case.op, self.seq - 1, &line),
            Err(reply) => reply,
        }
    }

    /// Sends a request and waits for a line.
    fn exchange(&mut self, op: &str, members: &str, timeout: Duration) -> Result<String, Reply> {
        if let Ok(Line::Text(_)) = self.answers.try_recv() {
            return Err(Reply::ProtocolError(self.told("it said something unasked before")));
        }
        let mut line = format!("{{\"seq\":{},\"op\":\"{op}\"", self.seq);
        let members = members.trim_start_matches('{');
        if members.trim_start() != "}" {
            line.push(',');
        }
        // Line ends between members would part the request.
        line.extend(members.chars().filter(|character| !matches!(character, '\n' | '\r')));
        line.push('\n');
        self.seq += 1;
        debug_assert!(line.len() <= LONGEST_LINE);
        if let Some(requests) = &self.requests {
            // A driver that reads no more gives no answer either.
            let _ = requests.send(line.into_bytes());
        }
        match self.answers.recv_timeout(timeout) {
            Ok(Line::Text(line)) => Ok(line),
            Ok(Line::Bad(why)) => Err(Reply::ProtocolError(self.told(&why))),
            Ok(Line::End) | Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
            Err(RecvTimeoutError::Timeout) => {
                let limit = humantime::format_duration(timeout);
                Err(Reply::Hang(self.told(&format!("no answer in {limit}"))))
            }
        }
    }

    /// A driver that closed its standard output before its time.
    fn ended(&mut self) -> Reply {
        let how = match self.wait(Duration::from_secs(1)) {
            Some(status) => format!("the driver ended with {status}"),
            None => "the driver closed its standard output".to_owned(),
        };
        Reply::Crash(self.told(&how))
    }

    fn wait(&mut self, most: Duration) -> Option<ExitStatus> {
        let begin = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begin.elapsed() < most => sleep(Duration::from_millis(2)),
                _ => return None,
            }
        }
    }

    fn told(&self, what: &str) -> String {
        let talk = self.talk.shown();
        if talk.is_empty() { what.to_owned() } else { format!("{what}; it said: {talk}") }
    }

    /// `bye`: no answer, and exit status 0.
    fn finish(&mut self) -> Option<String> {
        if let Some(requests) = self.requests.take() {
            let _ =
                requests.send(format!("{{\"seq\":{},\"op\":\"bye\"}}\n", self.seq).into_bytes());
        }
        let status = self.wait(HELLO);
        if let Ok(Line::Text(_) | Line::Bad(_)) = self.answers.try_recv() {
            return Some("it said something after bye".to_owned());
        }
        match status {
            Some(status) if status.success() => None,
            Some(status) => Some(self.told(&format!("it ended with {status} after bye"))),
            None => Some("it did not end after bye".to_owned()),
        }
    }
}

/// Reads the answer to a request by the protocol.
fn read_answer(op: Op, seq: u64, line: &str) -> Reply {
    answer(op, seq, line).map_or_else(Reply::ProtocolError, Reply::Answer)
}

fn answer(op: Op, seq: u64, text: &str) -> Result<Answer, String> {
    let line: AnswerLine<'_> =
        serde_json::from_str(text).map_err(|error| format!("the line is no answer: {error}"))?;
    if line.seq != Some(seq) {
        let given = line.seq.map_or("none".to_owned(), |seq| seq.to_string());
        return Err(format!("the answer has seq {given}, and the request had {seq}"));
    }
    if let Some(error) = line.error {
        return Err(format!("the driver cannot read the request: {error}"));
    }
    let owned = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
    match line.outcome.as_deref() {
        Some("accept") => {
            let value = line.value.ok_or("an `accept` has a `value`")?;
            let value = Value::parse(op, value.get());
            value.map(Answer::Accept).map_err(|error| format!("the value is none of {op}: {error}"))
        }
        Some("reject") => Ok(Answer::Reject(Reject {
            layer: owned(line.layer),
            code: owned(line.code),
            message: owned(line.message),
        })),
        Some("unsupported") => Ok(Answer::Unsupported(owned(line.message).unwrap_or_default())),
        Some(other) => Err(format!("`{other}` is no outcome")),
        None => Err("the answer has no outcome".to_owned()),
    }
}

impl Reply {
    /// What went wrong.
    fn in_words(&self) -> String {
        match self {
            Reply::Answer(_) => "an answer".to_owned(),
            Reply::Crash(words)
            | Reply::Hang(words)
            | Reply::ProtocolError(words)
            | Reply::NotRun(words) => words.clone(),
        }
    }
}
