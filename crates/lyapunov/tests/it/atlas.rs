//! The edge of stability from all its sides.

use super::settings::settings;
use lyapunov::{best_momenta, bounds, stability, stable_batch_sizes};
use numbers::matrix::{Matrix, Vector, scalar};
use proptest::prelude::*;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Sampling, Setting};

fn one_weight(step: f64, S: u32) -> Setting<f64> {
    let population = Population::Gaussian(Gaussian {
        feature_covariance: scalar(1.0),
        input_noise_covariance: scalar(0.0),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(1),
    });
    Setting::new(population, scalar(step), BatchSize::new(S).unwrap()).unwrap()
}

/// Stable if and only if λa (1 + 2/S) < 2.
#[test]
fn one_weight_by_hand() {
    for (step, S, smallest) in [(0.5, 3, 1), (1.0, 1, 3), (1.5, 4, 7), (1.25, 2, 4)] {
        let setting = one_weight(step, S);
        let found = stable_batch_sizes(&setting).unwrap();
        assert!((found.threshold - 2.0 * step / (2.0 - step)).abs() <= 1e-14 * found.threshold, "{found:?}");
        assert_eq!(found.smallest, Some(smallest), "{step}");
        let (bounds, margin) = (bounds(&setting).unwrap(), stability(&setting).unwrap().margin);
        // One direction is all directions.
        for exact in [bounds.top_direction, bounds.all_directions] {
            assert!((exact - margin).abs() <= 1e-14 * margin, "{bounds:?} {margin}");
        }
        assert!((bounds.full_batch - 2.0 / step).abs() <= 1e-14, "{bounds:?}");
        // Tr[HC(v)] = 2v²/S, and α = 2.
        assert!((bounds.alignment.unwrap() - (f64::from(S) / 2.0).sqrt() / step).abs() <= 1e-13, "{bounds:?}");
    }
    // At a whole threshold, which comes out rounded, nothing is stable yet.
    for threshold in [3000, 7777, 12_345, 99_991] {
        let step = 2.0 * f64::from(threshold) / (2.0 + f64::from(threshold));
        assert_eq!(stable_batch_sizes(&one_weight(step, 1)).unwrap().smallest, Some(threshold + 1));
    }
    // Next to one, stability at it is proven, or it is not: 2/3 − 7·10⁻¹⁴, and the double next to 2/3.
    let found = stable_batch_sizes(&one_weight(0.666_666_666_666_6, 1)).unwrap();
    assert_eq!((found.smallest, found.undecided), (Some(1), None), "{found:?}");
    let found = stable_batch_sizes(&one_weight(0.666_666_666_666_666_6, 1)).unwrap();
    assert_eq!((found.smallest, found.undecided), (Some(2), Some(1)), "{found:?}");
    assert_eq!(stable_batch_sizes(&one_weight(2.0, 1)).unwrap().smallest, None);
    assert_eq!(stable_batch_sizes(&one_weight(0.0, 1)).unwrap().smallest, Some(1));
}

/// λx² = 1 for one sample, as nearly as doubles come: a step ends at the minimum, and the radius is 0.
#[test]
fn the_radius_of_a_step_that_ends_at_the_minimum_is_not_negative() {
    let of = |x: f64| {
        let data = DataSet { features: scalar(x), labels: Vector::zeros(1) };
        let setting = Setting::new(Population::Data(data), scalar(1.0 / (x * x)), BatchSize::new(2).unwrap());
        stability(&setting.unwrap()).unwrap().spectral_radius
    };
    let radii = Vec::from_iter((1..=200).map(|n| of(f64::from(n) / 7.0)));
    assert!(radii.iter().all(|radius| (0.0..1e-15).contains(radius)), "{radii:?}");
}

