//! What a proof is made of: one evaluation of the stationary equations modulo a prime, and one in bounds; and the
//! central moments of one weight.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use numbers::{Degrees, Matrix, Residue, Scalar, Vector, matrix};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// Λ and A diagonal, with values of a field in place of every parameter.
fn setting<T: Scalar>(D: usize, values: &[T]) -> Setting<T> {
    let diagonal =
        |from: usize| Matrix::from_fn(D, D, |i, j| if i == j { values[from + i].clone() } else { T::zero() });
    let population = Population::Gaussian(Gaussian {
        feature_covariance: diagonal(0),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: values[2 * D].clone(),
        true_weights: Vector::zeros(D),
    });
    let setting = Setting::new(population, diagonal(D), BatchSize::new(1).unwrap()).unwrap();
    setting.with_indeterminates(values[2 * D + 1].clone(), values[2 * D + 2].clone())
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exact::formal_moments");
    for D in [1, 2, 3] {
        let residues = Vec::from_iter((0..2 * D + 3).map(|i| Residue::new(1 << (40 + i))));
        let at_point = setting(D, &residues);
        group.bench_with_input(BenchmarkId::new("Residue", D), &at_point, |bencher, setting| {
            bencher.iter(|| exact::formal_moments(setting));
        });
        group.bench_with_input(BenchmarkId::new("Degrees", D), &D, |bencher, &D| {
            bencher.iter(|| exact::formal_moments(&setting(D, &Degrees::variables(2 * D + 3, &[]))));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("exact::central_moments");
    for (name, momentum) in [("plain", 0), ("momentum", 1)] {
        let values = [(1, 1), (1, 10), (1, 1)].map(Rational::from);
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::scalar(values[0].clone()),
            input_noise_covariance: matrix::scalar(values[1].clone()),
            label_noise_variance: values[2].clone(),
            true_weights: Vector::from_element(1, Rational::from(2)),
        });
        let setting = Setting::new(population, matrix::scalar(Rational::from((1, 7))), BatchSize::new(4).unwrap())
            .unwrap()
            .with_momentum(Momentum::new(Rational::from((momentum, 3))).unwrap());
        exact::central_moments(&setting).unwrap();
        group.bench_with_input(BenchmarkId::from_parameter(name), &setting, |bencher, setting| {
            bencher.iter(|| exact::central_moments(setting));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
