//! What holds of every finding.

use std::collections::HashSet;

use tokens::diagnostic::{Diagnostic, Place, Severity};
use tokens::mask::mask_prefixed;
use tokens::{Reading, is_harmful, visible};

use crate::json;

/// Findings rest on rules of their code, are fit to be read, stand inside the text in file order, and
/// show no secret.
pub(super) fn are_sound(reading: &Reading<'_>, found: &[Diagnostic]) {
    let mut last = None;
    for found in found {
        let code = found.code;
        assert!(code.rules().contains(&found.rule), "{code} by {}", found.rule);
        for words in words(found) {
            assert!(!words.is_empty() && !words.contains(is_harmful), "{words:?} of {code}");
        }
        for Place { pointer, span } in places(found) {
            let slice = reading.text().get(span.start..span.end);
            assert!(slice.is_some(), "{span:?} of {code} is not in the text");
            assert!(pointer.is_empty() || pointer.starts_with('/'), "{pointer:?}");
        }
        let start = found.place.as_ref().map(|place| place.span.start);
        assert!(last <= start, "{code} is not in file order");
        last = start;
    }
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    assert!(reading.loads() || found.iter().any(is_error), "refused without an error");
    let document = reading.document();
    let tokens = document.iter().flat_map(|document| document.tokens());
    show_none(tokens.map(|token| token.secret.expose()), reading.text(), found);
}

/// The message, the help and what stands at the other places.
fn words(found: &Diagnostic) -> impl Iterator<Item = &str> {
    let labels = found.related.iter().map(|related| &related.message);
    let said = found.help.iter().chain(labels).map(|said| &**said);
    std::iter::once(found.message.as_str()).chain(said)
}

fn places(found: &Diagnostic) -> impl Iterator<Item = &Place> {
    found.place.iter().chain(found.related.iter().map(|related| &related.place))
}

/// GEN-07: no run of a file's secrets is in what is found in it. What other strings of the file hold
/// too may be shown from there.
pub(super) fn show_none<'s>(
    secrets: impl Iterator<Item = &'s str>,
    text: &str,
    found: &[Diagnostic],
) {
    let secrets: HashSet<&str> = secrets.collect();
    let suspects = || secrets.iter().flat_map(|secret| runs(secret));
    if found.is_empty() || suspects().next().is_none() {
        return;
    }
    let pointers = found.iter().flat_map(places).map(|place| place.pointer.as_str());
    let shown: HashSet<&[u8]> =
        found.iter().flat_map(words).chain(pointers).flat_map(runs).collect();
    if suspects().any(|run| shown.contains(run)) {
        let others = other_strings(text, &secrets);
        let allowed: HashSet<&[u8]> = others.iter().flat_map(|other| runs(other)).collect();
        let leak = suspects().find(|run| shown.contains(run) && !allowed.contains(run));
        assert!(
            leak.is_none(),
            "`{}` of a secret is shown",
            leak.unwrap_or_default().escape_ascii()
        );
    }
}

/// The runs of 8 bytes that are in no words but those of a file: with letters of both cases and digits,
/// and no signs but those of a generated secret (GEN-01).
fn runs(text: &str) -> impl Iterator<Item = &[u8]> {
    let is_sign = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let stretches = text.as_bytes().split(move |byte| !is_sign(byte));
    stretches.filter(|stretch| is_mixed(stretch)).flat_map(|stretch| {
        let runs = stretch.windows(8);
        runs.filter(|run| is_mixed(run))
    })
}

fn is_mixed(bytes: &[u8]) -> bool {
    let kinds: [fn(&u8) -> bool; 3] =
        [u8::is_ascii_digit, u8::is_ascii_uppercase, u8::is_ascii_lowercase];
    bytes.len() >= 8 && kinds.into_iter().all(|is_kind| bytes.iter().any(is_kind))
}

/// The strings of a file that are no secret, as messages show them and as pointers do.
fn other_strings(text: &str, secrets: &HashSet<&str>) -> Vec<String> {
    let strings = json::tokens(text).filter_map(|token| serde_json::from_str::<String>(token).ok());
    let others = strings.filter(|string| !secrets.contains(string.as_str()));
    let in_pointers = |text: &str| mask_prefixed(text).replace('~', "~0").replace('/', "~1");
    others.flat_map(|other| [visible(&other).into_owned(), in_pointers(&other)]).collect()
}

#[cfg(test)]
mod tests {
    use tokens::Code;
    use tokens::diagnostic::rules;

    use super::*;

    const SECRET: &str = "apiv3_q8Zt3Kx0Lw7Rb2Yc5Nf1V";

    fn is_noticed(text: &str, message: &str) -> bool {
        let found = [Diagnostic::new(Code::WeakToken, rules::TOK_02, message)];
        let judge = || show_none(std::iter::once(SECRET), text, &found);
        std::panic::catch_unwind(judge).is_err()
    }

    #[test]
    fn a_part_of_a_secret_is_noticed_where_nothing_else_accounts_for_it() {
        let text = format!("{{\"token\": \"{SECRET}\", \"name\": \"w7Rb2Yc5\"}}");
        assert!(is_noticed(&text, "`apiv3_q8Zt…`, 7Rb2Yc5Nf1V"));
        assert!(!is_noticed(&text, "`apiv3_***` of `w7Rb2Yc5`"));
        assert!(!is_noticed(&text, "`q8Zt3Kx`, too short to tell"));
    }
}
