//! Second-order methods, section 8: a frozen Λ that undoes the curvature, with features whose A is not diagonal.
//!
//! # Natural gradient
//! Λ = (λ/S) C⁻¹ at the *stationary* C is an equation for Λ, as C depends on Λ. It is solved here with the Lyapunov
//! engine's C(Λ), without a formula. For σ > 0 there is exactly one solution Λ ≻ 0 in the stable range, whatever λ, D,
//! S and μ. In coordinates with A = I, Σ and C are diagonal with Λ. At a given Tr Σ the equation ℓᵢcᵢ = λ/S has one
//! root ℓᵢ, the same for each i, so that Λ = ℓA⁻¹. Along these Λ, Tr\[ΛC\] rises from 0 without bound.
//!
//! The map Λ ↦ (λ/S) C(Λ)⁻¹ falls with ℓ, and its iteration converges only where its slope d ln/d ln ℓ is above −1:
//!
//! ```text
//! ℓ/ℓ_max < 1/(1 + √((1 + D)/(S(1−μ)/(1+μ) + 1 + D))),    between 1/2 and 1
//! ```
//!
//! Beyond that, the iteration runs away from the solution in larger and larger swings, to a Λ that is unstable and has
//! no C. Halving an interval of ℓ always finds the solution.
//!
//! # Without label noise
//! For σ = 0 the noise is multiplicative: C is linear in Σ, and a Σ ≠ 0 stays only where the second moments have a
//! spectral radius of exactly 1. So Λ is the largest stable ℓA⁻¹, which does not depend on λ, and self-consistency sets
//! only the size of Σ = zA⁻¹. This is the solution of section 6.4, and the limit of the solutions as σ → 0, along which
//! 1 − radius vanishes like σ².
//!
//! SGD never shows that state. Chains that start at w* stay there. A chain that starts elsewhere is, in one dimension
//! and with w* = 0, w_t = w₀ Π(1 − ℓχ²_S/S) with E(1 − ℓχ²_S/S)² = 1, so that E\[w²\] is the same in all steps. But by
//! Jensen's inequality E log|1 − ℓχ²_S/S| < 0 (about −0.49 for S = 1, −0.84 for S = 4). So w_t → w* almost surely and
//! exponentially fast, while E\[w²\] is carried by events as rare as they are large. The only stationary law is the
//! point w*, and the average of w² over time tends to 0.
//!
//! For small σ > 0 a law with Σ near zA⁻¹ does exist. Its tail index falls to 2 as σ → 0, a typical w² is of the size
//! σ², and the Monte Carlo engine answers *heavy tail*.
#![allow(clippy::unwrap_used)]

use std::iter;

use claims::draw;
use exact::tail;
use montecarlo::{Distrust, Draws, Plan};
use numbers::{Matrix, Vector, matrix, nearest_f64};
use properties::{Deviation, Seeded, deviations, one_percent_off, rejected};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

/// The false-alarm probability of each test that draws.
const FALSE_ALARM: f64 = 1e-6;
const PLAN: Plan =
    Plan::new().with_chains(128).with_burn_in(1_000).with_steps(40_000).with_seed(8).with_draws(Draws::InDistribution);

/// A setting with label noise and Λ = A⁻¹, where A depends on D.
fn newton(D: usize, S: u32, momentum: (i64, i64), label_noise_variance: f64) -> Setting<Rational> {
    let mut choices = Seeded::new(D as u64);
    // An A that is not diagonal is the harder test.
    let A =
        iter::repeat_with(|| draw::positive_definite(D, &mut choices)).find(|A| D == 1 || A[(D - 1, 0)] != 0).unwrap();
    let rate = matrix::inverse(&A).unwrap();
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from_f64(label_noise_variance).unwrap(),
        true_weights: Vector::from_element(D, Rational::from(1)),
    });
    let momentum = Momentum::new(Rational::from(momentum)).unwrap();
    Setting::new(population, rate, BatchSize::new(S).unwrap()).unwrap().with_momentum(momentum)
}

