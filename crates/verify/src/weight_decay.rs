//! The best weight decay of section 4, Γ = γI, without label noise: Corollary 1, and the condition dL_test/dγ = 0.
//!
//! What is stable is the word of the exact engine, by bisection over ℚ; L_test is Theorem 4 as printed, over ℚ, too, with the
//! engine's own value and slope beside it. At γ = 0 there is w* = u and no noise, so that L_test = 0; with u ≠ 0 it is positive
//! at every other γ. So the best γ is 0 wherever that is stable, and otherwise on the side of 0 where the stable γ are.
//!
//! The stable γ are an interval. Where A has the eigenvalues aᵢ and kᵢ = aᵢ + γ, they are those with
//!
//! ```text
//! gᵢ > 0,    Σᵢ λ²aᵢ²/gᵢ < S,    gᵢ = λkᵢ(2 − λkᵢ) − λ²aᵢ²/S
//! ```
//!
//! and gᵢ is concave, hence 1/gᵢ convex. For A = aI all gᵢ are largest at λk = 1: if any γ is stable, that one is.
//!
//! Deliberately absent: eqs. (169)–(171) spelled out, which are dL_test/dγ = 0. A difference over 2⁻¹⁰⁰ is that derivative to
//! sixty digits.

use claims::regularization::test_loss;
use exact::ExactError;
use rug::{Integer, Rational};
use symbols::{BatchSize, Gaussian, Matrix, Population, Setting, Vector, matrix, nearest_f64};

use crate::decimal::decimal;
use crate::table::{Maker, StudyError, Table, heads};

/// All tables, by name.
pub const TABLES: [Maker; 3] = [("intervals", intervals), ("one-weight", one_weight), ("weights", weights)];

/// Significant digits of an edge, and of a best γ and its loss.
const EDGE_DIGITS: usize = 7;
const DIGITS: usize = 17;
/// Halvings that find them.
const EDGE_STEPS: u32 = 40;
const STEPS: u32 = 80;
/// Bits of the reciprocal of the difference that stands for a derivative.
const DIFFERENCE: u32 = 100;
/// Points in each half of the grid on which a first stable γ is looked for.
const GRID: u32 = 64;

/// A problem without weight decay.
struct Problem(Setting<Rational>);

/// L_test as a function of a setting: by Theorem 4, or by the engine.
type Loss = fn(&Setting<Rational>) -> Result<Rational, StudyError>;

fn by_form(setting: &Setting<Rational>) -> Result<Rational, StudyError> {
    Ok(matrix::trace(&test_loss::printed(setting)?))
}

fn by_engine(setting: &Setting<Rational>) -> Result<Rational, StudyError> {
    // Gaussian features always have one.
    Ok(exact::stationary(setting)?.test_loss.unwrap_or_default())
}

impl Problem {
    fn new(A: Matrix<Rational>, u: Vector<Rational>, rate: &Rational, batch: u32) -> Result<Self, StudyError> {
        let D = u.len();
        let model = Gaussian {
            feature_covariance: A,
            input_noise_covariance: Matrix::zeros(D, D),
            label_noise_variance: Rational::new(),
            true_weights: u,
        };
        let rate = matrix::identity(D) * rate.clone();
        Ok(Problem(Setting::new(Population::Gaussian(model), rate, BatchSize::new(batch)?)?))
    }

    /// A = I and u = (1, 0, …), so that λ is λa.
    fn isotropic(D: usize, rate: &Rational, batch: u32) -> Result<Self, StudyError> {
        let u = Vector::from_fn(D, |i, _| Rational::from(u32::from(i == 0)));
        Self::new(matrix::identity(D), u, rate, batch)
    }

    fn with(&self, decay: &Rational) -> Result<Setting<Rational>, StudyError> {
        Ok(self.0.clone().with_weight_decay(matrix::identity(self.0.dimension()) * decay.clone())?)
    }

