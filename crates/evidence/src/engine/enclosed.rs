//! Answers of the Lyapunov engine for the setting over ℚ: doubles, with the bounds on their errors around them.

use std::ops::ControlFlow;

use lyapunov::{LyapunovError, Problem, Solution};
use numbers::{DoubleDouble, Interval, Matrix, Vector};
use rug::Rational;
use symbols::{Minibatch, Moments, Setting};

use super::certain::{BITS, around};
use crate::enclose::enclosing;

/// The setting over intervals, nothing rounded.
pub(super) fn exactly(setting: &Setting<Rational>) -> Setting<Interval> {
    setting.map(|v| Interval::from(v.clone()))
}

/// The setting over intervals of few digits, which no computation makes longer.
pub(super) fn narrowly(setting: &Setting<Rational>) -> Setting<Interval> {
    setting.map(|v| enclosing(v, BITS))
}

/// The stationary state of the setting over ℚ, with bounds on its errors.
fn solve(setting: &Setting<Rational>) -> Result<Solution, LyapunovError> {
    let double_double = setting.map(DoubleDouble::from_rational);
    lyapunov::solve(&Problem::written(&double_double), &mut |_| ControlFlow::Continue(()))
}

/// A matrix, given doubles and bounds on their errors.
fn matrix_around(M: &Matrix<f64>, errors: &Matrix<f64>) -> Option<Matrix<Interval>> {
    let entries = M.iter().zip(errors).map(|(value, error)| around(*value, *error));
    Some(Matrix::from_vec(M.nrows(), M.ncols(), entries.collect::<Option<_>>()?))
}

pub(super) fn stationary(setting: &Setting<Rational>) -> Result<Moments<Interval>, LyapunovError> {
    let Solution { moments, errors, .. } = solve(setting)?;
    let enclosed = || {
        let fluctuation = matrix_around(&moments.fluctuation, &errors.fluctuation_entries)?;
        let noise_covariance = matrix_around(&moments.noise_covariance, &errors.noise_covariance_entries)?;
        Some(Moments {
            mean: None,
            buffer: lyapunov::buffer(&narrowly(setting), &fluctuation, &noise_covariance),
            fluctuation,
            noise_covariance,
            train_loss: around(moments.train_loss, errors.train_loss)?,
            test_loss: match (moments.test_loss, errors.test_loss) {
                (Some(loss), Some(error)) => Some(around(loss, error)?),
                _ => None,
            },
        })
    };
    enclosed().ok_or(LyapunovError::NotFinite { quantity: "the stationary state" })
}

/// E\[ĝ\] and C(w₀), enclosed.
///
/// With Λ = 0 the weights stay at w₀ for ever. So the stationary state for Λ = 0, which is certified, has the noise of
/// the first minibatch and the loss at w₀. The loss is a quadratic function, whose slope is a difference of two of its
/// values: E\[ĝ\]ᵢ = (L(w₀ + eᵢ) − L(w₀ − eᵢ))/2.
pub(super) fn first_minibatch(setting: &Setting<Rational>) -> Result<Minibatch<Interval>, LyapunovError> {
    const QUANTITY: &str = "the gradient of a minibatch";
    let not_finite = || LyapunovError::NotFinite { quantity: QUANTITY };
    let D = setting.dimension();
    let standing = |at: Vector<Rational>| {
        let still = setting.clone().with_learning_rate(Matrix::zeros(D, D));
        let still = still.and_then(|setting| setting.with_initial_weights(at));
        // The shapes are those of the setting, so that this error does not occur.
        solve(&still.map_err(|_| not_finite())?)
    };
    let loss = |i: usize, step: i32| {
        let mut at = setting.initial_weights().clone();
        at[i] += step;
        let Solution { moments, errors, .. } = standing(at)?;
        around(moments.train_loss, errors.train_loss).ok_or_else(not_finite)
    };
    let slope = |i: usize| Ok((loss(i, 1)? - loss(i, -1)?) / Interval::from(Rational::from(2)));
    let gradient = (0..D).map(slope).collect::<Result<Vec<_>, LyapunovError>>()?;
    let Solution { moments, errors, .. } = standing(setting.initial_weights().clone())?;
    let noise = matrix_around(&moments.noise_covariance, &errors.noise_covariance_entries);
    Ok(Minibatch { gradient: Vector::from_vec(gradient), noise_covariance: noise.ok_or_else(not_finite)? })
}

