//! The reference, asked without a process between.

use super::{Implementation, Introduction, Reply, Subject};
use crate::protocol::{Op, Request};
use crate::reference;
use crate::vector::Case;

/// The reference in this process.
pub struct Reference(Introduction);

impl Default for Reference {
    fn default() -> Self {
        Reference(Introduction {
            implementation: Implementation {
                name: reference::NAME.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
                language: "Rust".to_owned(),
            },
            ops: Op::ALL.to_vec(),
            features: reference::FEATURES.map(str::to_owned).to_vec(),
            target: Some(reference::TARGET.to_owned()),
            verdict_only: false,
        })
    }
}

impl Subject for Reference {
    fn introduction(&self) -> &Introduction {
        &self.0
    }

    fn ask(&mut self, case: &Case) -> Reply {
        match case.request() {
            Ok(request) => self.answer(&request),
            Err(error) => Reply::ProtocolError(error.to_string()),
        }
    }

    fn answer(&mut self, request: &Request<'_>) -> Reply {
        let answer = reference::answer(request).map_err(|error| error.0);
        answer.map_or_else(Reply::ProtocolError, Reply::Answer)
    }
}