    fn is_stable(&self, decay: &Rational) -> Result<bool, StudyError> {
        match exact::stationary(&self.with(decay)?) {
            Ok(_) => Ok(true),
            Err(ExactError::Unstable | ExactError::SingularHessian { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The γ that puts the mean of the eigenvalues of λK at `mean`. None is stable beyond 0 and 2.
    fn decay_at(&self, mean: Rational) -> Rational {
        let D = self.0.dimension() as u32;
        let [a, rate] = [self.0.feature_covariance(), self.0.learning_rate().clone()].map(|M| matrix::trace(&M) / D);
        mean / rate - a
    }

    /// A stable γ: the one where λk is 1 on average, or the least on a grid; `None` where there is none.
    fn any_stable(&self) -> Result<Option<Rational>, StudyError> {
        for step in [GRID].into_iter().chain(1..2 * GRID) {
            let decay = self.decay_at((step, GRID).into());
            if self.is_stable(&decay)? {
                return Ok(Some(decay));
            }
        }
        Ok(None)
    }

    /// Stable γ next to both ends of the interval; `None` where nothing is stable.
    fn stable_decays(&self) -> Result<Option<[Rational; 2]>, StudyError> {
        let Some(inside) = self.any_stable()? else { return Ok(None) };
        let edge = |mean: u32| -> Result<Rational, StudyError> {
            let outside = self.decay_at(mean.into());
            let [stable, _] = bisect([inside.clone(), outside], EDGE_STEPS, |decay| self.is_stable(decay))?;
            Ok(stable)
        };
        Ok(Some([edge(0)?, edge(2)?]))
    }

    /// L_test at γ − δ, γ and γ + δ.
    fn losses(&self, loss: Loss, decay: &Rational) -> Result<[Rational; 3], StudyError> {
        let at = |decay: Rational| loss(&self.with(&decay)?);
        Ok([at(decay.clone() - difference())?, at(decay.clone())?, at(decay.clone() + difference())?])
    }

    /// L'/L'' at γ: by how much a step of Newton's method would move it.
    fn newton_step(&self, loss: Loss, decay: &Rational) -> Result<Rational, StudyError> {
        let [before, here, after] = self.losses(loss, decay)?;
        let slope: Rational = (after.clone() - &before) / 2u32;
        Ok(slope * difference() / (after + before - here * 2u32))
    }

    /// The best γ between two bounds: 0, or the two ends of an interval in which dL_test/dγ changes its sign.
    ///
    /// L_test is infinite at both edges of stability unless γ = 0 there.
    fn best_decay(&self, [least, largest]: &[Rational; 2]) -> Result<[Rational; 2], StudyError> {
        if self.is_stable(&Rational::new())? {
            return Ok([Rational::new(), Rational::new()]);
        }
        bisect([least.clone(), largest.clone()], STEPS, |decay| {
            let [before, _, after] = self.losses(by_form, decay)?;
            Ok(after < before)
        })
    }

    /// The stable γ, the best one, its L_test, and what Newton's method would change, by the form and by the engine.
    fn cells(&self) -> Result<Vec<String>, StudyError> {
        let Some(stable) = self.stable_decays()? else { return Ok(heads(["none"])) };
        let [best, _] = self.best_decay(&stable)?;
        let mut cells = Vec::from(stable.map(|edge| decimal(&edge, EDGE_DIGITS)));
        cells.push(decimal(&best, DIGITS));
        for loss in [by_form, by_engine] {
            cells.push(decimal(&loss(&self.with(&best)?)?, DIGITS));
            cells.push(format!("{:.0e}", nearest_f64(&self.newton_step(loss, &best)?)));
        }
        Ok(cells)
    }
}

const CELLS: [&str; 7] = ["least stable γ", "largest", "best γ", "L_test, form", "L'/L''", "L_test, engine", "L'/L''"];

/// δ = 2⁻¹⁰⁰.
fn difference() -> Rational {
    (Integer::from(1), Integer::from(1) << DIFFERENCE).into()
}

/// Halves the interval between a point where something holds and one where it does not.
fn bisect(
    [mut inside, mut outside]: [Rational; 2],
    steps: u32,
    mut holds: impl FnMut(&Rational) -> Result<bool, StudyError>,
) -> Result<[Rational; 2], StudyError> {
    for _ in 0..steps {
        let middle = Rational::from(&inside + &outside) / 2u32;
        let end = if holds(&middle)? { &mut inside } else { &mut outside };
        *end = middle;
    }
    Ok([inside, outside])
}

/// The largest λa for which γ = 0 is stable, and for which any γ is, by the engine; A = aI.
fn ends(D: usize, batch: u32) -> Result<[Rational; 2], StudyError> {
    // At S + 1 the variance 2(λa)²/S of the factor on a weight alone is above 1, whatever γ.
    let bounds = || [Rational::new(), Rational::from(batch + 1)];
    let none = bisect(bounds(), EDGE_STEPS, |rate| Problem::isotropic(D, rate, batch)?.is_stable(&Rational::new()))?;
    let any = bisect(bounds(), EDGE_STEPS, |rate| {
        let problem = Problem::isotropic(D, rate, batch)?;
        problem.is_stable(&problem.decay_at(1.into()))
    })?;
    Ok([none, any].map(|[inside, outside]| (inside + outside) / 2u32))
}

/// √q to some 38 digits.
fn square_root(q: &Rational) -> Rational {
    let root = rug::Float::with_val(128, q).sqrt();
    root.to_rational().unwrap_or_default()
}

fn intervals() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
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
            let texts = [&none, &forms[0], &any, &forms[1]].map(|end| decimal(end, EDGE_DIGITS));
            rows.push([vec![D.to_string(), S.to_string()], texts.to_vec(), heads([best])].concat());
        }
    }
    let header = heads(["D", "S", "λa from", "2S/(S + D + 1)", "to", "√(S/(D + 1))", "best γ between"]);
    let title = "A = aI: the λa at which γ = 0 is unstable and another γ is stable".into();
    let finding = "Corollary 1 holds as printed, D = 1: the best γ is negative for 2S/(S + 2) < λa < √(S/2), S > 2, and for no other λa and S.\n\
                   The same interval at S = 1, 2/3 < λa < √½, has a best γ that is positive. At S = 2 it is empty.\n\
                   With D weights it is negative for 2S/(S + D + 1) < λa < √(S/(D + 1)), S > D + 1, and positive there for S < D + 1.\n\
                   A witness: a = u = 1, S = 8, λ = 9/5. At γ = 0 nothing is stationary, at γ = −4/9 L_test = 32/19.";
    Ok(Table { title, header, rows, finding })
}

/// λa inside the interval, and within 1/1000 of both its ends on either side.
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
            let place = vec![S.to_string(), decimal(&rate, EDGE_DIGITS)];
            rows.push([place, Problem::isotropic(1, &rate, S)?.cells()?].concat());
        }
    }
    let header = [heads(["S", "λ"]), heads(CELLS)].concat();
    let title = "one weight, a = u = 1: the best γ across both ends of the interval".into();
    let finding = "Where γ = 0 is stable it is the best, however close the edge. Just beyond, the best γ is nearly twice the stable γ nearest to 0, γ₁, as\n\
                   L_test ∝ γ²/|γ − γ₁| there, and at the other end L_test tends to infinity. Newton's step L'/L'' tells how well the best γ is known.";
    Ok(Table { title, header, rows, finding })
}

