//! Runs in pieces: stopped and resumed, saved and loaded, in shards. Always the bits of the run that was left alone.

use std::fs;
use std::path::Path;

use crate::common::{data, everything, label_noise};
use montecarlo::{CheckpointProblem, Draws, LabelNoise, MonteCarloError, Plan, Run, Shard};
use numbers::{Matrix, matrix};
use proptest::prelude::*;
use symbols::{Sampling, Setting};

const PLAN: Plan = Plan::new().with_chains(37).with_burn_in(30).with_steps(301).with_seed(30);

/// Settings that use every part of a run's state, and how to draw them.
fn cases() -> Vec<(Setting<f64>, Draws)> {
    let dense = everything().with_weight_decay(Matrix::zeros(2, 2)).unwrap();
    vec![
        (label_noise(1.0, 0.1, 3), Draws::default()),
        (everything(), Draws::Literal(LabelNoise::Laplace)),
        (everything(), Draws::InDistribution),
        (dense, Draws::InDistribution),
        (data(2, Sampling::WithReplacement), Draws::default()),
        (data(2, Sampling::WithoutReplacement), Draws::default()),
        (data(3, Sampling::WithReplacement), Draws::ShuffledEpochs(symbols::LastBatch::Keep)),
    ]
}

fn finished(mut run: Run) -> Run {
    run.advance(usize::MAX, &()).unwrap();
    run
}

fn whole(setting: &Setting<f64>, plan: &Plan) -> Run {
    finished(Run::new(setting, plan).unwrap())
}

/// A double's debug text is the shortest that reads back as the same bits.
fn bits(run: &Run) -> String {
    format!("{:?}", run.estimate().unwrap())
}

