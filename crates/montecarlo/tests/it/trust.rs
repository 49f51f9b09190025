//! The trust decision, where the answer is known.
//!
//! One weight, S = 1: E|1 − λx²|⁴ < 1 exactly for aλ < 0.3834…, where the fourth moment exists; E(1 − λx²)² < 1 exactly
//! for aλ < 2/3.

use crate::common::{label_noise, run};
use montecarlo::{Diagnostics, Distrust, Draws, Estimate, Plan};

const SEEDS: u64 = 20;

fn estimates(learning_rate: f64, plan: Plan) -> impl Iterator<Item = (u64, Estimate)> {
    let setting = label_noise(1.0, learning_rate, 1);
    (0..SEEDS).map(move |seed| (seed, run(&setting, plan.with_seed(seed))))
}

const LONG: Plan = Plan::new().with_chains(32).with_burn_in(500).with_steps(10_000).with_seed(0);
const SHORT: Plan = Plan::new().with_chains(8).with_burn_in(500).with_steps(4_000).with_seed(0);

#[test]
fn a_missing_fourth_moment_is_a_heavy_tail_for_every_seed() {
    for plan in [LONG, SHORT] {
        for (seed, estimate) in estimates(0.55, plan) {
            let decision = estimate.trust();
            assert!(matches!(decision, Err(Distrust::HeavyTail { .. })), "seed {seed}, {plan:?}: {decision:?}");
        }
    }
}

#[test]
fn a_light_tail_is_trusted_for_every_seed() {
    for (seed, estimate) in estimates(0.1, LONG) {
        let decision = estimate.trust();
        assert!(decision.is_ok(), "seed {seed}: {decision:?}, {:?}", estimate.diagnostics);
    }
}

#[test]
fn an_infinite_variance_is_a_heavy_tail() {
    for (seed, estimate) in estimates(0.9, SHORT) {
        assert!(matches!(estimate.trust(), Err(Distrust::HeavyTail { .. })), "seed {seed}: {:?}", estimate.diagnostics);
    }
}

/// One figure of a trusted estimate after the other, to either side of its limit: 100 effective samples a chain; the
/// two-sided t quantile of 31 degrees at 10⁻⁶ for the drift; R̂² up to 1.01² + 5 √(2/63)/50 for the ranks of 100 draws
/// a chain.
#[test]
fn every_limit_is_where_it_is_said_to_be() {
    let (seed, trusted) = estimates(0.1, LONG).next().unwrap();
    // Further from its limit by the factor, where that is above 1.
    type Change = fn(&mut Diagnostics, f64);
    let changes: [(&str, Change); 7] = [
        ("tail index", |d, factor| {
            d.tail_index.standard_error = 2.0;
            d.tail_index.estimate = 10.0 / factor;
        }),
        ("error of the tail index", |d, factor| {
            d.tail_index.standard_error = (d.tail_index.estimate - 4.0) / 3.0 * factor
        }),
        ("effective sample size", |d, factor| d.effective_sample_size = 3200.0 / factor),
        ("split R̂", |d, factor| d.r_hat = 1.01 * factor),
        ("rank R̂", |d, factor| (d.draws_of_chain, d.rank_r_hat) = (100, 1.018782 * factor)),
        ("drift", |d, factor| d.drift = 6.071976 * factor),
        ("drift downwards", |d, factor| d.drift = -6.071976 * factor),
    ];
    for (name, change) in changes {
        for (factor, expected) in [(1.0 - 1e-5, true), (1.0 + 1e-5, false), (f64::NAN, false)] {
            let mut estimate = trusted.clone();
            change(&mut estimate.diagnostics, factor);
            assert_eq!(
                estimate.trust().is_ok(),
                expected,
                "seed {seed}: {name}, factor {factor}: {:?}",
                estimate.trust()
            );
        }
    }
}

#[test]
fn chains_shorter_than_their_memory_are_too_few_samples() {
    // They forget by a factor 1 − 2λ a step.
    let setting = label_noise(1.0, 0.001, 1);
    let estimate = run(&setting, Plan::new().with_chains(16).with_burn_in(5_000).with_steps(2_000).with_seed(1));
    assert!(matches!(estimate.trust(), Err(Distrust::TooFewSamples { .. })), "{:?}", estimate.diagnostics);
}

