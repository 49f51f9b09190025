//! Theorem 4 as the appendix has it: the fluctuation under regularization, where all matrices commute.

use symbols::Quantity;

use super::fluctuation::{printed, rival};
use super::{ALIGNED_HYPOTHESES, any_fluctuation};
use crate::hypotheses::{ALIGNED_TRUE_WEIGHTS, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE};
use crate::oracle::{Claim, Kind, Provenance, Rival, Strengthened, closed, paper};

/// The record: the formula of the main text, under the hypothesis of the appendix.
pub const CLAIM: Claim = Claim {
    id: "regularization/fluctuation-aligned",
    source: paper::APPENDIX_TO_THEOREM_4,
    equations: &["12"],
    // Eq. (12) is printed; that everything commutes is a hypothesis of the appendix.
    provenance: Provenance::Reconstructed,
    statement: "Σ = (λ/S) Tr[AK⁻²Γ²U](1 + λκ/S) AK⁻¹G⁻¹ + (λ/S)(A²K⁻²Γ²U + (λr/S) A) K⁻¹G⁻¹",
    kind: Kind::Exact,
    quantity: Quantity::Fluctuation,
    hypotheses: ALIGNED_HYPOTHESES,
    printed: closed!(printed),
    rival: Rival { name: "no noise of rank 1: r = 0 and no U", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any B, Γ, u, Λ, μ and σ², by the inverse of one linear map",
        form: closed!(any_fluctuation),
        without: &[&NO_LABEL_NOISE, &NO_INPUT_NOISE, &SCALAR_LEARNING_RATE, &NO_MOMENTUM, &ALIGNED_TRUE_WEIGHTS],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};
