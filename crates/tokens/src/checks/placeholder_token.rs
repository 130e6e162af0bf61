//! TOK-02: a token string that was meant to be replaced.

use crate::diagnostic::{Code, Diagnostic, rules};
use crate::secret::is_generated;
use crate::suggest;

const WORDS: [&str; 8] =
    ["your", "here", "example", "changeme", "replace", "placeholder", "fake", "sample"];

/// What is said of a placeholder.
pub(super) fn finding(part: &str) -> Diagnostic {
    let help = if suggest::is_shell_variable(part) {
        suggest::UNEXPANDED
    } else {
        "put a real token in its place: `create token` makes one"
    };
    let message = "the token string is a placeholder";
    Diagnostic::new(Code::PlaceholderToken, rules::TOK_02, message).help(help)
}

/// Whether a part holds a run of 8 equal characters, which no random one does.
pub(super) fn has_long_run(part: &str) -> bool {
    let mut last = None;
    let mut length = 0;
    part.chars().any(|character| {
        length = if last == Some(character) { length + 1 } else { 1 };
        last = Some(character);
        length >= 8
    })
}

/// Whether a part can only have been generated, so that its looks say nothing about it.
pub(super) fn is_beyond_doubt(part: &str) -> bool {
    is_generated(part) && !has_long_run(part)
}

/// Whether a part was meant to be replaced, where it [is in doubt](is_beyond_doubt).
pub(super) fn is_placeholder(part: &str) -> bool {
    let marked = part.contains("...") || part.contains(['<', '>', '{', '$']);
    let spoken = part
        .split(['-', '_'])
        .any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)));
    let crosses = runs(part).filter(|(first, length)| *first == 'x' && *length >= 3).count();
    marked || spoken || crosses >= 3
}

/// The runs of equal characters, upper and lower case being equal: (in lower case, length).
fn runs(part: &str) -> impl Iterator<Item = (char, usize)> {
    let mut rest = part.chars().map(|character| character.to_ascii_lowercase()).peekable();
    std::iter::from_fn(move || {
        let first = rest.next()?;
        let mut length = 1;
        while rest.next_if_eq(&first).is_some() {
            length += 1;
        }
        Some((first, length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::checks::testing::{found, with_secret};

    #[test]
    fn placeholders_are_found_and_not_called_weak() {
        for secret in [
            "apiv3_0XXXX-xxxXxXxxxXX_OxxxX...",
            "apiv3_your_token_here",
            "apiv3_another-token-HERE",
            "apiv3_<token>",
            "apiv3_{token}",
            "apiv3_$TOKEN",
            "apiv3_xxx-xxx-xxx",
            "apiv3_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-fake_FAKE-f",
        ] {
            let codes: Vec<_> = found(&with_secret(secret)).iter().map(|f| f.code.name()).collect();
            assert_eq!(codes, ["placeholder-token"], "{secret}");
        }
        let help = found(&with_secret("apiv3_$TOKEN")).remove(0).help;
        assert!(help.is_some_and(|help| help.contains("shell variable")));
    }

    #[test]
    fn words_inside_words_and_generated_strings_are_fine() {
        for secret in ["apiv3_whereabouts-of-yourself-Q8z", "apiv3_q8xxxZt3xxx0Lw7Rb2Yc5Nf1V"] {
            assert!(found(&with_secret(secret)).is_empty(), "{secret}");
        }
        // 64 bytes that happen to spell `-fake-` and `xxx` prove nothing.
        let spelled = format!("-fake-xxx0xxx0xxx{}w", "q8Zt3".repeat(14).split_off(2));
        assert!(is_generated(&spelled) && is_placeholder(&spelled));
        let generated = Secret::from_entropy(&std::array::from_fn(|at| at as u8));
        for secret in [format!("apiv3_{spelled}").as_str(), generated.expose()] {
            assert!(found(&with_secret(secret)).is_empty());
        }
    }
}
