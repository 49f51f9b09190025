//! One weight, by hand.

use std::ops::ControlFlow;

use lyapunov::{
    LyapunovError, Numbers, Problem, Progress, Route, memory, minibatch, solve, stability, stationary, stationary_by,
};
use numbers::DoubleDouble;
use numbers::matrix::{Matrix, Vector, scalar};
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

fn one_weight(a: f64, lambda: f64, S: u32, mu: f64, gamma: f64) -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: scalar(a),
        input_noise_covariance: scalar(0.0),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(1),
    });
    let setting = Setting::new(population, scalar(lambda), BatchSize::new(S).unwrap()).unwrap();
    setting.with_momentum(Momentum::new(mu).unwrap()).with_weight_decay(scalar(gamma)).unwrap()
}

/// For μ = 0 and u = 0: E[(1 − λ(xx̄ + γ))²] Σ + λ²a/S = Σ, and (1 − λk)² + 2λ²a²/S multiplies Σ.
#[test]
fn without_momentum() {
    for (a, lambda, S, gamma) in [(1.0_f64, 0.5_f64, 1, 0.0), (2.0, 0.25, 3, 0.5), (0.5, 1.0, 10, -0.25)] {
        let factor = (1.0 - lambda * (a + gamma)).powi(2) + 2.0 * lambda * lambda * a * a / f64::from(S);
        let expected = lambda * lambda * a / f64::from(S) / (1.0 - factor);
        let k = a + gamma;
        let margin = 2.0 * k / (k * k + 2.0 * a * a / f64::from(S)) / lambda;
        let solution = stationary(&one_weight(a, lambda, S, 0.0, gamma)).unwrap();
        let error = (solution.moments.fluctuation[(0, 0)] - expected).abs() / expected;
        // What is expected is itself rounded a few times.
        assert!(error <= 4.0 * f64::EPSILON, "{error}");
        assert!((0.0..1.2e-16).contains(&solution.error_bound), "{}", solution.error_bound);
        assert!((solution.stability.spectral_radius - factor).abs() < 1e-15);
        assert!((solution.stability.margin - margin).abs() < 1e-14 * margin);
        assert!((solution.moments.train_loss - (1.0 + k * expected) / 2.0).abs() < 1e-14);
        assert!((solution.moments.test_loss.unwrap() - a * expected / 2.0).abs() < 1e-14);
    }
}

/// Σ = 1/5, to which no double is closer than 1.1e-17.
#[test]
fn the_last_place_is_in_the_bound() {
    let solution = stationary(&one_weight(1.0, 0.25, 1, 0.0, 0.0)).unwrap();
    assert_eq!(solution.moments.fluctuation, scalar(0.2));
    assert!((5.5e-17..5.6e-17).contains(&solution.error_bound), "{:e}", solution.error_bound);
}

/// L_train = ½(1 + Σ) and L_test = ½Σ are off by half of what Σ is off by, and by their own last places.
#[test]
fn the_last_place_is_in_the_bounds_on_losses() {
    let errors = stationary(&one_weight(1.0, 0.25, 1, 0.0, 0.0)).unwrap().errors;
    for (found, loss) in [(errors.train_loss, 0.6), (errors.test_loss.unwrap(), 0.1)] {
        // 0.2 is above 1/5 by 2⁻⁵²/20.
        let expected = 0.5 * (f64::EPSILON / 20.0) + 0.5 * f64::EPSILON * loss;
        assert!((found / expected - 1.0).abs() < 1e-3, "{found:e}, not {expected:e}");
    }
}

/// 1/3 is no double: the bound is one of the problem in doubles, or of the problem that is meant, and there it is
/// wider.
#[test]
fn a_solution_says_which_problem_its_bounds_are_of() {
    let setting = one_weight(1.0, 1.0 / 3.0, 1, 0.0, 0.0);
    let double_double = setting.map(|v| DoubleDouble::from(*v));
    let found =
        [Problem::read(&setting), Problem::nearest(&setting), Problem::written(&double_double)].map(|problem| {
            let solution = solve(&problem, &mut ()).unwrap();
            assert_eq!(solution.numbers, problem.numbers());
            (solution.numbers, solution.error_bound)
        });
    let [(read, least), (nearest, most), (written, between)] = found;
    assert_eq!([read, nearest, written], [Numbers::Read, Numbers::Nearest, Numbers::Written]);
    assert!(least <= between && between < most, "{found:?}");
}

/// An observer may end what it watches; `()` does not.
#[test]
fn iterations_end_where_the_observer_says() {
    let setting = one_weight(1.0, 0.25, 1, 0.0, 0.0);
    let end = solve(&Problem::read(&setting), &mut |_: Progress| ControlFlow::Break(()));
    assert_eq!(end.unwrap_err(), LyapunovError::Interrupted);
    assert!(solve(&Problem::read(&setting), &mut ()).is_ok());
}

