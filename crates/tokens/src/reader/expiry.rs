//! `expiry_millis` (TOK-08).

use super::json::JsonType;

/// Why a value is no expiry.
pub(crate) enum Fault {
    WrongType,
    /// A number with a fraction or an exponent, or `-0`.
    NotAnInteger,
    OutOfRange,
}

/// The milliseconds that a value gives; none for null.
pub(crate) fn millis(json_type: JsonType, raw: &str) -> Result<Option<i64>, Fault> {
    match json_type {
        JsonType::Null => Ok(None),
        JsonType::Number => integer(raw).map(Some),
        _ => Err(Fault::WrongType),
    }
}

fn integer(number: &str) -> Result<i64, Fault> {
    match number.parse() {
        Ok(0) if number != "0" => Err(Fault::NotAnInteger),
        Ok(millis) => Ok(millis),
        Err(_) if number.contains(['.', 'e', 'E']) => Err(Fault::NotAnInteger),
        Err(_) => Err(Fault::OutOfRange),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(value: &str) -> Result<Option<i64>, Fault> {
        super::millis(JsonType::of(value), value)
    }

    #[test]
    fn only_integers_of_64_bits_are_taken() {
        for (raw, value) in [
            ("null", None),
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
        ] {
            assert_eq!(millis(raw).ok(), Some(value), "{raw}");
        }
        for raw in ["1.0", "1e12", "1E2", "-0", "-0.0"] {
            assert!(matches!(millis(raw), Err(Fault::NotAnInteger)), "{raw}");
        }
        for raw in ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"] {
            assert!(matches!(millis(raw), Err(Fault::OutOfRange)), "{raw}");
        }
        for raw in ["\"5\"", "true", "[]", "{}"] {
            assert!(matches!(millis(raw), Err(Fault::WrongType)), "{raw}");
        }
    }
}
