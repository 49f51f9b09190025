//! Hypotheses on the steps that SGD takes: learning rate, momentum, batch size, stationarity.

use numbers::{Vector, matrix};
use rug::Rational;
use symbols::{BatchSize, Momentum, Setting};

use super::change::{affine, commute, scaled, step_size};
use crate::draw::{self, Choices, column, pick, positive_definite};
use crate::{Breaking, ClaimError, Family, Hypothesis, Path, family::Rate};

/// The loss is quadratic. Every setting's is.
pub const QUADRATIC_LOSS: Hypothesis = Hypothesis {
    name: "quadratic-loss",
    statement: "`L` is quadratic, with Hessian `H = K`",
    holds: Some(|_| true),
    impose: |setting, _| Ok(setting),
    narrow: |family| vec![family],
    breaking: Breaking::Never("the loss of every setting is quadratic"),
};

/// \[Λ, A\] = 0.
pub const COMMUTING_LEARNING_RATE: Hypothesis = Hypothesis {
    name: "commuting-learning-rate",
    statement: "`[Λ, A] = 0`",
    holds: Some(|setting| commute(setting.learning_rate(), &setting.feature_covariance())),
    impose: |setting, choices| {
        let (free, along) = pick(choices, &[(1, 1), (0, 1), (2, 1), (3, -1), (1, 0)]);
        with_polynomial_learning_rate(setting, free, along)
    },
    narrow: |family| match family.learning_rate {
        // Where another matrix commutes with A, too, the two need not commute: with A = aI each may be any.
        _ if family.isotropic => vec![family],
        Rate::Free if family.beside_features.is_some() => Vec::new(),
        Rate::Free => vec![Family { learning_rate: Rate::Polynomial, ..family }],
        // Each other one commutes with A.
        Rate::Scalar | Rate::Polynomial | Rate::Inverse => vec![family],
    },
    breaking: Breaking::By(with_any_learning_rate),
};

/// Λ = λI.
pub const SCALAR_LEARNING_RATE: Hypothesis = Hypothesis {
    name: "scalar-learning-rate",
    statement: "`Λ = λI`",
    holds: Some(|setting| {
        let L = setting.learning_rate();
        *L == matrix::identity::<Rational>(L.nrows()) * L[(0, 0)].clone()
    }),
    impose: |setting, _| with_polynomial_learning_rate(setting, 1, 0),
    narrow: |family| vec![Family { learning_rate: Rate::Scalar, ..family }],
    breaking: Breaking::By(with_any_learning_rate),
};

/// Λ = λA⁻¹, a damped Newton step.
///
/// Broken by any other Λ ≻ 0, of which there is none in one dimension.
pub const DAMPED_NEWTON: Hypothesis = Hypothesis {
    name: "damped-newton",
    statement: "`Λ = λA⁻¹`",
    holds: Some(|setting| {
        let LA = setting.learning_rate() * setting.feature_covariance();
        !LA[(0, 0)].is_zero() && LA == matrix::identity::<Rational>(LA.nrows()) * LA[(0, 0)].clone()
    }),
    impose: |setting, _| match matrix::inverse(&setting.feature_covariance()) {
        Ok(inverse) => Ok(setting.with_learning_rate(inverse)?),
        Err(_) => Ok(setting),
    },
    narrow: |family| vec![Family { learning_rate: Rate::Inverse, ..family }],
    breaking: Breaking::By(with_any_learning_rate),
};

/// Any Λ ≻ 0.
fn with_any_learning_rate(
    setting: Setting<Rational>,
    choices: &mut dyn Choices,
) -> Result<Setting<Rational>, ClaimError> {
    let D = setting.dimension();
    Ok(setting.with_learning_rate(positive_definite(D, choices))?)
}

/// Λ = `free`·I + `along`·A/Tr\[A\], which commutes with A; Λ = I for A = 0.
fn with_polynomial_learning_rate(
    setting: Setting<Rational>,
    free: i64,
    along: i64,
) -> Result<Setting<Rational>, ClaimError> {
    let L = affine(&setting.feature_covariance(), free, along);
    Ok(setting.with_learning_rate(L)?)
}

/// μ = 0.
pub const NO_MOMENTUM: Hypothesis = Hypothesis {
    name: "no-momentum",
    statement: "`μ = 0`",
    holds: Some(|setting| setting.momentum().is_zero()),
    impose: |setting, _| Ok(setting.with_momentum(Momentum::new(Rational::new())?)),
    narrow: |family| vec![Family { momentum: false, ..family }],
    breaking: Breaking::By(|setting, choices| {
        let momentum = Momentum::new(Rational::from(pick(choices, &[(1, 2), (1, 3)])))?;
        Ok(setting.with_momentum(momentum))
    }),
};

/// S ≫ 1: at least 32. Broken by S ≤ 3.
pub const LARGE_BATCH: Hypothesis = Hypothesis {
    name: "large-batch",
    statement: "`S ≫ 1`",
    holds: Some(|setting| setting.batch_size().get() >= 32),
    impose: |setting, choices| Ok(setting.with_batch_size(draw::batch_size(32, 64, choices)?)?),
    narrow: |family| vec![family],
    breaking: Breaking::By(|setting, choices| Ok(setting.with_batch_size(draw::batch_size(1, 3, choices)?)?)),
};

