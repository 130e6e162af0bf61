//! Generated values: each is an [`Arbitrary`](arbitrary::Arbitrary), shrinks by its structure, and shows
//! itself in `Debug` as what one would paste.

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
