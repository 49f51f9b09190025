//! Settings whose parameters are variables: what a proof runs over.
//!
//! A claim about all settings is an identity between rational functions of their parameters. A family names these
//! parameters, and makes the setting that has given values of them, over any field. Each hypothesis of a claim narrows
//! a family to the part that satisfies it; conditions that are inequalities (a stationary state exists, A ≻ 0, N ≫ S)
//! narrow no identity.

mod parts;

use std::fmt;

use numbers::{Matrix, Scalar, Vector, matrix};
use rug::Rational;
use symbols::{BatchSize, DataSet, Gaussian, Population, Sampling, Setting};

use crate::ClaimError;
use crate::parameters::{Names, Parameter, Source, Weights};

pub use parts::{Beside, Decay, Rate, Samples};

/// Settings of one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// D.
    pub dimension: usize,
    /// Whether every matrix is diagonal: by a rotation, all settings where they commute.
    pub diagonal: bool,
    /// Whether A = aI.
    pub isotropic: bool,
    /// Which matrix is diagonal together with A, where not all are.
    pub beside_features: Option<Beside>,
    /// Where samples come from.
    pub samples: Samples,
    /// What Λ is.
    pub learning_rate: Rate,
    /// Whether μ is a variable, and not 0.
    pub momentum: bool,
    /// What Γ is.
    pub weight_decay: Decay,
    /// Whether B is variable, and not 0.
    pub input_noise: bool,
    /// Whether some weights fit every label: σ² = 0.
    pub fitted: bool,
    /// How many components of u, the first ones, are variable, and not 0.
    pub true_weights: usize,
    /// Whether Γ ⪰ 0. An inequality narrows no family by itself; together with an equation it may.
    pub nonnegative: bool,
    /// Whether w₀ is the minimizer, and not a variable.
    pub at_minimum: bool,
    /// Whether xᵢᵀw₀ − yᵢ is the same for each i, of a data set.
    pub equal_residuals: bool,
}

