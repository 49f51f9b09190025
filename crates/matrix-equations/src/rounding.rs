//! Bounds on rounding: its unit, γₙ, a margin for the rounding of a bound itself, and proofs of definiteness.
//!
//! A sum of n products in doubles, in whatever order it is formed, is off by at most γₙ times the same sum of absolute
//! values:
//!
//! ```text
//! |fl(Σ aₖbₖ) − Σ aₖbₖ| ≤ γₙ Σ|aₖ||bₖ|,    γₙ = n u/(1 − n u)
//! ```
//!
//! Every certificate of this crate is made of such bounds. They are public, so that a certificate for another equation
//! can be made of the same parts.

use faer::{Mat, MatRef, Side};

/// Half of the distance from 1 to the next double: a bound on the relative error of one operation.
pub const UNIT: f64 = f64::EPSILON / 2.0;

/// Covers the rounding of a bound itself: a few sums of nonnegative numbers one after the other, fewer than 10⁹ at a
/// time. It is applied once, where the bound is complete.
pub const SAFETY: f64 = 1.000_01;

/// γₙ = n u/(1 − n u) for n operations with a relative error of at most u each; `unit` is u.
///
/// # Example
/// ```
/// use matrix_equations::rounding::{UNIT, gamma};
///
/// assert_eq!(gamma(1 << 51, UNIT), 1.0 / 3.0);
/// ```
#[must_use]
pub fn gamma(n: usize, unit: f64) -> f64 {
    let product = n as f64 * unit;
    product / (1.0 - product)
}

/// The rounded sum of a and b, and what rounding took from it: a + b = sum + error, exactly (Knuth).
///
/// # Example
/// ```
/// use matrix_equations::rounding::two_sum;
///
/// assert_eq!(two_sum(1.0, 1e-30), (1.0, 1e-30));
/// ```
#[must_use]
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// Whether a symmetric M ≻ 0, proven; with `margin` also where M, scaled to a unit diagonal, is off by that in norm.
///
/// A Cholesky factorization in doubles that succeeds is exact for a matrix whose entries are off by at most
/// γₙ₊₁ √(Mᵢᵢ Mⱼⱼ)/(1 − γₙ₊₁) (Rump 2006). So with unit diagonal M + sI ≻ 0 for s = n γₙ₊₁/(1 − γₙ₊₁). The
/// factorization is tried with M − cI in place of M, where c = 8n(n + 2)u is more than 2s and covers the rounding of
/// the scaling, too. Only the lower triangle of M is read.
///
/// # Example
/// ```
/// use faer::mat;
/// use matrix_equations::rounding::is_positive_definite;
///
/// assert!(is_positive_definite(mat![[2.0, 1.0], [1.0, 2.0]].as_ref(), 0.0));
/// assert!(!is_positive_definite(mat![[1.0, 1.0], [1.0, 1.0]].as_ref(), 0.0));
/// ```
#[must_use]
pub fn is_positive_definite(M: MatRef<'_, f64>, margin: f64) -> bool {
    let n = M.nrows();
    if M.ncols() != n {
        return false;
    }
    let shift = 4.0 * (n * (n + 2)) as f64 * f64::EPSILON + margin;
    let scale = Vec::from_iter((0..n).map(|k| 1.0 / M[(k, k)].sqrt()));
    if scale.iter().any(|v| !v.is_finite()) {
        return false;
    }
    let scaled = Mat::from_fn(n, n, |i, j| M[(i, j)] * scale[i] * scale[j] - if i == j { shift } else { 0.0 });
    scaled.is_all_finite() && scaled.llt(Side::Lower).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eigenvalues 1 ± x: proven down to about 4 · 8 ε, and of a matrix that may be off down to that.
    #[test]
    fn only_what_is_proven_is_positive_definite() {
        let matrix = |x: f64| faer::mat![[4.0, 2.0 * x], [2.0 * x, 1.0]];
        for (distance, margin, expected) in [
            (33.0 * f64::EPSILON, 0.0, true),
            (31.0 * f64::EPSILON, 0.0, false),
            (0.0, 0.0, false),
            (0.1 + 33.0 * f64::EPSILON, 0.1, true),
            (0.1 + 30.0 * f64::EPSILON, 0.1, false),
        ] {
            assert_eq!(is_positive_definite(matrix(1.0 - distance).as_ref(), margin), expected, "{distance:e}");
        }
        assert!(!is_positive_definite((-matrix(0.0)).as_ref(), 0.0));
        assert!(!is_positive_definite(matrix(f64::NAN).as_ref(), 0.0));
        assert!(!is_positive_definite(Mat::zeros(1, 2).as_ref(), 0.0));
    }
}
