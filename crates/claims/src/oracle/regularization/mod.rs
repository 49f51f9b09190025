//! Section 4: regularization, y = uᵀx, L = ½ (w−u)ᵀA(w−u) + ½ wᵀΓw, K = A + Γ.
//!
//! The noise comes from the residuals (w−u)ᵀx alone, which do not vanish at w* = K⁻¹Au; every hypothesis allows Γ ≺ 0.

pub mod fluctuation;
pub mod fluctuation_aligned;
pub mod fluctuation_large_batch;
pub mod fluctuation_small_learning_rate;
pub mod noise_given_fluctuation;
pub mod noise_large_batch;
pub mod noise_small_learning_rate;
pub mod stability_in_one_dimension;
pub mod test_loss;
pub mod test_loss_exceeding;
pub mod test_loss_in_one_dimension;
pub mod test_loss_large_batch;
pub mod test_loss_small_learning_rate;
pub mod train_loss;
pub mod train_loss_in_one_dimension;
pub mod train_loss_large_batch;
pub mod train_loss_small_learning_rate;

use numbers::matrix::{self, Matrix, identity, outer, trace};
use numbers::{Scalar, Vector};
use symbols::{Moments, Setting};

use crate::hypotheses::{
    ALIGNED_TRUE_WEIGHTS, COMMUTING_WEIGHT_DECAY, GAUSSIAN_FEATURES, INVERTIBLE_HESSIAN, NO_INPUT_NOISE,
    NO_LABEL_NOISE, NO_MOMENTUM, SCALAR_LEARNING_RATE, STATIONARY,
};
use crate::oracle::{ClaimError, batch_size, label_noise::label_noise, learning_rate, true_square, true_weights};

/// The same where u is an eigenvector, too.
const ALIGNED_HYPOTHESES: &[&crate::oracle::Hypothesis] = &[
    &GAUSSIAN_FEATURES,
    &NO_LABEL_NOISE,
    &NO_INPUT_NOISE,
    &SCALAR_LEARNING_RATE,
    &NO_MOMENTUM,
    &ALIGNED_TRUE_WEIGHTS,
    &INVERTIBLE_HESSIAN,
    &STATIONARY,
];

/// What most of section 4 assumes: \[A, Γ\] = 0.
const HYPOTHESES: &[&crate::oracle::Hypothesis] = &[
    &GAUSSIAN_FEATURES,
    &NO_LABEL_NOISE,
    &NO_INPUT_NOISE,
    &SCALAR_LEARNING_RATE,
    &NO_MOMENTUM,
    &COMMUTING_WEIGHT_DECAY,
    &INVERTIBLE_HESSIAN,
    &STATIONARY,
];

/// What Theorem 4 is written in.
///
/// ```text
/// G = 2I − λ(K + (1/S) K⁻¹A²),    T₀ = Tr[AK⁻²Γ²U]
/// κ = Tr[A²K⁻¹G⁻¹] / (1 − (λ/S) Tr[A²K⁻¹G⁻¹]),    r = Tr[A³K⁻³Γ²G⁻¹U] / (1 − (λ/S) Tr[A²K⁻¹G⁻¹])
/// ```
struct Auxiliaries<T> {
    /// λ/S.
    step: T,
    /// G⁻¹.
    G_inverse: Matrix<T>,
    /// T₀.
    offset: T,
    /// κ.
    kappa: T,
    /// r.
    r: T,
}

impl<T: Scalar> Auxiliaries<T> {
    fn of(setting: &Setting<T>) -> Result<Self, ClaimError> {
        let (A, K_inverse, U) = (setting.feature_covariance(), hessian_inverse(setting)?, true_square(setting)?);
        let step = learning_rate(setting) / batch_size(setting);
        let I = identity::<T>(setting.dimension());
        let curved = setting.hessian() * learning_rate(setting) + &K_inverse * &A * &A * step.clone();
        let G = I * T::from_integer(2) - curved;
        let G_inverse = matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "G", source })?;
        let AK_inverse = &A * &K_inverse;
        let tau = trace(&(&A * &AK_inverse * &G_inverse));
        let rest = T::one() - tau.clone() * &step;
        if rest.is_zero() {
            return Err(ClaimError::Pole { denominator: "1 − (λ/S) Tr[A²K⁻¹G⁻¹]" });
        }
        let decay_square = setting.weight_decay() * setting.weight_decay();
        let cube = &A * &A * &AK_inverse * &K_inverse * &K_inverse;
        let r = trace(&(cube * decay_square * &G_inverse * U)) / &rest;
        Ok(Auxiliaries { step, G_inverse, offset: offset(setting)?, kappa: tau / rest, r })
    }

    /// T₀ (1 + λκ/S) + λr/S, the mean square of the residuals.
    fn squared_residual(&self) -> T {
        self.offset.clone() * (T::one() + self.kappa.clone() * &self.step) + self.r.clone() * &self.step
    }
}

