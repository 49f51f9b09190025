//! Corollary 3 where the minimizer commutes, too: the fluctuation at a minimum with weight decay.

use symbols::Quantity;

use super::any_fluctuation;
use super::fluctuation_with_weight_decay::{printed, rival};
use crate::hypotheses::{
    ALIGNED_MINIMUM, COMMUTING_LEARNING_RATE, DATA_SET, DOUBLE_BATCH_SIZE, EQUAL_RESIDUALS_AT_MINIMUM, STATIONARY,
    WITH_REPLACEMENT,
};
use crate::oracle::{Claim, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record: the formula of the corollary, under one hypothesis more.
pub const CLAIM: Claim = Claim {
    id: "generic/fluctuation-aligned",
    source: paper::COROLLARY_3,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "Σ ≈ (1/S)(Λ/(1−μ))(2L₀H₀ − Γw*w*ᵀΓ)(H₀+Γ)⁺[2I − (Λ/(1+μ))(H₀+Γ)]⁻¹, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &DATA_SET,
        &WITH_REPLACEMENT,
        &ALIGNED_MINIMUM,
        &EQUAL_RESIDUALS_AT_MINIMUM,
        &COMMUTING_LEARNING_RATE,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Γ and Λ, by the inverse of one linear map",
        form: closed!(any_fluctuation),
        without: &[&ALIGNED_MINIMUM, &COMMUTING_LEARNING_RATE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};
