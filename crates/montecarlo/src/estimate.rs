//! Means over independent chains or blocks, their standard errors, and whether to believe them.

use symbols::{Matrix, Minibatch, Moments};

use crate::budget::{POWER, p_value, threshold};
use crate::diagnostics::Diagnostics;
use crate::tail::TailIndex;

/// The moments that each chain found, and what the chains say about themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Time averages, chain by chain.
    pub chains: Vec<Moments<f64>>,
    /// What the chains say about themselves.
    pub diagnostics: Diagnostics,
}

/// What each block of minibatches at w₀ found. Its draws are independent and have all moments, so that nothing is left
/// to diagnose.
#[derive(Debug, Clone, PartialEq)]
pub struct MinibatchEstimate {
    /// Averages, block by block.
    pub blocks: Vec<Minibatch<f64>>,
}

/// Why the standard errors of an [`Estimate`] mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// The fourth moment of v may not exist: then neither does the variance of its squares.
    #[error("heavy tail: index {:.2} ± {:.2}, expected more than 4 by 3 standard errors", .tail_index.estimate, .tail_index.standard_error)]
    HeavyTail {
        /// The estimate.
        tail_index: TailIndex,
    },
    /// The chains are too short, against the time they take to forget.
    #[error("effective sample size {effective_sample_size:.0}: expected at least {minimum:.0}")]
    TooFewSamples {
        /// The estimate.
        effective_sample_size: f64,
        /// What it should be: 100 a chain.
        minimum: f64,
    },
    /// The chains, or the halves of one, disagree.
    #[error("split R̂ − 1 = {:.1e}: expected at most {:.1e}", r_hat - 1.0, maximum - 1.0)]
    NotConverged {
        /// The estimate.
        r_hat: f64,
        /// What it may be.
        maximum: f64,
    },
    /// ‖v‖² is another in the later halves of chains than in the earlier ones: the burn-in was too short.
    #[error("drift {drift:.1} standard errors: expected at most {maximum:.1}")]
    Drift {
        /// The estimate.
        drift: f64,
        /// What its size may be.
        maximum: f64,
    },
}

impl Estimate {
    /// Below this the fourth moment is missing.
    pub const TAIL_INDEX: f64 = 4.0;
    /// Standard errors that the tail index has to stay above it. At a true index of 4, two would let one run in forty pass,
    /// and those that pass are those without a large value so far, whose mean and standard error are too small.
    const TAIL_MARGIN: f64 = 3.0;
    /// Per chain. Source, also for R̂: Vehtari et al., *Rank-normalization, folding, and localization*, Bayesian Anal. 16
    /// (2021), §4 (R̂ < 1.01, and 400 for the usual 4 chains).
    const SAMPLES_OF_CHAIN: f64 = 100.0;
    const R_HAT: f64 = 1.01;
    /// The probability of a drift without a reason.
    const DRIFT: f64 = 1e-6;
    /// Deviations of its scatter that the R̂ of ranks may have beyond it.
    const R_HAT_MARGIN: f64 = 5.0;

    /// Mean and standard error of an affine function of the moments, entry by entry.
    ///
    /// # Example
    /// ```
    /// # use montecarlo::{MeanEstimate, Estimate};
    /// # use symbols::matrix;
    /// fn excess_loss(estimate: &Estimate, least_loss: f64) -> MeanEstimate {
    ///     estimate.mean(|moments| matrix::scalar(moments.train_loss - least_loss))
    /// }
    /// ```
    pub fn mean(&self, quantity: impl Fn(&Moments<f64>) -> Matrix<f64>) -> MeanEstimate {
        MeanEstimate::over(self.chains.iter().map(quantity))
    }

    /// Whether the standard errors of [`mean`](Estimate::mean) can be believed.
    ///
    /// # Errors
    /// The first [`Distrust`] of: a tail index α̂ that is not more than 3 standard errors above 4; fewer than 100
    /// effective samples a chain; a split R̂ above 1.01, of all steps, or of the ranks of the draws that are kept, where
    /// they are so few that independent ones would scatter beyond it, of those above what they would; a drift that
    /// stationary chains have with a probability of 10⁻⁶.
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

impl MinibatchEstimate {
    /// Mean and standard error of an affine function of the minibatch moments, entry by entry.
    pub fn mean(&self, quantity: impl Fn(&Minibatch<f64>) -> Matrix<f64>) -> MeanEstimate {
        MeanEstimate::over(self.blocks.iter().map(quantity))
    }
}

/// A mean over independent chains or blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanEstimate {
    /// The mean, entry by entry.
    pub mean: Matrix<f64>,
    /// Its standard error, from the spread between the chains.
    pub standard_error: Matrix<f64>,
    /// How many chains.
    pub chains: usize,
}

