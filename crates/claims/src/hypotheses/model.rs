//! Hypotheses on the model: features, noise and regularization.

use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::{DataSet, Gaussian, Population, Sampling};

use super::change::{is_zero, scaled, step_size, with_model};
use crate::draw::{self, Choices, fraction, gaussian, pick, positive_definite, triangle};
use crate::family::{Decay, Samples};
use crate::{Breaking, Family, Hypothesis, Path};

/// x ~ N(0, A), infinitely many samples.
///
/// Broken by features that are not Gaussian but have every other property: x = L s with independent signs s, and label
/// noise ±σ independent of x. Drawn with replacement from its 2^(D+1) equally likely values, that is a population with
/// the same first and second moments.
pub const GAUSSIAN_FEATURES: Hypothesis = Hypothesis {
    name: "gaussian-features",
    statement: "`x ~ N(0, A)`, `N → ∞`",
    holds: Some(|setting| matches!(setting.population(), Population::Gaussian(_))),
    impose: |setting, choices| match setting.population() {
        Population::Gaussian(_) => Ok(setting),
        Population::Data(_) => {
            let model = gaussian(setting.dimension(), choices);
            let batch_size = draw::model_batch_size(choices)?;
            Ok(setting
                .with_sampling(Sampling::WithReplacement)?
                .with_population(Population::Gaussian(model))?
                .with_batch_size(batch_size)?)
        }
    },
    narrow: |family| Vec::from_iter((family.samples == Samples::Gaussian).then_some(family)),
    breaking: Breaking::By(|setting, choices| {
        let data = labelled_signs(setting.dimension(), choices);
        Ok(setting.with_population(Population::Data(data))?.with_sampling(Sampling::WithReplacement)?)
    }),
};

fn labelled_signs(D: usize, choices: &mut dyn Choices) -> DataSet<Rational> {
    let L = triangle(D, choices);
    let u = draw::column(D, choices);
    let deviation = Rational::from(pick(choices, &[1, 2]));
    let signs = signs(D + 1);
    let features = signs.columns(0, D) * L.transpose();
    let labels = &features * u + signs.column(D) * deviation;
    DataSet { features, labels }
}

/// All 2ⁿ rows of n signs.
fn signs(n: usize) -> Matrix<Rational> {
    Matrix::from_fn(1 << n, n, |row, place| Rational::from(if row >> place & 1 == 0 { 1 } else { -1 }))
}

/// x̃ = x + η with Gaussian features and Gaussian input noise, infinitely many samples.
///
/// Broken by x = L s and η = c L t with independent signs s and t, drawn with replacement from their 2^(2D) values.
pub const INPUT_NOISE: Hypothesis = Hypothesis {
    name: "input-noise",
    statement: "`x̃ = x + η`, `x ~ N(0, A)`, `η ~ N(0, B)`, `N → ∞`",
    breaking: Breaking::Beside(|setting, choices| {
        let D = setting.dimension();
        let L = triangle(D, choices);
        let ratio = Rational::from(pick(choices, &[(1, 1), (1, 2), (2, 1)]));
        let u = draw::column(D, choices);
        let signs = signs(2 * D);
        let [x, noise] = [0, D].map(|first| signs.columns(first, D) * L.transpose());
        let data = DataSet { labels: &x * &u, features: x + noise * ratio.clone() };
        let before = step_size(&setting);
        let A = &L * L.transpose();
        let setting = setting.with_population(Population::Gaussian(Gaussian {
            input_noise_covariance: &A * ratio.square(),
            feature_covariance: A,
            label_noise_variance: Rational::new(),
            true_weights: u,
        }))?;
        let factor = before / step_size(&setting);
        Ok((scaled(setting, factor)?, data))
    }),
    ..GAUSSIAN_FEATURES
};

/// σ² = 0: some weights fit every label.
pub const NO_LABEL_NOISE: Hypothesis = Hypothesis {
    name: "no-label-noise",
    statement: "`σ² = 0`",
    holds: Some(|setting| setting.label_noise_variance().is_ok_and(|variance| variance.is_zero())),
    impose: |setting, choices| match setting.population().clone() {
        Population::Gaussian(_) => with_model(setting, |model| model.label_noise_variance = Rational::new()),
        Population::Data(data) => {
            let labels = &data.features * draw::column(setting.dimension(), choices);
            Ok(setting.with_population(Population::Data(DataSet { labels, ..data }))?)
        }
    },
    narrow: |family| vec![Family { fitted: true, ..family }],
    breaking: Breaking::By(|setting, choices| {
        let variance = fraction(choices);
        with_model(setting, |model| model.label_noise_variance = variance)
    }),
};

