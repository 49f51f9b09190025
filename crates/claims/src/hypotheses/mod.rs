//! The hypotheses of the claims: conditions that can be checked, imposed and broken.

mod change;
mod commuting;
mod model;
mod paths;
mod residuals;
mod samples;
mod steps;

pub use commuting::{
    ALIGNED_TRUE_WEIGHTS, COMMUTING_INPUT_NOISE, COMMUTING_WEIGHT_DECAY, ONE_DIRECTION, TRUE_WEIGHTS_IN_WEIGHT_DECAY,
};
pub use model::HALF_LABEL_NOISE;
pub use model::{
    FULL_RANK, GAUSSIAN_FEATURES, INPUT_NOISE, INVERTIBLE_HESSIAN, NO_INPUT_NOISE, NO_LABEL_NOISE, NO_WEIGHT_DECAY,
};
pub use paths::paths;
pub use residuals::{ALIGNED_MINIMUM, EQUAL_RESIDUALS, EQUAL_RESIDUALS_AT_MINIMUM, HALF_SPREAD_OF_RESIDUALS};
pub use samples::TWICE_THE_SAMPLES;
pub use samples::{
    AT_MINIMUM, DATA_SET, DIFFERENTIABLE, MANY_SAMPLES, NONNEGATIVE_LOSSES, SINGLE_DRAWS, WITH_REPLACEMENT,
    WITHOUT_REPLACEMENT, ZERO_MINIMUM,
};
pub use steps::{
    COMMUTING_LEARNING_RATE, DAMPED_NEWTON, DOUBLE_BATCH_SIZE, HALF_LEARNING_RATE, LARGE_BATCH, NEAR_THE_EDGE,
    NO_MOMENTUM, ONE_WEIGHT, QUADRATIC_LOSS, SCALAR_LEARNING_RATE, STATIONARY, VANISHING_LABEL_NOISE,
};

use formula::prose::plain;

use crate::Hypothesis;

/// All of them: first those on samples, then those on the model, on what commutes, on residuals, and on steps.
pub static ALL: [&Hypothesis; 33] = [
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
    &NO_LABEL_NOISE,
    &NO_WEIGHT_DECAY,
    &NO_INPUT_NOISE,
    &FULL_RANK,
    &INVERTIBLE_HESSIAN,
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
    &ONE_WEIGHT,
];

/// The hypothesis of a name, in which spaces may stand for hyphens, or of a statement: "one-weight", "one weight" and
/// "D = 1" are the same.
pub fn find(name: &str) -> Option<&'static Hypothesis> {
    let name = name.trim();
    let hyphenated = Vec::from_iter(name.split_whitespace()).join("-").to_lowercase();
    ALL.into_iter().find(|h| h.name == hyphenated || plain(h.statement) == plain(name))
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
}
