//! Several weights beside the diffusion with the noise of Lemma 1: its law, and which tail is the heavier.
//!
//! The law is tested on the moments of the diffusion: its generator 𝓛, made of the drift and of the C of Lemma 1 alone,
//! has E[𝓛f] = 0 for every monomial f whose moment exists. That C is compared with drawn minibatches,
//! and the index with that of a diffusion that has the even moments of a step, which come from the features.

use exact::ExactError;
use exact::tail::isotropic_moment;
use numbers::{Interval, Matrix, Vector, decide, decimal, nearest_f64};
use registry::tail::diffusion::{CROSSING, LAW, index, ratio_of_moments};
use rug::Rational;
use verify::allowances::{ORDER, VANISHING_ORDER};

use super::certain::error;
use super::draws;
use super::even::{EvenMoment, HALVES};
use super::settings::setting;
use tables::draws::Scores;
use tables::rational::ends;
use tables::{Judged, StudyError, Table, heads};

/// The largest degree of a monomial.
const DEGREE: u32 = 6;
/// D and S of the table of the law.
const PLACES: [(u32, u32); 5] = [(1, 1), (2, 1), (2, 4), (3, 2), (4, 3)];
/// 1/(aλ) of the table.
const STEPS: [u32; 4] = [16, 32, 64, 128];

/// A radial law p(v) ∝ (σ² + na|v|²)^{−q} of D weights, with a = σ² = 1.
struct Law {
    D: usize,
    variance: Rational,
    exponent: Rational,
}

impl Law {
    /// E∏vᵢ^{kᵢ} of even kᵢ: E|v|^{2k} ∏(kᵢ − 1)!!/(D(D + 2)…). `None` where it does not exist.
    fn moment(&self, exponents: &[u32]) -> Option<Rational> {
        let half = exponents.iter().sum::<u32>() / 2;
        let D = Rational::from(self.D);
        let mut moment = Rational::from(1);
        for k in 1..=half {
            let ratio = ratio_of_moments(i64::from(k), &self.variance, &self.exponent, &D)?;
            moment *= ratio / (Rational::from(2 * (k - 1)) + &D);
        }
        let odd = exponents.iter().map(|k| (1..*k).step_by(2).product::<u32>());
        Some(moment * Rational::from(odd.product::<u32>()))
    }

    /// E[𝓛f] of f = ∏vᵢ^{kᵢ}, times S/λ, with C = (1/S)(c vvᵀ + (1 + |v|²)I):
    ///
    /// ```text
    /// 𝓛f = −λ v·∇f + (λ²/2) Tr[C ∇²f]
    /// ```
    fn drift(&self, exponents: &[u32], S: u32, step_size: &Rational, c: u32) -> Option<Rational> {
        let degree = exponents.iter().sum::<u32>();
        // v·∇f = kf, and vᵀ∇²f v = k(k − 1)f.
        let square = Rational::from(c * degree * (degree - 1)) * step_size / Rational::from(2);
        let mut sum = self.moment(exponents)? * (square - Rational::from(degree * S));
        for (i, &k) in exponents.iter().enumerate().filter(|(_, k)| **k > 1) {
            let mut lower = exponents.to_vec();
            lower[i] -= 2;
            let mut curvature = self.moment(&lower)?;
            for j in 0..self.D {
                let mut with = lower.clone();
                with[j] += 2;
                curvature += self.moment(&with)?;
            }
            sum += curvature * Rational::from(k * (k - 1)) * step_size / Rational::from(2);
        }
        Some(sum)
    }

    /// Monomials that are even in each weight, and for how many of them E[𝓛f] = 0.
    fn stationary(&self, S: u32, step_size: &Rational, c: u32) -> [usize; 2] {
        let mut counts = [0; 2];
        for degree in (2..=DEGREE).step_by(2) {
            for exponents in even_exponents(self.D, degree) {
                if let Some(drift) = self.drift(&exponents, S, step_size, c) {
                    counts[0] += 1;
                    counts[1] += usize::from(drift.is_zero());
                }
            }
        }
        counts
    }
}

/// All (k₁, …, k_D) of one sum, each of them even.
fn even_exponents(D: usize, sum: u32) -> Vec<Vec<u32>> {
    if D == 0 {
        return if sum == 0 { vec![Vec::new()] } else { Vec::new() };
    }
    let of_last =
        |last: u32| even_exponents(D - 1, sum - last).into_iter().map(move |rest| [rest, vec![last]].concat());
    (0..=sum).step_by(2).flat_map(of_last).collect()
}

