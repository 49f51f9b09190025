//! Small equations over ℚ, for what doubles cannot tell from an equation without a solution.
//!
//! ```text
//! D(X) = Q and D(Y) = I over ℚ;    Y ≻ 0    ⟹    the coefficients are stable
//! ```
//!
//! This is the proof of the certificate in doubles, with w = 1. Doubles are whole numbers in units of a power of two,
//! and elimination without fractions keeps them whole: every division is exact. Deliberately absent: larger orders,
//! where the length of the numbers grows with the square of the order, and their count with the sixth power.

use faer::{Mat, MatRef};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::answer::{Route, Solution};
use crate::certificate::Certificate;
use crate::equation::{Equation, Kind, Residual};
use crate::error::EquationError;
use crate::matrix::{entries, frobenius};
use crate::rounding::SAFETY;

/// The largest order of an equation that is solved over ℚ: 21 unknowns.
const LARGEST: usize = 6;

/// The largest order of a matrix whose rank is found over ℚ.
const LARGEST_RANK: usize = 32;

/// The least positive double.
const LEAST: f64 = f64::MIN_POSITIVE * f64::EPSILON;

/// Whether E is known to be singular.
pub(crate) fn is_singular(E: &Mat<f64>) -> bool {
    E.nrows() <= LARGEST_RANK
        && unit([E.as_ref()]).is_some_and(|unit| Whole::new(E.as_ref(), unit).rows_solved(Vec::new()).is_none())
}

/// The coefficients and Q as whole numbers, and D on the lower triangle of X.
struct System {
    kind: Kind,
    /// A and E, in units of 2ᶜ.
    coefficients: [Whole; 2],
    /// Q, in units of 2^q.
    right: Whole,
    /// 2²ᶜ.
    of_D: BigRational,
    /// 2^q.
    of_right: BigRational,
    /// The places of the lower triangle, column by column.
    places: Vec<(usize, usize)>,
}

impl System {
    /// `None` for a large equation, or one with an entry that is not finite.
    fn new(equation: &Equation) -> Option<Self> {
        let n = equation.order();
        if n > LARGEST {
            return None;
        }
        let identity = Mat::identity(n, n);
        let (A, E, Q) = (equation.A.as_ref(), equation.E.as_ref().unwrap_or(&identity).as_ref(), equation.Q.as_ref());
        let (of_coefficients, of_right) = (unit([A, E])?, unit([Q])?);
        Some(System {
            kind: equation.kind,
            coefficients: [A, E].map(|M| Whole::new(M, of_coefficients)),
            right: Whole::new(Q, of_right),
            of_D: power_of_two(2 * of_coefficients),
            of_right: power_of_two(of_right),
            places: (0..n).flat_map(|j| (j..n).map(move |i| (i, j))).collect(),
        })
    }

    /// The image under D of eₚe_qᵀ + e_qeₚᵀ, or of eₚeₚᵀ, in one place; in units of 2²ᶜ.
    fn image(&self, (p, q): (usize, usize), (i, j): (usize, usize)) -> BigInt {
        let [A, E] = &self.coefficients;
        let half = |p: usize, q: usize| match self.kind {
            Kind::Lyapunov => -(A.at(i, p) * E.at(j, q) + E.at(i, p) * A.at(j, q)),
            Kind::Stein => E.at(i, p) * E.at(j, q) - A.at(i, p) * A.at(j, q),
        };
        if p == q { half(p, p) } else { half(p, q) + half(q, p) }
    }

    /// A symmetric matrix from its lower triangle, rounded, and a bound on the Frobenius norm of what rounding did;
    /// `None` where an entry is no double.
    fn rounded(&self, exact: impl IntoIterator<Item = BigRational>) -> Option<(Mat<f64>, f64)> {
        let n = self.right.0.len();
        let [mut matrix, mut errors] = [(); 2].map(|()| Mat::zeros(n, n));
        for (&(i, j), exact) in self.places.iter().zip(exact) {
            let entry = exact.to_f64()?;
            let off = (BigRational::from_float(entry)? - exact).abs();
            // The error is rounded as well; the least double keeps it from vanishing.
            let error = if off.is_zero() { 0.0 } else { off.to_f64()? + LEAST };
            for at in [(i, j), (j, i)] {
                (matrix[at], errors[at]) = (entry, error);
            }
        }
        Some((matrix, frobenius(errors.as_ref()) * SAFETY))
    }
}

