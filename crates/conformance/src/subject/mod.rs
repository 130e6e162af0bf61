//! What is tested: the reference in this process, a driver, or one-shot programs.
//!
//! | an implementation that is | is |
//! |---|---|
//! | this project's own | [`Reference`] |
//! | a program that speaks the protocol, in any language | [`Driver`] |
//! | a program that takes a file and ends with an exit status | [`OneShot`] |
//! | in Rust, and in this process | a [`Subject`] of your own |
//!
//! ```
//! use conformance::protocol::{Answer, Op, Reject};
//! use conformance::subject::{Introduction, Reply, Subject};
//! use conformance::vector::{Case, Expect};
//!
//! /// Refuses every permission, and is asked for nothing else.
//! struct Refuses(Introduction);
//!
//! impl Subject for Refuses {
//!     fn introduction(&self) -> &Introduction {
//!         &self.0
//!     }
//!
//!     fn ask(&mut self, _: &Case) -> Reply {
//!         Reply::Answer(Answer::Reject(Reject::default()))
//!     }
//! }
//!
//! # use conformance::{compare::Strictness, known::Known, run, suite, vector::Version};
//! # let files = suite::load()?;
//! # let cases = suite::Selection::default().of(&files);
//! # let options = run::Options {
//! #     strictness: Strictness::PLAIN,
//! #     should_fails: false,
//! #     server: Version::NEWEST,
//! #     fail_fast: false,
//! #     known: &Known::default(),
//! #     on_case: &|_| {},
//! #     repeat: &|id| id.to_owned(),
//! # };
//! let says = Introduction { ops: vec![Op::Permission], ..Introduction::default() };
//! let report = run::run(vec![Box::new(Refuses(says))], &cases, &options);
//! assert!(!report.passes() && report.summary.pass > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod lines;
mod one_shot;
mod process;
mod reference;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use crate::child::end_all;
pub use one_shot::OneShot;
pub use process::Driver;
pub use reference::Reference;

use crate::protocol::{Answer, Op, Request};
use crate::vector::Case;

/// How much is kept of what a program says on standard error, in bytes.
const MOST_STDERR: usize = 4096;

/// How long the streams of a program that ended may take to end, too.
const SETTLE: Duration = Duration::from_secs(1);

/// An implementation that can be asked.
pub trait Subject: Send {
    /// What it says of itself. It is asked for no op that is not among it.
    fn introduction(&self) -> &Introduction;

    /// Asks for one case.
    fn ask(&mut self, case: &Case) -> Reply;

    /// Asks for a request that is no case.
    fn answer(&mut self, request: &Request<'_>) -> Reply {
        self.ask(&Case::of(request))
    }

    /// The last case as it was asked in the end, where that is another one.
    fn asked(&self) -> Option<&Case> {
        None
    }

    /// What it said on standard error about the last case.
    fn stderr(&mut self) -> String {
        String::new()
    }

    /// Why it cannot be asked any more; nothing while it can.
    fn exhausted(&self) -> Option<String> {
        None
    }

    /// Says good-bye; what went wrong then.
    fn finish(&mut self) -> Option<String> {
        None
    }
}

/// What an implementation says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Who it is.
    pub implementation: Implementation,
    /// What it can be asked for.
    pub ops: Vec<Op>,
    /// What it gives beyond verdicts and values.
    pub features: Vec<String>,
    /// The server version that it follows.
    pub target: Option<String>,
    /// Whether only the verdict can be compared.
    pub verdict_only: bool,
}

/// Who an implementation is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Implementation {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// The language that it is written in.
    #[serde(default)]
    pub language: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer(Answer),
    /// The implementation ended; how.
    Crash(String),
    /// Nothing, in the time there was.
    Hang(String),
    /// What is no answer by the protocol.
    ProtocolError(String),
    /// It was not asked, since it cannot be started.
    NotRun(String),
}
