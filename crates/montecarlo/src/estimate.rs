//! Means over independent chains or blocks, their standard errors, and whether to believe them.

use numbers::{Matrix, Vector, matrix};
use symbols::{Minibatch, Moments};

use crate::budget::threshold;
use crate::diagnostics::Diagnostics;
use crate::jackknife::Jackknife;
use crate::mean::MeanEstimate;
use crate::tail::TailIndex;

/// The moments that each chain found, and what the chains say about themselves.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Time averages, chain by chain.
    ///
    /// With v = w − w*, Σ is that of v vᵀ, as E\[v\] = 0 where minibatches are independent. Over shuffled epochs it is
    /// cov(v), which is no average of single chains: with the mean d̄ of all of them, chain c has ⟨v vᵀ⟩ − d_c d̄ᵀ − d̄
    /// d_cᵀ + d̄ d̄ᵀ, whose mean is that covariance and whose spread is its error, to leading order.
    pub chains: Vec<Moments<f64>>,
    /// d_c = ⟨v⟩, chain by chain.
    pub offsets: Vec<Vector<f64>>,
    /// d̄, where it was subtracted from Σ.
    subtracted: Option<Vector<f64>>,
    /// Where there is no noise at all: how far from 0 the entries of Σ may be. What was measured is rounding.
    pub no_noise: Option<f64>,
    /// What the chains say about themselves.
    pub diagnostics: Diagnostics,
}

/// The moments that each block of minibatches at w₀ found. Its draws are independent and have all moments, so that
/// nothing is left to diagnose.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MinibatchEstimate {
    /// Averages, block by block.
    pub blocks: Vec<Minibatch<f64>>,
}

/// Why the standard errors of an [`Estimate`] mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// No step has noise at w*, or none that moves a weight by more than its rounding.
    #[error("no noise: Σ is zero to within {bound:.1e}, and what was measured is rounding")]
    NoNoise {
        /// How far from 0 its entries may be.
        bound: f64,
    },
    /// The fourth moment of v may not exist: then neither does the variance of its squares.
    #[error(
        "heavy tail: index {:.2} ± {:.2}, expected more than 4 by 3 standard errors",
        .tail_index.estimate, .tail_index.standard_error
    )]
    HeavyTail {
        /// The estimate.
        tail_index: TailIndex,
    },
    /// The chains are too short, against the time they take to forget.
    #[error("effective sample size {effective_sample_size:.0}: expected at least {minimum:.0}")]
    TooFewSamples {
        /// The estimate.
        effective_sample_size: f64,
        /// The smallest that is accepted: 100 a chain.
        minimum: f64,
    },
    /// The chains, or the halves of one, disagree.
    #[error("split R̂ − 1 = {:.1e}: expected at most {:.1e}", r_hat - 1.0, maximum - 1.0)]
    NotConverged {
        /// The estimate.
        r_hat: f64,
        /// The largest that is accepted.
        maximum: f64,
    },
    /// ‖v‖² is another in the later halves of chains than in the earlier ones: the burn-in was too short.
    #[error("drift {drift:.1} standard errors: expected at most {maximum:.1}")]
    Drift {
        /// The estimate.
        drift: f64,
        /// The largest size that is accepted.
        maximum: f64,
    },
}

impl Estimate {
    /// Below this the fourth moment is missing.
    pub const TAIL_INDEX: f64 = 4.0;
    /// Standard errors that the tail index has to stay above it. At a true index of 4, two would let one run in forty
    /// pass, and those that pass are those without a large value so far, whose mean and standard error are too small.
    const TAIL_MARGIN: f64 = 3.0;
    /// Per chain. Source, also for R̂: Vehtari et al., *Rank-normalization, folding, and localization*, Bayesian Anal.
    /// 16 (2021), §4 (R̂ < 1.01, and 400 for the usual 4 chains).
    const SAMPLES_OF_CHAIN: f64 = 100.0;
    const R_HAT: f64 = 1.01;
    /// The probability of a drift without a reason.
    const DRIFT: f64 = 1e-6;
    /// Deviations of its scatter that the R̂ of ranks may have beyond it.
    const R_HAT_MARGIN: f64 = 5.0;

    /// From moments about w*, with a Σ that is the mean square; about the mean of all chains where that `is_shifted`.
    pub(crate) fn new(
        mut chains: Vec<Moments<f64>>,
        offsets: Vec<Vector<f64>>,
        is_shifted: bool,
        diagnostics: Diagnostics,
    ) -> Self {
        let subtracted = is_shifted.then(|| {
            let sum = offsets.iter().skip(1).fold(offsets.first().cloned().unwrap_or_default(), |sum, d| sum + d);
            sum / offsets.len().max(1) as f64
        });
        if let Some(mean) = &subtracted {
            for (moments, offset) in chains.iter_mut().zip(&offsets) {
                moments.fluctuation -= between(offset, mean);
            }
        }
        Estimate { chains, offsets, subtracted, no_noise: None, diagnostics }
    }

