//! Section 7: random data sets of growing dimension, N, D → ∞ with α = N/D; and eqs. (59)–(61) on large D.
//!
//! Data sets are random, so that no single setting decides: a study draws some of each size. Â = (1/N) Σ xᵢxᵢᵀ is that
//! of a data set, and ℓ the mean squared residual at its minimum, which is σ²(1 − 1/α)₊ on average.

use std::borrow::Cow;

use numbers::Scalar;
use numbers::matrix::{self, Matrix, identity, trace};

use crate::networks::noise_by_spread;
use crate::paper;
use claims::{ClaimError, Provenance, Refutation, Refutes, StudyClaim};

/// The loss that no weights can avoid.
pub static LOSS_AT_MINIMUM: StudyClaim = StudyClaim {
    id: "high-dimension/loss-at-minimum",
    source: paper::APPENDIX_TO_PROPOSITION_4,
    equations: &["66–78"],
    provenance: Provenance::Printed,
    statement: "`L(w*) = ½σ²(1 − 1/α)` for `α > 1` and 0 for `α ≤ 1`, on average",
    formulas: &["L(w*) = ½ σ²(1 − 1/α)₊ where α = N/D"],
    correction: None,
    refutation: None,
    beyond: Some("at any `N` and `D`: `E[L(w*)] = ½σ²(1 − D/N)` for `N > D`"),
    proof: Some(
        "With probability 1 the features of `N > D` samples span `D` of `N` dimensions, a subspace that is independent \
         of the label noise. The residuals at the minimum are the label noise without its part in it, so that \
         `E[2L(w*)] = σ²(N − D)/N`, at any `N` and `D`. The features of `N ≤ D` samples are linearly independent, and \
         every label is fitted.",
    ),
};

/// The stationary noise.
///
/// The proposition assumes that |L − ℓᵢ| = o(L), its assumption 2.
pub static NOISE: StudyClaim = StudyClaim {
    id: "high-dimension/noise",
    source: paper::PROPOSITION_4,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`C = (1/S)(Tr[ÂΣ] I − ÂΣ)Â + (σ²/S)(1 − 1/α)₊ Â`, `N`, `D → ∞`",
    formulas: &["C = (1/S)(Tr[ÂΣ]I − ÂΣ) Â + (σ²/S)(1 − 1/α)₊ Â where α = N/D; Â = (1/N) ∑ᵢ xᵢxᵢᵀ"],
    correction: Some(
        "in the limit this has the trace of `C` alone: assumption 2 fails, as the residuals of single samples vary",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Unsatisfiable,
        because: Cow::Borrowed(
            "Assumption 2 asks that the losses of single samples differ by `o(L)`. Under Gaussian label noise their \
             squared residuals vary as much as their mean is large, for any `α > 1` and however large `N` and `D` \
             are. What does not need the assumption holds in the limit: `Tr[C]`, and so Theorem 6. For `α < 1` both \
             sides are 0. Labels can be built that do satisfy it, and then the proposition holds: \
             high-dimension/noise-of-equal-residuals.",
        ),
    }),
    beyond: None,
    proof: None,
};