/// The residual of X, of which only the last place is rounded; `None` where the equation is large or the residual is
/// no matrix of doubles.
pub(crate) fn residual(equation: &Equation, X: &Mat<f64>) -> Option<Residual> {
    let system = System::new(equation)?;
    let X_over = system.places.iter().map(|&at| BigRational::from_float(X[at])).collect::<Option<Vec<_>>>()?;
    let image = |place| {
        let terms = system.places.iter().zip(&X_over).map(|(&pair, x)| x * system.image(pair, place));
        terms.sum::<BigRational>() * &system.of_D
    };
    let exact = system.places.iter().map(|&(i, j)| &system.of_right * system.right.at(i, j) - image((i, j)));
    let (matrix, rounding) = system.rounded(exact)?;
    // ‖D‖ ‖X‖ may be no double.
    let [a, e] = equation.coefficient_norms().map(BigRational::from_float);
    let (terms, R) = (equation.kind.norm(a?, e?) * norm(X)? + norm(&equation.Q)?, norm(&matrix)?);
    let relative = if terms.is_zero() { 0.0 } else { (R / terms).to_f64()? };
    Some(Residual { matrix, rounding, relative })
}

/// ‖M‖, which may be no double although all entries are.
fn norm(M: &Mat<f64>) -> Option<BigRational> {
    let largest = M.norm_max();
    if largest == 0.0 {
        return Some(BigRational::zero());
    }
    Some(BigRational::from_float(largest)? * BigRational::from_float(M.map(|v| v / largest).norm_l2())?)
}

/// X to the last place, if the coefficients are stable and few; an overflow where X or its residual is no matrix of
/// doubles.
pub(crate) fn solve(equation: &Equation) -> Option<Result<Solution, EquationError>> {
    let system = System::new(equation)?;
    let (n, places) = (equation.order(), &system.places);
    let D = Whole(places.iter().map(|&place| places.iter().map(|&pair| system.image(pair, place)).collect()).collect());
    let right =
        places.iter().map(|&(i, j)| vec![system.right.at(i, j).clone(), BigInt::from(u8::from(i == j))]).collect();
    let Solved { numerators, denominator } = D.rows_solved(right)?;
    let at = |i: usize, j: usize| {
        let place = (i.max(j), i.min(j));
        &numerators[places.iter().position(|other| *other == place).unwrap_or_default()]
    };
    // Y is its numerators over one denominator, whose sign counts.
    let Y = Whole((0..n).map(|i| (0..n).map(|j| &at(i, j)[1] * denominator.signum()).collect()).collect());
    if !Y.has_positive_minors() {
        return None;
    }
    let unit = &system.of_right / &system.of_D;
    let exact = numerators.iter().map(|row| BigRational::new(row[0].clone(), denominator.clone()) * &unit);
    let Some((X, error_bound)) = system.rounded(exact) else {
        return Some(Err(EquationError::Overflow { quantity: "X" }));
    };
    let certificate = Certificate::Stable { error_bound };
    let residual = equation.checked_residual(X.as_ref());
    Some(residual.map(|residual| Solution { X, certificate, residual, route: Route::Rational }))
}

/// The largest k for which all entries are whole numbers in units of 2ᵏ; `None` where one is not finite.
fn unit<'m>(matrices: impl IntoIterator<Item = MatRef<'m, f64>>) -> Option<i64> {
    let mut unit = None;
    for v in matrices.into_iter().flat_map(entries) {
        if !v.is_finite() {
            return None;
        }
        if v != 0.0 {
            let (mantissa, exponent) = decoded(v);
            let k = exponent + i64::from(mantissa.trailing_zeros());
            unit = Some(unit.map_or(k, |least: i64| least.min(k)));
        }
    }
    Some(unit.unwrap_or(0))
}

/// The m and k with |v| = m 2ᵏ.
fn decoded(v: f64) -> (u64, i64) {
    let bits = v.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    match exponent {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, exponent.cast_signed() - 1075),
    }
}

fn power_of_two(k: i64) -> BigRational {
    let power = BigRational::from_integer(BigInt::one() << k.unsigned_abs());
    if k < 0 { power.recip() } else { power }
}

/// A matrix of whole numbers, row by row.
struct Whole(Vec<Vec<BigInt>>);

/// X = numerators/denominator, row by row.
struct Solved {
    numerators: Vec<Vec<BigInt>>,
    denominator: BigInt,
}

impl Whole {
    /// M, which is one of whole numbers in units of 2ᵏ.
    fn new(M: MatRef<'_, f64>, k: i64) -> Self {
        let whole = |v: f64| {
            let (mantissa, exponent) = decoded(v);
            let (shift, magnitude) = (exponent - k, BigInt::from(mantissa));
            let magnitude =
                if shift < 0 { magnitude >> shift.unsigned_abs() } else { magnitude << shift.unsigned_abs() };
            if v < 0.0 { -magnitude } else { magnitude }
        };
        Whole((0..M.nrows()).map(|i| (0..M.ncols()).map(|j| whole(M[(i, j)])).collect()).collect())
    }

    fn at(&self, i: usize, j: usize) -> &BigInt {
        &self.0[i][j]
    }

