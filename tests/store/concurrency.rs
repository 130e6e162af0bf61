//! FILE-06: any number of writers at the same time lose nothing, and readers see whole documents.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::platform::{Outcome, append, behind, token_names};
use crate::support::{PROGRAM, Place, Run, SHADOWED};
use crate::trace::{Call, Stopped, need_strace, record};

const WRITERS: usize = 32;
const APPENDS: usize = 25;

/// One append of a writer; every fourth writer brings databases of its own and shared ones.
fn write(place: &Place, writer: usize, turn: usize) -> Run {
    let name = format!("{writer}/{turn}");
    let databases = format!("shared,own-{writer},turn-{turn}");
    // A slow disk is no fault here.
    let mut args = [&append(&name)[..], &["--lock-timeout", "10m"]].concat();
    if writer.is_multiple_of(4) {
        args.extend(["--create-databases", &databases]);
    }
    place.run(&args)
}

/// Looks at the file until the writers are done: it always loads, and tokens only come. How often it
/// was looked at.
fn watch(place: &Place, done: &AtomicBool) -> usize {
    let (mut looks, mut tokens) = (0, 0);
    while !done.load(Ordering::Relaxed) {
        let run = place.run(&["check", "--format", "json", "tokens.json"]);
        assert_eq!(run.status, 0, "{}", run.all());
        let now = run.json()["files"][0]["tokens"].as_u64().expect("a number");
        assert!(now >= tokens, "{tokens} tokens, then {now}");
        tokens = now;
        looks += 1;
    }
    looks
}

/// All that the writers were to write, together with what was there, and nothing else.
fn assert_complete(place: &Place, others: &[&str]) {
    let names = token_names(place);
    let all: BTreeSet<String> = names.iter().cloned().collect();
    let written =
        (0..WRITERS).flat_map(|writer| (0..APPENDS).map(move |turn| format!("{writer}/{turn}")));
    let expected: BTreeSet<String> =
        written.chain(others.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(names.len(), all.len(), "a token is there twice");
    assert_eq!(all, expected);

    let file: Value = serde_json::from_str(&place.read("tokens.json")).expect("JSON");
    let databases = file["create_databases"].as_array().expect("databases").iter();
    let databases: Vec<&str> = databases.map(|name| name.as_str().expect("a name")).collect();
    let own = (0..WRITERS).step_by(4).map(|writer| format!("own-{writer}"));
    let turns = (0..APPENDS).map(|turn| format!("turn-{turn}"));
    let expected: BTreeSet<String> =
        own.chain(turns).chain(["a", "b", "shared"].map(str::to_owned)).collect();
    assert_eq!(databases.len(), expected.len(), "each once");
    assert_eq!(databases.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>(), expected);
    assert_eq!(place.names(), ["tokens.json"], "nothing else is left");
    assert_eq!(place.run(&["check", "tokens.json"]).status, 0);
}

pub(crate) fn writers_at_the_same_time_lose_nothing() -> Outcome {
    let place = Place::with(SHADOWED);
    let (start, done) = (Barrier::new(WRITERS), AtomicBool::new(false));
    let looks = scope(|threads| {
        let reader = threads.spawn(|| watch(&place, &done));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (place, start) = (&place, &start);
                threads.spawn(move || {
                    start.wait();
                    for turn in 0..APPENDS {
                        let run = write(place, writer, turn);
                        assert_eq!(run.status, 0, "{}", run.all());
                    }
                })
            })
            .collect();
        let outcomes: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        done.store(true, Ordering::Relaxed);
        assert!(outcomes.into_iter().all(|outcome| outcome.is_ok()), "a writer failed");
        reader.join().expect("the reader saw whole documents")
    });
    assert!(looks > 20, "the file was looked at {looks} times only");
    assert_complete(&place, &["app"]);
    Ok(())
}

/// The call at which a writer has the lock and is about to put its file in place.
fn last_before_the_rename() -> Call {
    let (_, calls) = record(&Place::with(SHADOWED), &append("x"));
    calls.into_iter().find(|call| call.is("fsync", &[".tmp>"])).expect("it is flushed")
}

