//! Averaged iterates against the update rule, sample by sample, and against values by other routes.
#![allow(clippy::unwrap_used)]

use exact::{AVERAGE_LIMIT, ExactError, average_covariance, average_covariance_limit, stationary_state};
use numbers::matrix::{self, Matrix, Vector, scalar};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn setting(population: Population<Rational>, L: Matrix<Rational>, S: u32, mu: Rational) -> Setting<Rational> {
    let setting = Setting::new(population, L, BatchSize::new(S).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(mu).unwrap())
}

fn one_weight(rate: Rational, S: u32, mu: Rational) -> Setting<Rational> {
    let model = Gaussian {
        feature_covariance: scalar(q(1, 1)),
        input_noise_covariance: scalar(q(0, 1)),
        label_noise_variance: q(1, 1),
        true_weights: Vector::from_element(1, q(0, 1)),
    };
    setting(Population::Gaussian(model), scalar(rate), S, mu)
}

/// n² cov(w̄) from E[yyᵀ] of y = (1, v, m, v₁ + … + v_n), each step the mean over the samples; S = 1.
fn literal(setting: &Setting<Rational>, steps: u32) -> Matrix<Rational> {
    let Population::Data(data) = setting.population() else { panic!("no data set") };
    let state = stationary_state(setting).unwrap();
    let (w, buffer) = (&state.minimizer, state.moments.buffer.unwrap());
    let (N, D) = data.features.shape();
    let (L, mu, order) = (setting.learning_rate(), setting.momentum(), 3 * D + 1);
    let sample = |i: usize| {
        let x = data.features.row(i).transpose();
        let hessian = matrix::outer(&x, &x) + setting.weight_decay();
        let gradient = &hessian * w - &x * data.labels[i].clone();
        let mut m: Matrix<Rational> = Matrix::zeros(D, order);
        m.view_mut((0, 0), (D, 1)).copy_from(&gradient);
        m.view_mut((0, 1), (D, D)).copy_from(&hessian);
        m.view_mut((0, 1 + D), (D, D)).copy_from(&(matrix::identity::<Rational>(D) * mu.clone()));
        let mut v = -(L * &m);
        let mut B: Matrix<Rational> = Matrix::zeros(order, order);
        for k in 0..D {
            v[(k, 1 + k)] += 1;
            B[(1 + 2 * D + k, 1 + 2 * D + k)] += 1;
        }
        B[(0, 0)] += 1;
        B.view_mut((1, 0), (D, order)).copy_from(&v);
        B.view_mut((1 + D, 0), (D, order)).copy_from(&m);
        let sum = B.view((1 + 2 * D, 0), (D, order)) + v;
        B.view_mut((1 + 2 * D, 0), (D, order)).copy_from(&sum);
        B
    };
    let samples = Vec::from_iter((0..N).map(sample));
    // y₁ has the sum v₁.
    let mut E: Matrix<Rational> = Matrix::zeros(order, order);
    let blocks = [
        [&state.moments.fluctuation, &buffer.with_weights, &state.moments.fluctuation],
        [&buffer.with_weights.transpose(), &buffer.square, &buffer.with_weights.transpose()],
        [&state.moments.fluctuation, &buffer.with_weights, &state.moments.fluctuation],
    ];
    for (i, row) in blocks.iter().enumerate() {
        for (j, block) in row.iter().enumerate() {
            E.view_mut((1 + i * D, 1 + j * D), (D, D)).copy_from(*block);
        }
    }
    E[(0, 0)] += 1;
    for _ in 1..steps {
        let next = samples.iter().map(|B| matrix::sandwich(B, &E)).fold(Matrix::zeros(order, order), |sum, M| sum + M);
        E = next / q(N as i64, 1);
    }
    E.view((1 + 2 * D, 1 + 2 * D), (D, D)).into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_mean_has_the_covariance_that_its_samples_give(
        features in prop::collection::vec(-3i64..4, 6), labels in prop::collection::vec(-3i64..4, 3),
        rates in (1i64..10, 1i64..10, 0i64..4), mu in 0i64..3, decay in 0i64..3, steps in 1u32..6,
    ) {
        let features = Matrix::from_row_iterator(3, 2, features.into_iter().map(|x| q(x, 2)));
        let labels = Vector::from_iterator(3, labels.into_iter().map(|y| q(y, 1)));
        let L = Matrix::from_row_slice(2, 2, &[rates.0, rates.2, rates.2, rates.1].map(|rate| q(rate, 40)));
        let decay = Matrix::from_row_slice(2, 2, &[decay, 1, 1, 1].map(|decay| q(decay, 5)));
        let setting = setting(Population::Data(DataSet { features, labels }), L, 1, q(mu, 3));
        let setting = setting.with_weight_decay(decay).unwrap();
        let moves_everywhere = stationary_state(&setting).is_ok_and(|state| state.moving.ncols() == 2);
        prop_assume!(moves_everywhere);
        let found = average_covariance(&setting, steps).unwrap() * q(i64::from(steps).pow(2), 1);
        prop_assert_eq!(found, literal(&setting, steps));
    }

    /// n cov(w̄) differs from its limit by the order 1/n.
    #[test]
    fn the_limit_is_that_of_the_finite_ones(rate in 1i64..12, S in 1u32..5, mu in 0i64..3) {
        let setting = one_weight(q(rate, 20), S, q(mu, 3));
        let Ok(limit) = average_covariance_limit(&setting) else { return Err(TestCaseError::reject("unstable")) };
        let error = |steps: u32| {
            let scaled = average_covariance(&setting, steps).unwrap()[(0, 0)].clone() * steps;
            (scaled / &limit[(0, 0)] - q(1, 1)).abs() * steps
        };
        let (coarse, fine) = (error(2000), error(4000));
        prop_assert!(Rational::from(&coarse - &fine).abs() <= coarse / 1000);
    }
}

