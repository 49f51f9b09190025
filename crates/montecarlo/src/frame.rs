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
//! Where nothing is known about the maps, P = I. Where Γ = 0 and N has an inverse, the law of z, which is that of Oz
//! for any orthogonal O, leaves a choice that makes all maps diagonal: with A = L Lᵀ and LᵀΛL = O diag(ρ) Oᵀ,
//!
//! ```text
//! N = L O,   P = N⁻ᵀ,   R = I,   T = NᵀΛN = diag(ρ),   G = 0,   c = 0,
//! ```
//!
//! for any Λ and A, whether or not they commute, so that a step costs D products beside its draws, and not D².
//!
//! A data set has z = x̃ and N = P = I: then d = ∇L(w°) without the part of Γ, and R = (1/N) Σ xᵢxᵢᵀ.

use numbers::{Matrix, Vector, matrix};
use symbols::Setting;

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
    /// A size in the units of weights that does not change with those of single ones, and in which the directions of
    /// high curvature, whose tails are the heaviest, count most.
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
    /// How far P N may be from harmless: the largest |P_ij| |N_kl|, beyond which coordinates would lose half the
    /// digits.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::factor;
    use proptest::prelude::*;
    use symbols::{BatchSize, Gaussian, Population};

    fn setting(A: &Matrix<f64>, L: Matrix<f64>) -> Setting<f64> {
        let D = A.nrows();
        let population = Population::Gaussian(Gaussian {
            feature_covariance: A.clone(),
            input_noise_covariance: Matrix::zeros(D, D),
            label_noise_variance: 1.0,
            true_weights: Vector::from_fn(D, |i, _| i as f64 - 1.0),
        });
        Setting::new(population, L, BatchSize::new(2).unwrap()).unwrap()
    }

    fn gram(entries: &[i32], D: usize) -> Matrix<f64> {
        let X = Matrix::from_iterator(D, D, entries[..D * D].iter().map(|&e| f64::from(e)));
        product(&X, &X.transpose()) + identity(D)
    }

    fn identity(D: usize) -> Matrix<f64> {
        matrix::identity(D)
    }

    fn close(found: &Matrix<f64>, expected: &Matrix<f64>) -> bool {
        (found - expected).amax() <= 1e-10 * expected.amax().max(1.0)
    }

    proptest! {
        #[test]
        fn whitened_maps_are_those_of_the_plain_frame(
            entries in prop::collection::vec(-3i32..4, 16),
            rates in prop::collection::vec(-3i32..4, 16),
            D in 1usize..5,
        ) {
            let (A, L) = (gram(&entries, D), gram(&rates, D) * 0.01);
            let setting = setting(&A, L.clone());
            let factor = factor(&A).unwrap();
            let found = Whitening::of(&setting, &factor).unwrap();
            let (N, P) = (&found.gradients, &found.weights);
            prop_assert!(close(&product(N, &N.transpose()), &A), "N Nᵀ = A");
            prop_assert!(close(&product(&N.transpose(), P), &identity(D)), "R = NᵀP = I");
            let step = product(P, &Matrix::from_diagonal(&Vector::from_vec(found.rates.clone())));
            prop_assert!(close(&step, &product(&L, N)), "P T = ΛN");
            // About the minimizer of a loss without weight decay, the mean gradient vanishes with y.
            let u = setting.true_weights().unwrap();
            let features = Features { label_moment: factor.transpose() * &u, factor };
            let frame = Frame::of_gaussian(&setting, &features, &u, true);
            prop_assert!(frame.to_mean == Linear::Identity && matches!(frame.step, Linear::Diagonal(_)));
            prop_assert!(frame.mean.iter().all(|d| d.abs() <= 1e-10 * A.amax() * u.amax()), "{:?}", frame.mean);
        }
    }

    #[test]
    fn what_cannot_be_whitened_runs_in_the_weights() {
        let A = Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, 1.0]);
        let L = factor(&A).unwrap();
        assert!(Whitening::of(&setting(&A, identity(2)), &L).is_none());
        // Its inverse would cost half the digits.
        let A = Matrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, 1e-16]);
        assert!(Whitening::of(&setting(&A, identity(2)), &factor(&A).unwrap()).is_none());
        let A = identity(2);
        let decaying = setting(&A, identity(2)).with_weight_decay(identity(2)).unwrap();
        assert!(Whitening::of(&decaying, &A).is_none());
    }

    fn vector(entries: &[f64]) -> Vector<f64> {
        Vector::from_column_slice(entries)
    }

    /// N = (I, e₁), Λ = diag(½, ¼), Γ = diag(2, 4), about w° = (3, 5): ΛΓ = I, d = Nᵀw° − (1, 1, 2).
    #[test]
    fn the_plain_frame_of_gaussian_features_by_hand() {
        let A = identity(2);
        let decaying = setting(&A, Matrix::from_diagonal(&vector(&[0.5, 0.25])))
            .with_weight_decay(Matrix::from_diagonal(&vector(&[2.0, 4.0])))
            .unwrap();
        let N = Matrix::from_row_slice(2, 3, &[1.0, 0.0, 1.0, 0.0, 1.0, 0.0]);
        let features = Features { factor: N.clone(), label_moment: vector(&[1.0, 1.0, 2.0]) };
        let frame = Frame::of_gaussian(&decaying, &features, &vector(&[3.0, 5.0]), true);
        assert_eq!(frame.to_mean, Linear::Dense(N.clone()));
        assert_eq!(frame.mean, [2.0, 4.0, 1.0]);
        assert_eq!(frame.step, Linear::new(&Matrix::from_row_slice(2, 3, &[0.5, 0.0, 0.5, 0.0, 0.25, 0.0])));
        assert_eq!((&frame.decay, &frame.constant), (&Linear::Identity, &vec![3.0, 5.0]));
        assert_eq!((frame.noise_width(), frame.momentum), (3, 0.0));
        assert_eq!(frame.weights(&[1.0, 2.0]), vector(&[1.0, 2.0]));
        assert_eq!(frame.gradient(&[1.0, 2.0, 4.0]), vector(&[5.0, 2.0]));
        assert_eq!(frame.of_gradients(&identity(3)), Matrix::from_row_slice(2, 2, &[2.0, 0.0, 0.0, 1.0]));
    }

    /// Samples (1, 1) and (1, −1) with labels 4 and 2: A = I, E[xy] = (3, 1).
    #[test]
    fn the_frame_of_a_data_set_by_hand() {
        let population = Population::Data(symbols::DataSet {
            features: Matrix::from_row_slice(2, 2, &[1.0, 1.0, 1.0, -1.0]),
            labels: vector(&[4.0, 2.0]),
        });
        let setting = Setting::new(population, identity(2) * 0.5, BatchSize::new(1).unwrap())
            .unwrap()
            .with_weight_decay(identity(2) * 4.0)
            .unwrap();
        let frame = Frame::of_data(&setting, &vector(&[5.0, 7.0]));
        assert_eq!((&frame.to_mean, &frame.mean), (&Linear::Identity, &vec![2.0, 6.0]));
        assert_eq!((&frame.step, &frame.decay), (&Linear::Diagonal(vec![0.5; 2]), &Linear::Diagonal(vec![2.0; 2])));
        assert_eq!((&frame.constant, frame.noise_width()), (&vec![10.0, 14.0], 2));
        assert_eq!(frame.of_weights(&gram(&[1, 2, 3, 4], 2)), gram(&[1, 2, 3, 4], 2));
    }

    /// In the weights those of K_ii over the largest of them, whatever the sign; alike where there is none.
    #[test]
    fn directions_count_by_their_curvature() {
        let plain = Frame::of_data(&setting(&identity(2), identity(2)), &vector(&[0.0, 0.0]));
        let weights = |entries: &[f64]| plain.size_weights(&Matrix::from_row_slice(2, 2, entries));
        assert_eq!(weights(&[8.0, 3.0, 3.0, 2.0]), [1.0, 0.25]);
        assert_eq!(weights(&[0.5, 0.0, 0.0, -1.0]), [0.5, 1.0]);
        assert_eq!(weights(&[0.0, 1.0, 1.0, 0.0]), [1.0, 1.0]);
        // PᵀKP is what counts: P = diag(½, 1) for A = diag(4, 1), so that K = A becomes I, over 4.
        let A = Matrix::from_diagonal(&vector(&[4.0, 1.0]));
        let features = Features { factor: factor(&A).unwrap(), label_moment: vector(&[0.0, 0.0]) };
        let whitened = Frame::of_gaussian(&setting(&A, identity(2)), &features, &vector(&[0.0, 0.0]), true);
        assert_eq!(whitened.size_weights(&A), [0.25, 0.25]);
        let plain = Frame::of_gaussian(&setting(&A, identity(2)), &features, &vector(&[0.0, 0.0]), false);
        assert_eq!(plain.size_weights(&A), [1.0, 0.25]);
        assert_eq!(plain.to_mean, Linear::Diagonal(vec![2.0, 1.0]));
    }

    /// Digits are lost to ratios of scales and not to the scales themselves.
    #[test]
    fn units_do_not_matter_to_whitening() {
        let is_whitened = |diagonal: &[f64]| {
            let A = Matrix::from_diagonal(&vector(diagonal));
            Whitening::of(&setting(&A, identity(2)), &factor(&A).unwrap()).is_some()
        };
        for unit in [1e-20, 1.0, 1e20] {
            assert!(is_whitened(&[unit, unit]) && is_whitened(&[unit, 1e-13 * unit]));
            assert!(!is_whitened(&[unit, 1e-15 * unit]), "{unit}");
        }
        // LᵀΛL overflows.
        let A = Matrix::from_row_slice(2, 2, &[1e300, 1e299, 1e299, 1e300]);
        assert!(Whitening::of(&setting(&A, identity(2) * 1e10), &factor(&A).unwrap()).is_none());
    }
}
