//! The permission grammar (PERM).

use tokens::permission::repair;
use tokens::{Action, Permission};

use super::model;
use crate::generate::PermissionCase;

/// Any text ends in the verdict of the model, and every refusal shows a place inside the text.
pub fn text(text: &str) {
    match (Permission::parse(text), model::permission(text)) {
        (Ok(permission), Ok(meaning)) => agrees(&permission, &meaning),
        (Err(error), Err(code)) => {
            assert_eq!(error.fault().code(), code, "the fault of {text:?}");
            assert!(
                error.fault().code().rules().contains(&error.fault().rule()),
                "the rule of {text:?}"
            );
            let span = error.span();
            assert!(text.get(span.start..span.end).is_some(), "{span:?} is not in {text:?}");
            assert!(
                !error.to_string().is_empty() && !error.help().is_empty(),
                "no words for {text:?}"
            );
            is_repaired(text);
        }
        (ours, model) => panic!("{text:?}: {ours:?}, by the rules {model:?}"),
    }
}

/// PERM-10: what repairs a text is valid; and where nothing but white space and letter case is wrong, the
/// text is repaired, and then means what it does without them.
fn is_repaired(text: &str) {
    let repaired = repair(text);
    let meaning = repaired.as_deref().map(model::permission);
    assert!(!matches!(meaning, Some(Err(_))), "{text:?} repaired to {repaired:?}");
    let (tidied, is_typed) = (tidied(text), text.len() <= 4096);
    if let Some(meant) = model::permission(&tidied).ok().filter(|_| is_typed) {
        assert_eq!(meaning, Some(Ok(meant)), "{text:?} repaired to {repaired:?}");
    }
}

/// Each word trimmed, and in lower case but for names of databases.
fn tidied(text: &str) -> String {
    let is_system = text.trim_start().to_ascii_lowercase().starts_with("system");
    let parts = text.split(':').enumerate().map(|(at, part)| {
        let words: Vec<&str> = part.split(',').map(str::trim).collect();
        let words = words.join(",");
        if at == 1 && !is_system { words } else { words.to_ascii_lowercase() }
    });
    parts.collect::<Vec<_>>().join(":")
}

fn agrees(permission: &Permission<'_>, meaning: &model::Meaning<'_>) {
    let text = permission.as_str();
    assert_eq!(permission.resource_type().as_str(), meaning.resource_type, "{text:?}");
    assert_eq!(permission.names().collect::<Vec<_>>(), meaning.names, "{text:?}");
    assert_eq!(permission.is_wildcard(), meaning.names == ["*"], "{text:?}");
    let actions: Vec<&str> = permission.actions().iter().map(Action::as_str).collect();
    assert_eq!(actions, meaning.actions, "{text:?}");
    let canonical = permission.to_string();
    assert_eq!(canonical, meaning.canonical(), "{text:?}");
    assert!(
        permission.spelled_actions().all(|action| meaning.actions.contains(&action)),
        "{text:?}"
    );
    // PERM-11: it means the same, and is its own canonical text.
    let again =
        Permission::parse(canonical.as_str()).unwrap_or_else(|e| panic!("{canonical:?}: {e}"));
    assert_eq!(again.to_string(), canonical, "the canonical text of {text:?} is not canonical");
    assert_eq!(again.actions(), permission.actions(), "{text:?}");
    assert_eq!(again.names().collect::<Vec<_>>(), permission.distinct_names(), "{text:?}");
}

/// A valid text means what its parts say, and a fault is found where it was put.
pub fn structured(case: &PermissionCase) {
    let text = case.text();
    self::text(&text);
    match case {
        PermissionCase::Valid(grant) => {
            let permission = Permission::parse(&text).unwrap_or_else(|e| panic!("{case:?}: {e}"));
            assert_eq!(permission.as_str(), text);
            assert_eq!(permission.to_string(), grant.canonical(), "{case:?}");
            assert_eq!(permission.names().collect::<Vec<_>>(), grant.names(), "{case:?}");
            assert_eq!(permission.spelled_actions().collect::<Vec<_>>(), grant.actions, "{case:?}");
            assert_eq!(permission.borrowed(), permission.clone().into_owned(), "{case:?}");
        }
        PermissionCase::Faulty(grant, fault) => {
            let broken = fault.break_text(grant);
            let error =
                Permission::parse(&text).err().unwrap_or_else(|| panic!("{case:?} is taken"));
            assert_eq!(error.fault().code(), broken.code, "{case:?}");
            assert_eq!(error.span().start..error.span().end, broken.place, "{case:?}: {error}");
        }
    }
}
