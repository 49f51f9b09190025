//! Theorem 9: the fluctuation under input noise.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Auxiliaries, any_fluctuation, unexplained};
use crate::hypotheses::{
    COMMUTING_INPUT_NOISE, INPUT_NOISE, INVERTIBLE_HESSIAN, NO_LABEL_NOISE, NO_MOMENTUM, NO_WEIGHT_DECAY,
    SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record. The paper assumes that matrices commute; nothing but K stands in the equation of Σ.
pub const CLAIM: Claim = Claim {
    id: "input-noise/fluctuation",
    source: paper::THEOREM_9,
    equations: &["135"],
    provenance: Provenance::Reconstructed,
    statement: "Σ = (λ/S) Tr[AK⁻¹BU](1 + λκ/S) G⁻¹",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &INPUT_NOISE,
        &NO_LABEL_NOISE,
        &NO_WEIGHT_DECAY,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &COMMUTING_INPUT_NOISE,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "noise of the order 1/S only: no 1/S in G", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any A, B, Λ, μ and σ²: Theorem 2 with K in place of A, σ² + Tr[AK⁻¹BU] in place of σ², and G⁻¹Λ",
        form: closed!(any_fluctuation),
        without: &[&NO_LABEL_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &COMMUTING_INPUT_NOISE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// Stationary fluctuation under input noise.
///
/// ```text
/// Σ = (λ/S) Tr[AK⁻¹BU](1 + λκ/S) G⁻¹
/// ```
///
/// G and κ as for the training loss. Returns a symmetric D×D matrix, units (2, 0).
///
/// # Errors
/// [`ClaimError::Inverse`] and [`ClaimError::Pole`] where K or G is singular or κ infinite.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, Auxiliaries::of(setting)?)
}

/// The same as printed with G = 2I − λK.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    fluctuation(setting, Auxiliaries::with_curvature(setting, T::one())?)
}

fn fluctuation<T: Scalar>(setting: &Setting<T>, auxiliaries: Auxiliaries<T>) -> Result<Matrix<T>, ClaimError> {
    let size = unexplained(setting)? * auxiliaries.growth() * &auxiliaries.step;
    Ok(auxiliaries.G_inverse * size)
}
