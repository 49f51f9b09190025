//! Small plans: numbers or a line that says why not; the same bytes whether a run was stopped, saved and resumed, split and merged,
//! or none of it.
#![no_main]

use arbitrary::{Result, Unstructured};
use fuzz::{at_the_edge, broken, is_a_line, problem};
use libfuzzer_sys::fuzz_target;
use montecarlo::{Draws, LabelNoise, MonteCarloError, Plan, Run, Shard, minibatch};
use numbers::nearest_f64;
use symbols::{LastBatch, Setting};

/// A minibatch that is drawn literally takes as long as it is large.
const LARGEST_BATCH: u32 = 64;

fuzz_target!(init: fuzz::on_one_thread(), |bytes: &[u8]| {
    // Too few bytes make no problem.
    _ = run(&mut Unstructured::new(bytes));
});

fn draws(u: &mut Unstructured) -> Result<Draws> {
    let all = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
    Ok(match u.int_in_range(0..=3)? {
        0 => Draws::InDistribution,
        1 => Draws::ShuffledEpochs(*u.choose(&LastBatch::ALL)?),
        2 => Draws::default(),
        _ => Draws::Literal(*u.choose(&all)?),
    })
}

fn run(u: &mut Unstructured) -> Result<()> {
    let plan = Plan::new()
        .with_draws(draws(u)?)
        .with_chains(u.int_in_range(1..=20)?)
        .with_burn_in(u.int_in_range(0..=4)?)
        .with_steps(u.int_in_range(2..=40)?)
        .with_seed(u.arbitrary()?);
    let (segments, shards) = (u.int_in_range(0..=6)?, u.int_in_range(1..=4)?);
    let mut setting = problem(u)?;
    if setting.batch_size().get() > LARGEST_BATCH && plan.draws != Draws::InDistribution {
        return Ok(());
    }
    if u.arbitrary()? {
        setting = at_the_edge(u, setting)?;
    }
    let setting = if u.ratio(1, 8)? { broken(u, &setting)? } else { setting.map(nearest_f64) };
    if let Some(estimate) = told(minibatch(&setting, &plan, &())) {
        assert!(estimate.blocks.iter().all(|block| block.gradient.iter().all(|value| value.is_finite())));
    }
    let (Some(whole), Some(parts)) = (told(finished(&setting, &plan)), told(split(&setting, &plan, shards))) else {
        return Ok(());
    };
    assert_eq!(parts.to_bytes(), whole.to_bytes());
    let stopped = told(resumed(&setting, &plan, segments)).map(|run| run.to_bytes());
    assert_eq!(stopped, Some(whole.to_bytes()));
    if let Some(estimate) = told(whole.estimate()) {
        for moments in &estimate.chains {
            let all = moments.fluctuation.iter().chain(&moments.noise_covariance).chain([&moments.train_loss]);
            assert!(all.copied().all(f64::is_finite), "{setting:?}");
        }
        _ = estimate.trust().map_err(|distrust| is_a_line(&distrust.to_string()));
        let mean = estimate.mean(|moments| moments.fluctuation.clone());
        _ = (mean.z_scores(), mean.threshold(1e-3));
    }
    Ok(())
}

fn told<T>(outcome: std::result::Result<T, MonteCarloError>) -> Option<T> {
    outcome.map_err(|error| is_a_line(&error.to_string())).ok()
}

fn finished(setting: &Setting<f64>, plan: &Plan) -> std::result::Result<Run, MonteCarloError> {
    let mut run = Run::new(setting, plan)?;
    run.advance(usize::MAX, &())?;
    Ok(run)
}

fn resumed(setting: &Setting<f64>, plan: &Plan, segments: usize) -> std::result::Result<Run, MonteCarloError> {
    let mut run = Run::new(setting, plan)?;
    run.advance(segments, &())?;
    let read = Run::new(setting, plan)?.with_bytes(&run.to_bytes());
    let mut read = read.unwrap_or_else(|problem| panic!("{problem}"));
    read.advance(usize::MAX, &())?;
    Ok(read)
}

fn split(setting: &Setting<f64>, plan: &Plan, count: usize) -> std::result::Result<Run, MonteCarloError> {
    let count = count.min(plan.chains.div_ceil(8));
    let shards = (1..=count).map(|index| {
        let mut run = Run::shard(setting, plan, Shard::new(index, count)?)?;
        run.advance(usize::MAX, &())?;
        Ok(run)
    });
    Run::merge(shards.collect::<std::result::Result<Vec<_>, MonteCarloError>>()?)
}
