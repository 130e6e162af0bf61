//! Removing and rotating touch one token alone (FILE-02).

use proptest::prelude::*;
use proptest::sample::Index;
use tokens::{Permission, Rotation, Secret, Token, TokenName};

use crate::append::{elements, members, others};
use crate::files::tokens_file;

const NAME: &str = "a name that no other has";

fn name() -> TokenName<'static> {
    TokenName::parse(NAME).expect("not empty")
}

fn secret() -> Secret<'static> {
    Secret::parse("apiv3_new").expect("prefixed")
}

proptest! {
    #[test]
    fn what_was_appended_can_be_removed(old in tokens_file()) {
        let permissions = vec![Permission::parse("db:x:read").expect("valid")];
        let token = Token { secret: secret(), name: name(), expiry_millis: None, permissions };
        let appended = tokens::append(Some(old.as_bytes()), &token, &[]).expect("it loads");
        let removed = tokens::remove(Some(appended.text.as_bytes()), NAME).expect("it is there");
        prop_assert_eq!(&removed.token, &token);
        prop_assert_eq!(removed.tokens, appended.tokens - 1);
        if removed.tokens > 0 {
            prop_assert_eq!(removed.text.as_str(), &old);
        } else {
            let (before, after) = (members(&old), members(&removed.text));
            prop_assert_eq!(others(&before), others(&after));
        }
    }

    #[test]
    fn any_token_can_be_removed_alone(old in tokens_file(), index: Index) {
        let reading = tokens::read(old.as_bytes(), None);
        let document = reading.document().expect("it loads");
        if document.tokens().is_empty() {
            prop_assert!(tokens::remove(Some(old.as_bytes()), NAME).is_err());
            return Ok(());
        }
        let at = index.index(document.tokens().len());
        let removed = tokens::remove(Some(old.as_bytes()), document.tokens()[at].name.as_str());
        let new = removed.expect("it is there").text;
        prop_assert!(tokens::read(new.as_bytes(), None).loads());
        let (before, after) = (members(&old), members(&new));
        prop_assert_eq!(others(&before), others(&after));
        let mut expected = elements(&before, "tokens");
        expected.remove(at);
        prop_assert_eq!(elements(&after, "tokens"), expected);
    }

    #[test]
    fn any_token_can_be_rotated_alone(
        old in tokens_file(),
        index: Index,
        renamed: bool,
        expiry_millis: Option<i64>,
    ) {
        let reading = tokens::read(old.as_bytes(), None);
        let document = reading.document().expect("it loads");
        let rotation = Rotation { secret: secret(), name: renamed.then(name), expiry_millis };
        if document.tokens().is_empty() {
            prop_assert!(tokens::rotate(Some(old.as_bytes()), NAME, &rotation).is_err());
            return Ok(());
        }
        let at = index.index(document.tokens().len());
        let was = &document.tokens()[at];
        let rotated = tokens::rotate(Some(old.as_bytes()), was.name.as_str(), &rotation);
        let rotated = rotated.expect("it is there");
        prop_assert_eq!(&rotated.old, was);

        let reading = tokens::read(rotated.text.as_bytes(), None);
        let now = reading.document().expect("what is rotated loads");
        let expected = Token {
            secret: secret(),
            name: rotation.name.unwrap_or_else(|| was.name.clone()),
            expiry_millis: expiry_millis.or(was.expiry_millis),
            permissions: was.permissions.clone(),
        };
        prop_assert_eq!(&now.tokens()[at], &expected);
        prop_assert_eq!(&rotated.new, &expected);

        let (before, after) = (members(&old), members(&rotated.text));
        prop_assert_eq!(others(&before), others(&after));
        let (mut old_tokens, mut new_tokens) = (elements(&before, "tokens"), elements(&after, "tokens"));
        let (old_token, new_token) = (old_tokens.remove(at), new_tokens.remove(at));
        prop_assert_eq!(old_tokens, new_tokens);
        let changed = ["token", "name", "expiry_millis"];
        let kept = |token| -> Vec<(String, String)> {
            let members = members(token).into_iter();
            let kept = members.filter(|(name, _)| !changed.contains(&name.as_str()));
            kept.map(|(name, value)| (name, value.to_owned())).collect()
        };
        prop_assert_eq!(kept(old_token), kept(new_token));
    }
}
