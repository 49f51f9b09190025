//! The coordinates in which chains run, and the way back to weights.
//!
//! Weights are written as w = w° + P y, with a point of reference w°, and the momentum as m with k = P⁻¹Λm. Of features
//! with the factorization x̃ = N z, z ~ N(0, I), the gradient of one sample is N z e + Γw with the residual
//! e = zᵀp − ε, where p is affine in w. Eq. (1) becomes
//!
//! ```text
//! p = R y + d,   g = (1/S) Σ z e,   k' = μ k + T g + G y + c,   y' = y − k'
//! R = NᵀP,   T = P⁻¹ΛN,   G = P⁻¹ΛΓP,   c = P⁻¹ΛΓw°
//! ```
//!
//! As E\[z e\] = p, the noise of a minibatch is N (g − p): neither weights nor gradients appear in the loop.
//!
//! Where nothing is known about the maps, P = I. Where Γ = 0 and N has an inverse, the law of z, which is that of Oz for
//! any orthogonal O, leaves a choice that makes all maps diagonal: with A = L Lᵀ and LᵀΛL = O diag(ρ) Oᵀ,
//!
//! ```text
//! N = L O,   P = N⁻ᵀ,   R = I,   T = NᵀΛN = diag(ρ),   G = 0,   c = 0,
//! ```
//!
//! for any Λ and A, whether or not they commute, so that a step costs D products beside its draws, and not D².
//!
//! A data set has z = x̃ and N = P = I: then d = ∇L(w°) without the part of Γ, and R = (1/N) Σ xᵢxᵢᵀ.

use symbols::{Matrix, Setting, Vector, matrix};

use crate::linear::{Linear, is_diagonal, product};

/// The maps of a step, and those back to weights and gradients.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// R.
    pub(crate) to_mean: Linear,
    /// d.
    pub(crate) mean: Vec<f64>,
    /// T.
    pub(crate) step: Linear,
    /// G.
    pub(crate) decay: Linear,
    /// c.
    pub(crate) constant: Vec<f64>,
    /// μ.
    pub(crate) momentum: f64,
    /// P.
    weights: Matrix<f64>,
    /// N.
    gradients: Matrix<f64>,
}

/// Features as the samplers draw them: x̃ = N z, E\[x̃y\] = N `label_moment`.
pub(crate) struct Features {
    /// N.
    pub(crate) factor: Matrix<f64>,
    /// E\[z y\].
    pub(crate) label_moment: Vector<f64>,
}

impl Frame {
    /// For Gaussian features, about `reference`; `whiten` where it can be done, is allowed.
    pub(crate) fn of_gaussian(
        setting: &Setting<f64>,
        features: &Features,
        reference: &Vector<f64>,
        whiten: bool,
    ) -> Self {
        let whitening = if whiten { Whitening::of(setting, &features.factor) } else { None };
        let L = setting.learning_rate();
        let D = setting.dimension();
        let centre = |N: &Matrix<f64>, label_moment: &Matrix<f64>| {
            (product(&N.transpose(), &column(reference)) - label_moment).as_slice().to_vec()
        };
        if let Some(Whitening { gradients, weights, rates, rotation }) = whitening {
            return Frame {
                to_mean: Linear::Identity,
                mean: centre(&gradients, &product(&rotation.transpose(), &column(&features.label_moment))),
                step: Linear::Diagonal(rates),
                decay: Linear::Zero,
                constant: vec![0.0; D],
                momentum: *setting.momentum(),
                weights,
                gradients,
            };
        }
        let N = &features.factor;
        let decay = product(L, setting.weight_decay());
        Frame {
            to_mean: Linear::new(&N.transpose()),
            mean: centre(N, &column(&features.label_moment)),
            step: Linear::new(&product(L, N)),
            constant: product(&decay, &column(reference)).as_slice().to_vec(),
            decay: Linear::new(&decay),
            momentum: *setting.momentum(),
            weights: matrix::identity(D),
            gradients: N.clone(),
        }
    }