impl MeanEstimate {
    /// From one value a chain. A value whose shape is not that of the first counts as NaN.
    fn over(values: impl Iterator<Item = Matrix<f64>>) -> Self {
        let values: Vec<_> = values.collect();
        let (rows, columns) = values.first().map_or((0, 0), |value| value.shape());
        let entry = |value: &Matrix<f64>, place: (usize, usize)| value.get(place).copied().unwrap_or(f64::NAN);
        let chains = values.len() as f64;
        let mean = Matrix::from_fn(rows, columns, |i, j| {
            values.iter().map(|value| entry(value, (i, j))).sum::<f64>() / chains
        });
        let standard_error = Matrix::from_fn(rows, columns, |i, j| {
            let squares: f64 = values.iter().map(|value| (entry(value, (i, j)) - mean[(i, j)]).powi(2)).sum();
            (squares / (chains - 1.0) / chains).sqrt()
        });
        MeanEstimate { mean, standard_error, chains: values.len() }
    }

    /// The size of the standard error against that of the mean: ‖standard error‖/‖mean‖, Frobenius; 0 where both are 0.
    pub fn relative_error(&self) -> f64 {
        let error = self.standard_error.norm();
        if error == 0.0 { 0.0 } else { error / self.mean.norm() }
    }

    /// Mean over standard error, entry by entry: how far each entry is from zero. 0 where both are 0.
    pub fn z_scores(&self) -> Matrix<f64> {
        let z = |mean: f64, error: f64| if mean == 0.0 && error == 0.0 { 0.0 } else { mean / error };
        self.mean.zip_map(&self.standard_error, z)
    }

    /// The |z| that one entry whose expectation is zero exceeds with probability `false_alarm`:
    ///
    /// ```text
    /// P(|T| > threshold) = false_alarm,    T of Student's law with chains − 1 degrees of freedom
    /// ```
    ///
    /// For k entries together, ask with `false_alarm`/k, or see [`holm`](crate::holm). Infinite unless 0 < `false_alarm`
    /// and there are 2 chains; zero for a `false_alarm` of 1 or more.
    pub fn threshold(&self, false_alarm: f64) -> f64 {
        threshold(self.chains, false_alarm)
    }

    /// The probability of a |z| at least that large where the expectation is zero, entry by entry; 0 for NaN.
    pub fn p_values(&self) -> Matrix<f64> {
        self.z_scores().map(|z| p_value(self.chains, z))
    }

