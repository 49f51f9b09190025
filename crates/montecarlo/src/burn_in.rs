//! How long chains are run before they count.

use std::ops::ControlFlow;

use numbers::Vector;
use symbols::{DataSet, Gaussian, Population, Setting};

use crate::error::MonteCarloError;
use crate::halt::NEVER;
use crate::lanes::LANES;
use crate::plan::Plan;
use crate::run::Run;
use crate::schedule::Segment;
use crate::stream::standard_normals;

/// e-folds of the second moments that a burn-in lasts: what is left of the start is 10⁻¹³ of it.
const FOLDS: f64 = 30.0;
/// The number of chains of a pilot run.
const CHAINS: usize = 64;
/// Products that it may cost, over all chains: from seconds to a minute on one core.
const PRODUCTS: usize = 1 << 36;
/// Steps that it may have.
const STEPS: u64 = 1 << 24;
/// Steps of a chain from one look to the next, at most.
const BETWEEN_LOOKS: u64 = 1 << 12;
/// Folds from which on a steady pace is believed, and how steady it has to be.
const PACE: (f64, f64) = (10.0, 0.02);

/// The burn-in after which nothing is left of the start, where the second moments forget it like ρᵗ:
///
/// ```text
/// 30/ln(1/ρ) steps
/// ```
///
/// `None` unless ρ < 1: then there is no stationary state. For ρ below e⁻³⁰ one step is enough.
pub fn burn_in(spectral_radius: f64) -> Option<usize> {
    let folds = -spectral_radius.ln();
    (folds > 0.0).then(|| (FOLDS / folds).ceil().clamp(1.0, Plan::MAX_STEPS as f64) as usize)
}

/// An estimate of ρ where none is known, from pilot runs.
///
/// How fast a start is forgotten does not depend on labels and label noise, which only push: without them w* = 0,
/// nothing pushes, and what is left after t steps is what is left of the start. So 64 chains start at normal
/// coordinates and run without any, and
///
/// ```text
/// ρ = (max_i ⟨y_i²⟩_t / max_i ⟨y_i²⟩_0)^(1/t)
/// ```
///
/// where t is at first that after 30 e-folds; or, to save time, after 10 of them if the later half of the steps went as
/// fast as the quarter before it; or after as many steps as may be afforded. Then ρ is extrapolated from the later
/// half. That the minibatches depend on each other, as those of shuffled epochs do, does not matter here, while it
/// makes the scatter of the chains' means useless: they may scatter less than those of independent draws. Where squares
/// grow in a few chains of many, 64 do not see it, and ρ is estimated too small. It draws with the seed + 1 of the
/// plan.
///
/// `observe` is told from time to time which part of the way is done, between 0 and 1, and may stop it.
///
/// # Errors
/// [`MonteCarloError::Interrupted`] after `observe` stopped it; as [`stationary`](crate::stationary): a chain that
/// diverges among others.
pub fn spectral_radius(
    setting: &Setting<f64>,
    plan: &Plan,
    observe: &mut dyn FnMut(f64) -> ControlFlow<()>,
) -> Result<f64, MonteCarloError> {
    let pilot = Plan { chains: CHAINS, burn_in: 0, steps: Plan::MIN_STEPS, seed: plan.seed.wrapping_add(1), ..*plan };
    let mut run = Run::new(&without_labels(setting), &pilot)?;
    let cycle = run.cycle();
    let limit = ((PRODUCTS / CHAINS / run.cost().max(1)) as u64).clamp(1 << 10, STEPS);
    start(&mut run, pilot.seed);
    // Steps, and the logarithm of what is left, from look to look.
    let mut looks = vec![(0, run.largest_square().ln())];
    let mut number = 0;
    loop {
        let (done, _) = looks[looks.len() - 1];
        let steps = done.clamp(1, BETWEEN_LOOKS).next_multiple_of(cycle);
        run.advance_by(&[Segment { number, first_step: done, steps, part: None }], &(), &NEVER)?;
        number += 1;
        let (t, left) = (done + steps, run.largest_square().ln());
        looks.push((t, left));
        let folds = |(from, before): (u64, f64)| (before - left, (t - from) as f64);
        let (forgotten, all) = folds(looks[0]);
        // NaN and an infinity are those of 0: nothing is left.
        if left == f64::NEG_INFINITY {
            return Ok(0.0);
        }
        if forgotten >= FOLDS {
            return Ok((-forgotten / all).exp());
        }
        let at = |part: f64| looks.iter().copied().rfind(|(step, _)| *step as f64 <= part * all).unwrap_or(looks[0]);
        let (half, quarter) = (at(0.5), at(0.25));
        let pace = folds(half).0 / folds(half).1;
        let earlier = (quarter.1 - half.1) / (half.0 - quarter.0) as f64;
        let is_steady = forgotten >= PACE.0 && (pace / earlier - 1.0).abs() <= PACE.1;
        if is_steady || t >= limit {
            // What is left to be forgotten goes at the later pace; that of a start which is not forgotten is 1 or more.
            let whole = if pace > 0.0 { FOLDS / (all + (FOLDS - forgotten) / pace) } else { pace };
            return Ok((-whole).exp());
        }
        let part = (forgotten / FOLDS).max(t as f64 / limit as f64).clamp(0.0, 1.0);
        if observe(part).is_break() {
            return Err(MonteCarloError::Interrupted);
        }
    }
}

