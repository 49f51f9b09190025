//! The tables of a study as text.

use comfy_table::{CellAlignment, presets};
use notation::prose::plain;
use studies::Made;
use tables::Table;

use crate::record;

/// A table as it is printed and recorded: title, rows, finding, verdicts.
pub fn text(table: &Table) -> String {
    let Table { title, header, rows, finding, judged } = table;
    let mut text = format!("{title}\n{}\n", laid_out(header.clone(), rows.clone()));
    if !finding.is_empty() {
        text += &format!("\n{finding}\n");
    }
    if !judged.is_empty() {
        text += "\n";
    }
    judged.iter().for_each(|judged| text += &format!("{}\n", plain(&judged.line())));
    text
}

/// The line of a failure, where the text of a table is not the recorded one.
///
/// # Errors
/// The reason of the operating system, where the folder of snapshots is missing.
pub fn change(made: &Made, text: &str) -> anyhow::Result<Option<String>> {
    let description = format!("{}: {}", made.study.subject, made.table.title);
    record::change(made.study.name, made.name, description, text)
}

/// A table of columns aligned to the right, without blanks at the ends of its lines.
pub fn laid_out(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(presets::NOTHING).set_header(header).add_rows(rows);
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let text = table.to_string();
    Vec::from_iter(text.lines().map(str::trim_end)).join("\n")
}
