//! The texts of the registry against the functions that they replace: the same records, and the same values at drawn
//! settings over ℚ, modulo a prime, in intervals and in doubles.
//!
//! Moments are drawn, too, and need not be those of any stationary state: what is compared are functions of them.

#[path = "../../../tests/choices.rs"]
mod choices;

use choices::Seeded;
use claims::oracle::{self, CLAIMS, Field};
use claims::{Choices, Claim, Form, Kind, closed_forms};
use formula::Given;
use numbers::{Interval, Matrix, Residue, Scalar, Vector, matrix, nearest_f64};
use rug::ops::RemRounding;
use rug::{Integer, Rational};
use symbols::{Minibatch, Moments, Quantity, Setting};

/// How often a setting is drawn for a form, in each dimension.
const DRAWS: u64 = 6;

/// Both sides.
type Sides<T> = Result<[Matrix<T>; 2], String>;

#[test]
fn records_are_those_of_the_oracle() {
    assert_eq!(closed_forms().len(), CLAIMS.len());
    for (new, old) in closed_forms().iter().zip(CLAIMS) {
        let id = old.id;
        assert_eq!(new.id, id);
        assert_eq!(new.source, old.source, "{id}");
        assert_eq!(new.equations, old.equations, "{id}");
        assert_eq!(new.provenance, old.provenance, "{id}");
        assert_eq!(names(&new.hypotheses), names(old.hypotheses), "{id}");
        assert_eq!(new.kind.name(), old.kind.name(), "{id}");
        let path = |kind: Kind| kind.path().map(|(path, order)| (path.parameter, order));
        assert_eq!(path(new.kind), path(old.kind), "{id}");
        let stability = matches!(old.kind, Kind::Stability);
        let two_equations = id == "second-order/natural-gradient";
        if !stability && !two_equations {
            assert_eq!(new.quantity(), Some(old.quantity), "{id}");
        }
        assert_eq!(new.is_of_one_minibatch(), old.quantity.is_of_one_minibatch(), "{id}");
        assert_eq!(new.rival.as_ref().map(|rival| rival.name.as_str()), Some(old.rival.name), "{id}");
        let without = new.strengthened.as_ref().map(|form| names(&form.without));
        assert_eq!(without, old.strengthened.as_ref().map(|form| names(form.without)), "{id}");
        assert_eq!(new.correction.is_some(), old.correction.is_some(), "{id}");
        assert_eq!(new.rewritten.is_some(), old.rewritten.is_some(), "{id}");
        let refutation = new
            .refutation
            .as_ref()
            .map(|refutation| (refutation.refutes.name(), refutation.refutes.others(), refutation.because.as_ref()));
        let old = old.refutation.map(|r| (r.refutes.name(), r.refutes.others(), r.because));
        assert_eq!(refutation, old, "{id}");
    }
}

fn names(hypotheses: &[&claims::Hypothesis]) -> Vec<&'static str> {
    hypotheses.iter().map(|hypothesis| hypothesis.name).collect()
}

