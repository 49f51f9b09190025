//! Theorem 1: what the fluctuation and the noise of a quadratic loss satisfy together.

use numbers::{Matrix, Scalar};
use symbols::{Moments, Quantity, Setting};

use crate::hypotheses::{QUADRATIC_LOSS, STATIONARY};
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rewritten, Rival, paper, relation};

/// The record. The quantity is the right side ΛCΛ; the form is the left side, at the Σ that the engine found.
pub const CLAIM: Claim = Claim {
    id: "stationary/equation",
    source: paper::THEOREM_1,
    equations: &["3"],
    provenance: Provenance::Printed,
    statement: "ΛCΛ = (1−μ)(ΛHΣ + ΣHΛ) − ((1+μ²)/(1−μ²)) ΛHΣHΛ + (μ/(1−μ²)) (ΛHΛHΣ + ΣHΛHΛ)",
    kind: Kind::Exact,
    quantity: Quantity::StepCovariance,
    hypotheses: &[&QUADRATIC_LOSS, &STATIONARY],
    printed: relation!(printed),
    rival: Rival { name: "without the terms in μ/(1−μ²)", form: relation!(rival) },
    strengthened: None,
    correction: None,
    refutation: None,
    rewritten: Some(Rewritten {
        reason: "(1+μ²) ΛHΣHΛ − μ (ΛHΛHΣ + ΣHΛHΛ), of which (1−μ)² is left as μ → 1 where ΛHΣ is symmetric: \
                 with E = ΛHΣ − ΣHΛ, ((1−μ)/(1+μ)) ΛHΣHΛ − (μ/(1−μ²)) (ΛHE − EHΛ) instead",
        form: relation!(by_commutator),
    }),
};

/// The covariance that one step adds, from the fluctuation.
///
/// ```text
/// ΛCΛ = (1−μ)(ΛHΣ + ΣHΛ) − ((1+μ²)/(1−μ²)) ΛHΣHΛ + (μ/(1−μ²)) (ΛHΛHΣ + ΣHΛHΛ),   H = K
/// ```
///
/// Returns a symmetric D×D matrix, units (2, 0); Λ and H need not commute.
///
/// # Errors
/// None: 1 − μ² > 0.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let Terms { drift, square, double_step } = Terms::of(setting, moments);
    let (n, mu) = (T::from_integer, setting.momentum());
    let mu_squared = mu.clone() * mu;
    let rest = n(1) - &mu_squared;
    Ok(drift * (n(1) - mu) - square * ((n(1) + &mu_squared) / &rest) + double_step * (mu.clone() / &rest))
}

/// ΛHΛHΣ + ΣHΛHΛ = 2ΛHΣHΛ + ΛHE − EHΛ with E = ΛHΣ − ΣHΛ, so that no large terms cancel.
fn by_commutator<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let (n, mu) = (T::from_integer, setting.momentum());
    let LH = setting.learning_rate() * setting.hessian();
    let step = &LH * &moments.fluctuation;
    let E = &step - step.transpose();
    let turn = &LH * &E;
    let (rest, sum) = (n(1) - mu, n(1) + mu);
    let drift = (&step + step.transpose()) * rest.clone();
    // E is antisymmetric: (ΛHE)ᵀ = −EHΛ.
    let turned = (&turn + turn.transpose()) * (mu.clone() / (rest.clone() * &sum));
    Ok(drift - &step * LH.transpose() * (rest / sum) + turned)
}

/// Plain SGD's equation with the drift and the noise rescaled, the mixed terms forgotten.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let Terms { drift, square, .. } = Terms::of(setting, moments);
    let (n, mu) = (T::from_integer, setting.momentum());
    let mu_squared = mu.clone() * mu;
    Ok(drift * (n(1) - mu) - square * ((n(1) + &mu_squared) / (n(1) - &mu_squared)))
}

/// ΛHΣ + ΣHΛ, ΛHΣHΛ and ΛHΛHΣ + ΣHΛHΛ.
struct Terms<T> {
    drift: Matrix<T>,
    square: Matrix<T>,
    double_step: Matrix<T>,
}

impl<T: Scalar> Terms<T> {
    fn of(setting: &Setting<T>, moments: &Moments<T>) -> Self {
        let LH = setting.learning_rate() * setting.hessian();
        let step = &LH * &moments.fluctuation;
        let double = &LH * &step;
        Terms {
            square: &step * LH.transpose(),
            drift: &step + step.transpose(),
            double_step: &double + double.transpose(),
        }
    }
}
