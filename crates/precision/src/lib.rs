//! How many digits an evaluation keeps: each closed form, rounded, against its exact value.
//!
//! A [`Walk`] is a list of settings along which something becomes extreme: the distance to the stability boundary, the
//! condition of A, D, S, the mean of the gradients. Its settings are exact in single precision, as far as that has the
//! digits, so that digits are lost by the evaluation alone. The answers of the Lyapunov engine, which are what users
//! get, are counted along every walk, too.
//!
//! Near the boundary the sensitivity of Σ to the last digit of λ grows like 1/distance. So any evaluation loses
//! log₁₀(1/distance) digits, and [`DIGITS`](verify::allowances::DIGITS) says how many more it may lose.

mod format;
mod lost;
mod walks;

use claims::{Claim, Form, Kind};
use formula::{Given, Subject};
use numbers::nearest_f64;
use rug::Rational;
use symbols::{Quantity, SettingError};

pub use format::Format;
use format::exactly;
pub use formula::{Cause, Digits};
pub use lost::Lost;
use verify::{Answer, ask_exact, ask_lyapunov};
pub use walks::{Step, Walk, walks};

/// An evaluation along a walk.
pub struct Curve {
    /// The identifier of a claim, or a quantity of the Lyapunov engine.
    pub name: String,
    /// How it is evaluated, for a reader.
    pub evaluation: &'static str,
    /// Why the printed form loses digits, where it has been rewritten.
    pub reason: Option<String>,
    /// The formats in which it is evaluated.
    pub formats: Vec<Format>,
    /// The correct digits, by step and format.
    pub digits: Vec<Vec<Digits>>,
    /// The part of the formula that loses most of them, if one loses a digit; measured, and not for an engine.
    pub lost: Option<Lost>,
}

/// The digits that were found along a walk.
pub struct Walked {
    /// The walk.
    pub walk: Walk,
    /// The evaluations, each rewritten one behind its printed one.
    pub curves: Vec<Curve>,
}

/// The word for the evaluation of a form as printed.
pub const PRINTED: &str = "as printed";
/// The word for the evaluation of a rewritten form.
pub const REWRITTEN: &str = "rewritten";
/// The word for an answer of the Lyapunov engine.
pub const ENGINE: &str = "Lyapunov engine";

/// Evaluates along a walk all claims on its kind of quantity whose hypotheses hold there, and the Lyapunov engine.
pub fn walked(claims: &[&Claim], walk: Walk) -> Walked {
    let exact = exact_answers(&walk);
    let speaking = claims.iter().filter(|claim| speaks(claim, &walk));
    let mut curves = Vec::from_iter(speaking.flat_map(|claim| curves_of(claim, &walk, &exact, &Format::ALL)));
    curves.extend(engine_curves(&walk, &exact));
    Walked { walk, curves }
}

/// Evaluates a claim in some formats along all walks of its kind of quantity where its hypotheses hold.
///
/// # Errors
/// None that a caller can cause.
pub fn walked_by(claim: &Claim, formats: &[Format]) -> Result<Vec<Walked>, SettingError> {
    let walks = walks()?.into_iter().filter(|walk| speaks(claim, walk));
    let needs_moments = claim.forms().iter().any(|(_, form)| form.needs_moments());
    Ok(Vec::from_iter(walks.map(|walk| {
        let exact = if needs_moments { exact_answers(&walk) } else { vec![None; walk.steps.len()] };
        let curves = curves_of(claim, &walk, &exact, formats);
        Walked { walk, curves }
    })))
}

/// Whether a claim has a value along a walk. A condition has none to round, and where a hypothesis fails, a form means
/// nothing and may have a pole.
fn speaks(claim: &Claim, walk: &Walk) -> bool {
    let assumed = |step: &Step| claim.hypotheses.iter().all(|h| h.may_hold(&step.setting));
    !matches!(claim.kind, Kind::Stability | Kind::Equivalence)
        && claim.printed.subject() == walk.subject
        && walk.steps.iter().all(assumed)
}

fn exact_answers(walk: &Walk) -> Vec<Option<Answer<Rational>>> {
    Vec::from_iter(walk.steps.iter().map(|step| ask_exact(walk.subject, &step.setting).ok()))
}

