//! Averaged iterates: the covariance of the mean of n successive weights, exactly, against closed forms and their
//! limit.
//!
//! The exact engine sums the covariances of the state (v, m) over pairs of times. The claims have the noise C of one step
//! instead, and, where Λ and A commute, the fluctuation of Theorem 2. Chains of draws are summed as they run, wherever their
//! fourth moments exist, without which a mean of squares has no standard error.

use exact::{average_covariance, average_covariance_limit, central_moments_if_any};
use numbers::{Matrix, Vector, decimal, matrix, nearest_f64};
use registry::averages::{COVARIANCE, LIMIT, commuting, covariance, limit};
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Momentum, Population, Setting};
use verify::allowances::ORDER;

use tables::draws::{Chains, STEPS, Scores};
use tables::rational::ends;
use tables::registered::{self, FLUCTUATION};
use tables::{Judged, Study, StudyError, Table, heads};

/// The study.
pub static STUDY: Study =
    Study { name: "averages", subject: "averaged iterates", tables: &[("covariance", of_some), ("limit", of_many)] };

/// Significant digits of what is shown.
const DIGITS: usize = 8;
/// n of the first table.
const COUNTS: [u32; 5] = [1, 2, 3, 10, 100];
/// n of the second.
const MANY: [u32; 2] = [256, 512];
/// How many chains are drawn for each table: the second looks at them more often.
const CHAINS: [usize; 2] = [8192, 2048];
/// Up to how many of their weights are summed for the first table.
const DRAWN: u32 = 10;

/// A setting with its description.
struct Place {
    name: &'static str,
    setting: Setting<Rational>,
    /// Whether it is one of Theorem 2, whose Λ and A commute.
    commutes: bool,
}

fn diagonal(entries: [(i32, u32); 2]) -> Matrix<Rational> {
    Matrix::from_diagonal(&Vector::from_row_slice(&entries.map(Rational::from)))
}

/// Label noise of variance 1.
fn gaussian(A: Matrix<Rational>, rate: Matrix<Rational>, S: u32) -> Result<Setting<Rational>, StudyError> {
    let D = A.nrows();
    let model = Gaussian {
        feature_covariance: A,
        input_noise_covariance: Matrix::zeros(D, D),
        label_noise_variance: Rational::from(1),
        true_weights: Vector::zeros(D),
    };
    Ok(Setting::new(Population::Gaussian(model), rate, BatchSize::new(S)?)?)
}

/// Settings without momentum.
fn places() -> Result<Vec<Place>, StudyError> {
    let q = |n: i32, d: u32| Rational::from((n, d));
    let features = diagonal([(1, 1), (1, 2)]);
    let rate = Matrix::from_row_slice(2, 2, &[q(1, 2), q(1, 8), q(1, 8), q(1, 4)]);
    let rows = Matrix::from_row_slice(3, 2, &[q(1, 1), q(1, 1), q(-1, 1), q(2, 1), q(2, 1), q(0, 1)]);
    let data = DataSet { features: rows, labels: Vector::from_vec(vec![q(1, 1), q(-2, 1), q(1, 1)]) };
    let samples = Setting::new(Population::Data(data), rate.clone() / q(2, 1), BatchSize::new(1)?)?;
    let commuting =
        |name, A, rate, S| Ok::<_, StudyError>(Place { name, setting: gaussian(A, rate, S)?, commutes: true });
    let other = |name, setting| Place { name, setting, commutes: false };
    Ok(vec![
        commuting("one weight, λ = 1/2, S = 1", matrix::scalar(q(1, 1)), matrix::scalar(q(1, 2)), 1)?,
        commuting("A = diag(1, 1/2), λ = 1/2, S = 2", features.clone(), diagonal([(1, 2), (1, 2)]), 2)?,
        commuting("A = diag(1, 1/2), Λ = diag(1/4, 3/4), S = 3", features.clone(), diagonal([(1, 4), (3, 4)]), 3)?,
        other("A = diag(1, 1/2), Λ of another frame, S = 2", gaussian(features, rate, 2)?),
        other("three samples, S = 1", samples.clone()),
        other("three samples, Γ = diag(1/3, 1/2)", samples.with_weight_decay(diagonal([(1, 3), (1, 2)]))?),
    ])
}

/// The sum of the weights of each chain of draws over its next steps.
struct Sums {
    chains: Chains,
    sums: Vec<Vector<f64>>,
}

impl Sums {
    /// Over no steps; `None` without fourth moments, where a mean of squares has no standard error.
    fn of(setting: &Setting<Rational>, chains: usize) -> Result<Option<Self>, StudyError> {
        if central_moments_if_any(setting)?.is_none() {
            return Ok(None);
        }
        let sums = vec![Vector::zeros(setting.dimension()); chains];
        Ok(Some(Sums { chains: Chains::new(setting, chains, 1)?, sums }))
    }

    fn advance(&mut self, steps: usize) -> Result<(), StudyError> {
        for _ in 0..steps {
            self.sums.iter_mut().zip(self.chains.after(1)?).for_each(|(sum, weights)| *sum += weights);
        }
        Ok(())
    }

