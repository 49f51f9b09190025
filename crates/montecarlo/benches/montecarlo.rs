//! Normal numbers a second, and steps of the recursion a second by number of weights and batch size, on all threads.
//!
//! The peers only step; here every run also measures.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use montecarlo::{Draws, standard_normals};

mod problem;

fn generator(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("montecarlo::standard_normals");
    let mut numbers = vec![0.0; 1 << 20];
    group.throughput(Throughput::Elements(numbers.len() as u64));
    group.bench_function("one thread", |bencher| bencher.iter(|| standard_normals(1, &mut numbers)));
    group.finish();
}

fn stationary(criterion: &mut Criterion) {
    for (name, draws) in [("literal", Draws::default()), ("in distribution", Draws::InDistribution)] {
        let mut group = criterion.benchmark_group(format!("montecarlo::stationary, {name}"));
        group.sample_size(10);
        for (D, S) in problem::SIZES {
            let (setting, plan) = (problem::setting(D, S).unwrap(), problem::plan(D, S, draws));
            group.throughput(Throughput::Elements((plan.chains * plan.steps) as u64));
            group.bench_with_input(BenchmarkId::new(format!("D = {D}, S"), S), &setting, |bencher, setting| {
                bencher.iter(|| {
                    let mut run = montecarlo::Run::new(setting, &plan).unwrap();
                    run.advance(usize::MAX, &()).unwrap();
                    run
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, generator, stationary);
criterion_main!(benches);
