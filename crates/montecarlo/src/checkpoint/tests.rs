//! Checkpoints word by word, as they were written and as nobody wrote them.

use super::*;
use symbols::{BatchSize, DataSet, Gaussian, Matrix, Momentum, Sampling, Vector, matrix};

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
    [&b"sgd-mc\r\n\x01\0\0\0"[..], &checksum, &body].concat()
}

fn problem(bytes: &[u8]) -> CheckpointProblem {
    fresh().with_bytes(bytes).err().unwrap()
}

/// A checksum that fits, of words that do not.
fn is_damaged(words: &[u64]) -> bool {
    let bytes = sealed(words);
    let checksum = crc32fast::hash(&bytes[HEAD..]);
    problem(&bytes) == CheckpointProblem::Damaged { found: checksum, expected: checksum }
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
    // Momentum 1, Γ 4, A 4, B 4, σ² 1, u 2, each with its length; then the segments done and the packs, and the first.
    assert_eq!(words[21 + 2 + 5 + 5 + 5 + 2 + 3..][..3], [2, 2, 0]);
}

#[test]
fn ways_of_drawing_have_numbers_of_their_own() {
    let number = |draws| parameters(&gaussian(), &Plan { draws, ..PLAN }).0[4].clone();
    let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
    let draws = laws.map(Draws::Literal).into_iter().chain([Draws::InLaw, Draws::ShuffledEpochs]);
    for (expected, draws) in draws.enumerate() {
        assert_eq!(number(draws), ("draws", vec![expected as u64]));
    }
}

#[test]
fn the_first_parameter_that_differs_is_named() {
    let (gaussian, data) = (gaussian(), data(&[1.0, 2.0, 3.0]));
    let of = |setting, plan: &Plan| parameters(setting, plan);
    assert_eq!(of(&gaussian, &PLAN).first_difference(&of(&gaussian, &PLAN)), None);
    let later = Plan { chains: 10, steps: 5, ..PLAN };
    assert_eq!(of(&gaussian, &PLAN).first_difference(&of(&gaussian, &later)), Some("number of chains"));
    let alike = data.clone().with_population(gaussian.population().clone()).unwrap();
    let alike = [of(&data, &PLAN), of(&alike, &PLAN)];
    assert_eq!(alike[0].first_difference(&alike[1]), Some("features"));
    assert_eq!(alike[1].first_difference(&alike[0]), Some("feature covariance"));
    let other = self::data(&[1.0, 2.0, 4.0]);
    assert_eq!(of(&data, &PLAN).first_difference(&of(&other, &PLAN)), Some("labels"));
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
    assert_eq!(problem(&bytes), CheckpointProblem::Version { found: 0x0102_0304, expected: 1 });
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
    let bytes = [&b"sgd-mc\r\n\x01\0\0\0"[..], &checksum.to_le_bytes(), &body].concat();
    assert_eq!(problem(&bytes), CheckpointProblem::Damaged { found: checksum, expected: checksum });
}

/// The state of a run of no segments: 43 words of parameters, then those done, the packs, and for each its first chain
/// and D + D + D(D + 1)/2 + D(D + 1)/2 rows of eight, as draws in law have noise of D numbers.
#[test]
fn words_that_fit_no_run_are_damage() {
    const DONE: usize = 43;
    let words = words(&fresh().to_bytes());
    let of_pack = 1 + 8 * (2 + 2 + 3 + 3);
    assert_eq!(words.len(), DONE + 2 + 2 * of_pack);
    assert_eq!((words[DONE..DONE + 3].to_vec(), words[DONE + 2 + of_pack]), (vec![0, 2, 0], 8));
    let changed = |at: usize, to: u64| {
        let mut words = words.clone();
        words[at] = to;
        words
    };
    assert!(fresh().with_bytes(&sealed(&words)).is_ok());
    for length in 0..words.len() {
        let short = &words[..length];
        let refused = if length < DONE { !is_damaged(short) } else { is_damaged(short) };
        assert!(refused && fresh().with_bytes(&sealed(short)).is_err(), "{length} words");
    }
    assert!(is_damaged(&[&words[..], &[0]].concat()));
    // A sixth segment of five, and no pack, so that nothing is missing.
    assert!(is_damaged(&[&words[..DONE], &[6, 0]].concat()));
    // A third pack of two, which is the second again.
    let third = [&words[..DONE], &[0, 3], &words[DONE + 2..], &words[DONE + 2 + of_pack..]].concat();
    assert!(is_damaged(&third));
    // Chains of a second pack that are none of eight, and chains that no plan of nine has.
    for first in [4, 16, u64::MAX] {
        assert!(is_damaged(&changed(DONE + 2 + of_pack, first)), "chains from {first}");
    }
}

#[test]
fn a_plan_of_eight_chains_has_no_second_pack() {
    let plan = Plan { chains: 8, ..PLAN };
    let run = || Run::new(&gaussian(), &plan).unwrap();
    let mut words = words(&run().to_bytes());
    assert!(run().with_bytes(&sealed(&words)).is_ok());
    words[45] = 8;
    assert!(matches!(run().with_bytes(&sealed(&words)), Err(CheckpointProblem::Damaged { .. })));
}

#[test]
fn a_checkpoint_of_another_run_is_told_by_what_differs() {
    let bytes = after(3).to_bytes();
    let read = |setting: &Setting<f64>, plan: &Plan| Run::new(setting, plan).unwrap().with_bytes(&bytes).err();
    let another = |quantity| Some(CheckpointProblem::AnotherRun { quantity });
    assert_eq!(read(&gaussian(), &Plan { seed: 4, ..PLAN }), another("seed"));
    assert_eq!(read(&gaussian(), &Plan { burn_in: 2, ..PLAN }), another("burn-in"));
    assert_eq!(read(&gaussian().with_sampling(Sampling::WithReplacement).unwrap(), &PLAN), None);
    let slower = gaussian().with_learning_rate(matrix::identity::<f64>(2) * 0.0625).unwrap();
    assert_eq!(read(&slower, &PLAN), another("learning rate"));
    let steady = gaussian().with_weight_decay(Matrix::zeros(2, 2)).unwrap();
    assert_eq!(read(&steady, &PLAN), another("weight decay"));
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
    let shard = Run::shard(&gaussian(), &PLAN, crate::Shard::new(2, 2).unwrap()).unwrap();
    let problem = CheckpointProblem::AnotherRun { quantity: "shard" };
    assert_eq!(shard.resume(&path).err(), Some(MonteCarloError::Checkpoint { path: path.clone(), problem }));
    let missing = folder.path().join("none").join("run");
    for error in [run.save(&missing).err(), Run::load(&missing, &gaussian(), &PLAN).err()] {
        let Some(MonteCarloError::File { path, kind, .. }) = error else { panic!("{error:?}") };
        assert_eq!((path, kind), (missing.clone(), io::ErrorKind::NotFound));
    }
}
