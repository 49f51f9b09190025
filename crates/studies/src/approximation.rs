//! The Hessian approximation of Table 2 beside the exact stationary state of SGD: how wrong it is, and whether it
//! becomes right in a limit.
//!
//! Every number is a quotient of rationals, approximation over exact engine, rounded once. The losses at w* are exact
//! in both, so that only the part is compared that the fluctuation adds to a loss. All matrices commute, as Table 2
//! assumes: A = diag(a), Γ = γI, B = bI, u = (2, 0, …).

mod rising;

use claims::StudyClaim;
use exact::ExactError;
use numbers::decimal::exact as rounded;
use numbers::{Matrix, Vector, matrix, nearest_f64};
use registry::approximation::{Time, fluctuation, least_test_loss, least_train_loss, test_loss, train_loss};
use rug::Rational;
use symbols::{BatchSize, Gaussian, Moments, Population, Setting, SettingError};

use crate::certified::Certified;
use tables::{Judged, Study, StudyError, Table, heads};
use verify::allowances::LIMIT_DIGITS as DIGITS;

use tables::rational::ends;

/// The study.
pub static STUDY: Study = Study {
    name: "approximation",
    subject: "Hessian approximation",
    tables: &[
        ("label-noise", || one_weight(&LABEL_NOISE)),
        ("label-noise-2", || two_weights(&LABEL_NOISE)),
        ("input-noise", || one_weight(&INPUT_NOISE)),
        ("input-noise-2", || two_weights(&INPUT_NOISE)),
        ("regularization", || one_weight(&REGULARIZATION)),
        ("regularization-2", || two_weights(&REGULARIZATION)),
        ("limits", limits),
        ("rising", rising::rising),
    ],
};

/// Learning rates of the tables.
const RATES: [(u32, u32); 4] = [(1, 1000), (1, 10), (1, 2), (1, 1)];
/// Batch sizes of the tables.
const SIZES: [u32; 3] = [1, 10, 1000];
/// The feature covariances, diagonal.
const ONE: &[(u32, u32)] = &[(1, 1)];
const TWO: &[(u32, u32)] = &[(3, 2), (1, 2)];

