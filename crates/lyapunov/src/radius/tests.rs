//! The radius against the recursion itself, and its parts by hand.

use super::*;
use numbers::{Matrix, matrix};
use proptest::prelude::*;

use crate::examples::{diagonal, gaussian, one_weight, two_weights};
use crate::packed::{packed, unpacked};
use crate::stability::{noise_alone, start};
use crate::step::Step;

/// F = [1 − h, −μ; h, μ] on (s, q), and the kick J = (−1, 1).
fn kicked(theta: f64, g: f64, h: f64, mu: f64) -> f64 {
    let F = |h: f64| Matrix::from_row_slice(2, 2, &[1.0 - h, -mu, h, mu]);
    let moved = Matrix::identity(4, 4) * theta - F(g).kronecker(&F(h));
    let kick = Matrix::from_row_slice(4, 1, &[1.0, -1.0, -1.0, 1.0]);
    1.0 / matrix::solve(&moved, &kick).unwrap()[(0, 0)]
}

/// h = 3/2, 1/2, M̂ = diag(1, 1/2) and X = [1, √2; √2, 3], so that the pairs weigh 1, 4 and 9.
#[test]
fn a_quotient_is_made_of_sums_over_pairs() {
    let setting = two_weights();
    let step = Step::of_setting(&setting);
    let mut modes = Modes::new(&step).unwrap().unwrap();
    modes.set_momentum(0.25);
    let found = Quotient::new(&modes, &Vector::from_row_slice(&[1.0, 2.0, 3.0]));
    // 4μ − tᵢtⱼ, t = −1/4, 3/4.
    let linear = (1.0 - 0.0625) + 4.0 * (1.0 + 0.1875) + 9.0 * (1.0 - 0.5625);
    let linear_slope = (3.0 + 1.5) + 4.0 * (2.0 + 1.5) + 9.0 * (1.0 + 1.5);
    // Tr[M̂X]² + Tr[M̂XM̂X].
    let noise = 2.5 * 2.5 + 1.0 + 0.5 * 4.0 + 0.25 * 9.0;
    let expected = [14.0, linear, 4.0, linear_slope, noise, 0.25];
    let Quotient { square, linear, cross, linear_slope, noise, mu } = found;
    for (found, expected) in [square, linear, cross, linear_slope, noise, mu].iter().zip(expected) {
        assert!((found - expected).abs() < 1e-14, "{found}, not {expected}");
    }
}

/// Without momentum where ε − 1 = 1, and with it where nothing above has another sign.
#[test]
fn the_largest_root_is_the_last_change_of_sign() {
    let plain = Quotient { square: 1.0, linear: -1.0, cross: 0.0, linear_slope: 0.0, noise: 1.0, mu: 0.0 };
    assert!((plain.largest_root(0.0, 10.0).unwrap() - 2.0).abs() < 1e-15);
    assert_eq!(plain.largest_root(2.5, 10.0), None);
    assert_eq!(plain.ceiling(), 2.0 * (1.0 + 1.0));
    // (2ε³/θ − ε + μθ/ε)/(θ + μ) − 4, θ = μ + ε.
    let both = Quotient { square: 2.0, linear: -1.0, cross: 1.0, linear_slope: 0.0, noise: 4.0, mu: 0.25 };
    assert_eq!(both.ceiling(), 0.25 + 2.0 * (0.5 + 2.0) + 2.0 * 0.5_f64.sqrt());
    let root = both.largest_root(0.0, both.ceiling()).unwrap();
    assert!(both.excess(root).abs() < 1e-14 && both.excess(root - 1e-6) < 0.0 && both.excess(root + 1e-6) > 0.0);
    for k in 1..100 {
        assert!(both.excess(root + 0.1 * f64::from(k)) > 0.0);
    }
    let at_one = (2.0 / 1.25 - 1.0 + 0.25 * 1.25) / 1.5 - 4.0;
    assert!((both.excess(1.0) - at_one).abs() < 1e-15, "{}", both.excess(1.0));
}

/// The radius and its slope for one weight with h = λ and Ĉ = 2λ²/S; without noise where S is `None`.
fn of_one_weight(lambda: f64, S: Option<u32>, mu: f64) -> Radius {
    let setting = one_weight(lambda, S.unwrap_or(1));
    let step = Step::of_setting(&setting);
    let mut modes = Modes::new(&step).unwrap().unwrap();
    modes.set_momentum(mu);
    if S.is_none() {
        modes.set_factor(0.0);
    }
    with_momentum(&modes, &modes.noise_of(&Vector::from_element(1, 1.0)), &Vector::from_element(1, 1.0), 1e-13)
}

