//! A directory in which the command makes a file, and what can be said of it afterwards.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokens::{AdminToken, Document, Kind, Token};

use super::command::Run;
use super::{Fault, Generator, Outcome};

/// What the flags ask for where nothing special matters.
pub(super) const APP: [&str; 4] = ["--name", "app", "--permission", "db:*:read"];

/// The file that the command is asked to write.
pub(super) const FILE: &str = "tokens.json";

/// A directory of one check. It goes with this value.
pub(super) struct Place<'g> {
    generator: &'g Generator,
    root: PathBuf,
    file: PathBuf,
    _directory: TempDir,
}

/// What a path holds, as far as a change of it can be seen.
#[derive(PartialEq, Eq)]
enum Entry {
    File(Vec<u8>, Permissions),
    Link(PathBuf),
    Other(fs::FileType),
}

impl<'g> Place<'g> {
    /// A directory with nothing in it.
    pub(super) fn new(generator: &'g Generator) -> Result<Self, Fault> {
        let directory = tempfile::tempdir()?;
        // Where the directory for temporary files is a link, the command is given the real path.
        let root = fs::canonicalize(directory.path())?;
        Ok(Place { generator, file: root.join(FILE), root, _directory: directory })
    }

    /// A directory with an old file, for its owner alone.
    pub(super) fn with(generator: &'g Generator, old: impl AsRef<[u8]>) -> Result<Self, Fault> {
        let place = Place::new(generator)?;
        place.put(FILE, old)?;
        Ok(place)
    }

    /// The same directory, with another path to write to.
    pub(super) fn writing_to(self, name: &str) -> Self {
        Place { file: self.path(name), ..self }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file, for its owner alone.
    pub(super) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let path = self.path(name);
        fs::write(&path, bytes)?;
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
        Ok(())
    }

    /// Runs the command with these flags, offline.
    pub(super) fn run(&self, flags: &[&str]) -> Result<Run, Fault> {
        self.run_behind(None, flags)
    }

    /// The same, with what a shell is to do first.
    pub(super) fn run_behind(&self, prelude: Option<&str>, flags: &[&str]) -> Result<Run, Fault> {
        let flags = flags.iter().chain(&["--offline", "--output-file"]);
        let words: Vec<&OsStr> = ["create", "token"]
            .iter()
            .chain(flags)
            .map(OsStr::new)
            .chain([self.file.as_os_str()])
            .collect();
        self.generator.run(prelude, &words)
    }

    /// Runs the command, which has to succeed.
    pub(super) fn succeeds(&self, flags: &[&str]) -> Result<Run, Fault> {
        self.succeeds_behind(None, flags)
    }

    /// The same, with what a shell is to do first.
    pub(super) fn succeeds_behind(
        &self,
        prelude: Option<&str>,
        flags: &[&str],
    ) -> Result<Run, Fault> {
        let run = self.run_behind(prelude, flags)?;
        if run.succeeded() {
            return Ok(run);
        }
        Err(format!("the command was to succeed, and ended with {}", run.in_words()).into())
    }

