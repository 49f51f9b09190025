//! Section 9: the tail of the stationary law of one weight; formulas for its index, as functions of S and aλ.
//!
//! The index is the root of a transcendental equation, so that no identity can be asked for: a study tabulates how far
//! these are from it.

use std::borrow::Cow;

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, Refutation, Refutes, StudyClaim};

pub mod diffusion;
pub mod monotone;
pub mod several;

/// The index in continuous time.
pub static CONTINUOUS_TIME: StudyClaim = StudyClaim {
    id: "tail/continuous-time",
    source: paper::MORI_2021,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`β = 2S/(aλ) + 1` (continuous time)",
    formulas: &["β = 2S/(aλ) + 1"],
    correction: Some("the index is the `β > 0` with `E|1 − λ(x₁² + … + x_S²)/S|^β = 1`, `x ~ N(0, a)`"),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "The paper itself says that it is only correct when `λ` is small. It is not in that limit either: `aλβ/S` \
             tends to `y/2 < 2` with `y ln y = 1 + y`, and not to 2. The index of the diffusion from which it comes, \
             with a noise proportional to `σ² + aw²`, is not in question.",
        ),
    }),
    beyond: None,
};

/// Which tail is the heavier.
///
/// The text says so in words; the inequality is the project's reading of them.
///
/// # Proof
/// Let z = S/(2x), α = 4z + 1, f(y) = |1 − y/z|^α and h = S/2. E|1 − xV|^β is log-convex in β, and 1 at 0 and at the index,
/// so that the claim is E f(Y) > 1 for Y of the law Γ(h). That is the law at the time h of a process of independent jumps
/// by s at the rate e^{−s}/s, so that E f(Y) has the derivative E ∫ (f(Y + s) − f(Y)) e^{−s} ds/s in h. As f is convex, this
/// is at least J = ∫ (f(s) − f(0)) e^{−s} ds/s, and E f(Y) ≥ 1 + hJ. With s = zt, and t = 1 + r beyond 1,
///
/// ```text
/// J ≥ e^{−z} ∫ r^α e^{−zr} dr/(1 + r) − ∫ min(1, αt) e^{−zt} dt/t
///   > e^{−z} Γ(4z + 2)/(z^{4z+1}(5z + 2)) − 1 − ln(5 + 1/z)
/// ```
///
/// by Jensen's inequality for 1/(1 + r), and by ∫ e^{−t} dt/t < ln(1 + 1/v) over t > v. By Stirling's bound the first term
/// of the last line is at least T = (19/20) e^{z/2}(1 + 1/(2z))^{4z}(2z + 1)^{3/2}/(z(5z + 2)), and T > 1 + ln(5 + 1/z):
///
/// - For z ≥ ½ the power (1 + 1/(2z))^{4z} is at least 4, and 2z + 1 at least (2/5)(5z + 2), so that T ≥ 2.1 e^{z/2}/√z,
///   which is more than 3.4 > 1 + ln 7.
/// - For z ≤ ½ let u = 1/z. As 2z + 1 ≥ (4/9)(5z + 2), T ≥ (19/45) u(1 + u/2)^{4/u}, which is more than 3.3 at u = 2. By
///   ln(1 + v) ≤ v/√(1 + v) the logarithm of this bound has a slope of at least (1 − 2q + 2q²)/u ≥ 1/(2u) in u, with
///   q² = 1/(1 + u/2). So it grows with a slope of at least 1/5, and faster than ln(5 + u).
pub static HEAVIER: StudyClaim = StudyClaim {
    id: "tail/heavier-than-in-continuous-time",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Text,
    statement: "discrete time has the heavier tail: `β < 2S/(aλ) + 1`",
    formulas: &["β < 2S/(aλ) + 1"],
    correction: None,
    refutation: None,
    beyond: Some("proved"),
};

