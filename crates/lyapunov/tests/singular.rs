//! Directions in which nothing happens, or too much.
#![allow(clippy::unwrap_used)]

use lyapunov::{LyapunovError, stability, stationary};
use symbols::matrix::{Matrix, Vector, scalar};
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

fn gaussian(A: Matrix<f64>, u: &[f64]) -> Population<f64> {
    Population::Gaussian(Gaussian {
        input_noise_covariance: A.clone() * 0.0,
        feature_covariance: A,
        label_noise_variance: 1.0,
        true_weights: Vector::from_column_slice(u),
    })
}

fn setting(population: Population<f64>, L: Matrix<f64>, mu: f64) -> Setting<f64> {
    let setting = Setting::new(population, L, BatchSize::new(3).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(mu).unwrap())
}

/// A feature that is given twice is one feature of twice the variance in w₁ + w₂; w₁ − w₂ stays where it was.
#[test]
fn a_feature_given_twice() {
    for mu in [0.0, 0.5] {
        let twice = Matrix::from_element(2, 2, 0.5);
        let found = stationary(&setting(gaussian(twice, &[1.0, 0.0]), Matrix::identity(2, 2) * 0.25, mu)).unwrap();
        let alone = stationary(&setting(gaussian(scalar(1.0), &[1.0]), scalar(0.25), mu)).unwrap();
        let expected = Matrix::from_element(2, 2, 0.5 * alone.moments.fluctuation[(0, 0)]);
        assert!((&found.moments.fluctuation - expected).norm() <= 1e-14, "{found:?}");
        assert!((found.moments.train_loss - alone.moments.train_loss).abs() <= 1e-14, "{found:?}");
        assert!(found.error_bound > 0.0 && found.error_bound < 1e-12, "{found:?}");
        let still = found.null_space.unwrap();
        assert_eq!(still.shape(), (2, 1));
        assert!((still[(0, 0)] + still[(1, 0)]).abs() <= 1e-14 && (still.norm() - 1.0).abs() <= 1e-14, "{still}");
    }
}

/// In other units of the features nothing changes but the units.
#[test]
fn a_bound_knows_no_units() {
    let bound = |unit: f64| {
        let twice = Matrix::from_element(2, 2, 0.5 * unit);
        stationary(&setting(gaussian(twice, &[1.0, 0.0]), Matrix::identity(2, 2) * (0.25 / unit), 0.5))
            .unwrap()
            .error_bound
    };
    let (small, large) = (bound(2.0_f64.powi(-30)), bound(2.0_f64.powi(30)));
    assert!((small / large - 1.0).abs() < 0.01, "{small:e} {large:e}");
}

/// Where Λ is zero a weight stays at w₀, and the others settle around what is best for it there.
#[test]
fn a_weight_that_is_not_trained() {
    let A = Matrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 1.0]);
    let L = Matrix::from_diagonal(&Vector::from_vec(vec![0.25, 0.0]));
    let frozen =
        setting(gaussian(A, &[0.0, 0.0]), L, 0.0).with_initial_weights(Vector::from_vec(vec![5.0, 2.0])).unwrap();
    let found = stationary(&frozen).unwrap();
    // y − 2x₂ is label noise of variance 1 + 4·(1 − 1/4) next to x₁/2 each, around w₁ = −1.
    let alone = {
        let model = Gaussian {
            feature_covariance: scalar(1.0),
            input_noise_covariance: scalar(0.0),
            label_noise_variance: 4.0,
            true_weights: Vector::from_element(1, -1.0),
        };
        stationary(&setting(Population::Gaussian(model), scalar(0.25), 0.0)).unwrap()
    };
    let expected = Matrix::from_diagonal(&Vector::from_vec(vec![alone.moments.fluctuation[(0, 0)], 0.0]));
    assert!((&found.moments.fluctuation - expected).norm() <= 1e-14, "{found:?}");
    assert!((found.moments.train_loss - alone.moments.train_loss).abs() <= 1e-13, "{found:?}");
    assert_eq!(found.null_space.unwrap().map(f64::abs), Matrix::from_column_slice(2, 1, &[0.0, 1.0]));
}

