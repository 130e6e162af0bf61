//! What a writer promises, with other writers at work and with none.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

struct Place {
    directory: TempDir,
}

impl Place {
    fn new() -> Self {
        Place { directory: TempDir::new().expect("a directory") }
    }

    fn with(text: &str) -> Self {
        let place = Place::new();
        fs::write(place.path(), text).expect("written");
        place
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("tokens.json")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).expect("read")
    }

    /// How many names are in the directory.
    fn count(&self) -> usize {
        fs::read_dir(self.directory.path()).expect("a directory").count()
    }

    /// An update that adds a line, with something else done meanwhile.
    fn add(
        &self,
        line: &str,
        options: &Options<'_>,
        meanwhile: impl FnOnce(),
    ) -> Result<(), Cause> {
        let edit = |old: Option<&[u8]>| {
            meanwhile();
            let old = old.map_or_else(String::new, |old| String::from_utf8_lossy(old).into_owned());
            Ok::<_, String>((Zeroizing::new(format!("{old}{line}\n")), ()))
        };
        match update(&self.path(), options, edit) {
            Ok(_) => Ok(()),
            Err(UpdateError::Store(error)) => Err(error.cause),
            Err(UpdateError::Edit(never)) => panic!("{never}"),
        }
    }
}

static RUNNING: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(true);

fn options() -> Options<'static> {
    let lock_timeout = Duration::from_secs(30);
    Options { lock_timeout, on_wait: &|| {}, interrupted: &RUNNING }
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let place = &place;
            scope.spawn(move || {
                for turn in 0..25 {
                    place.add(&format!("{writer}/{turn}"), &options(), || {}).expect("written");
                }
            });
        }
    });
    let text = place.text();
    let lines: std::collections::HashSet<&str> = text.lines().collect();
    assert_eq!((lines.len(), text.lines().count(), place.count()), (200, 200, 1));
}

#[test]
fn a_held_lock_is_waited_for_and_then_reported() {
    let place = Place::with("old\n");
    let holder = File::open(place.directory.path()).expect("the directory");
    holder.lock().expect("locked");
    let waits = std::sync::atomic::AtomicUsize::new(0);
    let count = || {
        waits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let soon = Options { lock_timeout: Duration::from_millis(1100), on_wait: &count, ..options() };
    assert!(matches!(place.add("new", &soon, || {}), Err(Cause::LockTimeout(_))));
    assert_eq!(waits.into_inner(), 1, "a long wait is announced once");
    assert_eq!(place.text(), "old\n");
    holder.unlock().expect("unlocked");
    place.add("new", &options(), || {}).expect("written");
    assert_eq!(place.text(), "old\nnew\n");
}

#[test]
fn a_writer_without_the_lock_is_not_overwritten() {
    let place = Place::with("old\n");
    let other = place.directory.path().join("other");
    let replace = || {
        fs::write(&other, "theirs\n").expect("written");
        fs::rename(&other, place.path()).expect("renamed");
    };
    assert!(matches!(place.add("new", &options(), replace), Err(Cause::Changed)));
    assert_eq!((place.text().as_str(), place.count()), ("theirs\n", 1));

    let place = Place::new();
    let create = || fs::write(place.path(), "theirs\n").expect("written");
    assert!(matches!(place.add("new", &options(), create), Err(Cause::Changed)));
    assert_eq!((place.text().as_str(), place.count()), ("theirs\n", 1));
}

#[test]
fn a_signal_stops_a_writer_before_it_changes_anything() {
    let place = Place::with("old\n");
    let stopped = Options { interrupted: &STOPPED, ..options() };
    assert!(matches!(place.add("new", &stopped, || {}), Err(Cause::Interrupted)));
    // A signal that comes while the text is made counts too.
    let late = AtomicBool::new(false);
    let signal = || late.store(true, std::sync::atomic::Ordering::Relaxed);
    let interrupted = Options { interrupted: &late, ..options() };
    assert!(matches!(place.add("new", &interrupted, signal), Err(Cause::Interrupted)));
    assert_eq!((place.text().as_str(), place.count()), ("old\n", 1));
}

#[test]
fn a_file_that_is_too_large_is_neither_read_nor_written() {
    let place = Place::new();
    let file = File::create(place.path()).expect("made");
    file.set_len(LARGEST_FILE + 1).expect("a hole takes no room");
    assert!(matches!(place.add("new", &options(), || {}), Err(Cause::TooLarge)));
    let error = read(&place.path()).err().expect("refused");
    assert!(matches!(error.cause(), Cause::TooLarge));
}

#[test]
fn a_refused_edit_and_a_taken_path_leave_everything_as_it_was() {
    let place = Place::with("old\n");
    let refuse = |_: Option<&[u8]>| Err::<(Zeroizing<String>, ()), _>("no");
    assert!(matches!(update(&place.path(), &options(), refuse), Err(UpdateError::Edit("no"))));
    let taken = create(&place.path(), &options(), "new").expect_err("taken");
    assert!(matches!(taken.cause(), Cause::Exists));
    assert_eq!((place.text().as_str(), place.count()), ("old\n", 1));
}

#[test]
fn reading_follows_links_and_tells_the_mode() {
    let place = Place::with("old\n");
    let link = place.directory.path().join("link");
    symlink(place.path(), &link).expect("a link");
    let stored = read(&link).expect("read");
    assert_eq!(*stored.bytes, *b"old\n");
    assert_eq!(stored.mode.map(|mode| mode.keeper), Some(None));
    let error = read(place.directory.path()).err().expect("refused");
    assert!(error.to_string().ends_with("this is a directory, not a file"), "{error}");
}
