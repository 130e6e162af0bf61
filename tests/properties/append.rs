//! An append keeps every old value to the byte and adds exactly one token (FILE-01, FILE-02).

use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use tokens::{DatabaseName, Permission, Secret, Token, TokenName};

use crate::files::tokens_file;

/// The members of an object as they are spelled, in order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

pub(crate) fn members(text: &str) -> Vec<(String, &str)> {
    let members: Members<'_> = serde_json::from_str(text).expect("an object");
    members.0.into_iter().map(|(name, value)| (name, value.get())).collect()
}

pub(crate) fn elements<'t>(members: &[(String, &'t str)], name: &str) -> Vec<&'t str> {
    let Some((_, list)) = members.iter().find(|(found, _)| found == name) else {
        return Vec::new();
    };
    let list: Option<Vec<&'t RawValue>> = serde_json::from_str(list).expect("an array");
    list.unwrap_or_default().into_iter().map(RawValue::get).collect()
}

pub(crate) fn others<'m, 't>(members: &'m [(String, &'t str)]) -> Vec<&'m (String, &'t str)> {
    let lists = ["tokens", "create_databases"];
    members.iter().filter(|(name, _)| !lists.contains(&name.as_str())).collect()
}

proptest! {
    #[test]
    fn old_values_stay_and_one_token_comes(old in tokens_file(), databases in vec("[a-f]", 0..4)) {
        prop_assert!(tokens::read(old.as_bytes(), None).loads(), "{:?}", tokens::read(old.as_bytes(), None));
        let token = Token {
            secret: Secret::parse("apiv3_new").expect("prefixed"),
            name: TokenName::parse("a name that no other has").expect("not empty"),
            expiry_millis: Some(-1),
            permissions: vec![Permission::parse("db:x:read").expect("valid")],
        };
        let names: Vec<_> = databases.iter().map(|n| DatabaseName::parse(n.as_str()).expect("valid")).collect();
        let appended = tokens::append(Some(old.as_bytes()), &token, &names).expect("it loads");
        let new = appended.text.as_str();

        let (before, after) = (members(&old), members(new));
        prop_assert_eq!(others(&before), others(&after));
        let (old_tokens, new_tokens) = (elements(&before, "tokens"), elements(&after, "tokens"));
        prop_assert_eq!(&new_tokens[..old_tokens.len()], &old_tokens[..]);
        prop_assert_eq!(new_tokens.len(), old_tokens.len() + 1);

        let mut expected = elements(&before, "create_databases");
        let quoted: Vec<String> = databases.iter().map(|name| format!("\"{name}\"")).collect();
        for name in &quoted {
            if !expected.contains(&name.as_str()) {
                expected.push(name);
            }
        }
        prop_assert_eq!(elements(&after, "create_databases"), expected);

        let reading = tokens::read(new.as_bytes(), None);
        let document = reading.document().expect("what is appended to loads");
        prop_assert_eq!(document.tokens().last(), Some(&token));
        // Without what was added behind an old element, the text is the old one to the byte.
        let old_databases = elements(&before, "create_databases");
        let new_databases = elements(&after, "create_databases");
        let lists = [(old_tokens.len(), new_tokens), (old_databases.len(), new_databases)];
        if lists.iter().all(|(kept, list)| *kept > 0 || list.is_empty()) {
            let end = |part: &str| part.as_ptr().addr() - new.as_ptr().addr() + part.len();
            let mut cuts: Vec<(usize, usize)> = lists
                .iter()
                .filter(|(kept, list)| *kept < list.len())
                .map(|(kept, list)| (end(list[kept - 1]), end(list[list.len() - 1])))
                .collect();
            cuts.sort_unstable_by(|a, b| b.cmp(a));
            let mut cut = new.to_owned();
            for (from, to) in cuts {
                cut.replace_range(from..to, "");
            }
            prop_assert_eq!(cut, old);
        }
    }
}
