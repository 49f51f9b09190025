//! Small dense matrices over any [`Scalar`]: the few operations that nalgebra keeps for real and complex fields.

pub(crate) mod dense;
#[cfg(feature = "rational")]
mod semidefinite;

#[cfg(feature = "rational")]
use rug::{Complete, Integer, Rational};

use crate::Scalar;
pub use dense::{Matrix, Singular, Vector};
#[cfg(feature = "rational")]
pub use semidefinite::{Definiteness, definiteness};

/// I of order `order`.
pub fn identity<T: Scalar>(order: usize) -> Matrix<T> {
    Matrix::identity(order, order)
}

/// The 1×1 matrix of a scalar quantity.
pub fn scalar<T: Scalar>(value: T) -> Matrix<T> {
    Matrix::from_element(1, 1, value)
}

/// The trace, Tr\[M\].
pub fn trace<T: Scalar>(M: &Matrix<T>) -> T {
    (0..M.nrows()).fold(T::zero(), |sum, i| sum + &M[(i, i)])
}

/// The outer product x yᵀ.
pub fn outer<T: Scalar>(x: &Vector<T>, y: &Vector<T>) -> Matrix<T> {
    x * y.transpose()
}

/// The congruence X S Xᵀ of a symmetric S; what is zero costs nothing.
pub fn sandwich<T: Scalar>(X: &Matrix<T>, S: &Matrix<T>) -> Matrix<T> {
    let (n, m) = X.shape();
    assert!(S.shape() == (m, m), "sandwich: shapes {:?}, {:?}", X.shape(), S.shape());
    let nonzero = |x: &T| !x.is_zero();
    let mut XS = Matrix::<T>::zeros(n, m);
    let mut product = Matrix::<T>::zeros(n, n);
    for l in 0..m {
        for k in (0..m).filter(|&k| nonzero(&S[(k, l)])) {
            for i in (0..n).filter(|&i| nonzero(&X[(i, k)])) {
                XS[(i, l)] += X[(i, k)].clone() * &S[(k, l)];
            }
        }
        for i in (0..n).filter(|&i| nonzero(&XS[(i, l)])) {
            for j in (0..=i).filter(|&j| nonzero(&X[(j, l)])) {
                product[(i, j)] += XS[(i, l)].clone() * &X[(j, l)];
            }
        }
    }
    product.fill_upper_triangle_with_lower_triangle();
    product
}

/// The rows of X, and below them those of Y.
pub fn stacked<T: Scalar>(X: &Matrix<T>, Y: &Matrix<T>) -> Matrix<T> {
    assert!(X.ncols() == Y.ncols(), "stacked: shapes {:?}, {:?}", X.shape(), Y.shape());
    Matrix::from_rows(&Vec::from_iter(X.row_iter().chain(Y.row_iter())))
}

/// The commutator \[X, Y\] = XY − YX.
pub fn commutator<T: Scalar>(X: &Matrix<T>, Y: &Matrix<T>) -> Matrix<T> {
    X * Y - Y * X
}

/// Whether M = Mᵀ, to the last digit.
pub fn is_symmetric<T: Scalar>(M: &Matrix<T>) -> bool {
    M.is_square() && (0..M.nrows()).all(|i| (0..i).all(|j| M[(i, j)] == M[(j, i)]))
}

/// X with M X = `right`.
///
/// # Errors
/// [`Singular`], with the first column that has no pivot.
///
/// # Example
/// ```
/// use numbers::matrix::{Matrix, solve};
/// let M = Matrix::from_row_slice(2, 2, &[0.0, 2.0, 1.0, 0.0]);
/// assert_eq!(solve(&M, &Matrix::from_row_slice(2, 1, &[4.0, 3.0]))?.as_slice(), [3.0, 2.0]);
/// # Ok::<(), numbers::matrix::Singular>(())
/// ```
pub fn solve<T: Scalar>(M: &Matrix<T>, right: &Matrix<T>) -> Result<Matrix<T>, Singular> {
    T::solve(M, right)
}

/// M⁻¹.
///
/// # Errors
/// [`Singular`], with the first column that has no pivot.
pub fn inverse<T: Scalar>(M: &Matrix<T>) -> Result<Matrix<T>, Singular> {
    solve(M, &identity(M.nrows()))
}

/// An entry after a step of fraction-free elimination (Bareiss): m ← (pm − lr)/q, where p is the pivot of the step and
/// q that of the step before, l stands in the row of m and the column of p, and r in the row of p and the column of m.
///
/// The division leaves no remainder, as every entry is a minor of the matrix.
///
/// # Source
/// Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, Math. Comp. 22 (1968).
#[cfg(feature = "rational")]
pub fn bareiss_step(m: &Integer, p: &Integer, (l, r): (&Integer, &Integer), q: &Integer) -> Integer {
    let mut entry = (m * p).complete();
    entry -= l * r;
    entry.div_exact_mut(q);
    entry
}

