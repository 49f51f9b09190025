//! Table 2: the fluctuation under input noise for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, HYPOTHESES, small_rate_fluctuation, unexplained};
use crate::hypotheses::{HALF_LEARNING_RATE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "input-noise/fluctuation-small-learning-rate",
    source: paper::TABLE_2,
    equations: &[],
    provenance: Provenance::Reconstructed,
    statement: "Σ ≈ (λ/(2S)) Tr[AK⁻¹BU] I, λ → 0",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, Tr[AK⁻¹BU] = 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Λ, μ and σ²: Σ ≈ (1/S)(σ² + Tr[AK⁻¹BU]) G⁻¹Λ, G = 2(1−μ) I",
        form: closed!(small_rate_fluctuation),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The fluctuation under input noise, to leading order for a small learning rate.
///
/// ```text
/// Σ ≈ (λ/(2S)) Tr[AK⁻¹BU] I,    λ → 0
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or a denominator is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(rival(setting)? * unexplained(setting)?)
}

/// (λ/(2S)) I, eq. (31).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let Auxiliaries { step, G_inverse, .. } = Auxiliaries::with_curvature(setting, T::zero())?;
    Ok(G_inverse * step)
}
