//! The lock among writers (FILE-06): exclusive, on the directory, so that no lock file is left. It
//! ends with the process, however that ends.

use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::{Cause, Options};

/// Short beside an append, so that waiting writers follow each other closely.
const POLL: Duration = Duration::from_millis(5);
const LONG_WAIT: Duration = Duration::from_secs(1);

/// Waits until this process alone writes in the directory.
pub(super) fn lock(directory: &OwnedFd, options: &Options<'_>) -> Result<(), Cause> {
    let begin = Instant::now();
    let mut announced = false;
    loop {
        if options.interrupted.load(Ordering::Relaxed) {
            return Err(Cause::Interrupted);
        }
        match flock(directory, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::WOULDBLOCK | Errno::INTR) => {}
            Err(error) => {
                return Err(Cause::io(
                    "lock the directory (network file systems often know no such locks)",
                )(error));
            }
        }
        let waited = begin.elapsed();
        if waited >= LONG_WAIT && !announced {
            (options.on_wait)();
            announced = true;
        }
        if waited >= options.lock_timeout {
            return Err(Cause::LockTimeout(options.lock_timeout));
        }
        sleep(POLL.min(options.lock_timeout - waited));
    }
}
