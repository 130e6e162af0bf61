//! Lifetimes (GEN-03) and moments (TOK-09).

use tokens::{Expiry, Lifetime, LifetimeError, Timestamp};

/// A text is the lifetime that humantime reads, in whole seconds; its end is exact or an error, and
/// never wraps around.
pub fn text(text: &str) {
    let meant = humantime::parse_duration(text).ok().map(|duration| duration.as_secs());
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
            assert!(!Timestamp(end).to_string().is_empty());
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
