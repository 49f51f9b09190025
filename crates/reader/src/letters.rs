//! Letters and words: how they are typed, and what is taken for what.

use strsim::damerau_levenshtein;
use unicode_normalization::UnicodeNormalization;

use super::commands::is_command;
use notation::greek::GREEK;

/// Characters that are read as others.
const ALIKE: &[(&str, char)] = &[
    ("µ", 'μ'),
    ("ϵ", 'ε'),
    ("ϕ", 'φ'),
    ("ϑ", 'θ'),
    ("ϱ", 'ρ'),
    ("ϰ", 'κ'),
    ("−–—‐‑⁃﹣", '-'),
    ("×·∙⋅•", '·'),
    ("∗⋆", '*'),
    ("⊤", 'ᵀ'),
    ("†", '⁺'),
    ("′’ʹ‘", '\''),
    ("∕⁄÷", '/'),
    ("∣", '|'),
    ("∥", '‖'),
    ("⩽≦", '≤'),
    ("⩾≧", '≥'),
    ("≼", '⪯'),
    ("≽", '⪰'),
    ("≃≅∼", '≈'),
    ("⟶", '→'),
    ("≔≜≝", '≔'),
    ("𝔼", 'E'),
    ("⨂", '⊗'),
    ("⨁", '⊕'),
];

/// Characters that look like others and are none of them, with those that they look like, the likeliest first: Greek,
/// Cyrillic, of the phonetic alphabet, and signs. What a compatibility form stands for is not listed.
const CONFUSED: &[(&str, &str)] = &[
    ("ΑА", "A"),
    ("ΒВ", "B"),
    ("СϹ", "C"),
    ("ΕЕ", "E"),
    ("Ԍ", "G"),
    ("ΗН", "H"),
    ("ΙІӀ", "I"),
    ("Ј", "J"),
    ("ΚК", "K"),
    ("ΜМ", "M"),
    ("Ν", "N"),
    ("ΟО", "O"),
    ("ΡР", "P"),
    ("Ԛ", "Q"),
    ("Ѕ", "S"),
    ("ΤТ", "T"),
    ("Ѵ", "V"),
    ("Ԝ", "W"),
    ("ΧХ", "X"),
    ("ҮУ", "Y"),
    ("Ζ", "Z"),
    ("а", "a"),
    ("ɑ", "αa"),
    ("Ьь", "b"),
    ("сϲ", "c"),
    ("ԁ", "d"),
    ("еҽ", "e"),
    ("ɡց", "g"),
    ("һհ", "h"),
    ("іıɪ", "i"),
    ("јϳȷ", "j"),
    ("к", "κk"),
    ("ӏ", "l"),
    ("м", "m"),
    ("ո", "n"),
    ("οоօ", "o"),
    ("р", "p"),
    ("ԛ", "q"),
    ("г", "r"),
    ("ѕ", "s"),
    ("т", "τ"),
    ("ս", "u"),
    ("ѵ", "vν"),
    ("ԝ", "w"),
    ("х", "x"),
    ("уү", "y"),
    ("ßꞵ", "β"),
    ("ɣ", "γ"),
    ("ẟ", "δ"),
    ("ɛєԑ", "ε"),
    ("ŋƞ", "η"),
    ("ѳɵө", "θ"),
    ("ɩ", "ι"),
    ("ĸ", "κ"),
    ("ƛ", "λ"),
    ("п", "π"),
    ("ς", "σ"),
    ("ʋ", "υ"),
    ("фɸ", "φ"),
    ("ꭓ", "χ"),
    ("ѱ", "ψ"),
    ("ѡɷ", "ω"),
    ("Г", "Γ"),
    ("∆△", "Δ"),
    ("ѲӨƟ", "Θ"),
    ("ɅЛ", "Λ"),
    ("∏П", "Π"),
    ("Ʃ", "Σ"),
    ("Ʊ", "Υ"),
    ("Ф", "Φ"),
    ("Ѱ", "Ψ"),
    ("▽", "∇"),
    ("∅", "0"),
    ("⇒⟹", "→"),
    ("≪", "≺"),
    ("≫", "≻"),
];

/// Words that end a product of letters.
const RESERVED: [&str; 20] = [
    "Tr",
    "vec",
    "max",
    "E",
    "stationary",
    "in",
    "mean",
    "iff",
    "if",
    "only",
    "and",
    "on",
    "somewhere",
    "solves",
    "where",
    "inf",
    "grad",
    "sum",
    "ox",
    "ell",
];

/// Words of mathematics that the language has no need of, with what to write instead.
const FOREIGN: &[(&str, &str)] = &[
    ("diag", "A diagonal matrix is a symbol or a definition."),
    ("lim", "A limit is l → r, λ → 0."),
    ("min", "The smaller of two is a − max{0, a − b}."),
    ("sup", "A bound is l ≤ r."),
    ("inf", "A bound is l ≥ r."),
    ("arg", "The minimizer of the loss is w*."),
    ("det", "The language has Tr[…], vec[…] and E[…]."),
    ("rank", "The language has Tr[…], vec[…] and E[…]."),
    ("exp", "Formulas are evaluated exactly, so that only + − · / and whole powers are left."),
    ("log", "Formulas are evaluated exactly, so that only + − · / and whole powers are left."),
    ("ln", "Formulas are evaluated exactly, so that only + − · / and whole powers are left."),
    ("sin", "Formulas are evaluated exactly, so that only + − · / and whole powers are left."),
    ("cos", "Formulas are evaluated exactly, so that only + − · / and whole powers are left."),
    ("sqrt", "Formulas are evaluated exactly, so that there are no roots: state the square."),
    ("tr", "The trace is Tr[…]."),
    ("trace", "The trace is Tr[…]."),
    ("Cov", "A covariance is E[xxᵀ] − E[x]E[x]ᵀ."),
    ("Var", "A variance is E[x²] − E[x]²."),
];

