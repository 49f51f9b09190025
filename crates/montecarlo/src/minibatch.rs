//! The first step: independent minibatches at the initial weights.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use symbols::{Minibatch, Setting};

use crate::check::{all_finite, check_finite};
use crate::estimate::MinibatchEstimate;
use crate::frame::Frame;
use crate::lanes::{Kernel, LANES, Lanes, vectorized, zeros};
use crate::linear::OuterSums;
use crate::sampler::{AnySampler, At, Sampler, Source};
use crate::stream::{Stream, Use};
use crate::{MonteCarloError, Plan};

/// How many minibatches are drawn between two reports of progress.
const REPORT_EVERY: u64 = 1 << 16;

/// Draws `plan.chains` blocks of `plan.steps` independent minibatches at w₀, the initial weights of the setting:
///
/// ```text
/// ⟨ĝ⟩   and   C(w₀) = ⟨(ĝ − ∇L(w₀))(ĝ − ∇L(w₀))ᵀ⟩
/// ```
///
/// (Minibatches of shuffled epochs are not independent, but those of different blocks are.)
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
    let (sampler, frame) = Source::new(setting, plan.draws)?.about(setting, setting.initial_weights(), false);
    match sampler {
        AnySampler::Literal(sampler) => blocks(setting, &sampler, &frame, plan, progress),
        AnySampler::InLaw(sampler) => blocks(setting, &sampler, &frame, plan, progress),
        AnySampler::Data(sampler) => blocks(setting, &sampler, &frame, plan, progress),
    }
}

fn blocks<S: Sampler>(
    setting: &Setting<f64>,
    sampler: &S,
    frame: &Frame,
    plan: &Plan,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<MinibatchEstimate, MonteCarloError> {
    let reported = AtomicU64::new(0);
    let sums: Vec<_> = (0..plan.chains)
        .into_par_iter()
        .step_by(LANES)
        .map(|first| {
            let live = (plan.chains - first).min(LANES) as u64;
            let report = |drawn: u64| {
                progress(reported.fetch_add(live * drawn, Ordering::Relaxed) + live * drawn);
            };
            minibatches(
                sampler,
                frame,
                plan.steps as u64,
                Stream::new(plan.seed, Use::Minibatches, first as u64),
                &report,
            )
        })
        .collect();
    let decay = setting.weight_decay() * setting.initial_weights();
    let blocks: Vec<_> = (0..plan.chains)
        .map(|k| {
            let (sums, lane) = (&sums[k / LANES], k % LANES);
            let mean: Vec<f64> = sums.gradient.iter().map(|sum| sum[lane] / plan.steps as f64).collect();
            Minibatch {
                gradient: frame.gradient(&mean) + &decay,
                noise_covariance: frame.of_gradients(&sums.noise.mean(lane, plan.steps as f64)),
            }
        })
        .collect();
    for block in &blocks {
        all_finite("minibatch gradient", &block.gradient)?;
        all_finite("minibatch noise covariance", &block.noise_covariance)?;
    }
    Ok(MinibatchEstimate { blocks })
}

/// The sums of eight blocks of minibatches at fixed weights.
struct Sums {
    /// Σ g.
    gradient: Vec<Lanes>,
    /// Σ (g − p)(g − p)ᵀ.
    noise: OuterSums,
}

/// Draws `count` minibatches for each of eight blocks.
fn minibatches<S: Sampler>(sampler: &S, frame: &Frame, count: u64, mut stream: Stream, report: &dyn Fn(u64)) -> Sums {
    let width = frame.noise_width();
    let mut sums = Sums { gradient: zeros(width), noise: OuterSums::zero(width) };
    let mut scratch = sampler.scratch();
    stream.seek(0);
    let mut drawn = 0;
    while drawn < count {
        let now = (count - drawn).min(REPORT_EVERY);
        let (stream, scratch) = (&mut stream, &mut scratch);
        vectorized(Draw { sampler, frame, first: drawn, count: now, stream, scratch, sums: &mut sums });
        drawn += now;
        report(now);
    }
    sums
}

struct Draw<'a, S: Sampler> {
    sampler: &'a S,
    frame: &'a Frame,
    first: u64,
    count: u64,
    stream: &'a mut Stream,
    scratch: &'a mut S::Scratch,
    sums: &'a mut Sums,
}

impl<S: Sampler> Kernel for Draw<'_, S> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Draw { sampler, frame, first, count, stream, scratch, sums } = self;
        let y = zeros(frame.constant.len());
        let p: Vec<_> = frame.mean.iter().map(|&d| Lanes([d; LANES])).collect();
        let mut g = zeros(frame.noise_width());
        for step in first..first + count {
            sampler.draw(At { y: &y, p: &p }, step, stream, scratch, &mut g);
            for ((g, sum), p) in g.iter_mut().zip(&mut sums.gradient).zip(&p) {
                sum.add_multiple(1.0, g);
                g.add_multiple(-1.0, p);
            }
            sums.noise.add(&g);
        }
    }
}
