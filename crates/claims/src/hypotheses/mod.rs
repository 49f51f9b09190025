//! The hypotheses of the claims: conditions that can be checked, imposed and broken.

mod change;
mod commuting;
mod isotropic;
mod model;
mod paths;
mod residuals;
mod samples;
mod steps;

pub use commuting::{
    ALIGNED_TRUE_WEIGHTS, COMMUTING_INPUT_NOISE, COMMUTING_WEIGHT_DECAY, ONE_DIRECTION, TRUE_WEIGHTS_IN_WEIGHT_DECAY,
};
pub use isotropic::{ISOTROPIC_FEATURES, SCALAR_WEIGHT_DECAY};
pub use model::HALF_LABEL_NOISE;
pub use model::{
    FULL_RANK, GAUSSIAN_FEATURES, INPUT_NOISE, INVERTIBLE_HESSIAN, LABEL_NOISE, NO_INPUT_NOISE, NO_LABEL_NOISE,
    NO_WEIGHT_DECAY, NONNEGATIVE_WEIGHT_DECAY,
};
pub use paths::paths;
pub use residuals::{ALIGNED_MINIMUM, EQUAL_RESIDUALS, EQUAL_RESIDUALS_AT_MINIMUM, HALF_SPREAD_OF_RESIDUALS};
pub use samples::TWICE_THE_SAMPLES;
pub use samples::{
    AT_MINIMUM, DATA_SET, DIFFERENTIABLE, MANY_SAMPLES, NONNEGATIVE_LOSSES, SINGLE_DRAWS, WITH_REPLACEMENT,
    WITHOUT_REPLACEMENT, ZERO_MINIMUM,
};
pub use steps::{
    ANY_START, COMMUTING_LEARNING_RATE, DAMPED_NEWTON, DOUBLE_BATCH_SIZE, HALF_LEARNING_RATE, LARGE_BATCH,
    NEAR_THE_EDGE, NO_MOMENTUM, ONE_WEIGHT, QUADRATIC_LOSS, SCALAR_LEARNING_RATE, STATIONARY, VANISHING_LABEL_NOISE,
};

use notation::prose::plain;
use reader::Notation;

use crate::Hypothesis;

/// All of them: first those on samples, then those on the model, on what commutes, on residuals, and on steps.
pub static ALL: [&Hypothesis; 38] = [
    &DATA_SET,
    &WITH_REPLACEMENT,
    &WITHOUT_REPLACEMENT,
    &SINGLE_DRAWS,
    &MANY_SAMPLES,
    &NONNEGATIVE_LOSSES,
    &DIFFERENTIABLE,
    &ZERO_MINIMUM,
    &AT_MINIMUM,
    &GAUSSIAN_FEATURES,
    &INPUT_NOISE,
    &LABEL_NOISE,
    &NO_LABEL_NOISE,
    &NONNEGATIVE_WEIGHT_DECAY,
    &NO_WEIGHT_DECAY,
    &NO_INPUT_NOISE,
    &FULL_RANK,
    &INVERTIBLE_HESSIAN,
    &ISOTROPIC_FEATURES,
    &SCALAR_WEIGHT_DECAY,
    &COMMUTING_WEIGHT_DECAY,
    &TRUE_WEIGHTS_IN_WEIGHT_DECAY,
    &ALIGNED_TRUE_WEIGHTS,
    &ONE_DIRECTION,
    &COMMUTING_INPUT_NOISE,
    &EQUAL_RESIDUALS,
    &EQUAL_RESIDUALS_AT_MINIMUM,
    &ALIGNED_MINIMUM,
    &QUADRATIC_LOSS,
    &COMMUTING_LEARNING_RATE,
    &SCALAR_LEARNING_RATE,
    &DAMPED_NEWTON,
    &NO_MOMENTUM,
    &LARGE_BATCH,
    &STATIONARY,
    &NEAR_THE_EDGE,
    &ANY_START,
    &ONE_WEIGHT,
];

/// Puts hypotheses into an order in which each can be imposed on a setting without breaking those before it, whatever
/// the order in which somebody named them: a matrix that vanishes commutes with others, and Λ follows A and Γ.
pub fn in_order(hypotheses: &mut [&'static Hypothesis]) {
    let rank = |hypothesis: &&Hypothesis| match hypothesis.name {
        name if [NO_WEIGHT_DECAY.name, NO_INPUT_NOISE.name].contains(&name) => 1,
        name if name == DAMPED_NEWTON.name => 2,
        name if [LARGE_BATCH.name, STATIONARY.name, NEAR_THE_EDGE.name].contains(&name) => 3,
        _ => 0,
    };
    hypotheses.sort_by_key(rank);
}

/// No statement has more bytes in any spelling.
const LONGEST: usize = 300;

/// The hypothesis of a name, in which spaces may stand for hyphens, or of a statement: "one-weight", "one weight" and
/// "D = 1" are the same, and so are "μ=0", "mu = 0" and "\mu = 0".
pub fn find(name: &str) -> Option<&'static Hypothesis> {
    find_in(name, &Notation::default())
}

