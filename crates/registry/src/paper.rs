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
/// Label noise: the noise and the training loss.
pub const AFTER_THEOREM_3: &str = "text after Theorem 3";
/// Label noise: the noise.
pub const THEOREM_3: &str = "Theorem 3";
/// Label noise: the losses.
pub const THEOREM_8: &str = "Theorem 8";
/// Label noise: the losses for vanishing learning rates.
pub const AFTER_THEOREM_8: &str = "remark after Theorem 8";
/// Regularization: the noise given the fluctuation.
pub const PROPOSITION_3: &str = "Proposition 3";
/// Regularization: the noise and the training loss.
pub const AFTER_PROPOSITION_3: &str = "text after Proposition 3";
/// Regularization: test loss and fluctuation.
pub const THEOREM_4: &str = "Theorem 4";
/// Regularization: the same where true weights, features and weight decay commute, and the training loss.
pub const APPENDIX_TO_THEOREM_4: &str = "appendix to Theorem 4";
/// Regularization: what the losses can do.
pub const AFTER_THEOREM_4: &str = "remark after Theorem 4";
/// Regularization: the losses in one dimension.
pub const COROLLARY_4: &str = "Corollary 4";
/// Input noise: the noise given the fluctuation.
pub const PROPOSITION_9: &str = "Proposition 9";
/// Input noise: fluctuation and losses.
pub const THEOREM_9: &str = "Theorem 9";
/// The Hessian approximation against limits of the exact theory, with its equations in Appendix B.
pub const TABLE_2: &str = "Table 2";
/// Generic minima: how losses of samples spread.
pub const SECTION_5: &str = "Section 5";
/// Generic minima: the noise of one minibatch.
pub const THEOREM_5: &str = "Theorem 5";
/// Generic minima: the noise at a minimum.
pub const COROLLARY_2: &str = "Corollary 2";
/// Generic minima: the fluctuation.
pub const COROLLARY_3: &str = "Corollary 3";
/// Generic minima: that their formulas agree with the exact solutions.
pub const AFTER_COROLLARY_3: &str = "text after Corollary 3";
/// Second-order methods: damped Newton steps.
pub const PROPOSITION_5: &str = "Proposition 5";
/// Second-order methods: the natural gradient.
pub const PROPOSITION_6: &str = "Proposition 6";
/// Second-order methods: the natural gradient without label noise.
pub const SECTION_6_4: &str = "section 6.4";
/// The noise and the Fisher information.
pub const SECTIONS_4_2_AND_6_4: &str = "sections 4.2 and 6.4";
/// Input noise: what the losses cannot do.
pub const AFTER_THEOREM_9: &str = "remark after Theorem 9";
/// Which learning rates are stable.
pub const SECTION_6_2: &str = "Section 6.2";
/// The scaling of learning rate and minibatch size.
pub const SECTION_6_5: &str = "Section 6.5";
/// The tail of the stationary law.
pub const SECTION_6_6: &str = "Section 6.6";
/// The tail index in discrete time.
pub const PROPOSITION_7: &str = "Proposition 7";
/// The tail index in continuous time: Takashi Mori, Liu Ziyin, Kangqiao Liu, Masahito Ueda (2021).
pub const MORI_2021: &str = "Mori et al. 2021";
/// The tail index against learning rate and minibatch size, and what others found of it.
pub const SECTION_D_3: &str = "Section D.3";
/// The Hessian approximation on random data sets.
pub const SECTION_A_2: &str = "Section A.2";
/// How often minibatches draw a sample.
pub const SECTION_E_1: &str = "Section E.1";
/// Negative weight decay.
pub const COROLLARY_1: &str = "Corollary 1";
/// The best weight decay for several weights.
pub const APPENDIX_TO_COROLLARY_1: &str = "appendix to Corollary 1";
/// High dimension: the noise.
pub const PROPOSITION_4: &str = "Proposition 4";
/// High dimension: the loss at the minimum.
pub const APPENDIX_TO_PROPOSITION_4: &str = "appendix to Proposition 4";
/// High dimension: the fluctuation.
pub const THEOREM_6: &str = "Theorem 6";
/// The Hessian approximation in the figures.
pub const APPENDIX_A_1: &str = "Appendix A.1";
/// Not of the paper.
pub const OWN: &str = claims::OWN;
