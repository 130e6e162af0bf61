//! `diff`: what differs between two files for a server, and what of it a server would take.

use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;
use tokens::access::Grants;
use tokens::diagnostic::Severity;
use tokens::diff::{Diff, GrantDiff, TokenDiff, diff};
use tokens::{Action, Actions, DatabaseName, Expiry, Kind, Reading, Timestamp, Token, quote};

use crate::input::{self, Input};
use crate::output::{Failure, Format, Status, print, print_json, say};
use crate::time;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file as it was
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The file as it is
    #[arg(value_name = "NEW")]
    new: PathBuf,
    #[command(flatten)]
    now: time::Now,
    /// How to show it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let [old, new] = [&args.old, &args.new].map(|path| Input::new(path));
    input::refuse_second_stdin([&old, &new])?;
    let (old_stored, new_stored) = (old.read()?, new.read()?);
    let old_reading = input::loaded(&old, &old_stored)?;
    let new_reading = input::loaded(&new, &new_stored)?;
    if old_reading.kind() != new_reading.kind() {
        let message = "one of the files is an admin token file, and the other is not";
        return Err(Failure::Failed(message.to_owned()));
    }
    let (before, after) = (Side::of(&old_reading), Side::of(&new_reading));
    let diff = diff((&before.databases, &before.tokens), (&after.databases, &after.tokens));
    match args.format {
        Format::Human => print(&human(&diff, args.now.get()))?,
        Format::Json => print_json(&json(&old, &new, &diff))?,
    }
    if old_reading.kind() == Some(Kind::Permission) {
        for message in ignored(&diff, !before.tokens.is_empty()) {
            say(Severity::Note, message);
        }
    }
    Ok(if diff.is_empty() { Status::Done } else { Status::No })
}

/// What is compared of a file. An admin token has no permissions, since it may do everything.
struct Side<'r> {
    databases: Vec<DatabaseName<'r>>,
    tokens: Vec<Token<'r>>,
}

impl<'r> Side<'r> {
    fn of(reading: &'r Reading<'_>) -> Self {
        if let Some(document) = reading.document() {
            let databases = document.create_databases().to_vec();
            return Side { databases, tokens: document.tokens().to_vec() };
        }
        let tokens = reading.admin_token().into_iter().map(|admin| Token {
            secret: admin.secret,
            name: admin.name,
            expiry_millis: admin.expiry_millis,
            permissions: Vec::new(),
        });
        Side { databases: Vec::new(), tokens: tokens.collect() }
    }
}

/// What of the differences a server passes over that was started with the old file. Without tokens in that,
/// the server may have none, and take those of the new one.
fn ignored(diff: &Diff<'_>, has_tokens: bool) -> Vec<&'static str> {
    let has_new_secret = diff.tokens.iter().any(|token| match token {
        TokenDiff::Changed { old, new, .. } => old.secret != new.secret,
        _ => false,
    });
    let notes = [
        (
            has_tokens && !diff.tokens.is_empty(),
            "a server that was started with the old file ignores what differs in tokens (BOOT-02): make, \
             rotate and revoke them there with `influxdb3 create token` and `influxdb3 delete token`",
        ),
        (
            has_new_secret,
            "a server goes by names: of a token with another string the old one still works there \
             (BOOT-03)",
        ),
        (
            !diff.removed_databases.is_empty(),
            "a database that is no longer declared stays on a server (BOOT-01)",
        ),
    ];
    notes.into_iter().filter_map(|(holds, note)| holds.then_some(note)).collect()
}

// Writing to a String cannot fail, so the results of `write!` are dropped below.

fn human(diff: &Diff<'_>, now: Timestamp) -> String {
    let mut text = String::new();
    for name in &diff.removed_databases {
        let _ = writeln!(text, "- database {}", quote(name));
    }
    for name in &diff.added_databases {
        let _ = writeln!(text, "+ database {}", quote(name));
    }
    for token in &diff.tokens {
        match token {
            TokenDiff::Removed(token) => whole("-", token, now, &mut text),
            TokenDiff::Added(token) => whole("+", token, now, &mut text),
            TokenDiff::Changed { old, new, grants } => changed(old, new, grants, now, &mut text),
        }
    }
    text
}

fn whole(sign: &str, token: &Token<'_>, now: Timestamp, text: &mut String) {
    let (name, hash) = (quote(token.name.as_str()), token.hash());
    let expiry = time::expiry(token.expiry(), now);
    let _ = writeln!(text, "{sign} token {name} (fingerprint {}), {expiry}", hash.fingerprint());
    for permission in &token.permissions {
        let _ = writeln!(text, "    {sign} {permission}");
    }
}

fn changed(
    old: &Token<'_>,
    new: &Token<'_>,
    grants: &[GrantDiff<'_>],
    now: Timestamp,
    text: &mut String,
) {
    let (before, after) = (old.hash(), new.hash());
    let _ = writeln!(
        text,
        "~ token {} (fingerprint {})",
        quote(new.name.as_str()),
        after.fingerprint()
    );
    if old.secret != new.secret {
        let _ = writeln!(text, "    another string, before fingerprint {}", before.fingerprint());
    }
    if old.expiry() != new.expiry() {
        let before = time::expiry(old.expiry(), now);
        let _ = writeln!(text, "    {}, before {before}", time::expiry(new.expiry(), now));
    }
    for GrantDiff { resource_type, name, old, new } in grants {
        let _ = match (old, new) {
            (Some(old), None) => writeln!(text, "    - {resource_type}:{name}:{old}"),
            (None, Some(new)) => writeln!(text, "    + {resource_type}:{name}:{new}"),
            (old, new) => {
                let [old, new] = [old, new].map(|actions| actions.unwrap_or_default());
                writeln!(text, "    ~ {resource_type}:{name}:{new}, before {old}")
            }
        };
    }
}

#[derive(Serialize)]
struct Json<'d> {
    version: u32,
    old: String,
    new: String,
    removed_databases: &'d [&'d str],
    added_databases: &'d [&'d str],
    tokens: Vec<TokenJson<'d>>,
}

