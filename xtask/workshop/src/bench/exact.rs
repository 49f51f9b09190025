//! Problems for the exact engine.

use numbers::{Interval, Matrix, Residue, Vector, matrix};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::ops::RemRounding;
use rug::{Integer, Rational};
use serde_json::{Map, json};
use symbols::{BatchSize, Gaussian, Population, Setting};

use super::measure::Bench;

/// Entries of ten digits over ten digits, or over one common denominator of ten.
fn fractions(n: usize, common: bool) -> (Matrix<Rational>, Matrix<Rational>) {
    let mut random = ChaCha8Rng::seed_from_u64(3000 + n as u64);
    let mut ten = || random.random_range(1_000_000_000_i64..10_000_000_000);
    let denominator = ten();
    let mut entry = |signed: bool| {
        let sign = if signed && ten() % 2 == 0 { -1 } else { 1 };
        Rational::from((sign * ten(), if common { denominator } else { ten() }))
    };
    (Matrix::from_fn(n, n, |_, _| entry(true)), Matrix::from_fn(n, 1, |_, _| entry(false)))
}

pub(super) fn rational_system(n: usize, common: bool, bench: &mut Bench) -> anyhow::Result<()> {
    let (M, R) = fractions(n, common);
    let X = exact::solve(&M, &R)?;
    // The residual is taken modulo a prime: the product over the rationals takes a hundred times as long as the
    // solution.
    let [left, solution, right] = [&M, &X, &R].map(|M| M.map(|v| residue(&v)));
    let residual = if left * solution == right { 0.0 } else { 1.0 };
    let task = || {
        let X = exact::solve(&M, &R)?;
        let bits = X.iter().map(|x| x.numer().significant_bits().max(x.denom().significant_bits())).max();
        Ok(Map::from_iter([("solution_bits".into(), json!(bits))]))
    };
    bench.time("exact::solve", residual, task)
}

fn residue(value: &Rational) -> Residue {
    let part = |integer: &Integer| {
        let least = Integer::from(integer.rem_euc(&Integer::from(Residue::MODULUS)));
        Residue::new(least.to_u128_wrapping())
    };
    part(value.numer()) / part(value.denom())
}

pub(super) fn enclosed_system(n: usize, bench: &mut Bench) -> anyhow::Result<()> {
    // A hundred digits, and what elimination of this order loses.
    const BITS: u32 = 333 + 128;
    let (M, R) = fractions(n, true);
    let enclosed = |M: &Matrix<Rational>| {
        let entries = M.iter().map(|v| Interval::enclosing(v, BITS)).collect::<Result<Vec<_>, _>>();
        entries.map(|entries| Matrix::from_vec(M.nrows(), M.ncols(), entries))
    };
    let (M, R) = (enclosed(&M)?, enclosed(&R)?);
    let task = || {
        let X = matrix::solve(&M, &R)?;
        let digits = X.iter().map(Interval::digits).min();
        Ok(Map::from_iter([("digits_certified".into(), json!(digits))]))
    };
    bench.time("numbers::Interval", 0.0, task)
}

pub(super) fn stationary_state(D: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let tridiagonal = |denominator: u32| {
        Matrix::from_fn(D, D, |i, j| match i.abs_diff(j) {
            0 => Rational::from((3 + i as u32 % 4, denominator)),
            1 => Rational::from((1, denominator)),
            _ => Rational::new(),
        })
    };
    let population = Population::Gaussian(Gaussian {
        feature_covariance: tridiagonal(5),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from((1, 4)),
        true_weights: Vector::zeros(D),
    });
    let setting = Setting::new(population, tridiagonal(100), BatchSize::new(4)?)?;
    let task = || {
        let moments = exact::stationary(&setting)?;
        let bits = moments.fluctuation.iter().map(|x| Integer::from(x.denom()).significant_bits()).max();
        Ok(Map::from_iter([("solution_bits".into(), json!(bits))]))
    };
    bench.time("exact::stationary", 0.0, task)
}

pub(super) fn tail_index(S: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let S = u32::try_from(S)?;
    let task = || {
        let index = exact::tail::index(&Rational::from(1), S, 30)?;
        Ok(Map::from_iter([("digits_certified".into(), json!(index.digits()))]))
    };
    bench.time("exact::tail::index", 0.0, task)
}
