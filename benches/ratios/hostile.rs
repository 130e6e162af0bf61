//! Files that were made to take long, beside plain ones of the same size.

use testkit::generate::{NOW, Shape};
use tokens::{Context, Timestamp};

use super::files::clean;
use super::library::checked;
use super::pair::{Pair, Side, timed};

const BOUND: f64 = 5.0;
const AIM: f64 = 1.0;

const fn pair(name: &'static str, sides: fn() -> [Side; 2]) -> Pair {
    Pair { name, bound: BOUND, aim: AIM, rounds: 5, sides }
}

const fn findings(name: &'static str, sides: fn() -> [Side; 2]) -> Pair {
    Pair { name, bound: 25.0, aim: 5.0, rounds: 5, sides }
}

pub(crate) const PAIRS: &[Pair] = &[
    pair("hostile: 100,000 names in a permission / a plain file of the same size", || {
        beside_plain(&Shape::Names.document(100_000))
    }),
    pair("hostile: names of one sum to the base 31 / a plain file", || {
        beside_plain(&Shape::Colliding.document(100_000))
    }),
    pair("hostile: 100,000 permissions of a token / a plain file", || {
        beside_plain(&Shape::Permissions.document(100_000))
    }),
    pair("hostile: 100,000 tokens of one name / a plain file", || {
        beside_plain(&Shape::SameTokenNames.document(100_000))
    }),
    pair("hostile: 100,000 tokens of one string / a plain file", || {
        beside_plain(&Shape::SameSecrets.document(100_000))
    }),
    pair("hostile: 1,000,000 `[` / a plain file", || {
        beside_plain(&Shape::Unclosed.document(1_000_000))
    }),
    pair("hostile: 1,000,000 arrays in each other / a plain file", || {
        beside_plain(&Shape::Depth.document(1_000_000))
    }),
    pair("hostile: 1,000,000 unknown members / a plain file", || {
        beside_plain(&Shape::Members.document(1_000_000))
    }),
    pair("hostile: 1,000,000 times one member / a plain file", || {
        beside_plain(&Shape::SameMembers.document(1_000_000))
    }),
    pair("hostile: a string of 64 MB / a plain file", || {
        beside_plain(&Shape::Text.document(64 << 20))
    }),
    pair("hostile: a string of 10,000,000 escapes / a plain file", || {
        beside_plain(&Shape::Escapes.document(10_000_000))
    }),
    findings("findings: 100,000 times one name in a permission / to copy what is found", || {
        beside_copy(&Shape::SameNames.document(100_000))
    }),
    findings("findings: 100,000 faulty permissions / to copy what is found", || {
        beside_copy(&Shape::FaultyPermissions.document(100_000))
    }),
    findings("findings: 100,000 undeclared databases / to copy what is found", || {
        beside_copy(&Shape::Undeclared.document(100_000))
    }),
    findings("findings: 100,000 shadowed grants / to copy what is found", || {
        beside_copy(&Shape::Shadowed.document(100_000))
    }),
];

fn beside_plain(file: &str) -> [Side; 2] {
    let one = clean(1_000).len() / 1_000;
    let plain = clean(file.len() / one + 1);
    [file.to_owned(), plain].map(|file| timed(move || checked(&file)))
}

/// A finding for every few bytes costs more than the bytes do, but little more than to hold it does.
fn beside_copy(file: &str) -> [Side; 2] {
    let file = file.to_owned();
    let reading = tokens::read(file.as_bytes(), None);
    let found = tokens::check(&reading, &Context::at(Timestamp(NOW)));
    drop(reading);
    [timed(move || checked(&file)), timed(move || found.clone())]
}
