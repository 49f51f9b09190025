//! Section 10 and Appendix B: the Hessian approximation, a noise of covariance K/S in place of C.
//!
//! Table 2 prints it for label noise (K = A), input noise (K = A + B) and regularization (K = A + Γ), in discrete and
//! in continuous time. All are one formula in K, and the losses at w* beside it are exact, so that a setting with
//! everything at once has its approximation too. Units differ from those of Σ, so that no identity can be asked for: a
//! study tabulates how far it is from the stationary state.

use std::borrow::Cow;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, identity, trace};
use symbols::Setting;

use crate::paper;
use claims::{ClaimError, Provenance, Refutation, Refutes, StudyClaim};

/// The approximation under label noise.
pub static LABEL_NOISE: StudyClaim = StudyClaim {
    id: "approximation/label-noise",
    source: paper::TABLE_2,
    equations: &["18–21", "23–26"],
    provenance: Provenance::Reconstructed,
    statement: "`C = A/S` in place of `C`: `Σ = (Λ/S)(2 − ΛA)⁻¹`, as `λ → 0` also `Λ/(2S)`, with its losses",
    formulas: &["C = A/S", "Σ = (Λ/S)(2 − ΛA)⁻¹", "Σ = Λ/(2S)"],
    correction: Some("to leading order in `1/S` the noise is `σ²` times `A/S`: `Σ ≈ (σ²/S) Λ(2 − ΛA)⁻¹, S → ∞`"),
    refutation: Some(Refutation {
        refutes: Refutes::StatedByThePaper,
        because: Cow::Borrowed(
            "Table 2 has the exact limits beside the approximation, with the factor `σ²` that it lacks.",
        ),
    }),
    beyond: None,
    proof: Some(
        "By Lemma 1 `SC = σ²A + AΣA + Tr[AΣ]A`, where `Σ` is of the order `1/S`. So `C` is `σ²A/S` to leading order, \
         which is `σ²` times the noise of the approximation. Eq. (3) is linear in `C` and `Σ`, so that `Σ` is `σ²` \
         times that of the approximation.",
    ),
};

/// The approximation under input noise.
pub static INPUT_NOISE: StudyClaim = StudyClaim {
    id: "approximation/input-noise",
    source: paper::TABLE_2,
    equations: &["27–29", "31–33"],
    provenance: Provenance::Reconstructed,
    statement: "`C = K/S` in place of `C`: `Σ = (λ/S)(2 − λK)⁻¹`, as `λ → 0` also `(λ/(2S)) I`, with its losses",
    formulas: &["C = K/S", "Σ = (λ/S)(2 − λK)⁻¹", "Σ = (λ/(2S)) I"],
    correction: Some(
        "to leading order in `1/S` the noise is `t` times `K/S`, `t = Tr[AK⁻¹BU]`: `Σ ≈ (λ/S) Tr[AK⁻¹BU](2 − λK)⁻¹, S → ∞`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::StatedByThePaper,
        because: Cow::Borrowed(
            "Table 2 has the exact limits beside the approximation, with the factor `t` that it lacks.",
        ),
    }),
    beyond: None,
    proof: Some(
        "The residual at `w*` has the variance `t = Tr[AK⁻¹BU]` and is independent of the features with their noise, \
         so that `SC = tK + KΣK + Tr[KΣ]K`, where `Σ` is of the order `1/S`. So `C` is `tK/S` to leading order, and by \
         eq. (3), which is linear, `Σ` is `t` times that of the approximation.",
    ),
};

