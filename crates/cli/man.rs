//! `man`: the manual, a page for each subcommand.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, ValueHint};
use clap_mangen::Man;
use tokens::{quote, visible};

use crate::output::{Failure, Status, print, print_exactly};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The subcommand whose page to print, as create token; the program's own if left out
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    command: Vec<String>,
    /// Write all pages into this directory instead, which is made if it is absent
    #[arg(long, value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, mut command: Command) -> Result<Status, Failure> {
    command = command.disable_help_subcommand(true);
    command.build();
    match &args.dir {
        Some(dir) => write_all(dir, &command)?,
        None => print_exactly(&String::from_utf8_lossy(&page(find(&command, &args.command)?)?))?,
    }
    Ok(Status::Done)
}

/// The subcommand that these words lead to.
fn find<'c>(command: &'c Command, words: &[String]) -> Result<&'c Command, Failure> {
    words.iter().try_fold(command, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
            Failure::Usage(format!("{} has no subcommand {}", quote(name), quote(word)))
        })
    })
}

/// Writes the page of a command and those of its subcommands, and names each file.
fn write_all(dir: &Path, command: &Command) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| {
        Failure::Failed(format!("cannot make the directory {}: {error}", shown(dir)))
    })?;
    for command in all(command) {
        let path = dir.join(man(command).get_filename());
        fs::write(&path, page(command)?)
            .map_err(|error| Failure::Failed(format!("cannot write {}: {error}", shown(&path))))?;
        print(&format!("{}\n", shown(&path)))?;
    }
    Ok(())
}

fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

/// A command and all below it.
fn all(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().flat_map(all);
    std::iter::once(command).chain(below).collect()
}

fn man(command: &Command) -> Man {
    Man::new(command.clone()).source(concat!("influxdb3-tokens ", env!("CARGO_PKG_VERSION")))
}

fn page(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    man(command).render(&mut page).map_err(Failure::failed)?;
    Ok(page)
}
