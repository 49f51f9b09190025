//! How minibatches are drawn.

use std::fmt;

use symbols::LastBatch;

use crate::stream::label_noise::LabelNoise;

/// How minibatches are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draws {
    /// Sample by sample, as in eq. (1): features and label noise, or indices of a data set.
    Literal(LabelNoise),
    /// For Gaussian features and labels: a gradient with the distribution of that of a minibatch, which needs D + 1
    /// random numbers instead of S (D + 1).
    InDistribution,
    /// For data sets: consecutive minibatches of shuffled epochs, and what becomes of the last samples of each. Outside
    /// of the hypotheses of the paper: E\[w\] is not w*.
    ShuffledEpochs(LastBatch),
}

impl Default for Draws {
    /// Literal, with Gaussian label noise.
    fn default() -> Self {
        Draws::Literal(LabelNoise::Gaussian)
    }
}

impl fmt::Display for Draws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Draws::Literal(law) => write!(f, "literal, {law} label noise"),
            Draws::InDistribution => f.write_str("in distribution"),
            Draws::ShuffledEpochs(LastBatch::Keep) => f.write_str("shuffled epochs, the last minibatch smaller"),
            Draws::ShuffledEpochs(LastBatch::Drop) => f.write_str("shuffled epochs, a smaller last minibatch dropped"),
            Draws::ShuffledEpochs(LastBatch::Straddle) => f.write_str("shuffled epochs, minibatches straddling them"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_drawing_have_their_names() {
        assert_eq!(Draws::default(), Draws::Literal(LabelNoise::Gaussian));
        let names = [Draws::Literal(LabelNoise::Laplace), Draws::InDistribution].map(|d| d.to_string());
        assert_eq!(names, ["literal, laplace label noise", "in distribution"]);
        let names = LastBatch::ALL.map(|last| Draws::ShuffledEpochs(last).to_string());
        let ends = ["the last minibatch smaller", "a smaller last minibatch dropped", "minibatches straddling them"];
        assert_eq!(names, ends.map(|end| format!("shuffled epochs, {end}")));
    }
}
