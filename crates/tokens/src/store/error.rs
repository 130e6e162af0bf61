//! Why a file could not be read or written, as sentences.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::LARGEST_FILE;
use crate::visible;

/// Why a file could not be read or written: the path and the cause. Shown, it is both in a sentence.
#[derive(Debug)]
pub struct StoreError {
    path: PathBuf,
    pub(super) cause: Cause,
}

impl StoreError {
    pub(super) fn new(path: &Path, cause: Cause) -> Self {
        StoreError { path: path.to_owned(), cause }
    }

    /// What went wrong.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }
}

/// What can go wrong with a file. Each shows itself as a sentence with the way out. But for
/// [`Unflushed`](Self::Unflushed), nothing was written.
#[derive(Debug)]
pub enum Cause {
    /// The operating system refused something; what, in words behind "cannot".
    Io(&'static str, io::Error),
    /// The path is no regular file, but this: `"a directory"`, `"a named pipe"`, `"a socket"`, `"a device"`.
    NotAFile(&'static str),
    /// The path is a symbolic link, which writing does not follow (FILE-09).
    Symlink,
    /// The file has other names too, which would keep the old document (FILE-09).
    HardLinked,
    /// The path is taken (GEN-06).
    Exists,
    /// The file has more than [`LARGEST_FILE`] bytes.
    TooLarge,
    /// The file's owner or group cannot be given to its successor (FILE-04).
    Owner,
    /// Anybody may put another file in the place of this one: the directory is writable for all, and
    /// not sticky.
    OpenDirectory,
    /// Anybody may have put the file there: the directory is writable for all, and the file belongs
    /// neither to this user nor to the directory's owner.
    Planted,
    /// The `"file"` or its `"directory"` is marked immutable or append-only (`chattr`).
    Immutable(&'static str),
    /// The file is mounted by itself, and a mount point cannot be replaced.
    Mounted,
    /// Another program changed the file in the meantime, or put another directory in the place of its
    /// directory.
    Changed,
    /// Other writers held the lock for all of [`Options::lock_timeout`](super::Options::lock_timeout).
    LockTimeout(Duration),
    /// [`Options::interrupted`](super::Options::interrupted) was set.
    Interrupted,
    /// The new file is in place, but the directory could not be flushed to the disk: alone among the
    /// causes, this one leaves no old file.
    Unflushed(io::Error),
}

impl Cause {
    /// Turns an error of the operating system into a cause, with what was tried.
    pub(super) fn io<E: Into<io::Error>>(what: &'static str) -> impl FnOnce(E) -> Cause {
        move |error| Cause::Io(what, error.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.to_string_lossy();
        write!(f, "{}: {}", visible(&path), self.cause)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Io(what, error) => write!(f, "cannot {what}: {error}"),
            Cause::NotAFile(what) => write!(f, "this is {what}, not a file"),
            Cause::Symlink => f.write_str(
                "this is a symbolic link, and writing follows none; name the file it points to",
            ),
            Cause::HardLinked => f.write_str(
                "the file has several names (hard links), and the others would keep the old \
                 content; copy it to a file of its own first",
            ),
            Cause::Exists => f.write_str(
                "something is there already, and an admin token file never replaces anything; \
                 choose another path, or move it away",
            ),
            Cause::TooLarge => {
                write!(f, "the file is larger than {LARGEST_FILE} bytes, which no server loads")
            }
            Cause::Owner => f.write_str(
                "the file belongs to another user or group, who would lose it; run this as its \
                 owner and a member of its group, or as root",
            ),
            Cause::OpenDirectory => f.write_str(
                "everybody may write in the directory, and so put another file in the place of this \
                 one; take that right away (`chmod o-w`) or make the directory sticky (`chmod +t`)",
            ),
            Cause::Planted => f.write_str(
                "the file belongs to another user, and everybody may write in the directory, so \
                 anybody may have put it there; use a directory of your own",
            ),
            Cause::Immutable(what) => write!(
                f,
                "the {what} is marked immutable or append-only, so that nothing replaces the file; \
                 take that mark off first (`chattr -i -a`)"
            ),
            Cause::Mounted => f.write_str(
                "the file is mounted by itself, so that nothing can take its place; write it where \
                 it comes from, or mount its directory instead",
            ),
            Cause::Changed => f.write_str(
                "another program changed the file or its directory in the meantime, so nothing was \
                 written; try again",
            ),
            Cause::LockTimeout(waited) => write!(
                f,
                "other writers held the lock on the directory for {}; try again, or wait longer",
                humantime::format_duration(*waited)
            ),
            Cause::Interrupted => f.write_str("interrupted; nothing was written"),
            Cause::Unflushed(error) => write!(
                f,
                "the new file is in place, but cannot be flushed to the disk, so that a power cut \
                 may bring the old one back: {error}"
            ),
        }
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Io(_, error) | Cause::Unflushed(error) => Some(error),
            _ => None,
        }
    }
}

/// Why an update did not happen. Shown, it is the error that it holds.
#[derive(Debug)]
pub enum UpdateError<E> {
    /// The file system refused.
    Store(StoreError),
    /// The edit refused.
    Edit(E),
}

impl<E: fmt::Display> fmt::Display for UpdateError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UpdateError::Store(error) => error.fmt(f),
            UpdateError::Edit(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for UpdateError<E> {}
