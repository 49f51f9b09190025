//! Section 6.4: the natural gradient Λ = (λ/S)C⁻¹ where there is label noise, and what D decides about it.
//!
//! C depends on Λ, so that Λ is the solution of an equation, and no setting has it: a study solves that. For A = aI, and in
//! the frame of A for any, Λ = ℓA⁻¹ with a number ℓ, and C = (q/S)A with the q of [`gain`].

use std::borrow::Cow;

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, Refutation, Refutes, StudyClaim};

/// Whether D decides about the stability of the natural gradient.
pub static NATURAL_GRADIENT_STABILITY: StudyClaim = StudyClaim {
    id: "second-order/natural-gradient-stability",
    source: paper::SECTION_6_4,
    equations: &[],
    provenance: Provenance::Text,
    statement: "whether the natural gradient `Λ = (λ/S) C⁻¹` is stable depends on `D`",
    formulas: &["Λ = (λ/S) C⁻¹"],
    correction: Some(
        "for `σ² > 0` each `λ > 0` has exactly one `Λ = ℓA⁻¹` with `Λ = (λ/S) C⁻¹`, and it is stable, at every `D`, `S` and `μ`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "It is so for damped Newton steps, which are stable for `λ < 2S/(S + 1 + D)` alone. The natural gradient divides \
             by the noise, which grows without bound next to the edge of stability, and so stays inside it. `D` does \
             decide whether `Λ` is found by iterating its equation: second-order/natural-gradient-iteration.",
        ),
    }),
    beyond: None,
    proof: Some(
        "Let `n = 2(1 − μ)`, `m = (1 − μ)/(1 + μ)` and `p = m + (1 + D)/S`. At `Λ = ℓA⁻¹` Theorem 3 is `C = (q/S)A` \
         with `q = σ²(n − mℓ)/(n − pℓ)`, and by own/stability something is stationary exactly for `0 < ℓ < n/p`. So `Λ \
         = (λ/S) C⁻¹` says `λ = ℓq`. This is 0 at `ℓ = 0` and infinite at `ℓ = n/p`. Between them it grows: its \
         logarithm has the derivative `1/ℓ + n(p − m)/((n − mℓ)(n − pℓ))`, and `p > m`.",
    ),
};

/// What D does decide about the natural gradient.
pub static NATURAL_GRADIENT_ITERATION: StudyClaim = StudyClaim {
    id: "second-order/natural-gradient-iteration",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "from a small step on, the iteration of `Λ = (λ/S) C⁻¹` converges exactly where `λ < σ²ℓ_max`, with the largest stable `ℓ` of \
                `Λ = ℓA⁻¹`, `ℓ_max = 2(1 − μ)/((1 − μ)/(1 + μ) + (1 + D)/S)`",
    formulas: &["Λ = (λ/S) C⁻¹"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "With the `n`, `m`, `p` and `q` of second-order/natural-gradient-stability a step of the iteration takes `ℓ` \
         to `λ/q = (λ/σ²)(n − pℓ)/(n − mℓ)`. The fixed points of this map are the zeros of `σ²mℓ² − (σ²n + λp)ℓ + λn`. \
         That is positive at 0 and negative at `ℓ_max = n/p`, so that one of them, `ℓ₁`, lies between, and the other \
         one, `ℓ₂`, beyond. In the coordinate `z = (ℓ − ℓ₁)/(ℓ − ℓ₂)` the map multiplies by its slope at `ℓ₁`, which \
         is `−s` with `s = nℓ₁(p − m)/((n − mℓ₁)(n − pℓ₁))`.\n\n\
         This `s` is below 1 where `mpℓ₁² − 2npℓ₁ + n² > 0`, which for `ℓ₁ < ℓ_max` is `ℓ₁ < (n/m)(1 − r)` with `r² = \
         1 − m/p`. At that end `λ = ℓ₁q = σ²(n/m)(1 − r²) = σ²ℓ_max`, and `λ` grows with `ℓ₁`: so `s < 1` exactly \
         where `λ < σ²ℓ_max`. Then each step from a stable `ℓ` leads below `λ/σ²`, which is stable, and `z` goes to 0. \
         For `λ > σ²ℓ_max` a step from a small `ℓ` leads beyond `ℓ_max`. For `λ = σ²ℓ_max` it is `s = 1`, and `z` \
         changes its sign for ever.",
    ),
};

/// The largest ℓ for which Λ = ℓA⁻¹ is stable.
///
/// ```text
/// ℓ_max = n/p,    n = 2(1 − μ),    p = (1 − μ)/(1 + μ) + (1 + D)/S
/// ```
///
/// Dimensionless.
pub fn largest_step<T: Scalar>(batch_size: &T, dimension: usize, momentum: &T) -> T {
    let [n, _, p] = constants(batch_size, dimension, momentum);
    n / p
}

/// The q of C = (q/S)A at Λ = ℓA⁻¹, by Theorem 3.
///
/// ```text
/// q = σ²(n − mℓ)/(n − pℓ),    n = 2(1 − μ),    m = (1 − μ)/(1 + μ),    p = m + (1 + D)/S
/// ```
///
/// `step` is ℓ, and units are those of σ². It is infinite at ℓ = n/p, and describes nothing beyond.
pub fn gain<T: Scalar>(step: &T, label_noise_variance: &T, batch_size: &T, dimension: usize, momentum: &T) -> T {
    let [n, m, p] = constants(batch_size, dimension, momentum);
    label_noise_variance.clone() * (n.clone() - m * step) / (n - p * step)
}

/// n, m and p.
fn constants<T: Scalar>(batch_size: &T, dimension: usize, momentum: &T) -> [T; 3] {
    let left = T::one() - momentum;
    let m = left.clone() / (T::one() + momentum);
    // A problem has fewer than 2⁶³ weights.
    let p = m.clone() + T::from_integer(1 + dimension as i64) / batch_size;
    [left * T::from_integer(2), m, p]
}
