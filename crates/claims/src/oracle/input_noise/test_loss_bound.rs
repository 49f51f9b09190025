//! The remark that the test loss never exceeds the training loss under input noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Moments, Quantity, Setting};

use super::HYPOTHESES;
use crate::hypotheses::{NO_LABEL_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, paper, relation};

/// The record. What proves it is [`loss_difference`](super::loss_difference): B ⪰ 0.
pub const CLAIM: Claim = Claim {
    id: "input-noise/test-loss-bound",
    source: paper::AFTER_THEOREM_9,
    equations: &[],
    provenance: Provenance::Text,
    statement: "L_test ≤ L_train",
    kind: Kind::Bound,
    quantity: Quantity::TestLoss,
    hypotheses: HYPOTHESES,
    printed: relation!(printed),
    rival: Rival { name: "half of the training loss", form: relation!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ², Γ ⪰ 0: L_train − L_test = ½ E[wᵀ(B + Γ)w] + ½ σ²",
        form: relation!(printed),
        without: &[&NO_LABEL_NOISE, &NO_WEIGHT_DECAY, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// L_train, a 1×1 matrix, units (2, 2).
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(_: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(moments.train_loss.clone()))
}

/// ½ L_train.
fn rival<T: Scalar>(_: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(matrix::scalar(moments.train_loss.clone() / T::from_integer(2)))
}
