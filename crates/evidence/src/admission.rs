//! Which settings a claim speaks about.

use claims::hypotheses::STATIONARY;
use claims::{Claim, Hypothesis};
use formula::Subject;
use numbers::matrix::{is_positive_definite, is_positive_semidefinite};
use rug::Rational;
use symbols::Setting;

use crate::engine::exact::ask;
use crate::engine::subject;
use crate::part::Part;

/// Whether a setting is one, satisfies the hypotheses of a claim, and breaks those in `without`, as far as that can be
/// told without an engine.
pub fn admits(claim: &Claim, without: &[&Hypothesis], setting: &Setting<Rational>) -> bool {
    is_sound(setting)
        && claim.hypotheses.iter().all(|hypothesis| match without.iter().any(|other| other.name == hypothesis.name) {
            true => hypothesis.holds.is_none_or(|holds| !holds(setting)),
            false => hypothesis.may_hold(setting),
        })
}

/// Whether a stationary state exists where a claim assumes one, and none where that hypothesis is broken.
///
/// A claim about the stationary state is not asked: where there is none, it has no answer.
pub fn is_stationary_as_assumed(claim: &Claim, without: &[&Hypothesis], setting: &Setting<Rational>) -> bool {
    if !claim.assumes(&STATIONARY, &[]) || subject(claim) == Subject::Stationary {
        return true;
    }
    is_stationary(setting) == claim.assumes(&STATIONARY, without)
}

/// Whether second moments converge.
pub(crate) fn is_stationary(setting: &Setting<Rational>) -> bool {
    ask(Subject::Stationary, setting).is_ok()
}

/// Whether covariances are ones, and every weight can move.
fn is_sound(setting: &Setting<Rational>) -> bool {
    let covariances = [Part::FeatureCovariance, Part::InputNoise, Part::LabelNoise];
    is_positive_definite(setting.learning_rate())
        && covariances.into_iter().filter_map(|part| part.of(setting)).all(|M| is_positive_semidefinite(&M))
}
