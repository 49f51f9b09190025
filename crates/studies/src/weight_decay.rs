//! The best weight decay of section 4, Γ = γI, without label noise: Corollary 1, and the condition dL_test/dγ = 0.
//!
//! The exact engine decides which γ are stable, by bisection over ℚ, and the Lyapunov engine on both sides of a claimed
//! edge. L_test is Theorem 4 as printed, over ℚ, too, with the engine's own value and slope beside it. At γ = 0 there is
//! w* = u and no noise, so that L_test = 0; with u ≠ 0 it is positive at every other γ. So the best γ is 0 wherever that
//! is stable, and otherwise on the side of 0 where the stable γ are.
//!
//! The stable γ are an interval. Where A has the eigenvalues aᵢ and kᵢ = aᵢ + γ, they are those with
//!
//! ```text
//! gᵢ > 0,    Σᵢ λ²aᵢ²/gᵢ < S,    gᵢ = λkᵢ(2 − λkᵢ) − λ²aᵢ²/S
//! ```
//!
//! Each gᵢ is concave, hence 1/gᵢ convex. For A = aI all gᵢ are largest at λk = 1: if any γ is stable, that one is.
//!
//! Deliberately absent: eqs. (169)–(171) spelled out, which are dL_test/dγ = 0. A difference over 2⁻¹⁰⁰ is that
//! derivative to sixty digits.

mod problem;

use std::cmp::Ordering;

use numbers::{Matrix, Vector, decimal, nearest_f64};
use registry::weight_decay::{NEGATIVE, NEGATIVE_OF_SEVERAL, STATIONARITY};
use rug::Rational;

use tables::rational::square_root;
use verify::allowances::{BESIDE, CLOSE};

use problem::{EDGE_STEPS, Problem, bisect, by_engine, by_form};
use tables::{Judged, Study, StudyError, Table, heads};

/// The study.
pub static STUDY: Study = Study {
    name: "weight-decay",
    subject: "best weight decay",
    tables: &[("intervals", intervals), ("one-weight", one_weight), ("weights", weights)],
};

/// Significant digits of an edge.
const EDGE_DIGITS: usize = 7;
/// Significant digits of a best γ and of its loss.
const DIGITS: usize = 17;

/// |found/claimed − 1|.
fn relative(found: &Rational, claimed: &Rational) -> Rational {
    (Rational::from(found / claimed) - 1u32).abs()
}

fn scientific(value: &Rational) -> String {
    format!("{:.0e}", nearest_f64(value))
}

/// The cells for a problem: the ends of the stable γ, the best γ, and its L_test with a step of Newton's method, by the
/// form and by the engine. The step by the engine is returned as a number, too, which is 0 where nothing is stable.
fn cells(problem: &Problem) -> Result<(Vec<String>, Rational), StudyError> {
    let mut step = Rational::new();
    let Some(stable) = problem.stable_decays()? else { return Ok((heads(["none"]), step)) };
    let [best, _] = problem.best_decay(&stable)?;
    let mut cells = Vec::from(stable.map(|edge| decimal::exact(&edge, EDGE_DIGITS)));
    cells.push(decimal::exact(&best, DIGITS));
    for loss in [by_form, by_engine] {
        cells.push(decimal::exact(&loss(&problem.with(&best)?)?, DIGITS));
        step = problem.newton_step(loss, &best)?;
        cells.push(scientific(&step));
    }
    Ok((cells, step))
}

const CELLS: [&str; 7] = ["least stable γ", "largest", "best γ", "L_test, form", "L'/L''", "L_test, engine", "L'/L''"];

/// The largest λa for which γ = 0 is stable, and the largest for which any γ is, by the engine, for A = aI.
fn ends(D: usize, batch: u32) -> Result<[Rational; 2], StudyError> {
    // At λa = S + 1 the variance 2(λa)²/S of the factor on a weight is above 1 by itself, whatever γ is.
    let bounds = || [Rational::new(), Rational::from(batch + 1)];
    let none = bisect(bounds(), EDGE_STEPS, |rate| Problem::isotropic(D, rate, batch)?.is_stable(&Rational::new()))?;
    let any = bisect(bounds(), EDGE_STEPS, |rate| {
        let problem = Problem::isotropic(D, rate, batch)?;
        problem.is_stable(&problem.decay_at(1.into()))
    })?;
    Ok([none, any].map(|[inside, outside]| (inside + outside) / 2u32))
}

