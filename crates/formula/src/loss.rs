//! Where the claimed side of a formula loses digits, as places in its text.

use std::ops::Range;

use numbers::Scalar;
use rug::Rational;

use crate::digits::{Digits, Rounding};
use crate::program::loss::{Local, errors};
use crate::{EvaluationError, Formula, Given};
use notation::{Mistake, Place, Spelling};

/// The least loss in decimal digits that a place is named for. Rounded operands alone cost a product half a digit.
const LEAST: f64 = 1.0;

/// A formula beside the texts in which its parts have their places.
#[derive(Debug, Clone)]
pub struct Placed {
    texts: Vec<String>,
    formula: Formula,
}

/// Where an evaluation loses digits.
#[derive(Debug, Clone)]
pub struct Losses {
    /// The correct digits of the claimed side.
    pub whole: Digits,
    /// The parts that lose a digit or more, the worst first.
    pub parts: Vec<Loss>,
}

/// A part of a formula that loses digits.
#[derive(Debug, Clone, Copy)]
pub struct Loss {
    /// Where it stands; [`Placed::range`] has the bytes.
    pub place: Place,
    /// How many decimal digits are lost there and missing in the result.
    pub digits: f64,
    /// How.
    pub cause: Cause,
}

/// How a part loses digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its own operation loses them, on operands that have all digits.
    Operation,
    /// Its own operation is correct but for a rounding, of which what follows makes so much. Such parts are looked for
    /// only where no operation explains the loss.
    Rounding,
}

impl Placed {
    /// A formula, read anew from its statements and its definitions as they are written in Unicode.
    ///
    /// # Errors
    /// None that a formula is known to cause: what was written is read as the same tree.
    pub fn new(formula: &Formula) -> Result<Self, Vec<Mistake>> {
        let text = formula.text();
        let statements = text.statements.iter().map(|statement| statement.written(Spelling::Unicode));
        let definitions = text.definitions.iter().map(|definition| definition.written(Spelling::Unicode));
        let texts = Vec::from_iter(statements.chain(definitions));
        let all = Vec::from_iter(texts.iter().map(String::as_str));
        let (statements, definitions) = all.split_at(text.statements.len());
        let text = reader::text(statements, definitions).map_err(|mistake| vec![mistake])?;
        let formula = Formula::new(text, formula.context())?;
        Ok(Placed { texts, formula })
    }

    /// The statements, and the definitions behind them.
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The number of the text that a place is in, and its bytes there; every bracket that opens in it also closes.
    pub fn range(&self, place: Place) -> (usize, Range<usize>) {
        let number = place.text.min(self.texts.len().saturating_sub(1));
        let text = self.texts.get(number).map_or("", String::as_str);
        if text.get(place.start..place.end).is_none_or(str::is_empty) {
            return (number, 0..text.len());
        }
        let mut depth = 0_i32;
        let mut end = place.end;
        for (at, letter) in text[place.start..].char_indices().map(|(at, letter)| (place.start + at, letter)) {
            if at >= place.end && depth <= 0 {
                break;
            }
            match letter {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                _ => {}
            }
            end = end.max(at + letter.len_utf8());
        }
        (number, place.start..end)
    }

    /// A part as it is written.
    pub fn part(&self, place: Place) -> &str {
        let (number, range) = self.range(place);
        self.texts.get(number).and_then(|text| text.get(range)).unwrap_or_default()
    }

    /// Where the claimed side loses digits in a field of rounded numbers.
    ///
    /// # Errors
    /// [`EvaluationError`] where it has no exact value, or an operation of it has none in this field.
    pub fn losses<T: Scalar>(
        &self,
        given: &Given<Rational>,
        rounding: &Rounding<T>,
    ) -> Result<Losses, EvaluationError> {
        let (program, side) = self.formula.claimed_side();
        let errors = errors(program, (&side.schedule, &side.results), given, rounding, LEAST)?;
        let lost = |digits: Digits| digits.lost(rounding.digits);
        let part = |Local { id, own, arriving }: Local| {
            let (own, arriving) = (lost(own), lost(arriving?));
            let (cause, digits) =
                if own < LEAST { (Cause::Rounding, arriving) } else { (Cause::Operation, own.min(arriving)) };
            (digits >= LEAST).then(|| Loss { place: program.place(id), digits, cause })
        };
        let mut parts = Vec::from_iter(errors.operations.into_iter().filter_map(part));
        parts.sort_by(|one, other| other.digits.total_cmp(&one.digits));
        Ok(Losses { whole: errors.whole, parts })
    }
}
