//! What a run finds, as the verdict file holds it.

use std::collections::BTreeMap;

use claims::{Family, Provenance, REGISTRY, Refutation, Refutes};
use rug::Rational;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use symbols::Setting;

use crate::options::Engine;

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It holds wherever it was tried.
    Agrees,
    /// It fails somewhere.
    Differs,
    /// No engine could tell.
    Undecided,
    /// It was tried nowhere.
    Vacuous,
    /// Nothing satisfies what it assumes, so that it is neither true nor false.
    Unsatisfiable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 5] =
        [Verdict::Agrees, Verdict::Differs, Verdict::Undecided, Verdict::Vacuous, Verdict::Unsatisfiable];

    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Differs => "differs",
            Verdict::Undecided => "undecided",
            Verdict::Vacuous => "vacuous",
            Verdict::Unsatisfiable => "unsatisfiable",
        }
    }

    /// One failure refutes; otherwise one success carries.
    pub fn of_all(verdicts: impl Iterator<Item = Verdict> + Clone) -> Verdict {
        let found = |verdict| verdicts.clone().any(|v| v == verdict);
        [Verdict::Differs, Verdict::Agrees, Verdict::Undecided]
            .into_iter()
            .find(|v| found(*v))
            .unwrap_or(Verdict::Vacuous)
    }
}

/// In which sense an engine's evidence is evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// An identity of rational functions, by a complete grid of exact evaluations.
    Proved,
    /// Exact equality at rational points: drawn by hand, or at random with a stated probability of error.
    Identity,
    /// An inequality, decided at rational points, or in doubles where these can tell.
    Points,
    /// Agreeing digits in doubles.
    Digits,
    /// The measured order of convergence of a limit.
    Order,
    /// A Monte Carlo z-score.
    Z,
}

impl Strength {
    /// The word used in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Strength::Proved => "proved",
            Strength::Identity => "identity",
            Strength::Points => "points",
            Strength::Digits => "digits",
            Strength::Order => "order",
            Strength::Z => "z",
        }
    }
}

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

/// Whether a hypothesis is needed.
#[derive(Debug, Clone, Serialize)]
pub struct HypothesisRecord {
    /// Its name.
    pub name: &'static str,
    /// The condition.
    pub statement: &'static str,
    /// Whether the claim fails without it; `null` where that is not decided.
    pub needed: Option<bool>,
    /// A setting that breaks it and the claim, or why there is none.
    pub witness: String,
}

impl HypothesisRecord {
    /// Whether it is needed, in words.
    pub fn necessity(&self) -> &'static str {
        self.needed.map_or("not decided", |needed| if needed { "needed" } else { "not needed" })
    }
}

/// What became of the rival.
#[derive(Debug, Clone, Serialize)]
pub struct RivalRecord {
    /// The wrong formula.
    pub name: &'static str,
    /// Whether every engine that decides told it from the claim.
    pub rejected: bool,
}

/// All about one claim.
#[derive(Serialize)]
pub struct Record {
    /// Permanent name.
    pub id: &'static str,
    /// Where it is printed.
    pub source: &'static str,
    /// Equation numbers.
    pub equations: &'static [&'static str],
    /// How the wording came about.
    #[serde(serialize_with = "name")]
    pub provenance: Provenance,
    /// The formula.
    pub statement: &'static str,
    /// exact, limit, approximation, bound, existence or stability.
    pub kind: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// By engine.
    pub evidence: Vec<Evidence>,
    /// By hypothesis.
    pub hypotheses: Vec<HypothesisRecord>,
    /// The wrong formula.
    pub rival: RivalRecord,
    /// The form that needs fewer hypotheses, by engine.
    pub strengthened: Option<Companion>,
    /// A setting at which it fails.
    pub counterexample: Option<String>,
    /// The right form, by engine.
    pub correction: Option<Companion>,
    /// What the counterexample refutes, and what it leaves standing.
    pub refutation: Option<RefutationRecord>,
    /// The evaluation that keeps digits, and why.
    pub rewritten: Option<Companion>,
    /// The cases behind the evidence, for snapshots.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A second closed form of a claim, with its own evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Companion {
    /// What it says.
    pub statement: &'static str,
    /// By engine.
    pub evidence: Vec<Evidence>,
}

/// How the false-alarm probability of a run was shared.
#[derive(Debug, Clone, Serialize)]
pub struct Budget {
    /// Of the whole run.
    pub false_alarm_probability: f64,
    /// z-scores that shared it, by Holm's procedure.
    pub comparisons: usize,
    /// Those of them that were rejected.
    pub rejected: usize,
    /// The |z| that rejects.
    pub threshold: f64,
}

/// «printed», «text», «reconstructed» or «own».
fn name<S: Serializer>(provenance: &Provenance, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(provenance.name())
}

/// What fails where a claim does not hold as stated.
#[derive(Debug, Clone, Serialize)]
pub struct RefutationRecord {
    /// What fails.
    #[serde(serialize_with = "part")]
    pub refutes: Refutes,
    /// The claims that hold instead, or that contradict it.
    pub claims: Vec<&'static str>,
    /// Why that and no more.
    pub because: &'static str,
}

impl From<Refutation> for RefutationRecord {
    fn from(Refutation { refutes, because }: Refutation) -> Self {
        RefutationRecord { refutes, claims: refutes.others(), because }
    }
}

