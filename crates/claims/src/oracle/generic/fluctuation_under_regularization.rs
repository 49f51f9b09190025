//! Corollary 3 against Theorem 4: the fluctuation under regularization, for a large minibatch.

use symbols::Quantity;

use super::fluctuation_with_weight_decay::{printed, rival};
use crate::hypotheses::{
    ALIGNED_TRUE_WEIGHTS, DOUBLE_BATCH_SIZE, GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE,
    NO_MOMENTUM, SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::regularization::large_batch_fluctuation;
use crate::oracle::{Claim, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record, under every hypothesis of Theorem 4 and its appendix. The sign of the term of rank 1 is the other one
/// there, and it is no smaller than the first for a large S.
pub const CLAIM: Claim = Claim {
    id: "generic/fluctuation-under-regularization",
    source: paper::AFTER_COROLLARY_3,
    equations: &[],
    // Corollary 3 is printed; that it agrees with Theorem 4 is an assertion of the text.
    provenance: Provenance::Text,
    statement: "Σ ≈ (λ/S)(2L₀H₀ − Γw*w*ᵀΓ)(H₀+Γ)⁺[2I − λ(H₀+Γ)]⁻¹ for y = uᵀx, S → ∞, consistent with Theorem 4",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &SCALAR_LEARNING_RATE,
        &NO_MOMENTUM,
        &ALIGNED_TRUE_WEIGHTS,
        &INVERTIBLE_HESSIAN,
        &STATIONARY,
    ],
    printed: closed!(printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "Σ ≈ (λ/S)(2L₀H₀ + Γw*w*ᵀΓ)(H₀+Γ)⁻¹[2I − λ(H₀+Γ)]⁻¹",
        form: closed!(large_batch_fluctuation),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: &["regularization/fluctuation-aligned"] },
        because: "The rank-1 term has the sign of eq. (15), and Theorem 4 that of Proposition 3. Corollary 3 rests \
                  on assumption 2, which the residuals (w* − u)ᵀx do not satisfy: that they agree is what fails, \
                  also where everything commutes.",
    }),
    rewritten: None,
};
