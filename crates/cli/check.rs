//! `check`: every problem of every file in one pass.

use std::path::PathBuf;
use std::time::Duration;

use tokens::diagnostic::Severity;
use tokens::permission::INTERNAL_DATABASE;
use tokens::plan::State;
use tokens::store::Stored;
use tokens::{Context, DatabaseName, Kind, Reading, ServerVersion};

use crate::input::{self, Input, KindArg};
use crate::levels::Levels;
use crate::output::{Failure, Status, say};
use crate::progress::Progress;
use crate::report::{Checked, Format, Report};
use crate::{plan, time};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The files to check; of a directory, such as a mounted secret, all that are named *.json
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The kind that every file has to be; else each may be either
    #[arg(long, value_enum)]
    kind: Option<KindArg>,
    /// The admin token file of the same server: it is checked too, and names and secrets across both
    #[arg(long, value_name = "FILE")]
    admin_token_file: Option<PathBuf>,
    /// The databases that the server has, separated by commas
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = database)]
    databases: Option<Vec<String>>,
    /// What the server has, as `plan` takes it; may be repeated
    #[arg(long, value_name = "FILE")]
    state: Vec<PathBuf>,
    /// The version of the server, as 3.9, 3.10 or 3.11.0; the newest if left out
    #[arg(long, value_name = "VERSION")]
    server: Option<ServerVersion>,
    /// Warn of tokens that expire within this time, as 30d
    #[arg(long, value_name = "DURATION", value_parser = time::duration)]
    expiring_within: Option<Duration>,
    /// Let warnings fail too
    #[arg(long)]
    strict: bool,
    /// The files are mounted and their modes set elsewhere, so those are worth a note only
    #[arg(long)]
    mounted: bool,
    #[command(flatten)]
    levels: Levels,
    #[command(flatten)]
    now: time::Now,
    /// How to report
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// DB-04: every server has `_internal`, so it may be named too.
fn database(name: &str) -> Result<String, String> {
    match DatabaseName::parse(name) {
        Err(error) if name != INTERNAL_DATABASE => Err(format!("{error}; {}", error.help())),
        _ => Ok(name.to_owned()),
    }
}

/// A file as it was read, or why it was not.
struct Read {
    input: Input,
    expected: Option<Kind>,
    stored: Result<Stored, String>,
}

impl Read {
    fn of(input: Input, expected: Option<Kind>) -> Self {
        let stored = input.read().map_err(|failure| match failure {
            _ if input.is_directory() => {
                format!("{}: there is no file named *.json in this directory", input.display())
            }
            Failure::Usage(message) | Failure::Failed(message) => message,
            Failure::Output(error) => error.to_string(),
        });
        Read { input, expected, stored }
    }

    fn reading(&self) -> Option<Reading<'_>> {
        let stored = self.stored.as_ref().ok()?;
        Some(tokens::read(&stored.bytes, self.expected))
    }
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let files = input::files(&args.files)?.into_iter().flat_map(Input::expanded);
    let files: Vec<Input> = files.collect();
    let others = args.admin_token_file.iter().chain(&args.state).map(|path| Input::new(path));
    input::refuse_second_stdin(files.iter().chain(&others.collect::<Vec<_>>()))?;
    let state = plan::read_state(&args.state, args.databases.as_deref())?;
    let admin =
        args.admin_token_file.as_deref().map(|path| Read::of(Input::new(path), Some(Kind::Admin)));
    let admin_reading = admin.as_ref().and_then(Read::reading);
    let mut output =
        Output { report: args.format.report(args.fails()), progress: Progress::of_things() };
    let mut status = Status::Done;
    for input in files {
        output.progress.begin(format!("checking {}", input.display()));
        let file = Read::of(input, args.kind.map(Kind::from));
        status =
            status.max(args.one(&file, state.as_ref(), admin_reading.as_ref(), &mut output)?);
    }
    if let Some(admin) = &admin {
        status = status.max(args.one(admin, None, None, &mut output)?);
    }
    output.finish()?;
    Ok(status)
}

impl Args {
    /// The least severity that fails.
    fn fails(&self) -> Severity {
        if self.strict { Severity::Warning } else { Severity::Error }
    }

    fn one(
        &self,
        file: &Read,
        state: Option<&State>,
        admin: Option<&Reading<'_>>,
        output: &mut Output,
    ) -> Result<Status, Failure> {
        let (stored, reading) = match (&file.stored, file.reading()) {
            (Ok(stored), Some(reading)) => (stored, reading),
            (stored, _) => {
                let reason = stored.as_ref().err().map_or("cannot be read", String::as_str);
                output.unread(&file.input, reason);
                return Ok(Status::Failed);
            }
        };
        let context = Context {
            expiring_within: self.expiring_within,
            state,
            databases: self.databases.as_deref(),
            server: self.server,
            mode: input::mounted(stored.mode, self.mounted),
            admin,
            ..Context::at(self.now.get())
        };
        let found = self.levels.apply(tokens::check(&reading, &context));
        output.file(&Checked { input: &file.input, reading: &reading, found: &found })?;
        let failed = found.iter().any(|diagnostic| diagnostic.severity >= self.fails());
        Ok(if failed { Status::No } else { Status::Done })
    }
}

/// A report, and what is shown while it grows.
struct Output {
    report: Box<dyn Report>,
    progress: Progress,
}

impl Output {
    fn file(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        self.progress.suspend(|| self.report.file(checked))
    }

    fn unread(&mut self, input: &Input, reason: &str) {
        self.progress.suspend(|| say(Severity::Error, reason));
        self.report.unread(input, reason);
    }

    fn finish(self) -> Result<(), Failure> {
        drop(self.progress);
        self.report.finish()
    }
}