/// The evaluation of a claim as printed, and the rewritten one behind it.
fn curves_of(claim: &Claim, walk: &Walk, exact: &[Option<Answer<Rational>>], formats: &[Format]) -> Vec<Curve> {
    let given = Vec::from_iter(walk.steps.iter().zip(exact).map(|(step, answer)| {
        let moments = match answer {
            Some(Answer::Stationary(moments)) => Some(moments),
            _ => None,
        };
        Given { moments, ..Given::setting(&step.setting) }
    }));
    // The exact value of a rewritten form is that of the printed form, too.
    let values = Vec::from_iter(given.iter().map(|given| claim.printed.claimed(given).ok()));
    let curve = |evaluation, reason, form: &Form| {
        let kept = |format: Format, step: usize| {
            let Some(exact) = &values[step] else { return Digits::None };
            Digits::of(format.claimed(form, &given[step]).as_ref(), exact)
        };
        let digits = (0..given.len()).map(|step| Vec::from_iter(formats.iter().map(|format| kept(*format, step))));
        let digits = Vec::from_iter(digits);
        let known = |format: Format, step: usize| {
            let column = formats.iter().position(|other| *other == format);
            column.map_or_else(|| kept(format, step), |column| digits[step][column])
        };
        let lost = lost::worst(form, &given, known);
        Curve { name: claim.id.clone(), evaluation, reason, formats: formats.to_vec(), lost, digits }
    };
    let mut curves = vec![curve(PRINTED, None, &claim.printed)];
    if let Some(rewritten) = &claim.rewritten {
        curves.push(curve(REWRITTEN, Some(rewritten.reason.clone()), &rewritten.form));
    }
    curves
}

/// The answers of the Lyapunov engine, in doubles only.
fn engine_curves(walk: &Walk, exact: &[Option<Answer<Rational>>]) -> Vec<Curve> {
    let answers = Vec::from_iter(walk.steps.iter().map(|step| {
        let setting = step.setting.map(nearest_f64);
        (ask_lyapunov(walk.subject, &setting).ok(), setting)
    }));
    let curve = |quantity: Quantity| {
        let digits = walk.steps.iter().zip(exact).zip(&answers).map(|((step, exact), (found, setting))| {
            let exact = exact.as_ref().and_then(|answer| answer.quantity(quantity, &step.setting));
            let found = found.as_ref().and_then(|answer| answer.quantity(quantity, setting));
            let found = found.and_then(|value| exactly(&value, |v| Rational::from_f64(*v)));
            vec![exact.map_or(Digits::None, |exact| Digits::of(found.as_ref(), &exact))]
        });
        let formats = vec![Format::Double];
        Curve {
            name: quantity.to_string(),
            evaluation: ENGINE,
            reason: None,
            formats,
            digits: digits.collect(),
            lost: None,
        }
    };
    let quantities = Quantity::ALL.into_iter();
    Vec::from_iter(quantities.filter(|q| q.is_of_one_minibatch() == (walk.subject == Subject::Minibatch)).map(curve))
}

#[cfg(test)]
mod tests {
    use symbols::Setting;
    use verify::allowances::DIGITS;

    use super::*;

    fn all_walked() -> impl Iterator<Item = Walked> {
        walks().unwrap().into_iter().map(|walk| walked(registry::closed_forms(), walk))
    }

    /// Checks all that the project evaluates in doubles: each form, rewritten where it is, and the Lyapunov engine.
    #[test]
    fn doubles_lose_no_more_than_the_distance_to_the_boundary_takes() {
        let mut beyond = 0.0_f64;
        for Walked { walk, curves } in all_walked() {
            for (i, curve) in curves.iter().enumerate() {
                let replaced = curves.get(i + 1).is_some_and(|next| next.evaluation == REWRITTEN);
                if replaced {
                    continue;
                }
                for (step, digits) in walk.steps.iter().zip(&curve.digits) {
                    let double = curve.formats.iter().position(|f| *f == Format::Double).unwrap();
                    // An engine that declines to answer loses nothing.
                    let declined = curve.evaluation == ENGINE && digits[double] == Digits::None;
                    let lost = digits[double].lost(Format::Double.digits());
                    if !declined {
                        beyond = beyond.max(lost - step.allowed() + DIGITS);
                    }
                    assert!(
                        declined || lost <= step.allowed(),
                        "{}, {}, {}, {}: {lost}",
                        walk.name,
                        curve.name,
                        curve.evaluation,
                        step.label
                    );
                }
            }
        }
        // The allowance is hardly wider than it has to be: a third of it would not do.
        assert!(beyond > DIGITS / 3.0, "at most {beyond} digits are lost beyond the distance, {DIGITS} are allowed");
    }

