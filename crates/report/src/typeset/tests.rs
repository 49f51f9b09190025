use std::collections::BTreeSet;
use std::fs;

use claims::{Claim, Form, file};
use proptest::prelude::*;
use registry::{closed_forms, studied};

use super::*;
use crate::root;

/// The claims of other papers.
fn of_papers() -> Vec<Claim> {
    let files = fs::read_dir(root().join("papers")).unwrap().map(|entry| entry.unwrap().path());
    Vec::from_iter(files.flat_map(|path| file::read("a paper", &fs::read_to_string(path).unwrap()).unwrap()))
}

fn all_claims() -> impl Iterator<Item = Claim> {
    closed_forms().iter().map(|claim| (*claim).clone()).chain(of_papers())
}

/// Every sentence of a claim.
fn sentences_of(claim: &Claim) -> Vec<String> {
    let Claim { hypotheses, rival, strengthened, correction, refutation, rewritten, note, proof, .. } = claim;
    let mut sentences = Vec::from_iter(note.iter().chain(proof).cloned());
    sentences.extend(hypotheses.iter().map(|hypothesis| hypothesis.statement.to_owned()));
    sentences.extend(rival.iter().map(|rival| rival.name.clone()));
    sentences.extend(strengthened.iter().flat_map(|form| [form.note.clone(), form.proof.clone()]).flatten());
    sentences.extend(correction.iter().flat_map(|form| [form.note.clone(), form.proof.clone()]).flatten());
    sentences.extend(refutation.iter().map(|refutation| refutation.because.to_string()));
    sentences.extend(rewritten.iter().map(|form| form.reason.clone()));
    sentences
}

/// Every sentence of the registry and of other papers.
fn sentences() -> BTreeSet<String> {
    let of_studies = studied().iter().flat_map(|claim| {
        let because = claim.refutation.as_ref().map(|refutation| refutation.because.to_string());
        let fixed = [Some(claim.statement), claim.correction, claim.beyond, claim.proof].into_iter().flatten();
        Vec::from_iter(fixed.map(str::to_owned).chain(because))
    });
    all_claims().flat_map(|claim| sentences_of(&claim)).chain(of_studies).collect()
}

/// The marked formulas of all sentences.
fn marked() -> BTreeSet<String> {
    let of = |sentence: &String| {
        let formula = |piece| match piece {
            Piece::Formula(text) => Some(text.to_owned()),
            Piece::Words(_) => None,
        };
        Vec::from_iter(prose::pieces(sentence).into_iter().filter_map(formula))
    };
    sentences().iter().flat_map(of).collect()
}

