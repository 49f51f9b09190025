//! Random data sets, each with its exact stationary state.

use lyapunov::{LyapunovError, Solution};
use numbers::{Matrix, Vector};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use symbols::{BatchSize, DataSet, Population, Setting};

use super::theory::noise;
use tables::StudyError;

/// S, the smallest at which 1 − 1/S is not zero.
pub const BATCH: u32 = 2;
/// The number of data sets of each kind.
const DRAWS: usize = 64;
/// D of the tables.
pub const DIMENSIONS: [usize; 5] = [4, 8, 16, 32, 64];
/// α = N/D of the tables.
pub const RATIOS: [(usize, usize); 5] = [(1, 2), (3, 4), (3, 2), (2, 1), (4, 1)];

/// The eigenvalues of A, Tr\[A\] = D.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    /// A = I.
    Isotropic,
    /// A geometric sequence, the first ten times the last.
    Geometric,
}

impl Features {
    /// Both kinds.
    pub const ALL: [Features; 2] = [Features::Isotropic, Features::Geometric];

    /// The name, for a reader.
    pub fn name(self) -> &'static str {
        match self {
            Features::Isotropic => "I",
            Features::Geometric => "geometric",
        }
    }

    /// The eigenvalues.
    pub fn spectrum(self, D: usize) -> Vec<f64> {
        let raw = match self {
            Features::Isotropic => vec![1.0; D],
            Features::Geometric => Vec::from_iter((0..D).map(|i| 0.1_f64.powf(i as f64 / (D as f64 - 1.0)))),
        };
        let scale = D as f64 / raw.iter().sum::<f64>();
        Vec::from_iter(raw.iter().map(|a| a * scale))
    }
}

/// The results for one data set. Its labels have the variance 1 and u = 0: another u would only shift w.
pub struct Draw {
    /// Eigenvalues of Â.
    pub spectrum: Vec<f64>,
    /// The largest stable λ.
    pub largest_rate: f64,
    /// The stationary state, where there is one.
    pub state: Option<State>,
}

/// The numbers of a stationary state that are compared with section 7.
pub struct State {
    /// Tr\[ÂΣ\].
    pub trace: f64,
    /// 2L(w*).
    pub loss: f64,
    /// ‖C‖, Frobenius.
    pub noise: f64,
    /// ‖C' − C‖/‖C‖ of Proposition 4: with the loss on average, with the loss of the data set, and with +ÂΣÂ.
    pub distances: [f64; 3],
    /// Tr\[C\]/Tr\[C'\] − 1 of Proposition 4 with the loss of the data set.
    pub trace_of_noise: f64,
    /// The number of mean zero that [`control`] computes.
    pub control: f64,
    /// ‖Â‖, Frobenius.
    pub size: f64,
    /// The number of directions in which nothing moves.
    pub still: usize,
}

/// The data sets of one kind.
pub struct Cell {
    /// A.
    pub features: Features,
    /// α = N/D, as a fraction.
    pub ratio: (usize, usize),
    /// D.
    pub D: usize,
    /// λ.
    pub rate: f64,
    /// The data sets.
    pub draws: Vec<Draw>,
}

/// The data sets of every kind, at λ = `scale`·S/Tr\[A\].
///
/// # Errors
/// None that a caller can cause.
pub fn cells(scale: f64, ratios: &[(usize, usize)], dimensions: &[usize]) -> Result<Vec<Cell>, StudyError> {
    let mut cells = Vec::new();
    for features in Features::ALL {
        for &ratio in ratios {
            for &D in dimensions {
                cells.push(Cell::draw(features, ratio, D, scale * f64::from(BATCH) / D as f64)?);
            }
        }
    }
    Ok(cells)
}

/// A stream of random numbers, of its own for each name.
pub fn seeded(seed: u64, name: &str) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::seed_from_u64(seed);
    stream.set_stream(verify::choices::fnv(name));
    stream
}

/// N samples of N(0, diag(`spectrum`)), as rows.
pub fn gaussian(N: usize, spectrum: &[f64], stream: &mut ChaCha8Rng) -> Matrix<f64> {
    Matrix::from_fn(N, spectrum.len(), |_, j| stream.sample::<f64, _>(StandardNormal) * spectrum[j].sqrt())
}

impl Cell {
    /// N.
    pub fn N(&self) -> usize {
        self.D * self.ratio.0 / self.ratio.1
    }