/// Both losses of a Σ that is taken as found, where w* is neither u nor 0: ½ a(Σ + (w* − u)²), and ½ (σ² + b(Σ + w*²))
/// + ½ γ(Σ + w*²) beside it.
#[test]
fn losses_are_those_of_the_minimum_and_the_fluctuation() {
    let (a, b, gamma, u, noise) = (2.0, 0.25, 0.75, 3.0, 0.5);
    let population = Population::Gaussian(Gaussian {
        feature_covariance: scalar(a),
        input_noise_covariance: scalar(b),
        label_noise_variance: noise,
        true_weights: Vector::from_element(1, u),
    });
    let setting = Setting::new(population, scalar(0.125), BatchSize::new(3).unwrap()).unwrap();
    let moments = stationary(&setting.with_weight_decay(scalar(gamma)).unwrap()).unwrap().moments;
    let (w, fluctuation) = (a * u / (a + b + gamma), moments.fluctuation[(0, 0)]);
    let [apart, square] = [w - u, w].map(|x| fluctuation + x * x);
    assert!((moments.test_loss.unwrap() - 0.5 * a * apart).abs() < 1e-14);
    assert!((moments.train_loss - 0.5 * (a * apart + noise + (b + gamma) * square)).abs() < 1e-14);
}

/// With momentum: E[v²], E[vp], E[p²] of v' = v − p', p' = μp + λ(xx̄ v + noise), as three equations solved by hand.
#[test]
fn with_momentum() {
    let (a, lambda, S, mu) = (1.5, 0.25, 2, 0.5);
    let setting = one_weight(a, lambda, S, mu, 0.0);
    // E[p²](1 + μ) = 2λa E[v²] and E[vp] = −E[p²]/2 from E[v'²] = E[v²]; insert into the step of p².
    let h = lambda * a;
    let of_p = 2.0 * h / (1.0 + mu);
    let constant = lambda * lambda * a / f64::from(S);
    let linear = (1.0 - mu * mu) * of_p - h * h * (1.0 + 2.0 / f64::from(S)) + 2.0 * mu * h * of_p / 2.0;
    let expected = constant / linear;
    for route in [Route::Augmented, Route::Reduced] {
        let solution = stationary_by(route, &setting).unwrap();
        let error = (solution.moments.fluctuation[(0, 0)] - expected).abs() / expected;
        assert!(error <= 4.0 * f64::EPSILON && solution.error_bound < 1.2e-16, "{route:?}: {error}");
    }
}

#[test]
fn at_the_threshold() {
    // aλ = 2S/(S + 2).
    let limit = 2.0 / 3.0;
    assert!(stationary(&one_weight(1.0, limit - 1e-9, 1, 0.0, 0.0)).is_ok());
    let told = stationary(&one_weight(1.0, limit + 1e-9, 1, 0.0, 0.0)).unwrap_err();
    let LyapunovError::Unstable(stability) = told else { panic!("{told}") };
    assert!(stability.spectral_radius > 1.0 && stability.margin < 1.0);
    assert!((stability.margin * (limit + 1e-9) - limit).abs() < 1e-15);
    // n/2⁵³ with 3n = 2⁵⁴ − 1 and 2⁵⁴ − 4: Σ = λ/(2 − 3λ) = n/(2⁵⁴ − 3n) is a whole number.
    let last = 0.666_666_666_666_666_6_f64;
    for (lambda, exact) in [(last, 6_004_799_503_160_661.0), (last.next_down(), 1_501_199_875_790_165.0)] {
        // At the last of them doubles may give up, and never say that it is unstable.
        let solution = match stationary(&one_weight(1.0, lambda, 1, 0.0, 0.0)) {
            Err(LyapunovError::Undecided(_)) if lambda == last => continue,
            solution => solution.unwrap(),
        };
        let found = solution.moments.fluctuation[(0, 0)];
        assert!((found / exact - 1.0).abs() <= solution.error_bound && solution.error_bound < 1e-11, "{solution:?}");
        assert!((solution.moments.train_loss - 0.5 * (1.0 + exact)).abs() <= solution.errors.train_loss);
        let stability = solution.stability;
        assert!(stability.spectral_radius < 1.0 && stability.margin > 1.0 && solution.gap > 0.0, "{stability:?}");
    }
    // The next double is above 2/3.
    let told = stationary(&one_weight(1.0, last.next_up(), 1, 0.0, 0.0)).unwrap_err();
    assert!(
        matches!(told, LyapunovError::Unstable(found) if found.spectral_radius >= 1.0 && found.margin <= 1.0),
        "{told}"
    );
}

