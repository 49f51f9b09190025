//! Section E.1: how often minibatches draw a sample, which is no moment of a setting: a study enumerates all minibatches.

use numbers::Scalar;

use crate::paper;
use claims::{Provenance, StudyClaim};

/// Means and covariances of the counts sᵢ of the samples in a minibatch.
pub static COUNTS: StudyClaim = StudyClaim {
    id: "minibatch/count-means-and-covariances",
    source: paper::SECTION_E_1,
    equations: &["101–116"],
    provenance: Provenance::Reconstructed,
    statement: "the counts `sᵢ` of the samples in a minibatch have the mean `S/N`, the variances `S(N − 1)/N²` with replacement and \
                `S(N − S)/N²` without, and the covariances `−S/N²` and `−S(N − S)/(N²(N − 1))`",
    formulas: &[],
    correction: None,
    refutation: None,
    beyond: None,
    proof: Some(
        "Each draw is the sample `i` with the probability `1/N`, so that the mean of `sᵢ` is `S/N`. With replacement \
         the draws are independent, and the variance is `S(1/N)(1 − 1/N)`. Without replacement `sᵢ` is 0 or 1, and the \
         variance is `(S/N)(1 − S/N)`. All counts add up to `S`, so that the covariances of one count with all of them \
         add up to 0: each of the `N − 1` others has the same one, the variance over `−(N − 1)`.",
    ),
};

/// Mean, variance and covariance of the counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Counts<T> {
    /// E\[sᵢ\].
    pub mean: T,
    /// var(sᵢ).
    pub variance: T,
    /// cov(sᵢ, sⱼ) of two samples; `None` for a single sample, which has no other. Without replacement the formula is
    /// 0/0 there.
    pub covariance: Option<T>,
}

/// Eqs. (101)–(108), minibatches with replacement.
pub fn with_replacement<T: Scalar>(samples: u32, batch_size: u32) -> Counts<T> {
    let [N, S] = [samples, batch_size].map(|count| T::from_integer(count.into()));
    let share = S.clone() / (N.clone() * &N);
    let variance = share.clone() * (N.clone() - T::one());
    Counts { mean: S / N, variance, covariance: (samples > 1).then(|| -share) }
}

/// Eqs. (109)–(116), minibatches without replacement, S ≤ N.
pub fn without_replacement<T: Scalar>(samples: u32, batch_size: u32) -> Counts<T> {
    let [N, S] = [samples, batch_size].map(|count| T::from_integer(count.into()));
    let variance = S.clone() * (N.clone() - &S) / (N.clone() * &N);
    let covariance = (samples > 1).then(|| -variance.clone() / (N.clone() - T::one()));
    Counts { mean: S / N, variance, covariance }
}
