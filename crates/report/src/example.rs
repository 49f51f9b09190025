//! Records for tests.

use claims::Provenance;
use verify::{Budget, Record, Report, StudyRecord, Verdict};

/// The record of a claim that a study judges.
pub(crate) fn studied(id: &'static str, verdict: Verdict) -> StudyRecord {
    StudyRecord {
        id,
        source: "Section 6.6",
        equations: &[],
        provenance: Provenance::Text,
        statement: "`β = S`",
        proof: None,
        kind: "study",
        verdict,
        evidence: Vec::new(),
        correction: None,
        strengthened: None,
        refutation: None,
    }
}

/// A report of these records.
pub(crate) fn report(claims: Vec<Record>, studied: Vec<StudyRecord>) -> Report {
    let budget = Budget { false_alarm_probability: 1e-6, comparisons: 0, rejected: 0, threshold: 6.0 };
    Report { claims, studied, budget, seed: 1 }
}
