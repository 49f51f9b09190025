//! The factors that may be missing from a text: those that its units ask for, and those without units that it holds.

use super::build::{divisor, factor, name, product};
use super::roots::read;
use formula::Formula;
use notation::Context;
use notation::symbol::{Shape, Units, of_type, symbol};
use notation::tree::{Expr, Factor, Node, Text};

/// The highest power of a symbol in a factor that is missing.
const HIGHEST: i32 = 2;

/// The scalars without units that are put in by themselves or with 1, wherever they are missing, and N.
const ALWAYS_TRIED: [&str; 4] = ["S", "D", "N", "μ"];

/// The factors of which one may be missing, or be one too many, where two parts of a text differ in units: symbols of
/// the units by which they differ, and products of powers of two of σ², λ and a. In natural units σ² has none, so that
/// nothing shows whether it is missing; nor does anything for a scalar without units, such as the λ of damped Newton
/// steps, which is proposed where the text holds it elsewhere.
pub fn missing(text: &Text, context: &Context) -> Vec<Expr> {
    let mistakes = Formula::new(text.clone(), context).err().unwrap_or_default();
    let mut found: Vec<Expr> = Vec::new();
    let mut add = |expr: Expr| {
        if !found.contains(&expr) {
            found.push(expr);
        }
    };
    if context.natural_units {
        add(name("σ²"));
    }
    let wanted = mistakes.iter().filter_map(|mistake| mistake.units).flat_map(|units| [units, units.power(-1)]);
    let wanted = Vec::from_iter(wanted);
    let symbols = |shape: Shape, units: Units| of_type(shape, units, false, context).into_iter();
    // Numbers are missing more often than matrices.
    for &units in &wanted {
        symbols(Shape::SCALAR, units).for_each(|symbol| add(name(symbol.name)));
        powers(units, context).into_iter().for_each(&mut add);
    }
    for &units in &wanted {
        symbols(Shape::MATRIX, units).for_each(|symbol| add(name(symbol.name)));
    }
    let held = read(text);
    let unseen = symbols(Shape::SCALAR, Units::NONE).filter(|symbol| !ALWAYS_TRIED.contains(&symbol.name));
    unseen
        .filter(|symbol| held.iter().any(|name| name.as_str() == symbol.name))
        .for_each(|symbol| add(name(symbol.name)));
    found
}

/// The products of powers of two of σ², λ and a that have these units, not all below the stroke.
fn powers(units: Units, context: &Context) -> Vec<Expr> {
    let scalars = ["σ²", "λ", "a"].into_iter().filter_map(symbol);
    let scalars = Vec::from_iter(scalars.filter(|symbol| symbol.missing_in(context).is_none()));
    let mut found = Vec::new();
    for (i, one) in scalars.iter().enumerate() {
        for other in &scalars[i + 1..] {
            for (p, q) in (-HIGHEST..=HIGHEST).flat_map(|p| (-HIGHEST..=HIGHEST).map(move |q| (p, q))) {
                let [first, second] =
                    [(one, p), (other, q)].map(|(symbol, power)| symbol.units_in(context).power(power));
                if p != 0 && q != 0 && p.max(q) > 0 && first.times(second).agree(units, context.natural_units) {
                    found.push(product_of([(one.name, p), (other.name, q)]));
                }
            }
        }
    }
    found
}

/// A product of powers, what has a negative one below the stroke.
fn product_of(powers: [(&str, i32); 2]) -> Expr {
    let of = |symbol: &str, power: i32| match power {
        1 => name(symbol),
        _ => Expr::of(Node::Power(Box::new(name(symbol)), power)),
    };
    let parts = |wanted: fn(&i32) -> bool| {
        let chosen = powers.iter().filter(move |(_, power)| wanted(power));
        Vec::from_iter(chosen.map(|(symbol, power)| factor(of(symbol, power.abs()))))
    };
    let (mut above, below): (Vec<Factor>, _) = (parts(|power| *power > 0), parts(|power| *power < 0));
    if !below.is_empty() {
        above.push(divisor(product(below)));
    }
    product(above)
}
