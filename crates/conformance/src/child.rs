//! Child processes, each in a process group of its own, so that nothing it starts outlives it.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often to look whether a program has ended.
const LOOK: Duration = Duration::from_micros(500);

/// The process groups that there are.
static GROUPS: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

fn groups() -> MutexGuard<'static, BTreeSet<u32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends all programs that run, then does the last thing of all: no program is started meanwhile.
pub fn end_all(last: impl FnOnce()) {
    let groups = groups();
    groups.iter().for_each(|leader| group::kill(*leader));
    last();
}

/// A program that runs. It ends with this value, and with it whatever it started.
pub(crate) struct Program {
    child: Child,
    status: Option<ExitStatus>,
}

/// The three streams of a program.
pub(crate) struct Streams {
    pub(crate) stdin: ChildStdin,
    pub(crate) stdout: ChildStdout,
    pub(crate) stderr: ChildStderr,
}

impl Program {
    /// Starts a program with its arguments; why not, in words.
    pub(crate) fn start(words: &[String]) -> Result<(Self, Streams), String> {
        let Some((program, args)) = words.split_first() else {
            return Err("name a program".to_owned());
        };
        Program::spawn(Command::new(program).args(args))
            .map_err(|error| format!("`{program}` cannot be started: {error}"))
    }

    /// Starts a command with pipes on its streams.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<(Self, Streams)> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        group::lead(command);
        let mut groups = groups();
        let child = command.spawn()?;
        groups.insert(child.id());
        drop(groups);
        let mut program = Program { child, status: None };
        let child = &mut program.child;
        match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(stdin), Some(stdout), Some(stderr)) => {
                Ok((program, Streams { stdin, stdout, stderr }))
            }
            _ => Err(io::Error::other("the program cannot be talked to")),
        }
    }

    /// How the program ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() && group::has_ended(&mut self.child) {
            self.status = self.bury();
        }
        self.status
    }

    /// Waits until it ends, but no longer than this.
    pub(crate) fn wait(&mut self, most: Duration) -> Option<ExitStatus> {
        let begin = Instant::now();
        loop {
            match self.ended() {
                None if begin.elapsed() < most => sleep(LOOK),
                status => return status,
            }
        }
    }

    /// Ends the group. Its number is nobody else's until the leader has been waited for.
    fn bury(&mut self) -> Option<ExitStatus> {
        group::kill(self.child.id());
        let _ = self.child.kill();
        groups().remove(&self.child.id());
        self.child.wait().ok()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.bury();
        }
    }
}

#[cfg(unix)]
mod group {
    use std::os::unix::process::CommandExt as _;
    use std::process::{Child, Command};

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    pub(super) fn lead(command: &mut Command) {
        command.process_group(0);
    }

    pub(super) fn kill(leader: u32) {
        // Where nobody is left, nobody has to be ended.
        let leader = i32::try_from(leader).ok().and_then(Pid::from_raw);
        let _ = leader.map(|leader| kill_process_group(leader, Signal::KILL));
    }

    /// Whether a child ended; it stays to be waited for, so that its number stays its own.
    pub(super) fn has_ended(child: &mut Child) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        matches!(waitid(WaitId::Pid(Pid::from_child(child)), options), Ok(Some(_)))
    }
}

#[cfg(not(unix))]
mod group {
    use std::process::{Child, Command};

    pub(super) fn lead(_: &mut Command) {}

    pub(super) fn kill(_: u32) {}

    pub(super) fn has_ended(child: &mut Child) -> bool {
        matches!(child.try_wait(), Ok(Some(_)))
    }
}
