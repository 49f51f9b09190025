//! Exact claims as identities: the difference between engine and closed form, as a function of the parameters of a
//! family.
//!
//! An identity of rational functions holds wherever both sides are these functions. At a singular A they need not be:
//!
//! - M⁺ is M⁻¹ where that exists, and jumps where the rank falls. So what is proved is the form with M⁻¹, the only one
//!   that is a rational function. A form with M⁺ is called proved only where the hypotheses say that M is invertible;
//!   otherwise its identity is one of almost all settings.
//! - A form without M⁺ is continuous where its denominators do not vanish, and has no value where they do; so are the
//!   setting and the first step. There an identity extends to each singular A.
//! - The stationary state is the solution of linear equations, continuous as long as K and they are invertible. Where K is
//!   singular it is another one, as weights stand still along the null space. A proof says nothing of that.
//!
//! What a proof leaves open is tried setting by setting ([`Hunt`](crate::Hunt)).

use claims::hypotheses::{FULL_RANK, INVERTIBLE_HESSIAN, NO_WEIGHT_DECAY};
use claims::{Claim, Family, Form, Hypothesis, Kind};
use exact::proof::{self, Identity, Probe, Proof, ProofError};
use formula::Subject;
use notation::symbol::Meaning;
use numbers::{Degrees, Matrix, Residue, Scalar};
use rug::Rational;

use crate::allowances::{ERROR_BITS, LARGEST_INVERSE};
use crate::choices::Seeded;
use crate::engine::{Answer, Comparison, subject};
use crate::evidence::{Evidence, Line, Proofs};
use crate::options::Engine;
use crate::verdict::{Strength, Verdict};

/// The dimensions and shapes that are tried: commuting matrices by a complete grid where it is small enough, all others
/// at random.
const SHAPES: [(usize, bool); 5] = [(1, true), (2, true), (3, true), (2, false), (3, false)];

/// Proves the forms of a claim, or tests them where a complete grid needs more than `limit` evaluations.
pub fn of(claim: &Claim, limit: u64, seed: u64) -> Proofs {
    let exact = matches!(claim.kind, Kind::Exact);
    let establish = |form: &Form, without: &[&Hypothesis], printed| {
        let shapes = SHAPES.into_iter();
        let families = shapes.flat_map(|(dimension, diagonal)| claim.families(dimension, diagonal, without));
        let is_generic = form.formula().pseudoinverses().any(|of| !is_invertible(of, claim, without));
        // Of a matrix that is not square there is no M⁻¹; bounds have no value there.
        let form = &form.with_text(form.text().with_inverses()).unwrap_or_else(|_| form.clone());
        let lines = families.map(|family| judge(&Difference { claim, form, printed, family }, limit, seed));
        Vec::from_iter(lines.map(|line| if is_generic { generic(line) } else { line }))
    };
    let of_exact = |form, without| if exact { establish(form, without, None) } else { Vec::new() };
    let printed = (!exact).then_some(&claim.printed);
    Proofs {
        printed: of_exact(&claim.printed, &[]),
        strengthened: claim.strengthened.as_ref().map_or_else(Vec::new, |s| of_exact(&s.form, &s.without)),
        correction: claim.correction.as_ref().map_or_else(Vec::new, |correction| of_exact(&correction.form, &[])),
        rewritten: claim.rewritten.as_ref().map_or_else(Vec::new, |r| establish(&r.form, &[], printed)),
    }
}

/// The evidence that lines give together, by strength.
pub fn evidence(lines: &[Line]) -> Vec<Evidence> {
    let of = |strength| {
        let lines = || lines.iter().filter(move |line| line.strength == strength);
        let instances = lines().count();
        let measured = match lines().find(|line| line.verdict != Verdict::Agrees) {
            Some(line) => line.text.clone(),
            None => match instances {
                1 => "zero on one family of settings".into(),
                count => format!("zero on {count} families of settings"),
            },
        };
        let verdict = Verdict::of_all(lines().map(|line| line.verdict));
        let proved = lines().filter(|line| line.strength == Strength::Proved && line.verdict == Verdict::Agrees);
        (instances > 0).then_some(Evidence {
            engine: Engine::Exact,
            strength,
            instances,
            dimensions: proved.map(|line| line.family.dimension).collect(),
            verdict,
            measured,
            detectable: None,
        })
    };
    Vec::from_iter([Strength::Proved, Strength::Identity].into_iter().filter_map(of))
}

/// Whether the hypotheses say that the matrix has an inverse of which a pseudoinverse is taken: a symbol, or `None` for
/// any other matrix, of which nothing is known.
fn is_invertible(of: Option<Meaning>, claim: &Claim, without: &[&Hypothesis]) -> bool {
    let assumes = |hypothesis| claim.assumes(hypothesis, without);
    match of {
        Some(Meaning::FeatureCovariance | Meaning::LearningRate | Meaning::PlainHessian) => assumes(&FULL_RANK),
        Some(Meaning::Hessian) => assumes(&INVERTIBLE_HESSIAN) || assumes(&FULL_RANK) && assumes(&NO_WEIGHT_DECAY),
        _ => false,
    }
}