/// C = (1/S)(c vvᵀ + (1 + |v|²)I) at v, by c.
fn noise(v: &Vector<Rational>, S: u32, c: i32) -> Matrix<f64> {
    let length = v.dot(v) + Rational::from(1);
    let noise = v * v.transpose() * Rational::from(c) + Matrix::from_diagonal_element(v.len(), v.len(), length);
    (noise / Rational::from(S)).map(|entry| nearest_f64(&entry))
}

/// How far the covariance of drawn minibatches is from that of the diffusion, without AΣA, with the sign of AΣA changed
/// and with twice of all of it, at a v of each place.
fn drawn_noises() -> Result<[Scores; 4], StudyError> {
    let mut scores = [const { Scores::new() }; 4];
    for (D, S) in PLACES {
        let D = D as usize;
        // Entries of either sign and of different sizes.
        let v = Vector::from_fn(D, |i, _| Rational::from((if i % 2 == 0 { 1 } else { -1 } * (8 + i as i32), 8)));
        let setting = setting(&vec![Rational::from(1); D], S, &Rational::from(1))?.with_initial_weights(v.clone())?;
        let drawn = draws::noises(&setting)?;
        let claimed = [1, 0, -1].map(|c| noise(&v, S, c));
        let twice = &claimed[0] * 2.0;
        for (scores, claimed) in scores.iter_mut().zip(claimed.iter().chain([&twice])) {
            scores.compare(drawn.iter().cloned(), claimed);
        }
    }
    Ok(scores)
}

/// Places and degrees, and how many of them have an even index of the law that is that of a diffusion with the even
/// moments of a step.
fn even_indices() -> [usize; 2] {
    let mut counts = [0; 2];
    for (D, S) in PLACES {
        for half in 1..=HALVES {
            let place = EvenMoment::new(half, S, D).place_of_diffusion();
            let claimed = place.map(|place| index(&Rational::from(S), &place, &Rational::from(D)));
            counts[0] += 1;
            counts[1] += usize::from(claimed.is_some_and(|claimed| claimed == 2 * half));
        }
    }
    counts
}

