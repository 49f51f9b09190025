//! Table 2: the stationary equation for a small learning rate.

use numbers::{Matrix, Scalar};
use symbols::{Moments, Quantity, Setting};

use crate::hypotheses::{HALF_LEARNING_RATE, NO_MOMENTUM, QUADRATIC_LOSS, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, paper, relation};

/// The record: what the discrete-time equations (18) and (34) are without their last term, whatever the noise is.
pub const CLAIM: Claim = Claim {
    id: "stationary/small-learning-rate",
    source: paper::TABLE_2,
    equations: &["23"],
    provenance: Provenance::Reconstructed,
    statement: "ΛCΛ ≈ ΛHΣ + ΣHΛ, λ → 0",
    kind: Kind::Approximation { path: &HALF_LEARNING_RATE, order: 1 },
    quantity: Quantity::StepCovariance,
    hypotheses: &[&QUADRATIC_LOSS, &NO_MOMENTUM, &STATIONARY],
    printed: relation!(printed),
    rival: Rival { name: "ΛHΣ alone, symmetrized", form: relation!(rival) },
    strengthened: Some(Strengthened {
        statement: "any μ: ΛCΛ ≈ (1−μ)(ΛHΣ + ΣHΛ)",
        form: relation!(any_momentum),
        without: &[&NO_MOMENTUM],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The covariance that one step adds, from the fluctuation, in continuous time.
///
/// ```text
/// ΛCΛ ≈ ΛHΣ + ΣHΛ,    λ → 0,    H = K
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0); Λ and H need not commute.
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let step = setting.learning_rate() * setting.hessian() * &moments.fluctuation;
    Ok(&step + step.transpose())
}

/// (1−μ)(ΛHΣ + ΣHΛ).
fn any_momentum<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(printed(setting, moments)? * (T::one() - setting.momentum()))
}

/// ½ (ΛHΣ + ΣHΛ).
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(printed(setting, moments)? / T::from_integer(2))
}
