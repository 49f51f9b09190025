//! The engines, each judging in its own currency.

mod certain;
mod enclosed;
pub(crate) mod exact;
pub(crate) mod lyapunov;
pub(crate) mod montecarlo;

use std::collections::BTreeSet;
use std::fmt;

use claims::{Claim, Form, Kind};
use formula::{EvaluationError, Given, Subject};
use numbers::{Matrix, Scalar};
use rug::Rational;
use symbols::{Minibatch, Moments, Population, Quantity, Setting};

pub(crate) use certain::Bounds;

use crate::evidence::{Case, Evidence, Finding, Proofs};
use crate::options::Engine;
use crate::verdict::{Strength, Verdict};

/// The answer of an engine at a setting.
#[derive(Debug, Clone)]
pub enum Answer<T> {
    /// Nothing was asked: what is claimed speaks about the setting alone.
    Nothing,
    /// The stationary state.
    Stationary(Moments<T>),
    /// The first step.
    Minibatch(Minibatch<T>),
}

impl<T: Scalar> Answer<T> {
    /// The value of a quantity; `None` where the answer does not hold it.
    pub fn quantity(&self, quantity: Quantity, setting: &Setting<T>) -> Option<Matrix<T>> {
        match self {
            Answer::Nothing => None,
            Answer::Stationary(moments) => quantity.of_moments(setting, moments),
            Answer::Minibatch(minibatch) => quantity.of_minibatch(minibatch),
        }
    }

    /// What a formula may read at a setting: the answer besides.
    pub fn given<'a>(&'a self, setting: &'a Setting<T>) -> Given<'a, T> {
        let (moments, minibatch) = match self {
            Answer::Nothing => (None, None),
            Answer::Stationary(moments) => (Some(moments), None),
            Answer::Minibatch(minibatch) => (None, Some(minibatch)),
        };
        Given { setting, moments, minibatch }
    }

    /// The side of a formula that an engine finds.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no value.
    pub fn found(&self, form: &Form, setting: &Setting<T>) -> Result<Matrix<T>, EvaluationError> {
        form.found(&self.given(setting))
    }

    /// Both sides of a formula.
    ///
    /// # Errors
    /// [`Incomparable`] where there are not two sides of one shape.
    pub fn compare(&self, form: &Form, setting: &Setting<T>) -> Result<Comparison<T>, Incomparable> {
        let given = self.given(setting);
        Comparison::of(form, form.found(&given)?, form.claimed(&given)?)
    }
}

/// Why a quantity and a closed form were not compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Incomparable {
    /// One of them has no value there.
    #[error("{0}")]
    Missing(String),
    /// They are matrices of different shapes, whatever their entries are.
    #[error("{left} is a {}×{} matrix, and the other side a {}×{} one", found.0, found.1, claimed.0, claimed.1)]
    Shape {
        /// The side that was found.
        left: String,
        /// Its shape.
        found: (usize, usize),
        /// The shape of the side that is claimed.
        claimed: (usize, usize),
    },
}

impl From<String> for Incomparable {
    fn from(reason: String) -> Self {
        Incomparable::Missing(reason)
    }
}

impl From<EvaluationError> for Incomparable {
    fn from(error: EvaluationError) -> Self {
        Incomparable::Missing(error.to_string())
    }
}

impl From<Incomparable> for Outcome {
    fn from(reason: Incomparable) -> Self {
        match reason {
            Incomparable::Missing(reason) => Outcome::undecided(reason),
            Incomparable::Shape { .. } => Outcome::certain(Verdict::Differs, 1.0, Remark::Says(reason.to_string())),
        }
    }
}

/// The two sides of a formula: the one that an engine found, and the one that is claimed.
pub struct Comparison<T> {
    /// The side that was found.
    pub found: Matrix<T>,
    /// The side that is claimed.
    pub claimed: Matrix<T>,
}

impl<T: Scalar> Comparison<T> {
    fn of(form: &Form, found: Matrix<T>, claimed: Matrix<T>) -> Result<Self, Incomparable> {
        if found.shape() != claimed.shape() {
            return Err(Incomparable::Shape {
                left: form.found_side(),
                found: found.shape(),
                claimed: claimed.shape(),
            });
        }
        Ok(Comparison { found, claimed })
    }
}

/// Whose answer a claim speaks about. A condition of stability speaks about the stationary state, whatever it reads.
pub fn subject(claim: &Claim) -> Subject {
    match claim.kind {
        Kind::Stability => Subject::Stationary,
        _ => claim.printed.subject(),
    }
}

