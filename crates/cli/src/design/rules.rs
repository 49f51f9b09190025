//! A learning rate at another batch size: the exact rule, the linear rule and the square-root rule.

use claims::design::{DesignError, Enclosed, learning_rate, scalar_learning_rate};
use exact::ExactError;
use numbers::{Matrix, matrix, nearest_f64};
use rug::{Integer, Rational};
use symbols::{BatchSize, Moments, Setting, SettingError};

/// What the stationary state should have.
pub enum Target {
    /// This Σ.
    Fluctuation(Matrix<Rational>),
    /// This test loss, with a scalar λ.
    TestLoss(Rational),
}

/// A learning rate with the target, and what is stationary there.
pub struct Designed {
    /// Λ.
    pub learning_rate: Matrix<Rational>,
    /// Where Λ = λI is known no better: bounds on λ. Λ is that of the lower one.
    pub bounds: Option<[Rational; 2]>,
    /// The stationary state, by the exact engine.
    pub moments: Moments<Rational>,
}

/// Why there is no design.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No closed form, or no such target.
    #[error(transparent)]
    Design(#[from] DesignError),
    /// A batch size that no problem has.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The engine that checks has another answer: the closed form, or this program, is wrong.
    #[error("the exact engine does not find the target at the learning rate of the closed form: {0}")]
    Contradicted(String),
}

impl Target {
    /// The learning rate with the target at the batch size and the momentum of a setting, checked by the exact engine,
    /// which starts from the update rule: Σ is the target, to the last digit, or the losses at the bounds of λ enclose
    /// it.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn design(&self, setting: &Setting<Rational>) -> Result<Designed, Refusal> {
        let contradicted = |why: ExactError| Refusal::Contradicted(why.to_string());
        let solved = |rate: &Matrix<Rational>| -> Result<Moments<Rational>, Refusal> {
            exact::stationary(&setting.clone().with_learning_rate(rate.clone())?).map_err(contradicted)
        };
        match self {
            Target::Fluctuation(target) => {
                let learning_rate = learning_rate(setting, target)?;
                let moments = solved(&learning_rate)?;
                if moments.fluctuation != *target {
                    return Err(Refusal::Contradicted("Σ is another one".into()));
                }
                Ok(Designed { learning_rate, bounds: None, moments })
            }
            Target::TestLoss(target) => {
                let Enclosed { low, high } = scalar_learning_rate(setting, target)?;
                let times = |rate: &Rational| matrix::identity::<Rational>(setting.dimension()) * rate.clone();
                let [moments, above] = [solved(&times(&low))?, solved(&times(&high))?];
                let [at_low, at_high] = [&moments, &above].map(|moments| moments.test_loss.as_ref());
                if at_low.is_none_or(|loss| loss > target) || at_high.is_none_or(|loss| loss < target) {
                    return Err(Refusal::Contradicted("the test loss is another one".into()));
                }
                let bounds = (low != high).then(|| [low.clone(), high]);
                Ok(Designed { learning_rate: times(&low), bounds, moments })
            }
        }
    }
}

/// What a rule makes of Λ at another batch size.
pub struct Scaled {
    /// The factor on the first Λ.
    pub factor: Rational,
    /// Tr[AΣ] over that of the target; `None` where nothing is stationary.
    pub ratio: Option<Rational>,
}

/// One batch size.
pub struct Row {
    /// S.
    pub batch_size: u32,
    /// By the exact rule: the target itself.
    pub exact: Designed,
    /// Λ times S/S₁.
    pub linear: Scaled,
    /// Λ times √(S/S₁).
    pub square_root: Scaled,
}

/// The rules at a batch size, from a Λ₁ that has the target at that of the setting.
///
/// # Errors
/// [`Refusal`].
pub fn row(
    setting: &Setting<Rational>,
    target: &Target,
    first: &Matrix<Rational>,
    size: &Rational,
    batch_size: u32,
) -> Result<Row, Refusal> {
    let there = setting.clone().with_batch_size(BatchSize::new(batch_size)?)?;
    let exact = target.design(&there)?;
    let ratio = Rational::from((batch_size, setting.batch_size().get()));
    let scaled = |factor: Rational| -> Result<Scaled, Refusal> {
        let rate = first * factor.clone();
        // The engine proves that nothing is stationary.
        let ratio = match exact::stationary(&there.clone().with_learning_rate(rate)?) {
            Ok(moments) => Some(loss_of(&there, &moments.fluctuation) / size),
            Err(ExactError::Unstable) => None,
            Err(why) => return Err(Refusal::Contradicted(why.to_string())),
        };
        Ok(Scaled { factor, ratio })
    };
    Ok(Row { batch_size, exact, square_root: scaled(root(&ratio))?, linear: scaled(ratio)? })
}

/// Tr\[AΣ\], twice the test loss where there is no input noise.
pub fn loss_of(setting: &Setting<Rational>, fluctuation: &Matrix<Rational>) -> Rational {
    matrix::trace(&(setting.feature_covariance() * fluctuation))
}

/// √x: exactly where that is rational, and else the nearest double.
fn root(value: &Rational) -> Rational {
    let root = |part: &Integer| part.is_perfect_square().then(|| part.clone().sqrt());
    let exactly = root(value.numer()).zip(root(value.denom())).map(Rational::from);
    exactly.or_else(|| Rational::from_f64(nearest_f64(value).sqrt())).unwrap_or_else(Rational::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_has_a_rational_root() {
        assert_eq!(root(&Rational::from((4, 9))), Rational::from((2, 3)));
        assert_eq!(root(&Rational::from(2)), Rational::from_f64(2.0_f64.sqrt()).unwrap());
    }
}