#[cfg(test)]
mod tests {
    use claims::Choices;
    use numbers::{matrix, nearest_f64};
    use proptest::prelude::*;
    use registry::closed_forms;
    use symbols::Quantity;

    use super::*;
    use crate::choices::Seeded;
    use crate::engine::certain::Bounds;
    use crate::engine::magnitude_of;
    use crate::{draw::Draw, instance::describe};

    /// Whether each enclosure holds the exact number, and is as narrow as doubles can make it.
    fn check(found: &Matrix<Interval>, exactly: &Matrix<Rational>, unit: f64, setting: &Setting<Rational>) {
        for (found, exactly) in found.iter().zip(exactly) {
            assert!(found.contains(exactly), "{found} without {exactly} at {}", describe(setting));
            let width = nearest_f64(&found.width().unwrap());
            assert!(width <= 1e-13 * unit, "{width:e} at {}", describe(setting));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn an_answer_encloses_that_of_the_exact_engine(seed: u64, dimension in 1..4_usize, claim in 0..closed_forms().len()) {
            let claim = closed_forms()[claim];
            let draw = Draw { claim, without: &[], dimension, seed, name: "enclosed", sparse: false };
            let Some(mut setting) = draw.setting(|setting| exact::stationary(setting).is_ok()) else { return Ok(()) };
            // Sevenths are no doubles.
            let choices = &mut Seeded::new(seed, "weights");
            let start = Vector::from_fn(dimension, |_, _| Rational::from((choices.integer(-9, 9), 7)));
            setting = setting.with_initial_weights(start).unwrap();
            let exactly = exact::stationary(&setting).unwrap();
            let found = match stationary(&setting) {
                Ok(found) => found,
                // A null space over ℚ need not be one in doubles, where the engine may refuse it. It refuses no other.
                Err(LyapunovError::Rank { .. }) => {
                    assert!(matrix::inverse(&setting.hessian()).is_err(), "{}", describe(&setting));
                    return Ok(());
                }
                Err(error) => panic!("{error} at {}", describe(&setting)),
            };
            let unit = |quantity| magnitude_of(quantity, &setting.map(nearest_f64));
            for quantity in Quantity::ALL {
                let of_found = quantity.of_moments(&super::exactly(&setting), &found);
                if let (Some(found), Some(exactly)) = (of_found, quantity.of_moments(&setting, &exactly)) {
                    check(&found, &exactly, unit(quantity).max(Bounds::of_norm(&found).high), &setting);
                }
            }
            assert_eq!(found.buffer.is_some(), exactly.buffer.is_some(), "{}", describe(&setting));
            if let (Some(found), Some(exactly)) = (found.buffer, exactly.buffer) {
                // Where no step has noise all moments are 0, and only those of the setting are a unit.
                let [weights, noise] = [Quantity::Fluctuation, Quantity::NoiseCovariance].map(unit);
                let across = (found.with_weights, exactly.with_weights, (weights * noise).sqrt());
                for (found, exactly, unit) in [across, (found.square, exactly.square, noise)] {
                    check(&found, &exactly, unit.max(Bounds::of_norm(&found).high), &setting);
                }
            }
            if let Ok(exactly) = exact::minibatch(&setting) {
                let found = first_minibatch(&setting).unwrap();
                // A slope is a difference of losses, and known only as well as these.
                let unit = |quantity| 10.0 * unit(quantity).max(unit(Quantity::TrainLoss));
                let noise = Quantity::MinibatchNoise;
                check(&found.noise_covariance, &exactly.noise_covariance, unit(noise), &setting);
                let column = |M: &[Rational]| Matrix::from_column_slice(dimension, 1, M);
                let gradient = Matrix::from_column_slice(dimension, 1, found.gradient.as_slice());
                check(&gradient, &column(exactly.gradient.as_slice()), unit(Quantity::MinibatchGradient), &setting);
            }
        }
    }
}
