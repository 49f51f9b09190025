//! Who watches a run.

/// An observer of a run. Nobody has to watch: `()` does not.
///
/// # Example
/// A closure is an observer, too.
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use montecarlo::{Plan, minibatch};
/// # use numbers::matrix::{Vector, scalar};
/// # use symbols::{BatchSize, Gaussian, Population, Setting};
/// # let population = Population::Gaussian(Gaussian {
/// #     feature_covariance: scalar(1.0),
/// #     input_noise_covariance: scalar(0.0),
/// #     label_noise_variance: 1.0,
/// #     true_weights: Vector::zeros(1),
/// # });
/// # let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
///
/// let most = AtomicU64::new(0);
/// let watch = |done| {
///     most.fetch_max(done, Ordering::Relaxed);
/// };
/// minibatch(&setting, &Plan::new().with_chains(8).with_steps(100), &watch)?;
/// assert_eq!(most.into_inner(), 800);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Progress: Sync {
    /// Called now and then, from any thread, with the number of steps (or minibatches) that all chains (or blocks)
    /// together have done since the call that is watched began. Calls from different threads may come out of order.
    fn steps_done(&self, count: u64);
}

impl Progress for () {
    fn steps_done(&self, _: u64) {}
}

impl<F: Fn(u64) + Sync> Progress for F {
    fn steps_done(&self, count: u64) {
        self(count);
    }
}
