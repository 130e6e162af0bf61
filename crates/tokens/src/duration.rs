//! Durations as the `humantime` crate reads them (GEN-03), but for where it panics.

use std::fmt;
use std::time::Duration;

use humantime::DurationError as Cause;

use crate::Span;

/// Why a text is no duration, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationError(String);

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DurationError {}

/// Reads a duration, such as `30d` or `1h 30m`: what the `humantime` crate reads, numbers with units from
/// `ns` to `y`, which are added up.
///
/// Unlike [`Lifetime`](crate::Lifetime) it may be short, and keeps what is finer than a second: it is for
/// times to wait and to look ahead.
///
/// # Errors
///
/// When it is none, or longer than a [`Duration`].
///
/// ```
/// use std::time::Duration;
/// assert_eq!(tokens::duration("1h 30m"), Ok(Duration::from_secs(5400)));
/// assert!(tokens::duration("18446744073709551615s1ms999ms").is_err());
/// ```
pub fn duration(text: &str) -> Result<Duration, DurationError> {
    // humantime panics where what it adds up is too long by a full second, so it is asked about the sum of
    // parts that are known to fit.
    let mut sum = Duration::ZERO;
    for part in parts(text) {
        let start = Span::of(text, part).start;
        let next = humantime::parse_duration(part).map_err(|cause| in_words(cause, start))?;
        sum = sum.checked_add(next).ok_or_else(|| in_words(Cause::NumberOverflow, start))?;
    }
    humantime::parse_duration(text).map_err(|cause| in_words(cause, 0))
}

/// The numbers of a text, each with its unit.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut before = None;
        let next = text.char_indices().find(|(_, character)| {
            let is_next = character.is_ascii_digit() && before.is_some_and(char::is_alphabetic);
            if !character.is_whitespace() {
                before = Some(*character);
            }
            is_next
        });
        let (part, behind) = next.and_then(|(at, _)| text.split_at_checked(at)).unzip();
        rest = behind;
        part.or(Some(text))
    })
}

/// Why a part that starts there in the text is no duration.
fn in_words(cause: Cause, start: usize) -> DurationError {
    DurationError(match cause {
        Cause::NumberOverflow => {
            "a number is too large, or has too many digits behind the point".to_owned()
        }
        Cause::InvalidCharacter(at) => Cause::InvalidCharacter(start + at).to_string(),
        Cause::NumberExpected(at) => Cause::NumberExpected(start + at).to_string(),
        other => other.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_part_for_each_number() {
        for (text, expected) in [
            ("", vec![""]),
            ("5", vec!["5"]),
            ("1h30m 1.5 d", vec!["1h", "30m ", "1.5 d"]),
            (" 1 0 µs2", vec![" 1 0 µs", "2"]),
            ("1d-5 s", vec!["1d-5 s"]),
        ] {
            assert_eq!(parts(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn the_longest_duration_is_read_and_a_longer_one_refused() {
        let longest = "18446744073709551615s999999999ns";
        assert_eq!(duration(longest), Ok(Duration::MAX));
        for longer in [
            "18446744073709551615s 1ms 999ms",
            "18446744073709551615s 999999999ns 1ns",
            "18446744073709551615s 1s",
            "18446744073709551615m",
            "5ns 18446744073709551615ns",
        ] {
            let error = duration(longer).expect_err(longer).to_string();
            assert!(error.starts_with("a number is too large"), "{error}");
        }
        assert!(duration("18446744073709551615s 999999999ns 1ns x").is_err());
    }

    #[test]
    fn what_is_no_duration_is_told_where() {
        for (text, words) in [
            ("", "value was empty"),
            ("x", "expected number at 0"),
            ("1d 5", "time unit needed, for example 5sec or 5ms"),
            ("1d 5-", "invalid character at 4"),
            ("1d 5s x", "expected number at 6"),
            ("1h 0", "time unit needed, for example 0sec or 0ms"),
            ("1h0", "time unit needed, for example 0sec or 0ms"),
        ] {
            assert_eq!(duration(text).expect_err(text).to_string(), words, "{text}");
        }
    }
}
