//! The matrix in integers of like sizes, and what an answer about it may cost.

use std::f64::consts::LOG10_2;

use rug::ops::Pow;
use rug::{Complete, Integer, Rational};

use crate::matrix::dense::Matrix;

/// The rows of a matrix M that are more than their diagonal, as integers nᵢⱼ = q 10^(kᵢ + kⱼ) mᵢⱼ with a diagonal of
/// about q: `whole` holds n, `common` is q, and `exponents` are k.
pub(super) struct Scaled {
    pub(super) whole: Vec<Vec<Integer>>,
    pub(super) common: Integer,
    pub(super) exponents: Vec<i32>,
}

pub(super) fn power_of_ten(exponent: i32) -> Rational {
    let power = Integer::from(10).pow(exponent.unsigned_abs());
    if exponent < 0 { Rational::from((1, power)) } else { power.into() }
}

impl Scaled {
    /// Half of the matrix, by rows.
    pub(super) fn new(M: &Matrix<Rational>, rows: &[usize]) -> Self {
        let exponent = |&i: &usize| {
            let bits = |part: &Integer| f64::from(part.significant_bits());
            let entry = &M[(i, i)];
            (-0.5 * LOG10_2 * (bits(entry.numer()) - bits(entry.denom()))).round() as i32
        };
        let exponents = Vec::from_iter(rows.iter().map(exponent));
        let entry = |i: usize, j: usize| match exponents[i] + exponents[j] {
            0 => M[(rows[i], rows[j])].clone(),
            exponent => M[(rows[i], rows[j])].clone() * power_of_ten(exponent),
        };
        let scaled = Vec::from_iter((0..rows.len()).map(|i| Vec::from_iter((0..=i).map(|j| entry(i, j)))));
        let common =
            scaled.iter().flatten().fold(Integer::from(1), |common, entry| match common.is_divisible(entry.denom()) {
                true => common,
                false => common.lcm(entry.denom()),
            });
        let whole = |entry: &Rational| (&common / entry.denom()).complete() * entry.numer();
        let whole = Vec::from_iter(scaled.iter().map(|row| Vec::from_iter(row.iter().map(whole))));
        Scaled { whole, common, exponents }
    }

    pub(super) fn order(&self) -> usize {
        self.whole.len()
    }

    pub(super) fn entry(&self, i: usize, j: usize) -> &Integer {
        &self.whole[i.max(j)][i.min(j)]
    }
}

/// The nanoseconds, about, that an answer may still take.
pub(super) struct Budget {
    pub(super) left: f64,
}

impl Budget {
    /// Takes so many nanoseconds from the budget; `None` where they were not left.
    pub(super) fn spend(&mut self, nanoseconds: f64) -> Option<()> {
        self.left -= nanoseconds;
        (self.left >= 0.0).then_some(())
    }
}