/// What the language of formulas has not, and the marked formulas for which it would need it.
const UNREAD: &[(&str, &[&str])] = &[
    (
        "√: roots are no part of the language",
        &[
            "2S/(S + D + 1) < λa < √(S/(D + 1))",
            "2S/(S+2) < λa < √(S/2)",
            "4√π/e² > 19/20",
            "2.1e^{z/2}/√z",
            "ln(1 + v) ≤ v/√(1 + v)",
        ],
    ),
    (
        "∇f, the gradient of a model",
        &[
            "C = (1/S)((1/N) ∑ᵢ (∇fᵢᵀΣ∇fᵢ)∇fᵢ∇fᵢᵀ − H₀ΣH₀)",
            "G₀ = (1/N) ∑ᵢ ∇fᵢ∇fᵢᵀ",
            "H₀ = (1/N) ∑ᵢ ∇fᵢ∇fᵢᵀ",
            "∇fᵢᵀΣ∇fᵢ",
            "∇fᵢ∇fᵢᵀ",
            "∇fᵢ",
        ],
    ),
    (
        "a remainder in L or |w−w*|",
        &["o(L₀)", "o(L)", "O(L)", "O(L₀^{3/2})", "O(|w−w*|)", "O(|w−w*|²)", "|L − ℓᵢ| = O(L)"],
    ),
    ("a limit of D, L₀, μ or a name", &["D → ∞", "L₀ → 0", "μ → 1", "x → 0"]),
    ("≈ without a limit", &["MΣK + KΣM ≈ (1/S)(2L₀(w*)H₀ − Γw*w*ᵀΓ)"]),
    ("∞ as a number or a mark", &["∞", "λ(S) = λ∞S/(S + S₀)", "λ∞ = 2(1+μ)"]),
    (
        "the mean of a power that is no integer, or of …",
        &["E(1 − λ(x₁² + … + x_S²)/S)⁴ ≥ 1", "E[(1 − Bτ(2 − τ))^{β/2}] = 1", "E|1 − λ(x₁² + … + x_S²)/S|^β = 1"],
    ),
    (
        "∝",
        &[
            "H₀ ∝ I",
            "Σ ∝ I",
            "Σ ∝ vvᵀ",
            "λ ∝ S",
            "p(w) ∝ (σ² + aw²)^{−(1+β)/2}",
            "p(v) ∝ (σ² + 2a|v|²)^{−(2S/(aλ) + D + 3)/4}",
        ],
    ),
    ("≫", &["N ≫ S", "S ≫ 1", "S ≫ 2x/(2 − x)", "S ≪ S₀", "S ≫ S₀"]),
    ("a commutator", &["[A, B] = 0", "[A, Γ] = 0", "[Γ, U] = 0", "[Λ, A] = 0"]),
    (
        "a function that is defined in a sentence",
        &["f(s, t) = (1−μ)(s + t) − ((1+μ²)/(1−μ²)) st + (μ/(1−μ²))(s² + t²)"],
    ),
    ("lim", &["lim cov(w_t)"]),
    ("a pair", &["(w − w*, m)", "(v, m)"]),
    (
        "a power that is a letter or a fraction",
        &[
            "Y = F(I − F)⁻²(I − Fⁿ)",
            "Fᵏv",
            "R = ∑_{k<n} (n − k)Fᵏ",
            "(φᵀΠz)^{2p}",
            "‖Π‖^{2p}",
            "‖Π‖^β",
            "|M|^β",
            "|1 − xX/S|^β",
            "|1 − Y/z|^α",
            "|1 − y/z|^α",
            "|1 − xV|^α",
            "k = |z − Y|^α",
            "(1 − t)^α ≥ 1 − αt",
            "Q^{β/2}",
            "R^{−β}",
            "(1 + 2c)^{−S/2} < 1",
            "(S/L)^{(S−1)/2}",
            "(1 + 1/(2z))^{4z}",
            "b = (19/45) q(1 + q/2)^{4/q}",
        ],
    ),
    (
        "an exponential",
        &[
            "e^{−cX}",
            "e^{−bX}",
            "e^{−s}/s",
            "e^{−t}/t",
            "r^α e^{−zr}",
            "f τ^{n/2−1} e^{(2−τ)u}",
            "T = (19/20) e^{z/2}(1 + 1/(2z))^{4z}(2z + 1)^{3/2}/(z(5z + 2))",
        ],
    ),
    (
        "an integral",
        &["J = ∫ (|1 − s/z|^α − 1) e^{−s} ds/s", "e^{−z} ∫ r^α e^{−zr} dr/(1 + r) − ∫ min(1, αt) e^{−zt} dt/t"],
    ),
    ("… in a sum", &["M = 1 − λ(x₁² + … + x_S²)/S"]),
    ("an odd power of a norm", &["vᵀH₀v‖H₀‖/(vᵀH₀²v)", "|L₀ − ℓᵢ| = 0", "|L − ℓᵢ| ≤ (N − 1)L", "|xᵢ| = 1", "‖H₀‖/hᵢ"]),
    ("a distribution", &["x ~ N(0, A)", "x ~ N(0, a)", "y ~ N(xᵀw, 1)", "η ~ N(0, B)"]),
    (
        "x̃, the features with their noise",
        &["x̃", "x̃ = x + η", "y − wᵀx̃ = (u − w)ᵀx − wᵀη", "rx̃ + Γw", "r = wᵀx̃ − y", "p = θᵀx̃"],
    ),
    (
        "ln",
        &[
            "y ln y = 1 + y",
            "ln y",
            "ln|M|",
            "ln|1 − xV|",
            "ln(x − 1) > 0",
            "ln(1 + 1/v)",
            "ln(5 + q)",
            "1 + ln 7",
            "1 + ln(5 + q)",
            "1 + ln(5 + 1/z)",
            "4 ln 4 − 5 > ½",
            "J > T − 1 − ln(5 + 1/z)",
            "b ln(τ − 1) < τ/2",
            "exp((S/x)(c ln(t − 1) − t/2))",
            "(S/x)(c ln 2c − c − ½)",
            "(S/L)(b ln 2b − b − ½)",
            "(S/L)(b ln 2b − b − ½) + ½(S − 1) ln(S/L)",
            "−½S(x − 1 − ln x + η)",
            "½c ln((1 − Lx)² + L²xη) − ½(x − 1 − ln x + η)",
            "c ln|1 − Lx|",
            "(1 − 1/(Lx²)) ln(Lx − 1) > 0",
            "2c ln(Lx − 1) = x − 1 − ln x",
            "−(aλ/(2S))(S − 1) ln(S/(aλ))/ln y",
            "d ln λ/dℓ = 1/ℓ + n(p − m)/((n − mℓ)(n − pℓ)) > 0",
        ],
    ),
    (
        "two indices",
        &[
            "Σᵢⱼ = (λ/S)(qaᵢδᵢⱼ + pᵢpⱼ)/(kᵢ + kⱼ − λkᵢkⱼ − (λ/S)aᵢaⱼ)",
            "Σᵢⱼ = (λ/S)(2L_test aᵢδᵢⱼ + γᵢw*ᵢγⱼw*ⱼ)/(kᵢ + kⱼ − λkᵢkⱼ − (λ/S)aᵢaⱼ)",
            "Σᵢⱼ = ℓᵢℓⱼ(2L₀hᵢδᵢⱼ − γᵢw*ᵢw*ⱼγⱼ)/(S f(ℓᵢkᵢ, ℓⱼkⱼ))",
        ],
    ),
];

