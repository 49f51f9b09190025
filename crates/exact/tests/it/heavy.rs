//! The tail index of several weights against exact even moments, one weight, and values by other routes.
#![allow(clippy::unwrap_used)]

use std::cmp::Ordering;

use exact::ExactError;
use exact::tail::{growth, index, index_bounds, isotropic_index, isotropic_moment, large_batch, small_steps};
use numbers::Interval;
use numbers::matrix::{self, Matrix, Vector};
use proptest::prelude::*;
use rug::Rational;
use symbols::{BatchSize, Gaussian, Momentum, Population, Setting};

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn setting(a: &[Rational], rate: Rational, S: u32) -> Setting<Rational> {
    let D = a.len();
    let population = Population::Gaussian(Gaussian {
        feature_covariance: Matrix::from_diagonal(&Vector::from_row_slice(a)),
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: q(1, 1),
        true_weights: Vector::zeros(D),
    });
    Setting::new(population, matrix::identity::<Rational>(D) * rate, BatchSize::new(S).unwrap()).unwrap()
}

/// E Q^p of Q = 1 − 2lX + l²X² + l²XY, l = L/S, from the moments k(k + 2)… of χ² of k degrees of freedom.
fn even(p: u32, L: &Rational, S: u32, D: u32) -> Rational {
    // Q^p by the exponents of X and Y.
    let l = L / Rational::from(S);
    let factors = [((0, 0), q(1, 1)), ((1, 0), -l.clone() * 2), ((2, 0), l.clone() * &l), ((1, 1), l.clone() * &l)];
    let mut power = vec![((0_u32, 0_u32), q(1, 1))];
    for _ in 0..p {
        let product = |((i, j), a): &((u32, u32), Rational)| {
            let (i, j, a) = (*i, *j, a.clone());
            factors.clone().map(move |((k, m), b)| ((i + k, j + m), b * &a))
        };
        power = power.iter().flat_map(product).collect();
    }
    let moment = |freedom: u32, k: u32| (0..k).fold(q(1, 1), |product, i| product * (freedom + 2 * i));
    power.into_iter().map(|((i, j), c)| c * moment(S, i) * moment(D - 1, j)).sum()
}

fn within(x: &Interval, low: Rational, high: Rational) -> bool {
    x.low().is_some_and(|end| end >= low) && x.high().is_some_and(|end| end <= high)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn even_moments_are_those_of_chi_squares(p in 1u32..4, n in 3i64..30, S in 1u32..6, D in 2u32..6, precision in 8u32..24) {
        let L = q(n, 20);
        let enclosed = isotropic_moment(&Rational::from(2 * p), &L, S, D, precision).unwrap();
        let exact = even(p, &L, S, D);
        prop_assert!(enclosed.contains(&exact), "{enclosed} misses {exact}");
        prop_assert!(enclosed.width().unwrap() <= exact >> (precision - 2), "{enclosed} is wide");
    }

    /// The index falls strictly with the dimension, between the exact sides of even moments.
    #[test]
    fn the_index_is_on_the_side_that_even_moments_tell(n in 3i64..20, S in 1u32..6, D in 2u32..5) {
        let L = q(n, 20);
        match isotropic_index(&L, S, D, 3) {
            Ok(found) => {
                for p in 1..4 {
                    let told = even(p, &L, S, D).cmp(&q(1, 1)).reverse();
                    let degree = Rational::from(2 * p);
                    prop_assert!(found.contains(&degree) || found.midpoint().unwrap().cmp(&degree) == told);
                }
                prop_assert!(found.high() < index(&L, S, 3).unwrap().low());
            }
            Err(_) => prop_assert!(even(1, &L, S, D) > 1),
        }
    }

    /// On features of one variance the growth of a degree is the moment of one step.
    #[test]
    fn growth_is_the_moment_of_a_step(p in 1u32..4, n in 1i64..20, S in 1u32..5, D in 1u32..3) {
        let L = q(n, 20);
        let found = growth(&setting(&vec![q(1, 1); D as usize], L.clone(), S), 2 * p, 6).unwrap();
        prop_assert!(found.contains(&even(p, &L, S, D)), "{found}");
        prop_assert!(found.digits() >= 5);
    }
}

/// The doubles of a quadrature in another language.
#[test]
fn indices_are_those_of_a_quadrature() {
    let reference = [
        (2, 1, q(3, 4), q(5831, 10_000)),
        (2, 2, q(1, 2), q(47428, 10_000)),
        (3, 2, q(3, 4), q(13047, 10_000)),
        (8, 10, q(1, 1), q(28989, 10_000)),
    ];
    for (D, S, L, printed) in reference {
        let found = isotropic_index(&L, S, D, 5).unwrap();
        let unit = q(1, 10_000);
        assert!(within(&found, Rational::from(&printed - &unit), printed + unit), "D = {D}, S = {S}, L = {L}: {found}");
    }
    for (D, S, L, expected) in [(3, 4, q(1, 1), 2), (2, 1, q(1, 3), 4)] {
        assert!(isotropic_index(&L, S, D, 3).unwrap().contains(&Rational::from(expected)));
    }
}

