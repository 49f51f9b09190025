//! Dense linear systems over ℚ with a common denominator of ten digits, as in python-flint's `fmpq_mat.solve`.
#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use numbers::Matrix;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::Rational;

/// Ten-digit integers over one ten-digit denominator.
fn system(order: usize) -> (Matrix<Rational>, Matrix<Rational>) {
    let mut draws = ChaCha8Rng::seed_from_u64(order as u64);
    let mut ten = || draws.random_range(1_000_000_000..10_000_000_000_u64);
    let denominator = ten();
    let mut entry = || Rational::from((ten(), denominator)) * if ten() % 2 == 0 { 1 } else { -1 };
    (Matrix::from_fn(order, order, |_, _| entry()), Matrix::from_fn(order, 1, |_, _| entry()))
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exact::solve");
    group.sample_size(20);
    for order in [21, 78, 120, 210] {
        let (M, R) = system(order);
        group.bench_function(BenchmarkId::from_parameter(order), |bencher| bencher.iter(|| exact::solve(&M, &R)));
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
