//! Eq. (7): the fluctuation for a small learning rate and a large minibatch.

use numbers::{Matrix, Scalar, matrix::identity};
use symbols::{Quantity, Setting};

use super::{batch_size, label_noise, learning_rate};
use crate::hypotheses::{
    FULL_RANK, GAUSSIAN_FEATURES, HALF_LEARNING_RATE, LARGE_BATCH, NO_INPUT_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY,
    SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. That μ = 0 is said by the remark before the equation, from which on the paper has no momentum.
pub const CLAIM: Claim = Claim {
    id: "label-noise/small-learning-rate",
    source: paper::AFTER_THEOREM_2,
    equations: &["7"],
    provenance: Provenance::Printed,
    statement: "Σ ≈ (λσ²/(2S)) I, λ ≪ 1 ≪ S",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_WEIGHT_DECAY,
        &NO_INPUT_NOISE,
        &FULL_RANK,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &LARGE_BATCH,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "without the ½", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "Σ ≈ (σ²/(2S(1−μ))) Λ for any x independent of ε, any Λ ≻ 0, μ and S",
        form: closed!(any_momentum),
        without: &[&GAUSSIAN_FEATURES, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &LARGE_BATCH],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation to leading order in λ.
///
/// ```text
/// Σ ≈ (λσ²/(2S)) I
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0). A matrix Λ contributes its mean eigenvalue Tr\[Λ\]/D as λ.
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let size = learning_rate(setting) * label_noise(setting)? / (T::from_integer(2) * batch_size(setting));
    Ok(identity::<T>(setting.dimension()) * size)
}

/// (λσ²/S) I.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(printed(setting)? * T::from_integer(2))
}

/// (σ²/(2S(1−μ))) Λ.
fn any_momentum<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, mu) = (T::from_integer, setting.momentum());
    let size = label_noise(setting)? / (n(2) * batch_size(setting) * (n(1) - mu));
    Ok(setting.learning_rate() * size)
}
