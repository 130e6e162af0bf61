//! `driver`: the reference behind the protocol.

use std::io::{self, BufWriter};

use conformance::driver::{self, SessionError};

use super::{Failure, Status};

pub(super) fn run() -> Result<Status, Failure> {
    let (mut input, mut output) = (io::stdin().lock(), BufWriter::new(io::stdout().lock()));
    driver::serve(&mut input, &mut output).map(|()| Status::Passed).map_err(|error| {
        let status = match error {
            SessionError::TooLong => Status::Failed,
            SessionError::Read(_) => Status::CannotRun,
        };
        Failure(status, error.to_string())
    })
}
