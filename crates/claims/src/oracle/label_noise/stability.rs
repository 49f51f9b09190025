//! Section 6.2: which learning rates are stable.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use crate::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, NEAR_THE_EDGE, NO_INPUT_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY, SCALAR_LEARNING_RATE,
};
use crate::oracle::{
    Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, batch_size, closed, learning_rate,
    paper,
};

/// The record. As printed it allows learning rates that are too large.
pub const CLAIM: Claim = Claim {
    id: "label-noise/stability",
    source: paper::SECTION_6_2,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ is finite if and only if Σᵢ 1/(2/(λaᵢ) − 1 + 1/S) < S",
    kind: Kind::Stability,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &FULL_RANK,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &NEAR_THE_EDGE,
    ],
    printed: closed!(printed),
    rival: Rival { name: "full batch: 2I − λA ≻ 0 alone", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "Σᵢ 1/(2/(λaᵢ) − 1 − 1/S) < S, each term positive: G ≻ 0 and κ finite in Theorem 2",
        form: closed!(corrected),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::AwayFromTheLimit { agrees_as: "high-dimension/largest-learning-rate" },
        because: "Section 6.2 speaks of N, D → ∞, where its largest λ is right with an error of the order 1/D, as \
                  2S/Tr[A] is: for A = aI it is larger than it should be by 2/(D + S − 1) of itself. At a given D \
                  the sign of 1/S is that of Theorem 2, which the condition contradicts.",
    }),
    rewritten: None,
};

/// The matrix that is positive definite where the condition holds.
///
/// ```text
/// 2I − λ(1 − 1/S) A    and    S − Tr[λA (2I − λ(1 − 1/S) A)⁻¹],    on a diagonal
/// ```
///
/// Returns a symmetric (D + 1)×(D + 1) matrix.
///
/// # Errors
/// [`ClaimError::Inverse`] where its first block is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    condition(setting, T::one() - T::one() / batch_size(setting))
}

/// The same with 1 + 1/S, where Theorem 2 has its poles.
fn corrected<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    condition(setting, T::one() + T::one() / batch_size(setting))
}

/// 2I − λA.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(drift(setting, T::one()))
}

fn condition<T: Scalar>(setting: &Setting<T>, curvature: T) -> Result<Matrix<T>, ClaimError> {
    let D = setting.dimension();
    let drift = drift(setting, curvature);
    let scaled = setting.feature_covariance() * learning_rate(setting);
    let share = matrix::solve(&drift, &scaled).map_err(|source| ClaimError::Inverse { matrix: "G", source })?;
    let mut condition = Matrix::zeros(D + 1, D + 1);
    condition.view_mut((0, 0), (D, D)).copy_from(&drift);
    condition[(D, D)] = batch_size(setting) - matrix::trace(&share);
    Ok(condition)
}

/// 2I − `curvature` λA.
fn drift<T: Scalar>(setting: &Setting<T>, curvature: T) -> Matrix<T> {
    let I = matrix::identity::<T>(setting.dimension());
    I * T::from_integer(2) - setting.feature_covariance() * (learning_rate(setting) * curvature)
}
