//! The reference for InfluxDB 3 Enterprise tokens files.

pub mod access;
mod checks;
mod database;
pub mod diagnostic;
mod document;
mod expiry;
pub mod mask;
pub mod name;
pub mod os;
pub mod permission;
pub mod plan;
mod quote;
mod reader;
pub mod secret;
mod span;
pub mod suggest;
mod writer;

pub use checks::{CHECKS, Check, Context, FileMode, Keeper, check};
pub use database::{DatabaseName, DatabaseNameError, LONGEST_DOCUMENTED_NAME, LONGEST_NAME};
pub use diagnostic::{Code, Diagnostic};
pub use document::{AdminToken, Document, Token};
pub use expiry::{Expiry, Lifetime, LifetimeError, Timestamp};
pub use name::TokenName;
pub use permission::{Action, Actions, Permission, PermissionError, ResourceType};
pub use quote::{is_harmful, quote, visible};
pub use reader::{Kind, Reading, read};
pub use secret::{Secret, TokenHash};
pub use span::{LineIndex, Position, Span};
pub use writer::{AppendError, Appended, append, render, render_admin};
