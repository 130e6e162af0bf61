//! `cargo xtask snapshots`: the tests that hold snapshots, and with `--bless` new snapshots.

use crate::run::{self, cargo};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Accept what the program says now; look at the difference before you commit it
    #[arg(long)]
    bless: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let mut command = cargo(&["test", "--package", "influxdb3-tokens"]);
    for test in ["catalogue", "commands", "formats"] {
        command.args(["--test", test]);
    }
    if args.bless {
        command.env("INSTA_UPDATE", "always").env("INSTA_FORCE_PASS", "1");
    } else {
        command.env("INSTA_UPDATE", "no");
    }
    run::run(&mut command)
}