/// The hypothesis of a name or a statement, which may have the letters of another paper.
pub fn find_in(name: &str, notation: &Notation) -> Option<&'static Hypothesis> {
    let hyphenated = Vec::from_iter(name.split_whitespace()).join("-").to_lowercase();
    let said = plain(name.trim());
    let states = |h: &&Hypothesis| {
        let statement = plain(h.statement);
        // Words are compared letter by letter.
        let alike = if said.len() > LONGEST { None } else { notation.is_alike(&said, &statement) };
        alike.unwrap_or_else(|| said == statement)
    };
    ALL.into_iter().find(|h| h.name == hyphenated).or_else(|| ALL.into_iter().find(states))
}

/// Whether a text that is no hypothesis speaks of something that vanishes, or that grows without end.
pub fn is_limit(text: &str) -> bool {
    const SIGNS: [&str; 12] =
        ["→", "->", "\\to", "arrow", "≪", "<<", "\\ll", "\\gg", "small", "vanishing", "infinite", "large"];
    let text = text.to_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hypothesis_is_found_by_name_and_by_statement() {
        for hypothesis in ALL {
            let by_name =
                [hypothesis.name.to_owned(), hypothesis.name.replace('-', " "), hypothesis.name.to_uppercase()];
            for name in by_name {
                assert_eq!(find(&name).map(|found| found.name), Some(hypothesis.name), "{name}");
            }
            assert!(find(hypothesis.statement).is_some(), "{}", hypothesis.statement);
        }
        assert!(find("one wait").is_none());
    }

    #[test]
    fn what_vanishes_is_imposed_behind_what_commutes_and_learning_rates_at_last() {
        let order = |mut named: Vec<&'static Hypothesis>| {
            in_order(&mut named);
            Vec::from_iter(named.into_iter().map(|hypothesis| hypothesis.name))
        };
        let expected = ["aligned-minimum", "isotropic-features", "no-weight-decay", "damped-newton", "stationary"];
        let named = vec![&ALIGNED_MINIMUM, &ISOTROPIC_FEATURES, &NO_WEIGHT_DECAY, &DAMPED_NEWTON, &STATIONARY];
        assert_eq!(order(named.clone()), expected);
        let [one, two, three, four, five] = named[..] else { unreachable!() };
        assert_eq!(order(vec![five, four, three, one, two]), expected);
    }

    #[test]
    fn a_statement_is_found_in_every_spelling() {
        for (texts, name) in [
            (&["μ=0", "mu = 0", r"\mu = 0", r"$\mu=0$"][..], "no-momentum"),
            (&["D=1", " D =1"], "one-weight"),
            (&["S=1"], "single-draws"),
            (&["Λ = λ I", "Lambda = lambda I", r"\Lambda = \lambda I"], "scalar-learning-rate"),
            (&["Λ=λA^-1", r"\Lambda = \lambda A^{-1}", "Lambda = lambda A^-1"], "damped-newton"),
            (&["sigma^2 = 0", r"\sigma^{2} = 0", "σ²=0"], "no-label-noise"),
            (&["[Lambda, A] = 0", r"\left[\Lambda, A\right] = 0"], "commuting-learning-rate"),
            (&["A >> 0 and Lambda >> 0", r"A \succ 0 \text{ and } \Lambda \succ 0"], "full-rank"),
            (&["L(w*)=0", r"L(\mathbf{w}^{*}) = 0"], "zero-minimum"),
            (&["|L_0 - l_i| = 0", r"|L_{0} - \ell_{i}| = 0"], "equal-residuals"),
        ] {
            for text in texts {
                assert_eq!(find(text).map(|found| found.name), Some(name), "{text}");
            }
        }
        for text in ["μ = 1", "λ = Λ I", "D = 10", "A = 0", "Λ=λ", "mu", "", "Λ = λ · I)"] {
            assert!(find(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_statement_may_have_the_letters_of_another_paper() {
        let mut pairs = [("B", "S"), ("η", "λ"), ("β", "μ")].into_iter();
        let notation = pairs.try_fold(Notation::default(), |notation, (theirs, ours)| notation.with(theirs, ours));
        let notation = notation.unwrap();
        let found = |text| find_in(text, &notation).map(|found| found.name);
        assert_eq!(found("B = 1"), Some("single-draws"));
        assert_eq!(found("beta=0"), Some("no-momentum"));
        assert_eq!(found(r"\Lambda = \eta I"), Some("scalar-learning-rate"));
        assert_eq!(found("no input noise"), Some("no-input-noise"));
        // As the table of hypotheses has it.
        assert_eq!(found("Λ = λI"), Some("scalar-learning-rate"));
        // B is the size of a minibatch here.
        assert_eq!(found("B = 0"), None);
    }

    #[test]
    fn limits_are_no_hypotheses() {
        for text in ["S → ∞", "lambda -> 0", r"\lambda \to 0", "small learning rate", "λ ≪ 1", r"\lambda \ll 1"]
        {
            assert!(find(text).is_none() && is_limit(text), "{text}");
        }
        assert!(!is_limit("gausian features"));
    }
}
