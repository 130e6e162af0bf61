//! `cargo xtask test`.

use crate::run::{self, cargo};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to `cargo test`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    run::run(cargo(&["test", "--workspace"]).args(&args.rest))
}
