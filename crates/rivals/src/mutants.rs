//! Mutants of a claim: the rivals that its text makes by itself, and what becomes of each.
//!
//! A claim that is judged to hold says something only as far as its neighbours do not. Each text that is one small
//! change away is tried at points at which the form holds; one that holds there, too, has to be the same function, and
//! is listed with the first hypothesis without which it is another one. Two functions that agree at a random point over
//! 𝔽ₚ are the same but for a probability below 2⁻¹⁰⁰, as in every identity that is tested and not proved.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::Operator;
use claims::{Claim, Form, Hypothesis};
use rayon::prelude::*;
use serde::{Serialize, Serializer};

use crate::trial::{Known, Trial, Word};

/// What became of the mutants of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mutants {
    /// Whether the form is the correction of the printed one.
    pub of_correction: bool,
    /// Those that have no shapes or units, or no meaning.
    pub caught: usize,
    /// Those that are the function of another mutant.
    pub duplicates: usize,
    /// Those that have no value where the form has one.
    pub without_value: usize,
    /// Those that fail where the form holds.
    pub told: usize,
    /// Those that hold wherever the form does.
    pub equal: Vec<Equal>,
}

/// A mutant that holds wherever the form does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Equal {
    /// What was changed.
    pub change: String,
    /// The kind of the change.
    #[serde(serialize_with = "operator")]
    pub operator: Operator,
    /// The changed statements.
    pub formula: String,
    /// Why it holds.
    pub because: Because,
}

/// Why a mutant holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Under these hypotheses it is the same function, and without them another one.
    Hypotheses(Vec<&'static str>),
    /// It is the same function whatever the setting: a trace is cyclic, a matrix symmetric.
    Always,
    /// The condition is met at the same settings, of all that were drawn: a condition is no identity, and not proved.
    Drawn,
    /// It says nothing, as L = L.
    Nothing,
    /// It says less: of a condition that is claimed to be necessary, one that follows from it at every setting that was
    /// drawn; of a sufficient one, one from which it follows.
    Less,
    /// It is another function, by no more than the claim leaves open in its limit.
    Remainder,
    /// For no reason that was found.
    Unknown,
}

fn operator<S: Serializer>(operator: &Operator, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(operator.name())
}

/// What became of one mutant.
enum Fate {
    Caught,
    Tried(Box<Form>, Word),
}

impl Mutants {
    /// The mutants of the form of a claim that is believed, tried at points that follow from a seed; `None` for claims
    /// whose kind is not tried, and where the form holds at no point that is.
    pub fn of(claim: &Claim, seed: u64) -> Option<Mutants> {
        let form = claim.believed();
        let mut trial = Trial::of(claim, &[], seed)?;
        trial.retain(form);
        if trial.is_empty() {
            return None;
        }
        let mutants = crate::mutants(form.text(), form.context(), &|name| form.formula().alternatives(name));
        let fates = Vec::from_par_iter(mutants.par_iter().map(|mutant| match form.with_text(mutant.text.clone()) {
            Ok(changed) => {
                let word = trial.word(&changed);
                Fate::Tried(Box::new(changed), word)
            }
            Err(_) => Fate::Caught,
        }));
        let failing = Vec::from_iter(fates.iter().map(|fate| match fate {
            Fate::Tried(changed, Word::Fails) => Some(changed.as_ref()),
            _ => None,
        }));
        let repeated = trial.duplicates(&failing);
        let mut found = Mutants { of_correction: claim.correction.is_some(), ..Mutants::default() };
        let mut holding = Vec::new();
        for ((mutant, fate), repeated) in mutants.iter().zip(&fates).zip(repeated) {
            match fate {
                Fate::Caught => found.caught += 1,
                Fate::Tried(_, Word::NoValue) => found.without_value += 1,
                Fate::Tried(_, Word::Fails) if repeated => found.duplicates += 1,
                Fate::Tried(_, Word::Fails) => found.told += 1,
                Fate::Tried(changed, Word::Holds) => holding.push((mutant, changed.as_ref())),
            }
        }
        let reasons = Reasons::of(claim, form, &trial, seed);
        let equal = holding.into_par_iter().map(|(mutant, changed)| Equal {
            change: mutant.change.clone(),
            operator: mutant.operator,
            formula: changed.written(),
            because: reasons.find(changed),
        });
        found.equal = Vec::from_par_iter(equal);
        Some(found)
    }

    /// How many there were.
    pub fn total(&self) -> usize {
        self.caught + self.duplicates + self.without_value + self.told + self.equal.len()
    }

    /// The mutants that hold for no known reason.
    pub fn unexplained(&self) -> impl Iterator<Item = &Equal> {
        self.equal.iter().filter(|equal| equal.because == Because::Unknown)
    }

