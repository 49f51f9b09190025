//! The pages that a run makes: FINDINGS.md, for each topic a page with all that was found of its claims, and THEORY.md.
//!
//! Deliberately absent: files. Paths are relative to the workspace, and the caller compares or writes the pages.

use claims::topic;

use crate::assertions::Assertion;
use crate::findings::{findings, said, summary};
use crate::link::{anchor, path};
use crate::snapshot::source;
use crate::theory;
use crate::typeset::{Stated, code, markdown, paragraphs};
use crate::wording::{judged, neighbours, refuted};
use verify::{HypothesisRecord, Record, RepairRecord, Report, RivalRecord};

/// A page, in the Markdown of GitHub.
pub struct Page {
    /// Its path from the root of the workspace on.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// All pages, FINDINGS.md first, then the topics in the order of their claims, and the theory last. `lines` are what the text of the paper
/// asserts.
pub fn pages(report: &Report, lines: &[Assertion]) -> Vec<Page> {
    let mut pages = vec![Page { path: "FINDINGS.md".into(), text: findings(report, lines) }];
    for records in report.claims.chunk_by(|one, next| topic(&one.id) == topic(&next.id)) {
        pages.extend(records.first().map(|first| Page { path: path(&first.id), text: page(first, records, report) }));
    }
    pages.push(Page { path: theory::PATH.into(), text: theory::theory(report) });
    pages
}

fn page(first: &Record, records: &[Record], report: &Report) -> String {
    let mut lines = vec![
        format!("# Claims: {}", topic(&first.id)),
        String::new(),
        format!(
            "What `cargo xtask verify --claim {}` finds of them; made by `cargo xtask verify --write`, never by hand. \
             [FINDINGS.md](../FINDINGS.md) sums up all topics.",
            topic(&first.id)
        ),
        String::new(),
        "| claim | source | provenance | statement | verdict |".into(),
        "|---|---|---|---|---|".into(),
    ];
    lines.extend(records.iter().map(|record| {
        let (id, anchor, verdict) = (&record.id, anchor(&record.id), record.verdict.name());
        let provenance = record.provenance.name();
        format!("| [{id}](#{anchor}) | {} | {provenance} | {} | {verdict} |", source(record), summary(record))
    }));
    lines.extend(records.iter().flat_map(|record| claim(record, report)));
    lines.join("\n") + "\n"
}

/// The lines of one claim.
fn claim(record: &Record, report: &Report) -> Vec<String> {
    let (kind, verdict) = (record.kind, record.verdict.name());
    let mut lines = vec![
        format!("\n## {}\n", record.id),
        format!(
            "{}; {kind}; **{verdict}**: {}\n",
            source(record),
            judged(record.provenance, &record.source, record.verdict)
        ),
        Stated { statement: &record.statement, definitions: &record.definitions }.block() + "\n",
    ];
    lines.extend(record.note.iter().map(|note| markdown(note) + "\n"));
    lines.extend(record.proof.iter().map(|proof| format!("Proof: {}\n", paragraphs(proof, ""))));
    lines.extend(["| engine | evidence | instances | verdict | measured |".into(), "|---|---|---|---|---|".into()]);
    lines.extend(record.evidence.iter().map(|evidence| {
        let (engine, strength) = (evidence.engine.name(), evidence.strength_in_words());
        let (verdict, measured) = (evidence.verdict.name(), markdown(&evidence.measured));
        format!("| {engine} | {strength} | {} | {verdict} | {measured} |", evidence.instances)
    }));
    lines.push(String::new());
    let mut item = |title: &str, text: String| lines.push(format!("- {title}: {text}"));
    if let Some(setting) = &record.witness {
        item("witness", code(setting));
    }
    if let Some(setting) = &record.counterexample {
        item("counterexample", code(setting));
    }
    if let Some(refutation) = &record.refutation {
        item("refuted", markdown(&refuted(refutation, report)));
    }
    for (title, companion) in [
        ("corrected", &record.correction),
        ("the project's own", &record.strengthened),
        ("evaluated with fewer digits lost", &record.rewritten),
    ] {
        companion.iter().for_each(|companion| item(title, said(companion)));
        companion
            .iter()
            .flat_map(|companion| &companion.proof)
            .for_each(|proof| item("proof of it", paragraphs(proof, "  ")));
    }
    for repair in &record.repairs {
        let RepairRecord { statement, definitions, change, .. } = repair;
        item(repair.title(), format!("{} ({change})", Stated { statement, definitions }.markdown()));
    }
    if let Some(rival) = &record.rival {
        item("rival", format!("{} ({})", said_of_rival(rival), rival.outcome()));
    }
    if let Some(mutants) = &record.mutants {
        item("mutants", markdown(&neighbours(mutants)));
    }
    item("again", format!("`cargo xtask verify --claim {}`", record.id));
    if !record.hypotheses.is_empty() {
        lines.push("\nUnder these hypotheses:\n".into());
        lines.extend(record.hypotheses.iter().map(hypothesis));
    }
    lines
}

/// The rival in words, and its formula where the words are not the formula itself.
fn said_of_rival(rival: &RivalRecord) -> String {
    let formula = Stated { statement: &rival.statement, definitions: &rival.definitions }.markdown();
    rival.words().map_or_else(|| formula.clone(), |words| format!("{}: {formula}", markdown(words)))
}

fn hypothesis(hypothesis: &HypothesisRecord) -> String {
    let statement = markdown(hypothesis.statement);
    // A setting is there to be copied, and stands as it is.
    let witness = match hypothesis.needed {
        Some(true) => code(&hypothesis.witness),
        _ => markdown(&hypothesis.witness),
    };
    format!("- {statement}: {}; {witness}", hypothesis.necessity())
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::RivalRecord;
    use verify::Verdict;

    fn record(id: &'static str, needed: Option<bool>) -> Record {
        let hypothesis = HypothesisRecord {
            name: "none",
            statement: "`Γ = 0`",
            needed,
            witness: if needed == Some(true) { "A = 1/2" } else { "any `Λ`" }.into(),
        };
        Record {
            id: id.into(),
            source: "Theorem 2".into(),
            equations: vec!["6".into()],
            provenance: claims::Provenance::Printed,
            statement: "Σ ≈ I, λ → 0".into(),
            definitions: Vec::new(),
            note: Some("for `y = uᵀx`".into()),
            proof: None,
            kind: "approximation",
            verdict: Verdict::Differs,
            evidence: Vec::new(),
            hypotheses: vec![hypothesis],
            rival: Some(RivalRecord {
                name: "no `1/S`".into(),
                statement: "Σ ≈ κI, λ → 0".into(),
                definitions: vec!["κ = 2".into()],
                rejected: true,
            }),
            strengthened: None,
            witness: None,
            counterexample: Some("S = 1".into()),
            correction: None,
            refutation: None,
            rewritten: None,
            mutants: None,
            repairs: Vec::new(),
            repairs_tried: 0,
            findings: Vec::new(),
        }
    }

    fn made() -> Vec<Page> {
        let claims = vec![record("a-b/c-d", None), record("a-b/e", Some(false)), record("f/c-d", Some(true))];
        let line = Assertion { key: "12/a".into(), claims: vec!["f/c-d".into()], start: String::new() };
        pages(&crate::example::report(claims, Vec::new()), &[line])
    }

    #[test]
    fn each_topic_has_a_page_with_its_claims() {
        let pages = made();
        assert_eq!(
            Vec::from_iter(pages.iter().map(|page| &page.path)),
            ["FINDINGS.md", "findings/a-b.md", "findings/f.md", "docs/THEORY.md"]
        );
        let headings = |page: &Page| page.text.lines().filter(|line| line.starts_with("## ")).count();
        assert_eq!(Vec::from_iter(pages[1..3].iter().map(headings)), [2, 1]);
    }

    #[test]
    fn each_link_leads_to_a_heading() {
        let pages = made();
        // GitHub makes an anchor of a heading in this way.
        let anchor = |heading: &str| {
            heading.to_lowercase().replace(' ', "-").replace(|c: char| c != '-' && !c.is_alphanumeric(), "")
        };
        let is_heading = |text: &str, wanted: &str| {
            text.lines().filter_map(|line| line.strip_prefix("## ")).any(|heading| anchor(heading) == wanted)
        };
        let mut links = 0;
        for page in &pages {
            for (_, rest) in page.text.match_indices("](").map(|(place, _)| page.text.split_at(place + 2)) {
                let target = rest.split(')').next().unwrap();
                if let Some((path, anchor)) = target.split_once('#') {
                    let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let path = match path.strip_prefix("../") {
                        _ if path.is_empty() => page.path.clone(),
                        Some(path) => path.into(),
                        None => format!("{folder}/{path}").trim_start_matches('/').into(),
                    };
                    let made = pages.iter().find(|page| page.path == path).map(|page| page.text.clone());
                    let text = made.or_else(|| std::fs::read_to_string(crate::root().join(&path)).ok());
                    assert!(text.is_some_and(|text| is_heading(&text, anchor)), "{target} on {}", page.path);
                    links += 1;
                }
            }
        }
        assert!(links >= 6, "{links}");
    }

    #[test]
    fn a_line_of_the_text_has_its_claim_with_verdict_and_witness() {
        let [findings, ..] = &made()[..] else { panic!("a page") };
        let row = "| `12/a` | [f/c-d](findings/f.md#fc-d) | differs | `S = 1` | – |\n";
        assert!(findings.text.contains(row), "{}", findings.text);
    }

    #[test]
    fn a_proof_of_a_study_stands_in_the_findings() {
        let studied = crate::example::studied("tail/a", Verdict::Agrees);
        let studied = verify::StudyRecord { proof: Some("As `S + 1`.\n\nThen."), ..studied };
        let [page, ..] = &pages(&crate::example::report(Vec::new(), vec![studied]), &[])[..] else { panic!("a page") };
        assert!(page.text.contains("\n- proof: As $`S + 1`$.\n\n  Then.\n- again: "), "{}", page.text);
    }

    #[test]
    fn only_a_setting_is_verbatim() {
        let pages = made();
        assert!(pages[1].text.contains("- $`\\Gamma = 0`$: not needed; any $`\\Lambda`$\n"), "{}", pages[1].text);
        assert!(pages[2].text.contains("- $`\\Gamma = 0`$: needed; `A = 1/2`\n"), "{}", pages[2].text);
        assert!(pages[2].text.contains("- counterexample: `S = 1`\n"), "{}", pages[2].text);
    }

    #[test]
    fn a_formula_stands_alone_and_its_note_beneath() {
        let [_, page, ..] = &made()[..] else { panic!("pages") };
        let block = "```math\n\\Sigma \\approx I, \\lambda \\to 0\n```\n\nfor $`y = u^{\\top} x`$\n\n| engine";
        assert!(page.text.contains(block), "{}", page.text);
        let rival =
            "- rival: no $`\\frac{1}{S}`$: $`\\Sigma \\approx \\kappa I, \\lambda \\to 0`$, $`\\kappa = 2`$ (rejected)";
        assert!(page.text.contains(rival), "{}", page.text);
    }
}
