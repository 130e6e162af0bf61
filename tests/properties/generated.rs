//! What the reference generates loads again, without a finding (GEN-05).

use proptest::prelude::*;
use testkit::generate::{Clean, NOW, TokenModel};
use testkit::strategy;
use tokens::{Context, DatabaseName, Permission, Timestamp, Token, TokenName};

/// The token, with a string from the system's randomness.
fn token(model: &TokenModel) -> Token<'static> {
    let permissions = model.permissions.iter().map(|grant| Permission::parse(grant.text()));
    Token {
        secret: tokens::os::new_secret().expect("randomness"),
        name: TokenName::parse(model.name.clone()).expect("not empty"),
        expiry_millis: model.expiry.millis(),
        permissions: permissions.collect::<Result<_, _>>().expect("valid"),
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    let reading = tokens::read(text.as_bytes(), None);
    let found = tokens::check(&reading, &Context::at(Timestamp(NOW)));
    found.iter().map(|found| found.code.name()).collect()
}

#[test]
fn a_hundred_thousand_generated_tokens_raise_no_finding() {
    let databases = ["a", "b"].map(|name| DatabaseName::parse(name).expect("valid"));
    let permissions = ["db:a,b:read,write", "system:*:read"];
    let permissions = permissions.map(|text| Permission::parse(text).expect("valid"));
    let token = |number| Token {
        secret: tokens::os::new_secret().expect("randomness"),
        name: TokenName::parse(format!("app-{number}")).expect("not empty"),
        expiry_millis: None,
        permissions: permissions.to_vec(),
    };
    let tokens: Vec<_> = (0..100_000).map(token).collect();
    assert!(codes(&tokens::render(&databases, &tokens)).is_empty());
}

proptest! {
    #[test]
    fn files_made_by_appending_raise_no_finding(clean in strategy::any::<Clean>()) {
        let names = clean.0.databases.names().iter();
        let databases: Vec<_> = names.map(|n| DatabaseName::parse(n.as_str()).expect("valid")).collect();
        let mut file: Option<String> = None;
        for model in &clean.0.tokens {
            let (token, old) = (token(model), file.as_ref().map(String::as_bytes));
            let new = tokens::append(old, &token, &databases).expect("it loads").text.to_string();
            let again = tokens::append(Some(new.as_bytes()), &token, &databases);
            prop_assert!(again.is_err(), "a token is appended once");
            file = Some(new);
        }
        prop_assert_eq!(codes(&file.expect("a file")), Vec::<&str>::new());
    }
}
