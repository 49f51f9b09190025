//! The engines against each other, over everything that a setting can hold.

use claims::draw;
use formula::Given;
use montecarlo::{Draws, LabelNoise, Plan};
use numbers::{Matrix, matrix, nearest_f64};
use properties::{Seeded, rejected, stationary_setting as setting};
use proptest::prelude::*;
use rug::Rational;
use symbols::{Moments, Momentum, Population, Setting};

/// ‖found − exact‖/‖exact‖; where the exact value is zero, ‖found − exact‖, as numbers here have the size 1.
fn relative_distance(found: &Matrix<f64>, exact: &Matrix<Rational>) -> f64 {
    let exact = exact.map(|v| nearest_f64(&v));
    let size = exact.norm();
    (found - &exact).norm() / if size == 0.0 { 1.0 } else { size }
}

/// The relative distances of Σ, C and both losses.
fn distances(found: &Moments<f64>, exact: &Moments<Rational>) -> Vec<f64> {
    let scalar = |v: f64, q: &Rational| relative_distance(&matrix::scalar(v), &matrix::scalar(q.clone()));
    let mut distances = vec![
        relative_distance(&found.fluctuation, &exact.fluctuation),
        relative_distance(&found.noise_covariance, &exact.noise_covariance),
        scalar(found.train_loss, &exact.train_loss),
    ];
    match (found.test_loss, &exact.test_loss) {
        (Some(found), Some(exact)) => distances.push(scalar(found, exact)),
        (None, None) => {}
        _ => distances.push(f64::INFINITY),
    }
    distances
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn lyapunov_agrees_with_exact_to_ten_digits(
        dimension in 1usize..=4,
        seed in any::<u64>(),
        closeness in prop::sample::select(vec![0.05, 0.3, 0.7, 0.99]),
    ) {
        let setting = setting(dimension, seed, closeness);
        prop_assume!(setting.is_some());
        // The setting that both solve is the rounded one.
        let rounded = setting.unwrap().map(nearest_f64);
        let setting = rational(&rounded);
        prop_assume!(setting.is_some());
        let setting = setting.unwrap();
        let (exact, lyapunov) = (exact::stationary(&setting), lyapunov::stationary(&rounded));
        prop_assert!(exact.is_ok() && lyapunov.is_ok(), "{:?} {:?}", exact.err(), lyapunov.err());
        let (exact, lyapunov) = (exact.unwrap(), lyapunov.unwrap());
        let distances = distances(&lyapunov.moments, &exact);
        prop_assert!(distances.iter().all(|d| *d <= 1e-10), "{:?} at {}", distances, verify::describe(&setting));
        let fluctuation = relative_distance(&lyapunov.moments.fluctuation, &exact.fluctuation);
        prop_assert!(fluctuation <= lyapunov.error_bound, "{} > {}", fluctuation, lyapunov.error_bound);
    }
}

/// The setting whose numbers are these doubles exactly.
fn rational(setting: &Setting<f64>) -> Option<Setting<Rational>> {
    let exact = setting.map(|v| Rational::from_f64(*v).unwrap_or_default());
    (exact.map(nearest_f64) == *setting).then_some(exact)
}

#[test]
fn engines_agree_in_six_dimensions_with_momentum() {
    for seed in 1..=3 {
        let setting = setting(6, seed, 0.5).unwrap();
        let exact = exact::stationary(&setting).unwrap();
        let lyapunov = lyapunov::stationary(&setting.map(nearest_f64)).unwrap();
        let distances = distances(&lyapunov.moments, &exact);
        assert!(distances.iter().all(|d| *d <= 1e-10), "seed {seed}: {distances:?}");
    }
}

#[test]
fn one_minibatch_is_the_same_to_both() {
    for seed in 0..50 {
        let setting = draw::any_setting(1 + (seed % 3) as usize, &mut Seeded::new(seed)).unwrap();
        let (Ok(exact), Ok(lyapunov)) = (exact::minibatch(&setting), lyapunov::minibatch(&setting.map(nearest_f64)))
        else {
            panic!("seed {seed}: no answer");
        };
        let gradient = Matrix::from_columns(&[exact.gradient]);
        let found = Matrix::from_columns(&[lyapunov.gradient]);
        let scale = 1.0 + gradient.map(|v| nearest_f64(&v)).norm();
        assert!((found - gradient.map(|v| nearest_f64(&v))).norm() <= 1e-12 * scale, "seed {seed}");
        let noise = exact.noise_covariance.map(|v| nearest_f64(&v));
        assert!((lyapunov.noise_covariance - &noise).norm() <= 1e-12 * (scale * scale + noise.norm()), "seed {seed}");
    }
}

