//! Minibatches of a network, drawn in doubles, beside the sums over all samples: whether their noise is what a formula
//! says.
//!
//! A draw is a minibatch of S samples with replacement, at weights that are drawn, too, where a claim speaks of several.
//! Of the model it takes weights, samples and Γ. The loss is written once more and differentiated by differences, so that
//! no derivative, no square of a residual and no term of rank 1 is borrowed from what is judged.
//!
//! Deliberately absent: orders of convergence. A claim of an order is drawn at one place of its path, at which its error
//! is below the standard error of the draws.

use std::slice::from_ref;

use numbers::{Matrix, Vector, decimal, matrix, nearest_f64};
use rand::RngExt;
use rug::Rational;
use tables::Judged;
use tables::draws::Scores;
use verify::allowances::TELLING;

use super::local::Model;
use crate::high_dimension::draws::seeded;

/// S: more than one, so that minibatches are means.
const S: usize = 3;
/// Blocks of minibatches, each of which is one value of a mean.
const BLOCKS: usize = 1024;
/// Minibatches of a block.
const MINIBATCHES: usize = 64;
/// By how much a weight is moved to differentiate a loss.
///
/// The error of a difference is 2⁻²⁸ over the smallest residual, 2⁻¹², at most, and rounding adds 2⁻³⁸: both are far below
/// a standard error.
const STEP: f64 = 1.0 / 16384.0;

/// A place at which minibatches are drawn.
pub(super) struct Place {
    /// SC, or its mean over the weights, by the sums over all samples: what tells which rivals are far, and in which
    /// direction. No draw is compared with it.
    exact: Matrix<Rational>,
    /// The mean of S(ĝ − ∇L)(ĝ − ∇L)ᵀ over each block.
    blocks: Vec<Matrix<f64>>,
}

impl Place {
    /// Draws at weights that are drawn among those given, from the stream of random numbers of this `name`.
    pub fn new(model: &Model, weights: &[Vector<Rational>], name: &str) -> Self {
        let at = |w| {
            let gradients = gradients(model, w);
            let mean = gradients.iter().sum::<Vector<f64>>() / gradients.len() as f64;
            (gradients, mean)
        };
        let places = Vec::from_iter(weights.iter().map(at));
        let stream = &mut seeded(1, name);
        let mut minibatch = || {
            let (gradients, mean) = &places[stream.random_range(0..places.len())];
            let drawn = (0..S).map(|_| &gradients[stream.random_range(0..gradients.len())]).sum::<Vector<f64>>();
            let noise = drawn / S as f64 - mean;
            matrix::outer(&noise, &noise) * S as f64
        };
        let mut block = || (0..MINIBATCHES).map(|_| minibatch()).sum::<Matrix<f64>>() / MINIBATCHES as f64;
        Place { exact: model.mean_noise(weights), blocks: (0..BLOCKS).map(|_| block()).collect() }
    }

    /// Whether a formula is so far off that draws have to tell it.
    fn tells(&self, formula: &Matrix<Rational>) -> bool {
        let apart = formula - &self.exact;
        apart.dot(&apart) >= self.exact.dot(&self.exact) * Rational::from_f64(TELLING * TELLING).unwrap_or_default()
    }
}

/// ℓᵢ + ½wᵀΓw of a sample (x, y), ℓᵢ = ½(Σⱼ aⱼ tanh(bⱼᵀx) − y)², for w = (a₁, b₁, a₂, b₂, …) and Γ = diag(`decay`).
fn loss(w: &Vector<f64>, x: &Vector<f64>, y: f64, decay: &Vector<f64>) -> f64 {
    let units = w.as_slice().chunks_exact(x.len() + 1).map(|unit| {
        let inside = unit[1..].iter().zip(x).map(|(b, x)| b * x).sum::<f64>();
        unit[0] * inside.tanh()
    });
    let regularizer = w.iter().zip(decay).map(|(w, decay)| decay * w * w).sum::<f64>();
    ((units.sum::<f64>() - y).powi(2) + regularizer) / 2.0
}

