//! Formulas as LaTeX, as a machine read them from the printed page of two papers: spaces in odd places, fonts, tags.

use notation::tree::{Statement, Text};

const ZIYIN: &str = include_str!("tex/ziyin-2022.tex");
const MULAYOFF: &str = include_str!("tex/mulayoff-2023.tex");

/// The formulas below a comment, one a line.
fn below<'a>(file: &'a str, comment: &str) -> Vec<&'a str> {
    let (_, rest) = file.split_once(&format!("% {comment}\n")).unwrap_or_else(|| panic!("no % {comment}"));
    rest.lines().take_while(|line| !line.trim().is_empty()).collect()
}

/// What is read of the formulas below a comment: the first as a statement, the others as definitions.
fn read(file: &str, comment: &str) -> Text {
    let lines = below(file, comment);
    let (statements, definitions) = lines.split_at(1);
    reader::text(statements, definitions)
        .unwrap_or_else(|mistake| panic!("{comment}: {}", mistake.render(&lines, None)))
}

/// What is said about a formula that is not read.
fn refused(file: &str, comment: &str) -> (String, String) {
    let lines = below(file, comment);
    let mistake = reader::text(&lines[..1], &[]).expect_err(comment);
    (mistake.message, mistake.help.unwrap_or_default())
}

#[test]
fn formulas_in_latex_read_as_in_unicode() {
    for (comment, statement, definitions) in [
        ("(2)", "C(w) = (1/(SN)) ∑ᵢ ∇ℓᵢ(w)∇ℓᵢ(w)ᵀ − (1/S)∇L(w)∇L(w)ᵀ", &[][..]),
        ("(3)", "(1 − μ)(ΛHΣ + ΣHΛ) − ((1 + μ²)/(1 − μ²))ΛHΣHΛ + (μ/(1 − μ²))(ΛHΛHΣ + ΣHΛHΛ) = ΛCΛ", &[]),
        ("(5)", "C = (1/S)(AΣA + Tr[AΣ]A + σ²A)", &[]),
        (
            "(6), with its definitions",
            "Σ = (σ²/S)(1 + κ_μ/S)ΛG_μ⁻¹",
            &["κ_μ = Tr[ΛAG_μ⁻¹]/(1 − (1/S)Tr[ΛAG_μ⁻¹])", "G_μ = 2(1 − μ)I − ((1 − μ)/(1 + μ) + 1/S)ΛA"],
        ),
        ("(8)", "C = (σ²/S)A + (σ²/S²)(1 + κ_μ/S)(ΛAG_μ⁻¹ + Tr[ΛAG_μ⁻¹]I)A", &[]),
        (
            "(10), with its definitions",
            "C = (1/S)(AΣA + Tr[AΣ]A + Tr[Γ'ᵀAΓ'U]A + ΓA'UA'Γ)",
            &["A' = K⁻¹A", "Γ' = K⁻¹Γ", "K = A + Γ"],
        ),
        (
            "(11), with its definitions",
            "L_test = (λ/(2S))(Tr[AK⁻²Γ²U]κ + r) + (1/2)Tr[AK⁻²Γ²U]",
            &[
                "κ = Tr[A²K⁻¹G⁻¹]/(1 − (λ/S)Tr[A²K⁻¹G⁻¹])",
                "r = Tr[A³K⁻³Γ²G⁻¹U]/(1 − (λ/S)Tr[A²K⁻¹G⁻¹])",
                "G = 2I − λ(K + (1/S)K⁻¹A²)",
            ],
        ),
        (
            "(12), with the definitions of (11)",
            "Σ = (λ/S)Tr[AK⁻²Γ²U](1 + λκ/S)AK⁻¹G⁻¹ + (λ/S)(A²K⁻²Γ²U + (λr/S)A)K⁻¹G⁻¹",
            &[],
        ),
        ("Corollary 3", "P_{r'}Σ = (1/S)(Λ/(1 − μ))(2L₀H₀ − Γw*w*ᵀΓ)(H₀ + Γ)⁺[2I − (Λ/(1 + μ))(H₀ + Γ)]⁻¹", &[]),
        ("Proposition 4", "C = (1/S)(Tr[ÂΣ]I − ÂΣ)Â + max{0, (σ²/S)(1 − 1/α)}Â", &[]),
        (
            "Theorem 6, with its definitions",
            "Tr[ÂΣ] = max{0, (λσ²/S)(1 − 1/α)κ̂}",
            &["κ̂ = Tr[Ĝ⁻¹Â]/(1 − (λ/S)Tr[Ĝ⁻¹Â])", "Ĝ = 2I − λ(1 − 1/S)Â"],
        ),
        ("Section 6.2", "∑ᵢ 1/(2/λaᵢ − 1 + 1/S) < S", &[]),
        ("Section 6.4, damped Newton", "Σ = (λσ²/(gS − λD)) A⁻¹", &["g = 2(1 − μ) − ((1 − μ)/(1 + μ) + 1/S)λ"]),
        ("Section 6.4, natural gradient", "Σ = (λ/2)((1/(1 + D))(1/(1 + μ)) + (1/(1 − μ))(1/S))A⁻¹", &[]),
    ] {
        let unicode = reader::text(&[statement], definitions);
        let unicode = unicode.unwrap_or_else(|mistake| panic!("{comment}: {} {mistake}", mistake.place.start));
        assert_eq!(read(ZIYIN, comment), unicode, "{comment}");
    }
}

