//! The file's mode, and how it is replaced (FILE-04, FILE-05).

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::place::{APP, FILE, Place, same, token_names};
use super::{Check, Fault, Generator, Outcome};

/// FILE-04 and FILE-05.
pub(super) const CHECKS: &[Check] = &[
    Check::must(
        "file-04/new",
        &["FILE-04"],
        "a new file under the usual umask, 022",
        "mode 0600",
        |generator| new_file(generator, "022", &APP),
    ),
    Check::should(
        "file-04/new-under-umask-000",
        &["FILE-04"],
        "a new file under umask 000",
        "mode 0600",
        |generator| new_file(generator, "000", &APP),
    ),
    Check::should(
        "file-04/new-under-umask-777",
        &["FILE-04"],
        "a new file under umask 777",
        "mode 0600",
        |generator| new_file(generator, "777", &APP),
    ),
    Check::must(
        "file-04/new-admin-file",
        &["FILE-04", "GEN-06"],
        "a new admin token file under the usual umask, 022",
        "mode 0600",
        |generator| new_file(generator, "022", &["--admin"]),
    ),
    Check::should(
        "file-04/kept-0600",
        &["FILE-04"],
        "an append to a file of mode 0600, under umask 000",
        "mode 0600",
        |generator| old_file(generator, 0o600, 0o600),
    ),
    Check::should(
        "file-04/kept-0640",
        &["FILE-04"],
        "an append to a file of mode 0640, which somebody chose for a group",
        "mode 0640",
        |generator| old_file(generator, 0o640, 0o640),
    ),
    Check::should(
        "file-04/narrowed-0644",
        &["FILE-04"],
        "an append to a file of mode 0644",
        "mode 0600",
        |generator| old_file(generator, 0o644, 0o600),
    ),
    Check::should(
        "file-04/narrowed-0660",
        &["FILE-04"],
        "an append to a file of mode 0660",
        "mode 0600",
        |generator| old_file(generator, 0o660, 0o600),
    ),
    Check::should(
        "file-05/replaced-as-a-whole",
        &["FILE-05"],
        "an append while somebody has the old file open",
        "the whole old document there: it is replaced, not written over",
        replaced_as_a_whole,
    ),
    Check::should(
        "file-05/nothing-left",
        &["FILE-05"],
        "a new file, and an append to it",
        "nothing else in the directory",
        nothing_left,
    ),
    Check::should(
        "file-05/nothing-left-by-a-refusal",
        &["FILE-05", "FILE-03"],
        "an append to a broken file",
        "nothing else in the directory",
        nothing_left_by_a_refusal,
    ),
    Check::should(
        "file-05/stale-temporary-files",
        &["FILE-05"],
        "files of mode 0644 with the names that temporary ones often have",
        "a file that loads, of mode 0600",
        stale_temporary_files,
    ),
    Check::should(
        "file-05/planted-links",
        &["FILE-05"],
        "symbolic links with the names that temporary files often have",
        "a file that loads, and nothing written where the links point to",
        planted_links,
    ),
];

const OLD: &str = r#"{"tokens":[{"token":"apiv3_o","name":"old","permissions":["db:a:read"]}]}"#;

/// Names that can be foretold.
const PREDICTABLE: [&str; 10] = [
    "tokens.tmp",
    "tokens.json.tmp",
    ".tokens.json.tmp",
    "tokens.json.temp",
    "tokens.json.new",
    "tokens.json.part",
    "tokens.json.swp",
    ".tokens.json.swp",
    "tokens.json~",
    "tmp",
];

fn mode(place: &Place<'_>) -> Result<u32, Fault> {
    let metadata = fs::symlink_metadata(place.path(FILE));
    let metadata = metadata.map_err(|error| format!("no file was left: {error}"))?;
    Ok(metadata.permissions().mode() & 0o7777)
}

fn has_mode(place: &Place<'_>, expected: u32) -> Outcome {
    match mode(place)? {
        found if found == expected => Ok(()),
        found => Err(format!("the file has mode {found:04o}, not {expected:04o}").into()),
    }
}

fn new_file(generator: &Generator, umask: &str, flags: &[&str]) -> Outcome {
    let place = Place::new(generator)?;
    place.succeeds_behind(Some(&format!("umask {umask}")), flags)?;
    has_mode(&place, 0o600)
}

fn old_file(generator: &Generator, before: u32, after: u32) -> Outcome {
    let place = Place::with(generator, OLD)?;
    fs::set_permissions(place.path(FILE), Permissions::from_mode(before))?;
    place.succeeds_behind(Some("umask 000"), &APP)?;
    has_mode(&place, after)
}

/// Who has the old file open sees what becomes of its bytes, and needs no luck to see it: a file that
/// is written over, at whatever speed, is for some time neither the old nor the new document.
fn replaced_as_a_whole(generator: &Generator) -> Outcome {
    let place = Place::with(generator, OLD)?;
    let mut open = File::open(place.path(FILE))?;
    place.succeeds(&APP)?;
    let mut seen = String::new();
    open.read_to_string(&mut seen)?;
    match seen == OLD {
        true => Ok(()),
        false => Err("the file was written over in place".into()),
    }
}

fn holds_the_file_alone(place: &Place<'_>) -> Outcome {
    let names = place.names()?;
    same("the directory", &[FILE], &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn nothing_left(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    place.succeeds(&APP)?;
    holds_the_file_alone(&place)?;
    place.run(&["--name", "second", "--permission", "db:*:read"])?;
    holds_the_file_alone(&place)
}

fn nothing_left_by_a_refusal(generator: &Generator) -> Outcome {
    let place = Place::with(generator, "{")?;
    place.run(&APP)?;
    holds_the_file_alone(&place)
}

/// Under a umask that would do on its own, so that the mode can come from the stale files alone.
fn stale_temporary_files(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    for name in PREDICTABLE {
        place.put(name, "stale")?;
        fs::set_permissions(place.path(name), Permissions::from_mode(0o644))?;
    }
    place.succeeds_behind(Some("umask 077"), &APP)?;
    same("names", &["app"], &token_names(&place.document()?))?;
    has_mode(&place, 0o600)
}

fn planted_links(generator: &Generator) -> Outcome {
    let place = Place::new(generator)?;
    place.put("victim", "untouched")?;
    for name in PREDICTABLE {
        symlink("victim", place.path(name))?;
    }
    place.succeeds(&APP)?;
    same("names", &["app"], &token_names(&place.document()?))?;
    if fs::symlink_metadata(place.path(FILE))?.is_symlink() {
        return Err("the file that is left is one of the links".into());
    }
    match fs::read(place.path("victim"))?.as_slice() {
        b"untouched" => Ok(()),
        _ => Err("what a link points to was written over".into()),
    }
}
