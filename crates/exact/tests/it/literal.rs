//! Against the update rule, minibatch by minibatch, and against populations with the moments of a Gaussian.
#![allow(clippy::unwrap_used)]

use exact::{ExactError, MINIBATCH_LIMIT, formal_moments, minibatch, stationary, stationary_state};
use numbers::matrix::{self, Matrix, Vector, scalar};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, BufferMoments, DataSet, Gaussian, Moments, Momentum, Population, Sampling, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn integers(rows: usize, entries: &[i64]) -> Matrix<Rational> {
    Matrix::from_row_iterator(rows, entries.len() / rows, entries.iter().map(|&v| q(v, 1)))
}

/// Twelve points with the moments of N(0, 1) up to the fifth: E[x²] = (4 + 8)/12 = 1, E[x⁴] = (4 + 32)/12 = 3.
const NORMAL: [i64; 12] = [0, 0, 0, 0, 0, 0, 1, 1, -1, -1, 2, -2];

/// Every combination of `n` such points and a sign: independent normals, as far as fourth moments see, and ±1.
fn combinations(n: u32) -> Vec<(Vec<i64>, i64)> {
    let points = |mut index: usize| {
        let next = |_| (NORMAL[index % 12], index /= 12).0;
        Vec::from_iter((0..n).map(next))
    };
    Vec::from_iter((0..12_usize.pow(n)).flat_map(|index| [(points(index), 1), (points(index), -1)]))
}

/// Samples x = Rz + Hz', y = uᵀRz + ε/2 of features A = RRᵀ, input noise B = HHᵀ and label noise 1/4.
fn samples(R: &Matrix<Rational>, H: &Matrix<Rational>, u: &Vector<Rational>) -> Population<Rational> {
    let D = R.nrows();
    let noises = if H.iter().all(|v| v.is_zero()) { 0 } else { D };
    let all = combinations((D + noises) as u32);
    let column = |values: &[i64]| Vector::from_iterator(values.len(), values.iter().map(|&v| q(v, 1)));
    let mut features = Matrix::zeros(all.len(), D);
    let mut labels = Vector::zeros(all.len());
    for (i, (normals, sign)) in all.iter().enumerate() {
        let x = R * column(&normals[..D]);
        labels[i] = x.dot(u) + q(*sign, 2);
        let input = if noises == 0 { x } else { x + H * column(&normals[D..]) };
        features.set_row(i, &input.transpose());
    }
    Population::Data(DataSet { features, labels })
}

fn assert_same_moments(R: Matrix<Rational>, H: Matrix<Rational>, rate: Matrix<Rational>, mu: Rational, S: u32) {
    let D = R.nrows();
    let u = Vector::from_fn(D, |i, _| q(2 - 3 * i as i64, 1));
    let gaussian = Population::Gaussian(Gaussian {
        feature_covariance: &R * R.transpose(),
        input_noise_covariance: &H * H.transpose(),
        label_noise_variance: q(1, 4),
        true_weights: u.clone(),
    });
    let setting = Setting::new(gaussian, rate, BatchSize::new(S).unwrap()).unwrap();
    let decay = matrix::identity::<Rational>(D) * q(1, 3) + Matrix::from_element(D, D, q(1, 5));
    let setting = setting.with_momentum(Momentum::new(mu).unwrap()).with_weight_decay(decay).unwrap();
    let drawn = setting.clone().with_population(samples(&R, &H, &u)).unwrap();
    let (expected, found) = (stationary(&setting).unwrap(), stationary(&drawn).unwrap());
    assert_eq!(found.fluctuation, expected.fluctuation);
    assert_eq!(found.noise_covariance, expected.noise_covariance);
    assert_eq!(found.train_loss, expected.train_loss);
    assert_eq!(found.test_loss, None);
    assert_eq!(found.buffer, expected.buffer);
    assert_unchanged(&setting, &expected);
}