/// The setting with Λ times a factor.
fn damped(setting: &Setting<Rational>, factor: f64) -> Setting<Rational> {
    setting.clone().with_learning_rate(setting.learning_rate() * Rational::from_f64(factor).unwrap()).unwrap()
}

/// The largest stable factor on Λ.
fn edge(setting: &Setting<Rational>) -> f64 {
    lyapunov::stability(&setting.map(nearest_f64)).unwrap().margin
}

/// The deviations of chains from both other engines. Asserts that one percent more would be rejected.
#[track_caller]
fn compare(what: &str, setting: &Setting<Rational>, plan: &Plan) -> (montecarlo::Estimate, Vec<Deviation>) {
    let doubles = setting.map(nearest_f64);
    let estimate = montecarlo::stationary(&doubles, plan, &()).unwrap();
    estimate.trust().unwrap_or_else(|distrust| panic!("{what}: {distrust}"));
    let exact = exact::stationary(setting).unwrap().map(nearest_f64);
    let lyapunov = lyapunov::stationary(&doubles).unwrap().moments;
    let mut found = deviations(&format!("{what}, exact"), &estimate, &exact);
    found.extend(deviations(&format!("{what}, lyapunov"), &estimate, &lyapunov));
    for wrong in one_percent_off(&doubles, &exact) {
        assert!(
            !rejected(&deviations(what, &estimate, &wrong), FALSE_ALARM).is_empty(),
            "{what}: one percent slips through"
        );
    }
    (estimate, found)
}

#[track_caller]
fn assert_agreement(deviations: &[Deviation]) {
    let rejected = rejected(deviations, FALSE_ALARM);
    assert!(rejected.is_empty(), "{rejected:#?}");
}

#[test]
fn damped_newton_fluctuates_as_both_engines_say() {
    let mut deviations = Vec::new();
    for D in 2..=4 {
        for momentum in [(0, 1), (1, 2)] {
            let newton = newton(D, 8, momentum, 0.5);
            let setting = damped(&newton, 0.25 * edge(&newton));
            for draws in [Draws::InDistribution, Draws::default()] {
                let what = format!("D = {D}, μ = {momentum:?}, {draws}");
                deviations.extend(compare(&what, &setting, &PLAN.with_draws(draws)).1);
            }
        }
    }
    assert_agreement(&deviations);
}

/// S Tr\[ΛC\]/D at Λ = ℓA⁻¹: the λ for which this ℓ is self-consistent. Infinite where nothing is stationary.
fn rate_of(newton: &Setting<Rational>, factor: f64) -> f64 {
    let setting = damped(newton, factor).map(nearest_f64);
    let Ok(solution) = lyapunov::stationary(&setting) else { return f64::INFINITY };
    let pull = setting.learning_rate() * solution.moments.noise_covariance;
    setting.draws() * matrix::trace(&pull) / setting.dimension() as f64
}

