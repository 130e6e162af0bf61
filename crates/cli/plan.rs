//! `plan`: what the start of a server would do with a file.

use std::path::PathBuf;

use serde::Serialize;
use tokens::diagnostic::Diagnostic;
use tokens::plan::{Plan, State, StatePart, plan};
use tokens::{DatabaseName, Document, Kind, Reading, quote};

use crate::input::{self, Input};
use crate::output::{Failure, Format, Status, print, print_json};
use crate::report::{human, json};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The file
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// What the server has: what `influxdb3 show databases` and `show tokens` print with `--format json`,
    /// each given with a `--state`, or {"databases": ["NAME"], "tokens": [{"name": "NAME",
    /// "token_sha512": "HASH", "resource": true}]}; a fresh server if left out
    #[arg(long, value_name = "FILE")]
    state: Vec<PathBuf>,
    /// How to show it
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// Reads a server's state, where any of it is given; these databases are a part of it then.
pub(crate) fn read_state(
    paths: &[PathBuf],
    databases: Option<&[String]>,
) -> Result<Option<State>, Failure> {
    let part = |path: &PathBuf| {
        let input = Input::new(path);
        StatePart::from_json(&input.read()?.bytes)
            .map_err(|error| Failure::Failed(format!("{}: {error}", input.display())))
    };
    let parts: Vec<StatePart> = paths.iter().map(part).collect::<Result<_, _>>()?;
    if parts.is_empty() {
        return Ok(None);
    }
    let databases = databases.map(|names| StatePart::Databases(names.to_vec()));
    State::of(parts.into_iter().chain(databases)).map(Some).map_err(Failure::failed)
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let input = input::file(args.file.as_ref())?;
    let others = args.state.iter().map(|path| Input::new(path)).collect::<Vec<_>>();
    input::refuse_second_stdin(others.iter().chain([&input]))?;
    let state = read_state(&args.state, None)?.unwrap_or_default();
    let stored = input.read()?;
    input::say_mode(&input, stored.mode);
    let reading = tokens::read(&stored.bytes, Some(Kind::Permission));
    let document = reading.document();
    let plan = document.as_ref().map(|document| plan(document, &state));
    let found = match &plan {
        Some(plan) => plan.findings.iter().map(|finding| finding.diagnostic(&reading)).collect(),
        None => reading.errors().to_vec(),
    };
    let plan = plan.filter(|plan| plan.stop().is_none());
    let planned = document.as_ref().zip(plan.as_ref());
    match args.format {
        Format::Human => print(&human(&input, &reading, &found, planned))?,
        Format::Json => print_json(&json(&input, &reading, &found, planned))?,
    }
    Ok(if planned.is_some() { Status::Done } else { Status::No })
}

/// A document and what a start makes of it; none if the start stops.
type Planned<'d> = Option<(&'d Document<'d>, &'d Plan)>;

fn human(
    input: &Input,
    reading: &Reading<'_>,
    found: &[Diagnostic],
    planned: Planned<'_>,
) -> String {
    let report = human::report(&input.display(), reading, found);
    let Some((document, plan)) = planned else {
        return format!("{report}the start would stop, and nothing would be created\n");
    };
    let list = |names: Vec<String>| {
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let databases = plan.create_databases.iter().map(|name| name.as_str().to_owned());
    let databases = list(databases.collect());
    let tokens = created(document, plan)
        .map(|(name, fingerprint)| format!("{} ({fingerprint})", quote(name)));
    let tokens = list(tokens.collect());
    format!("{report}creates databases: {databases}\ncreates tokens: {tokens}\n")
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
    create_databases: Vec<&'d str>,
    create_tokens: Vec<Created<'d>>,
    diagnostics: Vec<json::Finding>,
}

#[derive(Serialize)]
struct Created<'d> {
    name: &'d str,
    fingerprint: String,
}

fn json<'d>(
    input: &Input,
    reading: &Reading<'_>,
    found: &[Diagnostic],
    planned: Planned<'d>,
) -> Json<'d> {
    let create_tokens = planned.into_iter().flat_map(|(document, plan)| created(document, plan));
    Json {
        version: 1,
        path: input.path(),
        starts: planned.is_some(),
        create_databases: planned.map_or(Vec::new(), |(_, plan)| {
            plan.create_databases.iter().map(DatabaseName::as_str).collect()
        }),
        create_tokens: create_tokens
            .map(|(name, fingerprint)| Created { name, fingerprint })
            .collect(),
        diagnostics: json::findings(reading, found),
    }
}
