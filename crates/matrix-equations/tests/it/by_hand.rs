//! Small cases by hand: conventions and errors.

use faer::{Mat, mat};
use matrix_equations::{Certificate, EquationError, Solution, discrete as stein};

use super::oracle::Equation;

type Answer = Result<Solution, EquationError>;

fn continuous(A: &Mat<f64>, Q: &Mat<f64>) -> Answer {
    Equation::Continuous.solve(A, A, Q)
}

fn discrete(M: &Mat<f64>, Q: &Mat<f64>) -> Answer {
    Equation::Discrete.solve(M, M, Q)
}

fn generalized_continuous(A: &Mat<f64>, E: &Mat<f64>, Q: &Mat<f64>) -> Answer {
    Equation::GeneralizedContinuous.solve(A, E, Q)
}

fn generalized_discrete(A: &Mat<f64>, E: &Mat<f64>, Q: &Mat<f64>) -> Answer {
    Equation::GeneralizedDiscrete.solve(A, E, Q)
}

fn matrix([a, b, c, d]: [f64; 4]) -> Mat<f64> {
    mat![[a, b], [c, d]]
}

fn identity() -> Mat<f64> {
    Mat::identity(2, 2)
}

/// M moves the second coordinate to the first: X = Q + M Q Mᵀ, where Q + Mᵀ Q M would be Q.
#[test]
fn the_transpose_stands_on_the_right() {
    let (M, Q) = (matrix([0.0, 1.0, 0.0, 0.0]), matrix([0.0, 0.0, 0.0, 1.0]));
    assert_eq!(discrete(&M, &Q).unwrap().X, matrix([1.0, 0.0, 0.0, 1.0]));
    assert_eq!(stein::approximate(M.as_ref(), Q.as_ref()).unwrap().into_uncertified(), matrix([1.0, 0.0, 0.0, 1.0]));
    let identity = identity();
    let close = |X: Mat<f64>, entries: [f64; 4]| assert!((X - matrix(entries)).norm_l2() < 1e-15);
    // x₂₂ = 1/2, x₁₂ = x₂₂/2, x₁₁ = x₁₂.
    close(continuous(&(&M - &identity), &Q).unwrap().X, [0.25, 0.25, 0.25, 0.5]);
    // The same after a change of variables by E on the left.
    let E = matrix([2.0, 0.0, 1.0, 1.0]);
    let right = &E * &Q * E.transpose();
    close(generalized_discrete(&(&E * &M), &E, &right).unwrap().X, [1.0, 0.0, 0.0, 1.0]);
    close(generalized_continuous(&(&E * (&M - &identity)), &E, &right).unwrap().X, [0.25, 0.25, 0.25, 0.5]);
}

#[test]
fn what_makes_no_sense_is_named() {
    let one = mat![[0.5]];
    let two = identity();
    let error = |M: &Mat<f64>, Q: &Mat<f64>| discrete(M, Q).unwrap_err();
    assert_eq!(error(&Mat::zeros(0, 0), &one), EquationError::Empty { name: "M" });
    assert_eq!(error(&Mat::zeros(1, 2), &one), EquationError::NotSquare { name: "M", rows: 1, columns: 2 });
    assert_eq!(error(&one, &two), EquationError::Order { name: "Q", order: 2, expected: 1 });
    let mut infinite = two.clone();
    infinite[(1, 0)] = f64::INFINITY;
    assert_eq!(error(&infinite, &two), EquationError::NotFinite { name: "M", row: 1, column: 0 });
    let mut skew = two.clone();
    skew[(0, 1)] = 1.0;
    let (difference, bound) = (1.0, 16.0 * f64::EPSILON);
    assert_eq!(error(&two, &skew), EquationError::NotSymmetric { name: "Q", row: 1, column: 0, difference, bound });
    assert!(matches!(
        stein::residual(one.as_ref(), two.as_ref(), one.as_ref()),
        Err(EquationError::Order { name: "X", .. })
    ));
    let wrong = generalized_discrete(&one, &two, &one).unwrap_err();
    assert_eq!(wrong, EquationError::Order { name: "E", order: 2, expected: 1 });
}

