//! Whole numbers, and orders at which products are blocked.

use ::lyapunov::standard::{Certificate, Route};
use symbols::Matrix;

use super::oracle::{ALL, Equation, symmetric};

/// Whole numbers below 2ᵇⁱᵗˢ from a multiplicative generator.
fn whole_numbers(seed: u64, n: usize, bits: u32) -> Matrix<i128> {
    let mut state = seed;
    Matrix::from_fn(n, n, |_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i128::from(state >> 11) % (1 << (bits + 1)) - (1 << bits)
    })
}

/// Beyond the order at which products are blocked, with sums of 85 bits.
#[test]
fn residuals_of_large_matrices_are_exact_up_to_their_rounding() {
    let n = 150;
    let double = |M: &Matrix<i128>| M.map(|v| v as f64);
    let [A, E, X, Q] = [1, 2, 3, 4].map(|seed| whole_numbers(seed, n, 25));
    let [X, Q] = [X, Q].map(|M| &M + M.transpose());
    let identity = Matrix::<i128>::identity(n, n);
    for equation in ALL {
        let second = if equation.has_second() { &E } else { &identity };
        let AX = &A * &X;
        let truth = match equation {
            Equation::Continuous | Equation::GeneralizedContinuous => {
                let AXE = AX * second.transpose();
                &AXE + AXE.transpose() + &Q
            }
            Equation::Discrete | Equation::GeneralizedDiscrete => {
                AX * A.transpose() - second * &X * second.transpose() + &Q
            }
        };
        let residual = equation.residual(&double(&A), &double(&E), &double(&X), &double(&Q));
        let error = Matrix::from_fn(n, n, |i, j| {
            let value = residual.matrix[(i, j)];
            (truth[(i, j)] - value as i128) as f64 - value.fract()
        });
        assert!(error.norm() <= residual.rounding, "{equation:?}: {:e} > {:e}", error.norm(), residual.rounding);
        // A last place of the residual, and some 2⁻²⁰ last places of the terms.
        let terms = (A.map(|v| v as f64).norm() + double(second).norm()).powi(2) * double(&X).norm();
        let allowed = f64::EPSILON * (residual.matrix.norm() + 1e-3 * terms);
        assert!(residual.rounding <= allowed, "{equation:?}: {:e} > {allowed:e}", residual.rounding);
    }
}

/// An X of whole numbers, and coefficients of few bits, so that Q is exact in doubles.
#[test]
fn planted_solutions_of_large_systems_are_found() {
    let n = 120;
    let X = whole_numbers(1, n, 6).map(|v| v as f64);
    let X = symmetric(&X);
    // Norms below 1: 2√n times the deviation of an entry; and such a matrix next to I.
    let small = whole_numbers(2, n, 5).map(|v| v as f64 / 1024.0);
    let identity = Matrix::identity(n, n);
    let E = &identity * 2.0 + whole_numbers(3, n, 3).map(|v| v as f64 / 1024.0);
    for (stable, shift) in [(true, 0.0), (false, 3.0)] {
        for equation in ALL {
            let mut A = match equation {
                Equation::Continuous | Equation::GeneralizedContinuous => &small - &identity,
                Equation::Discrete | Equation::GeneralizedDiscrete => small.clone(),
            };
            for k in 0..n / 3 {
                A[(k, k)] += shift * (1.0 + k as f64 / 1024.0);
            }
            let Q = -equation.residual(&A, &E, &X, &Matrix::zeros(n, n)).matrix;
            let solution = equation.solve(&A, &E, &Q).unwrap();
            let error = (&solution.X - &X).norm();
            match solution.certificate {
                Certificate::Stable { error_bound } => {
                    assert!(stable && solution.route == Route::Smith, "{equation:?}");
                    assert!(error <= error_bound && error_bound < 1e-11 * X.norm(), "{error:e}, {error_bound:e}");
                }
                Certificate::Estimated { error_estimate, .. } => {
                    assert!(!stable && solution.route == Route::Schur, "{equation:?}");
                    assert!(error <= 10.0 * error_estimate && error_estimate < 1e-11 * X.norm(), "{error:e}");
                }
            }
        }
    }
}
