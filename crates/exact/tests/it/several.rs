//! Fourth moments of several weights against enumeration, one weight, and values by other routes.
#![allow(clippy::unwrap_used)]

use exact::{CentralMoments, ExactError, central_moments, stationary, time_average_variance};
use itertools::Itertools;
use numbers::matrix::{self, Matrix, Vector, scalar};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn diagonal(entries: &[Rational]) -> Matrix<Rational> {
    Matrix::from_diagonal(&Vector::from_row_slice(entries))
}

fn gaussian(A: Matrix<Rational>, u: Vector<Rational>) -> Population<Rational> {
    Population::Gaussian(Gaussian {
        input_noise_covariance: &A * q(0, 1),
        feature_covariance: A,
        label_noise_variance: q(1, 1),
        true_weights: u,
    })
}

fn plain(A: Matrix<Rational>, rate: Rational, S: u32) -> Setting<Rational> {
    let D = A.nrows();
    let L = matrix::identity::<Rational>(D) * rate;
    Setting::new(gaussian(A, Vector::zeros(D)), L, BatchSize::new(S).unwrap()).unwrap()
}

/// All moments of degree 2 to 4 by enumeration of the samples of a minibatch: y = (1, v, m) is multiplied by a matrix
/// for each minibatch, so that E[y ⊗ y ⊗ y ⊗ y] is fixed by the mean of their powers.
fn literal(setting: &Setting<Rational>) -> Option<Matrix<Rational>> {
    let mean = steps(setting, 4)?;
    let rest = mean.nrows() - 1;
    let left = Matrix::identity(rest, rest) - mean.view((1, 1), (rest, rest));
    exact::solve(&left, &mean.view((1, 0), (rest, 1)).into_owned()).ok()
}

/// The mean of the Kronecker power of the matrices of all minibatches.
fn steps(setting: &Setting<Rational>, power: u32) -> Option<Matrix<Rational>> {
    let Population::Data(data) = setting.population() else { return None };
    let w = setting.minimizer().ok()?;
    let (N, D) = data.features.shape();
    let (L, mu, S) = (setting.learning_rate(), setting.momentum(), setting.batch_size().get() as usize);
    let order = if mu.is_zero() { 1 + D } else { 1 + 2 * D };
    let batches: Vec<Vec<usize>> = match setting.sampling() {
        Sampling::WithReplacement => std::iter::repeat_n(0..N, S).multi_cartesian_product().collect(),
        Sampling::WithoutReplacement => (0..N).combinations(S).collect(),
    };
    let mut mean: Matrix<Rational> = Matrix::zeros(order.pow(power), order.pow(power));
    for batch in &batches {
        let (mut hessian, mut gradient) = (setting.weight_decay().clone(), setting.weight_decay() * &w);
        for &i in batch {
            let x = data.features.row(i).transpose();
            gradient += &x * ((x.dot(&w) - &data.labels[i]) / Rational::from(S));
            hessian += matrix::outer(&x, &x) / Rational::from(S);
        }
        let mut m: Matrix<Rational> = Matrix::zeros(D, order);
        m.view_mut((0, 0), (D, 1)).copy_from(&gradient);
        m.view_mut((0, 1), (D, D)).copy_from(&hessian);
        if !mu.is_zero() {
            m.view_mut((0, 1 + D), (D, D)).copy_from(&(matrix::identity::<Rational>(D) * mu.clone()));
        }
        let mut v = -(L * &m);
        (0..D).for_each(|k| v[(k, 1 + k)] += 1);
        let mut B: Matrix<Rational> = Matrix::zeros(order, order);
        B[(0, 0)] += 1;
        B.view_mut((1, 0), (D, order)).copy_from(&v);
        if !mu.is_zero() {
            B.view_mut((1 + D, 0), (D, order)).copy_from(&m);
        }
        mean += (1..power).fold(B.clone(), |product, _| product.kronecker(&B));
    }
    Some(mean / Rational::from(batches.len()))
}

