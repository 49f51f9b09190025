//! Directions in which nothing happens, or too much.

use lyapunov::{LyapunovError, stability, stationary};
use numbers::matrix::{Matrix, Vector, scalar};
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

/// A feature that is given twice is one feature in w₁ + w₂, and w₁ − w₂ stays where it was; but doubles cannot prove
/// that, as the second eigenvalue could be anything below ε. Neither can they for a Λ of low rank whose entries are
/// rounded.
#[test]
fn what_rounding_could_hide_is_not_said_to_be_still() {
    let twice = setting(gaussian(Matrix::from_element(2, 2, 0.5), &[1.0, 0.0]), Matrix::identity(2, 2) * 0.25, 0.5);
    let told = stationary(&twice).unwrap_err();
    assert!(matches!(told, LyapunovError::Rank { directions: 1, dimension: 2 }), "{told}");
    let v = Vector::from_vec(vec![0.6, 0.48, 0.64]);
    let rank_one = setting(gaussian(Matrix::identity(3, 3), &[0.0; 3]), &v * v.transpose(), 0.0);
    let told = stationary(&rank_one).unwrap_err();
    assert!(matches!(told, LyapunovError::Rank { .. } | LyapunovError::Undecided(_)), "{told}");
}

/// A = diag(1, 10⁻¹⁵), S = 10, λ = 1/2, σ² = 1. With κ = Σ aᵢ/gᵢ, gᵢ = 2 − (1 + 1/S)λaᵢ and λ = 1/2 by Theorem 2,
/// Σᵢᵢ = (λ/S)(1 + κλ/S/(1 − κλ/S))/gᵢ. A direction that is pulled by little moves no less than others.
#[test]
fn a_weak_pull_is_a_pull() {
    let weak = 1e-15;
    let gaussian = gaussian(Matrix::from_diagonal(&Vector::from_vec(vec![1.0, weak])), &[0.0, 0.0]);
    let setting = Setting::new(gaussian, Matrix::identity(2, 2) * 0.5, BatchSize::new(10).unwrap()).unwrap();
    let found = stationary(&setting).unwrap();
    assert!(found.null_space.is_none());
    let g = |a: f64| 2.0 - 1.1 * 0.5 * a;
    let kappa = 0.05 * (1.0 / g(1.0) + weak / g(weak));
    for (i, a) in [1.0, weak].into_iter().enumerate() {
        let expected = 0.05 / g(a) / (1.0 - kappa);
        let error = (found.moments.fluctuation[(i, i)] - expected).abs();
        assert!(error <= 1e-15 * expected + found.errors.fluctuation_entries[(i, i)], "{i}: {error:e}");
    }
    assert!((found.moments.fluctuation[(1, 1)] - 0.025_892_8).abs() < 1e-7 && found.error_bound < 1e-10);
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
    assert_eq!((found.moments.train_loss, found.moments.fluctuation.norm()), (0.0, 0.0));
    assert_eq!((found.error_bound, found.errors.fluctuation, found.least_loss), (0.0, 0.0, 0.0));
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
    assert_eq!(told, "ΛK has entries up to 1e-323: expected 1e-100 to 1e100, or zero throughout");
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
