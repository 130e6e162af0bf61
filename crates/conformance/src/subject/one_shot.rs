//! Programs that know no protocol: the payload on standard input, the verdict as an exit status.

use std::io::{Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use super::{Implementation, Introduction, Reply, Subject};
use crate::protocol::{Answer, Op, Reject, Request, Value};
use crate::protocol::{LoadValue, PermissionValue};
use crate::vector::Case;

/// How much of what a program says is looked at, in bytes.
const MOST_OUTPUT: u64 = 1 << 20;

/// One-shot programs, by op.
pub struct OneShot {
    introduction: Introduction,
    programs: Vec<(Op, Vec<String>)>,
    timeout: Duration,
    reject_status: Option<i32>,
}

impl OneShot {
    /// Programs for the ops that have one. With `reject_status` that exit status alone rejects.
    pub fn new(
        programs: Vec<(Op, Vec<String>)>,
        timeout: Duration,
        reject_status: Option<i32>,
    ) -> Self {
        let name = programs.iter().map(|(_, words)| words.join(" ")).collect::<Vec<_>>().join(", ");
        let introduction = Introduction {
            implementation: Implementation { name, ..Implementation::default() },
            ops: programs.iter().map(|(op, _)| *op).collect(),
            verdict_only: true,
            ..Introduction::default()
        };
        OneShot { introduction, programs, timeout, reject_status }
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
        let words = self.programs.iter().find(|(op, _)| *op == case.op).map(|(_, words)| words);
        let payload = match case.request() {
            Ok(Request::Permission(request)) => request.text.as_bytes().to_vec(),
            Ok(Request::Load(request)) => match request.document.bytes() {
                Ok(bytes) => bytes.into_owned(),
                Err(error) => return Reply::ProtocolError(error.to_string()),
            },
            _ => return Reply::ProtocolError("there is no one-shot form of this".to_owned()),
        };
        let Some((program, args)) = words.and_then(|words| words.split_first()) else {
            return Reply::NotRun("there is no program for this".to_owned());
        };
        match run(Command::new(program).args(args), payload, self.timeout) {
            Ok((status, output)) => self.verdict(case.op, status, &output),
            Err(reply) => reply,
        }
    }
}

/// Runs a program to its end, or kills it after a while.
fn run(
    command: &mut Command,
    payload: Vec<u8>,
    timeout: Duration,
) -> Result<(ExitStatus, Vec<u8>), Reply> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| Reply::NotRun(error.to_string()))?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    thread::spawn(move || {
        // A program may decide before it has read everything.
        stdin.map(|mut stdin| stdin.write_all(&payload))
    });
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut output = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(MOST_OUTPUT).read_to_end(&mut output);
        }
        let _ = sender.send(output);
    });
    let output = receiver.recv_timeout(timeout);
    if output.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| Reply::Crash(error.to_string()))?;
    let limit = humantime::format_duration(timeout);
    let output = output.map_err(|_| Reply::Hang(format!("no verdict in {limit}")))?;
    Ok((status, output))
}
