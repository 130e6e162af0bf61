//! The rim towards the operating system: randomness and the clock. The rest of the crate takes both
//! as arguments, so that it can be tested and repeated.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use crate::secret::ENTROPY_BYTES;
use crate::{Secret, Timestamp};

/// A new token string from the operating system's CSPRNG (GEN-01).
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

/// The present moment, by the system's clock.
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
    use super::*;

    #[test]
    fn moments_before_1970_count_backwards() {
        let second = Duration::from_secs(1);
        assert_eq!(timestamp(UNIX_EPOCH + second), Timestamp(1000));
        assert_eq!(timestamp(UNIX_EPOCH - second), Timestamp(-1000));
    }
}
