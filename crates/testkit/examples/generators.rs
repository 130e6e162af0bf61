//! The health report of the generators: `cargo xtask generators`.

#![allow(clippy::print_stdout, reason = "it is a report")]

use testkit::health;

const SEEDS: u64 = 5_000;

fn main() {
    let all = health::of_all(SEEDS);
    for health in &all {
        println!("{health}");
    }
    let missed = health::missed(&all);
    println!("codes of DOC, TOK, PERM, DB and ACC that none reaches: {missed:?}");
}
