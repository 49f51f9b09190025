//! Repair: the texts nearest to one that does not hold, of which one may.
//!
//! Texts of one change are tried, then of two, the likeliest ones first. Most fall at the first random point with one
//! weight; what is left has to hold at settings that are drawn and, if it is an equality, on the families of settings
//! where that is proved. The same search under fewer hypotheses proposes stronger claims.

use crate::Mutant;
use claims::{Breaking, Claim, Form, Hypothesis, context};
use evidence::{Draw, Evidence, Exact, Hunt, Judge, Line, Strength, Verdict, proof};
use formula::Formula;
use notation::tree::{Name, Text};
use notation::{Context, symbol};
use rayon::prelude::*;

use crate::mutants::narrows;
use crate::trial::{Trial, commutes};

/// The most repairs of one text.
const MOST: usize = 3;
/// How many texts are tried at a time, on all cores.
const CHUNK: usize = 256;
/// The numbers of weights for which settings are drawn, and how many with each. Four weights tell what holds for three at
/// most: with so few, A³ is a combination of A², A and I.
const DRAWN: [(usize, usize); 3] = [(1, 3), (2, 3), (4, 1)];

/// How long a search goes on.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// The most texts that are tried.
    pub texts: usize,
    /// The most points of a grid on which a repair is proved.
    pub grid: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { texts: 2_500, grid: 5_000 }
    }
}

/// A text that holds, near one that does not.
#[derive(Debug, Clone)]
pub struct Repair {
    /// The formula.
    pub form: Form,
    /// What was changed: "2 for 1 in S + 1".
    pub change: String,
    /// How unlikely the change is.
    pub cost: u32,
    /// The settings and the families on which it holds.
    pub evidence: Vec<Evidence>,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Repairs {
    /// At most three different functions, all of the least cost, the shortest text first.
    pub found: Vec<Repair>,
    /// How many texts were tried.
    pub tried: usize,
}

impl Repair {
    /// Whether it is proved on some family, and undecided nowhere.
    pub fn is_proved(&self) -> bool {
        self.evidence.iter().any(|evidence| evidence.strength == Strength::Proved)
            && self.evidence.iter().all(|evidence| evidence.verdict == Verdict::Agrees)
    }
}

impl Repairs {
    /// The texts nearest to the printed form of a claim that hold under its hypotheses.
    pub fn of(claim: &Claim, budget: Budget, seed: u64) -> Repairs {
        Repairs::of_text(claim, claim.printed.text(), budget, seed)
    }

    /// The texts nearest to a text that hold as a claim would, be the text one without a meaning.
    pub fn of_text(claim: &Claim, text: &Text, budget: Budget, seed: u64) -> Repairs {
        let context = *claim.printed.context();
        search(claim, text, &context, budget, seed, Vec::new())
    }

