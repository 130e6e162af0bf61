//! `completions`: what a shell needs to complete this command.

use clap::{Arg, Command, ValueHint};
use clap_complete::{Shell, generate};

use crate::output::{Failure, Status, print_exactly};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell to print completions for
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, command: &Command) -> Result<Status, Failure> {
    let mut script = Vec::new();
    let mut visible = visible(command).version(env!("CARGO_PKG_VERSION"));
    generate(args.shell, &mut visible, command.get_name(), &mut script);
    print_exactly(&mended(&String::from_utf8_lossy(&script)))?;
    Ok(Status::Done)
}

/// The script with one name for one state. For a program with a hyphen in its name the generator for bash
/// enters states that it never asks about, so that nothing after a subcommand is completed
/// (<https://github.com/clap-rs/clap/issues/6421>).
fn mended(script: &str) -> String {
    script.replace("influxdb3__subcmd__tokens", "influxdb3__tokens")
}

/// The command without its hidden flags: the generators would offer those too.
fn visible(command: &Command) -> Command {
    let args = command.get_arguments().filter(|arg| !arg.is_hide_set());
    Command::new(command.get_name().to_owned())
        .about(command.get_about().cloned().unwrap_or_default())
        .propagate_version(true)
        .args(args.cloned().map(offering))
        .subcommands(command.get_subcommands().map(visible))
}

/// The argument with what a shell may offer for it: files where it takes a path, and else nothing but
/// the values that it lists.
fn offering(arg: Arg) -> Arg {
    let hint = match arg.get_value_hint() {
        ValueHint::AnyPath => ValueHint::FilePath,
        ValueHint::Unknown => ValueHint::Other,
        hint => hint,
    };
    if arg.get_action().takes_values() { arg.value_hint(hint) } else { arg }
}
