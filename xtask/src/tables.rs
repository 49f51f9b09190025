//! The tables of a study: made one after the other, printed, and compared with their snapshots.

use std::process::ExitCode;
use std::time::Duration;

use indicatif::ProgressBar;
use verify::{Maker, Table};

use crate::snapshots::{change, file_name};
use crate::{laid_out, say};

/// The snapshots of the tables.
pub fn file_names(study: &'static str, tables: &'static [Maker]) -> impl Iterator<Item = String> {
    tables.iter().map(move |(name, _)| file_name(study, name))
}

/// Success where every table is as recorded under the name of the study; `subject` names it for a reader.
pub fn run(study: &str, subject: &str, tables: &[Maker]) -> anyhow::Result<ExitCode> {
    let bar = ProgressBar::new(tables.len() as u64);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut failures = Vec::new();
    for (name, make) in tables {
        let Table { title, header, rows, finding } = make()?;
        bar.inc(1);
        let mut text = format!("{title}\n{}\n", laid_out(header, rows));
        if !finding.is_empty() {
            text += &format!("\n{finding}\n");
        }
        bar.suspend(|| say(&text))?;
        failures.extend(change(study, name, format!("{subject}: {title}"), &text)?);
    }
    bar.finish_and_clear();
    failures.iter().try_for_each(|failure| say(&format!("FAILED  {failure}")))?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
