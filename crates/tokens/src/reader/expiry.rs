//! `expiry_millis` (TOK-08), for both paths of the reader.

use super::json::JsonType;

/// Why a value is no expiry.
pub(crate) enum ExpiryFault {
    WrongType,
    /// A number with a fraction or an exponent, or `-0`.
    NotAnInteger,
    OutOfRange,
}

/// The milliseconds that a value gives; none for null.
pub(crate) fn millis(raw: &str) -> Result<Option<i64>, ExpiryFault> {
    match JsonType::of(raw) {
        JsonType::Null => Ok(None),
        JsonType::Number if raw == "-0" || raw.contains(['.', 'e', 'E']) => {
            Err(ExpiryFault::NotAnInteger)
        }
        JsonType::Number => raw.parse().map(Some).map_err(|_| ExpiryFault::OutOfRange),
        _ => Err(ExpiryFault::WrongType),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(matches!(millis(raw), Err(ExpiryFault::NotAnInteger)), "{raw}");
        }
        for raw in ["9223372036854775808", "-9223372036854775809", "99999999999999999999999"] {
            assert!(matches!(millis(raw), Err(ExpiryFault::OutOfRange)), "{raw}");
        }
        for raw in ["\"5\"", "true", "[]", "{}"] {
            assert!(matches!(millis(raw), Err(ExpiryFault::WrongType)), "{raw}");
        }
    }
}
