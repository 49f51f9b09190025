//! The definition judges the fast route.

use std::ops::ControlFlow;

use super::settings::settings;
use lyapunov::{Problem, Progress, Route, approximate, stability, stationary_by};
use numbers::{Matrix, Vector};
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

proptest! {
    #[test]
    fn both_routes_agree_within_their_bounds(setting in settings()) {
        let [joint, fast] = [Route::Augmented, Route::Reduced].map(|route| stationary_by(route, &setting).unwrap());
        let size = joint.moments.fluctuation.norm();
        // Labels that the features explain make no noise.
        prop_assume!(size > 0.0);
        let distance = (&joint.moments.fluctuation - &fast.moments.fluctuation).norm() / size;
        prop_assert!(distance <= joint.error_bound + fast.error_bound, "{distance} {joint:?} {fast:?}");
        prop_assert!(fast.error_bound <= 1.2e-16, "{}", fast.error_bound);
        prop_assert!(joint.residual <= 1e-13 && fast.residual <= 1e-13, "{} {}", joint.residual, fast.residual);
        let [radii, margins] = [(joint.stability, fast.stability)].map(|(j, f)| [[j.spectral_radius, f.spectral_radius], [j.margin, f.margin]])[0];
        prop_assert!((radii[0] - radii[1]).abs() <= 1e-7 && (margins[0] - margins[1]).abs() <= 1e-7 * margins[1], "{radii:?} {margins:?}");
    }

    /// Scaled by its margin, a setting has a spectral radius of 1.
    #[test]
    fn the_margin_is_where_the_radius_is_one(setting in settings()) {
        let margin = stability(&setting).unwrap().margin;
        let rate = setting.learning_rate() * margin;
        let at_limit = stability(&setting.with_learning_rate(rate).unwrap()).unwrap();
        prop_assert!((at_limit.spectral_radius - 1.0).abs() < 1e-9, "{at_limit:?}");
        prop_assert!((at_limit.margin - 1.0).abs() < 1e-9, "{at_limit:?}");
    }
}

/// A weight decay that commutes with nothing.
fn without_symmetry(label_noise_variance: f64) -> Setting<f64> {
    let D = 40;
    let diagonal = |entry: &dyn Fn(usize) -> f64| Matrix::from_diagonal(&Vector::from_fn(D, |i, _| entry(i)));
    let gaussian = Gaussian {
        feature_covariance: Matrix::from_fn(D, D, |i, j| {
            if i == j { 1.0 } else { 0.5 / (1.0 + i.abs_diff(j) as f64).powi(2) }
        }),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance,
        true_weights: Vector::zeros(D),
    };
    let rate = diagonal(&|i| 0.02 / (1.0 + (i % 5) as f64));
    let setting = Setting::new(Population::Gaussian(gaussian), rate, BatchSize::new(2).unwrap()).unwrap();
    setting.with_weight_decay(diagonal(&|i| (i % 7) as f64)).unwrap()
}

fn progress(setting: &Setting<f64>) -> Vec<Progress> {
    let mut seen = Vec::new();
    let problem = Problem::read(setting);
    let found = approximate(&problem, &mut |progress: Progress| {
        seen.push(progress);
        ControlFlow::Continue(())
    });
    assert_eq!(seen.len(), found.unwrap().iterations());
    seen
}

/// Neither the noise of the labels nor the size of the problem is in a relative residual.
#[test]
fn progress_is_relative() {
    let [one, other] = [1.0, 1e12].map(|noise| progress(&without_symmetry(noise)));
    assert!((5..12).contains(&one.len()), "{one:?}");
    for (k, progress) in one.iter().enumerate() {
        assert_eq!(progress.iteration, k + 1);
        // Each iteration gains a digit and more, and the descent ends where it is told to.
        assert!(progress.residual < 10.0_f64.powi(-(k as i32)), "{one:?}");
        assert_eq!(progress.residual <= 1e-13, k + 1 == one.len(), "{one:?}");
    }
    assert!((one[0].residual / other[0].residual - 1.0).abs() < 1e-9);
}

