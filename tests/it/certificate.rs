//! The Lyapunov engine's bound on its error is never below the error, and never far above it.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;

use numbers::{Matrix, Vector, matrix, nearest_f64};
use properties::stationary_setting;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rug::{Float, Rational};
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// How many times the error a bound may be.
const LOOSENESS: f64 = 100.0;
/// A bound up to this is tight enough, even where the error is zero.
const NOTHING: f64 = 1e-20;

/// ‖found − exact‖/‖exact‖; where ‖exact‖ is zero, ‖found − exact‖.
fn relative_error(found: &Matrix<f64>, exact: &Matrix<Rational>) -> f64 {
    let square = |M: &Matrix<Rational>| M.iter().map(|v| v.clone().square()).sum::<Rational>();
    let difference = found.map(|v| Rational::from_f64(v).unwrap()) - exact;
    let size = square(exact);
    let ratio = if size == 0 { square(&difference) } else { square(&difference) / size };
    Float::with_val(64, ratio).sqrt().to_f64()
}

/// Checks an answer against the exact engine, and returns the relative error of its Σ.
fn check(setting: &Setting<f64>) -> Result<f64, TestCaseError> {
    let exactly = setting.map(|v| Rational::from_f64(*v).unwrap());
    let context = || verify::describe(&exactly);
    let exact =
        exact::stationary(&exactly).map_err(|error| TestCaseError::fail(format!("{error} at {}", context())))?;
    if exact.fluctuation.iter().all(|v| *v == 0) {
        return Err(TestCaseError::reject("no fluctuation"));
    }
    let solution =
        lyapunov::stationary(setting).map_err(|error| TestCaseError::fail(format!("{error} at {}", context())))?;
    let error = relative_error(&solution.moments.fluctuation, &exact.fluctuation);
    let bound = solution.error_bound;
    prop_assert!(error <= bound, "{error:e} > {bound:e} at {}", context());
    prop_assert!(bound <= (LOOSENESS * error).max(NOTHING), "{bound:e} ≫ {error:e} at {}", context());
    for (found, exact) in [
        (&solution.moments.noise_covariance, &exact.noise_covariance),
        (&matrix::scalar(solution.moments.train_loss), &matrix::scalar(exact.train_loss.clone())),
    ] {
        let error = relative_error(found, exact);
        prop_assert!(error <= 1e-12, "{error:e} at {}", context());
    }
    Ok(error)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn the_bound_holds_and_is_of_the_size_of_the_error(
        dimension in 1usize..=3,
        seed in any::<u64>(),
        closeness in prop::sample::select(vec![0.01, 0.3, 0.7, 0.99]),
    ) {
        let setting = stationary_setting(dimension, seed, closeness);
        prop_assume!(setting.is_some());
        let error = check(&setting.unwrap().map(nearest_f64))?;
        prop_assert!(error <= 1.2e-16, "{error:e}");
    }
}

prop_compose! {
    /// Settings of doubles of every size; nothing makes them stationary.
    fn anything()(
        D in 1usize..=2,
        S in 1u32..4,
        mu in prop_oneof![Just(0.0), 0.0..1.0],
        exponents in prop::collection::vec(prop_oneof![4 => -3..3_i32, 1 => -300..300_i32], 20),
        numbers in prop::collection::vec(-1.0..1.0_f64, 20),
    ) -> Option<Setting<f64>> {
        let mut numbers = numbers.iter().zip(exponents).map(|(v, e)| v * 2.0_f64.powi(e));
        let mut root = || Matrix::from_fn(D, D, |_, _| numbers.next().unwrap_or(1.0));
        let gram = |M: Matrix<f64>| {
            let P = &M * M.transpose();
            (&P + P.transpose()) * 0.5
        };
        let (A, L, decay) = (gram(root()), gram(root()), gram(root()));
        let population = Population::Gaussian(Gaussian {
            input_noise_covariance: Matrix::zeros(D, D),
            feature_covariance: A,
            label_noise_variance: 1.0,
            true_weights: Vector::from_element(D, 1.0),
        });
        let setting = Setting::new(population, L, BatchSize::new(S).ok()?).ok()?;
        Some(setting.with_weight_decay(decay).ok()?.with_momentum(Momentum::new(mu).ok()?))
    }
}

/// Some settings have no answer. No answer is wrong.
#[test]
fn an_answer_to_anything_is_within_its_bound() {
    let answers = Cell::new(0);
    let config = ProptestConfig { cases: 5000, ..ProptestConfig::with_source_file(file!()) };
    let checked = TestRunner::new(config).run(&anything(), |setting| {
        let Some(setting) = setting else { return Ok(()) };
        let Ok(solution) = lyapunov::stationary(&setting) else { return Ok(()) };
        answers.set(answers.get() + 1);
        let exactly = setting.map(|v| Rational::from_f64(*v).unwrap());
        match exact::stationary(&exactly) {
            Ok(exact) => {
                let error = relative_error(&solution.moments.fluctuation, &exact.fluctuation);
                let told = solution.null_space.is_some() || error <= solution.error_bound;
                prop_assert!(told, "{error:e} > {:e} at {}", solution.error_bound, verify::describe(&exactly));
            }
            Err(error) => prop_assert!(solution.null_space.is_some(), "{error} at {}", verify::describe(&exactly)),
        }
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
    assert!(answers.get() >= 1000, "only {} answers", answers.get());
}

#[test]
fn up_to_eight_weights_at_one_percent_from_the_limit() {
    let mut tried = 0;
    for dimension in 4..=8 {
        for seed in 0..6 {
            let Some(setting) = stationary_setting(dimension, seed, 0.99) else { continue };
            let error = check(&setting.map(nearest_f64)).unwrap();
            assert!(error <= 1e-12, "{error:e} for {dimension} weights, seed {seed}");
            tried += 1;
        }
    }
    assert!(tried >= 15, "only {tried} were tried");
}
