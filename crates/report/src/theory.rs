//! docs/THEORY.md: the stationary theory of minibatch SGD, as it should be stated, made of what a run found.
//!
//! Deliberately absent: what says only something about the paper. A claim that fails and has no correction stands in
//! FINDINGS.md.

mod theorem;

use std::fmt::Write as _;

use notation::Spelling;
use notation::symbol::{Symbol, TABLE};
use verify::Report;

use crate::link::anchor;
use crate::topics::{TOPICS, Topic};
use crate::typeset::{Stated, code, latex, markdown, paragraphs};
use theorem::{Said, Theorem};

/// The page, from the root of the workspace on.
pub(crate) const PATH: &str = "docs/THEORY.md";

/// What stands before the theory: the setting, and how a statement is read.
const LEAD: &str = r"# The stationary theory of minibatch SGD

This page states the theory as it holds: each statement in its strongest form, with the hypotheses that this form needs,
what is known of it and how, and the command that checks it again. Where the paper's own form fails, its correction
stands here, and [FINDINGS.md](../FINDINGS.md) tells what failed. The page is made by `cargo xtask verify --write`,
never by hand.
";

const SETTING: &str = r"
## The setting

SGD with a learning rate $`\Lambda`$, a symmetric matrix, and heavy-ball momentum $`\mu`$ is the update rule, eq. (1):

```math
\hat{g}_t = \frac{1}{S}\sum_{i \in B_t} \nabla\ell_i(\mathbf{w}_{t-1}), \qquad m_t = \mu m_{t-1} + \hat{g}_t, \qquad \mathbf{w}_t = \mathbf{w}_{t-1} - \Lambda m_t
```