/// The index in discrete time.
///
/// "For all ranges" are words of the text; they add nothing to the printed formula, which has no restriction.
pub static DISCRETE_TIME: StudyClaim = StudyClaim {
    id: "tail/discrete-time",
    source: paper::PROPOSITION_7,
    equations: &["92–94"],
    provenance: Provenance::Printed,
    statement: "`β = 2S/(aλ) − S`, for all ranges of the learning rate",
    formulas: &["β = 2S/(aλ) − S"],
    correction: Some(
        "the index is the `β > 0` with `E|1 − λ(x₁² + … + x_S²)/S|^β = 1`, `x ~ N(0, a)`; it is `2S/(aλ) − S` where that is 2",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "It holds where the index is 2, and not as `λ → 0` either, where `aλβ/S` tends to `y/2 < 2` with `y ln y \
             = 1 + y`, and not to 2.",
        ),
    }),
    beyond: None,
};

/// Where the fourth moment ends: β ≤ 4, with the β of Proposition 7.
pub static KURTOSIS: StudyClaim = StudyClaim {
    id: "tail/kurtosis",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "the kurtosis diverges where `2S/(aλ) − S ≤ 4`",
    formulas: &["2S/(aλ) − S ≤ 4"],
    correction: Some(
        "the kurtosis diverges where `E(1 − λ(x₁² + … + x_S²)/S)⁴ ≥ 1`, `x ~ N(0, a)`, which begins at a smaller `λ` than \
         `2S/(aλ) − S ≤ 4`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "It is Proposition 7 at `β = 4`. The variance, at `β = 2`, ends where the proposition says.",
        ),
    }),
    beyond: None,
};

/// Where the second moment ends: β ≤ 2, with the β of Proposition 7.
pub static VARIANCE: StudyClaim = StudyClaim {
    id: "tail/variance",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "the variance diverges where `2S/(aλ) − S ≤ 2`",
    formulas: &["2S/(aλ) − S ≤ 2"],
    correction: None,
    refutation: None,
    beyond: None,
};

/// The stationary law itself, with the β of Proposition 7.
pub static DENSITY: StudyClaim = StudyClaim {
    id: "tail/density",
    source: paper::SECTION_6_6,
    equations: &["90"],
    provenance: Provenance::Printed,
    statement: "`p(w) ∝ (σ² + aw²)^{−(1+β)/2}`, `β = 2S/(aλ) − S`",
    formulas: &["β = 2S/(aλ) − S"],
    correction: Some(
        "`Σ` is that of the density `p(w) ∝ (σ² + aw²)^{−(1+β)/2}`, `β = 2S/(aλ) − S`, while kurtosis − 3 is of the order `λ³`, and \
         that of this density of the order `λ`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "The density follows from a noise proportional to `σ² + aw²`, where Lemma 1 has `σ² + 2aw²`. With the `β` \
             of Proposition 7 its variance is right; the excess of its kurtosis is not, and as `λ → 0` it is wrong by \
             a factor without bound.",
        ),
    }),
    beyond: None,
};

/// What discrete time adds to the index.
///
/// # Proof of the correction
/// β = 2 where E|1 − xV|² = 1, V = χ²_S/S, that is 2x = x²(1 + 2/S), so x = 2S/(S + 2), where 2 − 2S/x − 1 is −(S + 1).
/// For x → 0 see [`SMALL_STEPS`].
pub static DISCRETE_CONTRIBUTION: StudyClaim = StudyClaim {
    id: "tail/discrete-contribution",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Text,
    statement: "discrete time adds `−(S + 1)` to the index of continuous time, `2S/(aλ) + 1`, and this depends on `S` only",
    formulas: &[],
    correction: Some(
        "`β − (2S/(aλ) + 1)` depends on `λ` and `S`, and is `−(S + 1)` where `β` is 2; as `λ → 0` it is `−(2 − y/2) S/(aλ)` \
         with `y ln y = 1 + y`, a fifth of `S/(aλ)`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "It is Proposition 7 less the index of Mori et al. 2021. What discrete time adds depends on the learning \
             rate at leading order: it has no bound as `λ → 0`.",
        ),
    }),
    beyond: None,
};

