//! Steps of the recursion a second, by number of weights and batch size, on all threads.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use montecarlo::Plan;
use symbols::matrix::{Matrix, Vector};
use symbols::{BatchSize, Gaussian, Population, Setting};

fn setting(D: usize, S: u32) -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: Matrix::identity(D, D),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(D),
    });
    Setting::new(population, Matrix::identity(D, D) * 0.05, BatchSize::new(S).unwrap()).unwrap()
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("montecarlo::stationary");
    group.sample_size(10);
    for (D, S) in [(1, 1), (1, 10), (2, 10), (10, 32), (100, 32)] {
        let plan = Plan { chains: 32, burn_in: 0, steps: 1 + 1_000_000 / (D * S as usize * 32), seed: 1 };
        let setting = setting(D, S);
        group.throughput(Throughput::Elements((plan.chains * plan.steps) as u64));
        group.bench_with_input(BenchmarkId::new(format!("D = {D}, S"), S), &setting, |bencher, setting| {
            bencher.iter(|| montecarlo::stationary(setting, &plan, &|_| ()));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
