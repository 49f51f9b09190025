//! What a claim is that no single setting decides.

use crate::{Provenance, Refutation};

/// A claim about limits over random data sets, roots of transcendental equations, or optima: a study judges it by its
/// tables.
///
/// It is cited as a [`Claim`](crate::Claim) is. Hypotheses, a rival and a closed form of a setting are absent, as no
/// engine could use them; formulas that the claim names are functions beside its record.
#[derive(Debug)]
pub struct StudyClaim {
    /// Permanent name, `<study>/<quantity>`.
    pub id: &'static str,
    /// Where it is printed, a key of the bibliography.
    pub source: &'static str,
    /// As numbered in PAPER.md; `"66–78"` is a range.
    pub equations: &'static [&'static str],
    /// How the wording of `statement` came about.
    pub provenance: Provenance,
    /// The claim, for a reader: a sentence with formulas between backticks, as are the other sentences of the record.
    pub statement: &'static str,
    /// The formulas in it that the language of formulas has: statements that a reader sees typeset. What is missing is a
    /// remainder o(L₀), a root, or an average over data sets, which no text says.
    pub formulas: &'static [&'static str],
    /// What holds in its place, where the claim is refuted.
    pub correction: Option<&'static str>,
    /// The part of the claim that the correction puts right.
    pub refutation: Option<Refutation>,
    /// What holds beyond the claim, where it is not refuted.
    pub beyond: Option<&'static str>,
    /// Why the statement holds where it is not refuted, and else why the correction does; in paragraphs, between which an
    /// empty line stands. Of what holds beyond it says so where it proves that as well.
    pub proof: Option<&'static str>,
}

impl StudyClaim {
    /// The study that judges it, which is the first part of its name.
    pub fn study(&self) -> &'static str {
        crate::topic(self.id)
    }
}
