//! How large the grids of proofs are by the texts, beside those by the functions that they replace.

use claims::oracle::{self, CLAIMS, Field};
use claims::{Claim, Family, Form, Kind, closed_forms};
use exact::proof::{self, Identity, ProofError};
use formula::Given;
use numbers::{Degrees, Matrix, Residue, Scalar};
use rug::Rational;

/// One of the two ways.
enum Way<'a> {
    Text(&'a Form),
    Function(&'a oracle::Form),
}

/// What a proof is of: found − claimed, or printed − rewritten of what is no equality.
struct Difference<'a> {
    claim: &'a Claim,
    old: &'static oracle::Claim,
    way: Way<'a>,
    printed: Option<Way<'a>>,
    family: Family,
}

impl Difference<'_> {
    fn over<T: Field>(&self, values: &[T]) -> Result<Matrix<T>, String> {
        let setting = self.family.setting(values).map_err(|error| error.to_string())?;
        let (mut moments, mut minibatch) = (None, None);
        if self.claim.is_of_one_minibatch() {
            minibatch = Some(exact::minibatch(&setting).map_err(|error| error.to_string())?);
        } else {
            moments = Some(exact::formal_moments(&setting).map_err(|error| error.to_string())?);
        }
        let given = Given { setting: &setting, moments: moments.as_ref(), minibatch: minibatch.as_ref() };
        let [found, claimed] = self.sides(&self.way, &given)?;
        Ok(match &self.printed {
            Some(printed) => self.sides(printed, &given)?[1].clone() - claimed,
            None => found - claimed,
        })
    }

    fn sides<T: Field>(&self, way: &Way, given: &Given<T>) -> Result<[Matrix<T>; 2], String> {
        match way {
            Way::Text(form) => {
                let error = |error: formula::EvaluationError| error.to_string();
                Ok([form.found(given).map_err(error)?, form.claimed(given).map_err(error)?])
            }
            Way::Function(form) => {
                let found = match (given.moments, given.minibatch) {
                    (Some(moments), _) => self.old.quantity.of_moments(given.setting, moments),
                    (_, Some(minibatch)) => self.old.quantity.of_minibatch(minibatch),
                    _ => None,
                };
                let claimed = T::of(form).evaluate(given.setting, given.moments).map_err(|e| e.to_string())?;
                Ok([found.ok_or("nothing")?, claimed])
            }
        }
    }
}

impl Identity for Difference<'_> {
    type Error = String;

    fn units(&self) -> Vec<(Vec<i32>, usize)> {
        let parameters = self.family.parameters();
        let unit = |grading| parameters.iter().position(|parameter| parameter.unit == Some(grading));
        let weights = |grading: usize| Vec::from_iter(parameters.iter().map(|parameter| parameter.weights[grading]));
        Vec::from_iter((0..=self.family.dimension).filter_map(|grading| Some((weights(grading), unit(grading)?))))
    }

    fn variables(&self) -> usize {
        self.family.parameters().len()
    }

    fn bounds(&self, variables: &[Degrees]) -> Result<Matrix<Degrees>, String> {
        self.over(variables)
    }

    fn residue(&self, point: &[Residue]) -> Result<Matrix<Residue>, String> {
        self.over(point)
    }

    fn value(&self, point: &[Rational]) -> Result<Matrix<Rational>, String> {
        self.over(point)
    }
}

fn points(difference: &Difference) -> String {
    match proof::prove(difference, 0) {
        Ok(proof) => proof.points.to_string(),
        Err(ProofError::TooLarge { points, .. }) => points.to_string(),
        Err(error) => error.to_string().chars().take(60).collect(),
    }
}

#[test]
#[ignore = "a table"]
fn grids() {
    for (claim, old) in closed_forms().iter().copied().zip(CLAIMS) {
        let exact = matches!(claim.kind, Kind::Exact);
        for (name, text) in claim.forms() {
            let (form, without): (_, &[_]) = match name {
                "printed" if exact => (&old.printed, &[]),
                "strengthened" if exact => {
                    let strengthened = old.strengthened.as_ref().unwrap();
                    (&strengthened.form, strengthened.without)
                }
                "corrected" if exact => (&old.correction.as_ref().unwrap().form, &[]),
                "rewritten" => (&old.rewritten.as_ref().unwrap().form, &[]),
                _ => continue,
            };
            for (dimension, diagonal) in [(1, true), (2, true), (2, false)] {
                for family in claim.families(dimension, diagonal, without) {
                    let of = |way, printed: Option<Way>| {
                        let printed = printed.filter(|_| !exact);
                        points(&Difference { claim, old, way, printed, family })
                    };
                    let new = of(Way::Text(text), Some(Way::Text(&claim.printed)));
                    let before = of(Way::Function(form), Some(Way::Function(&old.printed)));
                    if new != before {
                        println!("{} {name}, {family}: {before} -> {new}", claim.id);
                    }
                }
            }
        }
    }
    let _ = Rational::from_integer(0);
}
