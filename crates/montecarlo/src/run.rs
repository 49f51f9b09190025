//! A run that can be stopped, saved, resumed and split.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use numbers::Vector;
use rayon::prelude::*;
use symbols::Setting;

use crate::check::check_finite;
use crate::draws::Draws;
use crate::error::MonteCarloError;
use crate::estimate::Estimate;
use crate::halt::{Divergence, Halt, NEVER};
use crate::lanes::LANES;
use crate::pack::{Pack, Recursion};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::range::Range;
use crate::readout::Readout;
use crate::sampler::{AnySampler, Source};
use crate::schedule::{Schedule, Segment};
use crate::shard::Shard;

/// Products that one core does in a second, or a few.
const ABOUT_A_SECOND: u64 = 1 << 32;

/// Independent chains of eq. (1), some way into their plan.
///
/// A run advances by segments: pieces of its burn-in, then blocks of the steps that count. Between two segments it can
/// be asked for the [`estimate`](Run::estimate) so far, [saved](Run::save) and [resumed](Run::resume), and what comes
/// out in the end has the same bits as that of a run that was never touched. A run can also be made of some of the
/// chains only, a shard, and [merged](Run::merge) with the others.
///
/// # Example
/// ```
/// use montecarlo::{Plan, Run, Shard};
/// # use numbers::matrix::{Vector, scalar};
/// # use symbols::{BatchSize, Gaussian, Population, Setting};
/// # let population = Population::Gaussian(Gaussian {
/// #     feature_covariance: scalar(1.0),
/// #     input_noise_covariance: scalar(0.0),
/// #     label_noise_variance: 1.0,
/// #     true_weights: Vector::zeros(1),
/// # });
/// # let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
/// let plan = Plan::new().with_chains(32).with_steps(2_000);
/// let mut whole = Run::new(&setting, &plan)?;
/// whole.advance(usize::MAX, &())?;
///
/// let mut shards = Vec::new();
/// for k in 1..=2 {
///     let mut shard = Run::shard(&setting, &plan, Shard::new(k, 2)?)?;
///     shard.advance(usize::MAX, &())?;
///     shards.push(shard);
/// }
/// assert_eq!(Run::merge(shards)?.estimate()?, whole.estimate()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run {
    pub(crate) setting: Setting<f64>,
    pub(crate) plan: Plan,
    pub(crate) shard: Shard,
    sampler: AnySampler,
    pub(crate) recursion: Recursion,
    readout: Readout,
    /// In the order of their chains.
    pub(crate) packs: Vec<Pack>,
    /// Segments that are done.
    pub(crate) done: usize,
    diverged: Option<Divergence>,
}

impl Run {
    /// All chains of a plan, at the minimizer of the full loss, with m = 0.
    ///
    /// # Errors
    /// [`MonteCarloError`], where the plan is too small, where the setting has entries that are not finite, where A, B
    /// or σ² is no (co)variance, where K is singular and not because of directions that no gradient has a part along,
    /// or where the samples cannot be drawn in the way the plan asks for.
    pub fn new(setting: &Setting<f64>, plan: &Plan) -> Result<Self, MonteCarloError> {
        Run::shard(setting, plan, Shard::WHOLE)
    }

    /// Some of the chains: packs of eight are dealt out in consecutive, nearly equal shares.
    ///
    /// # Errors
    /// Those of [`Run::new`]; [`MonteCarloError::TooManyShards`] where there are more shards than packs.
    pub fn shard(setting: &Setting<f64>, plan: &Plan, shard: Shard) -> Result<Self, MonteCarloError> {
        plan.check(Plan::MIN_STEPS)?;
        check_finite(setting)?;
        let share = shard.packs(plan.chains)?;
        let range = Range::of(setting);
        let inside = range.as_ref().map_or(setting, |range| &range.setting);
        let source = Source::new(inside, plan.draws)?;
        let mut readout = Readout::new(inside)?;
        let (sampler, frame) = source.about(inside, &readout.minimizer, true);
        let D = inside.dimension();
        let triangle = |n: usize| n * (n + 1) / 2;
        // Sums are read and written: a product there costs as much as two.
        let measuring = 2 * (triangle(D) + triangle(frame.noise_width()) + 4 * D);
        let stepping = sampler.cost() + frame.cost();
        let recursion = Recursion {
            size_weights: frame.size_weights(&readout.hessian),
            schedule: Schedule::new(plan, stepping, measuring, sampler.cycle()),
            frame,
            seed: plan.seed,
            chains: plan.chains,
        };
        let packs = share.map(|pack| Pack::new(&recursion, pack)).collect();
        readout.range = range;
        let setting = setting.clone();
        Ok(Run { setting, plan: *plan, shard, sampler, recursion, readout, packs, done: 0, diverged: None })
    }