    /// Runs the command, which has to leave a file that loads.
    pub(super) fn makes(&self, flags: &[&str]) -> Result<Document<'static>, Fault> {
        self.succeeds(flags)?;
        self.document()
    }

    /// Runs the command, which has to leave an admin token file that loads.
    pub(super) fn makes_admin(&self, flags: &[&str]) -> Result<AdminToken<'static>, Fault> {
        self.succeeds(flags)?;
        let bytes = self.bytes()?;
        let reading = tokens::read(&bytes, Some(Kind::Admin));
        match (reading.first_error(), reading.admin_token()) {
            (None, Some(token)) => Ok(AdminToken {
                secret: token.secret.into_owned(),
                name: token.name.into_owned(),
                expiry_millis: token.expiry_millis,
            }),
            (error, _) => Err(does_not_load(error)),
        }
    }

    /// Runs the command, which has to fail and to leave everything as it is.
    pub(super) fn refuses(&self, flags: &[&str]) -> Outcome {
        self.refuses_behind(None, flags)
    }

    /// The same, with what a shell is to do first.
    pub(super) fn refuses_behind(&self, prelude: Option<&str>, flags: &[&str]) -> Outcome {
        let before = self.entries()?;
        let run = self.run_behind(prelude, flags)?;
        let changes = changes(&before, &self.entries()?);
        match (run.succeeded(), changes.as_str()) {
            (false, "") => Ok(()),
            (false, changes) => Err(format!("the command refused, but {changes}").into()),
            (true, "") => Err("the command was to refuse this, and ended as if it had not".into()),
            (true, changes) => {
                Err(format!("the command was to refuse this, and did not: {changes}").into())
            }
        }
    }

    /// The bytes of the file that is left.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Fault> {
        let read = fs::read(&self.file);
        read.map_err(|error| Fault::Wrong(format!("the file that is left cannot be read: {error}")))
    }

    /// The text of the file that is left.
    pub(super) fn text(&self) -> Result<String, Fault> {
        String::from_utf8(self.bytes()?).map_err(|_| "the file that is left is not UTF-8".into())
    }

    /// What the file that is left says, by the reference.
    pub(super) fn document(&self) -> Result<Document<'static>, Fault> {
        let bytes = self.bytes()?;
        let reading = tokens::read(&bytes, Some(Kind::Permission));
        let document = reading.document().map(Document::into_owned);
        document.ok_or_else(|| does_not_load(reading.first_error()))
    }

    /// The names of all that is in the directory.
    #[cfg(unix)]
    pub(super) fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.entries()?.into_keys().collect())
    }

    fn entries(&self) -> io::Result<BTreeMap<String, Entry>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, Entry::at(&path)?))
        };
        fs::read_dir(&self.root)?.map(entry).collect()
    }
}

impl Entry {
    /// A FIFO must not be opened: it would wait for a writer.
    fn at(path: &Path) -> io::Result<Self> {
        let metadata = fs::symlink_metadata(path)?;
        Ok(match metadata.file_type() {
            kind if kind.is_file() => Entry::File(fs::read(path)?, metadata.permissions()),
            kind if kind.is_symlink() => Entry::Link(fs::read_link(path)?),
            kind => Entry::Other(kind),
        })
    }
}

/// What is not as it was, in words; nothing where all is.
fn changes(before: &BTreeMap<String, Entry>, after: &BTreeMap<String, Entry>) -> String {
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let gone = gone.map(|name| format!("`{name}` is gone"));
    let others = after.iter().filter_map(|(name, now)| match before.get(name) {
        None => Some(format!("`{name}` was left")),
        Some(entry) if entry == now => None,
        Some(_) => Some(format!("`{name}` was changed")),
    });
    gone.chain(others).collect::<Vec<_>>().join(", ")
}

fn does_not_load(error: Option<&tokens::Diagnostic>) -> Fault {
    let words = error.map(|error| format!(": {} ({})", error.message, error.code));
    Fault::Wrong(format!("the file that is left does not load{}", words.unwrap_or_default()))
}

/// The token that was made last.
pub(super) fn newest<'d>(document: &'d Document<'_>) -> Result<&'d Token<'d>, Fault> {
    document.tokens().last().ok_or_else(|| "the file has no token".into())
}

/// The names of a document's tokens.
pub(super) fn token_names<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    document.tokens().iter().map(|token| token.name.as_str()).collect()
}

/// The names in `create_databases`.
pub(super) fn databases<'d>(document: &'d Document<'_>) -> Vec<&'d str> {
    document.create_databases().iter().map(tokens::DatabaseName::as_str).collect()
}

/// Two lists of texts that are to be alike.
pub(super) fn same(what: &str, expected: &[&str], found: &[&str]) -> Outcome {
    if expected == found {
        return Ok(());
    }
    let list = |texts: &[&str]| match texts {
        [] => "none".to_owned(),
        texts => texts.iter().map(|text| tokens::quote(text)).collect::<Vec<_>>().join(", "),
    };
    Err(format!("{what}: {} expected, {} found", list(expected), list(found)).into())
}
