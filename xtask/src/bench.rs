//! `cargo xtask bench`.

use crate::run::{self, cargo};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Passed on to criterion, for example a filter
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    // Named, so that criterion's flags reach nothing else.
    let benches = ["--bench", "append", "--bench", "reader", "--bench", "values"];
    run::run(cargo(&["bench"]).args(benches).arg("--").args(&args.rest))
}
