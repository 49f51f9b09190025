//! Checkpoints byte by byte, as they were written and as nobody wrote them.

use super::*;
use crate::draws::Draws;
use crate::stream::label_noise::LabelNoise;
use numbers::{Matrix, Vector, matrix};
use proptest::prelude::*;
use std::{fs, io};
use symbols::{BatchSize, DataSet, Gaussian, LastBatch, Momentum, Population, Sampling};

/// Two packs of 8 and 1 chains, one segment of burn-in and four of one step each.
const PLAN: Plan = Plan { chains: 9, burn_in: 1, steps: 4, seed: 3, draws: Draws::InDistribution };

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
    run.advance(segments, &()).unwrap();
    run
}

fn fresh() -> Run {
    after(0)
}

/// All that a pack has to remember.
fn state(run: &Run) -> String {
    let pack = |pack: &Pack| format!("{:?}", (pack.first_chain, pack.live, &pack.state));
    format!("{} {:?}", run.done, run.packs.iter().map(pack).collect::<Vec<_>>())
}

/// A checkpoint of this body with a checksum that is right.
fn sealed(body: &[u8]) -> Vec<u8> {
    let checksum = crc32fast::hash(body).to_le_bytes();
    [&b"sgd-mc\r\n\x03\0\0\0"[..], &checksum, body].concat()
}

fn problem(bytes: &[u8]) -> CheckpointProblem {
    fresh().with_bytes(bytes).err().unwrap()
}

/// A checksum that fits, of a body that does not.
fn is_refused(body: &[u8]) -> bool {
    let problem = problem(&sealed(body));
    matches!(problem, CheckpointProblem::Undecodable { .. } | CheckpointProblem::Inconsistent { .. })
}

/// How many bytes of the body are parameters.
fn length_of_parameters() -> usize {
    fresh().parameters().0.iter().map(|parameter| with(Vec::new(), &parameter.value).len()).sum()
}

#[test]
fn every_state_of_a_run_is_read_as_it_was_written() {
    for segments in 0..=5 {
        let run = after(segments);
        let bytes = run.to_bytes();
        assert_eq!(bytes, sealed(&bytes[HEAD..]));
        let read = fresh().with_bytes(&bytes).unwrap();
        assert_eq!(state(&read), state(&run), "{segments} segments");
        assert_eq!(read.done, segments);
        assert!(bytes.len() as u64 <= run.longest());
    }
    let slack = after(5).longest() - after(5).to_bytes().len() as u64;
    assert!(slack <= 3 * INTEGER as u64, "{slack}");
}

/// Each value is preceded by its kind, and a vector by its length.
#[test]
fn a_checkpoint_starts_with_the_plan_and_the_sizes() {
    let bytes = after(2).to_bytes();
    let body = &bytes[HEAD..];
    assert_eq!(body[..18], [0, 3, 0, 9, 0, 1, 0, 4, 2, 1, 0, 2, 4, 0, 0, 3, 3, gaussian().sampling() as u8]);
    // The learning rate, column by column.
    let eighth = 0.125_f64.to_le_bytes();
    assert_eq!(body[18..20], [1, 4]);
    assert_eq!(body[20..52], [eighth, [0; 8], [0; 8], eighth].concat());
    // Momentum 1, Γ 4, A 4, B 4, σ² 1, u 2, each after two bytes; then the segments done, the shard 1/1, and D
    // coordinates.
    let parameters = 52 + 6 * 2 + 8 * (1 + 4 + 4 + 4 + 1 + 2);
    assert_eq!((length_of_parameters(), &body[parameters..][..4]), (parameters, &[2, 1, 1, 2][..]));
}

