//! The program as its users call it, command by command.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod can;
mod check;
mod check_inputs;
mod completions;
mod convert;
mod create;
mod create_import;
mod create_tokens;
mod diff;
mod explain;
mod fmt;
mod hostile;
mod inspect;
mod levels;
mod man;
mod plan;
mod schema;
mod server;
#[path = "../support/mod.rs"]
mod support;
