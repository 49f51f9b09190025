//! Whatever is typed, it is read or there is one message about it, with a place inside the text.

use notation::Spelling;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces of formulas in all spellings, and pieces that are none.
const PIECES: &[&str] = &[
    "Λ",
    "Σ",
    "σ²",
    "σ",
    "κ_μ",
    "L_test",
    "∇L",
    "∇ℓᵢ",
    "ĝ",
    "w*",
    "w₀",
    "x₁",
    "aᵢ",
    "A'",
    "E",
    "E[",
    "Tr[",
    "Tr ",
    "vec",
    "max{0, ",
    "max",
    "∑ᵢ",
    "∑",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "‖",
    "²",
    "⁻¹",
    "⁻",
    "ᵀ",
    "⁺",
    "₊",
    "ᵢ",
    "ⱼ",
    "₀",
    "'",
    "′",
    "*",
    "^",
    "_",
    "^T",
    "^+",
    "^-1",
    "^{",
    "_{",
    "_i",
    "_test",
    "+",
    "−",
    "-",
    "·",
    "/",
    "⊗",
    "⊕",
    "=",
    ":=",
    "≈",
    "~",
    "→",
    "->",
    "≤",
    "<=",
    ">>=",
    "≻",
    "<",
    ",",
    ";",
    ".",
    " ",
    " ",
    " ",
    "\n",
    "\t",
    "0",
    "1",
    "2",
    "0.1",
    "½",
    "∞",
    "inf",
    "λ → 0",
    ", λ → 0",
    "S → ∞",
    "+ O(λ²)",
    "O(",
    "|L₀ − ℓᵢ|",
    "stationary",
    "iff",
    "if",
    "only",
    "and",
    "on",
    "in",
    "mean",
    "somewhere",
    "solves",
    "where",
    "sigma^2",
    "Lambda",
    "grad L",
    "ghat",
    "hat",
    "sum_i",
    "l_i",
    "ox",
    "o+",
    "f(s, t)",
    "f(",
    "w)",
    "\\",
    "\\frac",
    "\\frac{",
    "}{",
    "\\tfrac12",
    "\\left",
    "\\right",
    "\\left(",
    "\\right)",
    "\\operatorname{T r}",
    "\\mathrm{T}",
    "\\mathrm{",
    "\\mathbf{",
    "\\boldsymbol {w}",
    "\\text{",
    "\\hat",
    "\\hat{",
    "\\sum_{i=1}^{N}",
    "\\sum",
    "\\nabla",
    "\\ell",
    "\\top",
    "\\prime",
    "^{\\prime \\mathrm{T}}",
    "\\|",
    "\\max\\{0,",
    "\\}",
    "\\{",
    "\\quad",
    "\\tag{1}",
    "\\tag",
    "\\lambda",
    "\\Sigma",
    "\\otimes",
    "\\succ",
    "\\to",
    "\\infty",
    "\\sqrt",
    "\\,",
    "\\\\",
    "%",
    "&",
    "$",
    "\u{302}",
    "\u{301}",
    "∆",
    "µ",
    "\u{c}",
    "K",
    "é",
    "𝐀",
    "\u{200b}",
];

fn is_read_or_refused(statements: &[&str], definitions: &[&str]) {
    let all: Vec<&str> = statements.iter().chain(definitions).copied().collect();
    if let Err(mistake) = reader::text(statements, definitions) {
        let text = all.get(mistake.place.text).copied().unwrap_or_default();
        assert!(text.get(mistake.place.start..mistake.place.end).is_some(), "{text:?}: {mistake:?}");
        assert!(!mistake.message.is_empty() && !mistake.message.contains('\n'), "{mistake:?}");
        assert!(mistake.render(&all, Some(("file.toml", 3))).starts_with("error: "));
    }
}

/// What is read inside a sentence is read again.
fn is_set_or_refused(text: &str) {
    let Ok(passage) = reader::passage(text) else { return };
    for spelling in [Spelling::Unicode, Spelling::Ascii, Spelling::Latex] {
        let written = passage.written(spelling);
        assert_eq!(reader::passage(&written).as_ref(), Ok(&passage), "{text:?} {written:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_formulas(pieces in vec(select(PIECES), 0..24), definition in vec(select(PIECES), 0..12)) {
        let (statement, definition) = (pieces.concat(), definition.concat());
        is_read_or_refused(&[&statement], &[]);
        is_set_or_refused(&statement);
        is_read_or_refused(&["0 = 0", &statement], &[&format!("f(s, t) = s{definition}"), &definition]);
        is_read_or_refused(&[&format!("0 = {}", pieces.join(" "))], &[]);
        is_read_or_refused(&[&format!("\\alpha = {}", pieces.join(" "))], &[]);
    }

    #[test]
    fn any_characters(text in any::<String>(), words in "\\PC{0,40}") {
        is_read_or_refused(&[&text], &[&words]);
        is_set_or_refused(&words);
        is_read_or_refused(&[&format!("0 = {words}")], &[&format!("κ = {text}\\")]);
    }
}

#[test]
fn no_text_at_all() {
    is_read_or_refused(&[], &[]);
    is_read_or_refused(&[], &["κ = 2"]);
    assert!(reader::text(&[], &[]).is_err());
}
