//! What is done to whole files in memory: secrets, a new file, many tokens at once, the canonical layout, a
//! comparison. `cargo xtask bench writer`

#![allow(clippy::expect_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use testkit::generate::Shape;
use tokens::diff::diff;
use tokens::os::NewSecrets;
use tokens::{Permission, Token, TokenName};

const TOKENS: usize = 10_000;

/// Tokens with new strings and names that no file has.
fn new_tokens() -> Vec<Token<'static>> {
    let mut secrets = NewSecrets::default();
    let permission = Permission::parse("db:metrics_0:read,write").expect("valid");
    let token = |number| Token {
        secret: secrets.next().expect("randomness"),
        name: TokenName::parse(format!("new {number}")).expect("not empty"),
        expiry_millis: None,
        permissions: vec![permission.clone()],
    };
    (0..TOKENS).map(token).collect()
}

fn writer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("writer");
    group.sample_size(20).throughput(Throughput::Elements(TOKENS as u64));
    let file = Shape::Fleet.document(TOKENS);
    let new = new_tokens();
    group.bench_function("new tokens", |bencher| bencher.iter(new_tokens));
    group.bench_function("render", |bencher| {
        bencher.iter(|| tokens::render(&[], black_box(&new)));
    });
    group.bench_function("append all", |bencher| {
        let old = Some(file.as_bytes());
        bencher.iter(|| tokens::append_all(black_box(old), &new, &[]).expect("appends").tokens);
    });
    group.bench_function("format", |bencher| {
        bencher.iter(|| tokens::format(black_box(file.as_bytes())).expect("it loads"));
    });
    let document = tokens::read(file.as_bytes(), None).into_document().expect("it loads");
    let side = || (document.create_databases(), document.tokens());
    group.bench_function("diff", |bencher| {
        bencher.iter(|| diff(black_box(side()), black_box(side())).is_empty());
    });
    group.finish();
}

criterion_group!(benches, writer);
criterion_main!(benches);
