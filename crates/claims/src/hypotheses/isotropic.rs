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
