//! The hypotheses of the claims: conditions that can be checked, imposed and broken.

mod model;
mod samples;
mod steps;

pub use model::{FULL_RANK, GAUSSIAN_FEATURES, NO_INPUT_NOISE, NO_WEIGHT_DECAY};
pub use samples::TWICE_THE_SAMPLES;
pub use samples::{
    AT_MINIMUM, DATA_SET, DIFFERENTIABLE, MANY_SAMPLES, NONNEGATIVE_LOSSES, SINGLE_DRAWS, WITH_REPLACEMENT,
    WITHOUT_REPLACEMENT, ZERO_MINIMUM,
};
pub use steps::{
    COMMUTING_LEARNING_RATE, HALF_LEARNING_RATE, LARGE_BATCH, NO_MOMENTUM, QUADRATIC_LOSS, SCALAR_LEARNING_RATE,
    STATIONARY,
};
