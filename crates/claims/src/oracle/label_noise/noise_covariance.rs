//! Theorem 3: the noise under label noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, batch_size, label_noise};
use crate::hypotheses::{
    COMMUTING_LEARNING_RATE, FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "label-noise/noise-covariance",
    source: paper::THEOREM_3,
    equations: &["8"],
    provenance: Provenance::Printed,
    statement: "C = (σ²/S) A + (σ²/S²)(1 + κ/S)(ΛAG⁻¹ + Tr[ΛAG⁻¹] I) A",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &FULL_RANK,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, C = (σ²/S) A", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ ≻ 0, with AG⁻¹ΛA in place of ΛAG⁻¹A",
        form: closed!(any_learning_rate),
        without: &[&COMMUTING_LEARNING_RATE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary noise covariance under label noise.
///
/// ```text
/// C = (σ²/S) A + (σ²/S²)(1 + κ/S)(ΛAG⁻¹ + Tr[ΛAG⁻¹] I) A
/// ```
///
/// G and κ as in Theorem 2. Returns a symmetric D×D matrix, units (2, 4).
///
/// # Assumes
/// As Theorem 2; without ΛA = AΛ the formula is not even symmetric.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    let square = &auxiliaries.LHG_inverse * setting.feature_covariance();
    noise_covariance(setting, &auxiliaries, square)
}

/// The order of the product that needs no commutation: AΣA is a multiple of AG⁻¹ΛA.
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    let A = setting.feature_covariance();
    let square = &A * &auxiliaries.G_inverse * setting.learning_rate() * &A;
    noise_covariance(setting, &auxiliaries, square)
}

/// (σ²/S) A + (σ²/S²)(1 + κ/S)(`square` + Tr\[ΛAG⁻¹\] A).
fn noise_covariance<T: Scalar>(
    setting: &Setting<T>,
    auxiliaries: &Auxiliaries<T>,
    square: Matrix<T>,
) -> Result<Matrix<T>, ClaimError> {
    let (A, S) = (setting.feature_covariance(), batch_size(setting));
    let base = label_noise(setting)? / &S;
    let size = base.clone() / &S * (T::one() + auxiliaries.kappa.clone() / &S);
    let tau = matrix::trace(&auxiliaries.LHG_inverse);
    Ok(&A * base + (square + A * tau) * size)
}

/// (σ²/S) A.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(setting.feature_covariance() * (label_noise(setting)? / batch_size(setting)))
}