#[test]
fn of_one_weight_they_are_those_by_other_routes() {
    let cases = [
        (one_weight(q(1, 2), 1, q(0, 1)), [q(1, 1), q(3, 4), q(11, 18), q(6657, 25600)], q(3, 1)),
        (one_weight(q(1, 2), 4, q(1, 2)), [q(3, 14), q(5, 28), q(1, 7), q(43, 1120)], q(5, 14)),
    ];
    for (setting, values, limit) in cases {
        for (steps, value) in [1, 2, 3, 10].into_iter().zip(values) {
            assert_eq!(average_covariance(&setting, steps), Ok(scalar(value)));
        }
        assert_eq!(average_covariance_limit(&setting), Ok(scalar(limit)));
    }
}

/// Two samples, one weight, with and without momentum.
#[test]
fn of_two_samples_they_are_those_of_the_samples() {
    let features = Matrix::from_row_slice(2, 1, &[q(1, 1), q(2, 1)]);
    let data = Population::Data(DataSet { features, labels: Vector::from_vec(vec![q(1, 1), q(0, 1)]) });
    let with_momentum = |mu: Rational| setting(data.clone(), scalar(q(1, 5)), 1, mu);
    for mu in [q(0, 1), q(1, 2)] {
        let setting = with_momentum(mu);
        for steps in 1..6 {
            let found = average_covariance(&setting, steps).unwrap() * q(i64::from(steps).pow(2), 1);
            assert_eq!(found, literal(&setting, steps));
        }
    }
}

/// A weight that is not trained stays, and so does its mean.
#[test]
fn where_nothing_moves_nothing_fluctuates() {
    let still = one_weight(q(0, 1), 1, q(0, 1));
    assert_eq!(average_covariance(&still, 3), Ok(scalar(q(0, 1))));
    assert_eq!(average_covariance_limit(&still), Ok(scalar(q(0, 1))));
}

#[test]
fn counts_out_of_range_and_unstable_settings_are_refused() {
    let setting = one_weight(q(1, 2), 1, q(0, 1));
    for steps in [0, AVERAGE_LIMIT + 1] {
        assert!(matches!(average_covariance(&setting, steps), Err(ExactError::OutOfRange { .. })));
    }
    assert_eq!(average_covariance_limit(&one_weight(q(2, 3), 1, q(0, 1))), Err(ExactError::Unstable));
}
