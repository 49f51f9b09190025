//! The tail index in one dimension to 30 digits: even S, odd S, a large index, and one close to nothing.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use exact::tail::{Threshold, index, threshold};
use rug::Rational;

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exact::tail");
    group.sample_size(10);
    for (numerator, denominator, batch_size) in [(1, 1, 1), (1, 1, 2), (1, 1, 32), (1, 500, 1), (1, 2, 999), (12, 5, 1)]
    {
        let step_size = Rational::from((numerator, denominator));
        let name = format!("L = {step_size}, S = {batch_size}");
        group.bench_function(BenchmarkId::new("index", name), |bencher| {
            bencher.iter(|| index(&step_size, batch_size, 30))
        });
    }
    for batch_size in [1, 2] {
        group.bench_function(BenchmarkId::new("stationarity", batch_size), |bencher| {
            bencher.iter(|| threshold(Threshold::Stationarity, batch_size, 30));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
