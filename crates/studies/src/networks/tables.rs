//! The tables of section 6, and those at the weights that its equations speak about.

use std::slice::from_ref;

use claims::StudyClaim;
use rug::Rational;

use super::course::{Course, halved};
use super::design::{Design, NETWORKS, Network};
use super::draws::{Drawn, Others, Place};
use super::judgements::judge;
use super::local::{Curvature, Local, Model, RankOne};
use super::near::{near_interpolation, near_minimum};
use registry::networks::{
    NOISE, NOISE_AT_GIVEN_LOSS, NOISE_AT_MINIMUM, NOISE_AT_UNREGULARIZED_MINIMUM, NOISE_BY_GAUSS_NEWTON,
    NOISE_OF_PLAIN_LOSS,
};
use tables::{Judged, Study, StudyError, Table, heads};
use verify::allowances::HALVINGS;

/// The study.
pub static STUDY: Study = Study {
    name: "networks",
    subject: "small networks",
    tables: &[
        ("vanishing-loss", || noise(&VANISHING_LOSS)),
        ("unequal-residuals", || noise(&UNEQUAL_RESIDUALS)),
        ("vanishing-spread", || noise(&VANISHING_SPREAD)),
        ("near-minimum", near_minimum),
        ("near-interpolation", near_interpolation),
    ],
};

/// The error of one formula along a path.
struct Found {
    design: Design,
    curvature: Curvature,
    term: RankOne,
    course: Course,
}

/// The end of a path, where minibatches are drawn.
struct End {
    design: Design,
    local: Local,
    place: Place,
}

/// The matrix that stands for H₀ in a formula, and its term of rank 1.
type Formula = (Curvature, RankOne);

/// What is found along paths in which a parameter is halved.
struct Measured {
    parameter: &'static str,
    found: Vec<Found>,
    ends: Vec<End>,
}

impl Measured {
    /// Judges a claim that a formula has an error of the order 1 at data sets of the given designs; draws have to tell it
    /// from `others`, which are the `rivals` if these have words.
    fn judge(
        &self,
        claim: &'static StudyClaim,
        designs: &[Design],
        (curvature, term): Formula,
        others: Others,
        rivals: &[Formula],
    ) -> Judged {
        let asked =
            |found: &&Found| designs.contains(&found.design) && (found.curvature, found.term) == (curvature, term);
        let courses = self.found.iter().filter(asked).map(|found| &found.course);
        let mut drawn = Drawn::new(others);
        for End { local, place, .. } in self.ends.iter().filter(|end| designs.contains(&end.design)) {
            let rivals = Vec::from_iter(rivals.iter().map(|&(curvature, term)| local.claimed(curvature, term)));
            drawn.compare(place, &local.claimed(curvature, term), &rivals);
        }
        judge(claim, self.parameter, 1, courses, &drawn)
    }
}

/// A way into a limit of residuals sᵢρ(1 + δeᵢ).
struct Path {
    title: &'static str,
    /// The one of them that is halved.
    parameter: &'static str,
    /// ρ and δ after k halvings.
    at: fn(usize) -> [Rational; 2],
    finding: &'static str,
    judge: fn(&Measured) -> Vec<Judged>,
}

