//! Places where a file cannot be kept from others, or is kept from us (FILE-07).

use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::{IFlags, Stat, fstat, ioctl_getflags};
use rustix::process::geteuid;

use super::Cause;

const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Where all may write and nothing is sticky, anybody can replace the new file at once.
pub(super) fn refuse_open_directory(directory: &OwnedFd) -> Result<(), Cause> {
    match look(directory)?.st_mode & (OTHERS_WRITE | STICKY) {
        OTHERS_WRITE => Err(Cause::OpenDirectory),
        _ => Ok(()),
    }
}

/// Where all may write, a file of somebody else is none to put secrets into, since its successor would
/// be theirs too. (Linux guards `open` in the same way: `fs.protected_regular`.)
pub(super) fn refuse_planted(directory: &OwnedFd, file: &Stat) -> Result<(), Cause> {
    let directory = look(directory)?;
    let trusted = [geteuid().as_raw(), directory.st_uid];
    let planted = directory.st_mode & OTHERS_WRITE != 0 && !trusted.contains(&file.st_uid);
    if planted { Err(Cause::Planted) } else { Ok(()) }
}

/// Told before anything is written: the kernel's own refusal to rename does not say why.
pub(super) fn refuse_immutable(file: impl AsFd, what: &'static str) -> Result<(), Cause> {
    // Where the file system knows no such marks, there are none.
    let marks = ioctl_getflags(file).unwrap_or(IFlags::empty());
    let immutable = marks.intersects(IFlags::IMMUTABLE | IFlags::APPEND);
    if immutable { Err(Cause::Immutable(what)) } else { Ok(()) }
}

fn look(directory: &OwnedFd) -> Result<Stat, Cause> {
    fstat(directory).map_err(Cause::io("look at the directory of the file"))
}