#[test]
fn samples_with_gaussian_moments_stand_for_gaussian() {
    let zero = |D| Matrix::zeros(D, D);
    assert_same_moments(scalar(q(3, 2)), zero(1), scalar(q(1, 7)), q(0, 1), 1);
    assert_same_moments(scalar(q(3, 2)), scalar(q(2, 3)), scalar(q(1, 7)), q(2, 5), 3);
    let (R, rate) = (integers(2, &[1, 1, 0, 2]), integers(2, &[2, 1, 1, 3]) / q(100, 1));
    assert_same_moments(R.clone(), zero(2), rate.clone(), q(0, 1), 2);
    assert_same_moments(R, zero(2), rate, q(1, 2), 1);
}

/// One step: m' = μm + Kv + ξ and v' = v − Λm', where ξ has the covariance C.
fn assert_unchanged(setting: &Setting<Rational>, moments: &Moments<Rational>) {
    let (L, K, mu) = (setting.learning_rate(), setting.hessian(), setting.momentum());
    let Moments { fluctuation, noise_covariance, buffer: Some(buffer), .. } = moments else { panic!("no buffer") };
    let BufferMoments { with_weights, square } = buffer;
    let pull = &K * with_weights * mu.clone();
    let next = square * (mu.clone() * mu) + &pull + pull.transpose() + &K * fluctuation * &K + noise_covariance;
    assert_eq!(next, *square);
    let before = fluctuation * &K + with_weights * mu.clone();
    assert_eq!(&before - L * &next, *with_weights);
    let across = &before * L;
    assert_eq!(fluctuation - &across - across.transpose() + L * &next * L, *fluctuation);
}

/// All minibatches, as lists of indices.
fn minibatches(N: usize, S: usize, sampling: Sampling) -> Vec<Vec<usize>> {
    if S == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for first in minibatches(N, S - 1, sampling) {
        // A subset is counted once an order, each order equally often.
        for i in (0..N).filter(|i| sampling == Sampling::WithReplacement || !first.contains(i)) {
            all.push([first.as_slice(), &[i]].concat());
        }
    }
    all
}

/// E[zzᵀ] of z = (v, m), fixed under the mean over minibatches of z' = F_B z + c_B.
fn literal(setting: &Setting<Rational>) -> Result<Matrix<Rational>, matrix::Singular> {
    let Population::Data(data) = setting.population() else { panic!("no data set") };
    let (N, D, S) = (data.labels.len(), setting.dimension(), setting.batch_size().get());
    let (n, mu) = (2 * D, setting.momentum());
    let (L, K) = (setting.learning_rate(), setting.hessian());
    let b = data.features.transpose() * &data.labels / q(N as i64, 1);
    let w = matrix::inverse(&K)? * b;
    let mut M: Matrix<Rational> = Matrix::identity(n * n, n * n);
    let mut right: Matrix<Rational> = Matrix::zeros(n * n, 1);
    let batches = minibatches(N, S as usize, setting.sampling());
    let weight = q(1, batches.len() as i64);
    for batch in &batches {
        let X = Matrix::from_fn(batch.len(), D, |i, j| data.features[(batch[i], j)].clone());
        let y = Vector::from_fn(batch.len(), |i, _| data.labels[batch[i]].clone());
        let (hessian, slope) = (X.transpose() * &X / q(S.into(), 1), X.transpose() * y / q(S.into(), 1));
        let hessian = hessian + setting.weight_decay();
        let gradient = &hessian * &w - slope;
        let mut F: Matrix<Rational> = Matrix::zeros(n, n);
        let I = matrix::identity::<Rational>(D);
        F.view_mut((0, 0), (D, D)).copy_from(&(&I - L * &hessian));
        F.view_mut((0, D), (D, D)).copy_from(&(L * -mu.clone()));
        F.view_mut((D, 0), (D, D)).copy_from(&hessian);
        F.view_mut((D, D), (D, D)).copy_from(&(&I * mu.clone()));
        let c = Vector::from_iterator(n, (-(L * &gradient)).iter().chain(&gradient).cloned());
        // Row-major places: entry (i, j) of F P Fᵀ is Σ F_ik F_jl P_kl.
        M -= F.kronecker(&F) * weight.clone();
        right += c.kronecker(&c) * weight.clone();
    }
    let P = matrix::solve(&M, &right)?;
    Ok(Matrix::from_fn(n, n, |i, j| P[(i * n + j, 0)].clone()))
}

