//! Replacing a file by another, all of it or nothing (FILE-04, FILE-05, FILE-07, FILE-09).

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use rustix::fs::{
    AtFlags, CWD, FileType, Gid, Mode, OFlags, RenameFlags, Stat, Uid, fchmod, fchown, fstat,
    fsync, openat, renameat, renameat_with, statat,
};
use rustix::io::Errno;

use super::temporary::{Temporary, sweep};
use super::wiped::Wiped;
use super::{Cause, LARGEST_FILE, ModeChange, Options, acl, lock, trust};

/// A path to write to, in a directory that this process has locked.
pub(super) struct Target {
    parent: PathBuf,
    directory: OwnedFd,
    name: OsString,
}

/// The file that is there already.
pub(super) struct Old {
    bytes: Wiped,
    stat: Stat,
    acl: Option<Vec<u8>>,
}

impl Old {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Target {
    /// Opens and locks the directory of a path, and clears away what killed writers left there.
    pub(super) fn lock(path: &Path, options: &Options<'_>) -> Result<Self, Cause> {
        let name = path.file_name().filter(|_| !names_a_directory(path));
        let name = name.ok_or(Cause::NotAFile("a directory"))?.to_owned();
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let directory = openat(CWD, parent, flags, Mode::empty())
            .map_err(Cause::io("open the directory of the file"))?;
        trust::refuse_open_directory(&directory)?;
        trust::refuse_immutable(&directory, "directory")?;
        lock::lock(&directory, options)?;
        let target = Target { parent: parent.to_owned(), directory, name };
        let owner = target.stat()?.map(|stat| stat.st_uid);
        sweep(&target.directory, &target.name, owner);
        Ok(target)
    }

    /// Since the directory was opened, the path may have come to lead elsewhere.
    fn refuse_moved_directory(&self) -> Result<(), Cause> {
        let what = "look at the directory of the file";
        let locked = fstat(&self.directory).map_err(Cause::io(what))?;
        match statat(CWD, &self.parent, AtFlags::empty()) {
            Ok(now) if (now.st_dev, now.st_ino) == (locked.st_dev, locked.st_ino) => Ok(()),
            Ok(_) | Err(Errno::NOENT) => Err(Cause::Changed),
            Err(error) => Err(Cause::io(what)(error)),
        }
    }

    /// Reads the file that is there, if there is one. Links and whatever is no file are refused, and
    /// never opened.
    pub(super) fn open(&self) -> Result<Option<Old>, Cause> {
        match self.stat()? {
            None => return Ok(None),
            Some(stat) => refuse_unusual(&stat)?,
        }
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = openat(&self.directory, &self.name, flags, Mode::empty());
        let file = opened.map_err(Cause::io("open the file"))?;
        let stat = fstat(&file).map_err(Cause::io("look at the file"))?;
        // It may have been replaced since it was looked at.
        refuse_unusual(&stat)?;
        trust::refuse_planted(&self.directory, &stat)?;
        trust::refuse_immutable(&file, "file")?;
        let acl = acl::read(&file)?;
        let bytes = read_all(file.into())?;
        Ok(Some(Old { bytes, stat, acl }))
    }

    /// GEN-06: anything at the path counts, a dangling link too.
    pub(super) fn refuse_existing(&self) -> Result<(), Cause> {
        if self.stat()?.is_some() { Err(Cause::Exists) } else { Ok(()) }
    }

    fn stat(&self) -> Result<Option<Stat>, Cause> {
        match statat(&self.directory, &self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(Cause::io("look at the file")(error)),
        }
    }

    /// Puts a new file in the place of the old one, or where there was none.
    pub(super) fn replace(
        &self,
        old: Option<&Old>,
        bytes: &[u8],
        options: &Options<'_>,
    ) -> Result<ModeChange, Cause> {
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(Cause::TooLarge);
        }
        let mut temporary = Temporary::create(&self.directory, &self.name)?;
        if let Some(old) = old {
            hand_over(&temporary.file, &old.stat)?;
        }
        let change = ModeChange::from(old);
        let list = old.and_then(|old| old.acl.as_deref());
        // A list that is too wide must not hold for a moment.
        acl::write(&temporary.file, list.filter(|_| !matches!(change, ModeChange::Narrowed(_))))?;
        fchmod(&temporary.file, Mode::from_raw_mode(change.new_mode()))
            .map_err(Cause::io("set the mode of the new file"))?;
        temporary.file.write_all(bytes).map_err(Cause::io("write the new file"))?;
        temporary.file.sync_all().map_err(Cause::io("flush the new file to the disk"))?;
        if options.interrupted.load(Ordering::Relaxed) {
            return Err(Cause::Interrupted);
        }
        self.refuse_moved_directory()?;
        match old {
            Some(old) => self.rename_over(old, temporary.name())?,
            None => self.rename_to_free(temporary.name())?,
        }
        temporary.keep();
        self.flush()?;
        Ok(change)
    }

