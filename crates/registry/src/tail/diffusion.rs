//! Several weights in continuous time, with the noise of Lemma 1: the law, its index, and which tail is the heavier.

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, StudyClaim};

/// The law of the diffusion.
pub static LAW: StudyClaim = StudyClaim {
    id: "tail/diffusion-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: the diffusion of `v = w − w*` with the noise of Lemma 1, \
                `C = (1/S)(AvvᵀA + (σ² + vᵀAv)A)`, has the stationary law `p(v) ∝ (σ² + 2a|v|²)^{−(2S/(aλ) + D + 3)/4}`, \
                a Student law with the index `β = S/(aλ) + (3 − D)/2`",
    formulas: &["A = aI", "Λ = λI", "C = (1/S)(AvvᵀA + (σ² + vᵀAv)A)", "β = S/(aλ) + (3 − D)/2"],
    correction: None,
    refutation: None,
    beyond: Some(
        "its `Σ`, which is `σ²/(2a(β − 2)) I`, is that of SGD to leading order in `λ`, and its kurtosis less 3, which \
         is `6/(β − 4)`, is not: it has the order `λ`, and that of SGD the order `λ³`",
    ),
    proof: Some(
        "Let `r` be the length of `v`, and let the density `p` depend on `r` alone. As `SC = a²vvᵀ + (σ² + ar²)aI`, \
         the current of the Fokker–Planck equation is `−v` times `λap + (λ²/(2S))(a²(D + 3)p + (a/r)(σ² + 2ar²)p')`. \
         It is 0 where `p'/p = −r(2S/λ + a(D + 3))/(σ² + 2ar²)`, which is the law. Its probability beyond `R` falls \
         like `R^{−β}` with `β = S/(aλ) + ½(D + 3) − D`.\n\n\
         Beyond: Student's law of index `β` has `Σ = σ²/(2a(β − 2)) I`, which is `(λσ²/(2S)) I` to leading order, as \
         in Theorem 2. Its kurtosis less 3, `6/(β − 4)`, is `6aλ/S` to leading order, and that of SGD has the order \
         `λ³` by tail/kurtosis-of-several-weights.",
    ),
};

/// Which tail is the heavier.
pub static CROSSING: StudyClaim = StudyClaim {
    id: "tail/crossing-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: beside the diffusion with the noise of Lemma 1, SGD has the lighter tail \
                for small `λ`, and the heavier one where its variance ends, at `aλ = 2S/(S + D + 1)`, where the \
                diffusion has the index `S/2 + 2`, whatever `D` is",
    formulas: &["A = aI", "Λ = λI", "aλ = 2S/(S + D + 1)"],
    correction: None,
    refutation: None,
    beyond: Some("that the two are equal at one `λ` only is seen in the table, and not proved"),
    proof: Some(
        "Let `L = aλ`. As `λ → 0`, `Lβ/S` of SGD tends to `y/2 > 1` by tail/small-steps-of-several-weights, and that \
         of the diffusion to 1 by tail/diffusion-of-several-weights. At `L = 2S/(S + D + 1)` the index of SGD is 2 by \
         tail/index-of-several-weights, and that of the diffusion is `½(S + D + 1) + ½(3 − D)`.",
    ),
};

/// The index of the diffusion with the noise of Lemma 1: S/L + (3 − D)/2.
///
/// `batch_size` is S, `step_size` is L = aλ, `dimension` is D; all dimensionless. For D = 1 it is
/// [`diffusion`](super::diffusion()).
pub fn index<T: Scalar>(batch_size: &T, step_size: &T, dimension: &T) -> T {
    batch_size.clone() / step_size + (T::from_integer(3) - dimension) / T::from_integer(2)
}

/// E|v|^{2k} over E|v|^{2k−2} of the law p(v) ∝ (σ² + na|v|²)^{−q} of D weights, k = `order`:
///
/// ```text
/// (σ²/(na)) (D/2 + k − 1)/(q − D/2 − k)
/// ```
///
/// `variance` is σ²/(na), units (2, 0); `exponent` is q, `dimension` is D. The moment exists where the denominator is
/// positive; `None` where it is not.
pub fn ratio_of_moments<T: Scalar + PartialOrd>(order: i64, variance: &T, exponent: &T, dimension: &T) -> Option<T> {
    let half = dimension.clone() / T::from_integer(2);
    let below = exponent.clone() - &half - T::from_integer(order);
    (below > T::zero()).then(|| variance.clone() * (half + T::from_integer(order - 1)) / below)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    proptest! {
        /// Σ of eq. (90) with twice the noise of the weight, and that of one weight.
        #[test]
        fn the_variance_is_that_of_student_s_law(S in 1i64..50, n in 1i64..40, D in 1i64..9) {
            let [S, D, L] = [Rational::from(S), Rational::from(D), Rational::from((n, 20))];
            let beta = index(&S, &L, &D);
            if D == 1 {
                prop_assert_eq!(&beta, &super::super::diffusion(&S, &L));
            }
            // σ² = 1, a = 1.
            let exponent = (S * Rational::from(2) / L + &D + Rational::from(3)) / Rational::from(4);
            let half = Rational::from((1, 2));
            let square = ratio_of_moments(1, &half, &exponent, &D);
            prop_assert_eq!(square.is_some(), beta > 2);
            if let Some(square) = square {
                prop_assert_eq!(square / &D, half / (beta.clone() - Rational::from(2)));
            }
            prop_assert_eq!(ratio_of_moments(2, &Rational::from(1), &exponent, &D).is_some(), beta > 4);
        }
    }
}
