//! The loss of a data set at given weights, its derivatives and its gradient noise, from the definitions; and the
//! formulas of section 6 for that noise.

use numbers::{Matrix, Vector, matrix::outer};
use registry::networks::noise_by_loss;
use rug::Rational;

use super::network::jet;

/// A network, samples to fit, and a weight decay.
#[derive(Debug)]
pub(super) struct Model {
    /// w*, for which its labels were made.
    pub weights: Vector<Rational>,
    pub inputs: Vec<Vector<Rational>>,
    pub labels: Vec<Rational>,
    /// Γ = diag(γ).
    pub weight_decay: Vector<Rational>,
}

/// L₀, its derivatives and the gradient noise at weights w.
pub(super) struct Local {
    /// 2L₀, the mean of rᵢ².
    pub squared_residual: Rational,
    /// ∇L₀, the mean of rᵢ∇fᵢ.
    pub gradient: Vector<Rational>,
    /// ∇L_Γ = ∇L₀ + Γw.
    pub full_gradient: Vector<Rational>,
    /// G₀, the mean of ∇fᵢ∇fᵢᵀ.
    pub gauss_newton: Matrix<Rational>,
    /// H₀ = G₀ + the mean of rᵢ∇²fᵢ.
    pub hessian: Matrix<Rational>,
    /// SC = (the mean of rᵢ²∇fᵢ∇fᵢᵀ) − ∇L₀∇L₀ᵀ; with replacement, C is proportional to 1/S.
    pub noise: Matrix<Rational>,
}

impl Model {
    /// The model without weight decay whose labels are yᵢ = f(w*, xᵢ) − rᵢ.
    pub fn with_residuals(weights: Vector<Rational>, inputs: Vec<Vector<Rational>>, residuals: &[Rational]) -> Self {
        let labels = inputs.iter().zip(residuals).map(|(x, r)| jet(&weights, x).value - r).collect();
        Model { weight_decay: Vector::zeros(weights.len()), weights, inputs, labels }
    }

    /// The model with a part of the Γ = diag(γ) for which ∇L₀(w*) + Γw* = 0. The part 1 makes w* stationary.
    pub fn with_weight_decay(mut self, part: &Rational) -> Self {
        let gradient = self.at(&self.weights).gradient;
        self.weight_decay = gradient.component_div(&self.weights) * -part.clone();
        self
    }

    /// ∇fᵢ at weights w.
    pub fn gradients(&self, w: &Vector<Rational>) -> Vec<Vector<Rational>> {
        self.inputs.iter().map(|x| jet(w, x).gradient).collect()
    }

    /// The mean of SC over some weights, of which there is at least one.
    pub fn mean_noise(&self, weights: &[Vector<Rational>]) -> Matrix<Rational> {
        let D = self.weights.len();
        let sum = weights.iter().fold(Matrix::zeros(D, D), |sum, w| sum + self.at(w).noise);
        sum / Rational::from(weights.len())
    }

    /// The loss, its derivatives and the noise at weights w.
    pub fn at(&self, w: &Vector<Rational>) -> Local {
        let D = w.len();
        let zeros = || Matrix::<Rational>::zeros(D, D);
        let (mut loss, mut gradient) = (Rational::new(), Vector::<Rational>::zeros(D));
        let (mut squares, mut second, mut weighted) = (zeros(), zeros(), zeros());
        for (x, y) in self.inputs.iter().zip(&self.labels) {
            let jet = jet(w, x);
            let residual = jet.value - y;
            let square = outer(&jet.gradient, &jet.gradient);
            second += jet.hessian * residual.clone();
            weighted += &square * residual.clone().square();
            squares += square;
            gradient += jet.gradient * residual.clone();
            loss += residual.square();
        }
        let N = Rational::from(self.inputs.len());
        let gradient = gradient / N.clone();
        Local {
            squared_residual: loss / &N,
            full_gradient: &gradient + self.weight_decay.component_mul(w),
            noise: weighted / N.clone() - outer(&gradient, &gradient),
            hessian: (&squares + second) / N.clone(),
            gauss_newton: squares / N,
            gradient,
        }
    }
}

/// The matrix that stands for H₀ in a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Curvature {
    Hessian,
    GaussNewton,
}

impl Curvature {
    pub const ALL: [Curvature; 2] = [Curvature::Hessian, Curvature::GaussNewton];

    pub fn name(self) -> &'static str {
        match self {
            Curvature::Hessian => "H₀",
            Curvature::GaussNewton => "G₀",
        }
    }
}

/// The term of rank 1 in a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RankOne {
    /// −∇L_Γ∇L_Γᵀ: eq. (14) as printed.
    Full,
    /// −∇L₀∇L₀ᵀ: eq. (15) as printed, where ∇L₀ = −Γw*.
    Plain,
    /// +∇L₀∇L₀ᵀ.
    OtherSign,
    /// None: eq. (16).
    Absent,
}

impl RankOne {
    pub const ALL: [RankOne; 4] = [RankOne::Full, RankOne::Plain, RankOne::OtherSign, RankOne::Absent];

    pub fn name(self) -> &'static str {
        match self {
            RankOne::Full => "−∇L_Γ∇L_Γᵀ",
            RankOne::Plain => "−∇L₀∇L₀ᵀ",
            RankOne::OtherSign => "+∇L₀∇L₀ᵀ",
            RankOne::Absent => "none",
        }
    }
}

