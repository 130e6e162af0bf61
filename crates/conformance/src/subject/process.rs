//! A driver: a program that answers a line for a line.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::lines::{self, Line, Talk};
use super::{Implementation, Introduction, MOST_STDERR, Reply, SETTLE, Subject};
use crate::child::Program;
use crate::protocol::{Answer, AnswerLine, Op, Reject, VERSION, Value};
use crate::vector::Case;

/// How long a driver may take to introduce itself, and to end.
const HELLO: Duration = Duration::from_secs(10);
const MOST_RESTARTS: usize = 10;

/// How long what a driver says on standard error may take to come after its answer.
const LATE: Duration = Duration::from_millis(5);

/// How often to look whether a driver that says nothing is there at all.
const LOOK: Duration = Duration::from_millis(50);

/// From one request to the next: more than one, so that a driver that counts and does not repeat what
/// it was given is found out.
const SEQ_STEP: u64 = 7;

/// A driver, started anew when it fails.
pub struct Driver {
    words: Vec<String>,
    timeout: Duration,
    introduction: Introduction,
    process: Option<Process>,
    /// How often it was started anew; in vain counts several times.
    restarts: usize,
    most_restarts: usize,
    /// What the last process said before it failed.
    stderr: Option<String>,
    /// Why the last restart did not succeed.
    failure: Option<String>,
}

impl Driver {
    /// Starts a driver and hears what it says of itself.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or does not introduce itself as the protocol has it; in words.
    pub fn start(words: Vec<String>, timeout: Duration) -> Result<Self, String> {
        let (process, introduction) = Process::start(&words)?;
        let (stderr, failure, process) = (None, None, Some(process));
        let (restarts, most_restarts) = (0, MOST_RESTARTS);
        Ok(Driver {
            words,
            timeout,
            introduction,
            process,
            restarts,
            most_restarts,
            stderr,
            failure,
        })
    }

    /// The same, started anew so often at most; after ten times in vain it is not tried again.
    pub fn restarting(self, most: usize) -> Self {
        Driver { most_restarts: most.max(MOST_RESTARTS), ..self }
    }

    /// The running process, started anew where the last one failed.
    fn process(&mut self) -> Option<&mut Process> {
        while self.process.is_none() && self.restarts < self.most_restarts {
            match Process::start(&self.words) {
                Ok((process, _)) => {
                    self.process = Some(process);
                    self.restarts += 1;
                }
                Err(failure) => {
                    self.failure = Some(failure);
                    self.restarts += self.most_restarts / MOST_RESTARTS;
                }
            }
        }
        self.process.as_mut()
    }
}

impl Subject for Driver {
    fn introduction(&self) -> &Introduction {
        &self.introduction
    }

    fn ask(&mut self, case: &Case) -> Reply {
        let timeout = self.timeout;
        self.stderr = None;
        let Some(process) = self.process() else {
            return Reply::NotRun(self.exhausted().unwrap_or_default());
        };
        let reply = process.ask(case, timeout);
        reply.unwrap_or_else(|failure| {
            self.stderr = self.process.take().map(|process| process.stderr.take_text());
            failure
        })
    }

    fn stderr(&mut self) -> String {
        let running = || {
            let process = self.process.as_ref()?;
            process.stderr.settle(LATE);
            Some(process.stderr.take_text())
        };
        self.stderr.take().or_else(running).unwrap_or_default()
    }

    fn exhausted(&self) -> Option<String> {
        let is_exhausted = self.process.is_none() && self.restarts >= self.most_restarts;
        let last = self.failure.as_ref().map(|failure| format!("; {failure}")).unwrap_or_default();
        let words =
            || format!("the driver was restarted {} times before{last}", self.most_restarts);
        is_exhausted.then(words)
    }

    fn finish(&mut self) -> Option<String> {
        self.process.take()?.finish()
    }
}

/// One life of a driver. It ends with this value.
struct Process {
    program: Program,
    requests: Option<Sender<Vec<u8>>>,
    answers: Receiver<Line>,
    stderr: Talk,
    seq: u64,
}