/// Which tail is the heavier, against the diffusion whose noise is that of SGD.
///
/// The diffusion dw = −λaw dt + λ√C dW has the stationary density p ∝ C⁻¹ exp(−∫ 2aw/(λC) dw). With C = (a/S)(σ² + naw²)
/// its tail index is 2S/(nx) + 1, x = aλ. Mori et al. have n = 1, Lemma 1 has n = 2. That the index of discrete time passes
/// S/x + 1 at one x alone is seen in the tables, and not proved.
pub static HEAVIER_THAN_LEMMA_1: StudyClaim = StudyClaim {
    id: "tail/heavier-than-lemma-1-diffusion",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Text,
    statement: "discrete time always has the heavier tail, beside the diffusion whose noise is that of Lemma 1, \
                `C = (a/S)(σ² + 2aw²)`: `β < S/(aλ) + 1`",
    formulas: &["C = (a/S)(σ² + 2aw²)", "β < S/(aλ) + 1"],
    correction: Some(
        "beside the diffusion with the noise of Lemma 1 discrete time has the lighter tail for small `λ`, `β > S/(aλ) + 1`, and \
         the heavier one where its variance ends, at `aλ = 2S/(S + 2)` (proved); where it was tried the order changes once, \
         at an `aλ` between 0.47 and 0.62 that depends on `S`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "Discrete time has the heavier tail beside `2S/(aλ) + 1`, of a diffusion with the noise `σ² + aw²`, which \
             is not the noise of SGD. With that of Lemma 1 the order is the other one for small `λ`: `aλβ/S` tends to \
             `y/2 > 1` with `y ln y = 1 + y`.",
        ),
    }),
    beyond: None,
};

/// The index in continuous time as λ → 0.
///
/// # Proof
/// Let β = cS/x and X ~ χ²_S. In E|1 − xX/S|^β the part around X = 0 tends to E e^{−cX} = (1 + 2c)^{−S/2} < 1. The other part
/// is an integral of exp((S/x)(c ln|1 − t| − t/2)) over t = xX/S > 2, up to powers of t and x, and the exponent is largest at
/// t = 1 + 2c, where it is (S/x)(c ln 2c − c − ½). The sum can stay 1 only if that bracket tends to 0: y ln y = 1 + y with
/// y = 2c. An index of the order 1/λ is a large deviation, which no limit by a diffusion has.
pub static SMALL_STEPS: StudyClaim = StudyClaim {
    id: "tail/continuous-time-of-small-steps",
    source: paper::SECTION_D_3,
    equations: &[],
    provenance: Provenance::Text,
    statement: "the index of Mori et al. is correct when `λ` is small: `2S/(aλ) + 1` over `β` tends to 1 as `λ → 0`",
    formulas: &[],
    correction: Some(
        "as `λ → 0` the index `β` is `yS/(2aλ)` to leading order, `y ln y = 1 + y`, so that `2S/(aλ) + 1` over `β` tends to `4/y`, \
         which is 1.1139",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "It is too large by a ninth in the limit of which the text speaks. What it is the index of, a diffusion \
             with a noise proportional to `σ² + aw²`, is not in question.",
        ),
    }),
    beyond: None,
};

/// The index against λ.
///
/// # Proof
/// With h = S/2, z = S/(2x) and α > 0 let M(z) = E|1 − xV|^α = ∫ |1 − y/z|^α y^{h−1} e^{−y} dy/Γ(h) over y > 0. Put I = z^α M and
/// J the same integral as I with one more factor y. From (z − y)∂k/∂z = αk and ∂k/∂z = −∂k/∂y for k = |z − y|^α, by parts,
/// J = (α + h)I − zI' and J' = hI − J. Without J this is zI'' + (z + 1 − α − h)I' = αI, and in M
///
/// ```text
/// z M'' + (z + 1 + α − h) M' = αh M/z
/// ```
///
/// So M'' > 0 wherever M' = 0: M has one minimum at most. It is infinite at z = 0 and tends to 1 from below as z → ∞, so it
/// passes 1 once: E|1 − xV|^α < 1 for x below a certain x(α), and > 1 above. Where the index at x is α, x is x(α), and at each
/// larger x the index is smaller, or there is none.
pub static DECREASING_IN_RATE: StudyClaim = StudyClaim {
    id: "tail/decreasing-in-rate",
    source: paper::SECTION_D_3,
    equations: &[],
    provenance: Provenance::Text,
    statement: "`β` decreases with `λ`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("proved, wherever a law is stationary: an index `β` is that of one `λ`"),
};

