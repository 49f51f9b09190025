//! The problem that is timed here and by `cargo xtask bench`: that of the peers.

use montecarlo::{Draws, Plan};
use numbers::matrix::{Matrix, Vector, identity};
use symbols::{BatchSize, Gaussian, Population, Setting, SettingError};

/// D and S.
pub const SIZES: [(usize, u32); 5] = [(1, 1), (1, 10), (2, 10), (10, 32), (100, 32)];

/// A with eigenvalues from 0.1 to 1 in geometric progression in directions of no importance, λ = 0.1/Tr A, label noise
/// of variance 1.
pub fn setting(D: usize, S: u32) -> Result<Setting<f64>, SettingError> {
    let eigenvalue = |i: usize| 0.1f64.powf(1.0 - i as f64 / (D.max(2) - 1) as f64);
    // A reflection at a generic direction.
    let x = Vector::from_fn(D, |i, _| 1.0 + (i as f64).sin());
    let reflection = identity::<f64>(D) - &x * x.transpose() * (2.0 / x.norm_squared());
    let A = &reflection * Matrix::from_diagonal(&Vector::from_fn(D, |i, _| eigenvalue(i))) * &reflection;
    let A = (&A + A.transpose()) * 0.5;
    let rate = 0.1 / A.trace();
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(D),
    });
    Setting::new(population, Matrix::identity(D, D) * rate, BatchSize::new(S)?)
}

/// A tenth of a second or so.
pub fn plan(D: usize, S: u32, draws: Draws) -> Plan {
    let numbers = if draws == Draws::InDistribution { D + 8 } else { (D + 1) * S as usize };
    Plan::new().with_chains(128).with_burn_in(0).with_steps(512 + (1 << 18) / numbers).with_seed(1).with_draws(draws)
}
