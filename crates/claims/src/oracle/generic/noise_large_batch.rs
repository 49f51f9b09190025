//! Corollary 2: the stationary noise at a minimum with weight decay, for a large minibatch.

use symbols::Quantity;

use super::noise_at_minimum::{printed, rival};
use crate::hypotheses::{DATA_SET, DOUBLE_BATCH_SIZE, EQUAL_RESIDUALS_AT_MINIMUM, STATIONARY, WITH_REPLACEMENT};
use crate::oracle::{Claim, Kind, Provenance, Rival, closed, paper};

/// The record. What is left out has the size of |w − w*|², that is of Σ, which is of order 1/S.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-large-batch",
    source: paper::COROLLARY_2,
    equations: &["15", "16"],
    provenance: Provenance::Printed,
    statement: "C ≈ (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ, S → ∞",
    kind: Kind::Approximation { path: &DOUBLE_BATCH_SIZE, order: 1 },
    quantity: Quantity::NoiseCovariance,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &EQUAL_RESIDUALS_AT_MINIMUM, &STATIONARY],
    printed: closed!(printed),
    rival: Rival { name: "+ (1/S) Γw*w*ᵀΓ, as for Gaussian features", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};
