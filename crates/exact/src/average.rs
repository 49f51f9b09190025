//! The covariance of the mean of n iterates: what averaging leaves of the fluctuation.
//!
//! In the stationary state z = (v, m) has the covariance P, and E\[z_{t+k} | z_t\] = Fᵏ z_t with the F of one step of
//! the means. Summed over pairs of times, for the mean z̄ of n successive states,
//!
//! ```text
//! n² cov(z̄) = R P + P Rᵀ − n P,    R = Σ_{k=0}^{n−1} (n − k) Fᵏ = N (n I − N F (I − Fⁿ)),    N = (I − F)⁻¹
//! ```
//!
//! The inverse exists: F P Fᵀ ⪯ Φ(P) for P ⪰ 0, so the spectral radius of F is below 1 where that of Φ is.

use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::Setting;

use crate::stationary::Equations;
use crate::{ExactError, linear};

/// The most iterates of a mean: the numbers of its covariance have about as many digits.
pub const AVERAGE_LIMIT: u32 = 1 << 16;

/// The covariance of the mean of n = `steps` iterates in the stationary state, exactly.
///
/// ```text
/// cov(w̄),    w̄ = (1/n) Σ_{t=1}^n w_t
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0); n = 1 gives Σ. Any setting that [`stationary`](crate::stationary) has
/// an answer for.
///
/// # Errors
/// Those of [`stationary`](crate::stationary); [`ExactError::OutOfRange`] unless 1 ≤ n ≤ [`AVERAGE_LIMIT`].
///
/// # Example
/// One weight, a = σ² = S = 1, λ = 1/2, where Σ = 1 and a step halves the mean: the mean of two has (1 + 1 + 2/2)/4.
/// ```
/// use rug::Rational;
/// use numbers::{Vector, matrix::scalar};
/// use symbols::{BatchSize, Gaussian, Population, Setting};
///
/// let q = |n, d| Rational::from((n, d));
/// let population = Population::Gaussian(Gaussian {
///     feature_covariance: scalar(q(1, 1)),
///     input_noise_covariance: scalar(q(0, 1)),
///     label_noise_variance: q(1, 1),
///     true_weights: Vector::from_element(1, q(0, 1)),
/// });
/// let setting = Setting::new(population, scalar(q(1, 2)), BatchSize::new(1)?)?;
/// assert_eq!(exact::average_covariance(&setting, 2)?, scalar(q(3, 4)));
/// assert_eq!(exact::average_covariance_limit(&setting)?, scalar(q(3, 1)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn average_covariance(setting: &Setting<Rational>, steps: u32) -> Result<Matrix<Rational>, ExactError> {
    if !(1..=AVERAGE_LIMIT).contains(&steps) {
        return Err(ExactError::OutOfRange {
            quantity: "iterates of a mean",
            value: steps.into(),
            expected: "1 to 2¹⁶",
        });
    }
    let n = Rational::from(steps);
    let sum = summed(
        setting,
        |F, N| {
            let I = matrix::identity::<Rational>(F.nrows());
            let end = &I - power(F, steps);
            N * (I * n.clone() - N * F * end)
        },
        &n,
    )?;
    Ok(sum / n.clone() / n)
}

/// lim n cov(w̄) as n → ∞ of [`average_covariance`], exactly.
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// Those of [`stationary`](crate::stationary).
pub fn average_covariance_limit(setting: &Setting<Rational>) -> Result<Matrix<Rational>, ExactError> {
    summed(setting, |_, N| N.clone(), &Rational::from(1))
}

/// The block of v of RP + PRᵀ − nP, with R from F and N.
fn summed(
    setting: &Setting<Rational>,
    R: impl Fn(&Matrix<Rational>, &Matrix<Rational>) -> Matrix<Rational>,
    n: &Rational,
) -> Result<Matrix<Rational>, ExactError> {
    let Some(equations) = Equations::where_moving(setting)? else {
        let D = setting.dimension();
        return Ok(Matrix::zeros(D, D));
    };
    let [P, _] = equations.solved()?;
    let F = &equations.recursion.F;
    let I = matrix::identity::<Rational>(F.nrows());
    let N = linear::solve(&(&I - F), &I)?;
    let half = R(F, &N) * &P;
    let sum = &half + half.transpose() - P * n.clone();
    Ok(equations.recursion.fluctuation(&sum))
}

/// Fⁿ, by squaring.
fn power(F: &Matrix<Rational>, steps: u32) -> Matrix<Rational> {
    let bits = (0..u32::BITS - steps.leading_zeros()).rev();
    bits.fold(matrix::identity(F.nrows()), |power, bit| {
        let square = &power * &power;
        if steps >> bit & 1 == 1 { square * F } else { square }
    })
}
