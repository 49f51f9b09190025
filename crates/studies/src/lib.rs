//! Claims that no single setting decides: limits over random data sets, transcendental equations, optima.
//!
//! A [`Study`] makes tables, and judges claims by the numbers in them; [`STUDIES`] lists all of them.
//!
//! Deliberately absent: the terminal, HTML, SVG, and the comparison with what is recorded.

pub mod approximation;
pub mod averages;
mod certified;
pub mod counts;
pub mod enhancement;
pub mod high_dimension;
pub mod natural_gradient;
pub mod networks;
pub mod weight_decay;

use claims::Refutes;
use rayon::prelude::*;
use tables::{Judged, Maker, Study, StudyError, Table};
use verify::{Companion, Progress, StudyRecord, TableEvidence, Verdict};

/// Every study that judges a claim.
pub static STUDIES: [&Study; 9] = [
    &approximation::STUDY,
    &high_dimension::STUDY,
    &enhancement::STUDY,
    &counts::STUDY,
    &networks::STUDY,
    &natural_gradient::STUDY,
    &tails::STUDY,
    &weight_decay::STUDY,
    &averages::STUDY,
];

/// A table of a study.
#[derive(Debug)]
pub struct Made {
    /// The study.
    pub study: &'static Study,
    /// The short name of the table.
    pub name: &'static str,
    /// The table.
    pub table: Table,
}

/// All tables of some studies, in order. Progress is counted in one step for each table.
///
/// # Errors
/// The [`StudyError`] of a table that could not be made.
pub fn make(studies: &[&'static Study], progress: &dyn Progress) -> Result<Vec<Made>, StudyError> {
    let makers = Vec::from_iter(studies.iter().flat_map(|study| study.tables.iter().map(move |maker| (*study, maker))));
    progress.begin(makers.len() as u64);
    let table = |(study, (name, make)): (&'static Study, &'static Maker)| {
        progress.step(&format!("table {name} of the study {}", study.name));
        Ok(Made { study, name, table: make()? })
    };
    makers.into_par_iter().map(table).collect()
}

/// The records of the claims that the tables judge, in the order of the registry.
pub fn records(made: &[Made]) -> Vec<StudyRecord> {
    let of_table = |made: &Made| Vec::from_iter(made.table.judged.iter().map(|judged| record(made, judged)));
    let mut records = Vec::from_iter(made.iter().flat_map(of_table));
    records.sort_by_key(|record| registry::studied().iter().position(|claim| claim.id == record.id));
    records
}

fn record(made: &Made, judged: &Judged) -> StudyRecord {
    let Judged { claim, verdict, measured, figures } = judged;
    // Nothing satisfies the hypotheses of such a claim. Its table shows that it fails without them.
    let is_unsatisfiable =
        claim.refutation.as_ref().is_some_and(|refutation| refutation.refutes == Refutes::Unsatisfiable);
    // One proof stands beside a claim: that of what is believed.
    let of_correction = claim.proof.filter(|_| claim.correction.is_some());
    let said = |statement: Option<&'static str>, proof: Option<&'static str>| {
        statement.map(|statement| Companion {
            note: None,
            proof: proof.map(Into::into),
            statement: statement.into(),
            definitions: Vec::new(),
            evidence: Vec::new(),
        })
    };
    StudyRecord {
        id: claim.id,
        source: claim.source,
        equations: claim.equations,
        provenance: claim.provenance,
        statement: claim.statement,
        proof: claim.proof.filter(|_| claim.correction.is_none()),
        kind: "study",
        verdict: if *verdict == Verdict::Differs && is_unsatisfiable { Verdict::Unsatisfiable } else { *verdict },
        evidence: vec![TableEvidence {
            study: made.study.name,
            table: made.name,
            verdict: *verdict,
            measured: measured.clone(),
            figures: figures.clone(),
        }],
        correction: said(claim.correction, of_correction),
        strengthened: said(claim.beyond, None),
        refutation: claim.refutation.as_ref().map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_of_a_study_belongs_to_one() {
        let of_studies = STUDIES.iter().map(|study| study.claims().count()).sum::<usize>();
        assert_eq!(of_studies, registry::studied().len());
    }

    /// Two quick studies are tried: each of the others takes seconds. Most claims of one have corrections, and most of the
    /// other have none.
    #[test]
    fn each_claim_is_judged_once_and_its_proof_stands_beside_what_is_believed() {
        for study in [&approximation::STUDY, &weight_decay::STUDY] {
            let made = make(&[study], &()).unwrap();
            let records = records(&made);
            let judged = Vec::from_iter(records.iter().map(|record| record.id));
            assert_eq!(judged, Vec::from_iter(study.claims().map(|claim| claim.id)));
            for (record, claim) in records.iter().zip(study.claims()) {
                let of_correction = record.correction.as_ref().and_then(|correction| correction.proof.as_deref());
                let [stated, corrected] = [claim.correction.is_none(), claim.correction.is_some()];
                assert_eq!(
                    (record.proof, of_correction),
                    (claim.proof.filter(|_| stated), claim.proof.filter(|_| corrected))
                );
            }
        }
    }
}
