//! Mistakes in the members of token objects.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;

use sha2::{Digest, Sha256, Sha512};

use super::Wrong;
use super::edit::{elements, member, quoted, token_value, unquoted, with_string};
use super::load::{Loading, Read, after, around, before};
use crate::protocol::LoadValue;

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn sha512(text: &str) -> String {
    hex(&Sha512::digest(text))
}

/// The spellings of a member of all token objects.
pub(super) fn spelled(text: &str, name: &str) -> Vec<String> {
    let tokens = member(text, "tokens").and_then(|raw| elements(&raw)).unwrap_or_default();
    tokens.iter().filter_map(|token| member(token, name)).collect()
}

/// Gives each token another hash, from how its string is spelled.
fn hash(loading: &Loading, value: &mut LoadValue, hash: impl Fn(&str) -> String) -> bool {
    for (token, raw) in value.tokens.iter_mut().zip(spelled(&loading.text, "token")) {
        token.token_sha512 = hash(&raw);
    }
    true
}

fn hash_of_text(raw: &str, change: impl Fn(&str) -> String) -> String {
    sha512(&change(&unquoted(raw).unwrap_or_default()))
}

/// Loads a document with a prefix put before the tokens that are taken by mistake.
fn takes(text: &str, read: Read<'_>, takes: fn(&str) -> bool) -> Option<LoadValue> {
    let prefixed = |secret: &str| match !secret.starts_with("apiv3_") && takes(secret) {
        true => format!("apiv3_{secret}"),
        false => secret.to_owned(),
    };
    let mut value = read(&token_value(text, "token", |raw| with_string(raw, prefixed)))?;
    let loading = Loading { text: text.to_owned(), now_millis: None };
    hash(&loading, &mut value, |raw| hash_of_text(raw, str::to_owned));
    Some(value)
}

/// Loads a document with other names, so that no two are the same, and puts the right ones back.
fn any_names(text: &str, read: Read<'_>) -> Option<LoadValue> {
    let names = RefCell::new(Vec::new());
    let renamed = |name: &str| {
        let mut names = names.borrow_mut();
        let is_new = !names.iter().any(|other| other == name);
        names.push(name.to_owned());
        if is_new { name.to_owned() } else { format!("{name} {}", names.len()) }
    };
    let mut value = read(&token_value(text, "name", |raw| with_string(raw, renamed)))?;
    for (token, name) in value.tokens.iter_mut().zip(names.take()) {
        token.name = name;
    }
    Some(value)
}

fn last_of_name_wins(text: &str, read: Read<'_>) -> Option<LoadValue> {
    let mut value = any_names(text, read)?;
    let names: Vec<String> = value.tokens.iter().map(|token| token.name.clone()).collect();
    let at = Cell::new(0);
    value.tokens.retain(|token| {
        at.set(at.get() + 1);
        !names.iter().skip(at.get()).any(|later| *later == token.name)
    });
    Some(value)
}

/// Whether two token objects in a row have the same string there.
fn side_by_side(text: &str, name: &str) -> bool {
    let texts: Vec<Option<String>> = spelled(text, name).iter().map(|raw| unquoted(raw)).collect();
    texts.iter().zip(texts.iter().skip(1)).any(|(one, next)| one == next)
}

/// Loads a document whose token strings may be the same.
fn any_secrets(text: &str, read: Read<'_>) -> Option<LoadValue> {
    let at = Cell::new(0);
    let numbered = |secret: &str| {
        at.set(at.get() + 1);
        format!("{secret}{}", at.get())
    };
    let mut value = read(&token_value(text, "token", |raw| with_string(raw, numbered)))?;
    let loading = Loading { text: text.to_owned(), now_millis: None };
    hash(&loading, &mut value, |raw| hash_of_text(raw, str::to_owned));
    Some(value)
}