#[test]
fn what_cannot_be_solved_is_named() {
    let told = |setting: Setting<f64>| stationary(&setting).unwrap_err().to_string();
    let range = "expected 1e-100 to 1e100, or zero throughout";
    for (setting, what) in [
        (one_weight(1e-200, 0.1, 1, 0.0, 0.0), "A + B has entries up to 1e-200"),
        (one_weight(1.0, 1e-300, 1, 0.0, 0.0), "learning_rate has entries up to 1e-300"),
        (one_weight(1e-90, 1e-90, 1, 0.0, 0.0), "ΛK has entries up to 1e-180"),
    ] {
        assert_eq!(told(setting), format!("{what}: {range}"));
    }
    // No pull, but noise: the weights drift away.
    assert!(told(one_weight(1.0, 0.1, 1, 0.0, -1.0)).starts_with("nothing is stationary: the spectral radius"));
    assert_eq!(
        told(one_weight(-1.0, 0.1, 1, 0.0, 3.0)),
        "A + B: expected a positive semidefinite matrix, its smallest eigenvalue is -1e0"
    );
    assert_eq!(told(one_weight(f64::NAN, 0.1, 1, 0.0, 0.0)), "A + B[(0, 0)] = NaN: expected finite numbers");
    let descending = one_weight(1.0, 0.5, 1, 0.0, -2.0);
    assert_eq!(stability(&descending).unwrap().margin, 0.0);
    assert!(told(descending).starts_with("nothing is stationary: the spectral radius"));
    assert_eq!(stability(&one_weight(1.0, 0.0, 1, 0.0, 0.0)).unwrap().spectral_radius, 0.0);
    let many = Population::Gaussian(Gaussian {
        feature_covariance: Matrix::identity(45, 45),
        input_noise_covariance: Matrix::zeros(45, 45),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(45),
    });
    let mut both_signs = Matrix::identity(45, 45);
    both_signs[(0, 0)] = -1.0;
    let many = Setting::new(many, both_signs, BatchSize::new(1).unwrap()).unwrap();
    assert_eq!(
        told(many),
        "Λ has eigenvalues of both signs, and the second moments of 45 weights have 1035 entries: expected at most 1000"
    );
}

#[test]
fn without_noise_there_is_no_fluctuation() {
    let data =
        DataSet { features: Matrix::from_row_slice(2, 1, &[1.0, 2.0]), labels: Vector::from_vec(vec![2.0, 4.0]) };
    let setting = Setting::new(Population::Data(data), scalar(0.25), BatchSize::new(1).unwrap()).unwrap();
    let solution = stationary(&setting).unwrap();
    assert_eq!(solution.moments.fluctuation, scalar(0.0));
    // As far as doubles can tell: zero, within an absolute bound.
    assert_eq!(solution.error_bound, f64::INFINITY);
    assert!(solution.errors.fluctuation > 0.0 && solution.errors.fluctuation < 1e-28, "{:?}", solution.errors);
    assert!(solution.moments.train_loss < 1e-30);
}

/// The second feature is always zero, and the loss pulls its weight to zero without noise.
#[test]
fn a_weight_without_noise_does_not_fluctuate() {
    let features = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 0.0]));
    let population = Population::Gaussian(Gaussian {
        feature_covariance: features,
        input_noise_covariance: Matrix::zeros(2, 2),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(2),
    });
    let setting = Setting::new(population, Matrix::identity(2, 2) * 0.5, BatchSize::new(1).unwrap()).unwrap();
    let setting = setting.with_weight_decay(Matrix::from_diagonal(&Vector::from_vec(vec![0.0, 0.5]))).unwrap();
    let solution = stationary(&setting).unwrap();
    let expected = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 0.0]));
    assert!((solution.moments.fluctuation - expected).norm() <= solution.error_bound);
    assert!(solution.error_bound < 1e-12, "{}", solution.error_bound);
}

