//! The reader agrees with the yardstick, `serde_json::from_str` into derived structs, and with the rules.

use proptest::collection::vec;
use proptest::prelude::*;
use testkit::generate::{Clean, DocumentCase, Faulty, Spelling};
use testkit::oracle::{fault, load};
use testkit::strategy::any;

proptest! {
    #![proptest_config(crate::usually(1000))]

    #[test]
    fn any_bytes_end_in_the_verdict_of_the_model(bytes in vec(proptest::num::u8::ANY, 0..200)) {
        load::bytes(&bytes);
    }

    #[test]
    fn json_like_bytes_do_too(
        text in r#"([{}\[\],:"]|"tokens":|"token":|"apiv3_x"|\\u[0-9d][8c]00| |1|null){0,20}"#,
    ) {
        load::bytes(text.as_bytes());
    }

    #[test]
    fn documents_mean_what_their_parts_say(case in any::<DocumentCase>()) {
        load::structured(&case);
    }

    #[test]
    fn one_fault_is_one_finding_at_its_place(faulty in any::<Faulty>()) {
        fault::is_found(&faulty);
    }

    #[test]
    fn nothing_is_found_in_a_clean_document(clean in any::<Clean>(), spelling in any::<Spelling>()) {
        fault::nothing_is_found(&clean, &spelling);
    }
}

#[test]
fn the_cases_that_are_ours_to_decide_are_decided() {
    for (text, loads) in [
        ("\u{feff}{\"tokens\": []}", false),
        ("[[], null]", false),
        (r#"{"tokens": [["apiv3_x", "n", 5, []]]}"#, false),
        (r#"{"tokens": [{"token": "apiv3_x", "name": "", "permissions": []}]}"#, false),
        (r#"{"tokens": [], "create_databases": null}"#, true),
        (r#"{"tokens": [], "x": "\ud800", "y": {"\udc00": 1e999}}"#, true),
        (r#"{"tokens": [], "\ud800": 1}"#, false),
        (
            r#"{"tokens": [{"token": "apiv3_x", "name": "n", "expiry_millis": -0, "permissions": []}]}"#,
            false,
        ),
        (r#"{"tokens": [{"to\u006ben": "apiv3_x", "name": "n", "permissions": []}]}"#, true),
        (
            r#"{"tokens": [{"to\u006ben": "apiv3_x", "token": "apiv3_x", "name": "n", "permissions": []}]}"#,
            false,
        ),
    ] {
        assert_eq!(tokens::read(text.as_bytes(), None).loads(), loads, "{text}");
    }
}
