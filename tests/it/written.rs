//! Problems as files state them, in decimals that are no doubles: at the edge of stability, nearly singular, badly
//! scaled, without noise, with more weights than samples. The exact engine judges the answers in doubles: no error is
//! above its bound, no verdict is wrong, and every number that is said to be zero is zero.
#![allow(clippy::unwrap_used)]

use std::cell::Cell;

use lyapunov::{Approximation, LyapunovError, Problem, Solution, approximate};
use numbers::{DoubleDouble, Matrix, Vector, nearest_f64};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rug::ops::Pow;
use rug::{Integer, Rational};
use symbols::{BatchSize, DataSet, Gaussian, Moments, Momentum, Population, Sampling, Setting};

/// n/10ᵏ.
fn decimal(n: i64, places: u32) -> Rational {
    Rational::from((Integer::from(n), Integer::from(10).pow(places)))
}

/// The choices of which a problem is made; there are problems of every kind.
#[derive(Debug, Clone)]
struct Draft {
    D: usize,
    N: usize,
    S: u32,
    entries: Vec<i64>,
    exponents: Vec<i32>,
    momentum: i64,
    decay: i64,
    is_data: bool,
    subsets: bool,
    fits: bool,
    repeats: bool,
}

fn draft() -> impl Strategy<Value = Draft> {
    let of_sizes = (1usize..=3, 1usize..=5, 1u32..=4, prop::collection::vec(-999i64..=999, 40));
    let of_kinds =
        (prop::collection::vec(prop_oneof![3 => Just(0i32), 1 => -9..=0i32], 3), 0i64..=9, 0i64..=5, any::<bool>());
    let of_data = (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.2));
    (of_sizes, of_kinds, of_data).prop_map(
        |((D, N, S, entries), (exponents, momentum, decay, is_data), (subsets, fits, repeats))| {
            // Half of all problems are without momentum, and half without weight decay.
            let (momentum, decay) = (if momentum < 5 { 0 } else { momentum }, if decay < 3 { 0 } else { decay });
            Draft { D, N, S, entries, exponents, momentum, decay, is_data, subsets, fits, repeats }
        },
    )
}

impl Draft {
    /// The problem with λ = 1/1000.
    fn setting(&self) -> Setting<Rational> {
        let D = self.D;
        let mut entries = self.entries.iter().map(|n| decimal(*n, 3));
        let mut next = || entries.next().unwrap_or_default();
        let unit = |i: usize| match self.exponents[i] {
            e if e < 0 => decimal(1, e.unsigned_abs()),
            _ => Rational::from(1),
        };
        let population = if self.is_data {
            let mut features = Matrix::from_fn(self.N, D, |_, j| next() * unit(j));
            if self.repeats && D > 1 {
                let first = features.column(0).into_owned();
                features.set_column(1, &first);
            }
            let labels = if self.fits {
                let w = Vector::from_fn(D, |_, _| next());
                &features * w
            } else {
                Vector::from_fn(self.N, |_, _| next())
            };
            Population::Data(DataSet { features, labels })
        } else {
            let root = Matrix::from_fn(D, D, |i, _| next() * unit(i));
            Population::Gaussian(Gaussian {
                feature_covariance: &root * root.transpose(),
                input_noise_covariance: Matrix::from_element(D, D, Rational::new()),
                label_noise_variance: if self.fits { Rational::new() } else { next().abs() },
                true_weights: Vector::from_fn(D, |_, _| next()),
            })
        };
        let one = Matrix::from_fn(D, D, |i, j| Rational::from(i64::from(i == j)));
        let setting = Setting::new(population, one.clone() * decimal(1, 3), BatchSize::new(self.S).unwrap()).unwrap();
        let setting = setting.with_weight_decay(one * decimal(self.decay, 2)).unwrap();
        let setting = setting.with_momentum(Momentum::new(decimal(self.momentum, 1)).unwrap());
        let small_enough = self.is_data && self.subsets && self.S as usize <= self.N;
        if small_enough { setting.with_sampling(Sampling::WithoutReplacement).unwrap() } else { setting }
    }
}

/// The problem with a λ at a relative distance from the edge of stability, written to `places` digits behind the first
/// one; the problem itself where it has no such edge.
fn at_the_edge(setting: Setting<Rational>, distance: f64, places: u32) -> Option<Setting<Rational>> {
    let margin = lyapunov::stability(&setting.map(nearest_f64)).ok()?.margin;
    if !(margin.is_finite() && margin > 1e-6 && margin < 1e30) {
        return Some(setting);
    }
    let rate = Rational::from_f64(margin)? * decimal(1, 3) * Rational::from_f64(1.0 + distance)?;
    // λ is rounded to `places` digits behind its first one.
    let digits = rate.to_f64().log10().floor() as i32;
    let scale = Rational::from(10).pow(i32::try_from(places).ok()? - digits);
    let rate = (rate * &scale).round() / scale;
    let D = setting.dimension();
    setting.with_learning_rate(Matrix::from_fn(D, D, |i, j| if i == j { rate.clone() } else { Rational::new() })).ok()
}

