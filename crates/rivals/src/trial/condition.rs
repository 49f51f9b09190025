//! Settings at which conditions are tried: many lie on either side of the edge of stability, and where two conditions
//! are compared, some on the edge itself.

use claims::hypotheses::DATA_SET;
use claims::{Claim, Family, Form, Hypothesis};
use evidence::change::simplest;
use evidence::edge::halved;
use evidence::{Draw, Exact, Seeded, Verdict, inequality};
use formula::Given;
use numbers::Residue;
use rayon::prelude::*;
use rug::Rational;
use symbols::{BatchSize, Setting};

use super::word::Word;

/// How many settings are drawn for a condition: the number of weights, how many, and how many more of a kind that draws
/// seldom need, but of data sets, whose fractions are long.
const DRAWN: [(usize, usize, usize); 2] = [(1, 6, 40), (2, 6, 6)];
/// The batch size of every third rare setting: a change of what stands beside 1/S matters for large minibatches alone.
const LARGE: u32 = 64;
/// By what their learning rates are multiplied.
const SIZES: [(u32, u32); 5] = [(1, 4), (1, 1), (3, 2), (3, 1), (8, 1)];
/// How often the interval in which the edge lies is halved.
const HALVINGS: usize = 10;
/// The same where an edge is to be met: what is then the simplest number of the interval is the edge, if that is a
/// number that a person would write.
const HALVINGS_TO_THE_EDGE: usize = 30;

/// What a condition says at a setting that is known to be stationary or not, or of which nothing was asked.
pub(super) fn condition(form: &Form, setting: &Setting<Rational>, stable: Option<bool>) -> Word {
    let outcome = match stable {
        Some(stable) => inequality::stability(Ok(stable), form, setting),
        None => inequality::equivalence(form, setting),
    };
    match outcome.verdict {
        Verdict::Agrees => Word::Holds,
        Verdict::Differs => Word::Fails,
        _ => Word::NoValue,
    }
}

/// Where conditions are tried.
pub(crate) struct Conditions {
    /// Settings, and whether they are known to be stationary or not.
    pub(super) settings: Vec<(Setting<Rational>, Option<bool>)>,
    /// Random points of families, at which the sides of two conditions are compared as functions.
    points: Vec<Setting<Residue>>,
}

impl Conditions {
    /// Settings that were drawn, with learning rates of several sizes, and random points of families.
    pub(super) fn new(
        claim: &Claim,
        without: &[&Hypothesis],
        families: impl Iterator<Item = Family>,
        ask: bool,
        seed: u64,
    ) -> Self {
        let point = |family: Family| {
            let mut random = Seeded::new(seed, &format!("condition / {family}"));
            let mut draw = || Residue::new(random.integer_of_127_bits().to_u128_wrapping());
            let values = Vec::from_iter(family.parameters().iter().map(|_| draw()));
            family.setting(&values).ok()
        };
        Conditions { settings: settings(claim, without, ask, seed), points: families.filter_map(point).collect() }
    }

    /// Whether a condition holds at each of the drawn settings; `None` where it has no value.
    pub(super) fn holds(&self, form: &Form) -> Vec<Option<bool>> {
        self.settings.iter().map(|(setting, _)| form.holds(setting).ok()).collect()
    }

    /// Whether the comparisons of two texts are the same functions, one by one, but for a probability below 2⁻¹⁰⁰.
    pub(super) fn same(&self, one: &Form, other: &Form) -> bool {
        let sides = |form: &Form, setting| {
            let differences = form.formula().differences(&Given::setting(setting)).ok()?;
            let defined = |difference: &formula::Difference<Residue>| {
                difference.difference.iter().chain(difference.on.iter().flatten()).all(|entry| entry.is_defined())
            };
            differences.iter().all(defined).then_some(differences)
        };
        let alike =
            |setting| matches!((sides(one, setting), sides(other, setting)), (Some(one), Some(other)) if one == other);
        !self.points.is_empty() && self.points.iter().all(alike)
    }
}