/// Whether E[𝓛f] vanishes under the law, and its first moments beside those of SGD.
pub(super) fn law() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut all, mut right, mut of_rival] = [0; 3];
    let mut orders = [const { Vec::new() }; 2];
    for (D, S) in PLACES {
        let dimension = Rational::from(D);
        let mut before: Option<[f64; 2]> = None;
        for step in STEPS {
            let step_size = Rational::from((1, step));
            let beta = index(&Rational::from(S), &step_size, &dimension);
            let law = Law {
                D: D as usize,
                variance: Rational::from((1, 2)),
                exponent: Rational::from(&beta + &dimension) / Rational::from(2),
            };
            let [monomials, vanish] = law.stationary(S, &step_size, 1);
            all += monomials;
            right += vanish;
            // Without AΣA in C.
            of_rival += law.stationary(S, &step_size, 0)[1];
            let found = exact::central_moments(&setting(&vec![Rational::from(1); D as usize], S, &step_size)?)?;
            let variance = found.of(&[0; 2]).unwrap_or_default();
            let excess = found.kurtosis(0).unwrap_or_default() - Rational::from(3);
            let mut exponents = vec![0; D as usize];
            exponents[0] = 2;
            let claimed = law.moment(&exponents).unwrap_or_default();
            let of_law = Rational::from(6) / (beta.clone() - Rational::from(4));
            let errors = [nearest_f64(&error(&claimed, &variance)), nearest_f64(&Rational::from(&excess / &of_law))];
            let changes = before.map(|before| [0, 1].map(|i| (before[i] / errors[i]).abs().log2()));
            let mut row = vec![D.to_string(), S.to_string(), step_size.to_string(), decimal::exact(&beta, 6)];
            row.push(format!("{vanish} of {monomials}"));
            row.extend([&variance, &claimed, &excess, &of_law].map(|value| decimal::exact(value, 6)));
            for (i, orders) in orders.iter_mut().enumerate() {
                let order = changes.map(|changes| changes[i]);
                row.push(order.map_or_else(|| "–".into(), |order| decimal::to_places(order, 2)));
                if Some(&step) == STEPS.last() {
                    orders.extend(order);
                }
            }
            before = Some(errors);
            rows.push(row);
        }
    }
    let [of_variance, of_kurtosis] = &orders;
    let between = |values: &[f64]| {
        let [least, most] = ends(values, |value| decimal::to_places(*value, 2));
        format!("{least} to {most}")
    };
    let [of_noise, without, opposite, twice] = drawn_noises()?;
    let [even, even_right] = even_indices();
    let measured = format!(
        "the generator of the diffusion has the mean 0 for {right} of {all} monomials, and without `AΣA` in `C` for \
         {of_rival}; `Σ` tends to that of SGD with the order {} in `λ`, and the kurtosis of SGD less 3 vanishes beside \
         that of the law with the order {}; drawn minibatches have the {} entries of `C` to {} standard errors, and \
         are at least {} from `C` without `AvvᵀA`, {} from `C` with `−AvvᵀA` and {} from `2C`; the diffusion with the even \
         moments of a step over `ℚ` has the index 2, 4, … {} where `β` has it, at {even_right} of {even} places",
        between(of_variance),
        between(of_kurtosis),
        of_noise.count(),
        decimal::to_places(of_noise.largest(), 1),
        decimal::to_places(without.least(), 1),
        decimal::to_places(opposite.least(), 1),
        decimal::to_places(twice.least(), 1),
        2 * HALVES,
    );
    let holds = right == all
        && of_rival == 0
        && of_noise.agree()
        && even_right == even
        && of_variance.iter().all(|order| *order > 1.0 - ORDER)
        && of_kurtosis.iter().all(|order| *order > VANISHING_ORDER);
    let judged = Judged::new(&LAW, holds, measured)
        .with("monomials", all as f64)
        .with("monomials_whose_drift_vanishes", right as f64)
        .with("monomials_of_another_noise", of_rival as f64)
        .with("largest_z_score_of_the_noise", of_noise.largest())
        .with("least_z_score_without_a_term", without.least())
        .with("least_z_score_of_the_other_sign", opposite.least())
        .with("least_z_score_of_twice_the_noise", twice.least())
        .with("places_of_even_indices", even as f64)
        .with("places_of_even_indices_where_it_holds", even_right as f64)
        .with_range("order_of_fluctuation", of_variance.iter().copied())
        .with_range("order_of_kurtosis_over_that_of_the_law", of_kurtosis.iter().copied());
    Ok(Table {
        title: "the diffusion of D weights with the noise of Lemma 1, A = I, σ² = 1: its index, the monomials f of \
                degree 2 to 6 with E[𝓛f] = 0, and moments of its law beside those of SGD"
            .into(),
        header: [
            heads(["D", "S", "λ", "β", "E[𝓛f] = 0", "Σ", "of the law", "kurtosis − 3", "of the law"]),
            heads(["order of Σ", "order of the kurtosis"]),
        ]
        .concat(),
        rows,
        finding: "The fluctuation of the diffusion is that of SGD in the limit of small steps; its kurtosis is not.",
        judged: vec![judged],
    })
}

/// D and S of the table of crossings.
const CROSSINGS: [(u32, u32); 6] = [(1, 1), (1, 4), (2, 1), (2, 4), (4, 1), (4, 4)];
/// Where the search for a crossing begins.
const SMALL: (u32, u32) = (1, 10);
/// Halvings of the bracket.
const BISECTIONS: usize = 12;
/// Significant digits that these leave.
const DIGITS: usize = 3;

/// Whether SGD has the heavier tail: whether the moment whose degree is the index of the diffusion exists.
fn is_heavier(D: u32, S: u32, step_size: &Rational) -> Result<bool, ExactError> {
    let beta = index(&Rational::from(S), step_size, &Rational::from(D));
    let sign = |bits| {
        let moment = isotropic_moment(&beta, step_size, S, D, bits).ok()?;
        (moment - &Interval::from(Rational::from(1))).sign()
    };
    Ok(decide(16..=64, sign)?.is_gt())
}

/// The largest even index of the diffusion at which the tails are compared by moments over ℚ.
const EVEN: u32 = 32;