/// «formula», «hypotheses», and so on.
fn part<S: Serializer>(refutes: &Refutes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(refutes.name())
}

/// All about a claim that a study judges.
#[derive(Debug, Clone, Serialize)]
pub struct StudyRecord {
    /// Permanent name.
    pub id: &'static str,
    /// Where it is printed.
    pub source: &'static str,
    /// Equation numbers.
    pub equations: &'static [&'static str],
    /// How the wording came about.
    #[serde(serialize_with = "name")]
    pub provenance: Provenance,
    /// The claim.
    pub statement: &'static str,
    /// That it is judged by a study.
    pub kind: &'static str,
    /// What became of it.
    pub verdict: Verdict,
    /// By table.
    pub evidence: Vec<TableEvidence>,
    /// What holds in its place.
    pub correction: Option<Companion>,
    /// What holds beyond it.
    pub strengthened: Option<Companion>,
    /// What its failure refutes, and what it leaves standing.
    pub refutation: Option<RefutationRecord>,
}

/// One table's word on a claim.
#[derive(Debug, Clone, Serialize)]
pub struct TableEvidence {
    /// The study.
    pub study: &'static str,
    /// The table.
    pub table: &'static str,
    /// What it says.
    pub verdict: Verdict,
    /// The figures behind it, in words.
    pub measured: String,
    /// The same as numbers, by name.
    pub figures: BTreeMap<String, f64>,
}

/// All that a run found.
pub struct Report {
    /// What engines judged, by claim, in the order given.
    pub claims: Vec<Record>,
    /// What studies judged, by claim.
    pub studied: Vec<StudyRecord>,
    /// The false-alarm budget.
    pub budget: Budget,
    /// From which every draw follows.
    pub seed: u64,
}

/// As in the verdict file: all claims in one list, those of the registry in its order.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Any<'a> {
            Engines(&'a Record),
            Study(&'a StudyRecord),
        }
        let place = |id: &str| REGISTRY.iter().position(|entry| entry.id() == id);
        let by_engines = self.claims.iter().map(|record| (place(record.id), Any::Engines(record)));
        let by_studies = self.studied.iter().map(|record| (place(record.id), Any::Study(record)));
        let mut claims = Vec::from_iter(by_engines.chain(by_studies));
        // What is not registered comes first, in the order given.
        claims.sort_by_key(|(place, _)| *place);
        let claims = Vec::from_iter(claims.into_iter().map(|(_, claim)| claim));
        let mut fields = serializer.serialize_struct("Report", 3)?;
        fields.serialize_field("claims", &claims)?;
        fields.serialize_field("budget", &self.budget)?;
        fields.serialize_field("seed", &self.seed)?;
        fields.end()
    }
}

impl Report {
    /// The figures behind the verdict on a claim that was judged, by the first who judged it.
    pub fn measured(&self, id: &str) -> Option<&str> {
        let by_engines = self.claims.iter().find(|record| record.id == id);
        let by_study = self.studied.iter().find(|record| record.id == id);
        let of_engine =
            by_engines.and_then(|record| record.evidence.first()).map(|evidence| evidence.measured.as_str());
        of_engine.or_else(|| by_study?.evidence.first().map(|evidence| evidence.measured.as_str()))
    }

    /// Of all claims.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        let by_engines = self.claims.iter().map(|record| record.verdict);
        by_engines.chain(self.studied.iter().map(|record| record.verdict))
    }

    /// What makes the run a failure whatever was recorded, a line each.
    pub fn failures(&self) -> Vec<String> {
        let studied = self.studied.iter().flat_map(StudyRecord::failures);
        self.claims.iter().flat_map(Record::failures).chain(studied).collect()
    }
}

impl StudyRecord {
    fn failures(&self) -> Option<String> {
        let refuted = self.verdict == Verdict::Differs && self.correction.is_none();
        let evidence = self.evidence.first().map_or("", |evidence| evidence.measured.as_str());
        refuted.then(|| format!("{}: refuted, and no correction stands beside it; {evidence}", self.id))
    }
}

impl Record {
    fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut fail = |text: String| failures.push(format!("{}: {text}", self.id));
        match self.verdict {
            Verdict::Vacuous => fail("no instance satisfies the hypotheses".into()),
            Verdict::Undecided => fail("no engine could decide".into()),
            Verdict::Differs if self.correction.is_none() => fail(format!(
                "refuted, and no correction stands beside it; counterexample: {}",
                self.counterexample.as_deref().unwrap_or("none")
            )),
            _ => {}
        }
        if !self.rival.rejected {
            fail(format!("the rival slipped through: {}", self.rival.name));
        }
        // In one dimension a complete grid is always small enough: what agrees there has to be proved.
        for line in self.findings.iter().flat_map(|finding| finding.proofs.all()) {
            if line.family.dimension == 1 && line.verdict == Verdict::Agrees && line.strength != Strength::Proved {
                fail(format!("not proved: {}", line.text));
            }
        }
        for companion in [&self.strengthened, &self.correction, &self.rewritten].into_iter().flatten() {
            for evidence in companion.evidence.iter().filter(|e| e.verdict != Verdict::Agrees) {
                let (engine, verdict) = (evidence.engine.name(), evidence.verdict.name());
                fail(format!("«{}»: {engine} says {verdict}, {}", companion.statement, evidence.measured));
            }
        }
        failures
    }
}