/// (λ/S)(`size` A + A²K⁻²Γ²U) K⁻¹G⁻¹, for a G⁻¹ given.
fn fluctuation<T: Scalar>(setting: &Setting<T>, size: T, G_inverse: &Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let (A, K_inverse, G) = (setting.feature_covariance(), hessian_inverse(setting)?, setting.weight_decay());
    let rank_one = &A * &A * &K_inverse * &K_inverse * G * G * true_square(setting)?;
    let step = learning_rate(setting) / batch_size(setting);
    Ok((A * size + rank_one) * K_inverse * G_inverse * step)
}

/// T₀ = Tr\[AK⁻²Γ²U\], twice the test loss of w*.
fn offset<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let (A, K_inverse, G) = (setting.feature_covariance(), hessian_inverse(setting)?, setting.weight_decay());
    Ok(trace(&(A * &K_inverse * &K_inverse * G * G * true_square(setting)?)))
}

/// (2 − λK)⁻¹, which G⁻¹ becomes for a large minibatch.
fn large_batch_inverse<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let two = identity::<T>(setting.dimension()) * T::from_integer(2);
    let G = two - setting.hessian() * learning_rate(setting);
    matrix::inverse(&G).map_err(|source| ClaimError::Inverse { matrix: "2 − λK", source })
}

/// ½ I, which G⁻¹ becomes for a small learning rate.
fn small_rate_inverse<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    identity::<T>(setting.dimension()) / T::from_integer(2)
}

/// (λ/S) G⁻¹, the fluctuation by the Hessian approximation, for a G⁻¹ given.
fn hessian_approximation<T: Scalar>(setting: &Setting<T>, G_inverse: Matrix<T>) -> Matrix<T> {
    G_inverse * (learning_rate(setting) / batch_size(setting))
}

/// ½ Tr\[KΣ\] + ½ Tr\[AK⁻¹ΓU\].
fn train_loss_at<T: Scalar>(setting: &Setting<T>, fluctuation: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let potential = trace(&(setting.hessian() * fluctuation)) / T::from_integer(2);
    Ok(matrix::scalar(potential + least_loss(setting)?))
}

/// ½ Tr\[AΣ\] + ½ T₀.
fn test_loss_at<T: Scalar>(setting: &Setting<T>, fluctuation: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let potential = trace(&(setting.feature_covariance() * fluctuation));
    Ok(matrix::scalar((potential + offset(setting)?) / T::from_integer(2)))
}

/// (1/S)(T₀A + AΓ'UΓ'A), Γ' = K⁻¹Γ: C(w*) where A and Γ commute.
fn minimum_noise<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let (A, scaled) = (setting.feature_covariance(), hessian_inverse(setting)? * setting.weight_decay());
    let rank_one = &A * &scaled * true_square(setting)? * scaled * &A;
    Ok((A * offset(setting)? + rank_one) / batch_size(setting))
}

/// L(w*) = ½ Tr\[AK⁻¹ΓU\].
fn least_loss<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let residual = setting.feature_covariance() * hessian_inverse(setting)? * setting.weight_decay();
    Ok(trace(&(residual * true_square(setting)?)) / T::from_integer(2))
}

/// K⁻¹.
fn hessian_inverse<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    matrix::inverse(&setting.hessian()).map_err(|source| ClaimError::Inverse { matrix: "K", source })
}

