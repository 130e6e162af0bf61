//! `inspect`: what each token is and may do, after merging and shadowing.

use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;
use tokens::access::{Grant, Grants};
use tokens::{Action, AdminToken, Document, Permission, Reading, Timestamp, Token, quote};

use crate::create::EVERYTHING;
use crate::input::{self, Input};
use crate::output::{Failure, Format, Status, count, print, print_json};
use crate::time;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    now: time::Now,
    /// How to show it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let input = input::file(args.file.as_ref())?;
    let stored = input.read()?;
    let reading = input::loaded(&input, &stored)?;
    let now = args.now.get();
    match args.format {
        Format::Human => print(&human(&input, &reading, now))?,
        Format::Json => json(&input, &reading, now)?,
    }
    Ok(Status::Done)
}

fn human(input: &Input, reading: &Reading<'_>, now: Timestamp) -> String {
    let mut text = format!("{}: ", input.display());
    if let Some(token) = reading.admin_token() {
        text.push_str("an admin token file\n\n");
        admin(&token, now, &mut text);
    }
    if let Some(document) = reading.document() {
        text.push_str(&count(document.tokens().len(), "token"));
        let databases = document.distinct_databases();
        if !databases.is_empty() {
            let _ = write!(text, ", and {} to create: ", count(databases.len(), "database"));
            text.push_str(&databases.join(", "));
        }
        text.push('\n');
        for token in document.tokens() {
            text.push('\n');
            resource(token, now, &mut text);
        }
    }
    text
}

// Writing to a String cannot fail, so the results of `write!` are dropped below.

fn admin(token: &AdminToken<'_>, now: Timestamp, text: &mut String) {
    let (name, hash) = (quote(token.name.as_str()), token.secret.hash());
    let _ = writeln!(text, "{name}, fingerprint {}", hash.fingerprint());
    let _ = writeln!(text, "  {}", time::expiry(token.expiry(), now));
    let _ = writeln!(text, "  may do everything");
}

fn resource(token: &Token<'_>, now: Timestamp, text: &mut String) {
    let (name, hash) = (quote(token.name.as_str()), token.hash());
    let _ = writeln!(text, "{name}, fingerprint {}", hash.fingerprint());
    let _ = writeln!(text, "  {}", time::expiry(token.expiry(), now));
    let grants = Grants::of(token.permissions.iter().enumerate());
    if token.permissions.is_empty() {
        let _ = writeln!(text, "  may do nothing");
    }
    let resource = |grant: &Grant<'_>| format!("{}:{}", grant.resource_type, grant.name);
    let width = grants.iter().map(|grant| resource(grant).len()).max().unwrap_or(0).min(40);
    for grant in grants.iter() {
        let _ = write!(text, "  {:width$}  {}", resource(grant), grant.actions);
        if let Some((_, lost)) = grants.shadowed_by(grant) {
            let _ = write!(text, "  (shadows `*`: no {lost} here)");
        }
        text.push('\n');
    }
}

#[derive(Serialize)]
struct Json<'d> {
    version: u32,
    path: String,
    kind: &'static str,
    create_databases: Vec<&'d str>,
    tokens: Vec<TokenJson<'d>>,
}

#[derive(Serialize)]
struct TokenJson<'d> {
    name: &'d str,
    fingerprint: String,
    expiry_millis: Option<i64>,
    expired: bool,
    permissions: Vec<&'d str>,
    grants: Vec<GrantJson<'d>>,
}

#[derive(Serialize)]
struct GrantJson<'d> {
    resource_type: &'static str,
    resource_name: &'d str,
    actions: Vec<&'static str>,
    /// Actions of the grant on `*` that do not hold here.
    shadows: Vec<&'static str>,
}

fn json(input: &Input, reading: &Reading<'_>, now: Timestamp) -> Result<(), Failure> {
    let document = reading.document();
    let admin = reading.admin_token();
    print_json(&Json {
        version: 1,
        path: input.path(),
        kind: reading.kind().map_or("unknown", tokens::Kind::as_str),
        create_databases: document.as_ref().map_or(Vec::new(), Document::distinct_databases),
        tokens: document
            .iter()
            .flat_map(Document::tokens)
            .map(|token| token_json(token, now))
            .chain(admin.iter().map(|token| admin_json(token, now)))
            .collect(),
    })
}

fn admin_json<'d>(token: &'d AdminToken<'_>, now: Timestamp) -> TokenJson<'d> {
    TokenJson {
        name: token.name.as_str(),
        fingerprint: token.secret.hash().fingerprint().to_owned(),
        expiry_millis: token.expiry_millis,
        expired: token.expiry().is_past(now),
        permissions: vec![EVERYTHING],
        grants: Vec::new(),
    }
}

fn token_json<'d>(token: &'d Token<'_>, now: Timestamp) -> TokenJson<'d> {
    let grants = Grants::of(token.permissions.iter().enumerate());
    let names = |actions: tokens::Actions| actions.iter().map(Action::as_str).collect();
    TokenJson {
        name: token.name.as_str(),
        fingerprint: token.hash().fingerprint().to_owned(),
        expiry_millis: token.expiry_millis,
        expired: token.expiry().is_past(now),
        permissions: token.permissions.iter().map(Permission::as_str).collect(),
        grants: grants
            .iter()
            .map(|grant| GrantJson {
                resource_type: grant.resource_type.as_str(),
                resource_name: grant.name,
                actions: names(grant.actions),
                shadows: grants.shadowed_by(grant).map_or_else(Vec::new, |(_, lost)| names(lost)),
            })
            .collect(),
    }
}
