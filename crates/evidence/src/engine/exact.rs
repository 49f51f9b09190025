//! The exact engine: equality, or an order of convergence measured without rounding.

use std::collections::HashMap;

use claims::{Claim, Form, Kind};
use exact::ExactError;
use formula::Subject;
use numbers::matrix::trace;
use numbers::nearest_f64;
use rug::Rational;
use symbols::{DataSet, Population, Setting};

use super::{Answer, Bounds, Comparison, Incomparable, Judge, Outcome, Remark, subject};
use crate::inequality::{self, Standing};
use crate::instance::matrix;
use crate::options::Engine;
use crate::rate::{self, Depth, Deviation};
use crate::verdict::{Strength, Verdict};

/// Asks the engine for the first step or for the stationary state.
///
/// # Errors
/// [`ExactError`] where it has no answer.
pub fn ask(subject: Subject, setting: &Setting<Rational>) -> Result<Answer<Rational>, ExactError> {
    match subject {
        Subject::Setting => Ok(Answer::Nothing),
        Subject::Minibatch => exact::minibatch(setting).map(Answer::Minibatch),
        Subject::Stationary => exact::stationary(setting).map(Answer::Stationary),
    }
}

/// Asks the engine at a data set that has the first and second moments of the setting's model.
fn ask_beside(
    subject: Subject,
    setting: &Setting<Rational>,
    data: &DataSet<Rational>,
) -> Result<Answer<Rational>, ExactError> {
    let (found, expected) = (data.features.ncols(), setting.dimension());
    let asked = setting.clone().with_population(Population::Data(data.clone()));
    let mut answer = ask(subject, &asked.map_err(|_| ExactError::Dimension { found, expected })?)?;
    // A data set has no true weights and thus no test loss. The mean of w is that of the model, so that the test losses
    // differ by Tr[A(Σ − Σ of the model)]/2.
    if let (Answer::Stationary(moments), Population::Gaussian(model)) = (&mut answer, setting.population())
        && let Answer::Stationary(of_model) = ask(subject, setting)?
    {
        let difference = &moments.fluctuation - of_model.fluctuation;
        let excess = trace(&(&model.feature_covariance * difference)) / Rational::from(2);
        moments.test_loss = of_model.test_loss.map(|loss| loss + excess);
    }
    Ok(answer)
}

/// ‖found − claimed‖, subtracted before rounding.
fn deviation(comparison: &Comparison<Rational>) -> Deviation {
    let difference = &comparison.found - &comparison.claimed;
    let [error, claimed] =
        [&difference, &comparison.claimed].map(|M| Bounds::exactly(M.map(|v| nearest_f64(&v)).norm()));
    Deviation { error, claimed }
}

/// Answers of the exact engine, each computed once.
#[derive(Default)]
pub struct Exact {
    answers: HashMap<(Subject, Setting<Rational>), Result<Answer<Rational>, ExactError>>,
    /// A data set that is sampled in place of a setting's model, which closed forms go on to read.
    beside: Option<DataSet<Rational>>,
}

impl Exact {
    /// The engine, asked at a data set wherever a closed form is evaluated at a model.
    pub fn beside(data: DataSet<Rational>) -> Self {
        Exact { beside: Some(data), ..Exact::default() }
    }

    /// The engine's answer, or why there is none.
    pub(crate) fn answer(
        &mut self,
        claim: &Claim,
        setting: &Setting<Rational>,
    ) -> &Result<Answer<Rational>, ExactError> {
        let subject = subject(claim);
        self.answers.entry((subject, setting.clone())).or_insert_with(|| match &self.beside {
            None => ask(subject, setting),
            Some(data) => ask_beside(subject, setting, data),
        })
    }

    /// Whether second moments converge, or the mean where a claim speaks of that.
    ///
    /// # Errors
    /// Where the engine cannot tell, why.
    pub fn is_stable(&mut self, claim: &Claim, setting: &Setting<Rational>) -> Result<bool, String> {
        if inequality::is_of_mean(&claim.printed) {
            return inequality::is_stable_in_mean(setting);
        }
        match self.answer(claim, setting) {
            Ok(_) => Ok(true),
            Err(ExactError::Unstable) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The value that was found and the one that is claimed.
    ///
    /// # Errors
    /// [`Incomparable`] where there are not two.
    pub fn compare(
        &mut self,
        claim: &Claim,
        form: &Form,
        setting: &Setting<Rational>,
    ) -> Result<Comparison<Rational>, Incomparable> {
        let answer = self.answer(claim, setting).as_ref().map_err(ToString::to_string)?;
        answer.compare(form, setting)
    }
}

impl Judge for Exact {
    const ENGINE: Engine = Engine::Exact;

    fn strength(&self, claim: &Claim) -> Strength {
        match claim.kind {
            Kind::Exact => Strength::Identity,
            Kind::Bound | Kind::Existence | Kind::Stability | Kind::Equivalence => Strength::Points,
            Kind::Approximation { .. } | Kind::Limit { .. } => Strength::Order,
        }
    }

    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String {
        match claim.kind {
            Kind::Stability => {
                let stable = self.is_stable(claim, setting);
                return stable.map_or_else(|reason| reason, |stable| inequality::word(stable).into());
            }
            Kind::Equivalence => return "both conditions are evaluated".into(),
            _ => {}
        }
        let value = match self.answer(claim, setting) {
            Ok(answer) => answer.found(&claim.printed, setting).map_or_else(|error| error.to_string(), |M| matrix(&M)),
            Err(error) => error.to_string(),
        };
        format!("{} = {value}", claim.printed.found_side())
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if claim.kind.path().is_some() {
            return rate::judge(claim, form, setting, Depth::Deep, |form, setting| {
                self.compare(claim, form, setting).as_ref().map(deviation).map_err(ToString::to_string)
            });
        }
        match claim.kind {
            Kind::Stability => return inequality::stability(self.is_stable(claim, setting), form, setting),
            Kind::Equivalence => return inequality::equivalence(form, setting),
            _ => {}
        }
        match self.compare(claim, form, setting) {
            Err(reason) => reason.into(),
            Ok(comparison) if matches!(claim.kind, Kind::Bound | Kind::Existence) => {
                match Standing::of(form, &comparison) {
                    Ok(standing) => {
                        let sides = [&comparison.found, &comparison.claimed].map(matrix);
                        inequality::bound(claim, form, standing, sides)
                    }
                    Err(reason) => Outcome::undecided(reason),
                }
            }
            Ok(Comparison { found, claimed }) if found == claimed => {
                Outcome::certain(Verdict::Agrees, 0.0, Remark::Says("equal".into()))
            }
            Ok(Comparison { claimed, .. }) => Outcome::certain(Verdict::Differs, 1.0, Remark::Claims(matrix(&claimed))),
        }
    }

    fn measured(&self, claim: &Claim, outcomes: &[Outcome]) -> String {
        if claim.kind.path().is_some() {
            return rate::measured(claim, outcomes);
        }
        if claim.kind.is_inequality() {
            return inequality::measured(outcomes);
        }
        let equal = outcomes.iter().filter(|o| o.verdict == Verdict::Agrees).count();
        format!("equal at {equal} of {} points", outcomes.len())
    }
}
