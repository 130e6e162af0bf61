//! The grammar.

use proptest::prelude::*;
use testkit::generate::PermissionCase;
use testkit::oracle;
use testkit::strategy::any;

proptest! {
    #![proptest_config(crate::usually(2000))]

    #[test]
    fn permissions_mean_what_their_parts_say_and_faults_are_where_they_were_put(
        case in any::<PermissionCase>(),
    ) {
        oracle::permission::structured(&case);
    }

    #[test]
    fn any_text_ends_in_the_verdict_of_the_model(text in "\\PC{0,20}|[db*:,a rewit_/]{0,20}") {
        oracle::permission::text(&text);
        oracle::database::name(&text);
    }

    #[test]
    fn any_lifetime_is_that_of_humantime(text in "\\PC{0,12}|([0-9.]{1,8} ?[smhdwyMu]{1,3} ?){1,3}") {
        oracle::expiry::text(&text);
    }
}
