//! One append, beside what the disk alone takes for the same bytes: write, fsync, rename, fsync of the
//! directory. `cargo xtask bench append`

#![allow(clippy::expect_used, missing_docs)]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::thread::scope;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use tempfile::TempDir;
use testkit::generate::Shape;
use tokens::{Permission, Token, TokenName, store};

const PROGRAM: &str = env!("CARGO_BIN_EXE_influxdb3-tokens");
const WRITERS: u64 = 32;

fn token(name: &str) -> Token<'static> {
    Token {
        secret: tokens::os::new_secret().expect("randomness"),
        name: TokenName::parse(name.to_owned()).expect("not empty"),
        expiry_millis: None,
        permissions: vec![Permission::parse("db:x:read").expect("valid")],
    }
}

fn file(tokens: usize) -> Vec<u8> {
    Shape::Tokens.document(tokens).into_bytes()
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

fn in_process(directory: &Path) {
    let options = store::Options {
        lock_timeout: Duration::from_secs(30),
        on_wait: &|| {},
        interrupted: &AtomicBool::new(false),
    };
    let new = token("new");
    let append = |old: Option<&[u8]>| tokens::append(old, &new, &[]).map(|new| (new.text, ()));
    store::update(&directory.join("tokens.json"), &options, append).expect("appended");
}

fn process(directory: &Path, name: &str) {
    let status = Command::new(PROGRAM)
        .args(["create", "token", "--name", name, "--permission", "db:x:read", "--offline"])
        .args(["--output-file", "tokens.json"])
        .current_dir(directory)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("it runs").success());
}

/// How long this many appends by writers at the same time take.
fn contended(appends: u64, writers: u64) -> Duration {
    let directory = TempDir::new().expect("a directory");
    fs::write(directory.path().join("tokens.json"), file(1)).expect("written");
    let begin = Instant::now();
    scope(|threads| {
        for writer in 0..writers {
            let path = directory.path();
            threads.spawn(move || {
                for turn in (writer..appends).step_by(usize::try_from(writers).expect("few")) {
                    process(path, &format!("new {turn}"));
                }
            });
        }
    });
    begin.elapsed()
}

/// Each time on the same old file.
fn on(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    old: &(usize, Vec<u8>),
    run: impl Fn(&Path),
) {
    let (tokens, bytes) = old;
    let directory = TempDir::new().expect("a directory");
    let renew = || fs::write(directory.path().join("tokens.json"), bytes).expect("written");
    group.bench_function(BenchmarkId::new(name, tokens), |bencher| {
        bencher.iter_batched(renew, |()| run(directory.path()), BatchSize::PerIteration);
    });
}

fn append(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("append");
    group.throughput(Throughput::Elements(1));
    for tokens in [1, 1_000, 100_000] {
        let old = (tokens, file(tokens));
        group.sample_size(if tokens > 10_000 { 10 } else { 50 });
        on(&mut group, "bare", &old, |directory| bare(directory, &old.1));
        on(&mut group, "library", &old, in_process);
        on(&mut group, "process", &old, |directory| process(directory, "new"));
    }
    group.sample_size(10);
    for writers in [1, WRITERS] {
        group.bench_function(BenchmarkId::new("processes at a time", writers), |bencher| {
            bencher.iter_custom(|appends| contended(appends, writers));
        });
    }
    group.finish();
}

criterion_group!(benches, append);
criterion_main!(benches);