    /// For a data set, about `reference`.
    pub(crate) fn of_data(setting: &Setting<f64>, reference: &Vector<f64>) -> Self {
        let (L, D, A) = (setting.learning_rate(), setting.dimension(), setting.feature_covariance());
        let decay = product(L, setting.weight_decay());
        Frame {
            mean: (product(&A, &column(reference)) - column(&setting.label_moment())).as_slice().to_vec(),
            to_mean: Linear::new(&A),
            step: Linear::new(L),
            constant: product(&decay, &column(reference)).as_slice().to_vec(),
            decay: Linear::new(&decay),
            momentum: *setting.momentum(),
            weights: matrix::identity(D),
            gradients: matrix::identity(D),
        }
    }

    /// Products that a step takes beside its draws.
    pub(crate) fn cost(&self) -> usize {
        self.to_mean.cost() + self.step.cost() + self.decay.cost() + 2 * self.constant.len()
    }

    /// The length of z.
    pub(crate) fn noise_width(&self) -> usize {
        self.gradients.ncols()
    }

    /// P S Pᵀ: second moments of weights from those of y.
    pub(crate) fn of_weights(&self, second_moment: &Matrix<f64>) -> Matrix<f64> {
        matrix::sandwich(&self.weights, second_moment)
    }

    /// N S Nᵀ: those of gradients from those of g.
    pub(crate) fn of_gradients(&self, second_moment: &Matrix<f64>) -> Matrix<f64> {
        matrix::sandwich(&self.gradients, second_moment)
    }

    /// P y.
    pub(crate) fn weights(&self, y: &[f64]) -> Vector<f64> {
        product(&self.weights, &Matrix::from_column_slice(y.len(), 1, y)).column(0).into_owned()
    }

    /// N g.
    pub(crate) fn gradient(&self, g: &[f64]) -> Vector<f64> {
        product(&self.gradients, &Matrix::from_column_slice(g.len(), 1, g)).column(0).into_owned()
    }

    /// Weights of the y_i² in the size of a fluctuation: (PᵀKP)_ii over the largest K_ii.
    ///
    /// A size in the units of weights that does not change with those of single ones, and in which the directions of high
    /// curvature, whose tails are the heaviest, count most.
    pub(crate) fn size_weights(&self, hessian: &Matrix<f64>) -> Vec<f64> {
        let largest = hessian.diagonal().amax();
        let curvature = matrix::sandwich(&self.weights.transpose(), hessian).diagonal();
        let weight = |curvature: &f64| if largest > 0.0 { curvature.abs() / largest } else { 1.0 };
        curvature.iter().map(weight).collect()
    }
}

/// The diagonal frame.
struct Whitening {
    /// N = L O.
    gradients: Matrix<f64>,
    /// P = N⁻ᵀ.
    weights: Matrix<f64>,
    /// ρ.
    rates: Vec<f64>,
    /// O.
    rotation: Matrix<f64>,
}

impl Whitening {
    /// How far P N may be from harmless: the largest |P_ij| |N_kl|, beyond which coordinates would lose half the digits.
    const CONDITION: f64 = 1e7;

    /// `None` where there is none, or where it would cost digits.
    fn of(setting: &Setting<f64>, L: &Matrix<f64>) -> Option<Self> {
        if !L.is_square() || setting.weight_decay().iter().any(|&entry| entry != 0.0) {
            return None;
        }
        let rates = product(&L.transpose(), &product(setting.learning_rate(), L));
        let (rates, rotation) = if is_diagonal(&rates) {
            (rates.diagonal().as_slice().to_vec(), matrix::identity(L.nrows()))
        } else {
            if rates.iter().any(|rate| !rate.is_finite()) {
                return None;
            }
            let eigen = ((&rates + rates.transpose()) * 0.5).try_symmetric_eigen(f64::EPSILON, 0)?;
            (eigen.eigenvalues.as_slice().to_vec(), eigen.eigenvectors)
        };
        let gradients = product(L, &rotation);
        let weights = matrix::solve(&gradients.transpose(), &matrix::identity(L.nrows())).ok()?;
        // NaN is no smaller than anything.
        (weights.amax() * gradients.amax() < Self::CONDITION).then_some(Whitening {
            gradients,
            weights,
            rates,
            rotation,
        })
    }
}

fn column(x: &Vector<f64>) -> Matrix<f64> {
    Matrix::from_column_slice(x.len(), 1, x.as_slice())
}
