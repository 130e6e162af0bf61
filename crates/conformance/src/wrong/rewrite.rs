//! Mistakes in writing a file anew with a token more.

use super::Wrong;
use super::append::{Given, after, list, name, with_databases};
use super::edit::{
    self, Members, members, object, strings, token_members, unquoted, with_elements, with_members,
    with_value,
};
use super::load::{KNOWN, last_wins};
use testkit::json;

/// The new file with its databases changed, if it has any.
fn change_databases(new: &str, change: impl Fn(&mut Vec<String>)) -> String {
    with_value(new, "create_databases", |raw| {
        let mut databases = strings(raw);
        change(&mut databases);
        if raw == "null" { raw.to_owned() } else { list(&databases) }
    })
}

fn change_tokens(new: &str, change: impl Fn(&mut Vec<String>)) -> String {
    with_value(new, "tokens", |raw| with_elements(raw, &change))
}

/// The new file with the token that is new in it changed.
fn change_new(new: &str, change: impl Fn(&str) -> String) -> String {
    change_tokens(new, |tokens| {
        if let Some(last) = tokens.last_mut() {
            *last = change(last);
        }
    })
}

/// The new file with the members of the top and of all token objects changed.
fn change_members(new: &str, change: fn(&mut Members)) -> String {
    token_members(&with_members(new, change), change)
}

/// The text with each of its numbers as a double prints it.
fn through_doubles(text: &str) -> String {
    let double = |token: &str| {
        let is_number = token.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        let number = token.parse::<f64>().ok().filter(|_| is_number)?;
        Some(if number.is_finite() { number.to_string() } else { "null".to_owned() })
    };
    json::tokens(text).map(|token| double(token).unwrap_or_else(|| token.to_owned())).collect()
}

/// Puts the members whose names are numbers first, in their order.
fn numbers_first(members: &mut Members) {
    let number = |name: &str| name.parse::<u32>().ok().filter(|n| n.to_string() == name);
    members.sort_by_key(|(name, _)| number(name).map_or(u64::MAX, u64::from));
}

/// The old text, where nothing but a token is to be added.
fn alone(given: &Given) -> Option<&str> {
    given.databases.is_none().then(|| given.old())
}

/// Puts the new token before the last bracket of the old text.
fn before_last_bracket(given: &Given) -> Option<String> {
    let old = alone(given)?;
    let (before, after) = old.rsplit_once(']')?;
    let comma = if before.trim_end().ends_with('[') { "" } else { ", " };
    Some(format!("{before}{comma}{}]{after}", given.token))
}

/// Puts the new token where the brackets after the first `"tokens"` close, also such in strings.
fn by_counting_brackets(given: &Given) -> Option<String> {
    let old = alone(given)?;
    let at = old.find("\"tokens\"")?;
    let mut depth = 0_i32;
    let closing = old.char_indices().skip_while(|(found, _)| *found < at).find(|(_, letter)| {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => return false,
        }
        depth == 0
    });
    let (before, after) = old.split_at_checked(closing?.0)?;
    let comma = if before.trim_end().ends_with('[') { "" } else { ", " };
    Some(format!("{before}{comma}{}{after}", given.token))
}

fn canonical(permission: &str) -> String {
    let sorted = |part: &str| {
        let mut elements: Vec<&str> = part.split(',').collect();
        elements.sort_unstable();
        elements.dedup();
        elements.join(",")
    };
    permission.split(':').map(sorted).collect::<Vec<_>>().join(":")
}

fn sorted_permissions(token: &str) -> String {
    with_value(token, "permissions", |raw| {
        edit::each_element(raw, |raw| edit::with_string(raw, canonical))
    })
}

/// The new token with a name that is written between quotes as it is.
fn by_printf(token: &str) -> String {
    let Some(all) = members(token) else { return token.to_owned() };
    let name = |raw: &String| format!("\"{}\"", unquoted(raw).unwrap_or_default());
    let all = all.into_iter().map(|(member, raw)| {
        let raw = if member == "name" { name(&raw) } else { raw };
        (member, raw)
    });
    object(&all.collect())
}

pub(super) const RIGHT: &[Wrong] = &[after(
    "append/right-after",
    "writes the members of the new file anew, as they are",
    |_, new| change_databases(&change_members(new, |_| {}), |_| {}),
)];

