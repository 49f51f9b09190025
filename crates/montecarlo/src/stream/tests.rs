//! Streams against their laws, each at a stated probability of a false alarm, and against their own earlier numbers.

use super::chi_squared::ChiSquared;
use super::label_noise::LabelNoise;
use super::*;
use crate::lanes::{Kernel, on_all_instructions};
use crate::statistics::{assert_follows, assert_uniform, z_of_mean};
use statrs::distribution::{ContinuousCDF, Normal};

/// The probability of a false alarm, each test.
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

#[test]
fn rows_of_normal_numbers_are_single_ones_in_turn() {
    let mut stream = Stream::new(8, Use::Chain, 0);
    let mut same = stream.clone();
    for length in [0, 1, 63, 3, 64, 150] {
        let mut rows = lanes::zeros(length);
        stream.normals(&mut rows);
        assert!(rows.iter().all(|row| *row == same.normal()), "{length} rows");
    }
}

/// With 2⁵¹ + 1 shares of one cell nearly half of the cells are left over.
#[test]
fn cells_that_are_left_over_ask_the_spare_stream() {
    let (bound, cells) = ((1 << 51) + 1, f64::powi(2.0, 52));
    let mut stream = Stream::new(8, Use::Chain, 0);
    let mut same = stream.clone();
    let mut again = 0;
    for _ in 0..100 {
        let found = stream.below(bound);
        let uniform = same.uniform();
        for (l, found) in found.into_iter().enumerate() {
            let cell = (uniform[l] * cells).floor() as usize;
            again += u32::from(cell >= bound);
            let expected = if cell < bound { cell } else { same.spare[l].random_range(0..bound) };
            assert_eq!(found, expected);
        }
    }
    assert!((300..500).contains(&again), "{again} of 800");
    // Two shares of 2⁵¹ cells: below one half, and above.
    let (halves, uniform) = (stream.below(2), same.uniform());
    assert!((0..LANES).all(|l| halves[l] == usize::from(uniform[l] > 0.5)));
}

/// A segment has 2⁴⁴ blocks of 16 words, an epoch 2³⁴ words, and each use streams of its own.
#[test]
fn segments_and_epochs_have_places_of_their_own() {
    let mut stream = Stream::new(8, Use::Minibatches, 16);
    stream.seek(3);
    assert_eq!(stream.chacha.block, 3 << 44);
    stream.shuffle(2, 5, &mut [0]);
    for (l, (spare, shuffles)) in stream.spare.iter().zip(&stream.shuffles).enumerate() {
        let number = 16 + l as u64;
        assert_eq!((spare.get_word_pos(), spare.get_stream()), (3 << 48, number | 1 << 62 | 1 << 63));
        assert_eq!(shuffles.get_stream(), number | 1 << 61 | 1 << 63);
    }
    assert_eq!((stream.shuffles[2].get_word_pos(), stream.shuffles[1].get_word_pos()), (5 << 34, 0));
    assert_eq!(Use::Chain.stream(16), 16);
}