    /// Whether the claimed value is beyond the numbers of single precision. MPFR has no such bound.
    fn overflows(claim: &str, setting: &Setting<Rational>) -> bool {
        let claim = registry::claim(claim).unwrap();
        let value = claim.printed.claimed(&Given::setting(setting)).unwrap();
        value.iter().any(|entry| entry.clone().abs() > f32::MAX)
    }

    /// MPFR at the precisions of the hardware finds the digits of the hardware. So its other precisions tell what
    /// hardware of so many bits would find.
    #[test]
    fn emulated_formats_lose_what_hardware_loses() {
        for Walked { walk, curves } in all_walked() {
            for curve in curves.iter().filter(|curve| curve.formats == Format::ALL) {
                for (step, digits) in walk.steps.iter().zip(&curve.digits) {
                    let named = format!("{}, {}", curve.name, step.label);
                    assert_eq!(digits[1], digits[3], "{named}");
                    match digits[0] {
                        Digits::None if digits[2] != Digits::None => {
                            assert!(overflows(&curve.name, &step.setting), "{named}");
                        }
                        single => assert_eq!(single, digits[2], "{named}"),
                    }
                }
            }
        }
    }

    /// A distance is 1 − ρ up to a factor of 8.
    #[test]
    fn distances_are_those_of_the_spectral_radius() {
        for walk in walks().unwrap().into_iter().filter(|walk| walk.subject == Subject::Stationary) {
            for step in &walk.steps {
                let Ok(solution) = lyapunov::stationary(&step.setting.map(nearest_f64)) else { continue };
                let ratio = (1.0 - solution.stability.spectral_radius) / nearest_f64(&step.distance);
                assert!((0.125..=8.0).contains(&ratio), "{}, {}: {ratio}", walk.name, step.label);
            }
        }
    }

    #[test]
    fn a_rewritten_form_keeps_what_the_printed_one_loses() {
        let mut kept = 0.0_f64;
        for Walked { curves, .. } in all_walked() {
            for pair in curves.windows(2).filter(|pair| pair[1].evaluation == REWRITTEN) {
                let worst =
                    |curve: &Curve| curve.digits.iter().map(|d| d[1].lost(Format::Double.digits())).fold(0.0, f64::max);
                kept = kept.max(worst(&pair[0]) - worst(&pair[1]));
            }
        }
        assert!(kept > 10.0, "{kept}");
    }

    /// Another evaluation found the loss than the one that found its place: all operations at once here, one by one there.
    /// With one weight a place accounts for a part of the loss alone, 8.4 of 12.5 digits of damped Newton; why is open.
    #[test]
    fn the_place_accounts_for_what_is_lost() {
        let mut places = 0;
        for Walked { walk, curves } in all_walked() {
            for curve in curves.iter().filter(|curve| curve.evaluation != ENGINE) {
                let lost = |format: Format, digits: &Vec<Digits>| {
                    let column = curve.formats.iter().position(|other| *other == format).unwrap();
                    digits[column].lost(format.digits())
                };
                let most = |format| curve.digits.iter().map(|digits| lost(format, digits)).fold(0.0, f64::max);
                let named = format!("{}, {}, {}", walk.name, curve.name, curve.evaluation);
                match &curve.lost {
                    None => assert!(most(Format::Double).max(most(Format::Single)) < 1.0, "{named}"),
                    Some(place) => {
                        places += 1;
                        assert!(!place.part().is_empty() && place.step < walk.steps.len(), "{named}");
                        let most = most(place.format);
                        let least = if walk.name == "boundary-one-weight" { 1.0 } else { most - 1.0 };
                        let accounts = place.digits > least && place.digits < most + 1.0;
                        assert!(accounts, "{named}: {} of {most}", place.digits);
                    }
                }
            }
        }
        assert!(places > 10, "{places}");
    }
}
