//! Reads, checks, explains and writes the tokens files of InfluxDB 3 Enterprise.
//!
//! A *permission tokens file* is JSON that gives a server its first databases and tokens before its
//! first start (`influxdb3 serve --permission-tokens-file`):
//!
//! ```json
//! {
//!   "create_databases": ["sensors"],
//!   "tokens": [
//!     {
//!       "token": "apiv3_…",
//!       "name": "dashboard",
//!       "expiry_millis": 1793491200000,
//!       "permissions": ["db:sensors:read", "system:health:read"]
//!     }
//!   ]
//! }
//! ```
//!
//! A mistake in it stops the server, locks an application out, or hands out too much. This library finds
//! it before the server does, says where it is, and says the way out. It needs no server for anything.
//!
//! ```
//! use tokens::{Context, LineIndex, os};
//!
//! let file = br#"{"create_databases": ["sensors"], "tokens": [{
//!     "token": "apiv3_Kq7vT2mXe9RbZ4cNw8LsYh3D",
//!     "name": "dashboard",
//!     "permissions": ["db:sensor:read"]
//! }]}"#;
//! let reading = tokens::read(file, None);
//! assert!(reading.loads());
//!
//! let found = tokens::check(&reading, &Context::at(os::now()));
//! let [found] = found.as_slice() else { panic!("one finding") };
//! assert_eq!(found.code.name(), "undeclared-database");
//! assert!(found.message.starts_with("the database `sensor` is not declared"));
//! assert_eq!(found.help.as_deref(), Some("`sensors` is declared: did you mean that?"));
//!
//! let place = found.place.as_ref().expect("it is about a part of the file");
//! let at = LineIndex::new(reading.text()).position(place.span.start);
//! assert_eq!((at.line, at.column), (4, 25));
//! ```
//!
//! The example `provision` goes all the way, from ten new tokens to the start of a server:
//! `cargo run -p tokens --example provision`.
//!
//! # Where to go
//!
//! | to … | use |
//! |---|---|
//! | read a file | [`read`]; then [`Reading::document`], or [`Reading::errors`] where it does not load |
//! | hear everything about a file | [`check`] with a [`Context`]; what it says is a [`Diagnostic`] |
//! | say where something is | [`LineIndex`], which makes a line and a column of a [`Span`] |
//! | read one value | [`Permission`], [`DatabaseName`], [`TokenName`], [`Secret`], [`Lifetime`] |
//! | decide what a token may do | [`access`] |
//! | foresee the start of a server | [`mod@plan`] |
//! | make the text of a new file | [`append_all`] to no file, or [`render`]; [`render_admin`] |
//! | append to the text of a file | [`append`](fn@append), [`append_all`] |
//! | change the text of a file | [`rotate`](fn@rotate), [`remove`](fn@remove), [`describe`], [`format`](fn@format) |
//! | change a file on disk | [`store`], which puts any of these into effect, whole or not at all |
//! | make a token string, ask the time | [`os`] |
//! | compare two files | [`mod@diff`] |
//! | show a text that may hold anything | [`quote`](fn@quote), [`visible`], [`mask`] |
//!
//! # Making and changing a file
//!
//! A token is a struct. [`append_all`] puts tokens at the end of a file's text, or makes a new one, and
//! leaves every byte alone that is not theirs. Text in, text out: [`store::update`] does the same to a
//! file on disk.
//!
//! ```
//! use tokens::{DatabaseName, Lifetime, Permission, Token, TokenName, os};
//!
//! let lifetime: Lifetime = "90d".parse()?;
//! let token = Token {
//!     secret: os::new_secret()?,
//!     name: TokenName::parse("dashboard")?,
//!     expiry_millis: Some(lifetime.expiry_from(os::now())?.0),
//!     permissions: vec![Permission::parse("db:sensors:read")?],
//! };
//! let databases = [DatabaseName::parse("sensors")?];
//! let made = tokens::append_all(None, &[token], &databases)?;
//! assert!(made.is_new && made.tokens == 1);
//! assert!(tokens::read(made.text.as_bytes(), None).loads());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A value that is wrong says so in a sentence, and what to write instead:
//!
//! ```
//! let error = tokens::Permission::parse("db:a:raed").unwrap_err();
//! assert_eq!(error.to_string(), "`raed` in `db:a:raed` is not an action of `db`");
//! assert_eq!(error.help(), "write `db:a:read`");
//! ```
//!
//! # What a token may do
//!
//! A server looks up the exact name first, then `*`, and what it finds first decides alone. See
//! [`access`].
//!
//! ```
//! use tokens::access::{Access, Databases, Outcome, Request};
//! use tokens::{Action, ResourceType, os};
//!
//! let file = br#"{"tokens": [{"token": "apiv3_x", "name": "archive",
//!     "permissions": ["db:*:read,write", "db:audit:read"]}]}"#;
//! let reading = tokens::read(file, None);
//! let document = reading.document().expect("it loads");
//! let token = document.token("archive").expect("it is there");
//!
//! let databases = Databases::needed_by(&document);
//! let access = Access::new(token, &databases);
//! let write = |name| {
//!     let (resource_type, actions) = (ResourceType::Db, Action::Write.into());
//!     access.decide(&Request { resource_type, name, actions }, os::now())
//! };
//! assert_eq!(write("sensors").outcome, Outcome::Allow);
//! assert_eq!(write("audit").outcome, Outcome::Deny);
//! ```
//!
//! # What a start does
//!
//! A server makes the tokens of a file at its first start, and never again. See [`mod@plan`].
//!
//! ```
//! use tokens::plan::{State, plan};
//!
//! let file = br#"{"tokens": [{"token": "apiv3_x", "name": "app",
//!     "permissions": ["db:sensors:read"]}]}"#;
//! let reading = tokens::read(file, None);
//! let document = reading.document().expect("it loads");
//!
//! let fresh = plan(&document, &State::default());
//! let stop = fresh.stop().expect("there is no such database");
//! assert_eq!(stop.code.name(), "missing-database");
//!
//! let state = State { databases: vec!["sensors".to_owned()], tokens: Vec::new() };
//! assert_eq!(plan(&document, &state).create_tokens, [0]);
//! ```
//!
//! # What holds everywhere
//!
//! - **Places are bytes**, and a [`Span`] is some of a text, end exclusive. Only a [`Position`] counts
//!   otherwise: lines and characters (Unicode scalar values), both from 1.
//! - **Moments are milliseconds** since the Unix epoch, as `expiry_millis` and [`Timestamp`] have them;
//!   a [`Lifetime`] is whole seconds.
//! - **Indices** of tokens and permissions count from 0, in the order of the file.
//! - **Values borrow.** What `parse` is given as `&str` it borrows, and a `String` it keeps;
//!   [`Document`], [`Token`] and their parts borrow from the bytes that were read. `into_owned` sets
//!   them free. [`Lifetime`] and [`ServerVersion`] are numbers, and are read by `str::parse`.
//! - **Errors are sentences** for whoever runs the program: show them with `Display`. Where there is a
//!   way out, `help` says it. Neither ends with a full stop.
//! - **Secrets stay inside.** [`Secret::expose`] shows one, and so does what is there to write files: the
//!   texts that are made, and `serde::Serialize` of [`Token`] and [`AdminToken`]. No message, no error
//!   and no `Debug` does. Texts of whole files are [`Zeroizing<String>`](Zeroizing): a `String` that is wiped
//!   when it is dropped. `*text` is the `String`, and `string.into()` makes one of a `String`.
//! - **The core is pure.** The file system is touched in [`store`] alone, which is there on Unix alone;
//!   randomness and the clock in [`os`]. No file and no text makes anything panic.
//!
//! # Rules
//!
//! Ids such as `PERM-03` are those of the specification, `crates/conformance/SPEC.md` in the repository,
//! which says each rule with examples and where it comes from. A family is about: the document (DOC), a
//! token in it (TOK), permissions (PERM), names of databases (DB), what a grant means (ACC), making tokens
//! (GEN), writing files (FILE), the start of a server (BOOT), older servers (VER), the admin token file
//! (ADM). [`diagnostic::rules`] has those that a finding can rest on, and [`Code::explanation`] says more
//! about each kind of finding.

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

/// Of the crate `zeroize`: what the texts of whole files stand in, which are wiped when they are dropped.
pub use zeroize::Zeroizing;

/// The page that newcomers read: its example is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
