//! Central moments of one weight against enumeration, against the second-moment engine, and against moments by hand.
#![allow(clippy::unwrap_used)]

use exact::{CentralMoments, ExactError, central_moments, central_moments_if_any};
use numbers::{Matrix, Vector, matrix::scalar};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn gaussian(a: Rational, b: Rational, variance: Rational, u: Rational) -> Population<Rational> {
    Population::Gaussian(Gaussian {
        feature_covariance: scalar(a),
        input_noise_covariance: scalar(b),
        label_noise_variance: variance,
        true_weights: Vector::from_element(1, u),
    })
}

fn data(samples: &[(i64, i64)]) -> Population<Rational> {
    let features = Matrix::from_iterator(samples.len(), 1, samples.iter().map(|(x, _)| q(*x, 2)));
    let labels = Vector::from_iterator(samples.len(), samples.iter().map(|(_, y)| q(*y, 1)));
    Population::Data(DataSet { features, labels })
}

fn setting(
    population: Population<Rational>,
    rate: Rational,
    S: u32,
    mu: Rational,
    decay: Rational,
) -> Setting<Rational> {
    Setting::new(population, scalar(rate), BatchSize::new(S).unwrap())
        .unwrap()
        .with_momentum(Momentum::new(mu).unwrap())
        .with_weight_decay(scalar(decay))
        .unwrap()
}

/// (1, v, m) ↦ (1, v', m') for every minibatch.
fn enumerated(setting: &Setting<Rational>) -> Vec<Matrix<Rational>> {
    let Population::Data(data) = setting.population() else { return Vec::new() };
    // Where no sample has a feature, every w is a minimum.
    let hessian = &setting.hessian()[(0, 0)];
    let w = if hessian.is_zero() { q(0, 1) } else { setting.label_moment()[0].clone() / hessian };
    let (N, S) = (data.labels.len(), setting.batch_size().get());
    let mut batches = vec![vec![]];
    for _ in 0..S {
        let longer = |batch: &Vec<usize>| Vec::from_iter((0..N).map(|i| [batch.clone(), vec![i]].concat()));
        batches = batches.iter().flat_map(longer).collect();
    }
    let distinct = setting.sampling() == Sampling::WithoutReplacement;
    batches.retain(|batch| !distinct || batch.len() < 2 || batch[0] != batch[1]);
    let (rate, decay, mu) = (&setting.learning_rate()[(0, 0)], &setting.weight_decay()[(0, 0)], setting.momentum());
    Vec::from_iter(batches.iter().map(|batch| {
        let (mut slope, mut offset) = (decay.clone(), Rational::from(decay * &w));
        for &i in batch {
            let x = &data.features[(i, 0)];
            slope += Rational::from(x * x) / S;
            offset += (Rational::from(x * &w) - &data.labels[i]) * x / S;
        }
        let m = [offset, slope, mu.clone()];
        let v = [0, 1, 2].map(|i| Rational::from(u32::from(i == 1)) - Rational::from(&m[i] * rate));
        let one = [q(1, 1), q(0, 1), q(0, 1)];
        Matrix::from_row_slice(3, 3, &[one, v, m].concat())
    }))
}

fn power(exponent: u32, x: &Rational) -> Rational {
    (0..exponent).fold(Rational::from(1), |product, _| product * x)
}

