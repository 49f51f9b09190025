//! Linear systems over ℚ: denominators cleared row by row, then integers.

mod elimination;
mod lifting;
mod modular;

use numbers::Matrix;
use rug::{Complete, Integer, Rational};

use crate::ExactError;

/// From this order on, lifting is the faster way.
const LIFTED: usize = 12;

/// X with M X = R, for several right sides at once.
///
/// Rows are cleared of denominators; then Dixon's lifting from one prime, O(n³) word operations and no long fraction on
/// the way. Small systems and those that are singular modulo several primes are eliminated without fractions.
///
/// # Errors
/// [`ExactError::SingularSystem`], [`ExactError::Shape`].
///
/// # Example
/// ```
/// use rug::Rational;
/// use numbers::Matrix;
///
/// let q = |n, d| Rational::from((n, d));
/// let M = Matrix::from_row_slice(2, 2, &[q(1, 2), q(1, 3), q(1, 3), q(1, 4)]);
/// let X = exact::solve(&M, &Matrix::from_row_slice(2, 1, &[q(1, 1), q(0, 1)]))?;
/// assert_eq!(X.as_slice(), [q(18, 1), q(-24, 1)]);
/// # Ok::<(), exact::ExactError>(())
/// ```
pub fn solve(M: &Matrix<Rational>, R: &Matrix<Rational>) -> Result<Matrix<Rational>, ExactError> {
    let order = M.nrows();
    if !M.is_square() || R.nrows() != order {
        return Err(ExactError::Shape { left: M.shape(), right: R.shape() });
    }
    let rows = Vec::from_iter((0..order).map(|i| cleared(M, R, i)));
    if order >= LIFTED
        && let Some(solution) = lifting::solve(&rows, order)
    {
        return Ok(solution);
    }
    elimination::solve(rows, order)
}

/// A row of [M, R] times its least common denominator.
fn cleared(M: &Matrix<Rational>, R: &Matrix<Rational>, i: usize) -> Vec<Integer> {
    let (left, right) = (M.row(i), R.row(i));
    let entries = || left.iter().chain(right.iter());
    let mut common = Integer::from(1);
    for entry in entries().filter(|entry| *entry.denom() != 1) {
        if *entry.denom() != common {
            common.lcm_mut(entry.denom());
        }
    }
    Vec::from_iter(entries().map(|entry| match entry.denom() {
        denominator if *denominator == common => entry.numer().clone(),
        denominator => (&common / denominator).complete() * entry.numer(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn rationals(rows: usize, columns: usize, entries: &[(i64, i64)]) -> Matrix<Rational> {
        Matrix::from_row_iterator(rows, columns, entries.iter().map(|&pair| Rational::from(pair)))
    }

    proptest! {
        #[test]
        fn the_solution_solves(entries in prop::collection::vec((-9i64..10, 1i64..10), 16 + 8)) {
            let (M, R) = (rationals(4, 4, &entries[..16]), rationals(4, 2, &entries[16..]));
            match solve(&M, &R) {
                Ok(X) => prop_assert_eq!(M * X, R),
                Err(_) => prop_assert!(numbers::matrix::inverse(&M).is_err()),
            }
        }
    }

    /// Entries of any length, rows without a common denominator, and solutions with zeros and short denominators.
    fn system(order: usize, length: u32, seed: u64) -> (Matrix<Rational>, Matrix<Rational>) {
        let mut draws = ChaCha8Rng::seed_from_u64(seed);
        let mut long = |bits: u32| {
            let words = (0..bits.div_ceil(32)).map(|_| draws.random::<u32>());
            words.fold(Integer::new(), |sum, word| (sum << 32) + word).keep_bits(bits)
        };
        let mut entry = |zeros: u32| {
            let (numerator, denominator, sign) = (long(length), long(length / 2 + 1) + 1, long(8));
            match sign {
                sign if sign < zeros => Rational::new(),
                sign if sign.is_odd() => -Rational::from((numerator, denominator)),
                _ => Rational::from((numerator, denominator)),
            }
        };
        let M = Matrix::from_fn(order, order, |_, _| entry(128));
        let X = Matrix::from_fn(order, 3, |i, c| if c == 0 && i != 3 { Rational::from(i) } else { entry(64) });
        (M, X)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

        #[test]
        fn lifting_and_elimination_find_the_solution(order in 12usize..24, length in 1u32..200, seed: u64) {
            let (M, X) = system(order, length, seed);
            let R = &M * &X;
            let rows = Vec::from_iter((0..order).map(|i| cleared(&M, &R, i)));
            match elimination::solve(rows.clone(), order) {
                Ok(eliminated) => {
                    prop_assert_eq!(&eliminated, &X);
                    prop_assert_eq!(lifting::solve(&rows, order), Some(X));
                }
                Err(_) => prop_assert_eq!(lifting::solve(&rows, order), None),
            }
        }
    }

    /// Residuals that start longer than a word and then fit one.
    #[test]
    fn a_long_right_side_of_a_short_matrix_is_solved() {
        let (M, R) = system(14, 20, 3);
        let M = M.map(|entry| Rational::from(entry.numer()));
        let R = R.map(|entry| Rational::from(entry.numer()) * (Integer::from(1) << 90) + 1);
        let rows = Vec::from_iter((0..14).map(|i| cleared(&M, &R, i)));
        assert_eq!(M * lifting::solve(&rows, 14).unwrap(), R);
    }

    #[test]
    fn shapes_have_to_fit() {
        let told = solve(&Matrix::zeros(2, 3), &Matrix::zeros(2, 1)).unwrap_err();
        assert_eq!(
            told.to_string(),
            "a linear system of 2×3 with right sides of 2×1: expected a square matrix and as many rows"
        );
        assert_eq!(solve(&Matrix::zeros(0, 0), &Matrix::zeros(0, 0)), Ok(Matrix::zeros(0, 0)));
        assert_eq!(solve(&Matrix::identity(14, 14), &Matrix::zeros(14, 0)), Ok(Matrix::zeros(14, 0)));
    }

    /// Order 20 with a row that is a combination of others: no prime has a pivot, and elimination names the column.
    #[test]
    fn a_singular_system_of_any_order_is_named() {
        let (mut M, R) = system(20, 30, 7);
        let row = M.row(1) + M.row(2) * Rational::from((2, 3));
        M.set_row(5, &row);
        assert_eq!(solve(&M, &R), Err(ExactError::SingularSystem { order: 20, column: 19 }));
    }

    #[test]
    fn names_the_column_that_has_no_pivot() {
        let M = rationals(3, 3, &[(1, 2), (1, 1), (0, 1), (1, 1), (2, 1), (1, 1), (3, 2), (3, 1), (1, 1)]);
        let told = solve(&M, &rationals(3, 1, &[(0, 1); 3]));
        assert_eq!(told, Err(ExactError::SingularSystem { order: 3, column: 1 }));
    }
}