/// How many of four proofs the Lyapunov engine has: that γ = 0 is stable just below the first λa and unstable just above it,
/// and so the best of all γ at the second.
fn proofs(D: usize, batch: u32, [none, any]: &[Rational; 2]) -> Result<usize, StudyError> {
    let mut proofs = 0;
    for (sign, is_stable) in [(-1, true), (1, false)] {
        let beside: Rational = Rational::from(BESIDE) * sign + 1;
        let [at_zero, at_best] = [none, any].map(|rate| Problem::isotropic(D, &Rational::from(rate * &beside), batch));
        let at_best = at_best?;
        let found =
            [at_zero?.is_proved_stable(&Rational::new())?, at_best.is_proved_stable(&at_best.decay_at(1.into()))?];
        proofs += found.iter().filter(|found| **found == Some(is_stable)).count();
    }
    Ok(proofs)
}

fn intervals() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let (mut as_printed, mut beyond) = (Vec::new(), Vec::new());
    for (D, sizes) in
        [(1, &[1, 2, 3, 4, 8, 10, 32, 100, 1000][..]), (2, &[1, 2, 3, 4, 10, 100]), (3, &[1, 3, 4, 5, 100])]
    {
        for &S in sizes {
            let [none, any] = ends(D, S)?;
            let order = D as u32 + 1;
            let forms = [Rational::from((2 * S, S + order)), square_root(&(S, order).into())];
            let middle = Rational::from(&none + &any) / 2u32;
            let best = match Problem::isotropic(D, &middle, S)?.stable_decays()? {
                Some([_, largest]) if largest < 0 => "negative",
                Some([least, _]) if least > 0 => "positive",
                _ => "–",
            };
            let sign = match S.cmp(&order) {
                Ordering::Greater => "negative",
                Ordering::Equal => "–",
                Ordering::Less => "positive",
            };
            let apart = [(&none, &forms[0]), (&any, &forms[1])].map(|(found, form)| relative(found, form));
            let worst = apart.into_iter().max().unwrap_or_default();
            if D == 1 { &mut as_printed } else { &mut beyond }.push((worst, best == sign, proofs(D, S, &forms)?));
            let texts = [&none, &forms[0], &any, &forms[1]].map(|end| decimal::exact(end, EDGE_DIGITS));
            rows.push([vec![D.to_string(), S.to_string()], texts.to_vec(), heads([best])].concat());
        }
    }
    let header = heads(["D", "S", "λa from", "2S/(S + D + 1)", "to", "√(S/(D + 1))", "best γ between"]);
    let title = "A = aI: the λa at which γ = 0 is unstable and another γ is stable".into();
    let finding = "Corollary 1 holds as printed, D = 1: the best γ is negative for 2S/(S + 2) < λa < √(S/2), S > 2, and for no other λa and S.\n\
                   The same interval at S = 1, 2/3 < λa < √½, has a best γ that is positive. At S = 2 it is empty.\n\
                   With D weights it is negative for 2S/(S + D + 1) < λa < √(S/(D + 1)), S > D + 1, and positive there for S < D + 1.\n\
                   A witness: a = u = 1, S = 8, λ = 9/5. At γ = 0 nothing is stationary, at γ = −4/9 L_test = 32/19.";
    let judge = |claim, found: &[(Rational, bool, usize)]| {
        let worst = found.iter().map(|(apart, ..)| apart).max().cloned().unwrap_or_default();
        let signs = found.iter().filter(|(_, sign, _)| *sign).count();
        let proofs = found.iter().map(|(.., proofs)| proofs).sum::<usize>();
        let measured = format!(
            "ends of the interval to {}, sign of the best `γ` in {signs} of {} cases; in doubles a proof of what is stable \
             on either side of an end, a millionth away, at {proofs} of {}",
            scientific(&worst),
            found.len(),
            4 * found.len(),
        );
        let holds = worst < Rational::from(CLOSE) && signs == found.len() && proofs == 4 * found.len();
        Judged::new(claim, holds, measured)
            .with("largest_error_of_an_end", nearest_f64(&worst))
            .with("cases", found.len() as f64)
            .with("right_signs", signs as f64)
            .with("proofs_in_doubles", proofs as f64)
    };
    let judged = vec![judge(&NEGATIVE, &as_printed), judge(&NEGATIVE_OF_SEVERAL, &beyond)];
    Ok(Table { title, header, rows, finding, judged })
}

