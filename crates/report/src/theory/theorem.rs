//! What is believed of a claim, in the strongest form that holds, under the hypotheses that this form needs.
//!
//! ```text
//! agrees, with a strengthened form ──> that form, without the hypotheses that it drops, all at once
//! agrees                           ──> the form as stated, without those that a run found not to be needed
//! differs, with a correction       ──> the correction, likewise
//! anything else                    ──> no theorem
//! ```
//!
//! Otherwise a run breaks hypotheses one at a time. That those which are left out here can be broken together is tested
//! in `tests/it/theory.rs`.

use claims::{Provenance, topic};
use symbols::Quantity;
use verify::{Companion, Evidence, Record, StudyRecord, Verdict};

use crate::snapshot::{cite, source};
use crate::typeset::{Stated, markdown};
use crate::wording::by_engines;

/// A statement of the theory.
pub(crate) struct Theorem<'r> {
    /// The name of the claim.
    pub id: &'r str,
    /// Where the claim stands.
    pub source: String,
    /// What is said.
    pub said: Said<'r>,
    /// A sentence beside it.
    pub note: Option<&'r str>,
    /// Why it holds.
    pub proof: Option<&'r str>,
    /// The conditions under which it is said.
    pub hypotheses: Vec<&'static str>,
    /// How its wording came about.
    pub origin: String,
    /// By which evidence it is known.
    pub evidence: String,
    /// Whether it stands in place of what fails.
    pub is_corrected: bool,
    /// Whether it is said in a limit.
    pub is_limit: bool,
    /// The quantity that it gives.
    pub quantity: Option<Quantity>,
    /// What says the same under the same hypotheses or under more.
    pub cases: Vec<Theorem<'r>>,
}

