//! `report`: JSON reports in another format.

use std::fs;
use std::path::PathBuf;

use conformance::report::{Format, Report, render};

use super::output::print;
use super::{Failure, Status};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Reports that `run --format json` printed
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to show them
    #[arg(long, value_enum, default_value = "html")]
    format: Format,
}

pub(super) fn run(args: &Args) -> Result<Status, Failure> {
    let read = |path: &PathBuf| -> Result<Report, Failure> {
        let shown = path.to_string_lossy();
        let bytes = fs::read(path)
            .map_err(|error| Failure::usage(format!("{shown}: cannot read the file: {error}")))?;
        serde_json::from_slice(&bytes)
            .map_err(|error| Failure::usage(format!("{shown}: this is no report: {error}")))
    };
    let reports = args.files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    print(&render(&reports, args.format))?;
    Ok(if reports.iter().all(Report::passes) { Status::Passed } else { Status::Failed })
}
