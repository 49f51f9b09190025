//! Small cases by hand: conventions and errors.

use ::lyapunov::standard::{
    Certificate, Solution, StandardError, continuous, discrete, generalized_continuous, generalized_discrete,
};
use symbols::Matrix;

/// M moves the second coordinate to the first: X = Q + M Q Mᵀ, where Q + Mᵀ Q M would be Q.
#[test]
fn the_transpose_stands_on_the_right() {
    let matrix = |entries: [f64; 4]| Matrix::from_row_slice(2, 2, &entries);
    let (M, Q) = (matrix([0.0, 1.0, 0.0, 0.0]), matrix([0.0, 0.0, 0.0, 1.0]));
    assert_eq!(discrete::solve(&M, &Q).unwrap().X, matrix([1.0, 0.0, 0.0, 1.0]));
    assert_eq!(discrete::approximate(&M, &Q).unwrap().into_uncertified(), matrix([1.0, 0.0, 0.0, 1.0]));
    let identity = Matrix::identity(2, 2);
    let close = |X: Matrix<f64>, entries: [f64; 4]| assert!((X - matrix(entries)).norm() < 1e-15);
    // x₂₂ = 1/2, x₁₂ = x₂₂/2, x₁₁ = x₁₂.
    close(continuous::solve(&(&M - &identity), &Q).unwrap().X, [0.25, 0.25, 0.25, 0.5]);
    // The same after a change of variables by E on the left.
    let E = matrix([2.0, 0.0, 1.0, 1.0]);
    let right = &E * &Q * E.transpose();
    close(generalized_discrete::solve(&(&E * &M), &E, &right).unwrap().X, [1.0, 0.0, 0.0, 1.0]);
    close(generalized_continuous::solve(&(&E * (&M - &identity)), &E, &right).unwrap().X, [0.25, 0.25, 0.25, 0.5]);
}

#[test]
fn what_makes_no_sense_is_named() {
    let one = Matrix::from_element(1, 1, 0.5);
    let two = Matrix::<f64>::identity(2, 2);
    let error = |M: &Matrix<f64>, Q: &Matrix<f64>| discrete::solve(M, Q).unwrap_err();
    assert_eq!(error(&Matrix::zeros(0, 0), &one), StandardError::Empty { name: "M" });
    assert_eq!(error(&Matrix::zeros(1, 2), &one), StandardError::NotSquare { name: "M", rows: 1, columns: 2 });
    assert_eq!(error(&one, &two), StandardError::Order { name: "Q", order: 2, expected: 1 });
    let mut infinite = two.clone();
    infinite[(1, 0)] = f64::INFINITY;
    assert_eq!(error(&infinite, &two), StandardError::NotFinite { name: "M", row: 1, column: 0 });
    let mut skew = two.clone();
    skew[(0, 1)] = 1.0;
    let (difference, bound) = (1.0, 16.0 * f64::EPSILON);
    assert_eq!(error(&two, &skew), StandardError::NotSymmetric { name: "Q", row: 1, column: 0, difference, bound });
    assert!(matches!(discrete::residual(&one, &two, &one), Err(StandardError::Order { name: "X", .. })));
    let wrong = generalized_discrete::solve(&one, &two, &one).unwrap_err();
    assert_eq!(wrong, StandardError::Order { name: "E", order: 2, expected: 1 });
}

#[test]
fn what_has_no_solution_is_named_with_its_eigenvalues() {
    let identity = Matrix::identity(2, 2);
    let singular = |found: Result<Solution, StandardError>, x: (f64, f64), y: (f64, f64)| {
        let Err(StandardError::Singular { value, first, second, .. }) = found else { panic!("{found:?}") };
        assert!(value < 1e-14, "{value:e}");
        let is = |z: (f64, f64), w: (f64, f64)| (z.0 - w.0).hypot(z.1 - w.1) < 1e-14;
        assert!(is(first, x) && is(second, y) || is(first, y) && is(second, x), "{first:?}, {second:?}");
    };
    // Symmetric, rotated, triangular.
    singular(discrete::solve(&Matrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, 0.5]), &identity), (2.0, 0.0), (0.5, 0.0));
    let rotation = Matrix::from_row_slice(2, 2, &[0.0, 3.0, -3.0, 0.0]);
    singular(continuous::solve(&rotation, &identity), (0.0, 3.0), (0.0, -3.0));
    let triangle = Matrix::from_row_slice(2, 2, &[1.0, 5.0, 0.0, -1.0]);
    singular(continuous::solve(&triangle, &identity), (1.0, 0.0), (-1.0, 0.0));
    singular(generalized_continuous::solve(&(&triangle * 2.0), &(&identity * 2.0), &identity), (1.0, 0.0), (-1.0, 0.0));
    // Next to an infinite one.
    let diagonal = |entries: [f64; 3]| Matrix::from_diagonal(&symbols::Vector::from_column_slice(&entries));
    let found =
        generalized_discrete::solve(&diagonal([4.0, 0.25, 1.0]), &diagonal([1.0, 1.0, 0.0]), &Matrix::identity(3, 3));
    singular(found, (4.0, 0.0), (0.25, 0.0));
    // E and A with a common vector of the kernel: no pencil at all.
    let nothing = Matrix::zeros(2, 2);
    let found = generalized_discrete::solve(&nothing, &nothing, &identity);
    assert_eq!(found, Err(StandardError::SingularCoefficient { name: "E" }));
}