#[derive(Serialize)]
struct TokenJson<'d> {
    name: &'d str,
    change: &'static str,
    old: Option<State>,
    new: Option<State>,
    grants: Vec<GrantJson<'d>>,
}

/// What a file says of a token beside its grants.
#[derive(Serialize)]
struct State {
    fingerprint: String,
    expiry_millis: Option<i64>,
}

/// Actions granted before and now; none where there is no grant.
#[derive(Serialize)]
struct GrantJson<'d> {
    resource_type: &'static str,
    resource_name: &'d str,
    old: Vec<&'static str>,
    new: Vec<&'static str>,
}

fn json<'d>(old: &Input, new: &Input, diff: &'d Diff<'d>) -> Json<'d> {
    Json {
        version: 1,
        old: old.path(),
        new: new.path(),
        removed_databases: &diff.removed_databases,
        added_databases: &diff.added_databases,
        tokens: diff.tokens.iter().map(token_json).collect(),
    }
}

fn token_json<'d>(diff: &'d TokenDiff<'d>) -> TokenJson<'d> {
    let (change, old, new, grants) = match diff {
        TokenDiff::Removed(token) => ("removed", Some(*token), None, all(token, false)),
        TokenDiff::Added(token) => ("added", None, Some(*token), all(token, true)),
        TokenDiff::Changed { old, new, grants } => {
            ("changed", Some(*old), Some(*new), grants.iter().map(grant_json).collect())
        }
    };
    let state = |token: &Token<'_>| State {
        fingerprint: token.hash().fingerprint().to_owned(),
        expiry_millis: match token.expiry() {
            Expiry::Never => None,
            Expiry::At(moment) => Some(moment.0),
        },
    };
    let name = new.or(old).map_or("", |token| token.name.as_str());
    TokenJson { name, change, old: old.map(state), new: new.map(state), grants }
}

/// All grants of a token that one file has alone.
fn all<'d>(token: &'d Token<'d>, is_new: bool) -> Vec<GrantJson<'d>> {
    let grants = Grants::of(token.permissions.iter().enumerate());
    let only = grants.iter().map(|grant| GrantDiff {
        resource_type: grant.resource_type,
        name: grant.name,
        old: Some(grant.actions).filter(|_| !is_new),
        new: Some(grant.actions).filter(|_| is_new),
    });
    only.map(|grant| grant_json(&grant)).collect()
}

fn grant_json<'d>(grant: &GrantDiff<'d>) -> GrantJson<'d> {
    let names =
        |actions: Option<Actions>| actions.unwrap_or_default().iter().map(Action::as_str).collect();
    GrantJson {
        resource_type: grant.resource_type.as_str(),
        resource_name: grant.name,
        old: names(grant.old),
        new: names(grant.new),
    }
}
