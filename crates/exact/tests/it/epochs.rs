//! Shuffled epochs, order by order.
#![allow(clippy::unwrap_used)]

use exact::{EpochMoments, ExactError, shuffled_epochs, stationary};
use numbers::matrix::{self, Matrix, Vector};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, LastBatch, Momentum, Population, Sampling, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn problem(rows: &[&[i64]], labels: &[i64], S: u32, rate: Rational, mu: Rational) -> Setting<Rational> {
    let D = rows[0].len();
    let data = DataSet {
        features: Matrix::from_fn(rows.len(), D, |i, j| q(rows[i][j], 1)),
        labels: Vector::from_fn(rows.len(), |i, _| q(labels[i], 1)),
    };
    Setting::new(Population::Data(data), matrix::identity::<Rational>(D) * rate, BatchSize::new(S).unwrap())
        .unwrap()
        .with_momentum(Momentum::new(mu).unwrap())
}

/// x = (1, 2, 3), y = (1, 0, 2), λ = 1/20.
fn three(S: u32) -> Setting<Rational> {
    problem(&[&[1], &[2], &[3]], &[1, 0, 2], S, q(1, 20), q(0, 1))
}

/// All orders of N things.
fn orders(N: usize) -> Vec<Vec<usize>> {
    if N == 0 {
        return vec![Vec::new()];
    }
    let shorter = orders(N - 1);
    let with = |order: &Vec<usize>, place: usize| [&order[..place], &[N - 1], &order[place..]].concat();
    shorter.iter().flat_map(|order| (0..N).map(move |place| with(order, place))).collect()
}

/// All sequences of minibatches of a cycle, each as likely.
fn sequences(N: usize, S: usize, last: LastBatch) -> Vec<Vec<Vec<usize>>> {
    let epochs = match last {
        LastBatch::Keep | LastBatch::Drop => 1,
        LastBatch::Straddle => (1..).find(|epochs| (epochs * N).is_multiple_of(S)).unwrap(),
    };
    let mut all = vec![Vec::new()];
    for _ in 0..epochs {
        all = all
            .iter()
            .flat_map(|before| orders(N).into_iter().map(move |order| [&before[..], &order].concat()))
            .collect();
    }
    let cut = |places: Vec<usize>| {
        let batches = places.chunks(S).map(<[usize]>::to_vec);
        batches.filter(|batch| last != LastBatch::Drop || batch.len() == S).collect()
    };
    all.into_iter().map(cut).collect()
}

