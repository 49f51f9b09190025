//! A run has the same bits on any number of threads, and whatever cannot be run is a typed error.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::{data, everything, label_noise};
use montecarlo::{Draws, LabelNoise, MonteCarloError, Plan, minibatch, stationary};
use numbers::{Matrix, Vector, matrix};
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

const PLAN: Plan = Plan::new().with_chains(7).with_burn_in(10).with_steps(101).with_seed(30);

fn gaussian(A: Matrix<f64>, B: Matrix<f64>, label_noise_variance: f64) -> Population<f64> {
    let true_weights = Vector::from_element(A.nrows(), 1.0);
    Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: B,
        label_noise_variance,
        true_weights,
    })
}

#[test]
fn one_and_two_threads_give_the_same_bits() {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let quiet = |_| ();
        pool.install(|| {
            let setting = everything();
            let subsets = data(3, Sampling::WithoutReplacement);
            [
                format!("{:?}", stationary(&setting, &PLAN, &quiet).unwrap()),
                format!("{:?}", stationary(&subsets, &PLAN, &quiet).unwrap()),
                format!("{:?}", minibatch(&setting, &PLAN, &quiet).unwrap()),
            ]
        })
    };
    // A double's debug text is the shortest that reads back as the same bits.
    assert_eq!(on(1), on(2));
}

#[test]
fn draws_that_cannot_be_had_are_refused() {
    let refused =
        |setting: &Setting<f64>, draws| stationary(setting, &PLAN.with_draws(draws), &()).unwrap_err().to_string();
    let (gaussian, data) = (everything(), data(2, Sampling::WithReplacement));
    assert_eq!(
        refused(&gaussian, Draws::ShuffledEpochs(symbols::LastBatch::Drop)),
        "draws = shuffled epochs, a smaller last minibatch dropped: expected a data set"
    );
    assert_eq!(refused(&data, Draws::InDistribution), "draws = in distribution: expected Gaussian features and labels");
    assert_eq!(
        refused(&data, Draws::Literal(LabelNoise::Laplace)),
        "draws = literal, laplace label noise: expected Gaussian features: the labels of a data set are given"
    );
}

#[test]
fn another_seed_gives_other_draws() {
    let setting = label_noise(1.0, 0.1, 1);
    let with = |seed| stationary(&setting, &PLAN.with_seed(seed), &()).unwrap().chains;
    assert_ne!(with(1), with(2));
    let chains = with(1);
    assert_ne!(chains[0], chains[1]);
}

#[test]
fn progress_ends_at_the_number_of_steps() {
    let most = AtomicU64::new(0);
    let record = |steps| {
        most.fetch_max(steps, Ordering::Relaxed);
    };
    // Less than one pack of chains, and one and a part.
    for chains in [7, 11] {
        let plan = PLAN.with_chains(chains);
        stationary(&label_noise(1.0, 0.1, 1), &plan, &record).unwrap();
        assert_eq!(most.swap(0, Ordering::Relaxed), chains as u64 * 111);
        minibatch(&label_noise(1.0, 0.1, 1), &plan, &record).unwrap();
        assert_eq!(most.swap(0, Ordering::Relaxed), chains as u64 * 101);
    }
}

#[test]
fn divergence_is_reported_with_its_step() {
    // E log|1 − 8x²| > 0.
    match stationary(&label_noise(1.0, 8.0, 1), &PLAN.with_steps(10_000), &()) {
        Err(MonteCarloError::Diverged { chain: 0..7, step }) => assert!((50..2_000).contains(&step), "step {step}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_error_names_quantity_and_value() {
    let one = || matrix::identity::<f64>(2);
    let run = |A, B, variance| {
        let setting = Setting::new(gaussian(A, B, variance), one(), BatchSize::new(1).unwrap()).unwrap();
        stationary(&setting, &PLAN, &()).unwrap_err().to_string()
    };
    let indefinite = Matrix::from_row_slice(2, 2, &[1.0, 2.0, 2.0, 1.0]);
    assert_eq!(
        run(indefinite.clone(), one(), 1.0),
        "feature_covariance has a pivot -3: expected a positive semidefinite matrix"
    );
    assert_eq!(
        run(one(), indefinite, 1.0),
        "input_noise_covariance has a pivot -3: expected a positive semidefinite matrix"
    );
    assert_eq!(run(one(), one(), -0.5), "label_noise_variance = -0.5: expected a variance ≥ 0");
    assert_eq!(run(one(), one(), f64::NAN), "label_noise_variance has an entry NaN: expected finite numbers");
    // Without any pull along the second weight, which has noise nevertheless.
    let cancelled = Matrix::from_row_slice(2, 2, &[0.0, 0.0, 0.0, -1.0]);
    let setting = Setting::new(gaussian(one(), one() * 0.0, 1.0), one(), BatchSize::new(1).unwrap()).unwrap();
    let told = stationary(&setting.with_weight_decay(cancelled).unwrap(), &PLAN, &()).unwrap_err();
    assert_eq!(told.to_string(), "hessian: a 2×2 matrix is singular: no pivot in column 1");
    let error = stationary(&label_noise(1.0, 0.1, 1), &PLAN.with_chains(0), &()).unwrap_err();
    assert_eq!(error, MonteCarloError::OutOfRange { quantity: "chains", value: 0, minimum: 2, maximum: 1 << 20 });
    let error = stationary(&label_noise(1.0, 0.1, 1), &PLAN.with_steps(0), &()).unwrap_err();
    assert!(matches!(error, MonteCarloError::OutOfRange { quantity: "steps", value: 0, .. }));
}

/// Numbers that break things, among ordinary ones.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => -3.0..3.0f64,
        2 => Just(0.0),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, 1e308, -1e308, 1e-308, 1e160, -1e-200, 5e-324]),
    ]
}

