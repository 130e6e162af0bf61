//! Several writers at the same time (FILE-06).

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use super::place::{Place, databases, token_names};
use super::{Check, Fault, Outcome};

/// FILE-06.
pub(super) const CHECKS: &[Check] = &[
    Check::should(
        "file-06/appends",
        &["FILE-06"],
        "8 writers that append 5 tokens each, with databases, to one file at the same time",
        "all 40, their databases, and what was there before",
        |generator| {
            let old = r#"{"tokens":[{"token":"apiv3_o","name":"old","permissions":[]}]}"#;
            loses_nothing(&Place::with(generator, old)?, &["old"])
        },
    ),
    Check::should(
        "file-06/new-file",
        &["FILE-06"],
        "8 writers that write 5 tokens each to a file that is not there yet, at the same time",
        "all 40, and their databases",
        |generator| loses_nothing(&Place::new(generator)?, &[]),
    ),
];

const WRITERS: usize = 8;
const TURNS: usize = 5;

fn loses_nothing(place: &Place<'_>, others: &[&str]) -> Outcome {
    write_at_the_same_time(place)?;
    let document = place.document()?;
    let turns = || (0..WRITERS).flat_map(|writer| (0..TURNS).map(move |turn| (writer, turn)));
    let others = others.iter().map(|name| (*name).to_owned());
    all_are_there(
        "tokens",
        turns().map(|(writer, turn)| name(writer, turn)).chain(others),
        &token_names(&document),
    )?;
    let own = turns().map(|(writer, turn)| database(writer, turn));
    all_are_there("databases", own.chain(["shared".to_owned()]), &databases(&document))
}

fn name(writer: usize, turn: usize) -> String {
    format!("writer {writer}, turn {turn}")
}

fn database(writer: usize, turn: usize) -> String {
    format!("db-{writer}-{turn}")
}

fn write_at_the_same_time(place: &Place<'_>) -> Outcome {
    let start = Barrier::new(WRITERS);
    let write = |writer| {
        start.wait();
        (0..TURNS).try_for_each(|turn| {
            let (name, own) = (name(writer, turn), database(writer, turn));
            let databases = format!("shared,{own}");
            let permission = format!("db:{own}:write");
            let flags = ["--name", &name, "--permission", &permission];
            place.succeeds(&[&flags[..], &["--create-databases", &databases]].concat()).map(drop)
        })
    };
    thread::scope(|scope| {
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        writers.into_iter().try_for_each(|writer| {
            let broken = |_| Err(Fault::NotRun("a thread of the check ended early".to_owned()));
            writer.join().unwrap_or_else(broken)
        })
    })
}

fn all_are_there(what: &str, expected: impl Iterator<Item = String>, found: &[&str]) -> Outcome {
    let expected: BTreeSet<String> = expected.collect();
    let different: BTreeSet<String> = found.iter().map(|name| (*name).to_owned()).collect();
    let lost = expected.difference(&different).count();
    if lost > 0 {
        return Err(format!("{lost} of {} {what} were lost", expected.len()).into());
    }
    match found.len() == expected.len() {
        true => Ok(()),
        false => Err(format!("{} {what} for {}", found.len(), expected.len()).into()),
    }
}