pub(crate) fn a_stopped_writer_is_waited_for_and_then_reported() -> Outcome {
    need_strace()?;
    let call = last_before_the_rename();
    let place = Place::with(SHADOWED);
    let holder = Stopped::after(&place, &call, &append("holder"));

    let begin = Instant::now();
    let run = place.run(&[&append("hasty")[..], &["--lock-timeout", "1500ms"]].concat());
    assert!(begin.elapsed() >= Duration::from_millis(1500), "it gave up too early");
    assert_eq!(run.status, 3, "{}", run.all());
    assert_eq!(run.stderr.matches("note: tokens.json: waiting for another writer\n").count(), 1);
    let error = "error: tokens.json: other writers held the lock on the directory for 1s 500ms; try \
                 again, or wait longer with `--lock-timeout`\n";
    assert!(run.stderr.ends_with(error), "{}", run.stderr);
    // Too short a wait to say something about.
    let run = place.run(&[&append("hasty")[..], &["--lock-timeout", "300ms"]].concat());
    assert!(run.status == 3 && !run.stderr.contains("waiting"), "{}", run.stderr);
    let help = place.run(&["create", "token", "--help"]).stdout;
    assert!(
        help.contains("--lock-timeout <DURATION>") && help.contains("[default: 30s]"),
        "{help}"
    );
    assert_eq!(place.read("tokens.json"), SHADOWED);

    let waits = AtomicUsize::new(0);
    scope(|threads| {
        for writer in 0..WRITERS {
            let (place, waits) = (&place, &waits);
            threads.spawn(move || {
                for turn in 0..APPENDS {
                    let run = write(place, writer, turn);
                    assert_eq!(run.status, 0, "{}", run.all());
                    if run.stderr.contains("waiting for another writer") {
                        waits.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        sleep(Duration::from_millis(1500));
        assert_eq!(place.read("tokens.json"), SHADOWED, "nobody writes without the lock");
        let run = holder.go_on();
        assert_eq!(run.status, 0, "{}", run.all());
    });
    assert!(waits.into_inner() >= WRITERS / 2, "most of the writers had to wait, and said so");
    assert_complete(&place, &["app", "holder"]);
    Ok(())
}

pub(crate) fn a_killed_writer_keeps_nobody_waiting() -> Outcome {
    need_strace()?;
    let call = last_before_the_rename();
    let place = Place::with(SHADOWED);
    let holder = Stopped::after(&place, &call, &append("holder"));
    assert_eq!(place.names().len(), 2, "its temporary file is there");
    let run = scope(|threads| {
        let waiting = threads
            .spawn(|| place.run(&[&append("patient")[..], &["--lock-timeout", "10m"]].concat()));
        sleep(Duration::from_millis(1200));
        assert_eq!(holder.kill().status, 128 + 9);
        waiting.join().expect("it ends")
    });
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.stderr.contains("waiting for another writer"), "{}", run.stderr);
    assert_eq!(token_names(&place), ["app", "patient"]);
    assert_eq!(place.names(), ["tokens.json"], "what the killed one left is gone");
    Ok(())
}

/// A writer that waits for the lock, once it has said so.
fn waiting(command: &mut Command) -> (Child, BufReader<ChildStderr>) {
    let mut writer = command.stderr(Stdio::piped()).spawn().expect("it runs");
    let mut stderr = BufReader::new(writer.stderr.take().expect("a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("a line");
    assert_eq!(line, "note: tokens.json: waiting for another writer\n");
    (writer, stderr)
}

pub(crate) fn a_signal_ends_a_wait() -> Outcome {
    let place = Place::with(SHADOWED);
    let holder = File::open(place.path(".")).expect("the directory");
    holder.lock().expect("locked");
    let (mut writer, mut stderr) = waiting(&mut place.process(PROGRAM, &append("new")));
    kill_process(Pid::from_child(&writer), Signal::INT).expect("there is a process");
    assert_eq!(writer.wait().expect("it ends").code(), Some(3));
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("read");
    assert_eq!(said, "error: tokens.json: interrupted; nothing was written\n");
    assert_eq!(place.read("tokens.json"), SHADOWED);
    Ok(())
}

/// As under `nohup`.
pub(crate) fn signals_that_are_to_be_ignored_are() -> Outcome {
    let place = Place::with(SHADOWED);
    let holder = File::open(place.path(".")).expect("the directory");
    holder.lock().expect("locked");
    let (mut writer, _stderr) = waiting(&mut behind(&place, "trap '' HUP", &append("new")));
    kill_process(Pid::from_child(&writer), Signal::HUP).expect("there is a process");
    sleep(Duration::from_millis(100));
    holder.unlock().expect("unlocked");
    assert_eq!(writer.wait().expect("it ends").code(), Some(0));
    assert_eq!(token_names(&place), ["app", "new"]);
    Ok(())
}
