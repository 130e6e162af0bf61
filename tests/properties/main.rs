//! What holds of every file, good or bad. proptest looks for a file of which it does not.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod access;
mod generated;
mod histories;
mod permissions;
mod reader;
mod secrets;
