//! How many digits an evaluation keeps: each closed form, rounded, against its exact value.
//!
//! A [`Walk`] is a list of settings along which something becomes extreme: the distance to the stability boundary, the
//! condition of A, D, S, the mean of the gradients. Its settings are exact in single precision, as far as that has the
//! digits, so that digits are lost by the evaluation alone. The answers of the Lyapunov engine, which are what users
//! get, are counted along every walk, too.
//!
//! Near the boundary the sensitivity of Σ to the last digit of λ grows like 1/distance. So any evaluation loses
//! log₁₀(1/distance) digits, and [`DIGITS`](verify::allowances::DIGITS) says how many more it may lose.

mod walks;

use claims::{Claim, Form, Kind};
use formula::{Given, Subject};
use numbers::{Matrix, Rounded, Scalar, nearest_f64};
use rug::{Float, Rational};
use symbols::{Moments, Quantity};

use verify::{Answer, ask_exact, ask_lyapunov};
pub use walks::{Step, Walk, walks};

/// A format of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Single precision of the hardware.
    Single,
    /// Double precision of the hardware.
    Double,
    /// MPFR numbers of so many bits, rounded to nearest.
    Bits(u32),
}

impl Format {
    /// The formats that are studied.
    pub const ALL: [Format; 7] = [
        Format::Single,
        Format::Double,
        Format::Bits(24),
        Format::Bits(53),
        Format::Bits(100),
        Format::Bits(200),
        Format::Bits(400),
    ];

    /// Its name in tables.
    pub fn name(self) -> String {
        match self {
            Format::Single => "f32".into(),
            Format::Double => "f64".into(),
            Format::Bits(bits) => format!("{bits} bits"),
        }
    }

    /// The decimal digits that a number has.
    pub fn digits(self) -> f64 {
        let bits = match self {
            Format::Single => f32::MANTISSA_DIGITS,
            Format::Double => f64::MANTISSA_DIGITS,
            Format::Bits(bits) => bits,
        };
        f64::from(bits) * 2_f64.log10()
    }
}

/// Correct digits of a value: −log₁₀ of its relative error (Frobenius).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Digits {
    /// No error at all.
    All,
    /// So many digits.
    Correct(f64),
    /// No digits: there is no value, or its error is as large as the exact value.
    None,
}

impl Digits {
    /// How many of a format's digits are missing.
    pub fn lost(self, format: Format) -> f64 {
        match self {
            Digits::All => 0.0,
            Digits::Correct(digits) => (format.digits() - digits).max(0.0),
            Digits::None => format.digits(),
        }
    }

    fn of(found: Option<Matrix<Rational>>, exact: &Matrix<Rational>) -> Digits {
        let Some(found) = found.filter(|found| found.shape() == exact.shape()) else { return Digits::None };
        let square = |M: &Matrix<Rational>| M.iter().map(|v| Rational::from(v * v)).sum::<Rational>();
        let (error, size) = (square(&(found - exact)), square(exact));
        if error.is_zero() {
            return Digits::All;
        }
        if error >= size {
            return Digits::None;
        }
        Digits::Correct(Float::with_val(64, size / error).log10().to_f64() / 2.0)
    }
}

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
    // Where a hypothesis fails, a form means nothing and may have a pole.
    let assumed = |claim: &Claim, step: &Step| claim.hypotheses.iter().all(|h| h.may_hold(&step.setting));
    // A condition has no value to round.
    let speaks = |claim: &&&Claim| {
        !matches!(claim.kind, Kind::Stability | Kind::Equivalence)
            && claim.printed.subject() == walk.subject
            && walk.steps.iter().all(|step| assumed(claim, step))
    };
    let claims = Vec::from_iter(claims.iter().filter(speaks).copied());
    let exact = Vec::from_iter(walk.steps.iter().map(|step| ask_exact(walk.subject, &step.setting).ok()));
    let mut curves = Vec::new();
    for claim in claims {
        let mut add = |evaluation, reason, form| {
            let steps = walk.steps.iter().zip(&exact);
            let digits = steps.map(|(step, answer)| Format::ALL.map(|f| kept(claim, form, step, answer, f)).to_vec());
            let (name, formats) = (claim.id.clone(), Format::ALL.to_vec());
            curves.push(Curve { name, evaluation, reason, formats, digits: digits.collect() });
        };
        add(PRINTED, None, &claim.printed);
        if let Some(rewritten) = &claim.rewritten {
            add(REWRITTEN, Some(rewritten.reason.clone()), &rewritten.form);
        }
    }
    curves.extend(engine_curves(&walk, &exact));
    Walked { walk, curves }
}

