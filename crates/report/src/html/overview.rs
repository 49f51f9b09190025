//! The head of the report: how many claims have which verdict, section by section, and what differs, a line each.

use claims::Provenance;
use maud::{Markup, PreEscaped, html};
use verify::{Report, Verdict};

use super::line::{formula, line};
use crate::differing::{Differing, Witness, differing};
use crate::topics;
use crate::typeset::setting;

/// A group of claims: those of a topic with one verdict.
pub(super) fn group(topic: &str, verdict: Verdict) -> String {
    format!("{topic}.{}", verdict.name())
}

/// The heading of a topic; its name where it is none of the registry.
pub(super) fn title(topic: &str) -> &str {
    topics::find(topic).map_or(topic, |topic| topic.title)
}

/// The verdicts on the claims of a topic, those that engines judge first.
fn verdicts<'r>(report: &'r Report, topic: &'r str) -> impl Iterator<Item = Verdict> + Clone + 'r {
    let by_engines = report.claims.iter().filter(move |record| claims::topic(&record.id) == topic);
    let by_studies = report.studied.iter().filter(move |record| claims::topic(record.id) == topic);
    by_engines.map(|record| record.verdict).chain(by_studies.map(|record| record.verdict))
}

/// The number of claims by topic and verdict, each number a link to these claims. Beside yes and no only what there is
/// has a column.
pub(super) fn matrix(report: &Report, topics: &[&str]) -> Markup {
    let is_wanted = |verdict: &Verdict| {
        matches!(verdict, Verdict::Agrees | Verdict::Differs) || report.verdicts().any(|found| found == *verdict)
    };
    let columns = Vec::from_iter(Verdict::ALL.into_iter().filter(is_wanted));
    let cell = |topic: &str, verdict: Verdict| {
        let count = verdicts(report, topic).filter(|found| *found == verdict).count();
        html! {
            td {
                @if count > 0 { a class={ "verdict " (verdict.name()) } href={ "#" (group(topic, verdict)) } { (count) } }
                @else { "–" }
            }
        }
    };
    html! {
        div class="wide" {
            table class="matrix" {
                thead {
                    tr { th { "claims on" } @for verdict in &columns { th class={ "verdict " (verdict.name()) } { (verdict.name()) } } }
                }
                tbody {
                    @for topic in topics {
                        tr {
                            th scope="row" {
                                a href={ "#" (topic) } { (title(topic)) }
                                @if let Some(section) = topics::find(topic).and_then(|topic| topic.section) {
                                    " " span class="section" { "§ " (section) }
                                }
                            }
                            @for verdict in &columns { (cell(topic, *verdict)) }
                        }
                    }
                }
                tfoot {
                    tr {
                        th scope="row" { "all" }
                        @for verdict in &columns { td { (report.verdicts().filter(|found| found == verdict).count()) } }
                    }
                }
            }
        }
    }
}

/// What differs, a line for each claim.
pub(super) fn differences(report: &Report) -> Markup {
    let found = differing(report);
    html! {
        @if !found.is_empty() {
            section id="differs" {
                h2 { "What differs" }
                table class="differs-table" {
                    thead { tr { th { "claim" } th { "why it fails" } th { "smallest witness" } th { "what holds instead" } } }
                    tbody { @for one in &found { (difference(one)) } }
                }
            }
        }
    }
}

fn difference(Differing { id, source, provenance, because, witness, correction, repair }: &Differing) -> Markup {
    html! {
        tr {
            td { a href={ "#" (id) } { (id) } div class="source" { (source) " " (badge(*provenance)) } }
            td { (line(because)) }
            td {
                @match witness {
                    Witness::Setting(described) => (PreEscaped(setting(described))),
                    Witness::Measured(measured) => (line(measured)),
                }
            }
            td {
                @if let Some(correction) = correction {
                    @match witness {
                        // The claim has the definitions of its names, and the words beside it.
                        Witness::Setting(_) => (formula(&correction.statement, &[])),
                        // What a study says is a sentence.
                        Witness::Measured(_) => (line(&correction.statement)),
                    }
                } @else if let Some(repair) = repair {
                    "nearest formula: " (formula(&repair.statement, &[]))
                }
            }
        }
    }
}

/// The provenance of a wording, with the mark that docs/PAPER.md has for it.
pub(super) fn badge(provenance: Provenance) -> Markup {
    let mark = match provenance {
        Provenance::Printed => "P",
        Provenance::Reconstructed => "R",
        Provenance::Text => "T",
        Provenance::Own => "–",
    };
    html! { span class={ "provenance " (provenance.name()) } { "[" (mark) "] " (provenance.name()) } }
}

#[cfg(test)]
mod tests {
    use verify::{Companion, StudyRecord};

    use super::*;
    use crate::example;

    fn report(verdicts: &[(&'static str, Verdict)]) -> Report {
        let record = |&(id, verdict): &(&'static str, Verdict)| StudyRecord {
            correction: (verdict == Verdict::Differs).then(|| Companion {
                note: None,
                proof: None,
                statement: "it is `S + 1`".into(),
                definitions: Vec::new(),
                evidence: Vec::new(),
            }),
            ..example::studied(id, verdict)
        };
        example::report(Vec::new(), verdicts.iter().map(record).collect())
    }

    #[test]
    fn each_number_leads_to_its_claims() {
        let found = [("tail/a", Verdict::Differs), ("tail/b", Verdict::Differs), ("own/c", Verdict::Agrees)];
        let matrix = matrix(&report(&found), &["tail", "own"]).into_string();
        let row = "<a href=\"#tail\">Tails</a> <span class=\"section\">§ 9</span></th><td>–</td>\
                   <td><a class=\"verdict differs\" href=\"#tail.differs\">2</a></td></tr>";
        assert!(matrix.contains(row), "{matrix}");
        assert!(matrix.contains("<th scope=\"row\">all</th><td>1</td><td>2</td></tr>"), "{matrix}");
    }

    #[test]
    fn beside_yes_and_no_each_verdict_that_there_is_has_a_column() {
        let heads = |found: &[(&'static str, Verdict)]| {
            let matrix = matrix(&report(found), &["tail"]).into_string();
            Verdict::ALL.map(|verdict| matrix.contains(&format!(">{}</th>", verdict.name())))
        };
        let only_yes_and_no = Verdict::ALL.map(|verdict| matches!(verdict, Verdict::Agrees | Verdict::Differs));
        assert_eq!(heads(&[("tail/a", Verdict::Agrees)]), only_yes_and_no);
        let all = Vec::from_iter(Verdict::ALL.into_iter().map(|verdict| ("tail/a", verdict)));
        assert_eq!(heads(&all), Verdict::ALL.map(|_| true));
    }

    #[test]
    fn what_differs_has_a_line_with_what_holds_instead() {
        let found = report(&[("tail/a", Verdict::Differs), ("tail/b", Verdict::Agrees)]);
        let lines = differences(&found).into_string();
        assert!(lines.contains("<a href=\"#tail/a\">tail/a</a>") && !lines.contains("tail/b"), "{lines}");
        assert!(lines.contains("<td>it is <math") && lines.contains("class=\"provenance text\">[T] text"), "{lines}");
        assert_eq!(differences(&report(&[])).into_string(), "");
    }
}
