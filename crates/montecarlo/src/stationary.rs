//! The stationary moments, in one call.

use symbols::Setting;

use crate::error::MonteCarloError;
use crate::estimate::Estimate;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::run::Run;

/// Runs `plan.chains` independent chains of eq. (1):
///
/// ```text
/// ĝ_t = (1/S) Σ_{i∈B_t} ∇ℓ_i(w_{t−1}),   m_t = μ m_{t−1} + ĝ_t,   w_t = w_{t−1} − Λ m_t
/// ```
///
/// and averages over the steps of each after its burn-in, with v = w − w* and w* the minimizer of the full loss L:
///
/// ```text
/// Σ = ⟨v_t v_tᵀ⟩,   C = ⟨(ĝ_t − ∇L(w_{t−1}))(ĝ_t − ∇L(w_{t−1}))ᵀ⟩,   L_train = ⟨L(w_t)⟩ = L(w*) + ½ Tr[K Σ],
/// L_test = ⟨½ (w_t − u)ᵀA(w_t − u)⟩
/// ```
///
/// That L is its value at w* and a quadratic form in v holds step by step, so its average costs nothing in the loop.
/// The mean gradient is K v, so E\[v\] is 0 at stationarity, and Σ needs no mean to be subtracted; but over shuffled
/// epochs E\[v\] is not 0, Σ is the covariance, and the losses follow from [`Estimate::mean_square`]. Where D(D + 1)
/// products cost more than a step, not every step is measured: half of the time goes into measuring.
///
/// Chains start at w* with m = 0. That is not overdispersed, and need not be: from there E\[v_t\] = 0 in every step,
/// and what has to converge is the second moment, whose rise shows as a difference between the halves of a chain in
/// [`Diagnostics::r_hat`](crate::Diagnostics::r_hat).
///
/// `progress` is called now and then, from any thread, with the number of steps done by all chains together. The
/// result depends on the setting and the plan alone, not on the number of threads. A [`Run`] does the same in pieces.
///
/// # Errors
/// Those of [`Run::new`], [`Run::advance`] and [`Run::estimate`].
pub fn stationary(setting: &Setting<f64>, plan: &Plan, progress: &dyn Progress) -> Result<Estimate, MonteCarloError> {
    let mut run = Run::new(setting, plan)?;
    run.advance(usize::MAX, progress)?;
    run.estimate()
}
