//! Modes, owners, lists and traps (FILE-04, FILE-05, FILE-09).

use std::fs::{self, hard_link};
use std::os::unix::fs::{MetadataExt, chown, symlink};

use rustix::fs::{XattrFlags, getxattr, setxattr};

use crate::platform::{
    NOBODY, Outcome, append, as_nobody, assert_refused, behind, give_to_nobody, need_root, run,
    skip,
};
use crate::support::{GOOD, Place, SHADOWED};

pub(crate) fn a_new_file_is_for_its_owner_alone() -> Outcome {
    let admin = ["create", "token", "--admin", "--offline", "--output-file", "tokens.json"];
    for args in [append("new"), admin.to_vec()] {
        for umask in ["000", "027", "077", "777"] {
            let place = Place::new();
            let run = run(&mut behind(&place, &format!("umask {umask}"), &args));
            assert_eq!(run.status, 0, "{umask}: {}", run.all());
            assert_eq!(place.mode("tokens.json"), 0o600, "{umask}");
        }
    }
    Ok(())
}

pub(crate) fn an_old_mode_is_kept_or_narrowed() -> Outcome {
    for (mode, after, told) in [
        (0o600, 0o600, None),
        (0o400, 0o400, None),
        (
            0o640,
            0o640,
            Some("note: tokens.json: the file keeps its mode 0640: its group may read it"),
        ),
        (
            0o440,
            0o440,
            Some("note: tokens.json: the file keeps its mode 0440: its group may read it"),
        ),
        (0o644, 0o600, Some("warning: tokens.json: the file had mode 0644 and has 0600 now")),
        (0o660, 0o600, Some("warning: tokens.json: the file had mode 0660 and has 0600 now")),
        (0o666, 0o600, Some("warning: tokens.json: the file had mode 0666 and has 0600 now")),
        (0o700, 0o600, Some("warning: tokens.json: the file had mode 0700 and has 0600 now")),
        (0o4640, 0o600, Some("warning: tokens.json: the file had mode 4640 and has 0600 now")),
    ] {
        for umask in ["umask 000", "umask 077"] {
            for args in [
                append("new"),
                vec!["rotate", "app", "tokens.json"],
                vec!["remove", "app", "tokens.json"],
            ] {
                let place = Place::with(SHADOWED);
                place.set_mode("tokens.json", mode);
                let run = run(&mut behind(&place, umask, &args));
                assert_eq!(run.status, 0, "{}", run.all());
                assert_eq!(place.mode("tokens.json"), after, "{mode:o} {umask} {args:?}");
                match told {
                    Some(told) => assert!(run.stderr.contains(told), "{told}: {}", run.stderr),
                    None => assert!(!run.stderr.contains("mode"), "{}", run.stderr),
                }
            }
        }
    }
    Ok(())
}

pub(crate) fn an_owner_is_kept_or_the_command_fails() -> Outcome {
    need_root()?;
    // Root keeps owner and group, and the mode that was chosen for that group.
    let place = Place::with(SHADOWED);
    chown(place.path("tokens.json"), Some(12345), Some(54321)).expect("given away");
    place.set_mode("tokens.json", 0o640);
    let run = place.run(&append("new"));
    assert_eq!(run.status, 0, "{}", run.all());
    let metadata = fs::metadata(place.path("tokens.json")).expect("there");
    assert_eq!((metadata.uid(), metadata.gid(), place.mode("tokens.json")), (12345, 54321, 0o640));

    // Others would take the file away from its owner or its group.
    for (user, group) in [(12345, NOBODY), (NOBODY, 54321)] {
        let place = Place::with(SHADOWED);
        give_to_nobody(&place.path("."));
        chown(place.path("tokens.json"), Some(user), Some(group)).expect("given away");
        place.set_mode("tokens.json", 0o644);
        let refused = as_nobody(&place, &append("new"))?;
        assert_refused(&place, &refused, SHADOWED.as_bytes(), "belongs to another user or group");
        let metadata = fs::metadata(place.path("tokens.json")).expect("there");
        assert_eq!((metadata.uid(), metadata.gid()), (user, group));
    }

    // In a directory for everybody, a file of somebody else may be a trap.
    let place = Place::with(SHADOWED);
    chown(place.path("tokens.json"), Some(12345), Some(54321)).expect("given away");
    place.set_mode(".", 0o1777);
    let run = place.run(&append("new"));
    assert_refused(&place, &run, SHADOWED.as_bytes(), "anybody may have put it there");
    // Unless it is the directory's owner, who could do anything there.
    chown(place.path("."), Some(12345), None).expect("given away");
    assert_eq!(place.run(&append("new")).status, 0);
    Ok(())
}

const LIST: &str = "system.posix_acl_access";
const INHERITED: &str = "system.posix_acl_default";

