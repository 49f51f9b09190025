//! Table 2: the test loss under regularization for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{
    HYPOTHESES, any_test_loss_at, fluctuation, hessian_approximation, offset, small_rate_fluctuation,
    small_rate_inverse, test_loss_at,
};
use crate::hypotheses::{
    COMMUTING_WEIGHT_DECAY, HALF_LEARNING_RATE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. Theorem 4 leaves an error of second order in λ. Traces do not see whether U commutes.
pub const CLAIM: Claim = Claim {
    id: "regularization/test-loss-small-learning-rate",
    source: paper::TABLE_2,
    equations: &["47"],
    provenance: Provenance::Reconstructed,
    statement: "L_test ≈ ½ Tr[AΣ] + ½ T₀, Σ = (λ/(2S))(T₀A + A²K⁻²Γ²U) K⁻¹, T₀ = Tr[AK⁻²Γ²U], λ → 0",
    kind: Kind::Limit { path: &HALF_LEARNING_RATE, order: 2 },
    quantity: Quantity::TestLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, eq. (44)", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, Λ, μ and σ²: ½ ((w*−u)ᵀA(w*−u) + Tr[AΣ]) at the Σ that holds for these",
        form: closed!(any_weight_decay),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The test loss under regularization, to leading order for a small learning rate.
///
/// ```text
/// L_test ≈ ½ Tr[AΣ] + ½ T₀,    Σ = (λ/(2S))(T₀A + A²K⁻²Γ²U) K⁻¹,    λ → 0
/// ```
///
/// Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss_at(setting, fluctuation(setting, offset(setting)?, &small_rate_inverse(setting))?)
}

/// At the leading order of Σ for any Γ.
fn any_weight_decay<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    any_test_loss_at(setting, small_rate_fluctuation(setting)?)
}

/// The same with Σ = (λ/(2S)) I.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss_at(setting, hessian_approximation(setting, small_rate_inverse(setting)))
}
