//! How the tail index of several weights changes with the learning rate, the batch size and the number of weights.
//!
//! Q, B, X, Y and τ are those of [`several`](super::several), h(β) = lim (E‖Π‖^β)^{1/n} of the products Π of n steps.

use crate::paper;
use claims::{Provenance, StudyClaim};

/// The index against λ.
///
/// # Proof
/// For A = aI let f(τ) = E[Q^{β/2} | τ] − 1, which has the sign of τ − 2 as Q = 1 − Bτ(2 − τ). With n = S + D − 1 and
/// u = S/(2L), uτ has the law of Γ(n/2), so that
///
/// ```text
/// Γ(n/2) u^{−n/2} e^{2u} (E[Q^{β/2}] − 1) = ∫ f(τ) τ^{n/2−1} e^{(2−τ)u} dτ
/// ```
///
/// has the derivative ∫ (2 − τ) f(τ) … < 0 in u. So for each β > 0 the moment is below 1 on one side of one λ, and above
/// on the other; with log Q in place of Q^{β/2} so is the edge of what is stationary.
///
/// For any features let λ' = θλ, θ < 1. Then I − λ'Z = (1 − θ)I + θ(I − λZ), and a product of n of these is a mean, over
/// n tosses of a coin, of products of as many of the second factors as fall with the probability θ. ‖·‖^β is convex for
/// β ≥ 1: h(β, λ') ≤ 1 − θ + θh(β, λ), which is 1 where h(β, λ) is.
pub static DECREASING_IN_RATE: StudyClaim = StudyClaim {
    id: "tail/decreasing-in-rate-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: `β` decreases with `λ`",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some(
        "proved, wherever a law is stationary; of any features, with `Λ = λI` and without momentum, `β` does not \
         increase with `λ` where it is at least 1",
    ),
};

/// The index against S.
///
/// # Proof
/// The Hessian of S + 1 samples is the mean over those that are left when one is taken out, and so the conditional mean
/// of the Hessian of S samples. Π is affine in the Hessian of each step, and the steps are independent: by Jensen's
/// inequality E‖Π‖^β does not increase with S for β ≥ 1.
pub static INCREASING_IN_BATCH: StudyClaim = StudyClaim {
    id: "tail/increasing-in-batch-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "any features, `Λ`, `Γ` and `μ`: `β` does not decrease as `S` increases, where it is at least 1",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("proved; where it is below 1 it may decrease, and already does with one weight"),
};

/// The index against D.
///
/// # Proof
/// For A = aI the moment E[Q^{β/2}] increases strictly with D, as Q = (1 − LX/S)² + (L/S)²XY increases with Y, and the
/// law of Y with D.
///
/// For any A take a block of its eigenvectors. A path of Π that leaves the block does so by an entry that is linear in
/// the normals of the other directions in that step, and no other factor has them. So given the normals of the block the
/// mean of PΠP is the product of the block's own steps, and by Jensen's inequality h of all is at least that of the block
/// for β ≥ 1.
pub static DECREASING_IN_DIMENSION: StudyClaim = StudyClaim {
    id: "tail/decreasing-in-dimension",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "`D` weights, `A = aI`, `Λ = λI`: `β` decreases with `D`",
    formulas: &["A = aI", "Λ = λI"],
    correction: None,
    refutation: None,
    beyond: Some(
        "proved; for any `A`, directions that are added to those of a block do not make the index larger than that of \
         the block, where that is at least 1",
    ),
};