/// A source of the noise of SGD.
struct Source {
    name: &'static str,
    /// The symbol of the parameter that is varied, and its values.
    symbol: &'static str,
    strengths: [(i32, u32); 3],
    /// The size of the noise at w* that Table 2 writes it with: σ², t or T₀.
    size: &'static str,
    size_of: fn(&Setting<Rational>) -> Result<Rational, StudyError>,
    /// Puts noise of a given strength into a model, and returns the weight decay that belongs to it.
    put: fn(&mut Gaussian<Rational>, &Rational) -> Rational,
    /// The findings with one weight and with two.
    findings: [&'static str; 2],
    claim: &'static StudyClaim,
}

static LABEL_NOISE: Source = Source {
    name: "label noise",
    symbol: "σ²",
    strengths: [(1, 4), (1, 1), (4, 1)],
    size: "σ²",
    size_of: |setting| Ok(least_train_loss(setting)? * 2u32),
    put: |model, strength| {
        model.label_noise_variance = strength.clone();
        Rational::new()
    },
    findings: [
        "The approximation would be right at σ² = 1 − 2λa/(S(2 − λa)) in discrete time, at 1 − λa(S + 2)/(2S) in continuous time: it \
         knows nothing of σ².\nIts error vanishes as λ → 0, and in discrete time as S → ∞, for σ² = 1 alone; otherwise a factor \
         1/σ² remains. Without label noise Σ = 0, and the factor is infinite.",
        "The same factor 1/σ² remains in both directions as λ → 0, in discrete time also as S → ∞; far from the limits the \
         direction of the larger curvature has the smaller quotient.",
    ],
    claim: &registry::approximation::LABEL_NOISE,
};

static INPUT_NOISE: Source = Source {
    name: "input noise",
    symbol: "b",
    strengths: [(1, 15), (1, 3), (1, 1)],
    size: "t",
    size_of: |setting| Ok(least_train_loss(setting)? * 2u32),
    put: |model, strength| {
        model.input_noise_covariance.fill_diagonal(strength.clone());
        Rational::new()
    },
    findings: [
        "As with label noise, t in place of σ² and k = a + b in place of a: the approximation would be right at \
         t = 1 − 2λk/(S(2 − λk)) in discrete time,\nat 1 − λk(S + 2)/(2S) in continuous time, and its error vanishes in a limit for t = 1 \
         alone.",
        "A factor 1/t remains in both directions as λ → 0, in discrete time also as S → ∞.",
    ],
    claim: &registry::approximation::INPUT_NOISE,
};

static REGULARIZATION: Source = Source {
    name: "regularization",
    symbol: "γ",
    strengths: [(-1, 4), (1, 10), (1, 1)],
    size: "T₀",
    size_of: |setting| Ok(least_test_loss(setting)? * 2u32),
    put: |_, strength| strength.clone(),
    findings: [
        "The approximation would be right at T₀ = k/(2a) − λa/(S(2 − λk)) in discrete time, at k(2 − λk)/(4a) − λa/(2S) in \
         continuous time, k = a + γ.\nIts error vanishes as λ → 0, and in discrete time as S → ∞, for T₀ = k/(2a) alone. Without \
         weight decay Σ = 0, and it is off by an infinite factor.",
        "In no limit right with any strength of the noise: as λ → 0, or S → ∞ in discrete time, the factors of the two \
         directions stay apart,\nas the noise at w* is T₀A + A²K⁻²Γ²U, which is not proportional to K.",
    ],
    claim: &registry::approximation::REGULARIZATION,
};

impl Source {
    fn setting(
        &self,
        curvatures: &[(u32, u32)],
        rate: &Rational,
        size: u32,
        strength: &Rational,
    ) -> Result<Setting<Rational>, SettingError> {
        let D = curvatures.len();
        let mut model = Gaussian {
            feature_covariance: Matrix::from_fn(D, D, |i, j| match i == j {
                true => Rational::from(curvatures[i]),
                false => Rational::new(),
            }),
            input_noise_covariance: Matrix::zeros(D, D),
            label_noise_variance: Rational::new(),
            true_weights: Vector::from_fn(D, |i, _| Rational::from(if i == 0 { 2 } else { 0 })),
        };
        let decay = (self.put)(&mut model, strength);
        let scalar = |value: &Rational| matrix::identity(D) * value.clone();
        Setting::new(Population::Gaussian(model), scalar(rate), BatchSize::new(size)?)?
            .with_weight_decay(scalar(&decay))
    }

    /// A row for every strength, learning rate and batch size, with the cells that `cells` makes there.
    fn rows(
        &self,
        curvatures: &[(u32, u32)],
        cells: impl Fn(&Setting<Rational>, &Moments<Rational>, &Rational) -> Result<Vec<String>, StudyError>,
    ) -> Result<Vec<Vec<String>>, StudyError> {
        let mut rows = Vec::new();
        for strength in self.strengths.map(Rational::from) {
            for (rate, batch) in RATES.into_iter().flat_map(|rate| SIZES.map(|batch| (Rational::from(rate), batch))) {
                let setting = self.setting(curvatures, &rate, batch, &strength)?;
                let size = (self.size_of)(&setting)?;
                let mut row = vec![strength.to_string(), rounded(&size, DIGITS), rate.to_string(), batch.to_string()];
                match exact::stationary(&setting) {
                    Ok(exact) => row.extend(cells(&setting, &exact, &size)?),
                    Err(ExactError::Unstable) => row.push("unstable".into()),
                    Err(error) => return Err(error.into()),
                }
                if self.symbol == self.size {
                    row.remove(0);
                }
                rows.push(row);
            }
        }
        Ok(rows)
    }

