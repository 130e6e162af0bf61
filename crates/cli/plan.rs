//! `plan`: what the start of a server would do with a file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;
use tokens::diagnostic::Severity;
use tokens::plan::{Finding, Plan, State, plan};
use tokens::{Document, Kind, Reading, quote};

use crate::input::{self, Input};
use crate::output::{Failure, Status, print, print_json};
use crate::report::{human, json};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The databases and tokens that the server has, as JSON: {"databases": ["NAME"], "tokens":
    /// [{"name": "NAME", "token_sha512": "HASH", "resource": true}]}; a fresh server if left out
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// How to show it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Reads a server's state.
pub(crate) fn read_state(path: &Path) -> Result<State, Failure> {
    let input = Input::new(path);
    let stored = input.read()?;
    State::from_json(&stored.bytes)
        .map_err(|error| Failure::Failed(format!("{}: {error}", input.display())))
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let state = args.state.as_deref().map(read_state).transpose()?.unwrap_or_default();
    let input = input::file(args.file.as_ref())?;
    let stored = input.read()?;
    input::say_mode(stored.mode);
    let reading = tokens::read(&stored.bytes, Some(Kind::Permission));
    let document = reading.document();
    let planned = document.as_ref().map(|document| plan(document, &state));
    match args.format {
        Format::Human => print(&human(&input, &reading, document.as_ref(), planned.as_ref()))?,
        Format::Json => print_json(&json(&input, &reading, document.as_ref(), planned.as_ref()))?,
    }
    let starts = planned.is_some_and(|plan| !plan.stops());
    Ok(if starts { Status::Done } else { Status::No })
}

fn human(
    input: &Input,
    reading: &Reading<'_>,
    document: Option<&Document<'_>>,
    plan: Option<&Plan>,
) -> String {
    let (Some(document), Some(plan)) = (document, plan) else {
        let report = human::report(input, reading, reading.errors());
        return format!("{report}the start would stop: the file does not load\n");
    };
    let mut text = String::new();
    // Writing to a String cannot fail.
    for finding in &plan.findings {
        let Finding { code, message, help, .. } = finding;
        let _ = writeln!(text, "{}[{code}]: {message}\n  help: {help}", code.severity());
    }
    if plan.stops() {
        text.push_str("the start would stop, and nothing would be created\n");
        return text;
    }
    let list =
        |names: Vec<String>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let databases = plan.create_databases.clone();
    let tokens = created(document, plan)
        .map(|(name, fingerprint)| format!("{} ({fingerprint})", quote(name)));
    let _ = writeln!(text, "creates databases: {}", list(databases));
    let _ = writeln!(text, "creates tokens: {}", list(tokens.collect()));
    text
}

/// Name and fingerprint of the tokens that are created.
fn created<'d>(
    document: &'d Document<'_>,
    plan: &'d Plan,
) -> impl Iterator<Item = (&'d str, String)> {
    let tokens = plan.create_tokens.iter().filter_map(|index| document.tokens().get(*index));
    tokens.map(|token| (token.name.as_str(), token.hash().fingerprint().to_owned()))
}

#[derive(Serialize)]
struct Json<'d> {
    version: u32,
    path: String,
    starts: bool,
    create_databases: &'d [String],
    create_tokens: Vec<Created<'d>>,
    findings: Vec<FindingJson<'d>>,
    /// What keeps the file from loading.
    diagnostics: Vec<json::Finding>,
}

#[derive(Serialize)]
struct Created<'d> {
    name: &'d str,
    fingerprint: String,
}

#[derive(Serialize)]
struct FindingJson<'d> {
    code: &'static str,
    rule: &'static str,
    severity: &'static str,
    message: &'d str,
    help: &'d str,
}

fn json<'d>(
    input: &Input,
    reading: &Reading<'_>,
    document: Option<&'d Document<'_>>,
    plan: Option<&'d Plan>,
) -> Json<'d> {
    let both = document.zip(plan);
    let findings = plan.map_or(&[][..], |plan| &plan.findings);
    Json {
        version: 1,
        path: input.path(),
        starts: plan.is_some_and(|plan| !plan.stops()),
        create_databases: plan.map_or(&[], |plan| &plan.create_databases),
        create_tokens: both
            .into_iter()
            .flat_map(|(document, plan)| created(document, plan))
            .map(|(name, fingerprint)| Created { name, fingerprint })
            .collect(),
        findings: findings
            .iter()
            .map(|finding| FindingJson {
                code: finding.code.name(),
                rule: finding.rule.id(),
                severity: Severity::as_str(finding.code.severity()),
                message: &finding.message,
                help: finding.help,
            })
            .collect(),
        diagnostics: json::findings(reading, reading.errors()),
    }
}