/// The approximation under regularization.
pub static REGULARIZATION: StudyClaim = StudyClaim {
    id: "approximation/regularization",
    source: paper::TABLE_2,
    equations: &["34", "36–38", "42–44"],
    provenance: Provenance::Reconstructed,
    statement: "`C = K/S` in place of `C`: `Σ = (λ/S)(2 − λK)⁻¹`, as `λ → 0` also `(λ/(2S)) I`, with its losses",
    formulas: &["C = K/S", "Σ = (λ/S)(2 − λK)⁻¹", "Σ = (λ/(2S)) I"],
    correction: Some(
        "to leading order in `1/S` the noise is `(1/S)(T₀A + A²K⁻²Γ²U)`, `T₀ = Tr[AK⁻²Γ²U]`: \
         `Σ ≈ (λ/S)(T₀A + A²K⁻²Γ²U)K⁻¹(2 − λK)⁻¹, S → ∞`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::StatedByThePaper,
        because: Cow::Borrowed(
            "Table 2 has the exact limits beside the approximation, with `T₀A + A²K⁻²Γ²U` where it has `K`.",
        ),
    }),
    beyond: None,
    proof: Some(
        "With `M = E[(w − u)(w − u)ᵀ]` Gaussian samples without label noise have `SC = AMA + Tr[AM]A`. To leading \
         order `w` is `w*`, and `u − w* = K⁻¹Γu`. Where `A`, `Γ` and `U` commute, `AMA = A²K⁻²Γ²U` and `Tr[AM] = \
         Tr[AK⁻²Γ²U]`. Eq. (3) is then `K(2 − λK)Σ = λC`.",
    ),
};

/// Fig. 6 read by the trace that it shows.
pub static RISING_TRACE: StudyClaim = StudyClaim {
    id: "approximation/rising-trace",
    source: paper::SECTION_A_2,
    equations: &[],
    provenance: Provenance::Text,
    statement: "on random data sets the approximation has `Tr[ÂΣ]` rise with `α = N/D` up to `α = 1`, where nothing \
                fluctuates, and constant from there on, where the fluctuation begins to rise",
    formulas: &[],
    correction: Some(
        "on random data sets the `Tr[ÂΣ]` of the approximation rises nowhere with `N`: it is `λTr[A]/(2S)` to leading order, and \
         the next order falls with `N`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "What the words describe is `Tr[Σ]`, approximation/rising-fluctuation, and not the trace with `Â` that the \
             figure shows. That is proportional to `Tr Â`, which has the same mean at every `N`.",
        ),
    }),
    beyond: None,
    proof: Some(
        "In the approximation `Tr[ÂΣ] = (λ/S) Tr[Â(2 − λÂ)⁻¹]`, a power series in `λ` with the terms `(λ/(2S)) Tr[Â]`, \
         `(λ²/(4S)) Tr[Â²]` and so on. On average `Tr[Â]` is `Tr[A]` at every `N`, and `Tr[Â²]` is `Tr[A²] + (Tr[A²] + \
         (Tr[A])²)/N`, which falls with `N`. The trace of any power is convex in `Â`, and the `Â` of `N + 1` samples \
         is the mean over those of the `N` that are left when one is taken out. So by Jensen's inequality no term \
         rises on average.",
    ),
};

/// Fig. 6 read by the fluctuation itself.
///
/// Its noise Â/S leaves weights at rest off the range of Â, so that Σ = (λ/S)(2 − λÂ)⁻¹ on the range alone, and
/// Tr Σ = (λ/2S) min(N, D) + O(λ²).
pub static RISING_FLUCTUATION: StudyClaim = StudyClaim {
    id: "approximation/rising-fluctuation",
    source: paper::SECTION_A_2,
    equations: &[],
    provenance: Provenance::Text,
    statement: "on random data sets the approximation has `Tr[Σ]` rise with `α = N/D` up to `α = 1`, where nothing fluctuates, \
                and constant from there on, where the fluctuation begins to rise",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: None,
};

/// In which time the approximation is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Steps of a finite learning rate.
    Discrete,
    /// ΛK ≪ I.
    Continuous,
}

impl Time {
    /// Both, in the order of Table 2.
    pub const ALL: [Time; 2] = [Time::Discrete, Time::Continuous];
}