    fn heads(&self) -> Vec<String> {
        let first = if self.symbol == self.size { Vec::new() } else { heads([self.symbol]) };
        [first, heads([self.size, "λ", "S"])].concat()
    }
}

/// The quotients of approximation over exact: of the diagonal of Σ, then of the parts that Σ adds to the training loss
/// and to the test loss. `None` where the exact number is zero.
fn quotients(
    setting: &Setting<Rational>,
    exact: &Moments<Rational>,
    time: Time,
) -> Result<Vec<Option<Rational>>, StudyError> {
    let approximate = fluctuation(setting, time)?;
    let diagonal = (0..setting.dimension()).map(|i| (approximate[(i, i)].clone(), exact.fluctuation[(i, i)].clone()));
    let mut pairs = Vec::from_iter(diagonal);
    let least = least_train_loss(setting)?;
    pairs.push((train_loss(setting, time)? - &least, exact.train_loss.clone() - least));
    if let Some(loss) = &exact.test_loss {
        let least = least_test_loss(setting)?;
        pairs.push((test_loss(setting, time)? - &least, loss.clone() - least));
    }
    Ok(Vec::from_iter(pairs.into_iter().map(|(claimed, found)| (!found.is_zero()).then(|| claimed / found))))
}

fn cell(quotient: &Option<Rational>) -> String {
    quotient.as_ref().map_or_else(|| "∞".into(), |quotient| rounded(quotient, DIGITS))
}

/// The table for one weight.
///
/// Σ and the parts that it adds to the losses are proportional to each other, so that there is one quotient. The exact
/// Σ is linear in the size of the noise, so that the quotient tells at which size the approximation would be right.
fn one_weight(source: &Source) -> Result<Table, StudyError> {
    let rows = source.rows(ONE, |setting, exact, size| {
        let mut cells = vec![rounded(&exact.fluctuation[(0, 0)], DIGITS)];
        for time in Time::ALL {
            let quotient = quotients(setting, exact, time)?.swap_remove(0);
            cells.extend([cell(&quotient), quotient.map_or_else(|| "–".into(), |q| rounded(&(q * size), DIGITS))]);
        }
        Ok(cells)
    })?;
    let right = format!("right at {}", source.size);
    let header = [source.heads(), heads(["Σ", "discrete", &right, "continuous", &right])].concat();
    let title = format!("{}, one weight, a = 1: approximation over exact", source.name);
    Ok(Table { title, header, rows, finding: source.findings[0], judged: Vec::new() })
}

fn two_weights(source: &Source) -> Result<Table, StudyError> {
    let rows = source.rows(TWO, |setting, exact, _| {
        let mut cells = Vec::new();
        for time in Time::ALL {
            cells.extend(quotients(setting, exact, time)?.iter().map(cell));
        }
        Ok(cells)
    })?;
    let quantities = ["Σ₁₁", "Σ₂₂", "L_train", "L_test"];
    let continuous = quantities.map(|quantity| format!("{quantity} cont."));
    let header = [source.heads(), heads(quantities), continuous.to_vec()].concat();
    let title = format!("{}, A = diag(3/2, 1/2): approximation over exact", source.name);
    Ok(Table { title, header, rows, finding: source.findings[1], judged: Vec::new() })
}

/// A learning rate and a batch size that are as good as λ = 0 and S = ∞, to the digits of a table.
const VANISHING: (u32, u32) = (1, 1 << 31);
const ENDLESS: u32 = 1 << 31;

/// The quotients in the limits: λ → 0 at S = 10, and S → ∞ at λ = 1/2.
fn limits() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut judged = Vec::new();
    for source in [&LABEL_NOISE, &INPUT_NOISE, &REGULARIZATION] {
        let mut found = Vec::new();
        let mut certified = Certified::default();
        for strength in source.strengths.map(Rational::from).iter() {
            for (curvatures, quantities) in [(ONE, &["Σ"][..]), (TWO, &["Σ₁₁", "Σ₂₂", "L_train", "L_test"])]
            {
                let mut columns = Vec::new();
                let mut size = Rational::new();
                for (rate, batch) in [(VANISHING, 10), ((1, 2), ENDLESS)] {
                    let setting = source.setting(curvatures, &rate.into(), batch, strength)?;
                    size = (source.size_of)(&setting)?;
                    let exact = exact::stationary(&setting)?;
                    certified.compare(&setting, &exact.fluctuation)?;
                    for time in Time::ALL {
                        columns.push(quotients(&setting, &exact, time)?);
                        // The approximation of continuous time claims nothing about S → ∞ at a given λ.
                        if time == Time::Discrete || batch != ENDLESS {
                            found.extend(columns.last().into_iter().flatten().flatten().cloned());
                        }
                    }
                }
                rows.extend(quantities.iter().enumerate().map(|(i, quantity)| {
                    let place = [source.name.into(), format!("{} = {strength}", source.symbol), rounded(&size, DIGITS)];
                    let place = [&place[..], &[curvatures.len().to_string(), (*quantity).into()]].concat();
                    [place, Vec::from_iter(columns.iter().map(|column| cell(&column[i])))].concat()
                }));
            }
        }
        let right = found.iter().all(|quotient| matches!(rounded(quotient, DIGITS).as_str(), "1" | "1.0000"));
        let [least, most] = ends(&found, |quotient| rounded(quotient, DIGITS));
        let measured = format!("approximation over exact is {least} to {most} in its limits; {}", certified.said());
        judged.push(
            certified
                .figures(Judged::new(source.claim, right && certified.agrees(), measured))
                .with_range("approximation_over_exact", found.iter().map(nearest_f64)),
        );
    }
    let header = heads(["noise of", "strength", "size", "D", "quantity", "λ → 0", "continuous", "S → ∞", "continuous"]);
    let title = "approximation over exact in the limits: λ → 0 at S = 10, S → ∞ at λ = 1/2".into();
    let finding = "With one weight a limit is right where the size of the noise is 1 (σ² and t) or k/(2a) (T₀), and nowhere else. \
                   Continuous time keeps an error as S → ∞ at any size that does not depend on λ.\nWith two, regularization is right in none.";
    Ok(Table { title, header, rows, finding, judged })
}