/// E[w] − w* and the mean square over a cycle, from eq. (1) on (1, w, m) and its square, for each sequence of
/// minibatches.
fn enumerated(setting: &Setting<Rational>, last: LastBatch) -> (usize, Vector<Rational>, Matrix<Rational>) {
    let Population::Data(DataSet { features, labels }) = setting.population() else { panic!("no data set") };
    let (N, D, S) = (labels.len(), setting.dimension(), setting.batch_size().get() as usize);
    let (L, decay, mu) = (setting.learning_rate(), setting.weight_decay(), setting.momentum());
    let n = 1 + 2 * D;
    let step = |batch: &[usize]| {
        let mut gradient = Matrix::zeros(D, n);
        for &i in batch {
            let x = features.row(i).transpose();
            let share = q(1, batch.len() as i64);
            for a in 0..D {
                gradient[(a, 0)] -= x[a].clone() * &labels[i] * &share;
                for b in 0..D {
                    gradient[(a, 1 + b)] += x[a].clone() * &x[b] * &share;
                }
            }
        }
        let mut map = matrix::identity::<Rational>(n);
        for a in 0..D {
            for b in 0..D {
                gradient[(a, 1 + b)] += &decay[(a, b)];
            }
            gradient[(a, 1 + D + a)] += mu.clone();
        }
        map.view_mut((1 + D, 0), (D, n)).copy_from(&gradient);
        let moved = map.view((1, 0), (D, n)) - L * gradient;
        map.view_mut((1, 0), (D, n)).copy_from(&moved);
        map
    };
    let square =
        |M: &Matrix<Rational>| Matrix::from_fn(n * n, n * n, |i, j| M[(i / n, j / n)].clone() * &M[(i % n, j % n)]);
    let all = sequences(N, S, last);
    let share = q(1, all.len() as i64);
    let cycle = all[0].len();
    // After each step, the mean over all sequences.
    let mut means = vec![Matrix::<Rational>::zeros(n * n, n * n); cycle];
    for batches in &all {
        let mut map = matrix::identity::<Rational>(n);
        for (mean, batch) in means.iter_mut().zip(batches) {
            map = step(batch) * map;
            *mean += square(&map) * share.clone();
        }
    }
    // The fixed point whose first entry is 1.
    let mut equations = matrix::identity::<Rational>(n * n) - &means[cycle - 1];
    let mut right = Matrix::zeros(n * n, 1);
    equations.row_mut(0).fill(Rational::new());
    equations[(0, 0)] = q(1, 1);
    right[(0, 0)] = q(1, 1);
    let start = matrix::solve(&equations, &right).unwrap();
    let total = means.iter().fold(Matrix::zeros(n * n, 1), |sum, mean| sum + mean * &start) * q(1, cycle as i64);
    let b = Matrix::from_columns(&[setting.label_moment()]);
    let w = matrix::solve(&setting.hessian(), &b).unwrap().column(0).into_owned();
    let mean = Vector::from_fn(D, |i, _| total[1 + i].clone());
    let second = Matrix::from_fn(D, D, |i, j| total[(1 + i) * n + 1 + j].clone());
    let across = matrix::outer(&mean, &w);
    let mean_square = second - &across - across.transpose() + matrix::outer(&w, &w);
    (cycle, mean - w, mean_square)
}

fn assert_enumerated(setting: &Setting<Rational>) {
    for last in LastBatch::ALL {
        let (cycle, offset, square) = enumerated(setting, last);
        let found = shuffled_epochs(setting, last).unwrap();
        assert_eq!((found.cycle, &found.mean_offset, &found.mean_square), (cycle, &offset, &square), "{last}");
        assert_eq!(found.fluctuation, square - matrix::outer(&offset, &offset), "{last}");
    }
}

/// To so many places after the point.
fn rounded(value: &Rational, places: u32) -> i64 {
    let scaled = value.clone() * Rational::from(10_i64.pow(places));
    scaled.round().numer().to_i64().unwrap()
}

#[test]
fn three_samples_one_at_a_time() {
    for last in LastBatch::ALL {
        let found = shuffled_epochs(&three(1), last).unwrap();
        assert_eq!(found.cycle, 3);
        assert_eq!(rounded(&found.mean_offset[0].clone().abs(), 10), 112_236_302);
        assert_eq!(rounded(&found.fluctuation[0], 14), 411_834_751_629);
        assert_eq!(rounded(&found.mean_square[0], 14), 424_431_739_120);
        // w* = ½, where the residuals are −½, 1 and −½: ½ · 1.5/3, and ½ · 14/3 of the mean square.
        assert_eq!(found.train_loss, q(1, 4) + found.mean_square[0].clone() * q(7, 3));
    }
}

#[test]
fn orders_are_enumerated() {
    for S in [1, 2, 3] {
        assert_enumerated(&three(S));
    }
    let rows: [&[i64]; 4] = [&[1], &[-2], &[0], &[1]];
    assert_enumerated(&problem(&rows, &[1, 0, 2, -1], 3, q(1, 5), q(0, 1)));
    let rows: [&[i64]; 3] = [&[1, 0], &[2, 1], &[-1, 1]];
    let decay = Matrix::from_row_slice(2, 2, &[q(1, 2), q(1, 4), q(1, 4), q(1, 3)]);
    let rate = Matrix::from_row_slice(2, 2, &[q(1, 10), q(1, 30), q(1, 30), q(1, 8)]);
    let setting = problem(&rows, &[1, 0, 2], 2, q(1, 10), q(0, 1)).with_weight_decay(decay).unwrap();
    assert_enumerated(&setting.with_learning_rate(rate).unwrap());
}

