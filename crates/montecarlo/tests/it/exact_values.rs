//! Against values derived by hand. Every test has a false-alarm probability of 10⁻⁶ a comparison, by Student's law.

use crate::common::{data, everything, label_noise, run, with_momentum};
use montecarlo::{Draws, LabelNoise, MeanEstimate, Plan, minibatch};
use numbers::{Matrix, Vector, matrix};
use symbols::{Momentum, Population, Sampling, Setting};

const PLAN: Plan = Plan::new().with_chains(64).with_burn_in(1_000).with_steps(20_000).with_seed(20);
const FALSE_ALARM: f64 = 1e-6;

#[track_caller]
fn assert_zero(residual: &MeanEstimate, what: &str, seed: u64) {
    let (z, threshold) = (residual.z_scores().amax(), residual.threshold(FALSE_ALARM));
    assert!(z < threshold, "{what}, seed {seed}: |z| = {z:.2}, threshold {threshold:.2}\n{residual:?}");
}

/// Every way to draw Gaussian features, with label noise of any law: Σ, C and the losses are those of its variance.
const DRAWS: [Draws; 5] = [
    Draws::Literal(LabelNoise::Gaussian),
    Draws::Literal(LabelNoise::Uniform),
    Draws::Literal(LabelNoise::Rademacher),
    Draws::Literal(LabelNoise::Laplace),
    Draws::InDistribution,
];

#[test]
fn one_weight_without_momentum_satisfies_the_second_moment_equation() {
    for draws in DRAWS {
        one_weight_without_momentum(PLAN.with_draws(draws));
    }
}

fn one_weight_without_momentum(plan: Plan) {
    // v' = (1 − λ x̄²) v + λ ⟨xε⟩: the mean of (1 − λ⟨x²⟩)² is 1 − 2λa + λ²a²(1 + 2/S), of ⟨xε⟩² it is aσ²/S.
    for (a, lambda, S) in [(1.0, 0.125, 1), (2.0, 0.0625, 3), (0.5, 1.0, 10)] {
        let estimate = run(&label_noise(a, lambda, S), plan);
        estimate.trust().unwrap();
        let s = f64::from(S);
        let coefficient = 2.0 * lambda * a - lambda * lambda * a * a * (1.0 + 2.0 / s);
        let fluctuation = lambda * lambda * a / s / coefficient;
        let residual = |f: &dyn Fn(&symbols::Moments<f64>) -> f64| estimate.mean(|m| matrix::scalar(f(m)));
        assert_zero(&residual(&|m| m.fluctuation[(0, 0)] - fluctuation), "fluctuation", PLAN.seed);
        // cov(⟨x(xv − ε)⟩) = (a² 2v² + a)/S, with E[v²] = Σ.
        let noise = (2.0 * a * a * fluctuation + a) / s;
        assert_zero(&residual(&|m| m.noise_covariance[(0, 0)] - noise), "noise", PLAN.seed);
        assert_zero(&residual(&|m| m.train_loss - 0.5 * (1.0 + a * fluctuation)), "train loss", PLAN.seed);
        assert_zero(&residual(&|m| m.test_loss.unwrap() - 0.5 * a * fluctuation), "test loss", PLAN.seed);
    }
}

#[test]
fn one_weight_with_momentum_solves_its_three_equations() {
    // Without momentum the three equations hold the one above.
    let (a, lambda) = (1.0, 0.25);
    let plain = lambda * lambda * a / (2.0 * lambda * a - 3.0 * lambda * lambda * a * a);
    assert!((with_momentum(a, lambda, 1.0, 0.0) / plain - 1.0).abs() < 1e-14);
    for mu in [0.25, 0.75] {
        let setting = label_noise(1.0, 0.125, 4).with_momentum(Momentum::new(mu).unwrap());
        for draws in DRAWS {
            let estimate = run(&setting, PLAN.with_draws(draws));
            estimate.trust().unwrap();
            let exact = matrix::scalar(with_momentum(1.0, 0.125, 4.0, mu));
            assert_zero(&estimate.mean(|m| &m.fluctuation - &exact), "fluctuation", PLAN.seed);
        }
    }
}

