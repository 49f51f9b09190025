//! Section 6 on models that are not linear: the noise near a minimum, eqs. (14) to (17).
//!
//! What is claimed of a single setting stands in the registry under `generic`; here are the formulas of these equations
//! as functions of matrices. A setting is a linear model, where the Hessian H₀ is the mean of ∇fᵢ∇fᵢᵀ; in a network it is
//! not, and a study measures what that does along paths of data sets.

use std::borrow::Cow;

use numbers::matrix::{Matrix, identity, outer, trace};
use numbers::{Scalar, Vector};

use crate::paper;
use claims::{Provenance, Refutation, Refutes, StudyClaim};

/// The noise at any weights, where all residuals are equally large.
pub static NOISE: StudyClaim = StudyClaim {
    id: "networks/noise",
    source: paper::THEOREM_5,
    equations: &["14"],
    provenance: Provenance::Printed,
    statement: "`C(w) = (2L₀/S) H₀ − (1/S) ∇L_Γ∇L_Γᵀ` + `o(L₀)`, `|L₀ − ℓᵢ| = 0` and `L₀ → 0`",
    formulas: &["C(w) = (2L₀/S) H₀ − (1/S) ∇L_Γ∇L_Γᵀ"],
    correction: Some("`C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ` + `O(L₀^{3/2})`, `|L₀ − ℓᵢ| = 0` and `L₀ → 0`"),
    refutation: Some(Refutation {
        refutes: Refutes::Contradiction { with: Cow::Borrowed(&[Cow::Borrowed("networks/noise-at-minimum")]) },
        because: Cow::Borrowed(
            "At a minimum `∇L_Γ = 0`, so that eq. (14) has no term of rank 1 there, and eq. (15), which is said to \
             follow from it, has `−(1/S) Γw*w*ᵀΓ`. With `∇L₀` in place of `∇L_Γ` both hold; without weight decay they \
             are the same.",
        ),
    }),
    beyond: None,
    proof: Some("This is networks/noise-of-plain-loss."),
};

