//! A claim in the report: the formula, its verdict, and all that was found.

use maud::{Markup, PreEscaped, html};

use super::evidence::evidence;
use super::line::{formula, line};
use super::overview::badge;
use crate::program;
use crate::snapshot::{STUDY, cite, source};
use crate::typeset::{BETWEEN_PARAGRAPHS, setting};
use crate::wording::{judged, neighbours, refuted};
use claims::Provenance;
use registry::paper::OWN;
use verify::{
    Case, Companion, Engine, Equal, Finding, HypothesisRecord, Mutants, Record, Report, StudyRecord, Verdict, describe,
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
    statement: Markup,
}

fn article(head: Head, body: Markup) -> Markup {
    let Head { id, topic, verdict, provenance, engines, source, statement } = head;
    html! {
        article id=(id) data-verdict=(verdict) data-topic=(topic) data-engines=(engines) data-provenance=(provenance.name()) {
            h3 { a href={ "#" (id) } { (id) } " " span class={ "verdict " (verdict) } { (verdict) } " " (badge(provenance)) }
            p class="source" { (source) }
            (statement)
            (body)
        }
    }
}

/// How a claim is judged again.
#[derive(Debug, Clone, Copy)]
pub enum Again<'a> {
    /// By name, as it is registered.
    ByName,
    /// With all claims of its files: the arguments of `judge`.
    WithFiles(&'a str),
}

impl Again<'_> {
    fn of(self, id: &str) -> String {
        match self {
            Again::ByName => format!("verify --claim {id}"),
            Again::WithFiles(arguments) => format!("judge {arguments}"),
        }
    }

    /// Where a claim stands, its kind, and what was judged. A file that does not say where its claims are from is the
    /// reader's own, and nothing is said of it.
    fn source(self, record: &Record) -> String {
        let judged = judged(record.provenance, &record.source, record.verdict);
        let is_unsaid = matches!(self, Again::WithFiles(_)) && record.provenance == Provenance::Own;
        match is_unsaid {
            true if record.source == OWN => record.kind.into(),
            true => format!("{}; {}", source(record), record.kind),
            false => format!("{}; {}; {judged}", source(record), record.kind),
        }
    }

    /// The title of the form that holds under fewer hypotheses.
    fn strengthened(self) -> &'static str {
        match self {
            Again::ByName => "the project's own",
            Again::WithFiles(_) => "with fewer hypotheses",
        }
    }
}

