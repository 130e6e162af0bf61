//! The flags: what they give, and what is refused (GEN-02, GEN-03).

use std::ffi::OsStr;

use super::place::{APP, Place, databases, newest, same, token_names};
use super::{Check, Generator, Outcome};

/// GEN-02 and GEN-03.
pub(super) const CHECKS: &[Check] = &[
    Check::must(
        "gen-02/flags",
        &["GEN-02"],
        "a name and a permission",
        "a file with one token of that name and permission",
        plain,
    ),
    Check::must(
        "gen-02/flags-in-another-order",
        &["GEN-02"],
        "the permission before the name",
        "a file with one token of that name and permission",
        another_order,
    ),
    Check::must(
        "gen-02/permissions-kept",
        &["GEN-02"],
        "several permissions, with names and actions in no particular order",
        "the same texts in the same order",
        permissions_kept,
    ),
    Check::must(
        "gen-02/permissions-synonym",
        &["GEN-02"],
        "`--permissions` in place of `--permission`",
        "the same",
        synonym,
    ),
    Check::must(
        "gen-02/databases",
        &["GEN-02"],
        "`--create-databases` with three names",
        "the names in their order in `create_databases`",
        creates_databases,
    ),
    Check::must(
        "gen-02/offline-without-file",
        &["GEN-02"],
        "`--offline` without `--output-file`",
        "a refusal",
        offline_without_file,
    ),
    Check::must(
        "gen-02/no-name",
        &["GEN-02"],
        "no `--name`",
        "a refusal, and no file",
        |generator| refuses(generator, &[&["--permission", "db:*:read"]]),
    ),
    Check::must(
        "gen-02/bad-permission",
        &["GEN-02", "PERM-01", "PERM-02", "PERM-04", "PERM-07"],
        "permissions that no server reads, one beside a good one",
        "a refusal, and no file",
        bad_permission,
    ),
    Check::must(
        "gen-02/bad-database",
        &["GEN-02", "DB-01"],
        "names that no database can have",
        "a refusal, and no file",
        bad_database,
    ),
    Check::should(
        "gen-02/empty-name",
        &["GEN-02", "TOK-05"],
        "an empty name",
        "a refusal, and no file",
        |generator| refuses(generator, &[&["--name", "", "--permission", "db:*:read"]]),
    ),
    Check::must("gen-03/days", &["GEN-03"], "`--expiry 10d`", "an end in 864000 s", |generator| {
        expires(generator, "10d", 864_000)
    }),
    Check::must(
        "gen-03/hours-and-minutes",
        &["GEN-03"],
        "`--expiry '1h 30m'`",
        "an end in 5400 s",
        |generator| expires(generator, "1h 30m", 5_400),
    ),
    Check::must(
        "gen-03/year",
        &["GEN-03"],
        "`--expiry 1y`",
        "an end in 365.25 days",
        |generator| expires(generator, "1y", 31_557_600),
    ),
    Check::must(
        "gen-03/fraction",
        &["GEN-03"],
        "`--expiry 1.5d`",
        "an end in 129600 s",
        |generator| expires(generator, "1.5d", 129_600),
    ),
    Check::must(
        "gen-03/weeks-and-months",
        &["GEN-03"],
        "`--expiry '1month 2weeks'`",
        "an end in 30.44 and 14 days",
        |generator| expires(generator, "1month 2weeks", 3_839_616),
    ),
    Check::must(
        "gen-03/whole-seconds",
        &["GEN-03"],
        "`--expiry '1m 999ms'`",
        "an end in 60 s",
        |generator| expires(generator, "1m 999ms", 60),
    ),
    Check::must(
        "gen-03/no-duration",
        &["GEN-03"],
        "an expiry without a unit, with one that there is not, or empty",
        "a refusal, and no file",
        |generator| refuses_expiry(generator, &["10", "1 fortnight", "soon", "", "-1d"]),
    ),
    Check::should(
        "gen-03/overflow",
        &["GEN-03"],
        "expiries whose end 64 bits of milliseconds do not hold",
        "a refusal, and no file",
        |generator| refuses_expiry(generator, &["300000000y", "600000000000y", "110000000000d"]),
    ),
    Check::should(
        "gen-03/dead-at-birth",
        &["GEN-03"],
        "expiries under a second",
        "a refusal, and no file",
        |generator| refuses_expiry(generator, &["0s", "999ms", "0d"]),
    ),
];