prop_compose! {
    fn settings()(
        D in 1usize..3,
        S in 1u32..3,
        mu in 0i64..4,
        subsets: bool,
        features in prop::collection::vec(-3i64..4, 6),
        labels in prop::collection::vec(-3i64..4, 3),
        rate in prop::collection::vec(-2i64..3, 3),
        decay in prop::collection::vec(-2i64..3, 3),
    ) -> Setting<Rational> {
        let data = DataSet {
            features: integers(3, &features[..3 * D]), labels: integers(3, &labels).column(0).into_owned()
        };
        let symmetric = |v: &[i64]| if D == 1 { integers(1, &v[..1]) } else { integers(2, &[v[0], v[1], v[1], v[2]]) };
        let rate = symmetric(&rate) / q(16, 1) + matrix::identity::<Rational>(D) / q(8, 1);
        let setting = Setting::new(Population::Data(data), rate, BatchSize::new(S).unwrap()).unwrap();
        let sampling = if subsets { Sampling::WithoutReplacement } else { Sampling::WithReplacement };
        setting.with_sampling(sampling).unwrap()
            .with_weight_decay(symmetric(&decay) / q(8, 1)).unwrap()
            .with_momentum(Momentum::new(q(mu, 4)).unwrap())
    }
}

proptest! {
    #[test]
    fn moments_are_those_of_the_update_rule(setting in settings()) {
        let Ok(state) = stationary_state(&setting) else { return Err(TestCaseError::reject("nothing is stationary")) };
        let found = state.moments;
        let Ok(P) = literal(&setting) else {
            // Where a direction is still, any variance of it solves the literal system.
            prop_assert!(state.moving.ncols() < setting.dimension());
            return Ok(());
        };
        let D = setting.dimension();
        let block = |row, column| P.view((row, column), (D, D)).into_owned();
        prop_assert_eq!(&found.fluctuation, &block(0, 0));
        let expected = BufferMoments { with_weights: block(0, D), square: block(D, D) };
        prop_assert_eq!(found.buffer.as_ref(), Some(&expected));
        assert_unchanged(&setting, &found);
    }

    /// Gaussian features with input noise, and the formal solution beside.
    #[test]
    fn a_step_leaves_the_moments_of_a_gaussian_as_they_are(
        D in 1usize..3,
        S in 1u32..4,
        mu in 0i64..4,
        features in prop::collection::vec(-2i64..3, 4),
        input in prop::collection::vec(-1i64..2, 4),
        rate in prop::collection::vec(-2i64..3, 4),
        u in prop::collection::vec(-2i64..3, 2),
    ) {
        let square = |v: &[i64]| {
            let R = integers(D, &v[..D * D]);
            &R * R.transpose() + matrix::identity::<Rational>(D)
        };
        let population = Population::Gaussian(Gaussian {
            feature_covariance: square(&features),
            input_noise_covariance: square(&input) / q(3, 1),
            label_noise_variance: q(1, 2),
            true_weights: Vector::from_fn(D, |i, _| q(u[i], 1)),
        });
        let setting = Setting::new(population, square(&rate) / q(128, 1), BatchSize::new(S).unwrap()).unwrap();
        let setting = setting.with_momentum(Momentum::new(q(mu, 4)).unwrap());
        let Ok(found) = stationary(&setting) else { return Err(TestCaseError::reject("nothing is stationary")) };
        prop_assert_eq!(&found, &formal_moments(&setting).unwrap());
        assert_unchanged(&setting, &found);
    }
}

fn one_weight(lambda: Rational, S: u32) -> Setting<Rational> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: scalar(q(1, 1)),
        input_noise_covariance: scalar(q(0, 1)),
        label_noise_variance: q(1, 1),
        true_weights: Vector::zeros(1),
    });
    Setting::new(population, scalar(lambda), BatchSize::new(S).unwrap()).unwrap()
}

