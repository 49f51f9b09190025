//! Corollary 4, first half: the test loss under regularization in one dimension.

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
    id: "regularization/test-loss-in-one-dimension",
    source: paper::COROLLARY_4,
    equations: &["159"],
    provenance: Provenance::Reconstructed,
    statement: "L_test = (au²γ²/(2k))(2 − λk)/(k(2 − λk) − 2λa²/S), k = a + γ",
    kind: Kind::Exact,
    quantity: Quantity::TestLoss,
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

/// Stationary test loss of one weight under regularization.
///
/// ```text
/// L_test = (au²γ²/(2k))(2 − λk)/(k(2 − λk) − 2λa²/S), k = a + γ
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Pole`] where k or the other denominator vanishes.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss(OneDimension::of(setting, 2)?)
}

/// As if the features had no kurtosis.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss(OneDimension::of(setting, 1)?)
}

fn test_loss<T: Scalar>(one: OneDimension<T>) -> Result<Matrix<T>, ClaimError> {
    let OneDimension { decayed_square, k, pull, denominator, .. } = one;
    Ok(matrix::scalar(decayed_square / (T::from_integer(2) * k) * pull / denominator))
}