#[test]
fn a_missing_burn_in_shows_in_the_halves() {
    // v² rises with a memory of 1000 steps: to 0.43 on average over the first of them, to 0.77 over the second.
    let setting = label_noise(1.0, 0.0005, 1);
    let at = |burn_in| {
        run(
            &setting,
            Plan::new()
                .with_chains(1024)
                .with_burn_in(burn_in)
                .with_steps(2_000)
                .with_seed(2)
                .with_draws(Draws::InDistribution),
        )
        .diagnostics
        .drift
    };
    let (without, with) = (at(0), at(10_000));
    assert!(without > 8.0 && with.abs() < 5.0, "{without} {with}");
}

#[test]
fn batches_longer_than_the_memory_have_the_error_of_the_chains() {
    let plan = Plan::new()
        .with_chains(256)
        .with_burn_in(500)
        .with_steps(100_000)
        .with_seed(4)
        .with_draws(Draws::InDistribution);
    let ratio = run(&label_noise(1.0, 0.125, 10), plan).diagnostics.batch_error_ratio;
    // The relative error of the variance of 256 means is 9 %, of that of the batches less: 5 of half that.
    assert!((ratio - 1.0).abs() < 0.25, "{ratio}");
}

/// w in another unit, a thousandth: the same draws make the same steps, so that what has no unit is the same but for
/// rounding.
#[test]
fn diagnostics_know_no_unit_of_the_weights() {
    let plan =
        Plan::new().with_chains(64).with_burn_in(200).with_steps(20_000).with_seed(5).with_draws(Draws::InDistribution);
    let of = |a: f64| run(&label_noise(a, 0.125 / a, 10), plan).diagnostics;
    let (one, other) = (of(1.0), of(1e-6));
    let figures =
        |d: Diagnostics| [d.r_hat, d.effective_sample_size, d.batch_error_ratio, d.drift, d.tail_index.estimate];
    for (one, other) in figures(one).into_iter().zip(figures(other)) {
        assert!((one / other - 1.0).abs() < 1e-6, "{one} {other}");
    }
}

#[test]
fn a_spectral_radius_is_that_of_the_slowest_mode() {
    // S = 100: v² forgets like (1 − 2λ + λ²(1 + 2/S))ᵗ.
    let plan = Plan::new().with_chains(2).with_burn_in(0).with_steps(4).with_seed(6).with_draws(Draws::InDistribution);
    let go_on = &mut |_| std::ops::ControlFlow::Continue(());
    for lambda in [0.25, 0.03125] {
        let radius = montecarlo::spectral_radius(&label_noise(1.0, lambda, 100), &plan, go_on).unwrap();
        let expected: f64 = 1.0 - 2.0 * lambda + 1.02 * lambda * lambda;
        assert!((radius.ln() / expected.ln() - 1.0).abs() < 0.02, "λ = {lambda}: {radius}, not {expected}");
    }
    assert!(montecarlo::spectral_radius(&label_noise(1.0, 8.0, 1), &plan, go_on).is_err());
}

#[test]
fn the_effective_sample_size_is_that_of_an_autoregression() {
    // S = 100 makes v nearly an AR(1) of factor 1 − λ, whose squares have correlations (1 − λ)^2k:
    // (1 − f²)/(1 + f²) of the steps, f = 1 − λ, and for v itself (1 − f)/(1 + f), the lesser.
    let (lambda, plan) = (0.125, Plan::new().with_chains(256).with_burn_in(500).with_steps(2_000).with_seed(3));
    let estimate = run(&label_noise(1.0, lambda, 100), plan);
    let expected = 256.0 * 2_000.0 * lambda / (2.0 - lambda);
    // The variance of 256 means has a relative error of √(2/255) = 9 %: 5 of them.
    let ratio = estimate.diagnostics.effective_sample_size / expected;
    assert!((ratio - 1.0).abs() < 0.45, "{ratio}");
}
