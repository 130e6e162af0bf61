//! Signals while a file is written.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{
    SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
};
use signal_hook::flag;

/// What people, terminals, service managers and limits send to end a program.
const STOPS: [i32; 8] = [SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU];

/// A flag that the next signal to stop sets, so that a writer can clear up; a second one ends the
/// program at once. A file-size limit becomes an error of the write instead of a signal.
pub(crate) fn interrupted() -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in STOPS {
        // Where a signal cannot be caught, it ends the program as ever, and the next run clears up.
        let again = Arc::clone(&interrupted);
        let _ = flag::register_conditional_default(signal, again);
        let _ = flag::register(signal, Arc::clone(&interrupted));
    }
    let _ = flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
    interrupted
}
