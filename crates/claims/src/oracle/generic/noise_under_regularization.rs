//! Corollary 2 against Proposition 3: the noise at the minimum under regularization.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::full_noise_at_minimum;
use super::noise_at_minimum::printed;
use crate::hypotheses::{AT_MINIMUM, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_LABEL_NOISE};
use crate::oracle::regularization::any_minimum_noise;
use crate::oracle::{Claim, ClaimError, Correction, Kind, Provenance, Refutation, Refutes, Rival, closed, paper};

/// The record. Proposition 3 has the term of rank 1 with the other sign for Σ = 0, and it is as large as the first one:
/// in one dimension eq. (15) leaves no noise, and there is twice the first term.
pub const CLAIM: Claim = Claim {
    id: "generic/noise-under-regularization",
    source: paper::AFTER_COROLLARY_3,
    equations: &["15"],
    // Eq. (15) is printed; that it agrees with Proposition 3 is an assertion of the text.
    provenance: Provenance::Text,
    statement: "C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ for y = uᵀx, consistent with Proposition 3",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&GAUSSIAN_FEATURES, &NO_LABEL_NOISE, &NO_INPUT_NOISE, &AT_MINIMUM],
    printed: closed!(printed),
    rival: Rival { name: "without the term of rank 1", form: closed!(rival) },
    strengthened: None,
    correction: Some(Correction {
        statement: "C(w*) = (2L₀(w*)/S) H₀ + (1/S) Γw*w*ᵀΓ",
        form: closed!(any_minimum_noise),
    }),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: &["regularization/noise-given-fluctuation"] },
        because: "Eq. (15) has −Γw*w*ᵀΓ where Proposition 3 has +ΓA'UA'Γ with A'u = w*. Eq. (15) rests on assumption \
                  2, which the residuals (w* − u)ᵀx do not satisfy: that they agree is what fails, and neither of \
                  them.",
    }),
    rewritten: None,
};

/// (2L₀(w*)/S) H₀.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    full_noise_at_minimum(setting)
}
