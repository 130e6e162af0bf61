//! The vectors are built in: a new file among them has to be noticed.

#![allow(clippy::print_stdout, reason = "this is how cargo is told")]

fn main() {
    println!("cargo::rerun-if-changed=vectors");
}