fn signed_momentum() -> impl Strategy<Value = f64> {
    prop_oneof![2 => 0.01..0.98_f64, 1 => -0.98..-0.01_f64]
}

/// By differences, to fourth order: a slope is large where what it divides by is small.
fn derivative(f: impl Fn(f64) -> f64) -> f64 {
    let difference = |d: f64| (f(d) - f(-d)) / (2.0 * d);
    (4.0 * difference(1e-4) - difference(2e-4)) / 3.0
}

/// Without noise the slowest coordinate decides, exactly.
#[test]
fn without_noise_nothing_is_searched_for() {
    for (lambda, mu) in [(0.5, 0.75), (0.1, 0.25), (3.0, 0.25)] {
        let found = of_one_weight(lambda, None, mu);
        let (value, slope) = (mu + slowness(lambda, mu), slope_without_noise(lambda, mu));
        assert!((found.value - value).abs() < 1e-14 && (found.slope - slope).abs() < 1e-13, "{lambda} {mu}");
    }
}

/// Φ on (s, q), as a matrix: P ↦ F P Fᵀ + J Ĉ(P_ss) Jᵀ with F = [I − H, −μI; H, μI] and J = [−I; I].
fn directly(modes: &Modes) -> f64 {
    let (n, mu) = (modes.count(), modes.momentum());
    let identity = Matrix::identity(n, n);
    let H = Matrix::from_fn(n, n, |i, j| if i == j { modes.pull(i) } else { 0.0 });
    let mut F = Matrix::zeros(2 * n, 2 * n);
    F.view_mut((0, 0), (n, n)).copy_from(&(&identity - &H));
    F.view_mut((0, n), (n, n)).copy_from(&(&identity * -mu));
    F.view_mut((n, 0), (n, n)).copy_from(&H);
    F.view_mut((n, n), (n, n)).copy_from(&(&identity * mu));
    let kick = Matrix::from_fn(2 * n, n, |i, j| {
        if i == j {
            -1.0
        } else if i == n + j {
            1.0
        } else {
            0.0
        }
    });
    let images = (0..4 * n * n).map(|k| {
        let (i, j) = (k % (2 * n), k / (2 * n));
        let P = Matrix::from_fn(2 * n, 2 * n, |p, q| if (p, q) == (i, j) || (q, p) == (i, j) { 0.5 } else { 0.0 });
        let P = if i == j { P * 2.0 } else { P };
        let noise = unpacked(&modes.noise_of(&packed(&P.view((0, 0), (n, n)).into_owned())), n);
        let image = &F * &P * F.transpose() + &kick * noise * kick.transpose();
        Vector::from_column_slice(image.as_slice())
    });
    let step = Matrix::from_columns(&Vec::from_iter(images));
    step.complex_eigenvalues().iter().map(|e| e.norm()).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn with_momentum_of_either_sign_the_radius_is_that_of_the_recursion(
        mu in signed_momentum(), factor in 0.05..3.0_f64, S in 1_u32..20,
    ) {
        // Features and decay that do not commute.
        let A = Matrix::from_row_slice(2, 2, &[1.0, 0.5, 0.5, 0.75]);
        let decay = Matrix::from_row_slice(2, 2, &[0.5, -0.25, -0.25, 0.25]);
        let setting = gaussian(A, diagonal(&[0.5, 0.25]) * factor, S).with_weight_decay(decay).unwrap();
        let step = Step::of_setting(&setting);
        let mut modes = Modes::new(&step).unwrap().unwrap();
        modes.set_momentum(mu);
        let found = with_momentum(&modes, &noise_alone(&modes), &start(&modes), 1e-13).value;
        let expected = directly(&modes);
        prop_assert!((found - expected).abs() <= 1e-7 * expected, "{found}, not {expected}");
    }
}