    /// Runs at most so many segments more. `progress` is called now and then, from any thread, with the number of steps
    /// that all chains together have done in this call.
    ///
    /// # Errors
    /// [`MonteCarloError::Diverged`], where a chain does: the one that does first. Such a run goes no further.
    pub fn advance(&mut self, segments: usize, progress: &dyn Progress) -> Result<(), MonteCarloError> {
        self.check_convergence()?;
        let end = self.segments().min(self.done.saturating_add(segments));
        let segments = Vec::from_iter((self.done..end).map(|i| self.recursion.schedule.segment(i)));
        self.advance_by(&segments, progress, &NEVER)?;
        self.done = end;
        Ok(())
    }

    /// Runs one segment more, or none, where `stop` is set before a segment of more than about a second has come to its
    /// end: then everything is as it was before.
    ///
    /// # Errors
    /// Those of [`Run::advance`].
    pub fn advance_unless(&mut self, stop: &AtomicBool, progress: &dyn Progress) -> Result<(), MonteCarloError> {
        let segment = self.recursion.schedule.segment(self.done);
        let products = (self.cost() * self.packs.len() * LANES) as u64;
        if self.is_complete() || segment.steps.saturating_mul(products) < ABOUT_A_SECOND {
            return self.advance(1, progress);
        }
        self.check_convergence()?;
        let before = self.packs.clone();
        if self.advance_by(&[segment], progress, stop)? {
            self.done += 1;
        } else {
            self.packs = before;
        }
        Ok(())
    }

    /// Runs all chains through segments; `false` where that was stopped, and they stand in the middle of one.
    pub(crate) fn advance_by(
        &mut self,
        segments: &[Segment],
        progress: &dyn Progress,
        stop: &AtomicBool,
    ) -> Result<bool, MonteCarloError> {
        let reported = AtomicU64::new(0);
        let (recursion, sampler) = (&self.recursion, &self.sampler);
        let outcomes: Vec<Result<(), Halt>> = self
            .packs
            .par_iter_mut()
            .map(|pack| {
                for &segment in segments {
                    pack.advance(recursion, sampler, segment, stop)?;
                    let steps = segment.steps * pack.live as u64;
                    progress.steps_done(reported.fetch_add(steps, Ordering::Relaxed) + steps);
                }
                Ok(())
            })
            .collect();
        let halts = outcomes.into_iter().filter_map(Result::err);
        let (mut is_whole, mut diverged) = (true, Vec::new());
        halts.for_each(|halt| match halt {
            Halt::Diverged(divergence) => diverged.push(divergence),
            Halt::Stopped => is_whole = false,
        });
        self.diverged = diverged.into_iter().min();
        self.check_convergence()?;
        Ok(is_whole)
    }

    /// The largest of the mean squares of the coordinates that the chains run in.
    pub(crate) fn largest_square(&self) -> f64 {
        let D = self.packs.first().map_or(0, |pack| pack.state.y.len());
        let square = |pack: &Pack, i: usize| pack.state.y[i][..pack.live].iter().map(|y| y * y).sum::<f64>();
        let sums = (0..D).map(|i| self.packs.iter().map(|pack| square(pack, i)).sum::<f64>());
        sums.fold(0.0, f64::max) / self.chains() as f64
    }

    /// Steps after which the law of a minibatch comes again.
    pub(crate) fn cycle(&self) -> u64 {
        self.sampler.cycle()
    }