fn off(found: f64, exact: &Rational) -> Rational {
    (Rational::from_f64(found).unwrap() - exact).abs()
}

/// Checks every number of an answer against its bound.
fn within_bounds(solution: &Solution, exact: &Moments<Rational>, context: &str) -> Result<(), TestCaseError> {
    let bound = |value: f64| Rational::from_f64(value).unwrap();
    let (found, errors) = (&solution.moments, &solution.errors);
    let square = |M: &Matrix<f64>, exact: &Matrix<Rational>| -> Rational {
        M.iter().zip(exact.iter()).map(|(found, exact)| off(*found, exact).square()).sum()
    };
    for (place, exact) in exact.fluctuation.iter().enumerate() {
        let (found, error) = (found.fluctuation[place], errors.fluctuation_entries[place]);
        prop_assert!(
            off(found, exact) <= bound(error),
            "entry {place} of Σ: {found:e} ± {error:e}, not {} at {context}",
            exact.to_f64()
        );
    }
    prop_assert!(
        square(&found.fluctuation, &exact.fluctuation) <= bound(errors.fluctuation).square(),
        "Σ at {context}"
    );
    if solution.error_bound.is_finite() {
        let size: Rational = exact.fluctuation.iter().map(|v| v.clone().square()).sum();
        // The bound is relative to what was found.
        let relative = bound(solution.error_bound * found.fluctuation.norm() * (1.0 + 1e-14)).square();
        prop_assert!(
            square(&found.fluctuation, &exact.fluctuation) <= relative,
            "relative, {} at {context}",
            size.to_f64()
        );
    }
    for (place, exact) in exact.noise_covariance.iter().enumerate() {
        let (found, error) = (found.noise_covariance[place], errors.noise_covariance_entries[place]);
        prop_assert!(
            off(found, exact) <= bound(error),
            "entry {place} of C: {found:e} ± {error:e}, not {} at {context}",
            exact.to_f64()
        );
    }
    let C = square(&found.noise_covariance, &exact.noise_covariance);
    prop_assert!(
        C <= bound(errors.noise_covariance).square(),
        "C: {} > {:e} at {context}",
        C.to_f64().sqrt(),
        errors.noise_covariance
    );
    let train = off(found.train_loss, &exact.train_loss);
    prop_assert!(
        train <= bound(errors.train_loss),
        "L_train: {} > {:e} at {context}",
        train.to_f64(),
        errors.train_loss
    );
    match (found.test_loss, &exact.test_loss, errors.test_loss) {
        (Some(found), Some(exact), Some(error)) => {
            let test = off(found, exact);
            prop_assert!(test <= bound(error), "L_test: {} > {error:e} at {context}", test.to_f64());
        }
        (None, None, None) => {}
        other => prop_assert!(false, "L_test: {other:?} at {context}"),
    }
    Ok(())
}

/// Judges the answer to a problem over ℚ that is told in double-double numbers, as it is written, or in the nearest
/// doubles. Returns the bound on its error, if there is an answer.
fn judge(setting: &Setting<Rational>, is_double_double: bool) -> Result<Option<f64>, TestCaseError> {
    let doubles = setting.map(nearest_f64);
    let double_double = setting.map(DoubleDouble::from_rational);
    let problem = if is_double_double { Problem::written(&double_double) } else { Problem::nearest(&doubles) };
    let context = verify::describe(setting);
    let found = approximate(&problem, &mut ());
    let found = found.and_then(|approximation: Approximation| {
        let solution = approximation.certify()?;
        let enclosures = approximation.enclosures(&solution);
        Ok((solution, enclosures))
    });
    let (solution, enclosures) = match found {
        Ok(found) => found,
        Err(LyapunovError::Unstable(stability)) => {
            prop_assert!(stability.spectral_radius >= 1.0 && stability.margin <= 1.0, "{stability:?}");
            let exact = exact::stationary(setting);
            prop_assert!(exact.is_err(), "stable, and not unstable, at {context}");
            return Ok(None);
        }
        Err(_) => return Ok(None),
    };
    let state = match exact::stationary_state(setting) {
        Ok(state) => state,
        Err(error) => return Err(TestCaseError::fail(format!("stable in doubles, and {error}, at {context}"))),
    };
    prop_assert!(
        solution.stability.spectral_radius < 1.0 && solution.stability.margin > 1.0,
        "{:?}",
        solution.stability
    );
    within_bounds(&solution, &state.moments, &context)?;
    let still = solution.null_space.as_ref().map_or(0, Matrix::ncols);
    prop_assert_eq!(still, setting.dimension() - state.moving.ncols(), "still directions at {}", context);
    // A zero without an error is one. Any other zero has a bound that says how large the number can be.
    for (place, value) in solution.moments.fluctuation.iter().enumerate() {
        let claimed = *value == 0.0 && solution.errors.fluctuation_entries[place] == 0.0;
        prop_assert!(!claimed || state.moments.fluctuation[place] == 0, "entry {place} of Σ is no zero at {context}");
    }
    // At the proven ends of the margin the exact engine agrees on stability.
    let margin = enclosures.margin;
    prop_assert!(margin.low >= 1.0 && margin.low <= margin.high, "{margin:?}");
    for (factor, is_stable) in [(margin.low, true), (margin.high, false)] {
        if let Some(factor) = Rational::from_f64(factor).filter(|factor| *factor > 0) {
            let rate = setting.learning_rate() * if is_stable { factor } else { factor * decimal(1_000_001, 6) };
            let exact = exact::stationary(&setting.clone().with_learning_rate(rate).unwrap());
            prop_assert_eq!(exact.is_ok(), is_stable, "{:?} at {}", margin, context);
        }
    }
    let radius = enclosures.spectral_radius;
    prop_assert!(
        radius.low <= radius.high && (radius.high < 1.0 || radius.high == 1.0 && solution.gap < 1e-15),
        "{radius:?} at {context}"
    );
    prop_assert!(
        radius.low <= solution.stability.spectral_radius * (1.0 + 1e-9) + 1e-12,
        "{radius:?} {:?}",
        solution.stability
    );
    prop_assert!(
        radius.high >= solution.stability.spectral_radius * (1.0 - 1e-7) - 1e-12,
        "{radius:?} {:?}",
        solution.stability
    );
    Ok(Some(solution.error_bound))
}

