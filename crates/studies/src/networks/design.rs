//! Data sets in which given weights are a minimum, or no minimum, by construction.
//!
//! Weights w*, inputs xᵢ and residuals rᵢ = sᵢρ(1 + δeᵢ) are chosen, and labels yᵢ = f(w*, xᵢ) − rᵢ follow. For δ = 0
//! all |rᵢ| are ρ, which is Assumption 2 without any o(L).

use numbers::{Matrix, Vector, matrix, nearest_f64};
use rug::Rational;

use super::local::Model;
use super::network::{BITS, jet, rounded};
use tables::StudyError;

/// Weights and inputs, in quarters.
pub(super) struct Network {
    pub name: &'static str,
    weights: [i32; 6],
    inputs: &'static [[i32; 2]],
    /// sᵢ.
    signs: &'static [i32],
    /// As many inputs as weights, whose ∇fᵢ are independent.
    fitted: [[i32; 2]; 6],
}

/// Signs and inputs are such that Newton's method finds a minimum near them.
pub(super) const NETWORKS: [Network; 2] = [
    Network {
        name: "bias",
        weights: [4, 6, -4, -4, 3, 4],
        inputs: &[
            [-12, 4],
            [-10, 4],
            [-9, 4],
            [-6, 4],
            [-6, 4],
            [-6, 4],
            [-3, 4],
            [-1, 4],
            [1, 4],
            [1, 4],
            [3, 4],
            [5, 4],
            [5, 4],
            [5, 4],
            [9, 4],
            [11, 4],
        ],
        signs: &[-1, -1, 1, 1, -1, -1, 1, -1, 1, 1, -1, 1, -1, 1, 1, -1],
        fitted: [[-10, 4], [-6, 4], [-2, 4], [2, 4], [6, 4], [10, 4]],
    },
    Network {
        name: "two inputs",
        weights: [4, 6, -2, -4, 2, 5],
        inputs: &[[1, 12], [2, 10], [11, 9], [-7, 7], [10, -1], [7, 6], [0, -4], [-7, 9], [-12, 3], [1, 6]],
        signs: &[1, -1, 1, 1, -1, -1, 1, -1, -1, 1],
        fitted: [[4, 0], [0, 4], [4, 4], [4, -4], [8, 4], [-4, 8]],
    },
];

fn quarter(value: &i32) -> Rational {
    Rational::from((*value, 4))
}

fn vectors(inputs: &[[i32; 2]]) -> Vec<Vector<Rational>> {
    inputs.iter().map(|x| Vector::from_iterator(2, x.iter().map(quarter))).collect()
}

impl Network {
    pub fn weights(&self) -> Vector<Rational> {
        Vector::from_iterator(6, self.weights.iter().map(quarter))
    }

    /// The model at whose w* every sample is fitted: L₀(w*) = 0.
    pub fn interpolated(&self) -> Model {
        Model::with_residuals(self.weights(), vectors(&self.fitted), &[(); 6].map(|()| Rational::new()))
    }
}

/// How a data set is made, and thereby what w* is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Design {
    /// No minimum: residuals of one sign, Γ half of what would make it stationary, so that ∇L_Γ = ∇L₀/2.
    Elsewhere,
    /// A minimum of L_Γ, Γ ≠ 0.
    Decayed,
    /// A minimum of L₀: inputs are where Σ rᵢ∇fᵢ = 0, to some 70 digits, by Newton's method.
    Plain,
    /// A minimum of L₀: each input has two labels, f ± |rᵢ|.
    Paired,
}

impl Design {
    pub const ALL: [Design; 4] = [Design::Elsewhere, Design::Decayed, Design::Plain, Design::Paired];

    pub fn name(self) -> &'static str {
        match self {
            Design::Elsewhere => "elsewhere",
            Design::Decayed => "minimum, Γ ≠ 0",
            Design::Plain => "minimum, Γ = 0",
            Design::Paired => "minimum, Γ = 0, ±r",
        }
    }

    /// The data set of residuals sᵢρ(1 + δeᵢ).
    pub fn model(self, network: &Network, size: &Rational, spread: &Rational) -> Result<Model, StudyError> {
        let mut inputs = vectors(network.inputs);
        // 1 + δeᵢ, with eᵢ between −1 and 1 in no order that the inputs have.
        let unequal = |i: usize| 1 + Rational::from(((3 * i % 7) as i32 - 3, 3)) * spread;
        let residual = |(i, sign): (usize, &i32)| unequal(i) * size * *sign;
        let residuals = Vec::from_iter(network.signs.iter().enumerate().map(residual));
        let w = network.weights();
        Ok(match self {
            Design::Elsewhere => {
                let sizes = Vec::from_iter(residuals.into_iter().map(Rational::abs));
                Model::with_residuals(w, inputs, &sizes).with_weight_decay(&Rational::from((1, 2)))
            }
            Design::Decayed => {
                // Two residuals of one sign stand to one of the other, so that Γw* is large and still H₀ + Γ ≻ 0.
                let sized = |(i, r): (usize, Rational)| if i % 3 == 2 { -r.abs() } else { r.abs() };
                let residuals = Vec::from_iter(residuals.into_iter().enumerate().map(sized));
                Model::with_residuals(w, inputs, &residuals).with_weight_decay(&Rational::from(1))
            }
            Design::Plain => {
                inputs = stationary(&w, inputs, &residuals)?;
                Model::with_residuals(w, inputs, &residuals)
            }
            Design::Paired => {
                inputs.extend(inputs.clone());
                let opposite = Vec::from_iter(residuals.iter().map(|r| -r.clone()));
                Model::with_residuals(w, inputs, &[residuals, opposite].concat())
            }
        })
    }
}