    /// X with M X = `right`, whose rows may be left out where only the rank counts; `None` where M is singular.
    ///
    /// Elimination above and below the diagonal after Bareiss: entry (i, j) after step k is a minor of order k + 1, so
    /// that the division by the pivot before leaves no remainder.
    fn rows_solved(mut self, right: Vec<Vec<BigInt>>) -> Option<Solved> {
        let n = self.0.len();
        let solving = !right.is_empty();
        self.0.iter_mut().zip(right).for_each(|(row, right)| row.extend(right));
        let mut before = BigInt::one();
        for k in 0..n {
            let pivot = (k..n).find(|&i| !self.0[i][k].is_zero())?;
            if pivot != k {
                self.0.swap(k, pivot);
                // A determinant keeps its sign if one row changes its own.
                self.0[k].iter_mut().for_each(|v| *v = -std::mem::take(v));
            }
            let row = self.0[k].clone();
            for (_, other) in self.0.iter_mut().enumerate().filter(|(i, _)| *i > k || solving && *i < k) {
                let factor = other[k].clone();
                for (entry, pivots) in other.iter_mut().zip(&row).skip(k + 1) {
                    *entry = (&*entry * &row[k] - &factor * pivots) / &before;
                }
            }
            before = row[k].clone();
        }
        let numerators = self.0.into_iter().map(|mut row| row.split_off(n)).collect();
        Some(Solved { numerators, denominator: before })
    }

    /// Whether a symmetric matrix is positive definite: its leading minors are the pivots of elimination without
    /// fractions.
    fn has_positive_minors(mut self) -> bool {
        let n = self.0.len();
        let mut before = BigInt::one();
        for k in 0..n {
            let row = self.0[k].clone();
            if !row[k].is_positive() {
                return false;
            }
            for other in &mut self.0[k + 1..] {
                let factor = other[k].clone();
                for (entry, above) in other.iter_mut().zip(&row).skip(k + 1) {
                    *entry = (&*entry * &row[k] - &factor * above) / &before;
                }
            }
            before = row[k].clone();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use faer::mat;
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::examples::diagonal;

    #[test]
    fn singular_is_what_has_no_inverse() {
        assert!(is_singular(&diagonal(&[1.0, 0.0])));
        assert!(is_singular(&mat![[0.1, 0.2], [0.3, 0.6]]));
        assert!(!is_singular(&mat![[0.1, 0.2], [0.3, 0.6_f64.next_up()]]));
        assert!(!is_singular(&diagonal(&[1e-300, 1.0])));
        assert!(is_singular(&mat![[0.0, 5e-324], [0.0, f64::MAX]]));
    }

    fn whole(entries: &[i32], columns: usize) -> Whole {
        Whole(entries.chunks(columns).map(|row| row.iter().map(|&v| BigInt::from(v)).collect()).collect())
    }

    proptest! {
        /// M (numerators) = denominator · right, and no answer only where a vector of the kernel is found.
        #[test]
        fn a_solution_solves(
            entries in prop::collection::vec(-2i32..3, 16), right in prop::collection::vec(-9i32..10, 8),
        ) {
            let M = whole(&entries, 4);
            let right = whole(&right, 2);
            match whole(&entries, 4).rows_solved(right.0.clone()) {
                Some(Solved { numerators, denominator }) => {
                    for (i, j) in (0..4).flat_map(|i| [(i, 0), (i, 1)]) {
                        let image = (0..4).map(|k| M.at(i, k) * &numerators[k][j]).sum::<BigInt>();
                        prop_assert_eq!(image, right.at(i, j) * &denominator);
                    }
                }
                None => {
                    let double = Mat::from_fn(4, 4, |i, j| f64::from(entries[4 * i + j]));
                    prop_assert!(double.singular_values().unwrap()[3] < 1e-9);
                }
            }
        }

        /// M Mᵀ is positive definite exactly where M is regular.
        #[test]
        fn a_gram_matrix_is_positive_definite_exactly_when_regular(entries in prop::collection::vec(-2i32..3, 9)) {
            let M = whole(&entries, 3);
            let gram = |i: usize, j: usize| (0..3).map(|k| M.at(i, k) * M.at(j, k)).sum::<BigInt>();
            let gram = Whole((0..3).map(|i| (0..3).map(|j| gram(i, j)).collect()).collect());
            prop_assert_eq!(gram.has_positive_minors(), M.rows_solved(Vec::new()).is_some());
        }

        /// Any double is its whole number times the unit.
        #[test]
        fn whole_numbers_keep_every_digit(v in any::<f64>(), w in any::<f64>()) {
            prop_assume!(v.is_finite() && w.is_finite());
            let M = mat![[v, w]];
            let unit = unit([M.as_ref()]).unwrap();
            let found = Whole::new(M.as_ref(), unit);
            for (j, expected) in [v, w].into_iter().enumerate() {
                let back = BigRational::from_integer(found.at(0, j).clone()) * power_of_two(unit);
                prop_assert_eq!(back, BigRational::from_float(expected).unwrap());
            }
        }
    }
}
