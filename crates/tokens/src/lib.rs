//! The reference for InfluxDB 3 Enterprise tokens files: generating, appending, reading, checking and
//! explaining them.
//!
//! A *permission tokens file* is JSON that provisions a server offline: databases to create, and tokens
//! with a name, perhaps an expiry, and permissions such as `db:db1,db2:read,write`. A mistake in it stops
//! a server, locks an application out, or hands out too much.
//!
//! ```
//! use tokens::{Context, Permission, Timestamp, Token, TokenName};
//!
//! // Generate a token and append it to a file, here to none.
//! let token = Token {
//!     secret: tokens::os::new_secret()?,
//!     name: TokenName::parse("dashboard")?,
//!     expiry_millis: None,
//!     permissions: vec![Permission::parse("db:sensors:raed").unwrap_or_else(|error| {
//!         assert_eq!(error.help(), "write `db:sensors:read`");
//!         Permission::parse("db:sensors:read").unwrap()
//!     })],
//! };
//! let file = tokens::append(None, &token, &[])?.text;
//!
//! // Read it back and say everything there is to say about it.
//! let reading = tokens::read(file.as_bytes(), None);
//! assert!(reading.loads());
//! assert!(tokens::check(&reading, &Context::at(Timestamp(0))).is_empty());
//! assert_eq!(reading.document().unwrap().tokens()[0].name.as_str(), "dashboard");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to … | use |
//! |---|---|
//! | read one value | [`Permission`], [`DatabaseName`], [`TokenName`], [`Secret`], [`Lifetime`] |
//! | read a file | [`read`], then [`Reading::into_document`], [`Reading::document`] or [`Reading::errors`] |
//! | hear everything about a file | [`check`] |
//! | decide what a token may do | [`access`] |
//! | foresee the start of a server | [`mod@plan`] |
//! | write | [`render`], [`append`](fn@append), [`append_all`], [`remove`](fn@remove), [`rotate`](fn@rotate), [`describe`], [`format`](fn@format), [`store`] |
//! | compare two files | [`mod@diff`] |
//! | show texts and places | [`quote`](fn@quote), [`mask`], [`LineIndex`] |
//!
//! The core is pure: the file system is touched in [`store`] alone, randomness and the clock in [`os`].
//! Secrets show themselves only where [`Secret::expose`] is called.

pub mod access;
mod checks;
mod database;
pub mod diagnostic;
pub mod diff;
mod document;
mod duration;
mod expiry;
pub mod mask;
pub mod name;
pub mod os;
pub mod permission;
pub mod plan;
mod quote;
mod reader;
pub mod secret;
mod server;
mod span;
mod spelled;
#[cfg(unix)]
pub mod store;
pub mod suggest;
mod writer;

pub use checks::{CHECKS, Check, Context, FileMode, Keeper, check};
pub use database::{DatabaseName, DatabaseNameError, LONGEST_DOCUMENTED_NAME, LONGEST_NAME};
pub use diagnostic::{Code, Diagnostic};
pub use document::{AdminToken, Document, Token};
pub use duration::{DurationError, duration};
pub use expiry::{Expiry, Lifetime, LifetimeError, Timestamp};
pub use name::TokenName;
pub use permission::{Action, Actions, Permission, PermissionError, ResourceType};
pub use quote::{is_harmful, quote, visible};
pub use reader::{Kind, Reading, read};
pub use secret::{Secret, TokenHash};
pub use server::{ServerVersion, ServerVersionError};
pub use span::{LineIndex, Position, Span};
pub use writer::{
    Appended, EditError, Removed, Rotated, Rotation, append, append_all, describe, format, remove,
    render, render_admin, rotate,
};

/// The page that newcomers read: its example is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
