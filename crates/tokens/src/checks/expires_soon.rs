//! TOK-09: a token that will stop to work within the time that was asked about.

use super::{Check, Context, Run};
use crate::diagnostic::{Code, Diagnostic, rules};
use crate::reader::Draft;

pub(super) const CHECK: Check = Check { codes: &[Code::ExpiresSoon], run: Run::OnDraft(run) };

fn run(draft: &Draft<'_>, context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let Some(within) = context.expiring_within else { return };
    for (index, expiry, moment) in draft.expiries() {
        if moment > context.now && moment.distance(context.now) <= within {
            let message = format!("the token expires at {moment}");
            found.push(
                Diagnostic::new(Code::ExpiresSoon, rules::TOK_09, message)
                    .help("make its successor now, and hand it out before that moment")
                    .at(draft.expiry_place(index, expiry)),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::checks::testing::{found_with, with_expiry};
    use crate::{Context, Timestamp};

    fn count(millis: i64, within: Option<u64>) -> usize {
        let now = Timestamp(1_900_000_000_000);
        let expiring_within = within.map(Duration::from_millis);
        found_with(&with_expiry(millis), &Context { expiring_within, ..Context::at(now) }).len()
    }

    #[test]
    fn tokens_that_expire_within_the_time_are_found() {
        assert_eq!(count(1_900_000_000_001, Some(1)), 1);
        assert_eq!(count(1_900_000_000_100, Some(100)), 1);
    }

    #[test]
    fn later_ones_are_not_and_none_unless_asked() {
        assert_eq!(count(1_900_000_000_101, Some(100)), 0);
        // One that expires now has expired.
        let found = found_with(
            &with_expiry(1_900_000_000_000),
            &Context {
                expiring_within: Some(Duration::from_millis(1)),
                ..Context::at(Timestamp(1_900_000_000_000))
            },
        );
        let codes: Vec<&str> = found.iter().map(|found| found.code.name()).collect();
        assert_eq!(codes, ["expired"]);
        assert_eq!(count(1_900_000_000_001, None), 0);
        assert_eq!(count(i64::MAX, Some(u64::MAX)), 0);
    }
}