/// Σ for any A, B, Γ, Λ, σ² and μ: the project's own form of Theorem 4, and of Theorems 2 and 9.
///
/// Given the mean square q of the residuals, C = (1/S)(MΣM + qM + P), and the stationary equation is linear in Σ:
///
/// ```text
/// (F − (1/S) Y⊗Y) vec Σ = (1/S) vec Λ(qM + P)Λ,    M = A + B,    P = Γw*w*ᵀΓ,    X = ΛK,    Y = ΛM
/// F = (1−μ)(I⊗X + X⊗I) − ((1+μ²)/(1−μ²)) X⊗X + (μ/(1−μ²))(I⊗X² + X²⊗I)
/// q = q₀ + Tr[MΣ],    q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*
/// ```
///
/// With Λ = λI, μ = 0, B = 0 and \[A, Γ\] = 0 the map is diagonal in the basis where A and Γ are, and its entries
/// λ(kᵢ + kⱼ − λkᵢkⱼ − (λ/S)aᵢaⱼ) are products of what belongs to i and to j only for i = j: Theorem 4 is this, where U
/// is diagonal, too.
fn any_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let M = second_moment(setting);
    let Y = setting.learning_rate() * &M;
    let map = discrete_map(setting) - Y.kronecker(&Y) / batch_size(setting);
    let [of_noise, of_decay] = responses(setting, &map)?;
    let rest = T::one() - trace(&(&M * &of_noise));
    if rest.is_zero() {
        return Err(ClaimError::Pole { denominator: "1 − Tr[MΣ]/q at P = 0" });
    }
    let squared_residual = (residual_at_minimum(setting)? + trace(&(M * &of_decay))) / rest;
    Ok(of_noise * squared_residual + of_decay)
}

/// The same to leading order for a large minibatch: q = q₀, without Y⊗Y.
pub(crate) fn large_batch_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    leading_fluctuation(setting, &discrete_map(setting))
}

/// The same to leading order for a small learning rate: q = q₀, of F the first term.
fn small_rate_fluctuation<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    leading_fluctuation(setting, &drift_map(setting))
}

fn leading_fluctuation<T: Scalar>(setting: &Setting<T>, map: &Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let [of_noise, of_decay] = responses(setting, map)?;
    Ok(of_noise * residual_at_minimum(setting)? + of_decay)
}

/// The Σ that `map` takes to (1/S) ΛMΛ, and to (1/S) ΛPΛ.
pub(crate) fn responses<T: Scalar>(setting: &Setting<T>, map: &Matrix<T>) -> Result<[Matrix<T>; 2], ClaimError> {
    let (D, S, L) = (setting.dimension(), batch_size(setting), setting.learning_rate());
    let pull = L * setting.weight_decay() * minimizer(setting)?;
    let steps = [L * second_moment(setting) * L, outer(&pull, &pull)];
    let right = Matrix::from_columns(&steps.map(|step| Vector::from_column_slice(step.as_slice()) / S.clone()));
    let solved = matrix::solve(map, &right).map_err(|source| ClaimError::Inverse { matrix: "F", source })?;
    Ok([0, 1].map(|side| Matrix::from_column_slice(D, D, solved.column(side).as_slice())))
}

/// F.
pub(crate) fn discrete_map<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    let (n, mu, I) = (T::from_integer, setting.momentum(), identity::<T>(setting.dimension()));
    let X = setting.learning_rate() * setting.hessian();
    let square = &X * &X;
    let mu_squared = mu.clone() * mu;
    let rest = n(1) - &mu_squared;
    let double_step = I.kronecker(&square) + square.kronecker(&I);
    drift_map(setting) - X.kronecker(&X) * ((n(1) + mu_squared) / &rest) + double_step * (mu.clone() / rest)
}

/// (1−μ)(I⊗X + X⊗I).
fn drift_map<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    let (I, X) = (identity::<T>(setting.dimension()), setting.learning_rate() * setting.hessian());
    (I.kronecker(&X) + X.kronecker(&I)) * (T::one() - setting.momentum())
}

/// M = A + B.
fn second_moment<T: Scalar>(setting: &Setting<T>) -> Matrix<T> {
    setting.feature_covariance() + setting.input_noise_covariance()
}

/// w* = K⁻¹Au, in a form of its own: the bounds of a proof and the rounding of a precision are those of K⁻¹ as the theorems have it.
pub(crate) fn minimizer<T: Scalar>(setting: &Setting<T>) -> Result<Vector<T>, ClaimError> {
    Ok(hessian_inverse(setting)? * setting.label_moment())
}