#[test]
fn what_is_said_of_a_written_problem_is_so() {
    let distances = vec![-0.5, -0.1, -1e-3, -1e-6, -1e-10, -1e-14, -1e-16, 0.0, 1e-16, 1e-14, 1e-10, 1e-3, 0.5];
    let distance = prop::sample::select(distances);
    let places = prop::sample::select(vec![2u32, 6, 12, 16, 20]);
    let answers = Cell::new(0);
    let config = ProptestConfig { cases: 3000, ..ProptestConfig::with_source_file(file!()) };
    let strategy = (draft(), distance, places, any::<bool>());
    let checked = TestRunner::new(config).run(&strategy, |(draft, distance, places, is_double_double)| {
        let Some(setting) = at_the_edge(draft.setting(), distance, places) else { return Ok(()) };
        answers.set(answers.get() + u32::from(judge(&setting, is_double_double)?.is_some()));
        Ok(())
    });
    checked.unwrap_or_else(|error| panic!("{error}"));
    assert!(answers.get() >= 1000, "only {} answers", answers.get());
}

fn one_weight(S: u32, lambda: Rational, mu: Rational) -> Setting<Rational> {
    let gaussian = Gaussian {
        feature_covariance: numbers::matrix::scalar(Rational::from(1)),
        input_noise_covariance: numbers::matrix::scalar(Rational::new()),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::from_element(1, Rational::new()),
    };
    let rate = numbers::matrix::scalar(lambda);
    let setting = Setting::new(Population::Gaussian(gaussian), rate, BatchSize::new(S).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(mu).unwrap())
}

/// For S = 1, Σ = λ/(2 − 3λ) and L_train = ½(1 + Σ).
#[test]
fn decimals_near_the_edge_keep_their_digits() {
    for (text, train_loss) in [("0.666666", "166667"), ("0.66666666666666", "16666666666667")] {
        let lambda = problem::decimal(text).unwrap();
        let setting = one_weight(1, lambda.clone(), Rational::new());
        let double_double = setting.map(DoubleDouble::from_rational);
        let solution = lyapunov::solve(&Problem::written(&double_double), &mut ()).unwrap();
        let exact = &lambda / (Rational::from(2) - Rational::from(3) * &lambda);
        let loss = (exact.clone() + 1u32) / 2u32;
        assert!(off(solution.moments.train_loss, &loss) <= Rational::from_f64(solution.errors.train_loss).unwrap());
        assert_eq!(format!("{:.0}", solution.moments.train_loss), train_loss);
        assert!(solution.error_bound < 1e-10, "{text}: {:e}", solution.error_bound);
        // For the problem in doubles the bound holds, and is too large to be of use.
        let doubles = setting.map(nearest_f64);
        if let Ok(found) = lyapunov::solve(&Problem::nearest(&doubles), &mut ()) {
            let error = off(found.moments.fluctuation[(0, 0)], &exact);
            assert!(error <= Rational::from_f64(found.errors.fluctuation).unwrap());
        }
    }
}

/// One weight with S = 4 and μ = 0.9, from one double λ to the next around its edge at 38/105.
#[test]
fn from_one_double_to_the_next_no_verdict_is_wrong() {
    let mut lambda = 38.0 / 105.0_f64;
    for _ in 0..20 {
        lambda = lambda.next_down();
    }
    for _ in 0..40 {
        let setting = one_weight(4, Rational::from_f64(lambda).unwrap(), decimal(9, 1));
        judge(&setting, true).unwrap();
        judge(&setting, false).unwrap();
        lambda = lambda.next_up();
    }
}
