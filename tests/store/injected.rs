//! Every system call of a run is tried: killed there, failing there, and with a signal there.

use std::os::unix::fs::{MetadataExt, chown, symlink};

use tokens::{EditError, remove};

use crate::platform::{Outcome, Skipped, append, need_root};
use crate::support::{GOOD, Place, Run, SHADOWED};
use crate::trace::{Call, Stopped, need_strace, record, run_with};

/// What is there, and what is done to it.
struct Scenario {
    beginning: fn() -> Place,
    args: Vec<&'static str>,
    /// Whether a new text is what this command makes of the old one.
    is_done: fn(old: Option<&str>, new: &str) -> bool,
}

/// The old text, to the byte, and one token more.
fn is_appended(old: Option<&str>, new: &str) -> bool {
    match (old, remove(Some(new.as_bytes()), "new")) {
        (Some(old), Ok(removed)) => *removed.text == *old,
        (None, Ok(removed)) => removed.tokens == 0,
        (_, Err(_)) => false,
    }
}

/// The old text, to the byte, but for the string of its token.
fn is_rotated(old: Option<&str>, new: &str) -> bool {
    let secret = |text: &str| {
        let start = text.find("apiv3_").expect("a token");
        text[start..].split('"').next().expect("a string").to_owned()
    };
    let old = old.expect("a file");
    secret(new).len() == 92 && new.replace(&secret(new), &secret(old)) == old
}

fn is_removed(old: Option<&str>, new: &str) -> bool {
    let removed = remove(old.map(str::as_bytes), "app");
    removed.is_ok_and(|removed: tokens::Removed| *removed.text == *new)
}

/// A new file, and each edit of an old one.
fn scenarios() -> Vec<Scenario> {
    let old: fn() -> Place = || Place::with(SHADOWED);
    vec![
        Scenario { beginning: Place::new, args: append("new"), is_done: is_appended },
        Scenario { beginning: old, args: append("new"), is_done: is_appended },
        Scenario {
            beginning: old,
            args: vec!["rotate", "app", "tokens.json"],
            is_done: is_rotated,
        },
        Scenario {
            beginning: old,
            args: vec!["remove", "app", "tokens.json"],
            is_done: is_removed,
        },
    ]
}

/// An append to a file of another user, which only root can make.
fn scenario_of_another_user() -> Result<Scenario, Skipped> {
    need_root()?;
    let beginning: fn() -> Place = || {
        let place = Place::with(SHADOWED);
        chown(place.path("tokens.json"), Some(12345), None).expect("given away");
        place
    };
    Ok(Scenario { beginning, args: append("new"), is_done: is_appended })
}

fn bytes(place: &Place) -> Option<String> {
    place.path("tokens.json").exists().then(|| place.read("tokens.json"))
}

fn owner(place: &Place) -> Option<u32> {
    place.path("tokens.json").metadata().map(|metadata| metadata.uid()).ok()
}

impl Scenario {
    fn record(&self) -> Vec<Call> {
        record(&(self.beginning)(), &self.args).1
    }

    /// That the path holds the whole old document or the whole new one; whether it is the new.
    fn is_new(&self, place: &Place, old: Option<&str>, what: &str) -> bool {
        let now = bytes(place);
        if now.as_deref() == old {
            return false;
        }
        let now = now.expect("the file does not go away");
        assert!((self.is_done)(old, &now), "{what}: neither the old document nor the new one");
        assert_eq!(place.mode("tokens.json"), 0o600, "{what}");
        true
    }

    /// What is promised of a run into which something came: all or nothing, no litter, and the truth.
    fn assert_all_or_nothing(&self, place: &Place, run: &Run, old: Option<&str>, what: &str) {
        let new = self.is_new(place, old, what);
        let told = format!("{what}: {} {}", run.status, run.all());
        match run.status {
            0 => assert!(new, "{told}"),
            3 if new => {
                let truth = ["in place", "tokens.json was written"];
                assert!(truth.iter().any(|words| run.stderr.contains(words)), "{told}");
            }
            3 => {
                assert!(run.stderr.contains("error: tokens.json: "), "{told}");
                assert!(run.stdout.is_empty(), "{told}");
            }
            _ => panic!("{told}"),
        }
        assert!(litter(place).is_empty(), "{told}: {:?}", litter(place));
    }

    fn kill_everywhere(&self) {
        let (mut left, mut told) = (0, 0);
        // The first call is the one that starts the program.
        for call in self.record().iter().skip(1) {
            let place = (self.beginning)();
            let (old, owned_by) = (bytes(&place), owner(&place));
            let killed = run_with(&place, &[(call, "signal=KILL")], &self.args);
            assert_eq!(killed.status, 128 + 9, "{}: {}", call.line, killed.all());
            let new = self.is_new(&place, old.as_deref(), &call.line);
            let success = killed.stdout.contains(" token `");
            assert!(new || !success, "{}: what was reported is lost", call.line);
            told += usize::from(success);
            left += litter(&place).len();

            let before = bytes(&place);
            let next = place.run(&append("next"));
            assert_eq!(next.status, 0, "{}: {}", call.line, next.stderr);
            assert!(litter(&place).is_empty(), "{}: litter is left", call.line);
            let after = place.read("tokens.json");
            let undone = remove(Some(after.as_bytes()), "next");
            let undone = undone.map_err(|error: EditError| error.to_string()).expect("it is there");
            assert!(before.is_none_or(|before| *undone.text == *before), "{}", call.line);
            assert!(old.is_none() || owner(&place) == owned_by, "{}: the owner changed", call.line);
        }
        // From the temporary file to the rename, and from the message to the end.
        assert!(left >= 4 && told >= 1, "{left} left something, {told} had reported success");
    }

