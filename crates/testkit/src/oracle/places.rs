//! What holds of every finding.

use tokens::diagnostic::{Diagnostic, Severity};
use tokens::{Reading, Secret};

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

/// Shorter ones stand in messages by chance.
const LONG: usize = 12;

/// GEN-07.
fn no_secret(reading: &Reading<'_>, found: &[Diagnostic]) {
    let document = reading.document();
    let secrets = document.iter().flat_map(|document| document.tokens()).map(|token| &token.secret);
    for part in secrets.filter_map(|secret: &Secret<'_>| secret.expose().strip_prefix("apiv3_")) {
        if part.len() < LONG {
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
