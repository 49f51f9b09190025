//! The stationary system over ℚ, by number of weights. Without momentum D(D + 1)/2 unknowns, with momentum D(2D + 1).
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use numbers::matrix::{Matrix, Vector};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// Λ and A that do not commute, with short entries.
fn setting(D: usize, momentum: Rational) -> Setting<Rational> {
    let q = |n: usize, d: u32| Rational::from((n, d));
    let tridiagonal = |diagonal: fn(usize) -> usize, denominator| {
        Matrix::from_fn(D, D, |i, j| match i.abs_diff(j) {
            0 => q(diagonal(i), denominator),
            1 => q(1, denominator),
            _ => q(0, 1),
        })
    };
    let population = Population::Gaussian(Gaussian {
        feature_covariance: tridiagonal(|i| 3 + i % 4, 5),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: q(1, 4),
        true_weights: Vector::zeros(D),
    });
    let rate = tridiagonal(|i| 3 + i % 3, 100);
    let setting = Setting::new(population, rate, BatchSize::new(4).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(momentum).unwrap())
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exact::stationary");
    group.sample_size(10);
    for (D, momentum) in [(2, 0), (6, 0), (12, 0), (2, 1), (6, 1)] {
        let setting = setting(D, Rational::from((momentum, 3)));
        exact::stationary(&setting).unwrap();
        let name = if momentum == 0 { "plain" } else { "momentum" };
        group.bench_with_input(BenchmarkId::new(name, D), &setting, |bencher, setting| {
            bencher.iter(|| exact::stationary(setting));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
