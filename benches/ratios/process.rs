//! The program as people start it, beside others.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::thread::scope;

use serde_json::{Value, json};
use tempfile::TempDir;
use wait4::Wait4;

use super::files::{MANY, clean, with_problems};
use super::library::checked;
use super::pair::{Pair, Side, seconds};

const PROGRAM: &str = env!("CARGO_BIN_EXE_influxdb3-tokens");

pub(crate) const PAIRS: &[Pair] = &[
    Pair {
        name: "process: `check` of 100,000 tokens / `jq -e .`",
        bound: 0.33,
        aim: 0.15,
        rounds: 7,
        sides: beside_jq,
    },
    Pair {
        name: "process: `check` of a file with 1,000 problems, with excerpts / without problems",
        bound: 3.0,
        aim: 1.5,
        rounds: 9,
        sides: || problems(&[]),
    },
    Pair {
        name: "process: the same with `--format json`",
        bound: 3.0,
        aim: 1.5,
        rounds: 9,
        sides: || problems(&["--format", "json"]),
    },
    Pair {
        name: "process: `check` of 1,000,000 tokens / of 100,000",
        bound: 11.0,
        aim: 10.0,
        rounds: 7,
        sides: scale,
    },
    Pair {
        name: "process: peak memory of `check` of 1,000,000 tokens / size of the file",
        bound: 2.0,
        aim: 1.3,
        rounds: 1,
        sides: memory,
    },
    Pair {
        name: "process: append to 100,000 tokens / check, write, fsync, rename, fsync",
        bound: 1.2,
        aim: 0.9,
        rounds: 9,
        sides: || {
            append(|directory, old, new| {
                checked(old);
                bare(directory, new.as_bytes());
            })
        },
    },
    Pair {
        name: "process: append to 100,000 tokens / serde_json, push, pretty-print, write durably",
        bound: 0.5,
        aim: 0.3,
        rounds: 9,
        sides: || {
            append(|directory, old, _| {
                let mut file: Value = serde_json::from_str(old).expect("JSON");
                let tokens =
                    file.get_mut("tokens").and_then(Value::as_array_mut).expect("an array");
                let permissions = ["db:x:read"];
                tokens.push(json!({"token": "apiv3_x", "name": "new", "permissions": permissions}));
                bare(directory, &serde_json::to_vec_pretty(&file).expect("JSON"));
            })
        },
    },
    Pair {
        name: "process: 800 appends by 32 at a time / one after the other",
        bound: 1.5,
        aim: 1.1,
        rounds: 3,
        sides: contention,
    },
    Pair {
        name: "process: `create tokens --from` 100,000 rows / write, fsync, rename, fsync of the result",
        bound: 3.0,
        aim: 2.0,
        rounds: 9,
        sides: bulk,
    },
    Pair { name: "process: `--help` / `true`", bound: 3.0, aim: 1.5, rounds: 101, sides: help },
];

