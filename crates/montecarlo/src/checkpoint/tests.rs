//! Checkpoints word by word, as they were written and as nobody wrote them.

use super::*;
use crate::{Draws, LabelNoise};
use proptest::prelude::*;
use std::{fs, io};
use symbols::{BatchSize, DataSet, Gaussian, LastBatch, Matrix, Momentum, Population, Sampling, Vector, matrix};

/// Two packs of 8 and 1 chains, one segment of burn-in and four of one step each.
const PLAN: Plan = Plan { chains: 9, burn_in: 1, steps: 4, seed: 3, draws: Draws::InLaw };

fn gaussian() -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: Matrix::from_row_slice(2, 2, &[1.0, 0.25, 0.25, 0.5]),
        input_noise_covariance: Matrix::from_row_slice(2, 2, &[0.25, 0.0, 0.0, 0.125]),
        label_noise_variance: 0.5,
        true_weights: Vector::from_vec(vec![1.0, -0.5]),
    });
    Setting::new(population, matrix::identity::<f64>(2) * 0.125, BatchSize::new(3).unwrap())
        .unwrap()
        .with_momentum(Momentum::new(0.25).unwrap())
        .with_weight_decay(matrix::identity::<f64>(2) * 0.5)
        .unwrap()
}

fn data(labels: &[f64]) -> Setting<f64> {
    let features = Matrix::from_fn(labels.len(), 2, |i, j| if i == j { 1.0 } else { 0.5 });
    let population = Population::Data(DataSet { features, labels: Vector::from_column_slice(labels) });
    Setting::new(population, matrix::identity::<f64>(2) * 0.125, BatchSize::new(2).unwrap()).unwrap()
}

fn after(segments: usize) -> Run {
    let mut run = Run::new(&gaussian(), &PLAN).unwrap();
    run.advance(segments, &|_| ()).unwrap();
    run
}

fn fresh() -> Run {
    after(0)
}

/// All that a pack has to remember.
fn state(run: &Run) -> String {
    let pack = |pack: &Pack| {
        let places = (pack.first_chain, pack.live, &pack.y, &pack.k, &pack.draws);
        format!("{places:?} {:?}", (&pack.parts, &pack.blocks, &pack.fluctuation, &pack.noise))
    };
    format!("{} {:?}", run.done, run.packs.iter().map(pack).collect::<Vec<_>>())
}

/// The words after the head, of which the last are the state.
fn words(bytes: &[u8]) -> Vec<u64> {
    bytes[HEAD..].as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word)).collect()
}

/// A checkpoint of these words with a checksum that is right.
fn sealed(words: &[u64]) -> Vec<u8> {
    let body: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let checksum = crc32fast::hash(&body).to_le_bytes();
    [&b"sgd-mc\r\n\x02\0\0\0"[..], &checksum, &body].concat()
}

fn problem(bytes: &[u8]) -> CheckpointProblem {
    fresh().with_bytes(bytes).err().unwrap()
}

/// A checksum that fits, of words that do not.
fn is_inconsistent(words: &[u64]) -> bool {
    matches!(problem(&sealed(words)), CheckpointProblem::Inconsistent { .. })
}

#[test]
fn every_state_of_a_run_is_read_as_it_was_written() {
    for segments in 0..=5 {
        let run = after(segments);
        let bytes = run.to_bytes();
        assert_eq!(bytes, sealed(&words(&bytes)));
        let read = fresh().with_bytes(&bytes).unwrap();
        assert_eq!(state(&read), state(&run), "{segments} segments");
        assert_eq!(read.done, segments);
    }
}

/// Each parameter is preceded by its length: first five of one word.
#[test]
fn a_checkpoint_starts_with_the_plan_and_the_sizes() {
    let words = words(&after(2).to_bytes());
    assert_eq!(words[..16], [1, 3, 1, 9, 1, 1, 1, 4, 1, 4, 1, 2, 1, 3, 1, gaussian().sampling() as u64]);
    // The learning rate, column by column.
    assert_eq!(words[16..21], [4, 0.125_f64.to_bits(), 0, 0, 0.125_f64.to_bits()]);
    // Momentum 1, Γ 4, A 4, B 4, σ² 1, u 2, each with its length; then the segments done, the shard 1/1, and the first chain.
    assert_eq!(words[21 + 2 + 5 + 5 + 5 + 2 + 3..][..4], [2, 1, 1, 0]);
}

#[test]
fn ways_of_drawing_have_numbers_of_their_own() {
    let number = |draws| Parameters::of(&gaussian(), &Plan { draws, ..PLAN }).0[4].clone();
    let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
    let draws =
        laws.map(Draws::Literal).into_iter().chain([Draws::InLaw]).chain(LastBatch::ALL.map(Draws::ShuffledEpochs));
    for (expected, draws) in draws.enumerate() {
        let found = number(draws);
        assert_eq!((found.name, found.words), ("draws", vec![expected as u64]));
    }
}

