//! Theorem 9: the test loss under input noise.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, any_fluctuation, least_test_loss, test_loss_at, unexplained};
use crate::hypotheses::{NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "input-noise/test-loss",
    source: paper::THEOREM_9,
    equations: &["134"],
    provenance: Provenance::Reconstructed,
    statement: "L_test = (λ/(2S)) Tr[AK⁻¹BU](1 + λκ/S) Tr[AG⁻¹] + ½ Tr[B'ᵀAB'U], B' = K⁻¹B",
    kind: Kind::Exact,
    quantity: Quantity::TestLoss,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "Tr[KG⁻¹] in place of Tr[AG⁻¹]", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ²: ½ Tr[AΣ] + ½ Tr[B'ᵀAB'U], Σ that of Theorem 2 with K and σ² + Tr[AK⁻¹BU]",
        form: closed!(any_learning_rate),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary test loss under input noise.
///
/// ```text
/// L_test = (λ/(2S)) Tr[AK⁻¹BU](1 + λκ/S) Tr[AG⁻¹] + ½ Tr[B'ᵀAB'U],    B' = K⁻¹B
/// ```
///
/// G and κ as for the training loss. Returns a 1×1 matrix, units (2, 2); A and B need not commute.
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    let spread = matrix::trace(&(setting.feature_covariance() * &auxiliaries.G_inverse));
    test_loss(setting, auxiliaries, spread)
}

/// ½ Tr\[AΣ\] + ½ Tr\[B'ᵀAB'U\].
fn any_learning_rate<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    test_loss_at(setting, any_fluctuation(setting)?)
}

/// (λ/(2S)) Tr\[AK⁻¹BU\](1 + λκ/S) Tr\[KG⁻¹\] + ½ Tr\[B'ᵀAB'U\].
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let auxiliaries = Auxiliaries::of(setting)?;
    let spread = auxiliaries.tau.clone();
    test_loss(setting, auxiliaries, spread)
}

fn test_loss<T: Scalar>(setting: &Setting<T>, auxiliaries: Auxiliaries<T>, spread: T) -> Result<Matrix<T>, ClaimError> {
    let excess = unexplained(setting)? * auxiliaries.growth() * auxiliaries.step * spread / T::from_integer(2);
    Ok(matrix::scalar(excess + least_test_loss(setting)?))
}
