//! What the reference generates loads again, without a finding (GEN-05).

use proptest::collection::vec;
use proptest::prelude::*;
use tokens::{Context, DatabaseName, Permission, Timestamp, Token, TokenName};

fn token(number: usize, permissions: Vec<&str>, expiry_millis: Option<i64>) -> Token<'static> {
    let parse = |text: &str| Permission::parse(text.to_owned()).expect(text);
    Token {
        secret: tokens::os::new_secret().expect("randomness"),
        name: TokenName::parse(format!("app-{number}")).expect("not empty"),
        expiry_millis,
        permissions: permissions.into_iter().map(parse).collect(),
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    let reading = tokens::read(text.as_bytes(), None);
    let found = tokens::check(&reading, &Context::at(Timestamp(1_800_000_000_000)));
    found.iter().map(|found| found.code.name()).collect()
}

#[test]
fn a_hundred_thousand_generated_tokens_raise_no_finding() {
    let databases = ["a", "b"].map(|name| DatabaseName::parse(name).expect("valid"));
    let tokens: Vec<_> =
        (0..100_000).map(|n| token(n, vec!["db:a,b:read,write", "system:*:read"], None)).collect();
    assert!(codes(&tokens::render(&databases, &tokens)).is_empty());
}

proptest! {
    #[test]
    fn files_made_by_appending_raise_no_finding(
        tokens in vec((any::<bool>(), 1_800_000_000_001..i64::MAX), 1..6),
        declare in any::<bool>(),
    ) {
        let databases = [DatabaseName::parse("a").expect("valid")];
        let mut file: Option<String> = None;
        for (number, (all, millis)) in tokens.into_iter().enumerate() {
            let permission = if all || !declare { "db:*:read,create" } else { "db:a:read" };
            let token = token(number, vec![permission], Some(millis));
            let old = file.as_ref().map(String::as_bytes);
            let declared = if declare { &databases[..] } else { &[] };
            let new = tokens::append(old, &token, declared).expect("it loads").text.to_string();
            let again = tokens::append(Some(new.as_bytes()), &token, declared);
            prop_assert!(again.is_err(), "a token is appended once");
            file = Some(new);
        }
        prop_assert_eq!(codes(&file.expect("a file")), Vec::<&str>::new());
    }
}
