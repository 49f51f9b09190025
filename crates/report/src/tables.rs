//! The tables of a study as text, and the verdicts that are recorded beneath them.

use comfy_table::{CellAlignment, presets};
use studies::study::Recorded;
use studies::{STUDIES, Table};

use crate::record;

/// What the snapshots say of the claims of all studies.
pub fn recorded() -> Vec<Recorded> {
    let mut records = Vec::new();
    for study in STUDIES {
        let texts = Vec::from_iter(study.tables.iter().filter_map(|(name, _)| record::text(study.name, name)));
        records.extend(study.claims.iter().map(|claim| claim.recorded(&texts)));
    }
    records
}

/// A table as it is printed and recorded: title, rows, finding, verdicts.
pub fn text(table: Table) -> String {
    let Table { title, header, rows, finding, judged } = table;
    let mut text = format!("{title}\n{}\n", laid_out(header, rows));
    if !finding.is_empty() {
        text += &format!("\n{finding}\n");
    }
    if !judged.is_empty() {
        text += "\n";
    }
    judged.iter().for_each(|judged| text += &format!("{}\n", judged.line()));
    text
}

/// A table of columns aligned to the right, without blanks at the ends of its lines.
pub fn laid_out(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING).set_header(header).add_rows(rows);
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let text = table.to_string();
    Vec::from_iter(text.lines().map(str::trim_end)).join("\n")
}
