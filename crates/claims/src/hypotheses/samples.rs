//! Hypotheses on samples and minibatches: data sets, sampling, minima.

use numbers::matrix::{identity, is_positive_semidefinite, outer};
use numbers::{Matrix, Vector, matrix};
use rug::Rational;
use symbols::{BatchSize, DataSet, Population, Sampling, Setting};

use crate::draw::{self, Choices, data_set};
use crate::family::{Decay, Samples};
use crate::{Breaking, ClaimError, Family, Hypothesis, Path};

/// Finitely many samples.
pub const DATA_SET: Hypothesis = Hypothesis {
    name: "data-set",
    statement: "`N` samples",
    holds: Some(|setting| setting.sample_count().is_some()),
    impose: |setting, choices| match setting.population() {
        Population::Data(_) => Ok(setting),
        Population::Gaussian(_) => {
            let D = setting.dimension();
            let N = draw::sample_count(D, choices);
            let data = data_set(D, N, choices);
            let most = draw::most_enumerated(choices);
            with_data(setting, data, (1, most), choices)
        }
    },
    narrow: |family| Vec::from_iter((family.samples != Samples::Gaussian).then_some(family)),
    breaking: Breaking::Never("the formula is a sum over samples"),
};

/// The setting with another data set, and a batch size of the given range.
fn with_data(
    setting: Setting<Rational>,
    data: DataSet<Rational>,
    batch_sizes: (i64, i64),
    choices: &mut dyn Choices,
) -> Result<Setting<Rational>, ClaimError> {
    let batch_size = draw::batch_size(batch_sizes.0, batch_sizes.1, choices)?;
    let sampling = setting.sampling();
    Ok(setting
        .with_sampling(Sampling::WithReplacement)?
        .with_batch_size(batch_size)?
        .with_population(Population::Data(data))?
        .with_sampling(sampling)?)
}

/// S i.i.d. uniform indices.
pub const WITH_REPLACEMENT: Hypothesis = Hypothesis {
    name: "with-replacement",
    statement: "`S` i.i.d. uniform indices",
    holds: Some(|setting| setting.sampling() == Sampling::WithReplacement),
    impose: |setting, _| Ok(setting.with_sampling(Sampling::WithReplacement)?),
    narrow: |family| Vec::from_iter((family.sampling() == Sampling::WithReplacement).then_some(family)),
    breaking: Breaking::By(draw_subsets),
};

/// A uniform S-subset.
pub const WITHOUT_REPLACEMENT: Hypothesis = Hypothesis {
    name: "without-replacement",
    statement: "a uniform `S`-subset",
    holds: Some(|setting| setting.sampling() == Sampling::WithoutReplacement),
    impose: draw_subsets,
    narrow: |family| Vec::from_iter((family.sampling() == Sampling::WithoutReplacement).then_some(family)),
    breaking: Breaking::By(|setting, _| Ok(setting.with_sampling(Sampling::WithReplacement)?)),
};

fn draw_subsets(setting: Setting<Rational>, choices: &mut dyn Choices) -> Result<Setting<Rational>, ClaimError> {
    let N = setting.sample_count().ok_or(ClaimError::NeedsDataSet)?;
    let S = setting.batch_size();
    let S = if S.get() as usize > N { draw::batch_size(1, N as i64, choices)? } else { S };
    Ok(setting.with_batch_size(S)?.with_sampling(Sampling::WithoutReplacement)?)
}

/// S = 1.
pub const SINGLE_DRAWS: Hypothesis = Hypothesis {
    name: "single-draws",
    statement: "`S = 1`",
    holds: Some(|setting| setting.batch_size().get() == 1),
    impose: |setting, _| Ok(setting.with_batch_size(BatchSize::new(1)?)?),
    narrow: |family| Vec::from_iter(family.counts().is_some_and(|(_, S)| S == 1).then_some(family)),
    breaking: Breaking::By(|setting, _| Ok(setting.with_batch_size(BatchSize::new(2)?)?)),
};

