//! Settings at which a claim is tried, drawn from a seed.

use claims::hypotheses::FULL_RANK;
use claims::{Choices, Claim, ClaimError, Hypothesis};
use rug::Rational;
use symbols::Setting;

use crate::admission::is_stationary_as_assumed;
use crate::allowances::DRAWS;
use crate::choices::{Seeded, Sparse};

/// How a setting of a claim is drawn.
pub struct Draw<'a> {
    /// The claim whose hypotheses the setting satisfies, except for those in `without`.
    pub claim: &'a Claim,
    /// The hypotheses that the setting breaks.
    pub without: &'a [&'a Hypothesis],
    /// D.
    pub dimension: usize,
    /// The seed from which, with `name`, all choices follow.
    pub seed: u64,
    /// The name of the draw. The name of the claim is no part of it: claims under the same hypotheses draw the same
    /// settings, so that engines answer once for all of them.
    pub name: &'a str,
    /// Whether most numbers that can have either sign are 0.
    pub sparse: bool,
}

/// How a setting is drawn from choices.
type By = fn(&Claim, usize, &[&Hypothesis], &mut dyn Choices) -> Result<Option<Setting<Rational>>, ClaimError>;

impl Draw<'_> {
    /// The setting, or `None` after [`DRAWS`] draws that broke a hypothesis or that `fits` refused.
    pub fn setting(&self, fits: impl FnMut(&Setting<Rational>) -> bool) -> Option<Setting<Rational>> {
        self.drawn(Claim::draw, fits)
    }

    /// A setting with a singular A; `None` at once where A ≻ 0 is assumed.
    pub fn singular(&self) -> Option<Setting<Rational>> {
        if self.claim.assumes(&FULL_RANK, self.without) {
            return None;
        }
        self.drawn(Claim::draw_singular, |_| true)
    }

    /// A setting of a kind that draws seldom need.
    pub fn rare(&self) -> Option<Setting<Rational>> {
        self.drawn(Claim::draw_rare, |_| true)
    }

    fn drawn(&self, draw: By, mut fits: impl FnMut(&Setting<Rational>) -> bool) -> Option<Setting<Rational>> {
        let names = |hypotheses: &[&Hypothesis]| Vec::from_iter(hypotheses.iter().map(|h| h.name)).join(" ");
        let (all, without) = (names(&self.claim.hypotheses), names(self.without));
        (0..DRAWS).find_map(|attempt| {
            let stream = format!("{all} / {without} / {} / {} / {attempt}", self.dimension, self.name);
            let choices = &mut Seeded::new(self.seed, &stream);
            let setting = match self.sparse {
                true => draw(self.claim, self.dimension, self.without, &mut Sparse(choices)),
                false => draw(self.claim, self.dimension, self.without, choices),
            };
            let setting = setting.ok().flatten()?;
            (is_stationary_as_assumed(self.claim, self.without, &setting) && fits(&setting)).then_some(setting)
        })
    }
}
