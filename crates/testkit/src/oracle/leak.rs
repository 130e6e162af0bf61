//! No secret of any file, good or broken, is in anything that the library says (GEN-07).

use tokens::access::Grants;
use tokens::mask::{self, MASK};
use tokens::plan::{State, plan};
use tokens::{Context, Kind, Timestamp};

use crate::generate::{Leak, NOW, SECRET};

/// Neither the masked text shows a secret nor anything that is said about it, however it is read.
pub fn nothing_is_shown(leak: &Leak) {
    let text = leak.text();
    let said = [None, Some(Kind::Permission), Some(Kind::Admin)].map(|kind| said(&text, kind));
    for shown in said.iter().chain([&masked(&text)]) {
        assert!(!shown.contains(SECRET), "of\n{text}\nis shown\n{shown}");
    }
}

/// The text as excerpts show it.
fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    for secret in mask::secrets(text).iter().rev() {
        masked.replace_range(secret.start..secret.end, MASK);
    }
    masked
}

/// Every finding, with message, help, labels and pointers, and all that is made of a text, as `Debug`
/// shows it.
fn said(text: &str, expected: Option<Kind>) -> String {
    let reading = tokens::read(text.as_bytes(), expected);
    let found = tokens::check(&reading, &Context::at(Timestamp(NOW)));
    let (document, admin) = (reading.document(), reading.admin_token());
    let planned = document.as_ref().map(|document| plan(document, &State::default()));
    let grants = document.iter().flat_map(|document| document.tokens()).map(|token| {
        let grants = Grants::of(token.permissions.iter().enumerate());
        format!("{:?}", grants.iter().collect::<Vec<_>>())
    });
    let grants: Vec<String> = grants.collect();
    let state = State::from_json(text.as_bytes());
    format!("{found:?} {reading:?} {document:?} {admin:?} {planned:?} {grants:?} {state:?}")
}
