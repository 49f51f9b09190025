//! The first step: independent minibatches at the initial weights.

use rand_chacha::ChaCha8Rng;
use symbols::{Minibatch, Population, Setting, Vector};

use crate::chain::REPORT_EVERY;
use crate::estimate::MinibatchEstimate;
use crate::linear::{Any, Fixed, OuterSum, Width, add_multiple};
use crate::plan::Use;
use crate::run::{all_finite, check_finite, in_parallel};
use crate::sampler::{DataSampler, GaussianSampler, Sampler};
use crate::{MonteCarloError, Plan};

/// Draws `plan.chains` blocks of `plan.steps` independent minibatches at w₀, the initial weights of the setting:
///
/// ```text
/// ⟨ĝ⟩   and   C(w₀) = ⟨(ĝ − ∇L(w₀))(ĝ − ∇L(w₀))ᵀ⟩
/// ```
///
/// `progress` is called now and then, from any thread, with the number of minibatches drawn. The result depends on
/// the setting and the plan alone.
///
/// # Errors
/// [`MonteCarloError`], as [`stationary`](crate::stationary); nothing diverges, and K may be singular.
pub fn minibatch(
    setting: &Setting<f64>,
    plan: &Plan,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MinibatchEstimate, MonteCarloError> {
    plan.check(1)?;
    check_finite(setting)?;
    match setting.population() {
        Population::Gaussian(model) => draw(setting, &GaussianSampler::new(setting, model)?, plan, progress),
        Population::Data(data) => draw(setting, &DataSampler::new(setting, data), plan, progress),
    }
}

fn draw<S: Sampler>(
    setting: &Setting<f64>,
    sampler: &S,
    plan: &Plan,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MinibatchEstimate, MonteCarloError> {
    let D = setting.dimension();
    let sums = match (D, sampler.noise_width()) {
        (1, 1) => blocks(setting, sampler, plan, Fixed::<1>, Fixed::<1>, progress),
        (_, noise_width) => blocks(setting, sampler, plan, Any(D), Any(noise_width), progress),
    };
    let blocks: Vec<_> = sums
        .iter()
        .map(|sums| Minibatch {
            gradient: Vector::from_column_slice(&sums.gradient) / plan.steps as f64,
            noise_covariance: sampler.noise_covariance(sums.noise.mean(plan.steps as f64)),
        })
        .collect();
    for block in &blocks {
        all_finite("minibatch gradient", &block.gradient)?;
        all_finite("minibatch noise covariance", &block.noise_covariance)?;
    }
    Ok(MinibatchEstimate { blocks })
}

fn blocks<S: Sampler, W: Width>(
    setting: &Setting<f64>,
    sampler: &S,
    plan: &Plan,
    width: W,
    noise_width: W,
    progress: &(dyn Fn(u64) + Sync),
) -> Vec<MinibatchSums> {
    let w = setting.initial_weights().as_slice();
    in_parallel(plan, Use::Minibatches, progress, |rng, report| {
        minibatches(sampler, w, plan.steps as u64, rng, width, noise_width, report)
    })
}

/// The sums of one block of minibatches at a fixed w.
struct MinibatchSums {
    /// Σ ĝ.
    gradient: Vec<f64>,
    /// Σ of the outer squares of the noise, in coordinates of the sampler.
    noise: OuterSum,
}

/// Draws `count` minibatches at w.
fn minibatches<S: Sampler, W: Width>(
    sampler: &S,
    w: &[f64],
    count: u64,
    mut rng: ChaCha8Rng,
    width: W,
    noise_width: W,
    report: &(dyn Fn(u64) + Sync),
) -> MinibatchSums {
    let mut workspace = sampler.workspace(noise_width);
    let (mut gradient, mut noise) = (width.zeros(), noise_width.zeros());
    let mut gradient_sum = width.zeros();
    let mut noise_sum = OuterSum::zero(noise_width.get());
    let mut left = count;
    while left > 0 {
        let now = left.min(REPORT_EVERY);
        for _ in 0..now {
            sampler.draw(w, &mut rng, &mut workspace, gradient.as_mut(), noise.as_mut());
            add_multiple(1.0, gradient.as_ref(), gradient_sum.as_mut());
            noise_sum.add(noise.as_ref());
        }
        left -= now;
        report(now);
    }
    MinibatchSums { gradient: gradient_sum.as_ref().to_vec(), noise: noise_sum }
}