/// w = Vz with two columns for three weights: the noise is that of SGD on z, with the features Vᵀx and another Λ.
#[test]
fn two_directions_of_three_that_are_trained() {
    let A = Matrix::from_row_slice(3, 3, &[2.0, 0.5, -0.25, 0.5, 1.0, 0.125, -0.25, 0.125, 0.75]);
    let V = Matrix::from_row_slice(3, 2, &[1.0, 2.0, 2.0, 1.0, 2.0, -2.0]) / 3.0;
    let L = Matrix::from_row_slice(2, 2, &[0.25, 0.0625, 0.0625, 0.125]);
    let symmetric = |M: Matrix<f64>| (&M + M.transpose()) * 0.5;
    for mu in [0.0, 0.5] {
        let within =
            stationary(&setting(gaussian(symmetric(V.transpose() * &A * &V), &[0.0; 2]), L.clone(), mu)).unwrap();
        let rate = symmetric(&V * &L * V.transpose());
        let found = stationary(&setting(gaussian(A.clone(), &[0.0; 3]), rate, mu)).unwrap();
        let expected = &V * within.moments.fluctuation * V.transpose();
        assert!((&found.moments.fluctuation - &expected).norm() <= 1e-13 * expected.norm(), "{found:?}");
        assert!((found.moments.train_loss - within.moments.train_loss).abs() <= 1e-13, "{found:?}");
        assert_eq!(found.null_space.unwrap().shape(), (3, 1));
    }
}

#[test]
fn nothing_at_all_moves_without_a_learning_rate() {
    let found = stationary(&setting(gaussian(scalar(1.0), &[1.0]), scalar(0.0), 0.0)).unwrap();
    assert_eq!(found.moments.fluctuation, scalar(0.0));
    assert_eq!((found.stability.spectral_radius, found.stability.margin), (0.0, f64::INFINITY));
    assert_eq!(found.null_space, Some(scalar(1.0)));
}

/// More weights than samples, and no weight decay: what the samples do not span stays still.
#[test]
fn more_weights_than_samples() {
    let features = Matrix::from_fn(3, 5, |i, j| ((3 * i + 2 * j) % 5) as f64 - 1.5);
    let data = DataSet { features: features.clone(), labels: Vector::from_vec(vec![1.0, -1.0, 2.0]) };
    let found = stationary(&setting(Population::Data(data), Matrix::identity(5, 5) * 0.05, 0.0)).unwrap();
    let still = found.null_space.unwrap();
    assert_eq!(still.shape(), (5, 2));
    assert!((features * still).norm() <= 1e-13);
    // The samples are fitted: nothing is left to fluctuate.
    assert!(found.moments.train_loss <= 1e-26 && found.moments.fluctuation.norm() <= 1e-26, "{:?}", found.moments);
}

/// Noise without a pull, or a pull away.
#[test]
fn what_drifts_is_unstable() {
    let pushed = setting(gaussian(scalar(1.0), &[1.0]), scalar(0.25), 0.0).with_weight_decay(scalar(-1.0)).unwrap();
    let saddle = Matrix::from_diagonal(&Vector::from_vec(vec![0.5, -1.5]));
    let saddle = setting(gaussian(Matrix::identity(2, 2), &[1.0, 1.0]), Matrix::identity(2, 2) * 0.1, 0.5)
        .with_weight_decay(saddle)
        .unwrap();
    for setting in [pushed, saddle] {
        let Err(LyapunovError::Unstable(stability)) = stationary(&setting) else { panic!() };
        assert!(stability.spectral_radius > 1.0 && stability.margin == 0.0, "{stability:?}");
    }
}

/// The pull v ↦ ΛKv vanishes although neither Λ nor K does; or it is below the least double.
#[test]
fn what_is_pulled_is_not_moved() {
    let diagonal = |x: f64, y: f64| Matrix::from_diagonal(&Vector::from_vec(vec![x, y]));
    let apart = setting(gaussian(diagonal(0.0, 1.0), &[1.0, 1.0]), diagonal(0.25, 0.0), 0.5);
    let found = stationary(&apart).unwrap();
    assert_eq!((found.moments.fluctuation, found.stability.margin), (Matrix::zeros(2, 2), f64::INFINITY));
    assert_eq!(found.null_space.unwrap().shape(), (2, 2));
    let lost = setting(gaussian(diagonal(0.0, 1.0), &[1.0, 1.0]), diagonal(0.25, 1e-323), 0.5);
    let told = stationary(&lost).unwrap_err().to_string();
    assert_eq!(told, "ΛK has entries up to 0e0: expected 1e-100 to 1e100, or zero throughout");
}

/// K = I − vvᵀ is zero along v but for rounding, and the noise is not.
#[test]
fn rounding_is_no_pull() {
    let v = Vector::from_vec(vec![0.6, 0.48, 0.64]);
    let flat = setting(gaussian(Matrix::identity(3, 3), &[1.0, 2.0, 3.0]), Matrix::identity(3, 3) * 0.1, 0.0);
    let flat = flat.with_weight_decay(-(&v * v.transpose())).unwrap();
    let stability = stability(&flat).unwrap();
    assert!(stability.margin == 0.0 && stability.spectral_radius > 1.0, "{stability:?}");
    let told = stationary(&flat).unwrap_err();
    assert!(matches!(told, LyapunovError::Unstable(found) if found == stability), "{told}");
}
