//! Small equations over ℚ, for what doubles cannot tell from an equation without a solution.
//!
//! ```text
//! D(X) = Q and D(Y) = I over ℚ;    Y ≻ 0    ⟹    the coefficients are stable
//! ```
//!
//! as in the certificate in doubles, with w = 1. Deliberately absent: larger orders, where fractions grow with the third power of
//! the order, and their number with the sixth.

use rug::Rational;
use symbols::matrix::{self, Matrix};

use super::equation::{Equation, Kind};
use super::{Certificate, Route, Solution};
use crate::rounding::SAFETY;

/// The largest order of an equation that is solved so: 21 unknowns.
const LARGEST: usize = 6;

/// The largest order of a matrix whose rank is found over ℚ.
const LARGEST_RANK: usize = 32;

/// Whether E is singular, and known to be.
pub(super) fn is_singular(E: &Matrix<f64>) -> bool {
    E.nrows() <= LARGEST_RANK && exact(E).is_some_and(|E| matrix::solve(&E, &Matrix::zeros(E.nrows(), 1)).is_err())
}

/// X to the last place, if the coefficients are stable and few.
pub(super) fn solve(equation: &Equation) -> Option<Solution> {
    let n = equation.order();
    if n > LARGEST {
        return None;
    }
    let (A, Q) = (exact(&equation.A)?, exact(&equation.Q)?);
    let E = equation.E.as_deref().map_or_else(|| Some(matrix::identity(n)), exact)?;
    let image = |X: &Matrix<Rational>| match equation.kind {
        Kind::Lyapunov => {
            let half = &A * X * E.transpose();
            -(&half + half.transpose())
        }
        Kind::Stein => &E * X * E.transpose() - &A * X * A.transpose(),
    };
    let pairs = Vec::from_iter((0..n).flat_map(|j| (j..n).map(move |i| (i, j))));
    let unit = |(i, j): (usize, usize)| {
        Matrix::from_fn(n, n, |p, q| Rational::from(u32::from((p, q) == (i, j) || (q, p) == (i, j))))
    };
    let mut D = Matrix::zeros(pairs.len(), pairs.len());
    for (k, &pair) in pairs.iter().enumerate() {
        let image = image(&unit(pair));
        pairs.iter().enumerate().for_each(|(row, &place)| D[(row, k)] = image[place].clone());
    }
    let identity = matrix::identity::<Rational>(n);
    let right = Matrix::from_fn(pairs.len(), 2, |row, k| if k == 0 { &Q } else { &identity }[pairs[row]].clone());
    let found = matrix::solve(&D, &right).ok()?;
    let whole = |column: usize| {
        let place =
            |i: usize, j: usize| pairs.iter().position(|pair| *pair == (i.max(j), i.min(j))).unwrap_or_default();
        Matrix::from_fn(n, n, |i, j| found[(place(i, j), column)].clone())
    };
    let (X, Y) = (whole(0), whole(1));
    if !matrix::is_positive_definite(&Y) {
        return None;
    }
    let nearest = X.map(|v| symbols::nearest_f64(&v));
    let error = exact(&nearest)? - X;
    // The entries are rounded, and so is the norm.
    let error_bound = super::accurate::frobenius(&error.map(|v| symbols::nearest_f64(&v))) * SAFETY;
    let residual = equation.residual(&nearest);
    Some(Solution { X: nearest, certificate: Certificate::Stable { error_bound }, residual, route: Route::Rational })
}

/// `None` where an entry is not finite.
fn exact(M: &Matrix<f64>) -> Option<Matrix<Rational>> {
    let entries: Option<Vec<_>> = M.iter().map(|v| Rational::from_f64(*v)).collect();
    Some(Matrix::from_vec(M.nrows(), M.ncols(), entries?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::diagonal;

    #[test]
    fn singular_is_what_has_no_inverse() {
        assert!(is_singular(&diagonal(&[1.0, 0.0])));
        assert!(is_singular(&Matrix::from_row_slice(2, 2, &[0.1, 0.2, 0.3, 0.6])));
        assert!(!is_singular(&Matrix::from_row_slice(2, 2, &[0.1, 0.2, 0.3, 0.6_f64.next_up()])));
        assert!(!is_singular(&diagonal(&[1e-300, 1.0])));
    }
}