/// ½ E\[wᵀPw\] = ½ (Tr\[PΣ\] + w*ᵀPw*).
pub(crate) fn mean_penalty<T: Scalar>(
    setting: &Setting<T>,
    P: &Matrix<T>,
    moments: &Moments<T>,
) -> Result<T, ClaimError> {
    let minimizer = setting.minimizer().map_err(|source| ClaimError::Inverse { matrix: "K", source })?;
    let minimizer = Matrix::from_columns(&[minimizer]);
    let still = matrix::trace(&(minimizer.transpose() * P * minimizer));
    Ok((matrix::trace(&(P * &moments.fluctuation)) + still) / T::from_integer(2))
}

/// q₀ = σ² + (w*−u)ᵀA(w*−u) + w*ᵀBw*, the mean square of the residuals at w*.
pub(crate) fn residual_at_minimum<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let w = minimizer(setting)?;
    let of_noise = w.dot(&(setting.input_noise_covariance() * &w));
    Ok(label_noise(setting)? + offset_at_minimum(setting)? + of_noise)
}

/// (w*−u)ᵀA(w*−u).
fn offset_at_minimum<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let offset = minimizer(setting)? - true_weights(setting)?;
    Ok(offset.dot(&(setting.feature_covariance() * &offset)))
}

/// C(w*) = (1/S)(q₀M + Γw*w*ᵀΓ).
pub(crate) fn any_minimum_noise<T: Scalar>(setting: &Setting<T>) -> Result<Matrix<T>, ClaimError> {
    let pull = setting.weight_decay() * minimizer(setting)?;
    Ok((second_moment(setting) * residual_at_minimum(setting)? + outer(&pull, &pull)) / batch_size(setting))
}

/// ½ (q₀ + w*ᵀΓw* + Tr\[KΣ\]).
fn any_train_loss_at<T: Scalar>(setting: &Setting<T>, fluctuation: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let w = minimizer(setting)?;
    let least = residual_at_minimum(setting)? + w.dot(&(setting.weight_decay() * &w));
    Ok(matrix::scalar((least + trace(&(setting.hessian() * fluctuation))) / T::from_integer(2)))
}

/// ½ ((w*−u)ᵀA(w*−u) + Tr\[AΣ\]).
fn any_test_loss_at<T: Scalar>(setting: &Setting<T>, fluctuation: Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    let potential = trace(&(setting.feature_covariance() * fluctuation));
    Ok(matrix::scalar((potential + offset_at_minimum(setting)?) / T::from_integer(2)))
}

/// What Corollary 4 is written in, with `weight` in place of the 2 of 2λa²/S.
struct OneDimension<T> {
    /// λ/S.
    step: T,
    /// a.
    a: T,
    /// aγu².
    decayed: T,
    /// aγ²u².
    decayed_square: T,
    /// k = a + γ.
    k: T,
    /// 2 − λk.
    pull: T,
    /// k(2 − λk) − 2λa²/S.
    denominator: T,
}

impl<T: Scalar> OneDimension<T> {
    /// a = Tr\[A\], γ = Tr\[Γ\]/D, u² = uᵀu, which is what they are where one direction holds all.
    fn of(setting: &Setting<T>, weight: i64) -> Result<Self, ClaimError> {
        let (n, u, rate) = (T::from_integer, true_weights(setting)?, learning_rate(setting));
        let a = trace(&setting.feature_covariance());
        let decay = trace(setting.weight_decay()) / n(setting.dimension() as i64);
        let k = a.clone() + &decay;
        let pull = n(2) - rate.clone() * &k;
        let step = rate / batch_size(setting);
        let denominator = k.clone() * &pull - n(weight) * &step * &a * &a;
        for (value, denominator) in [(&k, "a + γ"), (&denominator, "k(2 − λk) − 2λa²/S")] {
            if value.is_zero() {
                return Err(ClaimError::Pole { denominator });
            }
        }
        let decayed = a.clone() * &decay * u.dot(&u);
        let decayed_square = decayed.clone() * decay;
        Ok(OneDimension { step, a, decayed, decayed_square, k, pull, denominator })
    }
}
