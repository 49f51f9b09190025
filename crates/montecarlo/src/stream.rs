//! The random numbers of eight chains.
//!
//! Chain k draws from stream k of the ChaCha8 generator whose key is the seed. Its run is cut into segments, and segment s
//! starts at block s·2⁴⁴ of the stream: what a chain draws in a segment depends on the seed, k and s alone. So it does not
//! matter on which thread it runs, in what company, on which machine, or whether the run was stopped in between.
//!
//! Numbers are made 64 a chain in one go and handed out one by one. A method with rejection would push lanes apart; where
//! one is needed (the tails of the gamma law, indices), a lane that was rejected draws again from a spare stream of its
//! own, by a generator that knows nothing of lanes.

mod batch;
mod chacha;
mod chi_squared;
mod elementary;
mod label_noise;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::lanes::{self, LANES, Lanes, vectorized};
use batch::{Batch, Normals, Numbers, ROWS, Uniforms};
use chacha::ChaCha;

pub(crate) use chi_squared::ChiSquared;
pub use label_noise::LabelNoise;

/// What the streams of a seed are for, so that no two uses share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The steps of chains.
    Chain,
    /// Minibatches at fixed weights.
    Minibatches,
}

impl Use {
    /// The number of the stream of chain or block k.
    fn stream(self, k: u64) -> u64 {
        match self {
            Use::Chain => k,
            Use::Minibatches => k | 1 << 63,
        }
    }
}

/// Set in the number of a stream that a rejected lane draws from.
const SPARE: u64 = 1 << 62;
/// Set in the number of a stream that shuffles epochs.
const SHUFFLES: u64 = 1 << 61;
/// Log₂ of the blocks of a stream that belong to one segment.
const SEGMENT: u32 = 44;

/// The streams of eight chains.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    chacha: ChaCha,
    spare: [ChaCha8Rng; LANES],
    shuffles: [ChaCha8Rng; LANES],
    normals: Batch,
    uniforms: Batch,
    /// Of the one other law that the sampler draws from.
    others: Batch,
}

impl Stream {
    /// Those of the chains or blocks from `first` on.
    pub(crate) fn new(seed: u64, purpose: Use, first: u64) -> Self {
        let key = ChaCha8Rng::seed_from_u64(seed);
        let number = |l: usize| purpose.stream(first + l as u64);
        let scalar = |flag: u64| {
            std::array::from_fn(|l| {
                let mut rng = key.clone();
                rng.set_stream(number(l) | flag);
                rng
            })
        };
        Stream {
            chacha: ChaCha::new(key.get_seed(), std::array::from_fn(number)),
            spare: scalar(SPARE),
            shuffles: scalar(SHUFFLES),
            normals: Batch::empty(),
            uniforms: Batch::empty(),
            others: Batch::empty(),
        }
    }

    /// Goes to the start of a segment.
    pub(crate) fn seek(&mut self, segment: u64) {
        self.chacha.block = segment << SEGMENT;
        for rng in &mut self.spare {
            // A block has 16 words.
            rng.set_word_pos(u128::from(segment) << (SEGMENT + 4));
        }
        for batch in [&mut self.normals, &mut self.uniforms, &mut self.others] {
            batch.next = ROWS;
        }
    }

    /// Standard normal numbers.
    #[inline(always)]
    pub(crate) fn normals(&mut self, rows: &mut [Lanes]) {
        let mut done = 0;
        while done < rows.len() {
            if self.normals.is_empty() {
                self.refill_normals();
            }
            let mut taken = 0;
            for (row, numbers) in lanes::rows(rows[done..].iter_mut().zip(self.normals.left())) {
                *row = Lanes(*numbers);
                taken += 1;
            }
            self.normals.next += taken;
            done += taken;
        }
    }

    /// One row of them.
    #[inline(always)]
    pub(crate) fn normal(&mut self) -> Lanes {
        if self.normals.is_empty() {
            self.refill_normals();
        }
        self.normals.take()
    }

    /// A row of uniform numbers, odd multiples of 2⁻⁵³.
    #[inline(always)]
    pub(crate) fn uniform(&mut self) -> Lanes {
        if self.uniforms.is_empty() {
            self.refill_uniforms();
        }
        self.uniforms.take()
    }

    /// Uniform integers below `bound`, lane by lane.
    ///
    /// The 2⁵² cells that a uniform number can fall into are dealt out in `bound` equal shares. Those left over decide
    /// nothing: the number is drawn again from the spare stream.
    pub(crate) fn below(&mut self, bound: usize) -> [usize; LANES] {
        let cells = 1u64 << 52;
        let share = cells / bound as u64;
        let row = self.uniform();
        std::array::from_fn(|l| {
            let index = ((row[l] * cells as f64) as u64 / share) as usize;
            if index < bound { index } else { self.spare[l].random_range(0..bound) }
        })
    }