/// What a theorem says.
pub(crate) enum Said<'r> {
    /// A formula with its definitions.
    Formula(Stated<'r>),
    /// A sentence, and the formulas in it, some with definitions.
    Words(&'r str, &'static [&'static str]),
}

/// The form in which a claim is believed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Stated,
    Strengthened,
    Corrected,
}

impl<'r> Theorem<'r> {
    /// The theorem of a claim that engines judge; `None` where nothing is believed.
    pub(crate) fn of_record(record: &'r Record) -> Option<Self> {
        let (form, companion) = match (record.verdict, &record.strengthened, &record.correction) {
            (Verdict::Agrees, Some(strengthened), _) => (Form::Strengthened, Some(strengthened)),
            (Verdict::Agrees, None, _) => (Form::Stated, None),
            (Verdict::Differs, _, Some(correction)) => (Form::Corrected, Some(correction)),
            _ => return None,
        };
        let evidence: &[Evidence] = companion.map_or(&record.evidence, |companion| &companion.evidence);
        if Verdict::of_all(evidence.iter().map(|evidence| evidence.verdict)) != Verdict::Agrees {
            return None;
        }
        let said = match companion {
            Some(Companion { statement, definitions, .. }) => Stated { statement, definitions },
            None => Stated { statement: &record.statement, definitions: &record.definitions },
        };
        let is_as_stated = said.statement == record.statement && *said.definitions == *record.definitions;
        let claim = registry::claim(&record.id);
        let strengthened = claim.and_then(|claim| claim.strengthened.as_ref()).filter(|_| form == Form::Strengthened);
        let is_spared = |name: &str, needed: Option<bool>| match form {
            Form::Strengthened => strengthened.is_some_and(|form| form.without.iter().any(|h| h.name == name)),
            Form::Stated | Form::Corrected => needed == Some(false),
        };
        let needed = record.hypotheses.iter().filter(|h| !is_spared(h.name, h.needed));
        let hypotheses = Vec::from_iter(needed.map(|hypothesis| hypothesis.statement));
        let is_spared = hypotheses.len() < record.hypotheses.len();
        let origin = match form {
            Form::Corrected => origin(record.provenance, Origin::Corrected),
            Form::Strengthened if !is_as_stated => origin(record.provenance, Origin::Strengthened),
            _ if is_spared => origin(record.provenance, Origin::Spared),
            _ => origin(record.provenance, Origin::Stated),
        };
        Some(Theorem {
            id: &record.id,
            source: source(record),
            said: Said::Formula(said),
            note: companion.map_or(&record.note, |companion| &companion.note).as_deref(),
            proof: companion.map_or(&record.proof, |companion| &companion.proof).as_deref(),
            hypotheses,
            origin,
            evidence: evidence_of(evidence),
            is_corrected: form == Form::Corrected,
            is_limit: matches!(record.kind, "approximation" | "limit"),
            quantity: claim.and_then(claims::Claim::quantity),
            cases: Vec::new(),
        })
    }

    /// The theorem of a claim that a study judges; `None` where nothing is believed.
    pub(crate) fn of_study(record: &'r StudyRecord) -> Option<Self> {
        let registered = registry::studied().iter().find(|claim| claim.id == record.id);
        let formulas = registered.map_or(&[][..], |claim| claim.formulas);
        let (said, words, proof) = match (record.verdict, &record.correction) {
            (Verdict::Agrees, _) => (Said::Words(record.statement, formulas), Origin::Stated, record.proof),
            (Verdict::Differs, Some(correction)) => {
                (Said::Words(&correction.statement, &[]), Origin::Corrected, correction.proof.as_deref())
            }
            _ => return None,
        };
        let measured = record.evidence.iter().map(|evidence| {
            format!(
                "table `{}` of `cargo xtask study {}`: {}",
                evidence.table,
                evidence.study,
                markdown(&evidence.measured)
            )
        });
        Some(Theorem {
            id: record.id,
            source: cite(record.source, record.equations),
            said,
            note: record.strengthened.as_ref().map(|beyond| beyond.statement.as_str()),
            proof,
            hypotheses: Vec::new(),
            origin: origin(record.provenance, words),
            evidence: Vec::from_iter(measured).join("; "),
            is_corrected: record.verdict == Verdict::Differs,
            is_limit: false,
            quantity: None,
            cases: Vec::new(),
        })
    }

    /// The topic of the claim.
    pub(crate) fn topic(&self) -> &'r str {
        topic(self.id)
    }

    /// Whether it says what another one says, under no more hypotheses. Of two under the same ones it is the first that
    /// stands as stated.
    pub(crate) fn covers(&self, other: &Theorem) -> bool {
        let (Said::Formula(one), Said::Formula(two)) = (&self.said, &other.said) else { return false };
        let needs_no_more = |one: &Theorem, two: &Theorem| one.hypotheses.iter().all(|h| two.hypotheses.contains(h));
        one.statement == two.statement
            && one.definitions == two.definitions
            && needs_no_more(self, other)
            && !(needs_no_more(other, self) && self.is_corrected && !other.is_corrected)
    }

    /// Whether it is the limit of a quantity that the other one gives exactly.
    pub(crate) fn is_limit_of(&self, other: &Theorem) -> bool {
        // ΛCΛ is C where one step acts.
        let noise = |quantity: Option<Quantity>| match quantity {
            Some(Quantity::StepCovariance) => Some(Quantity::NoiseCovariance),
            quantity => quantity,
        };
        self.is_limit && !other.is_limit && self.quantity.is_some() && noise(self.quantity) == noise(other.quantity)
    }
}

/// What became of the wording of a claim.
enum Origin {
    Stated,
    Spared,
    Strengthened,
    Corrected,
}

fn origin(provenance: Provenance, origin: Origin) -> String {
    let stated = match provenance {
        Provenance::Printed => "printed",
        Provenance::Text => "said in the text",
        Provenance::Reconstructed => "reconstructed",
        Provenance::Own => "the project's own",
    };
    let reading = if provenance == Provenance::Text { ", in the project's reading" } else { "" };
    match origin {
        Origin::Stated => format!("{stated}{reading}"),
        Origin::Spared => format!("{stated}{reading}, under fewer hypotheses than stated"),
        Origin::Strengthened => format!("the project's own; what is {stated} is a case of it{reading}"),
        Origin::Corrected => format!("the project's own; what is {stated} does not hold{reading}"),
    }
}

/// The strongest sense in which it is known, then all evidence by engine.
fn evidence_of(evidence: &[Evidence]) -> String {
    let agreeing = evidence.iter().filter(|evidence| evidence.verdict == Verdict::Agrees);
    let strongest = agreeing.min_by_key(|evidence| evidence.strength as u8);
    let strongest = strongest.map_or_else(String::new, Evidence::strength_in_words);
    format!("**{strongest}** ({})", by_engines(evidence))
}
