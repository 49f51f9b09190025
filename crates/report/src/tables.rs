//! The tables of a study as text.

use comfy_table::{CellAlignment, presets};
use studies::Table;

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
