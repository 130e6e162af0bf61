//! What holds of everything: each oracle takes a generated value or a fuzzer's bytes, and panics with
//! words where something does not hold.

pub mod access;
pub mod append;
pub mod database;
pub mod expiry;
pub mod fault;
mod file;
mod format;
pub mod leak;
pub mod load;
pub mod model;
pub mod paths;
pub mod permission;
mod places;
mod remove;
mod rotate;
pub mod writer;