    /// The smallest discrepancy that a test at `false_alarm` finds with a probability of 99 %, entry by entry:
    ///
    /// ```text
    /// (threshold + t₀.₉₉) · standard error,    P(T ≤ t₀.₉₉) = 0.99
    /// ```
    ///
    /// The T of a mean that is not zero is taken to be Student's law, shifted.
    pub fn detectable(&self, false_alarm: f64) -> Matrix<f64> {
        // One-sided: the other tail is nowhere near.
        let factor = self.threshold(false_alarm) + threshold(self.chains, 2.0 * (1.0 - POWER));
        self.standard_error.map(|error| factor * error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symbols::matrix;

    fn over(values: &[f64]) -> MeanEstimate {
        MeanEstimate::over(values.iter().map(|&value| matrix::scalar(value)))
    }

    #[test]
    fn mean_and_standard_error_of_three_chains() {
        let estimate = over(&[1.0, 2.0, 6.0]);
        assert_eq!(estimate.mean[(0, 0)], 3.0);
        // Deviations −2, −1, 3: variance 14/2, of the mean 7/3.
        assert_eq!(estimate.standard_error[(0, 0)], (7.0f64 / 3.0).sqrt());
        assert_eq!(estimate.z_scores()[(0, 0)], 3.0 / (7.0f64 / 3.0).sqrt());
        assert_eq!(estimate.relative_error(), (7.0f64 / 3.0).sqrt() / 3.0);
    }

    #[test]
    fn an_identity_that_holds_exactly_scores_zero() {
        assert_eq!(over(&[0.0, 0.0]).z_scores()[(0, 0)], 0.0);
        assert_eq!(over(&[0.0, 0.0]).relative_error(), 0.0);
        assert_eq!(over(&[1.0, 1.0]).z_scores()[(0, 0)], f64::INFINITY);
    }

    #[test]
    fn a_detectable_discrepancy_is_detected_99_times_in_100() {
        let (chains, false_alarm, runs) = (128, 1e-3, 20_000);
        let mut numbers = vec![0.0; chains * runs];
        crate::standard_normals(8, &mut numbers);
        // Of chains with variance 1, so that the standard error of the mean is known.
        let unit = MeanEstimate {
            mean: matrix::scalar(0.0),
            standard_error: matrix::scalar((chains as f64).powf(-0.5)),
            chains,
        };
        let shift = unit.detectable(false_alarm)[(0, 0)];
        let detected = numbers.chunks_exact(chains).filter(|run| {
            let found = over(&run.iter().map(|x| x + shift).collect::<Vec<_>>());
            found.z_scores()[(0, 0)].abs() > found.threshold(false_alarm)
        });
        let rate = detected.count() as f64 / runs as f64;
        // Five standard deviations; and the law of a shifted T is a little skew.
        assert!((rate - 0.99).abs() < 0.0035 + 0.002, "{rate}");
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
        let moments = Moments { fluctuation: zero(), noise_covariance: zero(), train_loss: 2.0, test_loss: None };
        Estimate { chains: vec![moments; 3], diagnostics }
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

    /// 1 and 5 have the mean 3 and the error 2. Two chains have Cauchy's law: P(|T| > t) = 1 − (2/π) arctan t, which is
    /// p for t = cot(πp/2).
    #[test]
    fn two_chains_are_judged_by_cauchys_law() {
        use std::f64::consts::FRAC_PI_2;
        let estimate = over(&[1.0, 5.0]);
        assert_eq!(
            [estimate.mean[(0, 0)], estimate.standard_error[(0, 0)], estimate.z_scores()[(0, 0)]],
            [3.0, 2.0, 1.5]
        );
        let p = 1.0 - 1.5_f64.atan() / FRAC_PI_2;
        assert!((estimate.p_values()[(0, 0)] / p - 1.0).abs() < 1e-9);
        let exceeded = |p: f64| 1.0 / (FRAC_PI_2 * p).tan();
        assert!((estimate.threshold(1e-3) / exceeded(1e-3) - 1.0).abs() < 1e-9);
        // The upper hundredth is half of what |T| exceeds with probability 1/50.
        let detectable = 2.0 * (exceeded(1e-3) + exceeded(0.02));
        assert!((estimate.detectable(1e-3)[(0, 0)] / detectable - 1.0).abs() < 1e-9);
    }

    #[test]
    fn estimates_are_means_over_chains_and_blocks() {
        let mut estimate = trusted();
        estimate.chains[0].train_loss = 5.0;
        assert_eq!(estimate.mean(|moments| matrix::scalar(moments.train_loss)), over(&[5.0, 2.0, 2.0]));
        let block = |gradient: f64| Minibatch {
            gradient: symbols::Vector::from_element(1, gradient),
            noise_covariance: matrix::scalar(1.0),
        };
        let estimate = MinibatchEstimate { blocks: vec![block(1.0), block(2.0), block(6.0)] };
        assert_eq!(estimate.mean(|block| matrix::scalar(block.gradient[0])), over(&[1.0, 2.0, 6.0]));
    }

    #[test]
    fn a_value_of_another_shape_counts_as_nan() {
        let values = [Matrix::from_element(2, 1, 1.0), matrix::scalar(3.0)];
        let estimate = MeanEstimate::over(values.into_iter());
        assert_eq!(estimate.mean[(0, 0)], 2.0);
        assert!(estimate.mean[(1, 0)].is_nan() && estimate.standard_error[(1, 0)].is_nan());
        assert_eq!(estimate.chains, 2);
    }
}
