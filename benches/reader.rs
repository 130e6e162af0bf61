//! How fast files are read.

fn main() {}
