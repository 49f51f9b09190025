//! Table 2: the training loss under label noise for a small learning rate.

use numbers::{Matrix, Scalar, matrix, matrix::trace};
use symbols::{Quantity, Setting};

use super::{TABLE_2_HYPOTHESES, excess_loss, label_noise};
use crate::hypotheses::{GAUSSIAN_FEATURES, HALF_LEARNING_RATE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 8 leaves an error of second order in λ.
pub const CLAIM: Claim = Claim {
    id: "label-noise/train-loss-small-learning-rate",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_train ≈ σ² Tr[ΛA]/(4S) + σ²/2, λ → 0",
    kind: Kind::Limit { path: &HALF_LEARNING_RATE, order: 2 },
    quantity: Quantity::TrainLoss,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, σ² = 1 but in the last term", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any x independent of ε, any Λ and μ, with Tr[ΛA]/(1−μ)",
        form: closed!(any_learning_rate),
        without: &[&GAUSSIAN_FEATURES, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss under label noise, to leading order for a small learning rate.
///
/// ```text
/// L_train ≈ σ² Tr[ΛA]/(4S) + σ²/2,    λ → 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] for a data set that does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / T::from_integer(2);
    train_loss(setting, label_noise(setting)?, spread)
}

/// With Tr\[ΛA\]/(1−μ).
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, mu) = (T::from_integer, setting.momentum());
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / (n(2) * (n(1) - mu));
    train_loss(setting, label_noise(setting)?, spread)
}

/// Without the first σ², eq. (25).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&(setting.learning_rate() * setting.feature_covariance())) / T::from_integer(2);
    train_loss(setting, T::one(), spread)
}

/// `size` `spread`/(2S) + σ²/2.
fn train_loss<T: Scalar>(setting: &Setting<T>, size: T, spread: T) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(excess_loss(setting, size, spread) + label_noise(setting)? / T::from_integer(2)))
}