/// σ² > 0.
///
/// Broken by σ² = 0, in which bounds are reached that are strict beside noise.
pub const LABEL_NOISE: Hypothesis = Hypothesis {
    name: "label-noise",
    statement: "`σ² > 0`",
    holds: Some(|setting| setting.label_noise_variance().is_ok_and(|variance| variance > 0)),
    impose: |setting, choices| match (NO_LABEL_NOISE.may_hold(&setting), setting.population()) {
        (true, Population::Gaussian(_)) => {
            let variance = fraction(choices);
            with_model(setting, |model| model.label_noise_variance = variance)
        }
        _ => Ok(setting),
    },
    // An inequality: families have noise almost everywhere.
    narrow: |family| vec![family],
    breaking: Breaking::By(NO_LABEL_NOISE.impose),
};

/// Γ ⪰ 0: by its square, which commutes with what Γ commutes with.
///
/// Broken by −(A + B)/2, or by a multiple of −I.
pub const NONNEGATIVE_WEIGHT_DECAY: Hypothesis = Hypothesis {
    name: "nonnegative-weight-decay",
    statement: "`Γ ⪰ 0`",
    holds: Some(|setting| matrix::is_positive_semidefinite(setting.weight_decay())),
    impose: |setting, _| {
        let G = setting.weight_decay();
        if matrix::is_positive_semidefinite(G) {
            return Ok(setting);
        }
        let square = G * G;
        Ok(setting.with_weight_decay(square)?)
    },
    // An inequality: where a polynomial vanishes for every Γ ⪰ 0, it does for any Γ.
    narrow: |family| vec![family],
    breaking: Breaking::By(|setting, choices| {
        let D = setting.dimension();
        let G = if choices.rarely() {
            matrix::identity::<Rational>(D) * -fraction(choices)
        } else {
            (setting.weight_decay() - setting.hessian()) / Rational::from(2)
        };
        Ok(setting.with_weight_decay(G)?)
    }),
};

/// Γ = 0.
///
/// Broken by Γ ≻ 0; rarely by −(A + B)/2.
pub const NO_WEIGHT_DECAY: Hypothesis = Hypothesis {
    name: "no-weight-decay",
    statement: "`Γ = 0`",
    holds: Some(|setting| is_zero(setting.weight_decay())),
    impose: |setting, _| {
        let D = setting.dimension();
        Ok(setting.with_weight_decay(Matrix::zeros(D, D))?)
    },
    narrow: |family| vec![Family { weight_decay: Decay::None, ..family }],
    breaking: Breaking::By(|setting, choices| {
        let D = setting.dimension();
        let G = if choices.rarely() {
            (setting.weight_decay() - setting.hessian()) / Rational::from(2)
        } else {
            positive_definite(D, choices) / Rational::from(4)
        };
        Ok(setting.with_weight_decay(G)?)
    }),
};

/// B = 0.
pub const NO_INPUT_NOISE: Hypothesis = Hypothesis {
    name: "no-input-noise",
    statement: "`B = 0`",
    holds: Some(|setting| is_zero(&setting.input_noise_covariance())),
    impose: |setting, _| {
        let D = setting.dimension();
        with_model(setting, |model| model.input_noise_covariance = Matrix::zeros(D, D))
    },
    narrow: |family| vec![Family { input_noise: false, ..family }],
    breaking: Breaking::By(|setting, choices| {
        let B = positive_definite(setting.dimension(), choices) / Rational::from(2);
        with_model(setting, |model| model.input_noise_covariance = B)
    }),
};

/// A ≻ 0 and Λ ≻ 0. Imposed by another A, and another Λ, where they are singular.
///
/// Broken by an A of rank D − 1: weights along its null space never move, and no stationary state is the only one.
pub const FULL_RANK: Hypothesis = Hypothesis {
    name: "full-rank",
    statement: "`A ≻ 0` and `Λ ≻ 0`",
    holds: Some(|setting| {
        matrix::is_positive_definite(&setting.feature_covariance())
            && matrix::is_positive_definite(setting.learning_rate())
    }),
    impose: |setting, choices| {
        let D = setting.dimension();
        let setting = match matrix::is_positive_definite(setting.learning_rate()) {
            true => setting,
            false => setting.with_learning_rate(positive_definite(D, choices))?,
        };
        if matrix::is_positive_definite(&setting.feature_covariance()) {
            return Ok(setting);
        }
        match setting.sample_count() {
            None => {
                let A = positive_definite(D, choices);
                with_model(setting, |model| model.feature_covariance = A)
            }
            // Fewer samples than weights are never independent.
            Some(N) if N <= D => Ok(setting),
            Some(N) => Ok(setting.with_population(Population::Data(draw::data_set(D, N, choices)))?),
        }
    },
    // An inequality: families are of matrices that are invertible almost everywhere.
    narrow: |family| vec![family],
    breaking: Breaking::By(|setting, choices| {
        if let Population::Data(data) = setting.population().clone() {
            return Ok(setting.with_population(Population::Data(draw::without_last_feature(data)))?);
        }
        let A = draw::singular_covariance(setting.dimension(), choices);
        with_model(setting, |model| model.feature_covariance = A)
    }),
};