/// Step k = 1, 2, … of the recursion of Faddeev and LeVerrier: cₖ = −Tr\[A Nₖ\]/k and Nₖ₊₁ = A Nₖ + cₖ I, from N₁ = I
/// on.
///
/// For A of order n the characteristic polynomial is det(zI − A) = zⁿ + c₁ zⁿ⁻¹ + … + cₙ, and Nₙ is the adjugate of A
/// up to the sign (−1)ⁿ⁻¹: A Nₙ = −cₙ I.
pub fn faddeev_leverrier_step<T: Scalar>(A: &Matrix<T>, N: &Matrix<T>, k: usize) -> (T, Matrix<T>) {
    let AN = A * N;
    let size = trace(&AN) / T::from_integer(k as i64);
    let next = AN - identity::<T>(A.nrows()) * size.clone();
    (-size, next)
}

/// Whether a symmetric matrix is known to have no negative eigenvalue.
#[cfg(feature = "rational")]
pub fn is_positive_semidefinite(M: &Matrix<Rational>) -> bool {
    is_positive_definite(M) || definiteness(M) == Definiteness::Semidefinite
}

/// Whether a symmetric matrix is positive definite: the pivots of fraction-free elimination are its leading minors.
#[cfg(feature = "rational")]
pub fn is_positive_definite(M: &Matrix<Rational>) -> bool {
    let order = M.nrows();
    // Over one common denominator it stays symmetric, and half of it is enough.
    let common = M.iter().fold(Integer::from(1), |common, entry| common.lcm(entry.denom()));
    let whole = |entry: &Rational| (&common / entry.denom()).complete() * entry.numer();
    let mut rows = Vec::from_iter((0..order).map(|i| Vec::from_iter((0..=i).map(|j| whole(&M[(i, j)])))));
    let mut before = Integer::from(1);
    for k in 0..order {
        let pivot = rows[k][k].clone();
        if pivot <= 0 {
            return false;
        }
        let column = Vec::from_iter((k + 1..order).map(|i| rows[i][k].clone()));
        for i in k + 1..order {
            for j in k + 1..=i {
                let outside = (&column[i - k - 1], &column[j - k - 1]);
                rows[i][j] = bareiss_step(&rows[i][j], &pivot, outside, &before);
            }
        }
        before = pivot;
    }
    true
}

#[cfg(test)]
#[cfg(feature = "rational")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rational(order: usize, entries: &[i64]) -> Matrix<Rational> {
        Matrix::from_iterator(order, order, entries.iter().map(|&v| Rational::from(v)))
    }

    /// Whether M is positive definite, by fractions: every pivot of M = L Δ Lᵀ is positive.
    fn has_positive_pivots(M: &Matrix<Rational>) -> bool {
        let mut M = M.clone();
        let order = M.nrows();
        for k in 0..order {
            if M[(k, k)] <= 0 {
                return false;
            }
            for i in k + 1..order {
                let factor = M[(i, k)].clone() / &M[(k, k)];
                for j in k + 1..order {
                    let step = factor.clone() * &M[(k, j)];
                    M[(i, j)] -= step;
                }
            }
        }
        true
    }

    proptest! {
        #[test]
        fn inverse_times_matrix_is_identity(entries in prop::collection::vec(-9i64..10, 9)) {
            let M = rational(3, &entries);
            let Ok(inverse) = inverse(&M) else { return Err(TestCaseError::reject("singular")) };
            prop_assert_eq!(&inverse * &M, identity(3));
            prop_assert_eq!(&M * &inverse, identity(3));
        }

        #[test]
        fn a_gram_matrix_is_positive_definite_exactly_when_invertible(entries in prop::collection::vec(-3i64..4, 9)) {
            let M = rational(3, &entries);
            let gram = &M * M.transpose();
            prop_assert_eq!(is_positive_definite(&gram), inverse(&gram).is_ok());
        }
    }

    proptest! {
        #[test]
        fn minors_and_pivots_agree_on_what_is_positive(entries in prop::collection::vec((-6i64..7, 1i64..4), 16)) {
            let M = Matrix::from_row_iterator(4, 4, entries.iter().map(|&pair| Rational::from(pair)));
            let symmetric = &M + M.transpose() + identity::<Rational>(4) * Rational::from(5);
            prop_assert_eq!(is_positive_definite(&symmetric), has_positive_pivots(&symmetric));
            let gram = &M * M.transpose();
            prop_assert_eq!(is_positive_definite(&gram), inverse(&gram).is_ok());
        }
    }

    proptest! {
        /// N₃ is the adjugate, and what comes after it is zero (Cayley and Hamilton).
        #[test]
        fn the_recursion_of_faddeev_and_leverrier_ends(entries in prop::collection::vec(-9i64..10, 9)) {
            let A = rational(3, &entries);
            let (_, N) = faddeev_leverrier_step(&A, &identity(3), 1);
            let (_, N) = faddeev_leverrier_step(&A, &N, 2);
            let (c, end) = faddeev_leverrier_step(&A, &N, 3);
            prop_assert_eq!(&A * N, -identity::<Rational>(3) * c);
            prop_assert_eq!(end, Matrix::zeros(3, 3));
        }
    }

    #[test]
    fn names_the_column_that_has_no_pivot() {
        let M = rational(2, &[1, 2, 2, 4]);
        assert_eq!(inverse(&M), Err(Singular { order: 2, column: 1 }));
    }
}