/// The noise at any weights, with the gradient of the loss without its regularizer.
pub static NOISE_OF_PLAIN_LOSS: StudyClaim = StudyClaim {
    id: "networks/noise-of-plain-loss",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ` + `O(L₀^{3/2})`, `|L₀ − ℓᵢ| = 0`",
    formulas: &["C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "All `ℓᵢ` are `L₀`, so that networks/noise-by-gauss-newton has no error: `SC = 2L₀G₀ − ∇L₀∇L₀ᵀ`. The Hessian \
         `H₀` is `G₀` plus the mean of the second derivatives of the model, each times its residual `rᵢ`. As `rᵢ² = \
         2L₀`, `H₀ − G₀` is of the order 1/2 in `L₀` where these derivatives are bounded, and `2L₀(H₀ − G₀)` is of the \
         order 3/2.",
    ),
};

/// The noise at a minimum with weight decay.
pub static NOISE_AT_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-at-minimum",
    source: paper::COROLLARY_2,
    equations: &["15"],
    provenance: Provenance::Printed,
    statement: "`C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ` + `o(L₀)`, `|L₀ − ℓᵢ| = 0` and `L₀ → 0`",
    formulas: &["C(w*) = (2L₀(w*)/S) H₀ − (1/S) Γw*w*ᵀΓ"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "At a minimum `∇L₀ = −Γw*`, which networks/noise-of-plain-loss has for the second term. Its error \
         `O(L₀^{3/2})` is `o(L₀)`.",
    ),
};

/// The noise at a minimum without weight decay.
pub static NOISE_AT_UNREGULARIZED_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-at-unregularized-minimum",
    source: paper::COROLLARY_2,
    equations: &["16"],
    provenance: Provenance::Printed,
    statement: "`C(w*) = (2L₀(w*)/S) H₀` + `o(L₀)`, `|L₀ − ℓᵢ| = 0` and `L₀ → 0`",
    formulas: &["C(w*) = (2L₀(w*)/S) H₀"],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "At a minimum without weight decay `∇L₀ = 0`, so that networks/noise-of-plain-loss has no second term. Its \
         error `O(L₀^{3/2})` is `o(L₀)`.",
    ),
};

/// The noise at any weights, where residuals become equally large and the loss stays.
pub static NOISE_AT_GIVEN_LOSS: StudyClaim = StudyClaim {
    id: "networks/noise-at-given-loss",
    source: paper::THEOREM_5,
    equations: &["14"],
    provenance: Provenance::Printed,
    statement: "`C(w) → (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ, |L₀ − ℓᵢ| → 0` at a given `L₀`",
    formulas: &["C(w) = (2L₀/S) H₀ − (1/S) ∇L₀∇L₀ᵀ + O(|L₀ − ℓᵢ|)"],
    correction: Some(
        "at a given `L₀` the limit of `C(w)` for `|L₀ − ℓᵢ| → 0` is `(2L₀/S) G₀ − (1/S) ∇L₀∇L₀ᵀ`, `G₀ = (1/N) ∑ᵢ ∇fᵢ∇fᵢᵀ`; \
         with `H₀` in place of `G₀` an error of `O(L₀^{3/2})` stays",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::AwayFromTheLimit { agrees_as: Cow::Borrowed("networks/noise-of-plain-loss") },
        because: Cow::Borrowed(
            "Theorem 5 leaves out `o(L₀)`: with `L₀ → 0` it holds, with an error of the order `3/2` in `L₀`. At a \
             given `L₀` assumption 2 alone does not make the error small, as `H₀` is not the mean of `∇fᵢ∇fᵢᵀ` in a \
             model that is not linear.",
        ),
    }),
    beyond: None,
    proof: Some(
        "The limit is that of networks/noise-by-gauss-newton. The Hessian differs from `G₀` by an order 1/2 in `L₀`, \
         as in networks/noise-of-plain-loss.",
    ),
};

/// The noise at any weights, with the Gauss–Newton matrix in place of the Hessian.
pub static NOISE_BY_GAUSS_NEWTON: StudyClaim = StudyClaim {
    id: "networks/noise-by-gauss-newton",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`C(w) = (2L₀/S) G₀ − (1/S) ∇L₀∇L₀ᵀ + O(|L₀ − ℓᵢ|)`, `G₀ = (1/N) ∑ᵢ ∇fᵢ∇fᵢᵀ`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "Let `rᵢ` be the residual of a sample, `ℓᵢ = ½ rᵢ²`, and `gᵢ` the gradient `∇fᵢ`. Then `∇ℓᵢ = rᵢgᵢ`, up to \
         what weight decay adds to all alike, and minibatches with replacement have `SC = (1/N) ∑ᵢ rᵢ²gᵢgᵢᵀ − ∇L₀∇L₀ᵀ` \
         exactly. With `rᵢ² = 2L₀ + 2(ℓᵢ − L₀)` the sum is `2L₀G₀ + (2/N) ∑ᵢ (ℓᵢ − L₀)gᵢgᵢᵀ`, and the second term is \
         of the order of the largest difference between `ℓᵢ` and `L₀`.",
    ),
};

/// The remainder of eqs. (15) and (16) beside a minimum.
///
/// That it is meant on average over the fluctuation is a reading that the equations allow.
pub static NOISE_NEAR_MINIMUM: StudyClaim = StudyClaim {
    id: "networks/noise-near-minimum",
    source: paper::COROLLARY_2,
    equations: &["15", "16"],
    provenance: Provenance::Printed,
    statement: "what the noise near `w*` adds to that at `w*` is `O(|w−w*|²)`, on average",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("at one `w` it is `O(|w−w*|)`"),
    proof: Some(
        "`C(w)` is made of the first derivatives of a smooth model, and has a second derivative itself. So it is \
         `C(w*)`, a part that is linear in `w − w*`, and `O(|w−w*|²)`. Where `w` is `w*` on average, the linear part \
         vanishes on average; at one `w` it does not, and is `O(|w−w*|)`.",
    ),
};

/// The noise near a minimum at which every sample is fitted.
///
/// The condition on ∇fᵢᵀΣ∇fᵢ is what assumption 2 says there.
pub static NOISE_NEAR_INTERPOLATION: StudyClaim = StudyClaim {
    id: "networks/noise-near-interpolation",
    source: paper::COROLLARY_2,
    equations: &["17"],
    provenance: Provenance::Printed,
    statement: "`C = (1/S)(Tr[H₀Σ] I − H₀Σ) H₀` to leading order at `L₀(w*) = 0`, all `∇fᵢᵀΣ∇fᵢ` equal",
    formulas: &["C = (1/S)(Tr[H₀Σ]I − H₀Σ) H₀"],
    correction: None,
    refutation: None,
    beyond: Some("for any `Σ`, `C = (1/S)((1/N) ∑ᵢ (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀)`"),
    proof: Some(
        "For any `Σ` it is networks/noise-by-fourth-moments, which proves what holds beyond. Where all `∇fᵢᵀΣ∇fᵢ` are \
         equal, each of them is their mean, which is `Tr[H₀Σ]`, as `H₀ = (1/N) ∑ᵢ ∇fᵢ∇fᵢᵀ` where all residuals are 0.",
    ),
};

/// The noise near a minimum at which every sample is fitted, for any fluctuation.
pub static NOISE_BY_FOURTH_MOMENTS: StudyClaim = StudyClaim {
    id: "networks/noise-by-fourth-moments",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`C = (1/S)((1/N) ∑ᵢ (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀)` to leading order at `L₀(w*) = 0`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "At `L₀(w*) = 0` all residuals are 0, so that `H₀ = (1/N) ∑ᵢ gᵢgᵢᵀ` with the gradients `gᵢ` of the model at \
         `w*`. To leading order in `v = w − w*` a residual is `rᵢ = gᵢᵀv`, and `∇L₀ = H₀v`. Minibatches with \
         replacement have `SC = (1/N) ∑ᵢ rᵢ²gᵢgᵢᵀ − ∇L₀∇L₀ᵀ`, where with `E[vvᵀ] = Σ` the mean of `rᵢ²` is `gᵢᵀΣgᵢ`, \
         and that of `∇L₀∇L₀ᵀ` is `H₀ΣH₀`.",
    ),
};

/// S times the noise of eq. (14) without its remainder, 2L₀H₀ − ggᵀ.
///
/// `squared_residual` is 2L₀; g is ∇L_Γ as printed, and ∇L₀ in place of that. Returns a symmetric D×D matrix, units
/// (2, 4).
pub fn noise_by_loss<T: Scalar>(hessian: &Matrix<T>, squared_residual: &T, gradient: &Vector<T>) -> Matrix<T> {
    hessian * squared_residual.clone() - outer(gradient, gradient)
}

/// S times the noise of eq. (17), (Tr\[H₀Σ\] I − H₀Σ) H₀.
///
/// Returns a symmetric D×D matrix, units (2, 4).
pub fn noise_by_spread<T: Scalar>(H: &Matrix<T>, fluctuation: &Matrix<T>) -> Matrix<T> {
    let spread = H * fluctuation;
    (identity::<T>(H.nrows()) * trace(&spread) - &spread) * H
}

/// The noise near a minimum at which every sample is fitted, in place of eq. (17).
///
/// ```text
/// C = (1/S)((1/N) Σ (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀),    H₀ = (1/N) Σ ∇fᵢ∇fᵢᵀ
/// ```
///
/// `gradients` are the ∇fᵢ at the minimum, N ≥ 1 vectors of D entries each. Returns a symmetric D×D matrix, units
/// (2, 4).
pub fn noise_by_fourth_moments<T: Scalar>(
    gradients: &[Vector<T>],
    fluctuation: &Matrix<T>,
    batch_size: &T,
) -> Matrix<T> {
    let N = T::from_integer(gradients.len() as i64);
    let zeros = || Matrix::<T>::zeros(fluctuation.nrows(), fluctuation.ncols());
    let hessian = gradients.iter().fold(zeros(), |sum, g| sum + outer(g, g)) / N.clone();
    let squares = gradients.iter().map(|g| outer(g, g) * g.dot(&(fluctuation * g)));
    let fourth = squares.fold(zeros(), |sum, square| sum + square) / N;
    (fourth - &hessian * fluctuation * &hessian) / batch_size.clone()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rug::Rational;

    use super::*;

    proptest! {
        /// Where all ∇fᵢᵀΣ∇fᵢ are equal, eq. (17) is the same: here one gradient with all signs of its entries, Σ
        /// diagonal.
        #[test]
        fn equal_spreads_make_it_equation_17(entries in prop::collection::vec(1i64..5, 2), size in 1i64..9) {
            let signs = [[1, 1], [1, -1], [-1, 1], [-1, -1]];
            let gradients = signs.map(|signs| Vector::from_fn(2, |i, _| Rational::from(signs[i] * (i as i64 + 1))));
            let spread = Matrix::from_diagonal(&Vector::from_fn(2, |i, _| Rational::from(entries[i])));
            let H = Matrix::from_diagonal(&Vector::from_fn(2, |i, _| Rational::from((i as i64 + 1).pow(2))));
            let S = Rational::from(size);
            let found = noise_by_fourth_moments(&gradients, &spread, &S);
            prop_assert_eq!(found, noise_by_spread(&H, &spread) / S);
        }
    }

    /// Eqs. (59) to (61): for Σ ∝ I and H₀ ∝ I the two terms of eq. (17) have norms in the ratio D : 1. So their
    /// difference is 1 − 1/D of the first.
    #[test]
    fn the_terms_of_equation_17_are_in_the_ratio_of_the_dimension() {
        for D in 1..6 {
            let n = Rational::from;
            let [H, spread] = [(3, 2), (5, 7)].map(|size| identity::<Rational>(D) * n(size));
            let first = &H * trace(&(&H * &spread));
            let share = n((D as i64 - 1, D as i64));
            assert_eq!(noise_by_spread(&H, &spread), first * share, "D = {D}");
        }
    }
}
