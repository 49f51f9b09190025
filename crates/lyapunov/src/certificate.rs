//! A proof of stability, and a bound on the error of an answer.
//!
//! Let Y ≻ 0 with Y − Φ(Y) ⪰ (1 − δ)Q, Q ≻ 0, δ < 1. As Φ is positive, Φ(Y) ⪯ Y − (1 − δ)Q ≺ Y proves that its spectral
//! radius is below 1. An approximation P̃ with the residual R = P̃ − Φ(P̃) − JC₀Jᵀ is off by the E with E − Φ(E) = R;
//! and −rQ ⪯ R ⪯ rQ gives, as (id − Φ)⁻¹ = id + Φ + Φ² + … is positive too,
//!
//! ```text
//! −(r/(1 − δ)) Y ⪯ E ⪯ (r/(1 − δ)) Y,    hence    ‖E_vv‖ ≤ (r/(1 − δ)) ‖Y_vv‖    in any unitarily invariant norm
//! ```
//!
//! (E_vv = Y^½ X Y^½ with ‖X‖₂ ≤ 1, and a product that is normal is not larger in norm than one with its factors
//! exchanged.)
//!
//! Q is (VᵀV)⁻¹ for a V that makes every direction and every step count in its own units, so that r = ‖VRVᵀ‖ and δ =
//! ‖V(Y − Φ(Y))Vᵀ − I‖; if δ < 1, V has an inverse.
//!
//! Everything that rounding can have done to Y − Φ(Y) and to R is part of δ and of r ([`rounding`](crate::rounding)).

use matrix_equations::rounding::{SAFETY, gamma, is_positive_definite};
use numbers::Matrix;

use crate::arithmetic::{Arithmetic, view};
use crate::rounding::{Magnitude, Rounded, Rounding};
use crate::witness::Witness;

/// Up to this many rows the cost of two more products does not count.
const FEW_ROWS: usize = 128;

/// A part of δ that may decide whether anything is proven.
const LARGE_ROUNDING: f64 = 0.1;

/// The inequality, proven for one Y.
pub(crate) struct Certificate {
    /// V.
    scaling: Matrix<f64>,
    /// |V|.
    absolute: Matrix<f64>,
    /// ‖VVᵀ‖ in the Frobenius norm, not below ‖V‖². Rounding is a part of √n γₙ of it.
    square: f64,
    /// δ.
    delta: f64,
    /// Y_vv.
    size: Matrix<f64>,
    /// A bound on ‖VYVᵀ‖₂.
    reach: f64,
}

impl Certificate {
    /// The certificate by the inequality for Y; `None` where nothing is proven.
    pub(crate) fn new<T: Arithmetic>(magnitude: &Magnitude<T>, witness: Witness) -> Option<Self> {
        let Witness { Y, scaling } = witness;
        if Y.iter().chain(&scaling).any(|v| !v.is_finite()) || !is_positive_definite(view(&Y), 0.0) {
            return None;
        }
        let (rows, absolute) = (scaling.nrows(), scaling.abs());
        let square = f64::symmetric_product(&scaling, &scaling).norm();
        let D = magnitude.step.dimension();
        let size = Y.view((0, 0), (D, D)).into_owned();
        let mut certificate = Certificate { scaling, absolute, square, delta: 0.0, size, reach: 0.0 };
        certificate.delta = certificate.scaled(&magnitude.settled(&Y.map(T::of)), &Matrix::identity(rows, rows));
        let value = Rounded { value: Y, rounding: Rounding::default() };
        certificate.reach = certificate.scaled(&value, &Matrix::zeros(rows, rows));
        // NaN proves nothing either.
        (certificate.delta < 1.0).then_some(certificate)
    }

    /// ρ with −ρY ⪯ E ⪯ ρY for the E with E − Φ(E) = R.
    pub(crate) fn error(&self, R: &Rounded) -> Error<'_> {
        let rows = self.scaling.nrows();
        let factor = self.scaled(R, &Matrix::zeros(rows, rows)) * SAFETY / (1.0 - self.delta);
        Error { factor, size: &self.size }
    }

    /// A lower bound on 1 less the spectral radius: Φ(Y) ⪯ Y − (1 − δ)Q, and Q ⪰ Y/‖VYVᵀ‖₂.
    pub(crate) fn gap(&self) -> f64 {
        (1.0 - self.delta) / (self.reach * SAFETY)
    }

    /// A bound on ‖VRVᵀ − Q‖.
    fn scaled(&self, R: &Rounded, Q: &Matrix<f64>) -> f64 {
        let V = &self.scaling;
        let value = f64::symmetric_product(&f64::product(V, &R.value), V) - Q;
        // Two products and what led to R's last place.
        let gamma = gamma(2 * V.nrows() + 8, f64::UNIT);
        let mut rounding = gamma * V.norm_squared() * R.value.norm();
        // Where directions have units of very different size: entry by entry, at the price of two products more.
        if V.nrows() <= FEW_ROWS || rounding > LARGE_ROUNDING {
            let entries = f64::product(&f64::product(&self.absolute, &R.value.abs()), &self.absolute.transpose());
            rounding = rounding.min(gamma * entries.norm());
        }
        (value.norm() + rounding + R.rounding.norm_between(&self.absolute, self.square)) * SAFETY
    }
}

