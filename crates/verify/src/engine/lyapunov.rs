//! The Lyapunov engine: agreeing digits, or an order of convergence.

use std::collections::HashMap;

use claims::{Claim, Form, Kind};
use rug::Rational;
use symbols::{Matrix, Setting, nearest_f64};

use super::{Answer, Comparison, Incomparable, Judge, Outcome, magnitude};
use crate::allowances::RELATIVE_DISTANCE;
use crate::instance::in_brackets;
use crate::options::Engine;
use crate::verdict::{Strength, Verdict};
use crate::{inequality, rate};

/// Asks the engine, for the first step or for the stationary state.
pub(crate) fn ask(first_step: bool, setting: &Setting<f64>) -> Result<Answer<f64>, String> {
    let answer = match first_step {
        true => lyapunov::minibatch(setting).map(Answer::Minibatch),
        false => lyapunov::stationary(setting).map(|solution| Answer::Stationary(solution.moments)),
    };
    answer.map_err(|error| error.to_string())
}

/// Answers of the Lyapunov engine, each computed once.
#[derive(Default)]
pub(crate) struct Lyapunov {
    answers: HashMap<(bool, Setting<Rational>), Result<Answer<f64>, String>>,
}

impl Lyapunov {
    /// The engine's answer, or why there is none.
    pub(crate) fn answer(&mut self, claim: &Claim, setting: &Setting<Rational>) -> &Result<Answer<f64>, String> {
        let first_step = claim.quantity.is_of_one_minibatch();
        let asked = || ask(first_step, &setting.map(nearest_f64));
        self.answers.entry((first_step, setting.clone())).or_insert_with(asked)
    }

    fn compare(
        &mut self,
        claim: &Claim,
        form: &Form,
        setting: &Setting<Rational>,
    ) -> Result<Comparison<f64>, Incomparable> {
        let answer = self.answer(claim, setting).as_ref().map_err(Clone::clone)?;
        answer.compare(claim.quantity, &form.float, &setting.map(nearest_f64))
    }
}

impl Judge for Lyapunov {
    const ENGINE: Engine = Engine::Lyapunov;

    fn strength(&self, claim: &Claim) -> Strength {
        match claim.kind {
            Kind::Exact => Strength::Digits,
            Kind::Bound | Kind::Existence | Kind::Stability => Strength::Points,
            Kind::Approximation { .. } | Kind::Limit { .. } => Strength::Order,
        }
    }

    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String {
        if matches!(claim.kind, Kind::Stability) {
            let stability = lyapunov::stability(&setting.map(nearest_f64));
            return stability
                .map_or_else(|error| error.to_string(), |s| inequality::word(s.spectral_radius < 1.0).into());
        }
        let unit = magnitude(claim.quantity, &setting.map(nearest_f64));
        let value = match self.answer(claim, setting) {
            Ok(answer) => answer
                .quantity(claim.quantity, &setting.map(nearest_f64))
                .map_or("none".into(), |value| supported_digits(&value, unit)),
            Err(reason) => reason.clone(),
        };
        format!("{} = {value}", claim.quantity)
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if claim.kind.path().is_some() {
            return rate::judge(claim, form, setting, |form, setting| {
                self.compare(claim, form, setting).map_err(|reason| reason.to_string()).map(|c| {
                    let error = &c.found - &c.claimed;
                    // What is below the allowance is rounding and has no order.
                    let unit = magnitude(claim.quantity, &setting.map(nearest_f64));
                    let vanishes = error.norm() <= c.claimed.norm().max(unit) * RELATIVE_DISTANCE;
                    (if vanishes { error * 0.0 } else { error }, c.claimed)
                })
            });
        }
        if matches!(claim.kind, Kind::Stability) {
            return stability(form, &setting.map(nearest_f64));
        }
        let unit = magnitude(claim.quantity, &setting.map(nearest_f64));
        match self.compare(claim, form, setting) {
            Err(reason) => reason.into(),
            Ok(Comparison { found, claimed }) if matches!(claim.kind, Kind::Bound | Kind::Existence) => {
                let allowed = claimed.norm().max(unit) * RELATIVE_DISTANCE;
                // What is equal within rounding is not exceeded.
                let exceeds = (&found - &claimed).iter().any(|difference| *difference > allowed);
                inequality::bound(claim.kind, exceeds, &supported_digits(&claimed, unit))
            }
            Ok(Comparison { found, claimed }) => {
                let difference = (&found - &claimed).norm();
                let vanishes = difference <= unit * RELATIVE_DISTANCE;
                let distance = if vanishes { 0.0 } else { difference / found.norm().max(claimed.norm()) };
                if distance <= RELATIVE_DISTANCE {
                    let line = format!("within {RELATIVE_DISTANCE:e}");
                    Outcome::certain(Verdict::Agrees, distance, line)
                } else {
                    let value = supported_digits(&claimed, unit);
                    let line = format!("{value}, at a distance of {distance:.1e}");
                    Outcome::certain(Verdict::Differs, distance, line)
                }
            }
        }
    }

    fn measured(&self, claim: &Claim, outcomes: &[Outcome]) -> String {
        if claim.kind.path().is_some() {
            return rate::measured(claim, outcomes);
        }
        if claim.kind.is_inequality() {
            return inequality::measured(outcomes);
        }
        let worst = outcomes.iter().map(|o| o.figure).fold(0.0, f64::max);
        if worst <= RELATIVE_DISTANCE {
            format!("distance < {RELATIVE_DISTANCE:e}")
        } else {
            format!("distance up to {worst:.1e}")
        }
    }
}

/// The spectral radius against what a form claims of stability; next to 1 it says nothing.
fn stability(form: &Form, setting: &Setting<f64>) -> Outcome {
    match (lyapunov::stability(setting), form.float.evaluate(setting, None)) {
        (Ok(stability), Ok(claimed)) => {
            let distance = 1.0 - stability.spectral_radius;
            let least = claimed.symmetric_eigenvalues().min();
            if distance.abs() <= RELATIVE_DISTANCE || least.abs() <= RELATIVE_DISTANCE * claimed.norm() {
                return Outcome::undecided("at the edge within rounding".into());
            }
            inequality::stability(distance > 0.0, least > 0.0)
        }
        (Err(error), _) => Outcome::undecided(error.to_string()),
        (_, Err(error)) => Outcome::undecided(error.to_string()),
    }
}

/// A matrix with the digits that [`RELATIVE_DISTANCE`] leaves certain, two kept back; what is below that is 0.
fn supported_digits(value: &Matrix<f64>, unit: f64) -> String {
    let floor = value.norm().max(unit) * RELATIVE_DISTANCE;
    in_brackets(&value.map(|v| if v.abs() <= floor { "0".into() } else { format!("{v:.7e}") }))
}
