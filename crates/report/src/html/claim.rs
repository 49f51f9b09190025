//! A claim in the report: the formula, its verdict, and all that was found.

use maud::{Markup, html};
use numbers::decimal;

use super::line::line;
use crate::program;
use crate::snapshot::{STUDY, cite, source};
use crate::wording::{judged, refuted};
use claims::Provenance;
use verify::{
    Case, Companion, Engine, Evidence, Finding, HypothesisRecord, Record, Report, StudyRecord, Verdict, describe,
};

/// The part of a claim that the filter reads, and that is seen at first sight.
struct Head<'a> {
    id: &'a str,
    topic: &'a str,
    verdict: &'a str,
    provenance: Provenance,
    /// The names of the engines, with a space between two.
    engines: String,
    source: String,
    statement: &'a str,
}

fn article(head: Head, body: Markup) -> Markup {
    let Head { id, topic, verdict, provenance, engines, source, statement } = head;
    html! {
        article id=(id) data-verdict=(verdict) data-topic=(topic) data-engines=(engines) data-provenance=(provenance.name()) {
            h3 { a href={ "#" (id) } { (id) } " " span class={ "verdict " (verdict) } { (verdict) } }
            p class="source" { (source) }
            div class="statement wide" { (line(statement)) }
            (body)
        }
    }
}

/// A claim that engines judge. One that is `registered` can be asked for by name.
pub fn of_record(record: &Record, report: &Report, registered: bool) -> Markup {
    let engines = Engine::ALL.into_iter().filter(|engine| record.evidence.iter().any(|found| found.engine == *engine));
    let head = Head {
        id: &record.id,
        topic: claims::topic(&record.id),
        verdict: record.verdict.name(),
        engines: Vec::from_iter(engines.map(Engine::name)).join(" "),
        provenance: record.provenance,
        source: format!(
            "{}; {}; {}",
            source(record),
            record.kind,
            judged(record.provenance, &record.source, record.verdict)
        ),
        statement: &record.statement,
    };
    article(
        head,
        html! {
            (evidence(&record.evidence))
            dl {
                @if let Some(setting) = &record.witness { dt { "witness" } dd { code { (setting) } } }
                @if let Some(setting) = &record.counterexample { dt { "counterexample" } dd { code { (setting) } } }
                @if let Some(refutation) = &record.refutation { dt { "refuted" } dd { (line(&refuted(refutation, report))) } }
                (companion("corrected", record.correction.as_ref()))
                @for repair in &record.repairs {
                    dt { "nearest formula that holds" }
                    dd { (line(&repair.statement)) " (" (line(&repair.change)) ")" (evidence(&repair.evidence)) }
                }
                (companion("the project's own", record.strengthened.as_ref()))
                (companion("evaluated with fewer digits lost", record.rewritten.as_ref()))
                @if let Some(rival) = &record.rival { dt { "rival" } dd { (line(&rival.name)) " (" (rival.outcome()) ")" } }
                @if registered { dt { "again" } dd { code { (program::name()) " verify --claim " (record.id) } } }
            }
            @if !record.hypotheses.is_empty() {
                details {
                    summary { "hypotheses (" (record.hypotheses.len()) ")" }
                    dl { @for hypothesis in &record.hypotheses { (self::hypothesis(hypothesis)) } }
                }
            }
            @for finding in &record.findings { (settings(finding)) }
        },
    )
}

/// A claim that a study judges.
pub fn of_study(record: &StudyRecord, report: &Report) -> Markup {
    let study = claims::topic(record.id);
    let cited = cite(record.source, record.equations);
    let head = Head {
        id: record.id,
        topic: study,
        verdict: record.verdict.name(),
        provenance: record.provenance,
        engines: STUDY.into(),
        source: format!("{cited}; {}", judged(record.provenance, record.source, record.verdict)),
        statement: record.statement,
    };
    article(
        head,
        html! {
            dl {
                @for evidence in &record.evidence { dt { "measured" } dd { (line(&evidence.measured)) } }
                @if let Some(refutation) = &record.refutation { dt { "refuted" } dd { (line(&refuted(refutation, report))) } }
                (companion("corrected", record.correction.as_ref()))
                (companion("beyond", record.strengthened.as_ref()))
                dt { "again" } dd { code { (program::name()) " verify --claim " (record.id) } ", tables: " code { (program::name()) " study " (study) } }
            }
        },
    )
}