/// −ρY ⪯ E ⪯ ρY.
#[derive(Clone, Copy)]
pub(crate) struct Error<'a> {
    /// ρ.
    pub(crate) factor: f64,
    /// Y_vv.
    pub(crate) size: &'a Matrix<f64>,
}

impl Error<'_> {
    /// A bound on ‖E_vv‖.
    pub(crate) fn norm(&self) -> f64 {
        self.factor * self.size.norm() * SAFETY
    }

    /// A bound on |E_ij|: ρ√(Y_ii Y_jj).
    pub(crate) fn entries(&self) -> Matrix<f64> {
        let root = self.size.diagonal().map(f64::sqrt);
        Matrix::from_fn(root.len(), root.len(), |i, j| self.factor * root[i] * root[j] * SAFETY)
    }
}

#[cfg(test)]
mod tests {
    use numbers::Vector;
    use numbers::matrix::scalar;

    use super::*;
    use crate::examples::one_weight;
    use crate::step::Step;

    /// Φ multiplies by 1 − 2λ + 3λ².
    fn certificate(lambda: f64, Y: f64) -> Option<Certificate> {
        let setting = one_weight(lambda, 1);
        let step = Step::of_setting(&setting);
        let magnitude = Magnitude::new(&step, setting.weight_decay());
        Certificate::new(&magnitude, Witness { Y: scalar(Y), scaling: scalar(1.0) })
    }

    #[test]
    fn only_a_positive_y_proves_anything() {
        // (1 − 3/4) Y = 1 is solved by 4, and (1 − 2) Y = 1 by −1.
        assert!(certificate(0.5, 4.0).is_some());
        assert!(certificate(1.0, -1.0).is_none());
        assert!(certificate(1.0, 1.0).is_none());
        assert!(certificate(0.5, f64::NAN).is_none());
    }

    /// E/4 = R.
    #[test]
    fn a_residual_is_an_error() {
        let R = Rounded { value: scalar(-0.5), rounding: Default::default() };
        let bound = certificate(0.5, 4.0).unwrap().error(&R).norm();
        assert!((2.0..2.001).contains(&bound), "{bound}");
        // A poorer Y proves less.
        let bound = certificate(0.5, 3.0).unwrap().error(&R).norm();
        assert!((2.0..2.001).contains(&bound), "{bound}");
        let bound = certificate(0.5, 5.0).unwrap().error(&R).norm();
        assert!((3.33..3.34).contains(&bound), "{bound}");
    }

    /// V = [1, 1; 1, −1], R = I/2 and VRVᵀ = Q = I: nothing is left but the rounding of two products, 12 u
    /// ‖|V||R||V|ᵀ‖, and that of R, 2 ‖|V|a‖ ‖|V|b‖ or 2 ‖VVᵀ‖ ‖a‖ ‖b‖.
    #[test]
    fn rounding_is_that_computed_by_hand() {
        let scaling = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, -1.0]);
        let (absolute, square) = (scaling.abs(), 8.0_f64.sqrt());
        let certificate = Certificate { scaling, absolute, square, delta: 0.5, size: scalar(3.0), reach: 1.0 };
        // The safety of a part in 10⁵ is there too.
        let close = |found: f64, expected: f64| {
            assert!((1.000_009..1.0001).contains(&(found / expected)), "{found:e}, not {expected:e}");
        };
        let x = 1e-7;
        for (a, b, of_residual) in [
            ([0.0, 0.0], [0.0, 0.0], 0.0),
            ([x, 0.0], [0.0, 3.0 * x], 2.0 * 2.0 * 3.0),
            ([x, x], [2.0 * x, 2.0 * x], 2.0 * 8.0_f64.sqrt() * 4.0),
        ] {
            let rounding = Rounding(vec![(Vector::from_row_slice(&a), Vector::from_row_slice(&b))]);
            let R = Rounded { value: Matrix::identity(2, 2) * 0.5, rounding };
            let of_products = 12.0 * f64::UNIT * 2.0;
            close(certificate.scaled(&R, &Matrix::identity(2, 2)), of_products + of_residual * x * x);
        }
        // ‖VRVᵀ‖ ‖Y_vv‖/(1 − δ).
        let R = Rounded { value: Matrix::identity(2, 2) * 0.5, rounding: Rounding::default() };
        close(certificate.error(&R).norm(), 2.0_f64.sqrt() * 3.0 / 0.5 * SAFETY * SAFETY);
    }
}
