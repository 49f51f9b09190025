//! The one bibliography: sources are cited by these keys.

/// The paper whose claims these are.
pub const PAPER: &str = "Liu Ziyin, Kangqiao Liu, Takashi Mori, Masahito Ueda, Strength of Minibatch Noise in SGD, \
                         ICLR 2022 (arXiv 2102.05375)";

/// Minibatches with replacement.
pub const DEFINITION_2: &str = "Definition 2";
/// Minibatches without replacement.
pub const DEFINITION_3: &str = "Definition 3";
/// The noise of one minibatch.
pub const PROPOSITION_1: &str = "Proposition 1";
/// No noise where every sample is fitted.
pub const PROPOSITION_2: &str = "Proposition 2";
/// The noise of one minibatch, for either sampling.
pub const PROPOSITION_8: &str = "Proposition 8";
/// The stationary equation; the paper takes it from Liu, Ziyin, Ueda (2021), Noise and fluctuation of finite
/// learning rate stochastic gradient descent, ICML.
pub const THEOREM_1: &str = "Theorem 1";
/// Label noise: the noise given the fluctuation.
pub const LEMMA_1: &str = "Lemma 1";
/// Label noise: the fluctuation.
pub const THEOREM_2: &str = "Theorem 2";
/// Label noise: its limit for small learning rates and large minibatches.
pub const AFTER_THEOREM_2: &str = "text after Theorem 2";
/// Label noise: the noise.
pub const THEOREM_3: &str = "Theorem 3";
/// Label noise: the losses.
pub const THEOREM_8: &str = "Theorem 8";
/// Label noise: the losses for vanishing learning rates.
pub const AFTER_THEOREM_8: &str = "remark after Theorem 8";
