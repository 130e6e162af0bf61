//! Lifetimes (GEN-03) and moments (TOK-09).

use std::time::Duration;

use tokens::{Expiry, Lifetime, LifetimeError, Timestamp};

/// A text is the lifetime that humantime reads, in whole seconds; its end is exact or an error, and
/// never wraps around.
pub fn text(text: &str) {
    let meant = seconds(text);
    let lifetime = match (text.parse::<Lifetime>(), meant) {
        (Ok(lifetime), Some(1..)) => lifetime,
        (Err(LifetimeError::TooShort), Some(0)) | (Err(LifetimeError::Syntax(_)), None) => return,
        (ours, meant) => panic!("{text:?}: {ours:?}, by humantime {meant:?} s"),
    };
    let seconds = lifetime.duration().as_secs();
    assert_eq!(Some(seconds), meant, "{text:?}");
    for now in [0, 1_800_000_000_000, -1, i64::MIN, i64::MAX - 1000] {
        let exact = i128::from(now) + i128::from(seconds) * 1000;
        let end = lifetime.expiry_from(Timestamp(now)).map(|moment| i128::from(moment.0));
        match i64::try_from(exact) {
            Ok(_) => assert_eq!(end, Ok(exact), "{text:?} from {now}"),
            Err(_) => assert_eq!(end, Err(LifetimeError::TooLong), "{text:?} from {now}"),
        }
        if let Ok(end) = end.map(|end| i64::try_from(end).unwrap_or(i64::MAX)) {
            assert_eq!(Timestamp(end).to_string(), moment(end), "{end} ms");
            let expiry = Expiry::from_millis(Some(end));
            assert!(!expiry.is_past(Timestamp(end - 1)), "{text:?} is over too soon");
            assert_eq!(
                expiry.is_past(Timestamp(end)),
                end != i64::MAX,
                "{text:?} is over too late"
            );
        }
    }
}

/// The whole seconds of a text, each number of which humantime reads by itself: it panics where the sum is
/// too long.
fn seconds(text: &str) -> Option<u64> {
    let mut parts = vec![String::new()];
    for character in text.chars() {
        let before = parts.last().map_or("", String::as_str).trim_end();
        if character.is_ascii_digit() && before.ends_with(char::is_alphabetic) {
            parts.push(String::new());
        }
        parts.last_mut()?.push(character);
    }
    let durations = parts.iter().map(|part| humantime::parse_duration(part).ok());
    let nanos: u128 = durations.map(|duration| Some(duration?.as_nanos())).sum::<Option<u128>>()?;
    if nanos > Duration::MAX.as_nanos() {
        return None;
    }
    let whole = humantime::parse_duration(text).ok()?;
    assert_eq!(whole.as_nanos(), nanos, "{text:?} is not the sum of its parts");
    Some(whole.as_secs())
}

/// A moment in words: in the years 1970 to 9999 the date, which is found by counting years and months;
/// outside them the milliseconds.
fn moment(millis: i64) -> String {
    let seconds = u64::try_from(millis).map_or(u64::MAX, |millis| millis / 1000);
    let is_leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let length = |year| 365 + u64::from(is_leap(year));
    let (mut year, mut days, time) = (1970, seconds / 86_400, seconds % 86_400);
    while year < 10_000 && days >= length(year) {
        days -= length(year);
        year += 1;
    }
    if year == 10_000 {
        return format!("{millis} ms since 1970");
    }
    let (mut month, february) = (1, length(year) - 337);
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    let (day, hours, minutes) = (days + 1, time / 3600, time / 60 % 60);
    format!("{year}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}Z", time % 60)
}