    /// The printed form, or the texts nearest to it, that hold without a hypothesis.
    pub fn without(claim: &Claim, dropped: &[&Hypothesis], budget: Budget, seed: u64) -> Repairs {
        let mut fewer = claim.clone();
        fewer.hypotheses.retain(|hypothesis| dropped.iter().all(|other| other.name != hypothesis.name));
        let natural = claim.printed.context().natural_units;
        let context = context(fewer.hypotheses.iter().copied(), natural);
        let text = claim.printed.text();
        let as_printed =
            Mutant { text: text.clone(), change: "as printed".into(), operator: crate::Operator::Symbol, cost: 0 };
        search(&fewer, text, &context, budget, seed, vec![as_printed])
    }
}

/// The hypotheses of a claim without which it holds, as printed or with a change of its text, each dropped alone. Two
/// kinds are not tried: those that leave no fewer settings over which a form is a function, and those that no setting
/// breaks alone. Equal residuals, say, are those of a data set; that a formula about them is right for a Gaussian
/// population, too, is another claim, in which no residuals are equal.
pub fn strengthenings(claim: &Claim, budget: Budget, seed: u64) -> Vec<(&'static Hypothesis, Repair)> {
    let breakable = claim.hypotheses.iter().filter(|hypothesis| !matches!(hypothesis.breaking, Breaking::Never(_)));
    let found = breakable.filter(|hypothesis| narrows(claim, hypothesis)).filter_map(|&hypothesis| {
        let repairs = Repairs::without(claim, &[hypothesis], budget, seed);
        Some((hypothesis, repairs.found.into_iter().next()?))
    });
    found.collect()
}

fn search(claim: &Claim, text: &Text, context: &Context, budget: Budget, seed: u64, first: Vec<Mutant>) -> Repairs {
    let mut repairs = Repairs::default();
    let Some(trial) = Trial::of(claim, &[], seed) else { return repairs };
    let formula = Formula::new(text.clone(), context).ok();
    let alternatives = |name: &Name| match &formula {
        Some(formula) => formula.alternatives(name),
        None => symbols(name, context),
    };
    let missing = crate::missing(text, context);
    let reads_moments = claim.printed.needs_moments();
    let made = |mutant: &Mutant| {
        let form = claim.printed.with_context(mutant.text.clone(), *context).ok()?;
        let is_closed = reads_moments || !form.needs_moments();
        let same_kind = std::mem::discriminant(&form.kind()) == std::mem::discriminant(&claim.printed.kind());
        let holds = is_closed && same_kind && trial.holds(&form);
        (holds && !trial.says_nothing(&form)).then_some(form)
    };
    let mut candidates =
        first.into_iter().chain(crate::repairs(text, context, &alternatives, &missing)).take(budget.texts).peekable();
    let mut exact = Exact::default();
    // Texts of one cost are tried together; those of a larger one only where none of these holds.
    while let Some(cost) = candidates.peek().map(|mutant| mutant.cost) {
        let mut chunk = Vec::new();
        while chunk.len() < CHUNK
            && let Some(mutant) = candidates.next_if(|mutant| mutant.cost == cost)
        {
            chunk.push(mutant);
        }
        repairs.tried += chunk.len();
        let made = Vec::from_par_iter(chunk.into_par_iter().filter_map(|mutant| Some((made(&mutant)?, mutant))));
        for (form, Mutant { change, cost, .. }) in made {
            let repair = Repair { form, change, cost, evidence: Vec::new() };
            match repairs.found.iter_mut().find(|found| trial.differ(&found.form, &repair.form) == Some(false)) {
                Some(found) if length(found) <= length(&repair) => {}
                Some(found) => *found = repair,
                None => repairs.found.push(repair),
            }
        }
        if candidates.peek().is_none_or(|next| next.cost != cost) {
            repairs.found.sort_by_key(length);
            let found = std::mem::take(&mut repairs.found).into_iter();
            repairs.found =
                found.filter_map(|repair| confirmed(claim, repair, budget, seed, &mut exact)).take(MOST).collect();
            if !repairs.found.is_empty() {
                break;
            }
        }
    }
    repairs
}

fn length(repair: &Repair) -> usize {
    repair.form.written().chars().count()
}

/// The repair with its evidence, if nothing speaks against it.
fn confirmed(claim: &Claim, repair: Repair, budget: Budget, seed: u64, exact: &mut Exact) -> Option<Repair> {
    let claim = Claim {
        printed: repair.form.clone(),
        rival: None,
        strengthened: None,
        correction: None,
        rewritten: None,
        ..claim.clone()
    };
    let settings = DRAWN.into_iter().flat_map(|(D, count)| (0..count).map(move |i| (D, format!("repair {i}"))));
    let outcomes = settings.filter_map(|(dimension, name)| {
        let draw = Draw { claim: &claim, without: &[], dimension, seed, name: &name, sparse: false };
        let setting = draw.setting(|_| true)?;
        Some(exact.judge(&claim, &claim.printed, &setting))
    });
    let outcomes = Vec::from_iter(outcomes);
    let fails = |exact: &mut Exact| Hunt::thoroughly(&claim, &claim.printed, seed, exact).is_some();
    if outcomes.iter().any(|outcome| outcome.verdict == Verdict::Differs) || fails(exact) {
        return None;
    }
    let mut lines: Vec<Line> = proof::of(&claim, budget.grid, seed).printed;
    lines.retain(|line| commutes(&line.family));
    let evidence = Vec::from_iter(proof::evidence(&lines).into_iter().chain([exact.evidence(&claim, &outcomes)]));
    let holds = evidence.iter().all(|evidence| evidence.verdict != Verdict::Differs);
    holds.then_some(Repair { evidence, ..repair })
}

/// The symbols that may stand for another in a text that has no meaning.
fn symbols(name: &Name, context: &Context) -> Vec<Name> {
    let (base, index) = match name.as_str().char_indices().last() {
        Some((end, letter @ ('ᵢ' | 'ⱼ'))) => (&name.as_str()[..end], Some(letter)),
        _ => (name.as_str(), None),
    };
    let found = symbol::alternatives(base, index.is_some(), context).into_iter();
    Vec::from_iter(
        found.map(|symbol| Name(index.map_or_else(|| symbol.name.to_owned(), |i| format!("{}{i}", symbol.name)))),
    )
}

#[cfg(test)]
mod tests;
