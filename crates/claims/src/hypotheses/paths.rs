//! Along which path a limit is taken.

use notation::tree::Limit;

use super::{
    DAMPED_NEWTON, DOUBLE_BATCH_SIZE, HALF_LABEL_NOISE, HALF_LEARNING_RATE, HALF_SPREAD_OF_RESIDUALS,
    TWICE_THE_SAMPLES, VANISHING_LABEL_NOISE,
};
use crate::{Hypothesis, Path};

/// The paths on which a limit can be taken, the usual one under these hypotheses first.
pub fn paths(limit: Limit, hypotheses: &[&Hypothesis]) -> Vec<&'static Path> {
    let newton = hypotheses.iter().any(|hypothesis| hypothesis.name == DAMPED_NEWTON.name);
    match limit {
        Limit::LearningRate => vec![&HALF_LEARNING_RATE],
        Limit::BatchSize => vec![&DOUBLE_BATCH_SIZE],
        Limit::Samples => vec![&TWICE_THE_SAMPLES],
        // A Newton step has a scale of its own, beside which σ² vanishes.
        Limit::LabelNoise if newton => vec![&VANISHING_LABEL_NOISE, &HALF_LABEL_NOISE],
        Limit::LabelNoise => vec![&HALF_LABEL_NOISE],
        Limit::Residuals => vec![&HALF_SPREAD_OF_RESIDUALS],
    }
}
