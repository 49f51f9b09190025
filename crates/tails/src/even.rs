//! Even moments of a step of several weights with A = aI, over ℚ, and the places at which the tail index is even.
//!
//! They are a second route to the index, beside the equation that the exact engine solves. That equation comes from the
//! law of lengths of one step, as chi-square and beta variables, and is solved by quadrature in intervals. Here neither
//! that law nor a transcendental number occurs. Let W = Σxxᵀ over the S vectors x ~ N(0, I) of a minibatch, e a unit
//! vector, s = aλ/S, p = eᵀWe and q = eᵀW²e. A step without label noise multiplies E|v|^{2k} by
//!
//! ```text
//! g(s) = E|(I − sW)e|^{2k} = E[(1 − 2sp + s²q)ᵏ]
//! ```
//!
//! Integration by parts, E[x f(x)] = E[∇f(x)], in one x of the first factor p or q gives the mixed moments:
//!
//! ```text
//! E[pⁱqʲ] = (S + 2(i − 1) + 2j) E[pⁱ⁻¹qʲ] + 2j E[pⁱ⁺¹qʲ⁻¹],    i > 0
//! E[qʲ] = (S + D + 1 + 4(j − 1)) E[p qʲ⁻¹]
//! ```
//!
//! So g is a polynomial with integer coefficients. |(I − sW)e|^{2k} is convex in s, and so is g, which is 1 at 0 and
//! falls there: it is 1 at one more s, below which the index is above 2k, and beyond which it is below.

use std::cmp::Ordering;

use rug::{Integer, Rational};

/// The factor g by which a step without label noise multiplies E|v|^{2k}.
pub(super) struct EvenMoment {
    batch_size: u32,
    /// Of the powers of s = aλ/S, in ascending order.
    coefficients: Vec<Integer>,
}

impl EvenMoment {
    /// The factor of the moment of degree 2k, k = `half`, for a minibatch of S and D ≥ 1 weights.
    pub(super) fn new(half: u32, S: u32, D: u32) -> Self {
        let mut coefficients = vec![Integer::new(); 2 * half as usize + 1];
        // E[pⁱqʲ] of one i + 2j, by j.
        let mut moments = vec![Integer::from(1)];
        for degree in 0..=2 * half {
            if degree > 0 {
                moments = next(degree, &moments, S, D);
            }
            for (j, moment) in (0..).zip(&moments) {
                let i = degree - 2 * j;
                if i + j <= half {
                    let ways = Integer::from(half).binomial(i + j) * Integer::from(i + j).binomial(j);
                    coefficients[degree as usize] += (ways << i) * moment * if i % 2 == 0 { 1 } else { -1 };
                }
            }
        }
        EvenMoment { batch_size: S, coefficients }
    }

    /// g at L = aλ, which is dimensionless.
    pub(super) fn at(&self, step_size: &Rational) -> Rational {
        let s = Rational::from(step_size / self.batch_size);
        self.coefficients.iter().rev().fold(Rational::new(), |sum, coefficient| sum * &s + coefficient)
    }

    /// The tail index at L = aλ, compared with 2k.
    pub(super) fn index_against_degree(&self, step_size: &Rational) -> Ordering {
        Rational::from(1).cmp(&self.at(step_size))
    }

    /// The L = aλ at which the tail index is 2k.
    pub(super) fn place(&self) -> Place {
        // The variance ends before aλ = 2, and higher moments end before it.
        let (mut low, mut high) = (Rational::new(), Rational::from(2));
        for _ in 0..BISECTIONS {
            let middle = Rational::from(&low + &high) / 2u32;
            match self.index_against_degree(&middle) {
                Ordering::Greater => low = middle,
                Ordering::Less => high = middle,
                Ordering::Equal => return Place { low: middle.clone(), high: middle },
            }
        }
        Place { low, high }
    }

    /// The L = aλ at which a diffusion keeps E|v|^{2k} that has the drift and the covariance of this step.
    ///
    /// By its generator that moment changes at a rate of first order in λ, which is that of g, and one of second order,
    /// which is that of g less (1 − L)^{2k}, a step without any noise.
    pub(super) fn place_of_diffusion(&self) -> Option<Rational> {
        let [_, drift, both, ..] = &self.coefficients[..] else { return None };
        let degree = self.coefficients.len() as u32 - 1;
        let without = Integer::from(degree).binomial(2) * self.batch_size * self.batch_size;
        let noise = both - without;
        (noise > 0).then(|| Rational::from((Integer::from(-drift) * self.batch_size, noise)))
    }
}

/// E\[pⁱqʲ\] of i + 2j = `degree` ≥ 1 by j, from those of one degree less.
fn next(degree: u32, moments: &[Integer], S: u32, D: u32) -> Vec<Integer> {
    let of = |j: u32| moments.get(j as usize).cloned().unwrap_or_default();
    let moment = |j: u32| match (degree - 2 * j, j.checked_sub(1)) {
        (0, Some(less)) => of(less) * (S + D + 1 + 4 * less),
        (i, None) => of(0) * (S + 2 * (i - 1)),
        (i, Some(less)) => of(j) * (S + 2 * (i - 1) + 2 * j) + of(less) * (2 * j),
    };
    (0..=degree / 2).map(moment).collect()
}

/// Halvings of the bracket of a place, which leave ten digits and more where aλ is above 1/1000.
const BISECTIONS: usize = 48;