A minibatch $`B_t`$ has $`S`$ samples, drawn anew in each step. The losses are quadratic unless a statement says
otherwise: that of a sample is $`\ell = \tfrac12\left(x^{\top}\mathbf{w} - y\right)^2 + \tfrac12\mathbf{w}^{\top}\Gamma\mathbf{w}`$, where the
labels of Gaussian features are $`y = u^{\top}x + \epsilon`$ with $`\epsilon \sim N(0, \sigma^2)`$, and the features may carry noise of
the covariance $`B`$. Two quantities describe the stationary state: the *fluctuation* $`\Sigma = \lim\operatorname{cov}(\mathbf{w}_t)`$, and the
*noise* $`C = \lim\mathbb{E}\left[C(\mathbf{w}_t)\right]`$, the covariance of $`\hat{g}_t`$. [PAPER.md](PAPER.md#notation) restates the paper's notation,
and [formulas.md](formulas.md#the-symbols) has shape and units of each symbol.
";

const READING: &str = r"
## How to read a statement

- Hypotheses stand before the formula. Those that a run found to be unnecessary are left out, and the name of the claim leads
  to the witnesses for the others.
- *Evidence* begins with the strongest kind that there is: an identity that is *proved* for so many weights, or an
  *identity* at rational points, which is what is known for more; an inequality decided at *points*; agreement in
  certified *digits*; the measured *order* of a limit; a *z*-score of draws.
  [More on them](running.md#what-the-verdicts-rest-on).
- A *proof* is one on paper: no engine has checked it, and the evidence stands beside it.
- *Provenance* says whether the wording is printed in the paper, reconstructed from a statement and its proof, a reading of its
  text, or the project's own.
- A limit stands behind the exact statement of the same quantity.
";

/// The page in Markdown.
pub(crate) fn theory(report: &Report) -> String {
    let chapters = chapters(report);
    let mut page = LEAD.to_owned() + "\n";
    let contents = ["The setting", "Notation", "How to read a statement"].into_iter();
    for title in contents.chain(chapters.iter().map(|(title, _)| *title)) {
        line(&mut page, &format!("- [{title}](#{})", title.to_lowercase().replace(' ', "-")));
    }
    page += SETTING;
    page += &notation();
    page += READING;
    for (title, theorems) in &chapters {
        line(&mut page, &format!("\n## {title}"));
        theorems.iter().for_each(|theorem| page += &written(theorem));
    }
    page
}

/// The theorems by topic, with its heading: none that another one covers, and each limit behind what it is a limit of.
fn chapters(report: &Report) -> Vec<(&'static str, Vec<Theorem<'_>>)> {
    let found = report.claims.iter().filter_map(Theorem::of_record);
    let found = found.chain(report.studied.iter().filter_map(Theorem::of_study));
    let mut found = Vec::from_iter(found.filter_map(|theorem| {
        let place = TOPICS.iter().position(|topic| topic.name == theorem.topic())?;
        Some((place, theorem))
    }));
    found.sort_by_key(|(place, _)| *place);
    let mut kept: Vec<(usize, Theorem)> = Vec::new();
    for (place, mut theorem) in found {
        if let Some((_, general)) = kept.iter_mut().find(|(_, other)| other.covers(&theorem)) {
            general.cases.push(theorem);
            continue;
        }
        let (covered, others): (Vec<_>, Vec<_>) = kept.into_iter().partition(|(_, other)| theorem.covers(other));
        for (_, mut case) in covered {
            theorem.cases.append(&mut case.cases);
            theorem.cases.push(case);
        }
        kept = others;
        kept.push((place, theorem));
    }
    let chapter = |(place, topic): (usize, &Topic)| {
        let of_topic = kept.extract_if(.., |(at, _)| *at == place).map(|(_, theorem)| theorem);
        let ordered = ordered(of_topic.collect());
        (!ordered.is_empty()).then_some((topic.title, ordered))
    };
    TOPICS.iter().enumerate().filter_map(chapter).collect()
}

/// Each limit behind the first exact statement of its quantity, and last those of which there is none.
fn ordered(theorems: Vec<Theorem>) -> Vec<Theorem> {
    let (mut limits, exact): (Vec<_>, Vec<_>) = theorems.into_iter().partition(|theorem| theorem.is_limit);
    let mut ordered = Vec::new();
    for theorem in exact {
        let (behind, others): (Vec<_>, Vec<_>) = limits.into_iter().partition(|limit| limit.is_limit_of(&theorem));
        limits = others;
        ordered.push(theorem);
        ordered.extend(behind);
    }
    ordered.extend(limits);
    ordered
}

/// The table of notation, folded.
fn notation() -> String {
    let mut text =
        "\n## Notation\n\n<details><summary>All symbols</summary>\n\n| symbol | meaning |\n|---|---|\n".to_owned();
    for symbol in TABLE {
        line(&mut text, &format!("| $`{}`$ | {} |", symbol.written(Spelling::Latex), meaning(symbol)));
    }
    text + "\n</details>\n"
}

/// The sentence of a symbol; what comes before its verb is a formula.
fn meaning(symbol: &Symbol) -> String {
    let sentence = symbol.sentence;
    let verb = [" is ", " are ", " counts "].into_iter().filter_map(|verb| sentence.find(verb)).min();
    let (subject, rest) = sentence.split_at(verb.unwrap_or(0));
    let subject = latex(subject).map_or_else(|| code(subject), |latex| format!("$`{latex}`$"));
    subject + &markdown(rest)
}

/// One theorem: heading, hypotheses, what is said, and what is known of it.
fn written(theorem: &Theorem) -> String {
    let Theorem { id, source, said, note, proof, hypotheses, origin, evidence, cases, .. } = theorem;
    let mut text = format!("\n### [{id}]({}): {source}\n\n", address(theorem));
    if !hypotheses.is_empty() {
        line(&mut text, &format!("Assume {}.\n", Vec::from_iter(hypotheses.iter().map(|h| markdown(h))).join("; ")));
    }
    match said {
        Said::Formula(stated) => line(&mut text, &(stated.block() + "\n")),
        Said::Words(words, formulas) => {
            line(&mut text, &(sentence(words) + "\n"));
            // The others are in the sentence.
            for formula in formulas.iter().filter(|formula| formula.contains(" where ")) {
                line(&mut text, &(Stated { statement: formula, definitions: &[] }.block() + "\n"));
            }
        }
    }
    note.iter().for_each(|note| line(&mut text, &format!("- {}", markdown(note))));
    proof.iter().for_each(|proof| line(&mut text, &format!("- Proof: {}", paragraphs(proof, "  "))));
    let is_of_study = matches!(said, Said::Words(..));
    let known = if is_of_study && theorem.is_corrected { "What it corrects, measured" } else { "Evidence" };
    line(&mut text, &format!("- {known}: {evidence}"));
    line(&mut text, &format!("- Provenance: {origin}"));
    for case in cases {
        let note = case.note.map(|note| format!(": {}", markdown(note))).unwrap_or_default();
        line(&mut text, &format!("- The same: [{}]({}), {}{note}", case.id, address(case), case.source));
    }
    line(&mut text, &format!("- Check: `cargo xtask verify --claim {id}`"));
    text
}

/// A sentence that begins and ends as one.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let end = if words.ends_with(['.', ':']) { "" } else { "." };
    markdown(&format!("{first}{}{end}", letters.as_str()))
}

/// Where all that was found of the claim stands, from the page on.
fn address(theorem: &Theorem) -> String {
    match theorem.said {
        Said::Formula(_) => format!("../findings/{}.md#{}", theorem.topic(), anchor(theorem.id)),
        _ => "../FINDINGS.md#claims-judged-by-a-study".into(),
    }
}

fn line(page: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(page, "{text}");
}

#[cfg(test)]
mod tests;