/// What is said of a form at a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Remark {
    /// The value that the form claims there.
    Claims(String),
    /// The outcome for the form there, in words that stand alone.
    Says(String),
}

impl Remark {
    /// The remark in one sentence with what an engine found at the setting.
    pub fn after(&self, found: &str) -> String {
        match self {
            Remark::Claims(claimed) => format!("{found}, claimed {claimed}"),
            Remark::Says(said) => format!("{found}; {said}"),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Remark::Claims(text) | Remark::Says(text)) = self;
        f.write_str(text)
    }
}

/// The outcome for one form at one setting.
pub struct Outcome {
    /// Whether the form holds there.
    pub verdict: Verdict,
    /// The figure behind it, the larger the worse (for orders of convergence, the order).
    pub figure: f64,
    /// The relative change of the claimed value that draws would have found with a probability of 99 %; `None` for the
    /// other engines.
    pub detectable: Option<f64>,
    /// A line for a reader.
    pub line: Remark,
}

impl Outcome {
    /// An outcome in which chance has no part.
    pub(crate) fn certain(verdict: Verdict, figure: f64, line: Remark) -> Self {
        Outcome { verdict, figure, detectable: None, line }
    }

    pub(crate) fn undecided(reason: String) -> Self {
        Outcome::certain(Verdict::Undecided, 0.0, Remark::Says(reason))
    }
}

/// An engine that judges claims in its own currency.
pub trait Judge {
    /// Which one it is.
    const ENGINE: Engine;

    /// In which sense the engine's word on a claim is evidence.
    fn strength(&self, claim: &Claim) -> Strength;

    /// What the engine finds at a setting, for a reader.
    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String;

    /// Whether a form of the claim holds at a setting.
    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome;

    /// The figure behind several outcomes, at least one of which decided.
    fn measured(&self, claim: &Claim, outcomes: &[Outcome]) -> String;

    /// Judges a form at every setting.
    fn evidence(&self, claim: &Claim, outcomes: &[Outcome]) -> Evidence {
        let mut verdict = Verdict::of_all(outcomes.iter().map(|o| o.verdict));
        // One witness is enough.
        if matches!(claim.kind, Kind::Existence) && outcomes.iter().any(|o| o.verdict == Verdict::Agrees) {
            verdict = Verdict::Agrees;
        }
        let measured = match verdict {
            Verdict::Agrees | Verdict::Differs => self.measured(claim, outcomes),
            _ => outcomes.first().map_or_else(|| "no instance".into(), |o| o.line.to_string()),
        };
        let instances = outcomes.iter().filter(|o| o.verdict != Verdict::Undecided).count();
        let detectable = outcomes.iter().filter_map(|o| o.detectable).min_by(f64::total_cmp);
        let (engine, strength) = (Self::ENGINE, self.strength(claim));
        Evidence { engine, strength, instances, dimensions: BTreeSet::new(), verdict, measured, detectable }
    }

    /// Judges a claim and its companions.
    fn find(&mut self, claim: &Claim, instances: &[Setting<Rational>], breaking: &[Setting<Rational>]) -> Finding {
        let all = |judge: &mut Self, form: &Form, settings: &[Setting<Rational>]| {
            Vec::from_iter(settings.iter().map(|setting| judge.judge(claim, form, setting)))
        };
        let printed = all(self, &claim.printed, instances);
        let rival = claim.rival.as_ref().map(|rival| all(self, &rival.form, instances));
        let strengthened = claim.strengthened.as_ref().map(|s| all(self, &s.form, breaking));
        let correction = claim.correction.as_ref().map(|correction| all(self, &correction.form, instances));
        let mut cases = Vec::new();
        for (i, setting) in instances.iter().enumerate() {
            let mut lines = vec![self.found(claim, setting)];
            lines.push(format!("claimed: {}", printed[i].line));
            lines.extend(rival.as_ref().map(|outcomes| format!("rival: {}", outcomes[i].line)));
            lines.extend(correction.as_ref().map(|outcomes| format!("correction: {}", outcomes[i].line)));
            cases.push(Case { setting: setting.clone(), lines, verdict: printed[i].verdict });
        }
        let mut beyond = Vec::new();
        for (setting, outcome) in breaking.iter().zip(strengthened.iter().flatten()) {
            let lines = vec![self.found(claim, setting), format!("strengthened: {}", outcome.line)];
            beyond.push(Case { setting: setting.clone(), lines, verdict: outcome.verdict });
        }
        let mut evidence = self.evidence(claim, &printed);
        // Settings without a witness refute no existence.
        if matches!(claim.kind, Kind::Existence) && evidence.verdict == Verdict::Differs {
            evidence.verdict = Verdict::Undecided;
            evidence.measured = format!("no witness among {} settings", evidence.instances);
        }
        Finding {
            evidence,
            rival: rival.map(|outcomes| self.evidence(claim, &outcomes)),
            strengthened: strengthened.map(|outcomes| self.evidence(claim, &outcomes)),
            correction: correction.map(|outcomes| self.evidence(claim, &outcomes)),
            proofs: Proofs::default(),
            cases,
            beyond,
        }
    }
}

