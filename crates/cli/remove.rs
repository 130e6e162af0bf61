//! `remove NAME FILE`: take a token out of a file.

use std::path::PathBuf;

use tokens::{quote, visible};

use crate::output::{Failure, Status, count, print};
use crate::write::{self, Write, say_findings, say_servers_keep, told};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The token's name
    name: String,
    /// The tokens file; every byte of it that is not the token's stays as it is
    file: PathBuf,
    #[command(flatten)]
    write: Write,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let path = &args.file;
    write::refuse_stdout(path)?;
    let removed = args.write.update(path, |old| {
        let mut removed = tokens::remove(old, &args.name)?;
        Ok((std::mem::take(&mut removed.text), removed))
    })?;
    if removed.tokens == 0 {
        say_findings(path, &tokens::render(&[], &[]), |_| true, tokens::os::now());
    }
    let printed = print(&format!(
        "removed token {} (fingerprint {}) from {}\n  the file now holds {}\n",
        quote(&args.name),
        removed.token.hash().fingerprint(),
        visible(&path.to_string_lossy()),
        count(removed.tokens, "token"),
    ));
    let way_out =
        "where the token is in use, revoke it with `influxdb3 delete token --token-name NAME`";
    say_servers_keep(path, way_out);
    told(path, printed)
}
