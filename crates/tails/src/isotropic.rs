//! The tail index of several weights with A = aI, to digits that are certain: estimated in doubles, proved by the engine.
//!
//! The engine's own search proves many signs of E[Q^{β/2}] − 1 on its way to an enclosure. Where an estimate is good to
//! the last digit, two are enough.

use std::cmp::Ordering;
use std::f64::consts::{FRAC_PI_2, PI};

use exact::ExactError;
use exact::tail::{index, isotropic_index, isotropic_moment};
use numbers::{Interval, decide, decimal, nearest_f64};
use rug::Rational;
use rug::ops::Pow;

use super::certain::certain;

/// The index of D weights to `digits` digits, all of them certain, and its value to these digits.
///
/// # Errors
/// Those of [`isotropic_index`].
pub(super) fn isotropic(step_size: &Rational, S: u32, D: u32, digits: usize) -> Result<(String, Rational), ExactError> {
    if D == 1 {
        return certain(digits, |digits| index(step_size, S, digits));
    }
    if let Some(estimate) = Quadrature::new(nearest_f64(step_size), S, D).index() {
        let value = Rational::from_f64(estimate).unwrap_or_default();
        let unit = Rational::from(10).pow(estimate.log10().floor() as i32 + 1 - digits as i32);
        let rounded = Rational::from(&value / &unit).round() * &unit;
        let sign_at = |offset: i32| {
            let end = Rational::from(&unit * offset) / 2u32 + &rounded;
            let one = Interval::from(Rational::from(1));
            decide(16..=64, |bits| (isotropic_moment(&end, step_size, S, D, bits).ok()? - &one).sign())
        };
        if matches!((sign_at(-1), sign_at(1)), (Ok(Ordering::Less), Ok(Ordering::Greater))) {
            return Ok((decimal::exact(&rounded, digits), rounded));
        }
    }
    certain(digits, |digits| isotropic_index(step_size, S, D, digits))
}

/// log Q and its probability at nodes of τ = L(X + Y)/S and of B = sin²θ, of which Q is 1 − Bτ(2 − τ).
///
/// Q is 0 at τ = 1, B = 1, where its powers may be steep: the double exponential nodes of Takahasi and Mori are dense
/// there.
struct Quadrature(Vec<(f64, f64)>);

/// The distance of nodes.
const STEP: f64 = 0.06;

impl Quadrature {
    fn new(step_size: f64, S: u32, D: u32) -> Self {
        let rate = f64::from(S) / (2.0 * step_size);
        let half = 0.5 * f64::from(S + D - 1);
        // (τ − 1)² and the logarithm of τ's density; sin²θ, cos²θ and that of θ.
        let time = |gap: f64, tau: f64, slope: f64| (gap * gap, (half - 1.0) * tau.ln() - rate * tau + slope.ln());
        let before = both_ends().into_iter().map(|(x, y, slope)| time(y, x, slope));
        let after = one_end().into_iter().map(|(x, slope)| time(x, 1.0 + x, slope));
        let times = scaled(before.chain(after).collect());
        let turn = |(x, y, slope): (f64, f64, f64)| {
            let [sine, cosine] = [x, y].map(|part| (part * FRAC_PI_2).sin());
            let density = f64::from(S - 1) * sine.ln() + f64::from(D - 2) * cosine.ln() + slope.ln();
            ((sine * sine, cosine * cosine), density)
        };
        let turns = scaled(both_ends().into_iter().map(turn).collect());
        let node = |((sine, cosine), of_turn): &((f64, f64), f64), (gap, of_time): &(f64, f64)| {
            ((cosine + sine * gap).ln(), of_turn * of_time)
        };
        let pairs = turns.iter().flat_map(|turn| times.iter().map(|time| node(turn, time)));
        Quadrature(pairs.filter(|(log, _)| log.is_finite()).collect())
    }

    /// E[Q^{β/2}].
    fn moment(&self, beta: f64) -> f64 {
        self.0.iter().map(|(log, weight)| (0.5 * beta * log).exp() * weight).sum()
    }

