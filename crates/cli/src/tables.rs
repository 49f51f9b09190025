//! The tables of a study: made one after the other, printed, and compared with their snapshots; and the verdicts in these.

use std::process::ExitCode;

use verify::Table;
use verify::study::{Recorded, STUDIES, Study};

use crate::progress::Watch;
use crate::snapshots::{self, change, file_name};
use crate::{laid_out, say};

/// The snapshots of the tables of all studies.
pub fn expected_names() -> impl Iterator<Item = String> {
    STUDIES.iter().flat_map(|study| study.tables.iter().map(|(name, _)| file_name(study.name, name)))
}

/// What the snapshots say of the claims of all studies.
pub fn recorded() -> Vec<Recorded> {
    let mut records = Vec::new();
    for study in STUDIES {
        let texts = Vec::from_iter(study.tables.iter().filter_map(|(name, _)| snapshots::text(study.name, name)));
        records.extend(study.claims.iter().map(|claim| claim.recorded(&texts)));
    }
    records
}

/// Success where every table is as recorded.
pub fn run(study: &Study) -> anyhow::Result<ExitCode> {
    let watch = Watch::steps(study.tables.len() as u64, "");
    let mut failures = Vec::new();
    for (name, make) in study.tables {
        watch.say(*name);
        let Table { title, header, rows, finding, judged } = make()?;
        watch.step();
        let mut text = format!("{title}\n{}\n", laid_out(header, rows));
        if !finding.is_empty() {
            text += &format!("\n{finding}\n");
        }
        if !judged.is_empty() {
            text += "\n";
        }
        judged.iter().for_each(|judged| text += &format!("{}\n", judged.line()));
        watch.pause(|| say(&text))?;
        failures.extend(change(study.name, name, format!("{}: {title}", study.subject), &text)?);
    }
    drop(watch);
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
