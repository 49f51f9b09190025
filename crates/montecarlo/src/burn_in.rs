//! How long chains are run before they count.

use symbols::Setting;

use crate::{MonteCarloError, Plan, Run};

/// e-folds of the second moments that a burn-in lasts: what is left of the start is 10⁻¹³ of it.
const FOLDS: f64 = 30.0;
/// Of the pilot run.
const CHAINS: usize = 64;
const FIRST_STEPS: usize = 1 << 10;
/// Memories that a pilot run must last, for its estimate to be one.
const MEMORIES: f64 = 100.0;

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

/// An estimate of ρ where none is known, from pilot runs of `steps` = 2¹⁰, 2¹¹, … until they last a hundred times their
/// memory, at most 2²⁴ steps. The memory is that of the slowest of the v_i and v_i²: of n steps worth m independent ones,
///
/// ```text
/// (1 + ρ)/(1 − ρ) = n/m
/// ```
///
/// which takes all of it for a mode that forgets like ρᵗ: rather too long than too short. It draws with the seed + 1 of the
/// plan, so that no pilot run is part of its run.
///
/// # Errors
/// As [`stationary`](crate::stationary): a chain that diverges among others.
pub fn spectral_radius(setting: &Setting<f64>, plan: &Plan) -> Result<f64, MonteCarloError> {
    let mut steps = FIRST_STEPS;
    loop {
        let pilot =
            Plan { chains: CHAINS, burn_in: steps / 4, steps, seed: plan.seed.wrapping_add(1), draws: plan.draws };
        let mut run = Run::new(setting, &pilot)?;
        run.advance(usize::MAX, &|_| ())?;
        let total = (CHAINS * steps) as f64;
        let memory = total / run.estimate()?.diagnostics.effective_sample_size.min(total);
        if memory * MEMORIES <= steps as f64 || steps >= 1 << 24 {
            return Ok((memory - 1.0) / (memory + 1.0));
        }
        steps *= 2;
    }
}

#[cfg(test)]
mod tests {
    use symbols::matrix::{Vector, scalar};
    use symbols::{BatchSize, Gaussian, Population};

    use super::*;
    use crate::Draws;

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

    /// One weight with λ = 1/4, S = 1: v forgets like (3/4)ᵗ and v² like (11/16)ᵗ.
    #[test]
    fn a_pilot_run_finds_the_memory() {
        let setting = one_weight(0.25);
        let plan = Plan { chains: 1, burn_in: 0, steps: 1, seed: 3, draws: Draws::default() };
        let radius = spectral_radius(&setting, &plan).unwrap();
        // The longest of the memories is 7 steps, from 64 chains known to a quarter or so.
        assert!((0.65..0.85).contains(&radius), "{radius}");
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

    /// With λ = 1/16 the memory is about 31 steps: 2¹⁰ and 2¹¹ of them are too few, 2¹² enough.
    #[test]
    fn pilot_runs_double_until_they_last_a_hundred_memories() {
        let setting = one_weight(0.0625);
        let plan = Plan { chains: 1, burn_in: 0, steps: 1, seed: 3, draws: Draws::InLaw };
        let memory = |steps: usize| {
            let pilot = Plan { chains: 64, burn_in: steps / 4, steps, seed: 4, draws: Draws::InLaw };
            let diagnostics = crate::stationary(&setting, &pilot, &|_| ()).unwrap().diagnostics;
            64.0 * steps as f64 / diagnostics.effective_sample_size
        };
        let memories = [1024, 2048, 4096].map(memory);
        assert!(memories[0] > 10.24 && memories[1] > 20.48, "{memories:?}");
        assert!((20.0..40.96).contains(&memories[2]), "{memories:?}");
        let expected = (memories[2] - 1.0) / (memories[2] + 1.0);
        assert!((spectral_radius(&setting, &plan).unwrap() / expected - 1.0).abs() < 1e-12);
    }
}
