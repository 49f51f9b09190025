//! The weights that SGD fluctuates around, the noise there, and how well doubles know both.

use std::borrow::Cow;

use matrix_equations::rounding::{SAFETY, gamma};
use numbers::{Matrix, Vector};
use symbols::{Population, Setting};

use crate::arithmetic::{Arithmetic, terms_of_samples};
use crate::error::LyapunovError;

use crate::decomposition::{congruence, eigen};
use crate::noise::{Noise, Residual};
use crate::rounding::{Doubt, Rounding, bound_of_entries, norms, root_mean_square};

/// W and h with WᵀKW = diag(h), nearly; h need not be positive.
pub(crate) struct Curvature<'a> {
    pub(crate) basis: Cow<'a, Matrix<f64>>,
    pub(crate) diagonal: Vec<f64>,
}

impl Curvature<'_> {
    /// W and h by the eigenvectors of K.
    ///
    /// # Errors
    /// [`LyapunovError::SingularHessian`], [`LyapunovError::NotFinite`].
    pub(crate) fn of_hessian(K: &Matrix<f64>) -> Result<Self, LyapunovError> {
        let (basis, diagonal) = eigen("hessian", K)?;
        let smallest = diagonal.iter().fold(f64::INFINITY, |smallest: f64, v| smallest.min(v.abs()));
        let largest = diagonal.iter().fold(0.0, |largest: f64, v| largest.max(v.abs()));
        if smallest <= largest * diagonal.len() as f64 * f64::EPSILON {
            return Err(LyapunovError::SingularHessian { smallest, largest });
        }
        Ok(Curvature { basis: Cow::Owned(basis), diagonal })
    }

    /// K⁻¹g, as far as W reaches.
    fn newton(&self, gradient: &Vector<f64>) -> Vector<f64> {
        let mut along = self.basis.tr_mul(gradient);
        along.iter_mut().zip(self.diagonal.iter()).for_each(|(g, h)| *g /= h);
        &*self.basis * along
    }

    /// A bound on the entries of K⁻¹g, K = Γ + M, for all |g| ≤ `gradient`; infinite where W and h are too far from
    /// what they should be. M comes with the number of terms of the mean that it is.
    ///
    /// WᵀKW = |h|^½ (±1 + E) |h|^½ for an E that is small. So with τ = ‖|h|^(−½)Wᵀg‖/(1 − ‖E‖)
    ///
    /// ```text
    /// K⁻¹g = W|h|^(−½) y,  ‖y‖ ≤ τ,    hence    (K⁻¹g)ᵢ ≤ τ √Σₖ W_ik²/|hₖ|
    /// ```
    fn displacement(
        &self,
        (weight_decay, noise, samples): (&Matrix<f64>, &Matrix<f64>, usize),
        doubt: Doubt,
        gradient: &Vector<f64>,
    ) -> Vector<f64> {
        let K = noise + weight_decay;
        let (W, n) = (&*self.basis, self.diagonal.len());
        let per_root = Vector::from_iterator(n, self.diagonal.iter().map(|h| 1.0 / h.abs().sqrt()));
        let absolute = W.abs();
        let H = congruence(W, &K);
        let value = Matrix::from_fn(n, n, |i, j| {
            let unit = if i == j { self.diagonal[i].signum() } else { 0.0 };
            H[(i, j)] * per_root[i] * per_root[j] - unit
        });
        // The rounding of WᵀKW is γ ‖wᵢ‖‖K‖‖wⱼ‖ in each of two products. K is itself rounded as a mean over samples of
        // rank one each, whose norms add up to Tr[M]. The other bound is taken entry by entry, with |M_ij| ≤ mᵢmⱼ: it
        // serves directions of very different size.
        let by_norms = norms(W).component_mul(&per_root).norm_squared() * (noise.trace() + weight_decay.norm());
        let along_noise = absolute.tr_mul(&bound_of_entries(noise)).component_mul(&per_root).norm_squared();
        let by_entries = if weight_decay.iter().all(|v| *v == 0.0) {
            along_noise
        } else {
            let of_decay = congruence(&absolute, &weight_decay.abs());
            along_noise + Matrix::from_fn(n, n, |i, j| of_decay[(i, j)] * per_root[i] * per_root[j]).norm()
        };
        let size = by_norms.min(by_entries);
        let formed = gamma(2 * W.nrows() + 8 + samples, f64::UNIT) + gamma(2, doubt.input);
        let tilt = (value.norm() + size * formed) * SAFETY;
        if tilt.is_nan() || tilt >= 1.0 {
            return Vector::from_element(W.nrows(), f64::INFINITY);
        }
        let left = 1.0 - tilt;
        let length = absolute.tr_mul(gradient).component_mul(&per_root).norm() / left;
        Vector::from_iterator(
            W.nrows(),
            W.row_iter().map(|row| row.transpose().component_mul(&per_root).norm() * length),
        )
    }
}