/// aλ = 2S/(S + 2), from (1 − λ)² + 2λ²/S = 1.
#[test]
fn the_threshold_is_sharp() {
    for S in [1, 2, 7] {
        let limit = q(2 * i64::from(S), i64::from(S) + 2);
        let below = limit.clone() - q(1, 1_000_000_000);
        assert!(stationary(&one_weight(below, S)).is_ok());
        assert_eq!(stationary(&one_weight(limit.clone(), S)), Err(ExactError::Unstable));
        assert_eq!(stationary(&one_weight(limit + q(1, 1_000_000_000), S)), Err(ExactError::Unstable));
    }
}

/// x = 1, 3 and y = 0, 2 at w = 1: gradients 1 and 3.
#[test]
fn a_minibatch_of_two_samples() {
    let data = DataSet { features: integers(2, &[1, 3]), labels: integers(2, &[0, 2]).column(0).into_owned() };
    let setting = one_weight(q(1, 10), 2).with_population(Population::Data(data)).unwrap();
    let setting = setting.with_initial_weights(Vector::from_element(1, q(1, 1))).unwrap();
    let with = minibatch(&setting).unwrap();
    assert_eq!((with.gradient[0].clone(), with.noise_covariance), (q(2, 1), scalar(q(1, 2))));
    let without = minibatch(&setting.with_sampling(Sampling::WithoutReplacement).unwrap()).unwrap();
    assert_eq!((without.gradient[0].clone(), without.noise_covariance), (q(2, 1), scalar(q(0, 1))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Mean and covariance over the list of all minibatches, each formed here: Nˢ tuples, or the tuples of distinct
    /// samples.
    #[test]
    fn the_minibatches_of_a_few_samples_are_all_there(
        N in 1usize..5,
        S in 1u32..6,
        subsets: bool,
        features in prop::collection::vec(-3i64..4, 8),
        labels in prop::collection::vec(-3i64..4, 4),
        (start, decay) in (-3i64..4, -2i64..3),
    ) {
        let sampling = if subsets { Sampling::WithoutReplacement } else { Sampling::WithReplacement };
        let S = if subsets { S.min(N as u32) } else { S };
        let (x, y) = (integers(N, &features[..2 * N]), integers(N, &labels[..N]).column(0).into_owned());
        let w = Vector::from_fn(2, |i, _| q(start + i as i64, 2));
        let decay = matrix::identity::<Rational>(2) * q(decay, 3);
        let data = Population::Data(DataSet { features: x.clone(), labels: y.clone() });
        let setting = Setting::new(data, matrix::identity(2), BatchSize::new(S).unwrap()).unwrap();
        let setting = setting.with_sampling(sampling).unwrap().with_weight_decay(decay.clone()).unwrap();
        let found = minibatch(&setting.with_initial_weights(w.clone()).unwrap()).unwrap();

        let batches = minibatches(N, S as usize, sampling);
        let gradients = Vec::from_iter(batches.iter().map(|batch| {
            let X = Matrix::from_fn(batch.len(), 2, |i, j| x[(batch[i], j)].clone());
            let residuals = Vector::from_fn(batch.len(), |i, _| (x.row(batch[i]) * &w)[0].clone() - &y[batch[i]]);
            X.transpose() * residuals / q(S.into(), 1) + &decay * &w
        }));
        let share = q(1, batches.len() as i64);
        let mean = gradients.iter().fold(Vector::zeros(2), |sum: Vector<Rational>, g| sum + g * share.clone());
        let deviations = gradients.iter().map(|g| g - &mean);
        let covariance = deviations.fold(Matrix::zeros(2, 2), |sum: Matrix<Rational>, d| {
            sum + &d * d.transpose() * share.clone()
        });
        prop_assert_eq!(found.gradient, mean);
        prop_assert_eq!(found.noise_covariance, covariance);
    }
}

/// a = 2, γ = ½, σ² = 1 and w − u = −2: the gradient is −2a + γw, and the covariance of x(x(w − u) − ε) is 2a²(w − u)²
/// plus aσ².
#[test]
fn a_minibatch_of_gaussian_samples() {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: scalar(q(2, 1)),
        input_noise_covariance: scalar(q(0, 1)),
        label_noise_variance: q(1, 1),
        true_weights: Vector::from_element(1, q(3, 1)),
    });
    let setting = one_weight(q(1, 10), 2).with_population(population).unwrap();
    let setting = setting.with_weight_decay(scalar(q(1, 2))).unwrap();
    let found = minibatch(&setting.with_initial_weights(Vector::from_element(1, q(1, 1))).unwrap()).unwrap();
    assert_eq!((found.gradient[0].clone(), found.noise_covariance), (q(-7, 2), scalar(q(17, 1))));
}

