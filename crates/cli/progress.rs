//! A line on a terminal that shows that work goes on, once it takes more than a second.

use std::cell::Cell;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that may take a while. The line is gone when this is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    steps: Cell<u64>,
    /// Who waits to show the line wakes when this is dropped.
    done: Option<Sender<()>>,
}

impl Progress {
    const PATIENCE: Duration = Duration::from_secs(1);
    const TICK: Duration = Duration::from_millis(100);
    /// To show a step takes longer than to do it.
    const STEPS_AT_ONCE: u64 = 1024;

    /// Work whose steps are counted.
    pub(crate) fn of_steps() -> Self {
        Progress::new("{spinner} {human_pos} {msg}, {elapsed}")
    }

    /// Work on one thing after the other.
    pub(crate) fn of_things() -> Self {
        Progress::new("{spinner} {msg}, {elapsed}")
    }

    fn new(template: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let bar = match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        let done = io::stderr().is_terminal().then(|| show_later(bar.clone()));
        Progress { bar, steps: Cell::new(0), done }
    }

    /// From now on it is about this, whose steps are counted from zero.
    pub(crate) fn begin(&self, what: impl Into<String>) {
        self.bar.set_message(what.into());
        self.set(0);
    }

    /// One step more.
    pub(crate) fn step(&self) {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps.is_multiple_of(Self::STEPS_AT_ONCE) {
            self.bar.set_position(steps);
        }
    }

    /// So many steps are done.
    pub(crate) fn set(&self, steps: usize) {
        self.steps.set(steps as u64);
        self.bar.set_position(steps as u64);
    }

    /// Does something that prints, while the line is not there.
    pub(crate) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.take();
        self.bar.finish_and_clear();
    }
}

fn show_later(bar: ProgressBar) -> Sender<()> {
    let (done, waiting) = mpsc::channel();
    let wait = move || {
        if waiting.recv_timeout(Progress::PATIENCE) == Err(RecvTimeoutError::Timeout) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Progress::TICK);
        }
    };
    // Without a thread there is no line: nothing else depends on it.
    let _ = thread::Builder::new().spawn(wait);
    done
}