/// A by rows, u, λ and S.
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

fn problem((A, u, rate, S): Parts) -> Result<Problem, StudyError> {
    let D = u.len();
    let A = Matrix::from_row_iterator(D, D, A.iter().map(|&entry| Rational::from(entry)));
    Problem::new(A, Vector::from_iterator(D, u.iter().map(|&entry| Rational::from(entry))), &rate.into(), S)
}

fn weights() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    for parts in PROBLEMS {
        let problem = problem(parts)?;
        let (A, u, rate, S) = parts;
        let entries = Vec::from_iter(A.iter().map(|&entry| Rational::from(entry).to_string()));
        let lines = Vec::from_iter(entries.chunks(u.len()).map(|row| row.join(" ")));
        let place = vec![lines.join("; "), format!("{u:?}"), Rational::from(rate).to_string(), S.to_string()];
        rows.push([place, problem.cells()?].concat());
    }
    let header = [heads(["A", "u", "λ", "S"]), heads(CELLS)].concat();
    let title = "several weights: the best γ".into();
    let finding = "Without label noise the best γ is 0 wherever γ = 0 is stable, as L_test = 0 there and nowhere else; it is another exactly where\n\
                   γ = 0 is unstable and some γ is stable: then it has the sign that all stable γ have.";
    Ok(Table { title, header, rows, finding })
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

        /// Both ends, with D + 1 in place of 2, and the sign of the γ between, to 1/1000 on either side.
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

        /// gᵢ > 0 and Σᵢ λ²aᵢ²/gᵢ < S, which makes an interval of the stable γ: between the edges, and not beyond.
        #[test]
        fn the_stable_decays_are_an_interval(
            eighths in prop::collection::vec(1i64..17, 1..4), S in 1u32..24, tenths in 1i64..20, part in 1i64..16,
        ) {
            let (D, rate) = (eighths.len(), q(tenths, 10));
            let A = Matrix::from_fn(D, D, |i, j| if i == j { q(eighths[i], 8) } else { Rational::new() });
            let problem = Problem::new(A, Vector::from_element(D, Rational::from(1)), &rate, S).unwrap();
            let holds = |decay: &Rational| {
                let shares = Vec::from_iter(eighths.iter().map(|&a| {
                    let (x, k) = (q(a, 8) * &rate, (q(a, 8) + decay) * &rate);
                    let square = x.clone() * x;
                    let g: Rational = k.clone() * (Rational::from(2) - k) - square.clone() / S;
                    (square, g)
                }));
                shares.iter().all(|(_, g)| *g > 0)
                    && shares.iter().fold(Rational::new(), |sum, (square, g)| sum + square.clone() / g) < S
            };
            let within = problem.decay_at(q(part, 8));
            prop_assert_eq!(problem.is_stable(&within).unwrap(), holds(&within));
            let Some([least, largest]) = problem.stable_decays().unwrap() else { return Ok(()) };
            let between = least.clone() + (largest.clone() - &least) * q(part, 16);
            prop_assert!([&least, &between, &largest].into_iter().all(holds));
            prop_assert!(problem.is_stable(&between).unwrap());
            let width = q(1, 1_000_000_000);
            prop_assert!(!holds(&(least - &width)) && !holds(&(largest + &width)));
        }
    }

    /// Where dL_test/dγ changes its sign, the engine's own, seventeen digits are certain; and nothing on a grid is better.
    #[test]
    fn no_other_decay_is_better() {
        let one = PLACES.iter().flat_map(|&(S, rates)| rates.iter().map(move |&rate| (rate, S)));
        let one = one.map(|(rate, S)| Problem::isotropic(1, &rate.into(), S));
        let mut elsewhere = 0;
        for problem in PROBLEMS.into_iter().map(problem).chain(one) {
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
            assert_eq!(decimal(&best[0], DIGITS), decimal(&best[1], DIGITS));
        }
        assert_eq!(elsewhere, 14);
    }

    /// 2/γ − λ/(2 − λk) − 1/k − (2 − 2λk)/(k(2 − λk) − 2λa²/S) = 0, from eq. (159), a = 1.
    #[test]
    fn the_best_decay_of_one_weight_solves_its_equation() {
        for (S, rate) in [(1, q(7, 10)), (8, q(9, 5)), (32, q(3, 1))] {
            let problem = Problem::isotropic(1, &rate, S).unwrap();
            let stable = problem.stable_decays().unwrap().unwrap();
            let signs = problem.best_decay(&stable).unwrap().map(|decay| {
                let k: Rational = Rational::from(1) + &decay;
                let pull: Rational = Rational::from(2) - rate.clone() * &k;
                let margin: Rational = k.clone() * &pull - rate.clone() * 2u32 / S;
                let turn: Rational = Rational::from(2) - rate.clone() * &k * 2u32;
                (Rational::from(2) / decay - rate.clone() / pull - Rational::from(1) / k - turn / margin) > 0
            });
            assert_eq!(signs, [false, true]);
        }
    }

    #[test]
    fn just_beyond_the_edge_the_best_decay_is_twice_the_nearest() {
        for (S, edge) in [(1, q(2, 3)), (8, q(8, 5)), (32, q(32, 17))] {
            let problem = Problem::isotropic(1, &(edge + q(1, 1_000_000)), S).unwrap();
            let stable = problem.stable_decays().unwrap().unwrap();
            let [best, _] = problem.best_decay(&stable).unwrap();
            let nearest = stable.into_iter().min_by_key(|decay| decay.clone().abs()).unwrap();
            let ratio: Rational = best / nearest - 2u32;
            assert!(ratio.clone().abs() < q(1, 10_000), "{}", decimal(&ratio, 5));
        }
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
