//! How fast a permission tokens file is loaded and checked, beside serde_json alone on the same text.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use testkit::generate::{NOW, Shape};
use tokens::{Context, Timestamp};

fn load_and_check(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reader");
    group.sample_size(10);
    for size in [100, 100_000] {
        let file = Shape::Tokens.document(size);
        assert!(
            tokens::check(&tokens::read(file.as_bytes(), None), &Context::at(Timestamp(NOW)))
                .is_empty()
        );
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
                tokens::check(&reading, &Context::at(Timestamp(NOW))).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, load_and_check);
criterion_main!(benches);
