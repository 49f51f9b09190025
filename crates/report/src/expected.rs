//! The files that `snapshots/` should hold.

use std::collections::BTreeSet;

use figures::FIGURES;
use registry::closed_forms;
use studies::STUDIES;
use verify::Engine;

use crate::record::file_name;
use crate::{drawing, snapshot};

/// The file names: for each closed form and each engine that applies, each claim that a study judges, each table of a
/// study, each walk of the precision study, and each figure.
pub fn expected_names() -> BTreeSet<String> {
    let claims = closed_forms().iter().flat_map(|claim| {
        let applying = Engine::ALL.into_iter().filter(|engine| engine.applies(claim));
        applying.map(|engine| file_name(&snapshot::name(&claim.id), engine.name()))
    });
    let studied = registry::studied().iter().map(|claim| file_name(&snapshot::name(claim.id), snapshot::STUDY));
    let tables = STUDIES.iter().flat_map(|study| study.tables.iter().map(|(name, _)| file_name(study.name, name)));
    let walks = precision::walks().unwrap_or_default().into_iter().map(|walk| file_name("precision", walk.name));
    let figures = FIGURES.iter().map(|(name, _)| file_name(drawing::SNAPSHOTS, name));
    claims.chain(studied).chain(tables).chain(walks).chain(figures).collect()
}
