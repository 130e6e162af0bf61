//! Tokens files on disk (FILE-03 to FILE-09): the only module that touches the file system.
//!
//! A file is never written in place. Under a lock on its directory the new text goes to a temporary
//! file, which is flushed to the disk and renamed over the old one; so at every instant the path holds
//! the whole old or the whole new document, and what was reported as done survives a power cut. A new
//! file is for its owner alone (0600), and no file gets wider than it was.
//!
//! | to … | use |
//! |---|---|
//! | read a file, with its mode for the checks | [`read`] |
//! | change a file, or make one that may be changed later | [`update`] with an edit of the crate |
//! | make a file that nothing may replace, such as an admin token file | [`create`] |
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use std::time::Duration;
//!
//! use tokens::{Context, Permission, Token, TokenName, os, store};
//!
//! let token = Token {
//!     secret: os::new_secret()?,
//!     name: TokenName::parse("app")?,
//!     expiry_millis: None,
//!     permissions: vec![Permission::parse("db:sensors:read")?],
//! };
//! let options = store::Options {
//!     lock_timeout: Duration::from_secs(30),
//!     on_wait: &|| {},
//!     interrupted: &AtomicBool::new(false),
//! };
//! let directory = tempfile::tempdir()?;
//! let path = directory.path().join("tokens.json");
//!
//! // The edit gives the new text, and whatever the caller wants to know: here how many tokens there are.
//! let (mode, count) = store::update(&path, &options, |old| {
//!     tokens::append(old, &token, &[]).map(|new| (new.text, new.tokens))
//! })?;
//! assert_eq!((mode, count), (store::ModeChange::New, 1));
//!
//! // The same again is refused by the edit, and the file stays as it is.
//! let again = store::update(&path, &options, |old| {
//!     tokens::append(old, &token, &[]).map(|new| (new.text, new.tokens))
//! });
//! assert_eq!(again.unwrap_err().to_string(), "a token named `app` is there already");
//!
//! // The bytes are to be read, and the mode is to be checked.
//! let stored = store::read(&path)?;
//! let reading = tokens::read(&stored.bytes, None);
//! let context = Context { mode: stored.mode, ..Context::at(os::now()) };
//! assert!(tokens::check(&reading, &context).is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The lock holds among writers that take it, on one machine. A writer that does not, as the vendor's
//! tool, is noticed if it was done before the rename: then it is [`Cause::Changed`], and nothing is
//! written.

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

/// Larger files, in bytes (a gibibyte), are neither read nor written: no server would take them, and a
/// device that never ends must not fill the memory.
pub const LARGEST_FILE: u64 = 1 << 30;

/// How a writer waits for the lock, and how it is told to stop.
///
/// There are no defaults, since only the caller knows what a signal is to it. A program that handles none
/// gives `&AtomicBool::new(false)`; one that does gives the flag that its handler sets.
pub struct Options<'o> {
    /// How long to wait for other writers, before [`Cause::LockTimeout`]; zero tries once.
    pub lock_timeout: Duration,
    /// Called once, when the wait has taken a second: to say that other writers are at work.
    pub on_wait: &'o dyn Fn(),
    /// Set by a signal: the writer then stops with [`Cause::Interrupted`], and leaves everything as it was.
    pub interrupted: &'o AtomicBool,
}

/// What became of the mode of a file that was written (FILE-04). Numbers are permission bits, such as
/// `0o640`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeChange {
    /// The file is new, and 0600.
    New,
    /// It was for its owner alone, and still is.
    Kept(u32),
    /// Its group may read it, which somebody chose, and still may.
    KeptForGroup(u32),
    /// Its access control list, which was kept, may let others read it.
    KeptForListed(u32),
    /// It was open wider, with these bits, and is 0600 now.
    Narrowed(u32),
}

/// Replaces a file by what `edit` makes of it, or makes a new one.
///
/// `edit` is given the old bytes, `None` where there is no file, and gives the new text and whatever else it
/// wants to tell, which comes back with what became of the mode. It is called once, under the lock, and not
/// at all where the file cannot be replaced.
///
/// The text is not looked at: that it loads is what the edits of the crate ([`append`](fn@crate::append),
/// [`append_all`](crate::append_all), [`rotate`](fn@crate::rotate), [`remove`](fn@crate::remove),
/// [`describe`](crate::describe), [`format`](fn@crate::format)) see to.
///
/// # Errors
///
/// [`UpdateError::Edit`] with what `edit` refuses, or [`UpdateError::Store`] with what the file system
/// does. The old file is then as it was, except after [`Cause::Unflushed`].
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

/// Makes a new file, 0600; whatever is at the path already is left alone (GEN-06). So an admin token file
/// is made.
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
/// [`Cause::Exists`] when the path is taken by anything, a dangling link too, or what the file system
/// refuses.
pub fn create(path: &Path, options: &Options<'_>, text: &str) -> Result<(), StoreError> {
    let at = |cause| StoreError::new(path, cause);
    let target = Target::lock(path, options).map_err(at)?;
    target.refuse_existing().map_err(at)?;
    target.replace(None, text.as_bytes(), options).map_err(at)?;
    Ok(())
}
