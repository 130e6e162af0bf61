//! Programs that know no protocol: the payload on standard input, the verdict as an exit status.

use std::process::ExitStatus;
use std::time::Duration;

use super::lines::{self, Talk};
use super::{Implementation, Introduction, MOST_STDERR, Reply, SETTLE, Subject};
use crate::child::Program;
use crate::protocol::{Answer, Op, Reject, Request, Value};
use crate::protocol::{LoadValue, PermissionValue};
use crate::vector::Case;

/// How much of what a program says is looked at, in bytes: the end.
const MOST_OUTPUT: usize = 1 << 20;

/// One-shot programs, by op.
pub struct OneShot {
    introduction: Introduction,
    programs: Vec<(Op, Vec<String>)>,
    timeout: Duration,
    reject_status: Option<i32>,
    stderr: String,
}

impl OneShot {
    /// Programs for the ops that have one. With `reject_status` that exit status alone rejects.
    ///
    /// # Errors
    ///
    /// When one of them cannot be started; in words.
    pub fn start(
        programs: Vec<(Op, Vec<String>)>,
        timeout: Duration,
        reject_status: Option<i32>,
    ) -> Result<Self, String> {
        for (_, words) in &programs {
            // It ends with the value, before it has been asked for anything.
            Program::start(words)?;
        }
        let name = programs.iter().map(|(_, words)| words.join(" ")).collect::<Vec<_>>().join(", ");
        let introduction = Introduction {
            implementation: Implementation { name, ..Implementation::default() },
            ops: programs.iter().map(|(op, _)| *op).collect(),
            verdict_only: true,
            ..Introduction::default()
        };
        Ok(OneShot { introduction, programs, timeout, reject_status, stderr: String::new() })
    }

    /// Runs a program to its end, or ends it after a while.
    fn run(&mut self, op: Op, payload: Vec<u8>) -> Reply {
        let words = self.programs.iter().find(|(found, _)| *found == op).map(|(_, words)| words);
        let (mut program, streams) = match Program::start(words.map_or(&[], Vec::as_slice)) {
            Ok(started) => started,
            Err(why) => return Reply::NotRun(why),
        };
        // A program may decide before it has read everything.
        let _ = lines::write(streams.stdin).send(payload);
        let stdout = Talk::listen(streams.stdout, MOST_OUTPUT);
        let stderr = Talk::listen(streams.stderr, MOST_STDERR);
        let status = program.wait(self.timeout);
        if status.is_some() {
            stdout.settle(SETTLE);
            stderr.settle(SETTLE);
        }
        self.stderr = stderr.take_text();
        match status {
            Some(status) => self.verdict(op, status, &stdout.take().0),
            None => {
                let limit = humantime::format_duration(self.timeout);
                Reply::Hang(format!("the program did not end in {limit}"))
            }
        }
    }

    fn verdict(&self, op: Op, status: ExitStatus, output: &[u8]) -> Reply {
        let says_so = output.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"reject"));
        let rejects = match self.reject_status {
            Some(number) => status.code() == Some(number),
            None => status.code() == Some(1) && says_so,
        };
        if status.success() {
            Reply::Answer(Answer::Accept(nothing(op)))
        } else if rejects {
            Reply::Answer(Answer::Reject(Reject::default()))
        } else if status.code() == Some(1) && self.reject_status.is_none() {
            Reply::Crash(format!(
                "the program ended with {status}, and printed no line that begins with `reject`"
            ))
        } else {
            Reply::Crash(format!("the program ended with {status}"))
        }
    }
}

/// The value of a program that gives none.
fn nothing(op: Op) -> Value {
    match op {
        Op::Permission => Value::Permission(PermissionValue {
            resource_type: String::new(),
            resource_names: Vec::new(),
            actions: Vec::new(),
        }),
        _ => Value::Load(LoadValue {
            create_databases: Vec::new(),
            tokens: Vec::new(),
            warnings: None,
        }),
    }
}

impl Subject for OneShot {
    fn introduction(&self) -> &Introduction {
        &self.introduction
    }

    fn ask(&mut self, case: &Case) -> Reply {
        let payload = match case.request() {
            Ok(Request::Permission(request)) => request.text.as_bytes().to_vec(),
            Ok(Request::Load(request)) => match request.document.bytes() {
                Ok(bytes) => bytes.into_owned(),
                Err(error) => return Reply::ProtocolError(error.to_string()),
            },
            _ => return Reply::ProtocolError("there is no one-shot form of this".to_owned()),
        };
        self.run(case.op, payload)
    }

    fn stderr(&mut self) -> String {
        std::mem::take(&mut self.stderr)
    }
}