/// The ℓ with (λ/S) C⁻¹ = Λ = ℓA⁻¹.
fn self_consistent(newton: &Setting<Rational>, rate: f64) -> f64 {
    let (mut low, mut high) = (0.0, edge(newton));
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if rate_of(newton, middle) < rate {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Every case of D, S and μ.
fn cases() -> impl Iterator<Item = (usize, u32, (i64, i64))> {
    (1..=3).flat_map(|D| [1, 8].map(|S| (D, S))).flat_map(|(D, S)| [(0, 1), (1, 2)].map(|momentum| (D, S, momentum)))
}

/// For each λ there is one ℓ: the λ that belongs to an ℓ rises with it from 0 without bound.
#[test]
fn one_multiple_of_the_inverse_covariance_is_self_consistent() {
    for (D, S, momentum) in cases() {
        let newton = newton(D, S, momentum, 1.0);
        let edge = edge(&newton);
        let rates: Vec<f64> = (1..200).map(|k| rate_of(&newton, edge * f64::from(k) / 200.0)).collect();
        assert!(rates.is_sorted_by(|a, b| a < b), "D = {D}, S = {S}, μ = {momentum:?}: {rates:?}");
        assert!(
            rate_of(&newton, 1e-9 * edge) < 1e-8 * rates[100]
                && rate_of(&newton, (1.0 - 1e-9) * edge) > 1e6 * rates[100]
        );
    }
}

/// (λ/S) C(Λ)⁻¹.
fn natural(setting: &Setting<f64>, rate: f64) -> Matrix<f64> {
    let C = lyapunov::stationary(setting).unwrap().moments.noise_covariance;
    let inverse = matrix::inverse(&C).unwrap();
    (&inverse + inverse.transpose()) * (0.5 * rate / setting.draws())
}

/// No Λ of the iteration exceeds (λ/σ²) A⁻¹, as C ⪰ σ²A/S, and that Λ is stable here.
#[test]
fn iteration_from_any_matrix_reaches_that_multiple() {
    for (D, S, momentum) in cases() {
        let newton = newton(D, S, momentum, 1.0);
        let edge = edge(&newton);
        let rate = 0.4 * edge;
        let solution = damped(&newton, self_consistent(&newton, rate)).map(nearest_f64);
        let expected = solution.learning_rate();
        for seed in 0..5 {
            let start = newton.clone().with_learning_rate(draw::positive_definite(D, &mut Seeded::new(seed))).unwrap();
            let mut setting = damped(&start, 0.5 * self::edge(&start)).map(nearest_f64);
            for _ in 0..200 {
                let next = natural(&setting, rate);
                setting = setting.with_learning_rate(next).unwrap();
            }
            let distance = (setting.learning_rate() - expected).norm() / expected.norm();
            assert!(distance < 1e-10, "D = {D}, S = {S}, μ = {momentum:?}, seed {seed}: {distance}");
        }
    }
}

/// ℓ ↦ λℓ/λ(ℓ), with λ(ℓ) the rate of ℓ, has the slope 1 − d ln λ/d ln ℓ where λ(ℓ) = λ.
#[test]
fn iteration_runs_away_from_a_solution_near_the_edge() {
    for (D, S, momentum) in cases() {
        let newton = newton(D, S, momentum, 1.0);
        let (edge, mu, d) = (edge(&newton), nearest_f64(newton.momentum()), D as f64);
        let critical = edge / (1.0 + ((1.0 + d) / (f64::from(S) * (1.0 - mu) / (1.0 + mu) + 1.0 + d)).sqrt());
        let step = 1e-4f64;
        let logs = [step.exp(), (-step).exp()].map(|factor| rate_of(&newton, critical * factor).ln());
        let slope = 1.0 - (logs[0] - logs[1]) / (2.0 * step);
        assert!((slope + 1.0).abs() < 1e-6, "D = {D}, S = {S}, μ = {momentum:?}: {slope}");
        for (factor, attracts) in [(0.97, true), (1.03, false)] {
            let solution = factor * critical;
            let rate = rate_of(&newton, solution);
            let mut l = 1.001 * solution;
            // The iteration takes at most 400 steps, and ends where there is no C.
            for _ in 0..400 {
                if l < edge {
                    l *= rate / rate_of(&newton, l);
                }
            }
            let outcome = if attracts { (l / solution - 1.0).abs() < 1e-10 } else { l >= edge };
            assert!(outcome, "D = {D}, S = {S}, μ = {momentum:?}, {factor}: {l} of {edge}");
        }
    }
}

#[test]
fn natural_gradient_fluctuates_as_both_engines_say_and_is_self_consistent() {
    let mut found = Vec::new();
    for D in 1..=3 {
        for momentum in [(0, 1), (1, 2)] {
            let newton = newton(D, 8, momentum, 0.5);
            let rate = 0.15 * edge(&newton);
            let setting = damped(&newton, self_consistent(&newton, rate));
            let what = format!("D = {D}, μ = {momentum:?}");
            let (estimate, deviations) = compare(&what, &setting, &PLAN);
            found.extend(deviations);
            let setting = setting.map(nearest_f64);
            let excess = |rate: f64| {
                let target = matrix::identity::<f64>(D) * (rate / setting.draws());
                estimate.mean(|m| setting.learning_rate() * &m.noise_covariance - &target)
            };
            let (z, p) = (excess(rate).z_scores(), excess(rate).p_values());
            let name = format!("{what}: ΛC − (λ/S) I");
            found.extend(z.iter().zip(&p).map(|(&z, &p)| Deviation { name: name.clone(), z, p }));
            let another = excess(1.01 * rate);
            assert!(another.z_scores().amax() > another.threshold(FALSE_ALARM), "{what}: one percent slips through");
        }
    }
    assert_agreement(&found);
}

/// λ of the cases without label noise, and of those near them.
const RATE: f64 = 0.3;

/// C where the weights spread by M about u. Without label noise C(w) is quadratic in w − u, so that C is the sum of the
/// C(u + mᵢ) over the columns mᵢ of a root of M.
fn noise_of_spread(setting: &Setting<f64>, root: &Matrix<f64>) -> Matrix<f64> {
    let u = setting.true_weights().unwrap();
    let at = |w: Vector<f64>| lyapunov::minibatch(&setting.clone().with_initial_weights(w).unwrap()).unwrap();
    root.column_iter().map(|column| at(&u + column).noise_covariance).sum()
}

/// Λ and z of the state at σ = 0: the largest stable ℓ, and the size of Σ = zA⁻¹ for which (λ/S) C⁻¹ = ℓA⁻¹.
fn state_without_label_noise(D: usize, S: u32, momentum: (i64, i64)) -> (f64, f64) {
    let newton = newton(D, S, momentum, 0.0);
    let (edge, setting) = (edge(&newton), newton.map(nearest_f64));
    let A = setting.feature_covariance();
    let root = A.clone().cholesky().unwrap().l().transpose();
    let C = noise_of_spread(&setting, &matrix::inverse(&root).unwrap());
    let size = matrix::trace(&C) / matrix::trace(&A);
    assert!((&C - &A * size).norm() < 1e-13 * C.norm(), "Σ = A⁻¹ has C ∝ A");
    (edge, RATE / (f64::from(S) * size * edge))
}

#[test]
fn without_label_noise_the_self_consistent_state_is_at_the_edge_of_stability() {
    for (D, S, momentum) in cases() {
        let what = format!("D = {D}, S = {S}, μ = {momentum:?}");
        let (l, z) = state_without_label_noise(D, S, momentum);
        let (d, mu) = (D as f64, momentum.0 as f64 / momentum.1 as f64);
        let printed = 0.5 * RATE * (1.0 / ((1.0 + d) * (1.0 + mu)) + 1.0 / ((1.0 - mu) * f64::from(S)));
        assert!((z / printed - 1.0).abs() < 1e-11, "{what}: {z}, section 6.4 has {printed}");
        let radius = |factor: f64| {
            let setting = damped(&newton(D, S, momentum, 0.0), factor).map(nearest_f64);
            lyapunov::stability(&setting).unwrap().spectral_radius
        };
        assert!((radius(l) - 1.0).abs() < 1e-12, "{what}: radius {}", radius(l));
        assert!(radius(0.999 * l) < 1.0 && radius(1.001 * l) > 1.0, "{what}: elsewhere Σ ≠ 0 does not stay");
        // The states with label noise tend to this one: ℓ, z and 1 − radius are off by O(σ²).
        let mut last: Option<[f64; 3]> = None;
        for exponent in [3, 4, 5, 6] {
            let variance = 10f64.powi(-exponent);
            let newton = newton(D, S, momentum, variance);
            let found = self_consistent(&newton, RATE);
            let solution = lyapunov::stationary(&damped(&newton, found).map(nearest_f64)).unwrap();
            let A = newton.map(nearest_f64).feature_covariance();
            let found_z = (solution.moments.fluctuation * A).trace() / D as f64;
            let gaps = [1.0 - found / l, 1.0 - found_z / z, 1.0 - solution.stability.spectral_radius];
            if let Some(last) = last {
                for (gap, last) in gaps.iter().zip(last) {
                    assert!((gap / last * 10.0 - 1.0).abs() < 0.03, "{what}, σ² = 1e-{exponent}: {gaps:?}");
                }
            }
            last = Some(gaps);
        }
    }
}

#[test]
fn towards_no_label_noise_the_tail_index_falls_to_two() {
    for S in [1, 4, 10] {
        let mut last = f64::INFINITY;
        for exponent in [2, 4, 6, 8] {
            // With Λ = ℓA⁻¹ the step size aλ of one weight is ℓ.
            let step = Rational::from_f64(self_consistent(&newton(1, S, (0, 1), 10f64.powi(-exponent)), RATE)).unwrap();
            let above = nearest_f64(&(tail::index(&step, S, 15).unwrap().midpoint().unwrap() - Rational::from(2)));
            assert!(above > 0.0 && above < 0.05 * last, "S = {S}, σ² = 1e-{exponent}: 2 + {above}");
            last = above;
        }
        assert!(last < 1e-6);
    }
}

#[test]
fn towards_no_label_noise_monte_carlo_answers_heavy_tail() {
    for D in 1..=3 {
        for exponent in [2, 4, 6, 8] {
            let newton = newton(D, 4, (0, 1), 10f64.powi(-exponent));
            let setting = damped(&newton, self_consistent(&newton, RATE)).map(nearest_f64);
            let estimate = montecarlo::stationary(&setting, &PLAN, &()).unwrap();
            let trust = estimate.trust();
            let A = setting.feature_covariance();
            let z = estimate.mean(|m| matrix::scalar((&m.fluctuation * &A).trace() / D as f64)).mean[(0, 0)];
            let exact = (lyapunov::stationary(&setting).unwrap().moments.fluctuation * &A).trace() / D as f64;
            assert!(matches!(trust, Err(Distrust::HeavyTail { .. })), "D = {D}, σ² = 1e-{exponent}: {trust:?}");
            // The average over time sees next to nothing of E[w²].
            assert!(exponent < 4 || z < 0.1 * exact, "D = {D}, σ² = 1e-{exponent}: {z}, {exact}");
        }
    }
}

/// One weight, A = 1, off its minimum by 1: w_t = Π(1 − ℓχ²/S).
#[test]
fn without_label_noise_every_chain_goes_to_the_minimum() {
    const CHAINS: usize = 4096;
    const STEPS: usize = 400;
    for S in [1, 4, 10] {
        let (l, _) = state_without_label_noise(1, S, (0, 1));
        let mut normals = vec![0.0; CHAINS * STEPS * S as usize];
        montecarlo::standard_normals(u64::from(S), &mut normals);
        let factors: Vec<f64> = normals
            .chunks_exact(S as usize)
            .map(|x| 1.0 - l * x.iter().map(|x| x * x).sum::<f64>() / f64::from(S))
            .collect();
        let mean = |f: &dyn Fn(f64) -> f64| {
            let n = factors.len() as f64;
            let mean = factors.iter().map(|&factor| f(factor)).sum::<f64>() / n;
            let variance = factors.iter().map(|&factor| (f(factor) - mean).powi(2)).sum::<f64>() / n;
            (mean, (variance / n).sqrt())
        };
        let (square, error) = mean(&|factor| factor * factor);
        assert!((square - 1.0).abs() < 5.0 * error && error < 0.01, "S = {S}: E[w²] stays, {square} ± {error}");
        let (exponent, error) = mean(&|factor| factor.abs().ln());
        assert!(exponent < -50.0 * error, "S = {S}: E log|factor| = {exponent} ± {error}");
        let logs: Vec<f64> =
            factors.chunks_exact(STEPS).map(|chain| chain.iter().map(|f| f.abs().ln()).sum()).collect();
        let largest = logs.iter().fold(f64::NEG_INFINITY, |largest: f64, &log| largest.max(log));
        assert!(largest < 0.0, "S = {S}: after {STEPS} steps some chain is as far as it started, {largest}");
    }
}