pub(super) fn is_integer(raw: &str) -> bool {
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn secrets(loading: &Loading) -> Vec<String> {
    spelled(&loading.text, "token").iter().filter_map(|raw| unquoted(raw)).collect()
}

pub(super) const RIGHT: &[Wrong] = &[
    around("token/right-prefix", "takes the tokens that are to be taken", |text, read| {
        takes(text, read, |_| false)
    }),
    after("hash/right", "hashes tokens as it should", |loading, value| {
        hash(loading, value, |raw| hash_of_text(raw, str::to_owned))
    }),
];

pub(super) const WRONG: &[Wrong] = &[
    around("token/prefix-anywhere", "looks for `apiv3_` anywhere in the token", |text, read| {
        takes(text, read, |secret| secret.contains("apiv3_"))
    }),
    around("token/prefix-any-case", "looks for `apiv3_` whatever its case", |text, read| {
        takes(text, read, |secret| secret.to_lowercase().starts_with("apiv3_"))
    }),
    around(
        "token/prefix-any-version",
        "takes any version in the prefix: `apiv2_`",
        |text, read| {
            takes(text, read, |secret| {
                let version = secret.strip_prefix("apiv").and_then(|rest| rest.split_once('_'));
                version.is_some_and(|(digits, _)| digits.parse::<u32>().is_ok())
            })
        },
    ),
    around(
        "token/prefix-without-underscore",
        "looks for `apiv3` and forgets the underscore",
        |text, read| takes(text, read, |secret| secret.starts_with("apiv3")),
    ),
    around("token/no-prefix", "does not look at the prefix", |text, read| {
        takes(text, read, |_| true)
    }),
    around(
        "token/optional-prefix",
        "puts the prefix before a token that lacks it",
        |text, read| {
            let prefixed = |secret: &str| match secret.starts_with("apiv3_") {
                true => secret.to_owned(),
                false => format!("apiv3_{secret}"),
            };
            read(&token_value(text, "token", |raw| with_string(raw, prefixed)))
        },
    ),
    before("token/trims", "trims the token", |text| {
        token_value(text, "token", |raw| with_string(raw, |secret| secret.trim().to_owned()))
    }),
    before("token/ends-at-nul", "ends tokens and names at a NUL, as C's strings do", |text| {
        let cut =
            |raw: &str| with_string(raw, |text| text.split('\0').next().unwrap_or("").to_owned());
        token_value(&token_value(text, "token", cut), "name", cut)
    }),
    after("token/short-refused", "refuses a token with a short secret", |loading, _| {
        secrets(loading).iter().all(|secret| secret.len() >= 28)
    }),
    after("token/empty-secret-refused", "refuses `apiv3_` with nothing after it", |loading, _| {
        !secrets(loading).contains(&"apiv3_".to_owned())
    }),
    after("token/base64-only", "refuses tokens that are not URL-safe base64", |loading, _| {
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        secrets(loading).iter().all(|secret| secret.bytes().all(is_base64))
    }),
    after(
        "token/92-characters",
        "refuses tokens that are not as long as the vendor's own",
        |loading, _| secrets(loading).iter().all(|secret| secret.len() == 92),
    ),
    around(
        "token/repeats-taken",
        "takes the same token string twice, as servers before 3.11.1 did",
        any_secrets,
    )
    .should(),
    around(
        "token/repeats-side-by-side",
        "sees a repeated token string only where the two stand side by side",
        |text, read| match side_by_side(text, "token") {
            true => read(text),
            false => any_secrets(text, read),
        },
    )
    .should(),
    after("token/repeats-by-case", "compares tokens without regard to case", |loading, _| {
        let mut secrets = secrets(loading);
        let all = secrets.len();
        secrets.iter_mut().for_each(|secret| secret.make_ascii_lowercase());
        secrets.sort();
        secrets.dedup();
        secrets.len() == all
    }),
    after("hash/without-prefix", "hashes the token without its prefix", |loading, value| {
        hash(loading, value, |raw| hash_of_text(raw, |text| text.replacen("apiv3_", "", 1)))
    }),
    after(
        "hash/as-spelled",
        "hashes the token as it is spelled in the file, escapes and all",
        |loading, value| hash(loading, value, |raw| sha512(raw.trim_matches('"'))),
    ),
    after(
        "hash/with-newline",
        "hashes a newline with the token, as `echo $token | sha512sum` does",
        |loading, value| hash(loading, value, |raw| hash_of_text(raw, |text| format!("{text}\n"))),
    ),
    after("hash/utf-16", "hashes the token in UTF-16, as .NET and Java may", |loading, value| {
        hash(loading, value, |raw| {
            let units = unquoted(raw).unwrap_or_default();
            let bytes: Vec<u8> = units.encode_utf16().flat_map(u16::to_le_bytes).collect();
            hex(&Sha512::digest(bytes))
        })
    }),
    after(
        "hash/ascii",
        "hashes the token with a question mark for what is not ASCII, as Java's ASCII does",
        |loading, value| {
            hash(loading, value, |raw| {
                hash_of_text(raw, |text| text.replace(|character: char| !character.is_ascii(), "?"))
            })
        },
    ),
    after("hash/sha-256", "hashes with SHA-256", |loading, value| {
        hash(loading, value, |raw| hex(&Sha256::digest(unquoted(raw).unwrap_or_default())))
    }),
    after("hash/capitals", "prints the hash in capital letters", |_, value| {
        value.tokens.iter_mut().for_each(|token| token.token_sha512.make_ascii_uppercase());
        true
    }),
    before("token-name/trims", "trims names", |text| {
        token_value(text, "name", |raw| with_string(raw, |name| name.trim().to_owned()))
    }),
    before(
        "token-name/trims-at-end",
        "strips white space from the end of names, as a CHAR column does",
        |text| token_value(text, "name", |raw| with_string(raw, |name| name.trim_end().to_owned())),
    ),
    after("token-name/folds", "compares names without regard to case", |_, value| {
        let mut names: Vec<_> =
            value.tokens.iter().map(|token| token.name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        names.len() == value.tokens.len()
    }),
    around("token-name/repeats-taken", "does not see that a name is there twice", any_names),
    around(
        "token-name/last-wins",
        "keeps tokens in a map by name, where the later takes the place of the earlier",
        last_of_name_wins,
    ),
    around(
        "token-name/side-by-side",
        "sees a repeated name only where the two stand side by side",
        |text, read| match side_by_side(text, "name") {
            true => read(text),
            false => any_names(text, read),
        },
    ),
    after("token-name/admin-refused", "refuses the operator token's name", |_, value| {
        !value.tokens.iter().any(|token| token.name == "_admin")
    }),
    after(
        "token-name/identifier",
        "refuses names that are not made of letters, digits, `_` and `-`",
        |_, value| {
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            value.tokens.iter().all(|token| token.name.bytes().all(is_word))
        },
    ),
    after("token-name/sorted", "lists the tokens by name, as a sorted map does", |_, value| {
        value.tokens.sort_by(|one, other| one.name.cmp(&other.name));
        true
    }),
    before("token-name/number", "turns a number into a name, as String() does", |text| {
        let stringed = |raw: &str| if is_integer(raw) { quoted(raw) } else { raw.to_owned() };
        token_value(text, "name", stringed)
    }),
];
