//! Eight chains of eq. (1), and the sums that they leave behind.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::frame::Frame;
use crate::halt::{Divergence, Halt};
use crate::lanes::{Kernel, LANES, Lanes, rows, vectorized, zeros};
use crate::sampler::AnySampler;
use crate::sampler::draw::{At, Sampler};
use crate::schedule::{Schedule, Segment};
use crate::state::{BlockSums, PartSums, State};
use crate::stream::{Stream, Use};

/// The size of a fluctuation (a weighted sum of squares, weights at most 1) from which on a chain has diverged. Its
/// square is still a number, so that no sum overflows before the chain is caught.
const DIVERGED: f64 = 1e120;

/// Eight chains.
#[derive(Debug, Clone)]
pub(crate) struct Pack {
    /// The number of the first chain.
    pub(crate) first_chain: usize,
    /// How many of the chains count: the others run along, and nobody looks.
    pub(crate) live: usize,
    pub(crate) state: State,
    stream: Stream,
}

/// Eq. (1), ready to run.
pub(crate) struct Recursion {
    pub(crate) frame: Frame,
    /// Weights of the y_i² in the size of a fluctuation.
    pub(crate) size_weights: Vec<f64>,
    pub(crate) schedule: Schedule,
    pub(crate) seed: u64,
    pub(crate) chains: usize,
}

impl Pack {
    /// Chains at the point of reference, with m = 0.
    pub(crate) fn new(recursion: &Recursion, number: usize) -> Self {
        let (D, first_chain) = (recursion.size_weights.len(), number * LANES);
        let state = State::new(D, recursion.frame.noise_width());
        Pack {
            first_chain,
            live: (recursion.chains - first_chain).min(LANES),
            state,
            stream: Stream::new(recursion.seed, Use::Chain, first_chain as u64),
        }
    }

    /// Runs one segment, unless `stop` is set before its end.
    pub(crate) fn advance(
        &mut self,
        recursion: &Recursion,
        sampler: &AnySampler,
        segment: Segment,
        stop: &AtomicBool,
    ) -> Result<(), Halt> {
        match sampler {
            AnySampler::Literal(sampler) => self.advance_by(recursion, sampler, segment, stop),
            AnySampler::InDistribution(sampler) => self.advance_by(recursion, sampler, segment, stop),
            AnySampler::Data(sampler) => self.advance_by(recursion, sampler, segment, stop),
        }
    }

    fn advance_by<S: Sampler>(
        &mut self,
        recursion: &Recursion,
        sampler: &S,
        segment: Segment,
        stop: &AtomicBool,
    ) -> Result<(), Halt> {
        let D = self.state.y.len();
        if let Some(part) = segment.part {
            while self.state.parts.len() <= part {
                self.state.parts.push(PartSums::zero(D));
            }
        }
        self.stream.seek(segment.number);
        let width = recursion.frame.noise_width();
        let outcome = vectorized(Advance {
            scratch: sampler.scratch(),
            pack: self,
            recursion,
            sampler,
            segment,
            stop,
            p: zeros(width),
            g: zeros(width),
        });
        outcome.map_err(|why| match why {
            Some((step, lane)) => Halt::Diverged(Divergence { step, chain: self.first_chain + lane }),
            None => Halt::Stopped,
        })
    }
}

struct Advance<'a, S: Sampler> {
    pack: &'a mut Pack,
    recursion: &'a Recursion,
    sampler: &'a S,
    segment: Segment,
    stop: &'a AtomicBool,
    scratch: S::Scratch,
    p: Vec<Lanes>,
    g: Vec<Lanes>,
}

impl<S: Sampler> Kernel for Advance<'_, S> {
    /// The step and the lane that diverged; neither where it was stopped.
    type Output = Result<(), Option<(u64, usize)>>;

    #[inline(always)]
    fn run(mut self) -> Self::Output {
        let Segment { first_step, steps, part, .. } = self.segment;
        let Some(part) = part else {
            for step in first_step..first_step + steps {
                self.step(step)?;
            }
            return Ok(());
        };
        let thinning = self.recursion.schedule.thinning.min(steps);
        let mut block = BlockSums::default();
        let mut measured = 0;
        for done in 1..=steps {
            let size = self.step(first_step + done - 1)?;
            for l in 0..LANES {
                block.largest[l] = if size[l] > block.largest[l] { size[l] } else { block.largest[l] };
            }
            if done % thinning == 0 {
                measured += 1;
                block.mean.add_multiple(1.0, &size);
                self.measure(part);
            }
        }
        self.pack.state.parts[part].measured += measured;
        block.mean = block.mean.map(|sum| sum / measured as f64);
        self.pack.state.blocks.push(block);
        self.pack.state.draws.extend_from_slice(&self.pack.state.y);
        Ok(())
    }
}

