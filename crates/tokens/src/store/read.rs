//! Reading a file, and who else may read it (FILE-08, FILE-09).

use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path};

use super::replace::read_all;
use super::wiped::Wiped;
use super::{Cause, StoreError};
use crate::{FileMode, Keeper};

/// A file's bytes and mode. Made by [`read`].
pub struct Stored {
    /// All of it: `&stored.bytes` is what [`tokens::read`](crate::read()) takes.
    pub bytes: Wiped,
    /// Its mode, as [`Context::mode`](crate::Context::mode) takes it; none for a pipe, which nobody else can
    /// open later.
    pub mode: Option<FileMode>,
}

/// Reads a file, up to [`LARGEST_FILE`](super::LARGEST_FILE) bytes, and takes no lock: what is there is
/// always whole. Symbolic links are followed, since mounted secrets are such, and pipes are read.
///
/// What the bytes say is for [`tokens::read`](crate::read()) to find out.
///
/// # Errors
///
/// [`Cause::NotAFile`] when the path is a directory, [`Cause::TooLarge`], or [`Cause::Io`] when the
/// operating system refuses.
///
/// ```
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("tokens.json");
/// std::fs::write(&path, "{}")?;
/// let stored = tokens::store::read(&path)?;
/// assert_eq!(*stored.bytes, *b"{}");
/// assert!(stored.mode.is_some_and(|mode| mode.keeper.is_none()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(path: &Path) -> Result<Stored, StoreError> {
    let at = |cause| StoreError::new(path, cause);
    let file = File::open(path).map_err(|error| at(Cause::Io("open the file", error)))?;
    let metadata = file.metadata().map_err(|error| at(Cause::Io("look at the file", error)))?;
    if metadata.is_dir() {
        return Err(at(Cause::NotAFile("a directory")));
    }
    let mode = metadata
        .is_file()
        .then(|| FileMode { bits: metadata.mode() & 0o7777, keeper: keeper(path) });
    Ok(Stored { bytes: read_all(file).map_err(at)?, mode })
}

/// Who sets the mode of a file, if it is not the operator (FILE-08).
fn keeper(path: &Path) -> Option<Keeper> {
    let real = path.canonicalize().ok()?;
    let hidden = |part: Component<'_>| matches!(part, Component::Normal(name) if name.as_encoded_bytes().starts_with(b".."));
    if real.starts_with("/run/secrets") || path.starts_with("/run/secrets") {
        Some(Keeper::ContainerSecrets)
    } else if real.components().any(hidden) {
        // A volume's `..data` is a link to a directory `..2026_…`.
        Some(Keeper::Kubernetes)
    } else if real.ancestors().any(|directory| directory.join(".git").exists()) {
        Some(Keeper::Git)
    } else {
        None
    }
}
