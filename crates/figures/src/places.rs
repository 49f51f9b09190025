//! The places of a curve: so many that it looks smooth, and so near to where it may diverge that it leaves the figure.
//!
//! They are sums and products of doubles, so that they are the same on every machine.

use rug::Rational;

/// The number of equal steps from one end of an axis to the other.
const STEPS: u32 = 200;
/// The ratio of two neighbours on a logarithmic axis.
const RATIO: f64 = 1.02;
/// The number of places on either side of a divergence that lie closer than a step, and how much nearer each one is.
const CLOSE: u32 = 24;
const NEARER: (u32, u32) = (2, 3);

/// Places between two ends, equally far apart, and ever nearer to both ends and to the divergences.
pub fn equally_spaced([low, high]: [&Rational; 2], divergences: &[f64]) -> Vec<Rational> {
    let step = Rational::from(high - low) / STEPS;
    let mut places = Vec::from_iter((1..STEPS).map(|k| low + Rational::from(&step * k)));
    let divergences = divergences.iter().filter_map(|x| Rational::from_f64(*x));
    for x in divergences.chain([low.clone(), high.clone()]) {
        let mut distance = step.clone();
        for _ in 0..CLOSE {
            distance *= Rational::from(NEARER);
            places.extend([Rational::from(&x - &distance), Rational::from(&x + &distance)]);
        }
    }
    places.retain(|x| low < x && x < high);
    places.sort();
    places
}

/// Places from one end to the other, of which each is the same multiple of the one before, and ever nearer to the
/// divergences.
pub fn equal_ratios([low, high]: [f64; 2], divergences: &[f64]) -> Vec<Rational> {
    let mut places = Vec::from_iter(std::iter::successors(Some(low), |x| Some(x * RATIO)).take_while(|x| *x < high));
    places.push(high);
    for x in divergences {
        let mut distance = (RATIO - 1.0) * x;
        for _ in 0..CLOSE {
            distance *= f64::from(NEARER.0) / f64::from(NEARER.1);
            places.extend([x - distance, x + distance]);
        }
    }
    places.retain(|x| (low..=high).contains(x));
    places.sort_by(f64::total_cmp);
    places.into_iter().filter_map(Rational::from_f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_close_to_a_divergence_and_stay_between_the_ends() {
        let ends = [Rational::from(-1), Rational::from(3)];
        let places = equally_spaced([&ends[0], &ends[1]], &[0.75]);
        assert!(places.is_sorted() && places.iter().all(|x| *x > ends[0] && *x < ends[1]));
        let nearest = |to: f64| places.iter().map(|x| (x.to_f64() - to).abs()).fold(f64::INFINITY, f64::min);
        for x in [-1.0, 3.0] {
            assert!((1e-8..1e-5).contains(&nearest(x)), "{x}: {}", nearest(x));
        }
        let ratios = equal_ratios([1.0, 100.0], &[6.1]);
        assert!(ratios.is_sorted() && ratios[0] == 1 && ratios[ratios.len() - 1] == 100);
        let nearest = ratios.iter().map(|x| (x.to_f64() - 6.1).abs()).fold(f64::INFINITY, f64::min);
        assert!((1e-8..1e-4).contains(&nearest), "{nearest}");
    }
}
