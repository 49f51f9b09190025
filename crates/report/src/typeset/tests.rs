//! A converter that loses a symbol is worse than none. So `pulldown-latex` renders its LaTeX to MathML, and the text of
//! that is compared with the line: neither side knows the table of the other.

use claims::{Claim, closed_forms};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::words::{Piece, pieces};
use super::*;
use verify::choices::Seeded;
use verify::describe;

/// Every line of a claim that pages show.
fn lines(claim: &'static Claim) -> Vec<String> {
    let mut lines = vec![claim.statement()];
    lines.extend(claim.rival.iter().map(|rival| rival.name.clone()));
    lines.extend(claim.hypotheses.iter().map(|hypothesis| hypothesis.statement.to_owned()));
    lines.extend(claim.strengthened.iter().map(|form| form.statement()));
    lines.extend(claim.correction.iter().map(|form| form.statement()));
    lines.extend(claim.rewritten.iter().map(|form| form.reason.clone()));
    lines
}

/// MathML of a formula; panics where there is none.
fn mathml(latex: &str) -> String {
    let mathml = rendered(latex);
    assert!(!mathml.contains("merror"), "{latex}\n{mathml}");
    mathml
}

/// The characters that a reader sees of MathML, without their layout.
fn seen(mathml: &str) -> String {
    // The source, which some readers want as an annotation, is no part of it.
    let rendered = mathml.split("<annotation").next().unwrap_or_default();
    // Some characters are drawn, and others are not escaped.
    let drawn = [
        ("<msqrt>", "<mo>√"),
        ("</mtd><mtd>", "<mo>,"),
        ("</mtr><mtr>", "<mo>],["),
        ("<mtable class=\"menv-arraylike\">", "<mo>[["),
        ("</mtable>", "<mo>]]"),
    ];
    let rendered = drawn.iter().fold(rendered.to_owned(), |text, (element, shown)| text.replace(element, shown));
    let texts = rendered.split('<').filter_map(|element| element.split_once('>')).map(|(_, text)| text);
    let text = String::from_iter(texts);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The characters of a line or of its rendering in one form, sorted, without what typesetting replaces: spaces, marks
/// of scripts and their braces, round brackets and strokes of fractions.
fn characters(text: &str) -> Vec<char> {
    let one_form = |c| match c {
        '-' => '−',
        '⋅' => '·',
        '∣' => '|',
        '∥' => '‖',
        '∗' => '*',
        '~' | '\u{303}' => '∼',
        '\u{302}' => 'ˆ',
        '′' => '\'',
        '⊤' => 'T',
        '∑' => 'Σ',
        c => c,
    };
    let kept = text.nfkd().filter(|c| !c.is_whitespace() && !"()/⁄_^∧{}\u{2061}\u{2062}".contains(*c));
    let mut characters = Vec::from_iter(kept.map(one_form));
    characters.sort_unstable();
    characters
}

/// Whether nothing of the line is lost and all of it is typeset.
fn check(line: &str) {
    let mut rendered = String::new();
    for segment in segments(line) {
        match segment {
            Segment::Prose(text) => {
                let formula = |c| symbols::symbol(c).is_some_and(|(role, _)| role != symbols::Role::Operator);
                assert!(!text.contains(formula), "{line}\n{text:?} has a symbol");
                rendered += text;
            }
            Segment::Math(latex) => {
                assert!(latex.is_ascii() && !latex.contains(['|', '<', '>', '`']), "{line}\n{latex}");
                // MathML has no other ^ than that of a hat.
                rendered += &seen(&mathml(&latex)).replace('^', "ˆ").replace('⋯', "…");
            }
        }
    }
    assert_eq!(String::from_iter(characters(line)), String::from_iter(characters(&rendered)), "{line}\n{rendered}");
}

/// The lines of closed forms and of studies.
fn all_lines() -> impl Iterator<Item = String> {
    let studied = claims::studied().iter();
    let studied =
        studied.flat_map(|claim| [Some(claim.statement), claim.correction, claim.beyond]).flatten().map(String::from);
    closed_forms().iter().flat_map(|claim| lines(claim)).chain(studied)
}

#[test]
fn no_symbol_of_a_claim_is_lost() {
    for line in all_lines() {
        check(&line);
        mathml(&display(&line));
    }
}

#[test]
fn no_word_of_a_claim_is_a_product() {
    for line in all_lines() {
        for segment in segments(&line) {
            let Segment::Math(latex) = segment else { continue };
            let names = ["text{train}", "text{test}", "operatorname{cov}"];
            let letters = names.iter().fold(latex.clone(), |latex, name| latex.replace(name, ""));
            let plain = letters.split('\\').map(|part| part.trim_start_matches(|c: char| c.is_ascii_alphabetic()));
            let longest = plain.flat_map(|part| part.split(|c: char| !c.is_ascii_lowercase())).map(str::len).max();
            assert!(longest <= Some(2), "{line}\n{latex}");
        }
    }
}

#[test]
fn no_symbol_of_a_setting_is_lost() {
    let mut choices = Seeded::new(1, "typeset");
    for claim in closed_forms() {
        for dimension in 1..=3 {
            // Not every dimension and every draw has a setting.
            let Ok(Some(setting)) = claim.draw(dimension, &[], &mut choices) else { continue };
            let line = describe(&setting);
            let text = line.replace('-', "−");
            check(&text.replace("with−", "with-").replace("without−", "without-"));
        }
    }
}

fn prose(text: &'static str) -> Segment<'static> {
    Segment::Prose(text)
}

fn math(latex: &str) -> Segment<'static> {
    Segment::Math(latex.into())
}

#[test]
fn tells_prose_from_formulas() {
    let cases: [(&'static str, Vec<Segment>); 27] = [
        (
            "any Λ ≻ 0, with G⁻¹Λ in place of ΛG⁻¹",
            vec![
                prose("any "),
                math(r"\Lambda \succ 0"),
                prose(", with "),
                math(r"G^{-1}\Lambda"),
                prose(" in place of "),
                math(r"\Lambda G^{-1}"),
            ],
        ),
        (
            "D = 1 (for D > 1: A = a uuᵀ/uᵀu, Γ = γI)",
            vec![
                math("D = 1"),
                prose(" (for "),
                math(r"D \gt 1"),
                prose(": "),
                math(r"A = a \frac{uu^{\top}}{u^{\top}u}"),
                prose(", "),
                math(r"\Gamma = \gamma I"),
                prose(")"),
            ],
        ),
        ("a uniform S-subset", vec![prose("a uniform "), math("S"), prose("-subset")]),
        ("S i.i.d. uniform indices", vec![math("S"), prose(" i.i.d. uniform indices")]),
        ("a and γ", vec![math("a"), prose(" and "), math(r"\gamma")]),
        (
            "eq. (3) with C = 1, see Ueda (2021)",
            vec![prose("eq. (3) with "), math("C = 1"), prose(", see Ueda (2021)")],
        ),
        (
            "C without replacement → C, N → ∞",
            vec![math("C"), prose(" without replacement "), math(r"\to C"), prose(", "), math(r"N \to \infty")],
        ),
        ("lim cov(w_t) exists", vec![math(r"\lim \operatorname{cov}(w_{t})"), prose(" exists")]),
        ("holds at 8 of 20 points", vec![prose("holds at 8 of 20 points")]),
        ("distance < 1e-10", vec![prose("distance "), math(r"\lt 1\times 10^{-10}")]),
        ("|z| up to 2.1, sees 0.11 %", vec![math(r"\lvert z\rvert"), prose(" up to 2.1, sees 0.11 %")]),
        ("the project's own σ²K", vec![prose("the project's own "), math(r"\sigma^{2}K")]),
        ("(1/(SN)) Σ ∇ℓᵢ∇ℓᵢᵀ − Σ", vec![math(r"\frac{1}{SN} \sum \nabla\ell_{i}\nabla\ell_{i}^{\top} - \Sigma")]),
        ("Σᵢ 1/(2/(λaᵢ) − 1) < S", vec![math(r"\sum_{i} \frac{1}{\frac{2}{\lambda a_{i}} - 1} \lt S")]),
        ("½ Tr[B'ᵀAB'U]", vec![math(r"\tfrac{1}{2} \operatorname{Tr}[B^{\prime\top}AB^{\prime}U]")]),
        ("Γw*ᵢw*ⱼ", vec![math(r"\Gamma w^{*}_{i}w^{*}_{j}")]),
        (
            "(a)(b)/(cd) + (x/y)² + 2(x/y)",
            vec![math(r"(a)\frac{b}{cd} + \left( \frac{x}{y} \right)^{2} + 2\left( \frac{x}{y} \right)")],
        ),
        ("1/S(w) + σ²ΛAΛ/S", vec![math(r"1/S(w) + \frac{\sigma^{2}\Lambda A\Lambda}{S}")]),
        (
            "E[ĝ] = ∇L_train, x̃ ~ κ̂",
            vec![
                math(r"\operatorname{E}[\hat{g}] = \nabla L_{\text{train}}"),
                prose(", "),
                math(r"\tilde{x} \sim \hat{\kappa}"),
            ],
        ),
        ("√(S/2) ± ‖Â‖ ⪰ √½", vec![math(r"\sqrt{\frac{S}{2}} \pm \lVert\hat{A}\rVert \succeq \sqrt{\tfrac{1}{2}}")]),
        (
            "A = [[1/2, 0], [0, -8]], u = [1, 2]",
            vec![math(r"A = \begin{pmatrix} \frac{1}{2} & 0 \\ 0 & -8 \end{pmatrix}"), prose(", "), math("u = [1, 2]")],
        ),
        ("x = [[1, 2], [3, 4], [5, 6]]", vec![math("x = [[1, 2], [3, 4], [5, 6]]")]),
        ("([1, 2], [3, 4])S = [[1, 2][3, 4]]", vec![math("([1, 2], [3, 4])S = [[1, 2][3, 4]]")]),
        ("label-noise/fluctuation agrees", vec![prose("label-noise/fluctuation agrees")]),
        ("data/two.toml: D = 2.", vec![prose("data/two.toml: "), math("D = 2"), prose(".")]),
        ("a/b/c", vec![math(r"\frac{a}{b}/c")]),
        ("(unclosed ᵀ [", vec![prose("(unclosed "), math(r"{}^{\top}"), prose(" [")]),
    ];
    for (line, expected) in cases {
        assert_eq!(segments(line), expected, "{line}");
    }
}

#[test]
fn markdown_has_nothing_to_mistake() {
    assert_eq!(markdown("any |w*| < 1 [as here]"), r"any $`\lvert w^{*}\rvert \lt 1`$ \[as here\]");
}

#[test]
fn definitions_are_displayed_on_rows_of_their_own() {
    assert_eq!(display("C ≈ q if S > 1, S → ∞"), r"C \approx q\text{ if }S \gt 1,\quad S \to \infty");
    let rows = r"\begin{gathered} C \approx q, \\ q = 1,\quad S \to \infty \end{gathered}";
    assert_eq!(display("C ≈ q, q = 1, S → ∞"), rows);
}

#[test]
fn nesting_has_a_limit() {
    let deep = 20_000;
    for (open, close) in [("(", ")"), ("[", "]"), ("[[", "], [1]]"), ("√(1/", ")"), ("√", ""), ("1/", "")] {
        let line = format!("{}S{}", open.repeat(deep), close.repeat(deep));
        assert!(display(&format!("S = {line}")).starts_with("S = "));
    }
}

/// Characters of formulas, of prose and of neither; without the `e` of 1e-3, which becomes a power of ten.
const NOTATION: &str =
    r"[a-df-zA-Z0-9 ,.:;()\[\]{}|‖/√½+−=≈≠<>≤≥≪≺≻⪯⪰→∞±×·~*'_ΛΣΓκλμσγℓ∇ĝÂ⁻¹²³ᵀ⁺₀₁ᵢⱼ\x{302}%$#&\\]{0,40}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn pieces_are_the_line(line in ".{0,40}") {
        let joined = String::from_iter(pieces(&line).iter().map(|piece| match piece {
            Piece::Prose(text) | Piece::Formula(text) => *text,
        }));
        prop_assert_eq!(joined, line);
    }

    #[test]
    fn no_symbol_of_any_formula_is_lost(line in NOTATION) {
        check(&line);
    }

    #[test]
    fn every_line_renders(line in ".{0,40}") {
        mathml(&display(&line));
        for segment in segments(&line) {
            if let Segment::Math(latex) = segment {
                mathml(&latex);
            }
        }
    }
}

#[test]
fn html_has_nothing_to_mistake() {
    let page = super::mathml("so <b> & where 0 < λ");
    assert!(page.starts_with("so <math") && page.ends_with("</math>"), "{page}");
    assert!(page.contains("<mo>&lt;</mo><mi>b</mi><mo>&gt;</mo><mi>&amp;</mi></math> where <math"), "{page}");
}
