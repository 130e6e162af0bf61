//! How fast tokens files are loaded and checked, beside serde_json alone on the same text: clean ones, and
//! those that were made to take long. `cargo xtask bench`

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use testkit::generate::{NOW, Shape};
use tokens::{Context, Timestamp};

fn checked(file: &str) -> usize {
    let reading = tokens::read(black_box(file.as_bytes()), None);
    tokens::check(&reading, &Context::at(Timestamp(NOW))).len()
}

fn clean(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reader");
    group.sample_size(10);
    for size in [1, 100, 100_000] {
        let file = Shape::Fleet.document(size);
        assert_eq!(checked(&file), 0);
        group.throughput(Throughput::Bytes(file.len() as u64));
        group.bench_with_input(BenchmarkId::new("serde_json_value", size), &file, |b, file| {
            b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(file.as_bytes())));
        });
        group.bench_with_input(BenchmarkId::new("load", size), &file, |b, file| {
            b.iter(|| {
                let reading = tokens::read(black_box(file.as_bytes()), None);
                reading.into_document().is_ok()
            });
        });
        group.bench_with_input(BenchmarkId::new("check", size), &file, |b, file| {
            b.iter(|| checked(file));
        });
    }
    group.finish();
}

/// Files of every other shape, a thousand times as long as they need to be.
fn shapes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("shapes");
    group.sample_size(10);
    for shape in Shape::ALL {
        let file = shape.document(1_000);
        group.throughput(Throughput::Bytes(file.len() as u64));
        group.bench_with_input(
            BenchmarkId::new("check", format!("{shape:?}")),
            &file,
            |b, file| {
                b.iter(|| checked(file));
            },
        );
    }
    group.finish();
}

criterion_group!(benches, clean, shapes);
criterion_main!(benches);
