//! The Lyapunov engine judges closed forms by certified bounds on the errors of its answers.
//!
//! An answer in doubles and the bounds on its errors enclose the exact value for the setting over ℚ. The closed form is
//! enclosed, too, to more digits. Where the two enclosures have no number in common, the form is refuted. Where they
//! overlap, it agrees if their distance is proven to be at most [`AGREEMENT`]; otherwise nothing is decided.

use std::collections::HashMap;

use claims::{Claim, Form, Kind};
use formula::Subject;
use lyapunov::LyapunovError;
use numbers::{Interval, Matrix, nearest_f64};
use rug::Rational;
use symbols::Setting;

use super::certain::{Bounds, digits, is_nonzero};
use super::enclosed::{exactly, first_minibatch, narrowly, stationary};
use super::{Answer, Comparison, Engine, Incomparable, Judge, Outcome, Remark, magnitude, subject};
use crate::allowances::{AGREEMENT, ROUNDING};
use crate::inequality::{self, Standing};
use crate::rate::{self, Depth, Deviation};
use crate::verdict::{Strength, Verdict};

/// The digits to which a closed form is enclosed: more than an answer in doubles has.
const DIGITS: u32 = 25;

/// Asks the engine in doubles, for the first step or for the stationary state.
///
/// # Errors
/// [`LyapunovError`] where it has no answer.
pub fn ask(subject: Subject, setting: &Setting<f64>) -> Result<Answer<f64>, LyapunovError> {
    match subject {
        Subject::Setting => Ok(Answer::Nothing),
        Subject::Minibatch => lyapunov::minibatch(setting).map(Answer::Minibatch),
        Subject::Stationary => lyapunov::stationary(setting).map(|solution| Answer::Stationary(solution.moments)),
    }
}

/// Whether a Σ that was found over ℚ by other means is that of the engine: it lies within the certified bounds, entry by
/// entry, and these are within [`AGREEMENT`] of it.
///
/// # Errors
/// [`LyapunovError`] where the engine has no answer.
pub fn certifies(setting: &Setting<Rational>, fluctuation: &Matrix<Rational>) -> Result<bool, LyapunovError> {
    let found = stationary(setting)?.fluctuation;
    let claimed = fluctuation.map(Interval::from);
    // Where Σ vanishes there is no unit, and bounds that vanish with it need none.
    Ok(found.shape() == claimed.shape() && Difference::of(&Comparison { found, claimed }, 0.0).agrees())
}

/// Answers of the Lyapunov engine, each computed once.
#[derive(Default)]
pub struct Lyapunov {
    answers: HashMap<(Subject, Setting<Rational>), Result<Answer<Interval>, LyapunovError>>,
    /// Answers in doubles alone, without bounds.
    nearest: HashMap<(Subject, Setting<Rational>), Result<Answer<f64>, LyapunovError>>,
}

impl Lyapunov {
    /// The engine's answer, enclosed; or why there is none.
    fn answer(&mut self, claim: &Claim, setting: &Setting<Rational>) -> &Result<Answer<Interval>, LyapunovError> {
        let subject = subject(claim);
        self.answers.entry((subject, setting.clone())).or_insert_with(|| match subject {
            Subject::Setting => Ok(Answer::Nothing),
            Subject::Minibatch => first_minibatch(setting).map(Answer::Minibatch),
            Subject::Stationary => stationary(setting).map(Answer::Stationary),
        })
    }

    /// The engine's answer in doubles, without bounds: for choosing settings, not for judging.
    pub(crate) fn nearest(
        &mut self,
        claim: &Claim,
        setting: &Setting<Rational>,
    ) -> &Result<Answer<f64>, LyapunovError> {
        let subject = subject(claim);
        let asked = || ask(subject, &setting.map(nearest_f64));
        self.nearest.entry((subject, setting.clone())).or_insert_with(asked)
    }