/// The gradient of that loss at weights w for each sample.
fn gradients(model: &Model, w: &Vector<Rational>) -> Vec<Vector<f64>> {
    let doubles = |v: &Vector<Rational>| v.map(|entry| nearest_f64(&entry));
    let (w, decay) = (doubles(w), doubles(&model.weight_decay));
    let samples = model.inputs.iter().zip(&model.labels).map(|(x, y)| (doubles(x), nearest_f64(y)));
    let gradient = |(x, y): (Vector<f64>, f64)| {
        Vector::from_fn(w.len(), |k, _| {
            let moved = |step: f64| {
                let mut w = w.clone();
                w[k] += step;
                loss(&w, &x, y, &decay)
            };
            (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
        })
    };
    samples.map(gradient).collect()
}

/// What draws are compared with besides the claim.
#[derive(Clone, Copy)]
pub(super) enum Others {
    /// Wrong formulas, in words.
    Rivals(&'static str),
    /// A noise that is larger by a tenth, where all other formulas say the same as the claim.
    Larger,
    /// The claim itself, which is refuted.
    Itself,
}

/// How far draws are from a claim, entry by entry, and from what they have to be told from.
pub(super) struct Drawn {
    others: Others,
    of_claim: Scores,
    of_others: Scores,
}

impl Drawn {
    /// Nothing compared yet.
    pub const fn new(others: Others) -> Self {
        Drawn { others, of_claim: Scores::new(), of_others: Scores::new() }
    }

    /// Compares the draws at a place with the claimed SC, and with those others that are far enough from what is there, by
    /// the part of the noise along the difference.
    pub fn compare(&mut self, place: &Place, claimed: &Matrix<Rational>, rivals: &[Matrix<Rational>]) {
        let doubles = |M: &Matrix<Rational>| M.map(|entry| nearest_f64(&entry));
        self.of_claim.compare(place.blocks.iter().cloned(), &doubles(claimed));
        let larger = claimed * Rational::from((11, 10));
        let others = match self.others {
            Others::Rivals(_) => rivals,
            Others::Larger => from_ref(&larger),
            Others::Itself => from_ref(claimed),
        };
        for other in others.iter().filter(|other| place.tells(other)) {
            let apart = doubles(&(other - &place.exact));
            let parts = place.blocks.iter().map(|block| block.dot(&apart));
            self.of_others.compare_numbers(parts, doubles(other).dot(&apart));
        }
    }

    /// Whether the claim is what was drawn.
    pub fn agrees(&self) -> bool {
        self.of_claim.agree()
    }

    /// The figures in words.
    pub fn said(&self) -> String {
        let [largest, least] = [self.of_claim.largest(), self.of_others.least()].map(|z| decimal::to_places(z, 1));
        let (count, others) = (self.of_claim.count(), self.of_others.count());
        let bound = if self.agrees() { "at most" } else { "up to" };
        let compared = format!("{count} means over draws are {bound} {largest} standard errors from it");
        match self.others {
            _ if others == 0 => compared,
            Others::Rivals(rivals) => format!("{compared}, and {others} at least {least} from {rivals}"),
            Others::Larger => format!("{compared}, and {others} at least {least} from one that is larger by a tenth"),
            Others::Itself => {
                let percent = decimal::to_places(100.0 * TELLING, 0);
                format!(
                    "{compared}, and at least {least} along its error at {others} places where that is {percent} % or more"
                )
            }
        }
    }

    /// A verdict with the figures.
    pub fn figures(&self, judged: Judged) -> Judged {
        let judged = judged
            .with("means_over_draws", self.of_claim.count() as f64)
            .with("largest_z_score", self.of_claim.largest());
        match self.others {
            _ if self.of_others.count() == 0 => judged,
            Others::Rivals(_) => judged.with("least_z_score_of_rivals", self.of_others.least()),
            Others::Larger => judged.with("least_z_score_of_a_noise_larger_by_a_tenth", self.of_others.least()),
            Others::Itself => judged.with("least_z_score_where_its_error_is_large", self.of_others.least()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::design::{Design, NETWORKS};
    use crate::networks::network::jet;

    fn model(design: Design) -> Model {
        design.model(&NETWORKS[1], &Rational::from((1, 64)), &Rational::from((1, 4))).unwrap()
    }

    /// rᵢ∇fᵢ + Γw, which the sums over all samples are made of, is the derivative of the loss that is drawn.
    #[test]
    fn gradients_by_differences_are_those_of_the_network() {
        for design in [Design::Elsewhere, Design::Decayed] {
            let model = model(design);
            let w = &model.weights;
            let decay = model.weight_decay.component_mul(w);
            let found = gradients(&model, w);
            assert_eq!(found.len(), model.inputs.len());
            for ((found, x), y) in found.iter().zip(&model.inputs).zip(&model.labels) {
                let jet = jet(w, x);
                let gradient = jet.gradient * (jet.value - y) + &decay;
                assert!((found - gradient.map(|entry| nearest_f64(&entry))).amax() < 1e-7, "{design:?}");
            }
        }
    }

    /// The noise at weights that are drawn from two is told from that at one of them, from a larger one, and from one in
    /// which the mean gradient is not subtracted.
    #[test]
    fn draws_are_told_from_other_noises() {
        let model = model(Design::Elsewhere);
        let weights = [(2, 1), (1, 1)].map(|factor| &model.weights * Rational::from(factor));
        let place = Place::new(&model, &weights, "told");
        let local = |w: &Vector<Rational>| model.at(w);
        let squares = weights.each_ref().map(|w| matrix::outer(&local(w).gradient, &local(w).gradient));
        let not_centred = &place.exact + (&squares[0] + &squares[1]) / Rational::from(2);
        let larger = &place.exact * Rational::from((11, 10));
        let rivals = [local(&weights[0]).noise, local(&weights[1]).noise, not_centred, larger];

        let mut right = Drawn::new(Others::Rivals("others"));
        right.compare(&place, &place.exact, &rivals);
        assert!(right.agrees() && right.of_others.count() == 4 && right.of_others.least() > 6.0, "{}", right.said());
        for rival in &rivals {
            let mut wrong = Drawn::new(Others::Itself);
            wrong.compare(&place, rival, &[]);
            assert!(!wrong.agrees() && wrong.of_others.count() == 1, "{}", wrong.said());
        }
    }

    /// What is nearer than draws can tell is no rival: nothing is said of it.
    #[test]
    fn what_is_too_near_is_not_compared() {
        let model = model(Design::Plain);
        let place = Place::new(&model, from_ref(&model.weights), "near");
        let mut drawn = Drawn::new(Others::Rivals("others"));
        let near = &place.exact * Rational::from((101, 100));
        drawn.compare(&place, &place.exact, &[near, place.exact.clone()]);
        assert_eq!((drawn.of_claim.count(), drawn.of_others.count()), (21, 0));
        assert!(!drawn.said().contains("others"));
    }
}
