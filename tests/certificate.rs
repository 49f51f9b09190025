//! The Lyapunov engine's bound on its error, against the error: never below it, never far above.
#![allow(clippy::unwrap_used)]

use properties::stationary_setting;
use proptest::prelude::*;
use rug::{Float, Rational};
use symbols::{Matrix, Setting, matrix, nearest_f64};

/// How far above the error a bound may lie; an error of nothing is not asked to be bounded by nothing.
const LOOSENESS: f64 = 100.0;
const NOTHING: f64 = 1e-20;

/// ‖found − exact‖/‖exact‖, without the quotient where that is zero.
fn relative_error(found: &Matrix<f64>, exact: &Matrix<Rational>) -> f64 {
    let square = |M: &Matrix<Rational>| M.iter().map(|v| v.clone().square()).sum::<Rational>();
    let difference = found.map(|v| Rational::from_f64(v).unwrap()) - exact;
    let size = square(exact);
    let ratio = if size == 0 { square(&difference) } else { square(&difference) / size };
    Float::with_val(64, ratio).sqrt().to_f64()
}

/// The error of Σ.
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
        let Some(setting) = stationary_setting(dimension, seed, closeness) else { return Ok(()) };
        let error = check(&setting.map(nearest_f64))?;
        prop_assert!(error <= 1.2e-16, "{error:e}");
    }
}

#[test]
fn up_to_eight_weights_at_one_percent_from_the_limit() {
    for dimension in 4..=8 {
        for seed in 0..6 {
            let Some(setting) = stationary_setting(dimension, seed, 0.99) else { continue };
            let error = check(&setting.map(nearest_f64)).unwrap();
            assert!(error <= 1e-12, "{error:e} for {dimension} weights, seed {seed}");
        }
    }
}
