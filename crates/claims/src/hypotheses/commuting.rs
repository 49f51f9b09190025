//! Hypotheses on what commutes with what: features, input noise, regularization and true weights.

use numbers::Vector;
use numbers::matrix::{outer, trace};
use rug::Rational;
use symbols::Setting;

use super::change::{
    affine, along, commute, mean_eigenvalue, with_affine_weight_decay, with_model, with_reflected_samples,
};
use crate::draw::{self, Choices, column, pick, positive_definite};
use crate::family::{Beside, Decay, Samples};
use crate::{Breaking, ClaimError, Family, Hypothesis};

/// \[A, Γ\] = 0.
pub const COMMUTING_WEIGHT_DECAY: Hypothesis = Hypothesis {
    name: "commuting-weight-decay",
    statement: "`[A, Γ] = 0`",
    holds: Some(|setting| commute(&setting.feature_covariance(), setting.weight_decay())),
    impose: with_affine_weight_decay,
    // A rotation makes A and Γ diagonal.
    narrow: |family| Vec::from_iter(family.with_beside(Beside::WeightDecay)),
    breaking: Breaking::By(|setting, choices| {
        let G = draw::weight_decay(setting.dimension(), choices);
        Ok(setting.with_weight_decay(G)?)
    }),
};

/// \[Γ, U\] = 0: u is an eigenvector of Γ.
///
/// Where Γ also commutes with A, it is drawn as γI; rarely so that u is an eigenvector of A, too, which is
/// [`ALIGNED_TRUE_WEIGHTS`].
pub const TRUE_WEIGHTS_IN_WEIGHT_DECAY: Hypothesis = Hypothesis {
    name: "true-weights-in-weight-decay",
    statement: "`[Γ, U] = 0`",
    holds: Some(|setting| true_weights(setting).is_some_and(|u| commute(setting.weight_decay(), &outer(&u, &u)))),
    impose: |setting, choices| {
        let Some(u) = true_weights(&setting) else { return Ok(setting) };
        let G = setting.weight_decay();
        if commute(&setting.feature_covariance(), G) && choices.rarely() {
            return aligned(setting, choices);
        }
        let G = if commute(&setting.feature_covariance(), G) { mean_eigenvalue(G) } else { along(G, &u) };
        Ok(setting.with_weight_decay(G)?)
    },
    // A rotation makes Γ diagonal, with u along an axis. Where another matrix is diagonal, too, u may lie along several
    // axes on which Γ is the same. No family of data sets has these axes.
    narrow: |family| match family.samples {
        _ if family.dimension == 1 || matches!(family.weight_decay, Decay::None | Decay::Scalar) => vec![family],
        Samples::Data { .. } => Vec::new(),
        Samples::Gaussian => {
            let are_axes_given = family.diagonal || family.beside_features.is_some();
            let most = if are_axes_given { family.true_weights } else { 1 };
            let of = |true_weights| Family { weight_decay: Decay::Eigenvector, true_weights, ..family };
            Vec::from_iter((1..=most).map(of))
        }
    },
    breaking: Breaking::By(with_affine_weight_decay),
};

/// A, Γ and U all commute: u is a common eigenvector of A and Γ. A data set gets the reflection of each sample on a
/// line, where u lies then.
///
/// Broken by true weights that are not.
pub const ALIGNED_TRUE_WEIGHTS: Hypothesis = Hypothesis {
    name: "aligned-true-weights",
    statement: "`A`, `Γ` and `U` commute",
    holds: Some(|setting| {
        let (A, G) = (setting.feature_covariance(), setting.weight_decay());
        let of_both = |u: Vector<Rational>| commute(&A, &outer(&u, &u)) && commute(G, &outer(&u, &u));
        commute(&A, G) && true_weights(setting).is_some_and(of_both)
    }),
    impose: aligned,
    // A rotation makes A and Γ diagonal, with u along an axis.
    narrow: |family| {
        let aligned = family.with_axes(Beside::WeightDecay);
        Vec::from_iter(aligned.map(|family| Family { true_weights: 1, ..family }))
    },
    breaking: Breaking::By(with_affine_weight_decay),
};