    /// E\[w\] − w*, a column. It is zero where minibatches are independent, and then within its error.
    pub fn mean_offset(&self) -> MeanEstimate {
        MeanEstimate::over(self.offsets.iter().map(|offset| Matrix::from_columns(std::slice::from_ref(offset))))
    }

    /// E\[(w − w*)(w − w*)ᵀ\], which is what the losses follow from; Σ where E\[w\] = w*.
    pub fn mean_square(&self) -> MeanEstimate {
        MeanEstimate::over(self.chains.iter().zip(&self.offsets).map(|(moments, offset)| match &self.subtracted {
            Some(mean) => &moments.fluctuation + between(offset, mean),
            None => moments.fluctuation.clone(),
        }))
    }

    /// Mean and standard error of an affine function of the moments, entry by entry.
    ///
    /// # Example
    /// ```
    /// # use montecarlo::{MeanEstimate, Estimate};
    /// # use numbers::matrix;
    /// fn excess_loss(estimate: &Estimate, least_loss: f64) -> MeanEstimate {
    ///     estimate.mean(|moments| matrix::scalar(moments.train_loss - least_loss))
    /// }
    /// ```
    pub fn mean(&self, quantity: impl Fn(&Moments<f64>) -> Matrix<f64>) -> MeanEstimate {
        MeanEstimate::over(self.chains.iter().map(quantity))
    }

    /// Value, standard error and bias of any smooth function of the moments, entry by entry.
    pub fn jackknife(&self, quantity: impl Fn(&Moments<f64>) -> Matrix<f64>) -> Jackknife {
        Jackknife::over(&self.chains, quantity)
    }

    /// Whether the standard errors of [`mean`](Estimate::mean) can be believed. Those of rounding can: that there is no
    /// noise is said by [`Estimate::no_noise`] alone.
    ///
    /// # Errors
    /// The first [`Distrust`] of: a tail index α̂ that is not more than 3 standard errors above 4; fewer than 100
    /// effective samples a chain; a split R̂ above 1.01, of all steps, or of the ranks of the draws that are kept,
    /// where they are so few that independent ones would scatter beyond it, of those above what they would; a drift
    /// that stationary chains have with a probability of 10⁻⁶.
    pub fn trust(&self) -> Result<(), Distrust> {
        let Diagnostics { r_hat, rank_r_hat, effective_sample_size, tail_index, draws_of_chain, drift, .. } =
            self.diagnostics;
        let chains = self.chains.len() as f64;
        let minimum = Self::SAMPLES_OF_CHAIN * chains;
        // V/W of independent halves of n draws has the mean 1/n and the deviation √(2/(2M − 1))/n.
        let scatter = (2.0 / (2.0 * chains - 1.0)).sqrt() / (0.5 * draws_of_chain as f64);
        let of_ranks = (Self::R_HAT * Self::R_HAT + Self::R_HAT_MARGIN * scatter).sqrt();
        // Every test is one for trust, so that NaN fails it.
        let light_tail = tail_index.estimate - Self::TAIL_MARGIN * tail_index.standard_error > Self::TAIL_INDEX;
        let enough = effective_sample_size >= minimum;
        let converged = [(r_hat, Self::R_HAT), (rank_r_hat, of_ranks)].map(|(found, maximum)| found <= maximum);
        let most_drift = threshold(self.chains.len(), Self::DRIFT);
        let stationary = drift.abs() <= most_drift;
        match (light_tail, enough, converged, stationary) {
            (true, true, [true, true], true) => Ok(()),
            (false, ..) => Err(Distrust::HeavyTail { tail_index }),
            (_, false, ..) => Err(Distrust::TooFewSamples { effective_sample_size, minimum }),
            (_, _, [false, _], _) => Err(Distrust::NotConverged { r_hat, maximum: Self::R_HAT }),
            (_, _, [_, false], _) => Err(Distrust::NotConverged { r_hat: rank_r_hat, maximum: of_ranks }),
            (.., false) => Err(Distrust::Drift { drift, maximum: most_drift }),
        }
    }
}

/// d d̄ᵀ + d̄ dᵀ − d̄ d̄ᵀ.
fn between(d: &Vector<f64>, mean: &Vector<f64>) -> Matrix<f64> {
    let across = matrix::outer(d, mean);
    &across + across.transpose() - matrix::outer(mean, mean)
}

impl MinibatchEstimate {
    /// Mean and standard error of an affine function of the minibatch moments, entry by entry.
    pub fn mean(&self, quantity: impl Fn(&Minibatch<f64>) -> Matrix<f64>) -> MeanEstimate {
        MeanEstimate::over(self.blocks.iter().map(quantity))
    }

