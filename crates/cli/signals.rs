//! Signals while a file is written.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM,
    SIGXCPU, SIGXFSZ,
};
use signal_hook::flag;

/// What people, terminals, service managers, timers and limits send to end a program.
const STOPS: [i32; 11] = [
    SIGALRM, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXCPU,
];

/// A flag that the next signal to stop sets, so that a writer can clear up; a second one ends the
/// program at once. A file-size limit becomes an error of the write instead of a signal.
pub(crate) fn interrupted() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let ignored = ignored();
    for signal in STOPS.into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0) {
        // Where a signal cannot be caught, it ends the program as ever, and the next run clears up.
        let again = Arc::clone(&interrupted);
        let _ = flag::register_conditional_default(signal, again);
        let _ = flag::register(signal, Arc::clone(&interrupted));
    }
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    interrupted
}

/// The signals that whoever started the program wants ignored, as `nohup` does, as a set of bits.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Where the kernel does not tell, none is.
    ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
}