    /// Makes the rename last.
    fn flush(&self) -> Result<(), Cause> {
        match fsync(&self.directory) {
            // Some file systems flush no directories, and need not.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            Err(error) => Err(Cause::Unflushed(error.into())),
        }
    }

    /// Writers that do not take the lock may have been at work meanwhile.
    fn rename_over(&self, old: &Old, temporary: &OsStr) -> Result<(), Cause> {
        // The time of change tells of a new mode, owner, list or link, too.
        let same = |now: &Stat| {
            let what = |stat: &Stat| (stat.st_dev, stat.st_ino, stat.st_size);
            let modified = |stat: &Stat| (stat.st_mtime, stat.st_mtime_nsec);
            let changed = |stat: &Stat| (stat.st_ctime, stat.st_ctime_nsec);
            let key = |stat: &Stat| (what(stat), modified(stat), changed(stat));
            key(now) == key(&old.stat)
        };
        if !self.stat()?.as_ref().is_some_and(same) {
            return Err(Cause::Changed);
        }
        match renameat(&self.directory, temporary, &self.directory, &self.name) {
            Err(Errno::BUSY) => Err(Cause::Mounted),
            other => other.map_err(Cause::io("put the new file in place")),
        }
    }

    fn rename_to_free(&self, temporary: &OsStr) -> Result<(), Cause> {
        let directory = &self.directory;
        let flags = RenameFlags::NOREPLACE;
        match renameat_with(directory, temporary, directory, &self.name, flags) {
            Err(Errno::EXIST) => Err(Cause::Exists),
            // Some file systems cannot do it in one step.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                self.refuse_existing()?;
                renameat(directory, temporary, directory, &self.name)
                    .map_err(Cause::io("put the new file in place"))
            }
            other => other.map_err(Cause::io("put the new file in place")),
        }
    }
}

/// `Path::file_name` looks past both of these.
fn names_a_directory(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.ends_with(b"/") || bytes.ends_with(b"/.")
}

/// FILE-07, FILE-09.
fn refuse_unusual(stat: &Stat) -> Result<(), Cause> {
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile if stat.st_nlink > 1 => Err(Cause::HardLinked),
        FileType::RegularFile => Ok(()),
        FileType::Symlink => Err(Cause::Symlink),
        FileType::Directory => Err(Cause::NotAFile("a directory")),
        FileType::Fifo => Err(Cause::NotAFile("a named pipe")),
        FileType::Socket => Err(Cause::NotAFile("a socket")),
        _ => Err(Cause::NotAFile("a device")),
    }
}

/// Reads a file to its end, up to the largest size.
pub(super) fn read_all(file: File) -> Result<Wiped, Cause> {
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    if size > LARGEST_FILE {
        return Err(Cause::TooLarge);
    }
    // Room for all of it and a byte, so that reading neither grows nor copies it.
    let mut bytes = Vec::with_capacity(usize::try_from(size + 1).unwrap_or(0));
    let read = file.take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    let bytes = Wiped::from(bytes);
    read.map_err(Cause::io("read the file"))?;
    if bytes.len() as u64 > LARGEST_FILE { Err(Cause::TooLarge) } else { Ok(bytes) }
}

/// FILE-04: the new file gets the owner and group of the old, or is not made.
fn hand_over(file: &File, old: &Stat) -> Result<(), Cause> {
    let new = fstat(file).map_err(Cause::io("look at the new file"))?;
    if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid) {
        return Ok(());
    }
    let owner = (new.st_uid != old.st_uid).then(|| Uid::from_raw(old.st_uid));
    let group = (new.st_gid != old.st_gid).then(|| Gid::from_raw(old.st_gid));
    fchown(file, owner, group).map_err(|error| match error {
        Errno::PERM | Errno::INVAL => Cause::Owner,
        other => Cause::Io("keep the owner of the file", io::Error::from(other)),
    })
}

impl From<Option<&Old>> for ModeChange {
    fn from(old: Option<&Old>) -> Self {
        let Some(old) = old else { return ModeChange::New };
        match old.stat.st_mode & 0o7777 {
            bits if bits & !0o600 == 0 => ModeChange::Kept(bits),
            bits if bits & !0o640 == 0 && old.acl.is_some() => ModeChange::KeptForListed(bits),
            bits if bits & !0o640 == 0 => ModeChange::KeptForGroup(bits),
            bits => ModeChange::Narrowed(bits),
        }
    }
}

impl ModeChange {
    fn new_mode(self) -> u32 {
        match self {
            ModeChange::New | ModeChange::Narrowed(_) => 0o600,
            ModeChange::Kept(bits)
            | ModeChange::KeptForGroup(bits)
            | ModeChange::KeptForListed(bits) => bits,
        }
    }
}