/// One sample x makes no noise: the margin is 2(1 + μ)/(λx²), and where SGD is stable, it is at every batch size. Next
/// to μ = 1 a noise that is rounding would count 1/(1 − μ) times.
#[test]
fn one_sample_by_hand_however_close_momentum_is_to_one() {
    let cases =
        [(3.0, 0.5, 0.25), (3.0, 1.0 - 1e-8, 5.84e7), (3.0, 1.0 - 1e-8, 0.444), (4.0, 1.0 - 1e-11, 0.25000920377648)];
    for (x, mu, lambda) in cases {
        let data = DataSet { features: scalar(x), labels: Vector::from_element(1, -6.0) };
        let setting = Setting::new(Population::Data(data), scalar(lambda), BatchSize::new(5).unwrap()).unwrap();
        let setting = setting.with_momentum(Momentum::new(mu).unwrap());
        let (found, expected) = (stability(&setting).unwrap().margin, 2.0 * (1.0 + mu) / (lambda * x * x));
        assert!((found / expected - 1.0).abs() <= 1e-15, "{x} {mu} {lambda}: {found:e}, not {expected:e}");
        assert!(found <= bounds(&setting).unwrap().full_batch * (1.0 + 1e-15));
        if expected > 1.0 {
            let sizes = stable_batch_sizes(&setting).unwrap();
            assert!(sizes.threshold >= 0.0 && sizes.smallest == Some(1), "{sizes:?}");
        }
    }
}

/// x² = 1, 2, 3 of mean 2 and variance 2/3: (1 − 1.8)² + 0.81 f · 2/3 < 1 for f < 2/3, f = (3 − S)/(2S) or 1/S.
#[test]
fn batches_of_three_samples() {
    let features = Matrix::from_column_slice(3, 1, &[1.0, 2.0_f64.sqrt(), 3.0_f64.sqrt()]);
    let data = DataSet { features, labels: Vector::from_vec(vec![1.0, 0.0, 0.0]) };
    let setting = Setting::new(Population::Data(data), scalar(0.9), BatchSize::new(1).unwrap()).unwrap();
    for (sampling, threshold) in [(Sampling::WithReplacement, 1.5), (Sampling::WithoutReplacement, 9.0 / 7.0)] {
        let found = stable_batch_sizes(&setting.clone().with_sampling(sampling).unwrap()).unwrap();
        assert!((found.threshold - threshold).abs() < 1e-13, "{found:?}");
        assert_eq!(found.smallest, Some(2));
    }
}

/// Without noise the best momentum of one weight is critical: t² = 4μ, μ = (1 − √h)².
#[test]
fn without_noise_the_best_momentum_is_critical() {
    let (step, S) = (0.25, 1_000_000_000);
    let found = best_momenta(&one_weight(step, S)).unwrap().not_negative;
    assert!((found.momentum - 0.25).abs() <= 1e-4, "{found:?}");
    assert!((found.spectral_radius - 0.25).abs() <= 1e-4, "{found:?}");
}

/// θ for which det(θ − F⊗F) = 0 with the noise λ²/S · 2 on the diagonal: of one weight a cubic equation. At λ = 1/2, S
/// = 1 the best μ is negative, and the radius there below the 3/4 of μ = 0.
#[test]
fn the_best_momentum_of_all_may_be_negative() {
    let found = best_momenta(&one_weight(0.5, 1)).unwrap();
    assert_eq!((found.not_negative.momentum, found.not_negative.spectral_radius), (0.0, 0.75));
    assert!((found.of_all.momentum + 0.2122).abs() < 1e-4, "{found:?}");
    assert!((found.of_all.spectral_radius - 0.715_587).abs() < 1e-6, "{found:?}");
    // A step that is small enough is better kept than undone.
    let found = best_momenta(&one_weight(0.05, 10)).unwrap();
    assert!(found.of_all == found.not_negative && found.of_all.momentum > 0.0, "{found:?}");
    // Nothing moves.
    let found = best_momenta(&one_weight(0.0, 1)).unwrap();
    assert_eq!((found.of_all.momentum, found.of_all.spectral_radius), (0.0, 0.0));
}

