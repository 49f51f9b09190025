//! The tables of section 6 beside a minimum: what the noise there adds to that at w*, eqs. (15) and (16), and what it is
//! where every sample is fitted, eq. (17).

use numbers::{Matrix, Vector, matrix};
use rug::Rational;

use super::course::{Course, halved};
use super::design::{Design, NETWORKS, Network};
use super::draws::{Drawn, Others, Place};
use super::judgements::judge;
use super::local::{Curvature, Model, RankOne};
use super::network::rounded;
use registry::networks::{
    NOISE_BY_FOURTH_MOMENTS, NOISE_NEAR_INTERPOLATION, NOISE_NEAR_MINIMUM, noise_by_fourth_moments, noise_by_spread,
};
use tables::{StudyError, Table, heads};
use verify::allowances::HALVINGS;

/// The weights w* + v or, on both sides, w* ± v, for each displacement v.
fn around(model: &Model, displacements: &[Vector<Rational>], both_sides: bool) -> Vec<Vector<Rational>> {
    let sides = |v| [&model.weights + v, &model.weights - v].into_iter().take(if both_sides { 2 } else { 1 });
    displacements.iter().flat_map(sides).collect()
}

/// The direction in which weights leave a minimum; no network prefers it.
const DIRECTION: [i32; 6] = [1, -1, 1, 1, 1, -1];

fn direction() -> Vector<Rational> {
    Vector::from_iterator(6, DIRECTION.iter().map(|&k| Rational::from(k)))
}

/// w* + v or w* ± v after k halvings, v from (1/256)(1, −1, …) on.
fn near_minimum_weights(model: &Model, k: usize, both_sides: bool) -> Vec<Vector<Rational>> {
    around(model, &[direction() * halved((1, 256), k)], both_sides)
}

/// The error of eqs. (15) and (16) at w* + v or averaged over w* ± v.
fn near_minimum_course(model: &Model, curvature: Curvature, both_sides: bool) -> Course {
    let claimed = model.at(&model.weights).claimed(curvature, RankOne::Plain);
    let found = |k| model.mean_noise(&near_minimum_weights(model, k, both_sides));
    Course::new((0..=HALVINGS).map(|k| (found(k), claimed.clone())))
}

/// Draws at w* ± v beside the noise at w*. Before any halving, what is O(|v|) would be seen, and what is O(|v|²) is not.
fn draw_near_minimum(model: &Model, name: &str, drawn: &mut Drawn) {
    let place = Place::new(model, &near_minimum_weights(model, 0, true), name);
    let local = model.at(&model.weights);
    let by_gauss_newton = |term| local.claimed(Curvature::GaussNewton, term);
    let rivals = [
        local.claimed(Curvature::Hessian, RankOne::Plain),
        by_gauss_newton(RankOne::OtherSign),
        by_gauss_newton(RankOne::Absent),
        model.mean_noise(&near_minimum_weights(model, 0, false)),
    ];
    drawn.compare(&place, &by_gauss_newton(RankOne::Plain), &rivals);
}

/// Eqs. (15) and (16) beside the noise near w*.
pub(super) fn near_minimum() -> Result<Table, StudyError> {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    let mut drawn = Drawn::new(Others::Rivals(
        "that at `w* + v` alone, and from `H₀` in place of `G₀`, the other sign of the term of rank 1 and no such term",
    ));
    for network in &NETWORKS {
        for design in Design::ALL.into_iter().filter(|&design| design != Design::Elsewhere) {
            let model = design.model(network, &Rational::from((1, 8)), &Rational::new())?;
            draw_near_minimum(&model, &format!("near minimum, {}, {}", network.name, design.name()), &mut drawn);
            let mut row = heads([network.name, design.name()]);
            for (curvature, both_sides) in Curvature::ALL.into_iter().flat_map(|c| [(c, false), (c, true)]) {
                let course = near_minimum_course(&model, curvature, both_sides);
                row.extend(course.cells());
                // With H₀ the error of eq. (16) at w* itself would stay, unless residuals come in pairs.
                if both_sides && (curvature == Curvature::GaussNewton || design == Design::Paired) {
                    found.push(course);
                }
            }
            rows.push(row);
        }
    }
    let header =
        heads(["network", "w*", "H₀, w*+v", "order", "H₀, w*±v", "order", "G₀, w*+v", "order", "G₀, w*±v", "order"]);
    let title = "eqs. (15) and (16) beside C(w* + v) and the mean of C(w* ± v), residuals ±1/8: \
                 error and its order, |v|∞ from 1/256 to 1/16384"
        .into();
    let finding = "At one w the remainder is O(|w−w*|) and not O(|w−w*|²), as rᵢ² changes by 2rᵢ∇fᵢᵀv; on average over a fluctuation that is \
                   even around w* it is O(|w−w*|²).\nWith H₀ the error at w* itself stays beside it, unless Σ rᵢ∇²fᵢ = 0.";
    Ok(Table { title, header, rows, finding, judged: vec![judge(&NOISE_NEAR_MINIMUM, "|v|", 2, &found, &drawn)] })
}

