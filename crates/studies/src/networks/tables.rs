//! The tables of section 6.

use numbers::{Matrix, Vector, matrix};
use rug::Rational;

use super::course::Course;
use super::design::{Design, NETWORKS, Network};
use super::judgements::vanish;
use super::local::{Curvature, Local, Model, RankOne};
use super::network::rounded;
use registry::networks::{
    NOISE, NOISE_AT_GIVEN_LOSS, NOISE_AT_MINIMUM, NOISE_AT_UNREGULARIZED_MINIMUM, NOISE_BY_FOURTH_MOMENTS,
    NOISE_BY_GAUSS_NEWTON, NOISE_NEAR_INTERPOLATION, NOISE_NEAR_MINIMUM, NOISE_OF_PLAIN_LOSS, noise_by_fourth_moments,
    noise_by_spread,
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

/// value/2ᵏ.
fn halved((numerator, denominator): (i32, i32), k: usize) -> Rational {
    Rational::from((numerator, denominator)) >> k as u32
}

/// The error of one formula along a path.
struct Found {
    design: Design,
    curvature: Curvature,
    term: RankOne,
    course: Course,
}

/// The errors of a formula at data sets of the given designs.
fn of<'a>(
    found: &'a [Found],
    designs: &'a [Design],
    curvature: Curvature,
    term: RankOne,
) -> impl Iterator<Item = &'a Course> {
    let asked =
        move |found: &&Found| designs.contains(&found.design) && (found.curvature, found.term) == (curvature, term);
    found.iter().filter(asked).map(|found| &found.course)
}

/// A way into a limit of residuals sᵢρ(1 + δeᵢ).
struct Path {
    title: &'static str,
    /// ρ and δ after k halvings.
    at: fn(usize) -> [Rational; 2],
    finding: &'static str,
    judge: fn(&[Found]) -> Vec<Judged>,
}

const VANISHING_LOSS: Path = Path {
    title: "residuals of one size ρ (Assumption 2 holds exactly), ρ from 1/8 to 1/512",
    at: |k| [halved((1, 8), k), Rational::new()],
    finding: "Eq. (14) is an identity with G₀, the mean of ∇fᵢ∇fᵢᵀ, and ∇L₀. The Hessian H₀ has Σ rᵢ∇²fᵢ/N besides, and its error is \
              O(L₀^{3/2}), of order 1 in ρ: o(L₀), as claimed, where L₀ → 0.\n\
              With ∇L_Γ as printed it is no o(L₀): what is missing, of order L₀, stays. At a minimum eqs. (15) and (16) are the column \
              −∇L₀∇L₀ᵀ, and their sign is right.\nΓ = 0 alone does not make H₀ = G₀; labels f ± r at each input do.",
    judge: |found| {
        let unregularized = [Design::Plain, Design::Paired];
        let judge =
            |claim, designs: &[Design], term| vanish(claim, "ρ", 1, of(found, designs, Curvature::Hessian, term));
        vec![
            judge(&NOISE, &Design::ALL, RankOne::Full),
            judge(&NOISE_OF_PLAIN_LOSS, &Design::ALL, RankOne::Plain),
            judge(&NOISE_AT_MINIMUM, &[Design::Decayed], RankOne::Plain),
            judge(&NOISE_AT_UNREGULARIZED_MINIMUM, &unregularized, RankOne::Absent),
        ]
    },
};
const UNEQUAL_RESIDUALS: Path = Path {
    title: "residuals between 3ρ/4 and 5ρ/4 (Assumption 2 does not hold), ρ from 1/8 to 1/512",
    at: |k| [halved((1, 8), k), Rational::from((1, 4))],
    finding: "Without Assumption 2 nothing is o(L₀), neither with H₀ nor with G₀: what is left, the mean of 2(ℓᵢ − L₀)∇fᵢ∇fᵢᵀ, is of \
              order L₀.",
    judge: |_| Vec::new(),
};
const VANISHING_SPREAD: Path = Path {
    title: "residuals between (1 − δ)/8 and (1 + δ)/8, δ from 1/4 to 1/256",
    at: |k| [Rational::from((1, 8)), halved((1, 4), k)],
    finding: "Assumption 2 alone, |L₀ − ℓᵢ| = o(L₀) at a given L₀, does not make an error of o(L₀) with the Hessian: −2L₀ Σ rᵢ∇²fᵢ/N \
              stays, also at a minimum with Γ = 0.\nWith G₀ it does, with the order 1 in |L₀ − ℓᵢ|; with H₀ only where Σ rᵢ∇²fᵢ = 0.",
    judge: |found| {
        let pairs = [(&NOISE_AT_GIVEN_LOSS, Curvature::Hessian), (&NOISE_BY_GAUSS_NEWTON, Curvature::GaussNewton)];
        let judge = |(claim, curvature)| vanish(claim, "δ", 1, of(found, &Design::ALL, curvature, RankOne::Plain));
        pairs.map(judge).to_vec()
    },
};

impl Path {
    /// The loss, its derivatives and the noise at each place of the path.
    fn locals(&self, network: &Network, design: Design) -> Result<Vec<Local>, StudyError> {
        let local = |k| {
            let [size, spread] = (self.at)(k);
            let model = design.model(network, &size, &spread)?;
            Ok(model.at(&model.weights))
        };
        (0..=HALVINGS).map(local).collect()
    }
}

