//! Corollary 4, second half: the training loss under regularization in one dimension.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::OneDimension;
use crate::hypotheses::{
    GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, ONE_DIRECTION,
    SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "regularization/train-loss-in-one-dimension",
    source: paper::COROLLARY_4,
    equations: &["160"],
    provenance: Provenance::Reconstructed,
    statement: "L_train = aγu²/(2k) + λa²γ²u²/(Sk(k(2 − λk) − 2λa²/S)), k = a + γ",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &ONE_DIRECTION,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "λa²/S in place of 2λa²/S", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary training loss of one weight under regularization.
///
/// ```text
/// L_train = aγu²/(2k) + λa²γ²u²/(Sk(k(2 − λk) − 2λa²/S)), k = a + γ
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Pole`] where k or the other denominator vanishes.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(OneDimension::of(setting, 2)?)
}

/// As if the features had no kurtosis.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    train_loss(OneDimension::of(setting, 1)?)
}

fn train_loss<T: Scalar>(one: OneDimension<T>) -> Result<Matrix<T>, ClaimError> {
    let OneDimension { step, a, decayed, decayed_square, k, denominator, .. } = one;
    let least = decayed / (T::from_integer(2) * &k);
    Ok(matrix::scalar(least + step * a * decayed_square / (k * denominator)))
}
