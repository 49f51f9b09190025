//! The standard matrix equations against exact solutions.
#![allow(clippy::unwrap_used)]

mod by_hand;
mod large;
mod oracle;

use faer::Mat;
use matrix_equations::{Certificate, EquationError, Route, Solution};
use num_traits::ToPrimitive;
use proptest::prelude::*;

use oracle::{ALL, Equation, Exact, distance, symmetric};

/// Matrices of entries k/4, |k| ≤ `size`, of an order up to `largest`.
fn matrices<const N: usize>(largest: usize, size: i32) -> impl Strategy<Value = [Mat<f64>; N]> {
    (1..=largest).prop_flat_map(move |n| {
        prop::array::uniform(prop::collection::vec(-size..=size, n * n))
            .prop_map(move |all| all.map(|entries| Mat::from_fn(n, n, |i, j| f64::from(entries[n * j + i]) / 4.0)))
    })
}

/// What an answer may say, given the true one.
fn check(
    equation: Equation,
    [A, E, Q]: [&Mat<f64>; 3],
    answer: Result<Solution, EquationError>,
    truth: Option<&Exact>,
) -> Result<(), TestCaseError> {
    match answer {
        Ok(solution) => {
            let truth = truth.ok_or_else(|| TestCaseError::fail("an answer to an equation that has none"))?;
            let error = distance(&solution.X, truth);
            prop_assert_eq!(solution.X.as_ref(), solution.X.transpose());
            match solution.certificate {
                Certificate::Stable { error_bound } => {
                    prop_assert!(error <= error_bound, "{error:e} > {error_bound:e}")
                }
                Certificate::Estimated { error_estimate, separation } => {
                    let truth = equation.separation(A, E);
                    let rounding = 1e-14 * (1.0 + A.squared_norm_l2() + E.squared_norm_l2());
                    prop_assert!(separation >= 0.999 * truth - rounding, "{separation:e} below {truth:e}");
                    prop_assert!(separation <= 3.0 * truth + rounding, "{separation:e} far above {truth:e}");
                    prop_assert!(error <= 10.0 * error_estimate, "{error:e} against {error_estimate:e}");
                }
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            }
            let residual = equation.residual(A, E, &solution.X, Q);
            prop_assert_eq!(&residual, &solution.residual);
        }
        Err(
            EquationError::Singular { .. }
            | EquationError::NearlySingular { .. }
            | EquationError::SingularCoefficient { .. },
        ) => {
            let condition = equation.condition(A, E);
            prop_assert!(truth.is_none() || condition > 1e13, "condition {condition:e}");
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn answers_are_those_of_the_exact_linear_system([A, E, Q] in matrices(3, 6)) {
        let Q = symmetric(&Q);
        for equation in ALL {
            let truth = equation.exact_solution(&A, &E, &Q);
            check(equation, [&A, &E, &Q], equation.solve(&A, &E, &Q), truth.as_ref())?;
        }
    }

    #[test]
    fn symmetric_coefficients_too([A, E, Q] in matrices(3, 6)) {
        let (A, Q) = (symmetric(&A), symmetric(&Q));
        for equation in [Equation::Continuous, Equation::Discrete] {
            let truth = equation.exact_solution(&A, &E, &Q);
            check(equation, [&A, &E, &Q], equation.solve(&A, &E, &Q), truth.as_ref())?;
        }
    }

    /// ‖A‖ < 1, and A − I, are stable: the bound has to exist, and to be near the last place.
    #[test]
    fn stable_coefficients_are_proven_to_be([A, Q] in matrices(4, 6), radius in 0.1f64..0.95, definite in any::<bool>()) {
        let n = A.nrows();
        let identity = Mat::<f64>::identity(n, n);
        let A = &A * (radius / A.norm_l2().max(1e-3));
        let Q = if definite { &Q * Q.transpose() + &identity } else { symmetric(&Q) };
        // Of norms between 1 and 2 with its inverse.
        let E = (&identity + &A * 0.25) * 1.5;
        let scaled = [(Equation::Discrete, A.clone()), (Equation::GeneralizedDiscrete, A.clone())];
        let shifted = [(Equation::Continuous, &A - &identity), (Equation::GeneralizedContinuous, (&A - &identity) * &E)];
        for (equation, A) in scaled.into_iter().chain(shifted) {
            let truth = equation.exact_solution(&A, &E, &Q).unwrap();
            let solution = equation.solve(&A, &E, &Q).unwrap();
            let Certificate::Stable { error_bound } = solution.certificate else {
                return Err(TestCaseError::fail(format!("{equation:?}: {:?}", solution.certificate)));
            };
            let error = distance(&solution.X, &truth);
            prop_assert!(error <= error_bound, "{equation:?}: {error:e} > {error_bound:e}");
            prop_assert!(error_bound <= 4.0 * f64::EPSILON * solution.X.norm_l2() + 1e-290, "{equation:?}: {error_bound:e}");
        }
    }

    /// A, E and Q times powers of two have X times a power of two, to the bit; in a Stein equation A and E are of one
    /// unit.
    #[test]
    fn powers_of_two_change_units_alone([A, E, Q] in matrices(3, 6), a in -150i32..150, e in -150i32..150, q in -300i32..300) {
        let Q = symmetric(&Q);
        // Zero has no unit.
        prop_assume!(Q.norm_max() > 0.0);
        for equation in ALL {
            let (a, e) = match equation {
                Equation::Continuous => (a, 0),
                Equation::GeneralizedContinuous => (a, e),
                Equation::Discrete => (0, 0),
                Equation::GeneralizedDiscrete => (a, a),
            };
            let times = |M: &Mat<f64>, k: i32| M.map(|v| v * f64::from(k).exp2());
            let scaled = equation.solve(&times(&A, a), &times(&E, e), &times(&Q, q));
            match (equation.solve(&A, &E, &Q), scaled) {
                (Ok(plain), Ok(scaled)) => {
                    let x = q - a - e;
                    prop_assert_eq!(&scaled.X, &times(&plain.X, x), "{:?}", equation);
                    prop_assert_eq!(&scaled.residual.matrix, &times(&plain.residual.matrix, q));
                    match (plain.certificate, scaled.certificate) {
                        (Certificate::Stable { error_bound: plain }, Certificate::Stable { error_bound: scaled }) =>
                            prop_assert_eq!(scaled, plain * f64::from(x).exp2()),
                        (Certificate::Estimated { separation: plain, .. }, Certificate::Estimated { separation: scaled, .. }) =>
                            prop_assert_eq!(scaled, plain * f64::from(a + e).exp2()),
                        (plain, scaled) => prop_assert!(false, "{plain:?} {scaled:?}"),
                    }
                }
                (Err(_), Err(_)) => {}
                (plain, scaled) => prop_assert!(false, "{equation:?}: {plain:?} {scaled:?}"),
            }
        }
    }

    /// At any size of the entries the bound holds, and what overflows is an X that is no double.
    #[test]
    fn the_bound_holds_at_every_size([A, E, Q] in matrices(2, 6), a in -515i32..515, e in -515i32..515, q in -1000i32..1000) {
        let n = A.nrows();
        let times = |M: &Mat<f64>, k: i32| M.map(|v| v * f64::from(k).exp2());
        let Q = times(&symmetric(&Q), q);
        let A = times(&(&A - Mat::<f64>::identity(n, n)), a);
        let E = times(&E, e);
        for equation in ALL {
            let truth = equation.exact_solution(&A, &E, &Q);
            match equation.solve(&A, &E, &Q) {
                Ok(solution) => {
                    let truth = truth.ok_or_else(|| TestCaseError::fail("an answer to an equation that has none"))?;
                    let error = distance(&solution.X, &truth);
                    match solution.certificate {
                        Certificate::Stable { error_bound } => prop_assert!(error <= error_bound, "{error:e} > {error_bound:e}"),
                        // The last place of what is subnormal is not estimated.
                        Certificate::Estimated { error_estimate, .. } =>
                            prop_assert!(error <= 10.0 * error_estimate + 1e-322, "{equation:?}: {error:e} > {error_estimate:e}"),
                        other => return Err(TestCaseError::fail(format!("{other:?}"))),
                    }
                }
                Err(EquationError::Overflow { quantity: "X" }) => {
                    let entries = truth.iter().flat_map(|X| X.col_iter().flat_map(|column| column.iter()));
                    let largest = entries.map(|v| v.to_f64().unwrap().abs()).fold(0.0, f64::max);
                    prop_assert!(largest > 1e306, "{equation:?}: {largest:e}");
                }
                Err(EquationError::Singular { .. } | EquationError::NearlySingular { .. } | EquationError::SingularCoefficient { .. }) => {}
                // A singular E beside which A is nothing, or an A beside which I is.
                Err(EquationError::Overflow { quantity: "a power of the coefficient" })
                    if !equation.is_continuous() && (a - if equation.has_second() { e } else { 0 }).abs() > 290 => {}
                Err(error) => prop_assert!(false, "{equation:?}: {error}"),
            }
        }
    }

    /// A² = 0, so that X = Q + A Q Aᵀ by hand, and ‖A‖²‖X‖ may leave doubles where X does not.
    #[test]
    fn what_leaves_doubles_on_the_way_is_solved(
        slope in 1i32..8, [first, second] in prop::array::uniform2(-6i32..7), a in -600i32..600, q in -300i32..300,
    ) {
        let entry = |v: i32, k: i32| f64::from(v) / 4.0 * f64::from(k).exp2();
        let mut A = Mat::zeros(2, 2);
        A[(1, 0)] = entry(slope, a);
        let mut Q = Mat::zeros(2, 2);
        (Q[(0, 0)], Q[(1, 1)]) = (entry(first, q), entry(second, q));
        let mut truth = Q.clone();
        truth[(1, 1)] += A[(1, 0)] * Q[(0, 0)] * A[(1, 0)];
        for equation in [Equation::Discrete, Equation::GeneralizedDiscrete] {
            let answer = equation.solve(&A, &Mat::identity(2, 2), &Q);
            if !truth.is_all_finite() {
                prop_assert_eq!(answer, Err(EquationError::Overflow { quantity: "X" }));
                continue;
            }
            let solution = answer.map_err(|error| TestCaseError::fail(format!("{equation:?}: {error}")))?;
            let Certificate::Stable { error_bound } = solution.certificate else {
                return Err(TestCaseError::fail(format!("{:?}", solution.certificate)));
            };
            let error = (&solution.X - &truth).norm_l2();
            prop_assert!(error <= error_bound, "{equation:?}: {error:e} > {error_bound:e}");
            if solution.route == Route::Rational {
                // Both are the double next to the sum.
                prop_assert_eq!(&solution.X, &truth);
                prop_assert!(solution.residual.relative < 1e-15, "{:e}", solution.residual.relative);
            }
            prop_assert_eq!(equation.residual(&A, &Mat::identity(2, 2), &solution.X, &Q), solution.residual);
        }
    }

    /// An X of whole numbers, and the Q that belongs to it, exactly.
    #[test]
    fn planted_solutions_are_found([A, E, X] in matrices(12, 12)) {
        let X = symmetric(&X);
        let n = A.nrows();
        for equation in ALL {
            let zero = Mat::zeros(n, n);
            let Q = -equation.residual(&A, &E, &X, &zero).matrix;
            match equation.solve(&A, &E, &Q) {
                Err(EquationError::Singular { .. } | EquationError::NearlySingular { .. } | EquationError::SingularCoefficient { .. }) => {}
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
                Ok(solution) => {
                    let error = (&solution.X - &X).norm_l2();
                    let allowed = match solution.certificate {
                        Certificate::Stable { error_bound } => error_bound,
                        Certificate::Estimated { error_estimate, .. } => 10.0 * error_estimate,
                        other => return Err(TestCaseError::fail(format!("{other:?}"))),
                    };
                    prop_assert!(error <= allowed, "{equation:?}: {error:e} > {allowed:e}");
                    prop_assert!(solution.residual.relative < 1e-12, "{equation:?}: {:e}", solution.residual.relative);
                }
            }
        }
    }

    /// Spectral radius 1 − 10⁻ᵏ, far from normal.
    #[test]
    fn bounds_hold_near_the_limit_of_stability(k in 1i32..18, excess in -1i32..=1, coupling in 0.0f64..1e4, Q in matrices::<1>(3, 6)) {
        let [Q] = Q.map(|Q| symmetric(&Q));
        let n = Q.nrows();
        let distance = 10f64.powi(-k);
        let A = Mat::from_fn(n, n, |i, j| match j.cmp(&i) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 1.0 + f64::from(excess) * distance,
            std::cmp::Ordering::Greater => coupling,
        });
        let shifted = &A - Mat::<f64>::identity(n, n);
        let E = 2.0 * Mat::<f64>::identity(n, n);
        for (equation, A) in [(Equation::Discrete, &A), (Equation::Continuous, &shifted), (Equation::GeneralizedContinuous, &shifted)] {
            let truth = equation.exact_solution(A, &E, &Q);
            check(equation, [A, &E, &Q], equation.solve(A, &E, &Q), truth.as_ref())?;
        }
    }

    /// Arbitrary doubles: R is known to twice the working precision, and the bound on what it is off by holds.
    #[test]
    fn residuals_are_exact_up_to_their_rounding(entries in prop::collection::vec(-1e3f64..1e3, 36), scale in -60i32..60) {
        let part = |k: usize| Mat::from_fn(3, 3, |i, j| entries[9 * k + 3 * j + i]);
        let [A, E, X, Q] = [part(0), f64::from(scale).exp2() * part(1), symmetric(&part(2)), symmetric(&part(3))];
        for equation in ALL {
            let residual = equation.residual(&A, &E, &X, &Q);
            let truth = equation.exact_residual(&A, &E, &X, &Q);
            let error = distance(&residual.matrix, &truth);
            prop_assert!(error <= residual.rounding, "{equation:?}: {error:e} > {:e}", residual.rounding);
            let e = equation.second(&E, 3).norm_l2();
            let size = (A.norm_l2() + e).powi(2) * X.norm_l2();
            prop_assert!(residual.rounding <= 2.0 * f64::EPSILON * residual.matrix.norm_l2() + 1e-21 * size, "{equation:?}");
        }
    }

    /// No input panics, and nothing that is not finite is an answer.
    #[test]
    fn any_input_has_an_answer_or_an_error(
        shapes in prop::array::uniform3((0usize..4, 0usize..4)), square in any::<bool>(),
        entries in prop::collection::vec(any_number(), 27), same in any::<bool>(), mirrored in any::<bool>(),
    ) {
        let order = shapes[0].0;
        let part = |k: usize| {
            let (rows, columns) = if square { (order, order) } else { shapes[k] };
            let M = Mat::from_fn(rows, columns, |i, j| entries[9 * k + 3 * (i % 3) + j % 3]);
            let lower = |i: usize, j: usize| if i >= j { M[(i, j)] } else { 0.0 };
            if rows == columns && (k == 2 || mirrored) {
                Mat::from_fn(rows, rows, |i, j| lower(i, j) + lower(j, i))
            } else {
                M
            }
        };
        let [A, E, Q] = [part(0), if same { part(0) } else { part(1) }, part(2)];
        for equation in ALL {
            if let Ok(solution) = equation.solve(&A, &E, &Q) {
                prop_assert!(solution.X.is_all_finite());
                let value = match solution.certificate {
                    Certificate::Stable { error_bound } => error_bound,
                    Certificate::Estimated { error_estimate, .. } => error_estimate,
                    other => return Err(TestCaseError::fail(format!("{other:?}"))),
                };
                prop_assert!(value.is_finite() && value >= 0.0);
                if let (Certificate::Stable { error_bound }, true) = (solution.certificate, square) {
                    let truth = equation.exact_solution(&A, &E, &Q);
                    prop_assert!(truth.is_some_and(|truth| distance(&solution.X, &truth) <= error_bound));
                }
            }
        }
    }
}

/// Every exponent, and what is not a number.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => -2.0f64..2.0,
        4 => (-1.0f64..1.0, -300i32..300).prop_map(|(v, e)| v * 10f64.powi(e)),
        2 => Just(0.0),
        1 => any::<f64>(),
    ]
}
