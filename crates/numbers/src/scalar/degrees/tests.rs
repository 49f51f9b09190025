//! Bounds against the rational functions themselves, in one variable modulo a prime.

use num_traits::{One, Zero};
use proptest::prelude::*;

use super::*;
use crate::{Matrix, Residue, Scalar, matrix};

/// A step of a computation on a list of values; indices count from the end.
#[derive(Debug, Clone)]
enum Step {
    Integer(i64),
    Add(usize, usize),
    Sub(usize, usize),
    Mul(usize, usize),
    Div(usize, usize),
    /// x with [a, b; c, d] x = [e; f], both unknowns.
    Solve([usize; 6]),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = || 0usize..6;
    let step = prop_oneof![
        (-3i64..4).prop_map(Step::Integer),
        (index(), index()).prop_map(|(x, y)| Step::Add(x, y)),
        (index(), index()).prop_map(|(x, y)| Step::Sub(x, y)),
        (index(), index()).prop_map(|(x, y)| Step::Mul(x, y)),
        (index(), index()).prop_map(|(x, y)| Step::Div(x, y)),
        prop::array::uniform6(index()).prop_map(Step::Solve),
    ];
    prop::collection::vec(step, 1..14)
}

/// Runs the steps from the given values; the last value, or nothing where a system is singular.
fn run<T: Scalar>(steps: &[Step], values: &[T]) -> Option<T> {
    let mut values = values.to_vec();
    for step in steps {
        let at = |index: &usize| values[values.len() - 1 - index % values.len()].clone();
        let next = match step {
            Step::Integer(value) => vec![T::from_integer(*value)],
            Step::Add(x, y) => vec![at(x) + at(y)],
            Step::Sub(x, y) => vec![at(x) - at(y)],
            Step::Mul(x, y) => vec![at(x) * at(y)],
            Step::Div(x, y) => vec![at(x) / at(y)],
            Step::Solve(indices) => {
                let [a, b, c, d, e, f] = indices.each_ref().map(at);
                let M = Matrix::from_row_slice(2, 2, &[a, b, c, d]);
                let X = matrix::solve(&M, &Matrix::from_row_slice(2, 1, &[e, f])).ok()?;
                X.iter().cloned().collect()
            }
        };
        values.extend(next);
    }
    values.pop()
}

/// By increasing degree, without zeros at the end.
type Polynomial = Vec<Residue>;

fn trimmed(mut p: Polynomial) -> Polynomial {
    while p.last().is_some_and(Residue::is_zero) {
        p.pop();
    }
    p
}

/// N with N/Q through the points, of the least degree that rational interpolation by Euclid's algorithm finds.
fn numerator_degree(points: &[(Residue, Residue)]) -> usize {
    let times = |p: &Polynomial, q: &Polynomial| {
        let mut product = vec![Residue::zero(); (p.len() + q.len()).max(1) - 1];
        for (i, x) in p.iter().enumerate() {
            for (j, y) in q.iter().enumerate() {
                product[i + j] += *x * *y;
            }
        }
        trimmed(product)
    };
    let minus = |p: &Polynomial, q: &Polynomial| {
        let entry = |v: &Polynomial, i: usize| v.get(i).copied().unwrap_or_else(Residue::zero);
        trimmed(Vec::from_iter((0..p.len().max(q.len())).map(|i| entry(p, i) - entry(q, i))))
    };
    // Newton's interpolation.
    let (mut modulus, mut through) = (vec![Residue::one()], Polynomial::new());
    let value = |p: &Polynomial, x: Residue| p.iter().rev().fold(Residue::zero(), |sum, c| sum * x + *c);
    for &(x, y) in points {
        let factor = (y - value(&through, x)) / value(&modulus, x);
        through = minus(&through, &times(&modulus, &vec![-factor]));
        modulus = times(&modulus, &vec![-x, Residue::one()]);
    }
    // Remainders r with r ≡ t f: the first whose degrees leave room to spare is the function itself.
    let (mut r, mut t) = ((modulus, through), (Polynomial::new(), vec![Residue::one()]));
    loop {
        if r.1.len() + t.1.len() <= points.len() - 8 {
            let common = greatest_common_divisor(r.1.clone(), t.1.clone());
            return r.1.len().saturating_sub(common.len());
        }
        let (mut remainder, mut quotient) = (r.0.clone(), Polynomial::new());
        while remainder.len() >= r.1.len() {
            let factor = remainder[remainder.len() - 1] / r.1[r.1.len() - 1];
            let mut term = vec![Residue::zero(); remainder.len() - r.1.len()];
            term.push(factor);
            remainder = minus(&remainder, &times(&r.1, &term));
            quotient = minus(&quotient, &times(&term, &vec![-Residue::one()]));
        }
        let next = minus(&t.0, &times(&quotient, &t.1));
        r = (r.1, remainder);
        t = (t.1, next);
    }
}