/// The second weight is pulled back without noise, and slowest: up to its critical momentum, (1 − √(1/20))², it alone
/// decides.
#[test]
fn a_weight_without_noise_has_its_say() {
    let diagonal = |x: f64, y: f64| Matrix::from_diagonal(&Vector::from_vec(vec![x, y]));
    let population = Population::Gaussian(Gaussian {
        feature_covariance: diagonal(1.0, 0.0),
        input_noise_covariance: Matrix::zeros(2, 2),
        label_noise_variance: 1.0,
        true_weights: Vector::zeros(2),
    });
    let setting = Setting::new(population, diagonal(0.5, 0.5), BatchSize::new(4).unwrap()).unwrap();
    let setting = setting.with_weight_decay(diagonal(0.0, 0.1)).unwrap();
    let radius =
        |mu: f64| stability(&setting.clone().with_momentum(Momentum::new(mu).unwrap())).unwrap().spectral_radius;
    let critical = (1.0 - 0.05_f64.sqrt()).powi(2);
    let alone = |mu: f64| {
        let t = 1.0 + mu - 0.05;
        (0.5 * (t + (t * t - 4.0 * mu).sqrt())).powi(2)
    };
    for mu in [0.01, 0.1, 0.3] {
        assert!((radius(mu) - alone(mu)).abs() <= 1e-12, "{mu}");
    }
    let found = best_momenta(&setting).unwrap().not_negative;
    assert!(found.momentum < critical, "{found:?}");
    for k in 0..500 {
        let mu = f64::from(k) / 500.0;
        assert!(found.spectral_radius <= radius(mu) + 1e-12, "{found:?} {mu} {}", radius(mu));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn no_bound_is_below_the_margin(setting in settings()) {
        let margin = stability(&setting).unwrap().margin * (1.0 - 1e-12);
        let bounds = bounds(&setting).unwrap();
        prop_assert!(margin <= bounds.full_batch && margin <= bounds.top_direction && margin <= bounds.all_directions, "{bounds:?} {margin}");
        let is_plain = *setting.momentum() == 0.0 && setting.weight_decay().iter().all(|v| *v == 0.0);
        prop_assert_eq!(bounds.alignment.is_some(), is_plain);
        let plain = setting.clone().with_weight_decay(setting.weight_decay() * 0.0).unwrap().with_momentum(Momentum::new(0.0).unwrap());
        let alignment = lyapunov::bounds(&plain).unwrap().alignment.unwrap();
        prop_assert!(stability(&plain).unwrap().margin * (1.0 - 1e-12) <= alignment, "{alignment}");
    }

    /// At the threshold the radius is one.
    #[test]
    fn batch_sizes_are_stable_above_the_threshold_alone(setting in settings()) {
        let found = stable_batch_sizes(&setting).unwrap();
        let radius = |S: u32| setting.clone().with_batch_size(BatchSize::new(S).unwrap()).map(|s| stability(&s).unwrap().spectral_radius);
        if let Some(smallest) = found.smallest {
            prop_assert!(radius(smallest).unwrap() < 1.0 + 1e-12, "{found:?}");
            if smallest > 1 {
                prop_assert!(radius(smallest - 1).unwrap() >= 1.0 - 1e-10, "{found:?}");
            }
        } else {
            prop_assert!(found.threshold.is_infinite());
        }
    }

    #[test]
    fn no_momentum_is_better_than_the_best(setting in settings()) {
        let found = best_momenta(&setting).unwrap().not_negative;
        let radius = |mu: f64| stability(&setting.clone().with_momentum(Momentum::new(mu).unwrap())).unwrap().spectral_radius;
        prop_assert!((radius(found.momentum) - found.spectral_radius).abs() <= 1e-10, "{found:?}");
        for k in 0..40 {
            let mu = f64::from(k) / 40.0;
            prop_assert!(found.spectral_radius <= radius(mu) + 1e-10, "{found:?} {mu} {}", radius(mu));
        }
    }
}
