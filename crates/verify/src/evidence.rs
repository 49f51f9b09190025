//! What an engine finds of a claim, and the cases behind it.

use claims::Family;
use rug::Rational;
use serde::Serialize;
use symbols::Setting;

use crate::options::Engine;
use crate::verdict::{Strength, Verdict};

/// One engine's word on one form.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Who says so.
    pub engine: Engine,
    /// In which sense.
    pub strength: Strength,
    /// At how many settings.
    pub instances: usize,
    /// What it says.
    pub verdict: Verdict,
    /// The figure behind it.
    pub measured: String,
    /// Of draws: the smallest relative change of the claimed value that would have been rejected with a probability of 99 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detectable: Option<f64>,
}

impl Evidence {
    /// «proved (3), identity (7)»: each strength once, with the number of its instances.
    pub fn strengths<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> String {
        let mut strengths: Vec<(&str, usize)> = Vec::new();
        for evidence in evidence {
            let name = evidence.strength.name();
            match strengths.iter_mut().find(|(known, _)| *known == name) {
                Some((_, instances)) => *instances += evidence.instances,
                None => strengths.push((name, evidence.instances)),
            }
        }
        Vec::from_iter(strengths.iter().map(|(name, instances)| format!("{name} ({instances})"))).join(", ")
    }
}

/// One engine's word on a claim and on its companions, with the cases behind it.
pub struct Finding {
    /// On the printed form.
    pub evidence: Evidence,
    /// On the rival, at the same settings; [`Verdict::Differs`] means rejected.
    pub rival: Evidence,
    /// On the strengthened form, at settings that break what it does not need.
    pub strengthened: Option<Evidence>,
    /// On the correction, at the settings of the printed form.
    pub correction: Option<Evidence>,
    /// Of the exact engine: what holds identically.
    pub proofs: Proofs,
    /// The settings that satisfy the hypotheses, and what was found there.
    pub cases: Vec<Case>,
    /// The settings that break what the strengthened form does not need.
    pub beyond: Vec<Case>,
}

impl Finding {
    /// On the printed form, by instances and by proofs.
    pub fn verdict(&self) -> Verdict {
        let proofs = self.proofs.printed.iter().map(|line| line.verdict);
        Verdict::of_all(proofs.chain([self.evidence.verdict]))
    }
}

/// What became of the forms of a claim on families. Only exact claims are identities, and of all others only that an evaluation
/// which keeps digits is one of the printed form.
#[derive(Default)]
pub struct Proofs {
    /// Of the printed form.
    pub printed: Vec<Line>,
    /// Of the strengthened form, on families that its hypotheses do not narrow.
    pub strengthened: Vec<Line>,
    /// Of the correction.
    pub correction: Vec<Line>,
    /// Of the evaluation that keeps digits.
    pub rewritten: Vec<Line>,
}

/// What became of a form on one family.
pub struct Line {
    /// The family.
    pub family: Family,
    /// In which sense it is evidence.
    pub strength: Strength,
    /// What it says.
    pub verdict: Verdict,
    /// For a reader.
    pub text: String,
}

impl Proofs {
    /// Of all forms.
    pub fn all(&self) -> impl Iterator<Item = &Line> {
        [&self.printed, &self.strengthened, &self.correction, &self.rewritten].into_iter().flatten()
    }
}

/// One setting, and what was found there: lines for a reader, stable to the last character.
pub struct Case {
    /// The setting.
    pub setting: Setting<Rational>,
    /// What was found.
    pub lines: Vec<String>,
    /// Whether the form holds there.
    pub verdict: Verdict,
}
