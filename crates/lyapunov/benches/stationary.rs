//! The stationary state in doubles, certificate included, by number of weights.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use numbers::matrix::{Matrix, Vector};
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// Λ and A that do not commute.
fn setting(D: usize, momentum: f64) -> Setting<f64> {
    let tridiagonal = |diagonal: fn(usize) -> f64, size: f64| {
        Matrix::from_fn(D, D, |i, j| match i.abs_diff(j) {
            0 => diagonal(i) * size,
            1 => size,
            _ => 0.0,
        })
    };
    let population = Population::Gaussian(Gaussian {
        feature_covariance: tridiagonal(|i| 3.0 + (i % 4) as f64, 0.2),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 0.25,
        true_weights: Vector::zeros(D),
    });
    let rate = tridiagonal(|i| 3.0 + (i % 3) as f64, 0.2 / D as f64);
    let setting = Setting::new(population, rate, BatchSize::new(32).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(momentum).unwrap())
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lyapunov::stationary");
    group.sample_size(10);
    for (D, momentum) in [(2, 0.0), (10, 0.0), (20, 0.0), (2, 0.5), (10, 0.5)] {
        let setting = setting(D, momentum);
        lyapunov::stationary(&setting).unwrap();
        let name = if momentum == 0.0 { "plain" } else { "momentum" };
        group.bench_with_input(BenchmarkId::new(name, D), &setting, |bencher, setting| {
            bencher.iter(|| lyapunov::stationary(setting));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
