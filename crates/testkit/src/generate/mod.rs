//! Generated values: each is an [`Arbitrary`](arbitrary::Arbitrary), shrinks by its structure, and shows
//! itself in `Debug` as what one would paste.
//!
//! | a value | is |
//! |---|---|
//! | [`PermissionCase`] | a permission, and what it means or where its fault is |
//! | [`DocumentCase`] | a file of any kind: valid, with one fault, or wild |
//! | [`Document`] with a [`Spelling`] | a file that loads, by its parts, and how it is written |
//! | [`Faulty`] | a file with one known fault, and the code that it must give |
//! | [`History`] | how a file began, and what was done to it |
//! | [`World`] | a token, a server and requests |
//! | [`Leak`] | a file with secrets in places where they do not belong |
//! | [`Question`] | a request of the conformance suite |
//!
//! ```
//! use testkit::generate::World;
//! use testkit::{oracle, source};
//!
//! let world: World = source::from_seed(1).expect("a world");
//! oracle::access::decisions(&world);
//! ```

mod case;
mod clean;
mod document;
mod edit;
mod fault;
mod grant;
mod history;
mod leak;
mod name;
mod permission;
mod question;
mod shape;
mod spelling;
mod tree;
mod world;

pub use case::DocumentCase;
pub use clean::{Clean, NOW};
pub use document::{Databases, Document, Expiry, TokenModel};
pub use edit::Edit;
pub use fault::{BrokenFile, Fault, Faulty, Kind as FaultKind, Surroundings};
pub use grant::{Grant, Names};
pub use history::{History, Start, Step};
pub use leak::{Leak, LeakToken, SECRET};
pub use name::database_name;
pub use permission::{Broken, PermissionCase, PermissionFault};
pub use question::{
    AccessQuestion, Addition, AppendQuestion, Asked, File, LoadQuestion, Old, PermissionQuestion,
    PlanQuestion, Question, Server, ServerToken, Slip, Twist,
};
pub use shape::Shape;
pub use spelling::{Layout, Printed, Spelling};
pub use tree::{Json, Part, Route};
pub use world::{Probe, World};
