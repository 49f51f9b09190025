//! Section 4: the best weight decay Γ = γI without label noise, and where it is negative.
//!
//! What minimizes L_test over all stable γ is no closed form of a setting: a study searches it by the exact engine.

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, StudyClaim};

/// Where the best weight decay of one weight is negative.
///
/// The corollary is printed and says that such a and λ exist; the interval is that of eqs. (165)–(168), which are
/// reconstructed.
pub static NEGATIVE: StudyClaim = StudyClaim {
    id: "weight-decay/negative",
    source: paper::COROLLARY_1,
    equations: &["165–168"],
    provenance: Provenance::Reconstructed,
    statement: "`D = 1`: the best `γ` is negative exactly where `2S/(S+2) < λa < √(S/2)`, `S > 2`",
    formulas: &["2S/(S + 2) < λa", "λ²a² < S/2", "S > 2"],
    correction: None,
    refutation: None,
    beyond: Some("for `D` weights as well: weight-decay/negative-of-several"),
    proof: Some("This is weight-decay/negative-of-several for `D = 1`."),
};

/// Where the best weight decay of several weights is negative.
pub static NEGATIVE_OF_SEVERAL: StudyClaim = StudyClaim {
    id: "weight-decay/negative-of-several",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`: the best `γ` is negative exactly where `2S/(S + D + 1) < λa < √(S/(D + 1))`, \
                `S > D + 1`, and is positive there for `S < D + 1`",
    formulas: &["2S/(S + D + 1) < λa", "λ²a² < S/(D + 1)", "S > D + 1"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "Without label noise and for a `u` that is not 0 let `x = λa`, `k = λ(a + γ)` and `c = (D + 1)x²/S`. By \
         own/test-loss `L_test = ½ a|u|²(k − x)²(2 − k)/(k(k(2 − k) − c))`. A step multiplies `E[|w − w*|²]` by `1 − \
         k(2 − k) + c`, apart from what it adds. So `k` is stable where `k(2 − k) > c`: in an interval about 1 between \
         0 and 2, and nowhere if `c ≥ 1`.\n\n\
         Where `γ = 0` is stable, which is for `x < 2S/(S + D + 1)`, it is the best: there `L_test = 0`, and any other \
         stable `γ` has more. For `x ≥ 2S/(S + D + 1)` no stable `k` is `x`, so that every stable `γ` is negative if \
         `x > 1` and positive if `x < 1`. If `x = 2S/(S + D + 1)`, `L_test` tends to 0 at an end of the interval, and \
         no `γ` is the best. If `x` is larger, it is infinite at both ends, and one of the stable `γ` is the best, if \
         there are any.\n\n\
         With `c < 1`, which is `x² < S/(D + 1)`, an `x > 2S/(S + D + 1)` is above 1 for `S > D + 1` and below 1 for \
         `S < D + 1`; for `S = D + 1` there is none.",
    ),
};

/// The condition that the best weight decay of several weights solves.
pub static STATIONARITY: StudyClaim = StudyClaim {
    id: "weight-decay/stationarity",
    source: paper::APPENDIX_TO_COROLLARY_1,
    equations: &["169–171"],
    provenance: Provenance::Reconstructed,
    statement: "`D > 1`, `Γ = γI`: the best `γ` solves `dL_test/dγ = 0` with the `L_test` of Theorem 4",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "A `γ` is stable where a spectral radius that is continuous in `γ` is below 1, so that the stable `γ` are an \
         open set. As `Γ = γI` commutes with `A`, Theorem 4 gives `L_test` there, a rational function of `γ` without a \
         pole. At a minimum on an open set the derivative is 0.",
    ),
};

/// The λa from which on γ = 0 is unstable for A = aI: 2S/(S + D + 1), in one dimension that of eqs. (165)–(168).
pub fn least_rate<T: Scalar>(batch_size: &T, dimension: usize) -> T {
    let order = T::from_integer(dimension as i64 + 1);
    T::from_integer(2) * batch_size / (order + batch_size)
}

/// The square of the λa from which on no γ is stable for A = aI: S/(D + 1), in one dimension that of eqs. (165)–(168).
///
/// The λa itself is its root, and no rational number.
pub fn largest_rate_squared<T: Scalar>(batch_size: &T, dimension: usize) -> T {
    batch_size.clone() / T::from_integer(dimension as i64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rug::Rational;

    /// D (λa)²/g = S at the edge, g = λk(2 − λk) − (λa)²/S, which is λk(2 − λk) = (D + 1)(λa)²/S: for γ = 0, where
    /// k = a, and for the γ with λk = 1, at which the left side is largest.
    #[test]
    fn both_ends_are_edges_of_stability() {
        for (size, D) in [(1, 1), (8, 1), (3, 2), (32, 5)] {
            let (S, order) = (Rational::from(size), Rational::from(D as u32 + 1));
            let edge = |rate_squared: Rational| order.clone() * rate_squared / &S;
            let rate = least_rate(&S, D);
            assert_eq!(rate.clone() * (Rational::from(2) - &rate), edge(rate.clone().square()));
            assert_eq!(edge(largest_rate_squared(&S, D)), 1);
        }
    }
}