proptest! {
    #[test]
    fn of_one_weight_the_radius_is_the_largest_root(
        lambda in 0.01..3.0_f64, S in prop::sample::select(vec![1_u32, 10, 1000, 1_000_000, 1 << 31]), mu in signed_momentum(),
    ) {
        let (found, noise) = (of_one_weight(lambda, Some(S), mu), 2.0 * lambda * lambda / f64::from(S));
        let floor = slowness(lambda, mu);
        let at = |theta: f64| element(theta - mu, lambda, lambda, mu) - noise;
        prop_assert!(found.value >= mu + floor);
        prop_assert!(at(found.value * (1.0 + 1e-12)) > 0.0, "{} {:e}", found.value, at(found.value));
        let below = found.value * (1.0 - 1e-12);
        prop_assert!(below - mu <= floor || at(below) < 0.0, "{} {:e}", found.value, at(found.value));
        for k in 1..20 {
            prop_assert!(at(found.value * (1.0 + 0.1 * f64::from(k))) > 0.0);
        }
        // Where the discriminant vanishes, or next to it, there is no derivative to compare with.
        let t = 1.0 + mu - lambda;
        let away = (t * t - 4.0 * mu).abs() > 1e-2 && t.abs() > 1e-3;
        let at = |mu: f64| of_one_weight(lambda, Some(S), mu).value;
        let (d, scale) = (1e-6, 1.0 + found.slope.abs());
        let difference = (at(mu + d) - at(mu - d)) / (2.0 * d);
        prop_assert!(!away || (difference - found.slope).abs() <= 1e-3 * scale, "{difference} {}", found.slope);
    }

    #[test]
    fn elements_are_what_a_kick_does(g in 0.01..3.0_f64, h in 0.01..3.0_f64, mu in signed_momentum(), above in 0.05..2.0_f64) {
        let floor = slowness(g, mu).max(slowness(h, mu));
        let epsilon = floor + above;
        let found = element(epsilon, g, h, mu);
        let expected = kicked(mu + epsilon, g, h, mu);
        prop_assert!((found - expected).abs() <= 1e-10 * expected, "{found} {expected}");
        prop_assert!(found > 0.0);
    }

    #[test]
    fn no_root_is_above_the_ceiling(
        square in 0.1..2.0_f64, linear in -20.0..20.0_f64, cross in 0.0..2.0_f64, noise in 0.0..50.0_f64, mu in -0.99..0.99_f64,
    ) {
        let quotient = Quotient { square, linear, cross, linear_slope: 0.0, noise, mu };
        let ceiling = quotient.ceiling();
        for above in [1.0, 1.5, 4.0, 100.0] {
            prop_assert!(quotient.excess(above * ceiling) > -1e-12 * noise, "{quotient:?}");
        }
    }

    #[test]
    fn slopes_are_differences(h in 0.01..1.5_f64, mu in signed_momentum(), above in 0.05..1.0_f64, sums in prop::array::uniform4(0.1..2.0_f64)) {
        let [square, linear, cross, linear_slope] = sums;
        let at = |mu: f64| Quotient { square, linear: linear + mu * linear_slope, cross, linear_slope, noise: 0.0, mu };
        // Above the pole at θ = −μ.
        let epsilon = (-2.0 * mu).max(0.0) + above;
        // The root moves as ∂F/∂μ + ∂F/∂θ · slope = 0.
        let (theta, slope) = (mu + epsilon, at(mu).slope(epsilon));
        let excess = |mu: f64, theta: f64| at(mu).excess(theta - mu);
        let (by_mu, by_theta) = (derivative(|d| excess(mu + d, theta)), derivative(|d| excess(mu, theta + d)));
        prop_assert!((by_mu + by_theta * slope).abs() <= 1e-5 * (by_mu.abs() + by_theta.abs()), "{by_mu} {by_theta} {slope}");
        let without = |mu: f64| mu + slowness(h, mu);
        let t = 1.0 + mu - h;
        let away = (t * t - 4.0 * mu).abs() > 1e-2 && t.abs() > 1e-3;
        let difference = derivative(|d| without(mu + d));
        prop_assert!(!away || (slope_without_noise(h, mu) - difference).abs() <= 1e-5, "{difference}");
    }

    #[test]
    fn without_noise_the_slowest_coordinate_decides(h in 0.01..1.5_f64, mu in signed_momentum()) {
        let F = Matrix::from_row_slice(2, 2, &[1.0 - h, -mu, h, mu]);
        let largest = F.complex_eigenvalues().iter().map(|e| e.norm_sqr()).fold(0.0, f64::max);
        prop_assert!((mu + slowness(h, mu) - largest).abs() <= 1e-12);
    }
}