    /// Value, standard error and bias of any smooth function of the minibatch moments, entry by entry.
    pub fn jackknife(&self, quantity: impl Fn(&Minibatch<f64>) -> Matrix<f64>) -> Jackknife {
        Jackknife::over(&self.blocks, quantity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(values: &[f64]) -> MeanEstimate {
        MeanEstimate::over(values.iter().map(|&value| matrix::scalar(value)))
    }

    /// Three chains of nothing, whose diagnostics are on the trusted side of every bound.
    fn trusted() -> Estimate {
        let light = TailIndex { estimate: 7.0, standard_error: 0.99, exceedances: 9 };
        let diagnostics = Diagnostics {
            r_hat: 1.01,
            effective_sample_size: 300.0,
            rank_r_hat: 1.01,
            bulk_sample_size: 1.0,
            tail_sample_size: 1.0,
            draws_of_chain: 32,
            batch_error_ratio: 1.0,
            drift: 0.0,
            tail_index: light,
            moment_tail_index: light,
        };
        let zero = || matrix::scalar(0.0);
        let moments = Moments {
            mean: None,
            fluctuation: zero(),
            noise_covariance: zero(),
            train_loss: 2.0,
            test_loss: None,
            buffer: None,
        };
        Estimate::new(vec![moments; 3], vec![Vector::zeros(1); 3], false, diagnostics)
    }

    fn verdict(change: impl Fn(&mut Diagnostics)) -> Result<(), Distrust> {
        let mut estimate = trusted();
        change(&mut estimate.diagnostics);
        estimate.trust()
    }

    #[test]
    fn a_tail_index_has_to_exceed_4_by_3_errors() {
        let of = |estimate: f64, standard_error: f64| TailIndex { estimate, standard_error, exceedances: 9 };
        assert_eq!(verdict(|d| d.tail_index = of(7.0, 0.99)), Ok(()));
        assert_eq!(verdict(|d| d.tail_index = of(f64::INFINITY, 0.0)), Ok(()));
        for tail_index in [of(7.0, 1.0), of(7.0, 1.01), of(4.0, 0.0), of(9.0, 2.0), of(4.2, 0.1)] {
            assert_eq!(verdict(|d| d.tail_index = tail_index), Err(Distrust::HeavyTail { tail_index }));
        }
        assert!(verdict(|d| d.tail_index = of(f64::NAN, 0.0)).is_err());
    }

    #[test]
    fn three_chains_need_300_samples() {
        assert_eq!(verdict(|d| d.effective_sample_size = 300.0), Ok(()));
        let few = Distrust::TooFewSamples { effective_sample_size: 299.9, minimum: 300.0 };
        assert_eq!(verdict(|d| d.effective_sample_size = 299.9), Err(few));
        assert!(verdict(|d| d.effective_sample_size = f64::NAN).is_err());
    }

    /// Ranks of halves of 16 draws: R̂² may be 1.01² + 5 √(2/5)/16.
    #[test]
    fn bounds_of_r_hat_by_hand() {
        assert_eq!(verdict(|d| d.r_hat = 1.01), Ok(()));
        assert_eq!(verdict(|d| d.r_hat = 1.0101), Err(Distrust::NotConverged { r_hat: 1.0101, maximum: 1.01 }));
        assert!(verdict(|d| d.r_hat = f64::NAN).is_err() && verdict(|d| d.rank_r_hat = f64::NAN).is_err());
        let most = (1.0201 + 5.0 * 0.4_f64.sqrt() / 16.0).sqrt();
        assert_eq!(verdict(|d| d.rank_r_hat = most - 1e-12), Ok(()));
        let Err(Distrust::NotConverged { r_hat, maximum }) = verdict(|d| d.rank_r_hat = most + 1e-12) else {
            panic!("the ranks of halves differ");
        };
        assert!(r_hat == most + 1e-12 && (maximum - most).abs() < 1e-15, "{maximum}, expected {most}");
    }

    /// Student's law with two degrees of freedom: P(|T| > t) = p for t = (1 − p) √2/√(p(2 − p)).
    #[test]
    fn a_drift_of_either_sign_is_seen() {
        let most = (1.0 - 1e-6) * (2.0_f64 / (1e-6 * (2.0 - 1e-6))).sqrt();
        for sign in [1.0, -1.0] {
            assert_eq!(verdict(|d| d.drift = sign * most * (1.0 - 1e-9)), Ok(()));
            let Err(Distrust::Drift { drift, maximum }) = verdict(|d| d.drift = sign * most * (1.0 + 1e-9)) else {
                panic!("a drift of {sign} times {most}");
            };
            assert!(drift == sign * most * (1.0 + 1e-9) && (maximum / most - 1.0).abs() < 1e-9, "{maximum}");
        }
        assert!(verdict(|d| d.drift = f64::NAN).is_err());
    }

    #[test]
    fn estimates_are_means_over_chains_and_blocks() {
        let mut estimate = trusted();
        estimate.chains[0].train_loss = 5.0;
        assert_eq!(estimate.mean(|moments| matrix::scalar(moments.train_loss)), over(&[5.0, 2.0, 2.0]));
        let block = |gradient: f64| Minibatch {
            gradient: numbers::Vector::from_element(1, gradient),
            noise_covariance: matrix::scalar(1.0),
        };
        let estimate = MinibatchEstimate { blocks: vec![block(1.0), block(2.0), block(6.0)] };
        assert_eq!(estimate.mean(|block| matrix::scalar(block.gradient[0])), over(&[1.0, 2.0, 6.0]));
    }
}