    /// Data sets of `ratio`·D samples at the learning rate `rate`.
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn draw(features: Features, ratio: (usize, usize), D: usize, rate: f64) -> Result<Self, StudyError> {
        let mut cell = Cell { features, ratio, D, rate, draws: Vec::new() };
        let (N, spectrum) = (cell.N(), features.spectrum(D));
        let stream = &mut seeded(1, &format!("{} {N} {D}", features.name()));
        for _ in 0..DRAWS {
            let X = gaussian(N, &spectrum, stream);
            let y = Vector::from_fn(N, |_, _| stream.sample::<f64, _>(StandardNormal));
            cell.draws.push(Draw::of(X, y, rate)?);
        }
        Ok(cell)
    }
}

impl Draw {
    /// The results for one data set at minibatches of [`BATCH`].
    ///
    /// # Errors
    /// None that a caller can cause.
    pub fn of(X: Matrix<f64>, y: Vector<f64>, rate: f64) -> Result<Self, StudyError> {
        let (N, D) = X.shape();
        let A = X.transpose() * &X / N as f64;
        // Â has no negative eigenvalues: one that rounding puts below zero is zero.
        let spectrum = Vec::from_iter(A.symmetric_eigenvalues().iter().map(|a| a.max(0.0)));
        let population = Population::Data(DataSet { features: X.clone(), labels: y.clone() });
        let setting = Setting::new(population, Matrix::identity(D, D) * rate, BatchSize::new(BATCH)?)?;
        match lyapunov::stationary(&setting) {
            Ok(solution) => {
                let largest_rate = solution.stability.margin * rate;
                Ok(Draw { spectrum, largest_rate, state: Some(State::of(&X, &y, &A, solution)) })
            }
            Err(LyapunovError::Unstable(stability)) => {
                Ok(Draw { spectrum, largest_rate: stability.margin * rate, state: None })
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl State {
    fn of(X: &Matrix<f64>, y: &Vector<f64>, A: &Matrix<f64>, solution: Solution) -> Self {
        let (N, D) = X.shape();
        let S = f64::from(BATCH);
        let (fluctuation, C) = (&solution.moments.fluctuation, &solution.moments.noise_covariance);
        let trace = A.dot(fluctuation);
        let loss = 2.0 * solution.moments.train_loss - trace;
        let average = (1.0 - D as f64 / N as f64).max(0.0);
        let claimed = [(-1.0, average), (-1.0, loss), (1.0, loss)];
        let claimed = claimed.map(|(sign, loss)| noise(sign, A, fluctuation, S, loss));
        State {
            trace,
            loss,
            noise: C.norm(),
            distances: claimed.each_ref().map(|claimed| (claimed - C).norm() / C.norm()),
            trace_of_noise: C.trace() / claimed[1].trace() - 1.0,
            control: control(X, y),
            size: A.norm(),
            still: solution.null_space.map_or(0, |null| null.ncols()),
        }
    }
}

/// A number of mean zero that knows how the labels of a data set happen to have fallen.
///
/// ```text
/// z = (1/N) Σᵢ (eᵢ²/ℓ − (1 − hᵢ)/(1 − D/N)) |xᵢ|² / Tr[Â],    e = (I − P)y, P = X(XᵀX)⁻¹Xᵀ, hᵢ = Pᵢᵢ, ℓ = |e|²/N
/// ```
///
/// Given X and for Gaussian labels, e/|e| is uniform on a sphere in the range of I − P. So E\[eᵢ²/|e|²\] =
/// (1 − hᵢ)/(N − D), and E\[z\] = 0 exactly. Most of the scatter of Tr\[ÂΣ\]/ℓ from one data set to the next is
/// proportional to z: once it is subtracted, the mean is known much better. z is 0 for N ≤ D, where there is no
/// residual.
pub fn control(X: &Matrix<f64>, y: &Vector<f64>) -> f64 {
    let (N, D) = X.shape();
    let Some(factor) = (X.transpose() * X).cholesky().filter(|_| N > D) else { return 0.0 };
    let e = X * factor.solve(&(X.transpose() * y)) - y;
    let projections = factor.inverse() * X.transpose();
    let loss = e.norm_squared() / N as f64;
    let terms = (0..N).map(|i| {
        let x = X.row(i);
        let h = (x * projections.column(i))[0];
        (e[i] * e[i] / loss - (1.0 - h) / (1.0 - D as f64 / N as f64)) * x.norm_squared()
    });
    terms.sum::<f64>() / X.norm_squared()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean over labels, at given features, is zero. It would not be without the leverages hᵢ.
    #[test]
    fn the_control_has_mean_zero() {
        let stream = &mut seeded(1, "control");
        let X = gaussian(6, &[4.0, 1.0], stream);
        let values = Vec::from_iter((0..40_000).map(|_| {
            let y = Vector::from_fn(6, |_, _| stream.sample::<f64, _>(StandardNormal));
            control(&X, &y)
        }));
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let error = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
        assert!(mean.abs() < 4.0 * error && error < 0.01, "{mean} ± {error}");
    }
}