#[test]
fn a_coefficient_wrong_by_one_percent_is_seen() {
    let plan = Plan::new().with_chains(64).with_burn_in(500).with_steps(300_000).with_seed(21);
    let lambda = 0.375;
    let estimate = run(&label_noise(1.0, lambda, 2), plan);
    estimate.trust().unwrap();
    let residual = |quadratic: f64, right: f64| {
        let coefficient = 2.0 * lambda - quadratic * 2.0 * lambda * lambda;
        estimate.mean(|m| &m.fluctuation * coefficient - matrix::scalar(right * lambda * lambda / 2.0))
    };
    assert_zero(&residual(1.0, 1.0), "fluctuation", plan.seed);
    for (name, wrong) in [("quadratic term", residual(1.01, 1.0)), ("right side", residual(1.0, 1.01))] {
        let (z, threshold) = (wrong.z_scores().amax(), wrong.threshold(FALSE_ALARM));
        assert!(z > threshold, "{name}, seed {}: |z| = {z:.2}, threshold {threshold:.2}", plan.seed);
    }
}

/// Σ, and the covariance that eq. (1) gives to it in one step more: equal at stationarity, whatever C is.
///
/// For μ = 0: v' = (I − ΛK) v − Λn with n uncorrelated with v, so that ΛKΣ + ΣKΛ − ΛKΣKΛ = ΛCΛ.
#[test]
fn fluctuation_and_noise_satisfy_the_stationary_equation() {
    let momentless = |setting: Setting<f64>| setting.with_momentum(Momentum::new(0.0).unwrap());
    let literal = Draws::default();
    let plain = || momentless(everything()).with_weight_decay(Matrix::zeros(2, 2)).unwrap();
    let without_input_noise = || {
        let Population::Gaussian(mut model) = plain().population().clone() else { panic!("a data set") };
        model.input_noise_covariance.fill(0.0);
        plain().with_population(Population::Gaussian(model)).unwrap()
    };
    let settings = [
        ("gaussian", momentless(everything()), literal),
        ("gaussian in distribution", momentless(everything()), Draws::InDistribution),
        ("input noise in distribution, whitened", plain(), Draws::InDistribution),
        ("label noise, whitened", without_input_noise(), literal),
        ("label noise in distribution, whitened", without_input_noise(), Draws::InDistribution),
        ("data", data(2, Sampling::WithReplacement), literal),
        ("subsets", data(2, Sampling::WithoutReplacement), literal),
    ];
    for (name, setting, draws) in settings {
        let estimate = run(&setting, PLAN.with_draws(draws));
        let (L, K) = (setting.learning_rate().clone(), setting.hessian());
        let residual = estimate.mean(|m| {
            let (sigma, C) = (&m.fluctuation, &m.noise_covariance);
            &L * &K * sigma + sigma * &K * &L - &L * &K * sigma * &K * &L - &L * C * &L
        });
        // Telling, not only compatible with zero: the two sides agree to a percent.
        let scale = (&L * estimate.mean(|m| m.noise_covariance.clone()).mean * &L).amax();
        assert!(residual.mean.amax() < 0.01 * scale, "{name}: {residual:?}");
        assert_zero(&residual, name, PLAN.seed);
    }
}

/// L_test is a quadratic form in w − u: of what it holds beside Σ and w*, the mean of v is zero.
#[test]
fn fluctuations_have_the_mean_zero() {
    let setting = everything();
    let minimizer = matrix::solve(&setting.hessian(), &column(&setting.label_moment())).unwrap().column(0).into_owned();
    let (A, offset) = (setting.feature_covariance(), &minimizer - setting.true_weights().unwrap());
    for draws in [Draws::default(), Draws::InDistribution] {
        let estimate = run(&setting, PLAN.with_draws(draws));
        let residual = estimate.mean(|m| {
            let centred = matrix::trace(&(&A * &m.fluctuation)) + offset.dot(&(&A * &offset));
            matrix::scalar(m.test_loss.unwrap() - 0.5 * centred)
        });
        assert_zero(&residual, "mean", PLAN.seed);
    }
}

fn column(x: &Vector<f64>) -> Matrix<f64> {
    Matrix::from_column_slice(x.len(), 1, x.as_slice())
}

/// E[ĝ] and C(w) by enumeration of the samples of a data set.
fn enumerated(setting: &Setting<f64>) -> (Matrix<f64>, Matrix<f64>) {
    let Population::Data(data) = setting.population() else { panic!("no data set") };
    let (N, S, w) = (data.labels.len() as f64, f64::from(setting.batch_size().get()), setting.initial_weights());
    let gradients: Vec<Vector<f64>> = (0..data.labels.len())
        .map(|i| {
            let x = data.features.row(i).transpose();
            &x * (x.dot(w) - data.labels[i]) + setting.weight_decay() * w
        })
        .collect();
    let mean = gradients.iter().sum::<Vector<f64>>() / N;
    let spread = gradients.iter().map(|g| (g - &mean) * (g - &mean).transpose()).sum::<Matrix<f64>>() / N;
    // S distinct of N: pairs of slots are correlated by −1/(N − 1).
    let finite = if setting.sampling() == Sampling::WithoutReplacement { (N - S) / (N - 1.0) } else { 1.0 };
    (column(&mean), spread * (finite / S))
}