/// S, and λa below, inside and beyond the interval of Corollary 1, some within about 1/1000 of its ends.
const PLACES: [(u32, &[(u32, u32)]); 4] = [
    (1, &[(1, 2), (333, 500), (667, 1000), (7, 10), (707, 1000), (177, 250)]),
    (2, &[(1, 2), (999, 1000), (1001, 1000)]),
    (8, &[(1, 1), (1599, 1000), (1601, 1000), (9, 5), (1999, 1000), (2001, 1000)]),
    (32, &[(1, 1), (941, 500), (1883, 1000), (3, 1), (3999, 1000), (4001, 1000)]),
];

fn one_weight() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    for (S, rates) in PLACES {
        for rate in rates.iter().map(|&rate| Rational::from(rate)) {
            let place = vec![S.to_string(), decimal::exact(&rate, EDGE_DIGITS)];
            rows.push([place, cells(&Problem::isotropic(1, &rate, S)?)?.0].concat());
        }
    }
    let header = [heads(["S", "λ"]), heads(CELLS)].concat();
    let title = "one weight, a = u = 1: the best γ across both ends of the interval".into();
    let finding = "Where γ = 0 is stable it is the best, however close the edge. Just beyond, the best γ is nearly twice the stable γ nearest to 0, γ₁, as\n\
                   L_test ∝ γ²/|γ − γ₁| there, and at the other end L_test tends to infinity. Newton's step L'/L'' tells how well the best γ is known.";
    Ok(Table { title, header, rows, finding, judged: Vec::new() })
}

/// A problem: A by rows, u, λ and S.
type Parts = (&'static [(i32, u32)], &'static [i32], (u32, u32), u32);
const PROBLEMS: [Parts; 8] = [
    (&[(3, 2), (0, 1), (0, 1), (1, 2)], &[2, 1], (1, 2), 4),
    (&[(1, 1), (1, 2), (1, 2), (1, 1)], &[1, -2], (3, 5), 3),
    (&[(3, 2), (0, 1), (0, 1), (1, 2)], &[2, 1], (7, 5), 32),
    (&[(1, 1), (1, 5), (1, 5), (1, 1)], &[1, -2], (17, 10), 16),
    (&[(1, 1), (1, 2), (1, 2), (1, 1)], &[1, -2], (9, 20), 1),
    (&[(1, 1), (0, 1), (0, 1), (0, 1), (1, 2), (0, 1), (0, 1), (0, 1), (1, 4)], &[1, 1, 1], (1, 2), 2),
    (&[(1, 1), (1, 4), (0, 1), (1, 4), (1, 1), (1, 4), (0, 1), (1, 4), (1, 1)], &[1, 0, 2], (8, 5), 24),
    (&[(1, 1), (1, 4), (0, 1), (1, 4), (1, 1), (1, 4), (0, 1), (1, 4), (1, 1)], &[1, 0, 2], (9, 20), 1),
];

fn example((A, u, rate, S): Parts) -> Result<Problem, StudyError> {
    let D = u.len();
    let A = Matrix::from_row_iterator(D, D, A.iter().map(|&entry| Rational::from(entry)));
    Problem::new(A, Vector::from_iterator(D, u.iter().map(|&entry| Rational::from(entry))), &rate.into(), S)
}

