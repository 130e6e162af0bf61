//! Where a schema says something else than the vectors expect: what the schema's `$comment` names, and
//! nothing else.

use serde_json::Value;

use crate::{Question, Verdict};

/// Why an answer is not the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exception {
    /// A known member twice in one object: the last one counts.
    RepeatedMember,
    /// A token string or a name twice.
    RepeatedValue,
    /// `1.0`, an integer to JSON Schema.
    SpelledExpiry,
    /// An integer beyond 64 bits, and within them as a double.
    RoundedExpiry,
    /// Half of a surrogate pair, which serde_json refuses anywhere and Python nowhere.
    HalfPair,
    /// A number that no double holds, in a member that servers ignore.
    HugeNumber,
    /// More depth than serde_json has room for, in a member that servers ignore.
    Depth,
}

impl Exception {
    pub(crate) const ALL: [Exception; 7] = [
        Exception::RepeatedMember,
        Exception::RepeatedValue,
        Exception::SpelledExpiry,
        Exception::RoundedExpiry,
        Exception::HalfPair,
        Exception::HugeNumber,
        Exception::Depth,
    ];

    /// Why this may be said of a document, though something else is expected; none where it may not.
    pub(crate) fn of(question: &Question, said: Verdict) -> Option<Self> {
        let code = question.code.as_deref().unwrap_or_default();
        match (code, said) {
            ("duplicate-member", Verdict::Valid) => Some(Exception::RepeatedMember),
            ("duplicate-token" | "duplicate-name", Verdict::Valid) => {
                Some(Exception::RepeatedValue)
            }
            ("wrong-type", Verdict::Valid) if has_expiry_as_a_double(&question.document) => {
                Some(Exception::SpelledExpiry)
            }
            ("expiry-out-of-range", Verdict::Valid)
                if has_expiry_as_a_double(&question.document) =>
            {
                Some(Exception::RoundedExpiry)
            }
            _ => Exception::of_reading(question, said),
        }
    }

    /// What one reader of JSON takes and another refuses, before a schema is asked.
    fn of_reading(question: &Question, said: Verdict) -> Option<Self> {
        let error = serde_json::from_slice::<Value>(&question.document).err()?.to_string();
        let begins = |with| error.starts_with(with);
        if begins("lone leading surrogate") || begins("unexpected end of hex escape") {
            return Some(Exception::HalfPair);
        }
        let is_unread = said == Verdict::Unread;
        if begins("number out of range") {
            return is_unread.then_some(Exception::HugeNumber);
        }
        (is_unread && begins("recursion limit")).then_some(Exception::Depth)
    }

    /// Whether it depends on who reads the JSON, so that one says this and another that.
    pub(crate) fn divides(self) -> bool {
        matches!(
            self,
            Exception::RoundedExpiry
                | Exception::HalfPair
                | Exception::HugeNumber
                | Exception::Depth
        )
    }
}

/// Whether the expiry of a token is an integer of 64 bits, when it is read as a double.
fn has_expiry_as_a_double(document: &[u8]) -> bool {
    let Ok(file) = serde_json::from_slice::<Value>(document) else { return false };
    let tokens = file.get("tokens").and_then(Value::as_array).into_iter().flatten();
    let mut expiries = tokens.filter_map(|token| token.get("expiry_millis")?.as_f64());
    let all = -(2_f64.powi(63))..2_f64.powi(63);
    expiries.any(|expiry| expiry.fract() == 0.0 && all.contains(&expiry))
}