/// A list that lets this user do something, with a mask, as Linux keeps it: a version, then entries of
/// a tag, the rights and a number, all little-endian.
fn list(user: u32, rights: u16, mask: u16) -> Vec<u8> {
    const NO_ONE: u32 = u32::MAX;
    let entries =
        [(1, 6, NO_ONE), (2, rights, user), (4, 0, NO_ONE), (16, mask, NO_ONE), (32, 0, NO_ONE)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, number) in entries {
        list.extend(u16::to_le_bytes(tag));
        list.extend(u16::to_le_bytes(rights));
        list.extend(u32::to_le_bytes(number));
    }
    list
}

/// What a list comes to.
fn list_of(place: &Place, name: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 1000];
    let length = getxattr(place.path(name), LIST, bytes.as_mut_slice()).ok()?;
    bytes.truncate(length);
    Some(bytes)
}

pub(crate) fn an_access_control_list_is_kept_and_none_inherited() -> Outcome {
    const READ: u16 = 4;
    let place = Place::with(SHADOWED);
    let chosen = list(NOBODY, READ, READ);
    setxattr(place.path("tokens.json"), LIST, &chosen, XattrFlags::empty())
        .map_err(|error| skip(format!("no access control lists here: {error}")))?;
    let run = place.run(&append("new"));
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(list_of(&place, "tokens.json").as_ref(), Some(&chosen), "the list is kept");
    assert!(
        run.stderr.contains("whoever its access control list names may read it"),
        "{}",
        run.stderr
    );

    // Wider than reading: everybody but the owner is shut out for good, as the warning says.
    let wide = list(NOBODY, 7, 7);
    setxattr(place.path("tokens.json"), LIST, &wide, XattrFlags::empty()).expect("set");
    let run = place.run(&append("wide"));
    assert!(
        run.stderr.contains("warning: tokens.json: the file had mode 0670 and has 0600 now"),
        "{}",
        run.stderr
    );
    assert_eq!(list_of(&place, "tokens.json"), None);

    // A list that the directory hands on to new files is not for secrets.
    for old in [None, Some(0o640), Some(0o600)] {
        let place = Place::new();
        if let Some(mode) = old {
            place.write("tokens.json", SHADOWED);
            place.set_mode("tokens.json", mode);
        }
        setxattr(place.path("."), INHERITED, &wide, XattrFlags::empty()).expect("set");
        assert_eq!(place.run(&append("new")).status, 0);
        assert_eq!(list_of(&place, "tokens.json"), None, "{old:?}");
        assert_eq!(place.mode("tokens.json"), old.unwrap_or(0o600));
    }
    Ok(())
}

/// FILE-05, FILE-09: nothing that lies in the directory is followed, opened or trusted.
pub(crate) fn planted_files_change_nothing() -> Outcome {
    let digits = "0123456789abcdef0123456789abcdef";
    let stale = format!(".tokens.json.{digits}.tmp");
    let place = Place::with(SHADOWED);
    place.write("victim", GOOD);
    place.write(&stale, "stale");
    place.set_mode(&stale, 0o644);
    let links = [
        "tokens.json.tmp".to_owned(),
        ".tokens.json.tmp".to_owned(),
        ".tokens.json.swp".to_owned(),
        "tokens.json~".to_owned(),
        format!(".tokens.json.{}.tmp", digits.replace('0', "a")),
    ];
    for link in &links {
        symlink("victim", place.path(link)).expect("a link");
    }
    let directory = format!(".tokens.json.{}.tmp", digits.replace('1', "a"));
    fs::create_dir(place.path(&directory)).expect("a directory");
    let run = place.run(&append("new"));
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!((place.read("victim").as_str(), place.mode("tokens.json")), (GOOD, 0o600));
    let mut left =
        [&["tokens.json".to_owned(), "victim".to_owned(), directory], &links[..]].concat();
    left.sort();
    assert_eq!(place.names(), left, "the stale file is gone, and nothing else");

    let place = Place::with(SHADOWED);
    hard_link(place.path("tokens.json"), place.path("twin")).expect("a link");
    for args in
        [append("new"), vec!["rotate", "app", "tokens.json"], vec!["remove", "app", "tokens.json"]]
    {
        let run = place.run(&args);
        assert_eq!(run.status, 3, "{}", run.all());
        assert!(run.stderr.contains("tokens.json: the file has several names"), "{}", run.stderr);
        assert_eq!(
            (place.read("tokens.json").as_str(), place.read("twin").as_str()),
            (SHADOWED, SHADOWED)
        );
    }
    // What belongs to others is theirs, even if it looks like ours.
    need_root()?;
    let place = Place::with(SHADOWED);
    place.write(&stale, "stale");
    chown(place.path(&stale), Some(12345), None).expect("given away");
    assert_eq!(place.run(&append("new")).status, 0);
    assert_eq!(place.names(), [stale.as_str(), "tokens.json"]);
    Ok(())
}