fn weights() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut worst = Rational::new();
    for parts in PROBLEMS {
        let problem = example(parts)?;
        let (A, u, rate, S) = parts;
        let entries = Vec::from_iter(A.iter().map(|&entry| Rational::from(entry).to_string()));
        let lines = Vec::from_iter(entries.chunks(u.len()).map(|row| row.join(" ")));
        let place = vec![lines.join("; "), format!("{u:?}"), Rational::from(rate).to_string(), S.to_string()];
        let (cells, step) = cells(&problem)?;
        worst = worst.max(step.abs());
        rows.push([place, cells].concat());
    }
    let header = [heads(["A", "u", "λ", "S"]), heads(CELLS)].concat();
    let title = "several weights: the best γ".into();
    let finding = "Without label noise the best γ is 0 wherever γ = 0 is stable, as L_test = 0 there and nowhere else; it is another exactly where\n\
                   γ = 0 is unstable and some γ is stable: then it has the sign that all stable γ have.";
    let measured = format!("the engine's best `γ` to {} at {} problems", scientific(&worst), rows.len());
    let judged = vec![
        Judged::new(&STATIONARITY, worst < Rational::from(CLOSE), measured)
            .with("largest_step_of_newton", nearest_f64(&worst)),
    ];
    Ok(Table { title, header, rows, finding, judged })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(numerator: i64, denominator: i64) -> Rational {
        Rational::from((numerator, denominator))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

        /// Both ends of the printed interval, with D + 1 in place of 2, are right to 1/1000 on either side, and so is
        /// the sign of the stable γ between them.
        #[test]
        fn the_interval_is_the_printed_one(D in 1usize..4, S in 1u32..60, thousandth in prop_oneof![Just(-1i64), Just(1)]) {
            let order = D as u32 + 1;
            let near: Rational = q(1000 + thousandth, 1000);
            let rate: Rational = Rational::from((2 * S, S + order)) * &near;
            prop_assert_eq!(Problem::isotropic(D, &rate, S).unwrap().is_stable(&Rational::new()).unwrap(), thousandth < 0);
            let rate = square_root(&(S, order).into()) * &near;
            let problem = Problem::isotropic(D, &rate, S).unwrap();
            let stable = problem.stable_decays().unwrap();
            prop_assert_eq!(stable.is_some(), thousandth < 0);
            if let Some([least, largest]) = stable {
                prop_assert!(problem.is_stable(&least).unwrap() && problem.is_stable(&largest).unwrap());
                if !problem.is_stable(&Rational::new()).unwrap() {
                    prop_assert_eq!([least < 0, largest < 0], [S > order; 2]);
                }
            }
        }

    }

    /// The engine's dL_test/dγ changes its sign at the best γ, of which seventeen digits are certain; and no γ on a
    /// grid is better.
    #[test]
    fn no_other_decay_is_better() {
        let one = PLACES.iter().flat_map(|&(S, rates)| rates.iter().map(move |&rate| (rate, S)));
        let one = one.map(|(rate, S)| Problem::isotropic(1, &rate.into(), S));
        let mut elsewhere = 0;
        for problem in PROBLEMS.into_iter().map(example).chain(one) {
            let problem = problem.unwrap();
            let Some(stable) = problem.stable_decays().unwrap() else { continue };
            let best = problem.best_decay(&stable).unwrap();
            let loss = |decay: &Rational| by_engine(&problem.with(decay).unwrap()).unwrap();
            let [least, largest] = stable;
            for step in 1..200 {
                let decay = least.clone() + (largest.clone() - &least) * q(step, 200);
                assert!(loss(&decay) >= loss(&best[0]), "{decay} is better than {}", best[0]);
            }
            assert_eq!(loss(&best[0]), by_form(&problem.with(&best[0]).unwrap()).unwrap());
            if best[0].is_zero() {
                assert_eq!(loss(&best[0]), 0);
                continue;
            }
            elsewhere += 1;
            let falls = [0, 1].map(|end| {
                let [before, _, after] = problem.losses(by_engine, &best[end]).unwrap();
                after < before
            });
            assert_eq!(falls, [true, false]);
            assert_eq!(decimal::exact(&best[0], DIGITS), decimal::exact(&best[1], DIGITS));
        }
        assert_eq!(elsewhere, 14);
    }

    /// The witness of Corollary 1 that a table names.
    #[test]
    fn a_negative_decay_is_the_only_way() {
        let problem = Problem::isotropic(1, &q(9, 5), 8).unwrap();
        assert!(!problem.is_stable(&Rational::new()).unwrap());
        assert_eq!(by_engine(&problem.with(&q(-4, 9)).unwrap()).unwrap(), q(32, 19));
        let [_, largest] = problem.stable_decays().unwrap().unwrap();
        assert!(largest < 0);
    }
}
