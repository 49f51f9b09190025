//! What was found of each claim: a table where the terminal is wide enough for one, and a list elsewhere.

use std::env;

use claims::Provenance;
use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use notation::prose::plain;
use numbers::decimal;
use verify::{Engine, Evidence, Record, Report, StudyRecord, Verdict};

use crate::snapshot;

/// The width of the terminal where nothing says how wide it is.
const WIDTH: u16 = 132;
/// The blanks that a column takes beside its text.
const PADDING: u16 = 2;

/// The row of a claim, in words.
struct Line {
    verdict: Verdict,
    cells: Vec<String>,
}

/// The tables of a report: verdict, evidence by engine, needed hypotheses and rival of each closed form; then verdict
/// and evidence of what studies judge.
pub fn of(report: &Report) -> String {
    let engines = Engine::ALL.map(|engine| engine.name());
    let header = Vec::from_iter(["claim", "verdict"].into_iter().chain(engines).chain(["needs", "rival"]));
    let closed_forms = (header, Vec::from_iter(report.claims.iter().map(line)));
    let studied = (vec!["claim", "verdict", "table", "measured"], Vec::from_iter(report.studied.iter().map(studied)));
    let tables = [closed_forms, studied].into_iter().filter(|(_, lines)| !lines.is_empty());
    Vec::from_iter(tables.map(|(header, lines)| drawn(header, lines))).join("\n\n")
}

/// A table, or a list where the terminal is too narrow for one.
fn drawn(header: Vec<&str>, lines: Vec<Line>) -> String {
    let mut table = Table::new();
    let asked = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = asked.or_else(|| table.width()).unwrap_or(WIDTH);
    table.set_width(width);
    // Names, verdicts and rivals stay whole, and other columns are as wide as their longest word.
    let longest = |column: usize| {
        let is_whole = matches!(column, 0 | 1) || column + 1 == header.len();
        let parts = |cell: &str| match is_whole {
            true => cell.lines().map(length).max().unwrap_or(0),
            false => cell.split_whitespace().map(length).max().unwrap_or(0),
        };
        let cells = lines.iter().map(|line| parts(&line.cells[column]));
        cells.chain([length(header[column])]).max().unwrap_or(0) as u16 + PADDING
    };
    let needed = Vec::from_iter((0..header.len()).map(longest));
    if needed.iter().sum::<u16>() > width {
        return listed(&header, &lines, width.into());
    }
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(header);
    for line in lines {
        let last = line.cells.len() - 1;
        let cells = line.cells.into_iter().enumerate().map(|(column, text)| match column {
            1 => Cell::new(text).fg(color(line.verdict)),
            _ if column == last && text == SLIPPED => Cell::new(text).fg(Color::Red),
            _ => Cell::new(text),
        });
        table.add_row(cells);
    }
    for (column, needed) in table.column_iter_mut().zip(needed) {
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(needed)));
    }
    table.to_string()
}

