//! FILE-07: what goes wrong is said with the path and the cause, and the old file stays.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use rustix::process::geteuid;

use crate::platform::{
    Outcome, Skipped, append, as_nobody, assert_refused, behind, give_to_nobody, need, run,
};
use crate::support::{PROGRAM, Place, Run, SHADOWED};
use crate::trace::{Event, Stopped, need_strace, record, run_with};

/// The three commands that edit a file, on this one.
fn edits(path: &str) -> [Vec<String>; 3] {
    let owned = |args: &[&str]| args.iter().map(|arg| (*arg).to_owned()).collect();
    let mut create = append("new");
    create.pop();
    create.push(path);
    [owned(&create), owned(&["rotate", "app", path]), owned(&["remove", "app", path])]
}

fn refs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

pub(crate) fn what_is_no_file_of_ours_is_refused() -> Outcome {
    let place = Place::with(SHADOWED);
    fs::create_dir(place.path("directory")).expect("a directory");
    need(&mut place.process("mkfifo", &["fifo"]))?;
    let _socket = UnixListener::bind(place.path("socket")).expect("a socket");
    symlink("tokens.json", place.path("link")).expect("a link");
    symlink("nowhere", place.path("dangling")).expect("a link");
    symlink("loop", place.path("loop")).expect("a link");
    let before = place.names();
    for (path, words) in [
        ("directory", "this is a directory, not a file"),
        ("directory/", "this is a directory, not a file"),
        ("directory/.", "this is a directory, not a file"),
        ("tokens.json/", "this is a directory, not a file"),
        ("tokens.json/.", "this is a directory, not a file"),
        ("new/.", "this is a directory, not a file"),
        ("directory/..", "this is a directory, not a file"),
        (".", "this is a directory, not a file"),
        ("/", "this is a directory, not a file"),
        ("fifo", "this is a named pipe, not a file"),
        ("socket", "this is a socket, not a file"),
        ("/dev/null", "this is a device, not a file"),
        ("/dev/full", "this is a device, not a file"),
        ("link", "this is a symbolic link, and writing follows none"),
        ("dangling", "this is a symbolic link, and writing follows none"),
        ("loop", "this is a symbolic link, and writing follows none"),
        (
            "loop/tokens.json",
            "cannot open the directory of the file: Too many levels of symbolic links",
        ),
        ("missing/tokens.json", "cannot open the directory of the file: No such file or directory"),
        (
            "dangling/tokens.json",
            "cannot open the directory of the file: No such file or directory",
        ),
        ("tokens.json/tokens.json", "cannot open the directory of the file: Not a directory"),
    ] {
        for args in edits(path) {
            let run = place.run(&refs(&args));
            let told = format!("{args:?}: {}", run.all());
            assert_eq!(run.status, 3, "{told}");
            assert!(run.stderr.contains(&format!("error: {path}: {words}")), "{told}");
        }
    }
    assert_eq!((place.names(), place.read("tokens.json").as_str()), (before, SHADOWED));

    // No name at all.
    let [create, rotate, remove] = edits("").map(|args| place.run(&refs(&args)));
    assert_eq!((create.status, rotate.status, remove.status), (2, 2, 2));

    // A name that no file system takes.
    let long = "x".repeat(300);
    let run = place.run(&refs(&edits(&long)[0]));
    assert!(run.status == 3 && run.stderr.contains("File name too long"), "{}", run.stderr);
    // And the longest that they do.
    let long = "x".repeat(255);
    let run = place.run(&refs(&edits(&long)[0]));
    assert_eq!(run.status, 0, "{}", run.stderr);
    Ok(())
}

