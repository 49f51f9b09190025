//! Several weights beside the diffusion with the noise of Lemma 1: its law, and which tail is the heavier.
//!
//! The law is tested on the moments of the diffusion: its generator 𝓛, made of the drift and of the C of Lemma 1 alone,
//! has E[𝓛f] = 0 for every monomial f whose moment exists.

use exact::ExactError;
use exact::tail::isotropic_moment;
use numbers::{Interval, decide, decimal, nearest_f64};
use registry::tail::diffusion::{CROSSING, LAW, index, ratio_of_moments};
use rug::Rational;
use verify::allowances::{ORDER, VANISHING_ORDER};

use super::certain::error;
use super::settings::setting;
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
    let measured = format!(
        "the generator of the diffusion has the mean 0 for {right} of {all} monomials, and without `AΣA` in `C` for \
         {of_rival}; `Σ` tends to that of SGD with the order {} in `λ`, and the kurtosis of SGD less 3 vanishes beside \
         that of the law with the order {}",
        between(of_variance),
        between(of_kurtosis),
    );
    let holds = right == all
        && of_rival == 0
        && of_variance.iter().all(|order| *order > 1.0 - ORDER)
        && of_kurtosis.iter().all(|order| *order > VANISHING_ORDER);
    let judged = Judged::new(&LAW, holds, measured)
        .with("monomials", all as f64)
        .with("monomials_whose_drift_vanishes", right as f64)
        .with("monomials_of_another_noise", of_rival as f64)
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

/// The aλ at which SGD has the index of the diffusion, between a small one and that where its variance ends.
pub(super) fn crossing() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut lighter, mut heavier, mut equal] = [0; 3];
    for (D, S) in CROSSINGS {
        let [mut low, mut high] = [Rational::from(SMALL), Rational::from((2 * S, S + D + 1))];
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
    }
    let places = CROSSINGS.len();
    let measured = format!(
        "lighter at `aλ` = 1/10 at {lighter} of {places} places, heavier where the variance ends at {heavier}, where the \
         diffusion has the index `S/2 + 2` at {equal}",
    );
    let judged = Judged::new(&CROSSING, [lighter, heavier, equal] == [places; 3], measured)
        .with("places", places as f64)
        .with("places_where_lighter", lighter as f64)
        .with("places_where_heavier", heavier as f64);
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
