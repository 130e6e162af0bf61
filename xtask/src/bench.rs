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
    let mut command = cargo(&["bench"]);
    for bench in ["append", "reader", "values", "writer"] {
        command.args(["--bench", bench]);
    }
    run::run(command.arg("--").args(&args.rest))
}
