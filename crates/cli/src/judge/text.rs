//! What was found of a claim, for a reader.

use std::collections::BTreeSet;

use claims::{Claim, Kind, hypotheses};
use notation::prose::plain;
use numbers::decimal;
use verify::{Companion, Engine, Evidence, HypothesisRecord, Record, Verdict, contradiction};

/// The name and the verdict, and below them what they rest on.
pub fn of(claim: &Claim, record: &Record, seed: u64) -> String {
    let mut lines = vec![format!("{}: {}", record.id, record.verdict.name()), format!("  {}", record.statement)];
    let mut line = |text: String| lines.push(format!("  {text}"));
    if record.verdict == Verdict::Vacuous {
        line(match contradiction(claim, seed) {
            Some(pair) => {
                let [one, other] = pair.map(|hypothesis| format!("{} ({})", hypothesis.words(), hypothesis.statement));
                format!("no setting that was drawn satisfies both {one} and {other}")
            }
            None => "no setting that was drawn satisfies the hypotheses and has a value of the formula".into(),
        });
    }
    if !claim.notation.is_empty() {
        line(format!("its letters: {}", claim.notation));
    }
    record.note.iter().for_each(|note| line(note.clone()));
    for name in claim.printed.formula().redefined() {
        line(format!("{} has the meaning that a definition gives it", name.as_str()));
    }
    for place in record.counterexample.iter().chain(&record.witness) {
        line(format!("at {place}"));
    }
    for (i, repair) in record.repairs.iter().enumerate() {
        let what = if i == 0 { repair.title() } else { "or" };
        line(format!("{what}: {}", repair.written()));
    }
    if record.verdict == Verdict::Differs && record.repairs.is_empty() && record.repairs_tried > 0 {
        let tried = record.repairs_tried;
        line(format!("no formula near it was found to hold: {tried} were tried that are one or two changes away"));
        if !claim.assumes(&hypotheses::FULL_RANK, &[]) {
            line("at a singular A most formulas fail: with \"full rank\" more of them may be found to hold".into());
        }
    }
    companion(&mut line, "corrected", record.correction.as_ref());
    companion(&mut line, "with fewer hypotheses", record.strengthened.as_ref());
    companion(&mut line, "rewritten", record.rewritten.as_ref());
    if let Some(rival) = &record.rival {
        line(format!("rival {}: {}", rival.outcome(), rival.name));
    }
    let cases = record.findings.iter().flat_map(|finding| &finding.cases);
    let decided = cases.filter(|case| matches!(case.verdict, Verdict::Agrees | Verdict::Differs));
    let weights = Vec::from_iter(decided.map(|case| case.setting.dimension()).collect::<BTreeSet<_>>());
    if !weights.is_empty() {
        line(format!("tried for D = {}", Vec::from_iter(weights.iter().map(usize::to_string)).join(", ")));
    }
    // A claim of existence has its witness.
    let is_searched = claim.kind.is_inequality() && !matches!(claim.kind, Kind::Existence);
    if record.verdict == Verdict::Agrees && is_searched {
        line("no proof: a search with few weights found no setting at which it fails".into());
    }
    if weights == [1] && claim.printed.formula().reads_dimension() {
        line("D is 1 wherever it was tried: how the formula depends on D is not judged".into());
    }
    line(Vec::from_iter(Engine::ALL.into_iter().filter_map(|engine| by(engine, &record.evidence))).join(" · "));
    mutants(&mut line, record);
    needs(&mut line, claim, record);
    lines.push(String::new());
    plain(&lines.join("\n"))
}

fn companion(line: &mut impl FnMut(String), what: &str, companion: Option<&Companion>) {
    if let Some(companion) = companion {
        let evidence = &companion.evidence;
        line(format!("{what}: {}", companion.written()));
        line(format!(
            "  {}",
            Vec::from_iter(Engine::ALL.into_iter().filter_map(|engine| by(engine, evidence))).join(" · ")
        ));
    }
}

/// Which hypotheses are needed, each with a setting at which the claim fails without it, and why others are not
/// decided. A claim in other letters has them by their names, as their conditions are in ours.
fn needs(line: &mut impl FnMut(String), claim: &Claim, record: &Record) {
    let said = |hypothesis: &HypothesisRecord| match hypotheses::find(hypothesis.name) {
        Some(found) if !claim.notation.is_empty() => found.words(),
        _ => hypothesis.statement.to_owned(),
    };
    let of = |needed| record.hypotheses.iter().filter(move |hypothesis| hypothesis.needed == needed);
    let mut list = |what: &str, needed| {
        let statements = Vec::from_iter(of(needed).map(said));
        if !statements.is_empty() {
            line(format!("{what}: {}", statements.join("; ")));
        }
    };
    list("needs", Some(true));
    list("does not need", Some(false));
    for hypothesis in of(Some(true)) {
        line(format!("  without {}: at {}", said(hypothesis), hypothesis.witness));
    }
    // Where a claim fails and nothing near it holds, nothing is decided, and for one reason.
    if of(None).count() < record.hypotheses.len() {
        for hypothesis in of(None) {
            line(format!("whether it needs {} is not decided: {}", said(hypothesis), hypothesis.witness));
        }
    }
}

/// How many texts that are a small change away are told from the one that holds, how many are no other formula or hold,
/// too, and those that do so for no known reason.
fn mutants(line: &mut impl FnMut(String), record: &Record) {
    let Some(mutants) = &record.mutants else { return };
    let of = match (mutants.of_correction, record.correction.is_some()) {
        (true, false) => " of the nearest formula",
        (true, true) => " of the corrected formula",
        _ => "",
    };
    let (told, all) = mutants.told_of();
    let spellings = match mutants.spellings() {
        0 => String::new(),
        1 => "; one more is the same formula in another spelling".into(),
        count => format!("; {count} more are the same formula in another spelling"),
    };
    line(format!("of {all} mutants{of}, each one change away, {told} are found out{spellings}"));
    for (reason, count) in mutants.reasons_of_others() {
        line(format!("  not found out: {count}, {reason}"));
    }
    for mutant in mutants.unexplained() {
        line(format!("  not found out: {} ({})", mutant.formula, mutant.change));
    }
}

/// The verdict of an engine, with what makes it one.
fn by(engine: Engine, evidence: &[Evidence]) -> Option<String> {
    let all = Vec::from_iter(evidence.iter().filter(|evidence| evidence.engine == engine));
    let last = all.last()?;
    let verdict = Verdict::of_all(all.iter().map(|evidence| evidence.verdict));
    let seen = all.iter().filter_map(|evidence| evidence.detectable).min_by(f64::total_cmp);
    let seen = seen.map(|relative| format!(", sees {} %", decimal::measured(100.0 * relative, 2))).unwrap_or_default();
    let because = match verdict {
        Verdict::Differs => String::new(),
        Verdict::Agrees => format!(": {}{seen}", Evidence::strengths(all.iter().copied())),
        _ => format!(": {}", last.measured),
    };
    Some(format!("{} {}{because}", engine.name(), verdict.name()))
}

/// Rows whose cells stand below each other.
pub fn columns<const COUNT: usize>(rows: &[[String; COUNT]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; COUNT] = std::array::from_fn(width);
    let line = |row: &[String; COUNT]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        Vec::from_iter(cells).join("  ").trim_end().to_owned()
    };
    Vec::from_iter(rows.iter().map(line)).join("\n")
}
