//! Draws of the Monte Carlo engine beside a table: chains in the stationary state, step by step, and whether means over
//! them are what a claim says.

use montecarlo::{Draws, MeanEstimate, Plan, Run, threshold};
use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::Rational;
use symbols::{Population, Setting};
use verify::allowances::FALSE_ALARM;

use crate::table::StudyError;

/// Steps that are forgotten, after which no chain of a study remembers its start.
const BURN_IN: usize = 128;
/// Steps beyond those, at most.
pub const STEPS: usize = 128;

/// Independent chains in the stationary state.
pub struct Chains {
    run: Run,
    minimizer: Vector<f64>,
}

impl Chains {
    /// So many chains of a setting, after their burn-in, to be looked at every `stride` steps, where that divides
    /// [`STEPS`].
    ///
    /// # Errors
    /// [`StudyError::MonteCarlo`] where a chain diverges, [`StudyError::Singular`] where there is no w*.
    pub fn new(setting: &Setting<Rational>, chains: usize, stride: usize) -> Result<Self, StudyError> {
        // All steps are those of the burn-in, whose segments are as long as the blocks behind it: at most a stride. Weights
        // are seen between two segments, and each segment makes batches of random numbers anew.
        let plan = Plan::new().with_chains(chains).with_burn_in(BURN_IN + STEPS).with_steps(4 * stride);
        let plan = match setting.population() {
            Population::Gaussian(_) => plan.with_draws(Draws::InDistribution),
            Population::Data(_) => plan,
        };
        let run = Run::new(&setting.map(nearest_f64), &plan)?;
        let mut chains = Chains { run, minimizer: setting.minimizer()?.map(|weight| nearest_f64(&weight)) };
        chains.advance(BURN_IN)?;
        Ok(chains)
    }

    /// w − w* of each chain, after so many steps more, a multiple of the stride; there are [`STEPS`].
    ///
    /// # Errors
    /// [`StudyError::MonteCarlo`] where a chain diverges.
    pub fn after(&mut self, steps: usize) -> Result<Vec<Vector<f64>>, StudyError> {
        self.advance(steps)?;
        Ok(self.run.weights().into_iter().map(|weights| weights - &self.minimizer).collect())
    }

    fn advance(&mut self, steps: usize) -> Result<(), StudyError> {
        let end = self.run.steps_done() + steps as u64;
        while self.run.steps_done() < end && !self.run.is_complete() {
            self.run.advance(1, &())?;
        }
        Ok(())
    }
}

/// How far means over independent chains are from claimed values, in standard errors, entry by entry.
#[derive(Default)]
pub struct Scores {
    chains: usize,
    scores: Vec<f64>,
}

impl Scores {
    /// None yet.
    pub const fn new() -> Self {
        Scores { chains: 0, scores: Vec::new() }
    }

    /// Compares the mean of one value a chain with a claimed value. Of symmetric matrices each entry counts once.
    pub fn compare(&mut self, values: impl Iterator<Item = Matrix<f64>>, claimed: &Matrix<f64>) {
        let found = MeanEstimate::over(values.map(|value| value - claimed));
        let scores = found.z_scores();
        self.chains = found.chains;
        self.scores.extend((0..scores.nrows()).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|place| scores[place]));
    }

    /// Compares the mean of one number a chain with a claimed number.
    pub fn compare_numbers(&mut self, values: impl Iterator<Item = f64>, claimed: f64) {
        self.compare(values.map(matrix::scalar), &matrix::scalar(claimed));
    }

    /// How many comparisons were made.
    pub fn count(&self) -> usize {
        self.scores.len()
    }

    /// The largest |z|; NaN where one is.
    pub fn largest(&self) -> f64 {
        self.extreme(0.0, |z, most| z > most)
    }

    /// The least |z|: how far a wrong value is away at least. NaN where one is, and infinite where nothing was compared.
    pub fn least(&self) -> f64 {
        self.extreme(f64::INFINITY, |z, least| z < least)
    }

    /// The |z| that goes beyond all others, from `start` on; NaN where one is, wherever it stands.
    fn extreme(&self, start: f64, goes_beyond: impl Fn(f64, f64) -> bool) -> f64 {
        let sizes = self.scores.iter().map(|z| z.abs());
        sizes.fold(start, |found, z| if z.is_nan() || goes_beyond(z, found) { z } else { found })
    }

    /// Whether there are comparisons, none of which is farther off than chance explains: all of them together are with the
    /// probability [`FALSE_ALARM`].
    pub fn agree(&self) -> bool {
        self.count() > 0 && self.largest() < threshold(self.chains, FALSE_ALARM / self.count() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ±1 has the mean 0 and the standard error 1/√(n − 1).
    #[test]
    fn a_mean_is_told_from_another_value() {
        let values = || (0..101).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 });
        let mut scores = Scores::new();
        assert!(!scores.agree(), "nothing was compared");
        scores.compare_numbers(values(), 0.0);
        assert!(scores.agree() && scores.largest() < 0.2);
        scores.compare_numbers(values(), 1.0);
        assert!(!scores.agree() && (scores.largest() - 9.9).abs() < 0.1 && scores.least() < 0.2);
    }

    /// What cannot be compared is no agreement, and no distance from a wrong value, whatever is compared after it.
    #[test]
    fn a_score_without_a_value_stays() {
        let mut scores = Scores::new();
        for claimed in [0.0, f64::NAN, 0.0] {
            scores.compare_numbers([-1.0, 1.0].into_iter(), claimed);
            let is_number = claimed == 0.0 && scores.count() == 1;
            assert_eq!([scores.largest(), scores.least()].map(|z| z == 0.0), [is_number; 2]);
            assert_eq!([scores.largest(), scores.least()].map(f64::is_nan), [!is_number; 2]);
        }
        assert!(!scores.agree());
    }
}