fn evidence(evidence: &[Evidence]) -> Markup {
    html! {
        div class="wide" {
            table class="evidence" {
                thead { tr { th { "engine" } th { "evidence" } th { "instances" } th { "verdict" } th { "measured" } } }
                tbody {
                    @for Evidence { engine, strength, instances, verdict, measured, detectable } in evidence {
                        tr {
                            td { (engine.name()) }
                            td { (strength.name()) }
                            td { (instances) }
                            td class={ "verdict " (verdict.name()) } { (verdict.name()) }
                            td {
                                (line(measured))
                                @if let Some(relative) = detectable { ", sees " (decimal::measured(100.0 * relative, 2)) " %" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn companion(title: &str, companion: Option<&Companion>) -> Markup {
    html! {
        @if let Some(companion) = companion {
            dt { (title) }
            dd {
                (line(&companion.statement))
                @if !companion.evidence.is_empty() { (evidence(&companion.evidence)) }
            }
        }
    }
}

fn hypothesis(hypothesis: &HypothesisRecord) -> Markup {
    html! {
        dt { (line(hypothesis.statement)) }
        dd {
            (hypothesis.necessity()) "; "
            // A setting is there to be copied, and stands as it is.
            @if hypothesis.needed == Some(true) { code { (hypothesis.witness) } } @else { (line(&hypothesis.witness)) }
        }
    }
}

/// What an engine proved and where it tried the claim. Settings at which it fails are marked and stand unfolded.
fn settings(finding: &Finding) -> Markup {
    let (engine, cases) = (finding.evidence.engine.name(), finding.cases.iter().chain(&finding.beyond));
    let fails = |case: &&Case| case.verdict == Verdict::Differs;
    let (tried, failed) = (cases.clone().count(), cases.clone().filter(fails).count());
    let proofs = Vec::from_iter(finding.proofs.all());
    html! {
        details {
            summary {
                (engine) ": "
                @if !proofs.is_empty() { (proofs.len()) " identities, " }
                (tried) " settings"
                @if failed > 0 { ", " span class="verdict differs" { (failed) " fail" } }
            }
            @if !proofs.is_empty() { ul { @for proof in &proofs { li { (proof.text) } } } }
            @for case in cases {
                details class={ "setting " (case.verdict.name()) } open[fails(&case)] {
                    summary { code { (describe(&case.setting)) } " " span class={ "verdict " (case.verdict.name()) } { (case.verdict.name()) } }
                    pre class="wide" { (case.lines.join("\n")) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use verify::{Budget, RivalRecord};

    /// A report without claims.
    fn nothing() -> Report {
        let budget = Budget { false_alarm_probability: 0.0, comparisons: 0, rejected: 0, threshold: 0.0 };
        Report { claims: Vec::new(), studied: Vec::new(), budget, seed: 1 }
    }

    fn record(verdict: Verdict, engines: &[Engine]) -> Record {
        let evidence = engines.iter().map(|engine| Evidence {
            engine: *engine,
            strength: verify::Strength::Digits,
            instances: 2,
            verdict,
            measured: "1 < 2".into(),
            detectable: None,
        });
        Record {
            id: "a/b".into(),
            source: "Theorem 2".into(),
            equations: vec!["6".into()],
            provenance: claims::Provenance::Printed,
            statement: "Σ = 1".into(),
            kind: "exact",
            verdict,
            evidence: evidence.collect(),
            hypotheses: vec![HypothesisRecord {
                name: "none",
                statement: "Γ = 0",
                needed: Some(true),
                witness: "A = 1/2".into(),
            }],
            rival: Some(RivalRecord { name: "no 1/S".into(), rejected: true }),
            strengthened: None,
            witness: None,
            counterexample: (verdict == Verdict::Differs).then(|| "S = 1".into()),
            correction: None,
            refutation: None,
            rewritten: None,
            mutants: None,
            repairs: Vec::new(),
            findings: Vec::new(),
        }
    }

    #[test]
    fn the_filter_finds_verdict_topic_engines_and_provenance() {
        let page =
            of_record(&record(Verdict::Differs, &[Engine::Lyapunov, Engine::Exact]), &nothing(), true).into_string();
        let opening = r#"<article id="a/b" data-verdict="differs" data-topic="a" data-engines="exact lyapunov" data-provenance="printed">"#;
        assert!(page.starts_with(opening), "{page}");
    }

    #[test]
    fn a_counterexample_and_a_witness_stand_as_they_are() {
        let [differs, agrees] = [Verdict::Differs, Verdict::Agrees]
            .map(|verdict| of_record(&record(verdict, &[]), &nothing(), true).into_string());
        assert!(differs.contains("<dt>counterexample</dt><dd><code>S = 1</code></dd>"));
        assert!(!agrees.contains("counterexample"));
        assert!(agrees.contains("needed; <code>A = 1/2</code>"));
    }

    #[test]
    fn each_row_has_its_command() {
        let page = of_record(&record(Verdict::Agrees, &[Engine::Exact]), &nothing(), true).into_string();
        assert!(
            page.contains("<code>cargo xtask verify --claim a/b</code>") && page.contains("<td>digits</td><td>2</td>")
        );
    }
}