/// Settings that were drawn. Where the engine is asked, there are more of them about the edge of stability; where it is
/// not, there are some on the edges of the conditions themselves, or next to them.
fn settings(claim: &Claim, without: &[&Hypothesis], ask: bool, seed: u64) -> Vec<(Setting<Rational>, Option<bool>)> {
    let of_data = claim.assumes(&DATA_SET, without);
    let drawn = DRAWN.into_iter().flat_map(|(D, count, rare)| {
        let all = if of_data { count } else { count + rare };
        (0..all).map(move |i| (D, i, i >= count))
    });
    let of_one = |(dimension, i, is_rare)| {
        let name = format!("condition {i}");
        let draw = Draw { claim, without, dimension, seed, name: &name, sparse: false };
        let drawn = match is_rare {
            false => draw.setting(|_| true)?,
            true if i % 3 == 0 => draw.rare()?.with_batch_size(BatchSize::new(LARGE).ok()?).ok()?,
            true => draw.rare()?,
        };
        let scaled = |size: &Rational| drawn.clone().with_learning_rate(drawn.learning_rate() * size.clone()).ok();
        let sizes = SIZES.map(Rational::from);
        if !ask {
            // Which hypothesis makes two conditions one function is seen away from the edges.
            let at_edges = without.is_empty();
            let edges = if at_edges { edges(claim.believed(), &sizes, scaled) } else { Vec::new() };
            let sizes = sizes.iter().chain(&edges);
            return Some(Vec::from_iter(sizes.filter_map(scaled).map(|setting| (setting, None))));
        }
        let exact = &mut Exact::default();
        let mut asked = Vec::new();
        let mut is_stable = |size: &Rational| exact.is_stable(claim, &scaled(size)?).ok();
        let (mut low, mut high) = (Rational::new(), None);
        for size in sizes {
            let Some(stable) = is_stable(&size) else { continue };
            asked.push((scaled(&size)?, Some(stable)));
            if stable {
                low = size;
            } else {
                high = high.or(Some(size));
            }
        }
        // On both sides of the edge: what moves it by more than these are apart is told by one of them.
        if let Some(high) = high {
            let [low, high] = halved([low, high], HALVINGS, is_stable);
            // At 0 nobody asked.
            if low > 0 {
                asked.push((scaled(&low)?, Some(true)));
            }
            asked.push((scaled(&high)?, Some(false)));
        }
        Some(asked)
    };
    let drawn = Vec::from_par_iter(Vec::from_iter(drawn).into_par_iter().filter_map(of_one));
    let kept = |setting: &Setting<Rational>| {
        claim
            .hypotheses
            .iter()
            .all(|hypothesis| without.iter().any(|other| other.name == hypothesis.name) || hypothesis.may_hold(setting))
    };
    Vec::from_iter(drawn.into_iter().flatten().filter(|(setting, _)| kept(setting)))
}

/// The sizes at which the sign of a comparison changes, where these are simple numbers, and otherwise numbers next to
/// them.
fn edges(form: &Form, sizes: &[Rational], scaled: impl Fn(&Rational) -> Option<Setting<Rational>>) -> Vec<Rational> {
    let signs = |size: &Rational| {
        let setting = scaled(size)?;
        let differences = form.formula().differences(&Given::setting(&setting)).ok()?;
        Some(Vec::from_iter(differences.iter().flat_map(|of| of.difference.iter().map(|side| side.cmp0()))))
    };
    let mut found = Vec::new();
    for pair in sizes.windows(2) {
        let [Some(first), Some(last)] = [&pair[0], &pair[1]].map(signs) else { continue };
        let changing = (0..first.len().min(last.len())).filter(|&i| first[i] != last[i]);
        for i in changing {
            let is_low = |middle: &Rational| Some(signs(middle).is_some_and(|signs| signs[i] == first[i]));
            let [low, high] = halved([pair[0].clone(), pair[1].clone()], HALVINGS_TO_THE_EDGE, is_low);
            found.push(simplest(low, high));
        }
    }
    found
}
