//! The four equations under one name, and their exact solutions, by elimination in a system of n² unknowns.

use faer::{Mat, MatRef};
use matrix_equations::{
    EquationError, Residual, Solution, continuous, discrete, generalized_continuous, generalized_discrete,
};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

pub const ALL: [Equation; 4] =
    [Equation::Continuous, Equation::Discrete, Equation::GeneralizedContinuous, Equation::GeneralizedDiscrete];

/// A matrix of fractions.
pub type Exact = Mat<BigRational>;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Equation {
    Continuous,
    Discrete,
    GeneralizedContinuous,
    GeneralizedDiscrete,
}

impl Equation {
    pub fn solve(self, A: &Mat<f64>, E: &Mat<f64>, Q: &Mat<f64>) -> Result<Solution, EquationError> {
        let [A, E, Q] = [A, E, Q].map(Mat::as_ref);
        match self {
            Self::Continuous => continuous::solve(A, Q),
            Self::Discrete => discrete::solve(A, Q),
            Self::GeneralizedContinuous => generalized_continuous::solve(A, E, Q),
            Self::GeneralizedDiscrete => generalized_discrete::solve(A, E, Q),
        }
    }

    pub fn residual(self, A: &Mat<f64>, E: &Mat<f64>, X: &Mat<f64>, Q: &Mat<f64>) -> Residual {
        let [A, E, X, Q] = [A, E, X, Q].map(Mat::as_ref);
        match self {
            Self::Continuous => continuous::residual(A, X, Q),
            Self::Discrete => discrete::residual(A, X, Q),
            Self::GeneralizedContinuous => generalized_continuous::residual(A, E, X, Q),
            Self::GeneralizedDiscrete => generalized_discrete::residual(A, E, X, Q),
        }
        .unwrap()
    }

    pub fn has_second(self) -> bool {
        matches!(self, Self::GeneralizedContinuous | Self::GeneralizedDiscrete)
    }

    pub fn is_continuous(self) -> bool {
        matches!(self, Self::Continuous | Self::GeneralizedContinuous)
    }

    /// E, or I where the equation has none.
    pub fn second(self, E: &Mat<f64>, n: usize) -> Mat<f64> {
        if self.has_second() { E.clone() } else { Mat::identity(n, n) }
    }

    /// D as a matrix over the entries of X, row by row, for coefficients in any ring.
    fn kronecker<T: Clone>(self, A: &[Vec<T>], E: &[Vec<T>], ring: impl Fn([&T; 4]) -> T) -> Vec<Vec<T>> {
        let places = Vec::from_iter((0..A.len()).flat_map(|i| (0..A.len()).map(move |j| (i, j))));
        let entry = |(i, j): (usize, usize), (k, l): (usize, usize)| ring([&A[i][k], &A[j][l], &E[i][k], &E[j][l]]);
        places.iter().map(|&row| places.iter().map(|&column| entry(row, column)).collect()).collect()
    }

    fn in_doubles(self, A: &Mat<f64>, E: &Mat<f64>) -> Mat<f64> {
        let rows = |M: &Mat<f64>| Vec::from_iter(M.row_iter().map(|row| Vec::from_iter(row.iter().copied())));
        let D = self.kronecker(&rows(A), &rows(&self.second(E, A.nrows())), |[a, b, e, f]| {
            if self.is_continuous() { -(a * f + e * b) } else { e * f - a * b }
        });
        Mat::from_fn(D.len(), D.len(), |i, j| D[i][j])
    }

    /// Q − D(X).
    pub fn exact_residual(self, A: &Mat<f64>, E: &Mat<f64>, X: &Mat<f64>, Q: &Mat<f64>) -> Exact {
        let n = A.nrows();
        let [A, E, X, Q] = [A, &self.second(E, n), X, Q].map(exact);
        let product = |L: &Exact, R: &Exact, i: usize, j: usize| {
            (0..n).flat_map(|k| (0..n).map(move |l| (k, l))).map(|(k, l)| &L[(i, k)] * &X[(k, l)] * &R[(j, l)]).sum()
        };
        Mat::from_fn(n, n, |i, j| {
            let [first, second]: [BigRational; 2] = if self.is_continuous() {
                [product(&A, &E, i, j), product(&E, &A, i, j)]
            } else {
                [product(&A, &A, i, j), -product(&E, &E, i, j)]
            };
            first + second + &Q[(i, j)]
        })
    }