/// N ≫ S: at least four times. Broken by N ≤ S.
pub const MANY_SAMPLES: Hypothesis = Hypothesis {
    name: "many-samples",
    statement: "`N ≫ S`",
    holds: Some(|setting| setting.sample_count().is_none_or(|N| N >= 4 * setting.batch_size().get() as usize)),
    impose: |setting, choices| {
        let D = setting.dimension();
        let data = data_set(D, choices.integer(8, 9) as usize, choices);
        with_data(setting, data, (1, 2), choices)
    },
    narrow: |family| Vec::from_iter(family.counts().is_none_or(|(N, S)| N >= 4 * S as usize).then_some(family)),
    breaking: Breaking::By(|setting, choices| {
        let D = setting.dimension();
        let N = choices.integer(D as i64 + 1, D as i64 + 2);
        let data = data_set(D, N as usize, choices);
        with_data(setting, data, (N, N), choices)
    }),
};

/// ℓᵢ ≥ 0, for which Γ ⪰ 0 suffices. Imposed by Γ = 0; rarely by any Γ ⪰ 0 that was drawn. Broken by Γ ≺ 0.
pub const NONNEGATIVE_LOSSES: Hypothesis = Hypothesis {
    name: "nonnegative-losses",
    statement: "`ℓᵢ ≥ 0`",
    holds: Some(|setting| is_positive_semidefinite(setting.weight_decay())),
    impose: |setting, choices| {
        let D = setting.dimension();
        if is_positive_semidefinite(setting.weight_decay()) && choices.rarely() {
            return Ok(setting);
        }
        Ok(setting.with_weight_decay(Matrix::zeros(D, D))?)
    },
    narrow: |family| vec![Family { nonnegative: true, ..family }],
    breaking: Breaking::By(|setting, _| {
        let G = setting.feature_covariance() / Rational::from(-2);
        Ok(setting.with_weight_decay(G)?)
    }),
};

/// ℓᵢ is differentiable. Every setting's is.
pub const DIFFERENTIABLE: Hypothesis = Hypothesis {
    name: "differentiable-losses",
    statement: "`ℓᵢ` is differentiable",
    holds: Some(|_| true),
    impose: |setting, _| Ok(setting),
    narrow: |family| vec![family],
    breaking: Breaking::Never("the losses of every setting are polynomials"),
};

/// L(w*) = 0.
///
/// Imposed by labels that some weights fit; under weight decay by Γ = γA with 1 + γ = bᵀA⁻¹b / E\[y²\], b = E\[xy\],
/// for which the minimum ½ (E\[y²\] − bᵀK⁻¹b) of the loss vanishes although no sample is fitted; rarely by Γw* = 0
/// where Γ ⪰ 0.
pub const ZERO_MINIMUM: Hypothesis = Hypothesis {
    name: "zero-minimum",
    statement: "`L(w*) = 0`",
    holds: Some(|setting| Minimum::of(setting).is_some_and(|minimum| minimum.loss.is_zero())),
    impose: |setting, choices| {
        let Population::Data(data) = setting.population().clone() else {
            return Err(ClaimError::NeedsDataSet);
        };
        if setting.weight_decay().iter().all(Rational::is_zero) {
            let labels = &data.features * draw::column(setting.dimension(), choices);
            return Ok(setting.with_population(Population::Data(DataSet { labels, ..data }))?);
        }
        if is_positive_semidefinite(setting.weight_decay()) && choices.rarely() {
            let w = draw::column(setting.dimension(), choices);
            let beside = identity::<Rational>(w.len()) - outer(&w, &w) / w.dot(&w);
            let G = &beside * setting.weight_decay() * &beside;
            let labels = &data.features * w;
            let setting = setting.with_weight_decay(G)?;
            return Ok(setting.with_population(Population::Data(DataSet { labels, ..data }))?);
        }
        let unregularized = setting.clone().with_weight_decay(setting.weight_decay() * Rational::new())?;
        let squares = data.labels.dot(&data.labels) / Rational::from(data.labels.len());
        let Some(minimum) = Minimum::of(&unregularized).filter(|_| !squares.is_zero()) else {
            return Ok(setting);
        };
        // bᵀA⁻¹b = E[y²] − 2 L(w*) without regularization, so γ = −2 L(w*) / E[y²].
        let size = minimum.loss * Rational::from(-2) / squares;
        let G = setting.feature_covariance() * size;
        Ok(setting.with_weight_decay(G)?)
    },
    // Where Γ ⪰ 0 no loss is negative, so that each vanishes: y = Xc with Γc = 0, and w* = c. A rotation puts c on an
    // axis; where Γ is diagonal, c may lie along several axes on which it vanishes. For c = 0 Γ may be any. Otherwise, and
    // with input noise, L(w*) = 0 is an equation that no variable solves for all others.
    narrow: |family| match family.weight_decay {
        _ if family.input_noise => Vec::new(),
        Decay::None => vec![Family { fitted: true, ..family }],
        Decay::Free if family.nonnegative && family.beside_features.is_none() => {
            let most = if family.diagonal { family.dimension } else { 1 };
            let fitted = Family { fitted: true, ..family };
            let along = (1..=most).map(|true_weights| Family { weight_decay: Decay::Beside, true_weights, ..fitted });
            Vec::from_iter(along.chain([Family { true_weights: 0, ..fitted }]))
        }
        _ => Vec::new(),
    },
    breaking: Breaking::By(|setting, choices| {
        let (D, N) = (setting.dimension(), setting.sample_count().ok_or(ClaimError::NeedsDataSet)?);
        Ok(setting.with_population(Population::Data(data_set(D, N, choices)))?)
    }),
};