    /// The order of samples in an epoch: a shuffle that depends on the chain and the number of the epoch alone.
    pub(crate) fn shuffle(&mut self, lane: usize, epoch: u64, order: &mut [u32]) {
        let rng = &mut self.shuffles[lane];
        rng.set_word_pos(u128::from(epoch) << 34);
        for (i, place) in order.iter_mut().enumerate() {
            *place = i as u32;
        }
        for i in (1..order.len()).rev() {
            order.swap(i, rng.random_range(0..=i));
        }
    }

    #[inline(never)]
    fn refill_normals(&mut self) {
        vectorized(Normals { chacha: &mut self.chacha, numbers: &mut self.normals.numbers });
        self.normals.next = 0;
    }

    #[inline(never)]
    fn refill_uniforms(&mut self) {
        vectorized(Uniforms { chacha: &mut self.chacha, numbers: &mut self.uniforms.numbers });
        self.uniforms.next = 0;
    }

    /// A whole batch of uniform numbers.
    fn uniform_batch(&mut self) -> &Numbers {
        self.refill_uniforms();
        self.uniforms.next = ROWS;
        &self.uniforms.numbers
    }
}

/// Fills `numbers` with standard normal ones, by the generator that all runs draw from: those of the first eight chains
/// of the seed, in turn.
///
/// Not the fastest way to get few: they are made 512 at a time.
pub fn standard_normals(seed: u64, numbers: &mut [f64]) {
    let mut stream = Stream::new(seed, Use::Chain, 0);
    for part in numbers.chunks_mut(ROWS * LANES) {
        stream.refill_normals();
        part.copy_from_slice(&stream.normals.numbers.0[..part.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{Kernel, on_all_instructions};
    use crate::statistics::{assert_follows, assert_uniform, z_of_mean};
    use statrs::distribution::{ContinuousCDF, Normal};

    /// What a test may say by mistake.
    const FALSE_ALARM: f64 = 1e-6;
    /// |z| of a normal number beyond it: 1.1·10⁻⁸ each, for up to 80 of them in a test.
    const Z: f64 = 5.7;

    fn normals(seed: u64, count: usize) -> Vec<f64> {
        let mut numbers = vec![0.0; count];
        standard_normals(seed, &mut numbers);
        numbers
    }

    #[test]
    fn a_stream_keeps_its_values() {
        let mut stream = Stream::new(7, Use::Chain, 0);
        let normal = stream.normal();
        stream.seek(1);
        let segment = [stream.normal()[0], stream.uniform()[0], stream.below(1000)[0] as f64];
        let mut blocks = Stream::new(7, Use::Minibatches, 0);
        let noise = [blocks.normal()[0], blocks.label_noise(LabelNoise::Laplace)[0]];
        let mut law = Stream::new(7, Use::Chain, 8);
        let pairs = law.chi_squared(&ChiSquared::new(5))[0];
        law.seek(0);
        let rejection = law.chi_squared(&ChiSquared::new(50))[0];
        assert_eq!([normal[0], normal[7]], [-0.9573865699028901, 0.16412141481657816]);
        assert_eq!(segment, [1.3930926877038359, 0.3902746924009758, 625.0]);
        assert_eq!(noise, [0.3712609929457904, -0.8394082123475083]);
        assert_eq!([pairs, rejection], [1.28100400694284, 48.166618818946176]);
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        struct Batches(Stream);
        impl Kernel for Batches {
            type Output = Vec<u64>;
            #[inline(always)]
            fn run(mut self) -> Vec<u64> {
                let numbers = |numbers: &Numbers| numbers.0.map(f64::to_bits).to_vec();
                Normals { chacha: &mut self.0.chacha, numbers: &mut self.0.normals.numbers }.run();
                Uniforms { chacha: &mut self.0.chacha, numbers: &mut self.0.uniforms.numbers }.run();
                [numbers(&self.0.normals.numbers), numbers(&self.0.uniforms.numbers)].concat()
            }
        }
        for seed in 0..100 {
            let all = on_all_instructions(|| Batches(Stream::new(seed, Use::Chain, seed)));
            assert!(all.iter().all(|bits| *bits == all[0]), "seed {seed}");
        }
    }

    #[test]
    fn a_segment_does_not_depend_on_what_was_drawn_before() {
        let draw = |stream: &mut Stream| {
            stream.seek(3);
            (stream.normal(), stream.uniform(), stream.below(7), stream.chi_squared(&ChiSquared::new(17)))
        };
        let mut fresh = Stream::new(1, Use::Chain, 16);
        let mut used = fresh.clone();
        used.seek(900);
        for _ in 0..1000 {
            used.normal();
            used.below(3);
            used.chi_squared(&ChiSquared::new(17));
        }
        assert_eq!(draw(&mut fresh), draw(&mut used));
    }

    #[test]
    fn a_chain_draws_the_same_in_any_company() {
        let mut low = Stream::new(1, Use::Chain, 0);
        let mut high = Stream::new(1, Use::Chain, 5);
        for _ in 0..200 {
            assert_eq!(low.normal()[5..], high.normal()[..3]);
            assert_eq!(low.below(10)[5..], high.below(10)[..3]);
            let law = ChiSquared::new(17);
            assert_eq!(low.chi_squared(&law)[5..], high.chi_squared(&law)[..3]);
        }
    }

    #[test]
    fn normal_numbers_follow_their_law() {
        let law = Normal::standard();
        for seed in 1..=3 {
            assert_follows(&normals(seed, 1 << 20), |x| law.cdf(x), FALSE_ALARM, &format!("seed {seed}"));
        }
    }

    #[test]
    fn normal_numbers_have_their_moments_and_tails() {
        let (seed, count) = (4, 1 << 24);
        let numbers = normals(seed, count);
        // E x^k = (k − 1)!! for even k.
        let mut moment = 1.0;
        for k in 1..=8 {
            let expected = if k % 2 == 0 { moment } else { 0.0 };
            if k % 2 == 1 {
                moment *= f64::from(k);
            }
            let z = z_of_mean(numbers.iter().map(|x| x.powi(k) - expected));
            assert!(z.abs() < Z, "seed {seed}, moment {k}: z = {z}");
        }
        for bound in [2.0, 3.0, 4.0, 4.5] {
            let p = 2.0 * Normal::standard().sf(bound);
            let beyond = numbers.iter().filter(|x| x.abs() > bound).count() as f64;
            let z = (beyond - p * count as f64) / (p * count as f64).sqrt();
            assert!(z.abs() < Z, "seed {seed}, beyond {bound}: {beyond}, z = {z}");
        }
    }

    #[test]
    fn lanes_rows_pairs_and_seeds_are_independent() {
        let count = 1 << 19;
        let [first, second] = [normals(5, count), normals(6, count)];
        // Lag 1 to 7: other chains; 8: the next block of ChaCha; 64: the other number of a pair; 512: another batch.
        let lags = [1, 2, 3, 4, 5, 6, 7, 8, 16, 64, 128, 512];
        for (name, f) in [("x", (|x| x) as fn(f64) -> f64), ("x²", |x| x * x - 1.0), ("x³", |x| x * x * x)] {
            for lag in lags {
                let z = z_of_mean(first.iter().zip(&first[lag..]).map(|(x, y)| f(*x) * f(*y)));
                assert!(z.abs() < Z, "{name}, lag {lag}: z = {z}");
            }
            let z = z_of_mean(first.iter().zip(&second).map(|(x, y)| f(*x) * f(*y)));
            assert!(z.abs() < Z, "{name}, seeds: z = {z}");
        }
    }

    #[test]
    fn integers_below_a_bound_are_uniform() {
        for (bound, seed) in [(1, 1), (2, 2), (7, 3), (100, 4), (1000, 5)] {
            let mut stream = Stream::new(seed, Use::Chain, 0);
            let mut counts = vec![0; bound];
            for _ in 0..20_000 {
                stream.below(bound).into_iter().for_each(|i| counts[i] += 1);
            }
            assert_uniform(&counts, FALSE_ALARM, &format!("below {bound}, seed {seed}"));
        }
    }

    #[test]
    fn a_shuffle_is_a_permutation_of_its_own() {
        let mut stream = Stream::new(1, Use::Chain, 0);
        let mut shuffled = |lane, epoch| {
            let mut order = vec![0; 50];
            stream.shuffle(lane, epoch, &mut order);
            order
        };
        let orders = [shuffled(0, 0), shuffled(0, 1), shuffled(1, 0), shuffled(0, 0)];
        assert_eq!(orders[0], orders[3]);
        assert!(orders[0] != orders[1] && orders[0] != orders[2]);
        for mut order in orders {
            order.sort_unstable();
            assert!(order.iter().enumerate().all(|(i, &j)| i == j as usize));
        }
    }
}