#[test]
fn a_function_is_defined() {
    let function = below(ZIYIN, "Section 6.6");
    let latex = reader::text(&["β(λ, S) > 0"], &function).unwrap();
    assert_eq!(latex, reader::text(&["β(λ, S) > 0"], &["β(λ, S) = 2S/(aλ) − S"]).unwrap());
    let matrix = below(MULAYOFF, "(10)");
    let latex = reader::text(&["Q(η, B) = 0"], &matrix).unwrap();
    let unicode = "Q(η, B) = (I − ηH)⊗(I − ηH) + ((n − B)/(B(n − 1)))(η²/n) ∑ᵢ (Hᵢ⊗Hᵢ − H⊗H)";
    assert_eq!(latex, reader::text(&["Q(η, B) = 0"], &[unicode]).unwrap());
}

#[test]
fn two_definitions_on_one_line_are_two() {
    let latex = reader::text(&["C = D"], &below(MULAYOFF, "(12)")).unwrap();
    let unicode = ["C = (1/2) (H⊕H)", "D = (1 − p)(H⊗H) + p(1/n) ∑ᵢ Hᵢ⊗Hᵢ"];
    assert_eq!(latex, reader::text(&["C = D"], &unicode).unwrap());
}

#[test]
fn what_the_language_has_not_is_named() {
    for (file, comment, message, help) in [
        (ZIYIN, "(1)", "\\begin is not in the language", "give each formula as a text of its own"),
        (ZIYIN, "(7)", "≈ needs a limit", "λ → 0"),
        (ZIYIN, "(14)", "o (L _ {0}) does not say which limit is meant", "O(|L₀ − ℓᵢ|)"),
        (ZIYIN, "(15)", "does not say which limit is meant", "O(S⁻²)"),
        (ZIYIN, "(17)", "does not say which limit is meant", "O(S⁻²)"),
        (MULAYOFF, "(13)", "* stands behind w only, and not behind η", "prime or a subscript"),
        (MULAYOFF, "(15)", "* stands behind w only, and not behind η", "prime or a subscript"),
        (MULAYOFF, "(16)", "* stands behind w only, and not behind η", "prime or a subscript"),
        (MULAYOFF, "(17)", "\\lim is not in the language", "A limit is l → r, λ → 0"),
    ] {
        let (said, advice) = refused(file, comment);
        assert!(said.contains(message), "{comment}: {said}");
        assert!(advice.contains(help), "{comment}: {advice}");
    }
}

#[test]
fn no_formula_is_left_out() {
    let lines = |file: &str| file.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('%')).count();
    assert_eq!((lines(ZIYIN), lines(MULAYOFF)), (31, 6));
}

#[test]
fn a_limit_behind_a_wide_space_is_read() {
    let texts = [
        r"\Sigma \approx \frac{\lambda\sigma^2}{2S} I_D, \quad \lambda \to 0.",
        r"\Sigma \approx \frac{\lambda\sigma^2}{2S} I_D \qquad \lambda \rightarrow 0",
        r"\[ \Sigma \approx \dfrac{\lambda\sigma^{2}}{2 S}\,\mathbb{I}_{D}\,,\;\; \lambda\to 0 \]",
    ];
    let unicode = reader::text(&["Σ ≈ (λσ²/(2S)) I, λ → 0"], &[]).unwrap();
    for text in texts {
        assert_eq!(reader::text(&[text], &[]).as_ref(), Ok(&unicode), "{text}");
    }
    assert!(matches!(unicode.statements[0], Statement::Limit { relative: true, .. }));
}

#[test]
fn definitions_follow_where() {
    let latex = r"\text{stationary iff } gS > \lambda D \quad \text{where} \quad g := 2(1 - \mu) - \lambda/S";
    let unicode = "stationary iff gS > λD where g = 2(1 − μ) − λ/S";
    let ascii = "stationary iff g S > lambda D where g = 2(1 - mu) - lambda/S";
    let [latex, unicode, ascii] = [latex, unicode, ascii].map(|text| reader::text(&[text], &[]).unwrap());
    assert_eq!(latex, unicode);
    assert_eq!(ascii, unicode);
}
