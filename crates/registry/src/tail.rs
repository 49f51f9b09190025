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
    proof: Some(
        "With `v = w − w*` a step is `v' = Mv + ξ`, where `M = 1 − λ(x₁² + … + x_S²)/S` and the label noise in `ξ` are \
         drawn anew. Where a law is stationary, the mean of `ln|M|` is negative. The mean of `|M|^β` is strictly \
         log-convex in `β`, 1 at 0, falls there, and has no bound, as `M < −1` has a positive probability: it is 1 at \
         exactly one `β > 0`. By the theorem of Kesten (1973) and Goldie (1991) the tail of `v` is a power with this \
         index.",
    ),
};

/// Which tail is the heavier.
///
/// The text says so in words; the inequality is the project's reading of them.
pub static HEAVIER: StudyClaim = StudyClaim {
    id: "tail/heavier-than-in-continuous-time",
    source: paper::SECTION_6_6,
    equations: &[],
    provenance: Provenance::Text,
    statement: "discrete time has the heavier tail: `β < 2S/(aλ) + 1`",
    formulas: &["β < 2S/(aλ) + 1"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "Let `x = aλ`, `z = S/(2x)`, `h = S/2` and `α = 4z + 1`, which is `2S/x + 1`. In the equation of the index, as \
         in tail/continuous-time, the mean is log-convex in the exponent, and 1 at 0 and at `β`. So the claim is that \
         its value `F` at the exponent `α` is above 1. This is the mean of `|1 − Y/z|^α`, where `Y` has the gamma law \
         of shape `h`.\n\n\
         `Y` is the value at the time `h` of a process of independent jumps by `s`, at the rate `e^{−s}/s`, that \
         begins at 0. So the derivative of `F` in `h` is an integral over `s` of the mean change by a jump; as `|1 − \
         y/z|^α` is convex in `y`, it is at least that from 0, `J = ∫ (|1 − s/z|^α − 1) e^{−s} ds/s`. At `h = 0` `F` \
         is 1: so `F ≥ 1 + hJ`, and `J > 0` is left.\n\n\
         With `s = zt` and `t = 1 + r` beyond 1, and as `(1 − t)^α ≥ 1 − αt` up to 1, `J` is at least `e^{−z} ∫ r^α \
         e^{−zr} dr/(1 + r) − ∫ min(1, αt) e^{−zt} dt/t`. The first integral is at least that of `r^α e^{−zr}` times \
         `z/(5z + 2)`, by Jensen's inequality for `1/(1 + r)`, as the mean of `r` with this weight is `(4z + 2)/z`. \
         The second one is less than `1 + ln(5 + 1/z)`, as the integral of `e^{−t}/t` over `t > v` is less than `ln(1 \
         + 1/v)`. With Stirling's bound for the gamma function of `4z + 2` in the first one, `4 ln 4 − 5 > ½` and \
         `4√π/e² > 19/20`, this is `J > T − 1 − ln(5 + 1/z)` with `T = (19/20) e^{z/2}(1 + 1/(2z))^{4z}(2z + \
         1)^{3/2}/(z(5z + 2))`.\n\n\
         For `z ≥ ½` the power `(1 + 1/(2z))^{4z}` is at least 4, and `2z + 1 ≥ (2/5)(5z + 2)`. So `T` is at least \
         `2.1e^{z/2}/√z`, which is more than 3.4, and `1 + ln(5 + 1/z)` is at most `1 + ln 7`, which is less than 3.\n\n\
         For `z ≤ ½` let `q = 1/z`. As `2z + 1 ≥ (4/9)(5z + 2)`, `T` is at least `b = (19/45) q(1 + q/2)^{4/q}`, which \
         is more than 3.3 at `q = 2`, where `1 + ln(5 + q)` is less than 3. By `ln(1 + v) ≤ v/√(1 + v)` the logarithm \
         of `b` has a slope in `q` of at least `(1 − 2g + 2g²)/q ≥ 1/(2q)` with `g² = 1/(1 + q/2)`. So `b` has a slope \
         of at least `b/(2q) ≥ 19/90`, and `ln(5 + q)` one of at most 1/7.",
    ),
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
    proof: Some(
        "The equation is that of tail/continuous-time. With its `M` and `x = aλ`, `E[M²] = 1 − 2x + x²(S + 2)/S`, \
         which is 1 exactly where `x = 2S/(S + 2)`, and that is where `2S/x − S = 2`.",
    ),
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
    proof: Some(
        "With `v' = Mv + ξ` as in tail/continuous-time, `E[v'⁴] = E[M⁴] E[v⁴] + 6 E[M²ξ²] E[v²] + E[ξ⁴]`, as odd \
         powers of the label noise have the mean 0. So the fourth moment stays bounded exactly where `E[M⁴] < 1`. With \
         `x = aλ`, `E[M⁴]` is less than 1 for small `x`. At `x = 2S/(S + 4)`, where `2S/x − S = 4`, it is `1 + 16S²/(S \
         + 4)³`. So it passes 1 before.",
    ),
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
    proof: Some(
        "With `v' = Mv + ξ` as in tail/continuous-time, `E[v'²] = E[M²] E[v²] + E[ξ²]`, so that the variance diverges \
         where `E[M²] ≥ 1`. With `x = aλ` this is `x²(S + 2)/S ≥ 2x`, and so `2S/x − S ≤ 2`.",
    ),
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
    proof: Some(
        "With `x = aλ`, the density is Student's with `β` degrees of freedom. Its variance `σ²/(a(β − 2))` is `λσ²/(2S \
         − (S + 2)x)`, as in Theorem 2, and its kurtosis less 3, which is `6/(β − 4)`, is `3x/S` to leading order. \
         That of SGD is of the order `x³` by tail/kurtosis-of-several-weights.",
    ),
};

