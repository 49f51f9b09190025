//! Whether a symmetric matrix over ℚ is positive semidefinite: decided by proof, the singular ones included.
//!
//! Each answer has a witness of its own. A vector x with xᵀMx < 0, evaluated over ℚ, proves that M is indefinite; where
//! it came from does not matter. A Cholesky factorization of M − cI that runs to its end proves that M is positive
//! definite, as its rounding moves M by less than c (S. M. Rump, Verification of positive definiteness, BIT 46, 2006).
//! A singular M has some rows K whose block M_KK is positive definite in that sense, and nothing left below them:
//!
//! ```text
//! S = M_LL − M_LK M_KK⁻¹ M_KL = 0
//! ```
//!
//! Every entry of S is a minor of M over det M_KK. A minor of integers that vanishes modulo primes whose product
//! exceeds Hadamard's bound on it is zero ([`modular`]), and so S = 0 is proved without a long fraction.
//!
//! Rows and columns are scaled by powers of ten first, so that units do not matter, and decimals stay short.

mod factor;
mod modular;
mod scaled;

use rug::{Integer, Rational};

use super::dense::Matrix;
use crate::nearest_f64;
use factor::Factor;
use scaled::{Budget, Scaled, power_of_ten};

/// About how many nanoseconds an answer may take.
const BUDGET: f64 = 2e9;
/// Bits of the first factorization beyond doubles.
const BITS: u32 = 128;
/// Bits of a direction that comes from doubles.
const DIRECTION_BITS: i32 = 40;
/// Order up to which eigenvectors in doubles are asked for a direction.
const LARGEST_EIGENPROBLEM: usize = 300;

/// What is proved about a symmetric matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definiteness {
    /// No eigenvalue is negative.
    Semidefinite,
    /// An eigenvalue is negative.
    Indefinite {
        /// A negative number, which the smallest eigenvalue does not exceed.
        eigenvalue: Rational,
    },
    /// The matrix is within rounding of a singular one, and too large for an exact answer in seconds.
    Undecided,
}

/// Whether the symmetric matrix M has a negative eigenvalue.
///
/// This takes D³/3 operations of doubles where the answer is clear, and seconds at most where it is not. Up to D = 200
/// with entries of 17 digits it is always decided.
pub fn definiteness(M: &Matrix<Rational>) -> Definiteness {
    if let Some(eigenvalue) = small_minor(M) {
        return Definiteness::Indefinite { eigenvalue: least(M, Some(eigenvalue.clone())).unwrap_or(eigenvalue) };
    }
    // The other rows have nothing but their diagonal, which is not negative.
    let is_coupled = |&i: &usize| (0..M.nrows()).any(|j| i != j && M[(i, j)] != 0);
    let rows = Vec::from_iter((0..M.nrows()).filter(is_coupled));
    if rows.is_empty() {
        return Definiteness::Semidefinite;
    }
    let scaled = Scaled::new(M, &rows);
    if scaled.is_clearly_definite() {
        return Definiteness::Semidefinite;
    }
    match least(M, None) {
        Some(eigenvalue) => Definiteness::Indefinite { eigenvalue },
        None => scaled.decide(),
    }
}

/// A negative bound on the smallest eigenvalue, from entries of the diagonal and minors of two rows.
fn small_minor(M: &Matrix<Rational>) -> Option<Rational> {
    let mut smallest = Rational::new();
    for i in 0..M.nrows() {
        for j in 0..=i {
            let quotient = if i == j {
                M[(i, i)].clone()
            } else {
                let (a, b, c) = (&M[(i, i)], &M[(i, j)], &M[(j, j)]);
                if *b == 0 || *a < 0 || *c < 0 || Rational::from(a * c) >= Rational::from(b * b) {
                    continue;
                }
                let (a, c) = (a.max(c), a.min(c));
                // The vector (−b/a, 1), or (∓1, 1) where both are zero.
                let t = if *a == 0 { Rational::from(b.cmp0() as i32) } else { Rational::from(b / a) };
                let product = c - Rational::from(2 * &t) * b + Rational::from(t.square_ref()) * a;
                product / (t.square() + 1u32)
            };
            smallest = smallest.min(quotient);
        }
    }
    (smallest < 0).then_some(smallest)
}

