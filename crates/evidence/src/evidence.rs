//! The evidence of an engine on a claim, and the cases behind it.

use std::collections::BTreeSet;

use claims::Family;
use rug::Rational;
use serde::Serialize;
use symbols::Setting;

use crate::options::Engine;
use crate::verdict::{Strength, Verdict};

/// One engine's word on one form.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// The engine.
    pub engine: Engine,
    /// In which sense its word is evidence.
    pub strength: Strength,
    /// The number of settings at which it decided, or of families on which it proved or tested an identity.
    pub instances: usize,
    /// For how many weights, D, it proved an identity; empty for one that is refuted, and for evidence of any other strength.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub dimensions: BTreeSet<usize>,
    /// The verdict.
    pub verdict: Verdict,
    /// The figure behind the verdict, in words.
    pub measured: String,
    /// The smallest relative change of the claimed value that draws would have rejected with a probability of 99 %;
    /// `None` for the other engines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detectable: Option<f64>,
}

impl Evidence {
    /// Each strength once, with the number of its instances, or with the numbers of weights for which an identity is
    /// proved, which says nothing of others: «proved (D = 1, 2), identity (7)».
    pub fn strengths<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> String {
        let mut strengths: Vec<(Strength, usize, BTreeSet<usize>)> = Vec::new();
        for Evidence { strength, instances, dimensions, .. } in evidence {
            let place = strengths.iter().position(|(known, ..)| known == strength).unwrap_or_else(|| {
                strengths.push((*strength, 0, BTreeSet::new()));
                strengths.len() - 1
            });
            strengths[place].1 += instances;
            strengths[place].2.extend(dimensions);
        }
        let words = strengths.iter().map(|(strength, instances, dimensions)| match strength {
            Strength::Proved if dimensions.is_empty() => format!("{REFUTED} ({instances})"),
            Strength::Proved => format!("proved ({})", equal_to(dimensions)),
            _ => format!("{} ({instances})", strength.name()),
        });
        Vec::from_iter(words).join(", ")
    }

    /// Its strength in words: «proved for D = 1, 2», and «refuted» for an identity that is proved for no D.
    pub fn strength_in_words(&self) -> String {
        match self.strength {
            Strength::Proved if self.dimensions.is_empty() => REFUTED.into(),
            Strength::Proved => format!("proved for {}", equal_to(&self.dimensions)),
            strength => strength.name().into(),
        }
    }
}

/// The word for an identity that exact evaluation proves for no D.
const REFUTED: &str = "refuted";

/// «D = 1, 2».
fn equal_to(dimensions: &BTreeSet<usize>) -> String {
    format!("D = {}", Vec::from_iter(dimensions.iter().map(ToString::to_string)).join(", "))
}

/// One engine's word on a claim and on its companions, with the cases behind it.
pub struct Finding {
    /// The evidence on the printed form.
    pub evidence: Evidence,
    /// The evidence on the rival, at the settings of the printed form; [`Verdict::Differs`] means rejected.
    pub rival: Option<Evidence>,
    /// The evidence on the strengthened form, at settings that break what it does not need.
    pub strengthened: Option<Evidence>,
    /// The evidence on the correction, at the settings of the printed form.
    pub correction: Option<Evidence>,
    /// The identities that were proved or tested; empty for all engines but the exact one.
    pub proofs: Proofs,
    /// The settings that satisfy the hypotheses, and what was found there.
    pub cases: Vec<Case>,
    /// The settings that break what the strengthened form does not need.
    pub beyond: Vec<Case>,
}

impl Finding {
    /// The verdict on the printed form, by instances and by proofs.
    pub fn verdict(&self) -> Verdict {
        let proofs = self.proofs.printed.iter().map(|line| line.verdict);
        Verdict::of_all(proofs.chain([self.evidence.verdict]))
    }
}

/// The forms of a claim as identities, family by family.
///
/// An exact claim is an identity in all its forms. For a claim of another kind the only identity is that its rewritten
/// evaluation equals the printed form.
#[derive(Default)]
pub struct Proofs {
    /// Lines on the printed form.
    pub printed: Vec<Line>,
    /// Lines on the strengthened form, on families that only the hypotheses that it needs narrow.
    pub strengthened: Vec<Line>,
    /// Lines on the correction.
    pub correction: Vec<Line>,
    /// Lines on the evaluation that keeps digits.
    pub rewritten: Vec<Line>,
}

/// The outcome for a form on one family of settings.
pub struct Line {
    /// The family.
    pub family: Family,
    /// In which sense the outcome is evidence.
    pub strength: Strength,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether it says nothing of singular matrices, as the form has a pseudoinverse.
    pub is_generic: bool,
    /// The outcome for a reader.
    pub text: String,
}

impl Proofs {
    /// The lines on all forms.
    pub fn all(&self) -> impl Iterator<Item = &Line> {
        [&self.printed, &self.strengthened, &self.correction, &self.rewritten].into_iter().flatten()
    }
}

/// One setting, and what was found there.
pub struct Case {
    /// The setting.
    pub setting: Setting<Rational>,
    /// What was found, in lines for a reader that are the same to the last character in every run.
    pub lines: Vec<String>,
    /// Whether the form holds there.
    pub verdict: Verdict,
}

/// How the false-alarm probability of a run was shared.
#[derive(Debug, Clone, Serialize)]
pub struct Budget {
    /// The probability for the whole run.
    pub false_alarm_probability: f64,
    /// The number of z-scores that shared it, by Holm's procedure.
    pub comparisons: usize,
    /// The number of z-scores that were rejected.
    pub rejected: usize,
    /// The |z| that rejects.
    pub threshold: f64,
}
