//! The claims that do not hold as stated, a line each: for the head of FINDINGS.md and for that of the report.

use claims::Provenance;
use verify::{Companion, Record, RefutationRecord, RepairRecord, Report, StudyRecord, Verdict};

use crate::snapshot::{cite, source};

/// A claim that differs, in a line.
pub(crate) struct Differing<'r> {
    /// Its name.
    pub id: &'r str,
    /// Where it stands.
    pub source: String,
    /// How its wording came about.
    pub provenance: Provenance,
    /// Why it fails, in a sentence; nothing where no correction stands beside it.
    pub because: &'r str,
    /// The smallest setting that was found at which it fails; what a study measured.
    pub witness: Witness<'r>,
    /// What holds in its place.
    pub correction: Option<&'r Companion>,
    /// The nearest formula that holds, where no correction stands beside it.
    pub repair: Option<&'r RepairRecord>,
}

/// By what a claim is refuted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Witness<'r> {
    /// A setting, and what is found and claimed there.
    Setting(&'r str),
    /// The figures of a study, in a sentence.
    Measured(&'r str),
}

/// The claims that differ, those that engines judge first.
pub(crate) fn differing(report: &Report) -> Vec<Differing<'_>> {
    let by_engines = report.claims.iter().filter(|record| record.verdict == Verdict::Differs).map(of_record);
    let by_studies = report.studied.iter().filter(|record| record.verdict == Verdict::Differs).map(of_study);
    by_engines.chain(by_studies).collect()
}

fn of_record(record: &Record) -> Differing<'_> {
    Differing {
        id: &record.id,
        source: source(record),
        provenance: record.provenance,
        because: because(record.refutation.as_ref()),
        witness: Witness::Setting(record.counterexample.as_deref().unwrap_or_default()),
        correction: record.correction.as_ref(),
        repair: record.repairs.first(),
    }
}

fn of_study(record: &StudyRecord) -> Differing<'_> {
    Differing {
        id: record.id,
        source: cite(record.source, record.equations),
        provenance: record.provenance,
        because: because(record.refutation.as_ref()),
        witness: Witness::Measured(record.evidence.first().map_or("", |evidence| &evidence.measured)),
        correction: record.correction.as_ref(),
        repair: None,
    }
}

fn because(refutation: Option<&RefutationRecord>) -> &str {
    refutation.map_or("", |refutation| first_sentence(&refutation.because))
}

/// The first of several sentences, with its full stop. After an abbreviation such as «eq.» no capital letter and no formula
/// follows.
fn first_sentence(text: &str) -> &str {
    let mut in_formula = false;
    for (i, c) in text.char_indices() {
        in_formula ^= c == '`';
        let begins = |rest: &str| rest.starts_with(|c: char| c.is_uppercase() || "`«".contains(c));
        if c == '.' && !in_formula && text[i + 1..].strip_prefix(' ').is_some_and(begins) {
            return &text[..=i];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_at_a_stop_that_another_one_follows() {
        assert_eq!(first_sentence("By eq. (6) of `a. B`, 0.5. Then."), "By eq. (6) of `a. B`, 0.5.");
        assert_eq!(first_sentence("It fails. `C` is a covariance."), "It fails.");
        assert_eq!(first_sentence("Only one"), "Only one");
    }
}
