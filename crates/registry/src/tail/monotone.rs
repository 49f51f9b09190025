//! How the tail index of several weights changes with the learning rate, the batch size and the number of weights.

use crate::paper;
use claims::{Provenance, StudyClaim};

/// The index against λ.
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
        "of any features, with `Λ = λI` and without momentum, `β` does not increase with `λ` where it is at least 1",
    ),
    proof: Some(
        "With `B`, `τ` and `Q` of tail/index-of-several-weights let `f` be the mean of `Q^{β/2}` less 1 given `τ`. It \
         has the sign of `τ − 2`, as `Q = 1 − Bτ(2 − τ)`. With `n = S + D − 1` and `u = S/(2aλ)`, `uτ` has the gamma \
         law of shape `n/2`. So the mean of `Q^{β/2}` less 1 is, up to a positive factor, the integral of `f τ^{n/2−1} \
         e^{(2−τ)u}` over `τ`, which falls as `u` grows, as `(2 − τ)f` is negative. So for each `β > 0` the mean of \
         `Q^{β/2}` is below 1 for all `λ` below a certain one, and above 1 beyond: where the index is `β`, it is \
         smaller at each larger `λ`, or there is none.\n\n\
         Beyond: for any features let `λ' = θλ` with `0 < θ < 1`, and let `Z` be the Hessian of a minibatch. As `I − \
         λ'Z = (1 − θ)I + θ(I − λZ)`, a product of `n` of these is a mean over `n` tosses of a coin: of products of an \
         `I − λZ` for each toss that has the side of the probability `θ`. `‖Π‖^β` is convex in `Π` for `β ≥ 1`. So the \
         growth of its mean in a step is at most `1 − θ + θh` at `λ'`, where `h` is that at `λ`. Where `h = 1` this is \
         1, and the index at `λ'` is at least `β`.",
    ),
};

/// The index against S.
pub static INCREASING_IN_BATCH: StudyClaim = StudyClaim {
    id: "tail/increasing-in-batch-of-several-weights",
    source: paper::OWN,
    equations: &[],
    provenance: Provenance::Own,
    statement: "any features, `Λ`, `Γ` and `μ`: `β` does not decrease as `S` increases, where it is at least 1",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: Some("where `β` is below 1 it may decrease, and already does with one weight"),
    proof: Some(
        "The Hessian of `S + 1` samples is the mean over those of the `S` that are left when one is taken out, and so \
         it is the mean of the Hessian of `S` samples, given the `S + 1`. A product `Π` of the matrices of `n` steps \
         is affine in the Hessian of each, and the steps are independent. So by Jensen's inequality the mean of \
         `‖Π‖^β` does not increase with `S` for `β ≥ 1`. Neither does its growth in a step: where that is 1 at `S`, it \
         is at most 1 at `S + 1`.",
    ),
};

/// The index against D.
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
        "for any `A`, directions that are added to those of a block do not make the index larger than that of the \
         block, where that is at least 1",
    ),
    proof: Some(
        "For `A = aI` take `Q = (1 − LX/S)² + (L/S)²XY` of tail/index-of-several-weights. It grows with `Y`, and with \
         `D` the law of `Y` moves up, that of `X` not at all. So the mean of `Q^{β/2}` increases strictly with `D`: \
         where it is 1 it is more than 1 with one weight more, and the index is smaller, or there is none.\n\n\
         Beyond: for any `A` take a block of its eigenvectors. A path through the factors of a product `Π` of steps \
         that leaves the block does so by an entry that is linear in the normals of another direction in that step, \
         and no other factor has these. So given the normals of the block, the mean of the block of `Π` is the product \
         of the block's own steps, and by Jensen's inequality the growth of the mean of `‖Π‖^β` is at least that of \
         the block for `β ≥ 1`.",
    ),
};
