//! A run that can be stopped, saved, resumed and split.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use symbols::{Setting, Vector};

use crate::check::check_finite;
use crate::estimate::Estimate;
use crate::lanes::LANES;
use crate::pack::{Divergence, Pack, Recursion};
use crate::readout::Readout;
use crate::sampler::{AnySampler, Source};
use crate::schedule::Schedule;
use crate::{MonteCarloError, Plan};

/// Independent chains of eq. (1), some way into their plan.
///
/// A run advances by segments: pieces of its burn-in, then blocks of the steps that count. Between two segments it can be
/// asked for the [`estimate`](Run::estimate) so far, [saved](Run::save) and [resumed](Run::resume), and what comes out in the
/// end has the same bits as that of a run that was never touched. A run can also be made of some of the chains only, a
/// shard, and [merged](Run::merge) with the others.
///
/// # Example
/// ```
/// use montecarlo::{Draws, Plan, Run, Shard};
/// # use symbols::{BatchSize, Gaussian, Population, Setting, matrix::{Vector, scalar}};
/// # let population = Population::Gaussian(Gaussian {
/// #     feature_covariance: scalar(1.0),
/// #     input_noise_covariance: scalar(0.0),
/// #     label_noise_variance: 1.0,
/// #     true_weights: Vector::zeros(1),
/// # });
/// # let setting = Setting::new(population, scalar(0.1), BatchSize::new(1)?)?;
/// let plan = Plan { chains: 32, burn_in: 100, steps: 2_000, seed: 5, draws: Draws::InLaw };
/// let mut whole = Run::new(&setting, &plan)?;
/// whole.advance(usize::MAX, &|_steps_done| ())?;
///
/// let mut shards = Vec::new();
/// for k in 1..=2 {
///     let mut shard = Run::shard(&setting, &plan, Shard::new(k, 2)?)?;
///     shard.advance(usize::MAX, &|_| ())?;
///     shards.push(shard);
/// }
/// assert_eq!(Run::merge(shards)?.estimate()?, whole.estimate()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run {
    pub(crate) setting: Setting<f64>,
    pub(crate) plan: Plan,
    sampler: AnySampler,
    pub(crate) recursion: Recursion,
    readout: Readout,
    /// In the order of their chains.
    pub(crate) packs: Vec<Pack>,
    /// Segments that are done.
    pub(crate) done: usize,
    diverged: Option<Divergence>,
}

/// One of several parts of a run: the k-th of n.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Everything.
    pub const WHOLE: Shard = Shard { index: 1, count: 1 };

    /// The shard `index` of `count`, from 1.
    ///
    /// # Errors
    /// [`MonteCarloError::OutOfRange`] unless 1 ≤ `index` ≤ `count`.
    pub fn new(index: usize, count: usize) -> Result<Self, MonteCarloError> {
        if (1..=count).contains(&index) {
            return Ok(Shard { index, count });
        }
        Err(MonteCarloError::OutOfRange { quantity: "shard", value: index, minimum: 1, maximum: count })
    }
}

impl Run {
    /// All chains of a plan, at the minimizer of the full loss, with m = 0.
    ///
    /// # Errors
    /// [`MonteCarloError`], where the plan is too small, where the setting has entries that are not finite, where A, B or
    /// σ² is no (co)variance, where K is singular, or where the samples cannot be drawn in the way the plan asks for.
    pub fn new(setting: &Setting<f64>, plan: &Plan) -> Result<Self, MonteCarloError> {
        Run::shard(setting, plan, Shard::WHOLE)
    }

    /// Some of the chains: packs of eight are dealt out in consecutive, nearly equal shares.
    ///
    /// # Errors
    /// As [`Run::new`]; [`MonteCarloError::OutOfRange`] where there are more shards than packs.
    pub fn shard(setting: &Setting<f64>, plan: &Plan, shard: Shard) -> Result<Self, MonteCarloError> {
        plan.check(Plan::MIN_STEPS)?;
        check_finite(setting)?;
        let packs = plan.chains.div_ceil(LANES);
        if shard.count > packs {
            return Err(MonteCarloError::OutOfRange {
                quantity: "number of shards",
                value: shard.count,
                minimum: 1,
                maximum: packs,
            });
        }
        let source = Source::new(setting, plan.draws)?;
        let readout = Readout::new(setting)?;
        let (sampler, frame) = source.about(setting, &readout.minimizer, true);
        let D = setting.dimension();
        let triangle = |n: usize| n * (n + 1) / 2;
        // Sums are read and written: a product there costs as much as two.
        let measuring = 2 * (triangle(D) + triangle(frame.noise_width()) + 4 * D);
        let stepping = sampler.cost() + frame.cost();
        let recursion = Recursion {
            size_weights: frame.size_weights(&readout.hessian),
            schedule: Schedule::new(plan, stepping, measuring),
            frame,
            seed: plan.seed,
            chains: plan.chains,
        };
        let share = |k: usize| k * packs / shard.count;
        let packs = (share(shard.index - 1)..share(shard.index)).map(|pack| Pack::new(&recursion, pack)).collect();
        Ok(Run { setting: setting.clone(), plan: *plan, sampler, recursion, readout, packs, done: 0, diverged: None })
    }

