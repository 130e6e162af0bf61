//! The files to read: by argument, by the server's own variable (BOOT-00), or from standard input.

use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use tokens::diagnostic::Severity;
use tokens::store::{self, LARGEST_FILE, Stored, Wiped};
use tokens::{FileMode, Keeper, Kind, Reading, visible};

use crate::output::{Failure, say_finding, talk};
use crate::report;

/// The variable that names a server's permission tokens file (BOOT-00).
const VARIABLE: &str = "INFLUXDB3_PERMISSION_TOKENS_FILE";

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    Path(PathBuf),
}

impl Input {
    pub(crate) fn new(path: &Path) -> Self {
        if path.as_os_str() == "-" { Input::Stdin } else { Input::Path(path.to_owned()) }
    }

    /// The tokens files of a directory such as a mounted secret: what is named `*.json` in it. Anything else
    /// stands for itself, and so does a directory without any.
    pub(crate) fn expanded(self) -> Vec<Input> {
        let Input::Path(path) = &self else { return vec![self] };
        let is_tokens_file = |path: &PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            name.ends_with(".json") && !name.starts_with('.')
        };
        let entries = path.read_dir().into_iter().flatten().filter_map(Result::ok);
        let mut files: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(is_tokens_file).collect();
        files.sort();
        if files.is_empty() { vec![self] } else { files.into_iter().map(Input::Path).collect() }
    }

    pub(crate) fn is_directory(&self) -> bool {
        matches!(self, Input::Path(path) if path.is_dir())
    }

    /// As it was given, for data.
    pub(crate) fn path(&self) -> String {
        match self {
            Input::Stdin => "-".to_owned(),
            Input::Path(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// For people, with nothing in it that a terminal would obey.
    pub(crate) fn display(&self) -> String {
        match self {
            Input::Stdin => "<stdin>".to_owned(),
            Input::Path(path) => visible(&path.to_string_lossy()).into_owned(),
        }
    }

    pub(crate) fn read(&self) -> Result<Stored, Failure> {
        match self {
            Input::Stdin => stdin(),
            Input::Path(path) => store::read(path).map_err(Failure::failed),
        }
    }
}

fn stdin() -> Result<Stored, Failure> {
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    let bytes = Wiped::from(bytes);
    read.map_err(|error| Failure::Failed(format!("cannot read standard input: {error}")))?;
    if bytes.len() as u64 > LARGEST_FILE {
        let message = format!("standard input is larger than {LARGEST_FILE} bytes");
        return Err(Failure::Failed(message));
    }
    Ok(Stored { bytes, mode: None })
}

/// The files given, or the one that the server would read.
pub(crate) fn files(given: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if !given.is_empty() {
        return Ok(given.iter().map(|path| Input::new(path)).collect());
    }
    match env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => Ok(vec![Input::Path(path.into())]),
        None => Err(Failure::Usage(format!("give a FILE, or set {VARIABLE}"))),
    }
}

/// Standard input can be read once.
pub(crate) fn refuse_second_stdin<'i>(
    inputs: impl IntoIterator<Item = &'i Input>,
) -> Result<(), Failure> {
    let stdin = inputs.into_iter().filter(|input| **input == Input::Stdin).count();
    if stdin > 1 {
        return Err(Failure::Usage("`-`, standard input, can be named once only".to_owned()));
    }
    Ok(())
}

/// The file given, or the one that the server would read.
pub(crate) fn file(given: Option<&PathBuf>) -> Result<Input, Failure> {
    let mut files = files(given.map(std::slice::from_ref).unwrap_or_default())?;
    files.pop().ok_or_else(|| Failure::Usage("give a FILE".to_owned()))
}

/// Reads a file that has to load; what keeps it from that is said on standard error. Who else may
/// read the file is said there too (FILE-08).
pub(crate) fn loaded<'s>(input: &Input, stored: &'s Stored) -> Result<Reading<'s>, Failure> {
    loaded_as(input, stored, None)
}

/// The same of a file that has to be of this kind.
pub(crate) fn loaded_as<'s>(
    input: &Input,
    stored: &'s Stored,
    kind: Option<Kind>,
) -> Result<Reading<'s>, Failure> {
    say_mode(input, stored.mode);
    let reading = tokens::read(&stored.bytes, kind);
    if reading.loads() {
        return Ok(reading);
    }
    let report = report::human::report(&input.display(), &reading, reading.errors());
    talk(&report);
    Err(Failure::Failed(format!("{} does not load", input.display())))
}

/// FILE-08, where there is no report of findings; notes are for `check`.
pub(crate) fn say_mode(input: &Input, mode: Option<FileMode>) {
    let finding = mode.and_then(FileMode::finding);
    if let Some(finding) = finding.filter(|finding| finding.severity == Severity::Warning) {
        say_finding(&input.display(), &finding);
    }
}

/// The kind of file that is asked for.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum KindArg {
    Permission,
    Admin,
}

impl From<KindArg> for Kind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Permission => Kind::Permission,
            KindArg::Admin => Kind::Admin,
        }
    }
}

/// The mode of a file that the user says is mounted.
pub(crate) fn mounted(mode: Option<FileMode>, mounted: bool) -> Option<FileMode> {
    let keeper = |mode: FileMode| mode.keeper.or(mounted.then_some(Keeper::Mounted));
    mode.map(|mode| FileMode { keeper: keeper(mode), ..mode })
}