/// No two eigenvalues have a sum below 10⁻⁴, but D is close to a nilpotent matrix of index 5.
#[test]
fn what_nearly_has_no_solution_is_named() {
    let A = Matrix::from_row_slice(3, 3, &[-1e-4, 1.0, 0.0, 0.0, 3e-4, 1.0, 0.0, 0.0, -5e-4]);
    let found = continuous::solve(&A, &Matrix::identity(3, 3));
    assert!(matches!(found, Err(StandardError::NearlySingular { separation, .. }) if separation < 1e-14), "{found:?}");
}

/// An infinite eigenvalue is one like others: A X Aᵀ − E X Eᵀ with A = I is a Stein equation for E.
#[test]
fn a_singular_second_coefficient_is_solved() {
    let E = Matrix::from_row_slice(2, 2, &[0.0, 1.0, 0.0, 0.0]);
    let identity = Matrix::identity(2, 2);
    let solution = generalized_discrete::solve(&identity, &E, &identity).unwrap();
    assert_eq!(solution.X, Matrix::from_row_slice(2, 2, &[-2.0, 0.0, 0.0, -1.0]));
    assert!(matches!(solution.certificate, Certificate::Estimated { .. }));
}

/// E v = 0 makes D(vvᵀ) = 0: no eigenvalue has to be told, and no rounding hides it.
#[test]
fn a_singular_second_coefficient_has_a_name() {
    let identity = Matrix::identity(2, 2);
    let of = |E: [f64; 4]| generalized_continuous::solve(&-&identity, &Matrix::from_row_slice(2, 2, &E), &identity);
    // The last two of rank 1 in whole multiples, and of rank 1 in sums of doubles.
    for E in [[1.0, 0.0, 0.0, 0.0], [0.0; 4], [1e300, 0.0, 0.0, 0.0], [1.0, 3.0, 2.0, 6.0], [0.1, 0.2, 0.3, 0.6]] {
        assert_eq!(of(E), Err(StandardError::SingularCoefficient { name: "E" }), "{E:?}");
    }
    let solution = of([1e-300, 0.0, 0.0, 1.0]).unwrap();
    let Certificate::Stable { error_bound } = solution.certificate else { panic!("{:?}", solution.certificate) };
    assert!(error_bound < 1e284, "{error_bound:e}");
    assert_eq!(solution.X, Matrix::from_row_slice(2, 2, &[0.5 / 1e-300, 0.0, 0.0, 0.5]));
}

/// X is a double, though products of the entries are not.
#[test]
fn what_has_an_answer_does_not_overflow() {
    let scalar = |v: f64| Matrix::from_element(1, 1, v);
    let solution = continuous::solve(&scalar(-1e300), &scalar(1.0)).unwrap();
    assert_eq!(solution.X, scalar(5e-301));
    assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-316));
    // x₁₁ = q (1 + 1/(1 − 1/4 · 1/4) · …): the same as for Q = I, times q.
    let M = Matrix::from_row_slice(2, 2, &[0.5, 1.0, 0.0, 0.25]);
    let one = discrete::solve(&M, &Matrix::identity(2, 2)).unwrap();
    for size in [1e154, 1e300, 1e-300] {
        let solution = discrete::solve(&M, &(Matrix::identity(2, 2) * size)).unwrap();
        assert!((solution.X / size - &one.X).norm() < 1e-15, "{size:e}");
    }
    // An X that is none.
    let overflow = StandardError::Overflow { quantity: "X" };
    assert_eq!(continuous::solve(&scalar(-1e-300), &scalar(1e300)), Err(overflow.clone()));
    assert_eq!(discrete::solve(&scalar(0.5), &scalar(1.5e308)), Err(overflow));
}
