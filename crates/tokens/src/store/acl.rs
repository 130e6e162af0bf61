//! A file's access control list (`setfacl`), which goes over to its successor (FILE-04).

use std::fs::File;
use std::os::fd::AsFd;

use rustix::fs::{XattrFlags, fgetxattr, fgetxattr_query, fremovexattr, fsetxattr};
use rustix::io::Errno;

use super::Cause;

/// Where Linux keeps it. A list that says no more than the mode is not kept at all.
const LIST: &str = "system.posix_acl_access";

/// The list of a file as the kernel writes it; none where there is none, or none can be.
pub(super) fn read(file: impl AsFd) -> Result<Option<Vec<u8>>, Cause> {
    let what = "read the access control list of the file";
    let length = match fgetxattr_query(&file, LIST) {
        Ok(length) => length,
        Err(Errno::NODATA | Errno::NOTSUP) => return Ok(None),
        Err(error) => return Err(Cause::io(what)(error)),
    };
    let mut list = vec![0; length];
    let length = fgetxattr(&file, LIST, list.as_mut_slice()).map_err(Cause::io(what))?;
    list.truncate(length);
    Ok(Some(list))
}

/// Gives a file this list, or takes away the one that it inherited from its directory.
pub(super) fn write(file: &File, list: Option<&[u8]>) -> Result<(), Cause> {
    let Some(list) = list else {
        return match fremovexattr(file, LIST) {
            Ok(()) | Err(Errno::NODATA | Errno::NOTSUP) => Ok(()),
            Err(error) => Err(Cause::io("take away the inherited access control list")(error)),
        };
    };
    fsetxattr(file, LIST, list, XattrFlags::empty())
        .map_err(Cause::io("keep the access control list of the file"))
}
