//! Settings that are drawn at random.

use lyapunov::stability;
use numbers::matrix::{Matrix, Vector};
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

/// M Mᵀ + I/10.
fn definite(D: usize, entries: &[f64]) -> Matrix<f64> {
    let root = Matrix::from_column_slice(D, D, &entries[..D * D]);
    let M = &root * root.transpose() + Matrix::identity(D, D) * 0.1;
    (&M + M.transpose()) * 0.5
}

prop_compose! {
    /// A stable setting of non-commuting matrices, at a given fraction of the stability limit.
    pub fn settings()(
        D in 1usize..5,
        S in 1u32..6,
        mu in prop_oneof![Just(0.0), 0.0..0.99],
        kind in 0..3,
        fraction in prop::sample::select(vec![0.01, 0.5, 0.99]),
        numbers in prop::collection::vec(-1.0..1.0, 16 * 4 + 8 * 5),
    ) -> Setting<f64> {
        let part = |k: usize| &numbers[16 * k..];
        let population = if kind == 0 {
            Population::Gaussian(Gaussian {
                feature_covariance: definite(D, part(0)),
                input_noise_covariance: definite(D, part(1)),
                label_noise_variance: 0.5,
                true_weights: Vector::from_column_slice(&part(4)[..D]),
            })
        } else {
            let features = Matrix::from_column_slice(8, D, &part(4)[..8 * D]);
            Population::Data(DataSet { features, labels: Vector::from_column_slice(&part(4)[32..40]) })
        };
        let sampling = if kind == 2 { Sampling::WithoutReplacement } else { Sampling::WithReplacement };
        let rate = definite(D, part(2)) * 0.01;
        let setting = Setting::new(population, rate, BatchSize::new(S).unwrap()).unwrap()
            .with_weight_decay(definite(D, part(3)) * 0.3).unwrap()
            .with_sampling(sampling).unwrap()
            .with_momentum(Momentum::new(mu).unwrap());
        let margin = stability(&setting).unwrap().margin;
        let rate = setting.learning_rate() * (margin * fraction);
        setting.with_learning_rate(rate).unwrap()
    }
}
