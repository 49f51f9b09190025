//! The exact engine: equality, or an order of convergence measured without rounding.

use std::collections::HashMap;

use claims::{Claim, Form, Kind};
use exact::ExactError;
use numbers::matrix::trace;
use numbers::nearest_f64;
use rug::Rational;
use symbols::{DataSet, Population, Setting};

use super::{Answer, Bounds, Comparison, Incomparable, Judge, Outcome, Remark};
use crate::inequality::{self, Excess};
use crate::instance::matrix;
use crate::options::Engine;
use crate::rate::{self, Deviation};
use crate::verdict::{Strength, Verdict};

/// Asks the engine, for the first step or for the stationary state.
pub fn ask(first_step: bool, setting: &Setting<Rational>) -> Result<Answer<Rational>, ExactError> {
    match first_step {
        true => exact::minibatch(setting).map(Answer::Minibatch),
        false => exact::stationary(setting).map(Answer::Stationary),
    }
}

/// Asks the engine at a data set that has the first and second moments of the setting's model.
fn ask_beside(
    first_step: bool,
    setting: &Setting<Rational>,
    data: &DataSet<Rational>,
) -> Result<Answer<Rational>, ExactError> {
    let (found, expected) = (data.features.ncols(), setting.dimension());
    let asked = setting.clone().with_population(Population::Data(data.clone()));
    let mut answer = ask(first_step, &asked.map_err(|_| ExactError::Dimension { found, expected })?)?;
    // A data set has no true weights and thus no test loss. The mean of w is that of the model, so that the test losses
    // differ by Tr[A(Σ − Σ of the model)]/2.
    if let (Answer::Stationary(moments), Population::Gaussian(model)) = (&mut answer, setting.population())
        && let Answer::Stationary(of_model) = ask(first_step, setting)?
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
pub(crate) struct Exact {
    answers: HashMap<(bool, Setting<Rational>), Result<Answer<Rational>, ExactError>>,
    /// A data set that is sampled in place of a setting's model, which closed forms go on to read.
    beside: Option<DataSet<Rational>>,
}

impl Exact {
    /// The engine, asked at a data set wherever a closed form is evaluated at a model.
    pub(crate) fn beside(data: DataSet<Rational>) -> Self {
        Exact { beside: Some(data), ..Exact::default() }
    }

    /// The engine's answer, or why there is none.
    pub(crate) fn answer(
        &mut self,
        claim: &Claim,
        setting: &Setting<Rational>,
    ) -> &Result<Answer<Rational>, ExactError> {
        let first_step = claim.quantity.is_of_one_minibatch();
        self.answers.entry((first_step, setting.clone())).or_insert_with(|| match &self.beside {
            None => ask(first_step, setting),
            Some(data) => ask_beside(first_step, setting, data),
        })
    }

    /// Whether second moments converge.
    pub(crate) fn is_stable(&mut self, claim: &Claim, setting: &Setting<Rational>) -> Result<bool, String> {
        match self.answer(claim, setting) {
            Ok(_) => Ok(true),
            Err(ExactError::Unstable) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The value that was found and the one that is claimed, or why there are not two.
    pub(crate) fn compare(
        &mut self,
        claim: &Claim,
        form: &Form,
        setting: &Setting<Rational>,
    ) -> Result<Comparison<Rational>, Incomparable> {
        let answer = self.answer(claim, setting).as_ref().map_err(ToString::to_string)?;
        answer.compare(claim.quantity, &form.rational, setting)
    }
}

impl Judge for Exact {
    const ENGINE: Engine = Engine::Exact;

    fn strength(&self, claim: &Claim) -> Strength {
        match claim.kind {
            Kind::Exact => Strength::Identity,
            Kind::Bound | Kind::Existence | Kind::Stability => Strength::Points,
            Kind::Approximation { .. } | Kind::Limit { .. } => Strength::Order,
        }
    }

    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String {
        if matches!(claim.kind, Kind::Stability) {
            return self
                .is_stable(claim, setting)
                .map_or_else(|reason| reason, |stable| inequality::word(stable).into());
        }
        let value = match self.answer(claim, setting) {
            Ok(answer) => answer.quantity(claim.quantity, setting).as_ref().map_or("none".into(), matrix),
            Err(error) => error.to_string(),
        };
        format!("{} = {value}", claim.quantity)
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if claim.kind.path().is_some() {
            return rate::judge(claim, form, setting, |form, setting| {
                self.compare(claim, form, setting).as_ref().map(deviation).map_err(ToString::to_string)
            });
        }
        if matches!(claim.kind, Kind::Stability) {
            return inequality::stability(self.is_stable(claim, setting), form, setting);
        }
        match self.compare(claim, form, setting) {
            Err(reason) => reason.into(),
            Ok(Comparison { found, claimed }) if matches!(claim.kind, Kind::Bound | Kind::Existence) => {
                let exceeds = found.iter().zip(&claimed).any(|(found, claimed)| found > claimed);
                let excess = if exceeds { Excess::Exceeded } else { Excess::NotExceeded };
                inequality::bound(claim.kind, excess, &matrix(&claimed))
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