    fn fail_everywhere(&self) {
        let mut essential = 0;
        let calls = self.record();
        for call in calls_of_the_store(&calls) {
            for (error, words) in
                [("EIO", "Input/output error"), ("ENOSPC", "No space left on device")]
            {
                let place = (self.beginning)();
                let old = bytes(&place);
                let run = run_with(&place, &[(call, &format!("error={error}"))], &self.args);
                let what = format!("{error} {}", call.line);
                self.assert_all_or_nothing(&place, &run, old.as_deref(), &what);
                assert!(run.status == 0 || run.stderr.contains(words), "{what}: {}", run.stderr);
                if is_essential(call) {
                    assert_eq!(run.status, 3, "{what}: {}", run.all());
                    essential += 1;
                }
            }
            // An interruption is no error: the call is made again, or the run gives up.
            let place = (self.beginning)();
            let old = bytes(&place);
            let run = run_with(&place, &[(call, "error=EINTR")], &self.args);
            let what = format!("EINTR {}", call.line);
            self.assert_all_or_nothing(&place, &run, old.as_deref(), &what);
        }
        assert_eq!(essential, 2 * 7, "seven calls are essential, each once");
    }

    fn signal_everywhere(&self, signals: &[&str]) {
        let calls = self.record();
        let flushed = calls.iter().position(|call| call.is("fsync", &[".tmp>"])).expect("flushed");
        for call in calls_of_the_store(&calls) {
            let early = calls[..=flushed].iter().any(|before| before == call);
            for signal in signals {
                let place = (self.beginning)();
                let old = bytes(&place);
                let run = run_with(&place, &[(call, &format!("signal={signal}"))], &self.args);
                let what = format!("{signal} {}", call.line);
                self.assert_all_or_nothing(&place, &run, old.as_deref(), &what);
                assert_eq!(run.status, if early { 3 } else { 0 }, "{what}: {}", run.all());
                let word = "interrupted; nothing was written";
                assert_eq!(run.stderr.contains(word), early, "{what}: {}", run.all());
            }
        }
    }
}

fn litter(place: &Place) -> Vec<String> {
    place.names().into_iter().filter(|name| name != "tokens.json").collect()
}

/// Whether the promises stand or fall with a call.
fn is_essential(call: &Call) -> bool {
    ["flock", "fchmod", "fsync", "rename"].iter().any(|name| call.is(name, &[]))
        || call.is("openat", &["O_EXCL"])
        || call.is("write", &[".tmp>"])
}

/// The calls from the opening of the directory on, without those that cannot fail, those by which
/// memory is had, and the seeds of the standard library's hash maps, which it cannot be without.
fn calls_of_the_store(calls: &[Call]) -> impl Iterator<Item = &Call> {
    const OTHERS: [&str; 8] =
        ["geteuid", "brk", "mmap", "munmap", "mremap", "mprotect", "exit_group", "sigaltstack"];
    let begin = calls.iter().position(|call| call.is("openat", &["O_DIRECTORY"]));
    let others = |call: &Call| {
        OTHERS.contains(&call.name.as_str()) || call.is("getrandom", &["GRND_INSECURE"])
    };
    calls[begin.expect("a directory is opened")..].iter().filter(move |call| !others(call))
}

pub(crate) fn a_kill_at_any_system_call_loses_nothing() -> Outcome {
    need_strace()?;
    scenarios().iter().for_each(Scenario::kill_everywhere);
    scenario_of_another_user()?.kill_everywhere();
    Ok(())
}

pub(crate) fn an_error_of_any_system_call_loses_nothing() -> Outcome {
    need_strace()?;
    scenarios().iter().for_each(Scenario::fail_everywhere);
    scenario_of_another_user()?.fail_everywhere();
    Ok(())
}

pub(crate) fn a_signal_at_any_system_call_leaves_no_litter() -> Outcome {
    need_strace()?;
    let [new, old, rest @ ..] = &scenarios()[..] else { panic!("there are scenarios") };
    new.signal_everywhere(&["INT", "TERM"]);
    let all =
        ["ALRM", "HUP", "INT", "IO", "PROF", "QUIT", "TERM", "USR1", "USR2", "VTALRM", "XCPU"];
    old.signal_everywhere(&all);
    for scenario in rest {
        scenario.signal_everywhere(&["HUP"]);
    }
    scenario_of_another_user()?.signal_everywhere(&["TERM"]);
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
        |place, name| symlink("victim", place.path(name)).expect("a link"),
        |place, name| {
            place.write(name, "planted");
            place.set_mode(name, 0o644);
        },
        |place, name| std::fs::create_dir(place.path(name)).expect("a directory"),
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
