//! Every system call of a run is tried: killed there, failing there, and with a signal there.

use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::chown;

use rustix::process::geteuid;

use crate::platform::{Outcome, append, run, token_names};
use crate::support::{GOOD, Place, Run, SHADOWED};
use crate::trace::{Call, Stopped, need_strace, record, run_with};

/// Where a run begins: without a file, with one, and with one of another user.
const BEGINNINGS: &[fn() -> Option<Place>] = &[
    || Some(Place::new()),
    || Some(Place::with(SHADOWED)),
    || {
        let place = Place::with(SHADOWED);
        let owned =
            geteuid().is_root().then(|| chown(place.path("tokens.json"), Some(12345), None));
        owned.map(|done| done.expect("given away")).map(|()| place)
    },
];

fn old_bytes(place: &Place) -> Option<String> {
    place.path("tokens.json").exists().then(|| place.read("tokens.json"))
}

/// That the path holds the whole old document or the whole new one; whether it is the new.
fn is_new(place: &Place, old: Option<&str>, name: &str) -> bool {
    if old_bytes(place).as_deref() == old {
        return false;
    }
    let names = token_names(place);
    let before = old.map_or(0, |old| old.matches("apiv3_").count());
    assert_eq!((names.len(), names.last().map(String::as_str)), (before + 1, Some(name)));
    assert_eq!(place.mode("tokens.json"), 0o600);
    true
}

fn is_litter(name: &str) -> bool {
    name != "tokens.json"
}

pub(crate) fn a_kill_at_any_system_call_loses_nothing() -> Outcome {
    need_strace()?;
    let (mut litter, mut told) = (0, 0);
    for beginning in BEGINNINGS {
        let Some(place) = beginning() else { continue };
        let (_, calls) = record(&place, &append("first"));
        // The first call is the one that starts the program.
        for (number, call) in calls.iter().enumerate().skip(1) {
            let Some(place) = beginning() else { continue };
            let old = old_bytes(&place);
            let owner = |place: &Place| place.path("tokens.json").metadata().map(|m| m.uid()).ok();
            let owned_by = owner(&place);
            let killed = run_with(&place, &[(call, "signal=KILL")], &append("killed"));
            assert_eq!(killed.status, 128 + 9, "{number} {}: {}", call.line, killed.all());
            let new = is_new(&place, old.as_deref(), "killed");
            let success = killed.stdout.contains("token `killed`");
            assert!(new || !success, "{}: a token that was reported is lost", call.line);
            told += usize::from(success);
            litter += place.names().into_iter().filter(|name| is_litter(name)).count();

            let next = place.run(&append("next"));
            assert_eq!(next.status, 0, "{}: {}", call.line, next.stderr);
            assert_eq!(place.names(), ["tokens.json"], "{}: litter is left", call.line);
            let names = token_names(&place);
            assert_eq!(names.last().map(String::as_str), Some("next"));
            assert_eq!(names.contains(&"killed".to_owned()), new);
            assert!(old.is_none() || owner(&place) == owned_by, "{}: the owner changed", call.line);
        }
        assert!(calls.len() > 50, "{} calls are no whole life", calls.len());
    }
    assert!(litter > 10 && told > 1, "{litter} left something, {told} had reported success");
    Ok(())
}

/// The calls from the opening of the directory on, without those that cannot fail, those by which
/// memory is had, and the seeds of the standard library's hash maps, which it cannot be without.
fn calls_of_the_store(calls: &[Call]) -> impl Iterator<Item = &Call> {
    const OTHERS: [&str; 8] =
        ["geteuid", "brk", "mmap", "munmap", "mremap", "mprotect", "exit_group", "sigaltstack"];
    let begin = calls.iter().position(|call| call.is("openat", &["O_DIRECTORY"]));
    let calls = &calls[begin.expect("a directory is opened")..];
    let others = |call: &Call| {
        OTHERS.contains(&call.name.as_str()) || call.is("getrandom", &["GRND_INSECURE"])
    };
    calls.iter().filter(move |call| !others(call))
}

/// What is promised of a run into which something came: all or nothing, no litter, and the truth.
fn assert_all_or_nothing(place: &Place, run: &Run, old: Option<&str>, what: &str) {
    let new = is_new(place, old, "new");
    let told = format!("{what}: {} {}", run.status, run.all());
    match run.status {
        0 => assert!(new, "{told}"),
        3 if new => assert!(
            run.stderr.contains("in place") || run.stderr.contains("the token is in"),
            "{told}"
        ),
        3 => {
            assert!(run.stderr.contains("error: tokens.json: "), "{told}");
            assert!(!run.stdout.contains("token `new`"), "{told}");
        }
        _ => panic!("{told}"),
    }
    let litter: Vec<_> = place.names().into_iter().filter(|name| is_litter(name)).collect();
    assert!(litter.is_empty(), "{told}: {litter:?}");
}