/// The answer to `hello`.
#[derive(Deserialize)]
struct HelloAnswer {
    #[serde(default)]
    seq: Option<u64>,
    #[serde(default)]
    protocol: Option<u64>,
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    implementation: Implementation,
    #[serde(default)]
    ops: Option<Vec<String>>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    target: Option<String>,
}

impl HelloAnswer {
    fn introduction(self) -> Result<Introduction, String> {
        if let Some(error) = self.error {
            return Err(format!("the driver cannot read hello: {error}"));
        }
        if self.outcome.as_deref() == Some("unsupported") {
            let message = self.message.unwrap_or_default();
            return Err(format!("the driver does not speak version {VERSION}: {message}"));
        }
        match self.protocol {
            Some(VERSION) => {}
            Some(other) => return Err(format!("the driver speaks version {other}, not {VERSION}")),
            None => return Err("the driver's hello has no `protocol`".to_owned()),
        }
        let known = |name: &String| Op::ALL.into_iter().find(|op| op.as_str() == name);
        let ops: Vec<Op> = self.ops.iter().flatten().filter_map(known).collect();
        if ops.is_empty() {
            return Err("the driver's hello has no operation in `ops`".to_owned());
        }
        Ok(Introduction {
            implementation: self.implementation,
            ops,
            features: self.features,
            target: self.target,
            verdict_only: false,
        })
    }
}

impl Process {
    fn start(words: &[String]) -> Result<(Self, Introduction), String> {
        let (program, streams) = Program::start(words)?;
        let mut process = Process {
            program,
            requests: Some(lines::write(streams.stdin)),
            answers: lines::read(streams.stdout),
            stderr: Talk::listen(streams.stderr, MOST_STDERR),
            seq: 0,
        };
        match process.hello() {
            Ok(introduction) => Ok((process, introduction)),
            Err(why) => Err(process.told(&why)),
        }
    }

    fn hello(&mut self) -> Result<Introduction, String> {
        let line = self
            .exchange("hello", &format!("{{\"protocol\":{VERSION}}}"), HELLO)
            .map_err(|reply| format!("the driver does not say hello: {}", reply.in_words()))?;
        let hello: HelloAnswer =
            json(&line).map_err(|why| format!("the driver's hello is none: {why}"))?;
        check_seq(hello.seq, self.seq).map_err(|why| format!("the driver's hello: {why}"))?;
        hello.introduction()
    }

    /// Asks for a case. An error is a reply after which the driver cannot be asked again.
    fn ask(&mut self, case: &Case, timeout: Duration) -> Result<Reply, Reply> {
        if self.seq > 0 {
            // It was about another case.
            self.stderr.take();
        }
        self.seq += SEQ_STEP;
        let line = self.exchange(case.op.as_str(), case.request.get(), timeout)?;
        let answer = read_line(self.seq, &line).map_err(Reply::ProtocolError)?;
        Ok(meaning(case.op, answer).map_or_else(Reply::ProtocolError, Reply::Answer))
    }

    /// Sends a request and waits for a line.
    fn exchange(&mut self, op: &str, members: &str, timeout: Duration) -> Result<String, Reply> {
        match self.answers.try_recv() {
            Ok(Line::Text(_)) => {
                return Err(Reply::ProtocolError("it said something unasked before".to_owned()));
            }
            Ok(Line::Bad(why)) => {
                return Err(Reply::ProtocolError(format!("unasked, before: {why}")));
            }
            Ok(end @ (Line::Half | Line::End)) => return Err(self.closed(&end)),
            Err(_) => {}
        }
        let mut line = format!("{{\"seq\":{},\"op\":\"{op}\"", self.seq);
        let members = members.trim_start_matches('{');
        if members.trim_start() != "}" {
            line.push(',');
        }
        // Line ends between members would part the request.
        members.split(['\n', '\r']).for_each(|part| line.push_str(part));
        line.push('\n');
        if let Some(requests) = &self.requests {
            // A driver that reads no more gives no answer either.
            let _ = requests.send(line.into_bytes());
        }
        self.hear(timeout)
    }