/// The tables on eqs. (14) to (16), at the weights that they speak about.
fn noise(path: &Path) -> Result<Table, StudyError> {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    for network in &NETWORKS {
        for design in Design::ALL {
            let locals = path.locals(network, design)?;
            for curvature in Curvature::ALL {
                let mut row = heads([network.name, design.name(), curvature.name()]);
                for term in RankOne::ALL {
                    let pairs = locals.iter().map(|local| (local.noise.clone(), local.claimed(curvature, term)));
                    let course = Course::new(pairs);
                    row.extend(course.cells());
                    found.push(Found { design, curvature, term, course });
                }
                rows.push(row);
            }
        }
    }
    let terms = RankOne::ALL.iter().flat_map(|term| heads([term.name(), "order"]));
    let header = heads(["network", "w", "H"]).into_iter().chain(terms).collect();
    let title = format!("C = (2L₀/S) H and a term of rank 1, eqs. (14)–(16): error and its order, {}", path.title);
    Ok(Table { title, header, rows, finding: path.finding, judged: (path.judge)(&found) })
}

/// The mean of SC over the weights w* + v or, on both sides, w* ± v, for each displacement v.
fn mean_noise(model: &Model, displacements: &[Vector<Rational>], both_sides: bool) -> Matrix<Rational> {
    let D = model.weights.len();
    let mut sum = Matrix::<Rational>::zeros(D, D);
    let mut count = 0u32;
    for v in displacements {
        let sides = [&model.weights + v, &model.weights - v];
        for w in &sides[..if both_sides { 2 } else { 1 }] {
            sum += model.at(w).noise;
            count += 1;
        }
    }
    sum / Rational::from(count)
}

/// The direction in which weights leave a minimum; no network prefers it.
const DIRECTION: [i32; 6] = [1, -1, 1, 1, 1, -1];

fn direction() -> Vector<Rational> {
    Vector::from_iterator(6, DIRECTION.iter().map(|&k| Rational::from(k)))
}

/// The error of eqs. (15) and (16) at w* + v or averaged over w* ± v, v from (1/256)(1, −1, …) on.
fn near_minimum_course(model: &Model, curvature: Curvature, both_sides: bool) -> Course {
    let claimed = model.at(&model.weights).claimed(curvature, RankOne::Plain);
    Course::new((0..=HALVINGS).map(|k| {
        let v = direction() * halved((1, 256), k);
        (mean_noise(model, &[v], both_sides), claimed.clone())
    }))
}

fn near_minimum() -> Result<Table, StudyError> {
    let (mut rows, mut found) = (Vec::new(), Vec::new());
    for network in &NETWORKS {
        for design in Design::ALL.into_iter().filter(|&design| design != Design::Elsewhere) {
            let model = design.model(network, &Rational::from((1, 8)), &Rational::new())?;
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
    Ok(Table { title, header, rows, finding, judged: vec![vanish(&NOISE_NEAR_MINIMUM, "|v|", 2, &found)] })
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

/// The error of each formula near L₀(w*) = 0, ε from 1/64 on.
fn near_interpolation_courses(network: &Network, spread: Spread) -> Result<[Course; 4], StudyError> {
    let model = network.interpolated();
    let directions = spread.displacements(&model)?;
    let count = Rational::from(directions.len());
    let steps = Vec::from_iter((0..=HALVINGS).map(|k| {
        let displaced = Vec::from_iter(directions.iter().map(|v| v * halved((1, 64), k)));
        let squares = displaced.iter().map(|v| matrix::outer(v, v));
        let fluctuation = squares.fold(Matrix::zeros(6, 6), |sum, square| sum + square / count.clone());
        (mean_noise(&model, &displaced, spread != Spread::One), fluctuation)
    }));
    let (H, gradients) = (model.at(&model.weights).hessian, model.gradients(&model.weights));
    Ok(Spreading::ALL.map(|formula| {
        Course::new(
            steps.iter().map(|(noise, fluctuation)| (noise.clone(), formula.noise(&H, &gradients, fluctuation))),
        )
    }))
}

fn near_interpolation() -> Result<Table, StudyError> {
    let (mut rows, mut printed, mut by_fourth_moments) = (Vec::new(), Vec::new(), Vec::new());
    for network in &NETWORKS {
        for spread in Spread::ALL {
            let courses = near_interpolation_courses(network, spread)?;
            let cells = courses.iter().flat_map(|course| course.cells());
            rows.push(heads([network.name, spread.name()]).into_iter().chain(cells).collect());
            let [course, .., by_moments] = courses;
            // The order 2 is claimed on average; at one w the order is 1.
            if spread == Spread::Several {
                printed.push(course);
            }
            if spread != Spread::One {
                by_fourth_moments.push(by_moments);
            }
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
        vanish(&NOISE_NEAR_INTERPOLATION, "ε", 2, &printed),
        vanish(&NOISE_BY_FOURTH_MOMENTS, "ε", 2, &by_fourth_moments),
    ];
    Ok(Table { title, header, rows, finding, judged })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// At a minimum with weight decay only one term of rank 1 leaves nothing, and only with G₀.
    #[test]
    fn the_term_of_rank_1_is_told() {
        for network in &NETWORKS {
            let locals = VANISHING_LOSS.locals(network, Design::Decayed).unwrap();
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

    /// Near L₀(w*) = 0 only one second term is right. Eq. (17) needs equal ∇fᵢᵀΣ∇fᵢ, and the fourth moments do not.
    #[test]
    fn the_second_term_of_equation_17_is_told() {
        for network in &NETWORKS {
            for (spread, order) in [(Spread::One, 1), (Spread::Several, 2), (Spread::Isotropic, 2)] {
                let [printed, other_sign, absent, by_moments] = near_interpolation_courses(network, spread).unwrap();
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
