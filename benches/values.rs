//! How fast a permission is parsed, beside a regular expression; how fast `can` decides; how fast tokens
//! are made. `cargo xtask bench`

#![allow(clippy::expect_used, missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use testkit::generate::{NOW, Shape};
use tokens::access::{Access, Databases, Request};
use tokens::os::NewSecrets;
use tokens::{Action, Permission, ResourceType, Timestamp};

const TEXTS: [&str; 5] = [
    "db:*:read,write",
    "db:sensors:read",
    "db:db1,db2,team/a-b:create,delete",
    "system:ping:read",
    // Faulty: why is found, too.
    "db:sensors:raed",
];

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("permission");
    for text in TEXTS {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("parse", text), text, |bencher, text| {
            bencher.iter(|| Permission::parse(black_box(text)).is_ok());
        });
    }
    group.finish();
}

fn decide(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("access");
    for grants in [10, 1_000] {
        let file = Shape::Permissions.document(grants);
        let reading = tokens::read(file.as_bytes(), None);
        let document = reading.document().expect("it loads");
        let databases = Databases::needed_by(&document);
        let token = document.tokens().first().expect("a token");
        group.bench_function(BenchmarkId::new("resolve", grants), |bencher| {
            bencher.iter(|| Access::new(black_box(token), &databases));
        });
        let access = Access::new(token, &databases);
        let name = format!("a{}", grants / 2);
        group.bench_function(BenchmarkId::new("decide", grants), |bencher| {
            bencher.iter(|| {
                let (resource_type, actions) = (ResourceType::Db, Action::Read.into());
                let request = Request { resource_type, name: black_box(&name), actions };
                access.decide(&request, Timestamp(NOW)).outcome
            });
        });
    }
    group.finish();
}

fn generate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generate");
    group.throughput(Throughput::Elements(1));
    group.bench_function("one secret", |bencher| {
        bencher.iter(|| tokens::os::new_secret().expect("randomness"));
    });
    let mut secrets = NewSecrets::default();
    group.bench_function("one of many secrets", |bencher| {
        bencher.iter(|| secrets.next().expect("randomness"));
    });
    group.finish();
}

criterion_group!(benches, parse, decide, generate);
criterion_main!(benches);