    /// Runs at most so many segments more. `progress` is called now and then, from any thread, with the number of steps
    /// that all chains together have done in this call.
    ///
    /// # Errors
    /// [`MonteCarloError::Diverged`], where a chain does: the one that does first. Such a run goes no further.
    pub fn advance(&mut self, segments: usize, progress: &(dyn Fn(u64) + Sync)) -> Result<(), MonteCarloError> {
        self.check_convergence()?;
        let reported = AtomicU64::new(0);
        let end = self.segments().min(self.done.saturating_add(segments));
        let (recursion, sampler, done) = (&self.recursion, &self.sampler, self.done);
        let outcomes: Vec<Result<(), Divergence>> = self
            .packs
            .par_iter_mut()
            .map(|pack| {
                for i in done..end {
                    let segment = recursion.schedule.segment(i);
                    match sampler {
                        AnySampler::Literal(sampler) => pack.advance(recursion, sampler, segment)?,
                        AnySampler::InLaw(sampler) => pack.advance(recursion, sampler, segment)?,
                        AnySampler::Data(sampler) => pack.advance(recursion, sampler, segment)?,
                    }
                    let steps = segment.steps * pack.live as u64;
                    progress(reported.fetch_add(steps, Ordering::Relaxed) + steps);
                }
                Ok(())
            })
            .collect();
        self.diverged = outcomes.into_iter().filter_map(Result::err).min();
        self.check_convergence()?;
        self.done = end;
        Ok(())
    }

    /// How many chains this run, or shard, has.
    pub fn chains(&self) -> usize {
        self.packs.iter().map(|pack| pack.live).sum()
    }

    /// Steps that each of them has done, burn-in included.
    pub fn steps_done(&self) -> u64 {
        self.recursion.schedule.segment(self.done).first_step
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
            let y = Vec::from_iter(pack.y.iter().map(|lanes| lanes[l]));
            &self.readout.minimizer + self.recursion.frame.weights(&y)
        };
        self.packs.iter().flat_map(|pack| (0..pack.live).map(move |l| of_chain(pack, l))).collect()
    }

    /// What the steps done so far say, with the error that so many steps have.
    ///
    /// # Errors
    /// [`MonteCarloError::TooShort`] before two sixteenths of the steps are done; [`MonteCarloError::Diverged`] after a
    /// chain did; [`MonteCarloError::NotFinite`] where the moments overflow.
    pub fn estimate(&self) -> Result<Estimate, MonteCarloError> {
        self.check_convergence()?;
        if self.packs.iter().any(|pack| pack.parts.len() < 2) {
            let (blocks, expected) = (self.blocks_done(), self.recursion.schedule.blocks);
            return Err(MonteCarloError::TooShort { blocks, expected });
        }
        self.readout.estimate(&self.recursion, &self.packs)
    }

    pub(crate) fn check_convergence(&self) -> Result<(), MonteCarloError> {
        match self.diverged {
            Some(Divergence { chain, step }) => Err(MonteCarloError::Diverged { chain, step }),
            None => Ok(()),
        }
    }

    /// One run from its shards, in any order: as if its chains had never been apart.
    ///
    /// # Errors
    /// [`MonteCarloError::DifferentRuns`] where setting, plan or the steps done differ, or where there are no shards;
    /// [`MonteCarloError::Overlap`] where two have a chain in common; what stopped a shard that diverged.
    pub fn merge(shards: impl IntoIterator<Item = Run>) -> Result<Run, MonteCarloError> {
        let mut shards = shards.into_iter();
        let mut whole = shards.next().ok_or(MonteCarloError::DifferentRuns { quantity: "number of shards, 0," })?;
        whole.check_convergence()?;
        for shard in shards {
            shard.check_convergence()?;
            if let Some(quantity) = whole.parameters().first_difference(&shard.parameters()) {
                return Err(MonteCarloError::DifferentRuns { quantity });
            }
            if whole.done != shard.done {
                return Err(MonteCarloError::DifferentRuns { quantity: "number of steps done" });
            }
            whole.packs.extend(shard.packs);
        }
        whole.packs.sort_by_key(|pack| pack.first_chain);
        match whole.packs.windows(2).find(|pair| pair[0].first_chain == pair[1].first_chain) {
            Some(pair) => Err(MonteCarloError::Overlap { chain: pair[0].first_chain }),
            None => Ok(whole),
        }
    }
}
