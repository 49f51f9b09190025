//! One chain of eq. (1), and the sums that it leaves behind.

use rand_chacha::ChaCha8Rng;

use crate::Plan;
use crate::linear::{Linear, OuterSum, Width};
use crate::sampler::{Sampler, Workspace};

/// The size of a v (a weighted sum of squares, weights at most 1) from which on a chain has diverged. Its square is
/// still a number, so that no sum overflows before the chain is caught.
const DIVERGED: f64 = 1e120;

/// How many steps a chain takes between two reports of its progress.
pub(crate) const REPORT_EVERY: u64 = 1 << 16;

/// Blocks of steps, over all chains: each leaves its largest ‖v‖ to the tail estimate.
const BLOCKS: usize = 1 << 16;
/// Blocks of a single chain, at most.
const BLOCKS_OF_CHAIN: usize = 256;

/// Eq. (1), ready to run.
pub(crate) struct Recursion<'a, S> {
    pub(crate) sampler: &'a S,
    /// −Λ.
    pub(crate) step: Linear,
    pub(crate) momentum: f64,
    /// w*.
    pub(crate) minimizer: Vec<f64>,
    /// Weights of the v_i² in the size of v.
    pub(crate) size_weights: Vec<f64>,
}

/// Sums over one half of a chain, entry by entry.
#[derive(Debug, Clone)]
pub(crate) struct Half {
    pub(crate) steps: f64,
    /// Σ v_i.
    pub(crate) first: Vec<f64>,
    /// Σ v_i².
    pub(crate) second: Vec<f64>,
    /// Σ v_i⁴.
    pub(crate) fourth: Vec<f64>,
}

/// What one chain leaves behind.
pub(crate) struct Record {
    pub(crate) halves: Vec<Half>,
    /// Σ v vᵀ.
    pub(crate) fluctuation: OuterSum,
    /// Σ of the outer squares of the noise, in coordinates of the sampler.
    pub(crate) noise: OuterSum,
    /// The largest size of v in each block of steps.
    pub(crate) maxima: Vec<f64>,
}

struct Chain<'a, S, W: Width> {
    recursion: &'a Recursion<'a, S>,
    w: W::Column,
    m: W::Column,
    v: W::Column,
    gradient: W::Column,
    noise: W::Column,
    workspace: Workspace<W>,
    steps: u64,
}

impl<S: Sampler, W: Width> Chain<'_, S, W> {
    /// One step of eq. (1); the size of the new v. A chain that diverged tells in which step.
    ///
    /// The generator is no part of the chain: it is handed to functions that are not inlined, and so would keep all of
    /// the struct that holds it in memory.
    #[inline(always)]
    fn step(&mut self, rng: &mut ChaCha8Rng) -> Result<f64, u64> {
        let recursion = self.recursion;
        let (w, m, v) = (self.w.as_mut(), self.m.as_mut(), self.v.as_mut());
        let (gradient, noise) = (self.gradient.as_mut(), self.noise.as_mut());
        recursion.sampler.draw(w, rng, &mut self.workspace, gradient, noise);
        m.iter_mut().zip(&*gradient).for_each(|(m, g)| *m = recursion.momentum * *m + g);
        recursion.step.add_product(m, w);
        self.steps += 1;
        let mut size = 0.0;
        let columns = v.iter_mut().zip(&*w).zip(&recursion.minimizer).zip(&recursion.size_weights);
        for (((v, w), minimizer), weight) in columns {
            *v = w - minimizer;
            size += weight * (*v * *v);
        }
        // Not `size >= DIVERGED`: NaN has diverged too.
        if size < DIVERGED { Ok(size) } else { Err(self.steps) }
    }
}

impl<S: Sampler> Recursion<'_, S> {
    /// Runs one chain from w* and m = 0.
    ///
    /// `report` is told now and then how many steps were done since it was last told. A chain that diverges answers
    /// with the step in which it did.
    pub(crate) fn run<W: Width>(
        &self,
        plan: &Plan,
        mut rng: ChaCha8Rng,
        width: W,
        noise_width: W,
        report: &(dyn Fn(u64) + Sync),
    ) -> Result<Record, u64> {
        let mut chain = Chain {
            recursion: self,
            w: width.zeros(),
            m: width.zeros(),
            v: width.zeros(),
            gradient: width.zeros(),
            noise: noise_width.zeros(),
            workspace: self.sampler.workspace(noise_width),
            steps: 0,
        };
        chain.w.as_mut().copy_from_slice(&self.minimizer);
        let mut reported = 0;
        let mut progress = |steps: u64, every: u64| {
            if steps - reported >= every {
                report(steps - reported);
                reported = steps;
            }
        };

        let mut left = plan.burn_in as u64;
        while left > 0 {
            let now = left.min(REPORT_EVERY);
            for _ in 0..now {
                chain.step(&mut rng)?;
            }
            left -= now;
            progress(chain.steps, REPORT_EVERY);
        }

        let mut fluctuation = OuterSum::zero(width.get());
        let mut noise = OuterSum::zero(noise_width.get());
        let blocks = blocks(plan);
        let mut maxima = Vec::with_capacity(blocks);
        let mut halves = Vec::with_capacity(2);
        let start = |block: usize| (plan.steps as u128 * block as u128 / blocks as u128) as u64;
        for half in [0..blocks / 2, blocks / 2..blocks] {
            let steps = start(half.end) - start(half.start);
            let (mut first, mut second, mut fourth) = (width.zeros(), width.zeros(), width.zeros());
            for block in half {
                let mut largest = 0.0;
                for _ in start(block)..start(block + 1) {
                    largest = f64::max(largest, chain.step(&mut rng)?);
                    let v = chain.v.as_ref();
                    let sums = first.as_mut().iter_mut().zip(second.as_mut()).zip(fourth.as_mut());
                    for (((first, second), fourth), v) in sums.zip(v) {
                        let square = v * v;
                        *first += v;
                        *second += square;
                        *fourth += square * square;
                    }
                    fluctuation.add(v);
                    noise.add(chain.noise.as_ref());
                }
                maxima.push(largest);
                progress(chain.steps, REPORT_EVERY);
            }
            let entries = |sums: W::Column| sums.as_ref().to_vec();
            halves.push(Half {
                steps: steps as f64,
                first: entries(first),
                second: entries(second),
                fourth: entries(fourth),
            });
        }
        progress(chain.steps, 1);
        Ok(Record { halves, fluctuation, noise, maxima })
    }
}

/// How many blocks a chain is cut into: an even number, so that its halves are made of whole ones.
fn blocks(plan: &Plan) -> usize {
    (BLOCKS / plan.chains).clamp(Plan::MIN_STEPS, BLOCKS_OF_CHAIN).min(plan.steps) & !1
}
