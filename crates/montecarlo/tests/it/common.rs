//! Small settings that every test file needs.

use montecarlo::{Estimate, Plan, stationary};
use numbers::{Matrix, Vector, matrix};
use symbols::{BatchSize, DataSet, Gaussian, Population, Sampling, Setting};

/// One weight, label noise of variance 1, u = 1/2.
pub fn label_noise(a: f64, learning_rate: f64, batch_size: u32) -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: matrix::scalar(a),
        input_noise_covariance: matrix::scalar(0.0),
        label_noise_variance: 1.0,
        true_weights: Vector::from_element(1, 0.5),
    });
    Setting::new(population, matrix::scalar(learning_rate), BatchSize::new(batch_size).unwrap()).unwrap()
}

/// Two weights, everything switched on: input noise, weight decay, a matrix Λ, momentum.
pub fn everything() -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: Matrix::from_row_slice(2, 2, &[1.0, 0.25, 0.25, 0.5]),
        input_noise_covariance: Matrix::from_row_slice(2, 2, &[0.25, -0.125, -0.125, 0.125]),
        label_noise_variance: 0.5,
        true_weights: Vector::from_vec(vec![1.0, -0.5]),
    });
    let learning_rate = Matrix::from_row_slice(2, 2, &[0.125, 0.03125, 0.03125, 0.0625]);
    Setting::new(population, learning_rate, BatchSize::new(3).unwrap())
        .unwrap()
        .with_momentum(symbols::Momentum::new(0.25).unwrap())
        .with_weight_decay(Matrix::from_row_slice(2, 2, &[0.125, 0.0, 0.0, 0.25]))
        .unwrap()
}

/// Five samples of two features.
pub fn data(batch_size: u32, sampling: Sampling) -> Setting<f64> {
    let population = Population::Data(DataSet {
        features: Matrix::from_row_slice(5, 2, &[1.0, 0.0, 0.5, -1.0, -1.5, 0.25, 0.0, 2.0, 1.0, 1.0]),
        labels: Vector::from_vec(vec![1.0, -0.5, 0.25, 2.0, -1.0]),
    });
    Setting::new(population, matrix::identity::<f64>(2) * 0.125, BatchSize::new(batch_size).unwrap())
        .unwrap()
        .with_sampling(sampling)
        .unwrap()
}

/// Runs without looking at the progress.
pub fn run(setting: &Setting<f64>, plan: Plan) -> Estimate {
    stationary(setting, &plan, &()).unwrap()
}

/// E[v²] of one weight with momentum, from the recursion of E[v²], E[vm] and E[m²].
pub fn with_momentum(a: f64, lambda: f64, S: f64, mu: f64) -> f64 {
    // m' = μm + av + n with E[n²] = (2a²v² + aσ²)/S, v' = v − λm'. First the coefficients of m'², v'm', v'².
    let noise = (2.0 * a * a / S, a / S);
    let mm = [a * a + noise.0, 2.0 * mu * a, mu * mu];
    let vm = [a, mu, 0.0].iter().zip(mm).map(|(x, y)| x - lambda * y).collect::<Vec<_>>();
    let vv = (0..3).map(|k| [1.0, 0.0, 0.0][k] - 2.0 * lambda * [a, mu, 0.0][k] + lambda * lambda * mm[k]);
    let rows = [vv.collect::<Vec<_>>(), vm, mm.to_vec()];
    let map = Matrix::from_fn(3, 3, |i, j| rows[i][j]);
    let source = Matrix::from_column_slice(3, 1, &[lambda * lambda * noise.1, -lambda * noise.1, noise.1]);
    matrix::solve(&(matrix::identity::<f64>(3) - map), &source).unwrap()[(0, 0)]
}