    pub fn exact_solution(self, A: &Mat<f64>, E: &Mat<f64>, Q: &Mat<f64>) -> Option<Exact> {
        let n = A.nrows();
        let E = self.second(E, n);
        let (of_coefficients, of_right) = (unit([A, &E]), unit([Q]));
        let [A, E] = [A, &E].map(|M| whole(M, &of_coefficients));
        let D =
            self.kronecker(&A, &E, |[a, b, e, f]| if self.is_continuous() { -(a * f + e * b) } else { e * f - a * b });
        let (X, denominator) = solved(D, whole(Q, &of_right).concat())?;
        let (up, down) = (&of_coefficients * &of_coefficients, denominator * of_right);
        Some(Mat::from_fn(n, n, |i, j| BigRational::new(&X[n * i + j] * &up, down.clone())))
    }

    /// The smallest ‖D(X)‖/‖X‖ over symmetric X.
    pub fn separation(self, A: &Mat<f64>, E: &Mat<f64>) -> f64 {
        let n = A.nrows();
        let pairs = Vec::from_iter((0..n).flat_map(|j| (j..n).map(move |i| (i, j))));
        let mut basis = Mat::zeros(n * n, pairs.len());
        for (k, &(i, j)) in pairs.iter().enumerate() {
            let entry = if i == j { 1.0 } else { std::f64::consts::FRAC_1_SQRT_2 };
            (basis[(j * n + i, k)], basis[(i * n + j, k)]) = (entry, entry);
        }
        least_singular_value((self.in_doubles(A, E) * basis).as_ref())
    }

    /// The size of the terms of D over the smallest singular value of D.
    pub fn condition(self, A: &Mat<f64>, E: &Mat<f64>) -> f64 {
        let smallest = least_singular_value(self.in_doubles(A, E).as_ref());
        let (a, e) = (A.norm_l2(), self.second(E, A.nrows()).norm_l2());
        if self.is_continuous() { 2.0 * a * e / smallest } else { (a * a + e * e) / smallest }
    }
}

fn least_singular_value(M: MatRef<'_, f64>) -> f64 {
    M.singular_values().unwrap().into_iter().fold(f64::INFINITY, f64::min)
}

/// What makes whole numbers of all entries.
fn unit<'m>(matrices: impl IntoIterator<Item = &'m Mat<f64>>) -> BigInt {
    let entries = matrices.into_iter().flat_map(|M| M.col_iter().flat_map(|column| column.iter()));
    entries.map(|v| BigRational::from_float(*v).unwrap().denom().clone()).max().unwrap()
}

/// The entries times `unit`, row by row.
fn whole(M: &Mat<f64>, unit: &BigInt) -> Vec<Vec<BigInt>> {
    let entry = |v: &f64| (BigRational::from_float(*v).unwrap() * unit).to_integer();
    M.row_iter().map(|row| row.iter().map(entry).collect()).collect()
}

/// Numerators of the solution and their denominator, by elimination without fractions (Bareiss).
fn solved(mut rows: Vec<Vec<BigInt>>, right: Vec<BigInt>) -> Option<(Vec<BigInt>, BigInt)> {
    let order = rows.len();
    rows.iter_mut().zip(right).for_each(|(row, right)| row.push(right));
    let mut before = BigInt::one();
    for k in 0..order {
        let pivot = (k..order).find(|&i| !rows[i][k].is_zero())?;
        rows.swap(k, pivot);
        for i in (0..order).filter(|&i| i != k) {
            for j in k + 1..=order {
                let difference = &rows[k][k] * &rows[i][j] - &rows[i][k] * &rows[k][j];
                rows[i][j] = difference / &before;
            }
        }
        before = rows[k][k].clone();
    }
    Some((rows.into_iter().map(|mut row| row.swap_remove(order)).collect(), before))
}

pub fn exact(M: &Mat<f64>) -> Exact {
    M.map(|v| BigRational::from_float(*v).unwrap())
}

/// ‖X − Y‖, in units of its largest entry, whose square may not be a double.
pub fn distance(X: &Mat<f64>, Y: &Exact) -> f64 {
    let X = exact(X);
    let difference = Mat::from_fn(X.nrows(), X.ncols(), |i, j| (&X[(i, j)] - &Y[(i, j)]).to_f64().unwrap());
    let unit = difference.norm_max();
    if unit == 0.0 { 0.0 } else { unit * difference.map(|v| v / unit).norm_l2() }
}

pub fn symmetric(M: &Mat<f64>) -> Mat<f64> {
    M + M.transpose()
}