/// The weights near a minimum with L₀ = 0 whose noise is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// w* + v with ∇fᵢᵀv = ±ε: the losses are equal to leading order.
    One,
    /// w* ± v over D such v: E\[vvᵀ\] has rank D.
    Several,
    /// w* ± εeₖ: Σ = (ε²/D) I.
    Isotropic,
}

impl Spread {
    pub const ALL: [Spread; 3] = [Spread::One, Spread::Several, Spread::Isotropic];

    fn name(self) -> &'static str {
        match self {
            Spread::One => "w*+v, |∇fᵢᵀv| = ε",
            Spread::Several => "mean over w*±v, |∇fᵢᵀv| = ε",
            Spread::Isotropic => "mean over w*±v, Σ ∝ I",
        }
    }

    /// The v for ε = 1.
    fn displacements(self, model: &Model) -> Result<Vec<Vector<Rational>>, StudyError> {
        let D = model.weights.len();
        let signs = match self {
            Spread::One => Matrix::from_column_slice(D, 1, direction().as_slice()),
            Spread::Several => Matrix::from_fn(D, D, |i, k| Rational::from(if i == k { -1 } else { 1 })),
            Spread::Isotropic => return Ok(matrix::identity::<Rational>(D).column_iter().map(|v| v.into()).collect()),
        };
        let rows = Vec::from_iter(model.gradients(&model.weights).iter().map(Vector::transpose));
        let found = matrix::solve(&Matrix::from_rows(&rows), &signs)?;
        Ok(found.column_iter().map(|v| v.map(|entry| rounded(&entry))).collect())
    }
}

/// A formula for the noise near L₀(w*) = 0: (1/S) Tr\[H₀Σ\] H₀ with a second term, or the fourth moments, which are
/// right to leading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spreading {
    /// (1/S)(Tr\[H₀Σ\] I − H₀Σ) H₀: eq. (17) as printed.
    Printed,
    OtherSign,
    Absent,
    /// (1/S)(the mean of (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀).
    FourthMoments,
}

impl Spreading {
    pub const ALL: [Spreading; 4] =
        [Spreading::Printed, Spreading::OtherSign, Spreading::Absent, Spreading::FourthMoments];

    fn name(self) -> &'static str {
        match self {
            Spreading::Printed => "−H₀ΣH₀",
            Spreading::OtherSign => "+H₀ΣH₀",
            Spreading::Absent => "none",
            Spreading::FourthMoments => "fourth moments",
        }
    }

    /// SC by this formula, from H₀ and ∇fᵢ at w*.
    fn noise(
        self,
        H: &Matrix<Rational>,
        gradients: &[Vector<Rational>],
        fluctuation: &Matrix<Rational>,
    ) -> Matrix<Rational> {
        let spread = H * fluctuation;
        match self {
            Spreading::Printed => noise_by_spread(H, fluctuation),
            Spreading::OtherSign => H * matrix::trace(&spread) + &spread * H,
            Spreading::Absent => H * matrix::trace(&spread),
            Spreading::FourthMoments => noise_by_fourth_moments(gradients, fluctuation, &Rational::from(1)),
        }
    }
}

/// A minimum with L₀ = 0, and the weights near it.
struct Near {
    model: Model,
    spread: Spread,
    /// The v for ε = 1.
    directions: Vec<Vector<Rational>>,
    /// H₀ at w*.
    hessian: Matrix<Rational>,
    /// ∇fᵢ at w*.
    gradients: Vec<Vector<Rational>>,
}

impl Near {
    fn new(network: &Network, spread: Spread) -> Result<Self, StudyError> {
        let model = network.interpolated();
        let directions = spread.displacements(&model)?;
        let (hessian, gradients) = (model.at(&model.weights).hessian, model.gradients(&model.weights));
        Ok(Near { model, spread, directions, hessian, gradients })
    }

    /// The weights after k halvings, ε from 1/64 on, and their Σ.
    fn weights(&self, k: usize) -> (Vec<Vector<Rational>>, Matrix<Rational>) {
        let displaced = Vec::from_iter(self.directions.iter().map(|v| v * halved((1, 64), k)));
        let count = Rational::from(displaced.len());
        let squares = displaced.iter().map(|v| matrix::outer(v, v));
        let fluctuation = squares.fold(Matrix::zeros(6, 6), |sum, square| sum + square / count.clone());
        (around(&self.model, &displaced, self.spread != Spread::One), fluctuation)
    }