#[test]
fn where_no_law_is_stationary_there_is_no_index() {
    for (D, S, L) in [(2, 1, q(5, 4)), (8, 10, q(5, 4)), (3, 2, q(5, 4))] {
        let none = Err(ExactError::NoStationaryLaw { step_size: L.clone(), batch_size: S });
        assert_eq!(isotropic_index(&L, S, D, 4), none);
    }
    for (L, S, D) in [(q(0, 1), 1, 2), (q(1, 1000), 1, 2), (q(1, 1), 1, 1000), (q(1, 1), 0, 2)] {
        assert!(matches!(isotropic_index(&L, S, D, 4), Err(ExactError::OutOfRange { .. })), "{L} {S} {D}");
    }
    assert_eq!(isotropic_index(&q(1, 2), 3, 1, 9), index(&q(1, 2), 3, 9));
}

/// Degrees 2, 4 and 6 of A = diag(1, ½); the chords of log h. The indices themselves, by a spectral radius of functions
/// on the circle, are 3.427, 2.991 and 5.306.
#[test]
fn bounds_are_those_of_the_chords() {
    let near = |value: &Rational, printed: i64| (value - q(printed, 10_000)).abs() < q(1, 10_000);
    let reference = [
        (4, q(1, 1), [30_958, 35_892], q(3427, 1000)),
        (2, q(3, 4), [25_458, 33_729], q(2991, 1000)),
        (2, q(1, 2), [49_819, 55_107], q(5306, 1000)),
    ];
    for (S, rate, printed, inside) in reference {
        let bounds = index_bounds(&setting(&[q(1, 1), q(1, 2)], rate, S), 8).unwrap();
        let high = bounds.high.unwrap();
        assert!(bounds.low < inside && inside < high);
        assert!(near(&bounds.low, printed[0]) && near(&high, printed[1]), "{} {high}", bounds.low);
    }
    let squares = growth(&setting(&[q(1, 1), q(1, 2)], q(1, 2), 2), 4, 7).unwrap();
    assert!(within(&squares, q(5_539_769, 10_000_000), q(5_539_771, 10_000_000)), "{squares}");
}

/// One weight has its index between the bounds, with momentum or not.
#[test]
fn bounds_hold_the_index_of_one_weight() {
    for (S, L) in [(1, q(1, 4)), (2, q(1, 2)), (3, q(3, 4)), (4, q(1, 1)), (8, q(3, 2))] {
        let found = index(&L, S, 6).unwrap();
        let bounds = index_bounds(&setting(&[q(1, 1)], L, S), 6).unwrap();
        assert!(bounds.low <= found.high().unwrap() && bounds.high.is_none_or(|high| found.low().unwrap() <= high));
    }
    let moving = setting(&[q(1, 1), q(1, 2)], q(1, 2), 2).with_momentum(Momentum::new(q(1, 2)).unwrap());
    let bounds = index_bounds(&moving, 4).unwrap();
    assert_eq!(bounds.low >= 4, exact::central_moments(&moving).is_ok());
    for degree in [0, 1, 3, 10] {
        assert!(matches!(growth(&moving, degree, 6), Err(ExactError::OutOfRange { .. })));
    }
}

/// α L/S of small steps and α/S of large minibatches tend to their limits with an error of the order of L and of 1/S.
#[test]
fn limits_are_those_of_the_indices() {
    let middle = |x: &Interval| x.midpoint().unwrap();
    let limit = middle(&small_steps(20).unwrap());
    let of_small = [100, 1000].map(|n| (&limit - middle(&index(&q(1, n), 2, 12).unwrap()) / (2 * n)).abs());
    assert!(of_small[0] < q(1, 50) && Rational::from(&of_small[1] * 7) < of_small[0]);
    for (L, printed) in [(q(1, 2), 2_211_177), (q(1, 1), 649_986), (q(3, 2), 191_964)] {
        let limit = large_batch(&L, 15).unwrap();
        assert!(limit.digits() >= 15);
        assert!(within(&limit, q(printed - 1, 1_000_000), q(printed + 1, 1_000_000)), "{limit}");
        let errors = [100_u32, 1000].map(|S| middle(&index(&L, S, 12).unwrap()) / S - middle(&limit));
        assert!(errors[0] > 0 && errors[0] < q(1, 50) && Rational::from(&errors[1] * 7) < errors[0]);
    }
    // c L → y/2 for small L, 4c/(2 − L) → 1 near 2.
    let small: Rational = middle(&large_batch(&q(1, 100_000), 12).unwrap()) / 100_000 - &limit;
    assert!(small.abs() < q(1, 10_000));
    let near = q(1, 100_000);
    let ratio: Rational = middle(&large_batch(&(Rational::from(2) - &near), 12).unwrap()) * 4 / near - 1;
    assert!(ratio.abs() < q(1, 10_000));
    for L in [q(0, 1), q(2, 1), q(3, 1)] {
        assert!(matches!(large_batch(&L, 5), Err(ExactError::OutOfRange { .. })));
    }
    let y: Rational = middle(&small_steps(30).unwrap()) * 2;
    assert_eq!(y.cmp(&q(359_112, 100_000)), Ordering::Greater);
}
