//! Mistakes about when a token expires.

use super::Wrong;
use super::edit::{token_value, unquoted};
use super::load::{after, before};
use super::token::{is_integer, spelled};
use crate::protocol::LoadValue;

/// The document with each expiry changed, as it is spelled.
fn expiry(text: &str, change: impl Fn(&str) -> Option<String>) -> String {
    token_value(text, "expiry_millis", |raw| change(raw).unwrap_or_else(|| raw.to_owned()))
}

/// The number that a double would hold, if it is spelled as no integer.
fn number(raw: &str) -> Option<f64> {
    let number: serde_json::Number = serde_json::from_str(raw).ok()?;
    number.as_f64().filter(|_| !is_integer(raw))
}

#[expect(clippy::cast_possible_truncation, reason = "the mistake is just this")]
fn truncated(number: f64) -> i64 {
    number as i64
}

fn through_double(raw: &str) -> Option<String> {
    let exact = raw.parse::<i64>().ok()?;
    let double = raw.parse::<f64>().ok()?;
    let rounded = truncated(double);
    (rounded != exact).then(|| rounded.to_string())
}

fn wrapped(raw: &str) -> Option<String> {
    let wide: i128 = raw.parse().ok()?;
    let low = wide.to_le_bytes().first_chunk::<8>().copied()?;
    Some(i64::from_le_bytes(low).to_string())
}

fn saturated(raw: &str) -> Option<String> {
    let nearest = if raw.starts_with('-') { i64::MIN } else { i64::MAX };
    (is_integer(raw) && raw.parse::<i64>().is_err()).then(|| nearest.to_string())
}

fn any_expiry(value: &LoadValue, odd: impl Fn(i64) -> bool) -> bool {
    value.tokens.iter().any(|token| token.expiry_millis.is_some_and(&odd))
}

fn change_expiry(value: &mut LoadValue, change: fn(i64) -> Option<i64>) -> bool {
    for token in &mut value.tokens {
        token.expiry_millis = token.expiry_millis.and_then(change);
    }
    true
}

pub(super) const WRONG: &[Wrong] = &[
    before(
        "expiry/whole-floats",
        "takes 1.0 and 1e12 for integers, as JavaScript's Number.isInteger does",
        |text| {
            expiry(text, |raw| {
                number(raw).filter(|n| n.fract() == 0.0).map(|n| truncated(n).to_string())
            })
        },
    ),
    before("expiry/truncates", "cuts off fractions, as Python's int() does", |text| {
        expiry(text, |raw| number(raw).map(|number| truncated(number).to_string()))
    }),
    before("expiry/through-double", "keeps numbers as doubles", |text| {
        expiry(text, through_double)
    }),
    before("expiry/saturates", "takes the nearest 64-bit integer for one outside", |text| {
        expiry(text, saturated)
    }),
    before("expiry/wraps", "lets integers outside 64 bits wrap around", |text| {
        expiry(text, wrapped)
    }),
    before("expiry/text", "takes a number in quotes, as int() does", |text| {
        expiry(text, |raw| unquoted(raw).filter(|text| is_integer(text)))
    }),
    before("expiry/bool", "takes true for 1, as Python's isinstance(True, int) does", |text| {
        expiry(text, |raw| match raw {
            "true" => Some("1".to_owned()),
            "false" => Some("0".to_owned()),
            _ => None,
        })
    }),
    before("expiry/odd-is-absent", "takes an expiry of another type for none", |text| {
        expiry(text, |raw| (!is_integer(raw) && number(raw).is_none()).then(|| "null".to_owned()))
    }),
    after("expiry/demanded", "demands an expiry", |loading, value| {
        spelled(&loading.text, "expiry_millis").len() == value.tokens.len()
    }),
    after("expiry/null-refused", "refuses an expiry of null", |loading, _| {
        !spelled(&loading.text, "expiry_millis").contains(&"null".to_owned())
    }),
    after(
        "expiry/unsigned",
        "keeps the expiry unsigned, and refuses what is negative",
        |_, value| !any_expiry(value, |expiry| expiry < 0),
    ),
    after(
        "expiry/32-bit-seconds",
        "turns the expiry into 32-bit seconds, and refuses what is later than 2038",
        |_, value| !any_expiry(value, |expiry| expiry / 1000 > i64::from(i32::MAX)),
    ),
    after(
        "expiry/datetime",
        "turns the expiry into a date, and refuses what is later than the year 9999",
        |_, value| !any_expiry(value, |expiry| expiry >= 253_402_300_800_000),
    ),
    after("expiry/zero-is-none", "asks `if expiry`, which takes 0 for none", |_, value| {
        change_expiry(value, |expiry| Some(expiry).filter(|expiry| *expiry != 0))
    }),
    after("expiry/greatest-is-none", "shows 2^63-1 as none, for it never expires", |_, value| {
        change_expiry(value, |expiry| Some(expiry).filter(|expiry| *expiry != i64::MAX))
    }),
    after(
        "expiry/none-is-zero",
        "shows 0 where there is no expiry, as Go's zero value is",
        |_, value| {
            value
                .tokens
                .iter_mut()
                .for_each(|token| token.expiry_millis = token.expiry_millis.or(Some(0)));
            true
        },
    ),
    after(
        "expiry/mends-seconds",
        "takes a small expiry for seconds and multiplies it",
        |_, value| {
            change_expiry(value, |expiry| match expiry {
                1..=99_999_999_999 => Some(expiry * 1000),
                _ => Some(expiry),
            })
        },
    ),
    after("expiry/whole-seconds", "keeps whole seconds", |_, value| {
        change_expiry(value, |expiry| Some(expiry / 1000 * 1000))
    }),
    after("expiry/drops-expired", "leaves expired tokens out", |loading, value| {
        let now = loading.now_millis.unwrap_or(0);
        value.tokens.retain(|token| token.expiry_millis.is_none_or(|expiry| expiry > now));
        true
    }),
    after("expiry/refuses-expired", "refuses a file with an expired token", |loading, value| {
        !any_expiry(value, |expiry| expiry <= loading.now_millis.unwrap_or(0))
    }),
];
