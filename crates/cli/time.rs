//! Moments and durations as the command line takes and shows them.

use std::time::Duration;

use tokens::{Expiry, Lifetime, Timestamp};

use crate::output::Failure;

/// The moment to take for the present.
#[derive(clap::Args)]
pub(crate) struct Now {
    /// Take this moment for the present: milliseconds since 1970, or RFC 3339
    #[arg(long, value_name = "MILLIS|RFC3339", value_parser = moment, allow_negative_numbers = true)]
    now: Option<Timestamp>,
}

impl Now {
    /// The moment given, or the clock's.
    pub(crate) fn get(&self) -> Timestamp {
        self.now.unwrap_or_else(tokens::os::now)
    }
}

fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(millis) = text.parse() {
        return Ok(Timestamp(millis));
    }
    let parsed: Result<jiff::Timestamp, _> = text.parse();
    parsed
        .map(|moment| Timestamp(moment.as_millisecond()))
        .map_err(|_| "give milliseconds since 1970, or a moment as 2027-01-31T12:00:00Z".to_owned())
}

/// A duration, as `30d` or `1h 30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    tokens::duration(text).map_err(|error| format!("{error}; write it as `30d` or `1h 30m`"))
}

/// How long a token works (GEN-03).
pub(crate) fn lifetime(text: &str) -> Result<Lifetime, String> {
    text.parse().map_err(|error: tokens::LifetimeError| error.to_string())
}

/// The `expiry_millis` of a token that works for so long from now.
pub(crate) fn expiry_millis(
    lifetime: Option<Lifetime>,
    now: Timestamp,
) -> Result<Option<i64>, Failure> {
    let expiry = lifetime.map(|lifetime| lifetime.expiry_from(now)).transpose();
    let expiry = expiry.map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(expiry.map(|expiry| expiry.0))
}

/// When a token expires, as a date and in words.
pub(crate) fn expiry(expiry: Expiry, now: Timestamp) -> String {
    let Expiry::At(moment) = expiry else { return "never expires".to_owned() };
    let distance = rough(moment.distance(now));
    if expiry.is_past(now) {
        format!("expired {moment} ({distance} ago)")
    } else {
        format!("expires {moment} (in {distance})")
    }
}

/// The two largest units of a duration.
fn rough(duration: Duration) -> String {
    let text = humantime::format_duration(Duration::from_secs(duration.as_secs())).to_string();
    text.split(' ').take(2).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_milliseconds_or_rfc_3339() {
        for (text, millis) in [
            ("0", 0),
            ("-5", -5),
            ("1970-01-01T00:00:01Z", 1000),
            ("1970-01-01T07:00:00.250+07:00", 250),
        ] {
            assert_eq!(moment(text), Ok(Timestamp(millis)), "{text}");
        }
        for text in ["", "now", "2027-01-31", "99999999999999999999"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn expiries_are_told_in_words() {
        let day = 24 * 3600 * 1000;
        let at = |millis| expiry(Expiry::from_millis(Some(millis)), Timestamp(day));
        assert_eq!(at(31 * day + 5), "expires 1970-02-01T00:00:00Z (in 30days)");
        assert_eq!(at(day), "expired 1970-01-02T00:00:00Z (0s ago)");
        assert_eq!(at(day + 90_061_000), "expires 1970-01-03T01:01:01Z (in 1day 1h)");
        assert_eq!(
            at(i64::MIN),
            "expired -9223372036854775808 ms since 1970 (292271023years 17days ago)"
        );
        assert_eq!(expiry(Expiry::Never, Timestamp(0)), "never expires");
    }
}