    /// The square of each sum over `scale`.
    fn squares(&self, scale: f64) -> Vec<Matrix<f64>> {
        Vec::from_iter(self.sums.iter().map(|sum| sum * sum.transpose() / scale))
    }
}

/// How far draws of n cov(w̄) are from the claim, and how far their trace is from that of Σ, which independent iterates
/// would have.
struct Drawn {
    of_claim: Scores,
    of_rival: Scores,
}

impl Drawn {
    fn new() -> Self {
        Drawn { of_claim: Scores::new(), of_rival: Scores::new() }
    }

    /// Compares the mean of one value of n cov(w̄) a chain with the claimed one, and with Σ where n > 1.
    fn compare(
        &mut self,
        values: Vec<Matrix<f64>>,
        claimed: &Matrix<Rational>,
        fluctuation: Option<&Matrix<Rational>>,
    ) {
        if let Some(fluctuation) = fluctuation {
            self.of_rival.compare_numbers(values.iter().map(matrix::trace), nearest_f64(&matrix::trace(fluctuation)));
        }
        self.of_claim.compare(values.into_iter(), &claimed.map(|entry| nearest_f64(&entry)));
    }

    /// The figures in words.
    fn said(&self) -> String {
        format!(
            "{} means over draws are at most {} standard errors from it, and {} at least {} from `Σ`",
            self.of_claim.count(),
            decimal::to_places(self.of_claim.largest(), 1),
            self.of_rival.count(),
            decimal::to_places(self.of_rival.least(), 1),
        )
    }

    /// A verdict with the figures.
    fn figures(&self, judged: Judged) -> Judged {
        judged
            .with("means_over_draws", self.of_claim.count() as f64)
            .with("largest_z_score", self.of_claim.largest())
            .with("least_z_score_of_independent_iterates", self.of_rival.least())
    }
}

/// The mean of a few iterates.
fn of_some() -> Result<Table, StudyError> {
    let theorem = &registered::claim(FLUCTUATION)?.printed;
    let mut rows = Vec::new();
    let [mut all, mut equal, mut of_theorem, mut equal_to_theorem, mut longer, mut of_rival] = [0_usize; 6];
    let mut drawn = Drawn::new();
    for Place { name, setting, commutes } in places()? {
        let moments = exact::stationary(&setting)?;
        let (K, rate) = (setting.hessian(), setting.learning_rate());
        let mut sums = Sums::of(&setting, CHAINS[0])?;
        let mut steps = 0;
        for n in COUNTS {
            let found = average_covariance(&setting, n)? * Rational::from(n);
            let claimed = covariance(n, rate, &K, &moments.fluctuation, &moments.noise_covariance)?;
            all += 1;
            equal += usize::from(found == claimed);
            if let Some(sums) = sums.as_mut().filter(|_| n <= DRAWN) {
                sums.advance((n - steps) as usize)?;
                steps = n;
                drawn.compare(sums.squares(f64::from(n)), &claimed, (n > 1).then_some(&moments.fluctuation));
            }
            if commutes {
                of_theorem += 1;
                let contraction = matrix::identity::<Rational>(K.nrows()) - rate * &K;
                let claimed = commuting(n, &contraction, &registered::value(theorem, &setting)?)?;
                equal_to_theorem += usize::from(found == claimed);
            }
            if n > 1 {
                longer += 1;
                of_rival += usize::from(found == moments.fluctuation);
            }
            let traces = [&found, &claimed, &moments.fluctuation].map(matrix::trace);
            let cells = traces.map(|trace| decimal::exact(&trace, DIGITS));
            rows.push([vec![name.into(), n.to_string()], cells.to_vec()].concat());
        }
    }
    let measured = format!(
        "equal as fractions at {equal} of {all} places, and with the `Σ` of Theorem 2 at {equal_to_theorem} of \
         {of_theorem}; independent iterates would have `Σ`, which it is at {of_rival} of {longer} with more than one of \
         them; {}",
        drawn.said(),
    );
    let holds = equal == all && equal_to_theorem == of_theorem && of_rival == 0 && drawn.of_claim.agree();
    let judged = drawn
        .figures(Judged::new(&COVARIANCE, holds, measured))
        .with("places", all as f64)
        .with("places_where_it_is_equal", equal as f64)
        .with("places_of_theorem_2", of_theorem as f64)
        .with("places_where_it_is_equal_with_theorem_2", equal_to_theorem as f64)
        .with("places_where_independent_iterates_are_equal", of_rival as f64);
    Ok(Table {
        title: "the trace of n cov(w̄) of the mean w̄ of n successive iterates, and of Σ, which it would be if iterates were \
                independent"
            .into(),
        header: heads(["setting", "n", "n cov(w̄)", "claimed", "Σ"]),
        rows,
        finding: "",
        judged: vec![judged],
    })
}

