//! Whether the moments of one even degree converge, decided without rounding.
//!
//! A step without its noise at v = 0 is z' = A z with a random A, so that Ψ: E\[zᵃ\] ↦ E\[z'ᵃ\] is linear on the moments
//! of degree 2p. Let 𝒞 hold what has E\[f(z)²\] ≥ 0 for every homogeneous polynomial f of degree p: those whose matrix
//! M(a, b) = E\[z^{a+b}\], over the monomials of degree p, is positive semidefinite. It is a closed convex cone without
//! lines, it spans, and Ψ maps it into itself, as E\[f(Az)²\] is a mean of squares of such polynomials.
//!
//! So the spectral radius of Ψ is below r if and only if the solution Y of Y − Ψ(Y)/r = I, with the moments I of a
//! standard Gaussian, exists and has M(Y) ≻ 0: if it is, Y = Σ Ψᵏ(I)/rᵏ exceeds I by an element of 𝒞, and M(I) ≻ 0; and
//! if M(Y) ≻ 0, then Ψ(Y)/r = Y − I lies below (1 − δ)Y for some δ > 0, hence Ψᵏ(Y)/rᵏ → 0, and with it Ψᵏ/rᵏ of all that
//! lies below a multiple of Y, which is all of 𝒞.

use std::collections::BTreeMap;

use numbers::{Matrix, matrix};
use rug::Rational;

use super::step::Step;
use crate::linear;

/// The solution X of X − Ψ(X)/r = R, where the spectral radius of Ψ is below r > 0; `None` where it is not.
pub(crate) fn solve_below(
    step: &Step,
    degree: u32,
    map: &Matrix<Rational>,
    r: &Rational,
    R: &Matrix<Rational>,
) -> Option<Matrix<Rational>> {
    let order = map.nrows();
    let right = Matrix::from_columns(&[R.column(0), step.of_gaussian(degree).column(0)]);
    let solution = linear::solve(&(matrix::identity::<Rational>(order) - map / r.clone()), &right).ok()?;
    let Y = BTreeMap::from_iter(step.moments(degree).into_iter().zip(solution.iter().skip(order)));
    let half = step.moments(degree / 2);
    let M = Matrix::from_fn(half.len(), half.len(), |i, j| {
        Y.get(&(half[i] + half[j])).map_or_else(Rational::new, |&y| y.clone())
    });
    matrix::is_positive_definite(&M).then(|| solution.columns(0, 1).into_owned())
}
