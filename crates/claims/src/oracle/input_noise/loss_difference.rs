//! By how much the training loss exceeds the test loss: the project's own, and the proof of a remark.

use numbers::{Matrix, Scalar, matrix};
use symbols::{Moments, Quantity, Setting};

use crate::hypotheses::{INPUT_NOISE, INVERTIBLE_HESSIAN, NO_LABEL_NOISE, NO_WEIGHT_DECAY, STATIONARY};
use crate::oracle::label_noise::label_noise;
use crate::oracle::regularization::mean_penalty;
use crate::oracle::{Claim, ClaimError, Kind, Provenance, Rival, Strengthened, paper, relation};

/// The record. With B ⪰ 0 the difference is not negative, and the remark that L_test ≤ L_train is proved.
pub const CLAIM: Claim = Claim {
    id: "input-noise/loss-difference",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "L_train = L_test + ½ E[wᵀBw]",
    kind: Kind::Exact,
    quantity: Quantity::TrainLoss,
    hypotheses: &[&INPUT_NOISE, &NO_LABEL_NOISE, &NO_WEIGHT_DECAY, &INVERTIBLE_HESSIAN, &STATIONARY],
    printed: relation!(printed),
    rival: Rival { name: "½ w*ᵀBw*, without the fluctuation of w", form: relation!(rival) },
    strengthened: Some(Strengthened {
        statement: "any Γ and σ²: L_train = L_test + ½ E[wᵀ(B + Γ)w] + ½ σ²",
        form: relation!(any_penalty),
        without: &[&NO_LABEL_NOISE, &NO_WEIGHT_DECAY],
    }),
    correction: None,
    refutation: None,
    rewritten: None,
};

/// The training loss, from the test loss and the fluctuation.
///
/// ```text
/// L_train = L_test + ½ E[wᵀBw] = L_test + ½ (Tr[BΣ] + w*ᵀBw*)
/// ```
///
/// As y − wᵀx̃ = (u − w)ᵀx − wᵀη with η independent of x. Returns a 1×1 matrix, units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular; [`ClaimError::NeedsGaussian`] for a data set, which has no test loss.
pub fn printed<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let penalty = mean_penalty(setting, &setting.input_noise_covariance(), moments)?;
    Ok(matrix::scalar(test_loss(moments)? + penalty))
}

/// L_test + ½ w*ᵀBw*.
fn rival<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let B = setting.input_noise_covariance();
    let fluctuating = matrix::trace(&(&B * &moments.fluctuation)) / T::from_integer(2);
    Ok(matrix::scalar(test_loss(moments)? + mean_penalty(setting, &B, moments)? - fluctuating))
}

/// L_test + ½ E\[wᵀ(B + Γ)w\] + ½ σ².
fn any_penalty<T: Scalar>(setting: &Setting<T>, moments: &Moments<T>) -> Result<Matrix<T>, ClaimError> {
    let penalty = mean_penalty(setting, &(setting.input_noise_covariance() + setting.weight_decay()), moments)?;
    Ok(matrix::scalar(test_loss(moments)? + penalty + label_noise(setting)? / T::from_integer(2)))
}

fn test_loss<T: Scalar>(moments: &Moments<T>) -> Result<T, ClaimError> {
    moments.test_loss.clone().ok_or(ClaimError::NeedsGaussian)
}
