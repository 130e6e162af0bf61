//! `schema`: a JSON Schema of the files, for editors and other tools.

use crate::input::KindArg;
use crate::output::{Failure, Status, print_exactly};

const PERMISSION: &str = include_str!("permission.schema.json");
const ADMIN: &str = include_str!("admin.schema.json");

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The kind of file that it describes
    #[arg(value_enum, default_value = "permission")]
    kind: KindArg,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    print_exactly(match args.kind {
        KindArg::Permission => PERMISSION,
        KindArg::Admin => ADMIN,
    })?;
    Ok(Status::Done)
}
