//! Moments and lifetimes in milliseconds since the Unix epoch (TOK-08, TOK-09, GEN-03).

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use crate::{DurationError, duration};

/// A moment in milliseconds since the Unix epoch; before it, negative. [`os::now`](crate::os::now) gives the
/// present one.
///
/// It shows itself in UTC, as RFC 3339 has it, to the second; outside the years 1970 to 9999, as
/// milliseconds.
///
/// ```
/// use std::time::Duration;
/// use tokens::Timestamp;
///
/// let moment = Timestamp(1_793_491_200_000);
/// assert_eq!(moment.to_string(), "2026-11-01T00:00:00Z");
/// let later = moment.checked_add(Duration::from_secs(90)).expect("it fits");
/// assert_eq!(later.0 - moment.0, 90_000);
/// assert_eq!(moment.distance(later), later.distance(moment));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// The last second of the year 9999: later ones have no RFC 3339 text.
const LAST_WRITABLE: i64 = 253_402_300_799_999;

impl Timestamp {
    /// This moment and the whole milliseconds of a duration; none where 64 bits do not hold it.
    pub fn checked_add(self, duration: Duration) -> Option<Timestamp> {
        let millis = i128::try_from(duration.as_millis()).ok()?;
        let sum = i128::from(self.0).checked_add(millis)?;
        i64::try_from(sum).ok().map(Timestamp)
    }

    /// How far apart two moments are, whichever comes first.
    pub fn distance(self, other: Timestamp) -> Duration {
        Duration::from_millis(self.0.abs_diff(other.0))
    }
}

/// RFC 3339 in UTC with seconds; outside the years 1970 to 9999, the milliseconds.
///
/// ```
/// assert_eq!(tokens::Timestamp(1_914_080_061_529).to_string(), "2030-08-27T16:54:21Z");
/// assert_eq!(tokens::Timestamp(-1).to_string(), "-1 ms since 1970");
/// ```
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let writable = u64::try_from(self.0).ok().filter(|_| self.0 <= LAST_WRITABLE);
        match writable.and_then(|millis| UNIX_EPOCH.checked_add(Duration::from_millis(millis))) {
            Some(moment) => humantime::format_rfc3339_seconds(moment).fmt(f),
            None => write!(f, "{} ms since 1970", self.0),
        }
    }
}

/// When a token stops to work.
///
/// Made of the file's number by [`from_millis`](Self::from_millis), or by
/// [`Token::expiry`](crate::Token::expiry).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// The member is absent, null, or the largest number there is (TOK-09).
    Never,
    /// From this moment on the token is expired.
    At(Timestamp),
}

impl Expiry {
    /// What `expiry_millis` means: milliseconds since the Unix epoch.
    pub fn from_millis(millis: Option<i64>) -> Self {
        match millis {
            None | Some(i64::MAX) => Expiry::Never,
            Some(millis) => Expiry::At(Timestamp(millis)),
        }
    }

    /// Whether a token with this expiry no longer works: it does while `expiry > now` (TOK-09).
    ///
    /// ```
    /// use tokens::{Expiry, Timestamp};
    /// let expiry = Expiry::from_millis(Some(5));
    /// assert!(!expiry.is_past(Timestamp(4)) && expiry.is_past(Timestamp(5)));
    /// assert!(!Expiry::Never.is_past(Timestamp(i64::MAX)));
    /// ```
    pub fn is_past(self, now: Timestamp) -> bool {
        match self {
            Expiry::Never => false,
            Expiry::At(moment) => moment <= now,
        }
    }
}

/// A lifetime as `--expiry` takes it: `10d`, `1h 30m`, `1.5d` (GEN-03).
///
/// It is at least a second long, and what is finer than a second is dropped. It is read by `str::parse`, by
/// the rules of [`duration`](fn@crate::duration); a year, `1y`, is 365.25 days, and a month, `1M`, 30.44
/// days.
///
/// ```
/// use tokens::{Lifetime, Timestamp};
/// let lifetime: Lifetime = "1h 30m".parse()?;
/// assert_eq!(lifetime.expiry_from(Timestamp(1_000)), Ok(Timestamp(5_401_000)));
///
/// let error = "soon".parse::<Lifetime>().unwrap_err();
/// assert!(error.to_string().ends_with("write it as `30d`, `1h 30m` or `1y`"));
/// # Ok::<(), tokens::LifetimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lifetime {
    seconds: u64,
}