#[test]
fn a_run_that_was_stopped_saved_and_loaded_has_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    for (setting, draws) in cases() {
        let plan = PLAN.with_draws(draws);
        let expected = bits(&whole(&setting, &plan));
        let mut run = Run::new(&setting, &plan).unwrap();
        // In the burn-in, at its end, among the blocks, at the end.
        for segments in [0, 7, 23, 1, 40, 100, usize::MAX] {
            run.advance(segments, &()).unwrap();
            run.save(&path).unwrap();
            let loaded = Run::load(&path, &setting, &plan).unwrap();
            assert_eq!(loaded.segments_done(), run.segments_done());
            run = loaded;
        }
        assert!(run.is_complete());
        assert_eq!(bits(&run), expected, "{draws}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}

#[test]
fn shards_in_any_order_merge_to_the_bits_of_the_whole() {
    for (setting, draws) in cases() {
        let plan = PLAN.with_draws(draws);
        let expected = bits(&whole(&setting, &plan));
        for count in [1, 2, 3, 5] {
            let shard = |k| finished(Run::shard(&setting, &plan, Shard::new(k, count).unwrap()).unwrap());
            let merged = Run::merge((1..=count).rev().map(shard)).unwrap();
            assert_eq!(bits(&merged), expected, "{draws}, {count} shards");
        }
    }
}

#[test]
fn shards_are_saved_loaded_and_merged() {
    let folder = tempfile::tempdir().unwrap();
    let (setting, plan) = (label_noise(1.0, 0.1, 3), PLAN);
    let expected = bits(&whole(&setting, &plan));
    let of_file = |k| {
        let path = folder.path().join(format!("{k}"));
        let mut shard = Run::shard(&setting, &plan, Shard::new(k, 3).unwrap()).unwrap();
        shard.advance(100, &()).unwrap();
        shard.save(&path).unwrap();
        let resumed = Run::shard(&setting, &plan, Shard::new(k, 3).unwrap()).unwrap().resume(&path).unwrap();
        finished(resumed).save(&path).unwrap();
        Run::load(&path, &setting, &plan).unwrap()
    };
    assert_eq!(bits(&Run::merge([1, 2, 3].map(of_file)).unwrap()), expected);
    let another = Run::shard(&setting, &plan, Shard::new(2, 3).unwrap()).unwrap();
    assert!(another.resume(&folder.path().join("1")).is_err(), "the chains of another shard");
}

#[test]
fn shards_of_different_runs_are_refused() {
    let (setting, plan) = (label_noise(1.0, 0.1, 3), PLAN);
    let shard = |setting: &_, plan: &_, k| Run::shard(setting, plan, Shard::new(k, 2).unwrap()).unwrap();
    let first = || finished(shard(&setting, &plan, 1));
    let refused = |other: Run| Run::merge([first(), other]).err().unwrap().to_string();
    let difference = |what| format!("shards of different runs: their {what}");
    assert_eq!(
        refused(finished(shard(&label_noise(1.0, 0.2, 3), &plan, 2))),
        difference("learning rate is 0.1 and 0.2")
    );
    assert_eq!(refused(finished(shard(&label_noise(1.0, 0.1, 4), &plan, 2))), difference("batch size is 3 and 4"));
    assert_eq!(refused(finished(shard(&setting, &plan.with_seed(31), 2))), difference("seed is 30 and 31"));
    assert_eq!(
        refused(finished(shard(&setting, &plan.with_draws(Draws::InDistribution), 2))),
        difference("draws is literal, gaussian label noise and in distribution")
    );
    assert_eq!(refused(finished(shard(&everything(), &plan, 2))), difference("dimension is 1 and 2"));
    assert_eq!(refused(shard(&setting, &plan, 2)), difference("number of steps done is 331 and 0"));
    assert_eq!(refused(first()), "shard 1/2 is given twice");
    assert!(Run::merge([]).is_err());
    assert!(Shard::new(0, 2).is_err() && Shard::new(3, 2).is_err());
    // 37 chains are five packs.
    assert!(Run::shard(&setting, &plan, Shard::new(6, 6).unwrap()).is_err());
}

#[test]
fn a_run_that_was_interrupted_has_an_estimate_of_what_was_done() {
    let (setting, plan) = (label_noise(1.0, 0.25, 4), PLAN.with_chains(256).with_steps(4_000));
    let mut run = Run::new(&setting, &plan).unwrap();
    assert!(matches!(run.estimate(), Err(MonteCarloError::TooShort { blocks: 0, expected: 256 })));
    let burn_in = run.segments() - 256;
    run.advance(burn_in + 64, &()).unwrap();
    let early = run.estimate().unwrap();
    let late = finished(run).estimate().unwrap();
    // λ²a/S / (2λa − λ²a²(1 + 2/S)), and an error that a quarter of the steps doubles.
    let exact = matrix::scalar(0.25 * 0.25 / 4.0 / (0.5 - 0.0625 * 1.5));
    let [early, late] = [early, late].map(|estimate| estimate.mean(|m| &m.fluctuation - &exact));
    for estimate in [&early, &late] {
        assert!(estimate.z_scores().amax() < estimate.threshold(1e-6), "{estimate:?}");
    }
    let ratio = early.standard_error[(0, 0)] / late.standard_error[(0, 0)];
    assert!((ratio / 2.0 - 1.0).abs() < 0.3, "{ratio}");
}

#[test]
fn a_run_that_diverged_goes_no_further() {
    let mut run = Run::new(&label_noise(1.0, 8.0, 1), &PLAN.with_steps(10_000)).unwrap();
    let error = run.advance(usize::MAX, &()).unwrap_err();
    assert!(matches!(error, MonteCarloError::Diverged { step: 50..2_000, .. }), "{error}");
    assert_eq!(run.advance(1, &()).unwrap_err(), error);
    assert_eq!(run.estimate().unwrap_err(), error);
    assert_eq!(run.save(Path::new("never written")).unwrap_err(), error);
    assert_eq!(Run::merge([run]).err().unwrap(), error);
}

/// A checkpoint of a run that is half done.
fn checkpoint(path: &Path) -> Vec<u8> {
    let mut run = Run::new(&label_noise(1.0, 0.1, 3), &PLAN).unwrap();
    run.advance(100, &()).unwrap();
    run.save(path).unwrap();
    fs::read(path).unwrap()
}

fn problem(path: &Path, setting: &Setting<f64>, plan: &Plan) -> CheckpointProblem {
    match Run::load(path, setting, plan).err().unwrap() {
        MonteCarloError::Checkpoint { problem, .. } => problem,
        other => panic!("{other}"),
    }
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let bytes = checkpoint(&path);
    let (setting, plan) = (label_noise(1.0, 0.1, 3), PLAN);
    let told = |setting: &Setting<f64>, plan: &Plan| problem(&path, setting, plan).to_string();
    let other = |what: &str| format!("checkpoint of another run: its {what}");
    assert_eq!(told(&label_noise(2.0, 0.1, 3), &plan), other("feature covariance is 1.0, expected 2.0"));
    assert_eq!(told(&setting, &plan.with_seed(1)), other("seed is 30, expected 1"));
    assert_eq!(told(&data(2, Sampling::WithReplacement), &plan), other("dimension is 1, expected 2"));
    assert_eq!(fs::read(&path).unwrap(), bytes);

    let mut older = bytes.clone();
    older[8] -= 1;
    fs::write(&path, &older).unwrap();
    assert_eq!(problem(&path, &setting, &plan), CheckpointProblem::Version { found: 2, expected: 3 });
    fs::write(&path, "chains = 37").unwrap();
    assert_eq!(problem(&path, &setting, &plan), CheckpointProblem::Foreign);
    let missing = Run::load(&folder.path().join("none"), &setting, &plan).err().unwrap();
    assert!(matches!(missing, MonteCarloError::File { kind: std::io::ErrorKind::NotFound, .. }), "{missing}");
}

proptest! {
    #[test]
    fn a_damaged_checkpoint_is_called_damaged(at: prop::sample::Index, flip in 1u8.., cut: prop::sample::Index) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run");
        let bytes = checkpoint(&path);
        let refused = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            problem(&path, &label_noise(1.0, 0.1, 3), &PLAN)
        };
        let mut flipped = bytes.clone();
        flipped[at.index(bytes.len() - 12) + 12] ^= flip;
        let damaged = matches!(refused(&flipped), CheckpointProblem::Damaged { .. });
        prop_assert!(damaged);
        let short = &bytes[..cut.index(bytes.len())];
        let damaged = matches!(refused(short), CheckpointProblem::Damaged { .. } | CheckpointProblem::Foreign);
        prop_assert!(damaged);
    }
}

/// In a process whose files may not grow beyond a few kilobytes, as on a disk that is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_checkpoint() {
    const CHECKPOINT: &str = "MONTECARLO_TEST_CHECKPOINT";
    let larger = PLAN.with_chains(1000);
    if let Ok(path) = std::env::var(CHECKPOINT) {
        let run = whole(&label_noise(1.0, 0.1, 3), &larger);
        let error = run.save(Path::new(&path)).unwrap_err();
        assert!(matches!(error, MonteCarloError::File { .. }), "{error}");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let bytes = checkpoint(&path);
    // Ignoring the signal makes writing fail, with an error.
    let script = "ulimit -f 16; trap '' XFSZ; exec \"$0\" --exact runs::a_full_disk_leaves_the_old_checkpoint";
    let child = std::process::Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env(CHECKPOINT, &path)
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
}
