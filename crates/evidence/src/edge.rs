//! Where an answer changes along a number.

use rug::Rational;

use crate::change::simplest;

/// How often a number is doubled or halved until the edge is passed.
const DOUBLINGS: usize = 12;
/// How far beside an interval, in widths of it, a simple number is looked for.
const BESIDE: u32 = 2;

/// The interval halved so many times: its lower end has the answer that `is_low` tells, its upper end another one. It
/// stays as it is from where `is_low` cannot tell.
pub fn halved(
    [mut low, mut high]: [Rational; 2],
    times: usize,
    mut is_low: impl FnMut(&Rational) -> Option<bool>,
) -> [Rational; 2] {
    for _ in 0..times {
        let middle = Rational::from(&low + &high) / 2;
        match is_low(&middle) {
            Some(true) => low = middle,
            Some(false) => high = middle,
            None => break,
        }
    }
    [low, high]
}

/// Simple numbers on both sides of a small interval.
pub(crate) fn next_to([low, high]: [Rational; 2]) -> Vec<Rational> {
    let beside = Rational::from(&high - &low) * BESIDE;
    vec![simplest(Rational::from(&low - &beside), low), simplest(high.clone(), high + beside)]
}

/// A positive number at which the answer is yes, next to a larger one with which it is no; `None` where either is not
/// found.
pub(crate) fn edge(halvings: usize, is_stable: impl Fn(&Rational) -> bool) -> Option<[Rational; 2]> {
    let mut low = Rational::from(1);
    let outward = if is_stable(&low) { Rational::from(2) } else { Rational::from((1, 2)) };
    let mut high = (0..DOUBLINGS).find_map(|_| {
        let next = Rational::from(&low * &outward);
        let is_passed = is_stable(&next) != (outward > 1);
        let last = std::mem::replace(&mut low, next);
        is_passed.then_some(last)
    })?;
    if outward > 1 {
        std::mem::swap(&mut low, &mut high);
    }
    Some(halved([low, high], halvings, |middle| Some(is_stable(middle))))
}