    /// The root of the equation, where there is one, by Illinois' method.
    fn index(&self) -> Option<f64> {
        // Slopes of chords from 0 increase with β, from E log Q at 0.
        let slope = |beta: f64| self.moment(beta).ln() / beta;
        let mut low = 0.5 * self.0.iter().map(|(log, weight)| log * weight).sum::<f64>();
        if low >= 0.0 {
            return None;
        }
        let (mut start, mut end) = (0.0, 1.0);
        let mut high = slope(end);
        while high < 0.0 {
            (start, low, end) = (end, high, 2.0 * end);
            high = slope(end);
        }
        for _ in 0..60 {
            let middle = (start * high - end * low) / (high - low);
            let value = slope(middle);
            if value.abs() < 1e-12 {
                return Some(middle);
            }
            if value < 0.0 {
                (start, low, high) = (middle, value, 0.5 * high);
            } else {
                (end, high, low) = (middle, value, 0.5 * low);
            }
        }
        None
    }
}

/// Weights that add up to 1, in place of their logarithms.
fn scaled<T>(nodes: Vec<(T, f64)>) -> Vec<(T, f64)> {
    let most = nodes.iter().map(|(_, log)| *log).fold(f64::NEG_INFINITY, f64::max);
    let total = nodes.iter().map(|(_, log)| (log - most).exp()).sum::<f64>();
    nodes.into_iter().map(|(node, log)| (node, (log - most).exp() / total)).collect()
}

/// x and 1 − x of nodes between 0 and 1, and the slopes of x.
fn both_ends() -> Vec<(f64, f64, f64)> {
    let node = |k: i32| {
        let t = STEP * f64::from(k);
        let part = |t: f64| 1.0 / (1.0 + (-PI * t.sinh()).exp());
        let [x, y] = [t, -t].map(part);
        (x, y, PI * t.cosh() * x * y)
    };
    let nodes = (-75..=75).map(node);
    nodes.filter(|(x, y, slope)| *x > 0.0 && *y > 0.0 && *slope > 0.0).collect()
}

/// x > 0 of nodes up to 150, of half the distance, and half the slopes, for what falls exponentially.
fn one_end() -> Vec<(f64, f64)> {
    let node = |k: i32| {
        let t = 0.5 * STEP * f64::from(k);
        let x = (t - (-t).exp()).exp();
        (x, 0.5 * x * (1.0 + (-t).exp()))
    };
    (-140..=170).map(node).filter(|(x, _)| *x > 0.0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E Q² = 1 at S = 2, D = 3, L = ½, and E Q = 1 at S = 4, D = 3, L = 1; the engine's own search elsewhere.
    #[test]
    fn indices_are_certain_to_the_last_digit() {
        for (S, D, step_size, text) in [(2, 3, (1, 2), "4"), (4, 3, (1, 1), "2"), (2, 2, (3, 4), "2.309")] {
            let step_size = Rational::from(step_size);
            let (found, value) = isotropic(&step_size, S, D, 4).unwrap();
            assert!(found.trim_end_matches('0').trim_end_matches('.') == text, "{found}");
            assert!((value - isotropic_index(&step_size, S, D, 3).unwrap().midpoint().unwrap()).abs() < 0.002);
        }
    }

    /// E Q^p of whole p, by the closed form.
    #[test]
    fn the_estimate_is_that_of_even_moments() {
        for (S, D, L) in [(1, 2, 0.25), (2, 3, 0.5), (4, 2, 1.0), (2, 4, 0.125)] {
            let quadrature = Quadrature::new(L, S, D);
            for p in 0..4 {
                let size = Rational::from(S);
                let step_size = Rational::from_f64(L).unwrap();
                let exact = registry::tail::several::even_moment(p, &step_size, &size, D as usize);
                let found = quadrature.moment(f64::from(2 * p));
                assert!((found / nearest_f64(&exact) - 1.0).abs() < 1e-6, "S = {S}, D = {D}, p = {p}: {found}");
            }
        }
    }
}
