//! The hypotheses that a claim assumes, or that a form of it does without.

use reader::Notation;

use super::document::{Table, nearest};
use super::error::{Fault, Located};
use crate::{Hypothesis, hypotheses};

/// The hypotheses of a list.
pub(super) fn assumed(
    table: &Table,
    key: &'static str,
    notation: &Notation,
) -> Result<Vec<&'static Hypothesis>, Vec<Located>> {
    let (mut assumed, mut refusals) = (Vec::<&Hypothesis>::new(), Vec::new());
    for said in table.texts(key).map_err(|refusal| vec![refusal])? {
        match hypotheses::find_in(said.text, notation) {
            Some(hypothesis) if assumed.iter().any(|other| other.name == hypothesis.name) => {
                refusals.push(said.refused(Fault::DuplicateHypothesis { name: hypothesis.name }));
            }
            Some(hypothesis) => assumed.push(hypothesis),
            None => refusals.push(said.refused(no_hypothesis(said.text, notation))),
        }
    }
    if refusals.is_empty() { Ok(assumed) } else { Err(refusals) }
}

/// The bytes of a text in which several hypotheses are looked for.
const LONGEST_LIST: usize = 1000;

/// The refusal of a text that is no hypothesis: a list of them, a limit, or an unknown name.
fn no_hypothesis(text: &str, notation: &Notation) -> Fault {
    let name = text.to_string();
    // No list of hypotheses is as long.
    let text = text.get(..LONGEST_LIST).unwrap_or(text);
    let parts = text.split([',', ';']).map(|part| hypotheses::find_in(part, notation).map(|found| found.name));
    match parts.collect::<Option<Vec<_>>>() {
        Some(names) if names.len() > 1 => Fault::SeveralHypotheses { text: name, names },
        _ if hypotheses::is_limit(text) => Fault::LimitAssumed { text: name },
        _ => {
            // What the letters of the table say does not say it in those of the file.
            let nearest = match hypotheses::find(text) {
                Some(found) => vec![found.name],
                None => nearest(&name.replace(' ', "-"), hypotheses::ALL.iter().map(|h| h.name)),
            };
            Fault::UnknownHypothesis { name, nearest }
        }
    }
}