/// The Greek letter of a name: λ of "lambda".
pub(super) fn greek(name: &str) -> Option<char> {
    GREEK.iter().find(|(_, word)| *word == name).map(|(letter, _)| *letter)
}

/// Whether a character can be a name by itself.
pub(super) fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == 'ℓ' || is_greek(letter)
}

pub(super) fn is_greek(letter: char) -> bool {
    GREEK.iter().any(|(greek, _)| *greek == letter)
}

/// The character that a look-alike stands for; itself, if it stands for nothing else.
pub(super) fn meant(found: char) -> char {
    ALIKE.iter().find(|(alike, _)| alike.contains(found)).map_or(found, |(_, meant)| *meant)
}

/// The characters of which one was meant, where it must not be guessed; none, if nothing looks alike.
pub(super) fn confused(found: char) -> Vec<char> {
    if let Some((_, meant)) = CONFUSED.iter().find(|(confused, _)| confused.contains(found)) {
        return meant.chars().collect();
    }
    let mut plain = [found].into_iter().nfkc();
    let meant = plain.next().filter(|meant| plain.next().is_none() && *meant != found && is_letter(*meant));
    meant.into_iter().collect()
}

/// 3 of ₃, i of ᵢ.
pub(super) fn below(subscript: char) -> Option<char> {
    translated("₀₁₂₃₄₅₆₇₈₉ᵢⱼ₊₌ₐₑₕₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", "0123456789ij+=aehklmnoprstuvxβγρφχ", subscript)
}

/// 3 of ³, - of ⁻; neither ᵀ nor ⁺.
pub(super) fn above(superscript: char) -> Option<char> {
    translated("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᴺᴰⁿ", "0123456789-NDn", superscript)
}

/// ₃ of 3.
pub(super) fn subscript(digit: char) -> char {
    translated("0123456789", "₀₁₂₃₄₅₆₇₈₉", digit).unwrap_or(digit)
}

fn translated(from: &str, to: &str, letter: char) -> Option<char> {
    from.chars().zip(to.chars()).find(|(from, _)| *from == letter).map(|(_, to)| to)
}

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// What to write instead of a word of mathematics that the language has not.
pub(super) fn foreign(word: &str) -> Option<&'static str> {
    FOREIGN.iter().find(|(foreign, _)| *foreign == word).map(|(_, advice)| *advice)
}

/// The letter under a hat: κ of "kappahat".
pub(super) fn hatted(word: &str) -> Option<char> {
    let letter = word.strip_suffix("hat")?;
    let mut letters = letter.chars();
    match (letters.next(), letters.next()) {
        (Some(single), None) => Some(single),
        _ => greek(letter),
    }
}

/// What to write in place of letters in a row that hold a word, if they do.
pub(super) fn in_place_of_letters(run: &str, latex: bool) -> Option<String> {
    if matches!(run, "frac" | "dfrac" | "tfrac") {
        return Some("A fraction is \\frac{a}{b} in LaTeX, with a backslash, and (a)/(b) elsewhere.".into());
    }
    if latex && is_command(run) {
        return Some(format!("Write \\{run}, with a backslash."));
    }
    if let Some((letter, word)) = run.split_at_checked(1)
        && matches!(word, "test" | "train")
    {
        return Some(format!("Write {letter}_{word}."));
    }
    let spaced = with_spaces(run, latex)?;
    let how = if spaced.contains('\\') { "a backslash" } else { "spaces about the word" };
    Some(format!("Write {spaced}, with {how}."))
}

/// A run of letters that holds a word, with spaces about the word: "Lambda G" of "LambdaG"; in LaTeX a Greek letter is
/// a command, "\Lambda G".
fn with_spaces(run: &str, latex: bool) -> Option<String> {
    let words = GREEK.iter().map(|(_, word)| *word).chain(["Tr", "vec", "max", "grad", "sum", "iff", "hat", "and"]);
    let found =
        words.filter(|word| word.len() > 2 || *word == "Tr").filter_map(|word| run.find(word).map(|at| (at, word)));
    let (at, word) = found.max_by_key(|(_, word)| word.len())?;
    if word == "hat" {
        let letter = run[..at].chars().next_back()?;
        let before = &run[..at - letter.len_utf8()];
        return Some(format!("{before} {letter}hat {}", &run[at + 3..]).trim().to_string());
    }
    let backslash = if latex && greek(word).is_some() { "\\" } else { "" };
    Some(format!("{} {backslash}{word} {}", &run[..at], &run[at + word.len()..]).trim().to_string())
}

/// A word that is longer is no word mistyped.
const LONG: usize = 30;

/// The nearest of some words, if one is near.
pub(super) fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > LONG {
        return None;
    }
    let far = length.div_ceil(3).max(1);
    let near = words.map(|known| (damerau_levenshtein(word, known), known)).filter(|(distance, _)| *distance <= far);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_character_is_none_of_the_language() {
        let confused = Vec::from_iter(CONFUSED.iter().flat_map(|(confused, _)| confused.chars()));
        for (position, found) in confused.iter().enumerate() {
            assert!(!confused[..position].contains(found), "{found} stands twice");
            assert!(!is_letter(*found) && meant(*found) == *found, "{found} is read");
        }
        for meant in CONFUSED.iter().flat_map(|(_, meant)| meant.chars()) {
            assert!(is_letter(meant) || "0→≺≻∇".contains(meant), "{meant} is no character of the language");
        }
    }
}