/// The stationary noise under the proposition's own hypotheses, at labels that satisfy assumption 2.
///
/// With residuals of one size at w* and λ ∝ 1/D the losses of single samples differ by o(L): the residuals by nothing, the
/// rest by a share 1/√D. At fixed S and λ nothing is stationary from some D on, as aλ < 2S/(S + D + 1) is needed for A = aI.
pub static NOISE_OF_EQUAL_RESIDUALS: StudyClaim = StudyClaim {
    id: "high-dimension/noise-of-equal-residuals",
    source: paper::PROPOSITION_4,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`C = (1/S)(Tr[ÂΣ] I − ÂΣ)Â + (2L(w*)/S) Â`, `N`, `D → ∞`, where all residuals at `w*` are of one size, so \
                that assumption 2 holds, and `λ` falls with `1/D`",
    formulas: &["C = (1/S)(Tr[ÂΣ]I − ÂΣ) Â + (2L(w*)/S) Â where Â = (1/N) ∑ᵢ xᵢxᵢᵀ"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: None,
};

/// How large the two terms of eq. (17) are beside each other.
pub static SECOND_TERM: StudyClaim = StudyClaim {
    id: "high-dimension/second-term",
    source: paper::COROLLARY_2,
    equations: &["59–61"],
    provenance: Provenance::Printed,
    statement: "for `Σ ∝ I` and `H₀ ∝ I` the two terms of eq. (17) have Frobenius norms in the ratio `D` : 1",
    formulas: &["‖Tr[H₀Σ]H₀‖² = D²‖H₀ΣH₀‖²"],
    correction: None,
    refutation: None,
    beyond: Some(
        "for any `H₀` and `Σ ∝ vvᵀ` the ratio is `vᵀH₀v‖H₀‖/(vᵀH₀²v)`: for `v` along one eigenvector `hᵢ` it is \
         `‖H₀‖/hᵢ`, which need not grow with `D`",
    ),
    proof: Some(
        "For `H₀ = hI` and `Σ = sI` the two terms are `sh²DI` and `sh²I`. For `Σ = vvᵀ` they are `(vᵀH₀v)H₀` and \
         `H₀vvᵀH₀`. The norm of the first is `vᵀH₀v` times that of `H₀`, and that of the second is `vᵀH₀²v`, which is \
         what holds beyond; along an eigenvector they are `hᵢ|v|²` times that of `H₀`, and `hᵢ²|v|²`.",
    ),
};

/// The stationary fluctuation, by its trace with Â.
pub static TRACE: StudyClaim = StudyClaim {
    id: "high-dimension/trace",
    source: paper::THEOREM_6,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`Tr[ÂΣ] = (λσ²/S)(1 − 1/α)₊ κ̂`, `N`, `D → ∞`",
    formulas: &["Tr[ÂΣ] = (λσ²/S)(1 − 1/α)₊ κ̂ \
         where α = N/D; Â = (1/N) ∑ᵢ xᵢxᵢᵀ; Ĝ = 2I − λ(1 − 1/S)Â; κ̂ = Tr[Ĝ⁻¹Â]/(1 − (λ/S) Tr[Ĝ⁻¹Â])"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: None,
};

/// The stationary fluctuation where the size of the minibatch grows with D, at a fixed λ.
///
/// At a fixed S, λ has to fall with 1/D, and then Ĝ is 2I in the limit: any other Ĝ would pass as well.
pub static TRACE_OF_GROWING_BATCH: StudyClaim = StudyClaim {
    id: "high-dimension/trace-of-growing-batch",
    source: paper::THEOREM_6,
    equations: &[],
    provenance: Provenance::Printed,
    statement: "`Tr[ÂΣ] = (λσ²/S)(1 − 1/α)₊ κ̂`, `N`, `D`, `S → ∞`, at fixed `N/D`, `S/D` and `λ`, with replacement",
    formulas: &["Tr[ÂΣ] = (λσ²/S)(1 − 1/α)₊ κ̂ \
         where α = N/D; Â = (1/N) ∑ᵢ xᵢxᵢᵀ; Ĝ = 2I − λ(1 − 1/S)Â; κ̂ = Tr[Ĝ⁻¹Â]/(1 − (λ/S) Tr[Ĝ⁻¹Â])"],
    correction: None,
    refutation: None,
    beyond: Some(
        "without replacement it holds with `(N − S)/((N − 1)S)` in place of `1/S`, a factor that does not tend to 1 where `S` grows \
         with `N`",
    ),
    proof: None,
};

/// The order of the largest stable learning rate.
///
/// The condition before it is printed; what follows from it for λ is said in words.
pub static LARGEST_RATE: StudyClaim = StudyClaim {
    id: "high-dimension/largest-learning-rate",
    source: paper::SECTION_6_2,
    equations: &[],
    provenance: Provenance::Text,
    statement: "the largest stable `λ` is of the order `2S/Tr[A]`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: None,
};

/// The largest stable learning rate where the size of the minibatch grows with D.
///
/// # Derivation of the correction
/// Â has the law of Marchenko and Pastur with the ratio 1/α. Theorem 6 has its pole where (λ/S)Tr\[Â(2I − λÂ)⁻¹\] = 1. Let
/// m = E\[1/(x − z)\] at z = 2/λ, which solves zm²/α + (z + 1/α − 1)m + 1 = 0, and h = E\[1/(2 − λx)\] = −m/λ. The pole is
/// h = (1 + s)/2, and the quadratic gives λ = (2h − 1)/(h(2h/α + 1 − 1/α)), the rate of [`growing_batch_rate`]. It grows with
/// s up to s = √α, where 2/λ reaches the largest eigenvalue, (1 + α^{−½})², and full batches are unstable. That the edge of the engine tends
/// to this pole is measured, and not proved.
pub static LARGEST_RATE_OF_GROWING_BATCH: StudyClaim = StudyClaim {
    id: "high-dimension/largest-rate-of-growing-batch",
    source: paper::SECTION_6_2,
    equations: &[],
    provenance: Provenance::Text,
    statement: "the largest stable `λ` is `2S/(aD)` up to a factor that tends to 1, also where `S` grows with `D`; `A = aI`",
    formulas: &[],
    correction: Some(
        "at `S = sD`, `N = αD` and `A = aI` the largest stable `λ` tends to `2s/(a(1 + s)(1 + s/α))` as `D → ∞`, for `s² ≤ α`; for \
         larger `s` it stays what it is at `s² = α`, where full batches become unstable",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "As an order it stands: `λ_max aD/(2S)` tends to a number that is not 0. At a fixed `S` this number is 1, \
             which is high-dimension/largest-learning-rate. Where `S` grows with `D` it is smaller, as then the \
             curvature stops `λ` as well.",
        ),
    }),
    beyond: None,
    proof: None,
};

