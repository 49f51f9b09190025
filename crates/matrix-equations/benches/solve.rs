//! The standard equations, by order: the answer alone, and its certificate.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use faer::{Mat, MatRef};
use matrix_equations::{Approximation, EquationError, continuous, discrete};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

type Approximate = fn(MatRef<'_, f64>, MatRef<'_, f64>) -> Result<Approximation, EquationError>;

/// Spectral radius 0.95, or abscissa −0.05, of a matrix of nearly normal entries, and a Q ≻ 0.
fn problem(n: usize, continuous: bool) -> (Mat<f64>, Mat<f64>) {
    let mut draws = ChaCha8Rng::seed_from_u64(1000 + n as u64);
    let mut normal = || (0..12).map(|_| draws.random::<f64>()).sum::<f64>() - 6.0;
    let mut random = || Mat::from_fn(n, n, |_, _| normal() / (n as f64).sqrt());
    let (M, B) = (random(), random());
    let values = M.map(|v| faer::c64::new(*v, 0.0)).eigenvalues().unwrap();
    let largest = |f: fn(&faer::c64) -> f64| values.iter().map(f).fold(f64::MIN, f64::max);
    let M = if continuous {
        M - (largest(|v| v.re) + 0.05) * Mat::<f64>::identity(n, n)
    } else {
        (0.95 / largest(|v| v.norm())) * M
    };
    (M, &B * B.transpose() + 0.1 * Mat::<f64>::identity(n, n))
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matrix-equations");
    group.sample_size(10);
    let equations: [(&str, Approximate); 2] =
        [("continuous", continuous::approximate), ("discrete", discrete::approximate)];
    for (name, approximate) in equations {
        for n in [10, 100, 500, 1000] {
            let (M, Q) = problem(n, name == "continuous");
            group.bench_function(BenchmarkId::new(name, n), |bencher| {
                bencher.iter(|| approximate(M.as_ref(), Q.as_ref()))
            });
            group.bench_function(BenchmarkId::new(format!("{name} certificate"), n), |bencher| {
                let prepare = || approximate(M.as_ref(), Q.as_ref()).unwrap();
                bencher.iter_batched(prepare, Approximation::certify, BatchSize::PerIteration);
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
