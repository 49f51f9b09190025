//! Hypotheses that a matrix is a multiple of I: features alike in all directions, and one weight decay for all weights.

use numbers::Matrix;
use rug::Rational;

use super::change::{mean_eigenvalue, with_model};
use crate::draw::{positive_definite, weight_decay};
use crate::family::{Decay, Samples};
use crate::{Breaking, Family, Hypothesis};

/// A = aI. A data set with more than one weight stays as it is, and does not satisfy it.
pub const ISOTROPIC_FEATURES: Hypothesis = Hypothesis {
    name: "isotropic-features",
    statement: "`A = aI`",
    holds: Some(|setting| is_multiple_of_identity(&setting.feature_covariance())),
    impose: |setting, _| {
        with_model(setting, |model| model.feature_covariance = mean_eigenvalue(&model.feature_covariance))
    },
    // No family of data sets has features that are alike in all directions.
    narrow: |family| match family.samples {
        Samples::Gaussian => vec![Family { isotropic: true, ..family }],
        Samples::Data { .. } => Vec::from_iter((family.dimension == 1).then_some(family)),
    },
    breaking: Breaking::By(|setting, choices| {
        let A = positive_definite(setting.dimension(), choices);
        with_model(setting, |model| model.feature_covariance = A)
    }),
};

/// Γ = γI.
pub const SCALAR_WEIGHT_DECAY: Hypothesis = Hypothesis {
    name: "scalar-weight-decay",
    statement: "`Γ = γI`",
    holds: Some(|setting| is_multiple_of_identity(setting.weight_decay())),
    impose: |setting, _| {
        let G = mean_eigenvalue(setting.weight_decay());
        Ok(setting.with_weight_decay(G)?)
    },
    narrow: |family| match family.weight_decay {
        Decay::Free => vec![Family { weight_decay: Decay::Scalar, ..family }],
        Decay::None | Decay::Scalar => vec![family],
        // Each of these has its u on chosen axes.
        Decay::Beside | Decay::Eigenvector => Vec::new(),
    },
    breaking: Breaking::By(|setting, choices| {
        let G = weight_decay(setting.dimension(), choices);
        Ok(setting.with_weight_decay(G)?)
    }),
};

fn is_multiple_of_identity(M: &Matrix<Rational>) -> bool {
    *M == mean_eigenvalue(M)
}

#[cfg(test)]
mod tests {
    use rug::Rational;

    use super::*;
    use crate::draw::Simplest;
    use crate::hypotheses::{
        ALIGNED_TRUE_WEIGHTS, COMMUTING_INPUT_NOISE, COMMUTING_LEARNING_RATE, COMMUTING_WEIGHT_DECAY,
        TRUE_WEIGHTS_IN_WEIGHT_DECAY,
    };
    use crate::{Claim, file};

    fn claim(assumed: &[&Hypothesis]) -> Claim {
        let names = Vec::from_iter(assumed.iter().map(|hypothesis| format!("'{}'", hypothesis.name))).join(", ");
        let text = format!("[[claim]]\nid = 'a/b'\nformula = 'K = K'\nassume = [{names}]");
        file::read("a.toml", &text).unwrap().remove(0)
    }

    /// What commutes with a multiple of I is not narrowed by that, in whichever order the two are assumed.
    #[test]
    fn families_hold_all_of_what_commutes_anyhow() {
        let (isotropic, scalar) = (&ISOTROPIC_FEATURES, &SCALAR_WEIGHT_DECAY);
        for (assumed, parameters) in [
            (vec![isotropic], ["a"].as_slice()),
            (vec![isotropic, &COMMUTING_LEARNING_RATE], &["a"]),
            (vec![&COMMUTING_LEARNING_RATE, &COMMUTING_INPUT_NOISE, &COMMUTING_WEIGHT_DECAY, isotropic], &["a"]),
            (vec![scalar, &COMMUTING_WEIGHT_DECAY, &TRUE_WEIGHTS_IN_WEIGHT_DECAY], &["γ"]),
            (vec![&ALIGNED_TRUE_WEIGHTS, scalar, isotropic], &["a", "γ"]),
            (vec![scalar, &ALIGNED_TRUE_WEIGHTS], &["γ"]),
        ] {
            let claim = claim(&assumed);
            let mut families = claim.families(2, false, &[]);
            families.retain(|family| family.samples == Samples::Gaussian);
            let [family] = families.as_slice() else { panic!("{assumed:?}: {families:?}") };
            let names = Vec::from_iter(family.parameters().into_iter().map(|parameter| parameter.name));
            assert!(parameters.iter().all(|name| names.iter().any(|other| other == name)), "{assumed:?}: {names:?}");
            assert!(names.iter().any(|name| name == "λ12"), "{assumed:?}: {names:?}");
            let values = Vec::from_iter((0..names.len()).map(|i| Rational::from((i as i64 + 2, 7))));
            let setting = family.setting(&values).unwrap();
            for hypothesis in &claim.hypotheses {
                assert!(hypothesis.may_hold(&setting), "{assumed:?}: {}", hypothesis.name);
            }
        }
    }

    #[test]
    fn a_setting_gets_the_mean_eigenvalue() {
        let claim = claim(&[&ISOTROPIC_FEATURES, &SCALAR_WEIGHT_DECAY]);
        let setting = claim.draw(3, &[], &mut Simplest).unwrap().unwrap();
        let [A, G] = [setting.feature_covariance(), setting.weight_decay().clone()];
        for M in [&A, &G] {
            assert!(is_multiple_of_identity(M) && (M[(0, 0)].clone() * 3u32) == numbers::matrix::trace(M));
        }
    }
}