/// Near the edge of stability, where few samples make a noise that is far from that of each entry alone, it takes
/// longer, and goes on while it gains.
#[test]
fn a_long_descent_is_no_stalled_one() {
    let features = Matrix::from_fn(40, 30, |n, i| ((3 * n + 7 * i + n * i) as f64).sin() / (1.0 + (n % 9) as f64));
    let data = DataSet { features, labels: Vector::from_fn(40, |n, _| (n as f64).cos()) };
    let rate = Matrix::identity(30, 30);
    let setting = Setting::new(Population::Data(data), rate, BatchSize::new(1).unwrap()).unwrap();
    let rate = setting.learning_rate() * (stability(&setting).unwrap().margin * 0.999);
    let seen = progress(&setting.with_learning_rate(rate).unwrap());
    let last = seen.last().unwrap();
    assert!((25..100).contains(&last.iteration) && last.residual <= 1e-13, "{last:?}");
}

/// Twenty weights, which are more than residuals are evaluated in double-double numbers for; and ten with momentum.
#[test]
fn both_routes_agree_on_many_weights() {
    let wave = |i: usize, j: usize| ((3 * i + 7 * j + i * j) as f64).sin();
    for (D, mu) in [(20, 0.0), (10, 0.5)] {
        let features = Matrix::from_fn(30, D, wave);
        let gaussian = Population::Gaussian(Gaussian {
            feature_covariance: features.transpose() * &features / 30.0,
            input_noise_covariance: Matrix::from_diagonal(&Vector::from_fn(D, |i, _| 1.0 / (1.0 + i as f64))),
            label_noise_variance: 0.5,
            true_weights: Vector::from_fn(D, |i, _| wave(i, 1)),
        });
        let data = Population::Data(DataSet { features, labels: Vector::from_fn(30, |n, _| wave(n, 5)) });
        for population in [gaussian, data] {
            let rate = Matrix::from_diagonal(&Vector::from_fn(D, |i, _| 0.1 / (1.0 + (i % 3) as f64)));
            let setting = Setting::new(population, rate, BatchSize::new(7).unwrap()).unwrap();
            let decay = Matrix::from_diagonal(&Vector::from_fn(D, |i, _| 0.1 * (i % 4) as f64));
            let setting = setting.with_weight_decay(decay).unwrap().with_momentum(Momentum::new(mu).unwrap());
            let [joint, fast] = [Route::Augmented, Route::Reduced].map(|route| stationary_by(route, &setting).unwrap());
            let size = joint.moments.fluctuation.norm();
            let distance = (&joint.moments.fluctuation - &fast.moments.fluctuation).norm() / size;
            assert!(distance <= 1e-12 && distance <= joint.error_bound + fast.error_bound, "{distance:e}");
            assert!(
                joint.error_bound <= 1e-9 && fast.error_bound <= 1e-9,
                "{:e} {:e}",
                joint.error_bound,
                fast.error_bound
            );
            assert!(joint.residual <= 1e-14 && fast.residual <= 1e-14, "{:e} {:e}", joint.residual, fast.residual);
            let [one, other] = [joint, fast].map(|found| found.moments);
            assert!((&one.noise_covariance - &other.noise_covariance).norm() <= 1e-11 * one.noise_covariance.norm());
            assert!((one.train_loss - other.train_loss).abs() <= 1e-12 * one.train_loss);
        }
    }
}

/// Then the preconditioner, drift and the trace of the noise, is the inverse.
#[test]
fn one_iteration_is_enough_where_everything_commutes() {
    let D = 60;
    let A = Matrix::from_diagonal(&Vector::from_fn(D, |i, _| 1.0 / (1.0 + i as f64)));
    let gaussian = Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(D),
    };
    let rate = Matrix::identity(D, D) * 0.3;
    let setting = Setting::new(Population::Gaussian(gaussian), rate, BatchSize::new(1).unwrap()).unwrap();
    let problem = Problem::read(&setting);
    let iterations = approximate(&problem, &mut ()).unwrap().iterations();
    assert_eq!(iterations, 1);
}