    /// The cost of a step of a chain, in products.
    pub(crate) fn cost(&self) -> usize {
        self.sampler.cost() + self.recursion.frame.cost()
    }

    /// How many chains this run, or shard, has.
    pub fn chains(&self) -> usize {
        self.packs.iter().map(|pack| pack.live).sum()
    }

    /// Steps that each of them has done, burn-in included.
    pub fn steps_done(&self) -> u64 {
        self.recursion.schedule.segment(self.done).first_step
    }

    /// In how many directions the weights never move, as no gradient has a part along them: w stays there at w₀ = 0,
    /// and Σ has none of them.
    pub fn still_directions(&self) -> usize {
        self.setting.dimension() - self.recursion.size_weights.len()
    }

    /// Blocks that are done, of the steps that count.
    pub fn blocks_done(&self) -> usize {
        self.recursion.schedule.blocks_done(self.done)
    }

    /// How many segments the plan has.
    pub fn segments(&self) -> usize {
        self.recursion.schedule.len()
    }

    /// How many of them are done.
    pub fn segments_done(&self) -> usize {
        self.done
    }

    /// Whether the plan is fulfilled.
    pub fn is_complete(&self) -> bool {
        self.done == self.segments()
    }

    /// Where each chain is now, w_t.
    pub fn weights(&self) -> Vec<Vector<f64>> {
        let of_chain = |pack: &Pack, l: usize| {
            let y = Vec::from_iter(pack.state.y.iter().map(|lanes| lanes[l]));
            self.readout.outside(&self.readout.minimizer + self.recursion.frame.weights(&y))
        };
        self.packs.iter().flat_map(|pack| (0..pack.live).map(move |l| of_chain(pack, l))).collect()
    }

    /// The estimate of the steps done so far, with the error that so many steps have.
    ///
    /// # Errors
    /// [`MonteCarloError::TooShort`] before two sixteenths of the steps are done; [`MonteCarloError::Diverged`] after a
    /// chain did; [`MonteCarloError::NotFinite`] where the moments overflow.
    pub fn estimate(&self) -> Result<Estimate, MonteCarloError> {
        self.check_convergence()?;
        if self.packs.iter().any(|pack| pack.state.parts.len() < 2) {
            let (blocks, expected) = (self.blocks_done(), self.recursion.schedule.blocks);
            return Err(MonteCarloError::TooShort { blocks, expected });
        }
        let is_shifted = matches!(self.plan.draws, Draws::ShuffledEpochs(_));
        self.readout.estimate(&self.recursion, &self.packs, is_shifted)
    }