impl Local {
    /// The claimed SC: 2L₀H₀ and a term of rank 1.
    pub fn claimed(&self, curvature: Curvature, term: RankOne) -> Matrix<Rational> {
        let H = match curvature {
            Curvature::Hessian => &self.hessian,
            Curvature::GaussNewton => &self.gauss_newton,
        };
        let first = H * self.squared_residual.clone();
        match term {
            RankOne::Full => noise_by_loss(H, &self.squared_residual, &self.full_gradient),
            RankOne::Plain => noise_by_loss(H, &self.squared_residual, &self.gradient),
            RankOne::OtherSign => first + outer(&self.gradient, &self.gradient),
            RankOne::Absent => first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numbers::matrix;
    use proptest::prelude::*;
    use symbols::{BatchSize, DataSet, Population, Setting};

    fn quarters(count: usize) -> impl Strategy<Value = Vector<Rational>> {
        prop::collection::vec(-8i64..9, count).prop_map(|entries| {
            Vector::from_iterator(entries.len(), entries.into_iter().map(|k| Rational::from((k, 4))))
        })
    }

    fn models() -> impl Strategy<Value = (Model, Vector<Rational>)> {
        (prop::collection::vec((quarters(2), -8i64..9), 4), quarters(6), quarters(6)).prop_map(|(samples, decay, w)| {
            let (inputs, labels): (Vec<_>, Vec<_>) =
                samples.into_iter().map(|(x, y)| (x, Rational::from((y, 4)))).unzip();
            (Model { weights: w.clone(), inputs, labels, weight_decay: decay }, w)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

        /// A linear model with features ∇fᵢ and the residuals of the network has the gradients of the network. The
        /// exact engine enumerates all its minibatches.
        #[test]
        fn the_noise_is_that_of_all_minibatches((model, w) in models(), batch in 1u32..3) {
            let jets = Vec::from_iter(model.inputs.iter().map(|x| jet(&w, x)));
            let rows = Vec::from_iter(jets.iter().map(|jet| jet.gradient.transpose()));
            let labels = jets.iter().zip(&model.labels).map(|(jet, y)| jet.gradient.dot(&w) - (jet.value.clone() - y));
            let data = DataSet { features: Matrix::from_rows(&rows), labels: Vector::from_iterator(rows.len(), labels) };
            let setting = Setting::new(Population::Data(data), matrix::identity(6), BatchSize::new(batch).unwrap())
                .and_then(|setting| setting.with_weight_decay(Matrix::from_diagonal(&model.weight_decay)))
                .and_then(|setting| setting.with_initial_weights(w.clone()))
                .unwrap();
            let engine = exact::minibatch(&setting).unwrap();
            let local = model.at(&w);
            prop_assert_eq!(engine.gradient, local.full_gradient);
            prop_assert_eq!(engine.noise_covariance * Rational::from(batch), local.noise);
        }

        /// ∇L₀ is the derivative of L₀, and H₀ that of ∇L₀. Differences over 2⁻⁶⁰ are wrong by about 2⁻¹²⁰.
        #[test]
        fn the_hessian_is_that_of_the_loss((model, w) in models()) {
            let (step, local) = (Rational::from((1, 1_i64 << 60)), model.at(&w));
            let bound = step.clone() * Rational::from((1, 1_i64 << 40));
            for k in 0..6 {
                let [before, after] = [-step.clone(), step.clone()].map(|h| {
                    let mut w = w.clone();
                    w[k] += h;
                    model.at(&w)
                });
                let slope: Rational = (after.squared_residual - before.squared_residual) / (4 * step.clone());
                prop_assert!((slope - &local.gradient[k]).abs() < bound);
                let column = (after.gradient - before.gradient) / Rational::from(2 * &step);
                let column: Vector<Rational> = column - local.hessian.column(k);
                prop_assert!(column.iter().all(|error| error.clone().abs() < bound));
            }
        }

        /// SC = 2L₀H₀ − ∇L₀∇L₀ᵀ + (2/N) Σ (ℓᵢ − L₀)∇fᵢ∇fᵢᵀ − 2L₀ (1/N) Σ rᵢ∇²fᵢ, to the last digit.
        #[test]
        fn what_theorem_5_leaves_out_has_two_parts((model, w) in models()) {
            let local = model.at(&w);
            let N = Rational::from(model.inputs.len());
            let (mut unequal, mut curved) = (Matrix::<Rational>::zeros(6, 6), Matrix::<Rational>::zeros(6, 6));
            for (x, y) in model.inputs.iter().zip(&model.labels) {
                let jet = jet(&w, x);
                let residual = jet.value - y;
                let apart = residual.clone().square() - &local.squared_residual;
                unequal += outer(&jet.gradient, &jet.gradient) * apart / N.clone();
                curved += jet.hessian * (local.squared_residual.clone() * residual) / N.clone();
            }
            prop_assert_eq!(local.claimed(Curvature::Hessian, RankOne::Plain) + &unequal - curved, local.noise.clone());
            let claimed = local.claimed(Curvature::GaussNewton, RankOne::Plain);
            prop_assert_eq!(&claimed + unequal, local.noise.clone());
            let gradient = outer(&local.gradient, &local.gradient);
            prop_assert_eq!(&claimed + &gradient, local.claimed(Curvature::GaussNewton, RankOne::Absent));
            prop_assert_eq!(&claimed + gradient * Rational::from(2), local.claimed(Curvature::GaussNewton, RankOne::OtherSign));
            let plain = Model { weight_decay: Vector::zeros(6), ..model }.at(&w);
            prop_assert_eq!(plain.claimed(Curvature::GaussNewton, RankOne::Full), claimed);
        }
    }
}
