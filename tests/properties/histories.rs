//! Appending, removing and rotating change what they say, and keep every other byte (FILE-01, FILE-02).

use proptest::prelude::*;
use testkit::generate::History;
use testkit::oracle;
use testkit::strategy::any;

proptest! {
    #![proptest_config(crate::usually(1000))]

    #[test]
    fn every_change_does_what_it_says_and_nothing_else(history in any::<History>()) {
        oracle::append::history(&history);
    }
}
