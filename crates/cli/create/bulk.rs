//! `create tokens --from`: many tokens in one step, all of them or none.

use std::path::{Path, PathBuf};

use tokens::diagnostic::Severity;
use tokens::os::NewSecrets;
use tokens::{Appended, Permission, Timestamp, Token, quote, visible};

use super::report::{self, Created};
use super::rows::{self, Row};
use super::{Format, no_randomness, usage};
use crate::input::Input;
use crate::output::{Failure, Status, count, print, say, say_finding};
use crate::progress::Progress;
use crate::time;
use crate::write::{self, Write, say_servers_keep, told};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The list: CSV whose first line names the columns `name`, `permissions` and, if wanted, `expiry` and
    /// `databases`; or JSON Lines with these members. `-` is standard input
    #[arg(long, value_name = "LIST")]
    from: PathBuf,
    /// Write to a file instead of asking a server; required
    #[arg(long)]
    offline: bool,
    /// The tokens file: made if it is absent, else appended to
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// What to print: words without the token strings, or a line of JSON for each with it
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    write: Write,
    #[command(flatten)]
    now: time::Now,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let path = args.output_file()?;
    let now = args.now.get();
    let from = Input::new(&args.from);
    let stored = from.read()?;
    let progress = Progress::of_steps();
    progress.begin("rows read");
    let wrong = |mistakes: String| {
        Failure::Usage(format!("{} is no list of tokens:\n{mistakes}", from.display()))
    };
    // What the list knows stays until the end: the holes it would leave make what follows twice as slow.
    let mut list = rows::read(&stored.bytes, now, || progress.step()).map_err(wrong)?;
    progress.begin("tokens made");
    let made = make(std::mem::take(&mut list.rows), &progress)?;
    progress.begin("bytes of text in memory, and now to the disk");
    let appended = args.write.update(path, |old| {
        let mut appended = tokens::append_all(old, &made, &list.databases)?;
        progress.set(appended.text.len());
        Ok((std::mem::take(&mut appended.text), appended))
    })?;
    drop(progress);
    say_about(path, &made, &appended, now);
    let printed = match args.format {
        Format::Text => print(&text(path, &made, &appended)),
        Format::Json => made.iter().try_for_each(|token| created(path, token).print_json()),
    };
    if !appended.is_new {
        say_servers_keep(path, "make the tokens there with `influxdb3 create token`");
    }
    told(path, printed)
}

impl Args {
    fn output_file(&self) -> Result<&Path, Failure> {
        if !self.offline {
            let message = "this tool writes files: add `--offline --output-file FILE`";
            return Err(usage(message));
        }
        let path = self.output_file.as_deref();
        let path = path.ok_or_else(|| usage("`--offline` needs `--output-file FILE`"))?;
        write::refuse_stdout(path)?;
        Ok(path)
    }
}

/// The tokens with new strings.
fn make(rows: Vec<Row>, progress: &Progress) -> Result<Vec<Token<'static>>, Failure> {
    let mut secrets = NewSecrets::default();
    let make = |Row { name, permissions, expiry_millis }| {
        progress.step();
        let secret = secrets.next().map_err(|error| no_randomness(&error))?;
        Ok(Token { secret, name, expiry_millis, permissions })
    };
    rows.into_iter().map(make).collect()
}

/// To look at more of them takes longer than to make them.
const MOST_LOOKED_AT: usize = 10_000;
/// More findings are only counted.
const MOST_SAID: usize = 100;

/// GEN-05: what the checks say of the new tokens and databases, each with the name of its token.
fn say_about(path: &Path, made: &[Token<'_>], appended: &Appended, now: Timestamp) {
    let shown = visible(&path.to_string_lossy()).into_owned();
    if made.len() > MOST_LOOKED_AT {
        let message = "so many tokens are not looked at one by one: `influxdb3-tokens check` does";
        return say(Severity::Note, &format!("{shown}: {message}"));
    }
    let found = report::about(made, appended, now);
    for finding in found.iter().take(MOST_SAID) {
        let pointer =
            finding.place.as_ref().and_then(|place| place.pointer.strip_prefix("/tokens/"));
        let index = pointer.and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
        match index.and_then(|index| made.get(index)) {
            Some(token) => {
                say_finding(&format!("{shown}: {}", quote(token.name.as_str())), finding)
            }
            None => say_finding(&shown, finding),
        }
    }
    if let Some(more @ 1..) = found.len().checked_sub(MOST_SAID) {
        let message =
            format!("{} more: `influxdb3-tokens check` shows them", count(more, "finding"));
        say(Severity::Note, &format!("{shown}: {message}"));
    }
}

fn created<'c>(path: &'c Path, token: &'c Token<'c>) -> Created<'c> {
    Created {
        what: "created token",
        name: token.name.as_str(),
        secret: &token.secret,
        expiry_millis: token.expiry_millis,
        permissions: token.permissions.iter().map(Permission::as_str).collect(),
        path,
        more: Vec::new(),
    }
}

fn text(path: &Path, made: &[Token<'_>], appended: &Appended) -> String {
    let what = if appended.is_new { "created" } else { "appended" };
    let shown = visible(&path.to_string_lossy()).into_owned();
    let first = format!("{what} {} in {shown}\n", count(made.len(), "token"));
    let more = report::about_the_file(appended);
    more.iter().fold(first, |text, line| format!("{text}  {line}\n"))
}
