//! Whole numbers, and orders at which products are blocked.

use faer::Mat;
use matrix_equations::{Certificate, Route};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::oracle::{ALL, symmetric};

/// Whole numbers below 2ᵇⁱᵗˢ of either sign.
fn whole_numbers(seed: u64, n: usize, bits: u32) -> Mat<i128> {
    let mut draws = ChaCha8Rng::seed_from_u64(seed);
    Mat::from_fn(n, n, |_, _| draws.random_range(-(1_i128 << bits)..1 << bits))
}

/// Beyond the order at which products are blocked, with sums of 85 bits.
#[test]
fn residuals_of_large_matrices_are_exact_up_to_their_rounding() {
    let n = 150;
    let double = |M: &Mat<i128>| M.map(|v| *v as f64);
    let [A, E, X, Q] = [1, 2, 3, 4].map(|seed| whole_numbers(seed, n, 25));
    let [X, Q] = [X, Q].map(|M| Mat::from_fn(n, n, |i, j| M[(i, j)] + M[(j, i)]));
    let identity = Mat::from_fn(n, n, |i, j| i128::from(i == j));
    // L X Rᵀ.
    let product = |L: &Mat<i128>, R: &Mat<i128>| {
        let LX = Mat::from_fn(n, n, |i, j| (0..n).map(|k| L[(i, k)] * X[(k, j)]).sum::<i128>());
        Mat::from_fn(n, n, |i, j| (0..n).map(|k| LX[(i, k)] * R[(j, k)]).sum::<i128>())
    };
    for equation in ALL {
        let second = if equation.has_second() { &E } else { &identity };
        let truth = if equation.is_continuous() {
            let AXE = product(&A, second);
            Mat::from_fn(n, n, |i, j| AXE[(i, j)] + AXE[(j, i)] + Q[(i, j)])
        } else {
            let (AXA, EXE) = (product(&A, &A), product(second, second));
            Mat::from_fn(n, n, |i, j| AXA[(i, j)] - EXE[(i, j)] + Q[(i, j)])
        };
        let residual = equation.residual(&double(&A), &double(&E), &double(&X), &double(&Q));
        let error = Mat::from_fn(n, n, |i, j| {
            let value = residual.matrix[(i, j)];
            (truth[(i, j)] - value as i128) as f64 - value.fract()
        });
        assert!(error.norm_l2() <= residual.rounding, "{equation:?}: {:e} > {:e}", error.norm_l2(), residual.rounding);
        // A last place of the residual, and some 2⁻²⁰ last places of the terms.
        let terms = (double(&A).norm_l2() + double(second).norm_l2()).powi(2) * double(&X).norm_l2();
        let allowed = f64::EPSILON * (residual.matrix.norm_l2() + 1e-3 * terms);
        assert!(residual.rounding <= allowed, "{equation:?}: {:e} > {allowed:e}", residual.rounding);
    }
}

/// An X of whole numbers, and coefficients of few bits, so that Q is exact in doubles.
#[test]
fn planted_solutions_of_large_systems_are_found() {
    let n = 120;
    let X = whole_numbers(1, n, 6).map(|v| *v as f64);
    let X = symmetric(&X);
    // Norms below 1: 2√n times the deviation of an entry; and such a matrix next to I.
    let small = whole_numbers(2, n, 5).map(|v| *v as f64 / 1024.0);
    let identity = Mat::<f64>::identity(n, n);
    let E = 2.0 * &identity + whole_numbers(3, n, 3).map(|v| *v as f64 / 1024.0);
    for (stable, shift) in [(true, 0.0), (false, 3.0)] {
        for equation in ALL {
            let mut A = if equation.is_continuous() { &small - &identity } else { small.clone() };
            for k in 0..n / 3 {
                A[(k, k)] += shift * (1.0 + k as f64 / 1024.0);
            }
            let Q = -equation.residual(&A, &E, &X, &Mat::zeros(n, n)).matrix;
            let solution = equation.solve(&A, &E, &Q).unwrap();
            let error = (&solution.X - &X).norm_l2();
            match solution.certificate {
                Certificate::Stable { error_bound } => {
                    assert!(stable && solution.route == Route::Smith, "{equation:?}");
                    assert!(error <= error_bound && error_bound < 1e-11 * X.norm_l2(), "{error:e}, {error_bound:e}");
                }
                Certificate::Estimated { error_estimate, .. } => {
                    assert!(!stable && solution.route == Route::Schur, "{equation:?}");
                    assert!(error <= 10.0 * error_estimate && error_estimate < 1e-11 * X.norm_l2(), "{error:e}");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
