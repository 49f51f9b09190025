//! The records of claims, as the verdict file holds them.

use std::collections::BTreeMap;

use claims::{Provenance, Refutation, Refutes};
use evidence::{Evidence, Finding, Strength, Verdict};
use notation::prose::plain;
use rivals::{Mutants, Repair};
use serde::{Serialize, Serializer};

/// Whether a hypothesis is needed.
#[derive(Debug, Clone, Serialize)]
pub struct HypothesisRecord {
    /// Its name.
    pub name: &'static str,
    /// The condition.
    pub statement: &'static str,
    /// Whether the claim fails without it; `None` where that is not decided.
    pub needed: Option<bool>,
    /// A setting at which the hypothesis and the claim fail, or why there is none.
    pub witness: String,
}

impl HypothesisRecord {
    /// Whether the hypothesis is needed, in words.
    pub fn necessity(&self) -> &'static str {
        self.needed.map_or("not decided", |needed| if needed { "needed" } else { "not needed" })
    }
}

/// The rival of a claim, and whether it was rejected.
#[derive(Debug, Clone, Serialize)]
pub struct RivalRecord {
    /// What it is, in words, or the formula between backticks.
    pub name: String,
    /// The wrong formula.
    pub statement: String,
    /// The definitions of its names.
    pub definitions: Vec<String>,
    /// Whether at least one engine decided on the claim, and each that did rejects the rival.
    pub rejected: bool,
}

impl RivalRecord {
    /// The words for it; `None` where they are the formula.
    pub fn words(&self) -> Option<&str> {
        (plain(&self.name) != with_definitions(&self.statement, &self.definitions)).then_some(&self.name)
    }

    /// Whether it was rejected, in words.
    pub fn outcome(&self) -> &'static str {
        if self.rejected { "rejected" } else { "not told from the claim" }
    }
}

/// The record of a claim that engines judge.
#[derive(Serialize)]
pub struct Record {
    /// Permanent name.
    pub id: String,
    /// Where it is printed.
    pub source: String,
    /// Equation numbers.
    pub equations: Vec<String>,
    /// How the wording came about.
    #[serde(serialize_with = "name")]
    pub provenance: Provenance,
    /// The formula.
    pub statement: String,
    /// The definitions of its names.
    pub definitions: Vec<String>,
    /// A sentence beside the formula. In sentences of a record formulas stand between backticks.
    pub note: Option<String>,
    /// Why it holds, in such sentences.
    pub proof: Option<String>,
    /// `exact`, `limit`, `approximation`, `bound`, `existence` or `stability`.
    pub kind: &'static str,
    /// The verdict on the printed form.
    pub verdict: Verdict,
    /// The evidence on the printed form, by engine.
    pub evidence: Vec<Evidence>,
    /// The hypotheses, and which of them are needed.
    pub hypotheses: Vec<HypothesisRecord>,
    /// The wrong formula that the evidence has to reject, if one was chosen.
    pub rival: Option<RivalRecord>,
    /// The form that needs fewer hypotheses, with its evidence.
    pub strengthened: Option<Companion>,
    /// A setting at which there is what a claim of existence says to exist.
    pub witness: Option<String>,
    /// A setting at which a refuted claim fails.
    pub counterexample: Option<String>,
    /// The form that holds in its place, with its evidence.
    pub correction: Option<Companion>,
    /// What the counterexample refutes, and what it leaves standing.
    pub refutation: Option<RefutationRecord>,
    /// The evaluation that keeps digits, with the reason as its note.
    pub rewritten: Option<Companion>,
    /// What became of the mutants of the form that is believed, where the exact engine tried them.
    pub mutants: Option<Mutants>,
    /// The nearest texts that hold, where it is refuted.
    pub repairs: Vec<RepairRecord>,
    /// How many texts near it were tried until these were found, or nothing was.
    pub repairs_tried: usize,
    /// The cases behind the evidence, for snapshots.
    #[serde(skip)]
    pub findings: Vec<Finding>,
}

/// A second closed form of a claim, with its own evidence.
#[derive(Debug, Clone, Serialize)]
pub struct Companion {
    /// Words beside the formula.
    pub note: Option<String>,
    /// Why it holds.
    pub proof: Option<String>,
    /// The formula; what a study says beside a claim is a sentence.
    pub statement: String,
    /// The definitions of its names.
    pub definitions: Vec<String>,
    /// The evidence on the form, by engine.
    pub evidence: Vec<Evidence>,
}

impl Companion {
    /// All that it says in one sentence, without marks.
    pub fn written(&self) -> String {
        let formulas = with_definitions(&self.statement, &self.definitions);
        plain(&self.note.as_ref().map_or_else(|| formulas.clone(), |note| format!("{note}: {formulas}")))
    }
}

/// A text near a refuted one that holds.
#[derive(Debug, Clone, Serialize)]
pub struct RepairRecord {
    /// What it says.
    pub statement: String,
    /// The definitions of its names.
    pub definitions: Vec<String>,
    /// What was changed: "2 for 1 in S + 1".
    pub change: String,
    /// Whether it is proved.
    pub proved: bool,
    /// The evidence on it.
    pub evidence: Vec<Evidence>,
}

/// A formula in one line, the definitions of its names behind it.
fn with_definitions(statement: &str, definitions: &[String]) -> String {
    Vec::from_iter([statement].into_iter().chain(definitions.iter().map(String::as_str))).join(", ")
}