/// A line on a form that singular matrices may tell from all others.
fn generic(line: Line) -> Line {
    let text = match line.verdict {
        Verdict::Agrees => format!("{}; almost everywhere, as M⁺ jumps at singular M", line.text),
        _ => line.text,
    };
    Line { strength: Strength::Identity, is_generic: true, text, ..line }
}

fn judge(identity: &Difference, limit: u64, seed: u64) -> Line {
    let family = identity.family;
    let forms = [Some(identity.form), identity.printed].into_iter().flatten();
    let rows = forms.map(|form| form.formula().largest_inverse(family.dimension)).max().unwrap_or(0);
    if rows > LARGEST_INVERSE {
        let text = format!(
            "{family}: not proved: a matrix of {rows} rows is inverted, and bounds of more than {LARGEST_INVERSE} take too long"
        );
        return Line { family, strength: Strength::Identity, verdict: Verdict::Undecided, is_generic: false, text };
    }
    let (strength, verdict, text) = match proof::prove(identity, limit) {
        Ok(Proof { degrees, points, .. }) => {
            let names = family.parameters().into_iter().map(|parameter| parameter.name);
            let varying = names.zip(degrees).filter_map(|(name, degree)| Some((name, degree.filter(|d| *d > 0)?)));
            let degrees = Vec::from_iter(varying.map(|(name, degree)| format!("{name}: {degree}")));
            let text = match degrees.as_slice() {
                [] => "proved, nothing is left of the difference".into(),
                _ => format!("proved by {points} points, degrees at most {}", degrees.join(", ")),
            };
            (Strength::Proved, Verdict::Agrees, text)
        }
        Err(ProofError::TooLarge { .. } | ProofError::TooLong { .. }) => {
            let mut random = Seeded::new(seed, &format!("{} / {family}", identity.claim.id));
            let (verdict, text) = match proof::probe(identity, || random.integer_of_127_bits()) {
                Ok(Probe { bits, .. }) if bits < ERROR_BITS => {
                    (Verdict::Undecided, format!("equal at a random point, error probability up to 2^-{bits}"))
                }
                Ok(Probe { bits, .. }) => {
                    (Verdict::Agrees, format!("equal at a random point, error probability < 2^-{bits}"))
                }
                Err(ProofError::Refuted { .. }) => (Verdict::Differs, "differs at a random point".into()),
                Err(error) => (Verdict::Undecided, error.to_string()),
            };
            (Strength::Identity, verdict, text)
        }
        Err(ProofError::Refuted { .. }) => (Strength::Proved, Verdict::Differs, "refuted".into()),
        Err(error) => (Strength::Identity, Verdict::Undecided, error.to_string()),
    };
    Line { family, strength, verdict, is_generic: false, text: format!("{family}: {text}") }
}

/// The engine's answer minus a closed form, over a family. It is zero where the form holds identically.
struct Difference<'a> {
    claim: &'a Claim,
    form: &'a Form,
    /// The form that stands in place of the engine's answer, where the claim is no equality.
    printed: Option<&'a Form>,
    family: Family,
}

impl Difference<'_> {
    fn over<T: Scalar>(&self, values: &[T]) -> Result<Matrix<T>, String> {
        let setting = self.family.setting(values).map_err(|error| error.to_string())?;
        let answer = match subject(self.claim) {
            Subject::Setting => Answer::Nothing,
            Subject::Minibatch => Answer::Minibatch(exact::minibatch(&setting).map_err(|error| error.to_string())?),
            Subject::Stationary => {
                Answer::Stationary(exact::formal_moments(&setting).map_err(|error| error.to_string())?)
            }
        };
        let compare = |form: &Form| answer.compare(form, &setting).map_err(|reason| reason.to_string());
        let Comparison { found, claimed } = compare(self.form)?;
        match self.printed {
            Some(printed) => Ok(compare(printed)?.claimed - claimed),
            None => Ok(found - claimed),
        }
    }
}

impl Identity for Difference<'_> {
    /// A sentence for a reader.
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

#[cfg(test)]
mod tests {
    use claims::file;

    use super::*;

    fn lines(formula: &str, assume: &[&str]) -> Vec<Line> {
        let assume = assume.join("\", \"");
        let text = format!("[[claim]]\nid = \"a/b\"\nformula = \"{formula}\"\nassume = [\"{assume}\"]\n");
        of(&file::read("a.toml", &text).unwrap()[0], 1000, 1).printed
    }

    fn verdicts(lines: &[Line], dimension: usize) -> Vec<Verdict> {
        let of_dimension = lines.iter().filter(|line| line.family.dimension == dimension);
        Vec::from_iter(of_dimension.map(|line| line.verdict))
    }

