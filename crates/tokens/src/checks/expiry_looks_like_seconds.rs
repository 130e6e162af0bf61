//! TOK-09: seconds where milliseconds belong, which ends a token in 1970.

use super::{Check, Context, Run};
use crate::Timestamp;
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check =
    Check { codes: &[Code::ExpiryLooksLikeSeconds], run: Run::OnDraft(run) };

/// As seconds these reach to the year 5138, as milliseconds to March 1973.
pub(super) fn looks_like_seconds(millis: i64) -> bool {
    (1..=99_999_999_999).contains(&millis)
}

fn run(draft: &Draft<'_>, _: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, expiry, moment) in draft.expiries() {
        if !looks_like_seconds(expiry.millis) {
            continue;
        }
        let message = format!("as milliseconds this is {moment}, which is hardly meant");
        let meant = Timestamp(expiry.millis.saturating_mul(1000));
        let help = format!("if {meant} is meant, write {}", meant.0);
        found.push(
            Diagnostic::new(Code::ExpiryLooksLikeSeconds, rules::TOK_09, message)
                .help(help)
                .at(draft.expiry_place(index, expiry)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{found, with_expiry};

    #[test]
    fn seconds_are_told_from_milliseconds_by_their_size() {
        for (millis, code) in [
            (1, Some("expiry-looks-like-seconds")),
            (1_914_080_061, Some("expiry-looks-like-seconds")),
            (99_999_999_999, Some("expiry-looks-like-seconds")),
            (100_000_000_000, None),
            (1_914_080_061_529, None),
            (0, Some("expired")),
        ] {
            let found = found(&with_expiry(millis));
            assert_eq!(found.first().map(|found| found.code.name()), code, "{millis}");
        }
        let help = found(&with_expiry(1_914_080_061)).remove(0).help;
        assert_eq!(help.as_deref(), Some("if 2030-08-27T16:54:21Z is meant, write 1914080061000"));
    }
}