impl Lifetime {
    /// `now` and the lifetime's whole seconds: what `expiry_millis` of a token that is made now has to be, as
    /// [`Timestamp`]'s number.
    ///
    /// # Errors
    ///
    /// [`LifetimeError::TooLong`] when the sum does not fit in 64-bit milliseconds.
    pub fn expiry_from(self, now: Timestamp) -> Result<Timestamp, LifetimeError> {
        now.checked_add(self.duration()).ok_or(LifetimeError::TooLong)
    }

    /// The whole seconds.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

impl std::str::FromStr for Lifetime {
    type Err = LifetimeError;

    fn from_str(text: &str) -> Result<Self, LifetimeError> {
        let syntax = |error: DurationError| LifetimeError::Syntax(error.to_string());
        let duration = duration(text).map_err(syntax)?;
        match duration.as_secs() {
            0 => Err(LifetimeError::TooShort),
            seconds => Ok(Lifetime { seconds }),
        }
    }
}

/// A lifetime that no token can have. Shown, it is a sentence with the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LifetimeError {
    /// Not a duration; the reason in words.
    Syntax(String),
    /// Under a second: dead at birth.
    TooShort,
    /// The end does not fit in 64-bit milliseconds.
    TooLong,
}

impl fmt::Display for LifetimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LifetimeError::Syntax(reason) => {
                write!(f, "not a duration ({reason}); write it as `30d`, `1h 30m` or `1y`")
            }
            LifetimeError::TooShort => f.write_str(
                "shorter than a second, so the token would be dead at birth; leave the expiry out \
                 for a token that never expires",
            ),
            LifetimeError::TooLong => f.write_str(
                "the end does not fit in 64-bit milliseconds; leave the expiry out for a token that \
                 never expires",
            ),
        }
    }
}

impl std::error::Error for LifetimeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_whole_seconds_of_humantime() {
        for (text, seconds) in [
            ("10d", 864_000),
            ("1h 30m", 5_400),
            ("1.5d", 129_600),
            ("1y", 31_557_600),
            ("1999ms", 1),
        ] {
            assert_eq!(text.parse::<Lifetime>().map(|l| l.duration().as_secs()), Ok(seconds));
        }
    }

    #[test]
    fn impossible_lifetimes_are_errors_and_never_wrap() {
        for text in ["", "10", "d", "1 fortnight", "-1d", "１d"] {
            assert!(matches!(text.parse::<Lifetime>(), Err(LifetimeError::Syntax(_))), "{text}");
        }
        assert_eq!("999ms".parse::<Lifetime>(), Err(LifetimeError::TooShort));
        assert_eq!("0s".parse::<Lifetime>(), Err(LifetimeError::TooShort));
        for text in ["99999999999999999999y", "0.00001y"] {
            let error = text.parse::<Lifetime>().expect_err(text).to_string();
            assert!(error.contains("too large, or has too many digits"), "{error}");
        }
        let long: Lifetime = "300000000y".parse().expect("a duration");
        assert_eq!(long.expiry_from(Timestamp(0)), Err(LifetimeError::TooLong));
        // Longer than 64 bits hold, though the sum is not.
        let end = long.expiry_from(Timestamp(i64::MIN)).map(|end| i128::from(end.0));
        assert_eq!(end, Ok(i128::from(i64::MIN) + i128::from(long.duration().as_secs()) * 1000));
        let day: Lifetime = "1d".parse().expect("a duration");
        assert_eq!(day.expiry_from(Timestamp(i64::MAX)), Err(LifetimeError::TooLong));
    }

    #[test]
    fn every_moment_has_a_text() {
        for millis in [i64::MIN, -1, 0, LAST_WRITABLE, LAST_WRITABLE + 1, i64::MAX] {
            assert!(!Timestamp(millis).to_string().is_empty());
        }
        assert_eq!(Timestamp(LAST_WRITABLE).to_string(), "9999-12-31T23:59:59Z");
    }
}
