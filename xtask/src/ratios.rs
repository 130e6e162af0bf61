//! `cargo xtask ratios`: how long things take beside what else could be done in that time.

use crate::run::{self, cargo, top};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only pairs whose name contains this
    filter: Option<String>,
    /// How often each side is measured; else as often as the pair needs
    #[arg(long)]
    rounds: Option<usize>,
    /// Keep the table in `benches/RATIOS.md`
    #[arg(long, conflicts_with = "filter")]
    keep: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), String> {
    let mut bench = cargo(&["bench", "--bench", "ratios", "--"]);
    bench.args(&args.filter);
    if let Some(rounds) = args.rounds {
        bench.args(["--rounds", &rounds.to_string()]);
    }
    if args.keep {
        bench.arg("--out").arg(top().join("benches/RATIOS.md"));
    }
    run::run(&mut bench)
}
