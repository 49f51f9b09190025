//! Proposition 8, remark: for S = 1 both samplings have the same noise.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::{Gradients, MEAN_OF_SQUARES};
use crate::hypotheses::{DATA_SET, SINGLE_DRAWS, WITHOUT_REPLACEMENT};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/samplings-of-one",
    source: paper::PROPOSITION_8,
    equations: &["100"],
    provenance: Provenance::Reconstructed,
    statement: "C without replacement = C with replacement",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &SINGLE_DRAWS, &WITHOUT_REPLACEMENT],
    printed: closed!(super::noise_with_replacement::printed),
    rival: Rival { name: "a factor (N − 1)/N", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten { reason: MEAN_OF_SQUARES, form: closed!(super::noise::centered) }),
};

/// ((N − 1)/N) C with replacement.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let N = Gradients::of(setting)?.count();
    Ok(super::noise_with_replacement::printed(setting)? * ((N.clone() - T::one()) / N))
}
