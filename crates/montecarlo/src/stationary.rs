//! From a setting to independent chains, and from their sums to the stationary moments.

use symbols::{Matrix, Moments, Population, Setting, Vector, matrix};

use crate::chain::{Record, Recursion};
use crate::diagnostics::Diagnostics;
use crate::estimate::Estimate;
use crate::linear::{Any, Fixed, Linear, Width};
use crate::plan::Use;
use crate::run::{all_finite, check_finite, in_parallel};
use crate::sampler::{DataSampler, GaussianSampler, Sampler};
use crate::{MonteCarloError, Plan};

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
/// The mean gradient is K v, so E\[v\] is 0 at stationarity, and Σ needs no mean to be subtracted.
///
/// Chains start at w* with m = 0. That is not overdispersed, and need not be: from there E\[v_t\] = 0 in every step, and
/// what has to converge is the second moment, whose rise shows as a difference between the halves of a chain in
/// [`Diagnostics::r_hat`].
///
/// `progress` is called now and then, from any thread, with the number of steps done by all chains together. The
/// result depends on the setting and the plan alone, not on the number of threads.
///
/// # Errors
/// [`MonteCarloError`], where the plan is too small, where the setting has entries that are not finite, where A, B or
/// σ² is no (co)variance, where K is singular, and where a chain diverges. Of several chains that do, the first is named.
pub fn stationary(
    setting: &Setting<f64>,
    plan: &Plan,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Estimate, MonteCarloError> {
    plan.check(Plan::MIN_STEPS)?;
    check_finite(setting)?;
    match setting.population() {
        Population::Gaussian(model) => run(setting, &GaussianSampler::new(setting, model)?, plan, progress),
        Population::Data(data) => run(setting, &DataSampler::new(setting, data), plan, progress),
    }
}

fn run<S: Sampler>(
    setting: &Setting<f64>,
    sampler: &S,
    plan: &Plan,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Estimate, MonteCarloError> {
    let D = setting.dimension();
    let frame = Frame::new(setting)?;
    let recursion = Recursion {
        sampler,
        step: Linear::new(&(-setting.learning_rate())),
        momentum: *setting.momentum(),
        minimizer: frame.minimizer.as_slice().to_vec(),
        size_weights: size_weights(&frame.hessian),
    };
    let outcomes = match (D, sampler.noise_width()) {
        (1, 1) => chains(&recursion, plan, Fixed::<1>, Fixed::<1>, progress),
        (2, 2) => chains(&recursion, plan, Fixed::<2>, Fixed::<2>, progress),
        (_, noise_width) => chains(&recursion, plan, Any(D), Any(noise_width), progress),
    };
    let mut records = Vec::with_capacity(outcomes.len());
    for (chain, outcome) in outcomes.into_iter().enumerate() {
        records.push(outcome.map_err(|step| MonteCarloError::Diverged { chain, step })?);
    }
    let chains: Vec<_> = records.iter().map(|record| frame.moments(record, sampler)).collect();
    for moments in &chains {
        all_finite("fluctuation", &moments.fluctuation)?;
        all_finite("noise_covariance", &moments.noise_covariance)?;
        all_finite("train_loss", &[moments.train_loss])?;
        all_finite("test_loss", &moments.test_loss)?;
    }
    Ok(Estimate { diagnostics: Diagnostics::of(&records, frame.rounding(&recursion.size_weights)), chains })
}

fn chains<S: Sampler, W: Width>(
    recursion: &Recursion<S>,
    plan: &Plan,
    width: W,
    noise_width: W,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<Result<Record, u64>> {
    in_parallel(plan, Use::Chain, progress, |rng, report| recursion.run(plan, rng, width, noise_width, report))
}

/// K_ii over the largest of them: a size of v that does not change with the units of single weights, and in which the
/// directions of high curvature, whose tails are the heaviest, count most.
fn size_weights(hessian: &Matrix<f64>) -> Vec<f64> {
    let largest = hessian.diagonal().amax();
    let weight = |curvature: f64| if largest > 0.0 { curvature.abs() / largest } else { 1.0 };
    hessian.diagonal().iter().map(|&curvature| weight(curvature)).collect()
}

/// What turns sums over v into moments of w.
struct Frame<'a> {
    setting: &'a Setting<f64>,
    hessian: Matrix<f64>,
    /// w*.
    minimizer: Vector<f64>,
    /// L(w*).
    least_loss: f64,
    /// w* − u, where there is a u.
    offset: Option<Vector<f64>>,
}

impl<'a> Frame<'a> {
    fn new(setting: &'a Setting<f64>) -> Result<Self, MonteCarloError> {
        let hessian = setting.hessian();
        let solution = matrix::solve(&hessian, &Matrix::from_columns(&[setting.label_moment()]))
            .map_err(|source| MonteCarloError::SingularHessian { source })?;
        let minimizer = solution.column(0).into_owned();
        all_finite("minimizer", &minimizer)?;
        let regularizer = minimizer.dot(&(setting.weight_decay() * &minimizer));
        // Every term is a square or nearly one: nothing cancels when L(w*) is small.
        let (residuals, offset) = match setting.population() {
            Population::Gaussian(model) => {
                let offset = &minimizer - &model.true_weights;
                let features = offset.dot(&(&model.feature_covariance * &offset));
                let input_noise = minimizer.dot(&(&model.input_noise_covariance * &minimizer));
                (features + input_noise + model.label_noise_variance, Some(offset))
            }
            Population::Data(data) => {
                let residuals = &data.features * &minimizer - &data.labels;
                (residuals.norm_squared() / residuals.len() as f64, None)
            }
        };
        Ok(Frame { setting, hessian, minimizer, least_loss: 0.5 * (residuals + regularizer), offset })
    }

    /// The size of a v that is no more than the rounding of w*.
    fn rounding(&self, size_weights: &[f64]) -> f64 {
        let unit = 64.0 * f64::EPSILON;
        self.minimizer.iter().zip(size_weights).map(|(w, weight)| weight * (unit * w) * (unit * w)).sum()
    }

    fn moments<S: Sampler>(&self, record: &Record, sampler: &S) -> Moments<f64> {
        let steps: f64 = record.halves.iter().map(|half| half.steps).sum();
        let fluctuation = record.fluctuation.mean(steps);
        let test_loss = self.offset.as_ref().map(|offset| {
            let A = self.setting.feature_covariance();
            let sums = record.halves.iter().map(|half| Vector::from_column_slice(&half.first));
            let mean: Vector<f64> = sums.sum::<Vector<f64>>() / steps;
            let across = (&A * offset).dot(&(mean * 2.0 + offset));
            0.5 * (A.dot(&fluctuation) + across)
        });
        Moments {
            noise_covariance: sampler.noise_covariance(record.noise.mean(steps)),
            train_loss: self.least_loss + 0.5 * self.hessian.dot(&fluctuation),
            test_loss,
            fluctuation,
        }
    }
}
