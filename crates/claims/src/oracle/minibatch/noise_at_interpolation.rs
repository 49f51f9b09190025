//! Proposition 2: no noise where every sample is fitted.

use numbers::{Matrix, Scalar};
use symbols::{Quantity, Setting};

use super::batch_size;
use crate::hypotheses::{AT_MINIMUM, DATA_SET, DIFFERENTIABLE, NONNEGATIVE_LOSSES, ZERO_MINIMUM};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, closed, paper};

/// The record.
pub const CLAIM: Claim = Claim {
    id: "minibatch/noise-at-interpolation",
    source: paper::PROPOSITION_2,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "L(w*) = 0 implies C(w*) = 0",
    kind: Kind::Exact,
    quantity: Quantity::MinibatchNoise,
    hypotheses: &[&DATA_SET, &NONNEGATIVE_LOSSES, &DIFFERENTIABLE, &ZERO_MINIMUM, &AT_MINIMUM],
    printed: closed!(printed),
    rival: Rival { name: "the Hessian approximation, C = H/S", form: closed!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The noise at the minimizer.
///
/// ```text
/// C(w*) = 0
/// ```
///
/// Returns a D×D matrix, units (2, 4).
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let D = setting.dimension();
    Ok(Matrix::zeros(D, D))
}

/// K/S.
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(setting.hessian() / batch_size(setting))
}
