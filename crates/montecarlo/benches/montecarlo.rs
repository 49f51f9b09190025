//! Normal numbers a second, and steps of the recursion a second by number of weights and batch size, on all threads.
//!
//! The problem is that of the peers: A with eigenvalues from 0.1 to 1 in geometric progression in directions of no
//! importance, λ = 0.1/Tr A, label noise of variance 1. They only step; here every run also measures.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use montecarlo::{Draws, Plan, standard_normals};
use symbols::matrix::{Matrix, Vector, identity};
use symbols::{BatchSize, Gaussian, Population, Setting};

fn setting(D: usize, S: u32) -> Setting<f64> {
    let eigenvalue = |i: usize| 0.1f64.powf(1.0 - i as f64 / (D.max(2) - 1) as f64);
    // A reflection at a generic direction.
    let x = Vector::from_fn(D, |i, _| 1.0 + (i as f64).sin());
    let reflection = identity::<f64>(D) - &x * x.transpose() * (2.0 / x.norm_squared());
    let A = &reflection * Matrix::from_diagonal(&Vector::from_fn(D, |i, _| eigenvalue(i))) * &reflection;
    let A = (&A + A.transpose()) * 0.5;
    let rate = 0.1 / A.trace();
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(D),
    });
    Setting::new(population, Matrix::identity(D, D) * rate, BatchSize::new(S).unwrap()).unwrap()
}

fn generator(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("montecarlo::standard_normals");
    let mut numbers = vec![0.0; 1 << 20];
    group.throughput(Throughput::Elements(numbers.len() as u64));
    group.bench_function("one thread", |bencher| bencher.iter(|| standard_normals(1, &mut numbers)));
    group.finish();
}

fn stationary(criterion: &mut Criterion) {
    for (name, draws) in [("literal", Draws::default()), ("in law", Draws::InLaw)] {
        let mut group = criterion.benchmark_group(format!("montecarlo::stationary, {name}"));
        group.sample_size(10);
        for (D, S) in [(1, 1), (1, 10), (2, 10), (10, 32), (100, 32)] {
            let numbers = match draws {
                Draws::InLaw => D + 8,
                _ => (D + 1) * S as usize,
            };
            let plan = Plan { chains: 128, burn_in: 0, steps: 512 + (1 << 18) / numbers, seed: 1, draws };
            let setting = setting(D, S);
            group.throughput(Throughput::Elements((plan.chains * plan.steps) as u64));
            group.bench_with_input(BenchmarkId::new(format!("D = {D}, S"), S), &setting, |bencher, setting| {
                bencher.iter(|| {
                    let mut run = montecarlo::Run::new(setting, &plan).unwrap();
                    run.advance(usize::MAX, &|_| ()).unwrap();
                    run
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, generator, stationary);
criterion_main!(benches);