/// The least negative number among `known` and what the last eigenvector in doubles proves.
fn least(M: &Matrix<Rational>, known: Option<Rational>) -> Option<Rational> {
    let quotient = last_direction(M).map(|x| {
        let row = |i: usize| -> Rational { (0..x.len()).map(|j| Rational::from(&M[(i, j)] * &x[j])).sum() };
        let product: Rational = (0..x.len()).map(|i| row(i) * &x[i]).sum();
        product / x.iter().map(Integer::square_ref).sum::<Integer>()
    });
    quotient.into_iter().chain(known).min().filter(|least| *least < 0)
}

/// Integers, not all of them zero, along the eigenvector of the smallest eigenvalue.
fn last_direction(M: &Matrix<Rational>) -> Option<Vec<Integer>> {
    let D = M.nrows();
    let largest = M.iter().map(|entry| entry.clone().abs()).max().filter(|largest| *largest != 0)?;
    let doubles = (D <= LARGEST_EIGENPROBLEM).then(|| M.map(|entry| nearest_f64(&(entry / &largest))))?;
    let eigen = nalgebra::SymmetricEigen::try_new(doubles, f64::EPSILON, 100 * D)?;
    let vector = eigen.eigenvectors.column(eigen.eigenvalues.imin());
    let unit = 2f64.powi(DIRECTION_BITS) / vector.amax();
    let whole = Vec::from_iter(vector.iter().filter_map(|x| Integer::from_f64((x * unit).round())));
    (whole.len() == D && whole.iter().any(|x| *x != 0)).then_some(whole)
}

impl Scaled {
    /// Whether doubles prove that the matrix is positive definite.
    ///
    /// The largest entry of a row is on the diagonal, within a factor of 100, so that the rounding of the entries, of
    /// the shift and of the factorization together is below (n + 8)ε times the trace.
    fn is_clearly_definite(&self) -> bool {
        let n = self.order();
        let double = |entry: &Integer| nearest_f64(&Rational::from((entry, &self.common)));
        let doubles = Matrix::from_fn(n, n, |i, j| if i >= j { double(self.entry(i, j)) } else { 0.0 });
        let shift = 2.0 * (n as f64 + 8.0) * f64::EPSILON * doubles.trace();
        (doubles - Matrix::identity(n, n) * shift).cholesky().is_some()
    }

    /// The answer by longer numbers, whose length doubles until it is decided or the budget is spent.
    fn decide(&self) -> Definiteness {
        let mut budget = Budget { left: BUDGET };
        let mut bits = BITS;
        loop {
            let Some(factor) = Factor::new(self, bits, &mut budget) else { return Definiteness::Undecided };
            if let Some(eigenvalue) = factor.directions().into_iter().filter_map(|x| self.quotient(&x)).min() {
                return Definiteness::Indefinite { eigenvalue };
            }
            let rest_is_zero = match factor.rest().is_empty() {
                true => Some(true),
                false => modular::is_zero_below(self, factor.pivots(), factor.rest(), &mut budget),
            };
            match rest_is_zero {
                Some(true) => match factor::is_definite(self, factor.pivots(), bits, &mut budget) {
                    Some(true) => return Definiteness::Semidefinite,
                    Some(false) => {}
                    None => return Definiteness::Undecided,
                },
                Some(false) => {}
                None => return Definiteness::Undecided,
            }
            bits *= 2;
        }
    }

    /// The Rayleigh quotient of the matrix itself where it is negative.
    fn quotient(&self, y: &[Integer]) -> Option<Rational> {
        let n = self.order();
        let mut product = Integer::new();
        for i in 0..n {
            let row: Integer = (0..n).map(|j| self.entry(i, j) * &y[j]).sum();
            product += row * &y[i];
        }
        if product >= 0 {
            return None;
        }
        let scaled = y.iter().zip(&self.exponents).map(|(y, k)| (power_of_ten(*k) * y).square());
        Some(Rational::from((product, &self.common)) / scaled.sum::<Rational>())
    }
}

#[cfg(test)]
mod tests;
