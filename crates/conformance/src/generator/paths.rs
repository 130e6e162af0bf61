//! Paths that cannot or must not be written to (FILE-07, FILE-09).

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::place::{APP, FILE, Place};
use super::{Check, Fault, Generator, Outcome};

/// FILE-07 and FILE-09.
pub(super) const CHECKS: &[Check] = &[
    Check::should(
        "file-07/directory",
        &["FILE-07"],
        "a path that is a directory",
        "a refusal, and nothing written",
        directory,
    ),
    Check::should(
        "file-07/missing-parent",
        &["FILE-07"],
        "a path in a directory that is not there",
        "a refusal, and no directory made",
        |generator| Place::new(generator)?.writing_to("missing/tokens.json").refuses(&APP),
    ),
    Check::should(
        "file-07/parent-is-a-file",
        &["FILE-07"],
        "a path in what is a file",
        "a refusal, and the file as it was",
        |generator| Place::with(generator, "")?.writing_to("tokens.json/x").refuses(&APP),
    ),
    Check::should(
        "file-07/fifo",
        &["FILE-07"],
        "a path that is a FIFO, to which nobody listens",
        "a refusal, and no waiting",
        fifo,
    ),
    Check::should(
        "file-07/read-only-directory",
        &["FILE-07"],
        "a path in a directory that is read-only",
        "a refusal, and nothing written",
        read_only_directory,
    ),
    Check::should(
        "file-07/size-limit",
        &["FILE-07"],
        "an append to a file that is larger than the process may write",
        "a refusal, and the file as it was",
        size_limit,
    ),
    Check::should(
        "file-09/link",
        &["FILE-09", "FILE-07"],
        "a path that is a symbolic link to a tokens file",
        "a refusal, and both as they were",
        link,
    ),
    Check::should(
        "file-09/dangling-link",
        &["FILE-09", "FILE-07"],
        "a path that is a symbolic link to nothing",
        "a refusal, and nothing written where it points to",
        dangling_link,
    ),
    Check::should(
        "file-09/hard-link",
        &["FILE-09"],
        "a tokens file with a second name",
        "a refusal, and the file as it was",
        hard_link,
    ),
];

const OLD: &str = r#"{"tokens":[{"token":"apiv3_o","name":"old","permissions":["db:a:read"]}]}"#;

fn directory(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    fs::create_dir(place.path(FILE))?;
    place.refuses(&APP)?;
    match fs::read_dir(place.path(FILE))?.count() {
        0 => Ok(()),
        _ => Err("something was written to the directory".into()),
    }
}

fn fifo(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    match Command::new("mkfifo").arg(place.path(FILE)).status() {
        Ok(status) if status.success() => place.refuses(&APP),
        _ => Err(Fault::Skip("there is no `mkfifo`".to_owned())),
    }
}

fn read_only_directory(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    let directory = place.path("read-only");
    fs::create_dir(&directory)?;
    fs::set_permissions(&directory, Permissions::from_mode(0o555))?;
    if fs::write(directory.join("probe"), "").is_ok() {
        return Err(Fault::Skip("this user may write to read-only directories".to_owned()));
    }
    place.writing_to("read-only/tokens.json").refuses(&APP)
}

/// A file of more than 100 kB, and leave to write a block of 512 or 1024 bytes.
fn size_limit(generator: &Generator) -> Outcome {
    let padding = " ".repeat(100_000);
    let place = Place::with(generator, format!("{OLD}{padding}"))?;
    place.refuses_behind(Some("ulimit -f 1"), &APP)
}

fn link(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    place.put("target.json", OLD)?;
    symlink("target.json", place.path(FILE))?;
    place.refuses(&APP)
}

fn dangling_link(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    symlink("target.json", place.path(FILE))?;
    place.refuses(&APP)
}

fn hard_link(generator: &Generator) -> Outcome {
    let place = Place::with(generator, OLD)?;
    fs::hard_link(place.path(FILE), place.path("other.json"))?;
    place.refuses(&APP)
}
