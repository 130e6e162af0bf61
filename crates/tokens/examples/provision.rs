//! Provisions a server, from ten new tokens to what its start makes of them.
//!
//! ```text
//! cargo run -p tokens --example provision [directory]
//! ```
//!
//! The file is `tokens.json` in that directory, or in a temporary one.

use std::error::Error;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokens::access::{Access, Databases, Decision, Reason, Request};
use tokens::plan::{State, StateToken, plan};
use tokens::{Action, Context, DatabaseName, Document, Lifetime, LineIndex, Permission};
use tokens::{Reading, ResourceType, Timestamp, Token, TokenName, os, quote, store};

type Result<T = (), E = Box<dyn Error>> = std::result::Result<T, E>;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the server is to have at its first start.
const DATABASES: [&str; 3] = ["sensors", "billing", "audit"];

/// Name, lifetime and permissions of each token.
const TOKENS: [(&str, Option<&str>, &[&str]); 9] = [
    ("gateway", None, &["db:sensors:write"]),
    ("dashboard", None, &["db:sensors,billing:read"]),
    ("alerts", None, &["db:sensors:read", "system:health:read"]),
    ("invoices", Some("90d"), &["db:billing:read,write"]),
    ("auditor", Some("30d"), &["db:audit:read"]),
    ("contractor", Some("8h"), &["db:sensors:read"]),
    ("backup", None, &["db:*:read"]),
    ("probe", None, &["system:health,metrics:read"]),
    // Meant as everything, and of audit at least reading. It does not mean that.
    ("archive", None, &["db:*:read,write", "db:audit:read"]),
];

fn main() -> Result<(), Box<dyn Error>> {
    let temporary = tempfile::tempdir()?;
    let given = std::env::args_os().nth(1).map(PathBuf::from);
    run(given.as_deref().unwrap_or(temporary.path()), os::now(), &mut stdout().lock())
}

/// Does everything at this moment, and says what it did.
pub(crate) fn run(directory: &Path, now: Timestamp, out: &mut impl Write) -> Result {
    let path = directory.join("tokens.json");
    provision(&path, now, out)?;

    // A reading borrows the bytes; it knows everything that is wrong with them, and where.
    let stored = store::read(&path)?;
    let reading = tokens::read(&stored.bytes, None);
    let context = Context { mode: stored.mode, expiring_within: Some(DAY), ..Context::at(now) };
    show_findings(&reading, &context, out)?;

    // Only a file that loads has a document.
    let document = reading.document().ok_or("the file does not load")?;
    show_decisions(&document, now, out)?;
    show_starts(&document, &reading, out)
}

/// Writes nine tokens, and appends a tenth.
fn provision(path: &Path, now: Timestamp, out: &mut impl Write) -> Result {
    let mut databases = Vec::new();
    for name in DATABASES {
        databases.push(DatabaseName::parse(name)?);
    }
    let mut tokens = Vec::new();
    for (name, lifetime, permissions) in TOKENS {
        tokens.push(new_token(name, lifetime, permissions, now)?);
    }
    let trial = new_token("trial", Some("14d"), &["db:sensors:read"], now)?;

    // Each update has a lock on the directory, and replaces the file as a whole or not at all.
    let options = store::Options {
        lock_timeout: Duration::from_secs(30),
        on_wait: &|| {},
        interrupted: &AtomicBool::new(false),
    };
    store::update(path, &options, |old| {
        tokens::append_all(old, &tokens, &databases).map(|new| (new.text, ()))
    })?;
    let (_, count) = store::update(path, &options, |old| {
        tokens::append(old, &trial, &[]).map(|new| (new.text, new.tokens))
    })?;
    writeln!(out, "tokens.json holds {count} tokens; the last is {}", quote(trial.name.as_str()))?;
    Ok(())
}