/// N and S of the data sets whose minibatches are enumerated for a proof, in one dimension.
const ENUMERATED: [(usize, u32); 7] = [(2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (3, 3), (4, 1)];

impl Family {
    /// The families of a dimension: Gaussian ones, and data sets of a few sizes. For a quantity `of_one_minibatch`, S
    /// is a number, as minibatches are enumerated; for the stationary state it is a variable.
    pub fn all(dimension: usize, diagonal: bool, of_one_minibatch: bool) -> Vec<Family> {
        let family = |samples| Family {
            dimension,
            diagonal,
            isotropic: false,
            beside_features: None,
            samples,
            learning_rate: Rate::Free,
            momentum: true,
            weight_decay: Decay::Free,
            input_noise: samples == Samples::Gaussian,
            fitted: false,
            true_weights: dimension,
            nonnegative: false,
            at_minimum: false,
            equal_residuals: false,
        };
        let sizes = match (of_one_minibatch, dimension) {
            (false, _) => vec![(dimension + 1, None)],
            (true, 1) => ENUMERATED.map(|(N, S)| (N, Some(S))).to_vec(),
            (true, _) => vec![(dimension + 2, Some(1)), (dimension + 1, Some(2))],
        };
        let mut families = vec![family(Samples::Gaussian)];
        for (count, batch_size) in sizes {
            families.push(family(Samples::Data { count, batch_size, sampling: Sampling::WithReplacement }));
            if batch_size.is_none_or(|S| S as usize <= count) {
                families.push(family(Samples::Data { count, batch_size, sampling: Sampling::WithoutReplacement }));
            }
        }
        families
    }

    /// Whether A commutes with the other matrices: that of a data set is not diagonal where the others are.
    pub(crate) fn is_commuting(&self) -> bool {
        self.diagonal && (self.dimension == 1 || self.samples == Samples::Gaussian)
    }

    /// The part in which a matrix commutes with A, which asks nothing where one of the two is a multiple of I.
    pub(crate) fn with_beside(self, beside: Beside) -> Option<Family> {
        let is_scalar = match beside {
            Beside::WeightDecay => matches!(self.weight_decay, Decay::None | Decay::Scalar),
            Beside::InputNoise => !self.input_noise,
        };
        if is_scalar || self.isotropic { Some(self) } else { self.with_axes(beside) }
    }

    /// The part in which a matrix commutes with A, on axes that are eigenvectors of both: a rotation makes both diagonal,
    /// and leaves all others as free as they were. None where another one commutes with A already, and where the samples
    /// are a data set, whose A no rotation makes diagonal.
    pub(crate) fn with_axes(self, beside: Beside) -> Option<Family> {
        let is_taken =
            self.learning_rate == Rate::Polynomial || self.beside_features.is_some_and(|other| other != beside);
        match self.samples {
            _ if self.is_commuting() => Some(self),
            Samples::Gaussian if !self.diagonal && !is_taken => Some(Family { beside_features: Some(beside), ..self }),
            _ => None,
        }
    }

    /// Whether a family of any matrices is but that of diagonal ones.
    pub(crate) fn is_repeated(&self) -> bool {
        let is_free = |M: Beside| self.beside_features != Some(M);
        self.dimension > 1
            && self.beside_features.is_some()
            && self.learning_rate != Rate::Free
            && !(self.input_noise && is_free(Beside::InputNoise))
            && !(self.weight_decay == Decay::Free && is_free(Beside::WeightDecay))
    }

    /// Whether all of a family is known: what makes residuals equal moves u, which has to stay where Γ u = 0.
    pub(crate) fn is_whole(&self) -> bool {
        !(self.equal_residuals && self.fitted && self.weight_decay != Decay::None)
    }

    /// N and S, where they are numbers.
    pub fn counts(&self) -> Option<(usize, u32)> {
        match self.samples {
            Samples::Gaussian => None,
            Samples::Data { count, batch_size, .. } => Some((count, batch_size?)),
        }
    }

    /// How minibatches are drawn.
    pub fn sampling(&self) -> Sampling {
        match self.samples {
            Samples::Gaussian => Sampling::WithReplacement,
            Samples::Data { sampling, .. } => sampling,
        }
    }

    /// The parameters, in the order in which [`setting`](Self::setting) takes their values.
    pub fn parameters(&self) -> Vec<Parameter> {
        let mut names = Names { parameters: Vec::new(), dimension: self.dimension };
        // That w₀ may have no value where all are 1 comes too late to matter.
        let _: Result<Setting<Rational>, ClaimError> = self.build(&mut names);
        names.parameters
    }

    /// The setting with these values of the parameters.
    ///
    /// # Errors
    /// [`ClaimError`] where the minimizer that w₀ should be does not exist, or features that fit it do not.
    pub fn setting<T: Scalar>(&self, values: &[T]) -> Result<Setting<T>, ClaimError> {
        self.build(&mut values.iter().cloned())
    }

    fn build<T: Scalar>(&self, source: &mut impl Source<T>) -> Result<Setting<T>, ClaimError> {
        let D = self.dimension;
        let none = Matrix::zeros(D, D);
        let population = match self.samples {
            Samples::Gaussian => {
                let A = match self.isotropic {
                    true => self.multiple_of_identity("a", source),
                    false => self.symmetric("a", 2, self.beside_features.is_some(), source),
                };
                let B = match self.input_noise {
                    true => self.symmetric("b", 2, self.is_beside(Beside::InputNoise), source),
                    false => none.clone(),
                };
                let of_labels = Weights { of: None, power: 0, label: 2 };
                let variance = if self.fitted { T::zero() } else { source.next("σ²", of_labels) };
                // Without weight decay and input noise the true weights are but the origin.
                let shifted = self.weight_decay != Decay::None || self.input_noise;
                let u = if shifted { column("u", self.true_weights, source) } else { Vector::zeros(0) };
                let u = u.resize_vertically(D, T::zero());
                Population::Gaussian(Gaussian {
                    feature_covariance: A,
                    input_noise_covariance: B,
                    label_noise_variance: variance,
                    true_weights: u,
                })
            }
            Samples::Data { count, .. } => {
                let features = Matrix::from_fn(count, D, |n, i| {
                    source.next(&format!("x{n}"), Weights { of: Some((i, i)), power: 1, label: 0 })
                });
                let labels = if self.equal_residuals {
                    // Known with w₀.
                    Vector::zeros(count)
                } else if self.fitted {
                    &features * column("c", self.true_weights, source).resize_vertically(D, T::zero())
                } else {
                    Vector::from_fn(count, |n, _| {
                        source.next(&format!("y{n}"), Weights { of: None, power: 0, label: 1 })
                    })
                };
                Population::Data(DataSet { features, labels })
            }
        };
        let G = match self.weight_decay {
            Decay::None => none,
            Decay::Eigenvector => {
                let along = self.true_weights;
                let mut next = |of| source.next("γ", Weights { of, power: 2, label: 0 });
                let first = next((along == 1).then_some((0, 0)));
                let diagonal = Vector::from_fn(D, |i, _| if i < along { first.clone() } else { next(Some((i, i))) });
                Matrix::from_diagonal(&diagonal)
            }
            Decay::Beside => {
                let mut G = self.symmetric("γ", 2, self.is_beside(Beside::WeightDecay), source);
                G.rows_mut(0, self.true_weights).fill(T::zero());
                G.columns_mut(0, self.true_weights).fill(T::zero());
                G
            }
            Decay::Scalar => self.multiple_of_identity("γ", source),
            Decay::Free => self.symmetric("γ", 2, self.is_beside(Beside::WeightDecay), source),
        };
        let A = match &population {
            Population::Gaussian(model) => model.feature_covariance.clone(),
            Population::Data(data) => data.features.transpose() * &data.features,
        };
        let free = Weights { of: None, power: 0, label: 0 };
        let L = match self.learning_rate {
            Rate::Free => self.symmetric("λ", -2, false, source),
            Rate::Scalar => {
                let all = Weights { of: None, power: -2, label: 0 };
                matrix::identity::<T>(D) * source.next("λ", all)
            }
            Rate::Polynomial if self.is_commuting() => self.symmetric("λ", -2, false, source),
            Rate::Polynomial => {
                let powers = (0..D).scan(matrix::identity::<T>(D), |power, _| {
                    let this = power.clone();
                    *power = &*power * &A;
                    Some(this)
                });
                powers.map(|power| power * source.next("λ", free)).sum()
            }
            // λ stands for λ/det A.
            Rate::Inverse => {
                let all = Weights { of: None, power: -2, label: 0 };
                adjugate(&A) * source.next("λ", all)
            }
        };
        let counts = self.counts();
        let batch_size = BatchSize::new(counts.map_or(1, |(_, S)| S))?;
        let mut setting = Setting::new(population, L, batch_size)?.with_weight_decay(G)?;
        if let Samples::Data { sampling, .. } = self.samples {
            setting = setting.with_sampling(sampling)?;
        }
        let momentum = if self.momentum { source.next("μ", free) } else { T::zero() };
        let draws = if counts.is_some() { setting.draws().clone() } else { source.next("S", free) };
        let setting = setting.with_indeterminates(momentum, draws);
        if self.equal_residuals {
            let residual = source.next("r", Weights { of: None, power: 0, label: 1 });
            let free = column("w", D, source);
            return self.with_equal_residuals(setting, residual, free);
        }
        let start = if self.at_minimum {
            setting.minimizer().map_err(|source| ClaimError::Inverse { matrix: "K", source })?
        } else {
            column("w", D, source)
        };
        Ok(setting.with_initial_weights(start)?)
    }

    /// The setting with w₀ and labels for which every xᵢᵀw₀ − yᵢ is `residual`. Signs are no loss: (−x, −y) has the
    /// loss of (x, y).
    ///
    /// Then ∇L₀(w₀) is the mean feature times `residual`: a minimizer w₀ is −Γ⁻¹∇L₀(w₀), and for Γ = 0 it is `free` and
    /// the features come in pairs ±x.
    fn with_equal_residuals<T: Scalar>(
        &self,
        setting: Setting<T>,
        residual: T,
        free: Vector<T>,
    ) -> Result<Setting<T>, ClaimError> {
        let Population::Data(DataSet { mut features, .. }) = setting.population().clone() else {
            return Err(ClaimError::NeedsDataSet);
        };
        if self.fitted {
            // Without weight decay the true weights are but the origin, and the last coordinates make xᵢᵀw₀ what it
            // should be.
            let last = self.dimension - 1;
            if free[last].is_zero() {
                return Err(ClaimError::Pole { denominator: "the last weight" });
            }
            let known = features.columns(0, last) * free.rows(0, last);
            features.set_column(last, &known.map(|known| (residual.clone() - known) / &free[last]));
            let population = Population::Data(DataSet { labels: Vector::zeros(features.nrows()), features });
            return Ok(setting.with_population(population)?.with_initial_weights(free)?);
        }
        let start = match (self.at_minimum, self.weight_decay) {
            (false, _) => free,
            (true, Decay::None) => {
                let half = features.rows(0, features.nrows() / 2).into_owned();
                features = matrix::stacked(&half, &-&half);
                free
            }
            (true, _) => crate::draw::equal_residual_minimizer(&features, &residual, setting.weight_decay())?,
        };
        let labels = (&features * &start).map(|prediction| prediction - &residual);
        Ok(setting.with_population(Population::Data(DataSet { features, labels }))?.with_initial_weights(start)?)
    }

    /// I times a variable, which has the units of A.
    fn multiple_of_identity<T: Scalar>(&self, name: &str, source: &mut impl Source<T>) -> Matrix<T> {
        let D = self.dimension;
        matrix::identity::<T>(D) * source.next(name, Weights { of: None, power: 2, label: 0 })
    }

    fn is_beside(&self, M: Beside) -> bool {
        self.beside_features == Some(M)
    }

    /// A symmetric matrix of variables, diagonal where it or all of them are.
    fn symmetric<T: Scalar>(&self, name: &str, power: i32, diagonal: bool, source: &mut impl Source<T>) -> Matrix<T> {
        let D = self.dimension;
        let mut M = Matrix::zeros(D, D);
        for i in 0..D {
            for j in 0..=i {
                if i == j || !(diagonal || self.diagonal) {
                    let value = source.next(name, Weights { of: Some((i, j)), power, label: 0 });
                    M[(i, j)] = value.clone();
                    M[(j, i)] = value;
                }
            }
        }
        M
    }
}

/// A⁻¹ det A up to the sign, a polynomial.
fn adjugate<T: Scalar>(A: &Matrix<T>) -> Matrix<T> {
    let start = matrix::identity::<T>(A.nrows());
    let M = (1..A.nrows()).fold(start, |M, k| matrix::faddeev_leverrier_step(A, &M, k).1);
    // Symmetric, but bounds of degrees need not be.
    Matrix::from_fn(M.nrows(), M.ncols(), |i, j| M[(i.max(j), i.min(j))].clone())
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D = {}", self.dimension)?;
        if self.dimension > 1 && self.isotropic {
            f.write_str(", A = aI")?;
        }
        if self.dimension > 1 {
            f.write_str(match self.beside_features {
                _ if self.diagonal => ", commuting",
                None => ", any matrices",
                Some(Beside::WeightDecay) => ", any matrices but A and Γ commute",
                Some(Beside::InputNoise) => ", any matrices but A and B commute",
            })?;
        }
        match self.samples {
            Samples::Gaussian => f.write_str(", Gaussian"),
            Samples::Data { count, batch_size: Some(S), sampling } => write!(f, ", N = {count}, S = {S}, {sampling}"),
            Samples::Data { count, batch_size: None, sampling } => write!(f, ", N = {count}, {sampling}"),
        }
    }
}

fn column<T: Scalar>(name: &str, D: usize, source: &mut impl Source<T>) -> Vector<T> {
    Vector::from_fn(D, |i, _| source.next(name, Weights { of: Some((i, i)), power: -1, label: 1 }))
}