/// Claim by claim, a line for each column that says something.
fn listed(header: &[&str], lines: &[Line], width: usize) -> String {
    let mut text = String::new();
    for line in lines {
        for (column, cell) in line.cells.iter().enumerate().filter(|(_, cell)| !matches!(cell.as_str(), "" | NOTHING)) {
            let said = cell.replace('\n', if column == 0 { ", " } else { "; " });
            let (indent, said) = if column == 0 { ("", said) } else { ("  ", format!("{}: {said}", header[column])) };
            for (i, row) in wrapped(&said, width.saturating_sub(indent.len() + 2)).iter().enumerate() {
                text += &format!("{indent}{}{row}\n", if i == 0 { "" } else { "  " });
            }
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// Lines of at most so many characters, broken between words, or behind a mark in a word that is longer.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut rows = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = Vec::from_iter(word.chars());
        loop {
            let row = rows.len() - 1;
            let gap = usize::from(!rows[row].is_empty());
            if length(&rows[row]) + gap + word.len() <= width {
                rows[row] += if gap == 1 { " " } else { "" };
                rows[row].extend(word);
                break;
            }
            if gap == 1 {
                rows.push(String::new());
                continue;
            }
            let is_mark = |c: &char| matches!(c, '/' | '-' | ',');
            let end = word[..width].iter().rposition(is_mark).map_or(width, |mark| mark + 1);
            rows[row].extend(word.drain(..end));
            rows.push(String::new());
        }
    }
    rows
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The number of claims by verdict: «16 agrees, 1 differs».
pub fn count_verdicts(report: &Report) -> String {
    let verdicts = Verdict::ALL;
    let counts = verdicts.map(|verdict| (report.verdicts().filter(|found| *found == verdict).count(), verdict.name()));
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    Vec::from_iter(some.map(|(count, name)| format!("{count} {name}"))).join(", ")
}

const NOTHING: &str = "–";
/// The cell of a rival that was not rejected.
const SLIPPED: &str = "slipped through";

/// Cells as a terminal shows them: sentences without marks.
fn shown(cells: Vec<String>) -> Vec<String> {
    Vec::from_iter(cells.iter().map(|cell| plain(cell)))
}

fn line(record: &Record) -> Line {
    let mut cells =
        vec![named(&record.id, &record.source, &record.equations, record.provenance), record.verdict.name().into()];
    cells.extend(Engine::ALL.map(|engine| evidence(record, engine)));
    cells.push(needs(record));
    cells.push(match &record.rival {
        Some(rival) if rival.rejected => "rejected".into(),
        Some(_) => SLIPPED.into(),
        None => NOTHING.into(),
    });
    Line { verdict: record.verdict, cells: shown(cells) }
}

/// A claim that a study judges.
fn studied(record: &StudyRecord) -> Line {
    let mut cells =
        vec![named(record.id, record.source, record.equations, record.provenance), record.verdict.name().into()];
    let joined = |cells: Vec<&str>| cells.join("\n");
    cells.push(joined(record.evidence.iter().map(|found| found.table).collect()));
    cells.push(joined(record.evidence.iter().map(|found| found.measured.as_str()).collect()));
    Line { verdict: record.verdict, cells: shown(cells) }
}

/// The name and the source of a claim, and its provenance where the wording is reconstructed or a reading of the text.
fn named(id: &str, source: &str, equations: &[impl AsRef<str>], provenance: Provenance) -> String {
    let cited = snapshot::cite(source, equations);
    match provenance {
        Provenance::Printed | Provenance::Own => format!("{id}\n{cited}"),
        _ => format!("{id}\n{cited}, {}", provenance.name()),
    }
}

fn color(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Agrees => Color::Green,
        Verdict::Differs => Color::Red,
        Verdict::Undecided | Verdict::Vacuous | Verdict::Unsatisfiable => Color::Yellow,
    }
}

fn evidence(record: &Record, engine: Engine) -> String {
    let all = Vec::from_iter(record.evidence.iter().filter(|evidence| evidence.engine == engine));
    let Some(last) = all.last() else { return NOTHING.into() };
    let seen = all.iter().filter_map(|evidence| evidence.detectable).min_by(f64::total_cmp);
    let seen = seen.map(|relative| format!(", sees {} %", decimal::measured(100.0 * relative, 2))).unwrap_or_default();
    format!("{}\n{}{seen}", Evidence::strengths(all.iter().copied()), last.measured)
}

fn needs(record: &Record) -> String {
    let needed = record.hypotheses.iter().filter(|hypothesis| hypothesis.needed == Some(true));
    let not_needed = record.hypotheses.iter().filter(|hypothesis| hypothesis.needed == Some(false));
    let list = |hypotheses: Vec<&str>| hypotheses.join("; ");
    let (needed, not_needed) =
        (list(needed.map(|h| h.statement).collect()), list(not_needed.map(|h| h.statement).collect()));
    if not_needed.is_empty() { needed } else { format!("{needed}\nnot: {not_needed}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_unless_they_are_longer_than_a_line() {
        assert_eq!(wrapped("a rival, and its claim", 10), ["a rival,", "and its", "claim"]);
        assert_eq!(wrapped("generic/noise-of-nearly-equal", 12), ["generic/", "noise-of-", "nearly-equal"]);
        assert_eq!(wrapped("ΣΣΣΣΣΣ a", 4), ["ΣΣΣΣ", "ΣΣ a"]);
        assert_eq!(wrapped("", 4), [""]);
    }

    #[test]
    fn a_list_is_no_wider_than_its_terminal() {
        let cells = ["label-noise/fluctuation-with-a-long-name\nTheorem 2, eq. (6)", "agrees", "–", "proved\nzero", ""];
        let line = Line { verdict: Verdict::Agrees, cells: cells.map(str::to_owned).to_vec() };
        let text = listed(&["claim", "verdict", "exact", "lyapunov", "needs"], &[line], 40);
        let expected = "label-noise/fluctuation-with-a-long-\n  name, Theorem 2, eq. (6)\n  verdict: agrees\n  lyapunov: proved; zero";
        assert_eq!(text, expected);
    }
}
