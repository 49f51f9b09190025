//! Hypotheses on the residuals of a data set: the second assumption of section 6, in its strictest sense.
//!
//! Each is broken by whatever residuals there were. All have one sign here. That is no loss, as a sample (−x, −y) has
//! the loss of (x, y).

use numbers::matrix::{self, outer, trace};
use numbers::{Matrix, Vector};
use rug::Rational;
use symbols::{DataSet, Population, Setting};

use super::change::{
    along, commute, with_affine_weight_decay, with_data, with_images, with_model, with_reflected_samples,
};
use super::samples::Minimum;
use crate::draw::{column, equal_residual_minimizer, fraction};
use crate::family::{Decay, Samples};
use crate::{Breaking, ClaimError, Family, Hypothesis, Path};

/// |xᵢᵀw₀ − yᵢ| is the same for each i, so that L₀ = ℓᵢ at w₀. Imposed by the labels; where some weights u fit all of
/// them, by the features along w₀ − u.
pub const EQUAL_RESIDUALS: Hypothesis = Hypothesis {
    name: "equal-residuals",
    statement: "`|L₀ − ℓᵢ| = 0`",
    holds: Some(|setting| are_equal(setting, setting.initial_weights())),
    impose: |setting, choices| {
        let w = setting.initial_weights().clone();
        let residual = fraction(choices);
        let fitting = setting.label_noise_variance().is_ok_and(|variance| variance.is_zero());
        match setting.true_weights() {
            Ok(u) if fitting && u != w => with_data(setting, |data| {
                let away = w - &u;
                let rest = (&data.features * &away).map(|distance| &residual - distance);
                data.features += outer(&rest, &away) / away.dot(&away);
                data.labels = &data.features * u;
            }),
            _ => with_data(setting, |data| data.labels = (&data.features * w).map(|prediction| prediction - &residual)),
        }
    },
    narrow: |family| vec![Family { equal_residuals: true, ..family }],
    breaking: Breaking::By(|setting, _| Ok(setting)),
};

/// The same at w*. Imposed by the labels for w* = −Γ⁻¹∇L₀(w*), with a multiple of Γ that is not small against A, or
/// else w* and the labels are large; for Γ = 0 any w* will do where features come in pairs ±x.
pub const EQUAL_RESIDUALS_AT_MINIMUM: Hypothesis = Hypothesis {
    name: "equal-residuals-at-minimum",
    statement: "`|L₀ − ℓᵢ| = 0` at `w*`",
    holds: Some(|setting| Minimum::of(setting).is_some_and(|minimum| are_equal(setting, &minimum.weights))),
    impose: |setting, choices| {
        let (A, G, D) = (setting.feature_covariance(), setting.weight_decay(), setting.dimension());
        let size = trace(G).abs() * Rational::from(2);
        let multiple =
            if size.is_zero() { Rational::from(1) } else { (trace(&A) / size).ceil().max(Rational::from(1)) };
        let G = G * multiple;
        let residual = fraction(choices);
        let any = column(D, choices);
        let Population::Data(DataSet { mut features, .. }) = setting.population().clone() else {
            return Err(ClaimError::NeedsDataSet);
        };
        let w = if G.iter().all(Rational::is_zero) {
            let reflection = -Matrix::identity(D, D);
            features = with_images(&features, &reflection);
            any
        } else {
            if !vary(&features) {
                let rows = features.nrows();
                features = features.insert_row(rows, Rational::new());
            }
            equal_residual_minimizer(&features, &residual, &G)?
        };
        let labels = (&features * w).map(|prediction| prediction - &residual);
        Ok(setting.with_weight_decay(G)?.with_population(Population::Data(DataSet { features, labels }))?)
    },
    // A family has its equal residuals at w₀. The stationary state does not depend on w₀, which is put at w*; for one
    // minibatch a claim has to assume that. Without weight decay features come in pairs ±x, which should determine w*.
    narrow: |family| {
        let Samples::Data { count, batch_size, sampling } = family.samples else { return Vec::new() };
        let (D, in_pairs) = (family.dimension, family.weight_decay == Decay::None);
        let count = match batch_size {
            None if in_pairs => 2 * D,
            None => D + 1,
            Some(_) if in_pairs && (count % 2 != 0 || count / 2 < D) => return Vec::new(),
            Some(_) => count,
        };
        let samples = Samples::Data { count, batch_size, sampling };
        let at_minimum = family.at_minimum || batch_size.is_none();
        Vec::from_iter(at_minimum.then_some(Family { samples, at_minimum, equal_residuals: true, ..family }))
    },
    breaking: Breaking::By(|setting, _| Ok(setting)),
};

