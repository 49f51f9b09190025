//! The table of claims and engines.

use comfy_table::{Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use symbols::decimal;
use verify::{Engine, Evidence, Record, Report, Verdict, snapshot};

/// Columns of text where no terminal says how many there are.
const WIDTH: u16 = 132;

/// One row a claim: verdict, evidence by engine, needed hypotheses, rival.
pub fn of(report: &Report) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    if !table.is_tty() {
        table.set_width(WIDTH);
    }
    let engines = Engine::ALL.map(|engine| engine.name());
    table.set_header(["claim", "verdict"].into_iter().chain(engines).chain(["needs", "rival"]));
    for whole in [0, 1, 6] {
        if let Some(column) = table.column_mut(whole) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for record in &report.claims {
        let mut row = vec![Cell::new(format!("{}\n{}", record.id, snapshot::source(record))), verdict(record.verdict)];
        row.extend(Engine::ALL.map(|engine| Cell::new(evidence(record, engine))));
        row.push(Cell::new(needs(record)));
        row.push(match record.rival.rejected {
            true => Cell::new("rejected"),
            false => Cell::new("slipped through").fg(Color::Red),
        });
        table.add_row(row);
    }
    table
}

/// «16 agree, 1 differs».
pub fn count_verdicts(report: &Report) -> String {
    let verdicts = [Verdict::Agrees, Verdict::Differs, Verdict::Undecided, Verdict::Vacuous];
    let counts =
        verdicts.map(|verdict| (report.claims.iter().filter(|c| c.verdict == verdict).count(), verdict.name()));
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    Vec::from_iter(some.map(|(count, name)| format!("{count} {name}"))).join(", ")
}

fn verdict(verdict: Verdict) -> Cell {
    let color = match verdict {
        Verdict::Agrees => Color::Green,
        Verdict::Differs => Color::Red,
        Verdict::Undecided | Verdict::Vacuous => Color::Yellow,
    };
    Cell::new(verdict.name()).fg(color)
}

fn evidence(record: &Record, engine: Engine) -> String {
    let all = Vec::from_iter(record.evidence.iter().filter(|evidence| evidence.engine == engine));
    let Some(last) = all.last() else { return "–".into() };
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