#[test]
fn every_marked_formula_is_read_but_for_a_few() {
    let unread = BTreeSet::from_iter(marked().into_iter().filter(|formula| latex(formula).is_none()));
    let known = BTreeSet::from_iter(
        UNREAD.iter().flat_map(|(_, formulas)| formulas.iter().map(|formula| (*formula).to_owned())),
    );
    assert_eq!(unread, known);
    assert!(unread.len() * 5 < marked().len(), "{} of {}", unread.len(), marked().len());
}

/// Letters and signs that no word has.
fn is_of_notation(c: char) -> bool {
    let signs = "²³⁴⁺⁻₀₁₂₊ᵀᵢⱼ∇∑√∞→≈∝≤≥≪≫≺≻⪯⪰⊗⊕‖½ℓ=<>|";
    ('Α'..='ω').contains(&c) || signs.contains(c)
}

#[test]
fn no_formula_is_without_marks() {
    for sentence in sentences() {
        assert_eq!(sentence.matches('`').count() % 2, 0, "{sentence}");
        for piece in prose::pieces(&sentence) {
            let Piece::Words(words) = piece else { continue };
            assert!(!words.contains(is_of_notation), "{sentence}\n{words:?}");
        }
    }
}

/// MathML of a formula; panics where there is none.
fn checked(latex: &str) -> String {
    assert!(latex.is_ascii() && !latex.contains(['|', '<', '>', '`', '$']), "{latex}");
    let mathml = rendered(latex, DisplayMode::Block);
    assert!(!mathml.contains("merror") && !mathml.contains("nbsp"), "{latex}\n{mathml}");
    mathml
}

fn borrowed(rows: &[String]) -> Vec<&str> {
    Vec::from_iter(rows.iter().map(String::as_str))
}

#[test]
fn every_form_is_set_as_the_tree_that_it_is() {
    let forms = all_claims().flat_map(|claim| Vec::from_iter(claim.forms().into_iter().map(|(_, form)| form.clone())));
    for form in forms {
        let (statement, definitions) = (form.statement(), form.definitions());
        let rows = Stated { statement: &statement, definitions: &definitions }.rows();
        let [statements, definitions] = rows.unwrap_or_else(|| panic!("{}", form.written()));
        statements.iter().chain(&definitions).for_each(|row| _ = checked(row));
        let of =
            |rows: &[String]| Vec::from_iter(rows.iter().map(|row| row.replace(r"\lt ", "<").replace(r"\gt ", ">")));
        let [statements, definitions] = [&statements, &definitions].map(|rows| of(rows));
        let [statements, definitions] = [&statements, &definitions].map(|rows| borrowed(rows));
        assert_eq!(reader::text(&statements, &definitions).as_ref(), Ok(form.text()), "{}", form.written());
    }
}

#[test]
fn every_marked_formula_is_rendered() {
    marked().iter().filter_map(|formula| latex(formula)).for_each(|latex| _ = checked(&latex));
}

fn stated(form: &Form) -> String {
    Stated { statement: &form.statement(), definitions: &form.definitions() }.block()
}

#[test]
fn definitions_have_rows_of_their_own() {
    let claim = registry::claim("label-noise/fluctuation").unwrap();
    let block = stated(&claim.printed);
    let lines = Vec::from_iter(block.lines());
    assert_eq!((lines[0], lines.len(), lines[2]), ("```math", 3, "```"));
    assert_eq!(lines[1].matches(r" \\ ").count(), 2);
    assert!(lines[1].starts_with(r"\begin{gathered} \Sigma = \frac{\sigma^{2}}{S}"), "{block}");
}

#[test]
fn a_sum_over_an_index_has_it_below() {
    let block = stated(&registry::claim("label-noise/stability").unwrap().printed);
    assert!(block.contains(r"\sum_{i} ") && !block.contains("{}_"), "{block}");
}

#[test]
fn what_is_no_formula_is_code() {
    assert_eq!(markdown("`x ~ N(0, A)`, `N → ∞`"), r"`x ~ N(0, A)`, $`N \to \infty`$");
    assert_eq!(mathml("`x ~ N(0, A)` & <b>"), "<code>x ~ N(0, A)</code> &amp; &lt;b&gt;");
    assert_eq!(markdown("`|w−w*|`"), r"<code>\|w−w\*\|</code>");
    assert_eq!(Stated { statement: "f(", definitions: &[] }.block(), "```text\nf(\n```");
    assert_eq!(Stated { statement: "f(", definitions: &[] }.markdown(), "`f(`");
}

#[test]
fn words_are_no_markup() {
    assert_eq!(markdown("a_b *c* [d] <e> |f| \\"), r"a\_b \*c\* \[d\] \<e\> \|f\| \\");
}

proptest! {
    #[test]
    fn any_sentence_is_set(sentence in "[a`Σ|<&(²/ ∑ᵢ]{0,16}") {
        let [words, html] = [markdown(&sentence), mathml(&sentence)];
        prop_assert!(!words.contains("\n"));
        prop_assert!(!html.contains("<&") && !html.contains("& "), "{}", html);
    }
}