    /// How many are told from the form, and of how many: those that are no other one's function, nor the form's own.
    pub fn told_of(&self) -> (usize, usize) {
        let told = self.caught + self.without_value + self.told;
        (told, told + self.equal.len() - self.spellings())
    }

    /// How many are the form's own function in another spelling, which nothing can tell from it.
    pub fn spellings(&self) -> usize {
        self.equal.iter().filter(|equal| equal.because.is_spelling()).count()
    }

    /// How many mutants are other functions and hold for each known reason, in words.
    pub fn reasons_of_others(&self) -> BTreeMap<String, usize> {
        let mut reasons = BTreeMap::new();
        for equal in self.equal.iter().filter(|equal| !equal.because.is_spelling()) {
            if equal.because != Because::Unknown {
                *reasons.entry(equal.because.to_string()).or_default() += 1;
            }
        }
        reasons
    }
}

impl Because {
    /// Whether the mutant is known to be the form's own function.
    pub fn is_spelling(&self) -> bool {
        matches!(self, Because::Hypotheses(_) | Because::Always)
    }
}

impl std::fmt::Display for Because {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Because::Hypotheses(names) => f.write_str(&names.join(" and ")),
            Because::Always => f.write_str("the same at every setting"),
            Because::Drawn => f.write_str("the same at every setting that was drawn"),
            Because::Nothing => f.write_str("it says nothing"),
            Because::Less => f.write_str("it says less"),
            Because::Remainder => f.write_str("within what the limit leaves open"),
            Because::Unknown => f.write_str("no reason found"),
        }
    }
}

/// Hypotheses that are dropped, and points that need not satisfy them.
struct Fewer {
    without: Vec<&'static Hypothesis>,
    trial: OnceLock<Option<(Trial, Known)>>,
}

/// Points that satisfy fewer hypotheses, for each set of one or two that are dropped, and for all of them.
struct Reasons<'a> {
    form: &'a Form,
    under_all: &'a Trial,
    known_under_all: Known,
    claim: &'a Claim,
    seed: u64,
    fewer: Vec<Fewer>,
    is_limit: bool,
}

impl<'a> Reasons<'a> {
    fn of(claim: &'a Claim, form: &'a Form, under_all: &'a Trial, seed: u64) -> Self {
        let hypotheses =
            Vec::from_iter(claim.hypotheses.iter().copied().filter(|hypothesis| narrows(claim, hypothesis)));
        let singles = hypotheses.iter().map(|&one| vec![one]);
        let pairs = hypotheses.iter().enumerate().flat_map(|(i, &one)| {
            let others = hypotheses[i + 1..].iter();
            others.map(move |&other| vec![one, other])
        });
        let sets = Vec::from_iter(singles.chain(pairs).chain([hypotheses.clone()]));
        let fewer = sets.into_iter().map(|without| Fewer { without, trial: OnceLock::new() });
        let is_limit = claim.kind.path().is_some();
        let known_under_all = under_all.known(form);
        Reasons { form, under_all, known_under_all, claim, seed, fewer: Vec::from_iter(fewer), is_limit }
    }

    fn find(&self, changed: &Form) -> Because {
        if self.under_all.differ_from(self.form, &self.known_under_all, changed) != Some(false) {
            return match self.under_all.says_nothing(changed) {
                true => Because::Nothing,
                false if self.under_all.says_less(self.form, changed) => Because::Less,
                false if self.is_limit => Because::Remainder,
                false => Because::Unknown,
            };
        }
        let differs = |Fewer { without, trial }: &&Fewer| {
            let trial = trial.get_or_init(|| {
                let trial = Trial::beyond(self.claim, without, self.seed)?;
                let known = trial.known(self.form);
                Some((trial, known))
            });
            trial.as_ref().is_some_and(|(trial, known)| trial.differ_from(self.form, known, changed) == Some(true))
        };
        if !self.under_all.same(self.form, changed) {
            return Because::Drawn;
        }
        match self.fewer.iter().find(differs) {
            Some(fewer) => Because::Hypotheses(Vec::from_iter(fewer.without.iter().map(|dropped| dropped.name))),
            None => Because::Always,
        }
    }
}

/// Whether a hypothesis leaves fewer settings over which a form is a function.
pub(crate) fn narrows(claim: &Claim, hypothesis: &Hypothesis) -> bool {
    let shapes = [(1, true), (2, true), (2, false)];
    shapes.into_iter().any(|(dimension, diagonal)| {
        claim.families(dimension, diagonal, &[]) != claim.families(dimension, diagonal, &[hypothesis])
    })
}

#[cfg(test)]
mod tests;
