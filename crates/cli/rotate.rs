//! `rotate NAME FILE`: give a token of a file a new token string.

use std::path::PathBuf;

use tokens::{Lifetime, Rotated, Rotation, Timestamp, TokenName, quote, visible};

use crate::create::{name, new_secret};
use crate::output::{Failure, Status, print};
use crate::time;
use crate::write::{self, Write, say_findings, say_servers_keep, told};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The token's name
    name: String,
    /// The tokens file; every byte of it that does not change with the token stays as it is
    file: PathBuf,
    /// Give the token another name too
    #[arg(long, value_parser = name)]
    new_name: Option<TokenName<'static>>,
    /// How long the token works from now, as 30d, 1h 30m or 1y; if left out, its expiry stays
    #[arg(long, value_name = "DURATION", value_parser = time::lifetime)]
    expiry: Option<Lifetime>,
    #[command(flatten)]
    write: Write,
    #[command(flatten)]
    now: time::Now,
}

pub(crate) fn run(args: Args) -> Result<Status, Failure> {
    let path = &args.file;
    write::refuse_stdout(path)?;
    let now = args.now.get();
    let rotation = Rotation {
        secret: new_secret()?,
        name: args.new_name,
        expiry_millis: time::expiry_millis(args.expiry, now)?,
    };
    let rotated = args.write.update(path, |old| {
        let mut rotated = tokens::rotate(old, &args.name, &rotation)?;
        Ok((std::mem::take(&mut rotated.text), rotated))
    })?;
    // The permissions are what they were.
    let is_new = |pointer: &str| !pointer.starts_with("/tokens/0/permissions");
    let token = tokens::render(&[], std::slice::from_ref(&rotated.new));
    say_findings(path, &token, is_new, now);
    let printed = print(&text(&rotated, &visible(&path.to_string_lossy()), now));
    say_servers_keep(
        path,
        "the old token still works there, until it is revoked with `influxdb3 delete token \
         --token-name NAME` and made anew with `influxdb3 create token`",
    );
    told(path, printed)
}

fn text(rotated: &Rotated, path: &str, now: Timestamp) -> String {
    let Rotated { old, new, .. } = rotated;
    let (before, after) = (old.hash(), new.hash());
    let renamed = match &new.name {
        name if *name == old.name => String::new(),
        name => format!(", now {},", quote(name.as_str())),
    };
    format!(
        "rotated token {}{renamed} in {path}\n  fingerprint {}, before {}\n  {}\n",
        quote(old.name.as_str()),
        after.fingerprint(),
        before.fingerprint(),
        time::expiry(new.expiry(), now),
    )
}