#[cfg(test)]
mod tests {
    use super::*;
    use matrix_equations::faer::MatRef;
    use matrix_equations::{continuous, discrete};
    use proptest::prelude::*;

    /// A, B and Γ that do not commute, and a λ with λK ≺ I/2.
    fn settings() -> impl Strategy<Value = Setting<Rational>> {
        let integers = |count| prop::collection::vec(-2i64..3, count);
        (integers(9), integers(9), integers(9), integers(3), 1u32..9, 0i64..4, 1i64..4).prop_map(|parts| {
            let (a, b, decay, u, batch, label_noise, eighths) = parts;
            let gram = |entries: Vec<i64>| {
                let F = Matrix::from_iterator(3, 3, entries.into_iter().map(Rational::from));
                &F * F.transpose()
            };
            let model = Gaussian {
                feature_covariance: gram(a) + matrix::identity(3),
                input_noise_covariance: gram(b),
                label_noise_variance: Rational::from(label_noise),
                true_weights: Vector::from_iterator(3, u.into_iter().map(Rational::from)),
            };
            let K = &model.feature_covariance + &model.input_noise_covariance + gram(decay.clone());
            let rate = Rational::from((eighths, 8)) / matrix::trace(&K);
            Setting::new(Population::Gaussian(model), matrix::identity(3) * rate, BatchSize::new(batch).unwrap())
                .and_then(|setting| setting.with_weight_decay(gram(decay)))
                .unwrap()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

        /// Eqs. (18) and (34): Σ = MΣMᵀ + ΛKΛ/S with M = I − ΛK; and (23): ΛKΣ + ΣKΛ = ΛKΛ/S.
        #[test]
        fn the_approximation_solves_its_equations(setting in settings()) {
            let setting = setting.map(nearest_f64);
            let LK = setting.learning_rate() * setting.hessian();
            let Q = &LK * setting.learning_rate() / setting.draws().to_owned();
            let Q = (&Q + Q.transpose()) / 2.0;
            let view = |M: &Matrix<f64>| MatRef::from_column_major_slice(M.as_slice(), 3, 3).to_owned();
            let (M, A, Q) = (view(&(Matrix::identity(3, 3) - &LK)), view(&-LK), view(&Q));
            let solved = [discrete::solve(M.as_ref(), Q.as_ref()).unwrap(), continuous::solve(A.as_ref(), Q.as_ref()).unwrap()];
            for (time, solution) in Time::ALL.into_iter().zip(solved) {
                let found = fluctuation(&setting, time).unwrap();
                let distance = (view(&found) - &solution.X).norm_l2() / solution.X.norm_l2();
                prop_assert!(distance < 1e-12, "{:?}: {}", time, distance);
            }
        }

        /// Each loss of the exact engine is the loss at w* as Table 2 has it, plus a part that is linear in Σ.
        #[test]
        fn the_losses_at_the_minimizer_are_exact(setting in settings()) {
            let Ok(exact) = exact::stationary(&setting) else { return Ok(()) };
            let half = |M: Matrix<Rational>| matrix::trace(&(M * &exact.fluctuation)) / 2u32;
            prop_assert_eq!(least_train_loss(&setting).unwrap() + half(setting.hessian()), exact.train_loss.clone());
            let test_loss = least_test_loss(&setting).unwrap() + half(setting.feature_covariance());
            prop_assert_eq!(Some(test_loss), exact.test_loss);
        }

        /// The sizes of the noise at which the tables say that the approximation would be right.
        #[test]
        fn findings_are_identities(curvature in 1u32..5, strength in 1i32..5, batch in 1u32..20, rate in 1u32..20) {
            let (a, S, rate) = (Rational::from(curvature), Rational::from(batch), Rational::from((rate, 40)));
            for source in [&LABEL_NOISE, &INPUT_NOISE, &REGULARIZATION] {
                let setting = source.setting(&[(curvature, 1)], &rate, batch, &strength.into()).unwrap();
                let Ok(exact) = exact::stationary(&setting) else { continue };
                let k = setting.hessian()[(0, 0)].clone();
                let rest: Rational = Rational::from(2) - rate.clone() * &k;
                let shares = [rate.clone() / (S.clone() * &rest), rate.clone() / S.clone() / 2u32];
                let right = if source.name == "regularization" {
                    let flat: Rational = k.clone() / (a.clone() * 2u32);
                    [flat.clone() - a.clone() * &shares[0], flat * rest / 2u32 - a.clone() * &shares[1]]
                } else {
                    let [discrete, _] = &shares;
                    let continuous = rate.clone() * &k * (S.clone() + 2u32) / (S.clone() * 2u32);
                    [Rational::from(1) - discrete.clone() * &k * 2u32, Rational::from(1) - continuous]
                };
                let size = (source.size_of)(&setting).unwrap();
                for (time, right) in Time::ALL.into_iter().zip(right) {
                    for quotient in quotients(&setting, &exact, time).unwrap() {
                        prop_assert_eq!(quotient.unwrap() * &size, right.clone(), "{}, {:?}", source.name, time);
                    }
                }
            }
        }
    }

    #[test]
    fn without_noise_nothing_fluctuates_but_the_approximation_does() {
        for source in [&LABEL_NOISE, &INPUT_NOISE, &REGULARIZATION] {
            let setting = source.setting(ONE, &(1, 2).into(), 10, &Rational::new()).unwrap();
            let exact = exact::stationary(&setting).unwrap();
            assert_eq!(quotients(&setting, &exact, Time::Discrete).unwrap(), [None, None, None]);
            assert_eq!(fluctuation(&setting, Time::Discrete).unwrap(), matrix::scalar(Rational::from((1, 30))));
        }
    }

    /// The factors by which the directions stay apart under regularization.
    #[test]
    fn regularization_keeps_a_factor_between_the_directions() {
        for (strength, factor) in REGULARIZATION.strengths.into_iter().zip(["1.20000", "2.25000", "3.60000"]) {
            let setting = REGULARIZATION.setting(TWO, &VANISHING.into(), 10, &strength.into()).unwrap();
            let exact = exact::stationary(&setting).unwrap();
            let found = quotients(&setting, &exact, Time::Discrete).unwrap();
            let apart = found[1].clone().unwrap() / found[0].clone().unwrap();
            assert_eq!(rounded(&apart, 6), factor);
        }
    }
}
