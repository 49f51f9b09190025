//! Proposition 8, remark: for N → ∞ both samplings have the same noise.

use symbols::Quantity;

use super::MEAN_OF_SQUARES;
use crate::hypotheses::{DATA_SET, TWICE_THE_SAMPLES, WITHOUT_REPLACEMENT};
use crate::oracle::{Claim, Kind, Provenance, Rewritten, Rival, closed, paper};

/// The record. The factor (N − S)/(N − 1) leaves an error of order (S − 1)/N.
pub const CLAIM: Claim = Claim {
    id: "minibatch/samplings-of-many",
    source: paper::PROPOSITION_8,
    equations: &["100"],
    provenance: Provenance::Reconstructed,
    statement: "C without replacement → C with replacement, N → ∞",
    kind: Kind::Approximation { path: &TWICE_THE_SAMPLES, order: 1 },
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITHOUT_REPLACEMENT],
    printed: closed!(super::noise_with_replacement::printed),
    rival: Rival { name: "the second moment, without − ∇L∇Lᵀ", form: closed!(super::noise::rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten { reason: MEAN_OF_SQUARES, form: closed!(super::noise::centered) }),
};