    pub(crate) fn check_convergence(&self) -> Result<(), MonteCarloError> {
        match self.diverged {
            Some(Divergence { chain, step }) => Err(MonteCarloError::Diverged { chain, step }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use numbers::matrix;
    use symbols::{BatchSize, Gaussian, Population};

    /// One weight, w* = 1/2.
    pub(crate) fn setting(learning_rate: f64) -> Setting<f64> {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: matrix::scalar(1.0),
            input_noise_covariance: matrix::scalar(0.0),
            label_noise_variance: 1.0,
            true_weights: Vector::from_element(1, 0.5),
        });
        Setting::new(population, matrix::scalar(learning_rate), BatchSize::new(3).unwrap()).unwrap()
    }

    /// Five packs, 3 segments of burn-in and 4 of one step each.
    pub(crate) const PLAN: Plan =
        Plan { chains: 37, burn_in: 3, steps: 4, seed: 6, draws: crate::draws::Draws::InDistribution };

    pub(crate) fn shard(index: usize, count: usize) -> Run {
        Run::shard(&setting(0.125), &PLAN, Shard::new(index, count).unwrap()).unwrap()
    }

    pub(crate) fn whole() -> Run {
        shard(1, 1)
    }

    pub(crate) fn finished(mut run: Run) -> Run {
        run.advance(usize::MAX, &()).unwrap();
        run
    }

    #[test]
    fn a_run_counts_its_segments_steps_and_blocks() {
        let mut run = whole();
        assert_eq!(run.segments(), 3 + 4);
        let counts = |run: &Run| (run.segments_done(), run.steps_done(), run.blocks_done(), run.is_complete());
        assert_eq!(counts(&run), (0, 0, 0, false));
        for (segments, expected) in
            [(2, (2, 2, 0, false)), (0, (2, 2, 0, false)), (3, (5, 5, 2, false)), (usize::MAX, (7, 7, 4, true))]
        {
            run.advance(segments, &()).unwrap();
            assert_eq!(counts(&run), expected);
        }
    }

    /// Five segments of a step in each of 37 chains, 8 a pack or 5.
    #[test]
    fn progress_adds_up_to_the_steps_of_all_chains() {
        let reports = std::sync::Mutex::new(Vec::new());
        whole().advance(5, &|steps| reports.lock().unwrap().push(steps)).unwrap();
        let mut reports = reports.into_inner().unwrap();
        reports.sort_unstable();
        assert_eq!((reports.len(), reports.last()), (25, Some(&185)));
        let mut steps: Vec<u64> = (0..25).map(|i| reports[i] - if i == 0 { 0 } else { reports[i - 1] }).collect();
        steps.sort_unstable();
        assert_eq!(steps, [vec![5; 5], vec![8; 20]].concat());
    }

    /// Here P is 1 and w = 1/2 + y.
    #[test]
    fn weights_are_those_of_each_chain() {
        assert_eq!(whole().weights(), vec![Vector::from_element(1, 0.5); 37]);
        let run = finished(whole());
        let weights = run.weights();
        assert_eq!(weights.len(), 37);
        for (k, w) in weights.iter().enumerate() {
            assert_eq!(w[0], 0.5 + run.packs[k / 8].state.y[0][k % 8], "chain {k}");
            assert!(weights[..k].iter().all(|other| other != w), "chain {k} is another's copy");
        }
    }

    #[test]
    fn two_parts_make_an_estimate() {
        let mut run = whole();
        for blocks in [0, 1] {
            run.advance(if blocks == 0 { 3 } else { 1 }, &()).unwrap();
            assert_eq!(run.estimate(), Err(MonteCarloError::TooShort { blocks, expected: 4 }));
        }
        run.advance(1, &()).unwrap();
        assert_eq!(run.estimate().unwrap().chains.len(), 37);
    }

    /// λ = 1000 multiplies v² by about 3 · 10⁵ a step.
    #[test]
    fn the_first_divergence_stops_a_run() {
        let plan = Plan { steps: 100, ..PLAN };
        let mut run = Run::new(&setting(1000.0), &plan).unwrap();
        let error = run.advance(usize::MAX, &()).unwrap_err();
        let MonteCarloError::Diverged { chain, step } = error else { panic!("{error}") };
        let alone = |k: usize| {
            let mut pack = Run::shard(&setting(1000.0), &plan, Shard::new(k, 5).unwrap()).unwrap();
            let _ = pack.advance(usize::MAX, &());
            pack.diverged.unwrap()
        };
        assert_eq!((1..=5).map(alone).min(), Some(Divergence { step, chain }));
        assert_eq!(run.advance(1, &()), Err(MonteCarloError::Diverged { chain, step }));
        assert_eq!(run.estimate(), Err(MonteCarloError::Diverged { chain, step }));
        assert_eq!((run.segments_done(), run.is_complete()), (0, false));
    }

    /// A segment of 10⁹ steps of one weight, which nobody waits for.
    #[test]
    fn a_long_segment_that_is_stopped_leaves_the_run_as_it_was() {
        let plan = Plan { burn_in: 0, steps: 1 << 38, chains: 8, ..PLAN };
        let mut run = Run::new(&setting(0.125), &plan).unwrap();
        let stop = AtomicBool::new(false);
        let state = |run: &Run| format!("{} {:?}", run.done, run.packs);
        let before = state(&run);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(std::time::Duration::from_millis(50));
                stop.store(true, Ordering::Relaxed);
            });
            run.advance_unless(&stop, &|_| panic!("no segment is done")).unwrap();
        });
        assert_eq!(state(&run), before);
        // A short one is done nevertheless.
        let mut short = whole();
        short.advance_unless(&stop, &()).unwrap();
        assert_eq!(short.done, 1);
    }
}