fn kept(claim: &Claim, form: &Form, step: &Step, answer: &Option<Answer<Rational>>, format: Format) -> Digits {
    let moments = match answer {
        Some(Answer::Stationary(moments)) => Some(moments),
        _ => None,
    };
    // The exact value of a rewritten form is that of the printed form, too.
    let given = Given { moments, ..Given::setting(&step.setting) };
    let Ok(exact) = claim.printed.claimed(&given) else { return Digits::None };
    let found = match format {
        Format::Single => evaluated(form, step, moments, single, |v: &f32| Rational::from_f32(*v)),
        Format::Double => evaluated(form, step, moments, nearest_f64, |v: &f64| Rational::from_f64(*v)),
        Format::Bits(bits) => evaluated(form, step, moments, |v| rounded(v, bits), Rounded::to_rational),
    };
    Digits::of(found, &exact)
}

fn single(value: &Rational) -> f32 {
    Float::with_val(f32::MANTISSA_DIGITS, value).to_f32()
}

/// The nearest number of `bits` bits. The default is never taken: MPFR has the precisions of all formats here.
fn rounded(value: &Rational, bits: u32) -> Rounded {
    Rounded::nearest(value, bits).unwrap_or_else(|_| Rounded::from_integer(0))
}

fn evaluated<T: Scalar>(
    form: &Form,
    step: &Step,
    moments: Option<&Moments<Rational>>,
    into: impl Fn(&Rational) -> T,
    back: impl Fn(&T) -> Option<Rational>,
) -> Option<Matrix<Rational>> {
    let (setting, moments) = (step.setting.map(&into), moments.map(|moments| moments.map(&into)));
    let value = form.claimed(&Given { moments: moments.as_ref(), ..Given::setting(&setting) }).ok()?;
    exactly(&value, back)
}

fn exactly<T: Scalar>(value: &Matrix<T>, back: impl Fn(&T) -> Option<Rational>) -> Option<Matrix<Rational>> {
    let entries = value.iter().map(back).collect::<Option<Vec<_>>>()?;
    Some(Matrix::from_vec(value.nrows(), value.ncols(), entries))
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
            vec![exact.map_or(Digits::None, |exact| Digits::of(found, &exact))]
        });
        let formats = vec![Format::Double];
        Curve { name: quantity.to_string(), evaluation: ENGINE, reason: None, formats, digits: digits.collect() }
    };
    let quantities = Quantity::ALL.into_iter();
    Vec::from_iter(quantities.filter(|q| q.is_of_one_minibatch() == (walk.subject == Subject::Minibatch)).map(curve))
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::allowances::DIGITS;

    fn all_walked() -> impl Iterator<Item = Walked> {
        walks().unwrap().into_iter().map(|walk| walked(claims::closed_forms(), walk))
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
                    let lost = digits[double].lost(Format::Double);
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

    /// MPFR at the precisions of the hardware finds the digits of the hardware. So its other precisions tell what
    /// hardware of so many bits would find.
    #[test]
    fn emulated_formats_lose_what_hardware_loses() {
        for Walked { walk, curves } in all_walked() {
            for curve in curves.iter().filter(|curve| curve.formats == Format::ALL) {
                for (step, digits) in walk.steps.iter().zip(&curve.digits) {
                    assert_eq!((digits[0], digits[1]), (digits[2], digits[3]), "{}, {}", curve.name, step.label);
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
                let worst = |curve: &Curve| curve.digits.iter().map(|d| d[1].lost(Format::Double)).fold(0.0, f64::max);
                kept = kept.max(worst(&pair[0]) - worst(&pair[1]));
            }
        }
        assert!(kept > 10.0, "{kept}");
    }
}
