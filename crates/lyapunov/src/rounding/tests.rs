//! Bounds on rounding against rounding itself, and term by term.

use numbers::DoubleDouble;
use numbers::matrix::scalar;
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum};

use super::*;

/// A step in doubles, and how far its rounding goes beside its bound: entry by entry, 1 and above are wrong.
fn worst(setting: &Setting<f64>, P: &Matrix<f64>) -> f64 {
    let step = Step::of_setting(setting);
    let Rounded { value, rounding } = Magnitude::new(&step, setting.weight_decay()).settled(P);
    let double_double = setting.map(|v| DoubleDouble::from(*v));
    let exact = Step::of_setting(&double_double).settled(&P.map(DoubleDouble::from));
    let bound = |i: usize, j: usize| rounding.0.iter().map(|(a, b)| a[i] * b[j] + b[i] * a[j]).sum::<f64>();
    let mut worst = 0.0_f64;
    for j in 0..P.ncols() {
        for i in 0..P.nrows() {
            let off = (exact[(i, j)] - DoubleDouble::from(value[(i, j)])).nearest().abs();
            worst = worst.max(off / bound(i, j));
        }
    }
    worst
}

prop_compose! {
    /// Any signs; with a weight decay of −A nothing is left of a step but its noise.
    fn settings()(
        D in 1usize..6,
        mu in prop_oneof![Just(0.0), 0.0..0.99],
        S in prop_oneof![Just(1_u32), Just(1 << 31)],
        data: bool,
        only_noise: bool,
        size in prop::sample::select(vec![1e-8, 1.0, 1e8]),
        entries in prop::collection::vec(-1.0..1.0, 200),
    ) -> (Setting<f64>, Matrix<f64>) {
        let mut entries = entries.into_iter();
        let mut matrix = |m: usize, n: usize| Matrix::from_fn(m, n, |_, _| entries.next().unwrap());
        let gram = |M: Matrix<f64>| { let P = &M * M.transpose(); (&P + P.transpose()) * 0.5 };
        let population = if data {
            Population::Data(DataSet { features: matrix(7, D), labels: Vector::zeros(7) })
        } else {
            Population::Gaussian(Gaussian {
                feature_covariance: gram(matrix(D, D)),
                input_noise_covariance: Matrix::zeros(D, D),
                label_noise_variance: 1.0,
                true_weights: Vector::zeros(D),
            })
        };
        let L = { let M = matrix(D, D); (&M + M.transpose()) * size };
        let setting = Setting::new(population, L, BatchSize::new(S).unwrap()).unwrap();
        let decay = if only_noise { -setting.feature_covariance() } else { let M = matrix(D, D); &M + M.transpose() };
        let setting = setting.with_weight_decay((&decay + decay.transpose()) * 0.5).unwrap();
        let rows = if mu == 0.0 { D } else { 2 * D };
        (setting.with_momentum(Momentum::new(mu).unwrap()), gram(matrix(rows, rows)))
    }
}

/// 3 is more than √1 √4, by a half; and zeros on the diagonal have a floor, ε of the largest entry's root.
#[test]
fn entries_are_bounded_by_a_product() {
    let of = |entries: [f64; 4]| bound_of_entries(&Matrix::from_row_slice(2, 2, &entries));
    let close = |found: Vector<f64>, expected: [f64; 2]| {
        assert!((&found - Vector::from_row_slice(&expected)).norm() < 1e-15, "{found}");
    };
    close(of([1.0, 1.5, 1.5, 4.0]), [1.0, 2.0]);
    close(of([1.0, 3.0, 3.0, 4.0]), [1.5_f64.sqrt(), 6.0_f64.sqrt()]);
    close(of([4.0, 0.0, 0.0, 0.0]), [2.0, 2.0 * f64::EPSILON]);
    // What is within the bound of the floor changes nothing: 2 · 2ε is 4ε.
    close(of([4.0, 4.0 * f64::EPSILON, 4.0 * f64::EPSILON, 0.0]), [2.0, 2.0 * f64::EPSILON]);
    assert_eq!(of([0.0; 4]), Vector::zeros(2));
    assert_eq!(gamma(1 << 51, f64::UNIT), 1.0 / 3.0);
    assert_eq!(root_mean_square(&Matrix::<f64>::zeros(2, 1), |n, _| if n == 0 { 1.0 } else { 7.0 })[0], 5.0);
}

/// One weight with momentum: Γ = 1/2, λ = 1/8, μ = 1/4, f = 1/4, and P = [[2, −1], [−1, 3]]. Each term by hand, to a
/// part in a thousand.
#[test]
fn each_term_is_that_computed_by_hand() {
    let gaussian = Population::Gaussian(Gaussian {
        feature_covariance: scalar(3.0),
        input_noise_covariance: scalar(0.0),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(1),
    });
    // Mean squares 5 and 41, and the latter is not 5².
    let data =
        Population::Data(DataSet { features: Matrix::from_row_slice(2, 1, &[1.0, 3.0]), labels: Vector::zeros(2) });
    for (population, M, fourth, samples) in [(gaussian, 3.0, 9.0, 0), (data, 5.0, 41.0, 2 * terms_of_samples(2))] {
        let setting = Setting::new(population, scalar(0.125), BatchSize::new(4).unwrap()).unwrap();
        let setting = setting.with_weight_decay(scalar(0.5)).unwrap().with_momentum(Momentum::new(0.25).unwrap());
        let (lambda, f, C) = (0.125, 0.25, 6.0);
        let P = Matrix::from_row_slice(2, 2, &[2.0, -1.0, -1.0, 3.0]);
        let (columns, size) = ([5.0_f64.sqrt(), 10.0_f64.sqrt()], 15.0_f64.sqrt());
        let step = Step::of_setting(&setting);
        let unit = f64::EPSILON / 2.0;
        let gamma = (3 * (2 + 8) + samples) as f64 * unit;
        let pull = lambda * (M + 0.5);
        let increment = [pull + 0.25, pull + 0.75];
        let constant = Rounding(vec![(Vector::from_element(1, 5.0), Vector::from_element(1, 7.0))]);
        let found = Magnitude::new(&step, setting.weight_decay()).residual(&P, &scalar(C), constant).rounding;
        let of = |i: usize, j: usize| {
            let noise = lambda * lambda * f * gamma * 2.0;
            [
                (increment[i] * columns[j] + columns[i] * increment[j]) * gamma,
                increment[i] * increment[j] * gamma * size,
                noise * M * M,
                noise * fourth,
                UNDERFLOW,
                2.0 * lambda * lambda * 35.0,
                lambda * lambda * C * 8.0 * unit,
            ]
        };
        assert_eq!(found.0.len(), 7);
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            for (k, ((a, b), expected)) in found.0.iter().zip(of(i, j)).enumerate() {
                let term = a[i] * b[j] + b[i] * a[j];
                assert!((term / expected - 1.0).abs() < 1e-3, "term {k} of ({i}, {j}): {term:e}, not {expected:e}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn rounding_stays_below_its_bound((setting, P) in settings()) {
        let worst = worst(&setting, &P);
        prop_assert!(worst < 1.0, "{worst}");
    }
}
