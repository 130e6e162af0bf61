//! Data to standard output, talk to standard error. A reader that went away has had enough.

use std::io::{self, ErrorKind, Write};

use super::{Failure, Status};

/// A line on standard error. Where that is gone, nobody listens.
pub(super) fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Text on standard output.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure(Status::CannotRun, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