/// The smaller of two bounds on each entry.
fn least(one: Vector<f64>, other: Vector<f64>) -> Vector<f64> {
    one.zip_map(&other, f64::min)
}

/// How well C(0) and the losses at w* are known.
pub(crate) struct Known {
    /// The error of C(0).
    pub(crate) noise: Rounding,
    /// The absolute error of L(w*).
    pub(crate) train_loss: f64,
    /// The absolute error of ½(w* − u)ᵀA(w* − u).
    pub(crate) test_loss: f64,
}

/// w, close to the w* at which ΛE\[ĝ\] = 0.
pub(crate) struct Center<T: Arithmetic> {
    pub(crate) weights: Vector<T>,
    /// x̃ᵀw − y.
    pub(crate) residual: Residual<T>,
    /// E\[ĝ\] = Kw − E\[x̃y\].
    gradient: Vector<T>,
}

impl<T: Arithmetic> Center<T> {
    pub(crate) fn at(setting: &Setting<T>, weights: Vector<T>) -> Self {
        let residual = Residual::at(setting, &weights);
        let gradient = &residual.slope + T::image(setting.weight_decay(), &weights);
        Center { weights, residual, gradient }
    }

    /// The center in doubles.
    pub(crate) fn nearest(&self) -> Center<f64> {
        Center {
            weights: self.weights.map(|v| v.to_f64()),
            residual: self.residual.nearest(),
            gradient: self.gradient.map(|v| v.to_f64()),
        }
    }

    /// The center after some steps of Newton's method.
    pub(crate) fn of(setting: &Setting<T>, start: Vector<T>, steps: usize, curvature: &Curvature) -> Self {
        let mut center = Center::at(setting, start);
        for _ in 0..steps {
            let step = curvature.newton(&center.gradient.map(|v| v.to_f64()));
            center = Center::at(setting, &center.weights - step.map(T::of));
        }
        center
    }

