//! More weights than samples, and nothing that pulls them elsewhere: every sample is fitted, and there is no noise.
//!
//! Without weight decay the residuals e = Xw − y of N samples are moved by a minibatch alone,
//!
//! ```text
//! e' = e − G m',    m' = μm + (1/S) Σ_{i∈B} eᵢ 1ᵢ,    G = XΛXᵀ
//! ```
//!
//! which is SGD on N weights e with one sample for each, of features 1ᵢ, no labels and the learning rate G. Where G ≻
//! 0, some w fits all samples. There the noise vanishes, and where these N weights are stable, e goes to zero: Σ, C and
//! L_train are zero, and the weights end where w₀ + ΛXᵀG⁻¹(y − Xw₀) is. Directions orthogonal to the range of ΛXᵀ are
//! still, of which there are D − N.

use matrix_equations::rounding::is_positive_definite;
use numbers::{DoubleDouble, Matrix, Vector};
use symbols::{BatchSize, DataSet, Moments, Population, Setting};

use crate::answer::Answer;
use crate::answer::Errors;
use crate::approximation::Approximation;
use crate::arithmetic::{Arithmetic, view};
use crate::certificate::Certificate;
use crate::conjugate::Operator;
use crate::decomposition::eigen;
use crate::error::LyapunovError;
use crate::modes::Modes;
use crate::problem::DOUBLE_DOUBLE_ROWS;
use crate::rounding::{Doubt, Magnitude, Sizes};
use crate::step::Step;
use crate::witness::Witness;

/// The stationary state, where it is proven that all samples are fitted.
pub(crate) fn stands(approximation: &Approximation) -> Result<Option<Answer>, LyapunovError> {
    let problem = approximation.problem;
    let setting = problem.setting();
    let Population::Data(data) = setting.population() else { return Ok(None) };
    let (N, D) = data.features.shape();
    if N > D || setting.weight_decay().iter().any(|v| *v != 0.0) {
        return Ok(None);
    }
    let rows = if *setting.momentum() == 0.0 { N } else { 2 * N };
    let certificate = if rows <= DOUBLE_DOUBLE_ROWS {
        let (double_double, doubt) = problem.double_double();
        of_residuals::<DoubleDouble>(&double_double, doubt)?
    } else {
        of_residuals::<f64>(setting, problem.doubt())?
    };
    let Some(certificate) = certificate else { return Ok(None) };
    let still = match &approximation.modes {
        // As many directions move as there are samples.
        Some(modes) if modes.count() == N => orthogonal(&modes.basis, &approximation.active, D)?,
        _ => return Ok(None),
    };
    let zero = Matrix::zeros(D, D);
    let errors = Errors {
        fluctuation: 0.0,
        fluctuation_entries: zero.clone(),
        noise_covariance: 0.0,
        noise_covariance_entries: zero.clone(),
        train_loss: 0.0,
        test_loss: None,
    };
    Ok(Some(Answer {
        moments: Moments {
            mean: None,
            fluctuation: zero.clone(),
            noise_covariance: zero,
            train_loss: 0.0,
            test_loss: None,
            buffer: None,
        },
        minimizer: approximation.center.weights.clone(),
        least_loss: 0.0,
        residual: 0.0,
        errors,
        condition: None,
        gap: certificate.gap(),
        null_space: (still.ncols() > 0).then_some(still),
    }))
}

/// A proof that G ≻ 0 and that the residuals go to zero.
fn of_residuals<T: Arithmetic>(setting: &Setting<T>, doubt: Doubt) -> Result<Option<Certificate>, LyapunovError> {
    let Population::Data(data) = setting.population() else { return Ok(None) };
    let (N, D) = data.features.shape();
    let moved = T::product(&data.features, setting.learning_rate());
    let G = T::symmetric_product(&moved, &data.features);
    // Both triangles come from the same sums in the other order.
    let G = (&G + G.transpose()) / T::from_integer(2);
    // |X||Λ||X|ᵀ, of which the entries of G are sums, and what they may be off by.
    let [X, L] = [&data.features, setting.learning_rate()].map(|M| M.map(|v| v.to_f64().abs()));
    let sums = f64::product(&f64::product(&X, &L), &X.transpose());
    let off = doubt.of(2 * D + 4, 3, T::UNIT);
    let doubles = G.map(|v| v.to_f64());
    let per_root = doubles.diagonal().map(|v| 1.0 / v.sqrt());
    let margin = Matrix::from_fn(N, N, |i, j| sums[(i, j)] * per_root[i] * per_root[j]).norm() * (off + f64::UNIT);
    if per_root.iter().any(|v| !v.is_finite()) || !is_positive_definite(view(&doubles), margin) {
        return Ok(None);
    }
    // An error of an entry of G counts as one of a number of this size.
    let sizes = Sizes {
        second_moment: Matrix::from_diagonal_element(N, N, 1.0 / N as f64),
        weight_decay: Matrix::zeros(N, N),
        learning_rate: Some(sums),
    };
    let residuals = residuals(setting, G.clone())?;
    let doubles = residuals.map(|v| v.to_f64());
    let step = Step::of_setting(&doubles);
    let Some(modes) = Modes::new(&step)? else { return Ok(None) };
    if modes.adrift || modes.lost() > 0 {
        return Ok(None);
    }
    let operator = Operator::new(&modes, modes.drift(), &modes.noise_of_entries());
    let Ok(witness) = Witness::of_modes(&modes, &operator, &Matrix::zeros(N, N), &step) else { return Ok(None) };
    let step = Step::of_setting(&residuals);
    let doubt = Doubt { input: off, ..doubt };
    Ok(Certificate::new(&Magnitude::of(&step, &sizes, doubt), witness))
}

/// SGD on the residuals.
fn residuals<T: Arithmetic>(setting: &Setting<T>, G: Matrix<T>) -> Result<Setting<T>, LyapunovError> {
    let N = G.nrows();
    let samples = DataSet { features: Matrix::identity(N, N), labels: Vector::zeros(N) };
    let failed = |_| LyapunovError::NotFinite { quantity: "XΛXᵀ" };
    let batch_size: BatchSize = setting.batch_size();
    let found = Setting::new(Population::Data(samples), G, batch_size).map_err(failed)?;
    Ok(found
        .with_sampling(setting.sampling())
        .map_err(failed)?
        .with_indeterminates(setting.momentum().clone(), setting.draws().clone()))
}

/// An orthonormal basis of what is orthogonal to the columns of W, over all weights.
fn orthogonal(W: &Matrix<f64>, active: &[usize], D: usize) -> Result<Matrix<f64>, LyapunovError> {
    let mut basis = Matrix::zeros(D, W.ncols());
    for (row, &i) in active.iter().enumerate() {
        basis.row_mut(i).copy_from(&W.row(row));
    }
    let (vectors, values) = eigen("basis", &f64::symmetric_product(&basis, &basis))?;
    let mut order = Vec::from_iter(0..D);
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    Ok(vectors.select_columns(&order[..D - W.ncols()]))
}
