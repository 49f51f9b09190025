//! Problems for the Lyapunov engine and for the library of matrix equations.

use std::hint::black_box;

use matrix_equations::faer::MatRef;
use matrix_equations::{Approximation, EquationError, continuous, discrete};
use numbers::{Matrix, Vector};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use serde_json::{Map, json};
use symbols::{BatchSize, Gaussian, Population, Setting};

use super::measure::Bench;

/// Times a problem where A and K do not commute, S = 10, and the learning rate is half of the largest stable one.
///
/// Three parts are timed apart: the solution, its certificate (the bound on its error, which proves stability), and the
/// spectral radius with the stability margin.
pub(super) fn stationary(D: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let random = &mut ChaCha8Rng::seed_from_u64(2000 + D as u64);
    let A = positive_definite(D, 1e-2, 1.0, random);
    let population = Population::Gaussian(Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: 1.0,
        true_weights: Vector::from_element(D, 1.0),
    });
    let setting = Setting::new(population, Matrix::identity(D, D), BatchSize::new(10)?)?
        .with_weight_decay(positive_definite(D, 1e-2, 1e-1, random))?;
    let half = 0.5 * ::lyapunov::stability(&setting)?.margin;
    let setting = setting.with_learning_rate(Matrix::identity(D, D) * half)?;

    let problem = ::lyapunov::Problem::read(&setting);
    let answer = ::lyapunov::approximate(&problem, &mut ())?;
    let proof = answer.certify()?;
    bench.time("lyapunov: solution", proof.residual, || {
        let answer = ::lyapunov::approximate(&problem, &mut ())?;
        Ok(Map::from_iter([("applications".into(), json!(answer.iterations()))]))
    })?;
    bench.time("lyapunov: certificate", proof.residual, || {
        let proof = answer.certify()?;
        Ok(Map::from_iter([("error_bound".into(), json!(proof.error_bound))]))
    })?;
    bench.time("lyapunov: radius and margin", proof.residual, || {
        let stability = answer.stability()?;
        Ok(Map::from_iter([
            ("spectral_radius".into(), json!(stability.spectral_radius)),
            ("stability_margin".into(), json!(stability.margin)),
        ]))
    })
}

/// M X Mᵀ − X + Q = 0 with a spectral radius of 0.95.
pub(super) fn stein(n: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let (M, values, Q) = nonsymmetric(n);
    let radius = values.iter().map(|(x, y)| x.hypot(*y)).fold(0.0, f64::max);
    standard(&(M * (0.95 / radius)), &Q, discrete::approximate, bench)
}

/// M X + X Mᵀ + Q = 0 with a spectral abscissa of −0.05.
pub(super) fn lyapunov(n: usize, bench: &mut Bench) -> anyhow::Result<()> {
    let (M, values, Q) = nonsymmetric(n);
    let abscissa = values.iter().map(|(x, _)| *x).fold(f64::MIN, f64::max);
    standard(&(M - Matrix::identity(n, n) * (abscissa + 0.05)), &Q, continuous::approximate, bench)
}

type Approximate = fn(MatRef<'_, f64>, MatRef<'_, f64>) -> Result<Approximation, EquationError>;

fn standard(M: &Matrix<f64>, Q: &Matrix<f64>, approximate: Approximate, bench: &Bench) -> anyhow::Result<()> {
    let [M, Q] = [M, Q].map(|M| MatRef::from_column_major_slice(M.as_slice(), M.nrows(), M.ncols()));
    let residual = approximate(M, Q)?.certify()?.residual.relative;
    bench.time("lyapunov: solution", residual, || {
        black_box(approximate(M, Q)?.into_uncertified());
        Ok(Map::new())
    })?;
    bench.time("lyapunov: solution and certificate", residual, || {
        let bound = approximate(M, Q)?.certify()?.certificate.error_bound();
        Ok(Map::from_iter([("error_bound".into(), json!(bound))]))
    })
}

/// Normal entries over √n with their eigenvalues, and a Q ≻ 0.
fn nonsymmetric(n: usize) -> (Matrix<f64>, Vec<(f64, f64)>, Matrix<f64>) {
    let random = &mut ChaCha8Rng::seed_from_u64(1000 + n as u64);
    let mut normal = || Matrix::<f64>::from_fn(n, n, |_, _| StandardNormal.sample(random)) / (n as f64).sqrt();
    let (M, B) = (normal(), normal());
    let values = M.complex_eigenvalues().iter().map(|v| (v.re, v.im)).collect();
    let Q = &B * B.transpose() + Matrix::identity(n, n) * 0.1;
    (M, values, Q)
}

/// Eigenvalues in geometric progression, eigenvectors at random.
fn positive_definite(D: usize, least: f64, largest: f64, random: &mut ChaCha8Rng) -> Matrix<f64> {
    let Q = Matrix::<f64>::from_fn(D, D, |_, _| StandardNormal.sample(random)).qr().q();
    let eigenvalue = |k: usize| least * (largest / least).powf(k as f64 / (D - 1).max(1) as f64);
    let M: Matrix<f64> = Matrix::from_fn(D, D, |i, k| Q[(i, k)] * eigenvalue(k)) * Q.transpose();
    (&M + M.transpose()) * 0.5
}