fn new_token(
    name: &'static str,
    lifetime: Option<&str>,
    permissions: &[&'static str],
    now: Timestamp,
) -> Result<Token<'static>> {
    let mut token = Token {
        secret: os::new_secret()?,
        name: TokenName::parse(name)?,
        expiry_millis: None,
        permissions: Vec::new(),
    };
    if let Some(lifetime) = lifetime {
        token.expiry_millis = Some(lifetime.parse::<Lifetime>()?.expiry_from(now)?.0);
    }
    for permission in permissions {
        token.permissions.push(Permission::parse(*permission)?);
    }
    Ok(token)
}

/// Everything there is to say about the file. No message has a secret in it.
fn show_findings(reading: &Reading<'_>, context: &Context<'_>, out: &mut impl Write) -> Result {
    writeln!(out, "\nfindings")?;
    let index = LineIndex::new(reading.text());
    for found in tokens::check(reading, context) {
        // What is about the file as a whole has no place.
        let at = found.place.as_ref().map(|place| index.position(place.span.start));
        let at = at.map_or(String::new(), |at| format!(":{}:{}", at.line, at.column));
        writeln!(out, "  tokens.json{at}: {}: {} ({})", found.severity, found.message, found.code)?;
        if let Some(help) = &found.help {
            writeln!(out, "    help: {help}")?;
        }
    }
    Ok(())
}

/// What a server answers to some requests.
fn show_decisions(document: &Document<'_>, now: Timestamp, out: &mut impl Write) -> Result {
    writeln!(out, "\nrequests")?;
    let databases = Databases::needed_by(document);
    let tomorrow = now.checked_add(DAY).ok_or("the clock is at its end")?;
    for (name, action, database, moment) in [
        ("dashboard", Action::Read, "sensors", now),
        ("dashboard", Action::Write, "sensors", now),
        ("contractor", Action::Read, "sensors", now),
        ("contractor", Action::Read, "sensors", tomorrow),
        ("stranger", Action::Read, "sensors", now),
        ("archive", Action::Write, "sensors", now),
        ("archive", Action::Write, "audit", now),
    ] {
        let request =
            Request { resource_type: ResourceType::Db, name: database, actions: action.into() };
        let decision = match document.token(name) {
            Some(token) => Access::new(token, &databases).decide(&request, moment),
            None => Decision::unknown_token(),
        };
        let (action, outcome) = (action.as_str(), decision.outcome);
        writeln!(out, "  {name:10} {action:5} {database:7} {outcome}{}", why(&decision.reason))?;
    }
    Ok(())
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::UnknownToken => ": there is no such token".to_owned(),
        Reason::Expired(moment) => format!(": expired at {moment}"),
        Reason::Decided { missing, shadowed, .. } if !shadowed.is_empty() => {
            format!(": `{missing}` on `*` is shadowed")
        }
        Reason::Decided { missing, .. } if !missing.is_empty() => {
            format!(": `{missing}` is missing")
        }
        _ => String::new(),
    }
}

/// What a server does with the file when it starts first, and when it starts again.
fn show_starts(document: &Document<'_>, reading: &Reading<'_>, out: &mut impl Write) -> Result {
    let made = document.tokens().iter().map(|token| StateToken {
        name: token.name.as_str().to_owned(),
        hash: token.hash().as_str().to_owned(),
        resource: true,
    });
    let databases = document.distinct_databases().into_iter().map(str::to_owned);
    let later = State { databases: databases.collect(), tokens: made.collect() };

    writeln!(out, "\nstarts")?;
    for (start, state) in [("first", State::default()), ("next", later)] {
        let plan = plan(document, &state);
        let (databases, tokens) = (plan.create_databases.len(), plan.create_tokens.len());
        writeln!(out, "  {start:5} makes {databases} databases and {tokens} tokens")?;
        for found in plan.findings.iter().map(|finding| finding.diagnostic(reading)) {
            writeln!(out, "    {}: {} ({})", found.severity, found.message, found.code)?;
        }
    }
    Ok(())
}