#[test]
fn ways_of_drawing_are_read_as_they_were_written() {
    let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
    let draws = laws
        .map(Draws::Literal)
        .into_iter()
        .chain([Draws::InDistribution])
        .chain(LastBatch::ALL.map(Draws::ShuffledEpochs));
    let encoded = |draws| with(Vec::new(), &Parameters::of(&gaussian(), &Plan { draws, ..PLAN }).0[4].value);
    let all = Vec::from_iter(draws.map(|draws| (draws, encoded(draws))));
    for (draws, bytes) in &all {
        let found: parameters::Value = take(&mut &bytes[..], "draws").unwrap();
        assert!(matches!(found, parameters::Value::Draws(found) if found == *draws), "{draws}");
        assert_eq!(all.iter().filter(|(_, other)| other == bytes).count(), 1, "{draws}");
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
    assert_eq!(told_draws, of("draws: in distribution, shuffled epochs, a smaller last minibatch dropped"));
    let alike = data.clone().with_population(gaussian.population().clone()).unwrap();
    assert_eq!(told((&data, &PLAN), (&alike, &PLAN)), of("population: a data set of 3 samples, Gaussian features"));
    let other = self::data(&[1.0, 2.0, 4.0]);
    assert_eq!(told((&data, &PLAN), (&other, &PLAN)), of("labels: 3.0 in entry 3, 4.0 in entry 3"));
    let more = self::data(&[1.0, 2.0, 3.0, 4.0]);
    assert_eq!(
        told((&data, &PLAN), (&more, &PLAN)),
        of("population: a data set of 3 samples, a data set of 4 samples")
    );
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
    assert_eq!(problem(&bytes), CheckpointProblem::Version { found: 0x0102_0304, expected: 3 });
    let mut bytes = fresh().to_bytes();
    let found = crc32fast::hash(&bytes[HEAD..]);
    bytes[12..16].copy_from_slice(&[8, 7, 6, 5]);
    assert_eq!(problem(&bytes), CheckpointProblem::Damaged { found, expected: 0x0506_0708 });
}

/// Version 2 had words of 64 bits.
#[test]
fn the_checkpoint_of_an_older_version_is_refused_by_its_version() {
    let words: [u64; 4] = [1, 3, 1, 9];
    let body = words.map(u64::to_le_bytes).concat();
    let bytes = [&b"sgd-mc\r\n\x02\0\0\0"[..], &crc32fast::hash(&body).to_le_bytes(), &body].concat();
    assert_eq!(problem(&bytes), CheckpointProblem::Version { found: 2, expected: 3 });
    assert_eq!(problem(&bytes).to_string(), "checkpoint version 2: expected 3");
}

#[test]
fn a_byte_too_many_is_told() {
    let mut body = fresh().to_bytes()[HEAD..].to_vec();
    let used = body.len() as u64;
    body.push(0);
    let (quantity, found) = ("number of bytes", used + 1);
    let expected = CheckpointProblem::Inconsistent { quantity, found, minimum: used, maximum: used };
    assert_eq!(problem(&sealed(&body)), expected);
}

/// After the parameters come the segments done, the shard, and for each pack y and k with D rows of eight, no parts and
/// no blocks, no draws, and the sums of v vᵀ and of the noise, which has D numbers where it is drawn in distribution.
#[test]
fn bytes_that_fit_no_run_are_refused() {
    let bytes = fresh().to_bytes();
    let (body, progress) = (&bytes[HEAD..], length_of_parameters());
    let of_pack = 2 * (1 + 2 * 64) + 3 + 2 * (2 + 3 * 64);
    assert_eq!(body.len(), progress + 3 + 2 * of_pack);
    assert_eq!(body[progress..][..4], [0, 1, 1, 2]);
    for length in 0..body.len() {
        assert!(is_refused(&body[..length]), "{length} bytes");
    }
    let with_bytes = |at: usize, put: &[u8]| [&body[..at], put, &body[at + 1..]].concat();
    // A sixth segment of five, or two blocks that have no numbers; a shard that is none, or has other chains.
    for (at, values) in [(0, [6, 3, 127]), (1, [0, 2, 127]), (2, [0, 2, 127])] {
        assert!(values.iter().all(|&value| is_refused(&with_bytes(progress + at, &[value]))), "byte {at}");
    }
    // Every length, and every order of a matrix, is another: by one, and as long as no memory is.
    let huge = [vec![0xff; 9], vec![1]].concat();
    let (y, k) = (progress + 3, progress + 3 + 129);
    let (parts, sums) = (k + 129, k + 129 + 3);
    for at in [y, k, parts, parts + 1, parts + 2, sums, sums + 1, sums + 2 + 192, sums + 3 + 192] {
        assert!(body[at] < 4, "{at}");
        for put in [&[body[at] + 1][..], &huge] {
            assert!(is_refused(&with_bytes(at, put)), "byte {at}: {put:?}");
        }
    }
    // The learning rate, of four numbers.
    assert!(is_refused(&with_bytes(19, &huge)) && is_refused(&with_bytes(19, &[3])));
}

/// Bytes that no run would have written: those of doubles, and of integers, long and short.
fn extremes() -> impl Strategy<Value = Vec<u8>> {
    let doubles = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, -f64::MAX, 5e-324, -1.0, 1e300, -1e-300];
    let integers = [0, 1, 2, 5, 8, 9, 1 << 20, 1 << 32, (1 << 61) - 1, 1 << 61, 1 << 63, u64::MAX - 1, u64::MAX];
    let doubles = doubles.iter().map(|double| double.to_le_bytes().to_vec());
    let all = Vec::from_iter(doubles.chain(integers.iter().map(|integer| with(Vec::new(), integer))));
    prop_oneof![prop::sample::select(all), prop::collection::vec(any::<u8>(), 0..9)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// With a checksum that is right. What is read as a run can be run, and asked for its estimate, without a panic.
    #[test]
    fn a_forged_checkpoint_is_a_run_or_an_error(
        segments in 0usize..6,
        forged in prop::collection::vec((any::<prop::sample::Index>(), extremes(), any::<bool>()), 0..4),
        of_state in prop::option::of((any::<prop::sample::Index>(), extremes())),
        cut in prop::option::of((any::<prop::sample::Index>(), 0usize..9)),
    ) {
        let mut body = after(segments).to_bytes()[HEAD..].to_vec();
        // A double of y or k of the first pack: such a checkpoint is read, and run.
        if let Some((at, value)) = of_state.filter(|(_, value)| value.len() == 8) {
            let at = length_of_parameters() + 4 + at.index(16) * 8;
            body.splice(at..at + 8, value);
        }
        for (at, value, insert) in forged {
            let at = at.index(body.len());
            let end = if insert { at } else { (at + value.len()).min(body.len()) };
            body.splice(at..end, value);
        }
        if let Some((at, more)) = cut {
            body.truncate(at.index(body.len()));
            body.extend(vec![8; more]);
        }
        if let Ok(mut run) = fresh().with_bytes(&sealed(&body)) {
            let _ = run.estimate();
            let _ = run.advance(usize::MAX, &());
            let _ = run.estimate();
            let _ = Run::merge([run]);
        }
    }
}

#[test]
fn a_checkpoint_of_another_run_is_told_by_what_differs() {
    let bytes = after(3).to_bytes();
    let read = |setting: &Setting<f64>, plan: &Plan| Run::new(setting, plan).unwrap().with_bytes(&bytes).err();
    let another = |quantity, found, expected| Some(CheckpointProblem::AnotherRun { quantity, found, expected });
    let count = ParameterValue::Count;
    let first = |x| ParameterValue::Number(x, Some(1));
    assert_eq!(read(&gaussian(), &Plan { seed: 4, ..PLAN }), another("seed", count(3), count(4)));
    assert_eq!(read(&gaussian(), &Plan { burn_in: 2, ..PLAN }), another("burn-in", count(1), count(2)));
    assert_eq!(read(&gaussian().with_sampling(Sampling::WithReplacement).unwrap(), &PLAN), None);
    let slower = gaussian().with_learning_rate(matrix::identity::<f64>(2) * 0.0625).unwrap();
    assert_eq!(read(&slower, &PLAN), another("learning rate", first(0.125), first(0.0625)));
    let steady = gaussian().with_weight_decay(Matrix::zeros(2, 2)).unwrap();
    assert_eq!(read(&steady, &PLAN), another("weight decay", first(0.5), first(0.0)));
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
    assert!(told.contains("no state of this run, though its checksum is right: number of bytes = "), "{told}");
    run.save(&path).unwrap();
    let shard = Run::shard(&gaussian(), &PLAN, crate::Shard::new(2, 2).unwrap()).unwrap();
    let [found, expected] = [run.shard, shard.shard].map(ParameterValue::Shard);
    let problem = CheckpointProblem::AnotherRun { quantity: "shard", found, expected };
    assert_eq!(shard.resume(&path).err(), Some(MonteCarloError::Checkpoint { path: path.clone(), problem }));
    let missing = folder.path().join("none").join("run");
    for error in [run.save(&missing).err(), Run::load(&missing, &gaussian(), &PLAN).err()] {
        let Some(MonteCarloError::File { path, kind, .. }) = error else { panic!("{error:?}") };
        assert_eq!((path, kind), (missing.clone(), io::ErrorKind::NotFound));
    }
}
