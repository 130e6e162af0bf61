//! The rim towards the operating system: randomness and the clock. The rest of the crate takes both
//! as arguments, so that it can be tested and repeated.
//!
//! ```
//! use tokens::{Lifetime, os};
//!
//! let secret = os::new_secret()?;
//! assert_eq!(secret.expose().len(), 92);
//! let lifetime: Lifetime = "30d".parse()?;
//! assert!(lifetime.expiry_from(os::now())? > os::now());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::secret::ENTROPY_BYTES;
use crate::{Secret, Timestamp};

/// A new token string of 64 bytes from the operating system's CSPRNG (GEN-01), 92 characters. For many see
/// [`NewSecrets`].
///
/// # Errors
///
/// When the operating system has no randomness to give.
///
/// ```
/// assert_ne!(tokens::os::new_secret()?, tokens::os::new_secret()?);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn new_secret() -> std::io::Result<Secret<'static>> {
    let mut entropy = Zeroizing::new([0; ENTROPY_BYTES]);
    getrandom::fill(entropy.as_mut_slice())?;
    Ok(Secret::from_entropy(&entropy))
}

/// New token strings one after the other, where many are needed (GEN-01): the operating system is asked
/// for the randomness of 64 of them at once, which is several times faster.
///
/// It is no `Iterator`, since it can fail and never ends.
///
/// ```
/// let mut secrets = tokens::os::NewSecrets::default();
/// assert_ne!(secrets.next()?, secrets.next()?);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Default)]
pub struct NewSecrets {
    /// Each piece is wiped when it has been used.
    pool: Zeroizing<Vec<[u8; ENTROPY_BYTES]>>,
}

/// How many are drawn at once.
const DRAWN_AT_ONCE: usize = 64;

impl NewSecrets {
    /// The next one.
    ///
    /// # Errors
    ///
    /// When the operating system has no randomness to give.
    #[allow(clippy::should_implement_trait, reason = "an iterator that can fail for ever is none")]
    pub fn next(&mut self) -> std::io::Result<Secret<'static>> {
        if self.pool.is_empty() {
            self.pool.resize(DRAWN_AT_ONCE, [0; ENTROPY_BYTES]);
            if let Err(error) = getrandom::fill(self.pool.as_flattened_mut()) {
                self.pool.clear();
                return Err(error.into());
            }
        }
        let drawn = self.pool.pop().map(Zeroizing::new);
        drawn.map_or_else(new_secret, |entropy| Ok(Secret::from_entropy(&entropy)))
    }
}

/// The present moment in whole milliseconds, by the system's clock.
pub fn now() -> Timestamp {
    timestamp(SystemTime::now())
}

fn timestamp(moment: SystemTime) -> Timestamp {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match moment.duration_since(UNIX_EPOCH) {
        Ok(since) => Timestamp(millis(since)),
        Err(before) => Timestamp(-millis(before.duration())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_new_secret_is_another_one() {
        let mut secrets = NewSecrets::default();
        let mut seen = HashSet::new();
        for _ in 0..3 * DRAWN_AT_ONCE {
            let secret = secrets.next().expect("randomness");
            assert!(!secret.expose().contains("AAAAAAAAAAAAAAAA"), "nothing is left at zero");
            assert!(seen.insert(secret.expose().to_owned()));
        }
    }

    #[test]
    fn moments_before_1970_count_backwards() {
        let second = Duration::from_secs(1);
        assert_eq!(timestamp(UNIX_EPOCH + second), Timestamp(1000));
        assert_eq!(timestamp(UNIX_EPOCH - second), Timestamp(-1000));
    }
}
