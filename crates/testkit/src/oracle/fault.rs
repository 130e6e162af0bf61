//! One known fault gives its code at its place, and nothing else.

use tokens::diagnostic::{Place, Severity};
use tokens::{Context, Kind, Timestamp};

use super::places;
use crate::generate::{Clean, Faulty, NOW, Spelling};

/// The fault is found with its code at its place, and with the places that belong to it; there is no
/// other error, and where it is a warning nothing else at all.
pub fn is_found(faulty: &Faulty) {
    let broken = faulty.broken();
    let reading = tokens::read(&broken.bytes, Some(broken.kind()));
    let mut found = tokens::check(&reading, &broken.context());
    places::are_sound(&reading, &found);
    let tokens = faulty.clean.0.tokens.iter();
    places::show_none(tokens.map(|token| token.secret.as_str()), reading.text(), &found);
    if broken.code.severity() == Severity::Error {
        // What a fault keeps from being read may be missed elsewhere.
        found.retain(|found| found.severity == Severity::Error);
    }
    let codes: Vec<&str> = found.iter().map(|found| found.code.name()).collect();
    assert_eq!(codes, [broken.code.name()], "{faulty:?}");
    let at = |place: &Place| (place.pointer.clone(), place.span.start..place.span.end);
    for found in &found {
        if broken.place.is_some() {
            assert_eq!(found.place.as_ref().map(at), broken.place, "{faulty:?}");
        }
        let related: Vec<_> = found.related.iter().map(|related| at(&related.place)).collect();
        assert_eq!(related, Vec::from_iter(broken.related.clone()), "{faulty:?}");
    }
}

/// Nothing is found in a clean document, however it is spelled.
pub fn nothing_is_found(clean: &Clean, spelling: &Spelling) {
    let text = spelling.text(&clean.0.json());
    let reading = tokens::read(text.as_bytes(), Some(Kind::Permission));
    let found = tokens::check(&reading, &Context::at(Timestamp(NOW)));
    assert_eq!(found, [], "{text:?}");
}
