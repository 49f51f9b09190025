//! Everything by the definition, on matrices over all entries of P at once: for a Λ with eigenvalues of both signs, and
//! to judge the fast route.

use faer::prelude::Solve;
use faer::{Mat, linalg::solvers::PartialPivLu};
use numbers::Matrix;

use crate::arithmetic::view;
use crate::edge::Stability;
use crate::error::LyapunovError;
use crate::step::Step;

/// The most entries that the second moments may have on [`Route::Augmented`](crate::Route::Augmented): 44 weights, or
/// 22 with momentum.
pub const ORDER_LIMIT: usize = 1_000;

/// Steps of iterative refinement; one suffices for a small residual, the second is for the badly conditioned.
const REFINEMENTS: usize = 2;

/// P − Φ(P) = Q, with its factors.
pub(crate) struct Equation<'a> {
    step: &'a Step<'a, f64>,
    factors: PartialPivLu<f64>,
}

impl<'a> Equation<'a> {
    pub(crate) fn new(step: &'a Step<'a, f64>) -> Result<Self, LyapunovError> {
        within_limit(step)?;
        let M = matrix_of(step.rows(), |P| step.settled(P));
        if !M.is_all_finite() {
            return Err(LyapunovError::NotFinite { quantity: "the matrix of the stationary equation" });
        }
        Ok(Equation { step, factors: M.partial_piv_lu() })
    }

    /// P, refined; not finite where the equation is singular.
    pub(crate) fn solve(&self, Q: &Matrix<f64>) -> Matrix<f64> {
        let mut P = self.approximate(Q);
        for _ in 0..REFINEMENTS {
            P += self.approximate(&(Q - self.step.settled(&P)));
        }
        P
    }

    fn approximate(&self, Q: &Matrix<f64>) -> Matrix<f64> {
        let pairs = pairs(self.step.rows());
        let solution = self.factors.solve(Mat::from_fn(pairs.len(), 1, |row, _| Q[pairs[row]]));
        let mut P = Matrix::zeros(Q.nrows(), Q.ncols());
        for (row, &(i, j)) in pairs.iter().enumerate() {
            P[(i, j)] = solution[(row, 0)];
            P[(j, i)] = solution[(row, 0)];
        }
        P
    }
}

fn within_limit(step: &Step<f64>) -> Result<(), LyapunovError> {
    let order = step.rows() * (step.rows() + 1) / 2;
    if order > ORDER_LIMIT {
        return Err(LyapunovError::TooLarge { dimension: step.dimension(), order, limit: ORDER_LIMIT });
    }
    Ok(())
}

/// The matrix of a linear map on symmetric n×n matrices: column (i, j) is the image of the symmetric unit matrix.
fn matrix_of(n: usize, map: impl Fn(&Matrix<f64>) -> Matrix<f64>) -> Mat<f64> {
    let pairs = pairs(n);
    let mut M = Mat::zeros(pairs.len(), pairs.len());
    for (column, &(i, j)) in pairs.iter().enumerate() {
        let mut unit = Matrix::zeros(n, n);
        unit[(i, j)] = 1.0;
        unit[(j, i)] = 1.0;
        let image = map(&unit);
        for (row, &place) in pairs.iter().enumerate() {
            M[(row, column)] = image[place];
        }
    }
    M
}

/// Places of the lower triangle.
fn pairs(n: usize) -> Vec<(usize, usize)> {
    Vec::from_iter((0..n).flat_map(|i| (0..=i).map(move |j| (i, j))))
}

/// Radius and margin from all eigenvalues.
pub(crate) fn stability(step: &Step<f64>) -> Result<Stability, LyapunovError> {
    within_limit(step)?;
    let moved = matrix_of(step.rows(), |P| P - step.settled(P));
    let moduli = spectrum("the second-moment recursion", &moved)?;
    let spectral_radius = moduli.iter().fold(0.0, |radius: f64, e| radius.max(e.re.hypot(e.im)));
    Ok(Stability { spectral_radius, margin: margin(step)? })
}

/// With Λ → cΛ, eq. (3) without its constant reads c (T₁ − c T₂)(Σ) = 0: 1/c is the largest real eigenvalue of T₁⁻¹T₂.
fn margin(step: &Step<f64>) -> Result<f64, LyapunovError> {
    let pull = step.learning_rate.times(&step.hessian);
    let mu = step.momentum;
    let pulls = spectrum("ΛK", &view(&pull).to_owned())?;
    let largest = pulls.iter().fold(0.0, |largest: f64, e| largest.max(e.re.hypot(e.im)));
    // An eigenvalue within rounding of zero is no pull.
    if pulls.iter().any(|e| e.re <= largest * pulls.len() as f64 * f64::EPSILON) {
        return Ok(0.0);
    }
    let with_transpose = |M: Matrix<f64>| &M + M.transpose();
    let of_first_order = |Sigma: &Matrix<f64>| with_transpose(&pull * Sigma) * (1.0 - mu);
    let of_second_order = |Sigma: &Matrix<f64>| {
        let once = &pull * Sigma;
        let (own, cross) = (&once * pull.transpose(), with_transpose(&pull * &once));
        (own * (1.0 + mu * mu) - cross * mu) / (1.0 - mu * mu) + step.learning_rate.around(&step.noise.linear(Sigma))
    };
    let [first, second] = [matrix_of(step.dimension(), of_first_order), matrix_of(step.dimension(), of_second_order)];
    let eigenvalues = spectrum("the stationary equation", &first.partial_piv_lu().solve(second))?;
    // A double eigenvalue comes out as a pair that rounding has moved off the line by about √ε.
    let real = eigenvalues.iter().filter(|e| e.im.abs() <= 1e-6 * e.re.abs());
    Ok(1.0 / real.fold(0.0, |largest: f64, e| largest.max(e.re)))
}

fn spectrum(quantity: &'static str, M: &Mat<f64>) -> Result<Vec<faer::c64>, LyapunovError> {
    // Complex, as the blocked iteration for real matrices reads past the end where it stalls (faer 0.24).
    let complex = Mat::from_fn(M.nrows(), M.ncols(), |i, j| faer::c64::new(M[(i, j)], 0.0));
    let finite = if M.is_all_finite() { complex.eigenvalues().ok() } else { None };
    finite.ok_or(LyapunovError::NotFinite { quantity })
}
