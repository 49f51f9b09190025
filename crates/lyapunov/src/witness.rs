//! A Y for the inequality of the [certificate](crate::certificate), and the units in which it is read.
//!
//! In the coordinates of [`modes`](crate::modes) a step without noise moves each (sᵢ, qᵢ) by itself, z' = Fᵢz. Diagonal
//! αᵢ and βᵢ on the right of Y − Φ(Y) = Q then add to the diagonal of Y alone what Gᵢ = Σₖ Fᵢᵏ diag(αᵢ, βᵢ) Fᵢᵏᵀ holds;
//! the noise adds what eq. (3) makes of it. So
//!
//! ```text
//! d∘X − Ĉ(X) = d∘diag((Gᵢ)ₛₛ),    Y = joint(X − diag((Gᵢ)ₛₛ)) + diag(Gᵢ)
//! ```
//!
//! α and β are chosen so that Y is of the size of the answer in every direction. Nothing here has to be exact: the
//! certificate judges any Y.

use numbers::{Matrix, matrix};

use crate::conjugate::{Goal, Operator, Stop};
use crate::dense;
use crate::modes::Modes;
use crate::packed::unpacked;
use crate::step::{Step, stacked};

/// The largest residual of Y that is left, in units of Q.
const RESIDUAL: f64 = 0.1;

pub(crate) struct Witness {
    /// Y, on the joint second moments.
    pub(crate) Y: Matrix<f64>,
    /// V, with Q = (VᵀV)⁻¹.
    pub(crate) scaling: Matrix<f64>,
}

impl Witness {
    /// The witness for an answer X in the coordinates of the modes.
    pub(crate) fn of_modes(
        modes: &Modes,
        operator: &Operator,
        X: &Matrix<f64>,
        step: &Step<f64>,
    ) -> Result<Self, Stop> {
        let n = modes.count();
        let sizes = sizes(X.diagonal().as_slice());
        let alone = Vec::from_iter((0..n).map(|i| Alone::new(modes.pull(i), modes.momentum(), sizes[i])));
        let drift = unpacked(&modes.drift(), n);
        let Q = Matrix::from_fn(n, n, |i, j| if i == j { drift[(i, i)] * alone[i].moments[0] } else { 0.0 });
        let units = Vec::from_iter(alone.iter().map(|a| a.alpha.min(a.beta.unwrap_or(f64::INFINITY)).sqrt()));
        let Y = operator.solve(&Q, &Goal::absolute(&units, RESIDUAL), &mut ())?.X;

        let of_noise = Matrix::from_fn(n, n, |i, j| Y[(i, j)] - if i == j { alone[i].moments[0] } else { 0.0 });
        let diagonal = |k: usize| Matrix::from_fn(n, n, |i, j| if i == j { alone[i].moments[k] } else { 0.0 });
        let dual = modes.dual();
        let outward = |M: Matrix<f64>| modes.outward(&M);
        let scaled = |alpha: &dyn Fn(usize) -> f64| Matrix::from_fn(n, n, |i, j| dual[(j, i)] / alpha(i).sqrt());
        let first = scaled(&|i| alone[i].alpha);
        if modes.momentum() == 0.0 {
            return Ok(Witness { Y: outward(Y), scaling: first });
        }
        let second = scaled(&|i| alone[i].beta.unwrap_or(1.0));
        let [own, across, of_steps] = [0, 1, 2].map(|k| outward(diagonal(k)));
        let zero = Matrix::zeros(n, n);
        Ok(Witness {
            Y: step.joint(&outward(of_noise)) + stacked(&[&[&own, &across], &[&across, &of_steps]]),
            scaling: stacked(&[&[&first, &zero], &[&zero, &second]]),
        })
    }

    /// The witness for an answer P of the definition.
    pub(crate) fn of_equation(equation: &dense::Equation, P: &Matrix<f64>) -> Self {
        let Q = Matrix::from_diagonal(&numbers::Vector::from_vec(sizes(P.diagonal().as_slice())));
        Witness { Y: equation.solve(&Q), scaling: Q.map(|v| if v > 0.0 { 1.0 / v.sqrt() } else { 0.0 }) }
    }
}

