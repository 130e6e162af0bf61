//! The command `influxdb3-tokens`: arguments in, a library call, rendering out. One file a subcommand.

mod can;
mod check;
mod completions;
mod convert;
mod create;
mod diff;
mod explain;
mod fmt;
mod input;
mod inspect;
mod levels;
mod man;
mod offered;
mod output;
mod plan;
mod progress;
mod remove;
mod report;
mod rotate;
mod schema;
mod signals;
mod time;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use output::{Failure, Status};

/// Generate, append to, check and explain InfluxDB 3 Enterprise tokens files
#[derive(Parser)]
#[command(name = "influxdb3-tokens", version, propagate_version = true)]
#[command(after_help = "\
Exit status: 0 done, at most warnings; 1 an error was found, or the answer is no; 2 a bad flag or \
value; 3 reading or writing failed.

Where FILE is left out, INFLUXDB3_PERMISSION_TOKENS_FILE names it; `-` is standard input.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate a token into a new or an existing tokens file
    #[command(subcommand)]
    Create(Create),
    /// Take a token out of a tokens file
    Remove(remove::Args),
    /// Give a token of a tokens file a new token string
    Rotate(rotate::Args),
    /// Say everything that is wrong or doubtful about tokens files
    Check(check::Args),
    /// Show each token: name, fingerprint, expiry and what it may do
    Inspect(inspect::Args),
    /// Ask whether a token may do something, and which permission decides
    Can(can::Args),
    /// Show what the start of a server would do with a file
    Plan(plan::Args),
    /// Show what differs between two files for a server
    Diff(diff::Args),
    /// Give files the canonical layout
    Fmt(fmt::Args),
    /// Give a file the form in which Kubernetes or a server's HTTP API takes it
    Convert(convert::Args),
    /// Print a JSON Schema of the files, for editors
    Schema(schema::Args),
    /// Explain a diagnostic code, or list all of them
    Explain(explain::Args),
    /// Print what a shell needs to complete this command
    Completions(completions::Args),
    /// Print the manual page, or write the pages of all subcommands
    Man(man::Args),
}

#[derive(Subcommand)]
enum Create {
    /// Generate a token, offline, as `influxdb3 create token` does
    Token(create::Args),
    /// Generate the tokens of a list, all of them or none, offline
    Tokens(create::bulk::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::usage(error).into(),
    };
    let result = match cli.command {
        Command::Create(Create::Token(args)) => create::run(args),
        Command::Create(Create::Tokens(args)) => create::bulk::run(&args),
        Command::Remove(args) => remove::run(&args),
        Command::Rotate(args) => rotate::run(args),
        Command::Check(args) => check::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Can(args) => can::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args, &Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    };
    result.unwrap_or_else(Failure::report).into()
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status as u8)
    }
}
