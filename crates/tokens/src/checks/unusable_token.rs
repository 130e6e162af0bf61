//! TOK-03: a token string that no `Authorization` header can carry.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::UnusableToken], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, token) in draft.tokens() {
        let Some(secret) = &token.token else { continue };
        let secret_text = secret.as_str();
        if secret_text.bytes().all(|byte| byte.is_ascii_graphic()) {
            continue;
        }
        let Some(bad) = secret_text.chars().find(|c| !c.is_ascii_graphic()) else { continue };
        let message = format!("no request can carry the token string: it holds {}", kind(bad));
        found.push(
            Diagnostic::new(Code::UnusableToken, rules::TOK_03, message)
                .help("make a new one with `create token`, or remove the character")
                .at(draft.secret_place(index, secret)),
        );
    }
}

fn kind(character: char) -> &'static str {
    match character {
        ' ' => "a space",
        '\n' | '\r' => "a line end",
        '\t' => "a tab",
        _ if character.is_ascii() => "a control character",
        _ => "a character outside ASCII",
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{GOOD, found, with_secret};

    #[test]
    fn anything_but_visible_ascii_is_found() {
        for (bad, kind) in [
            (" ", "a space"),
            ("\n", "a line end"),
            ("\r", "a line end"),
            ("\t", "a tab"),
            ("\0", "a control character"),
            ("\u{7f}", "a control character"),
            ("é", "a character outside ASCII"),
            ("\u{a0}", "a character outside ASCII"),
        ] {
            let found = found(&with_secret(&format!("{GOOD}{bad}")));
            let codes: Vec<_> = found.iter().map(|found| found.code.name()).collect();
            assert_eq!(codes, ["unusable-token"], "{bad:?}");
            let words = format!("no request can carry the token string: it holds {kind}");
            assert_eq!(found[0].message, words, "{bad:?}");
        }
    }

    #[test]
    fn all_visible_ascii_is_fine() {
        assert!(found(&with_secret(&format!("{GOOD}!~+/="))).is_empty());
    }
}
