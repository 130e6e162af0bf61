//! The grammar.

use proptest::prelude::*;
use tokens::Permission;
use tokens::permission::repair;

use crate::files::canonical_permission;

proptest! {
    #[test]
    fn canonical_text_is_printed_as_it_was_parsed(text in canonical_permission()) {
        let permission = Permission::parse(text.as_str()).expect("canonical text is valid");
        prop_assert_eq!(permission.to_string(), text);
    }

    #[test]
    fn repeats_and_order_do_not_change_the_canonical_text(
        text in canonical_permission(),
        turn in 0..3_usize,
    ) {
        let parts: Vec<&str> = text.split(':').collect();
        let mut actions: Vec<&str> = parts[2].split(',').collect();
        let turn = turn % actions.len();
        actions.rotate_left(turn);
        let names = if parts[1] == "*" { "*".to_owned() } else { format!("{0},{0}", parts[1]) };
        let untidy = format!("{}:{names}:{1},{1}", parts[0], actions.join(","));
        let permission = Permission::parse(untidy.as_str()).expect("repeats are allowed");
        prop_assert_eq!(permission.to_string(), text);
        prop_assert_eq!(permission.as_str(), &untidy);
    }

    #[test]
    fn any_text_ends_in_a_verdict_with_a_place_inside_it(text in "\\PC{0,20}|[db*:,a rewit_]{0,20}") {
        if let Err(error) = Permission::parse(text.as_str()) {
            prop_assert!(text.get(error.span().start..error.span().end).is_some());
            prop_assert!(!error.to_string().is_empty() && !error.help().is_empty());
            if let Some(repaired) = repair(&text) {
                prop_assert!(Permission::parse(repaired).is_ok());
            }
        }
    }
}
