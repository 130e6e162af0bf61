//! The program under `strace`: which system calls it makes, and what becomes of it when one of them
//! fails, or a signal comes just then. So every moment of its life can be named, and the program
//! needs no hooks for tests.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::NamedTempFile;

use crate::platform::{Outcome, need, run};
use crate::support::{PROGRAM, Place, Run};

/// Where `strace` writes, outside of the place that it watches.
const OPTIONS: &[&str] = &["-qq", "-y", "-s", "64"];

/// A system call of a recorded run.
#[derive(PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// Which call of this name it is, from 1.
    pub(crate) nth: usize,
    /// The line of the trace: with the paths of files, arguments and result.
    pub(crate) line: String,
}

impl Call {
    pub(crate) fn is(&self, name: &str, words: &[&str]) -> bool {
        self.name.starts_with(name) && words.iter().all(|word| self.line.contains(word))
    }

    /// What `strace` has to do at this call.
    fn injection(&self, what: &str) -> String {
        format!("inject={}:{what}:when={}", self.name, self.nth)
    }
}

pub(crate) fn need_strace() -> Outcome {
    need(Command::new("strace").args(["-qq", "-o", "/dev/null", "true"])).map(|_| ())
}

/// Runs the program and lists its system calls.
pub(crate) fn record(place: &Place, args: &[&str]) -> (Run, Vec<Call>) {
    let log = NamedTempFile::new().expect("a file");
    let path = log.path().to_str().expect("UTF-8");
    let mut command = place.process("strace", OPTIONS);
    let run = run(command.args(["-o", path, PROGRAM]).args(args));
    let trace = fs::read_to_string(log.path()).expect("a trace");
    let mut seen: HashMap<String, usize> = HashMap::new();
    let calls = trace.lines().filter_map(|line| {
        let (name, _) = line.split_once('(')?;
        let nth = seen.entry(name.to_owned()).or_default();
        *nth += 1;
        Some(Call { name: name.to_owned(), nth: *nth, line: line.to_owned() })
    });
    (run, calls.collect())
}

/// Something that happens at a call: `error=EIO`, `signal=KILL`.
pub(crate) type Event<'e> = (&'e Call, &'e str);

/// What lets `strace` make these events happen.
fn injections(events: &[Event<'_>]) -> Vec<String> {
    // Without a trace of the call nothing can be injected; of all others none is wanted.
    let traced: Vec<&str> = events.iter().map(|(call, _)| call.name.as_str()).collect();
    let injected = events.iter().map(|(call, what)| call.injection(what));
    let expressions = [format!("trace={}", traced.join(","))].into_iter().chain(injected);
    expressions.flat_map(|expression| ["-e".to_owned(), expression]).collect()
}

/// Runs the program with events.
pub(crate) fn run_with(place: &Place, events: &[Event<'_>], args: &[&str]) -> Run {
    let mut command = place.process("strace", &["-qq", "-o", "/dev/null"]);
    run(command.args(injections(events)).arg(PROGRAM).args(args))
}

/// A run of the program that was stopped at a call.
pub(crate) struct Stopped {
    program: Option<Child>,
    /// Where `strace` writes.
    log: NamedTempFile,
}

impl Stopped {
    /// Starts the program and waits until it has stopped, right after this call.
    pub(crate) fn after(place: &Place, call: &Call, args: &[&str]) -> Self {
        Stopped::with(place, &[(call, "signal=STOP")], args)
    }

    /// Starts the program with events of which one stops it.
    pub(crate) fn with(place: &Place, events: &[Event<'_>], args: &[&str]) -> Self {
        let log = NamedTempFile::new().expect("a file");
        // With -D the child is the program itself, and strace a process beside it.
        let mut command = place.process("strace", &["-D", "-qq", "-o"]);
        command.arg(log.path()).args(injections(events)).arg(PROGRAM).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let stopped = Stopped { program: Some(command.spawn().expect("strace runs")), log };
        let begin = Instant::now();
        while !stopped.is_stopped() {
            assert!(begin.elapsed() < Duration::from_secs(60), "the program does not stop");
            sleep(Duration::from_millis(2));
        }
        stopped
    }

    fn is_stopped(&self) -> bool {
        let trace = fs::read_to_string(self.log.path()).expect("a trace");
        trace.contains("--- stopped by SIGSTOP ---")
    }

    /// Sends a signal and waits for the end.
    fn end(&mut self, signal: Signal) -> Option<Run> {
        let program = self.program.take()?;
        kill_process(Pid::from_child(&program), signal).expect("there is a process");
        Some(program.wait_with_output().expect("it ends").into())
    }

    /// Lets the program go on to its end.
    pub(crate) fn go_on(mut self) -> Run {
        self.end(Signal::CONT).expect("a program")
    }

    /// Ends the program where it is.
    pub(crate) fn kill(mut self) -> Run {
        self.end(Signal::KILL).expect("a program")
    }
}

/// A failed test leaves no program behind.
impl Drop for Stopped {
    fn drop(&mut self) {
        self.end(Signal::KILL);
    }
}
