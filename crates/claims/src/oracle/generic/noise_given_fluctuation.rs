//! Corollary 2 against Lemma 1: the noise under label noise, given the fluctuation.

use numbers::{Matrix, Scalar, matrix::trace};
use symbols::{Moments, Quantity, Setting};

use super::{batch_size, full_noise_at_minimum, hessian, noise_by_spread};
use crate::hypotheses::{FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::label_noise::noise_given_fluctuation::printed as lemma_1;
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, paper, relation};

/// The record: eqs. (16) and (17) added up, that is eq. (14) averaged over the stationary state. Without label noise,
/// where eq. (17) stands alone, only Σ = 0 is stationary.
///
/// The term of rank 1 has the wrong sign. It is of second order in 1/S, as Tr\[H₀Σ\] H₀ is, from which it differs by a
/// factor of about D: eqs. (59) to (61).
pub const CLAIM: Claim = Claim {
    id: "generic/noise-given-fluctuation",
    source: paper::AFTER_COROLLARY_3,
    equations: &["16", "17"],
    // Eqs. (16) and (17) are printed; that they may be added up, and agree with Lemma 1, is an assertion of the text.
    provenance: Provenance::Text,
    statement: "C = (2L₀(w*)/S) H₀ + (1/S)(Tr[H₀Σ] I − H₀Σ) H₀ under label noise, consistent with Lemma 1",
    kind: Kind::Exact,
    quantity: Quantity::NoiseCovariance,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_WEIGHT_DECAY, &NO_INPUT_NOISE, &FULL_RANK, &STATIONARY],
    printed: relation!(printed),
    rival: Rival { name: "without H₀ΣH₀", form: relation!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "C = (2L₀(w*)/S) H₀ + (1/S)(Tr[H₀Σ] I + H₀Σ) H₀",
        form: relation!(lemma_1),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: &["label-noise/noise-given-fluctuation"] },
        because: "Eq. (17) has −H₀ΣH₀ where Lemma 1 has +AΣA with A = H₀. Eq. (17) rests on assumption 2, which \
                  label noise does not satisfy: that they agree is what fails, and neither of them.",
    }),
    rewritten: None,
};

/// The stationary noise covariance, from the fluctuation.
///
/// ```text
/// C = (2L₀(w*)/S) H₀ + (1/S)(Tr[H₀Σ] I − H₀Σ) H₀
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 4).
///
/// # Errors
/// [`ClaimError::Inverse`] where A is singular.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(full_noise_at_minimum(setting)? + noise_by_spread(&hessian(setting), &moments.fluctuation) / batch_size(setting))
}

/// (2L₀(w*)/S) H₀ + (1/S) Tr\[H₀Σ\] H₀.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let H = hessian(setting);
    let size = trace(&(&H * &moments.fluctuation)) / batch_size(setting);
    Ok(full_noise_at_minimum(setting)? + H * size)
}
