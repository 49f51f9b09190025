//! The report of a run, as the verdict file holds it.

use evidence::{Budget, Verdict};
use registry::REGISTRY;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::record::{Record, StudyRecord};

/// All that a run found.
pub struct Report {
    /// The claims that engines judged, in the order given.
    pub claims: Vec<Record>,
    /// The claims that studies judged; empty after [`run`](crate::run()).
    pub studied: Vec<StudyRecord>,
    /// The false-alarm budget.
    pub budget: Budget,
    /// The seed from which every draw follows.
    pub seed: u64,
}

/// The form of the verdict file: all claims in one list, those of the registry in its order.
impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Any<'a> {
            Engines(&'a Record),
            Study(&'a StudyRecord),
        }
        let place = |id: &str| REGISTRY.iter().position(|entry| entry.id() == id);
        let by_engines = self.claims.iter().map(|record| (place(&record.id), Any::Engines(record)));
        let by_studies = self.studied.iter().map(|record| (place(record.id), Any::Study(record)));
        let mut claims = Vec::from_iter(by_engines.chain(by_studies));
        // Claims that are not registered come first, in the order given.
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
    /// The figures behind the verdict on a claim, by the first engine or table that judged it; `None` where none did.
    pub fn measured(&self, id: &str) -> Option<&str> {
        let by_engines = self.claims.iter().find(|record| record.id == id);
        let by_study = self.studied.iter().find(|record| record.id == id);
        let of_engine =
            by_engines.and_then(|record| record.evidence.first()).map(|evidence| evidence.measured.as_str());
        of_engine.or_else(|| by_study?.evidence.first().map(|evidence| evidence.measured.as_str()))
    }

    /// The verdicts on all claims.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        let by_engines = self.claims.iter().map(|record| record.verdict);
        by_engines.chain(self.studied.iter().map(|record| record.verdict))
    }

    /// The reasons why the run is a failure whatever the snapshots record, a line each.
    pub fn failures(&self) -> Vec<String> {
        let studied = self.studied.iter().flat_map(StudyRecord::failures);
        self.claims.iter().flat_map(Record::failures).chain(studied).collect()
    }
}