/// A script in a mount name space of its own, with a disk of 64 KiB in `disk`.
fn on_a_small_disk(place: &Place, script: &str) -> Result<Run, Skipped> {
    let unshare: &[&str] =
        if geteuid().is_root() { &["--mount"] } else { &["--map-root-user", "--mount"] };
    let mount = "mount -t tmpfs -o size=64k tmpfs disk";
    let command = |script: &str| {
        let mut command = place.process("unshare", unshare);
        command.args(["sh", "-c", &format!("{mount} && {script}"), PROGRAM]);
        command
    };
    fs::create_dir_all(place.path("disk")).expect("a directory");
    need(&mut command("true"))?;
    Ok(run(command(script).args(append("new"))))
}

pub(crate) fn a_disk_that_takes_nothing_leaves_the_old_file() -> Outcome {
    let place = Place::with(SHADOWED);
    // The old file fits, the new one does not.
    let run = on_a_small_disk(
        &place,
        "cp -p tokens.json disk && cd disk && { cat /dev/zero > full 2>/dev/null; \
         \"$0\" \"$@\"; echo status $?; cmp tokens.json ../tokens.json && ls -A; }",
    )?;
    assert_eq!(run.stdout, "status 3\nfull\ntokens.json\n", "{}", run.stderr);
    assert!(run.stderr.contains("error: tokens.json: cannot "), "{}", run.stderr);
    assert!(run.stderr.contains("No space left on device"), "{}", run.stderr);

    // A file that is mounted by itself, as containers do.
    let run = on_a_small_disk(
        &place,
        "cp -p tokens.json disk/mounted && mount --bind disk/mounted tokens.json && \
         { \"$0\" \"$@\"; echo status $?; cmp tokens.json disk/mounted && ls -A; }",
    )?;
    assert_eq!(run.stdout, "status 3\ndisk\ntokens.json\n", "{}", run.stderr);
    assert!(
        run.stderr.contains("error: tokens.json: the file is mounted by itself"),
        "{}",
        run.stderr
    );

    // A new file does not fit either.
    let run = on_a_small_disk(
        &place,
        "cd disk && { cat /dev/zero > full 2>/dev/null; \"$0\" \"$@\"; echo status $?; ls -A; }",
    )?;
    assert_eq!(run.stdout, "status 3\nfull\n", "{}", run.stderr);

    // A disk that nobody may write to.
    let run = on_a_small_disk(
        &place,
        "cp -p tokens.json disk && mount -o remount,ro,bind disk && cd disk && { \
         \"$0\" \"$@\"; echo status $?; cmp tokens.json ../tokens.json && ls -A; }",
    )?;
    assert_eq!(run.stdout, "status 3\ntokens.json\n", "{}", run.stderr);
    assert!(run.stderr.contains("Read-only file system"), "{}", run.stderr);
    Ok(())
}

pub(crate) fn a_file_size_limit_leaves_the_old_file() -> Outcome {
    // In blocks of 512 bytes.
    let old = SHADOWED.replace("  ", &" ".repeat(60));
    let place = Place::with(&old);
    let refused = run(&mut behind(&place, "ulimit -f 1", &append("new")));
    assert_refused(&place, &refused, old.as_bytes(), "cannot write the new file: File too large");
    let place = Place::new();
    let refused = run(&mut behind(&place, "ulimit -f 0", &append("new")));
    assert!(refused.stderr.contains("File too large"), "{}", refused.all());
    assert!(place.names().is_empty());
    Ok(())
}

pub(crate) fn a_directory_that_cannot_be_written_leaves_the_old_file() -> Outcome {
    for args in edits("tokens.json") {
        let args = refs(&args);
        let place = Place::with(SHADOWED);
        give_to_nobody(&place.path("tokens.json"));
        place.set_mode(".", 0o555);
        let run = as_nobody(&place, &args)?;
        assert_refused(&place, &run, SHADOWED.as_bytes(), "Permission denied");

        let place = Place::with(SHADOWED);
        give_to_nobody(&place.path("."));
        place.set_mode("tokens.json", 0o000);
        let run = as_nobody(&place, &args)?;
        place.set_mode("tokens.json", 0o600);
        assert_refused(
            &place,
            &run,
            SHADOWED.as_bytes(),
            "cannot open the file: Permission denied",
        );

        let place = Place::with(SHADOWED);
        place.set_mode(".", 0o777);
        let run = place.run(&args);
        assert_refused(&place, &run, SHADOWED.as_bytes(), "everybody may write in the directory");
        place.set_mode(".", 0o1777);
        assert_eq!(place.run(&args).status, 0, "a sticky directory is as good as one's own");
    }
    let place = Place::new();
    place.set_mode(".", 0o777);
    assert_eq!(place.run(&append("new")).status, 3);
    assert!(place.names().is_empty());
    Ok(())
}

