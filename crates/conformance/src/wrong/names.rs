//! Mistakes in what is a name of a database, in a permission and in `create_databases`.

use super::Fault::{Load, Permission};
use super::{Wrong, load, must, permission};
use crate::protocol::PermissionValue;
use permission::Fault::Takes;
use permission::after;

/// Whether it is a name of a database.
pub(super) fn is_name(name: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric();
    let is_more = |character: char| is_word(character) || matches!(character, '_' | '-' | '/');
    name.starts_with(is_word)
        && name.chars().all(is_more)
        && !name.ends_with('/')
        && name.matches('/').count() <= 1
        && name.len() <= 511
}

/// Whether it would be a name, were it not for these characters.
fn but_for(name: &str, odd: impl Fn(char) -> bool) -> bool {
    let ordinary: String =
        name.chars().map(|character| if odd(character) { 'x' } else { character }).collect();
    is_name(&ordinary)
}

/// What `\w` matches in Python, Java with its flag, or Rust.
fn any_script(character: char) -> bool {
    !character.is_ascii() && character.is_alphanumeric()
}

fn with_long_limit(name: &str) -> bool {
    name.len() == 512 && name.get(1..).is_some_and(is_name) && name.get(..511).is_some_and(is_name)
}

const fn takes(name: &'static str, mistake: &'static str, takes: fn(&str) -> bool) -> Wrong {
    must(name, mistake, Permission(Takes(takes)))
}

const fn declares(name: &'static str, mistake: &'static str, takes: fn(&str) -> bool) -> Wrong {
    must(name, mistake, Load(load::Fault::Declares(takes)))
}

fn has_none(value: &PermissionValue, odd: impl Fn(&str) -> bool) -> bool {
    value.resource_type != "db" || !value.resource_names.iter().any(|name| odd(name))
}

pub(super) const WRONG: &[Wrong] = &[
    takes(
        "name/any-script",
        "matches names by `\\w`, which takes letters and digits of all scripts",
        |name| but_for(name, any_script),
    ),
    takes(
        "name/first-underscore",
        "has one class for all characters of a name, and so takes `_` first",
        |name| name.strip_prefix('_').is_some_and(|rest| is_name(&format!("x{rest}"))),
    ),
    takes(
        "name/first-hyphen",
        "has one class for all characters of a name, and so takes `-` first",
        |name| name.strip_prefix('-').is_some_and(|rest| is_name(&format!("x{rest}"))),
    ),
    takes(
        "name/many-slashes",
        "has the slash among the characters of a name, any number of times",
        |name| {
            !name.starts_with('/')
                && !name.ends_with('/')
                && but_for(name, |character| character == '/')
        },
    ),
    takes("name/slash-last", "takes a database without its retention policy: `db/`", |name| {
        name.strip_suffix('/').is_some_and(|rest| is_name(rest) && !rest.contains('/'))
    }),
    takes("name/slash-first", "takes a retention policy without its database: `/rp`", |name| {
        name.strip_prefix('/').is_some_and(|rest| is_name(rest) && !rest.contains('/'))
    }),
    takes("name/full-stop", "takes full stops in names", |name| {
        but_for(name, |character| character == '.')
    }),
    takes(
        "name/range-a-to-z",
        "writes A-z for A-Za-z, which takes `[\\]^` and the grave accent too",
        |name| but_for(name, |character| matches!(character, '[' | '\\' | ']' | '^' | '`')),
    ),
    takes(
        "name/range-to-slash",
        "leaves the hyphen of a class inside, where it makes a range with its neighbours",
        |name| but_for(name, |character| matches!(character, '+' | ',' | '-' | '.')),
    ),
    takes("name/pattern", "takes names as patterns, such as `db*`", |name| {
        name.chars().count() > 1 && but_for(name, |character| character == '*')
    }),
    takes("name/limit-512", "has the limit one too high", with_long_limit),
    takes("name/no-limit", "has no limit to the length", |name| {
        name.len() > 511 && name.get(..100).is_some_and(is_name)
    }),
    takes("name/unchecked", "checks no names at all", |name| name != "*"),
    after("name/limit-64", "refuses names longer than the documented 64 characters", |_, value| {
        has_none(value, |name| name.len() > 64)
    }),
    after("name/limit-510", "has the limit one too low", |_, value| {
        has_none(value, |name| name.len() > 510)
    }),
    after(
        "name/identifier",
        "refuses a digit at the beginning, as for an identifier",
        |_, value| has_none(value, |name| name.starts_with(|first: char| first.is_ascii_digit())),
    ),
    after(
        "name/no-slash",
        "knows nothing of retention policies, and refuses the slash",
        |_, value| has_none(value, |name| name.contains('/')),
    ),
    after(
        "name/policy-like-database",
        "checks the retention policy as it does the database",
        |_, value| {
            let odd =
                |policy: &str| !policy.starts_with(|first: char| first.is_ascii_alphanumeric());
            has_none(value, |name| name.split_once('/').is_some_and(|(_, policy)| odd(policy)))
        },
    ),
    after("name/no-capitals", "refuses capital letters", |_, value| {
        has_none(value, |name| name.contains(|letter: char| letter.is_ascii_uppercase()))
    }),
    after("name/no-internal", "refuses `_internal` in a permission", |_, value| {
        has_none(value, |name| name == "_internal")
    }),
    after(
        "name/numbers-by-value",
        "takes names that are equal as numbers for the same, as PHP's == does",
        |_, value| {
            let number = |name: &str| name.parse::<f64>().ok().map(f64::to_bits);
            let mut seen = Vec::new();
            value.resource_names.retain(|name| {
                let first = number(name).is_none_or(|number| !seen.contains(&number));
                seen.extend(number(name));
                first
            });
            true
        },
    ),
    declares("declared/unchecked", "checks no names in create_databases", |_| true),
    declares(
        "declared/internal",
        "takes `_internal` in create_databases as it does in a permission",
        |name| name == "_internal",
    ),
    declares(
        "declared/any-script",
        "matches declared names by `\\w`, which takes letters and digits of all scripts",
        |name| but_for(name, any_script),
    ),
    declares(
        "declared/first-underscore",
        "takes an underscore at the beginning of a declared name",
        |name| name.strip_prefix('_').is_some_and(|rest| is_name(&format!("x{rest}"))),
    ),
    declares(
        "declared/dollar-before-newline",
        "ends a regular expression with `$`, which matches before a last newline",
        |name| name.strip_suffix('\n').is_some_and(is_name),
    ),
    declares("declared/empty", "takes an empty declared name", str::is_empty),
    declares(
        "declared/limit-512",
        "has the limit for declared names one too high",
        with_long_limit,
    ),
    declares("declared/star", "takes the wildcard in create_databases", |name| name == "*"),
];