#[test]
fn orders_are_enumerated_with_momentum() {
    assert_enumerated(&problem(&[&[1], &[2], &[3]], &[1, 0, 2], 2, q(1, 20), q(2, 3)));
}

/// One minibatch is the data set: nothing fluctuates, whatever the order.
#[test]
fn a_full_batch_has_no_noise() {
    for (S, last) in [(3, LastBatch::Keep), (7, LastBatch::Keep), (3, LastBatch::Drop), (6, LastBatch::Straddle)] {
        let found = shuffled_epochs(&three(S), last).unwrap();
        let zero = matrix::scalar(Rational::new());
        let EpochMoments { cycle, mean_offset, mean_square, fluctuation, noise_covariance, .. } = found;
        assert_eq!((cycle, mean_offset[0].clone()), (1, Rational::new()));
        assert_eq!([mean_square, fluctuation, noise_covariance], [&zero; 3].map(Matrix::clone));
    }
}

/// One minibatch in an epoch that drops the others is a subset drawn anew each time: without replacement.
#[test]
fn epochs_of_one_minibatch_are_draws_without_replacement() {
    for mu in [q(0, 1), q(1, 2)] {
        let setting = problem(&[&[1], &[2], &[3]], &[1, 0, 2], 2, q(1, 20), mu);
        let found = shuffled_epochs(&setting, LastBatch::Drop).unwrap();
        let expected = stationary(&setting.with_sampling(Sampling::WithoutReplacement).unwrap()).unwrap();
        assert_eq!((found.cycle, found.mean_offset), (1, Vector::zeros(1)));
        assert_eq!((found.fluctuation, found.noise_covariance), (expected.fluctuation, expected.noise_covariance));
        assert_eq!(found.train_loss, expected.train_loss);
    }
}

#[test]
fn what_cannot_be_answered_is_said() {
    let setting = three(4);
    let told = shuffled_epochs(&setting, LastBatch::Drop).unwrap_err();
    assert_eq!(told, ExactError::NoMinibatch { samples: 3, batch_size: 4 });
    let rows = vec![&[1_i64][..]; 40];
    let many = problem(&rows, &(0..40).collect::<Vec<_>>(), 7, q(1, 20), q(0, 1));
    let told = shuffled_epochs(&many, LastBatch::Keep).unwrap_err();
    assert_eq!(
        told.to_string(),
        "40 samples in shuffled epochs have too many minibatches of 7 to average over: \
         expected at most 1000000 samples in all of them"
    );
    let model = Gaussian {
        feature_covariance: matrix::scalar(q(1, 1)),
        input_noise_covariance: matrix::scalar(q(0, 1)),
        label_noise_variance: q(1, 1),
        true_weights: Vector::zeros(1),
    };
    let gaussian = three(1).with_population(Population::Gaussian(model)).unwrap();
    assert_eq!(shuffled_epochs(&gaussian, LastBatch::Keep), Err(ExactError::NoDataSet));
}

proptest! {
    /// One weight, one sample a step: a cycle multiplies by ∏(1 − λxᵢ²) in any order, and is stable where that is
    /// within ±1.
    #[test]
    fn the_edge_of_stability_is_decided(x in prop::collection::vec(-3_i64..4, 1..5), numerator in 1_i64..40) {
        prop_assume!(x.iter().any(|&x| x != 0));
        let rate = q(numerator, 16);
        let rows = Vec::from_iter(x.iter().map(std::slice::from_ref));
        let setting = problem(&rows, &Vec::from_iter(0..x.len() as i64), 1, rate.clone(), q(0, 1));
        let factor = x.iter().fold(q(1, 1), |product, x| product * (q(1, 1) - rate.clone() * q(x * x, 1)));
        let found = shuffled_epochs(&setting, LastBatch::Keep);
        prop_assert_eq!(found.is_ok(), factor.abs() < 1, "{:?}", found);
    }
}
