//! A proof that nothing is stationary, and an upper bound on the margin.
//!
//! In the coordinates of [`modes`](crate::modes) SGD is stable only if L(X) = d∘X − Ĉ(X) is positive definite on
//! symmetric matrices. To see that, let SGD be stable and t in \[0, 1\]. With t times the noise Φ is a smaller positive
//! map, and so it is stable, too. Hence d∘X − tĈ(X) = 0 has no solution but 0, for any such t. For t = 0 the operator
//! is positive definite, as d_ij is det(I − Fᵢ⊗Fⱼ), up to a positive factor, for two stable Fᵢ and Fⱼ. An eigenvalue
//! that is not positive for t = 1 would have to be 0 for some t.
//!
//! So one X with ⟨X, L(X)⟩ < 0 proves that nothing is stationary. With Λ → cΛ the same form is c d₁ − c² d₂, so that
//! the margin is at most d₁/d₂ for any X.
//!
//! In the weights, X stands for Z with S = ΛZΛ, V = ΛZ and
//!
//! ```text
//! d₁ = 2(1−μ) ⟨V, KS⟩,    d₂ = ((1+μ²) ⟨(KS)ᵀ, KS⟩ − 2μ ⟨V, KΛKS⟩)/(1−μ²) + ⟨S, Ĉ(S)⟩
//! ```
//!
//! Both are polynomials in Z and the numbers of the problem, but for the denominator 1 − μ². Their rounding is a part γ
//! of the same polynomials in absolute values.

use matrix_equations::rounding::SAFETY;
use numbers::{Matrix, Vector};

use crate::arithmetic::{Arithmetic, terms_of_samples};
use crate::modes::Modes;
use crate::packed::unpacked;
use crate::rounding::{Doubt, Sizes};
use crate::stability::{margin_pencil, noise_alone, start};
use crate::step::Step;

/// The relative error of the X that is looked for: its quotient is exact to second order.
const TOLERANCE: f64 = 1e-10;

/// d₁ and d₂ for one Z, each with a bound on its error.
pub(crate) struct Growth {
    first: (f64, f64),
    second: (f64, f64),
}

impl Growth {
    /// Whether nothing is stationary.
    pub(crate) fn is_proven(&self) -> bool {
        self.second.0 - self.first.0 > (self.first.1 + self.second.1) * SAFETY
    }

    /// A bound on the margin; infinite where there is none.
    pub(crate) fn margin(&self) -> f64 {
        let (above, below) = (self.first.0 + self.first.1 * SAFETY, self.second.0 - self.second.1 * SAFETY);
        if below > 0.0 { (above / below).max(0.0) * (1.0 + 4.0 * f64::EPSILON) } else { f64::INFINITY }
    }

    /// d₁ and d₂ for one Z.
    fn at<T: Arithmetic>(step: &Step<T>, sizes: &Sizes, doubt: Doubt, Z: &Matrix<f64>) -> Self {
        let rate = step.learning_rate.matrix(Z.nrows());
        let absolute_rate = sizes.learning_rate.clone().unwrap_or_else(|| rate.map(|v| v.to_f64().abs()));
        let features = step.noise.features.as_deref();
        let value = Form {
            Z: Z.map(T::of),
            rate,
            hessian: step.hessian.clone(),
            second_moment: step.noise.second_moment.clone(),
            features: features.cloned(),
            momentum: step.momentum.clone(),
            signs: -T::one(),
        };
        // |M| of a data set is a mean of absolute values.
        let absolute_features = features.map(|X| X.map(|v| v.to_f64().abs()));
        let M = match &absolute_features {
            None => sizes.second_moment.clone(),
            Some(X) => f64::transposed_product(X, X) / X.nrows() as f64,
        };
        let size = Form {
            Z: Z.abs(),
            rate: absolute_rate,
            hessian: &M + &sizes.weight_decay,
            second_moment: M,
            features: absolute_features,
            momentum: step.momentum.to_f64(),
            signs: 1.0,
        };
        let samples = features.map_or(0, |X| 3 * terms_of_samples(X.nrows()));
        // Products one inside the other, five of them, then a sum over all entries; and the noise of a data set.
        let n = Z.nrows();
        let gamma = doubt.of(8 * (n + 4) + n * n + samples, 12, T::UNIT) * SAFETY;
        let f = step.noise.factor.to_f64().abs();
        let [values, sizes] = [value.evaluated(step.noise.factor.clone()), size.evaluated(f)];
        // 1 − μ and 1 − μ², which may be small, are off by what μ is off by.
        let mu = step.momentum.to_f64();
        let off = gamma + 4.0 * doubt.input * mu / (1.0 - mu);
        Growth { first: (values[0], off * sizes[0]), second: (values[1], off * sizes[1]) }
    }
}

