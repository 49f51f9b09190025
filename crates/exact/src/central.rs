//! Central moments of one weight up to the fourth: what tells how far a measured variance may be off.
//!
//! With v = w − w*, a sample's gradient is (p + γ) v + q with p = x̃² and q = x̃ (x̃w* − y) + γw*, of mean zero. For
//! the means P and Q of p and q over a minibatch, eq. (1) is linear in the state, with coefficients independent of it:
//!
//! ```text
//! m' = μ m + (P + γ) v + Q,    v' = v − λ m'
//! ```
//!
//! So E\[v'ⁱ m'ʲ\] is linear in the moments E\[vᵏ mˡ\], k + l ≤ i + j, with coefficients made of E\[PᵃQᵇ\]; those of
//! one degree solve a system with the lower ones on the right.

mod minibatch;
mod schur;

use std::collections::BTreeMap;

use numbers::{Matrix, matrix};
use rug::Rational;
use symbols::Setting;

use crate::ExactError;
use minibatch::MinibatchMoments;

/// Central moments of the stationary w.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CentralMoments {
    /// E\[(w − w*)²\] = Σ, units (2, 0).
    pub second: Rational,
    /// E\[(w − w*)³\], units (3, 0).
    pub third: Rational,
    /// E\[(w − w*)⁴\], units (4, 0).
    pub fourth: Rational,
}

impl CentralMoments {
    /// E\[(w − w*)⁴\]/Σ², 3 for a Gaussian; `None` where w does not fluctuate.
    ///
    /// The variance measured from n independent draws has the variance (kurtosis − 1) Σ²/n.
    pub fn kurtosis(&self) -> Option<Rational> {
        (!self.second.is_zero()).then(|| self.fourth.clone() / &self.second / &self.second)
    }
}

/// The central moments of one weight, exactly.
///
/// Any λ, γ, input noise and momentum; Gaussian features with Gaussian label noise, or a data set, for either sampling.
///
/// # Solvability
/// The moments of degree 4 converge if and only if the matrix that maps them to the next ones has a spectral radius
/// below 1, which the Schur–Cohn test decides in rational arithmetic.
///
/// # Errors
/// [`ExactError::Dimension`], [`ExactError::SingularHessian`], [`ExactError::Unstable`], and [`ExactError::HeavyTail`]
/// where the variance exists and the fourth moment does not.
///
/// # Example
/// One weight, x ~ N(0, 1), label noise of variance 1, λ = 1/4, S = 1:
/// E\[(1 − x²/4)⁴\] = 1 − 1 + 18/16 − 60/64 + 105/256 < 1.
/// ```
/// use rug::Rational;
/// use numbers::{Vector, matrix::scalar};
/// use symbols::{BatchSize, Gaussian, Population, Setting};
///
/// let q = |n, d| Rational::from((n, d));
/// let population = Population::Gaussian(Gaussian {
///     feature_covariance: scalar(q(1, 1)),
///     input_noise_covariance: scalar(q(0, 1)),
///     label_noise_variance: q(1, 1),
///     true_weights: Vector::from_element(1, q(0, 1)),
/// });
/// let setting = Setting::new(population, scalar(q(1, 4)), BatchSize::new(1)?)?;
/// let moments = exact::central_moments(&setting)?;
/// assert_eq!(moments.second, exact::stationary(&setting)?.fluctuation[(0, 0)]);
/// assert!(moments.kurtosis().is_some_and(|kurtosis| kurtosis > 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn central_moments(setting: &Setting<Rational>) -> Result<CentralMoments, ExactError> {
    let D = setting.dimension();
    if D != 1 {
        return Err(ExactError::Dimension { found: D, expected: 1 });
    }
    let minimizer = setting.minimizer().map_err(|source| ExactError::SingularHessian { source })?;
    let of_minibatch = MinibatchMoments::new(setting, &minimizer[0]);
    let step = Step::new(setting);
    let mut moments =
        BTreeMap::from([((0, 0), Rational::from(1)), ((1, 0), Rational::new()), ((0, 1), Rational::new())]);
    for degree in 2..=4 {
        let (map, constant) = step.of_degree(degree, &of_minibatch, &moments);
        let unstable = if degree == 2 { ExactError::Unstable } else { ExactError::HeavyTail { degree } };
        if !schur::is_contraction(&map) {
            return Err(unstable);
        }
        let order = map.nrows();
        let solution = crate::solve(&(matrix::identity::<Rational>(order) - map), &constant)?;
        moments.extend((0..order).map(|j| ((degree - j as u32, j as u32), solution[(j, 0)].clone())));
    }
    let of_v = |degree| moments.get(&(degree, 0)).cloned().unwrap_or_default();
    Ok(CentralMoments { second: of_v(2), third: of_v(3), fourth: of_v(4) })
}

/// E\[vⁱ mʲ\] by (i, j).
type StateMoments = BTreeMap<(u32, u32), Rational>;

/// Exponents of P, Q, v and m.
type Exponents = [u32; 4];

/// A polynomial in P, Q, v and m.
#[derive(Clone)]
struct Polynomial(BTreeMap<Exponents, Rational>);

impl Polynomial {
    fn times(&self, other: &Polynomial) -> Polynomial {
        let mut product = BTreeMap::new();
        for (x, a) in &self.0 {
            for (y, b) in &other.0 {
                let exponents = [0, 1, 2, 3].map(|i| x[i] + y[i]);
                *product.entry(exponents).or_insert_with(Rational::new) += Rational::from(a * b);
            }
        }
        Polynomial(product)
    }

    fn power(&self, exponent: u32) -> Polynomial {
        let one = Polynomial(BTreeMap::from([([0; 4], Rational::from(1))]));
        (0..exponent).fold(one, |power, _| power.times(self))
    }
}

/// v' and m' as polynomials.
struct Step {
    v: Polynomial,
    m: Polynomial,
}

impl Step {
    fn new(setting: &Setting<Rational>) -> Self {
        let (rate, decay) = (&setting.learning_rate()[(0, 0)], &setting.weight_decay()[(0, 0)]);
        let one = Rational::from(1);
        let m = BTreeMap::from([
            ([0, 0, 0, 1], setting.momentum().clone()),
            ([1, 0, 1, 0], one.clone()),
            ([0, 0, 1, 0], decay.clone()),
            ([0, 1, 0, 0], one.clone()),
        ]);
        let mut v = BTreeMap::from_iter(m.iter().map(|(exponents, c)| (*exponents, -Rational::from(c * rate))));
        *v.entry([0, 0, 1, 0]).or_default() += one;
        Step { v: Polynomial(v), m: Polynomial(m) }
    }

    /// The matrix that maps the moments E\[v^(n−j) mʲ\] of degree n, by j, to the next ones; and what lower degrees
    /// add.
    fn of_degree(
        &self,
        n: u32,
        minibatch: &MinibatchMoments,
        lower: &StateMoments,
    ) -> (Matrix<Rational>, Matrix<Rational>) {
        let order = n as usize + 1;
        let (mut map, mut constant) = (Matrix::zeros(order, order), Matrix::zeros(order, 1));
        for j in 0..=n {
            let next = self.v.power(n - j).times(&self.m.power(j));
            for ([a, b, k, l], coefficient) in next.0 {
                let weight = coefficient * minibatch.of(a, b);
                match lower.get(&(k, l)) {
                    Some(moment) => constant[(j as usize, 0)] += weight * moment,
                    None => map[(j as usize, l as usize)] += weight,
                }
            }
        }
        (map, constant)
    }
}