#[test]
fn the_first_parameter_that_differs_is_named_with_its_values() {
    let (gaussian, data) = (gaussian(), data(&[1.0, 2.0, 3.0]));
    let told = |one: (&Setting<f64>, &Plan), other: (&Setting<f64>, &Plan)| {
        let difference = Parameters::of(one.0, one.1).first_difference(&Parameters::of(other.0, other.1));
        difference.map(|difference| format!("{}: {}, {}", difference.quantity, difference.own, difference.other))
    };
    let of = |text: &str| Some(text.to_owned());
    assert_eq!(told((&gaussian, &PLAN), (&gaussian, &PLAN)), None);
    let later = Plan { chains: 10, steps: 5, ..PLAN };
    assert_eq!(told((&gaussian, &PLAN), (&gaussian, &later)), of("number of chains: 9, 10"));
    let shuffled = Plan { draws: Draws::ShuffledEpochs(LastBatch::Drop), ..PLAN };
    let told_draws = told((&gaussian, &PLAN), (&gaussian, &shuffled));
    assert_eq!(told_draws, of("draws: in law, shuffled epochs, a smaller last minibatch dropped"));
    let alike = data.clone().with_population(gaussian.population().clone()).unwrap();
    assert_eq!(told((&data, &PLAN), (&alike, &PLAN)), of("population: features, feature covariance"));
    let other = self::data(&[1.0, 2.0, 4.0]);
    assert_eq!(told((&data, &PLAN), (&other, &PLAN)), of("labels: 3.0 in entry 3, 4.0 in entry 3"));
    let more = self::data(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(told((&data, &PLAN), (&more, &PLAN)), of("features: of 6 numbers, of 8 numbers"));
}

#[test]
fn what_is_no_checkpoint_is_foreign() {
    let bytes = fresh().to_bytes();
    assert_eq!(problem(&bytes[..HEAD - 1]), CheckpointProblem::Foreign);
    for at in 0..8 {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(problem(&other), CheckpointProblem::Foreign, "byte {at}");
    }
}

#[test]
fn versions_and_checksums_are_little_endian() {
    let mut bytes = fresh().to_bytes();
    bytes[8..12].copy_from_slice(&[4, 3, 2, 1]);
    assert_eq!(problem(&bytes), CheckpointProblem::Version { found: 0x0102_0304, expected: 2 });
    let mut bytes = fresh().to_bytes();
    let found = crc32fast::hash(&bytes[HEAD..]);
    bytes[12..16].copy_from_slice(&[8, 7, 6, 5]);
    assert_eq!(problem(&bytes), CheckpointProblem::Damaged { found, expected: 0x0506_0708 });
}

#[test]
fn bytes_beyond_the_last_word_are_damage() {
    let mut body = words(&fresh().to_bytes()).iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    body.push(0);
    let checksum = crc32fast::hash(&body);
    let bytes = [&b"sgd-mc\r\n\x02\0\0\0"[..], &checksum.to_le_bytes(), &body].concat();
    assert_eq!(problem(&bytes), CheckpointProblem::Damaged { found: checksum, expected: checksum });
}

/// The state of a run of no segments: 43 words of parameters, then the segments done and the shard, and for each pack its first
/// chain and D + D + D(D + 1)/2 + D(D + 1)/2 rows of eight, as draws in law have noise of D numbers.
#[test]
fn words_that_fit_no_run_are_inconsistent() {
    const DONE: usize = 43;
    let words = words(&fresh().to_bytes());
    let of_pack = 1 + 8 * (2 + 2 + 3 + 3);
    assert_eq!(words.len(), DONE + 3 + 2 * of_pack);
    assert_eq!((words[DONE..DONE + 4].to_vec(), words[DONE + 3 + of_pack]), (vec![0, 1, 1, 0], 8));
    assert!(fresh().with_bytes(&sealed(&words)).is_ok());
    for length in 0..words.len() {
        assert!(is_inconsistent(&words[..length]), "{length} words");
    }
    assert!(is_inconsistent(&[&words[..], &[0]].concat()));
    let changed = |at: usize, to: u64| {
        let mut words = words.clone();
        words[at] = to;
        is_inconsistent(&words)
    };
    // A sixth segment of five, or two blocks that have no words; a shard that is none, or has other chains.
    for (at, values) in [(0, [6, 3, u64::MAX]), (1, [0, 2, u64::MAX]), (2, [0, 2, u64::MAX])] {
        assert!(values.iter().all(|&value| changed(DONE + at, value)), "word {at}");
    }
    for first in [0, 4, 16, u64::MAX] {
        assert!(changed(DONE + 3 + of_pack, first), "chains from {first}");
    }
}

/// Numbers that no run would have written.
fn extremes() -> impl Strategy<Value = u64> {
    let doubles = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -f64::MAX, 5e-324, -1.0, 1e300, -1e-300];
    let edges = [0, 1, 2, 5, 8, 9, 1 << 20, 1 << 32, (1 << 61) - 1, 1 << 61, 1 << 63, u64::MAX - 1, u64::MAX];
    let all = edges.into_iter().chain(doubles.map(f64::to_bits));
    prop_oneof![prop::sample::select(Vec::from_iter(all)), any::<u64>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// With a checksum that is right. What is read as a run can be run, and asked for its estimate, without a panic.
    #[test]
    fn a_forged_checkpoint_is_a_run_or_an_error(
        segments in 0usize..6,
        forged in prop::collection::vec((any::<prop::sample::Index>(), extremes()), 0..4),
        of_head in prop::collection::vec((0usize..60, extremes()), 0..2),
        cut in prop::option::of((any::<prop::sample::Index>(), 0usize..9)),
    ) {
        let mut words = words(&after(segments).to_bytes());
        for (at, value) in forged {
            let at = at.index(words.len());
            words[at] = value;
        }
        for (at, value) in of_head {
            words[at] = value;
        }
        if let Some((at, more)) = cut {
            words.truncate(at.index(words.len()));
            words.extend(vec![8; more]);
        }
        if let Ok(mut run) = fresh().with_bytes(&sealed(&words)) {
            let _ = run.estimate();
            let _ = run.advance(usize::MAX, &|_| ());
            let _ = run.estimate();
            let _ = Run::merge([run]);
        }
    }
}

#[test]
fn a_checkpoint_of_another_run_is_told_by_what_differs() {
    let bytes = after(3).to_bytes();
    let read = |setting: &Setting<f64>, plan: &Plan| Run::new(setting, plan).unwrap().with_bytes(&bytes).err();
    let another = |quantity, found: &str, expected: &str| {
        Some(CheckpointProblem::AnotherRun { quantity, found: found.to_owned(), expected: expected.to_owned() })
    };
    assert_eq!(read(&gaussian(), &Plan { seed: 4, ..PLAN }), another("seed", "3", "4"));
    assert_eq!(read(&gaussian(), &Plan { burn_in: 2, ..PLAN }), another("burn-in", "1", "2"));
    assert_eq!(read(&gaussian().with_sampling(Sampling::WithReplacement).unwrap(), &PLAN), None);
    let slower = gaussian().with_learning_rate(matrix::identity::<f64>(2) * 0.0625).unwrap();
    assert_eq!(read(&slower, &PLAN), another("learning rate", "0.125 in entry 1", "0.0625 in entry 1"));
    let steady = gaussian().with_weight_decay(Matrix::zeros(2, 2)).unwrap();
    assert_eq!(read(&steady, &PLAN), another("weight decay", "0.5 in entry 1", "0.0 in entry 1"));
}

#[test]
fn files_are_saved_loaded_and_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let run = after(3);
    run.save(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), run.to_bytes());
    assert_eq!(state(&Run::load(&path, &gaussian(), &PLAN).unwrap()), state(&run));
    assert_eq!(state(&fresh().resume(&path).unwrap()), state(&run));
    // The file is longer than any of a run of fewer chains, and whole nevertheless.
    let told = Run::load(&path, &gaussian(), &Plan { chains: 2, ..PLAN }).err().unwrap().to_string();
    assert!(told.ends_with("checkpoint of another run: its number of chains is 9, expected 2"), "{told}");
    let mut longer = run.to_bytes();
    longer.extend([0; 1 << 17]);
    let checksum = crc32fast::hash(&longer[HEAD..]).to_le_bytes();
    longer[12..16].copy_from_slice(&checksum);
    fs::write(&path, &longer).unwrap();
    let told = Run::load(&path, &gaussian(), &PLAN).err().unwrap().to_string();
    assert!(told.contains("no state of this run, though its checksum is right: number of words = "), "{told}");
    run.save(&path).unwrap();
    let shard = Run::shard(&gaussian(), &PLAN, crate::Shard::new(2, 2).unwrap()).unwrap();
    let (found, expected) = ("1/1".to_owned(), "2/2".to_owned());
    let problem = CheckpointProblem::AnotherRun { quantity: "shard", found, expected };
    assert_eq!(shard.resume(&path).err(), Some(MonteCarloError::Checkpoint { path: path.clone(), problem }));
    let missing = folder.path().join("none").join("run");
    for error in [run.save(&missing).err(), Run::load(&missing, &gaussian(), &PLAN).err()] {
        let Some(MonteCarloError::File { path, kind, .. }) = error else { panic!("{error:?}") };
        assert_eq!((path, kind), (missing.clone(), io::ErrorKind::NotFound));
    }
}
