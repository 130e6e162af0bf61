//! TOK-02: a token string that can be guessed.

use super::{Check, Context, Run, placeholder_token};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;
use crate::secret::PREFIX;

/// A placeholder is not weak, too, so that both are looked for together.
pub(super) const CHECK: Check =
    Check { codes: &[Code::WeakToken, Code::PlaceholderToken], run: Run::OnDraft(run) };

/// 16 random bytes in base64 have 22 characters, in hex 32.
const SHORTEST: usize = 22;
const SHORTEST_HEX: usize = 32;
/// Length times Shannon entropy a character, in bits.
const LEAST_ENTROPY: f64 = 64.0;

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, token) in draft.tokens() {
        let Some(secret) = &token.token else { continue };
        let said = secret.as_str().strip_prefix(PREFIX).and_then(said_of);
        found.extend(said.map(|said| said.at(draft.secret_place(index, secret))));
    }
}

/// What there is to say of the part after `apiv3_`, without any of it.
fn said_of(part: &str) -> Option<Diagnostic> {
    if placeholder_token::is_beyond_doubt(part) {
        return None;
    }
    if placeholder_token::is_placeholder(part) {
        return Some(placeholder_token::finding(part));
    }
    let message = format!("the token string can be guessed: {}", weakness(part)?);
    let found = Diagnostic::new(Code::WeakToken, rules::TOK_02, message);
    Some(found.help("make a new one with `create token`: 64 random bytes"))
}

/// Why a part is weak, without any of it.
fn weakness(part: &str) -> Option<&'static str> {
    let length = part.chars().count();
    let hex = part.bytes().all(|byte| byte.is_ascii_hexdigit());
    if length < SHORTEST {
        Some("after `apiv3_` it has fewer than 22 characters")
    } else if hex && length < SHORTEST_HEX {
        Some("after `apiv3_` it has fewer than 32 hex digits")
    } else if placeholder_token::has_long_run(part) {
        Some("it repeats one character 8 times or more")
    } else if !is_varied(part) && entropy(part) < LEAST_ENTROPY {
        Some("it uses too few different characters")
    } else {
        None
    }
}

/// Whether the entropy is enough even if every character were as frequent as the most frequent byte is: it
/// cannot be less than that, and to sort and count them takes ten times as long.
fn is_varied(part: &str) -> bool {
    let (mut counts, mut most) = ([0; 256], 0);
    for byte in part.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
            most = most.max(*count);
        }
    }
    let length = count(part.len());
    part.is_ascii() && length * (length / count(most)).log2() >= LEAST_ENTROPY
}

/// Length × Shannon entropy a character, in bits.
fn entropy(part: &str) -> f64 {
    let mut characters: Vec<char> = part.chars().collect();
    // In an order that is always the same, since sums of such numbers depend on it.
    characters.sort_unstable();
    let counts = characters.chunk_by(|one, other| one == other).map(|alike| count(alike.len()));
    counts.map(|alike| alike * (count(characters.len()) / alike).log2()).sum()
}

fn count(characters: usize) -> f64 {
    f64::from(u32::try_from(characters).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha512};

    use super::*;
    use crate::Secret;
    use crate::checks::testing::{found, with_secret};

    #[test]
    fn short_repetitive_and_poor_strings_are_found() {
        for part in [
            "x",
            "q8Zt3Kx0Lw7Rb2Yc5Nf1V",
            "0123456789abcdef0123456789abcde",
            "ci_test_only_000000000000000",
            "abababababababababababababababab",
            "aaaaaaabaaaaaaabaaaaaaabaaaaaaabaaaaaaabaaaaaaabaaaaaaabaaaaaaab",
        ] {
            let codes: Vec<_> = found(&with_secret(&format!("apiv3_{part}")))
                .iter()
                .map(|f| f.code.name())
                .collect();
            assert_eq!(codes, ["weak-token"], "{part}");
        }
    }

    #[test]
    fn long_enough_and_generated_strings_are_fine() {
        let uneven = "abacadae".repeat(4);
        for part in ["q8Zt3Kx0Lw7Rb2Yc5Nf1Vd", "0123456789abcdef0123456789abcdef", &uneven] {
            assert_eq!(weakness(part), None, "{part}");
        }
        for seed in 0..=255_u8 {
            let secret = Secret::from_entropy(&Sha512::digest([seed]).into());
            assert!(found(&with_secret(secret.expose())).is_empty(), "{seed}");
        }
    }
}