#[test]
fn one_sample_has_no_noise() {
    let data = DataSet { features: integers(1, &[1]), labels: Vector::from_element(1, q(2, 1)) };
    let setting = one_weight(q(1, 10), 1).with_population(Population::Data(data)).unwrap();
    for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
        let found = stationary(&setting.clone().with_sampling(sampling).unwrap()).unwrap();
        assert_eq!((found.fluctuation, found.noise_covariance), (scalar(q(0, 1)), scalar(q(0, 1))), "{sampling}");
    }
}

#[test]
fn what_cannot_be_answered_is_named() {
    let features = Matrix::from_fn(1_000, 1, |i, _| q(i as i64, 1));
    let data = Population::Data(DataSet { features, labels: Vector::zeros(1_000) });
    let many = one_weight(q(1, 10), 3).with_population(data).unwrap();
    let told = minibatch(&many).unwrap_err();
    // 1002 choose 3.
    let (samples, minibatches, limit) = (1_000, 167_167_000, MINIBATCH_LIMIT);
    assert_eq!(told, ExactError::TooManyMinibatches { samples, batch_size: 3, minibatches, limit });
    assert_eq!(told.to_string(), "1000 samples have 167167000 minibatches of 3: expected at most 1000000");
    let subsets = many.clone().with_sampling(Sampling::WithoutReplacement).unwrap();
    let half = subsets.with_batch_size(BatchSize::new(500).unwrap()).unwrap();
    let told = minibatch(&half).unwrap_err();
    assert_eq!(told.to_string(), "1000 samples have more than 10^38 minibatches of 500: expected at most 200000");
    // 20 samples in tuples of 5 are more than the limit, and in multisets they are not.
    let features = Matrix::from_fn(20, 1, |i, _| q(i as i64, 1));
    let data = Population::Data(DataSet { features, labels: Vector::zeros(20) });
    let few = one_weight(q(1, 10), 5).with_population(data).unwrap();
    assert!(minibatch(&few).is_ok());
    let flat = one_weight(q(1, 10), 1).with_weight_decay(scalar(q(-1, 1))).unwrap();
    assert!(matches!(stationary(&flat), Err(ExactError::SingularHessian { .. })));
    let concave = one_weight(q(1, 10), 1).with_weight_decay(scalar(q(-2, 1))).unwrap();
    assert_eq!(stationary(&concave), Err(ExactError::Unstable));
}

/// As many draws as there can be: one sample has one minibatch, and two have too many to be formed.
#[test]
fn the_largest_batch_is_answered_or_refused_at_once() {
    let of = |N: usize| {
        let features = Matrix::from_fn(N, 1, |i, _| Rational::from(2 + i));
        let data = DataSet { features, labels: Vector::from_element(N, Rational::from(3)) };
        let rate = Matrix::from_element(1, 1, Rational::from(1));
        let setting = Setting::new(Population::Data(data), rate, BatchSize::new(u32::MAX).unwrap()).unwrap();
        minibatch(&setting)
    };
    let one = of(1).unwrap();
    assert_eq!((one.gradient[0].clone(), one.noise_covariance[0].clone()), (Rational::from(-6), Rational::new()));
    let told = of(2).unwrap_err();
    // Whatever a minibatch of so many costs, no number of them is small enough.
    let (batch_size, minibatches) = (u32::MAX, 1 << 32);
    assert_eq!(told, ExactError::TooManyMinibatches { samples: 2, batch_size, minibatches, limit: 0 });
}
