//! Against the definition: the pivots of M = L Δ Lᵀ over ℚ.

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rug::ops::Pow;

use super::*;

/// No pivot is negative, and beside a zero there are only zeros.
fn by_fractions(M: &Matrix<Rational>) -> bool {
    let mut M = M.clone();
    let order = M.nrows();
    for k in 0..order {
        if M[(k, k)] < 0 || M[(k, k)] == 0 && (k..order).any(|i| M[(i, k)] != 0) {
            return false;
        }
        if M[(k, k)] == 0 {
            continue;
        }
        for i in k + 1..order {
            let factor = Rational::from(&M[(i, k)] / &M[(k, k)]);
            for j in k + 1..order {
                let step = Rational::from(&factor * &M[(k, j)]);
                M[(i, j)] -= step;
            }
        }
    }
    true
}

/// The verdict is that of the fractions, and M minus the bound is indefinite, too, or singular.
fn check(M: &Matrix<Rational>) -> Result<(), TestCaseError> {
    match definiteness(M) {
        Definiteness::Semidefinite => prop_assert!(by_fractions(M), "{M}"),
        Definiteness::Indefinite { eigenvalue } => {
            prop_assert!(eigenvalue < 0 && !by_fractions(M), "{M} {eigenvalue}");
            // λ_min ≤ bound: no eigenvalue of M − (bound + a little) I would do.
            let above = Rational::from(&eigenvalue * &Rational::from((999_999, 1_000_000)));
            let n = M.nrows();
            prop_assert!(!by_fractions(&(M - Matrix::identity(n, n) * above)), "{M} {eigenvalue}");
        }
        Definiteness::Undecided => prop_assert!(false, "{M}"),
    }
    Ok(())
}

fn symmetric(order: usize, entries: Vec<i64>) -> Matrix<Rational> {
    let M = Matrix::from_iterator(order, order, entries.into_iter().map(Rational::from));
    &M + M.transpose()
}

/// F Fᵀ of this rank in decimals, its rows in very different units.
fn gram(order: usize, rank: usize) -> impl Strategy<Value = Matrix<Rational>> {
    let factor = prop::collection::vec(-999_999i64..1_000_000, order * rank);
    (factor, prop::collection::vec(-40i32..40, order), any::<bool>()).prop_map(move |(factor, units, scale)| {
        let F = Matrix::from_iterator(order, rank, factor.into_iter().map(Rational::from));
        let units = units.into_iter().map(|unit| power_of_ten(if scale { unit } else { 0 }));
        let units = Matrix::from_diagonal(&super::super::Vector::from_iterator(order, units));
        &units * &F * F.transpose() * units
    })
}

proptest! {
    #[test]
    fn small_integers_are_decided_by_their_pivots(
        order in 1usize..6, entries in prop::collection::vec(-2i64..4, 25), shift in 0i64..12
    ) {
        let M = symmetric(order, entries[..order * order].to_vec());
        check(&(M + Matrix::identity(order, order) * Rational::from(shift)))?;
    }

    #[test]
    fn a_singular_matrix_is_semidefinite_until_anything_is_taken_from_it(
        M in (1usize..8, 0usize..8).prop_flat_map(|(order, rank)| gram(order, rank.min(order))),
        place in (0usize..8, 0usize..8),
        exponent in -60i32..3,
        sign in -1i32..2,
    ) {
        check(&M)?;
        let (i, j) = (place.0 % M.nrows(), place.1 % M.nrows());
        let mut moved = M.clone();
        let little = &M[(i, i)] * power_of_ten(exponent) * sign;
        moved[(i, j)] += &little;
        if i != j {
            moved[(j, i)] += little;
        }
        check(&moved)?;
    }

    #[test]
    fn a_rounded_matrix_of_low_rank_is_decided(factor in prop::collection::vec(-1.0f64..1.0, 12), rank in 1usize..3) {
        let F = Matrix::from_vec(6, rank, factor[..6 * rank].to_vec());
        check(&(&F * F.transpose()).map(|v| Rational::from_f64(v).unwrap()))?;
    }
}

fn decimal_matrix(order: usize, entries: &[&str]) -> Matrix<Rational> {
    let decimal = |text: &&str| {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits: Integer = format!("{whole}{part}").parse().unwrap();
        Rational::from((digits, Integer::from(10).pow(part.len() as u32)))
    };
    Matrix::from_row_iterator(order, order, entries.iter().map(decimal))
}

#[test]
fn the_last_digit_decides() {
    let decide = |entry| definiteness(&decimal_matrix(2, &["1", entry, entry, "1"]));
    let eigenvalue = Rational::from((-2, 10_000_000_000_000_000_i64));
    assert_eq!(crate::decimal::towards_zero(&eigenvalue), "-2.000e-16");
    assert_eq!(decide("1.0000000000000002"), Definiteness::Indefinite { eigenvalue });
    assert_eq!(decide("1"), Definiteness::Semidefinite);
    assert_eq!(decide("0.9999999999999999999999999999999999999999999"), Definiteness::Semidefinite);
    let eigenvalue = Rational::from((-1, Integer::from(10).pow(43)));
    assert_eq!(decide("1.0000000000000000000000000000000000000000001"), Definiteness::Indefinite { eigenvalue });
}

/// A matrix of this rank with entries of 17 digits or more.
fn large(order: usize, rank: usize) -> Matrix<Rational> {
    let mut draws = ChaCha8Rng::seed_from_u64(1);
    let F = Matrix::from_fn(order, rank, |_, _| draws.random_range(-(1_i128 << 27)..1 << 27));
    let mut M = Matrix::from_element(order, order, Rational::new());
    for i in 0..order {
        for j in 0..order {
            let sum: i128 = (0..rank).map(|k| F[(i, k)] * F[(j, k)]).sum();
            M[(i, j)] = Rational::from((Integer::from(sum), 100_000_000_000_000_000_i64));
        }
    }
    M
}

#[test]
fn two_hundred_rows_are_decided() {
    let M = large(200, 199);
    assert_eq!(definiteness(&M), Definiteness::Semidefinite);
    let mut less = M.clone();
    less[(7, 7)] -= Rational::from((1, 1_000_000_000_000_000_000_u64));
    assert!(matches!(definiteness(&less), Definiteness::Indefinite { .. }));
}

#[test]
fn more_rows_than_can_be_decided_are_left_undecided() {
    let M = large(400, 399);
    assert_eq!(definiteness(&M), Definiteness::Undecided);
    // A low rank is decided.
    assert_eq!(definiteness(&large(400, 20)), Definiteness::Semidefinite);
}
