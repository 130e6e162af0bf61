//! Running the command that is checked, for a while.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::Fault;
use crate::child::{Program, Streams};

/// How much of each stream is kept, in bytes. The rest is read all the same, so that nobody who talks
/// a lot has to wait.
const KEPT: u64 = 1 << 20;

/// How much of what a command says is shown, in characters.
const SHOWN: usize = 400;

/// A command that takes the flags of GEN-02.
pub struct Generator {
    words: Vec<String>,
    timeout: Duration,
    /// Whether GEN-07 does not count.
    pub(super) may_print_secrets: bool,
}

/// What came of running the command.
pub(super) struct Run {
    status: ExitStatus,
    /// Standard output, then standard error.
    pub(super) output: Vec<u8>,
}

impl Run {
    pub(super) fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// How the command ended and what it said, masked, so that it can be shown.
    pub(super) fn in_words(&self) -> String {
        let said = shown(&self.output);
        let said = if said.is_empty() { said } else { format!("; it said: {said}") };
        format!("{}{said}", self.status)
    }
}

impl Generator {
    /// The command: a program and its arguments, to which those of GEN-02 are added. Every run of it
    /// ends in time. With `may_print_secrets` nobody looks for secrets in what it prints.
    pub fn new(words: Vec<String>, timeout: Duration, may_print_secrets: bool) -> Self {
        Generator { words, timeout, may_print_secrets }
    }

    /// The command line, as reports name it.
    pub(super) fn name(&self) -> String {
        self.words.join(" ")
    }

    /// Runs the command to its end, or kills it after a while. With a prelude a shell runs that first:
    /// what a process inherits, such as the umask, cannot be set for a child alone otherwise.
    pub(super) fn run(&self, prelude: Option<&str>, args: &[&OsStr]) -> Result<Run, Fault> {
        let program = self.words.first().map_or("", String::as_str);
        let no_command =
            |error: &dyn ToString| format!("`{program}` cannot be started: {}", error.to_string());
        let mut command = self.command(prelude);
        let started = Program::spawn(command.args(args));
        let (program, streams) = started.map_err(|error| Fault::NoCommand(no_command(&error)))?;
        let run = self.wait(program, streams)?;
        // What a shell says about a program that is not there.
        if prelude.is_some() && matches!(run.status.code(), Some(126 | 127)) {
            return Err(Fault::NoCommand(no_command(&run.in_words())));
        }
        match signal(run.status) {
            Some(_) => Err(Fault::Crash(format!("the command ended with {}", run.in_words()))),
            None => Ok(run),
        }
    }

    fn command(&self, prelude: Option<&str>) -> Command {
        match (prelude, self.words.split_first()) {
            (None, Some((program, args))) => {
                let mut command = Command::new(program);
                command.args(args);
                command
            }
            (prelude, _) => {
                let mut command = Command::new("sh");
                let script = format!("{}\nexec \"$@\"", prelude.unwrap_or_default());
                command.args(["-c", &script, "sh"]).args(&self.words);
                command
            }
        }
    }

    fn wait(&self, mut program: Program, streams: Streams) -> Result<Run, Fault> {
        drop(streams.stdin);
        let heard = [listen(streams.stdout), listen(streams.stderr)];
        let Some(status) = program.wait(self.timeout) else {
            let limit = humantime::format_duration(self.timeout);
            let words = format!("the command did not end in {limit}, and was killed");
            return Err(Fault::Hang(words));
        };
        // Whoever held the pipes ended with the command.
        let output = heard.iter().flat_map(|stream| stream.recv_timeout(self.timeout)).flatten();
        Ok(Run { status, output: output.collect() })
    }
}

/// All that comes out of a pipe, once it is closed.
fn listen(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut heard = Vec::new();
        let _ = pipe.by_ref().take(KEPT).read_to_end(&mut heard);
        let _ = io::copy(&mut pipe, &mut io::sink());
        let _ = sender.send(heard);
    });
    receiver
}

fn shown(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let text = tokens::visible(&tokens::mask::mask_prefixed(text.trim())).into_owned();
    match text.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text,
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
