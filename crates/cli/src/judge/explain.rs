//! What a symbol of the language means.

use notation::Spelling;
use notation::symbol::{Symbol, TABLE};
use reader::symbol::{elsewhere, spelled};

use super::text::columns;

/// How many symbols are shown in place of one that is none.
const NEAREST: usize = 3;

/// The symbol that is so spelled, with and without an index, for a reader; the error has those that are spelled most
/// like it.
pub fn symbol(text: &str) -> Result<String, String> {
    let found = spelled(text);
    if found.is_empty() {
        let nearest = Vec::from_iter(nearest(text).into_iter().map(|symbol| symbol.written(Spelling::Unicode)));
        let nearest = nearest.join(", ");
        let said = format!("«{text}» is no symbol, such as {nearest}; other names are free for definitions");
        return Err(match elsewhere(text) {
            Some((theirs, ours)) => {
                format!("{said}, and a file in which it is {ours} says notation = {{ \"{theirs}\" = \"{ours}\" }}")
            }
            None => said,
        });
    }
    Ok(Vec::from_iter(found.into_iter().map(told)).join("\n\n"))
}

fn told(symbol: &Symbol) -> String {
    let needs = if symbol.needs.is_empty() { "nothing" } else { symbol.needs };
    let lines = [
        ("ASCII", symbol.written(Spelling::Ascii)),
        ("LaTeX", symbol.written(Spelling::Latex)),
        ("shape", symbol.shape.to_string()),
        ("units", symbol.units.to_string()),
        ("needs", needs.into()),
    ];
    let lines = lines.map(|(what, told)| [format!("  {what}"), told]);
    format!("{}\n  {}\n{}", symbol.written(Spelling::Unicode), symbol.sentence, columns(&lines))
}

/// The symbols that are spelled most like a text.
fn nearest(text: &str) -> Vec<&'static Symbol> {
    let likeness = |symbol: &Symbol| {
        let spellings = [Spelling::Unicode, Spelling::Ascii, Spelling::Latex].map(|spelling| symbol.written(spelling));
        spellings.iter().map(|spelling| strsim::jaro_winkler(text, spelling)).fold(0.0, f64::max)
    };
    let mut nearest = Vec::from_iter(TABLE);
    nearest.sort_by(|one, other| likeness(other).total_cmp(&likeness(one)));
    nearest.truncate(NEAREST);
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_is_told_in_all_spellings() {
        let told = "Λ\n  Λ is the learning rate, a symmetric matrix.\n  ASCII  Lambda\n  LaTeX  \\Lambda\n  shape  a D×D matrix\n  \
                    units  feature⁻²\n  needs  nothing";
        for text in ["Λ", "Lambda", "\\Lambda"] {
            assert_eq!(symbol(text).unwrap(), told);
        }
        // a, and aᵢ.
        assert_eq!(symbol("a").unwrap().split("\n\n").count(), 2);
    }

    #[test]
    fn what_is_no_symbol_is_told_the_nearest() {
        let told = symbol("L_tset").unwrap_err();
        assert!(told.starts_with("«L_tset» is no symbol, such as L_test, "), "{told}");
        assert!(symbol("").is_err() && symbol("(((").is_err());
        for text in ["η", "eta", "\\eta"] {
            assert!(symbol(text).unwrap_err().ends_with("it is λ says notation = { \"η\" = \"λ\" }"), "{text}");
        }
        assert!(!symbol("τ").unwrap_err().contains("notation"));
    }
}