#[test]
fn texts_have_the_values_of_the_oracle() {
    let (mut compared, mut failures) = (0, Vec::new());
    for (new, old) in closed_forms().iter().zip(CLAIMS) {
        for (name, text) in new.forms() {
            let form = of_oracle(old, name);
            let without = match (name, &new.strengthened) {
                ("strengthened", Some(strengthened)) => strengthened.without.clone(),
                _ => Vec::new(),
            };
            let case = Case { new, old, name, text, form };
            match case.try_at_settings(&without) {
                Ok(0) => failures.push(format!("{} {name}: at no setting", new.id)),
                Ok(_) => compared += 1,
                Err(why) => failures.push(format!("{} {name}: {why}", new.id)),
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {} differ:\n{}",
        failures.len(),
        compared + failures.len(),
        failures.join("\n")
    );
    assert_eq!(compared, 207);
}

fn of_oracle(old: &'static oracle::Claim, name: &str) -> &'static oracle::Form {
    match name {
        "rival" => &old.rival.form,
        "strengthened" => old.strengthened.as_ref().map(|s| &s.form).unwrap(),
        "corrected" => old.correction.as_ref().map(|c| &c.form).unwrap(),
        "rewritten" => old.rewritten.as_ref().map(|r| &r.form).unwrap(),
        _ => &old.printed,
    }
}

/// A form in both ways.
struct Case<'a> {
    new: &'a Claim,
    old: &'static oracle::Claim,
    name: &'static str,
    text: &'a Form,
    form: &'static oracle::Form,
}

impl Case<'_> {
    /// The number of settings at which both have the same value.
    fn try_at_settings(&self, without: &[&'static claims::Hypothesis]) -> Result<u32, String> {
        let mut count = 0;
        for dimension in 1..=3 {
            for seed in 0..DRAWS {
                let mut choices = Seeded::new(seed * 7 + dimension as u64);
                let drawn = (0..60).find_map(|_| self.new.draw(dimension, without, &mut choices).ok().flatten());
                let drawn = drawn.or_else(|| {
                    // Some hypotheses cannot be broken together.
                    (0..60).find_map(|_| {
                        self.new.draw(dimension, &without[..1.min(without.len())], &mut choices).ok().flatten()
                    })
                });
                let Some(setting) = drawn else { continue };
                let at = |why: String| format!("D = {dimension}, seed {seed}: {why}");
                count += u32::from(self.compare(&setting, &mut choices).map_err(at)?);
            }
        }
        Ok(count)
    }

    fn compare(&self, setting: &Setting<Rational>, choices: &mut Seeded) -> Result<bool, String> {
        let (moments, minibatch) = answers(setting, choices);
        if matches!(self.old.kind, Kind::Stability) {
            let old = self.form.rational.evaluate(setting, None).map(|M| matrix::is_positive_definite(&M));
            return match (self.text.holds(setting), old) {
                (Ok(new), Ok(old)) if new == old => Ok(true),
                (Err(_), Err(_)) => Ok(false),
                (new, old) => Err(format!("{new:?}, not {old:?}, at {setting:?}")),
            };
        }
        let given = Given { setting, moments: Some(&moments), minibatch: Some(&minibatch) };
        let exact = match (self.sides(&given), self.of_text(&given)) {
            (Ok(old), Ok(new)) => self.same(&given, &old, &new)?,
            (Err(_), Err(_)) => return Ok(false),
            // The oracle divides the polynomial by q.
            (Err(_), Ok(_)) if self.old.id == "second-order/natural-gradient" => return Ok(false),
            (old, new) => return Err(format!("{new:?}, not {old:?}, at {setting:?}")),
        };
        self.over(&exact, &given, residue, |exact, found| residue(exact) == *found, "mod p")?;
        let precision = 200;
        let enclosed = |q: &Rational| Interval::enclosing(q, precision).unwrap();
        self.over(&exact, &given, enclosed, |exact, found| found.contains(exact), "in intervals")?;
        self.in_doubles(&exact, &given)?;
        Ok(true)
    }

    /// The sides by the oracle.
    fn sides<T: Field>(&self, given: &Given<T>) -> Sides<T> {
        let found = match (given.moments, given.minibatch) {
            (Some(moments), Some(minibatch)) if !self.old.quantity.is_of_one_minibatch() => {
                let _ = minibatch;
                self.old.quantity.of_moments(given.setting, moments)
            }
            (_, Some(minibatch)) => self.old.quantity.of_minibatch(minibatch),
            _ => None,
        };
        let claimed = T::of(self.form).evaluate(given.setting, given.moments).map_err(|error| error.to_string())?;
        Ok([found.ok_or("nothing is found")?, claimed])
    }

    /// The sides by the text.
    fn of_text<T: Scalar>(&self, given: &Given<T>) -> Sides<T> {
        let error = |error: formula::EvaluationError| error.to_string();
        Ok([self.text.found(given).map_err(error)?, self.text.claimed(given).map_err(error)?])
    }

    /// The values of the text, if they say the same as those of the oracle.
    fn same(
        &self,
        given: &Given<Rational>,
        old: &[Matrix<Rational>; 2],
        new: &[Matrix<Rational>; 2],
    ) -> Result<[Matrix<Rational>; 2], String> {
        let same = match (self.old.id, self.name) {
            ("regularization/fluctuation", "corrected") => self.vanishes_at(given, &old[1]),
            ("second-order/natural-gradient", _) => {
                let [found, claimed] = new;
                self.of_polynomial(given, &(found - claimed)) == &old[0] - &old[1]
            }
            _ => {
                let [before, now] = [old, new].map(|[found, claimed]| found - claimed);
                old == new || before == now || before == -&now
            }
        };
        if same { Ok(new.clone()) } else { Err(format!("{new:?}, not {old:?}, at {:?}", given.setting)) }
    }

    /// Whether the text holds at a fluctuation, and not beside it.
    fn vanishes_at(&self, given: &Given<Rational>, fluctuation: &Matrix<Rational>) -> bool {
        let at = |fluctuation: Matrix<Rational>| {
            let moments = Moments { fluctuation, ..given.moments.unwrap().clone() };
            let [found, claimed] = self.of_text(&Given { moments: Some(&moments), ..*given }).unwrap();
            found == claimed
        };
        let D = fluctuation.nrows();
        at(fluctuation.clone()) && !at(fluctuation + Matrix::identity(D, D))
    }

    /// The relation Σ − (z − p/(2(1−μ)q)) A⁻¹ of the oracle from the two equations Σ − zA⁻¹ and p of the text.
    fn of_polynomial(&self, given: &Given<Rational>, residuals: &Matrix<Rational>) -> Matrix<Rational> {
        let (setting, D) = (given.setting, given.setting.dimension());
        let A = setting.feature_covariance();
        let n = Rational::from;
        let z = matrix::trace(&(&given.moments.unwrap().fluctuation * &A)) / n(D as i64);
        let weight = if self.name == "rival" { n(1) } else { n(D as i64 + 1) };
        let q = z * weight + setting.label_noise_variance().unwrap();
        let size = n(2) * (n(1) - setting.momentum()) * q;
        let polynomial = residuals[(D * D, 0)].clone() / size;
        Matrix::from_column_slice(D, D, &residuals.as_slice()[..D * D]) + matrix::inverse(&A).unwrap() * polynomial
    }

    /// Whether the text has the image of its value over another field.
    fn over<T: Scalar>(
        &self,
        exact: &[Matrix<Rational>; 2],
        given: &Given<Rational>,
        image: impl Fn(&Rational) -> T + Copy,
        same: impl Fn(&Rational, &T) -> bool,
        field: &str,
    ) -> Result<(), String> {
        let value =
            self.value_over(given, image).map_err(|error| format!("{field}: {error} at {:?}", given.setting))?;
        let all = exact.iter().zip(&value).flat_map(|(exact, value)| exact.iter().zip(value.iter()));
        for (exact, value) in all {
            if !same(exact, value) {
                return Err(format!("{field}: {value:?}, not {exact}, at {:?}", given.setting));
            }
        }
        Ok(())
    }

    fn value_over<T: Scalar>(&self, given: &Given<Rational>, image: impl Fn(&Rational) -> T + Copy) -> Sides<T> {
        let setting = given.setting.map(image);
        let moments = given.moments.map(|moments| moments.map(image));
        let minibatch = given.minibatch.map(|minibatch| Minibatch {
            gradient: minibatch.gradient.map(|v| image(&v)),
            noise_covariance: minibatch.noise_covariance.map(|v| image(&v)),
        });
        self.of_text(&Given { setting: &setting, moments: moments.as_ref(), minibatch: minibatch.as_ref() })
    }

    /// Whether the text keeps its digits in doubles, but for a few that the oracle may keep or lose, too.
    fn in_doubles(&self, exact: &[Matrix<Rational>; 2], given: &Given<Rational>) -> Result<(), String> {
        let new = self.value_over(given, nearest_f64)?;
        let setting = given.setting.map(nearest_f64);
        let moments = given.moments.map(|moments| moments.map(nearest_f64));
        let old = self.form.float.evaluate(&setting, moments.as_ref()).map_err(|error| error.to_string())?;
        let old_exact = self.form.rational.evaluate(given.setting, given.moments).map_err(|error| error.to_string())?;
        let lost = |exact: &Matrix<Rational>, found: &Matrix<f64>| {
            let exact = exact.map(|v| nearest_f64(&v));
            ((found - &exact).norm(), exact.norm())
        };
        let (of_old, size) = lost(&old_exact, &old);
        let allowed = 200.0 * (of_old / size.max(f64::MIN_POSITIVE)).max(16.0 * f64::EPSILON);
        for (exact, found) in exact.iter().zip(&new) {
            let (of_new, size) = lost(exact, found);
            // Residuals that cancel have no size of their own.
            if of_new > allowed * size.max(1e-3) {
                return Err(format!("in doubles: {of_new:e} of {size:e} lost, by the oracle {of_old:e}"));
            }
        }
        Ok(())
    }
}

/// The image of a fraction modulo the prime.
fn residue(value: &Rational) -> Residue {
    let modulus = Integer::from(Residue::MODULUS);
    let [numerator, denominator] = [value.numer(), value.denom()]
        .map(|integer| Residue::new(integer.clone().rem_euc(&modulus).to_u128().unwrap()));
    numerator / denominator
}

/// Moments and a minibatch of small numbers.
fn answers(setting: &Setting<Rational>, choices: &mut Seeded) -> (Moments<Rational>, Minibatch<Rational>) {
    let D = setting.dimension();
    let mut number = || Rational::from((choices.integer(-9, 9), choices.integer(1, 5)));
    let mut symmetric = || {
        let M = Matrix::from_fn(D, D, |_, _| number());
        &M + M.transpose()
    };
    let [fluctuation, noise_covariance, of_minibatch] = std::array::from_fn(|_| symmetric());
    let train_loss = number();
    let test_loss = setting.sample_count().is_none().then(&mut number);
    let gradient = Vector::from_fn(D, |_, _| number());
    let moments = Moments { fluctuation, noise_covariance, train_loss, test_loss, buffer: None };
    (moments, Minibatch { gradient, noise_covariance: of_minibatch })
}

#[test]
fn every_quantity_is_claimed() {
    for quantity in Quantity::ALL {
        assert!(closed_forms().iter().any(|claim| claim.quantity() == Some(quantity)), "{quantity}");
    }
}