/// A stationary state exists: the second moments of (w, m) converge.
///
/// Only an engine can tell. Imposed by a learning rate that is small against the features; broken by one for which even
/// the mean diverges (Tr\[ΛK\] = 4(1 + μ)D, so that some eigenvalue of ΛK exceeds 2(1 + μ)).
pub const STATIONARY: Hypothesis = Hypothesis {
    name: "stationary",
    statement: "`lim cov(w_t)` exists",
    holds: None,
    impose: |setting, choices| {
        let D = setting.dimension();
        let setting = setting.with_initial_weights(Vector::zeros(D))?;
        let part = Rational::from(pick(choices, &[(1, 2), (2, 3), (1, 3)]));
        let bound = part * (Rational::from(1) - setting.momentum());
        // A unit fraction, so that a witness stays readable.
        let size = (step_size(&setting) / bound).ceil();
        scaled(setting, if size.is_zero() { Rational::from(1) } else { size.recip() })
    },
    narrow: |family| vec![family],
    breaking: Breaking::By(|setting, _| {
        let size = matrix::trace(&(setting.learning_rate() * setting.hessian()));
        if size.is_zero() {
            return Ok(setting);
        }
        let target = (Rational::from(1) + setting.momentum()) * Rational::from(4 * setting.dimension() as i64);
        scaled(setting, target / size)
    }),
};

/// A way to draw: learning rates on either side of the edge of stability.
pub const NEAR_THE_EDGE: Hypothesis = Hypothesis {
    name: "near-the-edge",
    statement: "`Λ` of any size",
    holds: Some(|_| true),
    impose: |setting, choices| {
        let D = setting.dimension();
        let setting = setting.with_initial_weights(Vector::zeros(D))?;
        let part = Rational::from(pick(choices, &[(1, 2), (3, 4), (1, 1), (5, 4), (3, 2), (7, 4), (2, 1), (5, 2)]));
        let size = step_size(&setting);
        scaled(setting, if size.is_zero() { part } else { part / size })
    },
    narrow: |family| vec![family],
    breaking: Breaking::Never("it is a way to draw and no condition"),
};

/// A way to draw: weights that start anywhere, and not at 0.
pub const ANY_START: Hypothesis = Hypothesis {
    name: "any-start",
    statement: "`w₀` anywhere",
    holds: Some(|_| true),
    impose: |setting, choices| {
        let D = setting.dimension();
        Ok(setting.with_initial_weights(column(D, choices))?)
    },
    narrow: |family| vec![family],
    breaking: Breaking::Never("it is a way to draw and no condition"),
};

/// D = 1.
pub const ONE_WEIGHT: Hypothesis = Hypothesis {
    name: "one-weight",
    statement: "`D = 1`",
    holds: Some(|setting| setting.dimension() == 1),
    impose: |setting, _| Ok(setting),
    narrow: |family| Vec::from_iter((family.dimension == 1).then_some(family)),
    breaking: Breaking::Never("in more dimensions the formula says nothing"),
};

/// λ → λ/2.
pub const HALF_LEARNING_RATE: Path = Path {
    parameter: "λ",
    halve: |setting| {
        let L = setting.learning_rate() / Rational::from(2);
        setting.with_learning_rate(L)
    },
};

/// 1/S → 1/(2S).
pub const DOUBLE_BATCH_SIZE: Path = Path {
    parameter: "1/S",
    halve: |setting| {
        let S = BatchSize::new(setting.batch_size().get().saturating_mul(2))?;
        setting.with_batch_size(S)
    },
};

/// σ²/λ → 0 of the natural gradient Λ = (λ/S) C⁻¹ = ℓA⁻¹: ℓ goes half the way to where nothing is stationary any more.
///
/// By a change of units that is σ² → 0 at a fixed λ, and σ²/λ halves to leading order: the ℓ at which it halves exactly
/// is irrational. Theorem 2 has the end of the way, 2(1−μ)/ℓ = (1−μ)/(1+μ) + (1 + D)/S.
pub const VANISHING_LABEL_NOISE: Path = Path {
    parameter: "σ²/λ",
    halve: |setting| {
        let (n, mu, D) = (Rational::from, setting.momentum().clone(), setting.dimension());
        let rest = n(1) - mu.clone();
        let curvature = rest.clone() / (n(1) + mu) + n(D as i64 + 1) / setting.draws();
        let end = n(2) * rest / curvature;
        let LA = setting.learning_rate() * setting.feature_covariance();
        let size = matrix::trace(&LA) / n(D as i64);
        if size.is_zero() {
            return Ok(setting);
        }
        let L = setting.learning_rate() * ((end / size + n(1)) / n(2));
        setting.with_learning_rate(L)
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_weight_leaves_families_of_one_dimension() {
        let left = |dimension| {
            let families = Family::all(dimension, true, false);
            families.into_iter().flat_map(ONE_WEIGHT.narrow).count()
        };
        assert!(left(1) > 0 && left(2) == 0 && left(3) == 0);
    }
}