/// K is invertible, so that there is one minimizer.
///
/// Broken by a direction that neither A nor B nor Γ sees.
pub const INVERTIBLE_HESSIAN: Hypothesis = Hypothesis {
    name: "invertible-hessian",
    statement: "`K` is invertible",
    holds: Some(|setting| matrix::inverse(&setting.hessian()).is_ok()),
    impose: |setting, _| Ok(setting),
    narrow: |family| vec![family],
    breaking: Breaking::By(|setting, _| {
        let last = setting.dimension() - 1;
        let unseen = |M: &mut Matrix<Rational>| {
            M.row_mut(last).fill(Rational::new());
            M.column_mut(last).fill(Rational::new());
        };
        let mut G = setting.weight_decay().clone();
        unseen(&mut G);
        let setting = setting.with_weight_decay(G)?;
        if let Population::Data(data) = setting.population().clone() {
            return Ok(setting.with_population(Population::Data(draw::without_last_feature(data)))?);
        }
        with_model(setting, |model| {
            unseen(&mut model.feature_covariance);
            unseen(&mut model.input_noise_covariance);
        })
    }),
};

/// σ² → σ²/2 of a Gaussian population. A data set stays as it is.
pub const HALF_LABEL_NOISE: Path = Path {
    parameter: "σ²",
    halve: |setting| match setting.population().clone() {
        Population::Gaussian(mut model) => {
            model.label_noise_variance /= 2;
            setting.with_population(Population::Gaussian(model))
        }
        Population::Data(_) => Ok(setting),
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Simplest;
    use crate::file;
    use crate::hypotheses::{COMMUTING_WEIGHT_DECAY, SCALAR_WEIGHT_DECAY};

    /// Γ² is positive, and commutes with what Γ commutes with; Γ stays as it is where it is positive.
    #[test]
    fn an_indefinite_weight_decay_becomes_its_square() {
        let text = "[[claim]]\nid = 'a/b'\nformula = 'K = K'\nassume = ['gaussian features']";
        let setting = file::read("a.toml", text).unwrap().remove(0).draw(2, &[], &mut Simplest).unwrap().unwrap();
        let with = |G: [i32; 4]| {
            let G = Matrix::from_row_slice(2, 2, &G.map(Rational::from));
            setting.clone().with_weight_decay(G).unwrap()
        };
        let imposed = |setting| (NONNEGATIVE_WEIGHT_DECAY.impose)(setting, &mut Simplest).unwrap();
        for (G, expected) in
            [([1, 2, 2, 1], [5, 4, 4, 5]), ([-2, 0, 0, -2], [4, 0, 0, 4]), ([2, 1, 1, 2], [2, 1, 1, 2])]
        {
            let (before, found) = (with(G), imposed(with(G)));
            assert_eq!(found.weight_decay(), with(expected).weight_decay(), "{G:?}");
            assert!(NONNEGATIVE_WEIGHT_DECAY.may_hold(&found));
            for other in [&SCALAR_WEIGHT_DECAY, &COMMUTING_WEIGHT_DECAY] {
                assert_eq!(other.may_hold(&before), other.may_hold(&found), "{G:?} {}", other.name);
            }
        }
        assert!(!NONNEGATIVE_WEIGHT_DECAY.may_hold(&with([0, 1, 1, 0])));
    }

    #[test]
    fn label_noise_is_there_or_not() {
        let text = "[[claim]]\nid = 'a/b'\nformula = 'K = K'\nassume = ['gaussian features', 'no label noise']";
        let still = file::read("a.toml", text).unwrap().remove(0).draw(2, &[], &mut Simplest).unwrap().unwrap();
        let noisy = (LABEL_NOISE.impose)(still.clone(), &mut Simplest).unwrap();
        assert!(LABEL_NOISE.may_hold(&noisy) && !LABEL_NOISE.may_hold(&still) && !NO_LABEL_NOISE.may_hold(&noisy));
    }
}