/// What discrete time adds to the index.
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
    proof: Some(
        "Let `x = aλ`. By tail/discrete-time the index is 2 where `x = 2S/(S + 2)`, and there `2S/x + 1 = S + 3`. By \
         tail/continuous-time-of-small-steps it is `yS/(2x)` to leading order as `λ → 0`, and `2S/x − yS/(2x) = (2 − \
         y/2) S/x`.",
    ),
};

/// Which tail is the heavier, against the diffusion whose noise is that of SGD.
///
/// With C = (a/S)(σ² + naw²) the diffusion dw = −λaw dt + λ√C dW has the tail index 2S/(naλ) + 1. Mori et al. have n = 1, Lemma 1
/// has n = 2.
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
    proof: Some(
        "The diffusion has the stationary density `1/C` times the exponential of `−2a/λ` times the integral of `w/C`. \
         With `C = (a/S)(σ² + 2aw²)` this falls like a power, with the tail index `S/x + 1`, `x = aλ`. As `λ → 0`, \
         `x/S` times it tends to 1, and `xβ/S` to `y/2 > 1` by tail/continuous-time-of-small-steps. At `x = 2S/(S + \
         2)` it is `S/2 + 2`, and `β` is 2 by tail/discrete-time. That the order changes once is not proved.",
    ),
};

/// The index in continuous time as λ → 0.
///
/// An index of the order 1/λ is a large deviation, which no limit by a diffusion has.
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
    proof: Some(
        "Let `x = aλ`, `β = cS/x`, and let `X` be chi-square of `S` degrees of freedom. The index solves the equation \
         of tail/continuous-time: the mean of `|1 − xX/S|^β` is 1 at the index, less at smaller `β > 0` and more at \
         larger ones. As `x → 0` at a fixed `c`, its part with `xX/S < 1` tends to the mean of `e^{−cX}`, which is `(1 \
         + 2c)^{−S/2} < 1`; that with `1 ≤ xX/S ≤ 2` vanishes.\n\n\
         The part with `t = xX/S > 2` is, up to powers of `t` and `x`, the integral of `exp((S/x)(c ln(t − 1) − \
         t/2))`. For `c > ½` the exponent is largest at `t = 1 + 2c`, where it is `(S/x)(c ln 2c − c − ½)`; for `c ≤ \
         ½` it is at most `−S/x`. So this part vanishes where the last bracket is negative, or `c ≤ ½`, and has no \
         bound where the bracket is positive. It grows with `c > ½`, and is 0 where `y = 2c` has `y ln y = 1 + y`. For \
         smaller `c` the index is above `cS/x` as soon as `x` is small enough, and for larger ones below. So `xβ/S` \
         tends to `y/2`, and `2S/x + 1` over `β` to `4/y`.",
    ),
};

/// The index against λ.
pub static DECREASING_IN_RATE: StudyClaim = StudyClaim {
    id: "tail/decreasing-in-rate",
    source: paper::SECTION_D_3,
    equations: &[],
    provenance: Provenance::Text,
    statement: "`β` decreases with `λ`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("an index `β` is that of one `λ` only"),
    proof: Some(
        "Let `h = S/2`, `z = S/(2aλ)`, let `Y` have the gamma law of shape `h`, and for `α > 0` let `M` be the mean of \
         `|1 − Y/z|^α`. This is the mean in the equation of the index, as in tail/continuous-time, at the exponent \
         `α`. Let `P` and `J` be the means of `k = |z − Y|^α` and of `kY`. As `zk' = αk + Yk'` for the derivative in \
         `z`, which is minus that in `Y`, parts give `J = (α + h)P − zP'` and `J' = hP − J`. Without `J` this is `zP'' \
         + (z + 1 − α − h)P' = αP`, and in `M` it is `zM'' + (z + 1 + α − h)M' = αhM/z`.\n\n\
         So `M'' > 0` wherever `M' = 0`: `M` has one minimum at most. It is infinite at `z = 0`, and tends to 1 from \
         below as `z` grows without bound, so that it passes 1 once. So it is below 1 for all `λ` below one at which \
         it is 1, and above 1 beyond. As the mean is log-convex in `α` and 1 at `α = 0`, the index is `α` where it is \
         1. At a larger `λ` it is above 1, and the index is smaller, or there is none. So an index is that of one `λ`.",
    ),
};

/// The index against S.
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
    proof: Some(
        "Let `x = aλ`, and let `V` be the mean of the squares of `S` standard normal numbers. That of `S + 1` is the \
         mean of those of the `S` that are left when one is taken out, so that by Jensen's inequality the mean of a \
         convex function of `V` does not grow with `S`. For `α ≥ 1` `|1 − xV|^α` is convex in `V`, and linear in no \
         interval around `1/x`, so that its mean falls. So if the index at `S` is `α ≥ 1`, the mean is below 1 at `S + \
         1`, and the index there is above `α`.\n\n\
         For `x > 2` the law of `V` contracts to 1, and the mean of `ln|1 − xV|` tends to `ln(x − 1) > 0`: from some \
         `S` on no law is stationary. For `S = 3` it is negative up to `x = 2.69`. Of an index below 1 nothing is \
         proved for `x ≤ 2`.",
    ),
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
