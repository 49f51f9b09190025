//! What the chains say of their own standard error, against the exact one: two engines that do not know each other.
#![allow(clippy::unwrap_used)]

use exact::time_average_variance;
use montecarlo::{Plan, stationary};
use numbers::matrix::{self, Matrix, Vector};
use numbers::nearest_f64;
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

const CHAINS: usize = 1024;
const STEPS: usize = 2_000;

/// The variance of M chains is χ² of M − 1 degrees of freedom, of the relative deviation √(2/(M − 1)) = 4.4 %: six of
/// these are a chance of 10⁻⁸ for each of the five quantities. A mean of n steps has the relative error τ/n, τ being
/// the steps that a chain remembers, ten or so.
#[test]
fn standard_errors_of_several_weights_are_the_exact_ones() {
    let rotated = |a: i64, b: i64, c: i64, d: i64| Matrix::from_row_slice(2, 2, &[q(a, d), q(b, d), q(b, d), q(c, d)]);
    for (momentum, decay) in [(q(0, 1), 0), (q(1, 2), 0), (q(0, 1), 1)] {
        let population = Population::Gaussian(Gaussian {
            feature_covariance: rotated(4, 1, 2, 4),
            input_noise_covariance: Matrix::zeros(2, 2),
            label_noise_variance: q(1, 1),
            true_weights: Vector::from_vec(vec![q(1, 1), q(-1, 1)]),
        });
        let setting = Setting::new(population, rotated(3, 1, 4, 20), BatchSize::new(4).unwrap()).unwrap();
        let setting = setting.with_weight_decay(matrix::identity::<Rational>(2) * q(decay, 4)).unwrap();
        let setting = setting.with_momentum(Momentum::new(momentum.clone()).unwrap());
        let plan = Plan::new().with_chains(CHAINS).with_burn_in(500).with_steps(STEPS).with_seed(7);
        let estimate = stationary(&setting.map(nearest_f64), &plan, &()).unwrap();
        let measured = estimate.mean(|moments| moments.fluctuation.clone()).standard_error;
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            let mut quantity: Matrix<Rational> = Matrix::zeros(2, 2);
            quantity[(i, j)] += q(1, 2);
            quantity[(j, i)] += q(1, 2);
            let exact = nearest_f64(&time_average_variance(&setting, &quantity).unwrap());
            let expected = (exact / (CHAINS * STEPS) as f64).sqrt();
            let ratio = measured[(i, j)] / expected;
            println!("μ = {momentum}, γ = {decay}/4, {i}{j}: {expected:.4e}, measured over exact {ratio:.4}");
            let chance = 6.0 * (2.0 / (CHAINS - 1) as f64).sqrt();
            assert!((ratio * ratio - 1.0).abs() < chance + 0.02, "μ = {momentum}, γ = {decay}/4, {i}{j}: {ratio}");
        }
    }
}