/// x = 1, 3 and y = 0, 2 at w = 1: gradients 1 and 3.
#[test]
fn a_minibatch_of_two_samples() {
    let data =
        DataSet { features: Matrix::from_row_slice(2, 1, &[1.0, 3.0]), labels: Vector::from_vec(vec![0.0, 2.0]) };
    let setting = Setting::new(Population::Data(data), scalar(0.1), BatchSize::new(2).unwrap()).unwrap();
    let setting = setting.with_initial_weights(Vector::from_element(1, 1.0)).unwrap();
    let with = minibatch(&setting).unwrap();
    assert_eq!((with.gradient[0], with.noise_covariance[(0, 0)]), (2.0, 0.5));
    let without = minibatch(&setting.with_sampling(Sampling::WithoutReplacement).unwrap()).unwrap();
    assert_eq!((without.gradient[0], without.noise_covariance[(0, 0)]), (2.0, 0.0));
    // Gradients that differ in their last place, so that their mean is rounded to one of them: 0, 1 and 1 in units of
    // 2⁻¹².
    let labels = [0.0, 1.0, 1.0].map(|k| -(40.0_f64.exp2() + k * (-12.0_f64).exp2()));
    let data = DataSet { features: Matrix::from_element(3, 1, 1.0), labels: Vector::from_row_slice(&labels) };
    let close = Setting::new(Population::Data(data), scalar(0.1), BatchSize::new(1).unwrap()).unwrap();
    let spread = minibatch(&close).unwrap().noise_covariance[(0, 0)];
    assert!((spread * 24.0_f64.exp2() - 2.0 / 9.0).abs() < 1e-15, "{spread:e}");
    // Of one sample there is one minibatch.
    let data = DataSet { features: scalar(3.0), labels: Vector::from_element(1, 2.0) };
    let alone = Setting::new(Population::Data(data), scalar(0.1), BatchSize::new(1).unwrap()).unwrap();
    for sampling in [Sampling::WithReplacement, Sampling::WithoutReplacement] {
        let found = minibatch(&alone.clone().with_sampling(sampling).unwrap()).unwrap();
        assert_eq!((found.gradient[0], found.noise_covariance[(0, 0)]), (-6.0, 0.0), "{sampling:?}");
    }
}

/// Forty matrices of two rows, and of a data set four copies beside them.
#[test]
fn memory_is_of_matrices_and_copies_of_the_data() {
    let data = DataSet { features: Matrix::zeros(7, 2), labels: Vector::zeros(7) };
    let rate = Matrix::identity(2, 2) * 0.1;
    let setting = Setting::new(Population::Data(data), rate, BatchSize::new(2).unwrap()).unwrap();
    assert_eq!(memory(&setting), 8 * (40 * 4 + 4 * 14));
    assert_eq!(memory(&one_weight(1.0, 0.1, 1, 0.0, 0.0)), 8 * 40);
}

fn symmetric(D: usize, entries: &[f64]) -> Matrix<f64> {
    let M = Matrix::from_fn(D, D, |i, j| entries[i * D + j]);
    &M + M.transpose()
}

prop_compose! {
    /// Anything that a setting can hold, doubles of every kind included.
    fn settings()(
        D in 1usize..4,
        S in 1u32..5,
        mu in 0.0..1.0,
        plain: bool,
        data: bool,
        subsets: bool,
        numbers in prop::collection::vec(prop_oneof![6 => -2.0..2.0, 1 => any::<f64>()], 60),
    ) -> Setting<f64> {
        let mut numbers = numbers.into_iter();
        let mut take = |count: usize| Vec::from_iter(numbers.by_ref().take(count));
        let L = symmetric(D, &take(D * D));
        let decay = symmetric(D, &take(D * D));
        let population = if data {
            Population::Data(DataSet {
                features: Matrix::from_vec(5, D, take(5 * D)), labels: Vector::from_vec(take(5))
            })
        } else {
            let root = Matrix::from_vec(D, D, take(D * D));
            let A = &root * root.transpose();
            let B = symmetric(D, &take(D * D));
            let true_weights = Vector::from_vec(take(D));
            let A = (&A + A.transpose()) * 0.5;
            Population::Gaussian(Gaussian {
                feature_covariance: A, input_noise_covariance: B, label_noise_variance: 1.0, true_weights
            })
        };
        // NaN is not equal to itself, so that a matrix with it is not symmetric.
        let fallback = || one_weight(1.0, f64::INFINITY, 1, 0.0, 0.0);
        let Ok(setting) = Setting::new(population, L, BatchSize::new(S).unwrap()) else { return fallback() };
        let Ok(setting) = setting.with_weight_decay(decay) else { return fallback() };
        let setting = setting.with_momentum(Momentum::new(if plain { 0.0 } else { mu }).unwrap());
        if data && subsets { setting.with_sampling(Sampling::WithoutReplacement).unwrap() } else { setting }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_is_answered_with_numbers_or_an_error(setting in settings()) {
        if let Ok(solution) = stationary(&setting) {
            prop_assert!(solution.moments.fluctuation.iter().all(|v| v.is_finite()));
            prop_assert!(!solution.error_bound.is_nan() && solution.stability.margin > 1.0);
        }
        let _ = minibatch(&setting);
    }
}