const VANISHING_LOSS: Path = Path {
    title: "residuals of one size ρ (Assumption 2 holds exactly), ρ from 1/8 to 1/512",
    parameter: "ρ",
    at: |k| [halved((1, 8), k), Rational::new()],
    finding: "Eq. (14) is an identity with G₀, the mean of ∇fᵢ∇fᵢᵀ, and ∇L₀. The Hessian H₀ has Σ rᵢ∇²fᵢ/N besides, and its error is \
              O(L₀^{3/2}), of order 1 in ρ: o(L₀), as claimed, where L₀ → 0.\n\
              With ∇L_Γ as printed it is no o(L₀): what is missing, of order L₀, stays. At a minimum eqs. (15) and (16) are the column \
              −∇L₀∇L₀ᵀ, and their sign is right.\nΓ = 0 alone does not make H₀ = G₀; labels f ± r at each input do.",
    judge: |measured| {
        let judge = |claim, designs: &[Design], term, others, rivals: &[RankOne]| {
            let rivals = Vec::from_iter(rivals.iter().map(|&term| (Curvature::Hessian, term)));
            measured.judge(claim, designs, (Curvature::Hessian, term), others, &rivals)
        };
        let [full, of_other_sign, absent] = [RankOne::Full, RankOne::OtherSign, RankOne::Absent];
        let others = Others::Rivals("the other sign of the term of rank 1 and no such term");
        let all = Others::Rivals("`∇L_Γ` in the term of rank 1, its other sign and no such term");
        vec![
            judge(&NOISE, &Design::ALL, full, Others::Itself, &[]),
            judge(&NOISE_OF_PLAIN_LOSS, &Design::ALL, RankOne::Plain, all, &[full, of_other_sign, absent]),
            judge(&NOISE_AT_MINIMUM, &[Design::Decayed], RankOne::Plain, others, &[of_other_sign, absent]),
            judge(&NOISE_AT_UNREGULARIZED_MINIMUM, &[Design::Plain, Design::Paired], absent, Others::Larger, &[]),
        ]
    },
};
const UNEQUAL_RESIDUALS: Path = Path {
    title: "residuals between 3ρ/4 and 5ρ/4 (Assumption 2 does not hold), ρ from 1/8 to 1/512",
    parameter: "ρ",
    at: |k| [halved((1, 8), k), Rational::from((1, 4))],
    finding: "Without Assumption 2 nothing is o(L₀), neither with H₀ nor with G₀: what is left, the mean of 2(ℓᵢ − L₀)∇fᵢ∇fᵢᵀ, is of \
              order L₀.",
    judge: |_| Vec::new(),
};
const VANISHING_SPREAD: Path = Path {
    title: "residuals between (1 − δ)/8 and (1 + δ)/8, δ from 1/4 to 1/256",
    parameter: "δ",
    at: |k| [Rational::from((1, 8)), halved((1, 4), k)],
    finding: "Assumption 2 alone, |L₀ − ℓᵢ| = o(L₀) at a given L₀, does not make an error of o(L₀) with the Hessian: −2L₀ Σ rᵢ∇²fᵢ/N \
              stays, also at a minimum with Γ = 0.\nWith G₀ it does, with the order 1 in |L₀ − ℓᵢ|; with H₀ only where Σ rᵢ∇²fᵢ = 0.",
    judge: |measured| {
        let by_gauss_newton = |term| (Curvature::GaussNewton, term);
        let by_hessian = (Curvature::Hessian, RankOne::Plain);
        let rivals = [by_hessian, by_gauss_newton(RankOne::OtherSign), by_gauss_newton(RankOne::Absent)];
        let others = Others::Rivals("`H₀` in place of `G₀`, the other sign of the term of rank 1 and no such term");
        let right = by_gauss_newton(RankOne::Plain);
        vec![
            measured.judge(&NOISE_AT_GIVEN_LOSS, &Design::ALL, by_hessian, Others::Itself, &[]),
            measured.judge(&NOISE_BY_GAUSS_NEWTON, &Design::ALL, right, others, &rivals),
        ]
    },
};

impl Path {
    /// The model at each place of the path.
    fn models(&self, network: &Network, design: Design) -> Result<Vec<Model>, StudyError> {
        let model = |k| {
            let [size, spread] = (self.at)(k);
            design.model(network, &size, &spread)
        };
        (0..=HALVINGS).map(model).collect()
    }
}

/// The tables on eqs. (14) to (16), at the weights that they speak about.
fn noise(path: &Path) -> Result<Table, StudyError> {
    let mut rows = Vec::new();
    let mut measured = Measured { parameter: path.parameter, found: Vec::new(), ends: Vec::new() };
    for network in &NETWORKS {
        for design in Design::ALL {
            let models = path.models(network, design)?;
            let mut locals = Vec::from_iter(models.iter().map(|model| model.at(&model.weights)));
            for curvature in Curvature::ALL {
                let mut row = heads([network.name, design.name(), curvature.name()]);
                for term in RankOne::ALL {
                    let pairs = locals.iter().map(|local| (local.noise.clone(), local.claimed(curvature, term)));
                    let course = Course::new(pairs);
                    row.extend(course.cells());
                    measured.found.push(Found { design, curvature, term, course });
                }
                rows.push(row);
            }
            if let (Some(model), Some(local)) = (models.last(), locals.pop()) {
                let name = format!("{} halved, {}, {}", path.parameter, network.name, design.name());
                let place = Place::new(model, from_ref(&model.weights), &name);
                measured.ends.push(End { design, local, place });
            }
        }
    }
    let terms = RankOne::ALL.iter().flat_map(|term| heads([term.name(), "order"]));
    let header = heads(["network", "w", "H"]).into_iter().chain(terms).collect();
    let title = format!("C = (2L₀/S) H and a term of rank 1, eqs. (14)–(16): error and its order, {}", path.title);
    Ok(Table { title, header, rows, finding: path.finding, judged: (path.judge)(&measured) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At a minimum with weight decay only one term of rank 1 leaves nothing, and only with G₀.
    #[test]
    fn the_term_of_rank_1_is_told() {
        for network in &NETWORKS {
            let models = VANISHING_LOSS.models(network, Design::Decayed).unwrap();
            let locals = Vec::from_iter(models.iter().map(|model| model.at(&model.weights)));
            let course = |curvature, term| {
                Course::new(locals.iter().map(|local| (local.noise.clone(), local.claimed(curvature, term))))
            };
            assert_eq!(course(Curvature::GaussNewton, RankOne::Plain).last(), 0.0);
            assert!(!course(Curvature::Hessian, RankOne::Plain).vanishes(2));
            for term in [RankOne::Full, RankOne::OtherSign, RankOne::Absent] {
                assert!(!Curvature::ALL.iter().any(|&curvature| course(curvature, term).vanishes(1)), "{term:?}");
            }
        }
    }
}