/// An L = aλ between two bounds, which may be equal.
pub(super) struct Place {
    low: Rational,
    high: Rational,
}

impl Place {
    /// Whether it certainly is smaller than the other one.
    fn is_below(&self, other: &Place) -> bool {
        self.high < other.low
    }

    /// A number between the bounds.
    pub(super) fn value(&self) -> Rational {
        Rational::from(&self.low + &self.high) / 2u32
    }
}

/// The largest k of the places that are compared.
pub(super) const HALVES: u32 = 8;

/// How the places at which the index is 2, 4, … 2·[`HALVES`] change: pairs of neighbours among them, and those of which
/// the first is certainly smaller than the second.
///
/// The pairs are those of an index and the one below it, of a batch size and the next larger one, and of a dimension
/// and the next smaller one; `sizes` and `dimensions` ascend. Where the places of an even index are so ordered, the
/// index falls with λ, rises with S and falls with D there.
pub(super) fn ordered(sizes: &[u32], dimensions: &[u32]) -> [[usize; 2]; 3] {
    let places = |S: u32, D: u32| Vec::from_iter((1..=HALVES).map(|half| EvenMoment::new(half, S, D).place()));
    let of_size = |S: &u32| Vec::from_iter(dimensions.iter().map(|D| places(*S, *D)));
    let all = Vec::from_iter(sizes.iter().map(of_size));
    let mut counts = [[0; 2]; 3];
    let mut count = |which: usize, one: &Place, other: &Place| {
        counts[which][0] += 1;
        counts[which][1] += usize::from(one.is_below(other));
    };
    for (i, of_size) in all.iter().enumerate() {
        for (j, places) in of_size.iter().enumerate() {
            for (k, place) in places.iter().enumerate() {
                if k > 0 {
                    count(0, place, &places[k - 1]);
                }
                if i > 0 {
                    count(1, &all[i - 1][j][k], place);
                }
                if j > 0 {
                    count(2, place, &of_size[j - 1][k]);
                }
            }
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use exact::tail::{growth, isotropic_index};
    use registry::tail::several::even_moment;

    use crate::settings::of_two;

    /// The closed form of the registry, which has the law of lengths, and the engine's moments by the update rule.
    #[test]
    fn even_moments_are_those_of_two_other_routes() {
        for (S, D) in [(1, 1), (1, 3), (2, 2), (4, 3), (5, 1)] {
            for L in [(1, 7), (1, 2), (9, 4)].map(Rational::from) {
                for half in 0..6 {
                    let found = EvenMoment::new(half, S, D).at(&L);
                    assert_eq!(found, even_moment(half, &L, &Rational::from(S), D as usize), "S = {S}, D = {D}");
                    if L == 0.5 && (1..3).contains(&half) {
                        assert!(growth(&of_two(D, S, &L).unwrap(), 2 * half, 8).unwrap().contains(&found));
                    }
                }
            }
        }
    }

    /// E Q = 1 at L = 2S/(S + D + 1), E Q² = 1 at S = 2, D = 3, L = ½; elsewhere by the engine's equation.
    #[test]
    fn the_index_is_even_at_a_place() {
        for (half, S, D, L) in [(1, 4, 3, (1, 1)), (2, 2, 3, (1, 2)), (1, 1, 1, (2, 3)), (2, 1, 2, (1, 3))] {
            let Place { low, high } = EvenMoment::new(half, S, D).place();
            let L = Rational::from(L);
            assert!(low <= L && L <= high && Rational::from(&high - &low) < Rational::from((1, 1 << 30)));
        }
        for (half, S, D) in [(3, 2, 2), (8, 4, 3), (5, 1, 1)] {
            let place = EvenMoment::new(half, S, D).place().value();
            let index = isotropic_index(&place, S, D, 6).unwrap().midpoint().unwrap();
            assert!((index - Rational::from(2 * half)).abs() < Rational::from((1, 10_000)), "S = {S}, D = {D}");
        }
    }

    /// What a convex function must have: below 1 at every place before, above 1 at every one beyond.
    #[test]
    fn a_moment_is_1_at_one_place_only() {
        for (half, S, D) in [(1, 1, 1), (4, 2, 3), (8, 10, 2)] {
            let moment = EvenMoment::new(half, S, D);
            let place = moment.place().value();
            for eighth in (1..40).filter(|eighth| *eighth != 8) {
                let at = place.clone() * Rational::from((eighth, 8));
                assert_eq!(moment.index_against_degree(&at), 8.cmp(&eighth), "{half}, S = {S}, D = {D}");
            }
        }
    }

    /// Neighbours are counted in each direction, and those in order by their bounds.
    #[test]
    fn pairs_of_neighbours_are_counted() {
        let all = [[42, 42], [32, 32], [24, 24]];
        assert_eq!(ordered(&[1, 2, 4], &[1, 2]), all);
        assert_eq!(ordered(&[4, 2, 2], &[2, 1])[1..], [[32, 0], [24, 0]]);
    }

    /// The index of the diffusion of one weight is S/L + 1.
    #[test]
    fn the_diffusion_of_one_weight_keeps_the_moment_of_its_index() {
        for half in 1..5 {
            let place = EvenMoment::new(half, 3, 1).place_of_diffusion().unwrap();
            assert_eq!(Rational::from(3) / place + 1, 2 * half);
        }
        assert_eq!(EvenMoment::new(0, 3, 1).place_of_diffusion(), None);
    }
}