/// A claim that engines judge.
pub fn of_record(record: &Record, report: &Report, again: Again) -> Markup {
    let engines = Engine::ALL.into_iter().filter(|engine| record.evidence.iter().any(|found| found.engine == *engine));
    let head = Head {
        id: &record.id,
        topic: claims::topic(&record.id),
        verdict: record.verdict.name(),
        engines: Vec::from_iter(engines.map(Engine::name)).join(" "),
        provenance: record.provenance,
        source: again.source(record),
        statement: html! {
            (formula(&record.statement, &record.definitions))
            @if let Some(note) = &record.note { p { (line(note)) } }
            (proof(record.proof.as_deref()))
        },
    };
    article(
        head,
        html! {
            (evidence(&record.evidence))
            dl {
                @if let Some(setting) = &record.witness { dt { "witness" } dd { (PreEscaped(self::setting(setting))) } }
                @if let Some(setting) = &record.counterexample { dt { "counterexample" } dd { (PreEscaped(self::setting(setting))) } }
                @if let Some(refutation) = &record.refutation { dt { "refuted" } dd { (line(&refuted(refutation, report))) } }
                (companion("corrected", record.correction.as_ref()))
                @for repair in &record.repairs {
                    dt { (repair.title()) }
                    dd { (formula(&repair.statement, &repair.definitions)) "(" (repair.change) ")" (evidence(&repair.evidence)) }
                }
                (companion(again.strengthened(), record.strengthened.as_ref()))
                (companion("evaluated with fewer digits lost", record.rewritten.as_ref()))
                @if let Some(rival) = &record.rival {
                    dt { "rival" }
                    dd {
                        @if let Some(words) = rival.words() { (line(words)) " " }
                        "(" (rival.outcome()) ")"
                        (formula(&rival.statement, &rival.definitions))
                    }
                }
                @if let Some(mutants) = &record.mutants { dt { "mutants" } dd { (self::mutants(mutants)) } }
                dt { "again" } dd { code { (program::name()) " " (again.of(&record.id)) } }
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
        statement: html! {
            div class="statement wide" { (line(record.statement)) }
            (proof(record.proof))
        },
    };
    article(
        head,
        html! {
            dl {
                @for evidence in &record.evidence { dt { "measured" } dd { (line(&evidence.measured)) } }
                @if let Some(refutation) = &record.refutation { dt { "refuted" } dd { (line(&refuted(refutation, report))) } }
                (remark("corrected", record.correction.as_ref()))
                (remark("beyond", record.strengthened.as_ref()))
                dt { "again" } dd { code { (program::name()) " verify --claim " (record.id) } ", tables: " code { (program::name()) " study " (study) } }
            }
        },
    )
}

/// What became of the texts that are a small change away; those that hold wherever the form does unfold.
fn mutants(mutants: &Mutants) -> Markup {
    html! {
        (neighbours(mutants))
        @if !mutants.equal.is_empty() {
            details {
                summary { "those that hold wherever it does, with the reasons" }
                ul {
                    @for Equal { change, formula, because, .. } in &mutants.equal {
                        li { code { (formula) } " (" (change) "): " (because) }
                    }
                }
            }
        }
    }
}

/// A form beside that of a claim.
fn companion(title: &str, companion: Option<&Companion>) -> Markup {
    html! {
        @if let Some(Companion { note, proof, statement, definitions, evidence }) = companion {
            dt { (title) }
            dd {
                @if let Some(note) = note { (line(note)) }
                (formula(statement, definitions))
                (self::proof(proof.as_deref()))
                @if !evidence.is_empty() { (self::evidence(evidence)) }
            }
        }
    }
}

/// What a study says beside a claim: a sentence.
fn remark(title: &str, companion: Option<&Companion>) -> Markup {
    html! {
        @if let Some(Companion { statement, proof, .. }) = companion {
            dt { (title) }
            dd { (line(statement)) (self::proof(proof.as_deref())) }
        }
    }
}

/// Why something holds, in paragraphs.
fn proof(text: Option<&str>) -> Markup {
    html! {
        @for (place, paragraph) in text.iter().flat_map(|text| text.split(BETWEEN_PARAGRAPHS)).enumerate() {
            p { @if place == 0 { em { "Proof: " } } (line(paragraph)) }
        }
    }
}

fn hypothesis(hypothesis: &HypothesisRecord) -> Markup {
    html! {
        dt { (line(hypothesis.statement)) }
        dd {
            (hypothesis.necessity()) "; "
            @if hypothesis.needed == Some(true) { (PreEscaped(setting(&hypothesis.witness))) } @else { (line(&hypothesis.witness)) }
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
    use crate::example::studied;
    use verify::{Because, Budget, Evidence, RivalRecord};

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
            dimensions: Default::default(),
            verdict,
            measured: "1 < 2".into(),
            detectable: None,
        });
        Record {
            id: "a/b".into(),
            source: "Theorem 2".into(),
            equations: vec!["6".into()],
            provenance: claims::Provenance::Printed,
            statement: "Σ = κI".into(),
            definitions: vec!["κ = 1/S".into()],
            note: Some("for `y = uᵀx`".into()),
            proof: None,
            kind: "exact",
            verdict,
            evidence: evidence.collect(),
            hypotheses: vec![HypothesisRecord {
                name: "none",
                statement: "`Γ = 0`",
                needed: Some(true),
                witness: "A = 1/2".into(),
            }],
            rival: Some(RivalRecord {
                name: "no `1/S`".into(),
                statement: "Σ = I".into(),
                definitions: Vec::new(),
                rejected: true,
            }),
            strengthened: None,
            witness: None,
            counterexample: (verdict == Verdict::Differs).then(|| "S = 1".into()),
            correction: None,
            refutation: None,
            rewritten: None,
            mutants: Some(Mutants {
                caught: 3,
                told: 2,
                equal: vec![Equal {
                    change: "S for 1".into(),
                    operator: verify::Operator::Number,
                    formula: "Σ = I".into(),
                    because: Because::Always,
                }],
                ..Mutants::default()
            }),
            repairs: Vec::new(),
            repairs_tried: 0,
            findings: Vec::new(),
        }
    }

    #[test]
    fn the_filter_finds_verdict_topic_engines_and_provenance() {
        let page = of_record(&record(Verdict::Differs, &[Engine::Lyapunov, Engine::Exact]), &nothing(), Again::ByName)
            .into_string();
        let opening = r#"<article id="a/b" data-verdict="differs" data-topic="a" data-engines="exact lyapunov" data-provenance="printed">"#;
        assert!(page.starts_with(opening), "{page}");
    }

    #[test]
    fn a_counterexample_and_a_witness_are_typeset() {
        let [differs, agrees] = [Verdict::Differs, Verdict::Agrees]
            .map(|verdict| of_record(&record(verdict, &[]), &nothing(), Again::ByName).into_string());
        assert!(differs.contains("<dt>counterexample</dt><dd><math"), "{differs}");
        assert!(!agrees.contains("counterexample"));
        assert!(agrees.contains("needed; <math"), "{agrees}");
    }

    #[test]
    fn definitions_stand_beneath_the_formula_and_mutants_below() {
        let page = of_record(&record(Verdict::Agrees, &[]), &nothing(), Again::WithFiles("mine.toml")).into_string();
        let (above, below) = page.split_once("<div class=\"definitions wide\">").unwrap();
        assert!(above.contains("display=\"block\"") && below.starts_with("<div><math"), "{page}");
        let told = "6 texts are a small change away from the formula: 3 caught by the checker, as shapes or units do not fit; \
                    2 fail where it holds; 1 hold wherever it does";
        assert!(
            page.contains(told) && page.contains("<code>Σ = I</code> (S for 1): the same at every setting"),
            "{page}"
        );
        assert!(page.contains("<code>cargo xtask judge mine.toml</code>"), "{page}");
    }

    #[test]
    fn a_claim_of_a_readers_file_is_not_called_the_projects() {
        let own = Record {
            provenance: Provenance::Own,
            source: OWN.into(),
            equations: vec![],
            ..record(Verdict::Differs, &[])
        };
        let [registered, judged] = [Again::ByName, Again::WithFiles("mine.toml")]
            .map(|again| of_record(&own, &nothing(), again).into_string());
        assert!(registered.contains("the project's own claim does not hold"), "{registered}");
        assert!(!judged.contains("project") && judged.contains("<p class=\"source\">exact</p>"), "{judged}");
    }

    #[test]
    fn a_proof_stands_in_paragraphs_behind_what_it_proves() {
        let stated = StudyRecord { proof: Some("First.\n\nThen."), ..studied("tail/a", Verdict::Agrees) };
        let companion = Companion {
            note: None,
            proof: Some("Why.".into()),
            statement: "it is 1".into(),
            definitions: Vec::new(),
            evidence: Vec::new(),
        };
        let corrected = StudyRecord { correction: Some(companion), ..studied("tail/a", Verdict::Differs) };
        let [stated, corrected] = [stated, corrected].map(|record| of_study(&record, &nothing()).into_string());
        assert!(stated.contains("</div><p><em>Proof: </em>First.</p><p>Then.</p><dl>"), "{stated}");
        assert!(corrected.contains("<dd>it is 1<p><em>Proof: </em>Why.</p></dd>"), "{corrected}");
    }

    #[test]
    fn the_engines_stand_side_by_side() {
        let page = of_record(&record(Verdict::Agrees, &[Engine::Exact, Engine::Exact]), &nothing(), Again::ByName);
        let cell = "<div><span class=\"engine\">exact</span> <span class=\"verdict agrees\">agrees</span>: digits (4)\
                    <div class=\"measured\">1 &lt; 2; 1 &lt; 2</div></div>\
                    <div><span class=\"engine\">lyapunov</span> –</div>";
        assert!(page.into_string().contains(cell));
    }

    #[test]
    fn each_row_has_its_command() {
        let page = of_record(&record(Verdict::Agrees, &[Engine::Exact]), &nothing(), Again::ByName).into_string();
        assert!(page.contains("<code>cargo xtask verify --claim a/b</code>"), "{page}");
    }
}