/// Whether the promises stand or fall with a call.
fn is_essential(call: &Call) -> bool {
    ["flock", "fchmod", "fsync", "rename"].iter().any(|name| call.is(name, &[]))
        || call.is("openat", &["O_EXCL"])
        || call.is("write", &[".tmp>"])
}

pub(crate) fn an_error_of_any_system_call_loses_nothing() -> Outcome {
    need_strace()?;
    for beginning in BEGINNINGS {
        let Some(place) = beginning() else { continue };
        let (_, calls) = record(&place, &append("first"));
        let mut essential = 0;
        for call in calls_of_the_store(&calls) {
            for (error, words) in
                [("EIO", "Input/output error"), ("ENOSPC", "No space left on device")]
            {
                let Some(place) = beginning() else { continue };
                let old = old_bytes(&place);
                let run = run_with(&place, &[(call, &format!("error={error}"))], &append("new"));
                let what = format!("{error} {}", call.line);
                assert_all_or_nothing(&place, &run, old.as_deref(), &what);
                assert!(run.status == 0 || run.stderr.contains(words), "{what}: {}", run.stderr);
                if is_essential(call) {
                    assert_eq!(run.status, 3, "{what}: {}", run.all());
                    essential += 1;
                }
            }
            // An interruption is no error: the call is made again, or the run gives up.
            let Some(place) = beginning() else { continue };
            let old = old_bytes(&place);
            let run = run_with(&place, &[(call, "error=EINTR")], &append("new"));
            assert_all_or_nothing(&place, &run, old.as_deref(), &format!("EINTR {}", call.line));
        }
        assert_eq!(essential, 2 * 7, "seven calls are essential, each once");
    }
    Ok(())
}

pub(crate) fn a_signal_at_any_system_call_leaves_no_litter() -> Outcome {
    need_strace()?;
    for beginning in BEGINNINGS {
        let Some(place) = beginning() else { continue };
        let (_, calls) = record(&place, &append("first"));
        let flushed = calls.iter().position(|call| call.is("fsync", &[".tmp>"])).expect("flushed");
        for call in calls_of_the_store(&calls) {
            let early = calls[..=flushed].iter().any(|before| before == call);
            for signal in ["HUP", "INT", "QUIT", "TERM", "USR1"] {
                let Some(place) = beginning() else { continue };
                let old = old_bytes(&place);
                let run = run_with(&place, &[(call, &format!("signal={signal}"))], &append("new"));
                let what = format!("{signal} {}", call.line);
                assert_all_or_nothing(&place, &run, old.as_deref(), &what);
                assert_eq!(run.status, if early { 3 } else { 0 }, "{what}: {}", run.all());
                assert_eq!(
                    run.stderr.contains("interrupted; nothing was written"),
                    early,
                    "{what}"
                );
            }
        }
    }
    Ok(())
}

/// FILE-05: even who knows the random part cannot lay a file or a link in the way.
pub(crate) fn a_guessed_temporary_name_is_of_no_use() -> Outcome {
    need_strace()?;
    let place = Place::with(SHADOWED);
    let (_, calls) = record(&place, &append("first"));
    let made = calls.iter().position(|call| call.is("openat", &["O_EXCL"])).expect("made");
    let random = calls[..made].iter().rfind(|call| call.is("getrandom", &[", 16, "]));
    let random = random.expect("the name has a random part");
    let digits = "00112233445566778899aabbccddeeff";
    let guessed = format!(".tokens.json.{digits}.tmp");
    let poke = format!("poke_exit=@arg1={digits}");

    let plants: [fn(&Place, &str); 3] = [
        |place, name| std::os::unix::fs::symlink("victim", place.path(name)).expect("a link"),
        |place, name| {
            place.write(name, "planted");
            place.set_mode(name, 0o644);
        },
        |place, name| {
            run(&mut place.process("mkfifo", &[name]));
        },
    ];
    for plant in plants {
        let place = Place::with(SHADOWED);
        place.write("victim", GOOD);
        // A sweep would take a plain file away: lay it only when the sweep is over.
        let swept = calls[..made].iter().rfind(|call| call.is("getdents64", &[])).expect("swept");
        let events = [(swept, "signal=STOP"), (random, poke.as_str())];
        let stopped = Stopped::with(&place, &events, &append("new"));
        plant(&place, &guessed);
        let run = stopped.go_on();
        assert_eq!(run.status, 3, "{}", run.all());
        assert!(run.stderr.contains("File exists"), "{}", run.stderr);
        assert_eq!(
            (place.read("tokens.json").as_str(), place.read("victim").as_str()),
            (SHADOWED, GOOD)
        );
        assert!(place.path(&guessed).symlink_metadata().is_ok(), "what others made is left alone");
    }
    Ok(())
}
