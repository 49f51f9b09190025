//! Table 2: the training loss under label noise for a large minibatch.

use numbers::{Matrix, Scalar, matrix, matrix::trace};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, TABLE_2_HYPOTHESES, excess_loss, label_noise};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, GAUSSIAN_FEATURES, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 8 leaves an error of second order in 1/S.
pub const CLAIM: Claim = Claim {
    id: "label-noise/train-loss-large-batch",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "L_train ≈ σ² Tr[ΛA(2 − ΛA)⁻¹]/(2S) + σ²/2, S → ∞",
    kind: Kind::Limit { path: &DOUBLE_BATCH_SIZE, order: 2 },
    quantity: Quantity::TrainLoss,
    hypotheses: TABLE_2_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, σ² = 1 but in the last term", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any x independent of ε, any Λ and μ, with Tr[ΛAG⁻¹], G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛA",
        form: closed!(any_learning_rate),
        without: &[&GAUSSIAN_FEATURES, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss under label noise, to leading order for a large minibatch.
///
/// ```text
/// L_train ≈ σ² Tr[ΛA(2 − ΛA)⁻¹]/(2S) + σ²/2,    S → ∞
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where G is singular, or a data set does not determine σ².
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_plain_step(setting)?.LHG_inverse);
    train_loss(setting, label_noise(setting)?, spread)
}

/// With Tr\[ΛAG⁻¹\].
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_large_batch(setting, &setting.feature_covariance())?.LHG_inverse);
    train_loss(setting, label_noise(setting)?, spread)
}

/// Without the first σ², eq. (20).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let spread = trace(&Auxiliaries::of_plain_step(setting)?.LHG_inverse);
    train_loss(setting, T::one(), spread)
}

/// `size` `spread`/(2S) + σ²/2.
fn train_loss<T: Scalar>(setting: &Setting<T>, size: T, spread: T) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(excess_loss(setting, size, spread) + label_noise(setting)? / T::from_integer(2)))
}
