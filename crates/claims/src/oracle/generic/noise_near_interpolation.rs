//! Corollary 2: the noise near a minimum where every sample is fitted.

use numbers::Scalar;
use numbers::matrix::{Matrix, outer, trace};
use symbols::{Quantity, Setting};

use super::{batch_size, hessian, minimizer, noise_by_spread};
use crate::hypotheses::{DATA_SET, EQUAL_RESIDUALS, NO_WEIGHT_DECAY, WITH_REPLACEMENT, ZERO_MINIMUM};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record. Such a data set is fitted by every chain in the end, so that Σ is not that of a stationary state; but
/// the formula is linear in Σ and holds for the weights at any time if it does for each w₀, with
/// Σ = (w₀ − w*)(w₀ − w*)ᵀ.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-near-interpolation",
    source: paper::COROLLARY_2,
    equations: &["17"],
    provenance: Provenance::Printed,
    statement: "C(w) = (1/S)(Tr[H₀Σ] I − H₀Σ) H₀ for L₀(w*) = 0, Σ = (w−w*)(w−w*)ᵀ",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &WITH_REPLACEMENT, &NO_WEIGHT_DECAY, &ZERO_MINIMUM, &EQUAL_RESIDUALS],
    printed: closed!(printed),
    rival: Rival { name: "without H₀ΣH₀", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise of one minibatch at w₀.
///
/// ```text
/// C(w₀) = (1/S)(Tr[H₀Σ] I − H₀Σ) H₀,    Σ = (w₀ − w*)(w₀ − w*)ᵀ
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::Inverse`] where H₀ is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(noise_by_spread(&hessian(setting), &spread(setting)?) / batch_size(setting))
}

/// (1/S) Tr\[H₀Σ\] H₀.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let H = hessian(setting);
    let size = trace(&(&H * spread(setting)?)) / batch_size(setting);
    Ok(H * size)
}

/// (w₀ − w*)(w₀ − w*)ᵀ.
fn spread<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let away = setting.initial_weights() - minimizer(setting)?;
    Ok(outer(&away, &away))
}
