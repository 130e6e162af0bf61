//! Tokens files on disk (FILE-03 to FILE-09): the only module that touches the file system.
//!
//! A file is never written in place. Under a lock on its directory the new text goes to a temporary
//! file, which is flushed to the disk and renamed over the old one; so at every instant the path holds
//! the whole old or the whole new document, and what was reported as done survives a power cut.

mod acl;
mod error;
mod lock;
mod read;
mod replace;
mod temporary;
#[cfg(test)]
mod tests;
mod trust;
mod wiped;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use error::{Cause, StoreError, UpdateError};
pub use read::{Stored, read};
pub use wiped::Wiped;

use replace::Target;
use zeroize::Zeroizing;

/// Larger files, in bytes, are neither read nor written: no server would take them, and a device
/// that never ends must not fill the memory.
pub const LARGEST_FILE: u64 = 1 << 30;

/// How a writer waits for the lock, and how it is told to stop.
pub struct Options<'o> {
    /// How long to wait for other writers.
    pub lock_timeout: Duration,
    /// Called once, when the wait has taken a second.
    pub on_wait: &'o dyn Fn(),
    /// Set by a signal: the writer then stops and leaves everything as it was.
    pub interrupted: &'o AtomicBool,
}

/// What became of the mode of a file that was written (FILE-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeChange {
    /// The file is new, and 0600.
    New,
    /// It was for its owner alone, and still is; these are its permission bits, as they are below.
    Kept(u32),
    /// Its group may read it, which somebody chose.
    KeptForGroup(u32),
    /// Its access control list, which was kept, may let others read it.
    KeptForListed(u32),
    /// It was open wider, with these, and is 0600 now.
    Narrowed(u32),
}

/// Replaces a file by what `edit` makes of it, or makes a new one. `edit` is given the old bytes, and
/// gives the new text and whatever else it wants to tell.
///
/// # Errors
///
/// What `edit` refuses, or what the file system does. The old file is then as it was, except after
/// [`Cause::Unflushed`].
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use std::time::Duration;
/// use tokens::store;
///
/// let directory = tempfile::tempdir()?;
/// let options = store::Options {
///     lock_timeout: Duration::from_secs(30),
///     on_wait: &|| {},
///     interrupted: &AtomicBool::new(false),
/// };
/// let path = directory.path().join("tokens.json");
/// let edit = |old: Option<&[u8]>| match old {
///     None => Ok(("{}".to_owned().into(), "made")),
///     Some(_) => Err("there already"),
/// };
/// assert_eq!(store::update(&path, &options, edit)?, (store::ModeChange::New, "made"));
/// assert_eq!(*store::read(&path)?.bytes, *b"{}");
/// assert!(store::update(&path, &options, edit).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn update<T, E>(
    path: &Path,
    options: &Options<'_>,
    edit: impl FnOnce(Option<&[u8]>) -> Result<(Zeroizing<String>, T), E>,
) -> Result<(ModeChange, T), UpdateError<E>> {
    let at = |cause| UpdateError::Store(StoreError::new(path, cause));
    let target = Target::lock(path, options).map_err(at)?;
    let old = target.open().map_err(at)?;
    let (mut text, told) = edit(old.as_ref().map(|old| old.bytes())).map_err(UpdateError::Edit)?;
    let written = target.replace(old.as_ref(), text.as_bytes(), options);
    // What nothing is in is wiped at once, and else byte by byte.
    text.clear();
    let change = written.map_err(|cause| match cause {
        // What is there now was not there to be edited.
        Cause::Exists => at(Cause::Changed),
        other => at(other),
    })?;
    Ok((change, told))
}

/// Makes a new file; whatever is at the path already is left alone (GEN-06).
///
/// ```
/// use std::sync::atomic::AtomicBool;
/// use std::time::Duration;
/// use tokens::store::{self, Cause};
///
/// let directory = tempfile::tempdir()?;
/// let options = store::Options {
///     lock_timeout: Duration::from_secs(30),
///     on_wait: &|| {},
///     interrupted: &AtomicBool::new(false),
/// };
/// let path = directory.path().join("admin.json");
/// store::create(&path, &options, "{}")?;
/// let again = store::create(&path, &options, "{}").unwrap_err();
/// assert!(matches!(again.cause(), Cause::Exists));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Cause::Exists`] when the path is taken by anything, or what the file system refuses.
pub fn create(path: &Path, options: &Options<'_>, text: &str) -> Result<(), StoreError> {
    let at = |cause| StoreError::new(path, cause);
    let target = Target::lock(path, options).map_err(at)?;
    target.refuse_existing().map_err(at)?;
    target.replace(None, text.as_bytes(), options).map_err(at)?;
    Ok(())
}
