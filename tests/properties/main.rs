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
mod schema;
mod secrets;

/// So many cases of a property, where `PROPTEST_CASES` says nothing else.
fn usually(cases: u32) -> proptest::prelude::ProptestConfig {
    let config = proptest::prelude::ProptestConfig::default();
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => config,
        None => proptest::prelude::ProptestConfig { cases, ..config },
    }
}
