//! How fast a permission tokens file is loaded and checked, beside serde_json alone on the same text.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tokens::{Context, DatabaseName, Permission, Secret, Timestamp, Token, TokenName};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

/// A clean file with this many tokens, about 330 bytes each.
fn file(tokens: usize) -> String {
    let databases: Vec<_> =
        (0..50).filter_map(|n| DatabaseName::parse(format!("db{n}")).ok()).collect();
    let tokens: Vec<_> = (0..tokens).filter_map(token).collect();
    tokens::render(&databases, &tokens).to_string()
}

fn token(number: usize) -> Option<Token<'static>> {
    // The digest of the number: the same tokens in every run, and as varied as random ones.
    let seed = Secret::parse(format!("apiv3_{number}")).ok()?.hash();
    let entropy =
        std::array::from_fn(|at| seed.as_str().as_bytes().get(at).map_or(0, |b| b ^ at as u8));
    let (a, b, c) = (number % 50, (number + 7) % 50, (number + 13) % 50);
    let texts = [format!("db:db{a},db{b}:read,write"), format!("db:db{c}:read")];
    Some(Token {
        secret: Secret::from_entropy(&entropy),
        name: TokenName::parse(format!("application-{number}")).ok()?,
        expiry_millis: Some(NOW.0 + 1_000_000),
        permissions: texts.into_iter().filter_map(|text| Permission::parse(text).ok()).collect(),
    })
}

fn load_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reader");
    group.sample_size(10);
    for size in [100, 100_000] {
        let file = file(size);
        assert!(tokens::check(&tokens::read(file.as_bytes(), None), &Context::at(NOW)).is_empty());
        group.throughput(Throughput::Bytes(file.len() as u64));
        group.bench_with_input(BenchmarkId::new("serde_json_value", size), &file, |b, file| {
            b.iter(|| serde_json::from_str::<serde_json::Value>(black_box(file)));
        });
        group.bench_with_input(BenchmarkId::new("load", size), &file, |b, file| {
            b.iter(|| tokens::read(black_box(file.as_bytes()), None).loads());
        });
        group.bench_with_input(BenchmarkId::new("check", size), &file, |b, file| {
            b.iter(|| {
                let reading = tokens::read(black_box(file.as_bytes()), None);
                tokens::check(&reading, &Context::at(NOW)).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, load_and_check);
criterion_main!(benches);