    /// SC by each formula.
    fn claimed(&self, fluctuation: &Matrix<Rational>) -> [Matrix<Rational>; 4] {
        Spreading::ALL.map(|formula| formula.noise(&self.hessian, &self.gradients, fluctuation))
    }

    /// The error of each formula.
    fn courses(&self) -> [Course; 4] {
        let steps = Vec::from_iter((0..=HALVINGS).map(|k| {
            let (weights, fluctuation) = self.weights(k);
            (self.model.mean_noise(&weights), self.claimed(&fluctuation))
        }));
        [0, 1, 2, 3].map(|i| Course::new(steps.iter().map(|(noise, claimed)| (noise.clone(), claimed[i].clone()))))
    }

    /// Draws at the end of the path, and SC by each formula there.
    fn place(&self, name: &str) -> (Place, [Matrix<Rational>; 4]) {
        let (weights, fluctuation) = self.weights(HALVINGS);
        (Place::new(&self.model, &weights, name), self.claimed(&fluctuation))
    }
}

/// Eq. (17) beside the noise near a minimum at which every sample is fitted.
pub(super) fn near_interpolation() -> Result<Table, StudyError> {
    let (mut rows, mut printed, mut by_fourth_moments) = (Vec::new(), Vec::new(), Vec::new());
    let mut drawn_as_printed = Drawn::new(Others::Rivals("the other sign of `H₀ΣH₀` and none"));
    let mut drawn_by_moments = Drawn::new(Others::Rivals(
        "eq. (17) where `∇fᵢᵀΣ∇fᵢ` are not equal, and from the other sign of its `H₀ΣH₀` and none",
    ));
    for network in &NETWORKS {
        for spread in Spread::ALL {
            let near = Near::new(network, spread)?;
            let courses = near.courses();
            let cells = courses.iter().flat_map(|course| course.cells());
            rows.push(heads([network.name, spread.name()]).into_iter().chain(cells).collect());
            // The order 2 is claimed on average; at one w the order is 1.
            if spread == Spread::One {
                continue;
            }
            let (place, [claimed, other_sign, absent, claimed_by_moments]) =
                near.place(&format!("near interpolation, {}, {}", network.name, spread.name()));
            let [course, .., by_moments] = courses;
            if spread == Spread::Several {
                printed.push(course);
                drawn_as_printed.compare(&place, &claimed, &[other_sign.clone(), absent.clone()]);
            }
            by_fourth_moments.push(by_moments);
            drawn_by_moments.compare(&place, &claimed_by_moments, &[claimed, other_sign, absent]);
        }
    }
    let formulas = Spreading::ALL.iter().flat_map(|formula| heads([formula.name(), "order"]));
    let header = heads(["network", "w"]).into_iter().chain(formulas).collect();
    let title =
        "C = (1/S) Tr[H₀Σ] H₀ and a second term, eq. (17), at L₀(w*) = 0: error and its order, ε from 1/64 to 1/4096"
            .into();
    let finding = "As printed eq. (17) is right to leading order where all ∇fᵢᵀΣ∇fᵢ are equal, which is what Assumption 2 says here: to \
                   O(|w−w*|) at one w, O(|w−w*|²) on average. No other sign of H₀ΣH₀ is.\nFor Σ ∝ I they differ and nothing of the form is right; \
                   C = (1/S)(the mean of (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀) is, for any Σ. H₀ = G₀ at w*.";
    let judged = vec![
        judge(&NOISE_NEAR_INTERPOLATION, "ε", 2, &printed, &drawn_as_printed),
        judge(&NOISE_BY_FOURTH_MOMENTS, "ε", 2, &by_fourth_moments, &drawn_by_moments),
    ];
    Ok(Table { title, header, rows, finding, judged })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Near L₀(w*) = 0 only one second term is right. Eq. (17) needs equal ∇fᵢᵀΣ∇fᵢ, and the fourth moments do not.
    #[test]
    fn the_second_term_of_equation_17_is_told() {
        for network in &NETWORKS {
            for (spread, order) in [(Spread::One, 1), (Spread::Several, 2), (Spread::Isotropic, 2)] {
                let [printed, other_sign, absent, by_moments] = Near::new(network, spread).unwrap().courses();
                assert_eq!(printed.vanishes(order), spread != Spread::Isotropic, "{spread:?}");
                assert!(by_moments.vanishes(order) && !by_moments.vanishes(order + 1), "{spread:?}");
                assert!(!printed.vanishes(order + 1) && !other_sign.vanishes(1) && !absent.vanishes(1), "{spread:?}");
            }
            let model = network.interpolated();
            let local = model.at(&model.weights);
            assert_eq!(local.hessian, local.gauss_newton);
        }
    }
}