/// A size for each direction: a direction without noise takes a small part of the largest size, and without any noise
/// all sizes are 1.
fn sizes(diagonal: &[f64]) -> Vec<f64> {
    let largest = diagonal.iter().copied().fold(0.0, f64::max);
    let floor = if largest > 0.0 { largest * f64::EPSILON.sqrt() } else { 1.0 };
    diagonal.iter().map(|v| v.max(0.0) + floor).collect()
}

/// One coordinate without noise: G, and the α and β behind it.
struct Alone {
    alpha: f64,
    beta: Option<f64>,
    /// Gₛₛ, Gₛq, Gqq.
    moments: [f64; 3],
}

impl Alone {
    /// α and β add `size` to Gₛₛ each.
    fn new(h: f64, mu: f64, size: f64) -> Self {
        if mu == 0.0 {
            let alpha = size * h * (2.0 - h);
            return Alone { alpha, beta: None, moments: [size, 0.0, 0.0] };
        }
        // G = F G Fᵀ + diag(α, β) as three equations.
        let (a, b, c, d) = (1.0 - h, -mu, h, mu);
        let moved = [a * a, 2.0 * a * b, b * b, a * c, a * d + b * c, b * d, c * c, 2.0 * c * d, d * d];
        let equations = Matrix::identity(3, 3) - Matrix::from_row_slice(3, 3, &moved);
        let right = Matrix::from_row_slice(3, 2, &[1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        let Ok(G) = matrix::solve(&equations, &right) else {
            return Alone { alpha: f64::NAN, beta: None, moments: [f64::NAN; 3] };
        };
        let (alpha, beta) = (size / G[(0, 0)], size / G[(0, 1)]);
        Alone { alpha, beta: Some(beta), moments: [0, 1, 2].map(|k| alpha * G[(k, 0)] + beta * G[(k, 1)]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_direction_has_a_size() {
        let floor = f64::EPSILON.sqrt();
        assert_eq!(sizes(&[4.0, 0.0, -1.0]), [4.0 + 4.0 * floor, 4.0 * floor, 4.0 * floor]);
        assert_eq!(sizes(&[0.0, 0.0]), [1.0, 1.0]);
    }

    /// G − F G Fᵀ = diag(α, β) for F = [1 − h, −μ; h, μ], where α and β alone make a Gₛₛ of half of it.
    #[test]
    fn a_coordinate_alone_settles_at_its_size() {
        for (h, mu) in [(0.5, 0.25), (1.75, 0.0), (0.125, 0.9), (3.0, 0.75)] {
            let alone = Alone::new(h, mu, 3.0);
            let [a, b, c] = alone.moments;
            let G = Matrix::from_row_slice(2, 2, &[a, b, b, c]);
            let F = Matrix::from_row_slice(2, 2, &[1.0 - h, -mu, h, mu]);
            let left = &G - &F * &G * F.transpose();
            if mu == 0.0 {
                assert!((left[(0, 0)] - alone.alpha).abs() < 1e-14 && a == 3.0 && alone.beta.is_none());
                continue;
            }
            let expected = Matrix::from_row_slice(2, 2, &[alone.alpha, 0.0, 0.0, alone.beta.unwrap()]);
            assert!((left - expected).norm() < 1e-12, "{h} {mu}");
            assert!((a - 6.0).abs() < 1e-12, "{a}");
            let of_alpha = sum_of_powers(&F, Matrix::from_row_slice(2, 2, &[alone.alpha, 0.0, 0.0, 0.0]));
            assert!((of_alpha[(0, 0)] - 3.0).abs() < 1e-9, "{of_alpha}");
        }
    }

    /// Σₖ Fᵏ Q Fᵏᵀ.
    fn sum_of_powers(F: &Matrix<f64>, Q: Matrix<f64>) -> Matrix<f64> {
        (0..2000).fold(Matrix::zeros(2, 2), |sum, _| &Q + F * sum * F.transpose())
    }
}
