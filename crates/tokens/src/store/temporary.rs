//! The temporary file beside the target (FILE-05): `.NAME.<32 hex digits>.tmp`.
//!
//! Its name cannot be guessed, it is made anew or not at all, and never through a link; so nobody can
//! lay a file or a link in its way. One that a killed process left is removed by the next writer.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, openat, statat, unlinkat};
use rustix::process::geteuid;

use super::Cause;

const SUFFIX: &[u8] = b".tmp";
const DIGITS: usize = 32;
/// The longest file name of common file systems, in bytes.
const LONGEST_NAME: usize = 255;

/// A temporary file, removed when it is dropped unless it was renamed.
pub(super) struct Temporary<'d> {
    directory: BorrowedFd<'d>,
    name: OsString,
    pub(super) file: File,
    kept: bool,
}

impl<'d> Temporary<'d> {
    /// Makes one for a target of this name, 0600 and empty.
    pub(super) fn create(directory: &'d OwnedFd, target: &OsStr) -> Result<Self, Cause> {
        let what = "make a temporary file in the directory";
        let mut random = [0; DIGITS / 2];
        getrandom::fill(&mut random).map_err(Cause::io(what))?;
        let name = name(target, &random);
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let file = openat(directory, &name, flags, mode).map_err(Cause::io(what))?;
        Ok(Temporary { directory: directory.as_fd(), name, file: file.into(), kept: false })
    }

    pub(super) fn name(&self) -> &OsStr {
        &self.name
    }

    /// The file has its final name: there is nothing to remove any more.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.kept {
            // If this fails too, the next writer removes the file.
            let _ = unlinkat(self.directory, &self.name, AtFlags::empty());
        }
    }
}

/// `.NAME.`, cut so that the whole name fits.
fn stem(target: &OsStr) -> Vec<u8> {
    let room = LONGEST_NAME - DIGITS - SUFFIX.len() - 2;
    let cut = target.as_bytes().get(..room).unwrap_or(target.as_bytes());
    [b".", cut, b"."].concat()
}

fn name(target: &OsStr, random: &[u8]) -> OsString {
    let mut digits = String::with_capacity(DIGITS);
    for byte in random {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    OsString::from_vec([&stem(target), digits.as_bytes(), SUFFIX].concat())
}

fn is_ours(name: &[u8], stem: &[u8]) -> bool {
    let digits = name.strip_prefix(stem).and_then(|rest| rest.strip_suffix(SUFFIX));
    digits.is_some_and(|digits| {
        digits.len() == DIGITS && digits.iter().all(|d| matches!(d, b'0'..=b'9' | b'a'..=b'f'))
    })
}

/// Removes what killed writers of this target left. Called under the lock, so that none of them is
/// still at work; nothing is opened, and only regular files go that belong to this user, or to the
/// target's owner, whom they may have been given to already. What cannot be removed does no harm.
pub(super) fn sweep(directory: &OwnedFd, target: &OsStr, owner: Option<u32>) {
    let stem = stem(target);
    let Ok(entries) = Dir::read_from(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if !is_ours(name.to_bytes(), &stem) {
            continue;
        }
        let Ok(found) = statat(directory, name, AtFlags::SYMLINK_NOFOLLOW) else { continue };
        let regular = FileType::from_raw_mode(found.st_mode) == FileType::RegularFile;
        if regular && (found.st_uid == geteuid().as_raw() || Some(found.st_uid) == owner) {
            let _ = unlinkat(directory, name, AtFlags::empty());
        }
    }
}

#[cfg(test)]
#[allow(clippy::string_slice)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_and_are_known_again() {
        for target in ["tokens.json", "é", &"x".repeat(255)] {
            let target = OsStr::new(target);
            let name = name(target, &[0xab; DIGITS / 2]);
            assert!(name.len() <= LONGEST_NAME);
            assert!(is_ours(name.as_bytes(), &stem(target)));
        }
    }

    #[test]
    fn other_names_are_not_ours() {
        let stem = stem(OsStr::new("tokens.json"));
        let digits = "0123456789abcdef0123456789abcdef";
        for name in [
            "tokens.json".to_owned(),
            ".tokens.json.tmp".to_owned(),
            format!(".tokens.json.{digits}"),
            format!(".tokens.json.{}.tmp", digits.to_uppercase()),
            format!(".tokens.json.{}.tmp", &digits[1..]),
            format!(".other.json.{digits}.tmp"),
        ] {
            assert!(!is_ours(name.as_bytes(), &stem), "{name}");
        }
    }
}