/// The even indices of the diffusion, up to [`EVEN`], and which of the tails is the heavier at each, by the moment of SGD
/// of that degree: true for that of SGD.
fn even_comparisons(D: u32, S: u32) -> Vec<(u32, bool)> {
    let compare = |half: u32| {
        // The aλ at which β = S/(aλ) + (3 − D)/2 is 2k; β falls from there on.
        let above = Rational::from(2 * half) - index(&Rational::new(), &Rational::from(1), &Rational::from(D));
        (above > 0).then(|| {
            let step_size = Rational::from(S) / above;
            (2 * half, EvenMoment::new(half, S, D).index_against_degree(&step_size).is_lt())
        })
    };
    (1..=EVEN / 2).filter_map(compare).collect()
}

/// The aλ at which SGD has the index of the diffusion, between a small one and that where its variance ends.
pub(super) fn crossing() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut lighter, mut heavier, mut equal, mut even, mut between] = [0; 5];
    for (D, S) in CROSSINGS {
        let end = Rational::from((2 * S, S + D + 1));
        let [mut low, mut high] = [Rational::from(SMALL), end.clone()];
        lighter += usize::from(!is_heavier(D, S, &low)?);
        heavier += usize::from(is_heavier(D, S, &high)?);
        let at_end = index(&Rational::from(S), &high, &Rational::from(D));
        equal += usize::from(at_end == Rational::from((S + 4, 2)));
        let mut row = vec![D.to_string(), S.to_string(), high.to_string(), at_end.to_string()];
        for _ in 0..BISECTIONS {
            let middle = Rational::from(&low + &high) / 2u32;
            if is_heavier(D, S, &middle)? { high = middle } else { low = middle }
        }
        let beta = index(&Rational::from(S), &low, &Rational::from(D));
        row.extend([&low, &beta].map(|value| decimal::exact(value, DIGITS)));
        rows.push(row);
        // As β falls with aλ, SGD has the heavier tail where β is below that of the crossing.
        even += usize::from(EvenMoment::new(1, S, D).at(&end) == 1);
        let compared = even_comparisons(D, S);
        between += usize::from(compared.iter().all(|(degree, heavier)| *heavier == (beta > *degree)));
    }
    let places = CROSSINGS.len();
    let measured = format!(
        "lighter at `aλ` = 1/10 at {lighter} of {places} places, heavier where the variance ends at {heavier}, where the \
         diffusion has the index `S/2 + 2` at {equal}; by even moments over `ℚ` the variance ends there at {even}, and \
         where the diffusion has the index 2, 4, … {EVEN} the tail of SGD is the heavier one for indices below that of \
         the crossing, and the lighter one for all others, at {between}",
    );
    let judged = Judged::new(&CROSSING, [lighter, heavier, equal, even, between] == [places; 5], measured)
        .with("places", places as f64)
        .with("places_where_lighter", lighter as f64)
        .with("places_where_heavier", heavier as f64)
        .with("places_where_the_even_moment_ends", even as f64)
        .with("places_with_the_order_of_even_moments", between as f64);
    Ok(Table {
        title:
            "D weights beside the diffusion with the noise of Lemma 1: aλ at which the variance of SGD ends, and the \
                index of the diffusion there; aλ at which both have the same index"
                .into(),
        header: heads(["D", "S", "end of the variance", "index there", "aλ", "β"]),
        rows,
        finding: "Below that aλ the tail of SGD is the lighter one, above it the heavier.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E v² and E v⁴ of one weight with S = 1 and λ = 1/8: the index is 9, Σ = 1/14, and the kurtosis 3 + 6/5.
    #[test]
    fn moments_of_one_weight_are_those_of_student_s_law() {
        let law = Law { D: 1, variance: Rational::from((1, 2)), exponent: Rational::from(5) };
        let [square, fourth] = [2, 4].map(|k| law.moment(&[k]).unwrap());
        assert_eq!(square, Rational::from((1, 14)));
        assert_eq!(fourth, Rational::from((21, 5)) * &square * &square);
        assert_eq!(law.moment(&[10]), None);
    }

    /// With the exponent of another index nothing is stationary.
    #[test]
    fn a_law_of_another_index_is_not_stationary() {
        let step_size = Rational::from((1, 20));
        for (exponent, holds) in [((45, 4), true), ((47, 4), false)] {
            let law = Law { D: 2, variance: Rational::from((1, 2)), exponent: Rational::from(exponent) };
            let [all, right] = law.stationary(1, &step_size, 1);
            assert!(all == 9 && (right == all) == holds);
        }
    }
}
