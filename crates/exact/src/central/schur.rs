//! Whether all eigenvalues of a rational matrix lie inside the unit circle, decided without rounding.

use numbers::{Matrix, matrix};
use rug::Rational;

/// Whether the spectral radius is below 1: the Schur–Cohn test of the characteristic polynomial.
pub(super) fn is_contraction(M: &Matrix<Rational>) -> bool {
    // p is stable if and only if |a₀| < |aₙ| and (aₙ p(z) − a₀ zⁿp(1/z))/z is.
    let mut p = characteristic_polynomial(M);
    while p.len() > 1 {
        let (first, last) = (p[0].clone(), p[p.len() - 1].clone());
        if Rational::from(first.abs_ref()) >= Rational::from(last.abs_ref()) {
            return false;
        }
        let reflected = p.iter().rev();
        p = p
            .iter()
            .zip(reflected)
            .skip(1)
            .map(|(a, b)| Rational::from(a * &last) - Rational::from(b * &first))
            .collect();
    }
    true
}

/// det(zI − M) by increasing power of z.
fn characteristic_polynomial(M: &Matrix<Rational>) -> Vec<Rational> {
    let n = M.nrows();
    let mut coefficients = vec![Rational::from(1); n + 1];
    let mut next = matrix::identity(n);
    for k in 1..=n {
        (coefficients[n - k], next) = matrix::faddeev_leverrier_step(M, &next, k);
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cayley_and_hamilton() {
        let M = Matrix::from_row_slice(3, 3, &[2, -1, 3, 0, 4, 1, 5, 2, -2].map(Rational::from));
        let p = characteristic_polynomial(&M);
        let zero =
            p.iter().rev().fold(Matrix::zeros(3, 3), |sum, c| &M * sum + matrix::identity::<Rational>(3) * c.clone());
        assert_eq!(zero, Matrix::zeros(3, 3));
    }

    proptest! {
        /// Triangular matrices show their eigenvalues; a similarity hides them.
        #[test]
        fn eigenvalues_decide(
            numerators in prop::array::uniform3(-9i64..10), others in prop::array::uniform6(-3i64..4)
        ) {
            let q = |n: i64, d: i64| Rational::from((n, d));
            let [a, b, c] = numerators.map(|n| q(n, 8));
            let [x, y, z, r, s, t] = others.map(|n| q(n, 1));
            let o = Rational::new;
            let triangle = Matrix::from_row_slice(3, 3, &[a, x, y, o(), b, z, o(), o(), c]);
            let similarity = Matrix::from_column_slice(3, 3, &[q(1, 1), r, s, o(), q(1, 1), t, o(), o(), q(1, 1)]);
            let M = matrix::inverse(&similarity).unwrap() * triangle * similarity;
            prop_assert_eq!(is_contraction(&M), numerators.iter().all(|n| n.abs() < 8));
        }
    }

    /// Rotations by r: complex eigenvalues of modulus r.
    #[test]
    fn complex_eigenvalues_count_too() {
        for (r, inside) in [((99, 100), true), ((1, 1), false), ((101, 100), false)] {
            let r = Rational::from(r);
            let M = Matrix::from_row_slice(2, 2, &[Rational::new(), -r.clone(), r, Rational::new()]);
            assert_eq!(is_contraction(&M), inside);
        }
    }
}