pub(super) const WRONG: &[Wrong] = &[
    after("append/puts-first", "puts the new token before the old ones", |_, new| {
        change_tokens(new, |tokens| tokens.rotate_right(1))
    }),
    after("append/sorts-tokens", "sorts the tokens by name", |_, new| {
        change_tokens(new, |tokens| tokens.sort_by_key(|token| name(token)))
    }),
    after(
        "append/overwrites",
        "opens the file to write it, and so loses the old tokens",
        |_, new| change_tokens(new, |tokens| drop(tokens.drain(..tokens.len().saturating_sub(1)))),
    ),
    after(
        "append/drops-unknown",
        "reads the file into types and writes them, without unknown members",
        |_, new| {
            change_members(new, |members| {
                members.retain(|(name, _)| KNOWN.contains(&name.as_str()))
            })
        },
    )
    .should(),
    after(
        "append/drops-repeats",
        "reads the file into maps, and so drops repeated members",
        |_, new| change_members(new, last_wins),
    )
    .should(),
    after(
        "append/sorts-members",
        "writes members in the order of the alphabet, as Go's maps are",
        |_, new| change_members(new, |members| members.sort()),
    )
    .should(),
    after(
        "append/numbers-first",
        "writes members that are numbers first, as JavaScript's objects do",
        |_, new| change_members(new, numbers_first),
    )
    .should(),
    after("append/through-doubles", "keeps numbers as doubles", |_, new| through_doubles(new)),
    after("append/drops-null", "leaves members out that are null, as omitempty does", |_, new| {
        change_members(new, |members| members.retain(|(_, raw)| raw != "null"))
    })
    .should(),
    after("append/drops-empty", "leaves empty lists out, as omitempty does", |_, new| {
        change_members(new, |members| members.retain(|(_, raw)| raw.replace(' ', "") != "[]"))
    }),
    after(
        "append/expiry-of-zero",
        "writes an expiry of 0 where there is none, as Go's zero value is",
        |_, new| {
            change_new(new, |token| {
                with_members(token, |members| {
                    if !members.iter().any(|(name, _)| name == "expiry_millis") {
                        members.push(("expiry_millis".to_owned(), "0".to_owned()));
                    }
                })
            })
        },
    ),
    after("append/canonical-permissions", "writes the new permissions sorted", |_, new| {
        change_new(new, sorted_permissions)
    }),
    after("append/old-permissions-sorted", "writes the old permissions sorted", |_, new| {
        change_tokens(new, |tokens| {
            let old = tokens.len().saturating_sub(1);
            for token in tokens.iter_mut().take(old) {
                *token = sorted_permissions(token);
            }
        })
    })
    .should(),
    after(
        "append/old-databases-once",
        "lists old databases once that were there twice",
        |_, new| {
            change_databases(new, |databases| {
                let mut seen = Vec::new();
                databases.retain(|name| {
                    let is_new = !seen.contains(name);
                    seen.push(name.clone());
                    is_new
                });
            })
        },
    )
    .should(),
    after("append/databases-sorted", "keeps create_databases in a sorted set", |_, new| {
        change_databases(new, |databases| databases.sort())
    })
    .should(),
    after("append/databases-first", "puts new databases before the old ones", |given, new| {
        let old = given.old_databases().len();
        change_databases(new, |databases| {
            let old = old.min(databases.len());
            databases.rotate_left(old);
        })
    }),
    after("append/databases-replaced", "replaces create_databases", |given, new| {
        match &given.databases {
            Some(_) => change_databases(new, |databases| *databases = given.databases()),
            None => new.to_owned(),
        }
    }),
    after("append/databases-doubled", "adds databases that are there already", |given, new| {
        let mut databases = given.old_databases();
        databases.extend(given.databases());
        if given.databases.is_some() { with_databases(new, &databases) } else { new.to_owned() }
    }),
    after("append/databases-lost", "writes the file without create_databases", |_, new| {
        with_members(new, |members| members.retain(|(name, _)| name != "create_databases"))
    }),
    after(
        "append/last-bracket",
        "puts the new token before the last `]` of the file, as sed does",
        |given, new| before_last_bracket(given).unwrap_or_else(|| new.to_owned()),
    ),
    after(
        "append/counts-brackets",
        "counts brackets after the first `\"tokens\"`, strings or not",
        |given, new| by_counting_brackets(given).unwrap_or_else(|| new.to_owned()),
    )
    .should(),
    after(
        "append/printf",
        "writes the name between quotes with printf, without escapes",
        |_, new| change_new(new, by_printf),
    ),
    after("append/ascii", "writes a question mark for what is not ASCII", |_, new| {
        new.replace(|character: char| !character.is_ascii(), "?")
    }),
];
