//! TOK-09: a token that no longer works.

use super::expiry_looks_like_seconds::looks_like_seconds;
use super::{Check, Context, Run};
use crate::Expiry;
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::Expired], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (index, expiry, moment) in draft.expiries() {
        if Expiry::At(moment).is_past(context.now) && !looks_like_seconds(expiry.millis) {
            let message = format!("the token expired at {moment}");
            found.push(
                Diagnostic::new(Code::Expired, rules::TOK_09, message)
                    .help("give a later expiry, or make a new token with `create token`")
                    .at(draft.expiry_place(index, expiry)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{found_with, marks, with_expiry};
    use crate::{Context, Timestamp};

    fn codes(millis: i64, now: i64) -> Vec<(&'static str, String)> {
        let file = with_expiry(millis);
        let found = found_with(&file, &Context::at(Timestamp(now)));
        marks(&file, found)
    }

    #[test]
    fn past_zero_and_negative_moments_are_expired() {
        let now = 1_900_000_000_000;
        for millis in [now, now - 1, 100_000_000_000, 0, -5, i64::MIN] {
            assert_eq!(codes(millis, now), [("expired", millis.to_string())]);
        }
    }

    #[test]
    fn later_moments_and_the_largest_number_are_not() {
        let now = 1_900_000_000_000;
        assert_eq!(codes(now + 1, now), []);
        assert_eq!(codes(i64::MAX, now), []);
        assert_eq!(codes(i64::MAX, i64::MAX), []);
    }
}