/// The index against S.
///
/// # Proof of the correction
/// V = χ²_S/S is a mean of S draws, so that E f(V) does not increase with S for any convex f, as |1 − xv|^α is for α ≥ 1.
/// Where the index at S is α ≥ 1, E|1 − xV|^α is at most 1 at S + 1, so the index is at least α there. For x > 2 the law of V
/// contracts to 1 and E ln|1 − xV| tends to ln(x − 1) > 0, so that nothing is stationary from some S on, while something
/// is at S = 3 up to x = 2.69. For x ≤ 2 and an index below 1 nothing is proved.
pub static INCREASING_IN_BATCH: StudyClaim = StudyClaim {
    id: "tail/increasing-in-batch",
    source: paper::SECTION_D_3,
    equations: &[],
    provenance: Provenance::Text,
    statement: "`β` increases with `S`",
    formulas: &[],
    correction: Some(
        "`β` increases with `S` wherever `β ≥ 1` (proved), and wherever `aλ ≤ 2` as far as was tried; for `aλ > 2` it \
         falls again, and from some `S` on no law is stationary",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "For `aλ > 2` a law is stationary at some small `S`, as single draws spread widely, and at no large `S`: \
             steps without noise are stationary for `aλ < 2` alone.",
        ),
    }),
    beyond: None,
};

/// Proposition 7, eqs. (92)–(94), discrete time: β = 2S/(aλ) − S.
///
/// `batch_size` is S and `step_size` is aλ; all dimensionless.
pub fn discrete_time<T: Scalar>(batch_size: &T, step_size: &T) -> T {
    T::from_integer(2) * batch_size / step_size - batch_size
}

/// Mori et al. 2021, continuous time: β = 2S/(aλ) + 1.
///
/// `batch_size` is S and `step_size` is aλ; all dimensionless.
pub fn continuous_time<T: Scalar>(batch_size: &T, step_size: &T) -> T {
    T::from_integer(2) * batch_size / step_size + T::one()
}

/// The diffusion with the noise of Lemma 1, (a/S)(σ² + 2aw²): β = S/(aλ) + 1.
///
/// `batch_size` is S and `step_size` is aλ; all dimensionless.
pub fn diffusion<T: Scalar>(batch_size: &T, step_size: &T) -> T {
    batch_size.clone() / step_size + T::one()
}

/// The aλ at which [`discrete_time`] puts an index of `moment`, from which on that moment diverges: 2S/(S + k).
pub fn threshold<T: Scalar>(batch_size: &T, moment: i64) -> T {
    T::from_integer(2) * batch_size / (T::from_integer(moment) + batch_size)
}

/// Variance of the density of eq. (90), which is that of Student's t with β degrees of freedom: σ²/(a(β − 2)).
///
/// `label_noise_variance` is σ² and `curvature` is a; units (2, 0). It is infinite at β = 2, and none below.
pub fn variance<T: Scalar>(label_noise_variance: &T, curvature: &T, tail_index: &T) -> T {
    label_noise_variance.clone() / ((tail_index.clone() - T::from_integer(2)) * curvature)
}

/// Kurtosis of the density of eq. (90) above that of a Gaussian: 3(β − 2)/(β − 4) − 3 = 6/(β − 4).
///
/// Dimensionless. It is infinite at β = 4, and none below.
pub fn excess_kurtosis<T: Scalar>(tail_index: &T) -> T {
    T::from_integer(6) / (tail_index.clone() - T::from_integer(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    proptest! {
        /// Where the formula puts an index is where it has that index, and where one of the moments of its density
        /// ends.
        #[test]
        fn thresholds_are_where_the_formula_has_the_index(size in 1i64..1000, moment in 0i64..9) {
            let size = Rational::from(size);
            prop_assert_eq!(discrete_time(&size, &threshold(&size, moment)), moment);
        }

        /// By Theorem 2 with D = 1 and μ = 0: Σ = λσ²/(2S − λa(S + 2))·1, whatever the kurtosis is.
        #[test]
        fn the_variance_of_the_density_is_that_of_theorem_2(size in 1i64..100, part in 1i64..100) {
            let (one, S) = (Rational::from(1), Rational::from(size));
            let rate: Rational = threshold(&S, 2) * Rational::from((part, 100));
            let found = variance(&one, &one, &discrete_time(&S, &rate));
            prop_assert_eq!(found, rate.clone() / (S.clone() * 2u32 - rate * (S + 2u32)));
        }
    }
}