/// D = 1, by itself or in a space of more dimensions: A = a uuᵀ/uᵀu and Γ = γI, so that nothing else ever moves.
pub const ONE_DIRECTION: Hypothesis = Hypothesis {
    name: "one-direction",
    statement: "`D = 1` (for `D > 1`: `A = a uuᵀ/uᵀu`, `Γ = γI`)",
    holds: Some(|setting| {
        let (A, G) = (setting.feature_covariance(), setting.weight_decay());
        let of = |u: &Vector<Rational>| outer(u, u) * (trace(&A) / u.dot(u));
        // In one dimension u names no direction of its own, and may be 0.
        setting.dimension() == 1 || true_weights(setting).is_some_and(|u| A == of(&u)) && *G == mean_eigenvalue(G)
    }),
    impose: |setting, _| {
        let G = mean_eigenvalue(setting.weight_decay());
        with_model(setting.with_weight_decay(G)?, |model| {
            let u = &model.true_weights;
            if !is_zero(u) {
                model.feature_covariance = outer(u, u) * (trace(&model.feature_covariance) / u.dot(u));
            }
        })
    },
    narrow: |family| Vec::from_iter((family.dimension == 1).then_some(family)),
    breaking: Breaking::By(|setting, choices| {
        let A = positive_definite(setting.dimension(), choices);
        let G = mean_eigenvalue(setting.weight_decay());
        with_model(setting.with_weight_decay(G)?, |model| model.feature_covariance = A)
    }),
};

/// \[A, B\] = 0.
pub const COMMUTING_INPUT_NOISE: Hypothesis = Hypothesis {
    name: "commuting-input-noise",
    statement: "`[A, B] = 0`",
    holds: Some(|setting| commute(&setting.feature_covariance(), &setting.input_noise_covariance())),
    impose: |setting, choices| {
        let (free, along) = pick(choices, &[(1, 0), (0, 1), (1, 1), (2, -1)]);
        let size = Rational::from(pick(choices, &[(1, 4), (1, 2), (1, 1)]));
        let size = if choices.rarely() { Rational::new() } else { size };
        with_model(setting, |model| {
            let A = &model.feature_covariance;
            model.input_noise_covariance = affine(A, free, along) * (size * trace(A));
        })
    },
    // A rotation makes A and B diagonal.
    narrow: |family| Vec::from_iter(family.with_beside(Beside::InputNoise)),
    breaking: Breaking::By(|setting, choices| {
        let B = positive_definite(setting.dimension(), choices) / Rational::from(2);
        with_model(setting, |model| model.input_noise_covariance = B)
    }),
};

/// The setting with u a common eigenvector of A and Γ.
fn aligned(setting: Setting<Rational>, choices: &mut dyn Choices) -> Result<Setting<Rational>, ClaimError> {
    let D = setting.dimension();
    let setting = match setting.sample_count() {
        Some(_) if D > 1 => with_reflected_samples(setting, &column(D, choices))?,
        _ => with_model(setting, |model| {
            model.feature_covariance = along(&model.feature_covariance, &model.true_weights);
        })?,
    };
    with_affine_weight_decay(setting, choices)
}

/// u, where it is determined and not zero.
fn true_weights(setting: &Setting<Rational>) -> Option<Vector<Rational>> {
    let u = setting.true_weights().ok()?;
    (!is_zero(&u)).then_some(u)
}

fn is_zero(u: &Vector<Rational>) -> bool {
    u.iter().all(Rational::is_zero)
}

#[cfg(test)]
mod tests {
    use crate::draw::Simplest;
    use crate::file;

    use super::*;

    #[test]
    fn true_weights_that_are_zero_are_no_direction() {
        let text = "[[claim]]\nid = 'a/b'\nformula = 'A = A'";
        let claim = &file::read("a.toml", text).unwrap()[0];
        let setting = claim.draw(2, &[], &mut Simplest).unwrap().unwrap();
        let setting = with_model(setting, |model| model.true_weights = Vector::zeros(2)).unwrap();
        for hypothesis in [TRUE_WEIGHTS_IN_WEIGHT_DECAY, ALIGNED_TRUE_WEIGHTS, ONE_DIRECTION] {
            let imposed = (hypothesis.impose)(setting.clone(), &mut Simplest).unwrap();
            assert!(!hypothesis.may_hold(&imposed), "{}", hypothesis.name);
        }
    }
}