impl RepairRecord {
    /// What it is called, by what is known of it.
    pub fn title(&self) -> &'static str {
        match self.proved {
            true => "nearest formula that holds",
            false => "nearest formula that held wherever it was tried",
        }
    }

    /// The formula with its definitions, and how it came about: «L = a/(S + 2) (2 for 1 in S + 1; proved)».
    pub fn written(&self) -> String {
        let proved = if self.proved { "; proved" } else { "" };
        format!("{} ({}{proved})", with_definitions(&self.statement, &self.definitions), self.change)
    }
}

impl From<Repair> for RepairRecord {
    fn from(repair: Repair) -> Self {
        let (statement, definitions) = (repair.form.statement(), repair.form.definitions());
        let proved = repair.is_proved();
        RepairRecord { statement, definitions, change: repair.change, proved, evidence: repair.evidence }
    }
}

/// Writes a provenance as its name: «printed», «text», «reconstructed» or «own».
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
    pub claims: Vec<String>,
    /// Why that is refuted and no more.
    pub because: String,
}

impl From<&Refutation> for RefutationRecord {
    fn from(Refutation { refutes, because }: &Refutation) -> Self {
        let claims = refutes.others().into_iter().map(Into::into).collect();
        RefutationRecord { refutes: refutes.clone(), claims, because: because.to_string() }
    }
}

/// Writes what is refuted as its name: «formula», «hypotheses», and so on.
fn part<S: Serializer>(refutes: &Refutes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(refutes.name())
}

/// The record of a claim that a study judges.
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
    /// Why it holds, on paper; of a claim that is refuted the correction has it.
    pub proof: Option<&'static str>,
    /// Always `study`.
    pub kind: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// The evidence, by table.
    pub evidence: Vec<TableEvidence>,
    /// A statement that holds in its place.
    pub correction: Option<Companion>,
    /// A statement that holds beyond it.
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
    /// The verdict.
    pub verdict: Verdict,
    /// The figures behind the verdict, in words.
    pub measured: String,
    /// The figures as numbers, by name.
    pub figures: BTreeMap<String, f64>,
}

impl StudyRecord {
    pub(crate) fn failures(&self) -> Option<String> {
        let refuted = self.verdict == Verdict::Differs && self.correction.is_none();
        let evidence = self.evidence.first().map_or("", |evidence| evidence.measured.as_str());
        refuted.then(|| format!("{}: refuted, and no correction stands beside it; {}", self.id, plain(evidence)))
    }
}

impl Record {
    /// What is not as the claim says, a line each: its verdict, unless a correction stands beside it, and those on its
    /// other forms.
    pub fn wrong(&self) -> Vec<String> {
        let companions = [&self.strengthened, &self.correction, &self.rewritten].into_iter().flatten();
        let told = companions.filter_map(|companion| {
            let verdict = Verdict::of_all(companion.evidence.iter().map(|evidence| evidence.verdict));
            (verdict != Verdict::Agrees).then(|| format!("{}: «{}»: {}", self.id, companion.written(), verdict.name()))
        });
        self.refusals().into_iter().chain(told).collect()
    }

    /// What is wrong with its verdict, and with its rival.
    fn refusals(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let mut fail = |text: String| failures.push(format!("{}: {text}", self.id));
        match self.verdict {
            Verdict::Vacuous => fail("no instance satisfies the hypotheses".into()),
            Verdict::Undecided => fail("no engine could decide".into()),
            Verdict::Differs if self.correction.is_none() => {
                let counterexample = self.counterexample.as_deref().unwrap_or("none");
                fail(match self.repairs.first() {
                    Some(nearest) => format!(
                        "refuted; counterexample: {counterexample}; nearest formula that holds: {}",
                        nearest.written()
                    ),
                    None => format!("refuted, and no correction stands beside it; counterexample: {counterexample}"),
                });
            }
            _ => {}
        }
        if let Some(rival) = self.rival.as_ref().filter(|rival| !rival.rejected) {
            fail(format!("the rival slipped through: {}", plain(&rival.name)));
        }
        failures
    }

    pub(crate) fn failures(&self) -> Vec<String> {
        let mut failures = self.refusals();
        let mut fail = |text: String| failures.push(format!("{}: {text}", self.id));
        for mutant in self.mutants.iter().flat_map(Mutants::unexplained) {
            fail(format!("a mutant holds for no known reason: {} ({})", mutant.formula, mutant.change));
        }
        // In one dimension a complete grid is always small enough, so that a form that agrees there has to be proved.
        for line in self.findings.iter().flat_map(|finding| finding.proofs.all()) {
            let is_open = line.verdict == Verdict::Agrees && line.strength != Strength::Proved && !line.is_generic;
            if line.family.dimension == 1 && is_open {
                fail(format!("not proved: {}", line.text));
            }
        }
        for companion in [&self.strengthened, &self.correction, &self.rewritten].into_iter().flatten() {
            for evidence in companion.evidence.iter().filter(|e| e.verdict != Verdict::Agrees) {
                let (engine, verdict) = (evidence.engine.name(), evidence.verdict.name());
                fail(format!("«{}»: {engine} says {verdict}, {}", companion.written(), evidence.measured));
            }
        }
        failures
    }
}
