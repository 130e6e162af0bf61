//! What the tests of the checks share.

use super::{Context, check};
use crate::Timestamp;
use crate::diagnostic::Diagnostic;

/// A token string that no check has anything to say about.
pub(super) const GOOD: &str = "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1VdHs";

/// What is found in a file at the beginning of 1970.
pub(super) fn found(file: &str) -> Vec<Diagnostic> {
    found_with(file, &Context::at(Timestamp(0)))
}

pub(super) fn found_with(file: &str, context: &Context<'_>) -> Vec<Diagnostic> {
    check(&crate::read(file.as_bytes(), None), context)
}

/// The codes and the offending texts of what is found in a file.
pub(super) fn marked(file: &str) -> Vec<(&'static str, String)> {
    marks(file, found(file))
}

pub(super) fn marks(file: &str, found: Vec<Diagnostic>) -> Vec<(&'static str, String)> {
    let marks = found.into_iter().map(|diagnostic| {
        let span = diagnostic.place.map(|place| place.span).unwrap_or_default();
        (diagnostic.code.name(), span.slice(file).to_owned())
    });
    marks.collect()
}

/// A file with one token, which has these permissions, and these databases declared.
pub(super) fn file(databases: &[&str], permissions: &[&str]) -> String {
    format!(
        r#"{{"create_databases": {databases:?}, "tokens": [
            {{"token": "{GOOD}", "name": "n", "permissions": {permissions:?}}}]}}"#
    )
}

/// A file with one token, which has this string.
pub(super) fn with_secret(secret: &str) -> String {
    let secret = serde_json::to_string(secret).expect("a string");
    format!(r#"{{"tokens": [{{"token": {secret}, "name": "n", "permissions": ["db:*:read"]}}]}}"#)
}

/// A file with one token, which has this expiry.
pub(super) fn with_expiry(millis: i64) -> String {
    format!(
        r#"{{"tokens": [{{"token": "{GOOD}", "name": "n", "expiry_millis": {millis},
            "permissions": ["db:*:read"]}}]}}"#
    )
}