fn symmetric(D: usize) -> impl Strategy<Value = Matrix<f64>> {
    (prop::collection::vec(number(), D * D), any::<bool>()).prop_map(move |(entries, gram)| {
        let X = Matrix::from_vec(D, D, entries);
        // A bare NaN is not equal to itself, and a setting refuses it off the diagonal.
        if gram { &X * X.transpose() } else { Matrix::from_fn(D, D, |i, j| X[(i.min(j), i.max(j))]) }
    })
}

fn settings() -> impl Strategy<Value = Setting<f64>> {
    (1usize..4).prop_flat_map(|D| {
        let matrices = (symmetric(D), symmetric(D), symmetric(D), symmetric(D));
        let vectors = (prop::collection::vec(number(), D), prop::collection::vec(number(), 3 * (D + 1)));
        (matrices, vectors, 1u32..5, 0.0..1.0f64, any::<(bool, bool)>(), number()).prop_filter_map(
            "shapes fit",
            move |((A, B, L, G), (w, xs), S, mu, (is_data, without), variance)| {
                let population = if is_data {
                    let features = Matrix::from_column_slice(3, D, &xs[..3 * D]);
                    Population::Data(DataSet { features, labels: Vector::from_column_slice(&xs[3 * D..]) })
                } else {
                    gaussian(A, B, variance)
                };
                let setting = Setting::new(population, L, BatchSize::new(S).ok()?).ok()?;
                let setting = setting.with_weight_decay(G).ok()?.with_momentum(Momentum::new(mu).ok()?);
                let setting = setting.with_initial_weights(Vector::from_vec(w)).ok()?;
                if without { setting.with_sampling(Sampling::WithoutReplacement).ok() } else { Some(setting) }
            },
        )
    })
}

fn draws() -> impl Strategy<Value = Draws> {
    use LabelNoise::{Gaussian, Laplace, Rademacher, Uniform};
    let literal = prop::sample::select(vec![Gaussian, Uniform, Rademacher, Laplace]).prop_map(Draws::Literal);
    let epochs = Draws::ShuffledEpochs(symbols::LastBatch::Keep);
    prop_oneof![4 => literal, 3 => Just(Draws::InDistribution), 1 => Just(epochs)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn whatever_is_asked_is_answered_with_numbers_or_an_error(
        setting in settings(),
        chains in 1usize..20,
        burn_in in 0usize..4,
        steps in 2usize..40,
        seed: u64,
        draws in draws(),
    ) {
        let plan = Plan::new().with_chains(chains).with_burn_in(burn_in).with_steps(steps);
        let plan = plan.with_seed(seed).with_draws(draws);
        if let Ok(estimate) = stationary(&setting, &plan, &()) {
            for moments in &estimate.chains {
                prop_assert!(moments.fluctuation.iter().chain(&moments.noise_covariance).all(|x| x.is_finite()));
                prop_assert!(moments.train_loss.is_finite());
            }
            let _ = estimate.trust();
            let mean = estimate.mean(|m| m.fluctuation.clone());
            let _ = (mean.z_scores(), mean.threshold(1e-3));
        }
        if let Ok(estimate) = minibatch(&setting, &plan, &()) {
            prop_assert!(estimate.blocks.iter().all(|b| b.gradient.iter().all(|x| x.is_finite())));
        }
    }
}