fn command(program: &str, args: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A file in a directory of its own.
fn placed(text: &str) -> (TempDir, String) {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("tokens.json");
    fs::write(&path, text).expect("written");
    fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("set");
    let path = path.to_str().expect("UTF-8").to_owned();
    (directory, path)
}

/// Runs a program on a file over and over; it has to end with this status.
fn run(program: &'static str, args: &[&str], text: &str, status: i32) -> Side {
    let (directory, path) = placed(text);
    let mut command = command(program, &[args, &[path.as_str()]].concat());
    Box::new(move || {
        let _kept = &directory;
        seconds(|| assert_eq!(command.status().expect("it runs").code(), Some(status)))
    })
}

const CHECK: [&str; 1] = ["check"];

fn beside_jq() -> [Side; 2] {
    let file = clean(MANY);
    [run(PROGRAM, &CHECK, &file, 0), run("jq", &["-e", "."], &file, 0)]
}

fn problems(format: &[&str]) -> [Side; 2] {
    let args = [&CHECK, format].concat();
    [run(PROGRAM, &args, &with_problems(MANY, 1_000), 1), run(PROGRAM, &args, &clean(MANY), 0)]
}

fn scale() -> [Side; 2] {
    [10 * MANY, MANY].map(|tokens| run(PROGRAM, &CHECK, &clean(tokens), 0))
}

fn memory() -> [Side; 2] {
    let file = clean(10 * MANY);
    let (directory, path) = placed(&file);
    let size = file.len() as f64;
    let peak = move || {
        let _kept = &directory;
        let mut child =
            command(PROGRAM, &[&CHECK, &[path.as_str()][..]].concat()).spawn().expect("it runs");
        let usage = child.wait4().expect("it ends");
        assert!(usage.status.success());
        usage.rusage.maxrss as f64
    };
    [Box::new(peak), Box::new(move || size)]
}

/// What no writer that keeps its promises can do without.
fn bare(directory: &Path, bytes: &[u8]) {
    let (temporary, path) = (directory.join("temporary"), directory.join("tokens.json"));
    let mut file = File::create(&temporary).expect("made");
    file.write_all(bytes).expect("written");
    file.sync_all().expect("flushed");
    fs::rename(&temporary, &path).expect("renamed");
    File::open(directory).and_then(|directory| directory.sync_all()).expect("flushed");
}

fn create(directory: &Path, name: &str) {
    let args = ["create", "token", "--name", name, "--permission", "db:x:read", "--offline"];
    let mut command = command(PROGRAM, &[&args[..], &["--output-file", "tokens.json"]].concat());
    assert!(command.current_dir(directory).status().expect("it runs").success());
}

/// An append beside what is given the directory, the old file and the new one, each on the same old file.
fn append(theirs: fn(&Path, &str, &str)) -> [Side; 2] {
    let old: Rc<str> = clean(MANY).into();
    let (ours, others) = (placed(&old).0, placed(&old).0);
    create(ours.path(), "new");
    let new = fs::read_to_string(ours.path().join("tokens.json")).expect("a file");
    let same = Rc::clone(&old);
    let renew = |directory: &Path, old: &str| bare(directory, old.as_bytes());
    [
        Box::new(move || {
            renew(ours.path(), &old);
            seconds(|| create(ours.path(), "new"))
        }),
        Box::new(move || {
            renew(others.path(), &same);
            seconds(|| theirs(others.path(), &same, &new))
        }),
    ]
}

fn contention() -> [Side; 2] {
    [32, 1].map(|writers| -> Side {
        Box::new(move || {
            let directory = TempDir::new().expect("a directory");
            let path = directory.path();
            seconds(|| {
                scope(|threads| {
                    for writer in 0..writers {
                        threads.spawn(move || {
                            let turns = (writer..800).step_by(writers);
                            turns.for_each(|turn| create(path, &format!("new {turn}")));
                        });
                    }
                });
            })
        })
    })
}

fn bulk() -> [Side; 2] {
    let rows = |number| {
        format!(
            "tenant-{number},db:metrics_{0}:read;system:ping:read,1y,metrics_{0}\n",
            number % 25
        )
    };
    let rows: String = (0..MANY).map(rows).collect();
    let directory = placed("").0;
    let list = format!("name,permissions,expiry,databases\n{rows}");
    fs::write(directory.path().join("rows.csv"), list).expect("written");
    let args = ["create", "tokens", "--from", "rows.csv", "--offline", "--output-file"];
    let mut command = command(PROGRAM, &[&args[..], &["result.json"]].concat());
    command.current_dir(directory.path());
    let result = directory.path().join("result.json");
    let written = result.clone();
    [
        Box::new(move || {
            let _ = fs::remove_file(&result);
            seconds(|| assert!(command.status().expect("it runs").success()))
        }),
        Box::new(move || {
            let bytes = fs::read(&written).expect("a result");
            let _ = fs::remove_file(directory.path().join("tokens.json"));
            seconds(|| bare(directory.path(), &bytes))
        }),
    ]
}

fn help() -> [Side; 2] {
    [(PROGRAM, &["--help"][..]), ("true", &[])].map(|(program, args)| -> Side {
        let mut command = command(program, args);
        Box::new(move || seconds(|| assert!(command.status().expect("it runs").success())))
    })
}
