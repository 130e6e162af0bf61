//! FILE-05: write, fsync of the file, rename, fsync of the directory, and only then success.

use std::fs::canonicalize;

use crate::platform::{Outcome, append};
use crate::support::{Place, SHADOWED};
use crate::trace::{Call, need_strace, record};

/// The number of the only call that matches.
fn only(calls: &[Call], name: &str, words: &[&str]) -> usize {
    let found: Vec<usize> = (0..calls.len()).filter(|at| calls[*at].is(name, words)).collect();
    assert_eq!(found.len(), 1, "{name} {words:?}: {found:?}");
    found[0]
}

pub(crate) fn success_is_told_after_the_disk_has_everything() -> Outcome {
    need_strace()?;
    let admin = ["create", "token", "--admin", "--offline", "--output-file", "tokens.json"];
    for (old, args, success) in [
        (None, append("new"), "created token"),
        (None, admin.to_vec(), "created admin token"),
        (Some(SHADOWED), append("new"), "appended token"),
        (Some(SHADOWED), vec!["rotate", "app", "tokens.json"], "rotated token"),
        (Some(SHADOWED), vec!["remove", "app", "tokens.json"], "removed token"),
    ] {
        let place = old.map_or_else(Place::new, Place::with);
        let (run, calls) = record(&place, &args);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let directory = canonicalize(place.path(".")).expect("a directory");
        let directory = format!("<{}>", directory.to_str().expect("UTF-8"));

        let made = only(&calls, "openat", &["/.tokens.json.", ".tmp", "O_CREAT"]);
        for flag in ["O_EXCL", "O_NOFOLLOW", "O_CLOEXEC", ", 0600)"] {
            assert!(calls[made].line.contains(flag), "{flag}: {}", calls[made].line);
        }
        let mode = only(&calls, "fchmod", &[".tmp>"]);
        let written = only(&calls, "write", &[".tmp>"]);
        let flushed = only(&calls, "fsync", &[".tmp>"]);
        let renamed = only(&calls, "rename", &[".tmp\"", "\"tokens.json\""]);
        let lasting = only(&calls, "fsync", &[&directory]);
        let told = only(&calls, "write", &["write(1<", success]);
        let order = [made, mode, written, flushed, renamed, lasting, told];
        assert!(order.is_sorted(), "{args:?}: {order:?}");
        let locked = only(&calls, "flock", &[&directory, "LOCK_EX", " = 0"]);
        assert!(locked < made, "{args:?}");
    }
    Ok(())
}
