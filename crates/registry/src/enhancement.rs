//! Sections 4.2 and 6.5: what the text says of label noise at whole series of settings, which a study tabulates.

use std::borrow::Cow;

use crate::paper;
use claims::{Provenance, Refutation, Refutes, StudyClaim};

/// Which of two factors leads in the figures.
///
/// With c = 1 + 1/S, D weights of one curvature and x = λa the isotropic factor is (2S − (S + 1)x)/(2S − (S + 1 + D)x). It is
/// above 2/(2 − x), the factor of discreteness, exactly for S₀ < S < S₀ + D, S₀ = (D + 1)x/(2 − x), the sizes next to
/// divergence.
pub static LEADING_IN_FIGURES: StudyClaim = StudyClaim {
    id: "label-noise/leading-enhancement-in-figures",
    source: paper::AFTER_THEOREM_2,
    equations: &[],
    provenance: Provenance::Text,
    statement: "at the settings of Fig. 3 left and of Figs. 4b and 4c discreteness, the factor `2/(2 − λaᵢ)`, is the leading source \
                of fluctuation at large `S`, and the isotropic factor `1 + κ/S` in every direction at small `S`",
    formulas: &[],
    correction: Some(
        "the isotropic factor, `1 + κ/S`, leads over that of discreteness, `2/(2 − λaᵢ)`, at no `S` of Fig. 3 left, and at \
         `A` and `λ` of Figs. 4b and 4c in every direction at `S = 7` alone, the smallest that is stationary",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "The isotropic factor leads next to divergence, at `D` sizes if `A = aI` and at no other. The interval is \
             `S₀ < S < S₀ + D` with `S₀ = (D + 1)λa/(2 − λa)`, which for Fig. 3 left has no whole number.",
        ),
    }),
    beyond: None,
    proof: None,
};

/// Where the linear scaling of λ with S fails.
pub static SCALING_AT_SMALL_BATCH: StudyClaim = StudyClaim {
    id: "label-noise/scaling-failure-at-small-batch",
    source: paper::SECTION_6_5,
    equations: &[],
    provenance: Provenance::Text,
    statement: "at a fixed `λ/S` the scaling law fails at small `S`: the change of `Σ/(λ/S)` from `S` to `S + 1` is largest at `S = 1`",
    formulas: &[],
    correction: Some(
        "at a fixed `η = λ/S` the change of `Σ/η` from `S` to `S + 1` is smallest at `S = 1`, and grows up to divergence: \
         `Σ/η = σ²/(2 − ηa(S + D + 1))`, `A = aI`",
    ),
    refutation: Some(Refutation {
        refutes: Refutes::Formula,
        because: Cow::Borrowed(
            "The term with `1/S²` in eq. (6) does have a `λ` for each `1/S`, as `κ` is `λTr[A]/2` to leading order. At a \
             fixed `λ/S` all of it is the constant `ηa(D + 1)`, which no `S` changes. The law fails where `λ` is large, \
             as the text says next.",
        ),
    }),
    beyond: None,
    proof: Some(
        "With `η = λ/S` and `A = aI` Theorem 2 is `Σ/η = σ²/(2 − ηa(S + D + 1))`. Its inverse falls by `ηa/σ²` with \
         each `S`: it is linear in `S` and positive, so that `Σ/η` is strictly convex in `S`, and each change is \
         larger than the one before.",
    ),
};