/// The setting with labels, or true weights and label noise, of zero: then w* = 0, and no minibatch has noise there.
fn without_labels(setting: &Setting<f64>) -> Setting<f64> {
    let population = match setting.population() {
        Population::Gaussian(model) => Population::Gaussian(Gaussian {
            label_noise_variance: 0.0,
            true_weights: Vector::zeros(model.true_weights.len()),
            ..model.clone()
        }),
        Population::Data(data) => {
            let labels = Vector::zeros(data.labels.len());
            Population::Data(DataSet { labels, features: data.features.clone() })
        }
    };
    // Of the same shape.
    setting.clone().with_population(population).unwrap_or_else(|_| setting.clone())
}

/// Normal coordinates for all chains.
fn start(run: &mut Run, seed: u64) {
    let mut numbers = vec![0.0; run.packs.iter().map(|pack| pack.state.y.len() * LANES).sum()];
    standard_normals(seed, &mut numbers);
    let lanes = run.packs.iter_mut().flat_map(|pack| &mut pack.state.y).flat_map(|lanes| &mut lanes.0);
    lanes.zip(numbers).for_each(|(y, number)| *y = number);
}

#[cfg(test)]
mod tests {
    use numbers::matrix::{Vector, scalar};
    use symbols::{BatchSize, Gaussian, Population};

    use super::*;
    use crate::draws::Draws;

    #[test]
    fn a_burn_in_leaves_nothing_of_the_start() {
        for radius in [0.0, 1e-20, 0.5, 0.99, 1.0 - 1e-9] {
            let steps = burn_in(radius).unwrap();
            assert!(radius.powf(steps as f64) <= 1e-13, "{radius}: {steps}");
            assert!(steps == 1 || radius.powf(steps as f64 - 1.0) > 9e-14, "{radius}: {steps}");
        }
        assert_eq!(burn_in(1.0), None);
        assert_eq!(burn_in(f64::NAN), None);
        assert_eq!(burn_in(f64::INFINITY), None);
    }

    /// A = 1, S = 1.
    fn one_weight(lambda: f64) -> Setting<f64> {
        let model = Gaussian {
            feature_covariance: scalar(1.0),
            input_noise_covariance: scalar(0.0),
            label_noise_variance: 1.0,
            true_weights: Vector::zeros(1),
        };
        Setting::new(Population::Gaussian(model), scalar(lambda), BatchSize::new(1).unwrap()).unwrap()
    }

    const PLAN: Plan = Plan { chains: 2, burn_in: 0, steps: 4, seed: 3, draws: Draws::InDistribution };

    fn radius(setting: &Setting<f64>, draws: Draws) -> f64 {
        spectral_radius(setting, &Plan { draws, ..PLAN }, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    /// S = 1: v² forgets like (1 − 2λ + 3λ²)ᵗ, and a mean over 64 chains is below where few of many would see the large
    /// squares.
    #[test]
    fn a_pilot_run_finds_the_pace() {
        for (lambda, tolerance) in [(0.125, 0.2), (0.03125, 0.05), (1e-3, 0.01)] {
            let folds = -(1.0_f64 - 2.0 * lambda + 3.0 * lambda * lambda).ln();
            for draws in [Draws::default(), Draws::InDistribution] {
                let found = -radius(&one_weight(lambda), draws).ln();
                assert!((found / folds - 1.0).abs() < tolerance, "λ = {lambda}, {draws}: {found}, not {folds}");
            }
        }
    }

    /// x = 1, 2, 3 one at a time, λ = 1/20: in any order an epoch leaves (0.95 · 0.8 · 0.55)² of a square.
    #[test]
    fn shuffled_epochs_forget_like_the_product_over_an_epoch() {
        let data = DataSet {
            features: numbers::Matrix::from_column_slice(3, 1, &[1.0, 2.0, 3.0]),
            labels: Vector::from_vec(vec![1.0, 0.0, 2.0]),
        };
        let setting = Setting::new(Population::Data(data), scalar(0.05), BatchSize::new(1).unwrap()).unwrap();
        for last in symbols::LastBatch::ALL {
            let found = radius(&setting, Draws::ShuffledEpochs(last));
            assert!((found / 0.418_f64.powf(2.0 / 3.0) - 1.0).abs() < 1e-9, "{last}: {found}");
        }
    }

    #[test]
    fn a_pilot_run_can_be_stopped() {
        let told = spectral_radius(&one_weight(1e-3), &PLAN, &mut |part| {
            assert!((0.0..=1.0).contains(&part), "{part}");
            ControlFlow::Break(())
        });
        assert_eq!(told, Err(MonteCarloError::Interrupted));
    }

    /// 30/ln 2 = 43.3, 30/29 and 30/31, rounded up.
    #[test]
    fn a_burn_in_is_thirty_e_folds() {
        assert_eq!(
            [burn_in(0.5), burn_in((-29.0_f64).exp()), burn_in((-31.0_f64).exp())],
            [Some(44), Some(2), Some(1)]
        );
        assert_eq!(burn_in(1.0 - f64::EPSILON / 2.0), Some(Plan::MAX_STEPS));
    }
}