#[test]
fn what_has_no_solution_is_named_with_its_eigenvalues() {
    let identity = identity();
    let singular = |found: Result<Solution, EquationError>, x: (f64, f64), y: (f64, f64)| {
        let Err(EquationError::Singular { value, first, second, .. }) = found else { panic!("{found:?}") };
        assert!(value < 1e-14, "{value:e}");
        let is = |z: (f64, f64), w: (f64, f64)| (z.0 - w.0).hypot(z.1 - w.1) < 1e-14;
        assert!(is(first, x) && is(second, y) || is(first, y) && is(second, x), "{first:?}, {second:?}");
    };
    // Symmetric, rotated, triangular.
    singular(discrete(&mat![[2.0, 0.0], [0.0, 0.5]], &identity), (2.0, 0.0), (0.5, 0.0));
    let rotation = mat![[0.0, 3.0], [-3.0, 0.0]];
    singular(continuous(&rotation, &identity), (0.0, 3.0), (0.0, -3.0));
    let triangle = mat![[1.0, 5.0], [0.0, -1.0]];
    singular(continuous(&triangle, &identity), (1.0, 0.0), (-1.0, 0.0));
    singular(generalized_continuous(&(2.0 * &triangle), &(2.0 * &identity), &identity), (1.0, 0.0), (-1.0, 0.0));
    // Next to an infinite one.
    let diagonal = |entries: [f64; 3]| Mat::from_fn(3, 3, |i, j| if i == j { entries[i] } else { 0.0 });
    let found = generalized_discrete(&diagonal([4.0, 0.25, 1.0]), &diagonal([1.0, 1.0, 0.0]), &Mat::identity(3, 3));
    singular(found, (4.0, 0.0), (0.25, 0.0));
    // E and A with a common vector of the kernel: no pencil at all.
    let nothing = Mat::zeros(2, 2);
    let found = generalized_discrete(&nothing, &nothing, &identity);
    assert_eq!(found, Err(EquationError::SingularCoefficient { name: "E" }));
}

/// No two eigenvalues have a sum below 10⁻⁴, but D is close to a nilpotent matrix of index 5.
#[test]
fn what_nearly_has_no_solution_is_named() {
    let A = mat![[-1e-4, 1.0, 0.0], [0.0, 3e-4, 1.0], [0.0, 0.0, -5e-4]];
    let found = continuous(&A, &Mat::identity(3, 3));
    assert!(matches!(found, Err(EquationError::NearlySingular { separation, .. }) if separation < 1e-14), "{found:?}");
}

/// An infinite eigenvalue is one like others: A X Aᵀ − E X Eᵀ with A = I is a Stein equation for E.
#[test]
fn a_singular_second_coefficient_is_solved() {
    let E = mat![[0.0, 1.0], [0.0, 0.0]];
    let identity = identity();
    let solution = generalized_discrete(&identity, &E, &identity).unwrap();
    assert_eq!(solution.X, mat![[-2.0, 0.0], [0.0, -1.0]]);
    assert!(matches!(solution.certificate, Certificate::Estimated { .. }));
}

/// E v = 0 makes D(vvᵀ) = 0: no eigenvalue has to be told, and no rounding hides it.
#[test]
fn a_singular_second_coefficient_has_a_name() {
    let identity = identity();
    let of = |E: [f64; 4]| generalized_continuous(&-&identity, &matrix(E), &identity);
    // The last two of rank 1 in whole multiples, and of rank 1 in sums of doubles.
    for E in [[1.0, 0.0, 0.0, 0.0], [0.0; 4], [1e300, 0.0, 0.0, 0.0], [1.0, 3.0, 2.0, 6.0], [0.1, 0.2, 0.3, 0.6]] {
        assert_eq!(of(E), Err(EquationError::SingularCoefficient { name: "E" }), "{E:?}");
    }
    let solution = of([1e-300, 0.0, 0.0, 1.0]).unwrap();
    let Certificate::Stable { error_bound } = solution.certificate else { panic!("{:?}", solution.certificate) };
    assert!(error_bound < 1e284, "{error_bound:e}");
    assert_eq!(solution.X, mat![[0.5 / 1e-300, 0.0], [0.0, 0.5]]);
}

/// X is a double, though products of the entries are not.
#[test]
fn what_has_an_answer_does_not_overflow() {
    let scalar = |v: f64| mat![[v]];
    let solution = continuous(&scalar(-1e300), &scalar(1.0)).unwrap();
    assert_eq!(solution.X, scalar(5e-301));
    assert!(matches!(solution.certificate, Certificate::Stable { error_bound } if error_bound < 1e-316));
    // x₁₁ = q (1 + 1/(1 − 1/4 · 1/4) · …): the same as for Q = I, times q.
    let M = mat![[0.5, 1.0], [0.0, 0.25]];
    let one = discrete(&M, &identity()).unwrap();
    for size in [1e154, 1e300, 1e-300] {
        let solution = discrete(&M, &(size * identity())).unwrap();
        assert!((solution.X.map(|v| v / size) - &one.X).norm_l2() < 1e-15, "{size:e}");
    }
    // An X that is none.
    let overflow = EquationError::Overflow { quantity: "X" };
    assert_eq!(continuous(&scalar(-1e-300), &scalar(1e300)), Err(overflow.clone()));
    assert_eq!(discrete(&scalar(0.5), &scalar(1.5e308)), Err(overflow));
}