/// The number of steps after which Newton's method has failed; it needs about fifteen.
const STEPS: usize = 40;

/// Inputs at which Σ rᵢ∇fᵢ = 0, found by changing the first component of each. Every step is the shortest that Newton's
/// method allows, and cut where it would change a component by more than 3/10.
fn stationary(
    w: &Vector<Rational>,
    mut inputs: Vec<Vector<Rational>>,
    residuals: &[Rational],
) -> Result<Vec<Vector<Rational>>, StudyError> {
    // The equation is homogeneous in the residuals. In units of the largest one, the bound `small` is absolute.
    let unit = residuals.iter().map(|r| r.clone().abs()).max().unwrap_or_default();
    let small = Rational::from(1) >> (BITS - 16);
    for _ in 0..STEPS {
        let mut sum = Vector::<Rational>::zeros(w.len());
        let mut moves = Matrix::<Rational>::zeros(w.len(), inputs.len());
        for (i, (x, r)) in inputs.iter().zip(residuals).enumerate() {
            let (jet, r) = (jet(w, x), r.clone() / &unit);
            sum += jet.gradient * r.clone();
            moves.set_column(i, &(jet.by_input * r));
        }
        if sum.iter().all(|entry| entry.clone().abs() < small) {
            return Ok(inputs);
        }
        let right = Matrix::from_column_slice(w.len(), 1, sum.as_slice());
        // The derivatives in doubles are good enough for a direction, which costs a few steps more and saves much time.
        let moves = moves.map(|v| Rational::from_f64(nearest_f64(&v)).unwrap_or_default());
        let step = moves.transpose() * matrix::solve(&(&moves * moves.transpose()), &right)?;
        let longest = step.iter().map(|v| v.clone().abs()).max().unwrap_or_default();
        let limit = Rational::from((3, 10));
        let part = if longest > limit { limit / longest } else { Rational::from(1) };
        for (x, step) in inputs.iter_mut().zip(step.iter()) {
            x[0] = rounded(&(x[0].clone() - step.clone() * &part));
        }
    }
    Err(StudyError::NoMinimum { steps: STEPS })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At every minimum that the tables reach, ∇L_Γ = 0 and H₀ + Γ is positive definite.
    #[test]
    fn every_minimum_is_one() {
        let small = Rational::from(1) >> (BITS - 20);
        for network in &NETWORKS {
            for design in Design::ALL {
                for (size, spread) in [((1, 8), (0, 1)), ((1, 8), (1, 4)), ((1, 64), (1, 4)), ((1, 512), (0, 1))] {
                    let model = design.model(network, &size.into(), &spread.into()).unwrap();
                    let local = model.at(&model.weights);
                    let K = &local.hessian + Matrix::from_diagonal(&model.weight_decay);
                    let stationary = local.full_gradient.iter().all(|entry| entry.clone().abs() < small);
                    let place = (network.name, design, size, spread);
                    assert_eq!(stationary, design != Design::Elsewhere, "{place:?}");
                    assert!(!stationary || matrix::is_positive_definite(&K), "{place:?}");
                    assert_eq!(model.weight_decay.iter().all(Rational::is_zero), local.gradient == local.full_gradient);
                }
            }
        }
    }

    /// At the minimum without weight decay residuals do not cancel by pairs: Σ rᵢ∇fᵢ is 0, and Σ rᵢ∇²fᵢ is not.
    #[test]
    fn second_derivatives_do_not_cancel_with_the_gradient() {
        for network in &NETWORKS {
            let share = |design: Design| {
                let model = design.model(network, &Rational::from((1, 8)), &Rational::new()).unwrap();
                let local = model.at(&model.weights);
                let size = |M: &Matrix<Rational>| M.map(|v| v.to_f64()).norm();
                size(&(&local.hessian - &local.gauss_newton)) / size(&local.gauss_newton)
            };
            assert!(share(Design::Plain) > 0.005, "{}", network.name);
            assert_eq!(share(Design::Paired), 0.0);
        }
    }
}
