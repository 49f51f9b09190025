//! The remark that the test loss can exceed the training loss under regularization.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Moments, Quantity, Setting};

use crate::hypotheses::{
    GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
    STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, paper, relation};

/// The record. L_train − L_test = ½E\[wᵀΓw\]: it takes a Γ with a negative eigenvalue.
pub const CLAIM: Claim = Claim {
    id: "regularization/test-loss-exceeding",
    source: paper::AFTER_THEOREM_4,
    equations: &[],
    provenance: Provenance::Text,
    statement: "L_test > L_train at some setting",
    kind: Kind::Existence,
    quantity: Quantity::TestLoss,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: relation!(printed),
    rival: Rival { name: "even with ½ E[wᵀΓw] taken off the training loss", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// L_train, regularizer included: a 1×1 matrix, units (2, 2).
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(_: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(moments.train_loss.clone()))
}

/// L_train − ½ E\[wᵀΓw\].
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let penalty = super::mean_penalty(setting, setting.weight_decay(), moments)?;
    Ok(matrix::scalar(moments.train_loss.clone() - penalty))
}