    /// How far C(0) = `noise.at(residual)` is from the C(0) at w*, for the f and M of `noise`.
    ///
    /// The residuals e are rounded, and taken at a distance of K⁻¹E\[ĝ\] from w*. An error dᵢ in the factor x̃ᵢe of a
    /// gradient moves C by no more than f(sᵢdⱼ + dᵢsⱼ + dᵢdⱼ), where sᵢ is the standard deviation of that factor and dᵢ
    /// is a root mean square. C is formed of the residuals in the arithmetic of `noise`.
    pub(crate) fn rounding<U: Arithmetic>(
        &self,
        (setting, doubt): (&Setting<T>, Doubt),
        (noise, of_noise): (&Noise<U>, Doubt),
        curvature: &Curvature,
    ) -> Known {
        let doubles = |x: &Vector<T>| x.map(|v| v.to_f64().abs());
        let doubled = |M: &Matrix<T>| M.map(|v| v.to_f64());
        let samples = setting.sample_count().map_or(0, terms_of_samples);
        let formation = of_noise.of(8 + samples, 2, U::UNIT);
        let gamma = doubt.of(2 * (setting.dimension() + 8) + samples, 4, T::UNIT);
        let (w, f) = (doubles(&self.weights), noise.factor.to_f64().abs());
        let (decay, M) = (doubled(setting.weight_decay()), noise.second_moment.map(|v| v.to_f64()));
        let gradient = |slope: &Vector<f64>| doubles(&self.gradient) + (slope + decay.abs() * &w) * gamma;
        let displaced = |slope: &Vector<f64>| curvature.displacement((&decay, &M, samples), doubt, &gradient(slope));
        // L(w) − L(w*) is ½δᵀKδ for the displacement δ, whose Kδ is the gradient.
        let of_decay = w.dot(&(decay.abs() * &w)) * gamma;

        match setting.population() {
            Population::Gaussian(model) => {
                let [A, B] = [&model.feature_covariance, &model.input_noise_covariance].map(|M| doubled(M).abs());
                let apart = &w + doubles(&model.true_weights);
                let times = |M: &Matrix<f64>, x: &Vector<f64>| least(M * x, norms(M) * x.norm());
                let slope = times(&A, &apart) + times(&B, &w);
                let square = apart.dot(&(&A * &apart)) + w.dot(&(&B * &w)) + model.label_noise_variance.to_f64().abs();
                let found = doubles(&self.residual.slope);
                let m = bound_of_entries(&(&A + &B));
                let along = displaced(&slope);
                let length = along.norm();
                // Bounds on Mδ and δᵀMδ for the displacement δ.
                let moved = least(&m * m.dot(&along), norms(&M) * length);
                let size = m.dot(&along).powi(2).min(M.norm() * length * length);
                let off = &slope * gamma + moved;
                let off_square = 2.0 * (gamma + formation) * square + 2.0 * found.dot(&along) + size;
                // ½(w − u)ᵀA(w − u) is not least at w*.
                let offset = doubles(&(&self.weights - &model.true_weights));
                let of_square = apart.dot(&(&A * &apart)) * gamma;
                let test_loss = (of_square + along.dot(&(&A * (offset + &along)))) * SAFETY;
                let of_squares = 2.0 * (gamma + formation) * square;
                let train_loss = 0.5 * (of_squares + of_decay + gradient(&slope).dot(&along)) * SAFETY;
                let noise = Rounding(vec![
                    Rounding::square(m * (f * off_square).sqrt()),
                    (&found * f, off.clone()),
                    Rounding::square(off * f.sqrt()),
                    Rounding::square(found * (2.0 * f * formation).sqrt()),
                ]);
                Known { noise, train_loss, test_loss }
            }
            Population::Data(data) => {
                let (X, e, mean) = (&data.features, &self.residual.samples, &self.residual.slope);
                let (N, D) = X.shape();
                let size = |n: usize, i: usize| X[(n, i)].to_f64().abs();
                let largest = |w: &Vector<f64>, label: f64| {
                    Vec::from_iter((0..N).map(|n| {
                        let label = label * data.labels[n].to_f64().abs();
                        (0..D).map(|i| size(n, i) * w[i]).sum::<f64>() + label
                    }))
                };
                let rounded = largest(&w, 1.0);
                let slope = Vector::from_fn(D, |i, _| (0..N).map(|n| size(n, i) * rounded[n]).sum::<f64>() / N as f64);
                let along = displaced(&slope);
                let moved = largest(&along, 0.0);
                let spread = root_mean_square(X, |n, i| (X[(n, i)].clone() * &e[n] - &mean[i]).to_f64());
                // The error of the residual, then that of the product and of the difference.
                let off = root_mean_square(X, |n, i| {
                    let last = size(n, i) * e[n].to_f64().abs() + mean[i].to_f64().abs();
                    size(n, i) * (rounded[n] * gamma + moved[n]) + last * formation
                });
                let noise = Rounding(vec![
                    (&spread * f, off.clone()),
                    Rounding::square(off * f.sqrt()),
                    Rounding::square(spread * (2.0 * f * formation).sqrt()),
                ]);
                // The error of e², where e itself is off by a part of |X||w| + |y|.
                let of_squares = (0..N).map(|n| {
                    let e = e[n].to_f64().abs();
                    rounded[n] * gamma * (2.0 * e + rounded[n] * gamma) + e * e * formation
                });
                let of_squares = of_squares.sum::<f64>() / N as f64;
                let train_loss = 0.5 * (of_squares + of_decay + gradient(&slope).dot(&along)) * SAFETY;
                Known { noise, train_loss, test_loss: 0.0 }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use numbers::matrix::scalar;
    use proptest::prelude::*;
    use symbols::{BatchSize, DataSet, Gaussian};

    use super::*;
    use crate::step::Step;

    fn known(center: &Center<f64>, setting: &Setting<f64>, noise: &Noise<f64>, curvature: &Curvature) -> Known {
        center.rounding((setting, Doubt::OPERATIONS), (noise, Doubt::OPERATIONS), curvature)
    }

    prop_compose! {
        fn settings()(D in 1usize..5, data: bool, entries in prop::collection::vec(-1.0..1.0, 80)) -> Setting<f64> {
            let mut entries = entries.into_iter();
            let mut matrix = |m: usize, n: usize| Matrix::from_fn(m, n, |_, _| entries.next().unwrap());
            let definite = |M: Matrix<f64>| {
                let P = &M * M.transpose() + Matrix::identity(M.nrows(), M.nrows()) * 0.1;
                (&P + P.transpose()) * 0.5
            };
            let population = if data {
                let labels = matrix(7, 1).column(0).into_owned();
                Population::Data(DataSet { features: matrix(7, D), labels })
            } else {
                Population::Gaussian(Gaussian {
                    feature_covariance: definite(matrix(D, D)),
                    input_noise_covariance: definite(matrix(D, D)),
                    label_noise_variance: 0.1,
                    true_weights: matrix(D, 1).column(0).into_owned(),
                })
            };
            let setting = Setting::new(population, Matrix::identity(D, D), BatchSize::new(3).unwrap()).unwrap();
            setting.with_weight_decay(definite(matrix(D, D))).unwrap()
        }
    }

    /// A bound on a number, term by term, to be found to a part in a thousand: the safety of each is smaller.
    fn assert_terms(rounding: &Rounding, expected: &[f64]) {
        let found = Vec::from_iter(rounding.0.iter().map(|(a, b)| 2.0 * a[0] * b[0]));
        assert_eq!(found.len(), expected.len());
        found.iter().zip(expected).for_each(|(found, expected)| assert_near(*found, *expected));
    }

    fn assert_near(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-3, "{found:e}, expected {expected:e}");
    }

    const UNIT: f64 = f64::EPSILON / 2.0;

    /// K = 8 and h = 10, so that ‖E‖ = 1/5: (g/h)/(1 − 1/5) is g/K again. Where h is half of K nothing is known. With
    /// so many samples that γ = 1/3 for them, rounding adds K/(3h) to ‖E‖.
    #[test]
    fn a_displacement_makes_up_for_inexact_modes() {
        let displacement = |h: f64, samples: usize| {
            let curvature = Curvature { basis: Cow::Owned(scalar(1.0)), diagonal: vec![h] };
            let gradient = Vector::from_element(1, 2.0);
            curvature.displacement((&scalar(3.0), &scalar(5.0), samples), Doubt::OPERATIONS, &gradient)[0]
        };
        for (h, samples, expected) in [(10.0, 0, 0.25), (8.0, 1 << 51, 0.375), (10.0, 1 << 51, 0.375)] {
            let found = displacement(h, samples);
            assert!((found / expected - 1.0).abs() < 1e-3, "{found}, not {expected}");
        }
        assert_eq!(displacement(4.0, 0), f64::INFINITY);
    }

    /// One weight. At w = 0 the step to w* is long, and rounding is nothing beside it; at w*, a double here, there is
    /// nothing else; and next to it they are of one size.
    #[test]
    fn of_gaussian_samples_each_term_is_that_computed_by_hand() {
        let (a, b, decay, u, noise, S) = (2.0, 1.0, 1.0, 4.0, 7.0, 4);
        let population = Population::Gaussian(Gaussian {
            feature_covariance: scalar(a),
            input_noise_covariance: scalar(b),
            label_noise_variance: noise,
            true_weights: Vector::from_element(1, u),
        });
        let setting = Setting::new(population, scalar(0.1), BatchSize::new(S).unwrap()).unwrap();
        let setting = setting.with_weight_decay(scalar(decay)).unwrap();
        let step = Step::of_setting(&setting);
        let curvature = Curvature::of_hessian(&step.hessian).unwrap();
        let (K, f) = (a + b + decay, 1.0 / f64::from(S));
        let (gamma, formation) = (18.0 * UNIT, 8.0 * UNIT);
        for w in [0.0, a * u / K, a * u / K + 2.0_f64.powi(-48)] {
            let center = Center::at(&setting, Vector::from_element(1, w));
            let slope = a * (w + u) + b * w;
            let displacement = ((K * w - a * u).abs() + (slope + decay * w) * gamma) / K;
            let square = a * (w + u) * (w + u) + b * w * w + noise;
            let found = (a * (w - u) + b * w).abs();
            let off = slope * gamma + (a + b) * displacement;
            let off_square =
                2.0 * (gamma + formation) * square + 2.0 * found * displacement + (a + b) * displacement * displacement;
            let known = known(&center, &setting, &step.noise, &curvature);
            assert_terms(
                &known.noise,
                &[(a + b) * f * off_square, 2.0 * found * f * off, off * off * f, 2.0 * f * formation * found * found],
            );
            // E[e²] and Γw² are rounded, and w is displaced along a gradient of K times that.
            let of_squares = 2.0 * (gamma + formation) * square + decay * w * w * gamma;
            assert_near(known.train_loss, 0.5 * (of_squares + K * displacement * displacement));
            let of_square = a * (w + u) * (w + u) * gamma;
            assert_near(known.test_loss, of_square + displacement * a * ((w - u).abs() + displacement));
        }
    }

    /// The same of two samples, x = 1, 3 and y = 2, −2: K = 5 + Γ and w* = −2/K.
    #[test]
    fn of_a_data_set_each_term_is_that_computed_by_hand() {
        let (x, y, decay, S) = ([1.0, 3.0], [2.0_f64, -2.0], 3.0, 4);
        let data = DataSet { features: Matrix::from_row_slice(2, 1, &x), labels: Vector::from_row_slice(&y) };
        let setting = Setting::new(Population::Data(data), scalar(0.1), BatchSize::new(S).unwrap()).unwrap();
        let setting = setting.with_weight_decay(scalar(decay)).unwrap();
        let step = Step::of_setting(&setting);
        let curvature = Curvature::of_hessian(&step.hessian).unwrap();
        let (K, f, terms) = (5.0 + decay, 1.0 / f64::from(S), terms_of_samples(2) as f64);
        let (gamma, formation) = ((18.0 + terms) * UNIT, (8.0 + terms) * UNIT);
        let mean = |of: &dyn Fn(usize) -> f64| 0.5 * (of(0) + of(1));
        for w in [0.0, -2.0 / K, -2.0 / K + 2.0_f64.powi(-50)] {
            let center = Center::at(&setting, Vector::from_element(1, w));
            let residual = |n: usize| x[n] * w - y[n];
            let rounded = |n: usize| x[n] * w.abs() + y[n].abs();
            let (pull, slope) = (mean(&|n| x[n] * residual(n)), mean(&|n| x[n] * rounded(n)));
            let displacement = ((K * w + 2.0).abs() + (slope + decay * w.abs()) * gamma) / K;
            let spread = mean(&|n| (x[n] * residual(n) - pull).powi(2));
            let off = mean(&|n| {
                let last = x[n] * residual(n).abs() + pull.abs();
                (x[n] * (rounded(n) * gamma + x[n] * displacement) + last * formation).powi(2)
            });
            let known = known(&center, &setting, &step.noise, &curvature);
            assert_terms(&known.noise, &[2.0 * f * (spread * off).sqrt(), off * f, 2.0 * f * formation * spread]);
            // e² is off by 2|e| times what e is off by, and rounded once more.
            let of_squares =
                mean(&|n| 2.0 * residual(n).abs() * rounded(n) * gamma + residual(n) * residual(n) * formation);
            let of_decay = decay * w * w * gamma;
            assert_near(known.train_loss, 0.5 * (of_squares + of_decay + K * displacement * displacement));
            assert_eq!(known.test_loss, 0.0);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        /// C(0) is known as well as it says, from weights that are far off as from weights that are rounded.
        #[test]
        fn a_center_knows_how_far_off_it_is(setting in settings(), off in prop::sample::select(vec![0.0, 1e-9, 1e-3, 1.0])) {
            let step = Step::of_setting(&setting);
            let curvature = Curvature::of_hessian(&step.hessian).unwrap();
            let best = Center::of(&setting, setting.initial_weights().clone(), 3, &curvature);
            let moved = &best.weights + Vector::from_fn(setting.dimension(), |i, _| off * (1.0 - 0.7 * i as f64));
            let center = Center::at(&setting, moved);
            let bounds = [&center, &best].map(|center| known(center, &setting, &step.noise, &curvature).noise);
            let difference = step.noise.at(&center.residual) - step.noise.at(&best.residual);
            for j in 0..setting.dimension() {
                for i in 0..setting.dimension() {
                    let terms = bounds.iter().flat_map(|bound| &bound.0);
                    let bound = terms.map(|(a, b)| a[i] * b[j] + b[i] * a[j]).sum::<f64>();
                    prop_assert!(difference[(i, j)].abs() <= bound, "{} {bound}", difference[(i, j)]);
                }
            }
        }
    }
}
