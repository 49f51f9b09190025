//! Section 9: the tail of the stationary law of one weight; formulas for its index, as functions of S and aλ.
//!
//! The index is the root of a transcendental equation, so that no identity can be asked for: a study tabulates how far
//! these are from it.

use std::borrow::Cow;

use numbers::Scalar;

use crate::{Provenance, Refutation, Refutes, StudyClaim, paper};

/// The index in continuous time.
pub static CONTINUOUS_TIME: StudyClaim = StudyClaim {
    id: "tail/continuous-time",
    source: paper::MORI_2021,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`β = 2S/(aλ) + 1` (continuous time)",
    formulas: &["β = 2S/(aλ) + 1"],
    correction: Some("`β > 0` with `E|1 − λ(x₁² + … + x_S²)/S|^β = 1`, `x ~ N(0, a)`"),
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
        "`β > 0` with `E|1 − λ(x₁² + … + x_S²)/S|^β = 1`, `x ~ N(0, a)`; it is `2S/(aλ) − S` where that is 2",
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
    correction: Some("where `E(1 − λ(x₁² + … + x_S²)/S)⁴ ≥ 1`, which begins at smaller `λ`"),
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
    correction: Some("`Σ` is that of this density, while kurtosis − 3 is of the order `λ³` and not of its order `λ`"),
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