/// E[vᵏ] of the first weight.
fn of(moments: &CentralMoments, degree: usize) -> Rational {
    moments.of(&vec![0; degree]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_second_moment_is_the_fluctuation(
        (a, b, variance, u) in (1i64..4, 0i64..3, 0i64..3, -2i64..3),
        samples in prop::collection::vec((-3i64..4, -3i64..4), 2..5),
        of_data: bool, distinct: bool, S in 1u32..4, mu in 0i64..3, decay in 0i64..3, rate in 1i64..30,
    ) {
        let population = if of_data { data(&samples) } else { gaussian(q(a, 1), q(b, 2), q(variance, 1), q(u, 1)) };
        let mut setting = setting(population, q(rate, 60), S, q(mu, 3), q(decay, 4));
        if of_data && distinct && S as usize <= samples.len() {
            setting = setting.with_sampling(Sampling::WithoutReplacement).unwrap();
        }
        let second = exact::stationary(&setting).map(|moments| moments.fluctuation[(0, 0)].clone());
        match (central_moments(&setting), second) {
            (Ok(moments), second) => prop_assert_eq!(Ok(of(&moments, 2)), second),
            (Err(ExactError::HeavyTail { .. }), second) => prop_assert!(second.is_ok()),
            (Err(told), second) => prop_assert_eq!(Err(told), second),
        }
    }

    /// y = (1, v, m) is multiplied by a matrix B for each minibatch, so that E[y ⊗ y ⊗ y ⊗ y] is fixed by the mean of B
    /// ⊗ B ⊗ B ⊗ B.
    #[test]
    fn moments_are_fixed_by_the_enumerated_step(
        samples in prop::collection::vec((-3i64..4, -3i64..4), 2..4), distinct: bool,
        S in 1u32..3, mu in 0i64..3, decay in 0i64..3, rate in 1i64..12,
    ) {
        let mut setting = setting(data(&samples), q(rate, 30), S, q(mu, 3), q(decay, 4));
        if distinct {
            setting = setting.with_sampling(Sampling::WithoutReplacement).unwrap();
        }
        let Ok(moments) = central_moments(&setting) else { return Err(TestCaseError::reject("no moments")) };
        let steps = enumerated(&setting);
        let mut mean = Matrix::zeros(81, 81);
        for B in &steps {
            let square = B.kronecker(B);
            mean += square.kronecker(&square);
        }
        let mean = mean / Rational::from(steps.len());
        let rest = (1, 1);
        let left = Matrix::identity(80, 80) - mean.view(rest, (80, 80));
        let tensor = exact::solve(&left, &mean.view((1, 0), (80, 1)).into_owned());
        let Ok(tensor) = tensor else { return Err(TestCaseError::reject("not the only fixed point")) };
        // Places of v⊗v⊗v⊗v, 1⊗v⊗v⊗v and 1⊗1⊗v⊗v in base 3, without the first.
        let found = [27 + 9 + 3 + 1, 9 + 3 + 1, 3 + 1].map(|place: usize| tensor[(place - 1, 0)].clone());
        prop_assert_eq!(found, [4, 3, 2].map(|degree| of(&moments, degree)));
    }

    /// Pearson: kurtosis ≥ 1 + skewness².
    #[test]
    fn the_kurtosis_leaves_room_for_the_skewness(rate in 1i64..20, S in 1u32..5, mu in 0i64..4) {
        let setting = setting(gaussian(q(1, 1), q(1, 3), q(2, 1), q(1, 1)), q(rate, 100), S, q(mu, 5), q(1, 7));
        let Ok(moments) = central_moments(&setting) else { return Err(TestCaseError::reject("no moments")) };
        let skew = power(2, &of(&moments, 3)) / power(3, &of(&moments, 2));
        prop_assert!(moments.kurtosis(0).is_some_and(|kurtosis| kurtosis - skew >= 1));
    }
}

/// E[(1 − λx²)⁴] = 1 − 4L + 18L² − 60L³ + 105L⁴ < 1 below the root of 105L³ − 60L² + 18L − 4 near 0.383451.
#[test]
fn the_fourth_moment_ends_where_the_tail_index_passes_4() {
    let at = |L: Rational| setting(gaussian(q(1, 1), q(0, 1), q(1, 1), q(0, 1)), L, 1, q(0, 1), q(0, 1));
    let threshold = exact::tail::threshold(exact::tail::Threshold::Kurtosis, 1, 20).unwrap();
    let below = at(threshold.low().unwrap());
    let above = at(threshold.high().unwrap() + q(1, 1_000_000_000));
    assert_eq!(central_moments_if_any(&below).unwrap(), Some(central_moments(&below).unwrap()));
    assert_eq!(central_moments(&above), Err(ExactError::HeavyTail { degree: 4 }));
    // Nor are there any where nothing is stationary. Another error stays one.
    assert_eq!([above, at(q(1, 1))].map(|setting| central_moments_if_any(&setting)), [Ok(None), Ok(None)]);
    let singular = setting(gaussian(q(1, 1), q(0, 1), q(1, 1), q(0, 1)), q(1, 4), 1, q(0, 1), q(-1, 1));
    assert!(matches!(central_moments_if_any(&singular), Err(ExactError::SingularHessian { .. })));
}

/// By hand, S = 1, a = σ² = 1: v' = (1 − λx²)v + λxε, so with r = E[(1 − λx²)⁴] and s = E[(1 − λx²)² x²] = 1 − 6λ +
/// 15λ², E[v⁴](1 − r) = 6 λ² s Σ + λ⁴ E[x⁴ε⁴] = 6 λ² s Σ + 9 λ⁴.
#[test]
fn the_fourth_moment_by_hand() {
    let L = q(1, 5);
    let moments =
        central_moments(&setting(gaussian(q(1, 1), q(0, 1), q(1, 1), q(0, 1)), L.clone(), 1, q(0, 1), q(0, 1)))
            .unwrap();
    let r = q(1, 1) - L.clone() * 4 + power(2, &L) * 18 - power(3, &L) * 60 + power(4, &L) * 105;
    let s = q(1, 1) - L.clone() * 6 + power(2, &L) * 15;
    let second = L.clone() / (q(2, 1) - L.clone() * 3);
    let fourth = (power(2, &L) * s * &second * 6 + power(4, &L) * 9) / (q(1, 1) - r);
    assert_eq!([2, 3, 4].map(|degree| of(&moments, degree)), [second, q(0, 1), fourth]);
}

/// With many draws and small steps the noise is Gaussian: (kurtosis − 3) is of the order λ/S.
#[test]
fn small_steps_are_gaussian() {
    let excess = |rate: Rational, mu: Rational| {
        let setting = setting(gaussian(q(1, 1), q(1, 2), q(1, 1), q(2, 1)), rate, 10, mu, q(1, 3));
        central_moments(&setting).unwrap().kurtosis(0).unwrap() - 3
    };
    for mu in [q(0, 1), q(1, 2)] {
        let (coarse, fine) = (excess(q(1, 1000), mu.clone()), excess(q(1, 2000), mu));
        assert!(fine > 0 && fine < q(1, 50));
        let ratio: Rational = coarse / fine;
        assert!(ratio > q(19, 10) && ratio < q(21, 10), "{ratio}");
    }
}