fn assert_literal(setting: &Setting<Rational>, moments: &CentralMoments, tensor: &Matrix<Rational>) {
    let D = setting.dimension();
    let order = if setting.momentum().is_zero() { 1 + D } else { 1 + 2 * D };
    for degree in 2..=4 {
        for weights in (0..D).combinations_with_replacement(degree) {
            let place = weights.iter().fold(0, |place, i| place * order + i + 1);
            assert_eq!(moments.of(&weights).as_ref(), Some(&tensor[(place - 1, 0)]), "{weights:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn moments_are_fixed_by_the_enumerated_step(
        features in prop::collection::vec(-3i64..4, 6), labels in prop::collection::vec(-3i64..4, 3),
        rates in (1i64..10, 1i64..10, 0i64..4), S in 1u32..3, distinct: bool, decay in 0i64..3,
    ) {
        let features = Matrix::from_row_iterator(3, 2, features.into_iter().map(|x| q(x, 2)));
        let labels = Vector::from_iterator(3, labels.into_iter().map(|y| q(y, 1)));
        let L = Matrix::from_row_slice(2, 2, &[rates.0, rates.2, rates.2, rates.1].map(|rate| q(rate, 40)));
        let data = Population::Data(DataSet { features, labels });
        let mut setting = Setting::new(data, L, BatchSize::new(S).unwrap()).unwrap();
        let decay = Matrix::from_row_slice(2, 2, &[decay, 1, 1, 1].map(|decay| q(decay, 5)));
        setting = setting.with_weight_decay(decay).unwrap();
        if distinct {
            setting = setting.with_sampling(Sampling::WithoutReplacement).unwrap();
        }
        let Ok(moments) = central_moments(&setting) else { return Err(TestCaseError::reject("no moments")) };
        let Some(tensor) = literal(&setting) else { return Err(TestCaseError::reject("not the only fixed point")) };
        assert_literal(&setting, &moments, &tensor);
    }

    /// Features that are independent, of weights that share the noise of their residuals: odd moments vanish, squares
    /// are correlated.
    #[test]
    fn independent_features_have_moments_that_are_even_in_each_weight(
        a in prop::array::uniform2(1i64..5), rates in prop::array::uniform2(1i64..9), S in 1u32..4, mu in 0i64..2,
    ) {
        let L = diagonal(&rates.map(|rate| q(rate, 60)));
        let population = gaussian(diagonal(&a.map(|a| q(a, 1))), Vector::zeros(2));
        let setting = Setting::new(population, L, BatchSize::new(S).unwrap()).unwrap();
        let setting = setting.with_momentum(Momentum::new(q(mu, 2)).unwrap());
        let Ok(moments) = central_moments(&setting) else { return Err(TestCaseError::reject("no moments")) };
        let fluctuation = stationary(&setting).unwrap().fluctuation;
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            prop_assert_eq!(moments.of(&[i, j]), Some(fluctuation[(i, j)].clone()));
        }
        // By the change of sign of one weight.
        prop_assert_eq!(moments.of(&[0, 0, 0, 1]), Some(q(0, 1)));
        prop_assert_eq!(moments.of(&[0, 1, 1]), Some(q(0, 1)));
        prop_assert!(moments.of(&[0, 0, 1, 1]).is_some_and(|moment| moment > fluctuation[(0, 0)].clone() * &fluctuation[(1, 1)]));
    }

    /// An orthogonal transformation of all is one of the moments: (3, 4)/5 and (−4, 3)/5 are the columns of R.
    #[test]
    fn a_rotation_rotates_the_tensor(a in 1i64..5, b in 1i64..5, rates in prop::array::uniform2(1i64..9), u in -2i64..3) {
        let R = Matrix::from_column_slice(2, 2, &[3, 4, -4, 3].map(|x| q(x, 5)));
        let (A, L) = (diagonal(&[q(a, 1), q(b, 2)]), diagonal(&rates.map(|rate| q(rate, 60))));
        let (u, decay) = (Vector::from_vec(vec![q(u, 1), q(1, 1)]), diagonal(&[q(1, 3), q(1, 5)]));
        let of = |R: &Matrix<Rational>| {
            let turned = |M: &Matrix<Rational>| matrix::sandwich(R, M);
            let setting = Setting::new(gaussian(turned(&A), R * &u), turned(&L), BatchSize::new(2).unwrap()).unwrap();
            central_moments(&setting.with_weight_decay(turned(&decay)).unwrap())
        };
        let (Ok(straight), Ok(turned)) = (of(&matrix::identity(2)), of(&R)) else {
            return Err(TestCaseError::reject("no moments"));
        };
        for degree in 2..=4 {
            for weights in (0..2).combinations_with_replacement(degree) {
                let sum = std::iter::repeat_n(0..2, degree).multi_cartesian_product().map(|from| {
                    let factor = weights.iter().zip(&from).fold(q(1, 1), |c, (&i, &j)| c * &R[(i, j)]);
                    factor * straight.of(&from).unwrap()
                });
                prop_assert_eq!(turned.of(&weights).unwrap(), sum.sum::<Rational>());
            }
        }
    }
}

/// V = 5/16 and a correlation of ½ a step make V (1 + ½)/(1 − ½); of two weights by another route.
#[test]
fn variances_of_means_over_time_are_those_of_another_route() {
    let of = |setting: &Setting<Rational>, half: Rational| {
        time_average_variance(setting, &(matrix::identity::<Rational>(setting.dimension()) * half)).unwrap()
    };
    assert_eq!(of(&plain(scalar(q(1, 1)), q(1, 2), 2), q(1, 1)), q(15, 16));
    let root = q(978_754, 10_000_000);
    let found = of(&plain(matrix::identity(2), q(3, 10), 4), q(1, 2));
    assert!((found / (root.clone() * root) - q(1, 1)).abs() < q(1, 400_000));
    assert_eq!(of(&plain(scalar(q(1, 1)), q(0, 1), 2), q(1, 1)), q(0, 1));
}

/// The sum of the covariances of all lags, each by the enumerated step: what is left after K of them falls like ρᴷ.
#[test]
fn the_variance_of_a_mean_over_time_sums_the_covariances_of_all_lags() {
    let features = Matrix::from_row_slice(3, 2, &[1, 1, -1, 2, 2, 0].map(|x| q(x, 1)));
    let data = Population::Data(DataSet { features, labels: Vector::from_vec(vec![q(1, 1), q(-2, 1), q(1, 1)]) });
    let L = Matrix::from_row_slice(2, 2, &[4, 1, 1, 3].map(|rate| q(rate, 20)));
    let setting = Setting::new(data, L, BatchSize::new(1).unwrap()).unwrap();
    let setting = setting.with_weight_decay(diagonal(&[q(1, 3), q(1, 2)])).unwrap();
    let Q = Matrix::from_row_slice(2, 2, &[3, 1, 1, -2].map(|x| q(x, 1)));
    let (squares, fourth) = (steps(&setting, 2).unwrap(), literal(&setting).unwrap());
    // f on y ⊗ y, and E[y ⊗ y ⊗ (y ⊗ y)].
    let f = Vector::from_fn(9, |place, _| match (place / 3, place % 3) {
        (0, _) | (_, 0) => q(0, 1),
        (i, j) => Q[(i - 1, j - 1)].clone(),
    });
    let E = Matrix::from_fn(9, 9, |i, j| if i + j == 0 { q(1, 1) } else { fourth[(9 * i + j - 1, 0)].clone() });
    let mean = f.dot(&E.column(0));
    let (mut later, mut sum) = (&E * &f, q(0, 1));
    let exact = time_average_variance(&setting, &Q).unwrap();
    // To 60 bits, as the fractions would grow without end.
    let rounded = |x: &Rational| {
        Rational::from((Rational::from(x << 60).round().into_numer_denom().0, rug::Integer::from(1) << 60))
    };
    for lag in 0..80 {
        let covariance = f.dot(&later) - Rational::from(&mean * &mean);
        sum += if lag == 0 { covariance } else { covariance * 2 };
        later = (&squares * &later).map(|x| rounded(&x));
    }
    assert!((sum / exact - q(1, 1)).abs() < q(1, 1_000_000));
}

/// With momentum the state has four components, and 625 products of four.
#[test]
fn with_momentum_moments_are_fixed_by_the_enumerated_step() {
    let features = Matrix::from_row_slice(2, 2, &[1, 1, -1, 2].map(|x| q(x, 1)));
    let data = Population::Data(DataSet { features, labels: Vector::from_vec(vec![q(1, 1), q(-2, 1)]) });
    let L = Matrix::from_row_slice(2, 2, &[3, 1, 1, 2].map(|rate| q(rate, 20)));
    let setting = Setting::new(data, L, BatchSize::new(1).unwrap()).unwrap();
    let setting = setting.with_weight_decay(diagonal(&[q(1, 3), q(1, 2)])).unwrap();
    let setting = setting.with_momentum(Momentum::new(q(1, 3)).unwrap());
    assert_literal(&setting, &central_moments(&setting).unwrap(), &literal(&setting).unwrap());
}

/// By the moments of the normals of one step, in a computation of its own.
#[test]
fn moments_are_those_of_another_route() {
    let moments = central_moments(&plain(diagonal(&[q(1, 1), q(1, 2)]), q(1, 2), 2)).unwrap();
    let found = [&[0, 0][..], &[1, 1], &[0, 0, 0, 0], &[0, 0, 1, 1], &[1, 1, 1, 1]].map(|w| moments.of(w).unwrap());
    let common = 16_860_733;
    let expected = [q(13, 47), q(10, 47), q(8_028_093, common), q(1_499_950, common), q(2_856_180, common)];
    assert_eq!(found, expected);
    let moments = central_moments(&plain(matrix::identity(2), q(1, 5), 1)).unwrap();
    let found = [&[0, 0][..], &[0, 0, 0, 0], &[0, 0, 1, 1]].map(|w| moments.of(w).unwrap());
    assert_eq!(found, [q(1, 6), q(11, 108), q(11, 324)]);
    let one = plain(scalar(q(1, 1)), q(1, 4), 2).with_momentum(Momentum::new(q(1, 2)).unwrap());
    let moments = central_moments(&one).unwrap();
    assert_eq!([2, 4].map(|k| moments.of(&vec![0; k]).unwrap()), [q(3, 16), q(137, 1024)]);
}

/// Features of one variance in all directions have a closed form: with L = λa,
/// kurtosis − 3 = 6L³(S+2)(S+D+5)/[4S³ − 2S²(D+3S+5)L + 4S(S+2)(S+D+3)L² − (S+2)(S+D+3)(S+D+5)L³],
/// and none where the denominator is not positive.
#[test]
fn the_kurtosis_of_isotropic_features_is_a_closed_form() {
    for (D, S, L) in
        [(1, 2, q(1, 2)), (2, 1, q(1, 5)), (2, 3, q(1, 2)), (3, 2, q(1, 4)), (4, 3, q(1, 3)), (2, 3, q(3, 4))]
    {
        let (d, s) = (D as i64, i64::from(S));
        let outer = q((s + 2) * (s + d + 5), 1) * L.clone() * &L * &L;
        let denominator = q(4 * s * s * s, 1) - q(2 * s * s * (d + 3 * s + 5), 1) * &L
            + q(4 * s * (s + 2) * (s + d + 3), 1) * &L * &L
            - outer.clone() * q(s + d + 3, 1);
        let found = central_moments(&plain(matrix::identity(D), L, S));
        if denominator > 0 {
            assert_eq!(found.unwrap().kurtosis(0).unwrap() - 3, outer * q(6, 1) / denominator);
        } else {
            assert_eq!(found, Err(ExactError::HeavyTail { degree: 4 }));
        }
    }
}

/// A feature that is given twice is one feature of twice the variance in w₁ + w₂, and v₁ = v₂ is half of its v.
#[test]
fn dependent_features_have_the_moments_of_fewer() {
    for mu in [q(0, 1), q(1, 2)] {
        let with_momentum = |setting: Setting<Rational>| setting.with_momentum(Momentum::new(mu.clone()).unwrap());
        let twice = central_moments(&with_momentum(plain(Matrix::from_element(2, 2, q(1, 1)), q(1, 8), 2))).unwrap();
        let alone = central_moments(&with_momentum(plain(scalar(q(1, 1)), q(1, 4), 2))).unwrap();
        assert_eq!(twice.of(&[0, 1, 1, 0]).unwrap() * 16, alone.of(&[0; 4]).unwrap());
        assert_eq!(twice.kurtosis(1), alone.kurtosis(0));
    }
}

#[test]
fn what_stands_still_has_moments_of_zero_and_too_many_weights_are_refused() {
    let still = central_moments(&plain(matrix::identity(2), q(0, 1), 1)).unwrap();
    assert_eq!(
        (still.of(&[0, 1, 1, 0]), still.of(&[0; 5]), still.of(&[2]), still.kurtosis(0)),
        (Some(q(0, 1)), None, None, None)
    );
    let many = central_moments(&plain(matrix::identity(17), q(1, 100), 1));
    assert!(matches!(many, Err(ExactError::OutOfRange { .. })), "{many:?}");
}
