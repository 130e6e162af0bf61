//! Mistakes in what is warned about.

use super::Wrong;
use super::edit::{elements, member, strings};
use super::load::{KNOWN, after, only};
use crate::protocol::LoadValue;

fn warn(value: &mut LoadValue, code: &str, is_given: bool) {
    let codes = value.warnings.get_or_insert_default();
    codes.retain(|given| given != code);
    if is_given {
        codes.push(code.to_owned());
    }
}

/// Whether a wildcard stands before a name in a token's permissions.
fn star_before_name(value: &LoadValue) -> bool {
    value.tokens.iter().any(|token| {
        let is_star = |names: &[String]| names == ["*"];
        let kinds = token.permissions.iter().map(|entry| is_star(&entry.resource_names));
        let kinds: Vec<bool> = kinds.collect();
        let star = kinds.iter().position(|star| *star);
        star.zip(kinds.iter().rposition(|star| !star)).is_some_and(|(star, name)| star < name)
    })
}

pub(super) const WRONG: &[Wrong] = &[
    after(
        "warning/expired-late",
        "warns of an expired token by `<`, where `<=` is right",
        |loading, value| {
            let now = loading.now_millis.unwrap_or(0);
            let equal = value.tokens.iter().any(|token| token.expiry_millis == Some(now));
            let past = value
                .tokens
                .iter()
                .any(|token| token.expiry_millis < Some(now) && token.expiry_millis.is_some());
            if equal && !past {
                warn(value, "expired", false);
            }
            true
        },
    ),
    after(
        "warning/clock",
        "takes the clock's time for a moment that is not given, in place of 0",
        |loading, value| {
            const TODAY: i64 = 1_760_000_000_000;
            let past = |expiry: i64| (100_000_000_000..TODAY).contains(&expiry);
            let expired = value.tokens.iter().any(|token| token.expiry_millis.is_some_and(past));
            if loading.now_millis.is_none() && expired {
                warn(value, "expired", true);
            }
            true
        },
    ),
    after(
        "warning/shadow-in-one-order",
        "warns of a shadowed wildcard only where it stands before the name",
        |_, value| {
            if !star_before_name(value) {
                warn(value, "shadowed-grant", false);
            }
            true
        },
    ),
    after(
        "warning/duplicate-text-only",
        "warns of duplicate grants only where two permissions have the same text",
        |loading, value| {
            let tokens = member(&loading.text, "tokens").and_then(|raw| elements(&raw));
            let twice = tokens.iter().flatten().any(|token| {
                let mut texts =
                    member(token, "permissions").map(|raw| strings(&raw)).unwrap_or_default();
                let all = texts.len();
                texts.sort();
                texts.dedup();
                texts.len() < all
            });
            warn(value, "duplicate-grant", twice);
            true
        },
    ),
    after(
        "warning/unusable-is-space",
        "looks for spaces alone among what no header can carry",
        |loading, value| {
            let spaced = |token: &str| member(token, "token").is_some_and(|raw| raw.contains(' '));
            let tokens = member(&loading.text, "tokens").and_then(|raw| elements(&raw));
            warn(value, "unusable-token", tokens.iter().flatten().any(|token| spaced(token)));
            true
        },
    ),
    after(
        "warning/comments-unknown",
        "warns of members such as `_comment` and `$schema`",
        |loading, value| {
            if !only(&loading.text, &[&KNOWN[..], &["description"]].concat()) {
                warn(value, "unknown-member", true);
            }
            true
        },
    )
    .should(),
];
