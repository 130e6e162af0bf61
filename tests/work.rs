//! No document makes the program work out of proportion to its size. Instructions are counted, by
//! valgrind, and no time is measured: the numbers are the same on every machine and under any load.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/mod.rs"]
mod support;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use support::{PROGRAM, Place};
use testkit::generate::Shape;

/// A document's size; then it is doubled twice. What it takes to start at all falls out of the differences.
const SIZE: usize = 200;

/// The second doubling adds twice what the first one did if the work is linear, and four times if it is
/// quadratic; sorting and growing maps are a little over two.
const MOST: f64 = 2.7;

/// What adds fewer instructions than this to a start of millions, has no proportion.
const LEAST: i64 = 200_000;

/// What is done with documents of every shape.
const CHECK: &[&str] = &["check", "tokens.json"];

/// Documents that have many tokens, and many findings.
const TYPICAL: &[Shape] = &[Shape::Tokens, Shape::Shadowed, Shape::Undeclared];

/// The name of the last of many tokens.
const LAST: &str = "app-LAST";

/// What is done with documents of some shapes.
const OTHERS: [(&[&str], &[Shape]); 10] = [
    (&["check", "--format", "json", "tokens.json"], TYPICAL),
    (&["inspect", "tokens.json"], TYPICAL),
    (&["plan", "tokens.json"], TYPICAL),
    (CREATE, TYPICAL),
    (CREATE, &[Shape::Databases, Shape::Members]),
    (&["rotate", LAST, "tokens.json", "--expiry", "1y"], &[Shape::Tokens]),
    (&["rotate", "app", "tokens.json", "--expiry", "1y"], &[Shape::Shadowed, Shape::Undeclared]),
    (&["remove", LAST, "tokens.json"], &[Shape::Tokens]),
    (&["can", LAST, "read", "db:a", "tokens.json"], &[Shape::Tokens]),
    (&["can", "app", "read", "db:a0", "tokens.json"], &[Shape::Shadowed, Shape::Names]),
];
const CREATE: &[&str] = &[
    "create",
    "token",
    "--offline",
    "--output-file",
    "tokens.json",
    "--name",
    "new",
    "--permission",
    "db:x:read",
    "--create-databases",
    "x",
];

/// How many instructions a run takes; none where there is no valgrind.
fn instructions(args: &[&str], document: &str) -> Option<i64> {
    let place = Place::with(document);
    let counting = ["--tool=callgrind", "--callgrind-out-file=/dev/null", PROGRAM];
    let output = place.process("valgrind", &[&counting[..], args].concat()).output().ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // What is refused costs little.
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?} is not carried out: {said}");
    let count = said.lines().find_map(|line| line.split_once("Collected :"));
    let count = count.and_then(|(_, count)| count.trim().parse().ok());
    Some(count.unwrap_or_else(|| panic!("valgrind counts nothing: {said}")))
}

fn grows_with_its_size(shape: Shape, args: &[&str]) -> Result<Completion, Failed> {
    let work = |times| {
        let last = format!("app-{}", SIZE * times - 1);
        let args: Vec<_> = args.iter().map(|arg| if *arg == LAST { &last } else { *arg }).collect();
        instructions(&args, &shape.document(SIZE * times))
    };
    let (Some(once), Some(twice), Some(four_times)) = (work(1), work(2), work(4)) else {
        return Ok(Completion::ignored_with("this needs `valgrind`"));
    };
    let (first, second) = ((twice - once).max(LEAST), four_times - twice);
    let ratio = second as f64 / first as f64;
    if ratio > MOST {
        return Err(format!("{ratio:.2}: {once}, {twice}, {four_times} instructions").into());
    }
    Ok(Completion::Completed)
}

fn trial(shape: Shape, args: &'static [&str]) -> Trial {
    let words = args.iter().take_while(|arg| !arg.starts_with("--offline") && !arg.contains('.'));
    let command = words.copied().collect::<Vec<_>>().join("_");
    Trial::ignorable_test(format!("{command}::{shape:?}"), move || grows_with_its_size(shape, args))
}

fn main() -> ExitCode {
    let checks = Shape::ALL.into_iter().map(|shape| trial(shape, CHECK));
    let others = OTHERS.into_iter();
    let others = others.flat_map(|(args, shapes)| shapes.iter().map(|shape| trial(*shape, args)));
    libtest_mimic::run(&Arguments::from_args(), checks.chain(others).collect()).exit_code()
}