pub(crate) fn a_file_replaced_by_another_program_is_left_to_it() -> Outcome {
    need_strace()?;
    let (_, calls) = record(&Place::with(SHADOWED), &append("new"));
    let moments =
        [("flock", "LOCK_EX"), ("openat", "O_EXCL"), ("write", ".tmp>"), ("fsync", ".tmp>")];
    let theirs = SHADOWED.replace("1900000000000", "1900000000001");
    for (name, word) in moments {
        let call = calls.iter().find(|call| call.is(name, &[word])).expect("a call");
        type Other = fn(&Place, &str);
        let others: [Other; 6] = [
            |place, theirs| {
                place.write("other", theirs);
                fs::rename(place.path("other"), place.path("tokens.json")).expect("renamed");
            },
            |place, theirs| fs::write(place.path("tokens.json"), theirs).expect("written"),
            |place, _| place.set_mode("tokens.json", 0o400),
            |place, _| {
                fs::hard_link(place.path("tokens.json"), place.path("twin")).expect("a link");
                fs::remove_file(place.path("twin")).expect("removed");
            },
            |place, _| {
                fs::remove_file(place.path("tokens.json")).expect("removed");
                symlink("elsewhere", place.path("tokens.json")).expect("a link");
            },
            |place, _| fs::remove_file(place.path("tokens.json")).expect("removed"),
        ];
        for (number, other) in others.into_iter().enumerate() {
            let place = Place::with(SHADOWED);
            let stopped = Stopped::after(&place, call, &append("new"));
            other(&place, &theirs);
            let run = stopped.go_on();
            let told = format!("{name} {number}: {}", run.all());
            if name == "flock" && number != 4 {
                // It has not been read yet: there is nothing to lose.
                assert_eq!(run.status, 0, "{told}");
                continue;
            }
            assert_eq!(run.status, 3, "{told}");
            let words = if name == "flock" { "symbolic link" } else { "another program changed" };
            match number {
                0 | 1 => assert_refused(&place, &run, theirs.as_bytes(), words),
                2 | 3 => assert_refused(&place, &run, SHADOWED.as_bytes(), words),
                4 => assert!(place.path("tokens.json").is_symlink(), "{told}"),
                _ => assert!(place.names().is_empty(), "{told}"),
            }
            assert!(run.stderr.contains(words), "{told}");
        }
    }

    // What turns up between the look at the path and its opening is not followed and not waited for.
    let opened = calls.iter().position(|call| call.is("openat", &["\"tokens.json\""]));
    let before = &calls[..opened.expect("it is opened")];
    let look = before.iter().rfind(|call| call.is("newfstatat", &["\"tokens.json\""]));
    let plants: [fn(&Place); 2] = [
        |place| symlink("victim", place.path("tokens.json")).expect("a link"),
        |place| {
            assert!(place.process("mkfifo", &["tokens.json"]).status().expect("runs").success())
        },
    ];
    for plant in plants {
        let place = Place::with(SHADOWED);
        place.write("victim", SHADOWED);
        let stopped = Stopped::after(&place, look.expect("a look"), &append("new"));
        fs::remove_file(place.path("tokens.json")).expect("removed");
        plant(&place);
        let run = stopped.go_on();
        assert_eq!(run.status, 3, "{}", run.all());
        assert_eq!(place.read("victim"), SHADOWED);
        assert_eq!(place.names(), ["tokens.json", "victim"]);
    }

    // Where no file was, the one that comes up meanwhile is not replaced.
    let (_, calls) = record(&Place::new(), &append("new"));
    let call = calls.iter().find(|call| call.is("fsync", &[".tmp>"])).expect("a call");
    let rename = calls.iter().find(|call| call.is("renameat2", &[])).expect("a call");
    // Some file systems cannot refuse to replace in one step; then the path is looked at once more.
    let cannot: &[Event<'_>] = &[(call, "signal=STOP"), (rename, "error=EINVAL")];
    for events in [&cannot[..1], cannot] {
        let place = Place::new();
        let stopped = Stopped::with(&place, events, &append("new"));
        place.write("tokens.json", SHADOWED);
        let run = stopped.go_on();
        assert_refused(&place, &run, SHADOWED.as_bytes(), "another program");
    }
    let place = Place::new();
    let run = run_with(&place, &cannot[1..], &append("new"));
    assert_eq!((run.status, place.names()), (0, vec!["tokens.json".to_owned()]), "{}", run.all());
    Ok(())
}

/// A deploy that swaps a directory, or a link to one, while a writer waits.
pub(crate) fn a_directory_that_is_swapped_is_noticed() -> Outcome {
    need_strace()?;
    let directory = |place: &Place, name: &str| {
        fs::create_dir(place.path(name)).expect("a directory");
        place.write(&format!("{name}/tokens.json"), SHADOWED);
    };
    let (_, calls) = record(&Place::with(SHADOWED), &append("new"));
    for (name, word) in [("openat", "O_DIRECTORY"), ("flock", "LOCK_EX"), ("fsync", ".tmp>")] {
        let call = calls.iter().find(|call| call.is(name, &[word])).expect("a call");
        for linked in [true, false] {
            let place = Place::new();
            directory(&place, "one");
            directory(&place, "two");
            if linked {
                symlink("one", place.path("current")).expect("a link");
            } else {
                fs::rename(place.path("one"), place.path("current")).expect("renamed");
            }
            let args = edits("current/tokens.json");
            let stopped = Stopped::after(&place, call, &refs(&args[0]));
            if linked {
                fs::remove_file(place.path("current")).expect("removed");
                symlink("two", place.path("current")).expect("a link");
            } else {
                fs::rename(place.path("current"), place.path("one")).expect("renamed");
                fs::rename(place.path("two"), place.path("current")).expect("renamed");
            }
            let run = stopped.go_on();
            let told = format!("{name} {linked}: {}", run.all());
            let current = place.read("current/tokens.json");
            assert_eq!(
                (current.as_str(), place.read("one/tokens.json").as_str()),
                (SHADOWED, SHADOWED)
            );
            assert_eq!(run.status, 3, "{told}");
            assert!(
                run.stderr.contains("another program changed the file or its directory"),
                "{told}"
            );
        }
    }
    Ok(())
}

pub(crate) fn marks_of_the_file_system_are_respected() -> Outcome {
    /// Takes the mark off again, whatever happens, so that the directory can be removed.
    struct Marked<'m>(&'m Place, &'m str);
    impl Drop for Marked<'_> {
        fn drop(&mut self) {
            let _ = self.0.process("chattr", &["-i", "-a", self.1]).status();
        }
    }
    for (mark, on, words) in [
        ("+i", "tokens.json", "the file is marked immutable or append-only"),
        ("+a", "tokens.json", "the file is marked immutable or append-only"),
        ("+i", ".", "the directory is marked immutable or append-only"),
        ("+a", ".", "the directory is marked immutable or append-only"),
    ] {
        for args in edits("tokens.json") {
            let place = Place::with(SHADOWED);
            let marked = Marked(&place, on);
            need(&mut place.process("chattr", &[mark, on]))?;
            let run = place.run(&refs(&args));
            assert_refused(&place, &run, SHADOWED.as_bytes(), words);
            drop(marked);
            assert_eq!(place.run(&refs(&args)).status, 0, "without the mark it works");
        }
    }
    Ok(())
}
