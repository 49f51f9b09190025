//! Settings at which conditions are tried, many of which lie on either side of the edge of stability.

use claims::{Claim, Form, Hypothesis};
use evidence::{Draw, Exact, Verdict, inequality};
use rayon::prelude::*;
use rug::Rational;
use symbols::Setting;

use super::word::Word;

/// How many settings are drawn for a condition, in each dimension.
const DRAWN: usize = 6;
/// By what their learning rates are multiplied.
const SIZES: [(u32, u32); 5] = [(1, 4), (1, 1), (3, 2), (3, 1), (8, 1)];
/// How often the interval in which the edge lies is halved.
const HALVINGS: usize = 5;

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

/// Settings that were drawn, with learning rates of several sizes. Where the engine is asked, there are more of them
/// about the edge.
pub(super) fn conditions(
    claim: &Claim,
    without: &[&Hypothesis],
    ask: bool,
    seed: u64,
) -> Vec<(Setting<Rational>, Option<bool>)> {
    let drawn = (1..=2).flat_map(|dimension| (0..DRAWN).map(move |i| (dimension, i)));
    let of_one = |(dimension, i)| {
        let name = format!("condition {i}");
        let draw = Draw { claim, without, dimension, seed, name: &name, sparse: false };
        let drawn = draw.setting(|_| true)?;
        let scaled = |size: &Rational| drawn.clone().with_learning_rate(drawn.learning_rate() * size.clone()).ok();
        let sizes = SIZES.map(Rational::from);
        if !ask {
            return Some(Vec::from_iter(sizes.iter().filter_map(scaled).map(|setting| (setting, None))));
        }
        let exact = &mut Exact::default();
        let mut asked = Vec::new();
        let mut is_stable = |size: &Rational| {
            let setting = scaled(size)?;
            let stable = exact.is_stable(claim, &setting).ok()?;
            asked.push((setting, Some(stable)));
            Some(stable)
        };
        let (mut low, mut high) = (Rational::new(), None);
        for size in sizes {
            match is_stable(&size) {
                Some(true) => low = size,
                Some(false) => high = high.or(Some(size)),
                None => {}
            }
        }
        for _ in 0..HALVINGS {
            let Some(above) = high.clone() else { break };
            let middle = (low.clone() + above) / Rational::from(2);
            match is_stable(&middle) {
                Some(true) => low = middle,
                Some(false) => high = Some(middle),
                None => break,
            }
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