    /// Λ and B need not commute with A where Γ does.
    #[test]
    fn a_hypothesis_of_two_matrices_leaves_the_others_free() {
        for (formula, assume) in [
            ("ΛA = AΛ", &["gaussian-features", "commuting-weight-decay"][..]),
            ("AB = BA", &["input-noise", "commuting-weight-decay"]),
            ("ΓA = AΓ", &["input-noise", "commuting-input-noise"]),
            ("AΛu = ΛAu", &["gaussian-features", "aligned-true-weights"]),
            ("ΛΓ = ΓΛ", &["gaussian-features", "aligned-true-weights", "no-input-noise"]),
        ] {
            assert!(verdicts(&lines(formula, assume), 2).contains(&Verdict::Differs), "{formula}");
        }
        for (formula, assume) in [
            ("ΓA = AΓ", &["gaussian-features", "commuting-weight-decay"][..]),
            ("AB = BA", &["input-noise", "commuting-input-noise"]),
            ("AUΓ = ΓUA", &["gaussian-features", "aligned-true-weights"]),
            ("ΓU = UΓ", &["gaussian-features", "true-weights-in-weight-decay", "commuting-weight-decay"]),
        ] {
            let lines = lines(formula, assume);
            let is_general = |line: &Line| line.family.dimension == 2 && !line.family.diagonal;
            assert!(lines.iter().any(is_general), "{formula}");
            assert!(lines.iter().all(|line| line.verdict == Verdict::Agrees), "{formula}");
        }
        // u is any vector of an eigenspace of Γ: no eigenvector of A.
        let of_both =
            lines("AU = UA", &["gaussian-features", "commuting-weight-decay", "true-weights-in-weight-decay"]);
        assert!(verdicts(&of_both, 2).contains(&Verdict::Differs));
    }

    /// Proposition 2: where Γ ⪰ 0 and every loss vanishes at w* = c, Γc = 0 and y = Xc.
    #[test]
    fn a_minimum_of_zero_is_proved_for_every_weight_decay() {
        let assume = ["data-set", "nonnegative-losses", "zero-minimum", "at-minimum"];
        let lines = lines("C(w*) = 0", &assume);
        let has_decay = |line: &&Line| line.family.parameters().iter().any(|p| p.name.starts_with('γ'));
        for dimension in 1..=2 {
            assert!(lines.iter().filter(has_decay).any(|line| line.family.dimension == dimension), "{dimension}");
        }
        assert!(lines.iter().all(|line| line.verdict == Verdict::Agrees));
        // Weights may stand where Γ has no say, and nowhere else.
        let wrong = self::lines("w* = 0", &assume);
        assert!(wrong.iter().any(|line| line.verdict == Verdict::Differs));
        let right = self::lines("Γw* = 0", &assume);
        assert!(right.iter().all(|line| line.verdict == Verdict::Agrees));
        // Without Γ ⪰ 0 losses may cancel each other.
        assert!(self::lines("C(w*) = 0", &["data-set", "zero-minimum", "at-minimum"]).is_empty());
    }

    /// At Γ = −A − B, say, K⁺K = 0.
    #[test]
    fn a_pseudoinverse_is_an_inverse_only_where_that_is_said() {
        let is_proved = |formula, assume: &[&str]| {
            let lines = lines(formula, assume);
            assert!(lines.iter().all(|line| line.verdict == Verdict::Agrees), "{formula}");
            lines.iter().any(|line| line.strength == Strength::Proved)
        };
        assert!(!is_proved("K⁺K = I", &["gaussian-features", "full-rank"]));
        assert!(!is_proved("(A + Γ)⁺(A + Γ) = I", &["gaussian-features", "full-rank"]));
        assert!(is_proved("K⁺K = I", &["gaussian-features", "invertible-hessian"]));
        assert!(is_proved("K⁺K = I", &["gaussian-features", "full-rank", "no-weight-decay"]));
        assert!(is_proved("H₀⁺H₀A⁺A = I", &["gaussian-features", "full-rank"]));
        assert!(!is_proved("A⁺A = I", &["gaussian-features", "invertible-hessian"]));
    }

    /// Bounds take U to be invertible, which it is nowhere: they say nothing of U⁺.
    #[test]
    fn of_a_matrix_that_is_singular_everywhere_nothing_is_proved() {
        let verdicts = verdicts(&lines("UU⁺U = U", &["gaussian-features"]), 2);
        assert!(!verdicts.is_empty() && verdicts.iter().all(|verdict| *verdict == Verdict::Undecided), "{verdicts:?}");
    }

    /// (A⊗A⊗I⊗I)⁻¹ has 81 rows for three weights.
    #[test]
    fn a_large_inverse_is_not_waited_for() {
        let formula = "Tr[(A⊗A⊗A⊗A)⁻¹(A⊗A⊗A⊗A)] = Tr[I]⁴";
        let lines = lines(formula, &["gaussian-features", "full-rank", "no-input-noise"]);
        let of = |dimension| verdicts(&lines, dimension);
        assert!(of(1).iter().chain(&of(2)).all(|verdict| *verdict == Verdict::Agrees));
        assert!(of(3).iter().all(|verdict| *verdict == Verdict::Undecided) && !of(3).is_empty());
        assert!(lines.iter().any(|line| line.text.contains("not proved: a matrix of 81 rows is inverted")));
    }
}
