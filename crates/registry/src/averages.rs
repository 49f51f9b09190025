//! Averaged iterates: what is left of the fluctuation in the mean of n successive weights of the stationary state.
//!
//! No quantity of a setting depends on n, so that a study judges these claims.

use numbers::Scalar;
use numbers::matrix::{self, Matrix, Singular};

use crate::paper;
use claims::{Provenance, StudyClaim};

/// The covariance of the mean of n iterates without momentum.
pub static COVARIANCE: StudyClaim = StudyClaim {
    id: "averages/covariance",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`μ = 0`: `n` times the covariance of the mean of `n` successive iterates is \
                `K⁻¹CK⁻¹ − (1/n)(YΣ + ΣYᵀ)` with `Y = F(I − F)⁻²(I − Fⁿ)`, `F = I − ΛK`, for any samples, `Λ` and `Γ`",
    formulas: &["μ = 0", "F = I − ΛK"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "With `v = w − w*` the mean of `v` after `k` steps, given `v`, is `Fᵏv`. So `n²` times the covariance of the \
         mean is `RΣ + ΣRᵀ − nΣ` with `R = ∑_{k<n} (n − k)Fᵏ`, and this sum is `nP − Y` with `P = (I − F)⁻¹`. Eq. (3), \
         multiplied by `P = (ΛK)⁻¹` from the left and by `Pᵀ` from the right, is `PΣ + ΣPᵀ − Σ = K⁻¹CK⁻¹`.",
    ),
};

/// The limit of it for many iterates.
pub static LIMIT: StudyClaim = StudyClaim {
    id: "averages/limit",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`n` times the covariance of the mean of `n` successive iterates tends to `K⁻¹CK⁻¹` with an error of the \
                order `1/n`, for any samples, `Λ`, `Γ` and `μ`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some(
        "for Gaussian samples and `Γ = 0` it tends to `(1/S)(2L_train K⁻¹ + Σ)`, so that with label noise the mean has \
         the test loss `(1/(nS))(D L_train + L_test)` to leading order",
    ),
    proof: Some(
        "Let `v = w − w*`. Given `(v, m)`, the mean of `v` after `k` steps is linear in it and falls geometrically \
         with `k`, and so do the autocovariances of `v`. That of the lag `k` enters `n` times the covariance of the \
         mean with the weight `1 − k/n`. So there is a limit, and the error is of the order `1/n`.\n\n\
         For the limit, a minibatch gradient is `ĝ = Kv + ξ`, where the noise `ξ` has the covariance `C` and is \
         uncorrelated in time. Over `n` steps `1 − μ` times the sum of `m` is that of `ĝ` up to terms at both ends, \
         and `Λ` times the sum of `m` is the difference of two weights, so that the sum of `ĝ` is bounded in mean \
         square. So `K` times the sum of `v` is minus that of `ξ`, up to what is bounded. The covariance of the sum of \
         `ξ` is `nC`, and what is bounded changes it by less than the order `n`.\n\n\
         For Gaussian samples and `Γ = 0`, `SC = KΣK + 2L_train K`. This gives the other form of the limit; with label \
         noise `K = A`, and half of its trace with `A` is `(1/S)(D L_train + L_test)`.",
    ),
};

/// n cov(w̄) of n = `count` iterates without momentum.
///
/// ```text
/// K⁻¹CK⁻¹ − (1/n)(YΣ + ΣYᵀ),    Y = F(I − F)⁻²(I − Fⁿ),    F = I − ΛK
/// ```
///
/// All arguments are D×D matrices: Λ, K, Σ and C. Returns a symmetric one, units (2, 0).
///
/// # Errors
/// [`Singular`] where ΛK is.
pub fn covariance<T: Scalar>(
    count: u32,
    learning_rate: &Matrix<T>,
    hessian: &Matrix<T>,
    fluctuation: &Matrix<T>,
    noise_covariance: &Matrix<T>,
) -> Result<Matrix<T>, Singular> {
    let I = matrix::identity::<T>(hessian.nrows());
    let step = learning_rate * hessian;
    let F = &I - &step;
    let inverse = matrix::inverse(&step)?;
    let power = (0..count).fold(I.clone(), |power, _| power * &F);
    let Y = &F * &inverse * inverse * (I - power);
    let end = &Y * fluctuation;
    let ends = &end + end.transpose();
    Ok(limit(hessian, noise_covariance)? - ends / T::from_integer(i64::from(count)))
}

/// lim n cov(w̄) = K⁻¹CK⁻¹, of D×D matrices K and C.
///
/// # Errors
/// [`Singular`] where K is.
pub fn limit<T: Scalar>(hessian: &Matrix<T>, noise_covariance: &Matrix<T>) -> Result<Matrix<T>, Singular> {
    Ok(matrix::sandwich(&matrix::inverse(hessian)?, noise_covariance))
}

/// n cov(w̄) of n = `count` iterates without momentum, where F = I − ΛK and Σ commute: of one weight, or of Λ and A
/// that commute, under label noise.
///
/// ```text
/// Σ[(I + F)(I − F)⁻¹ − (2/n) F(I − F)⁻²(I − Fⁿ)]
/// ```
///
/// # Errors
/// [`Singular`] where I − F is.
pub fn commuting<T: Scalar>(
    count: u32,
    contraction: &Matrix<T>,
    fluctuation: &Matrix<T>,
) -> Result<Matrix<T>, Singular> {
    let (F, I) = (contraction, matrix::identity::<T>(contraction.nrows()));
    let inverse = matrix::inverse(&(&I - F))?;
    let power = (0..count).fold(I.clone(), |power, _| power * F);
    let share = T::from_integer(2) / T::from_integer(i64::from(count));
    let ends = F * &inverse * &inverse * (&I - power);
    Ok(fluctuation * ((I + F) * inverse - ends * share))
}
