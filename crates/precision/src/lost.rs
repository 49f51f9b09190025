//! Where an evaluation loses digits along a walk.

use std::ops::Range;

use claims::Form;
use formula::{Cause, Digits, Given, Placed};
use rug::Rational;

use super::format::Format;

/// The formats that are asked where they lose digits; the second one where the first loses none.
const ASKED: [Format; 2] = [Format::Double, Format::Single];
/// A loss in decimal digits that is worth a place.
const LEAST: f64 = 1.0;

/// The part of a formula that loses most digits along a walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Lost {
    /// In which format.
    pub format: Format,
    /// At which step of the walk: the one at which the part loses most.
    pub step: usize,
    /// How many decimal digits are lost there, and missing in the result.
    pub digits: f64,
    /// How.
    pub cause: Cause,
    /// The statement or the definition in which the part stands.
    pub text: String,
    /// The bytes of the part there.
    pub range: Range<usize>,
}

impl Lost {
    /// The part as it is written.
    pub fn part(&self) -> &str {
        self.text.get(self.range.clone()).unwrap_or_default()
    }
}

/// The part that loses most digits of doubles, or of single precision where doubles lose none. `kept` has the correct
/// digits of the whole by format and step, and says where it is worth asking. An operation comes before a rounding.
pub(super) fn worst(form: &Form, given: &[Given<Rational>], kept: impl Fn(Format, usize) -> Digits) -> Option<Lost> {
    let placed = Placed::new(form.formula()).ok()?;
    ASKED.into_iter().find_map(|format| {
        let is_lossy = |step: &usize| kept(format, *step).lost(format.digits()) >= LEAST;
        let mut found: Option<Lost> = None;
        for step in (0..given.len()).filter(is_lossy) {
            let Some(worst) =
                format.losses(&placed, &given[step]).ok().and_then(|losses| losses.parts.first().copied())
            else {
                continue;
            };
            let rank = |cause, digits| (cause == Cause::Operation, digits);
            if found.as_ref().is_none_or(|found| rank(found.cause, found.digits) < rank(worst.cause, worst.digits)) {
                let (number, range) = placed.range(worst.place);
                let text = placed.texts().get(number).cloned().unwrap_or_default();
                found = Some(Lost { format, step, digits: worst.digits, cause: worst.cause, text, range });
            }
        }
        found
    })
}
