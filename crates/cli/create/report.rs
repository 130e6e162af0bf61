//! What is said of a token that was made: warnings first, then the token itself, since only the latter
//! can fail.

use std::path::Path;

use serde::Serialize;
use tokens::diagnostic::Diagnostic;
use tokens::{Appended, DatabaseName, Expiry, Secret, Timestamp, Token, quote, visible};

use super::Format;
use crate::output::{Failure, count, print, print_json_exactly, say_finding};
use crate::time;
use crate::write::findings;

/// What a server shows as the permission of an admin token.
pub(crate) const EVERYTHING: &str = "*:*:*";

/// GEN-05: what the checks say of the new token and the new databases.
pub(super) fn say_about(path: &Path, token: &Token<'_>, appended: &Appended, now: Timestamp) {
    for finding in about(std::slice::from_ref(token), appended, now) {
        say_finding(&visible(&path.to_string_lossy()), &finding);
    }
}

/// What the checks say of new tokens and databases.
pub(super) fn about(new: &[Token<'_>], appended: &Appended, now: Timestamp) -> Vec<Diagnostic> {
    let declared = &appended.databases;
    let text = tokens::render(declared, new);
    let old = declared.len().saturating_sub(appended.new_databases);
    findings(&text, |pointer| is_new(pointer, old, declared.len()), now)
}

/// Whether a finding is about a new token, or about a database behind the `old` first ones.
fn is_new(pointer: &str, old: usize, all: usize) -> bool {
    match pointer.strip_prefix("/create_databases") {
        None => true,
        Some("") => old < all,
        Some(index) => index.trim_start_matches('/').parse().is_ok_and(|at: usize| at >= old),
    }
}

/// Lines about the file that a token was appended to.
pub(super) fn about_the_file(appended: &Appended) -> Vec<String> {
    let old = appended.databases.len().saturating_sub(appended.new_databases);
    let new: Vec<&str> = appended.databases.iter().skip(old).map(DatabaseName::as_str).collect();
    let mut lines = Vec::new();
    if !new.is_empty() {
        lines.push(format!("a first start creates {}", new.join(", ")));
    }
    if !appended.is_new {
        lines.push(format!("the file now holds {}", count(appended.tokens, "token")));
    }
    lines
}

/// A token that was made.
pub(super) struct Created<'c> {
    pub(super) what: &'static str,
    pub(super) name: &'c str,
    pub(super) secret: &'c Secret<'c>,
    pub(super) expiry_millis: Option<i64>,
    pub(super) permissions: Vec<&'c str>,
    pub(super) path: &'c Path,
    /// Further lines for people.
    pub(super) more: Vec<String>,
}

/// What `--format json` prints. The one place where a secret goes to standard output (GEN-07).
#[derive(Serialize)]
struct Json<'c> {
    name: &'c str,
    token: &'c str,
    hash: &'c str,
    expiry_millis: Option<i64>,
    permissions: &'c [&'c str],
    output_file: &'c str,
}

impl Created<'_> {
    pub(super) fn print(&self, format: Format, now: Timestamp) -> Result<(), Failure> {
        match format {
            Format::Json => self.print_json(),
            Format::Text => print(&self.text(now)),
        }
    }

    pub(super) fn print_json(&self) -> Result<(), Failure> {
        print_json_exactly(&Json {
            name: self.name,
            token: self.secret.expose(),
            hash: self.secret.hash().as_str(),
            expiry_millis: self.expiry_millis,
            permissions: &self.permissions,
            output_file: &self.path.to_string_lossy(),
        })
    }

    fn text(&self, now: Timestamp) -> String {
        let path = self.path.to_string_lossy();
        let (name, hash) = (quote(self.name), self.secret.hash());
        let fingerprint = hash.fingerprint();
        let first =
            format!("{} {name} (fingerprint {fingerprint}) in {}\n", self.what, visible(&path));
        let expiry = time::expiry(Expiry::from_millis(self.expiry_millis), now);
        let permissions = self.permissions.iter().map(|permission| (*permission).to_owned());
        let lines = permissions.chain([expiry]).chain(self.more.iter().cloned());
        lines.fold(first, |text, line| format!("{text}  {line}\n"))
    }
}
