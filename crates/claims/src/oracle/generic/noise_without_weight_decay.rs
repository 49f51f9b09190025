//! Theorem 5 for Γ = 0: the noise near a minimum.

use symbols::Quantity;

use super::noise;
use crate::hypotheses::{DATA_SET, EQUAL_RESIDUALS, NO_WEIGHT_DECAY, WITH_REPLACEMENT};
use crate::oracle::{Claim, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-without-weight-decay",
    source: paper::THEOREM_5,
    equations: &["14"],
    provenance: Provenance::Printed,
    statement: "C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ + o(L₀), without o(L₀) where |L₀ − ℓᵢ| = 0",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &NO_WEIGHT_DECAY, &EQUAL_RESIDUALS],
    printed: closed!(noise::printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(noise::rival) },
    strengthened: Some(Strengthened {
        statement: "any Γ, with ∇L₀ and not ∇L_Γ",
        form: closed!(noise::of_plain_loss),
        without: &[&NO_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};