    /// Waits for a line.
    fn hear(&mut self, timeout: Duration) -> Result<String, Reply> {
        let begin = Instant::now();
        loop {
            let was_there = self.program.ended().is_none();
            let left = timeout.saturating_sub(begin.elapsed());
            match self.answers.recv_timeout(left.min(LOOK)) {
                Ok(Line::Text(line)) => return Ok(line),
                Ok(Line::Bad(why)) => return Err(Reply::ProtocolError(why)),
                Ok(end @ (Line::Half | Line::End)) => return Err(self.closed(&end)),
                Err(RecvTimeoutError::Disconnected) => return Err(self.closed(&Line::End)),
                // Somebody else holds its standard output open.
                Err(RecvTimeoutError::Timeout) if !was_there => {
                    return Err(self.closed(&Line::End));
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => {
                    let limit = humantime::format_duration(timeout);
                    return Err(Reply::Hang(format!("no answer in {limit}")));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// A driver that closed its standard output before its time, most often since it ended.
    fn closed(&mut self, end: &Line) -> Reply {
        let how = match self.program.wait(SETTLE) {
            Some(status) => {
                self.stderr.settle(SETTLE);
                format!("the driver ended with {status}")
            }
            None => "the driver closed its standard output".to_owned(),
        };
        match end {
            Line::Half => Reply::ProtocolError(format!("the last line has no end; {how}")),
            _ => Reply::Crash(how),
        }
    }

    /// Words, and with them what the driver said on standard error.
    fn told(&self, what: &str) -> String {
        let said = self.stderr.take_text();
        if said.is_empty() { what.to_owned() } else { format!("{what}; it said:\n{said}") }
    }

    /// `bye`: no answer, and exit status 0.
    fn finish(&mut self) -> Option<String> {
        let begin = Instant::now();
        let line = format!("{{\"seq\":{},\"op\":\"bye\"}}\n", self.seq + SEQ_STEP);
        if let Some(requests) = self.requests.take() {
            let _ = requests.send(line.into_bytes());
        }
        if let Ok(_) | Err(Reply::ProtocolError(_)) = self.hear(HELLO) {
            return Some("the driver said something after its last answer".to_owned());
        }
        match self.program.wait(HELLO.saturating_sub(begin.elapsed())) {
            Some(status) if status.success() => None,
            Some(status) => Some(self.told(&format!("the driver ended with {status} after bye"))),
            None => Some("the driver did not end after bye".to_owned()),
        }
    }
}

/// Reads a line as JSON; why not, in words.
fn json<'l, T: Deserialize<'l>>(line: &'l str) -> Result<T, String> {
    if line.starts_with('\u{feff}') {
        return Err("it begins with a byte-order mark".to_owned());
    }
    serde_json::from_str(line).map_err(|error| error.to_string())
}

fn check_seq(given: Option<u64>, expected: u64) -> Result<(), String> {
    match given {
        Some(given) if given == expected => Ok(()),
        Some(given) => Err(format!("the answer has seq {given}, and the request had {expected}")),
        None => Err(format!("the answer has no seq, and the request had {expected}")),
    }
}

/// The answer to the request with this number, whatever is in it.
fn read_line(seq: u64, line: &str) -> Result<AnswerLine<'_>, String> {
    let answer: AnswerLine<'_> =
        json(line).map_err(|why| format!("the line is no answer: {why}"))?;
    check_seq(answer.seq, seq)?;
    Ok(answer)
}

/// What an answer means; why it means nothing, in words.
fn meaning(op: Op, line: AnswerLine<'_>) -> Result<Answer, String> {
    if let Some(error) = line.error {
        return Err(format!("the driver cannot read the request: {error}"));
    }
    let owned = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
    match line.outcome.as_deref() {
        Some("accept") => {
            let value = line.value.ok_or("an `accept` has a `value`, and this one has none")?;
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
