//! Decisions agree with a slow, obvious model, written from ACC-01 to ACC-10.

use proptest::prelude::*;
use testkit::generate::World;
use testkit::oracle;
use testkit::strategy::any;

proptest! {
    #![proptest_config(crate::usually(2000))]

    #[test]
    fn decisions_agree_with_the_model(world in any::<World>()) {
        oracle::access::decisions(&world);
    }
}
