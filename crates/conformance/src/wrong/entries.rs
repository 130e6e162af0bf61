//! Mistakes about the list of a token's permissions.

use super::Wrong;
use super::edit::{
    each_element, elements, member, quoted, strings, token_members, token_value, unquoted,
    with_elements, with_string, with_value,
};
use super::load::{Read, after, around, before};
use super::token::spelled;
use crate::protocol::{LoadValue, PermissionValue};

/// Whether a permission would load, as it is spelled.
fn is_permission(raw: &str, read: Read<'_>) -> bool {
    let token = format!(r#"{{"token": "apiv3_x", "name": "n", "permissions": [{raw}]}}"#);
    read(&format!(r#"{{"tokens": [{token}]}}"#)).is_some()
}

fn skips_permissions(text: &str, read: Read<'_>) -> Option<LoadValue> {
    let skip = |elements: &mut Vec<String>| elements.retain(|raw| is_permission(raw, read));
    read(&token_value(text, "permissions", |raw| with_elements(raw, skip)))
}

fn skips_tokens(text: &str, read: Read<'_>) -> Option<LoadValue> {
    let loads = |token: &str| {
        let raw = member(token, "permissions").and_then(|raw| elements(&raw));
        raw.is_none_or(|list| list.iter().all(|raw| is_permission(raw, read)))
    };
    let skip = |tokens: &mut Vec<String>| tokens.retain(|token| loads(token));
    read(&with_value(text, "tokens", |raw| with_elements(raw, skip)))
}

fn permissions(text: &str, change: impl Fn(&str) -> Option<String>) -> String {
    token_value(text, "permissions", |raw| change(raw).unwrap_or_else(|| raw.to_owned()))
}

fn set_if_missing(text: &str, name: &str, raw: &str) -> String {
    token_members(text, |members| {
        if !members.iter().any(|(found, _)| found == name) {
            members.push((name.to_owned(), raw.to_owned()));
        }
    })
}

pub(super) const WRONG: &[Wrong] = &[
    before("permissions/text", "takes one permission where a list should be", |text| {
        permissions(text, |raw| raw.starts_with('"').then(|| format!("[{raw}]")))
    }),
    before("permissions/null", "takes null for no permissions, as Go's nil slices do", |text| {
        permissions(text, |raw| (raw == "null").then(|| "[]".to_owned()))
    }),
    before("permissions/may-lack", "takes a token without permissions for one with none", |text| {
        set_if_missing(text, "permissions", "[]")
    }),
    after("permissions/none-refused", "refuses a token without any permission", |_, value| {
        !value.tokens.iter().any(|token| token.permissions.is_empty())
    }),
    around(
        "permissions/skips-bad",
        "logs a permission that it cannot read, and goes on",
        skips_permissions,
    ),
    around(
        "permissions/skips-token",
        "logs a token with a permission that it cannot read, and goes on",
        skips_tokens,
    ),
    before("permissions/first-only", "reads the first permission of each token", |text| {
        permissions(text, |raw| Some(with_elements(raw, |elements| elements.truncate(1))))
    }),
    before(
        "permissions/trims",
        "trims permissions in a file, as where a person typed them",
        |text| {
            let trimmed = |raw: &str| with_string(raw, |text| text.trim().to_owned());
            permissions(text, |raw| Some(each_element(raw, trimmed)))
        },
    ),
    after(
        "permissions/set",
        "keeps a token's permissions in a set, and so each once",
        |_, value| {
            for token in &mut value.tokens {
                let all = std::mem::take(&mut token.permissions);
                for permission in all {
                    if !token.permissions.contains(&permission) {
                        token.permissions.push(permission);
                    }
                }
            }
            true
        },
    ),
    after("permissions/sorted", "sorts a token's permissions", |_, value| {
        let key = |names: &[String]| names.join(",");
        for token in &mut value.tokens {
            token.permissions.sort_by_key(|entry| key(&entry.resource_names));
        }
        true
    }),
    after("permissions/merged", "merges a token's permissions on the same names", |_, value| {
        for token in &mut value.tokens {
            let all = std::mem::take(&mut token.permissions);
            for permission in all {
                let same = |other: &&mut PermissionValue| {
                    other.resource_names == permission.resource_names
                };
                match token.permissions.iter_mut().find(same) {
                    Some(found) => found.actions.extend(permission.actions),
                    None => token.permissions.push(permission),
                }
            }
        }
        true
    }),
    before(
        "permissions/split",
        "splits one string of permissions at white space, as a shell does",
        |text| {
            permissions(text, |raw| {
                let list = unquoted(raw)?;
                let list: Vec<String> = list.split_whitespace().map(quoted).collect();
                Some(format!("[{}]", list.join(",")))
            })
        },
    ),
    after(
        "permissions/repeat-refused",
        "refuses a permission that a token has twice",
        |loading, _| {
            let lists = spelled(&loading.text, "permissions");
            lists.iter().all(|raw| {
                let mut texts = strings(raw);
                let all = texts.len();
                texts.sort();
                texts.dedup();
                texts.len() == all
            })
        },
    ),
];