/// A claim about the stationary state has C(w*) by a formula, a first step from w* by drawing all minibatches.
#[test]
fn the_noise_at_the_minimum_is_that_of_a_first_step_from_there() {
    let text = "[[claim]]\nid = 'a/b'\nformula = 'C ≈ C(w*), λ → 0'\n";
    let claim = &claims::file::read("mine.toml", text).unwrap()[0];
    let mut tried = [0, 0];
    for seed in 0..60 {
        let setting = draw::any_setting(1 + (seed % 3) as usize, &mut Seeded::new(seed)).unwrap();
        let Ok(minimizer) = setting.minimizer() else { continue };
        let setting = setting.with_initial_weights(minimizer).unwrap();
        let given = Given { setting: &setting, moments: None, minibatch: None };
        let found = claim.printed.claimed(&given).unwrap();
        assert_eq!(found, exact::minibatch(&setting).unwrap().noise_covariance, "{}", verify::describe(&setting));
        tried[usize::from(setting.sample_count().is_some())] += 1;
    }
    assert!(tried.iter().all(|count| *count > 10), "{tried:?}");
}

/// Settings may have momentum, weight decay and input noise at once, for which the paper has no closed form. Gaussian
/// features are drawn in distribution, and literally with each law of the label noise, on which Σ, C and the losses must not
/// depend; data sets are drawn literally.
#[test]
fn draws_agree_with_exact_moments() {
    let laws = [LabelNoise::Gaussian, LabelNoise::Uniform, LabelNoise::Rademacher, LabelNoise::Laplace];
    let literal = laws.map(Draws::Literal);
    let (mut deviations, mut tried) = (Vec::new(), [0, 0]);
    for seed in 0..16 {
        let Some(setting) = setting(2, seed, 0.2) else { continue };
        let exact = exact::stationary(&setting).unwrap().map(nearest_f64);
        let is_data = setting.sample_count().is_some();
        let draws = if is_data { vec![literal[0]] } else { [&literal[..], &[Draws::InDistribution]].concat() };
        for draws in draws {
            let plan =
                Plan::new().with_chains(128).with_burn_in(400).with_steps(40_000).with_seed(11).with_draws(draws);
            let estimate = montecarlo::stationary(&setting.map(nearest_f64), &plan, &()).unwrap();
            if estimate.trust().is_ok() {
                let what = format!("seed {seed}, {draws}, {}", verify::describe(&setting));
                deviations.extend(properties::deviations(&what, &estimate, &exact));
                tried[usize::from(is_data)] += 1;
            }
        }
    }
    // The false-alarm probability is that of the whole test.
    let rejected = rejected(&deviations, 1e-6);
    assert!(rejected.is_empty(), "{rejected:#?}");
    assert!(tried[0] >= 20 && tried[1] >= 4, "only {tried:?} were tried");
}

#[test]
fn a_margin_of_one_separates_stable_from_unstable() {
    let mut tried = 0;
    for seed in 0..20 {
        let Some(setting) = setting(2, seed, 0.5) else { continue };
        tried += 1;
        let margin = lyapunov::stability(&setting.map(nearest_f64)).unwrap().margin;
        for (factor, stable) in [(margin * (1.0 - 1e-6), true), (margin * (1.0 + 1e-6), false)] {
            let rate = setting.learning_rate() * Rational::from_f64(factor).unwrap();
            let scaled = setting.clone().with_learning_rate(rate).unwrap();
            assert_eq!(exact::stationary(&scaled).is_ok(), stable, "seed {seed}, factor {factor}");
        }
    }
    assert!(tried >= 10, "only {tried} were tried");
}

#[test]
fn one_draw_less_than_the_smallest_stable_batch_is_unstable() {
    let mut tried = 0;
    for seed in 0..60 {
        let Some(setting) = setting(2, seed, 0.9) else { continue };
        let rate = setting.learning_rate() * Rational::from((3, 2));
        let setting = setting.with_learning_rate(rate).unwrap();
        let Some(smallest) = lyapunov::stable_batch_sizes(&setting.map(nearest_f64)).unwrap().smallest else {
            continue;
        };
        for (S, stable) in [(smallest, true), (smallest - 1, false)] {
            let Ok(batch_size) = symbols::BatchSize::new(S) else { continue };
            let sized = setting.clone().with_batch_size(batch_size).unwrap();
            assert_eq!(exact::stationary(&sized).is_ok(), stable, "seed {seed}, S = {S}");
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried} were tried");
}

#[test]
fn momentum_close_to_one_is_no_exception() {
    let population = Population::Gaussian(draw::gaussian(1, &mut Seeded::new(3)));
    let momentum = Momentum::new(Rational::from((99, 100))).unwrap();
    let rate = Matrix::from_element(1, 1, Rational::from((1, 1000)));
    let batch_size = symbols::BatchSize::new(2).unwrap();
    let setting = Setting::new(population, rate, batch_size).unwrap().with_momentum(momentum);
    let exact = exact::stationary(&setting).unwrap();
    let lyapunov = lyapunov::stationary(&setting.map(nearest_f64)).unwrap();
    assert!(distances(&lyapunov.moments, &exact).iter().all(|d| *d <= 1e-10));
}