/// The mean of many iterates, with momentum and without.
fn of_many() -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let [mut all, mut equal, mut plain, mut by_loss, mut of_rival] = [0_usize; 5];
    let [mut orders, mut ratios] = [const { Vec::new() }; 2];
    let mut drawn = Drawn::new();
    for Place { name, setting, .. } in places()? {
        for momentum in [(0, 1), (1, 4)].map(Rational::from) {
            let setting = setting.clone().with_momentum(Momentum::new(momentum.clone())?);
            let moments = exact::stationary(&setting)?;
            let K = setting.hessian();
            let claimed = limit(&K, &moments.noise_covariance)?;
            all += 1;
            equal += usize::from(average_covariance_limit(&setting)? == claimed);
            if let Some(test_loss) = &moments.test_loss {
                plain += 1;
                let train_loss = &moments.train_loss;
                let ends = matrix::inverse(&K)? * Rational::from(train_loss * 2) + &moments.fluctuation;
                let of_mean = matrix::trace(&(&K * &claimed)) / Rational::from(2) * setting.draws();
                let by_losses = Rational::from(train_loss * K.nrows() as u32) + test_loss;
                by_loss += usize::from(claimed == ends / setting.draws().clone() && of_mean == by_losses);
            }
            of_rival += usize::from(claimed == moments.fluctuation);
            // By what the square of a sum grows with each step in the second half: the first leaves what does not grow.
            if !momentum.is_zero()
                && let Some(mut sums) = Sums::of(&setting, CHAINS[1])?
            {
                let half = STEPS / 2;
                sums.advance(half)?;
                let before = sums.squares(half as f64);
                sums.advance(half)?;
                let growth = sums.squares(half as f64).into_iter().zip(before).map(|(after, before)| after - before);
                drawn.compare(growth.collect(), &claimed, Some(&moments.fluctuation));
            }
            let scale = matrix::trace(&claimed);
            let mut errors = Vec::new();
            for n in MANY {
                let scaled = matrix::trace(&average_covariance(&setting, n)?) * n;
                errors.push(nearest_f64(&(Rational::from(&scaled / &scale) - Rational::from(1))));
            }
            let order = (errors[0] / errors[1]).log2();
            let fluctuation = matrix::trace(&moments.fluctuation);
            let ratio = Rational::from(&scale / &fluctuation);
            let mut row = vec![name.into(), momentum.to_string(), decimal::exact(&scale, DIGITS)];
            row.extend(errors.iter().map(|error| decimal::measured(*error, 4)));
            row.push(decimal::to_places(order, 3));
            row.extend([&fluctuation, &ratio].map(|value| decimal::exact(value, DIGITS)));
            rows.push(row);
            orders.push(order);
            ratios.push(nearest_f64(&ratio));
        }
    }
    let [slowest, fastest] = ends(&orders, |order| decimal::to_places(*order, 3));
    let [least, most] = ends(&ratios, |ratio| decimal::to_places(*ratio, 2));
    let measured = format!(
        "equal as fractions at {equal} of {all} places, and to the forms by the losses at {by_loss} of {plain}; it is \
         reached with the order {slowest} to {fastest} in `1/n`; independent iterates would have `Σ`, and its trace is \
         {least} to {most} times that of `Σ`; {}",
        drawn.said(),
    );
    let exactly = equal == all && by_loss == plain && of_rival == 0;
    let holds = exactly && orders.iter().all(|order| (order - 1.0).abs() < ORDER) && drawn.of_claim.agree();
    let judged = drawn
        .figures(Judged::new(&LIMIT, holds, measured))
        .with("places", all as f64)
        .with("places_where_it_is_equal", equal as f64)
        .with("places_of_gaussian_samples", plain as f64)
        .with("places_where_the_forms_by_the_losses_are_equal", by_loss as f64)
        .with_range("order", orders.iter().copied())
        .with_range("limit_over_fluctuation", ratios.iter().copied());
    Ok(Table {
        title:
            "the trace of K⁻¹CK⁻¹, to which that of n cov(w̄) tends, the relative difference at two n, and the trace \
                of Σ"
                .into(),
        header: [
            heads(["setting", "μ", "K⁻¹CK⁻¹"]),
            MANY.map(|n| format!("n = {n}")).to_vec(),
            heads(["order", "Σ", "K⁻¹CK⁻¹/Σ"]),
        ]
        .concat(),
        rows,
        finding: "Momentum and the learning rate change the limit by C alone.",
        judged: vec![judged],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One weight, a = σ² = S = 1, λ = 1/2: cov(w̄) = 1, 3/4, 11/18 and the limit 3/n, by hand.
    #[test]
    fn closed_forms_of_one_weight_are_those_by_hand() {
        let q = |n: i32, d: u32| Rational::from((n, d));
        let at = |n: i32, d: u32| matrix::scalar(q(n, d));
        // C = (a²Σ + (σ² + aΣ)a)/S = 3 with Σ = 1.
        for (count, value) in [(1, q(1, 1)), (2, q(3, 2)), (3, q(11, 6)), (10, q(6657, 2560))] {
            let claimed = covariance(count, &at(1, 2), &at(1, 1), &at(1, 1), &at(3, 1)).unwrap();
            assert_eq!(claimed, matrix::scalar(value.clone()));
            assert_eq!(commuting(count, &at(1, 2), &at(1, 1)).unwrap(), matrix::scalar(value));
        }
    }
}