/// w₀ = w*, the minimizer of the full loss.
pub const AT_MINIMUM: Hypothesis = Hypothesis {
    name: "at-minimum",
    statement: "`w = w*`",
    holds: Some(|setting| Minimum::of(setting).is_some_and(|minimum| minimum.weights == *setting.initial_weights())),
    impose: |setting, _| match Minimum::of(&setting) {
        Some(minimum) => Ok(setting.with_initial_weights(minimum.weights)?),
        None => Ok(setting),
    },
    narrow: |family| vec![Family { at_minimum: true, ..family }],
    breaking: Breaking::By(|setting, choices| match Minimum::of(&setting) {
        Some(minimum) => {
            let away = draw::column(setting.dimension(), choices);
            Ok(setting.with_initial_weights(minimum.weights + away)?)
        }
        None => Ok(setting),
    }),
};

/// The minimizer w* = K⁻¹b of the full loss, b = E\[xy\], and L(w*) = ½ (E\[y²\] − bᵀw*).
pub(super) struct Minimum {
    pub(super) weights: Vector<Rational>,
    loss: Rational,
}

impl Minimum {
    pub(super) fn of(setting: &Setting<Rational>) -> Option<Minimum> {
        let squares = match setting.population() {
            Population::Data(data) => data.labels.dot(&data.labels) / Rational::from(data.labels.len()),
            Population::Gaussian(model) => {
                let u = &model.true_weights;
                u.dot(&(&model.feature_covariance * u)) + &model.label_noise_variance
            }
        };
        let b = setting.label_moment();
        let weights = matrix::inverse(&setting.hessian()).ok()? * &b;
        let loss = (squares - b.dot(&weights)) / Rational::from(2);
        Some(Minimum { weights, loss })
    }
}

/// 1/N → 1/(2N): every sample once more.
pub const TWICE_THE_SAMPLES: Path = Path {
    parameter: "1/N",
    halve: |setting| {
        let Population::Data(data) = setting.population() else { return Ok(setting) };
        let N = data.labels.len();
        let features = Matrix::from_fn(2 * N, data.features.ncols(), |i, j| data.features[(i % N, j)].clone());
        let labels = Vector::from_fn(2 * N, |i, _| data.labels[i % N].clone());
        setting.clone().with_population(Population::Data(DataSet { features, labels }))
    },
};

#[cfg(test)]
mod tests {
    use symbols::Gaussian;

    use super::*;

    #[test]
    fn the_loss_at_the_minimum_counts_label_noise() {
        let number = |numerator: u32, denominator: u32| matrix::scalar(Rational::from((numerator, denominator)));
        let model = Gaussian {
            feature_covariance: number(1, 1),
            input_noise_covariance: number(0, 1),
            label_noise_variance: Rational::from((1, 2)),
            true_weights: Vector::from_element(1, Rational::from(1)),
        };
        let setting = Setting::new(Population::Gaussian(model), number(1, 4), BatchSize::new(1).unwrap()).unwrap();
        let minimum = Minimum::of(&setting.with_weight_decay(number(1, 1)).unwrap()).unwrap();
        // ½ (w − 1)² + ½ σ² + ½ w² at w = ½.
        assert_eq!((minimum.weights[0].clone(), minimum.loss), (Rational::from((1, 2)), Rational::from((1, 2))));
    }
}
