//! Convergence under regularization in one dimension.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Quantity, Setting};

use crate::hypotheses::{
    GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NEAR_THE_EDGE, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_MOMENTUM, ONE_WEIGHT,
};
use crate::oracle::{
    Claim, ClaimError, Kind, Provenance, Rival, Strengthened, batch_size, closed, learning_rate, paper,
};

/// The record. The other three equations are the same condition, solved for λ, for S, and with (λk − 1)² on one side.
pub const CLAIM: Claim = Claim {
    id: "regularization/stability-in-one-dimension",
    source: paper::COROLLARY_4,
    equations: &["161", "162", "163", "164"],
    provenance: Provenance::Reconstructed,
    statement: "Σ is finite if and only if 2(a + γ) − λ[(a + γ)² + 2a²/S] > 0",
    kind: Kind::Stability,
    quantity: Quantity::Fluctuation,
    hypotheses: &[
        &GAUSSIAN_FEATURES,
        &NO_LABEL_NOISE,
        &NO_INPUT_NOISE,
        &ONE_WEIGHT,
        &NO_MOMENTUM,
        &INVERTIBLE_HESSIAN,
        &NEAR_THE_EDGE,
    ],
    printed: closed!(printed),
    rival: Rival { name: "a²/S in place of 2a²/S", form: closed!(rival) },
    strengthened: Some(Strengthened {
        statement: "any σ², which moves the moments and not their recursion",
        form: closed!(printed),
        without: &[&NO_LABEL_NOISE],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// What is positive where the second moment converges.
///
/// ```text
/// 2k − λ(k² + 2a²/S),    k = a + γ
/// ```
///
/// Returns a 1×1 matrix, units (0, 2). As 1 − ρ = λ times this, ρ the factor of the second moment, it is
/// (λk − 1)² < 1 − 2λ²a²/S, too.
///
/// # Errors
/// None.
pub fn printed<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(margin(setting, 2))
}

/// 2k − λ(k² + a²/S).
fn rival<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    Ok(margin(setting, 1))
}

fn margin<T: Scalar>(setting: &Setting<T>, weight: i64) -> Matrix<T> {
    let [a, k] = [setting.feature_covariance(), setting.hessian()].map(|M| matrix::trace(&M));
    let square = k.clone() * &k + T::from_integer(weight) * &a * &a / batch_size(setting);
    matrix::scalar(T::from_integer(2) * k - learning_rate(setting) * square)
}