#[test]
fn minibatches_of_a_data_set_have_the_moments_of_an_enumeration() {
    for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
        let setting = data(3, sampling)
            .with_initial_weights(Vector::from_vec(vec![0.5, 2.0]))
            .unwrap()
            .with_weight_decay(matrix::identity::<f64>(2) * 0.5)
            .unwrap();
        let (gradient, noise) = enumerated(&setting);
        let estimate = minibatch(&setting, &PLAN, &()).unwrap();
        assert_zero(&estimate.mean(|m| column(&m.gradient) - &gradient), "gradient", PLAN.seed);
        assert_zero(&estimate.mean(|m| &m.noise_covariance - &noise), "noise", PLAN.seed);
    }
}

#[test]
fn minibatches_of_gaussian_features_have_the_moments_of_wick() {
    // Far from everything, and where the residuals are nothing but label and input noise, or input noise alone.
    for (weights, label_noise_variance) in [([-1.0, 2.0], 0.5), ([0.75, -0.375], 0.5), ([0.75, -0.375], 0.0)] {
        let Population::Gaussian(mut model) = everything().population().clone() else { panic!("a data set") };
        model.label_noise_variance = label_noise_variance;
        let weighted = |model| {
            let setting = everything().with_population(Population::Gaussian(model)).unwrap();
            setting.with_initial_weights(Vector::from_vec(weights.to_vec())).unwrap()
        };
        minibatches_of_wick(weighted(model.clone()));
        // Singular covariances: of features alone, and of features and input noise together.
        model.feature_covariance = Matrix::from_element(2, 2, 1.0);
        for B in [Matrix::from_row_slice(2, 2, &[0.5, 0.0, 0.0, 0.0]), Matrix::from_element(2, 2, 0.25)] {
            model.input_noise_covariance = B;
            minibatches_of_wick(weighted(model.clone()));
        }
    }
}

fn minibatches_of_wick(setting: Setting<f64>) {
    // x̃ ~ N(0, A + B), the residual r = x̃ᵀw − y: E[x̃r] = ∇L and E[r²] = q, jointly Gaussian, so
    // cov(x̃ r) = q (A + B) + E[x̃r] E[x̃r]ᵀ.
    let (A, B) = (setting.feature_covariance(), setting.input_noise_covariance());
    let (w, u) = (setting.initial_weights(), setting.true_weights().unwrap());
    let d = w - &u;
    let slope = &A * &d + &B * w;
    let q = d.dot(&(&A * &d)) + w.dot(&(&B * w)) + setting.label_noise_variance().unwrap();
    let noise = ((&A + &B) * q + &slope * slope.transpose()) / 3.0;
    let gradient = column(&(&slope + setting.weight_decay() * w));
    for draws in [Draws::default(), Draws::InDistribution] {
        let estimate = minibatch(&setting, &PLAN.with_draws(draws), &()).unwrap();
        assert_zero(&estimate.mean(|m| column(&m.gradient) - &gradient), "gradient", PLAN.seed);
        assert_zero(&estimate.mean(|m| &m.noise_covariance - &noise), "noise", PLAN.seed);
    }
}

#[test]
fn a_batch_of_all_samples_has_no_noise() {
    let setting = data(5, Sampling::WithoutReplacement);
    let plan = Plan::new().with_chains(2).with_burn_in(10).with_steps(100).with_seed(22);
    let estimate = run(&setting, plan);
    for moments in &estimate.chains {
        assert!(moments.noise_covariance.amax() < 1e-30, "{}", moments.noise_covariance);
        assert!(moments.fluctuation.amax() < 1e-30, "{}", moments.fluctuation);
        assert_eq!(moments.test_loss, None);
    }
    assert_eq!(estimate.diagnostics.tail_index.estimate, f64::INFINITY);
    let block = &minibatch(&setting, &plan, &()).unwrap().blocks[0];
    assert!(block.noise_covariance.amax() < 1e-30, "{}", block.noise_covariance);
}