    /// How far a form seems to be from the engine's answer, relative, in doubles: to choose settings by.
    pub(crate) fn distance(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> f64 {
        let nearest = setting.map(nearest_f64);
        let Ok(answer) = self.nearest(claim, setting) else { return 0.0 };
        match answer.compare(form, &nearest) {
            Err(Incomparable::Missing(_)) => 0.0,
            Err(Incomparable::Shape { .. }) => 1.0,
            Ok(Comparison { found, claimed }) => {
                let difference = (&found - &claimed).norm();
                let vanishes = difference <= magnitude(form, &nearest) * ROUNDING;
                if vanishes { 0.0 } else { difference / found.norm().max(claimed.norm()) }
            }
        }
    }

    fn compare(
        &mut self,
        claim: &Claim,
        form: &Form,
        setting: &Setting<Rational>,
    ) -> Result<Comparison<Interval>, Incomparable> {
        let answer = self.answer(claim, setting).as_ref().map_err(reason)?;
        let found = form.found(&answer.given(&exactly(setting)))?;
        // A relation takes the moments of the answer, which more bits make no more certain.
        let claimed = match form.needs_moments() {
            true => form.claimed(&answer.given(&narrowly(setting)))?,
            false => crate::enclose::value(form, setting, None, DIGITS, 128..=1024)?,
        };
        Comparison::of(form, found, claimed)
    }

    /// Whether second moments converge, for certain; or why that is not known.
    fn is_stable(&mut self, claim: &Claim, setting: &Setting<Rational>) -> Result<bool, String> {
        match self.answer(claim, setting) {
            _ if inequality::is_of_mean(&claim.printed) => Err("the exact engine alone judges the mean".into()),
            Ok(_) => Ok(true),
            Err(LyapunovError::Unstable(_)) => Ok(false),
            Err(error) => Err(reason(error)),
        }
    }
}

/// Why there is no answer, in words that are the same to the last character on every machine. The digits of an
/// undecided radius are not, and are left out.
fn reason(error: &LyapunovError) -> String {
    match error {
        LyapunovError::Undecided(_) => "too close to the limit of stability for a proof in doubles".into(),
        _ => error.to_string(),
    }
}

/// The difference between what was found and what is claimed, as far as it is certain.
struct Difference {
    /// Found − claimed.
    entries: Matrix<Interval>,
    /// ‖found − claimed‖, Frobenius.
    size: Bounds,
    /// The unit of distances: the larger of ‖found‖ and ‖claimed‖; where both may vanish, at least the size of the
    /// terms that they are made of.
    unit: Bounds,
}

impl Difference {
    fn of(Comparison { found, claimed }: &Comparison<Interval>, magnitude: f64) -> Self {
        let [one, other] = [found, claimed].map(Bounds::of_norm);
        let larger = Bounds { low: one.low.max(other.low), high: one.high.max(other.high) };
        let unit = if larger.low > 0.0 { larger } else { Bounds::exactly(magnitude.max(larger.high)) };
        let entries = found - claimed;
        Difference { size: Bounds::of_norm(&entries), entries, unit }
    }

    /// ‖found − claimed‖, relative.
    fn distance(&self) -> Bounds {
        self.size.over(self.unit)
    }

    /// Whether found and claimed are different matrices, for certain.
    fn is_certain(&self) -> bool {
        self.entries.iter().any(is_nonzero)
    }

    /// Whether found and claimed are nearly equal, for certain.
    fn is_small(&self) -> bool {
        self.distance().high <= AGREEMENT
    }

    /// Whether nothing tells found from claimed, and they are nearly equal for certain.
    fn agrees(&self) -> bool {
        !self.is_certain() && self.is_small()
    }

    /// The size up to which an entry that may be zero is printed as 0.
    fn negligible(&self) -> f64 {
        self.unit.high * AGREEMENT
    }

    /// The outcome where nothing is decided, with the reason.
    fn undecided(&self) -> Outcome {
        let distance = self.distance().high;
        Outcome::undecided(format!(
            "not told from the claimed value, and not proven to be within {AGREEMENT:e} of it, but {distance:.0e}"
        ))
    }
}

impl Judge for Lyapunov {
    const ENGINE: Engine = Engine::Lyapunov;

    fn strength(&self, claim: &Claim) -> Strength {
        match claim.kind {
            Kind::Exact => Strength::Digits,
            Kind::Bound | Kind::Existence | Kind::Stability | Kind::Equivalence => Strength::Points,
            Kind::Approximation { .. } | Kind::Limit { .. } => Strength::Order,
        }
    }

    fn found(&mut self, claim: &Claim, setting: &Setting<Rational>) -> String {
        if matches!(claim.kind, Kind::Stability) {
            return self
                .is_stable(claim, setting)
                .map_or_else(|reason| reason, |stable| inequality::word(stable).into());
        }
        let unit = magnitude(&claim.printed, &setting.map(nearest_f64));
        let value =
            match self.answer(claim, setting).as_ref().map(|answer| answer.found(&claim.printed, &exactly(setting))) {
                Ok(Ok(value)) => digits(&value, Bounds::of_norm(&value).high.max(unit) * AGREEMENT),
                Ok(Err(error)) => error.to_string(),
                Err(error) => reason(error),
            };
        format!("{} = {value}", claim.printed.found_side())
    }

