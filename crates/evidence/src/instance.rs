//! Settings at which a claim is tried.

use claims::hypotheses::FULL_RANK;
use claims::{Choices, Claim, ClaimError, Hypothesis};
use numbers::Matrix;
use rug::Rational;
use symbols::Setting;

use crate::admission::is_stationary_as_assumed;
use crate::allowances::DRAWS;
use crate::choices::{Seeded, Sparse};
use crate::part::Part;

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

    /// The same with a singular A; `None` at once where A ≻ 0 is assumed.
    pub fn singular(&self) -> Option<Setting<Rational>> {
        if self.claim.assumes(&FULL_RANK, self.without) {
            return None;
        }
        self.drawn(Claim::draw_singular, |_| true)
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

/// A setting in one line, in fractions. B, Γ and μ are left out where they are zero, and u where there is neither
/// weight decay nor input noise.
pub fn describe(setting: &Setting<Rational>) -> String {
    let moved =
        [Part::WeightDecay, Part::InputNoise].map(|part| part.of(setting)).into_iter().flatten().any(|M| !is_zero(&M));
    parts(setting, |part| part != Part::TrueWeights || moved)
}

/// Those parts of a setting in one line that `matter`. B, Γ and μ are left out where they are zero.
pub fn parts(setting: &Setting<Rational>, mut matter: impl FnMut(Part) -> bool) -> String {
    let mut lines = Vec::new();
    for part in Part::ALL {
        let Some(value) = part.of(setting) else { continue };
        let plain = matches!(part, Part::InputNoise | Part::WeightDecay | Part::Momentum) && is_zero(&value);
        if plain || !matter(part) {
            continue;
        }
        let text = match part {
            Part::TrueWeights | Part::Labels | Part::InitialWeights => row(value.iter()),
            _ => matrix(&value),
        };
        lines.push(format!("{} = {text}", part.symbol()));
        if part == Part::Labels {
            lines.push(setting.sampling().to_string());
        }
    }
    lines.join(", ")
}

fn is_zero(M: &Matrix<Rational>) -> bool {
    M.iter().all(Rational::is_zero)
}

/// A matrix in one line; a 1×1 matrix is its entry.
pub fn matrix(M: &Matrix<Rational>) -> String {
    in_brackets(&M.map(|v| v.to_string()))
}

/// Rows of entries in brackets, without those around a single entry.
pub(crate) fn in_brackets(entries: &Matrix<String>) -> String {
    list(entries.row_iter().map(|row| list(row.iter().cloned())))
}

/// A row in one line.
pub fn row<'a>(entries: impl Iterator<Item = &'a Rational>) -> String {
    list(entries.map(Rational::to_string))
}

fn list(entries: impl Iterator<Item = String>) -> String {
    let entries = Vec::from_iter(entries);
    match entries.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", entries.join(", ")),
    }
}