fn greatest_common_divisor(mut p: Polynomial, mut q: Polynomial) -> Polynomial {
    while !q.is_empty() {
        while p.len() >= q.len() {
            let (factor, shift) = (p[p.len() - 1] / q[q.len() - 1], p.len() - q.len());
            for (i, c) in q.iter().enumerate() {
                p[i + shift] -= factor * *c;
            }
            p = trimmed(p);
        }
        std::mem::swap(&mut p, &mut q);
    }
    p
}

fn residue(value: u128) -> Residue {
    Residue::new(0x2545_f491_4f6c_dd1d_1234_5678_9abc_def1 / (value + 3))
}

proptest! {
    /// The degree in x of the numerator in lowest terms, with all other variables fixed, is within the bound.
    #[test]
    fn degrees_are_bounded(steps in steps()) {
        let variables = Degrees::variables(2, &[]);
        let Some(bound) = run(&steps, &variables).and_then(|f| f.numerator(&variables).ok()) else {
            return Err(TestCaseError::reject("no value"));
        };
        let bound = bound.degrees.first().map_or(0, |degree| *degree as usize);
        prop_assume!(bound <= 12);
        let points = Vec::from_iter((0..60).filter_map(|k| {
            let x = residue(k);
            run(&steps, &[x, residue(1000)]).filter(|y| y.is_defined()).map(|y| (x, y))
        }));
        prop_assume!(points.len() == 60);
        prop_assert!(numerator_degree(&points) <= bound, "{} > {bound}", numerator_degree(&points));
    }
}

proptest! {
    // Few functions are homogeneous.
    #![proptest_config(ProptestConfig { cases: 100, max_global_rejects: 10_000, ..ProptestConfig::default() })]

    /// f(t x, t³ y) = tᵏ f(x, y) where a weight k is told.
    #[test]
    fn weights_are_those_of_the_function(steps in steps()) {
        let variables = Degrees::variables(2, &[vec![1, 3]]);
        let Some(bounds) = run(&steps, &variables).and_then(|f| f.numerator(&variables).ok()) else {
            return Err(TestCaseError::reject("no value"));
        };
        let Some(Some(weight)) = bounds.weights.first().copied() else {
            return Err(TestCaseError::reject("no weight"));
        };
        let (x, y, t) = (residue(5), residue(6), residue(7));
        let (Some(here), Some(there)) = (run(&steps, &[x, y]), run(&steps, &[x * t, y * t * t * t])) else {
            return Err(TestCaseError::reject("no value at a point"));
        };
        prop_assume!(here.is_defined() && there.is_defined());
        let power = (0..weight.unsigned_abs()).fold(Residue::one(), |power, _| power * t);
        let (here, there) = if weight < 0 { (here, there * power) } else { (here * power, there) };
        prop_assert_eq!(here, there);
    }
}

proptest! {
    /// Polynomials have at most the norm told: their value at 1 is at most that.
    #[test]
    fn norms_are_bounded(steps in steps()) {
        let steps = Vec::from_iter(steps.into_iter().filter(|s| !matches!(s, Step::Div(..) | Step::Solve(_))));
        let variables = Degrees::variables(2, &[]);
        let Some(bounds) = run(&steps, &variables).and_then(|f| f.numerator(&variables).ok()) else {
            return Err(TestCaseError::reject("no value"));
        };
        for signs in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
            let value = run(&steps, &[Rational::from(signs.0), Rational::from(signs.1)]).unwrap_or_default();
            prop_assert!(value.abs() <= bounds.norm);
        }
    }
}