/// The limit of the largest stable λ at S = sD, N = αD and A = I, for s ≤ √α.
///
/// ```text
/// λ_max = 2s/((1 + s)(1 + s/α))
/// ```
///
/// `batch` is s and `samples` is α; dimensionless. At s = √α it is 2/(1 + α^{−½})², the largest rate of full batches.
pub fn growing_batch_rate<T: Scalar>(batch: &T, samples: &T) -> T {
    let full = T::one() + batch.clone() / samples;
    T::from_integer(2) * batch / ((T::one() + batch) * full)
}

/// Eqs. (66)–(78): the loss at the minimum on average, ½σ²(1 − D/N) for N > D and 0 otherwise.
///
/// Units (2, 2).
pub fn loss_at_minimum<T: Scalar>(label_noise_variance: &T, samples: usize, dimension: usize) -> T {
    // A problem has fewer than 2⁶³ samples.
    let [N, rest] = [samples, samples.saturating_sub(dimension)].map(|count| T::from_integer(count as i64));
    if samples == 0 { N } else { label_noise_variance.clone() * rest / (N * T::from_integer(2)) }
}

/// Proposition 4: the noise from the fluctuation.
///
/// ```text
/// C = (1/S)(Tr[ÂΣ] I − ÂΣ)Â + (ℓ/S) Â
/// ```
///
/// `squared_residual` is ℓ. Returns a symmetric D×D matrix, units (2, 4).
pub fn noise<T: Scalar>(
    feature_covariance: &Matrix<T>,
    fluctuation: &Matrix<T>,
    squared_residual: &T,
    batch_size: &T,
) -> Matrix<T> {
    let spread = noise_by_spread(feature_covariance, fluctuation);
    (spread + feature_covariance * squared_residual.clone()) / batch_size.clone()
}