/// The fluctuation.
///
/// ```text
/// discrete:    ΛKΣ + ΣKΛ − ΛKΣKΛ = ΛKΛ/S    Σ = (Λ/S)(2I − ΛK)⁻¹    (18), (34);  (19), (27), (36)
/// continuous:  ΛKΣ + ΣKΛ = ΛKΛ/S            Σ = Λ/(2S)              (23);        (24), (31), (42)
/// ```
///
/// Returns a D×D matrix. Its units are those of a learning rate, (0, −2), where a fluctuation has (2, 0).
///
/// # Assumes
/// μ = 0, which no equation of it knows; for discrete time ΛK = KΛ, without which Λ and the inverse would have to
/// change places.
///
/// # Errors
/// [`ClaimError::Inverse`] where 2 is an eigenvalue of ΛK.
pub fn fluctuation<T: Scalar>(setting: &Setting<T>, steps: Time) -> Result<Matrix<T>, ClaimError> {
    let (L, S, two) = (setting.learning_rate(), setting.draws().clone(), T::from_integer(2));
    match steps {
        Time::Discrete => {
            let G = identity::<T>(setting.dimension()) * two - L * setting.hessian();
            Ok(L * inverse("2I − ΛK", &G)? / S)
        }
        Time::Continuous => Ok(L.clone() / (S * two)),
    }
}

/// The training loss, L(w*) + ½ Tr\[KΣ\] with Σ = [`fluctuation`]: eqs. (20), (28), (37) and (25), (32), (43).
///
/// # Errors
/// As of [`fluctuation`] and [`least_train_loss`].
pub fn train_loss<T: Scalar>(setting: &Setting<T>, steps: Time) -> Result<T, ClaimError> {
    let excess = half(trace(&(setting.hessian() * fluctuation(setting, steps)?)));
    Ok(least_train_loss(setting)? + excess)
}

/// The test loss, that of w* and ½ Tr\[AΣ\] with Σ = [`fluctuation`]: eqs. (21), (29), (38) and (26), (33), (44).
///
/// # Errors
/// As of [`fluctuation`] and [`least_test_loss`].
pub fn test_loss<T: Scalar>(setting: &Setting<T>, steps: Time) -> Result<T, ClaimError> {
    let excess = half(trace(&(setting.feature_covariance() * fluctuation(setting, steps)?)));
    Ok(least_test_loss(setting)? + excess)
}

/// The training loss at w*, which Table 2 adds to that of the fluctuation.
///
/// ```text
/// L(w*) = ½ (σ² + Tr[AK⁻¹(B + Γ)U])
/// ```
///
/// Units (2, 2): σ²/2, t/2 and ½ Tr\[AK⁻¹ΓU\] of the three cases.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn least_train_loss<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let (u, pulled) = pulled(setting)?;
    let residual = u.dot(&(setting.feature_covariance() * pulled));
    let label_noise = setting.label_noise_variance().map_err(|source| ClaimError::Inverse { matrix: "A", source })?;
    Ok(half(label_noise + residual))
}

/// The test loss at w*, which Table 2 adds to that of the fluctuation.
///
/// ```text
/// ½ Tr[K'ᵀAK'U],    K' = K⁻¹(B + Γ)
/// ```
///
/// Units (2, 2): 0, ½ Tr\[B'ᵀAB'U\] and ½ T₀ of the three cases.
///
/// # Errors
/// [`ClaimError::Inverse`] where K is singular.
pub fn least_test_loss<T: Scalar>(setting: &Setting<T>) -> Result<T, ClaimError> {
    let (_, pulled) = pulled(setting)?;
    Ok(half(pulled.dot(&(setting.feature_covariance() * &pulled))))
}

/// u, and u − w* = K⁻¹(B + Γ)u.
fn pulled<T: Scalar>(setting: &Setting<T>) -> Result<(Matrix<T>, Matrix<T>), ClaimError> {
    let u = setting.true_weights().map_err(|source| ClaimError::Inverse { matrix: "A", source })?;
    let u = Matrix::from_columns(&[u]);
    let pull = (setting.input_noise_covariance() + setting.weight_decay()) * &u;
    let pulled = matrix::solve(&setting.hessian(), &pull);
    Ok((u, pulled.map_err(|source| ClaimError::Inverse { matrix: "K", source })?))
}

fn inverse<T: Scalar>(matrix: &'static str, M: &Matrix<T>) -> Result<Matrix<T>, ClaimError> {
    matrix::inverse(M).map_err(|source| ClaimError::Inverse { matrix, source })
}

fn half<T: Scalar>(value: T) -> T {
    value / T::from_integer(2)
}
