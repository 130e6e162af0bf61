//! What holds of every finding.

use tokens::Reading;
use tokens::diagnostic::{Diagnostic, Severity};

/// Findings rest on rules of their code, stand inside the text in file order, and show no secret.
pub(super) fn are_sound(reading: &Reading<'_>, found: &[Diagnostic]) {
    let mut last = None;
    for found in found {
        let (code, message) = (found.code, &found.message);
        assert!(code.rules().contains(&found.rule), "{code} by {}", found.rule);
        assert!(!message.is_empty() && !message.chars().any(char::is_control), "{message:?}");
        let places = found.place.iter().chain(found.related.iter().map(|related| &related.place));
        for place in places {
            let slice = reading.text().get(place.span.start..place.span.end);
            assert!(slice.is_some(), "{:?} of {code} is not in the text", place.span);
            assert!(
                place.pointer.is_empty() || place.pointer.starts_with('/'),
                "{:?}",
                place.pointer
            );
        }
        let start = found.place.as_ref().map(|place| place.span.start);
        assert!(last <= start, "{code} is not in file order");
        last = start;
    }
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    assert!(reading.loads() || found.iter().any(is_error), "refused without an error");
    no_secret(reading, found);
}

/// GEN-07. What stands elsewhere in the file too may be shown from there.
fn no_secret(reading: &Reading<'_>, found: &[Diagnostic]) {
    let document = reading.document();
    let secrets = document.iter().flat_map(|document| document.tokens()).map(|token| &token.secret);
    for part in secrets.filter_map(|secret| secret.expose().strip_prefix("apiv3_")) {
        if !is_random(part) || reading.text().matches(part).count() > 1 {
            continue;
        }
        for found in found {
            let shows = |text: &str| text.contains(part);
            assert!(!shows(&found.message), "{} shows a secret", found.code);
            assert!(!found.help.as_deref().is_some_and(shows), "{} shows a secret", found.code);
            let pointers = found.related.iter().map(|related| &related.place).chain(&found.place);
            assert!(
                !pointers.map(|place| place.pointer.as_str()).any(shows),
                "{} shows a secret",
                found.code
            );
        }
    }
}

/// Whether a text looks like no word that stands in messages anyway.
fn is_random(text: &str) -> bool {
    let kinds: [fn(&u8) -> bool; 3] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    text.len() >= 16
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && kinds.into_iter().all(|is_kind| text.as_bytes().iter().any(is_kind))
}