/// The size of what is subtracted in a quantity that can vanish; below it, relative distance means nothing. 0 where no
/// quantity is named, so that the sides of a relation are measured by themselves.
pub(crate) fn magnitude(form: &Form, setting: &Setting<f64>) -> f64 {
    form.quantity().map_or(0.0, |quantity| magnitude_of(quantity, setting))
}

fn magnitude_of(quantity: Quantity, setting: &Setting<f64>) -> f64 {
    let (K, L) = (setting.hessian().norm(), setting.learning_rate().norm());
    // The size of the weights at which gradients are taken. Without a minimizer nothing stationary is judged.
    let w = if quantity.is_of_one_minibatch() {
        setting.initial_weights().norm()
    } else {
        setting.minimizer().map_or(0.0, |w| w.norm())
    };
    let sizes = match setting.population() {
        Population::Gaussian(model) => {
            let signal = model.feature_covariance.trace().sqrt();
            let noise = model.label_noise_variance.sqrt() + signal * model.true_weights.norm();
            vec![(signal + model.input_noise_covariance.trace().sqrt(), noise)]
        }
        Population::Data(data) => {
            Vec::from_iter(data.features.row_iter().zip(&data.labels).map(|(x, y)| (x.norm(), y.abs())))
        }
    };
    let residual = |(x, y): &(f64, f64)| x * w + y;
    let largest = |size: &dyn Fn(&(f64, f64)) -> f64| sizes.iter().map(size).fold(0.0, f64::max);
    let gradient = largest(&|sample| sample.0 * residual(sample)) + setting.weight_decay().norm() * w;
    match quantity {
        Quantity::MinibatchGradient => gradient,
        Quantity::MinibatchNoise | Quantity::NoiseCovariance => gradient.powi(2),
        Quantity::StepCovariance => (L * gradient).powi(2),
        Quantity::Fluctuation => L * gradient.powi(2) / K,
        Quantity::TrainLoss | Quantity::TestLoss => largest(&residual).powi(2),
    }
}

#[cfg(test)]
mod tests {
    use numbers::{Vector, matrix};
    use registry::closed_forms;
    use symbols::{BatchSize, Gaussian};

    use super::*;
    use crate::instance::describe;
    use crate::options::Effort;

    /// One weight with x ~ N(0, 1) and y = ux, at w₀ = 0: E[ĝ] = −u.
    fn of_true_weight(u: i64) -> Setting<Rational> {
        let [zero, one] = [0, 1].map(|v| matrix::scalar(Rational::from(v)));
        let population = Population::Gaussian(Gaussian {
            feature_covariance: one.clone(),
            input_noise_covariance: zero,
            label_noise_variance: Rational::new(),
            true_weights: Vector::from_element(1, Rational::from(u)),
        });
        Setting::new(population, one / Rational::from(4), BatchSize::new(1).unwrap()).unwrap()
    }

    #[test]
    fn an_answer_is_that_of_the_setting_whatever_its_description_leaves_out() {
        let claim = closed_forms().iter().find(|claim| claim.quantity() == Some(Quantity::MinibatchGradient)).unwrap();
        let settings = [1, -3].map(of_true_weight);
        assert_eq!(describe(&settings[0]), describe(&settings[1]));
        let mut exact = exact::Exact::default();
        assert_eq!(settings.each_ref().map(|setting| exact.found(claim, setting)), ["E[ĝ] = -1", "E[ĝ] = 3"]);
        let mut lyapunov = lyapunov::Lyapunov::default();
        let found = settings.each_ref().map(|setting| lyapunov.found(claim, setting));
        assert_eq!(found, ["E[ĝ] = -1.0000000e0", "E[ĝ] = 3.0000000e0"]);
        let mut montecarlo = montecarlo::MonteCarlo::new(1, Effort::Brief);
        let [one, other] = settings.map(|setting| montecarlo.found(claim, &setting));
        assert!(one.starts_with("E[ĝ] = -1.0") && other.starts_with("E[ĝ] = 3.0"), "{one}; {other}");
    }
}
