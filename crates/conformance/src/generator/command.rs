//! Running the command that is checked, for a while.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use super::Fault;

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
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| Fault::NoCommand(no_command(&error)))?;
        let run = self.wait(child)?;
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
        let mut command = match (prelude, self.words.split_first()) {
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
        };
        own_group(&mut command);
        command
    }

    fn wait(&self, mut child: Child) -> Result<Run, Fault> {
        let begin = Instant::now();
        let left = || self.timeout.saturating_sub(begin.elapsed());
        let streams = [child.stdout.take().map(listen), child.stderr.take().map(listen)];
        let heard: Result<Vec<Vec<u8>>, _> =
            streams.into_iter().flatten().map(|stream| stream.recv_timeout(left())).collect();
        loop {
            match (child.try_wait(), &heard) {
                (Ok(Some(status)), Ok(heard)) => return Ok(Run { status, output: heard.concat() }),
                (Ok(None), Ok(_)) if !left().is_zero() => sleep(Duration::from_millis(1)),
                _ => break,
            }
        }
        kill(&mut child);
        let limit = humantime::format_duration(self.timeout);
        Err(Fault::Hang(format!("the command did not end in {limit}, and was killed")))
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

/// A group of its own, so that a script is killed with whatever it started.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

fn kill(child: &mut Child) {
    #[cfg(unix)]
    let _ = rustix::process::kill_process_group(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::KILL,
    );
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}
