//! Hypotheses that contradict each other.

use claims::{Claim, Hypothesis};
use evidence::Seeded;

/// How often each pair is drawn, in each order and each dimension.
const DRAWS: usize = 30;

/// Two hypotheses of a claim that no setting was found to satisfy together, although each alone is satisfied: the first
/// such pair. `None` where there is none, so that only more of them contradict each other, or drawing found too little.
pub fn contradiction(claim: &Claim, seed: u64) -> Option<[&'static Hypothesis; 2]> {
    let satisfied = |hypotheses: Vec<&'static Hypothesis>| {
        let choices = &mut Seeded::new(seed, "contradiction");
        let claim = Claim { hypotheses, ..claim.clone() };
        let tries = [1, 2].into_iter().flat_map(|dimension| std::iter::repeat_n(dimension, DRAWS));
        tries.into_iter().any(|dimension| matches!(claim.draw(dimension, &[], choices), Ok(Some(_))))
    };
    let alone = Vec::from_iter(claim.hypotheses.iter().copied().filter(|hypothesis| satisfied(vec![*hypothesis])));
    let mut pairs =
        alone.iter().enumerate().flat_map(|(i, one)| alone[i + 1..].iter().map(move |other| [*one, *other]));
    // What is imposed last may undo what was imposed before.
    pairs.find(|[one, other]| !satisfied(vec![*one, *other]) && !satisfied(vec![*other, *one]))
}

#[cfg(test)]
mod tests {
    use claims::{file, hypotheses};

    use super::*;

    fn found(assume: &str) -> Option<[&'static str; 2]> {
        let text = format!("[[claim]]\nid = 'a/b'\nformula = 'Σ = 0'\nassume = [{assume}]\n");
        let claims = file::read("mine.toml", &text).unwrap();
        contradiction(&claims[0], 1).map(|pair| pair.map(|hypothesis| hypothesis.name))
    }

    #[test]
    fn the_two_that_contradict_each_other_are_found() {
        let both = Some(["data-set", "gaussian-features"]);
        assert_eq!(found("'data set', 'gaussian features'"), both);
        assert_eq!(found("'no momentum', 'data set', 'full rank', 'gaussian features'"), both);
    }

    #[test]
    fn what_can_hold_together_is_no_contradiction() {
        assert_eq!(
            found("'one weight', 'gaussian features', 'no weight decay', 'no input noise', 'no momentum'"),
            None
        );
        // Each with stationarity, which is always assumed here.
        for hypothesis in hypotheses::ALL.iter().filter(|hypothesis| hypothesis.name != "stationary") {
            assert_eq!(found(&format!("'{}'", hypothesis.name)), None);
        }
    }
}
