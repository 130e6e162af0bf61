//! Bytes that are wiped when they are no longer needed.

use std::ops::Deref;

use zeroize::Zeroize;

/// A file's bytes, wiped when dropped (GEN-07): a `[u8]` to whoever borrows it. As one piece, since to
/// wipe byte by byte takes longer than to read a large file.
pub struct Wiped(Vec<u8>);

impl From<Vec<u8>> for Wiped {
    fn from(bytes: Vec<u8>) -> Self {
        Wiped(bytes)
    }
}

impl Deref for Wiped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.clear();
        self.0.spare_capacity_mut().zeroize();
    }
}