impl<S: Sampler> Advance<'_, S> {
    /// One step of eq. (1), that with the number `step` from 0; the size of the new v. A chain that diverged tells in
    /// which step, from 1, and which lane it is.
    #[inline(always)]
    fn step(&mut self, step: u64) -> Result<Lanes, Option<(u64, usize)>> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(None);
        }
        let Advance { pack, recursion, p, g, .. } = self;
        let frame = &recursion.frame;
        for (p, &d) in rows(p.iter_mut().zip(&frame.mean)) {
            *p = Lanes([d; LANES]);
        }
        frame.to_mean.add_product(&pack.state.y, p);
        self.sampler.draw(At { y: &pack.state.y, p }, step, &mut pack.stream, &mut self.scratch, g);
        for (k, &c) in rows(pack.state.k.iter_mut().zip(&frame.constant)) {
            *k = k.map(|k| frame.momentum * k + c);
        }
        frame.step.add_product(g, &mut pack.state.k);
        frame.decay.add_product(&pack.state.y, &mut pack.state.k);
        let mut size = Lanes::ZERO;
        for ((y, k), &weight) in rows(pack.state.y.iter_mut().zip(&pack.state.k).zip(&recursion.size_weights)) {
            y.add_multiple(-1.0, k);
            size.add_product(&y.map(|y| weight * y), y);
        }
        // NaN has diverged too. All lanes are compared at once, and one by one only where one is not bounded.
        let is_bounded = |size: &f64| *size < DIVERGED;
        if size.iter().fold(true, |all, size| all & is_bounded(size)) {
            return Ok(size);
        }
        match size[..pack.live].iter().position(|size| !is_bounded(size)) {
            None => Ok(size),
            Some(lane) => Err(Some((step + 1, lane))),
        }
    }

    #[inline(always)]
    fn measure(&mut self, part: usize) {
        let pack = &mut *self.pack;
        let sums = &mut pack.state.parts[part];
        let entries = sums.first.iter_mut().zip(&mut sums.second).zip(&mut sums.fourth);
        for (((first, second), fourth), y) in rows(entries.zip(&pack.state.y)) {
            let square = y.map(|y| y * y);
            first.add_multiple(1.0, y);
            second.add_multiple(1.0, &square);
            fourth.add_product(&square, &square);
        }
        pack.state.fluctuation.add(&pack.state.y);
        for (g, p) in rows(self.g.iter_mut().zip(&self.p)) {
            g.add_multiple(-1.0, p);
        }
        pack.state.noise.add(&self.g);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use crate::halt::NEVER;
    use crate::lanes::on_all_instructions;
    use crate::plan::Plan;
    use crate::sampler::Source;
    use numbers::{Matrix, Vector, matrix};
    use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

    /// A segment of a pack of its own.
    struct Alone<'a, S: Sampler>(Pack, &'a Recursion, &'a S, Segment);

    impl<S: Sampler> Kernel for Alone<'_, S> {
        type Output = String;

        #[inline(always)]
        fn run(self) -> String {
            let Alone(mut pack, recursion, sampler, segment) = self;
            let (D, width) = (pack.state.y.len(), recursion.frame.noise_width());
            pack.state.parts = vec![PartSums::zero(D)];
            let (scratch, p, g) = (sampler.scratch(), zeros(width), zeros(width));
            Advance { pack: &mut pack, recursion, sampler, segment, stop: &NEVER, scratch, p, g }.run().unwrap();
            // A double's debug text is the shortest that reads back as the same bits.
            format!(
                "{:?}",
                (
                    pack.state.y,
                    pack.state.k,
                    pack.state.parts,
                    pack.state.blocks,
                    pack.state.fluctuation,
                    pack.state.noise
                )
            )
        }
    }

    fn assert_same_bits<S: Sampler>(recursion: &Recursion, sampler: &S, what: &str) {
        let segment = Segment { number: 1, first_step: 0, steps: 100, part: Some(0) };
        let all = on_all_instructions(|| Alone(Pack::new(recursion, 0), recursion, sampler, segment));
        assert!(all.iter().all(|bits| *bits == all[0]), "{what}");
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        for D in [1, 2, 5, 11] {
            let A = Matrix::from_fn(D, D, |i, j| if i == j { 1.0 } else { 0.5 / (1 + i.max(j)) as f64 });
            let population = Population::Gaussian(Gaussian {
                feature_covariance: A,
                input_noise_covariance: Matrix::identity(D, D) * 0.125,
                label_noise_variance: 1.0,
                true_weights: Vector::from_element(D, 1.0),
            });
            let setting = Setting::new(population, matrix::identity::<f64>(D) * 0.01, BatchSize::new(20).unwrap())
                .unwrap()
                .with_momentum(Momentum::new(0.25).unwrap());
            for draws in [Draws::default(), Draws::InDistribution] {
                let plan = Plan { chains: 8, burn_in: 0, steps: 100, seed: 1, draws };
                let (sampler, frame) =
                    Source::new(&setting, draws).unwrap().about(&setting, setting.initial_weights(), true);
                let recursion = Recursion {
                    size_weights: frame.size_weights(&setting.hessian()),
                    frame,
                    schedule: Schedule::new(&plan, 1, 3, 1),
                    seed: 1,
                    chains: 8,
                };
                let what = format!("D = {D}, {draws}");
                match sampler {
                    AnySampler::Literal(sampler) => assert_same_bits(&recursion, &sampler, &what),
                    AnySampler::InDistribution(sampler) => assert_same_bits(&recursion, &sampler, &what),
                    AnySampler::Data(_) => panic!("no data set"),
                }
            }
        }
    }

    /// One sample, x = 1 with label 1, and γ = 1: w* = ½, and about it m' = μm + 2y, y' = y − λm' without any noise.
    fn quiet(learning_rate: f64, momentum: f64, size_weight: f64, chains: usize) -> (Recursion, AnySampler) {
        let data = DataSet { features: matrix::scalar(1.0), labels: Vector::from_element(1, 1.0) };
        let setting = Setting::new(Population::Data(data), matrix::scalar(learning_rate), BatchSize::new(1).unwrap())
            .unwrap()
            .with_momentum(Momentum::new(momentum).unwrap())
            .with_weight_decay(matrix::scalar(1.0))
            .unwrap();
        let plan = Plan { chains, burn_in: 5, steps: 40, seed: 1, draws: Draws::default() };
        let (sampler, frame) =
            Source::new(&setting, plan.draws).unwrap().about(&setting, &Vector::from_element(1, 0.5), true);
        let schedule = Schedule::new(&plan, 1, 3, 1);
        assert_eq!(schedule.thinning, 3);
        (Recursion { frame, size_weights: vec![size_weight], schedule, seed: 1, chains }, sampler)
    }

    fn advance(
        pack: &mut Pack,
        (recursion, sampler): &(Recursion, AnySampler),
        steps: u64,
        part: Option<usize>,
    ) -> Result<(), Halt> {
        pack.advance(recursion, sampler, Segment { number: 2, first_step: 5, steps, part }, &NEVER)
    }

    fn all(x: f64) -> Lanes {
        Lanes([x; LANES])
    }

    /// λ = ¼ and μ = ½: k' = k/2 + y/2. From y = 16 the chain goes through 8, 0, −4, −4, −2, 0, 1 with k = 8, 8, 4, 0,
    /// −2, −2, −1.
    #[test]
    fn a_chain_without_noise_goes_where_eq_1_says() {
        let quiet = quiet(0.25, 0.5, 2.0, 8);
        let start = || {
            let mut pack = Pack::new(&quiet.0, 0);
            pack.state.y = vec![all(16.0)];
            pack
        };
        let mut pack = start();
        advance(&mut pack, &quiet, 4, None).unwrap();
        assert_eq!((&pack.state.y, &pack.state.k), (&vec![all(-4.0)], &vec![all(0.0)]));
        assert!(pack.state.parts.is_empty() && pack.state.blocks.is_empty() && pack.state.draws.is_empty());

        let mut pack = start();
        advance(&mut pack, &quiet, 7, Some(1)).unwrap();
        assert_eq!((&pack.state.y, &pack.state.k), (&vec![all(1.0)], &vec![all(-1.0)]));
        // Measured are the third step and the sixth, −4 and 0, with sizes 2y²; the largest is that of 8.
        assert_eq!(pack.state.parts.iter().map(|part| part.measured).collect::<Vec<_>>(), [0, 2]);
        let [before, PartSums { first, second, fourth, .. }] = &pack.state.parts[..] else { panic!("two parts") };
        assert_eq!((first[0], second[0], fourth[0]), (all(-4.0), all(16.0), all(256.0)));
        assert_eq!((before.first[0], before.second[0], before.fourth[0]), (all(0.0), all(0.0), all(0.0)));
        assert_eq!((pack.state.blocks[0].largest, pack.state.blocks[0].mean), (all(128.0), all(16.0)));
        assert_eq!((&pack.state.draws, &pack.state.fluctuation.lower), (&vec![all(1.0)], &vec![all(16.0)]));
        assert_eq!(pack.state.noise.lower, [all(0.0)]);

        // Another block of the same part: from 1 with k = −1 through 1 to 0.5, measured after two steps.
        advance(&mut pack, &quiet, 2, Some(1)).unwrap();
        assert_eq!((pack.state.parts.len(), pack.state.parts[1].measured, pack.state.blocks.len()), (2, 3, 2));
        assert_eq!((pack.state.blocks[1].largest, pack.state.blocks[1].mean), (all(2.0), all(0.5)));
        assert_eq!((&pack.state.draws, pack.state.parts[1].first[0]), (&vec![all(1.0), all(0.5)], all(-3.5)));
    }

    /// λ = 3/2: y' = −2y. The size of 8 is 10¹²⁰ to the last bit, after three steps of the chain that starts at 1.
    #[test]
    fn a_chain_that_reaches_the_bound_has_diverged() {
        let quiet = quiet(1.5, 0.0, DIVERGED / 64.0, 13);
        let diverged = |step, chain| Err(Halt::Diverged(Divergence { step, chain }));
        for part in [None, Some(0)] {
            let mut pack = Pack::new(&quiet.0, 1);
            assert_eq!((pack.first_chain, pack.live), (8, 5));
            // The lanes beyond the last chain count for nothing.
            pack.state.y = vec![Lanes([0.0, 0.25, 0.0, 1.0, 0.5, 1e9, f64::NAN, f64::INFINITY])];
            advance(&mut pack.clone(), &quiet, 2, part).unwrap();
            assert_eq!(advance(&mut pack, &quiet, 9, part), diverged(8, 11));
            let mut pack = Pack::new(&quiet.0, 1);
            pack.state.y[0][2] = f64::NAN;
            assert_eq!(advance(&mut pack, &quiet, 9, part), diverged(6, 10));
        }
    }

    /// Samples x = 1 with labels 1 ± 2: about w* = 1 the gradient is y ∓ 2, so that its noise is 4 whatever is drawn.
    #[test]
    fn the_noise_of_two_samples_is_that_of_each() {
        let data = DataSet { features: Matrix::from_element(2, 1, 1.0), labels: Vector::from_vec(vec![3.0, -1.0]) };
        let setting = Setting::new(Population::Data(data), matrix::scalar(0.25), BatchSize::new(1).unwrap()).unwrap();
        let plan = Plan { chains: 8, burn_in: 0, steps: 40, seed: 1, draws: Draws::default() };
        let (sampler, frame) =
            Source::new(&setting, plan.draws).unwrap().about(&setting, &Vector::from_element(1, 1.0), true);
        let schedule = Schedule::new(&plan, 1, 1, 1);
        let noisy = (Recursion { frame, size_weights: vec![1.0], schedule, seed: 1, chains: 8 }, sampler);
        let mut pack = Pack::new(&noisy.0, 0);
        advance(&mut pack, &noisy, 1, Some(0)).unwrap();
        // The first step leads from 0 to ±½.
        assert_eq!((pack.state.y[0].map(f64::abs), pack.state.noise.lower[0]), (all(0.5), all(4.0)));
        advance(&mut pack, &noisy, 10, Some(0)).unwrap();
        assert!(pack.state.noise.lower[0].iter().all(|sum| (sum - 44.0).abs() < 1e-12), "{:?}", pack.state.noise);
    }
}