    fn judge(&mut self, claim: &Claim, form: &Form, setting: &Setting<Rational>) -> Outcome {
        if claim.kind.path().is_some() {
            return rate::judge(claim, form, setting, Depth::Shallow, |form, setting| {
                let comparison = self.compare(claim, form, setting).map_err(|reason| reason.to_string())?;
                let difference = Difference::of(&comparison, magnitude(form, &setting.map(nearest_f64)));
                // An error that cannot be told from zero has no order.
                let error = if difference.agrees() { Bounds::exactly(0.0) } else { difference.size };
                Ok(Deviation { error, claimed: Bounds::of_norm(&comparison.claimed) })
            });
        }
        if matches!(claim.kind, Kind::Stability) {
            return inequality::stability(self.is_stable(claim, setting), form, setting);
        }
        let comparison = match self.compare(claim, form, setting) {
            Ok(comparison) => comparison,
            Err(reason) => return reason.into(),
        };
        let difference = Difference::of(&comparison, magnitude(form, &setting.map(nearest_f64)));
        let written = |side| digits(side, difference.negligible());
        if matches!(claim.kind, Kind::Bound | Kind::Existence) {
            return match Standing::enclosed(form, &comparison, difference.unit.high) {
                Some(standing) => {
                    let sides = [&comparison.found, &comparison.claimed].map(written);
                    inequality::bound(claim, form, standing, sides)
                }
                None => difference.undecided(),
            };
        }
        let distance = difference.distance();
        if difference.is_certain() {
            let line = format!("{}, at a distance of {}", written(&comparison.claimed), distance.text(1));
            Outcome::certain(Verdict::Differs, distance.middle(), Remark::Claims(line))
        } else if difference.agrees() {
            let line = format!("within {AGREEMENT:e}");
            Outcome::certain(Verdict::Agrees, distance.high, Remark::Says(line))
        } else {
            difference.undecided()
        }
    }

    fn measured(&self, claim: &Claim, outcomes: &[Outcome]) -> String {
        if claim.kind.path().is_some() {
            return rate::measured(claim, outcomes);
        }
        if claim.kind.is_inequality() {
            return inequality::measured(outcomes);
        }
        let decided = outcomes.iter().filter(|outcome| outcome.verdict != Verdict::Undecided);
        let worst = decided.map(|outcome| outcome.figure).fold(0.0, f64::max);
        if worst <= AGREEMENT { format!("distance < {AGREEMENT:e}") } else { format!("distance up to {worst:.1e}") }
    }
}

#[cfg(test)]
mod tests {
    use notation::tree::{Expr, Factor, Node, Statement};
    use registry::closed_forms;

    use super::*;
    use crate::draw::Draw;

    fn claim(id: &str) -> &'static Claim {
        closed_forms().iter().find(|claim| claim.id == id).unwrap()
    }

    /// A form that is wrong by one part in 10¹³: a tenth of [`AGREEMENT`], and still certain to differ.
    fn nearly_right(claim: &Claim) -> Form {
        let mut text = claim.printed.text().clone();
        let Some(Statement::Equation { right, .. }) = text.statements.first_mut() else { panic!("no equation") };
        let ten_to_the_thirteen: u64 = 10_000_000_000_000;
        let number = Node::Number(Rational::from((ten_to_the_thirteen + 1, ten_to_the_thirteen)));
        let factors = [Expr::of(number), right.clone()].map(|expr| Factor { divides: false, expr });
        *right = Expr::of(Node::Product(factors.into()));
        claim.printed.with_text(text).unwrap()
    }

    /// A Σ that is off by a part in 10¹³ is another, in one entry as in all, and so is one of another shape.
    #[test]
    fn the_fluctuation_of_another_engine_is_told() {
        let claim = claim("label-noise/fluctuation");
        let draw = Draw { claim, without: &[], dimension: 2, seed: 1, name: "certifies", sparse: false };
        let setting = draw.setting(|setting| stationary(setting).is_ok()).unwrap();
        let found = exact::stationary(&setting).unwrap().fluctuation;
        assert!(certifies(&setting, &found).unwrap());
        let wrong = Rational::from((10_000_000_000_001_u64, 10_000_000_000_000_u64));
        assert!(!certifies(&setting, &(&found * wrong.clone())).unwrap());
        let mut of_one = found.clone();
        of_one[(1, 1)] *= wrong;
        assert!(!certifies(&setting, &of_one).unwrap());
        assert!(!certifies(&setting, &found.view((0, 0), (1, 1)).into_owned()).unwrap());
    }

    #[test]
    fn a_part_in_ten_to_the_thirteen_is_told() {
        let claim = claim("label-noise/fluctuation");
        let mut engine = Lyapunov::default();
        for dimension in 1..=3 {
            let draw = Draw { claim, without: &[], dimension, seed: 1, name: "told", sparse: false };
            let setting = draw.setting(|setting| stationary(setting).is_ok()).unwrap();
            let outcome = engine.judge(claim, &claim.printed, &setting);
            assert_eq!((outcome.verdict, outcome.line), (Verdict::Agrees, Remark::Says("within 1e-12".into())));
            let outcome = engine.judge(claim, &nearly_right(claim), &setting);
            assert_eq!(outcome.verdict, Verdict::Differs);
            let line = outcome.line.to_string();
            assert!(["1e-13", "1.0e-13"].iter().any(|distance| line.ends_with(distance)), "{line}");
        }
    }
}
