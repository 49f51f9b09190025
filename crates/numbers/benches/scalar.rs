//! Elimination over the fields that are not hardware's.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use numbers::matrix::{self, Matrix};
use numbers::{Interval, Residue, Rounded, Scalar};
use rug::Rational;

fn system<T: Scalar>(n: usize, into: impl Fn(&Rational) -> T) -> (Matrix<T>, Matrix<T>) {
    let entry = |i: usize, j: usize| into(&Rational::from(((i * i + 7 * j) % 23 + 50 * usize::from(i == j), 3)));
    (Matrix::from_fn(n, n, entry), Matrix::from_fn(n, 1, entry))
}

fn solve<T: Scalar>(criterion: &mut Criterion, field: &str, into: impl Fn(&Rational) -> T) {
    for n in [6, 21, 55] {
        let (M, right) = system(n, &into);
        matrix::solve(&M, &right).unwrap();
        criterion.bench_with_input(BenchmarkId::new(format!("matrix::solve/{field}"), n), &n, |bencher, _| {
            bencher.iter(|| matrix::solve(&M, &right));
        });
    }
}

fn bench(criterion: &mut Criterion) {
    let residue = |v: &Rational| {
        let part = |integer: &rug::Integer| Residue::new(integer.to_u128_wrapping());
        part(v.numer()) / part(v.denom())
    };
    solve(criterion, "Residue", residue);
    solve(criterion, "Interval, 400 bits", |v| Interval::enclosing(v, 400).unwrap());
    solve(criterion, "Rounded, 400 bits", |v| Rounded::nearest(v, 400).unwrap());
}

criterion_group!(benches, bench);
criterion_main!(benches);
