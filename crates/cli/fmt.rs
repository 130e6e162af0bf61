//! `fmt`: files in the canonical layout (GEN-04).

use std::path::{Path, PathBuf};

use tokens::{EditError, visible};
use zeroize::Zeroizing;

use crate::input::{self, Input};
use crate::output::{Failure, Status, print, print_bytes};
use crate::write::{Write, not_edited, told};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The files, of either kind; `-` formats standard input to standard output, secrets and all
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Write nothing: name the files that are not in the canonical layout, and exit with 1 if there is one
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    write: Write,
}

pub(crate) fn run(args: &Args) -> Result<Status, Failure> {
    let inputs: Vec<Input> = args.files.iter().map(|path| Input::new(path)).collect();
    input::refuse_second_stdin(&inputs)?;
    let mut status = Status::Done;
    for input in &inputs {
        // All are formatted, whatever is wrong with one.
        status = status.max(args.one(input).unwrap_or_else(Failure::report));
    }
    Ok(status)
}

impl Args {
    fn one(&self, input: &Input) -> Result<Status, Failure> {
        if let Input::Path(path) = input
            && !self.check
            && !is_file(path)
        {
            // What is no file is refused before anybody waits for what it may have to say.
            return self.rewrite(path);
        }
        let old = input.read()?.bytes;
        let new = tokens::format(&old)
            .map_err(|error| Failure::Failed(not_edited(&input.display(), &error)))?;
        let is_canonical = *old == *new.as_bytes();
        match input {
            _ if self.check && is_canonical => Ok(Status::Done),
            _ if self.check => {
                print(&format!("{}\n", input.display()))?;
                Ok(Status::No)
            }
            Input::Stdin => print_bytes(new.as_bytes()).map(|()| Status::Done),
            // What would not change is not even touched.
            Input::Path(_) if is_canonical => Ok(Status::Done),
            Input::Path(path) => self.rewrite(path),
        }
    }

    /// From what the file holds under the lock, which may not be what was read before.
    fn rewrite(&self, path: &Path) -> Result<Status, Failure> {
        self.write.update(path, |old| {
            let new: Zeroizing<String> = tokens::format(old.ok_or(EditError::NoFile)?)?;
            Ok((new, ()))
        })?;
        told(path, print(&format!("formatted {}\n", visible(&path.to_string_lossy()))))
    }
}

/// Whether there is a file, and no link to one. What is not there is for the reader to complain about.
fn is_file(path: &Path) -> bool {
    path.symlink_metadata().map_or(true, |metadata| metadata.is_file())
}
