//! What the commands that write a file have in common: waiting for each other, signals, and what is
//! said afterwards.

use std::path::Path;
use std::time::Duration;

use tokens::diagnostic::{Diagnostic, Severity};
use tokens::store::{self, Cause, ModeChange, Options, StoreError, UpdateError};
use tokens::{Code, Context, EditError, Timestamp, visible};
use zeroize::Zeroizing;

use crate::output::{Failure, Status, say, say_finding};
use crate::{signals, time};

#[derive(clap::Args)]
pub(crate) struct Write {
    /// How long to wait for other writers
    #[arg(long, value_name = "DURATION", value_parser = time::duration, default_value = "30s")]
    lock_timeout: Duration,
}

/// `-` is standard input where a file is read; to write to, it is nothing.
pub(crate) fn refuse_stdout(path: &Path) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        let message = "tokens are written to a file only, not to standard output";
        return Err(Failure::Usage(message.to_owned()));
    }
    Ok(())
}

impl Write {
    /// Makes a file where nothing is (GEN-06).
    pub(crate) fn create(&self, path: &Path, text: &str) -> Result<(), Failure> {
        self.run(path, |options| store::create(path, options, text)).map_err(|error| {
            Failure::Failed(match error.cause() {
                Cause::Exists => format!("{error} ({})", Code::FileExists),
                _ => in_words(&error),
            })
        })
    }

    /// Edits a file, and says what became of its mode.
    pub(crate) fn update<T>(
        &self,
        path: &Path,
        edit: impl FnOnce(Option<&[u8]>) -> Result<(Zeroizing<String>, T), EditError>,
    ) -> Result<T, Failure> {
        let written = self.run(path, |options| store::update(path, options, edit));
        let (change, told) = written.map_err(|error| refused(path, error))?;
        say_mode_change(path, change);
        Ok(told)
    }

    /// Runs a write with the lock's time-out, a word about waiting, and signals caught.
    fn run<T>(&self, path: &Path, write: impl FnOnce(&Options<'_>) -> T) -> T {
        let interrupted = signals::interrupted();
        let shown = visible(&path.to_string_lossy()).into_owned();
        write(&Options {
            lock_timeout: self.lock_timeout,
            on_wait: &|| say(Severity::Note, &format!("{shown}: waiting for another writer")),
            interrupted: &interrupted,
        })
    }
}

fn refused(path: &Path, error: UpdateError<EditError>) -> Failure {
    let shown = visible(&path.to_string_lossy()).into_owned();
    Failure::Failed(match error {
        UpdateError::Store(error) => in_words(&error),
        UpdateError::Edit(error) => not_edited(&shown, &error),
    })
}

/// Why a file at a path fit to be shown was not edited.
pub(crate) fn not_edited(shown: &str, error: &EditError) -> String {
    let unread = matches!(error, EditError::DoesNotLoad(_));
    let help = if unread { format!("; see `check {shown}`") } else { String::new() };
    format!("{shown}: {error}; nothing was written{help}")
}

fn in_words(error: &StoreError) -> String {
    match error.cause() {
        Cause::LockTimeout(_) => format!("{error} with `--lock-timeout`"),
        _ => error.to_string(),
    }
}

/// FILE-04.
fn say_mode_change(path: &Path, change: ModeChange) {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let kept = |bits: u32, readers: &str| {
        let message = format!("{shown}: the file keeps its mode {bits:04o}: {readers} may read it");
        say(Severity::Note, &message);
    };
    match change {
        ModeChange::New | ModeChange::Kept(_) => {}
        ModeChange::KeptForGroup(bits) => kept(bits, "its group"),
        ModeChange::KeptForListed(bits) => {
            kept(bits, "its group and whoever its access control list names");
        }
        ModeChange::Narrowed(bits) => {
            let message = format!("{shown}: the file had mode {bits:04o} and has 0600 now");
            say(Severity::Warning, &message);
        }
    }
}

/// BOOT-02: the last word on every change of a file that a server may have read already.
pub(crate) fn say_servers_keep(path: &Path, way_out: &str) {
    let shown = visible(&path.to_string_lossy()).into_owned();
    let message = "a server that has resource tokens already creates none of this file";
    say(Severity::Note, &format!("{shown}: {message}; {way_out}"));
}

/// The outcome of printing what was done, where that is all that can still fail.
pub(crate) fn told(path: &Path, printed: Result<(), Failure>) -> Result<Status, Failure> {
    printed.map(|()| Status::Done).map_err(|failure| match failure {
        Failure::Output(error) => Failure::Failed(format!(
            "{} was written, but standard output could not be: {error}",
            visible(&path.to_string_lossy())
        )),
        other => other,
    })
}

/// What the checks say of a text at the places that are of interest.
pub(crate) fn findings(
    text: &str,
    of_interest: impl Fn(&str) -> bool,
    now: Timestamp,
) -> Vec<Diagnostic> {
    let mut found = tokens::check(&tokens::read(text.as_bytes(), None), &Context::at(now));
    found.retain(|finding| of_interest(finding.place.as_ref().map_or("", |place| &place.pointer)));
    found
}

/// Says them.
pub(crate) fn say_findings(
    path: &Path,
    text: &str,
    of_interest: impl Fn(&str) -> bool,
    now: Timestamp,
) {
    for finding in findings(text, of_interest, now) {
        say_finding(&visible(&path.to_string_lossy()), &finding);
    }
}