proptest! {
    /// Entries of weight rᵢ + cⱼ and a side of weight rᵢ + s make unknowns of weight s − cⱼ; one entry that does not
    /// fit, none.
    #[test]
    fn unknowns_of_a_homogeneous_system_are_homogeneous(
        r in prop::array::uniform3(0u32..3),
        c in prop::array::uniform3(0u32..3),
        s in 0u32..3,
        odd in prop::option::of(0usize..12),
    ) {
        // Numbers alone have no weights.
        prop_assume!(odd.is_some() || [&r[..], &c[..], &[s]].concat().iter().any(|weight| *weight > 0));
        // Sums of powers of two variables, so that rows and columns have nothing in common.
        let x = Degrees::variables(2, &[vec![1, 1]]);
        let entry = |place: usize, weight: u32| {
            let power = |of: &Degrees| (0..weight + u32::from(odd == Some(place))).fold(Degrees::one(), |p, _| p * of);
            // Without a pattern: rows in arithmetic progression depend on each other.
            let coefficient = [2, 7, 3, 11, 5, 1, 4, 13, 29, 17, 6, 23][place];
            Degrees::from_integer(coefficient) * power(&x[0]) + power(&x[1])
        };
        let M = Matrix::from_fn(3, 3, |i, j| entry(3 * i + j, r[i] + c[j]));
        let side = Matrix::from_fn(3, 1, |i, _| entry(9 + i, r[i] + s));
        let X = matrix::solve(&M, &side).unwrap();
        for j in 0..3 {
            let expected = odd.is_none().then_some(s as i32 - c[j] as i32);
            prop_assert_eq!(X[(j, 0)].numerator(&x).map(|bounds| bounds.weights), Ok(vec![expected]));
        }
    }
}

#[test]
fn the_same_sum_cancels() {
    let x = Degrees::variables(2, &[]);
    let sum = || x[0].clone() + &x[1];
    assert_eq!((sum() / sum()).numerator(&x).map(|bounds| bounds.degrees.iter().sum()), Ok(0_u32));
    assert!((sum() - (x[1].clone() + &x[0])).is_zero());
    assert!(!(sum() * sum() - x[0].clone() * &x[0]).is_zero());
}

#[test]
fn unknowns_share_their_denominator() {
    let x = Degrees::variables(3, &[]);
    let M = Matrix::from_row_slice(2, 2, &[x[0].clone(), x[1].clone(), x[1].clone(), x[2].clone()]);
    let side = Matrix::from_row_slice(2, 1, &[Degrees::one(), Degrees::from_integer(2)]);
    let X = matrix::solve(&M, &side).unwrap();
    // x₀ = (x₂ − 2x₁)/Δ and x₁ = (2x₀ − x₁)/Δ: their sum is again something of the first degree over Δ.
    let sum = X[(0, 0)].clone() + &X[(1, 0)];
    assert_eq!(sum.numerator(&x).map(|bounds| bounds.degrees), Ok(vec![1, 1, 1]));
}

/// The first variable of one set is not the first of another, whatever is made of both.
#[test]
fn variables_of_two_sets_do_not_mix() {
    let (x, y) = (Degrees::variables(2, &[]), Degrees::variables(2, &[]));
    let (a, b) = (x[0].clone(), y[0].clone());
    let one = Degrees::one();
    let M = Matrix::from_row_slice(2, 2, &[a.clone(), one.clone(), one.clone(), x[1].clone()]);
    let side = |value: &Degrees| Matrix::from_row_slice(2, 1, &[value.clone(), one.clone()]);
    let foreign = [
        a.clone() + &b,
        a.clone() - &b,
        a.clone() * &b,
        a.clone() / &b,
        // Not even zero times a mixture is zero.
        (a.clone() + &b) * Degrees::zero(),
        matrix::solve(&M, &side(&b)).unwrap()[(0, 0)].clone(),
    ];
    for (place, value) in foreign.iter().enumerate() {
        assert_eq!(value.numerator(&x), Err(DegreesError::ForeignVariables), "{place}");
    }
    assert!(a != b && !(a.clone() - &b).is_zero());
    // Bounds in one set are none in another, in none, and in some of each.
    for variables in [&y[..], &[], &[x[0].clone(), y[1].clone()]] {
        assert_eq!(a.numerator(variables), Err(DegreesError::ForeignVariables));
    }
    assert!(matrix::solve(&M, &side(&a)).unwrap().iter().all(|unknown| unknown.numerator(&x).is_ok()));
    assert_eq!(one.numerator(&y).map(|bounds| bounds.norm), Ok(Integer::from(1)));
}

/// x^(2ᵏ) up to a degree that the bounds cannot hold, which is told and not wrapped.
#[test]
fn a_degree_too_large_is_told() {
    let x = Degrees::variables(1, &[vec![1]]);
    let squared = |times| (0..times).fold(x[0].clone(), |power, _| power.clone() * power);
    assert_eq!(squared(30).numerator(&x).map(|bounds| bounds.degrees), Ok(vec![1 << 30]));
    let told = DegreesError::DegreeTooLarge { limit: i32::MAX as u32 };
    assert_eq!(squared(31).numerator(&x), Err(told));
    assert_eq!((Degrees::one() / squared(30) / squared(30) / squared(30)).numerator(&x), Err(told));
}
