//! Everything worth saying about a file beyond what keeps it from loading. One warning a file, all in
//! one registry.

#[cfg(test)]
mod testing;

mod context;
mod duplicate_database;
mod duplicate_grant;
mod expired;
mod expires_soon;
mod expiry_looks_like_seconds;
mod file_mode;
mod ineffective_grant;
mod long_database_name;
mod no_permissions;
mod no_tokens;
mod open_operator_slot;
mod placeholder_token;
mod reserved_name;
mod server_start;
mod server_version;
mod shadowed_grant;
mod sibling;
mod too_many_databases;
mod undeclared_database;
mod unknown_member;
mod unusable_token;
mod weak_token;

pub use context::Context;
pub use file_mode::{FileMode, Keeper};

use crate::diagnostic::{Code, Diagnostic};
use crate::reader::{Draft, Reading, in_file_order};

/// One check: what it can find, and the function that finds it.
///
/// Every check is asked about every file, whatever else is wrong with it, and passes over what could not
/// be read. [`check`] asks them all; [`CHECKS`] is there to list what they can find.
pub struct Check {
    codes: &'static [Code],
    run: Run,
}

/// What a check looks at.
enum Run {
    /// The file from outside, so that it does not matter what is in it.
    OnFile(fn(&Context<'_>, &mut Vec<Diagnostic>)),
    /// What could be read of it.
    OnDraft(fn(&Draft<'_>, &Context<'_>, &mut Vec<Diagnostic>)),
}

impl Check {
    /// The codes that it can give.
    pub fn codes(&self) -> &'static [Code] {
        self.codes
    }
}

/// All checks. Every warning and every note comes from one of them; what keeps a file from loading is
/// found by [`read`](crate::read()).
///
/// ```
/// use tokens::Code;
///
/// let codes: Vec<Code> = tokens::CHECKS.iter().flat_map(|check| check.codes()).copied().collect();
/// assert!(codes.contains(&Code::ShadowedGrant) && !codes.contains(&Code::JsonSyntax));
/// ```
pub static CHECKS: &[Check] = &[
    duplicate_database::CHECK,
    duplicate_grant::CHECK,
    expired::CHECK,
    expires_soon::CHECK,
    expiry_looks_like_seconds::CHECK,
    file_mode::CHECK,
    ineffective_grant::CHECK,
    long_database_name::CHECK,
    no_permissions::CHECK,
    no_tokens::CHECK,
    open_operator_slot::CHECK,
    reserved_name::CHECK,
    server_start::CHECK,
    server_version::CHECK,
    shadowed_grant::CHECK,
    sibling::CHECK,
    too_many_databases::CHECK,
    undeclared_database::CHECK,
    unknown_member::CHECK,
    unusable_token::CHECK,
    weak_token::CHECK,
];

/// Everything there is to say about a file: the reader's errors and what the checks find, in file
/// order.
///
/// What is about the file as a whole comes first. The checks look at broken files too, as far as they can
/// be read, so that one run says all. How much they can say depends on the [`Context`].
///
/// ```
/// use tokens::{Context, Timestamp};
/// let file = br#"{"tokens": [{"token": "apiv3_x", "name": "n", "permissions": []}]}"#;
/// let found = tokens::check(&tokens::read(file, None), &Context::at(Timestamp(0)));
/// let codes: Vec<&str> = found.iter().map(|found| found.code.name()).collect();
/// assert_eq!(codes, ["weak-token", "no-permissions"]);
/// ```
pub fn check(reading: &Reading<'_>, context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = reading.said_errors();
    for check in CHECKS {
        match (&check.run, reading.draft()) {
            (Run::OnFile(run), _) => run(context, &mut found),
            (Run::OnDraft(run), Some(draft)) => run(draft, context, &mut found),
            (Run::OnDraft(_), None) => {}
        }
    }
    in_file_order(&mut found);
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::diagnostic::Severity;

    #[test]
    fn every_warning_and_note_comes_from_a_check() {
        let given: Vec<Code> = CHECKS.iter().flat_map(|check| check.codes()).copied().collect();
        let distinct: HashSet<Code> = given.iter().copied().collect();
        for code in Code::ALL {
            assert!(
                code.severity() == Severity::Error || distinct.contains(code),
                "no check gives {code}"
            );
        }
    }
}
