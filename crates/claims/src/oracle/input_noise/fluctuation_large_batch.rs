//! Table 2: the fluctuation under input noise for a large minibatch.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, large_batch_fluctuation, unexplained};
use crate::hypotheses::{DOUBLE_BATCH_SIZE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "input-noise/fluctuation-large-batch",
    source: paper::TABLE_2,
    equations: &["30"],
    provenance: Provenance::Reconstructed,
    statement: "Σ ≈ (λ/S) Tr[AK⁻¹BU] (2 − λK)⁻¹, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, Tr[AK⁻¹BU] = 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ²: Σ ≈ (1/S)(σ² + Tr[AK⁻¹BU]) G⁻¹Λ, G = 2(1−μ) I − ((1−μ)/(1+μ)) ΛK",
        form: closed!(large_batch_fluctuation),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The fluctuation under input noise, to leading order for a large minibatch.
///
/// ```text
/// Σ ≈ (λ/S) Tr[AK⁻¹BU] (2 − λK)⁻¹,    S → ∞
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or a denominator is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(rival(setting)? * unexplained(setting)?)
}

/// (λ/S)(2 − λK)⁻¹, eq. (27).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, G_inverse, .. } = Auxiliaries::with_curvature(setting, T::one())?;
    Ok(G_inverse * step)
}
