//! What holds of everything: each oracle takes a generated value or a fuzzer's bytes, and panics with
//! words where something does not hold.
//!
//! What is expected comes from the value, which knows its meaning, or from [`model`], and never from the
//! library that is tested.
//!
//! ```
//! // Any bytes will do, as a fuzzer has them.
//! testkit::oracle::load::bytes(br#"{"tokens": [{"token": "apiv3_x""#);
//! testkit::oracle::permission::text("db:*,a:read");
//! ```

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
