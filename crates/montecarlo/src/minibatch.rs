//! The first step: independent minibatches at the initial weights.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use symbols::{Minibatch, Setting};

use crate::check::{all_finite, check_finite};
use crate::error::MonteCarloError;
use crate::estimate::MinibatchEstimate;
use crate::frame::Frame;
use crate::lanes::{Kernel, LANES, Lanes, vectorized, zeros};
use crate::linear::OuterSums;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::sampler::draw::{At, Sampler};
use crate::sampler::{AnySampler, Source};
use crate::stream::{Stream, Use};

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
/// Those of [`stationary`](crate::stationary), but that nothing diverges, and K may be singular.
pub fn minibatch(
    setting: &Setting<f64>,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<MinibatchEstimate, MonteCarloError> {
    plan.check(1)?;
    check_finite(setting)?;
    let (sampler, frame) = Source::new(setting, plan.draws)?.about(setting, setting.initial_weights(), false);
    match sampler {
        AnySampler::Literal(sampler) => blocks(setting, &sampler, &frame, plan, progress),
        AnySampler::InDistribution(sampler) => blocks(setting, &sampler, &frame, plan, progress),
        AnySampler::Data(sampler) => blocks(setting, &sampler, &frame, plan, progress),
    }
}

fn blocks<S: Sampler>(
    setting: &Setting<f64>,
    sampler: &S,
    frame: &Frame,
    plan: &Plan,
    progress: &dyn Progress,
) -> Result<MinibatchEstimate, MonteCarloError> {
    let reported = AtomicU64::new(0);
    let sums: Vec<_> = (0..plan.chains)
        .into_par_iter()
        .step_by(LANES)
        .map(|first| {
            let live = (plan.chains - first).min(LANES) as u64;
            let report = |drawn: u64| {
                progress.steps_done(reported.fetch_add(live * drawn, Ordering::Relaxed) + live * drawn);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    use numbers::{Matrix, Vector, matrix};
    use symbols::{BatchSize, DataSet, Gaussian, Population};

    use crate::draws::Draws;

    /// At w = (2, 1) the gradients of the samples (1, 0) with label 1 and (1, 2) with label −1 are (1, 0) and (5, 10):
    /// their mean is (3, 5), and what they deviate from it is ±(2, 5). The weight decay adds (1, ¼).
    fn two_samples() -> Setting<f64> {
        let population = Population::Data(DataSet {
            features: Matrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 2.0]),
            labels: Vector::from_vec(vec![1.0, -1.0]),
        });
        Setting::new(population, matrix::identity(2), BatchSize::new(1).unwrap())
            .unwrap()
            .with_weight_decay(Matrix::from_row_slice(2, 2, &[0.5, 0.0, 0.0, 0.25]))
            .unwrap()
            .with_initial_weights(Vector::from_vec(vec![2.0, 1.0]))
            .unwrap()
    }

    /// Ten blocks of minibatches, a few more than are drawn between two reports, and the reports in order.
    fn ten_blocks(setting: &Setting<f64>, steps: usize, draws: Draws) -> (Vec<Minibatch<f64>>, Vec<u64>) {
        let reports = Mutex::new(Vec::new());
        let plan = Plan { chains: 10, burn_in: 0, steps, seed: 4, draws };
        let estimate = minibatch(setting, &plan, &|drawn| reports.lock().unwrap().push(drawn)).unwrap();
        let mut reports = reports.into_inner().unwrap();
        reports.sort_unstable();
        (estimate.blocks, reports)
    }

    /// Whatever is drawn, (ĝ − ∇L)(ĝ − ∇L)ᵀ is that of (2, 5), and k of n draws of the second sample leave a mean of
    /// (2k/n − 1)(2, 5).
    #[test]
    fn two_samples_deviate_alike() {
        let steps = (1 << 16) + 3;
        let (blocks, reports) = ten_blocks(&two_samples(), steps, Draws::default());
        assert_eq!(blocks.len(), 10);
        let mut shares = Vec::new();
        for block in &blocks {
            assert_eq!(block.noise_covariance, Matrix::from_row_slice(2, 2, &[4.0, 10.0, 10.0, 25.0]));
            let along = (block.gradient[0] - 4.0) / 2.0;
            assert!((block.gradient[1] - 5.25 - 5.0 * along).abs() < 1e-12, "{block:?}");
            let second = 0.5 * (along + 1.0) * steps as f64;
            assert!((second - second.round()).abs() < 1e-6 && (0.0..=steps as f64).contains(&second), "{second}");
            // Five deviations of a half each, of 2¹⁶ draws.
            assert!((second - 0.5 * steps as f64).abs() < 5.0 * 0.5 * 256.5, "{second}");
            shares.push(second.round() as u64);
        }
        shares.sort_unstable();
        shares.dedup();
        assert!(shares.len() >= 9, "ten blocks, each with draws of its own: {shares:?}");
        // Packs of 8 and of 2 blocks report 2¹⁶ and 3 minibatches of each.
        assert_eq!((reports.len(), reports.last()), (4, Some(&(10 * steps as u64))));
    }

    /// Every second minibatch completes an epoch, in which each sample is drawn once.
    #[test]
    fn shuffled_epochs_go_on_after_a_report() {
        let (blocks, _) = ten_blocks(&two_samples(), (1 << 16) + 2, Draws::ShuffledEpochs(symbols::LastBatch::Keep));
        assert!(blocks.iter().all(|block| block.gradient.as_slice() == [4.0, 5.25]), "{blocks:?}");
    }

    /// Block 9 is the second of the second pack.
    #[test]
    fn a_block_is_that_of_its_own_stream() {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::scalar(4.0),
            input_noise_covariance: matrix::scalar(0.0),
            label_noise_variance: 1.0,
            true_weights: Vector::from_element(1, 1.0),
        });
        let setting = Setting::new(population, matrix::scalar(1.0), BatchSize::new(2).unwrap()).unwrap();
        let (blocks, _) = ten_blocks(&setting, 5, Draws::InDistribution);
        let (sampler, frame) =
            Source::new(&setting, Draws::InDistribution).unwrap().about(&setting, setting.initial_weights(), false);
        let AnySampler::InDistribution(sampler) = sampler else { panic!("draws in distribution") };
        let sums = minibatches(&sampler, &frame, 5, Stream::new(4, Use::Minibatches, 9), &|_| ());
        // x = 2z: gradients have a factor of 2, and their squares one of 4.
        assert_eq!(blocks[9].gradient[0], 2.0 * (sums.gradient[0][0] / 5.0));
        assert_eq!(blocks[9].noise_covariance[(0, 0)], 4.0 * (sums.noise.lower[0][0] / 5.0));
    }
}