/// d₁ and d₂, or what they are sums of.
struct Form<T: Arithmetic> {
    Z: Matrix<T>,
    rate: Matrix<T>,
    hessian: Matrix<T>,
    second_moment: Matrix<T>,
    features: Option<Matrix<T>>,
    momentum: T,
    /// −1, or 1 where everything is added up.
    signs: T,
}

impl<T: Arithmetic> Form<T> {
    fn evaluated(&self, factor: T) -> [f64; 2] {
        let (one, two, mu, minus) = (T::one(), T::from_integer(2), &self.momentum, &self.signs);
        let V = T::product(&self.rate, &self.Z);
        let S = T::product(&V, &self.rate);
        let pulled = T::product(&self.hessian, &S);
        let trace = |A: &Matrix<T>, B: &Matrix<T>| A.dot(B);
        let first = trace(&V, &pulled) * &two * (one.clone() - mu);
        let own = trace(&pulled.transpose(), &pulled) * (one.clone() + mu.clone() * mu);
        let cross = trace(&V, &T::product(&self.hessian, &T::product(&self.rate, &pulled))) * &two * mu;
        let elements = (own + cross * minus) / (one - mu.clone() * mu);
        let product = T::product(&self.second_moment, &S);
        let sandwich = trace(&product.transpose(), &product);
        let noise = match &self.features {
            None => {
                let trace = numbers::matrix::trace(&product);
                sandwich + trace.clone() * &trace
            }
            Some(X) => {
                let forms = T::quadratic_forms(X, &S);
                let squares = crate::noise::dot(forms.iter(), forms.iter());
                squares / T::from_integer(X.nrows() as i64) + sandwich * minus
            }
        };
        [first.to_f64(), (elements + noise * factor).to_f64()]
    }
}

/// The growth at the best of some Z: the one of the margin, and single modes.
pub(crate) fn growth<T: Arithmetic>(modes: &Modes, step: &Step<T>, sizes: &Sizes, doubt: Doubt) -> Option<Growth> {
    let n = modes.count();
    if n == 0 {
        return None;
    }
    let dual = modes.dual();
    let outward = |X: &Matrix<f64>| f64::symmetric_product(&f64::product(&dual, X), &dual);
    let mut tried = Vec::new();
    if !modes.adrift {
        let noise = noise_alone(modes);
        let X = margin_pencil(modes, &noise).largest(&[start(modes)], TOLERANCE).X;
        tried.push(unpacked(&X, n));
    }
    let extreme = |sign: f64| (0..n).max_by(|&i, &j| (sign * modes.pull(i)).total_cmp(&(sign * modes.pull(j))));
    for k in [1.0, -1.0].into_iter().filter_map(extreme) {
        tried.push(Matrix::from_diagonal(&Vector::from_fn(n, |i, _| f64::from(i == k))));
    }
    let found = tried.iter().map(|X| {
        // The size of Z does not matter; it is 1 here.
        let Z = outward(X);
        let size = Z.amax();
        Growth::at(step, sizes, doubt, &(if size > 0.0 { Z / size } else { Z }))
    });
    found.min_by(|one, other| other.is_proven().cmp(&one.is_proven()).then(one.margin().total_cmp(&other.margin())))
}