/// Theorem 6: the trace of the fluctuation with Â.
///
/// ```text
/// Tr[ÂΣ] = (λℓ/S) κ̂,    κ̂ = Tr[Ĝ⁻¹Â]/(1 − (λ/S)Tr[Ĝ⁻¹Â]),    Ĝ = 2I − λ(1 − 1/S)Â
/// ```
///
/// `squared_residual` is ℓ. Units (2, 2).
///
/// # Errors
/// [`ClaimError::Inverse`] where Ĝ is singular, and [`ClaimError::Pole`] where κ̂ is infinite, at the edge of
/// stability.
pub fn fluctuation_trace<T: Scalar>(
    feature_covariance: &Matrix<T>,
    squared_residual: &T,
    learning_rate: &T,
    batch_size: &T,
) -> Result<T, ClaimError> {
    let share = learning_rate.clone() / batch_size;
    let curvature = learning_rate.clone() - &share;
    let G = identity::<T>(feature_covariance.nrows()) * T::from_integer(2) - feature_covariance * curvature;
    let solved =
        matrix::solve(&G, feature_covariance).map_err(|source| ClaimError::Inverse { matrix: "Ĝ", source })?;
    let gain = share * trace(&solved);
    let rest = T::one() - &gain;
    if rest.is_zero() {
        return Err(ClaimError::Pole { denominator: "1 − (λ/S)Tr[Ĝ⁻¹Â]" });
    }
    Ok(gain * squared_residual / rest)
}

/// Section 6.2: the order of the largest stable learning rate, 2S/Tr\[A\].
///
/// Units (0, −2).
pub fn largest_learning_rate<T: Scalar>(feature_covariance: &Matrix<T>, batch_size: &T) -> T {
    T::from_integer(2) * batch_size / trace(feature_covariance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rug::Rational;

    use super::*;

    proptest! {
        /// The Σ of Theorem 6 solves ÂΣ + ΣÂ − λÂΣÂ = λC with the C of Proposition 4, and no other sign of ÂΣÂ in C
        /// does.
        #[test]
        fn theorem_6_follows_from_proposition_4(
            entries in prop::collection::vec(-3i64..4, 9), size in 2i64..9, eighths in 1i64..5, residual in 1i64..5,
        ) {
            let (S, residual) = (Rational::from(size), Rational::from((residual, 3)));
            let L = Matrix::from_iterator(3, 3, entries.into_iter().map(Rational::from));
            let A = &L * L.transpose() + identity::<Rational>(3);
            let rate = Rational::from((eighths, 8)) / trace(&A);
            let found = fluctuation_trace(&A, &residual, &rate, &S).unwrap();
            let curvature: Rational = rate.clone() * (Rational::from(1) - S.clone().recip());
            let G = identity::<Rational>(3) * Rational::from(2) - &A * curvature;
            let height: Rational = rate.clone() / &S * (found.clone() + &residual);
            let fluctuation = matrix::inverse(&G).unwrap() * height;
            prop_assert_eq!(trace(&(&A * &fluctuation)), found);
            let drift = &A * &fluctuation + &fluctuation * &A - &A * &fluctuation * &A * rate.clone();
            let claimed = noise(&A, &fluctuation, &residual, &S);
            prop_assert_eq!(&drift, &(&claimed * rate.clone()));
            let other_sign = claimed + &A * &fluctuation * &A * (Rational::from(2) / S);
            prop_assert_ne!(drift, other_sign * rate);
        }

        /// The share of N labels that is left after D weights are fitted to them.
        #[test]
        fn weights_take_their_share_of_the_loss(samples in 0usize..40, dimension in 0usize..40) {
            let left = loss_at_minimum(&Rational::from(2), samples, dimension) * Rational::from(samples);
            prop_assert_eq!(left, samples.saturating_sub(dimension) as u64);
        }
    }

    /// The κ̂ of Â = I has its pole at λ = 2S/(D + S − 1), and D λ/(2S) tends to 1 as D grows.
    #[test]
    fn the_order_of_the_largest_learning_rate_is_that_of_the_pole() {
        let S = Rational::from(3);
        for D in [1, 4, 16, 64] {
            let A = identity::<Rational>(D);
            let pole: Rational = S.clone() * 2u32 / (S.clone() + D as u32 - 1u32);
            assert!(fluctuation_trace(&A, &Rational::from(1), &pole, &S).is_err());
            let apart = largest_learning_rate(&A, &S) / pole - 1u32;
            assert_eq!(apart, Rational::from((2, D as u32)));
        }
    }
}