/// H₀, Γ and w*w*ᵀ all commute. Imposed by features that come in pairs, one the reflection of the other on a line:
/// there lies ∇L₀(w*) where the residuals are equal, and with Γ = γ₀I + γ₁A so does w*. In a Gaussian model A has an
/// eigenvector on the line, and u is what makes it w*, whatever B is.
///
/// Broken by features without that line.
pub const ALIGNED_MINIMUM: Hypothesis = Hypothesis {
    name: "aligned-minimum",
    statement: "`H₀`, `Γ` and `w*w*ᵀ` commute",
    holds: Some(|setting| {
        let (A, G) = (setting.feature_covariance(), setting.weight_decay());
        let of_both = |w: &Vector<Rational>| commute(&A, &outer(w, w)) && commute(G, &outer(w, w));
        commute(&A, G) && Minimum::of(setting).is_some_and(|minimum| of_both(&minimum.weights))
    }),
    impose: |setting, choices| {
        let line = column(setting.dimension(), choices);
        let setting = with_reflected_samples(setting, &line)?;
        let setting = with_model(setting, |model| model.feature_covariance = along(&model.feature_covariance, &line))?;
        let setting = with_affine_weight_decay(setting, choices)?;
        if setting.dimension() == 1 {
            return Ok(setting);
        }
        // K w* = A u.
        let moment = setting.hessian() * &line;
        with_model(setting, |model| {
            if let Ok(u) = matrix::solve(&model.feature_covariance, &Matrix::from_columns(&[moment])) {
                model.true_weights = u.column(0).into_owned();
            }
        })
    },
    // No equality needs it.
    narrow: |_| Vec::new(),
    breaking: Breaking::By(with_affine_weight_decay),
};

fn are_equal(setting: &Setting<Rational>, w: &Vector<Rational>) -> bool {
    let Population::Data(data) = setting.population() else { return false };
    let residuals = &data.features * w - &data.labels;
    let first = residuals[0].clone().abs();
    residuals.iter().all(|residual| residual.clone().abs() == first)
}

/// Whether features vary in each direction. If all of them lie in a plane beside the origin, there is no noise across
/// it where the residuals are equal; with the origin among them, there is.
fn vary(X: &Matrix<Rational>) -> bool {
    let differences = Matrix::from_fn(X.nrows(), X.ncols(), |n, i| X[(n, i)].clone() - &X[(0, i)]);
    matrix::is_positive_definite(&(differences.transpose() * differences))
}

/// |rᵢ| → (|rᵢ| + c)/2, with the residuals rᵢ at w₀ and c the mean of |rᵢ|: the labels move, not L₀'s order of
/// magnitude.
pub const HALF_SPREAD_OF_RESIDUALS: Path = Path {
    parameter: "|L₀ − ℓᵢ|",
    halve: |setting| {
        let Population::Data(data) = setting.population() else { return Ok(setting) };
        let predictions = &data.features * setting.initial_weights();
        let residuals = &predictions - &data.labels;
        let sizes = residuals.iter().map(|residual| residual.clone().abs());
        let mean = sizes.sum::<Rational>() / Rational::from(residuals.len());
        let halved = residuals.map(|residual| {
            let towards = if residual < 0 { -mean.clone() } else { mean.clone() };
            (residual + towards) / Rational::from(2)
        });
        let population = Population::Data(DataSet { features: data.features.clone(), labels: predictions - halved });
        setting.with_population(population)
    },
};