fn plain(generator: &Generator) -> Outcome {
    is_app(generator, &APP)
}

fn another_order(generator: &Generator) -> Outcome {
    is_app(generator, &["--permission", "db:*:read", "--name", "app"])
}

fn synonym(generator: &Generator) -> Outcome {
    is_app(generator, &["--name", "app", "--permissions", "db:*:read"])
}

fn is_app(generator: &Generator, flags: &[&str]) -> Outcome {
    let document = Place::new(generator)?.makes(flags)?;
    same("names", &["app"], &token_names(&document))?;
    has_permissions(&document, &["db:*:read"])
}

fn has_permissions(document: &tokens::Document<'_>, expected: &[&str]) -> Outcome {
    let found: Vec<&str> =
        newest(document)?.permissions.iter().map(tokens::Permission::as_str).collect();
    same("permissions", expected, &found)
}

fn permissions_kept(generator: &Generator) -> Outcome {
    let permissions = ["system:ready,health:read", "db:b,a:write,read", "db:a:create,read,read"];
    let mut flags = vec!["--name", "app"];
    flags.extend(permissions.iter().flat_map(|permission| ["--permission", permission]));
    has_permissions(&Place::new(generator)?.makes(&flags)?, &permissions)
}

fn creates_databases(generator: &Generator) -> Outcome {
    let flags = [&APP[..], &["--create-databases", "sensors,a/b,metrics"]].concat();
    let document = Place::new(generator)?.makes(&flags)?;
    same("databases", &["sensors", "a/b", "metrics"], &databases(&document))
}

fn offline_without_file(generator: &Generator) -> Outcome {
    let words = ["create", "token"].iter().chain(&APP).chain(&["--offline"]);
    let words: Vec<&OsStr> = words.map(OsStr::new).collect();
    match generator.run(None, &words)?.succeeded() {
        true => Err("the command was to refuse this, and ended as if it had not".into()),
        false => Ok(()),
    }
}

/// That each of these lists of flags is refused, and leaves nothing.
fn refuses(generator: &Generator, lists: &[&[&str]]) -> Outcome {
    lists.iter().try_for_each(|flags| {
        let outcome = Place::new(generator)?.refuses(flags);
        outcome.map_err(|fault| fault.about(flags.last().copied().unwrap_or_default()))
    })
}

fn bad_permission(generator: &Generator) -> Outcome {
    let bad = ["db:a", "*:*:*", "token:a:read", "db::read", "db:a:raed", "db:a,:read", "DB:a:read"];
    bad.iter().try_for_each(|permission| {
        refuses(generator, &[&[&APP[..], &["--permission", permission]].concat()])?;
        refuses(generator, &[&["--name", "app", "--permission", permission]])
    })
}

fn bad_database(generator: &Generator) -> Outcome {
    let with = |names| [&APP[..], &["--create-databases", names]].concat();
    ["a,,b", "_a", "a b", "a/b/c", "ä"]
        .iter()
        .try_for_each(|names| refuses(generator, &[&with(names)]))
}

fn with_expiry(expiry: &str) -> Vec<&str> {
    [&APP[..], &["--expiry", expiry]].concat()
}

fn refuses_expiry(generator: &Generator, expiries: &[&str]) -> Outcome {
    expiries.iter().try_for_each(|expiry| refuses(generator, &[&with_expiry(expiry)]))
}

/// That the end is so many seconds after a moment at which the command ran.
fn expires(generator: &Generator, expiry: &str, seconds: i64) -> Outcome {
    let place = Place::new(generator)?;
    let begin = tokens::os::now().0;
    let document = place.makes(&with_expiry(expiry))?;
    let end = tokens::os::now().0;
    let found = newest(&document)?.expiry_millis.ok_or("the token has no `expiry_millis`")?;
    lies_between(found, begin, end, seconds)
}

/// That a moment is so many seconds after one between `begin` and `end`. A clock that was read in whole
/// seconds will do.
pub(super) fn lies_between(found: i64, begin: i64, end: i64, seconds: i64) -> Outcome {
    let (first, last) = (begin - begin.rem_euclid(1000) + seconds * 1000, end + seconds * 1000);
    match (first..=last).contains(&found) {
        true => Ok(()),
        false => Err(format!("`expiry_millis` is {found}, and not from {first} to {last}").into()),
    }
}
