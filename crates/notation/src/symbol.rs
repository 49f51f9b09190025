//! The one notation table: what each symbol is, before any text speaks.
//!
//! A symbol has a name, a shape, units and a meaning. The meaning is a value of [`Meaning`], so that whoever evaluates
//! must know every one of them; the sentence is for a reader.

use crate::Context;

mod kind;
mod table;

pub use kind::{Meaning, Shape, Spectrum, Symbol, Units};
pub use table::TABLE;

/// The line of a name that stands without an index.
pub fn symbol(name: &str) -> Option<&'static Symbol> {
    TABLE.iter().find(|symbol| symbol.name == name && !symbol.indexed)
}

/// The line of a name that stands with an index.
pub fn indexed(name: &str) -> Option<&'static Symbol> {
    TABLE.iter().find(|symbol| symbol.name == name && symbol.indexed)
}

/// The line of a name, with an index or without.
pub fn find(name: &str, with_index: bool) -> Option<&'static Symbol> {
    if with_index { indexed(name) } else { symbol(name) }
}

/// The letter of the table for which other papers write another: λ for η.
pub fn written_elsewhere(letter: &str) -> Option<&'static str> {
    const ELSEWHERE: [(&str, &str); 7] =
        [("η", "λ"), ("α", "λ"), ("ε", "λ"), ("β", "μ"), ("θ", "w"), ("n", "N"), ("F", "L")];
    ELSEWHERE.into_iter().find(|(theirs, _)| *theirs == letter).map(|(_, ours)| ours)
}

/// The other symbols that may stand in place of a symbol: those of its shape and units that have a meaning in the
/// context. Of symbols whose values are equal there, the first of the table stands for all, and none for the symbol
/// itself.
pub fn alternatives(name: &str, with_index: bool, context: &Context) -> Vec<&'static Symbol> {
    let Some(own) = find(name, with_index) else { return Vec::new() };
    let mut found = of_type(own.shape_in(context), own.units_in(context), with_index, context);
    found.retain(|other| other.class(context) != own.class(context));
    found
}

/// The symbols of a shape and units, of equal ones the first, and none that is zero in the context.
pub fn of_type(shape: Shape, units: Units, with_index: bool, context: &Context) -> Vec<&'static Symbol> {
    let mut found: Vec<&'static Symbol> = Vec::new();
    for other in TABLE.iter().filter(|other| other.indexed == with_index && other.missing_in(context).is_none()) {
        let class = other.class(context);
        let fits = other.shape_in(context) == shape && other.units_in(context).agree(units, context.natural_units);
        let is_zero = (class == Meaning::WeightDecay && context.no_weight_decay)
            || (class == Meaning::InputNoiseCovariance && context.no_input_noise);
        if fits && !is_zero && found.iter().all(|one| one.class(context) != class) {
            found.push(other);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once() {
        for (i, one) in TABLE.iter().enumerate() {
            assert!(TABLE[..i].iter().all(|other| (other.name, other.indexed) != (one.name, one.indexed)), "{one:?}");
            assert!(one.sentence.ends_with('.'), "{one:?}");
        }
    }

    #[test]
    fn equal_values_are_offered_once() {
        let names =
            |context: &Context| Vec::from_iter(alternatives("A", false, context).into_iter().map(|symbol| symbol.name));
        assert_eq!(names(&Context::default()), ["B", "Γ", "K", "H₀"]);
        let plain = Context { no_weight_decay: true, no_input_noise: true, ..Context::default() };
        assert_eq!(names(&plain), [""; 0]);
    }

    #[test]
    fn units_are_written_with_raised_powers() {
        assert_eq!(Units::new(0, -2).to_string(), "feature⁻²");
        assert_eq!(Units::new(2, 4).to_string(), "weight² · feature⁴");
        assert_eq!(Units::NONE.to_string(), "no units");
        assert_eq!(Shape { rows: 2, columns: 2 }.to_string(), "a D²×D² matrix");
    }
}
